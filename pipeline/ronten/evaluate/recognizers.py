"""Our figures against the Japanese test cases of Microsoft Recognizers-Text.

The rule of counting. A case is a text with the results that the library expects in it; the score is
recall: of the expected results, how many a figure finds. Nothing is left out but ordinals, number
ranges with an open end ("(20,35]") and, of the dates, times, time ranges and sets (毎日). A result
without a value (the word ドル) or with an impossible one (29/2/2019) counts as expected.

- A quantity is found if a figure that overlaps it has its value as `low` or `high` (within 1 %); a
  percentage also if the figure is the same fraction, as the guidelines write it (百分の二 is 0.02).
- A duration is found if a figure that overlaps it lasts as long (a month is 30 days or a twelfth of
  a year, a year 365 days).
- A date is found if a figure that overlaps it begins and ends with it, seconds aside. The library
  ends a period at the day after it, or at the first day of the last year or month named
  (2018年まで ends 2018-01-01), and begins 以降 after the period named; ours are inclusive, so both
  readings count. A part of a day (今晩) is its day, as the guidelines have it. Where the library
  names several dates, any will do.

`exact` counts those found whose span is equal as well.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from ronten.components.figures import find_figures
from ronten.types import Figure, FigureKind, Span

QUANTITIES = ("Number", "Percent", "Currency", "Dimension", "Age", "Temperature")
_LEFT_OUT = frozenset({"time", "timerange", "set"})
_MONTH = 30 * 86400
_SECONDS = {
    "second": 1,
    "minute": 60,
    "hour": 3600,
    "day": 86400,
    "week": 7 * 86400,
    "month": 365 * 86400 / 12,
    "year": 365 * 86400,
}
_INCLUSIVE = re.compile(r"(?:\[([-.\d]+)|\(),(?:([-.\d]+)\]|\))")
_DAYTIME = re.compile(r"T[A-Z]{2}$")


class Result(NamedTuple):
    """One expected result: where it stands, its type, and the library's resolution of it."""

    span: Span
    type: str
    resolution: dict[str, Any]


class Case(NamedTuple):
    """One text with its expected results; `published` is the reference time, if any."""

    text: str
    published: str | None
    results: list[Result]


class Tally(NamedTuple):
    """How many results were expected, found, and found with the very same span."""

    expected: int
    found: int
    exact: int

    def __add__(self, other: object) -> Tally:
        """Add two tallies, field by field."""
        if not isinstance(other, Tally):
            return NotImplemented
        return Tally(*(a + b for a, b in zip(self, other, strict=True)))

    @property
    def recall(self) -> float:
        """Share of the expected results that were found; 0 where none was expected."""
        return self.found / self.expected if self.expected else 0.0


def read_cases(folder: Path, model: str) -> list[Case]:
    """Return the cases of one model (`Number`, `DateTime` …), their spans made half-open."""
    cases = []
    for path in sorted(folder.glob(f"{model}Model.*jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            results = [
                Result(
                    (result["Start"], result["End"] + 1),
                    result["TypeName"].removeprefix("datetimeV2."),
                    result.get("Resolution") or {},
                )
                for result in row["Results"]
            ]
            published = row.get("Context", {}).get("ReferenceDateTime")
            cases.append(Case(row["Input"], published, [r for r in results if _counts(r)]))
    return cases


def score(cases: Sequence[Case]) -> Tally:
    """Count how many of the expected results our figures find."""
    total = Tally(0, 0, 0)
    for case in cases:
        figures = find_figures(case.text, case.published)
        for result in case.results:
            spans = [figure.span for figure in figures if _found(figure, result)]
            total += Tally(1, bool(spans), result.span in spans)
    return total


def missed(cases: Sequence[Case]) -> Iterator[tuple[str, Result, list[Figure]]]:
    """Yield text, result and all figures of the text for every result that is not found."""
    for case in cases:
        figures = find_figures(case.text, case.published)
        for result in case.results:
            if not any(_found(figure, result) for figure in figures):
                yield case.text, result, figures


def _counts(result: Result) -> bool:
    if result.type == "numberrange":
        return _INCLUSIVE.fullmatch(result.resolution["value"]) is not None
    return result.type not in _LEFT_OUT


def _found(figure: Figure, result: Result) -> bool:
    (start, end), (first, last) = figure.span, result.span
    if start >= last or first >= end:
        return False
    values = result.resolution.get("values")
    if values is None:
        return _same_number(figure, result)
    if figure.kind == FigureKind.DURATION:
        return any(_same_length(figure, value) for value in values)
    return figure.kind == FigureKind.DATE and any(_same_date(figure, value) for value in values)


def _same_number(figure: Figure, result: Result) -> bool:
    value = str(result.resolution.get("value") or "")
    wanted = _INCLUSIVE.fullmatch(value) if result.type == "numberrange" else None
    if wanted:
        pairs = zip(wanted.groups(), (figure.low, figure.high), strict=True)
        return all(_near(text, own) if text else own is None for text, own in pairs)
    own_values = [figure.low, figure.high]
    if value.endswith("%") and figure.kind == FigureKind.COUNT and figure.unit is None:
        own_values += [own * 100 for own in own_values if isinstance(own, int | float)]
    return any(_near(value.rstrip("%"), own) for own in own_values)


def _near(text: str, own: float | str | None) -> bool:
    if not text or not isinstance(own, int | float):
        return False
    value = float(text)
    return abs(value - own) <= 0.01 * max(abs(value), abs(own))


def _same_length(figure: Figure, value: dict[str, str]) -> bool:
    if value["type"] != "duration":
        return False
    worths = {_SECONDS[figure.unit or "second"], _MONTH if figure.unit == "month" else 0}
    ends = [own for own in (figure.low, figure.high) if isinstance(own, int | float)]
    return any(_near(value["value"], own * worth) for own in ends for worth in worths)


def _same_date(figure: Figure, value: dict[str, str]) -> bool:
    begin, end = value.get("start"), value.get("end")
    if value["type"] == "duration" or "not resolved" in value.values():
        return False
    if "value" in value:
        moment = _minute(value["value"])
        return all(own and _bounds(str(own))[0] == moment for own in (figure.low, figure.high))
    if _DAYTIME.search(value["timex"]) and begin and end:
        begin, end = begin[:10], end[:10]
    return _begins(figure.low, begin) and _ends(figure.high, end)


def _begins(own: float | str | None, begin: str | None) -> bool:
    if begin is None or own is None:
        return begin is own
    first, last = _bounds(str(own))
    return _minute(begin) in (first, last)


def _ends(own: float | str | None, end: str | None) -> bool:
    if end is None or own is None:
        return end is own
    first, last = _bounds(str(own))
    return _minute(end) in (first, last, last - timedelta(days=1))


def _minute(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(second=0)


def _bounds(iso: str) -> tuple[datetime, datetime]:
    """Return the first moment of a date of any precision, and the first one after it."""
    if "T" in iso:
        clock = iso if ":" in iso else f"{iso}:00"
        return (_minute(clock),) * 2
    year, month, day = (int(part) for part in f"{iso}-0-0".split("-")[:3])
    first = datetime(year, month or 1, day or 1)
    if day:
        return first, first + timedelta(days=1)
    following = date(year, month + 1, 1) if 0 < month < 12 else date(year + 1, 1, 1)
    return first, datetime(following.year, following.month, following.day)
