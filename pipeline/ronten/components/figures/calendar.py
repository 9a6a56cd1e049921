"""Calendar arithmetic on dates of limited precision: years, months, days, hours, minutes."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, timedelta
from typing import NamedTuple

_ISO = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ](\d\d):(\d\d))?)?)?")


class Moment(NamedTuple):
    """A date of the precision given: later fields are None where unknown."""

    year: int
    month: int | None = None
    day: int | None = None
    hour: int | None = None
    minute: int | None = None
    second: int | None = None

    def iso(self) -> str:
        """Return the ISO 8601 string of this precision (2024, 2024-12, 2024-12-26T15)."""
        out = f"{self.year:04d}"
        if self.month is not None:
            out += f"-{self.month:02d}"
        if self.day is not None:
            out += f"-{self.day:02d}"
        if self.hour is not None:
            out += f"T{self.hour:02d}"
        if self.minute is not None:
            out += f":{self.minute:02d}"
        if self.second is not None:
            out += f":{self.second:02d}"
        return out

    def date(self) -> date | None:
        """Return the day as `datetime.date`; None where month or day is unknown."""
        if self.month is None or self.day is None:
            return None
        return date(self.year, self.month, self.day)


def parse_published(published: str | None) -> Moment | None:
    """Return the article's date, or None where it is unknown or malformed."""
    match = _ISO.match(published or "")
    if match is None:
        return None
    fields = [int(field) if field else None for field in match.groups()]
    moment = Moment(fields[0] or 0, *fields[1:])
    return moment if exists(moment) else Moment(moment.year) if moment.year else None


def exists(moment: Moment) -> bool:
    """Tell whether the date is on the calendar."""
    year, month, day, hour, minute, _ = moment
    if not 1 <= year <= 9999 or (month is not None and not 1 <= month <= 12):
        return False
    if day is not None and (month is None or not 1 <= day <= monthrange(year, month)[1]):
        return False
    return (hour is None or 0 <= hour <= 24) and (minute is None or 0 <= minute <= 59)


def on(day: date) -> Moment:
    """Return a day as Moment."""
    return Moment(day.year, day.month, day.day)


def add_months(year: int, month: int, count: int) -> Moment:
    """Return the month `count` months away."""
    years, rest = divmod(month - 1 + count, 12)
    return Moment(year + years, rest + 1)


def month_days(year: int, month: int, first: int, last: int | None = None) -> tuple[Moment, Moment]:
    """Return two days of a month; `last` None is its end."""
    return Moment(year, month, first), Moment(year, month, last or monthrange(year, month)[1])


def months(year: int, first: int, count: int) -> tuple[Moment, Moment]:
    """Return the first and last of `count` months from month `first` (may pass the year's end)."""
    return add_months(year, first, 0), add_months(year, first, count - 1)


def month_span(year: int, first: int, count: int) -> tuple[Moment, Moment]:
    """Return first and last day of `count` months from month `first` (may pass the year's end)."""
    low, high = months(year, first, count)
    end = monthrange(high.year, high.month or 1)[1]
    return low._replace(day=1), high._replace(day=end)


def week_of(day: date, weeks: int) -> date:
    """Return the Monday of the week `weeks` after the week of `day`."""
    return day - timedelta(days=day.weekday()) + timedelta(weeks=weeks)


def shifted(now: Moment, unit: str, count: float) -> Moment | None:
    """Return `now` moved by `count` units, in the precision of the unit; None where unknown."""
    if abs(count) > 100_000:
        return None
    today = now.date()
    if unit == "year":
        year = now.year + int(count)
        return Moment(year) if 1 <= year <= 9999 else None
    if unit == "month":
        moved = None if now.month is None else add_months(now.year, now.month, int(count))
        return moved if moved and 1 <= moved.year <= 9999 else None
    try:
        if unit in ("day", "week"):
            step = timedelta(days=count * (7 if unit == "week" else 1))
            return None if today is None else on(today + step)
        if today is None or now.hour is None:
            return None
        step = timedelta(**{f"{unit}s": count})
        at = datetime(today.year, today.month, today.day, now.hour, now.minute or 0) + step
    except OverflowError:
        return None
    return Moment(at.year, at.month, at.day, at.hour, at.minute)
