"""Quantities: a numeral, its unit, a range of two, and the modifiers around them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from ronten.types import FigureKind

from . import guards
from .modifiers import after, before
from .numerals import KANJI_DIGITS, Number, read_number, tidy
from .units import Unit, is_ordinal, read_counter, read_unit
from .view import Found

_SIGN = re.compile(
    r"(?:マイナス|プラス|氷点下|〇下"
    r"|(?<![A-Za-z0-9)\]一-鿿ァ-ヺー])[-+]|(?<![A-Za-z0-9)\]])−|▲|△)[ ]?$"
)
_RANGE = re.compile(r"[ ]?(?:(?P<wave>~)|(?P<dash>-)|(?P<word>から|ないし|乃至)|(?P<comma>、))[ ]?")
_CHANGE = re.compile(r"[にへ](?!かけ|わた|渡|のぼ|上[るりっ])")
_CURRENCY = re.compile(
    r"(?:(?:US|us|HK|NT|A|C|S|NZ)?[$]|[¥€£₩₹]|(?:USD|JPY|EUR|CNY|GBP|KRW)|人民元)[ ]?"
    r"(?=[0-9〇一二三四五六七八九十百千数])"
)
_CURRENCY_CODES = {
    "$": "USD", "US$": "USD", "us$": "USD", "HK$": "HKD", "NT$": "TWD", "A$": "AUD", "C$": "CAD",
    "S$": "SGD", "NZ$": "NZD", "¥": "JPY", "€": "EUR", "£": "GBP", "₩": "KRW", "₹": "INR",
    "人民元": "CNY",
}  # fmt: skip
_LATIN_SCALE = re.compile(
    r"[ ]?(?:(?P<k>[kK]|thousand)|(?P<m>M|million|mn)|(?P<b>B|billion|bn)|(?P<t>T|trillion))"
    r"(?![A-Za-z0-9])"
)
_SCALES = {"k": 10**3, "m": 10**6, "b": 10**9, "t": 10**12}
_SLASH = re.compile(r"/(?=[0-9])")
_POWER = re.compile(r"の(?P<sign>(?:マイナス|[-−])*)(?=[0-9一二三四五六七八九十])")
_HALVES: dict[str, tuple[FigureKind, Decimal, str | None]] = {
    "半数": (FigureKind.COUNT, Decimal("0.5"), None),
    "半分": (FigureKind.COUNT, Decimal("0.5"), None),
    "半年": (FigureKind.DURATION, Decimal("0.5"), "year"),
    "半世紀": (FigureKind.DURATION, Decimal(50), "year"),
    "四半世紀": (FigureKind.DURATION, Decimal(25), "year"),
    "半日": (FigureKind.DURATION, Decimal("0.5"), "day"),
    "半月": (FigureKind.DURATION, Decimal("0.5"), "month"),
    "半時間": (FigureKind.DURATION, Decimal("0.5"), "hour"),
    "半ダース": (FigureKind.COUNT, Decimal(6), None),
    "半減": (FigureKind.MULTIPLIER, Decimal("0.5"), None),
    "倍増": (FigureKind.MULTIPLIER, Decimal(2), None),
    "倍以上": (FigureKind.MULTIPLIER, Decimal(2), None),
    "ふたつ": (FigureKind.COUNT, Decimal(2), "つ"),
    "みっつ": (FigureKind.COUNT, Decimal(3), "つ"),
    "よっつ": (FigureKind.COUNT, Decimal(4), "つ"),
    "いつつ": (FigureKind.COUNT, Decimal(5), "つ"),
    "ふたり": (FigureKind.COUNT, Decimal(2), "人"),
}
_HALF_GUARD = re.compile(r"半(?:減期|年生|分以?[上下]?に?分|日制|月板|月盤)|半分こ")
_NOT_HALF_BEFORE = "過大前後上下夜折四0123456789一二三五六七八九十"
_HALF_UNITS = {"year": 12, "month": 1, "day": 1, "hour": 1, "minute": 1}
_SMALLER = {"year": ("month", 12), "hour": ("minute", 60), "minute": ("second", 60)}
_KILO = re.compile(r"k(?![A-Za-z0-9])")
_NOUN_END = re.compile(r"(?:です|では|でな|である|だ[。、])")
_TEMPERATURE = re.compile(r"(?:摂氏|華氏)(?:温度)?の?[ ]?(?:マイナス)?[ ]?$")
_GRADE = re.compile(r"目(?!標|的)|生(?!存|活)|号|式|産|製")
_HEAT = re.compile(r"温|気|熱|摂氏|華氏|角|〇下|氷点|マイナス")
_WEIGHT_BEFORE = re.compile(r"(?:体重|重さ|重量|体が)[^。\n]{0,6}$")
_WEIGHT_AFTER = re.compile(r"(?:の重|の体重|痩|減量|やせ|太)")
_NOT_MONEY = re.compile(
    r"(?:首相|大統領|社長|会長|代表|議員|素|本|気|々|来|選手|職員|幹部|信託|日|旦|祖|禄|号|年)"
)
_NOT_PRICE = re.compile(r"(?:札|玉|硬貨|ショップ|均一|形|卓|陣|熟|滑|盤|筒|周|錐|柱|弧)")


class _Term(NamedTuple):
    """One number with its unit, before ranges and modifiers."""

    low: Decimal
    high: Decimal
    end: int
    number: Number
    unit: Unit | None
    over: bool = False
    fraction: bool = False


def read_half(view: str, pos: int) -> Found | None:
    """Read a word that is a quantity by itself: 半年, 半数, 倍増, ふたつ."""
    for length in (4, 3, 2):
        word = view[pos : pos + length]
        entry = _HALVES.get(word)
        if entry is None:
            continue
        left = view[pos - 1 : pos]
        if (left and left in _NOT_HALF_BEFORE) or _HALF_GUARD.match(view, pos):
            return None
        if entry[2] == "つ" and (left == "の" or is_ordinal(view, pos + len(word))):
            return None
        kind, value, unit = entry
        end = pos + (2 if word == "倍以上" else len(word))
        return _modified(view, pos, end, kind, value, value, unit)
    return None


def read_quantity(view: str, pos: int) -> Found | None:
    """Read the quantity whose numeral (or currency sign) begins at `pos`; None if it is none."""
    money = _CURRENCY.match(view, pos)
    begin = money.end() if money else pos
    first = _priced(view, begin, money.group().strip()) if money else _term(view, begin)
    if first is None:
        return None
    last, low, high = _join(view, pos, first)
    if not money and not _counts(view, pos, first, last):
        return None
    if (
        last is first
        and first.unit is None
        and 1 <= first.low <= 120
        and guards.age(view, pos, first.end)
    ):
        value = tidy(first.low)
        return Found(pos, first.end, FigureKind.DURATION, value, value, "year", None)
    if last is first and _refused(view, pos, first):
        return None
    return _finish(view, pos, first, last, low, high)


def _counts(view: str, pos: int, first: _Term, last: _Term) -> bool:
    """Tell whether the numeral is a quantity at all, by what stands around it."""
    unit = last.unit
    if guards.ordinal(view, pos) or (unit and unit.kind == "count" and is_ordinal(view, last.end)):
        return False
    if first.number.arabic:
        return not guards.glued(view, pos, pos if unit else last.end)
    if view[pos] == "数" and not guards.some(view, pos):
        return False
    border = after(view, last.end).border
    return guards.idiom_end(view, pos) < border + view.startswith(("前", "後"), border)


def _refused(view: str, pos: int, term: _Term) -> bool:
    """Tell whether a lone number, without a range, is no figure."""
    number, unit = term.number, term.unit
    signed = _SIGN.search(view[max(0, pos - 5) : pos])
    begin = pos - len(signed.group()) if signed else pos
    left, right = view[begin - 1 : begin], view[term.end : term.end + 1]
    if unit is None:
        if guards.labelled(view, pos):
            return True
        if number.arabic or term.fraction:
            return not guards.bare(view, begin, term.end)
        long_enough = signed or term.end - pos >= (2 if number.scaled else 3)
        if not long_enough:
            return not (
                term.end - pos == len(view)
                or (left in tuple("は、") and _NOUN_END.match(view, term.end))
            )
        if after(view, term.end).modifier:
            return False
        return _is_kanji(left, "約計") or _is_kanji(right) or "ァ" <= right <= "ヺ"
    if not unit.listed and guards.labelled_latin(view, pos):
        return True
    if unit.unit in ("つ", "人") and number.low == number.high == 1 and left == "の":
        return True
    if unit.unit == "つ" and number.low == 1 and right == "の" and not number.arabic:
        return True
    if unit.unit == "度" and right == "線":
        return True
    if not number.arabic and term.number.end - pos == 1 and unit.kind == "count":
        return unit.end - number.end == 1 and _is_kanji(left, "計約全各代表") and _is_kanji(right)
    return False


def _is_kanji(char: str, but: str = "") -> bool:
    return "一" <= char <= "鿿" and char not in but


def _priced(view: str, pos: int, sign: str) -> _Term | None:
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
    return _Term(low, high, end, number, unit, number.over)


def _term(view: str, pos: int) -> _Term | None:
    """Read a number, its fraction or power, its unit and smaller units behind it."""
    number = read_number(view, pos)
    if number is None:
        return None
    exact = number.low == number.high
    if exact:
        special = _fraction(view, number) or _power(view, pos, number)
        if special:
            return special
    low, high, end = number.low, number.high, number.end
    if number.arabic and _KILO.match(view, end):
        low, high, end = low * 1000, high * 1000, end + 1
    gap = 1 if view.startswith(" ", end) else 0
    unit = read_unit(view, end + gap)
    if unit is None and number.arabic:
        unit = read_unit(view, end + gap, "age") if low % 10 == 0 and 10 <= low <= 90 else None
        if unit is None and not gap and "." not in view[pos:end]:
            unit = read_counter(view, end)
    if unit is None:
        return _Term(low, high, end, number, None, number.over)
    return _with_unit(view, pos, number, low, high, unit)


def _with_unit(
    view: str, pos: int, number: Number, low: Decimal, high: Decimal, unit: Unit
) -> _Term | None:
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
        return _Term(low, high, end, number, unit._replace(end=end), number.over)
    low, high = low * unit.factor, high * unit.factor
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
    elif surface == "度" and (low % 1 == 0 and low < 10) and not _hot(view, pos):
        unit = unit._replace(kind="count")
    return _Term(low, high, end, number, unit._replace(end=end), number.over)


def _hot(view: str, pos: int) -> bool:
    return _HEAT.search(view[max(0, pos - 12) : pos]) is not None


def _duration(view: str, number: Number, low: Decimal, high: Decimal, unit: Unit) -> _Term | None:
    """Read what may follow a duration: 半, 代, and one smaller unit (1年3か月 is 15 months)."""
    name, end = unit.unit or "", unit.end
    surface = view[number.end : end].strip()
    if surface in ("年", "日", "週") and re.compile(r"目(?!標|的)|生(?!存|活)|号|式|産|製").match(
        view, end
    ):
        return None
    if surface in ("歳", "才") and view.startswith("代", end):
        return _Term(low, low + 9, end + 1, number, unit._replace(end=end + 1), number.over)
    if view.startswith("半", end) and name in _HALF_UNITS and unit.factor == 1:
        half = Decimal("0.5")
        return _Term(low + half, high + half, end + 1, number, unit._replace(end=end + 1))
    if surface in ("年", "時間", "分", "か月", "カ月", "ヵ月", "ヶ月") and name in _SMALLER:
        smaller, worth = _SMALLER[name]
        gap = 1 if view.startswith("と", end) else 0
        more = read_number(view, end + gap)
        if more is not None and more.low == more.high < worth:
            minor = read_unit(view, more.end)
            if minor and minor.kind == "duration" and minor.unit == smaller and minor.factor == 1:
                low, high = low * worth + more.low, high * worth + more.low
                unit = Unit("duration", smaller, Decimal(1), minor.end, True)
                return _Term(low, high, minor.end, number, unit)
    return _Term(low, high, end, number, unit, number.over)


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


def _fraction(view: str, number: Number) -> _Term | None:
    """Read 3分の2, 103と3分の2 or 2/3 whose first numeral is `number`."""
    base, part = Decimal(0), number
    if view.startswith("と", number.end):
        divisor = read_number(view, number.end + 1)
        if divisor is None or not view.startswith("分の", divisor.end):
            return None
        base, part = number.low, divisor
    if view.startswith("分の", part.end):
        top = read_number(view, part.end + 2)
        if top is None or top.low != top.high or not part.low:
            return None
        value = base + top.low / part.low
        return _Term(value, value, top.end, number, None, fraction=True)
    if number.arabic and _SLASH.match(view, number.end):
        under = read_number(view, number.end + 1)
        if (
            under
            and under.low
            and under.low == under.high
            and view[under.end : under.end + 1] != "/"
        ):
            value = number.low / under.low
            return _Term(value, value, under.end, number, None, fraction=True)
    return None


def _power(view: str, pos: int, number: Number) -> _Term | None:
    """Read 2の10乗 and 1.5×10の6乗."""
    times = Decimal(1)
    base = number
    if view.startswith("×", number.end):
        tens = read_number(view, number.end + 1)
        if tens is None:
            return None
        times, base = number.low, tens
    sign = _POWER.match(view, base.end)
    exponent = read_number(view, sign.end()) if sign else None
    if sign is None or exponent is None or not view.startswith("乗", exponent.end):
        return None
    if exponent.low != exponent.high or abs(exponent.low) > 99 or not base.low:
        return None
    minus = sign.group("sign").replace("マイナス", "-").replace("−", "-").count("-") % 2
    value = times * base.low ** (int(-exponent.low if minus else exponent.low))
    return _Term(value, value, exponent.end + 1, number, None, fraction=True)


def _join(view: str, pos: int, first: _Term) -> tuple[_Term, Decimal, Decimal]:
    """Join the second number of a range (7〜10か月, 2、3人); return the last term, low and high."""
    alone = first, first.low, first.high
    sep = _RANGE.match(view, first.end)
    if sep is None or first.fraction:
        return alone
    second = _term(view, sep.end())
    if second is None or second.fraction:
        return alone
    low, high = first.low, second.high
    unit, other = first.unit, second.unit
    if unit is None and other is not None:
        scale = second.number.scale
        if first.number.scale == 1 and scale > 1 and low <= second.number.low / scale:
            low *= scale
        low *= other.factor
    elif unit is not None and other is None:
        if unit.end != first.number.end or not sep.group("wave"):  # $5~10: the sign stands before
            return alone
    elif (
        unit is not None
        and other is not None
        and (unit.kind, unit.unit) != (other.kind, other.unit)
    ):
        return alone
    if low >= high or not _range_fits(view, pos, sep, first, second):
        return alone
    return (second if other else second._replace(unit=unit)), low, high


def _range_fits(view: str, pos: int, sep: re.Match[str], first: _Term, second: _Term) -> bool:
    """Tell whether the separator makes a range: dashes and commas do so rarely."""
    if sep.group("wave"):
        return True
    if sep.group("word"):
        return not _CHANGE.match(view, second.end) if sep.group("word") == "から" else True
    if sep.group("dash"):
        return second.unit is not None and " " not in sep.group()
    one, two = view[pos : first.number.end], view[sep.end() : second.number.end]
    digits = KANJI_DIGITS if one[-1] in KANJI_DIGITS else "0123456789"
    return (
        first.unit is None
        and second.unit is not None
        and len(one) == 1 == len(two.rstrip("十百千万億兆"))
        and one in digits
        and digits.index(one) + 1 == digits.find(two[0])
    )


def _finish(
    view: str, pos: int, first: _Term, last: _Term, low: Decimal, high: Decimal
) -> Found | None:
    """Add sign, kind and modifiers."""
    unit = last.unit
    start = pos
    if sign := _SIGN.search(view[max(0, pos - 5) : pos]):
        start = pos - len(sign.group())
        if sign.group().strip() not in ("プラス", "+"):
            low, high = -high, -low
    if (
        unit is not None
        and unit.unit == "度"
        and (heat := _TEMPERATURE.search(view[max(0, pos - 12) : pos]))
    ):
        start = pos - len(heat.group())
    kind = FigureKind(unit.kind) if unit else FigureKind.COUNT
    return _modified(
        view, start, last.end, kind, low, high, unit.unit if unit else None, last.over or first.over
    )


def _modified(
    view: str,
    start: int,
    end: int,
    kind: FigureKind,
    low: Decimal,
    high: Decimal,
    unit: str | None,
    over: bool = False,
) -> Found:
    """Widen the span over the modifiers and open the value they leave open."""
    border, modifier = before(view, start)
    if modifier is not None and not (view[border] == "~" and view[border - 1 : border].isalnum()):
        start = border
    else:
        modifier = None
    stop, suffix = after(view, end)
    modifier = suffix or ("over" if over else modifier)
    return Found(
        start,
        stop,
        kind,
        None if modifier == "under" else tidy(low),
        None if modifier == "over" else tidy(high),
        unit,
        modifier,
    )
