"""Whether the values of a figure agree with each other and with its kind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime

from ronten.types import Figure, FigureKind

DURATIONS = ("year", "month", "week", "day", "hour", "minute", "second")

_CURRENCY = re.compile(r"[A-Z]{3}")
_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d(?:T\d\d(?::\d\d(?::\d\d)?)?)?)?)?")
_UNITLESS = (FigureKind.PERCENT, FigureKind.MULTIPLIER, FigureKind.DATE)


def figure_problems(figure: Figure) -> Iterator[tuple[str, str]]:
    """Find the fields of a figure that cannot be right, with what is wrong."""
    yield from _values(figure)
    yield from _unit(figure)
    yield from _modifier(figure)


def _values(figure: Figure) -> Iterator[tuple[str, str]]:
    valid = True
    for field, value in (("low", figure.low), ("high", figure.high)):
        if value is None:
            continue
        if figure.kind == FigureKind.DATE:
            if not isinstance(value, str) or not _is_date(value):
                yield field, f"{value!r} is no date; write it as in 2024, 2024-12 or 2024-12-26"
                valid = False
        elif isinstance(value, str):
            yield field, f"{value!r} is no number"
            valid = False
    low, high = figure.low, figure.high
    if low is None and high is None and figure.kind != FigureKind.DATE:
        yield "low", "low and high are both null; a figure has a value"
    if not valid or low is None or high is None:
        return
    if isinstance(low, str) and isinstance(high, str):
        size = min(len(low), len(high))  # 2024 to 2024-05 is a range that ends inside 2024
        reversed_ = low[:size] > high[:size]
    else:
        reversed_ = float(low) > float(high)
    if reversed_:
        yield "low", f"low {low} is greater than high {high}"


def _unit(figure: Figure) -> Iterator[tuple[str, str]]:
    kind, unit = figure.kind, figure.unit
    if kind in _UNITLESS:
        if unit is not None:
            yield "unit", f"'{unit}', but a {kind.value} has no unit (null)"
    elif kind == FigureKind.MONEY:
        if unit is None or not _CURRENCY.fullmatch(unit):
            yield "unit", f"{unit!r} is no ISO 4217 code such as JPY"
    elif kind == FigureKind.DURATION:
        if unit not in DURATIONS:
            yield "unit", f"{unit!r} is none of {', '.join(DURATIONS)}"
    elif kind == FigureKind.MEASURE and not unit:
        yield "unit", "a measure has the unit that the text gives"
    elif unit == "":
        yield "unit", 'empty; write null, not ""'


def _modifier(figure: Figure) -> Iterator[tuple[str, str]]:
    low, high, modifier = figure.low, figure.high, figure.modifier
    if figure.kind == FigureKind.DATE and low is None and high is None:
        return  # a relative date that cannot be resolved
    if modifier == "over" and (low is None or high is not None):
        yield "modifier", "over: the value is low, and high is null"
    elif modifier == "under" and (low is not None or high is None):
        yield "modifier", "under: the value is high, and low is null"
    elif modifier not in ("over", "under") and (low is None) != (high is None):
        yield "modifier", "one end is open: the modifier is over or under"


def _is_date(value: str) -> bool:
    if not _DATE.fullmatch(value):
        return False
    try:
        date.fromisoformat(value[:10] + "-01-01"[len(value[:10]) - 4 :])
        if "T" in value:
            datetime.fromisoformat(value)
    except ValueError:
        return False
    return True
