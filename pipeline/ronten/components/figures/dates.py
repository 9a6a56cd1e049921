"""Dates and times: the longest one at a place, with its first and last moment."""

from __future__ import annotations

import re

from ronten.types import FigureKind

from .calendar import (
    Moment,
    add_months,
    exists,
    month_span,
    months,
    on,
    parse_published,
    shifted,
    week_of,
)
from .numerals import whole
from .resolution import SEASONS, inherit, last_quarter, resolve
from .said import EDGE, HALF_YEAR, NOTHING, NUMBER, QUARTER, SEASON, TIME, WEEKDAY, Said, read_said
from .view import Found, Modifier, Seen

_ISO_DATE = re.compile(
    r"(?P<y>[12][0-9]{3})(?P<s>[-/.])(?P<m>0?[1-9]|1[0-2])(?P=s)(?P<d>[0-2]?[0-9]|3[01])(?![0-9]|[-/.][0-9]{1,2}(?![0-9]))"
)
_CENTURY = re.compile(rf"(?P<c>{NUMBER})世紀(?!以上|近く|余|ぶり|にわた|に渡|もの|半(?!ば))")
_ERA_EDGE = re.compile(
    r"(?P<era>明治|大正|昭和|平成)(?:の?(?P<first>初期|初め|初頭)|の?(?:末期?|終わり))(?![一-鿿])"
)
_ERA_YEARS = {
    "明治": (1868, 1912),
    "大正": (1912, 1926),
    "昭和": (1926, 1989),
    "平成": (1989, 2019),
}
_BARE_DECADES = re.compile(
    r"(?P<a>[12][0-9]{3})年?代?[ ]?[~-][ ]?(?P<b>[0-9]{4}|[0-9]{2})年(?P<s>代|度|)(?!間)"
)
_YEAR_EDGE = re.compile(
    r"(?<![同当毎各])(?:(?P<e>年末|年初|年明け|年内|年度[末内]|年央)|(?P<m>月末|月初|月内)|(?P<n>元日|元旦|大みそか|大晦日))"
)
_PARTS = re.compile(
    r"(?P<week>週初め?|週明け)(?!め)|(?<![一-鿿0-9])(?P<half>[上下]半?期)(?=[にはのをがも]|から|まで)"
)
_ABOUT = re.compile(r"の?(?:ごろ|頃|ころ)|前後")
_OR_IT = r"(?:(?:または|又は|もしくは|及び|および)[そ](?:の|れ))?"
_SINCE = re.compile(
    rf"{_OR_IT}(?:以降|以来|以後)|(?:または|又は|もしくは|及び|および)その後|の?後(?=に|の|から|[、。])"
)
_UNTIL = re.compile(
    rf"{_OR_IT}以前|まで(?!も)|(?<=[0-9一二三四五六七八九十][時分])前(?![後日])|(?:または|又は|もしくは|及び|および)その前|の?前(?=に|の|、)"
)
_TO = re.compile(r"(?:から|[ ]?~[ ]?|[ ]?-[ ]?)")
_CLOSE = re.compile(r"まで|の間|にかけ|にわた|に渡")
_POINTER = re.compile(r"(?P<word>同年|翌年|前年|同月)(?![度比])")
_SHORT_YEAR = re.compile(
    r"(?<![一-鿿0-9.,約])(?P<n>[0-9]{2})年(?=[のにはもと、。])"
    r"(?!に(?:[0-9一]+[度回]|わた|渡|及|延|短|な[るっり])"
    r"|の(?:歴史|経験|間|実績|節目|任期|契約|計画|月日|歳月|付き合|生涯|人生|刑|差|猶予|寿命|キャリア|蓄積))"
)
_HEADED = re.compile(r"[の一-鿿]")
_REPEATED = re.compile(r"(?P<word>この年|その年|毎年|例年|毎月)の?$")
_SAME_PERIOD = re.compile(r"前年(?:(?P<month>同月|の同じ月)|同期|の同じ(?:時期|期間))(?![比末])")
_QUARTER_BEFORE = re.compile(r"前の?四半期(?!報|ごと|末?比)")
_DAILY = re.compile(r"(?:毎[日朝晩夜週月年]|連日|平日|休日|曜日?)[はのに、]?$")
_MOVED = re.compile(r"へ|に(?:延|変|改|先送|繰|前倒|ず)")
_AGO = re.compile(
    r"も?(?P<x>以上|ほど|ぐらい|くらい|近く|余り)?(?P<d>まえ|前(?![後年期半倒日月週回線例述者身提途])|後(?![半期者退続日任輩方継援悔])|先(?=の|に|を|ま|、))"
)


def read_date(view: str, pos: int, now: Moment | None, seen: Seen) -> Found | None:
    """Read the longest date or time at `pos`; unresolved ones have null values.

    `seen` are the dates before it in the text: 同年9月 is in the year of the last one.
    """
    if view[pos] in "前次" and _HEADED.match(view[pos - 1 : pos]):
        return None
    special = _special(view, pos, now) or _pointed(view, pos, seen)
    if special:
        return special
    last = seen.last
    read = read_said(view, pos) or _short_year(view, pos, last)
    if read is None:
        return None
    said, end = read
    if said.year is None and (repeated := _REPEATED.search(view[max(0, pos - 4) : pos])):
        said, now = _lean(said, repeated["word"], last), None
    if view[pos] == "前" and last and (base := parse_published(last)):
        now = base if base.day or said.day_offset is None else now
    timeless = said._replace(hour=None, minute=None, second=None, form="", number=0) == NOTHING
    day = parse_published(seen.day) if timeless and said.hour is not None else None
    if day and day.day and not _DAILY.search(view[max(0, pos - 4) : pos]):
        said = said._replace(year=day.year, month=day.month, day=day.day)
    span = resolve(said, now)
    sep = _TO.match(view, end)
    if sep:
        other = read_said(view, sep.end())
        if (
            other
            and (not sep.group().startswith("か") or _closed(view, said, other))
            and (other[0].hour is None or said.hour is not None or said.month is None)
        ):
            if said.year is None and said.month and other[0].year and other[0].month:
                first = other[0].year - (said.month > other[0].month)
                span = resolve(said._replace(year=first), now)
            close = resolve(inherit(other[0], said), now, span)
            if span and close and close[1].iso() >= span[0].iso()[: len(close[1].iso())]:
                stop = other[1] + (2 if view.startswith("まで", other[1]) else 0)
                return _found(pos, stop, (span[0], close[1]), None)
            if span is None and close is None and said.hour is not None:
                stop = other[1] + (2 if view.startswith("まで", other[1]) else 0)
                return _found(pos, stop, None, None)
    return _qualified(view, pos, end, span, said.about)


def _short_year(view: str, pos: int, last: str | None) -> tuple[Said, int] | None:
    """Read 24年 as a year where a date of about that year stands before it."""
    match = _SHORT_YEAR.match(view, pos) if last else None
    if match is None or last is None or abs(int(last[:4]) - 2000 - int(match["n"])) > 5:
        return None
    return Said(year=2000 + int(match["n"])), match.end()


def _pointed(view: str, pos: int, seen: Seen) -> Found | None:
    """Read 同年6月, 翌年春 and 前年同期, which point to the dates before."""
    if match := _SAME_PERIOD.match(view, pos):
        return _found(pos, match.end(), _year_before(seen, match["month"] is not None), None)
    if match := _QUARTER_BEFORE.match(view, pos):
        return _found(pos, match.end(), _quarter_before(seen), None)
    last = seen.last
    pointer = _POINTER.match(view, pos)
    if pointer is None:
        return None
    if season := SEASON.match(view, pointer.end()):
        said = _lean(Said(form=season["s"]), pointer["word"], last)
        return _qualified(view, pos, season.end(), resolve(said, None), False)
    read = read_said(view, pointer.end())
    if read is None or read[0].year is not None or read[0].year_offset is not None:
        return None
    said, end = read
    if said.month is None and pointer["word"] != "同月":
        return None
    return _qualified(view, pos, end, resolve(_lean(said, pointer["word"], last), None), said.about)


def _year_before(seen: Seen, month: bool) -> tuple[Moment, Moment] | None:
    """Return the months a year before the last period (or month) of the text."""
    ends = (seen.last, seen.last) if month else seen.period or (None, None)
    moments = [parse_published(end) for end in ends]
    if not all(moment and moment.month for moment in moments):
        return None
    first, last = (Moment(m.year - 1, m.month) for m in moments if m)
    return first, last


def _quarter_before(seen: Seen) -> tuple[Moment, Moment] | None:
    """Return the three months before the last period of the text, if that is a quarter."""
    first, last = (parse_published(end) for end in seen.period or (None, None))
    if not (first and last and first.month and last.month):
        return None
    if months(first.year, first.month, 3)[1] != last:
        return None
    return add_months(first.year, first.month, -3), add_months(first.year, first.month, -1)


def _lean(said: Said, word: str, last: str | None) -> Said:
    """Give a date the year (and month) of the one that 同年, 翌年, 同月 point to; 毎年 has none."""
    if last is None or word[0] in "毎例":
        return said
    year = int(last[:4]) + {"翌年": 1, "前年": -1}.get(word, 0)
    if word == "同月":
        month = int(last[5:7]) if len(last) > 4 else None
        return said._replace(year=year, month=month) if month and said.month is None else said
    dated = said.month is not None or said.form in SEASONS
    return said._replace(year=year) if dated else said


def _closed(view: str, first: Said, last: tuple[Said, int]) -> bool:
    """Tell whether から opens a range that the second date closes."""
    if _CLOSE.match(view, last[1]):
        return True
    years = first.year is not None and last[0].year is not None
    hours = first.hour is not None and last[0].hour is not None
    return (years or hours) and not _MOVED.match(view, last[1])


def relative(view: str, found: Found, now: Moment | None) -> Found:
    """Turn a duration with 前 or 後 behind it into a date (数週間前, 3年後)."""
    match = _AGO.match(view, found.end)
    if match is None or found.unit is None or "齢" in view[found.start : found.end]:
        return found
    back = match.group("d") in ("前", "まえ")
    if found.unit in ("hour", "minute", "second") and not back and _anchored(view, found.start):
        return found
    near, far = found.low, found.high
    near = far if near is None else near
    far = near if far is None else far
    if not isinstance(near, (int, float)) or not isinstance(far, (int, float)):
        return found
    span = None
    if now is not None and view[found.start - 1 : found.start] != "の":
        sign = -1 if back else 1
        ends = [shifted(now, found.unit, sign * count) for count in (near, far)]
        if ends[0] and ends[1]:
            span = (min(ends[0], ends[1]), max(ends[0], ends[1]))
    modifier: Modifier | None = "about" if found.modifier or match.group("x") else None
    if found.modifier == "over" or match.group("x") == "以上":  # 3年以上前: no later than that
        modifier = "under" if back else "over"
    if found.unit == "year" and (season := SEASON.match(view, match.end())):
        if span and modifier is None:
            span = resolve(Said(year=span[0].year, form=season["s"]), None)
        return _qualified(view, found.start, season.end(), span, False)
    if modifier is None and view.startswith("まで", match.end()):
        return _qualified(view, found.start, match.end(), span, False)
    return _found(found.start, match.end(), span, modifier)


def _anchored(view: str, start: int) -> bool:
    """Tell whether a span of time is counted from something in the text (崩落の40分後)."""
    return view[max(0, start - 2) : start].endswith(("の", "から"))


def _found(
    start: int, end: int, span: tuple[Moment, Moment] | None, modifier: Modifier | None
) -> Found:
    low = high = None
    if span:
        low = None if modifier == "under" else span[0].iso()
        high = None if modifier == "over" else span[1].iso()
    return Found(start, end, FigureKind.DATE, low, high, None, modifier)


def _qualified(
    view: str, pos: int, end: int, span: tuple[Moment, Moment] | None, about: bool
) -> Found:
    modifier: Modifier | None = "about" if about else None
    if match := _ABOUT.match(view, end):
        end, modifier = match.end(), "about"
    if match := _SINCE.match(view, end):
        end, modifier = match.end(), "over"
    elif match := _UNTIL.match(view, end):
        end, modifier = match.end(), "under"
    return _found(pos, end, span, modifier)


def _special(view: str, pos: int, now: Moment | None) -> Found | None:
    """Read what is no year-month-day chain: ISO dates, centuries, runs of years."""
    if match := _ISO_DATE.match(view, pos):
        day = Moment(int(match["y"]), int(match["m"]), int(match["d"]))
        if not exists(day):
            return None
        end = match.end()
        sep = _TO.match(view, end)
        if sep and (until := _ISO_DATE.match(view, sep.end())):
            last = Moment(int(until["y"]), int(until["m"]), int(until["d"]))
            if exists(last) and last.iso() > day.iso():
                return _qualified(view, pos, until.end(), (day, last), False)
        if weekday := WEEKDAY.match(view, end):
            end = weekday.end()
        if (time := TIME.match(view, end)) and time["ch"]:
            day = day._replace(hour=int(time["ch"]), minute=int(time["cm"]))
            end = time.end()
        return _qualified(view, pos, end, (day, day), False)
    if match := _BARE_DECADES.match(view, pos):
        since, until_year = int(match["a"]), int(match["b"])
        if until_year < 100:
            until_year += since // 100 * 100
        if until_year <= since:
            return None
        span = Moment(since), Moment(until_year)
        if match["s"] == "代":
            span = Moment(since), Moment(until_year + 9)
        elif match["s"] == "度":
            span = month_span(since, 4, 12)[0], month_span(until_year, 4, 12)[1]
        return _qualified(view, pos, match.end(), span, False)
    if match := _CENTURY.match(view, pos):
        century = whole(match["c"]) or 0
        if not 1 <= century <= 30:
            return None
        span = Moment(century * 100 - 99), Moment(century * 100)
        end = match.end()
        if half := HALF_YEAR.match(view, end):
            middle = century * 100 - 50
            span = (
                (span[0], Moment(middle)) if half["h"] == "前半" else (Moment(middle + 1), span[1])
            )
            end = half.end()
        elif edge := EDGE.match(view, end):
            return _qualified(view, pos, edge.end(), span, True)
        return _qualified(view, pos, end, span, False)
    if match := _ERA_EDGE.match(view, pos):
        year = Moment(_ERA_YEARS[match["era"]][0 if match["first"] else 1])
        return _qualified(view, pos, match.end(), (year, year), True)
    if view[pos] == "第" and (match := QUARTER.match(view, pos)):
        return _qualified(view, pos, match.end(), last_quarter(whole(match["q"]) or 1, now), False)
    if match := _YEAR_EDGE.match(view, pos):
        return _edge(view, pos, match, now)
    if match := _PARTS.match(view, pos):
        return _qualified(view, pos, match.end(), _part(match, now), False)
    return None


def _part(match: re.Match[str], now: Moment | None) -> tuple[Moment, Moment] | None:
    """Return the Monday of this week, or the half of this fiscal year."""
    today = now.date() if now else None
    if match["week"]:
        monday = None if today is None else on(week_of(today, 0))
        return (monday, monday) if monday else None
    if match["half"] and now and now.month:
        year = now.year - (now.month < 4)
        return month_span(year, 4 if match["half"].startswith("上") else 10, 6)
    return None


def _edge(view: str, pos: int, match: re.Match[str], now: Moment | None) -> Found | None:
    if match["e"] in ("年末", "年初") and view.startswith(("年始", "調整", "来"), match.end()):
        return None
    if now is None:
        return _qualified(view, pos, match.end(), None, False)
    span: tuple[Moment, Moment] | None
    if match["n"]:
        day = Moment(now.year, 1, 1) if match["n"].startswith("元") else Moment(now.year, 12, 31)
        return _qualified(view, pos, match.end(), (day, day), False)
    if match["m"]:
        span = None if now.month is None else (Moment(now.year, now.month),) * 2
        return _qualified(view, pos, match.end(), span, match["m"] != "月内")
    year = Moment(now.year)
    span = (year, year)
    if match["e"] == "年明け":
        january = Moment(now.year + (now.month is not None and now.month > 4), 1)
        return _qualified(view, pos, match.end(), (january, january), False)
    if match["e"] == "年度内":
        first = now.year - (now.month is not None and now.month < 4)
        return _qualified(view, pos, match.end(), month_span(first, 4, 12), False)
    if match["e"] == "年度末":
        if now.month is None:
            span = None
        else:
            month = Moment(now.year + (now.month >= 4), 3)
            span = (month, month)
    return _qualified(view, pos, match.end(), span, match["e"] not in ("年内",))
