"""Where very long texts are cut: parts without gaps, borders that belong to no sentence."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronten.text.cuts import LIMIT, cuts
from ronten.text.sentences import analyze

PIECES = (
    "需要は堅調だ。 「 」 （ ） \n # ``` - ・ か\u3099 👨\u200d👧 、 \r\n １． ﷺ 。 ――なぜか。"
).split(" ")
NASTY = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)
PARAGRAPH = "需要は{}年も堅調だ。「供給は足りない。値も上がる」と水野葵氏は述べた。\n"


def parts(text: str, limit: int) -> list[str]:
    return [text[start:end] for start, end in cuts(text, limit)]


@given(NASTY, st.integers(2, 40))
def test_parts_have_no_gaps_and_bounded_length(text: str, limit: int) -> None:
    found = list(cuts(text, limit))
    assert [found[0][0], found[-1][1]] == [0, len(text)]
    assert all(first[1] == second[0] for first, second in pairwise(found))
    assert all(end - start <= limit for start, end in found)
    assert len(found) <= 8 * len(text) // limit + 2


@given(NASTY)
def test_a_text_within_the_limit_is_one_part(text: str) -> None:
    assert list(cuts(text)) == [(0, len(text))]
    assert len(text) < LIMIT


def test_no_sentence_is_cut() -> None:
    text = "".join(PARAGRAPH.format(year) for year in range(1990, 2030))
    whole = [(s.start, s.end, s.kind) for s in analyze(text).sentences]
    for limit in (90, 150, 400):
        found = [
            (start + s.start, start + s.end, s.kind)
            for start, end in cuts(text, limit)
            for s in analyze(text[start:end]).sentences
        ]
        assert found == whole


def test_a_heading_is_the_best_place() -> None:
    section = PARAGRAPH.format(2025) * 2
    text = f"{section}## 供給\n{section}## 価格\n{section}"
    assert [part[:5] for part in parts(text, 150)] == ["需要は20", "## 供給", "## 価格"]


def test_a_paragraph_is_better_than_a_sentence_or_a_bullet() -> None:
    text = "需要は堅調だ。" * 6 + "\n供給は足りない。\n- 値が上がる。\n- 客が減る。\n- 店が閉まる。"
    first, second = parts(text, 60)
    assert second.startswith("供給は足りない。\n- 値")
    assert first.endswith("\n")


def test_lists_and_code_stay_whole() -> None:
    items = "".join(f"- 項目{n}は要る。\n" for n in range(6))
    code = "```\n" + "print(1)\n" * 8 + "```\n"
    for block in (items, code):
        text = "需要は堅調だ。供給は足りない。\n" * 4 + block + "値が上がる。客は減る。\n" * 8
        assert any(block in part for part in parts(text, 150))
        assert len(parts(text, 150)) > 1


def test_an_open_quotation_is_not_cut() -> None:
    quotation = "「" + "需要は堅調だ。\n\n" * 6 + "供給は足りない」と水野葵氏は述べた。"
    text = "値は上がった。" * 8 + "\n" + quotation + "\n" + "客は減った。" * 8
    assert any(quotation in part for part in parts(text, 110))


def test_the_last_part_is_no_crumb() -> None:
    text = "需要は堅調だ。\n" * 13
    assert min(map(len, parts(text, 100))) >= 40


@pytest.mark.parametrize(
    ("text", "ends"),
    [("需要は堅調で、" * 60, "、"), ("「" + "需要は堅調だ。" * 60, "。"), ("あ" * 400, "あ")],
    ids=["pauses", "open bracket", "nothing"],
)
def test_a_text_without_borders_is_cut_all_the_same(text: str, ends: str) -> None:
    found = parts(text, 100)
    assert len(found) > 3
    assert all(part.endswith(ends) for part in found)


def test_what_the_reader_sees_as_one_character_stays_one() -> None:
    for letter in ("か\u3099", "👩\u200d👧"):
        assert {part[: len(letter)] for part in parts(letter * 200, 101)} == {letter}
