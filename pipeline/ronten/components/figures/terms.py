"""One quantity without its surroundings: a number with its unit, fraction or power."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from . import guards
from .numerals import Number, read_number
from .units import Unit, read_counter, read_unit

_LATIN_SCALE = re.compile(
    r"[ ]?(?:(?P<k>[kK]|thousand)|(?P<m>M|million|mn)|(?P<b>B|billion|bn)|(?P<t>T|trillion))"
    r"(?![A-Za-z0-9])"
)
_SCALES = {"k": 10**3, "m": 10**6, "b": 10**9, "t": 10**12}
_SLASH = re.compile(r"/(?=[0-9])")
_MINUS = re.compile(r"(?:マイナス|[-−+])*")
_POWER = re.compile(r"の(?P<sign>(?:マイナス|[-−])*)(?=[0-9一二三四五六七八九十])")
_CARET = re.compile(r"\^(?P<sign>[-−+]*)(?=[0-9])")
_AND = re.compile(r"[とや又]|また")
_BAND = re.compile(r"台(?P<half>前半|後半)?(?![数分湾])")
_LATIN_BILLIONS = re.compile(r"(?P<scale>[BM])(?=[ぁ-ヺ一-鿿]|[。、)」]|$)")
_CURRENCY_CODES = {
    "$": "USD", "US$": "USD", "us$": "USD", "HK$": "HKD", "NT$": "TWD", "A$": "AUD", "C$": "CAD",
    "S$": "SGD", "NZ$": "NZD", "¥": "JPY", "€": "EUR", "£": "GBP", "₩": "KRW", "₹": "INR",
    "人民元": "CNY",
}  # fmt: skip
# 三十代 is an age, 三十代目 and 三十代続く count generations.
_AGES = re.compile(r"[二三四五六七八九]?十代(?=[のでかはがもと、。・)]|前半|後半|半ば|以[上下])")
_GENERATIONS = re.compile(r"代(?=続|にわた|に渡)")
_HALVED = ("里", "畳", "反", "升", "合", "坪", "キロ", "尺", "寸")
_HALF = re.compile(r"半(?![分年月日数額減])")
_NOT_COIN = re.compile(r"[湯形]")
_TERM_MONTHS = re.compile(
    r"(?P<n>1[01]|[1-9]|十一|十|[一二三四五六七八九])月(?=を超|以[内上下]|の[刑実懲禁拘期]|に処|、?執行|とし|を言|、)"
)
_TENTHS = re.compile(r"(?P<n>[1-9])分(?!の[0-9一]|[かけ1-9])")
_KILO = re.compile(r"k(?![A-Za-z0-9])")
_HALF_UNITS = {"year": 12, "month": 1, "day": 1, "hour": 1, "minute": 1}
_SMALLER = {"year": ("month", 12), "hour": ("minute", 60), "minute": ("second", 60)}
_GRADE = re.compile(r"目(?!標|的)|生(?!存|活)|号|式|型|産|製|次(?![第々回])")
_HUNDREDTHS = re.compile(r"[0-9]{1,2}(?![0-9回点本件個人分時日月年])")
_QUICK = re.compile(r"[いくか]")
_HEAT = re.compile(r"温|気|熱|摂氏|華氏|角|〇下|氷点|マイナス")
_WARMER = re.compile(r"[高低]い|[高低]く|上が|下が|上昇|低下")
_DEGREES_AFTER = re.compile(r"[、。のにをでだもとはがよ以前近ほ台上下低高温暖昇]|くらい|まで|$")
_WEIGHT_BEFORE = re.compile(r"(?:体重|重さ|重量|体が)[^。\n]{0,6}$")
_WEIGHT_AFTER = re.compile(r"(?:の重|の体重|痩|減量|やせ|太)")
_NOT_MONEY = re.compile(
    r"(?:首相|大統領|社長|会長|代表|議員|素|本|気|々|来|選手|職員|幹部|信託|日|旦|祖|禄|号|年)"
)
_NOT_PRICE = re.compile(r"(?:札|玉|硬貨|ショップ|均一|形|卓|陣|熟|滑|盤|筒|周|錐|柱|弧)")


class Term(NamedTuple):
    """One number with its unit, before ranges and modifiers: value, end, numeral, unit."""

    low: Decimal
    high: Decimal
    end: int
    number: Number
    unit: Unit | None
    over: bool = False
    fraction: bool = False


def read_price(view: str, pos: int, sign: str) -> Term | None:
    """Read the amount behind a currency sign ($50億, ¥1,000, US$ 5.5 million)."""
    number = read_number(view, pos)
    if number is None:
        return None
    low, high, end = number.low, number.high, number.end
    if scale := _LATIN_SCALE.match(view, end):
        factor = _SCALES[scale.lastgroup or "k"]
        low, high, end = low * factor, high * factor, scale.end()
    unit = Unit("money", _CURRENCY_CODES.get(sign, sign), Decimal(1), end, True)
    named = read_unit(view, end)
    if named and named.kind == "money":
        unit, end = named, named.end
    return Term(low, high, end, number, unit, number.over)


def read_term(view: str, pos: int) -> Term | None:
    """Read a number, its fraction or power, its unit and smaller units behind it."""
    number = read_number(view, pos)
    if number is None:
        return None
    if number.low == number.high and (special := _fraction(view, number) or _power(view, number)):
        return special
    low, high, end = number.low, number.high, number.end
    if number.arabic and _KILO.match(view, end):
        low, high, end = low * 1000, high * 1000, end + 1
    elif number.arabic and (scale := _LATIN_BILLIONS.match(view, end)):
        factor = _SCALES[scale["scale"].lower()]
        return Term(low * factor, high * factor, scale.end(), number, None)
    gap = 1 if view.startswith(" ", end) else 0
    if gap and (guards.line_start(view, pos) or guards.labelled(view, pos)):  # 1 報告の骨子
        return Term(low, high, end, number, None, number.over)
    unit = read_unit(view, end + gap)
    if unit is None and (small := _small_money(view, end)):
        return Term(low * small.factor, high * small.factor, small.end, number, small, number.over)
    if unit is None and number.arabic:
        unit = read_unit(view, end + gap, "age") if low % 10 == 0 and 10 <= low <= 90 else None
        if unit is None and not gap and "." not in view[pos:end]:
            unit = read_counter(view, end)
    elif unit is None and number.scale >= 10_000 and not gap:  # 二万セル
        unit = read_counter(view, end)
    if unit is None and number.scaled and not number.arabic and _AGES.match(view, pos):
        unit = read_unit(view, end, "age")
    if unit is None and _GENERATIONS.match(view, end):
        unit = Unit("count", "代", Decimal(1), end + 1, True)
    if unit is None:
        return Term(low, high, end, number, None, number.over)
    return _with_unit(view, pos, number, low, high, unit)


def _small_money(view: str, end: int) -> Unit | None:
    """Read 銭 or セント without the larger money before it."""
    part = read_unit(view, end, "subunit")
    if part is None or view[end : part.end] not in ("銭", "セント", "ペンス"):
        return None
    return None if _NOT_COIN.match(view, part.end) else part._replace(kind="money")


def _with_unit(
    view: str, pos: int, number: Number, low: Decimal, high: Decimal, unit: Unit
) -> Term | None:
    surface = view[number.end : unit.end].strip()
    end = unit.end
    if unit.kind == "money":
        if surface.endswith("元") and _NOT_MONEY.match(view, end):
            return None
        if surface == "円" and _NOT_PRICE.match(view, end):
            return None
        if surface == "ポンド" and (
            _WEIGHT_BEFORE.search(view[max(0, pos - 12) : pos]) or _WEIGHT_AFTER.match(view, end)
        ):
            unit = read_unit(view, end - len(surface), "measure") or unit
        while (part := _subunit(view, end, unit)) is not None:
            value, end = part
            low, high = low + value, high + value
        return _band(view, Term(low, high, end, number, unit._replace(end=end), number.over))
    low, high = low * unit.factor, high * unit.factor
    if unit.unit == "倍速" and _QUICK.match(view, end):  # 1.4倍速い
        return Term(low, high, end - 1, number, Unit("multiplier", None, Decimal(1), end - 1, True))
    if surface == "割":
        if view.startswith("半", end):
            low, high, end = low + 5, high + 5, end + 1
        while (part := _rate(view, end)) is not None:
            value, end = part
            low, high = low + value, high + value
    elif unit.kind == "duration":
        return _duration(view, number, low, high, unit)
    elif unit.kind == "age":
        high = low + 9
        unit = unit._replace(kind="duration")
        if view.startswith("代", end):
            end += 1
    elif unit.kind == "multiplier":
        if view.startswith("半", end):
            low, high, end = low + Decimal("0.5"), high + Decimal("0.5"), end + 1
        if view.startswith("増", end):
            end += 1
        elif view.startswith(("率", "数", "音", "返", "体", "角"), end):
            return None
    elif unit.kind == "percent":
        return _band(view, Term(low, high, end, number, unit._replace(end=end), number.over))
    elif unit.kind == "measure" and surface in _HALVED and _HALF.match(view, end):
        low, high, end = low + Decimal("0.5"), high + Decimal("0.5"), end + 1
    elif surface == "度" and (tenths := _TENTHS.match(view, end)):
        low = high = low + Decimal(tenths["n"]) / 10
        end = tenths.end()
    elif surface == "度" and (low % 1 == 0 and low < 10) and not _hot(view, pos, end):
        unit = unit._replace(kind="count")
    return Term(low, high, end, number, unit._replace(end=end), number.over)


def _hot(view: str, pos: int, end: int) -> bool:
    """Tell whether 度 are degrees: heat is spoken of before, and no verb follows."""
    if _WARMER.match(view, end):
        return True
    heat = _HEAT.search(view[max(0, pos - 12) : pos])
    return heat is not None and _DEGREES_AFTER.match(view, end) is not None


def _duration(view: str, number: Number, low: Decimal, high: Decimal, unit: Unit) -> Term | None:
    """Read what may follow a duration: 半, 代, and one smaller unit (1年3か月 is 15 months)."""
    name, end = unit.unit or "", unit.end
    surface = view[number.end : end].strip()
    if surface in ("年", "日", "週") and _GRADE.match(view, end):
        return None
    if surface == "秒" and (hundredths := _HUNDREDTHS.match(view, end)):
        low += Decimal(hundredths.group()) / 10 ** len(hundredths.group())
        return Term(low, low, hundredths.end(), number, unit._replace(end=hundredths.end()))
    if surface == "分" and view.startswith(("咲", "の一", "の1"), end):
        return None
    if surface in ("歳", "才") and view.startswith("代", end):
        return Term(low, low + 9, end + 1, number, unit._replace(end=end + 1), number.over)
    if view.startswith("半", end) and name in _HALF_UNITS and unit.factor == 1:
        half = Decimal("0.5")
        return Term(low + half, high + half, end + 1, number, unit._replace(end=end + 1))
    if surface == "年" and low < 10 and (spare := _TERM_MONTHS.match(view, end)):  # 懲役1年6月
        added = read_number(spare["n"], 0)
        total = low * 12 + (added.low if added else 0)
        return Term(total, total, spare.end(), number, unit._replace(unit="month", end=spare.end()))
    if surface in ("年", "時間", "分", "か月", "カ月", "ヵ月", "ヶ月") and name in _SMALLER:
        smaller, worth = _SMALLER[name]
        gap = 1 if view.startswith("と", end) else 0
        more = read_number(view, end + gap)
        if more is not None and more.low == more.high < worth:
            minor = read_unit(view, more.end)
            if minor and minor.kind == "duration" and minor.unit == smaller and minor.factor == 1:
                low, high = low * worth + more.low, high * worth + more.low
                unit = Unit("duration", smaller, Decimal(1), minor.end, True)
                if smaller == "minute":
                    return _duration(view, more, low, high, unit)
                return Term(low, high, minor.end, number, unit)
    return Term(low, high, end, number, unit, number.over)


def _subunit(view: str, end: int, unit: Unit) -> tuple[Decimal, int] | None:
    """Read 13銭 behind 2222円; None if the small money is of another currency."""
    gap = 1 if view.startswith("と", end) else 0
    number = read_number(view, end + gap)
    if number is None or number.low != number.high:
        return None
    part = read_unit(view, number.end, "subunit")
    if part is None:
        return None
    same = part.unit == unit.unit or (part.unit == "USD" and unit.unit in ("EUR", "AUD", "CAD"))
    if view.startswith("分", number.end):
        same = unit.unit == "CNY"
        return (number.low * Decimal("0.01"), part.end) if same else None
    return (number.low * part.factor, part.end) if same else None


def _rate(view: str, end: int) -> tuple[Decimal, int] | None:
    """Read 5分 or 7厘 behind 3割."""
    number = read_number(view, end)
    if number is None or number.low != number.high or number.low > 9:
        return None
    part = read_unit(view, number.end, "rate")
    return None if part is None else (number.low * part.factor, part.end)


def _fraction(view: str, number: Number) -> Term | None:
    """Read 3分の2, 103と3分の2 or 2/3 whose first numeral is `number`."""
    base, part = Decimal(0), number
    if sep := _AND.match(view, number.end):
        divisor = read_number(view, sep.end())
        if divisor is None or view[divisor.end : divisor.end + 1] not in ("分", "/"):
            return None
        base, part = number.low, divisor
    if view.startswith("分の", part.end):
        sign = _MINUS.match(view, part.end + 2)
        top = read_number(view, sign.end() if sign else part.end + 2)
        if top is None or top.low != top.high or not part.low:
            return None
        value = base + _signed(top.low, sign) / part.low
        return Term(value, value, top.end, number, None, fraction=True)
    if part.arabic and _SLASH.match(view, part.end):
        under = read_number(view, part.end + 1)
        if (
            under
            and under.low
            and under.low == under.high
            and view[under.end : under.end + 1] != "/"
        ):
            value = base + part.low / under.low
            return Term(value, value, under.end, number, None, fraction=True)
    return None


def _power(view: str, number: Number) -> Term | None:
    """Read 2の10乗 and 1.5×10の6乗."""
    times = Decimal(1)
    base = number
    if view.startswith("×", number.end):
        tens = read_number(view, number.end + 1)
        if tens is None:
            return None
        times, base = number.low, tens
    sign = _POWER.match(view, base.end) or _CARET.match(view, base.end)
    exponent = read_number(view, sign.end()) if sign else None
    caret = view.startswith("^", base.end)
    if sign is None or exponent is None or not (caret or view.startswith("乗", exponent.end)):
        return None
    if exponent.low != exponent.high or abs(exponent.low) > 99 or not base.low:
        return None
    value = times * base.low ** int(_signed(exponent.low, sign, "sign"))
    return Term(value, value, exponent.end + (not caret), number, None, fraction=True)


def _signed(value: Decimal, signs: re.Match[str] | None, group: str | int = 0) -> Decimal:
    """Return `value` negated where the signs hold an odd number of minuses."""
    text = signs.group(group).replace("マイナス", "-").replace("−", "-") if signs else ""
    return -value if text.count("-") % 2 else value


def _band(view: str, term: Term) -> Term:
    """Widen 3千円台 to 3000-3999 and 5%台 to 5-5.99; 台前半 and 台後半 are its halves."""
    match = _BAND.match(view, term.end)
    if match is None or term.low != term.high or term.low <= 0:
        return term
    step = Decimal(1)
    while term.low % (step * 10) == 0:
        step *= 10
    least = Decimal(1) if step > 1 else Decimal("0.1")
    low, high = term.low, term.low + step - least
    if match["half"] == "前半":
        high = low + step / 2 - least
    elif match["half"]:
        low += step / 2
    unit = term.unit._replace(end=match.end()) if term.unit else None
    return term._replace(low=low, high=high, end=match.end(), unit=unit)
