"""Blocks, brackets and sentences: what the characters alone can tell."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ronten.text.blocks import BlockKind, find_blocks
from ronten.text.brackets import find_brackets
from ronten.text.pieces import pieces
from ronten.text.sentences import analyze, inner_sentences

NASTY = st.text(
    alphabet=st.one_of(
        st.sampled_from(
            'あいう漢字ABC12。！？!?.「」『』（）()[]“”"、\n\r\t \u3000\x00\u2028😀か\u3099'
            "ﷺ㍿ｶﾞ１Ａ-・>#"
        ),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=200,
)


def texts(text: str) -> list[str]:
    return [text[s.start : s.end] for s in analyze(text).sentences]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("雨が降った。風も吹いた。", ["雨が降った。", "風も吹いた。"]),
        ("彼は「雨だ。風だ。」と言った。次の日。", ["彼は「雨だ。風だ。」と言った。", "次の日。"]),
        ("「雨だ。」田代氏はそう話した。", ["「雨だ。」", "田代氏はそう話した。"]),
        ("『白書（2026年版。改訂あり）』を読んだ。", ["『白書（2026年版。改訂あり）』を読んだ。"]),
        ("o1は速い。v2.5も速い。", ["o1は速い。", "v2.5も速い。"]),
        ("伸びは3.5倍だった。", ["伸びは3.5倍だった。"]),
        ("本当か！？　本当だ！", ["本当か！？", "本当だ！"]),
        ("第一文。\r\n第二文。\n\n第三文", ["第一文。", "第二文。", "第三文"]),
        ("- 箇条の文だ。\n・次の文だ。", ["箇条の文だ。", "次の文だ。"]),
        ("(補足だ。もう一つだ。)本文だ。", ["(補足だ。", "もう一つだ。", "本文だ。"]),
        ("閉じない「かっこの文。次の文。", ["閉じない「かっこの文。", "次の文。"]),
        ("値は「高い」。安くない。", ["値は「高い」。", "安くない。"]),
        ("", []),
        ("\n \u3000\r\n", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


def test_quotation_over_paragraphs_is_one_sentence() -> None:
    text = "田代氏は「一つ目だ。\n二つ目だ」と述べた。\n別の段落。"
    assert texts(text) == ["田代氏は「一つ目だ。\n二つ目だ」と述べた。", "別の段落。"]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("## 見出し", BlockKind.HEADING),
        ("■値上げの背景", BlockKind.HEADING),
        ("増産が決めた流れ", BlockKind.HEADING),
        ("- 項目が一つある。", BlockKind.BULLET),
        ("（1）項目が一つある。", BlockKind.BULLET),
        ("> 引用された文だ。", BlockKind.QUOTE),
        ("――なぜですか。", BlockKind.QUESTION),
        ("写真：新棟の外観", BlockKind.CAPTION),
        ("　字下げした段落の文だ。", BlockKind.PARAGRAPH),
        ("「引用だけの段落」", BlockKind.PARAGRAPH),
    ],
)
def test_block_kinds(line: str, kind: BlockKind) -> None:
    text = f"最初の段落の文だ。\n{line}\n最後の段落の文だ。"
    assert [block.kind for block in find_blocks(text)][1] == kind


def test_headline_of_an_article() -> None:
    blocks = find_blocks("新工場「来春に稼働」　東嶺が発表\n東嶺は9日、新工場を建てると発表した。")
    assert [block.kind for block in blocks] == [BlockKind.HEADING, BlockKind.PARAGRAPH]


def test_unbalanced_brackets_are_counted() -> None:
    found = find_brackets("「あ」い」う（え\n『お』")
    assert [(pair.start, pair.end) for pair in found.pairs] == [(0, 3), (9, 12)]
    assert list(found.unbalanced) == [4, 6]


def test_inner_sentences_drop_the_final_stop() -> None:
    text = "「一つだ。『二つ。』と書く。三つ」"
    pairs = find_brackets(text).pairs
    spans = inner_sentences(text, pairs[0].inner, pairs)
    assert [text[s:e] for s, e in spans] == ["一つだ", "『二つ。』と書く", "三つ"]


@given(NASTY)
@settings(max_examples=300, deadline=None)
def test_any_text_has_ordered_trimmed_sentences(text: str) -> None:
    structure = analyze(text)
    end = 0
    for sentence in structure.sentences:
        assert end <= sentence.start < sentence.end <= len(text)
        assert text[sentence.start : sentence.end].strip() == text[sentence.start : sentence.end]
        end = sentence.end
    covered = "".join(text[s.start : s.end] for s in structure.sentences)
    lines = (b for b in structure.blocks if b.kind != BlockKind.CODE)
    letters = "".join(text[b.start : b.end] for b in lines)
    assert sum(map(str.isalnum, covered)) >= sum(map(str.isalnum, letters))
    for pair in structure.brackets.pairs:
        assert text[pair.start] == pair.opener


@given(NASTY)
@settings(max_examples=200, deadline=None)
def test_pieces_are_the_text(text: str) -> None:
    assert "".join(pieces(text * 30)) == text * 30


@pytest.mark.parametrize(
    "text",
    [
        "あ" * 300_000,
        "「" * 60_000,
        "「あ。」\n" * 20_000,
        "（" * 30_000 + "）" * 30_000,
        "あ。" * 60_000,
    ],
    ids=["no stop", "openers", "quotes", "nested", "stops"],
)
def test_time_is_linear(text: str) -> None:
    started = time.process_time()
    analyze(text)
    assert time.process_time() - started < 5
