"""Which days a date means, seen from the article's own."""

from __future__ import annotations

from calendar import Calendar
from datetime import date, timedelta

from .calendar import (
    Moment,
    add_months,
    exists,
    month_days,
    month_span,
    months,
    on,
    week_of,
)
from .said import Said

_DAYS: dict[str, tuple[int, int | None]] = {
    "上旬": (1, 10), "初旬": (1, 10), "中旬": (11, 20), "下旬": (21, None),
    "前半": (1, 15), "後半": (16, None),
}  # fmt: skip
SEASONS = {"春": (3, 3), "夏": (6, 3), "秋": (9, 3), "冬": (12, 3)}


def resolve(
    said: Said, now: Moment | None, after: tuple[Moment, Moment] | None = None
) -> tuple[Moment, Moment] | None:
    """Return first and last moment of what was said, or None where `now` is missing."""
    year = said.year
    if said.year_offset is not None:
        if now is None:
            return None
        year = now.year + said.year_offset
        if said.form.startswith("fiscal") and now.month is not None and now.month < 4:
            year -= 1
    if said.month_offset is not None:
        if now is None or now.month is None:
            return None
        base = add_months(now.year, now.month, said.month_offset)
        return _within_month(said, base.year, base.month or 1)
    if said.day_offset is not None or said.week_offset is not None:
        return _near(said, now)
    if year is None and said.form in SEASONS:
        year = _year_of(said, now, after)
        return None if year is None else months(year, *SEASONS[said.form])
    if year is None and said.month is None and said.day is None:
        return _weekday(said, now)
    if year is not None and said.month is None:
        return _of_year(said, year)
    if said.month is not None:
        if year is None:
            year = _year_of(said, now, after)
        if year is None:
            return None
        return _months_of(said, year, said.month)
    return _day_of(said, now)


def _of_year(said: Said, year: int) -> tuple[Moment, Moment] | None:
    form, number = said.form, said.number
    if form == "week":
        return _iso_week(year, number)
    if form == "fiscal":
        return month_span(year, 4, 12)
    if form == "fiscal quarter":
        return month_span(year, 4 + 3 * (number - 1), 3)
    if form == "fiscal half":
        return month_span(year, 4 + 6 * (number - 1), 6)
    if form == "quarter":
        return months(year, 1 + 3 * (number - 1), 3)
    if form == "half":
        return months(year, 1 + 6 * (number - 1), 6)
    if form == "decade":
        return Moment(year + (5 if number == 2 else 0)), Moment(year + (4 if number == 1 else 9))
    if form in SEASONS:
        return months(year, *SEASONS[form])
    return Moment(year), Moment(year)


def _iso_week(year: int, number: int) -> tuple[Moment, Moment] | None:
    last = date(year, 12, 28).isocalendar().week
    if number > last:
        return None
    monday = date.fromisocalendar(year, last if number < 0 else number, 1)
    return on(monday), on(monday + timedelta(days=6))


def _months_of(said: Said, year: int, month: int) -> tuple[Moment, Moment] | None:
    if said.form == "months":
        return months(year, month, said.number)
    if said.form == "term":  # a business year that ends in this month
        start = add_months(year, month, -11)
        return month_span(start.year, start.month or 1, 12)
    return _within_month(said, year, month)


def _within_month(said: Said, year: int, month: int) -> tuple[Moment, Moment] | None:
    if said.form in ("nth", "week"):
        return _nth_of_month(said, year, month)
    if said.form in _DAYS:
        return month_days(year, month, *_DAYS[said.form])
    if said.day is None:
        return Moment(year, month), Moment(year, month)
    day = Moment(year, month, said.day)
    if not exists(day):
        return None
    if said.form == "days":
        last_day = day._replace(day=said.number)
        return (day, last_day) if exists(last_day) else None
    return _timed(day, said)


def _nth_of_month(said: Said, year: int, month: int) -> tuple[Moment, Moment] | None:
    """Return the nth weekday of a month, or the week of its nth Monday (-1 is the last)."""
    weekday = said.weekday or 0
    days = [day for day in Calendar().itermonthdates(year, month) if day.month == month]
    days = [day for day in days if day.weekday() == weekday]
    if said.number > len(days) or not said.number:
        return None
    day = days[said.number - 1 if said.number > 0 else -1]
    return _timed(on(day), said) if said.form == "nth" else (on(day), on(day + timedelta(days=6)))


def _timed(day: Moment, said: Said) -> tuple[Moment, Moment]:
    if said.hour is None:
        return day, day
    first = day._replace(hour=said.hour, minute=said.minute, second=said.second)
    return first, day._replace(hour=said.number) if said.form == "hours" else first


def _near(said: Said, now: Moment | None) -> tuple[Moment, Moment] | None:
    today = now.date() if now else None
    if today is None:
        return None
    if said.day_offset is not None:
        return _timed(on(today + timedelta(days=said.day_offset)), said)
    monday = week_of(today, said.week_offset or 0)
    if said.weekday is not None:
        return _timed(on(monday + timedelta(days=said.weekday)), said)
    first = monday + timedelta(days=5 if said.form == "weekend" else 0)
    return on(first), on(monday + timedelta(days=6))


def _weekday(said: Said, now: Moment | None) -> tuple[Moment, Moment] | None:
    """Return the last such weekday up to `now`; a time alone is no day."""
    today = now.date() if now else None
    if today is None or said.weekday is None:
        return None
    day = today - timedelta(days=(today.weekday() - said.weekday) % 7)
    return _timed(on(day), said)


def _year_of(said: Said, now: Moment | None, after: tuple[Moment, Moment] | None) -> int | None:
    """Return the year meant by a month without one: the article's, unless that is far away."""
    month = said.month or SEASONS.get(said.form, (1, 0))[0]
    if after is not None:
        return after[0].year + (1 if (after[0].month or 1) > month else 0)
    if now is None:
        return None
    if now.month is None:
        return now.year
    ahead = month - now.month
    if said.form == "term":
        return now.year if ahead >= 0 else now.year + 1
    if ahead > 6:
        return now.year - 1
    return now.year + 1 if ahead < -7 else now.year


def _day_of(said: Said, now: Moment | None) -> tuple[Moment, Moment] | None:
    """Return the day of the month meant: this month's, unless that is most of a month away."""
    if now is None or now.month is None or said.day is None:
        return None
    choices = [add_months(now.year, now.month, step) for step in (0, -1, 1)]
    if now.day is None:
        choices = choices[:1]
    best: tuple[Moment, Moment] | None = None
    for choice in choices:
        span = _within_month(said, choice.year, choice.month or 1)
        if span is None:
            continue
        day, today = span[0].date(), now.date()
        if today is None or (day is not None and abs((day - today).days) <= 20):
            return span
        best = best or span
    return best


def inherit(said: Said, first: Said) -> Said:
    """Give the end of a range the year and month that its beginning has named."""
    if said.year is None and said.year_offset is None and said.month_offset is None:
        if said.month is not None:
            return said._replace(year=first.year, year_offset=first.year_offset)
        if said.day is not None:
            return said._replace(
                year=first.year,
                year_offset=first.year_offset,
                month=first.month,
                month_offset=first.month_offset,
            )
        if said.hour is not None and said.weekday is None and said.day_offset is None:
            hour = said.hour
            if first.hour is not None and hour <= first.hour and hour < 12 < hour + 12 > first.hour:
                hour += 12
            return first._replace(hour=hour, minute=said.minute, second=said.second)
    return said


def last_quarter(number: int, now: Moment | None) -> tuple[Moment, Moment] | None:
    """Return the latest such quarter of a business year (from April) that has begun by `now`."""
    if now is None or now.month is None:
        return None
    start = add_months(now.year, 4, 3 * (number - 1))
    if (start.year, start.month or 1) > (now.year, now.month):
        start = start._replace(year=start.year - 1)
    return month_span(start.year, start.month or 1, 3)
