"""What a date says: year, month, day, weekday, time, as far as the text names them."""

from __future__ import annotations

import re
from typing import NamedTuple

from .numerals import whole

NUMBER = r"(?:[0-9]{1,2}|[〇一二三四五六七八九十]{1,3})"
_N4 = (
    r"(?:[0-9]{4}|[一二][〇一二三四五六七八九]{3}"
    r"|[一二]?千(?:[一二三四五六七八九]?百)?[〇一二三四五六七八九十]{0,3})"
)
_MODERN_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "明治": 1867}
# The year before each older era, whose years do not begin on our 1 January.
OLD_ERAS = {
    "慶応": 1864, "元治": 1863, "文久": 1860, "万延": 1859, "安政": 1854, "嘉永": 1847,
    "弘化": 1844, "天保": 1830, "文政": 1817, "文化": 1803, "享和": 1800, "寛政": 1788,
    "天明": 1780, "安永": 1771, "明和": 1763, "宝暦": 1750, "寛延": 1747, "延享": 1743,
    "寛保": 1740, "元文": 1735, "享保": 1715, "正徳": 1710, "宝永": 1703, "元禄": 1687,
    "貞享": 1683, "天和": 1680, "延宝": 1672, "寛文": 1660, "万治": 1657, "明暦": 1654,
    "承応": 1651, "慶安": 1647, "正保": 1643, "寛永": 1623, "元和": 1614, "慶長": 1595,
    "文禄": 1592, "天正": 1572, "元亀": 1569, "永禄": 1557, "弘治": 1554, "天文": 1531,
    "応仁": 1466, "建久": 1189, "文治": 1184, "延暦": 781,
}  # fmt: skip
_ERAS = _MODERN_ERAS | OLD_ERAS
_YEAR_WORDS = {
    "前年": -1, "前の年": -1, "昨季": -1, "今季": 0, "来季": 1, "昨シーズン": -1,
    "今シーズン": 0, "来シーズン": 1,
    "今年": 0, "本年": 0, "ことし": 0, "昨年": -1, "去年": -1, "一昨年": -2, "おととし": -2,
    "来年": 1, "再来年": 2, "さ来年": 2, "今": 0, "昨": -1, "来": 1,
}  # fmt: skip
_TERMS = {"今": 0, "来": 1, "前": -1}
_MONTH_WORDS = {
    "今月": 0, "先月": -1, "先々月": -2, "来月": 1, "再来月": 2, "翌々月": 2, "前月": -1,
    "前の月": -1, "次の月": 1,
}  # fmt: skip
_WEEK_WORDS = {
    "今週": 0, "先週": -1, "先々週": -2, "来週": 1, "再来週": 2, "前週": -1, "前の週": -1,
    "次の週": 1,
}  # fmt: skip
_DAY_WORDS = {
    "今日": 0, "きょう": 0, "本日": 0, "今夜": 0, "今晩": 0, "今朝": 0, "けさ": 0, "今夕": 0,
    "昨日": -1, "きのう": -1, "昨夜": -1, "昨晩": -1, "昨朝": -1, "昨夕": -1,
    "明日": 1, "あす": 1, "明朝": 1, "明晩": 1, "あさって": 2, "明後日": 2,
    "前日": -1, "前夜": -1, "前の日": -1, "おととい": -2, "一昨日": -2, "しあさって": 3,
}  # fmt: skip
_WEEKDAYS = "月火水木金土日"
_COUNTED_DAY = (
    r"(?!間|ぶり|[余超強弱目生経後分本数程券]|以[上下内]|未満|足らず|連続|かけ|にわた|に渡|ごと|おき|もの|前(?!半)"
    r"|ほど|[あ当]たり|に(?:約|平均|最大|[0-9一二三四五六七八九]+[回度本便])|[0-9]+[回往]|に一|に[短縮]|ばかり"
    r"|続(?!伸|落|く見)|[待止]|[も]?かか|だけ(?!は)|から[0-9]+日[にへ](?:短|縮)"
    r"|で(?:終|済|完|仕上|半|返|治|戻|届|読|売り切|作|書き上|できあ|でき上|結果|[0-9]+[億万千百]*[件個台本冊食杯人]))"
)
_YEAR = re.compile(
    rf"(?:西暦)?(?P<y>{_N4})年(?!生(?!まれ)|目|ぶり|余|間|も前|来の|物|安保|体制)"
    rf"|(?P<era>{'|'.join(_ERAS)})(?P<ey>元|{NUMBER})年(?!生(?!まれ)|間)"
    rf"|'(?P<apos>[0-9]{{2}})年"
    rf"|(?<![一-鿿])(?P<short>[0-9]{{2}}|[〇一二三四五六七八九]{{2}})年"
    rf"(?=度|代|末|初頭|春|夏|秋|冬|[1-9][0-9]?月|[1-9][0-9]?[~-][1-9][0-9]?月|[一二三四五六七八九十]+月|以降|には|から|ごろ|頃|[前後]半|にかけ|まで"
    rf"|に(?=[ァ-ヺ一-鿿A-Z、])(?![延短減増及渡達満迫一変改縮引]))"
    rf"|(?P<word>{'|'.join(w for w in _YEAR_WORDS if len(w) > 1)})"
    r"(?!度?比|同[月期日週四]|の同じ)(?!(?<=前年)並み)"
    r"|(?P<term>今期|来期|前の期|(?<![一-鿿])前期)(?=[にはをもがかとよま、]|以[降後])"
    rf"|(?P<bit>[今昨来])(?=[春夏秋冬](?![季眠休場山至分]))"
)
_SPAN_OF_YEARS = re.compile(r"以上|前(?!半)|後(?!半)|近く|ほど|にわた|に渡|の歴史")
_FISCAL = re.compile(r"度|年度")
_DECADE = re.compile(r"代(?!表|理|替|わり|金)")
_MONTH = re.compile(
    rf"[ の]?(?P<m>{NUMBER})月(?!額|面|夜|号|以内|を超え|間(?!中))"
    rf"|(?P<word>{'|'.join(_MONTH_WORDS)})(?!末?比|並み|号)"
)
_MONTHS = re.compile(rf"の?(?P<m>{NUMBER})月?[ ]?[~-][ ]?(?P<n>{NUMBER})月期?")
_TWO_MONTHS = re.compile(rf"の?(?P<m>{NUMBER})、(?P<n>{NUMBER})月(?!号|分)")
_TERM = re.compile(r"期(?!間|待|限|日)")
_DAY = re.compile(rf"[ の]?(?P<d>{NUMBER})日{_COUNTED_DAY}")
_ONE_DAY = re.compile(
    r"平均|約|最大|[0-9]+(?!時(?!間)|[0-9:])|[がも](?:終|な|過|か)|の(?:大半|ごみ|うち)"
)
_COUNTED_BEFORE = re.compile(r"[週泊丸満]$|まる$")
_MONTH_DAY = re.compile(rf"[ の]?(?P<d>{NUMBER})日(?!間|[あ当]たり)")
_DAYS = re.compile(rf"の?(?P<m>{NUMBER})日?[ ]?[~-][ ]?(?P<n>{NUMBER})日{_COUNTED_DAY}")
_TWO_DAYS = re.compile(rf"の?(?P<m>{NUMBER})日?[、・](?P<n>{NUMBER})日(?!間)")
_DAY_WORD = re.compile(
    r"(?<![受続静明向助設掛欠避抜更開空])"
    rf"(?P<word>{'|'.join(sorted(_DAY_WORDS, key=len, reverse=True))})(?!末?比|祭)"
    r"(?![的版])(?!(?<=きょう)(?:だい|よう|うん|そ|り|か|じ|け|ぐ))(?!(?<=あす)[かなぱ])"
    r"(?!(?<=明日)(?:を(?:担|拓|開|切り|生き|つく|創)|の(?:日本|社会|世界|地域|医療|担い|暮らし|命|糧|ため)|への|は我が身|なき))"
    r"(?!(?<=昨日)(?:今日|(?:まで)?の(?:敵|友)))"
    r"(?!(?<=今日)(?:[(]こんにち|で(?:は|も)|に(?:至|いた|おいて)|なお|ある|ほど(?!の)|のよう|まで(?:続|受け継|伝|残|にわた|に至|に及|生き|発展|変わ)|の(?!午|朝|夜|昼|夕|未|深|早|[0-9一二三四五六七八九十])))"
)
_WEEK = re.compile(
    rf"(?P<word>{'|'.join(sorted(_WEEK_WORDS, key=len, reverse=True))})(?!号|刊|末?比)"
)
_NTH_WEEKDAY = re.compile(rf"の?第(?P<n>[1-5一二三四五])(?P<w>[{_WEEKDAYS}])曜日?")
_NTH_WEEK = re.compile(
    r"の?(?:第(?P<n>[0-9]{1,2}|[一二三四五])|(?P<first>最初の)|最後の)週(?!間|末)"
)
WEEKDAY = re.compile(
    r"[ ]?の?(?:[(](?P<a>[月火水木金土日])(?:曜日?)?(?:・祝)?[)]|(?P<b>[月火水木金土日])曜日?"
    r"(?!ごと|版|学校|劇場|大工))"
)
# Words that a day of the week names the kind of: 日曜営業, 土曜授業.
_WEEKLY = re.compile(r"[一-鿿](?<![朝昼夕夜晩深未早午正中付以前後発終])")
_PART = re.compile(
    r"の?(?<!毎)(?P<part>午前中|午前(?!の部)|午後(?!の部)|正午|早朝|未明|明け方|夕方|夕刻|深夜|夜間|夜遅く|夜半|真?夜中|昼過ぎ|昼すぎ|昼前"
    rf"|朝(?!日|鮮|刊|食|市|(?<!日朝)の(?!{NUMBER}時))|昼(?!食|間|休|寝|下)|夕(?!刊|食|張|飯)"
    rf"|夜(?!行|景|勤|(?<!日夜)の(?!{NUMBER}時)|間|明)|晩(?!年|餐|さん|婚))"
)
_HOURS = re.compile(rf"の?(?P<h>{NUMBER})時?[~-](?P<n>{NUMBER})時(?!間|代|期|点|給|半)")
TIME = re.compile(
    rf"の?(?P<h>{NUMBER})時(?!間|代|期|点|価|給|短|差|刻|折|事|速|々)(?:(?P<mi>{NUMBER})分(?!間|の[0-9一二三四五六七八九])|(?P<half>半))?(?:(?P<s>{NUMBER})秒)?"
    r"|[ T]?(?P<ch>[0-2]?[0-9]):(?P<cm>[0-5][0-9])(?::[0-5][0-9])?(?![:0-9])"
)
_CLOCK_RANGE = re.compile(r"[0-9]:[0-5][0-9][ ]?[~-][ ]?$")
_CLOCK_AFTER = re.compile(
    r"から|まで|開|閉|発|着|ごろ|頃|集合|スタート|[ ]?[~-][ ]?[0-2]?[0-9]:[0-5][0-9]"
)
_SLASH_DATE = re.compile(
    r"(?P<m>0?[1-9]|1[0-2])/(?P<d>[0-2]?[0-9]|3[01])(?=[ ]?[(][月火水木金土日][)])"
)
QUARTER = re.compile(r"[ ]?の?第?(?P<q>[1-4一二三四])四半期|[ ]?(?P<q2>[1-4])Q(?![A-Za-z0-9])")
HALF_YEAR = re.compile(r"の?(?P<h>上半期|下半期|上期|下期|前半|後半)")
_BARE_SEASON = re.compile(
    r"(?:この(?=[春夏秋冬](?!の))|(?<![一-鿿のァ-ヺ]))(?P<s>[春夏秋冬])(?:先|場|口)?"
    r"(?=まで|以降|にかけ|ごろ|頃|に[はも][0-9]|(?<![春夏秋冬]にも.)にも(?=[一-鿿]{2,6}(?:さ|す|し(?!な)|を|が|へ|の[方見])|(?:示|出|決|始|下)[さすらるまめ])|にも?(?:予定|発売|公開|開[業館校催始]|始動|稼働|着工|完成|刊行|改[正定]|施行|実施|投入|導入))"
    r"|この(?P<t>[春夏秋冬])(?:先|場)?"
)
SEASON = re.compile(r"の?(?P<s>[春夏秋冬])(?:先|場|季)?(?![闘分休眠山至])")
_DAYS_OF_MONTH = re.compile(r"の?(?P<t>上旬|初旬|中旬|下旬|前半(?!戦)|後半(?!戦))")
EDGE = re.compile(
    r"の?(?P<e>初め|始め|はじめ|初頭|年初|末ごろ|末頃|末|終わり|暮れ|半ば|なかば|中ごろ|中頃|中盤)"
)
_WITHIN = re.compile(r"内|いっぱい|中(?![旬東国央])(?=に|は|の|も|だ|と|[、。)]|$)")


class Said(NamedTuple):
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
    """What the last part names beyond a point: fiscal, decade, term, quarter, season, 上旬 …"""
    number: int = 0
    """Which quarter, half … of it."""
    about: bool = False
    evening: bool = False
    """今夜 and the like: hours up to 11 are after noon."""


NOTHING = Said()


def read_said(view: str, pos: int) -> tuple[Said, int] | None:
    """Read year, month, day, weekday, time, as far as they follow each other."""
    said, end = NOTHING, pos
    if match := _YEAR.match(view, pos):
        year = _year_said(match)
        if year is None:
            return None
        said, end = year, match.end()
        if fiscal := _FISCAL.match(view, end):
            said, end = said._replace(form="fiscal"), fiscal.end()
        elif _round(match, said) and (decade := _DECADE.match(view, end)):
            end = decade.end()
            half = HALF_YEAR.match(view, end)
            number = 0 if half is None else 1 if half["h"] == "前半" else 2
            if edge := EDGE.match(view, end):
                return said._replace(form="decade", about=True), edge.end()
            return said._replace(form="decade", number=number), half.end() if half else end
        part = _part_of_year(view, end, said)
        if part:
            return part
    elif match := _BARE_SEASON.match(view, pos):
        return Said(form=match["s"] or match["t"]), match.end()
    if said.form != "fiscal":
        months_read = _month_said(view, end, said)
        if months_read is not None:
            said, end = months_read
            if said.form:
                return said, end
    if said.form != "fiscal":
        said, end = _day_said(view, end, said)
    if match := WEEKDAY.match(view, end):
        if end == pos and _WEEKLY.match(view, match.end()):
            return None
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
            said, end = said._replace(weekday=_WEEKDAYS.index(named)), match.end()
    if (
        said == NOTHING
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


def _round(match: re.Match[str], said: Said) -> bool:
    """Tell whether a decade can begin with the year (1990年代, 昭和60年代)."""
    number = whole(match["ey"]) if match["era"] and match["ey"] != "元" else said.year
    return number is not None and number % 10 == 0


def _year_said(match: re.Match[str]) -> Said | None:
    if match["y"]:
        year = whole(match["y"])
        if (
            year is None
            or not 600 <= year <= 2300
            or (year % 100 == 0 and _SPAN_OF_YEARS.match(match.string, match.end()))
        ):
            return None
        return Said(year=year)
    if match["era"]:
        number = 1 if match["ey"] == "元" else whole(match["ey"])
        return Said(year=_ERAS[match["era"]] + number) if number else None
    if two := match["apos"] or match["short"]:
        number = whole(two) or 0
        return Said(year=2000 + number if number <= 45 else 1900 + number)
    if match["term"]:
        return Said(year_offset=_TERMS[match["term"][0]], form="fiscal")
    return Said(year_offset=_YEAR_WORDS[match["word"] or match["bit"]])


def _part_of_year(view: str, end: int, said: Said) -> tuple[Said, int] | None:
    """Read what names part of a year: quarter, half, season, beginning, end."""
    fiscal = said.form == "fiscal"
    if not fiscal and (week := _nth_week(view, end, said)):
        return week
    if match := QUARTER.match(view, end):
        number = whole(match["q"] or match["q2"]) or 1
        return said._replace(
            form="fiscal quarter" if fiscal else "quarter", number=number
        ), match.end()
    if match := HALF_YEAR.match(view, end):
        number = 1 if match["h"][0] in "上前" else 2
        split = fiscal or match["h"] in ("上期", "下期")
        return said._replace(form="fiscal half" if split else "half", number=number), match.end()
    if fiscal:
        if match := EDGE.match(view, end):
            return said._replace(about=True), match.end()
        return None
    if match := SEASON.match(view, end):
        return said._replace(form=match["s"]), match.end()
    if match := EDGE.match(view, end):
        return said._replace(about=True), match.end()
    return None


def _month_said(view: str, end: int, said: Said) -> tuple[Said, int] | None:
    if match := _MONTHS.match(view, end):
        first, last = whole(match["m"]) or 0, whole(match["n"]) or 0
        if 1 <= first <= 12 and 1 <= last <= 12 and first != last:
            return said._replace(
                month=first, form="months", number=(last - first) % 12 + 1
            ), match.end()
    if match := _TWO_MONTHS.match(view, end):
        first, last = whole(match["m"]) or 0, whole(match["n"]) or 0
        if 1 <= first < last == first + 1 <= 12:
            return said._replace(month=first, form="months", number=2), match.end()
    match = _MONTH.match(view, end)
    if match is None:
        return None
    if match["word"]:
        if said != NOTHING:
            return None
        said = said._replace(month_offset=_MONTH_WORDS[match["word"]])
    else:
        month = whole(match["m"]) or 0
        if not 1 <= month <= 12:
            return None
        said = said._replace(month=month)
    end = match.end()
    if said.month is not None and (term := _TERM.match(view, end)):
        return said._replace(form="term"), term.end()
    if days := _DAYS_OF_MONTH.match(view, end):
        return said._replace(form=days["t"]), days.end()
    if edge := EDGE.match(view, end):
        return said._replace(about=True, form="month"), edge.end()
    return _nth(view, end, said) or (said, end)


def _nth(view: str, end: int, said: Said) -> tuple[Said, int] | None:
    """Read 第2土曜日 or 第3週 behind a month."""
    if match := _NTH_WEEKDAY.match(view, end):
        weekday, number = _WEEKDAYS.index(match["w"]), whole(match["n"]) or 1
        said = said._replace(weekday=weekday, form="nth", number=number)
        return _time_said(view, end, match.end(), said)
    return _nth_week(view, end, said)


def _nth_week(view: str, end: int, said: Said) -> tuple[Said, int] | None:
    match = _NTH_WEEK.match(view, end)
    if match is None:
        return None
    number = 1 if match["first"] else (whole(match["n"]) or 0) if match["n"] else -1
    return said._replace(form="week", number=number), match.end()


def _day_said(view: str, end: int, said: Said) -> tuple[Said, int]:
    if match := _DAYS.match(view, end):
        first, last = whole(match["m"]) or 0, whole(match["n"]) or 0
        if 1 <= first < last <= 31:
            return said._replace(day=first, form="days", number=last), match.end()
    if match := _TWO_DAYS.match(view, end):
        first, last = whole(match["m"]) or 0, whole(match["n"]) or 0
        if last == first + 1 <= 31 and (first > 9 or said != NOTHING):
            return said._replace(day=first, form="days", number=last), match.end()
    if said == NOTHING or said.week_offset is None:
        if match := _DAY_WORD.match(view, end):
            if said == NOTHING:
                evening = match["word"][-1] in "夜晩夕"
                said = said._replace(day_offset=_DAY_WORDS[match["word"]], evening=evening)
                end = match.end()
                exact = _read_exact(view, end)
                if exact:  # 本日10月24日
                    return exact
                return said, end
            return said, end
        if (match := _WEEK.match(view, end)) and said == NOTHING:
            end = match.end()
            form = "weekend" if view.startswith("末", end) else ""
            if edge := EDGE.match(view, end):
                end = edge.end()
            return said._replace(week_offset=_WEEK_WORDS[match["word"]], form=form), end
    if said == NOTHING and (match := _SLASH_DATE.match(view, end)):
        return said._replace(month=int(match["m"]), day=int(match["d"])), match.end()
    yearly = said.month is None and (said.year is not None or said.year_offset is not None)
    pattern = _DAY if said.month is None else _MONTH_DAY
    if not yearly and (match := pattern.match(view, end)):
        day = whole(match["d"]) or 0
        counted = said == NOTHING and (
            match["d"] == "一"
            or _COUNTED_BEFORE.search(view[max(0, end - 2) : end])
            or (day == 1 and _ONE_DAY.match(view, match.end()))
        )
        if 1 <= day <= 31 and not counted:
            return said._replace(day=day), match.end()
    return said, end


def _read_exact(view: str, end: int) -> tuple[Said, int] | None:
    """Read month and day right behind 本日 and the like."""
    month = _month_said(view, end, NOTHING)
    if month is None or view[end] == "の" or month[0].month is None or month[0].form:
        day = _DAY.match(view, end)
        number = whole(day["d"]) if day and view[end] != "の" else None
        return (Said(day=number), day.end()) if day and number else None
    day = _DAY.match(view, month[1])
    number = whole(day["d"]) if day else None
    return (month[0]._replace(day=number), day.end()) if day and number else None


def _time_said(view: str, pos: int, end: int, said: Said) -> tuple[Said, int]:
    """Read part of the day and clock time; 午後3時 is hour 15."""
    part = _PART.match(view, end)
    if part and end == pos and part["part"] not in ("午前", "午後", "正午", "午前中"):
        after = _HOURS.match(view, part.end()) or TIME.match(view, part.end())
        if after is None or not after["h"]:
            return said, end
    name = part["part"] if part else ""
    stop = part.end() if part else end
    if name == "正午":
        return said._replace(hour=12), stop
    if hours := _HOURS.match(view, stop):
        first, last = (_clock(whole(hours[key]) or 0, name, said) for key in "hn")
        if first < last <= 24:
            return said._replace(hour=first, form="hours", number=last), hours.end()
    time = TIME.match(view, stop)
    if time and time["h"]:
        hour = whole(time["h"])
        if hour is None or hour > 24:
            return said, stop
        hour = _clock(hour, name, said)
        minute = whole(time["mi"]) if time["mi"] else 30 if time["half"] else None
        second = whole(time["s"]) if time["s"] else None
        if second is not None and minute is None:
            minute = 0
        return said._replace(hour=hour, minute=minute, second=second), time.end()
    if time and time["ch"] and (stop > pos or _clock_alone(view, pos, time)):
        return said._replace(hour=int(time["ch"]), minute=int(time["cm"])), time.end()
    if part and end > pos:
        return said, stop
    return said, end


def _clock(hour: int, part: str, said: Said) -> int:
    """Return the hour of the day: 3 in the afternoon is 15."""
    late = part in ("午後", "夕方", "夕刻", "夕", "晩", "昼過ぎ", "昼すぎ") or (
        (said.evening or part in ("深夜", "夜", "夜遅く", "夜中")) and hour > 4
    )
    return hour + 12 if late and hour < 12 else hour


def _clock_alone(view: str, pos: int, time: re.Match[str]) -> bool:
    """Tell whether 10:30 without a date is a time of day, not a ratio or a verse."""
    left = view[pos - 1 : pos]
    if _CLOCK_RANGE.search(view[max(0, pos - 7) : pos]):
        return True
    if _CLOCK_AFTER.match(view, time.end()):
        return not (left.isascii() and left.isalnum()) and left not in tuple(":/.-+")
    stamp = time.group().count(":") > 1 or left == "["
    return (
        len(time.group("ch")) == 2
        and not stamp
        and not left.isalnum()
        and left not in tuple(":/.-")
    )
