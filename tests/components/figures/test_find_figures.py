from __future__ import annotations

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronten.components.figures import find_figures
from ronten.gold.figure_rules import figure_problems
from timing import seconds

MIXED = "同社は昨年末、約30億円を投じて3棟を建て、今月20日に2割増の120人を雇った。"


def surfaces(text: str, **options: object) -> list[str]:
    return [text[slice(*f.span)] for f in find_figures(text, "2031-05-16", **options)]  # type: ignore[arg-type]


def test_all_figures_in_order() -> None:
    assert surfaces(MIXED) == ["昨年末", "約30億円", "3棟", "今月20日", "2割", "120人"]


def test_every_key_is_dumped_and_integers_stay_integers() -> None:
    (figure,) = find_figures("3個")
    assert figure.dump() == {
        "span": [0, 2],
        "kind": "count",
        "low": 3,
        "high": 3,
        "unit": "個",
        "modifier": None,
    }
    assert isinstance(find_figures("1.5億円")[0].low, int)


def test_the_longer_of_name_and_figure_wins() -> None:
    text = "百貨店の五十番館と2000年問題"
    assert surfaces("2000年問題", names=[(0, 7)]) == []
    assert surfaces("2000年", names=[(0, 5)]) == []
    assert surfaces("2000年3月", names=[(0, 5)]) == ["2000年3月"]
    assert surfaces(text, names=[(9, 16)]) == []


def test_two_figures_side_by_side() -> None:
    assert surfaces("5対3で可決") == ["5", "3"]
    assert surfaces("2泊3日の旅") == ["2泊", "3日"]
    assert surfaces("1都3県に出す") == ["1都", "3県"]
    assert surfaces("死者は5人、けが人は20人") == ["5人", "20人"]
    assert surfaces("9月から夜9時まで開く") == ["9月", "夜9時まで"]
    assert surfaces("1日67往復する") == ["1日", "67往復"]
    assert surfaces("一ドル三六〇円の時代") == ["一ドル", "三六〇円"]
    assert surfaces("15人のうち10人") == ["15人", "10人"]


def test_change_is_no_range() -> None:
    assert surfaces("10%から15%に上げる") == ["10%", "15%"]
    assert surfaces("7nmから5nmへ進む") == ["7nm", "5nm"]
    assert surfaces("4割から5割強に増えた") == ["4割", "5割強"]
    assert surfaces("186億円から230億円を超える見通し") == ["186億円", "230億円を超える"]


@pytest.mark.parametrize(
    "unit",
    [
        *(
            "1",
            "九",
            "万",
            "数",
            "1,",
            "1.",
            "1-",
            "・一",
            "2分の",
            "第",
            "1年",
            "1、",
            "三 ",
            "1^",
        ),
        *("いち", "じゅう", "前の", "同年", "1人に", "丸1", "5日、", "1時間1分", "春から", "半"),
    ],
)
def test_linear_time(unit: str) -> None:
    short, long = (
        seconds(partial(find_figures, unit * (size // len(unit)), "2031-05-16"), times=1)
        for size in (8_000, 32_000)
    )
    assert long < 2.6
    assert long < 12 * short + 0.1


NUMERIC = st.text(alphabet="0123456789０９一二十百千万億数半年月日時分前後つ個円割倍.,〜-約以上 \n")


@given(st.one_of(st.text(), NUMERIC), st.sampled_from([None, "2031", "2031-05-16", "x"]))
def test_spans_are_in_the_text_sorted_and_apart(text: str, published: str | None) -> None:
    end = 0
    for figure in find_figures(text, published):
        assert end <= figure.span[0] < figure.span[1] <= len(text)
        assert not list(figure_problems(figure))
        end = figure.span[1]
        if isinstance(figure.low, int | float) and isinstance(figure.high, int | float):
            assert figure.low <= figure.high
