"""Dates and times: what is said (read), and which days that is, seen from `now` (resolved)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta

from ronten.types import FigureKind

from .calendar import (
    Moment,
    add_months,
    exists,
    month_days,
    month_span,
    months,
    on,
    shifted,
    week_of,
)
from .numerals import whole
from .view import Found, Modifier

_N = r"(?:[0-9]{1,2}|[〇一二三四五六七八九十]{1,3})"
_N4 = (
    r"(?:[0-9]{4}|[一二][〇一二三四五六七八九]{3}"
    r"|[一二]?千(?:[一二三四五六七八九]?百)?[〇一二三四五六七八九十]{0,3})"
)
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "明治": 1867}
_YEAR_WORDS = {
    "今年": 0, "本年": 0, "ことし": 0, "昨年": -1, "去年": -1, "一昨年": -2, "おととし": -2,
    "来年": 1, "再来年": 2, "さ来年": 2, "今": 0, "昨": -1, "来": 1,
}  # fmt: skip
_MONTH_WORDS = {"今月": 0, "先月": -1, "先々月": -2, "来月": 1, "再来月": 2, "翌々月": 2}
_WEEK_WORDS = {"今週": 0, "先週": -1, "先々週": -2, "来週": 1, "再来週": 2}
_DAY_WORDS = {
    "今日": 0, "きょう": 0, "本日": 0, "今夜": 0, "今晩": 0, "今朝": 0, "けさ": 0, "今夕": 0,
    "昨日": -1, "きのう": -1, "昨夜": -1, "昨晩": -1, "昨朝": -1, "昨夕": -1,
    "明日": 1, "あす": 1, "明朝": 1, "明晩": 1, "あさって": 2, "明後日": 2,
    "おととい": -2, "一昨日": -2, "しあさって": 3,
}  # fmt: skip
_SEASONS = {"春": (3, 3), "夏": (6, 3), "秋": (9, 3), "冬": (12, 3)}
_WEEKDAYS = "月火水木金土日"
_COUNTED_DAY = (
    r"(?!間|ぶり|[余超強弱目生経後分本数程券]|以[上下内]|未満|足らず|連続|かけ|にわた|に渡|ごと|おき|もの|前(?!半)"
    r"|ほど|[あ当]たり|に(?:約|平均|最大|[0-9一二三四五六七八九]+[回度本便])|[0-9]+[回往]|に一)"
)

_YEAR = re.compile(
    rf"(?:西暦)?(?P<y>{_N4})年(?!生|目|ぶり|余|間|も前|来の|物)"
    rf"|(?P<era>{'|'.join(_ERAS)})(?P<ey>元|{_N})年(?!生|間)"
    rf"|'(?P<apos>[0-9]{{2}})年"
    rf"|(?<![一-鿿])(?P<short>[0-9]{{2}}|[〇一二三四五六七八九]{{2}})年"
    rf"(?=度|代|末|初頭|春|夏|秋|冬|[1-9１-９][0-9]?月|[一二三四五六七八九十]+月|以降|には|から|ごろ|頃|[前後]半"
    rf"|に(?=[ァ-ヺ一-鿿A-Z、])(?![延短減増及渡達満迫一変改縮引]))"
    rf"|(?P<word>{'|'.join(w for w in _YEAR_WORDS if len(w) > 1)})(?!度比|比)"
    rf"|(?P<bit>[今昨来])(?=[春夏秋冬](?![季眠休場山至分]))"
)
_SPAN_OF_YEARS = re.compile(r"以上|前(?!半)|後(?!半)|近く|ほど|にわた|に渡|の歴史")
_FISCAL = re.compile(r"度|年度")
_DECADE = re.compile(r"代(?!表|理|替|わり|金)")
_MONTH = re.compile(
    rf"[ の]?(?P<m>{_N})月(?!分|額|面|夜|間(?!中))"
    rf"|(?P<word>{'|'.join(_MONTH_WORDS)})"
)
_MONTHS = re.compile(rf"の?(?P<m>{_N})月?[ ]?[~-][ ]?(?P<n>{_N})月期?")
_TERM = re.compile(r"期(?!間|待|限|日)")
_DAY = re.compile(rf"[ の]?(?P<d>{_N})日{_COUNTED_DAY}")
_MONTH_DAY = re.compile(rf"[ の]?(?P<d>{_N})日(?!間|[あ当]たり)")
_DAYS = re.compile(rf"の?(?P<m>{_N})日?[ ]?[~-][ ]?(?P<n>{_N})日{_COUNTED_DAY}")
_DAY_WORD = re.compile(
    rf"(?P<word>{'|'.join(sorted(_DAY_WORDS, key=len, reverse=True))})"
    r"(?![的版])(?!(?<=今日)(?:で(?:は|も)|に(?:至|おいて)|の(?!午|朝|夜|昼|夕|未|深|早|[0-9一二三四五六七八九十])))"
)
_WEEK = re.compile(rf"(?P<word>{'|'.join(sorted(_WEEK_WORDS, key=len, reverse=True))})(?!号|刊)")
_WEEKDAY = re.compile(
    r"[ ]?の?(?:[(](?P<a>[月火水木金土日])(?:曜日?)?(?:・祝)?[)]|(?P<b>[月火水木金土日])曜日?"
    r"(?!ごと|版|学校|劇場|大工))"
)
_PART = re.compile(
    r"の?(?P<part>午前中|午前|午後|正午|早朝|未明|明け方|夕方|深夜|夜間|夜遅く|夜半|真夜中|昼過ぎ|昼前"
    r"|朝(?!日|鮮|刊|食|市|の)|昼(?!食|間)|夕(?!刊|食|張|飯)|夜(?!行|景|勤|の|間|明)|晩(?!年|餐|さん|婚))"
)
_TIME = re.compile(
    rf"の?(?P<h>{_N})時(?!間|代|期|点|価|給|短|差|刻|折|事|速|々)(?:(?P<mi>{_N})分(?!間|の[0-9一二三四五六七八九])|(?P<half>半))?(?:(?P<s>{_N})秒)?"
    r"|[ T]?(?P<ch>[0-2]?[0-9]):(?P<cm>[0-5][0-9])(?::[0-5][0-9])?(?![:0-9])"
)
_ISO_DATE = re.compile(
    r"(?P<y>[12][0-9]{3})(?P<s>[-/.])(?P<m>0?[1-9]|1[0-2])(?P=s)(?P<d>[0-2]?[0-9]|3[01])(?![0-9]|[-/.][0-9]{1,2}(?![0-9]))"
)
_SLASH_DATE = re.compile(
    r"(?P<m>0?[1-9]|1[0-2])/(?P<d>[0-2]?[0-9]|3[01])(?=[ ]?[(][月火水木金土日][)])"
)
_CENTURY = re.compile(rf"(?P<c>{_N})世紀(?!以上|近く|余|ぶり|にわた|に渡|もの|半)")
_BARE_DECADES = re.compile(
    r"(?P<a>[12][0-9]{3})年?代?[ ]?[~-][ ]?(?P<b>[0-9]{4}|[0-9]{2})年(?P<s>代|度|)(?!間)"
)
_QUARTER = re.compile(r"[ ]?の?第?(?P<q>[1-4一二三四])四半期|[ ]?(?P<q2>[1-4])Q(?![A-Za-z0-9])")
_HALF_YEAR = re.compile(r"の?(?P<h>上半期|下半期|上期|下期|前半|後半)")
_SEASON = re.compile(r"の?(?P<s>[春夏秋冬])(?:先|場|季)?(?![闘分休眠山至])")
_THIRD = re.compile(r"の?(?P<t>上旬|初旬|中旬|下旬)")
_EDGE = re.compile(
    r"の?(?P<e>初め|始め|はじめ|初頭|年初|末ごろ|末頃|末|終わり|暮れ|半ば|なかば|中ごろ|中頃|中盤)"
)
_YEAR_EDGE = re.compile(
    r"(?P<e>年末|年初|年明け|年内|年度末|年央)|(?P<m>月末|月初|月内)|(?P<n>元日|元旦|大みそか|大晦日)"
)
_WITHIN = re.compile(r"内|中(?![旬東国央])(?=に|は|の|も|[、。)]|$)")
_ABOUT = re.compile(r"の?(?:ごろ|頃|ころ)|前後")
_OR_IT = r"(?:(?:または|又は|もしくは|及び|および)[そ](?:の|れ))?"
_SINCE = re.compile(
    rf"{_OR_IT}(?:以降|以来|以後)|(?:または|又は|もしくは|及び|および)その後|の?後(?=に|の|から|[、。])"
)
_UNTIL = re.compile(
    rf"{_OR_IT}以前|まで(?!に)|(?:または|又は|もしくは|及び|および)その前|の?前(?=に|の|、)"
)
_TO = re.compile(r"(?:から|[ ]?~[ ]?|[ ]?-[ ]?)")
_CLOSE = re.compile(r"まで|の間|にかけ|にわた|に渡")
_LEANING = re.compile(r"(?P<word>同年|この年|その年|翌年|前年|毎年|例年|毎月|同月)の?$")
_MOVED = re.compile(r"へ|に(?:延|変|改|先送|繰|前倒|ず)")
_AGO = re.compile(
    r"も?(?P<x>以上|ほど|ぐらい|くらい|近く|余り)?(?P<d>まえ|前(?![後年期半倒日月週回線例述者身提途])|後(?![半期者退続日任輩方継援悔])|先(?=の|に|を|ま|、))"
)


@dataclass(frozen=True, slots=True)
class _Said:
    """A date as the text says it; None where it says nothing."""

    year: int | None = None
    year_offset: int | None = None
    month: int | None = None
    month_offset: int | None = None
    day: int | None = None
    day_offset: int | None = None
    week_offset: int | None = None
    weekday: int | None = None
    hour: int | None = None
    minute: int | None = None
    second: int | None = None
    form: str = ""
    """What the last part names beyond a point: fiscal, decade, term, quarter, season, third …"""
    number: int = 0
    """Which quarter, third, half … of it."""
    about: bool = False
    evening: bool = False
    """今夜 and the like: hours up to 11 are after noon."""


def read_date(view: str, pos: int, now: Moment | None, last: str | None = None) -> Found | None:
    """Read the longest date or time at `pos`; unresolved ones have null values.

    `last` is the date before it in the text (ISO 8601): 同年9月 is in its year.
    """
    special = _special(view, pos, now)
    if special:
        return special
    read = _read(view, pos)
    if read is None:
        return None
    said, end = read
    if said.year is None and (leaning := _LEANING.search(view[max(0, pos - 4) : pos])):
        said, now = _lean(said, leaning["word"], last), None
    span = _resolve(said, now)
    sep = _TO.match(view, end)
    if sep:
        other = _read(view, sep.end())
        if other and (not sep.group().startswith("か") or _closed(view, said, other)):
            if said.year is None and said.month and other[0].year and other[0].month:
                first = other[0].year - (said.month > other[0].month)
                span = _resolve(replace(said, year=first), now)
            close = _resolve(_inherit(other[0], said), now, span)
            if span and close and close[1].iso() >= span[0].iso()[: len(close[1].iso())]:
                stop = other[1] + (2 if view.startswith("まで", other[1]) else 0)
                return _found(pos, stop, (span[0], close[1]), None)
    return _qualified(view, pos, end, span, said.about)


def _lean(said: _Said, word: str, last: str | None) -> _Said:
    """Give a date the year (and month) of the one that 同年, 翌年, 同月 point to; 毎年 has none."""
    if last is None or word[0] in "毎例":
        return said
    year = int(last[:4]) + {"翌年": 1, "前年": -1}.get(word, 0)
    if word == "同月":
        month = int(last[5:7]) if len(last) > 4 else None
        return replace(said, year=year, month=month) if month and said.month is None else said
    return replace(said, year=year) if said.month is not None else said


def _closed(view: str, first: _Said, last: tuple[_Said, int]) -> bool:
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
    return _found(found.start, match.end(), span, modifier)


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
        if weekday := _WEEKDAY.match(view, end):
            end = weekday.end()
        if (time := _TIME.match(view, end)) and time["ch"]:
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
        if half := _HALF_YEAR.match(view, end):
            middle = century * 100 - 50
            span = (
                (span[0], Moment(middle)) if half["h"] == "前半" else (Moment(middle + 1), span[1])
            )
            end = half.end()
        elif edge := _EDGE.match(view, end):
            return _qualified(view, pos, edge.end(), span, True)
        return _qualified(view, pos, end, span, False)
    if view[pos] == "第" and (match := _QUARTER.match(view, pos)):
        return _qualified(view, pos, match.end(), _last_quarter(whole(match["q"]) or 1, now), False)
    if match := _YEAR_EDGE.match(view, pos):
        return _edge(view, pos, match, now)
    return None


def _last_quarter(number: int, now: Moment | None) -> tuple[Moment, Moment] | None:
    """Return the latest such quarter of a business year (from April) that has begun by `now`."""
    if now is None or now.month is None:
        return None
    start = add_months(now.year, 4, 3 * (number - 1))
    if (start.year, start.month or 1) > (now.year, now.month):
        start = start._replace(year=start.year - 1)
    return month_span(start.year, start.month or 1, 3)


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
    year = Moment(now.year + (1 if match["e"] == "年明け" else 0))
    span = (year, year)
    if match["e"] == "年度末":
        if now.month is None:
            span = None
        else:
            month = Moment(now.year + (now.month >= 4), 3)
            span = (month, month)
    return _qualified(view, pos, match.end(), span, match["e"] not in ("年内",))


def _read(view: str, pos: int) -> tuple[_Said, int] | None:
    """Read year, month, day, weekday, time, as far as they follow each other."""
    said, end = _Said(), pos
    if match := _YEAR.match(view, pos):
        year = _year_said(match)
        if year is None:
            return None
        said, end = year, match.end()
        if fiscal := _FISCAL.match(view, end):
            said, end = replace(said, form="fiscal"), fiscal.end()
        elif _round(match, said) and (decade := _DECADE.match(view, end)):
            end = decade.end()
            half = _HALF_YEAR.match(view, end)
            number = 0 if half is None else 1 if half["h"] == "前半" else 2
            if edge := _EDGE.match(view, end):
                return replace(said, form="decade", about=True), edge.end()
            return replace(said, form="decade", number=number), half.end() if half else end
        part = _part_of_year(view, end, said)
        if part:
            return part
    if said.form != "fiscal":
        months_read = _month_said(view, end, said)
        if months_read is not None:
            said, end = months_read
            if said.form:
                return said, end
    if said.form != "fiscal":
        said, end = _day_said(view, end, said)
    if match := _WEEKDAY.match(view, end):
        if (
            match["b"]
            and said.day is None
            and said.day_offset is None
            and view[end] in " の"
            and end == pos
        ):
            return None
        named = match["a"] or match["b"]
        if end > pos or match["b"]:
            said, end = replace(said, weekday=_WEEKDAYS.index(named)), match.end()
    if (
        said == _Said()
        or said.day is not None
        or said.day_offset is not None
        or said.weekday is not None
    ):
        said, end = _time_said(view, pos, end, said)
    if end == pos:
        return None
    exact = said.day is not None or said.weekday is not None or said.hour is not None
    if not exact and (match := _WITHIN.match(view, end)):
        end = match.end()
    return said, end


def _round(match: re.Match[str], said: _Said) -> bool:
    """Tell whether a decade can begin with the year (1990年代, 昭和60年代)."""
    number = whole(match["ey"]) if match["era"] and match["ey"] != "元" else said.year
    return number is not None and number % 10 == 0


def _year_said(match: re.Match[str]) -> _Said | None:
    if match["y"]:
        year = whole(match["y"])
        if (
            year is None
            or not 600 <= year <= 2300
            or (year % 100 == 0 and _SPAN_OF_YEARS.match(match.string, match.end()))
        ):
            return None
        return _Said(year=year)
    if match["era"]:
        number = 1 if match["ey"] == "元" else whole(match["ey"])
        return _Said(year=_ERAS[match["era"]] + number) if number else None
    if two := match["apos"] or match["short"]:
        number = whole(two) or 0
        return _Said(year=2000 + number if number <= 45 else 1900 + number)
    return _Said(year_offset=_YEAR_WORDS[match["word"] or match["bit"]])


def _part_of_year(view: str, end: int, said: _Said) -> tuple[_Said, int] | None:
    """Read what names part of a year: quarter, half, season, beginning, end."""
    fiscal = said.form == "fiscal"
    if match := _QUARTER.match(view, end):
        number = whole(match["q"] or match["q2"]) or 1
        return replace(
            said, form="fiscal quarter" if fiscal else "quarter", number=number
        ), match.end()
    if match := _HALF_YEAR.match(view, end):
        number = 1 if match["h"][0] in "上前" else 2
        split = fiscal or match["h"] in ("上期", "下期")
        return replace(said, form="fiscal half" if split else "half", number=number), match.end()
    if fiscal:
        if match := _EDGE.match(view, end):
            return replace(said, about=True), match.end()
        return None
    if match := _SEASON.match(view, end):
        return replace(said, form=match["s"]), match.end()
    if match := _EDGE.match(view, end):
        return replace(said, about=True), match.end()
    return None


def _month_said(view: str, end: int, said: _Said) -> tuple[_Said, int] | None:
    if match := _MONTHS.match(view, end):
        first, last = whole(match["m"]) or 0, whole(match["n"]) or 0
        if 1 <= first <= 12 and 1 <= last <= 12 and first != last:
            return replace(
                said, month=first, form="months", number=(last - first) % 12 + 1
            ), match.end()
    match = _MONTH.match(view, end)
    if match is None:
        return None
    if match["word"]:
        if said != _Said():
            return None
        said = replace(said, month_offset=_MONTH_WORDS[match["word"]])
    else:
        month = whole(match["m"]) or 0
        if not 1 <= month <= 12:
            return None
        said = replace(said, month=month)
    end = match.end()
    if said.month is not None and (term := _TERM.match(view, end)):
        return replace(said, form="term"), term.end()
    if third := _THIRD.match(view, end):
        number = {"上旬": 1, "初旬": 1, "中旬": 2, "下旬": 3}[third["t"]]
        return replace(said, form="third", number=number), third.end()
    if edge := _EDGE.match(view, end):
        return replace(said, about=True, form="month"), edge.end()
    return said, end


def _day_said(view: str, end: int, said: _Said) -> tuple[_Said, int]:
    if match := _DAYS.match(view, end):
        first, last = whole(match["m"]) or 0, whole(match["n"]) or 0
        if 1 <= first < last <= 31:
            return replace(said, day=first, form="days", number=last), match.end()
    if said == _Said() or said.week_offset is None:
        if match := _DAY_WORD.match(view, end):
            if said == _Said():
                evening = match["word"][-1] in "夜晩夕"
                said = replace(said, day_offset=_DAY_WORDS[match["word"]], evening=evening)
                end = match.end()
                exact = _read_exact(view, end)
                if exact:  # 本日10月24日
                    return exact
                return said, end
            return said, end
        if (match := _WEEK.match(view, end)) and said == _Said():
            end = match.end()
            if edge := _EDGE.match(view, end):
                end = edge.end()
            return replace(said, week_offset=_WEEK_WORDS[match["word"]]), end
    if said == _Said() and (match := _SLASH_DATE.match(view, end)):
        return replace(said, month=int(match["m"]), day=int(match["d"])), match.end()
    yearly = said.month is None and (said.year is not None or said.year_offset is not None)
    pattern = _DAY if said.month is None else _MONTH_DAY
    if not yearly and (match := pattern.match(view, end)):
        day = whole(match["d"]) or 0
        if 1 <= day <= 31 and not (said == _Said() and match["d"] == "一"):
            return replace(said, day=day), match.end()
    return said, end


def _read_exact(view: str, end: int) -> tuple[_Said, int] | None:
    """Read month and day right behind 本日 and the like."""
    month = _month_said(view, end, _Said())
    if month is None or view[end] == "の" or month[0].month is None or month[0].form:
        day = _DAY.match(view, end)
        number = whole(day["d"]) if day and view[end] != "の" else None
        return (_Said(day=number), day.end()) if day and number else None
    day = _DAY.match(view, month[1])
    number = whole(day["d"]) if day else None
    return (replace(month[0], day=number), day.end()) if day and number else None


def _time_said(view: str, pos: int, end: int, said: _Said) -> tuple[_Said, int]:
    """Read part of the day and clock time; 午後3時 is hour 15."""
    part = _PART.match(view, end)
    if part and end == pos and part["part"] not in ("午前", "午後", "正午", "午前中"):
        after = _TIME.match(view, part.end())
        if after is None or not after["h"]:
            return said, end
    name = part["part"] if part else ""
    stop = part.end() if part else end
    if name == "正午":
        return replace(said, hour=12), stop
    time = _TIME.match(view, stop)
    if time and time["h"]:
        hour = whole(time["h"])
        if hour is None or hour > 24:
            return said, stop
        late = name in ("午後", "夕方", "夕", "晩", "昼過ぎ") or (
            (said.evening or name in ("深夜", "夜", "夜遅く")) and hour > 4
        )
        if late and hour < 12:
            hour += 12
        minute = whole(time["mi"]) if time["mi"] else 30 if time["half"] else None
        second = whole(time["s"]) if time["s"] else None
        if second is not None and minute is None:
            minute = 0
        return replace(said, hour=hour, minute=minute, second=second), time.end()
    if time and time["ch"] and (stop > pos or _clock_alone(view, pos, time)):
        return replace(said, hour=int(time["ch"]), minute=int(time["cm"])), time.end()
    if part and (stop > end) and (end > pos or name in ("午前", "午後", "午前中")):
        return said, stop
    return said, end


def _clock_alone(view: str, pos: int, time: re.Match[str]) -> bool:
    """Tell whether 10:30 without a date is a time of day, not a ratio or a verse."""
    left = view[pos - 1 : pos]
    return len(time.group("ch")) == 2 and not left.isalnum() and left not in tuple(":/.-")


def _inherit(said: _Said, first: _Said) -> _Said:
    """Give the end of a range the year and month that its beginning has named."""
    if said.year is None and said.year_offset is None and said.month_offset is None:
        if said.month is not None:
            return replace(said, year=first.year, year_offset=first.year_offset)
        if said.day is not None:
            return replace(
                said,
                year=first.year,
                year_offset=first.year_offset,
                month=first.month,
                month_offset=first.month_offset,
            )
        if said.hour is not None and said.weekday is None and said.day_offset is None:
            hour = said.hour
            if first.hour is not None and hour <= first.hour and hour < 12 < hour + 12 > first.hour:
                hour += 12
            return replace(first, hour=hour, minute=said.minute, second=said.second)
    return said


def _resolve(
    said: _Said, now: Moment | None, after: tuple[Moment, Moment] | None = None
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


def _of_year(said: _Said, year: int) -> tuple[Moment, Moment] | None:
    form, number = said.form, said.number
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
    if form in _SEASONS:
        return months(year, *_SEASONS[form])
    return Moment(year), Moment(year)


def _months_of(said: _Said, year: int, month: int) -> tuple[Moment, Moment] | None:
    if said.form == "months":
        return months(year, month, said.number)
    if said.form == "term":  # a business year that ends in this month
        start = add_months(year, month, -11)
        return month_span(start.year, start.month or 1, 12)
    return _within_month(said, year, month)


def _within_month(said: _Said, year: int, month: int) -> tuple[Moment, Moment] | None:
    if said.form == "third":
        first, last = ((1, 10), (11, 20), (21, None))[said.number - 1]
        return month_days(year, month, first, last)
    if said.day is None:
        return Moment(year, month), Moment(year, month)
    day = Moment(year, month, said.day)
    if not exists(day):
        return None
    if said.form == "days":
        last_day = day._replace(day=said.number)
        return (day, last_day) if exists(last_day) else None
    return (_timed(day, said),) * 2


def _timed(day: Moment, said: _Said) -> Moment:
    return (
        day
        if said.hour is None
        else day._replace(hour=said.hour, minute=said.minute, second=said.second)
    )


def _near(said: _Said, now: Moment | None) -> tuple[Moment, Moment] | None:
    today = now.date() if now else None
    if today is None:
        return None
    if said.day_offset is not None:
        return (_timed(on(today + timedelta(days=said.day_offset)), said),) * 2
    monday = week_of(today, said.week_offset or 0)
    if said.weekday is not None:
        return (_timed(on(monday + timedelta(days=said.weekday)), said),) * 2
    return on(monday), on(monday + timedelta(days=6))


def _weekday(said: _Said, now: Moment | None) -> tuple[Moment, Moment] | None:
    """Return the last such weekday up to `now`; a time alone is no day."""
    today = now.date() if now else None
    if today is None or said.weekday is None:
        return None
    day = today - timedelta(days=(today.weekday() - said.weekday) % 7)
    return (_timed(on(day), said),) * 2


def _year_of(said: _Said, now: Moment | None, after: tuple[Moment, Moment] | None) -> int | None:
    """Return the year meant by a month without one: the article's, unless that is far away."""
    month = said.month or 1
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
    return now.year + 1 if ahead < -10 else now.year


def _day_of(said: _Said, now: Moment | None) -> tuple[Moment, Moment] | None:
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
