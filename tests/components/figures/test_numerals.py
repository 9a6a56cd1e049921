from __future__ import annotations

import pytest

from ronten.components.figures.numerals import read_number, run_end, whole
from ronten.components.figures.view import plain

VALUES = [
    ("7", 7, 7),
    ("1,234,567", 1234567, 1234567),
    ("１２．５", 12.5, 12.5),
    ("3.75万", 37500, 37500),
    ("1億2千万", 120_000_000, 120_000_000),
    ("2兆3,400億", 2_340_000_000_000, 2_340_000_000_000),
    ("5千2百36", 5236, 5236),
    ("二十万", 200_000, 200_000),
    ("二〇二五", 2025, 2025),
    ("一万五千億", 1_500_000_000_000, 1_500_000_000_000),
    ("四千零四", 4004, 4004),
    ("百三", 103, 103),
    ("三・一四", 3.14, 3.14),
    ("八点五", 8.5, 8.5),
    ("数百万", 1_000_000, 9_999_999),
    ("数十億", 1_000_000_000, 9_999_999_999),
    ("数10", 10, 99),
    ("十数", 11, 19),
    ("百数十", 110, 199),
    ("二十数", 21, 29),
    ("数", 1, 9),
    ("2e3", 2000, 2000),
]


@pytest.mark.parametrize(("text", "low", "high"), VALUES)
def test_value(text: str, low: float, high: float) -> None:
    number = read_number(plain(text), 0)
    assert number is not None
    assert number.end == len(text)
    assert (float(number.low), float(number.high)) == (low, high)


@pytest.mark.parametrize(
    ("text", "end"),
    [("3,4", 1), ("12,3456", 2), ("五十年", 2), ("10億5", 4), ("2万万", 2), ("1.2.3", 3)],
)
def test_end(text: str, end: int) -> None:
    number = read_number(text, 0)
    assert number is not None
    assert number.end == end


@pytest.mark.parametrize("text", ["", "万", "億円", "個", "1" * 40, "九" * 40])
def test_none(text: str) -> None:
    assert read_number(text, 0) is None


def test_whole_wants_all_of_the_text() -> None:
    assert whole("三十一") == 31
    assert whole("2025") == 2025
    assert whole("三十一日") is None
    assert whole("1.5") is None
    assert whole("数十") is None


def test_run_end_passes_a_whole_run() -> None:
    assert run_end("12,345円", 0) == 6
    assert run_end("九九八十一の", 0) == 5
    assert run_end("円", 0) == 1
