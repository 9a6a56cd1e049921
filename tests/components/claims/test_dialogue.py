"""Turns of interviews, minutes and pages of questions: who speaks in which block."""

import pytest

from ronten.components.claims.dialogue import find_turns
from ronten.text.sentences import analyze


def _turns(text, *names):
    """Speaker ("-" for a bare answer, "?" for who asks) and words of every block that is a turn."""
    sentences = analyze(text).sentences
    spans = [(text.index(name), text.index(name) + len(name)) for name in names]
    ends = {sentence.block: sentence.end for sentence in sentences}
    shown = []
    for block, turn in find_turns(text, sentences, spans).items():
        who = "?" if turn.asks else text[slice(*turn.label)] if turn.label else "-"
        shown.append((who, text[turn.start : ends[block]]))
    return shown


@pytest.mark.parametrize(
    ("lines", "names", "expected"),
    [
        pytest.param(
            ["院長の生駒多恵子さんに聞いた。", "須田　薬は同じですか。", "院長　同じものもある。",
             "須田　飲み始めは。", "院長　二週間前です。"],
            ["生駒多恵子"],
            ["須田", "院長", "須田", "院長"],
            id="labels that come back",
        ),
        pytest.param(
            ["会見者：糸永朔知事",
             "（灘北新報）売却の報道について伺います。",
             "（知事）事実はない。",
             "（灘北新報）断言できますか。", "（知事）断言はしない。"],
            ["糸永朔"],
            ["?", "知事", "?", "知事"],
            id="labels in brackets",
        ),
        pytest.param(
            ["監督のイルゼ・モーレンに話を聞いた。", "――着想は。", "祖母の家の屋根裏です。",
             "――次回作は。", "日本で撮りたい。", "別れ際、監督は布袋を出した。"],
            ["イルゼ・モーレン"],
            ["-", "-"],
            id="answers without labels, and a last line of the writer's",
        ),
        pytest.param(
            ["今回は栂野ひろ学芸員がお答えします。", "Q　恐竜は本物ですか。", "A　複製です。",
             "Q　写真は撮れますか。", "A　どうぞ。", "質問は館内で受け付けています。"],
            ["栂野ひろ"],
            ["-", "-"],
            id="questions and answers, each in one block",
        ),
        pytest.param(
            ["尾花鉄平社長が説明した。", "【主な質疑】", "Q：値崩れしないか。", "A：しない。",
             "Q：原料は。", "A：四カ月分ある。", "【市場】", "株価は下がった。"],
            ["尾花鉄平"],
            ["-", "-"],
            id="questions behind a talk",
        ),
        pytest.param(
            ["尾花鉄平さんとダリヤ・ペトロワさんに聞いた。",
             "尾花：保守切れです。",
             "ペトロワ：私も同じです。",
             "尾花：2割安い。"],
            ["尾花鉄平", "ダリヤ・ペトロワ"],
            ["尾花", "ペトロワ", "尾花"],
            id="surnames of full names",
        ),
    ],
)  # fmt: skip
def test_turns(lines, names, expected):
    assert [who for who, _ in _turns("\n".join(lines), *names)] == expected


def test_what_marks_an_answer_names_nobody():
    text = (
        "学芸員の栂野ひろさんに聞いた。\nQ　本物ですか。\nA　複製です。\nQ　写真は。\nA　どうぞ。"
    )
    turns = find_turns(text, analyze(text).sentences, [(4, 8)]).values()
    marks = [(turn.label, text[slice(*turn.mark)]) for turn in turns if turn.mark]
    assert marks == [(None, "A"), (None, "A")]


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        pytest.param(
            ["料金についてお答えします。",
             "問１　なぜ値上げするのですか。",
             "答　管が古いためです。",
             "問２　いつからですか。", "答　４月からです。"],
            [],
            id="an office answers for itself",
        ),
        pytest.param(
            ["佐伯直人さんに聞いた。",
             "――反響は。",
             "「鳴りっぱなしでした」",
             "――今後は。",
             "「続けます」"],
            ["佐伯直人"],
            id="answers in quotation marks",
        ),
        pytest.param(
            ["日時：５月１日",
             "場所：公民館",
             "講師：佐伯直人さん",
             "定員：４０人"], ["佐伯直人"],
            id="a notice",
        ),
        pytest.param(
            ["（目的）効果を見る。",
             "（方法）住民を調べた。",
             "（結果）高かった。",
             "（結論）効く。"],
            [],
            id="parts of a paper",
        ),
        pytest.param(
            ["現行　開館は九時とする。", "改正案　開館は十時とする。"] * 2, [], id="two versions"
        ),
        pytest.param(
            ["（株）青葉は増益だ。", "（有）丸山は減益だ。"] * 2, [], id="legal forms"
        ),
        pytest.param(
            ["森鴎外の小説を読み返した。",
             "――人は死ぬ。",
             "この一文が残った。",
             "――それでも生きる。",
             "筆は冷たい。"],
            ["森鴎外"],
            id="quoted lines that ask nothing",
        ),
        pytest.param(
            ["佐伯直人社長が決算を語った。",
             "Q1 売上高は増えた。",
             "新製品が出た。",
             "Q2 売上高は減った。",
             "為替が響いた。"],
            ["佐伯直人"],
            id="quarters",
        ),
        pytest.param(
            ["（1）需要は増えた。",
             "（2）供給は減った。",
             "（1）に戻る。",
             "（2）も見る。"], [], id="numbers",
        ),
    ],
)  # fmt: skip
def test_what_is_no_dialogue(lines, names):
    assert _turns("\n".join(lines), *names) == []
