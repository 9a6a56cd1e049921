"""Figures against Recognizers-Text: the rule of counting, and the bars."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ronten.evaluate.recognizers import QUANTITIES, Tally, missed, read_cases, score

CASES = Path(__file__).parents[3] / "shared" / "data" / "recognizers_ja"


def case(folder: Path, model: str, text: str, surface: str, kind: str, resolution: Any) -> Tally:
    """Score one invented case."""
    start = text.index(surface)
    result = {
        "Text": surface,
        "Start": start,
        "End": start + len(surface) - 1,
        "TypeName": kind,
        "Resolution": resolution,
    }
    row = {
        "Input": text,
        "Context": {"ReferenceDateTime": "2031-05-16T00:00:00"},
        "Results": [result],
    }
    path = folder / f"{model}Model.dev.jsonl"
    path.write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
    return score(read_cases(folder, model))


@pytest.mark.parametrize(
    ("surface", "kind", "resolution", "expected"),
    [
        ("30個", "number", {"value": "30"}, (1, 1, 1)),
        ("30", "number", {"value": "30"}, (1, 1, 0)),
        ("30", "number", {"value": "31"}, (1, 0, 0)),
        ("30個", "numberrange", {"value": "[30,)"}, (1, 0, 0)),
        ("30個", "numberrange", {"value": "(30,)"}, (0, 0, 0)),
        ("30個", "percentage", {"value": "3000%"}, (1, 0, 0)),
    ],
)
def test_quantities(
    tmp_path: Path, surface: str, kind: str, resolution: Any, expected: tuple[int, int, int]
) -> None:
    assert case(tmp_path, "Number", "箱が30個ある。", surface, kind, resolution) == expected


def values(**value: str) -> dict[str, Any]:
    return {"values": [{"type": "date", "timex": "", **value}]}


@pytest.mark.parametrize(
    ("text", "surface", "resolution", "found"),
    [
        ("5月3日に着く。", "5月3日", values(value="2031-05-03"), True),
        ("5月3日に着く。", "5月3日", values(value="2031-05-04"), False),
        ("5月に着く。", "5月", values(start="2031-05-01", end="2031-06-01"), True),
        ("5月に着く。", "5月", values(start="2031-05-01", end="2031-05-16"), False),
        ("2030年以降に着く。", "2030年以降", values(start="2031-01-01"), True),
        ("2030年以降に着く。", "2030年以降", values(start="2032-01-01"), False),
        ("3日間続く。", "3日間", values(type="duration", value="259200"), True),
        ("3日間続く。", "3日間", values(start="2031-05-16", end="2031-05-19"), False),
        (
            "今晩着く。",
            "今晩",
            values(timex="2031-05-16TEV", start="2031-05-16 16:00:00", end="2031-05-16 20:00:00"),
            True,
        ),
    ],
)
def test_dates(tmp_path: Path, text: str, surface: str, resolution: Any, found: bool) -> None:
    assert case(tmp_path, "DateTime", text, surface, "datetimeV2.date", resolution).found == found


def test_times_and_sets_are_left_out(tmp_path: Path) -> None:
    tally = case(tmp_path, "DateTime", "毎日走る。", "毎日", "datetimeV2.set", values(value="x"))
    assert tally == (0, 0, 0)
    assert tally.recall == 0


@pytest.mark.skipif(not CASES.is_dir(), reason="the test cases of Recognizers-Text are not here")
def test_bars() -> None:
    quantities = Tally(0, 0, 0)
    for model in QUANTITIES:
        quantities += score(read_cases(CASES, model))
    dates = read_cases(CASES, "DateTime")
    assert quantities.expected > 600
    assert quantities.recall >= 0.88
    assert score(dates).recall >= 0.70
    tally = score(dates)
    assert len(list(missed(dates))) == tally.expected - tally.found
