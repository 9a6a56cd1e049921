"""Quantities: a term or a range of two, and the modifiers around them."""

from __future__ import annotations

import re
from decimal import Decimal

from ronten.types import FigureKind

from . import guards
from .modifiers import after, before
from .numbering import numbering
from .numerals import KANJI_DIGITS, tidy, whole
from .terms import Term, read_price, read_term
from .units import is_ordinal, read_unit
from .view import Found

_SIGN = re.compile(
    r"(?:マイナス|プラス|氷点下|〇下"
    r"|(?<![A-Za-z0-9)\]一-鿿ぁ-ゖァ-ヺー-])(?<![0-9] )[-+](?![ ])|(?<![A-Za-z0-9)\]])−|▲|△)[ ]?$"
)
_RANGE = re.compile(r"[ ]?(?:(?P<wave>~)|(?P<dash>-)|(?P<word>から|ないし|乃至)|(?P<comma>、))[ ]?")
_CHANGE = re.compile(r"[にへ](?!かけ|わた|渡|のぼ|上[るりっ])")
_CURRENCY = re.compile(
    r"(?:(?:US|us|HK|NT|A|C|S|NZ)?[$]|[¥€£₩₹]|(?:USD|JPY|EUR|CNY|GBP|KRW)|人民元)[ ]?"
    r"(?=[0-9〇一二三四五六七八九十百千数])"
)
_RATIO = re.compile(r"(?:当たり|あたり)?に[ ]?(?:付き|つき)?(?=[1-9一二三四五六七八九])")
_WHOLE = re.compile(r"(?<![一-鿿])(?:丸|満|まる)$")
_VERSUS = re.compile(r"対[0-9一二三四五六七八九]")
_QUAKE_BEFORE = re.compile(r"震度$")
_HALVES: dict[str, tuple[FigureKind, Decimal, str | None]] = {
    "半数": (FigureKind.COUNT, Decimal("0.5"), None),
    "半分": (FigureKind.COUNT, Decimal("0.5"), None),
    "半年": (FigureKind.DURATION, Decimal("0.5"), "year"),
    "半年間": (FigureKind.DURATION, Decimal("0.5"), "year"),
    "半々": (FigureKind.COUNT, Decimal("0.5"), None),
    "半世紀": (FigureKind.DURATION, Decimal(50), "year"),
    "4半世紀": (FigureKind.DURATION, Decimal(25), "year"),
    "四半世紀": (FigureKind.DURATION, Decimal(25), "year"),
    "半日": (FigureKind.DURATION, Decimal("0.5"), "day"),
    "半月": (FigureKind.DURATION, Decimal("0.5"), "month"),
    "半時間": (FigureKind.DURATION, Decimal("0.5"), "hour"),
    "半ダース": (FigureKind.COUNT, Decimal(6), None),
    "半減": (FigureKind.MULTIPLIER, Decimal("0.5"), None),
    "半額": (FigureKind.MULTIPLIER, Decimal("0.5"), None),
    "過半数": (FigureKind.COUNT, Decimal("0.5"), None),
    "ゼロ": (FigureKind.COUNT, Decimal(0), None),
    "倍増": (FigureKind.MULTIPLIER, Decimal(2), None),
    "倍": (FigureKind.MULTIPLIER, Decimal(2), None),
    "ふたつ": (FigureKind.COUNT, Decimal(2), "つ"),
    "みっつ": (FigureKind.COUNT, Decimal(3), "つ"),
    "よっつ": (FigureKind.COUNT, Decimal(4), "つ"),
    "いつつ": (FigureKind.COUNT, Decimal(5), "つ"),
    "ふたり": (FigureKind.COUNT, Decimal(2), "人"),
    "ひと月": (FigureKind.DURATION, Decimal(1), "month"),
}
# 面白半分 is half in jest, 島の北半分 which half, not how much.
_HALF_SAID = re.compile(r"(?:面白|話|冗談|遊び|興味|いたずら|(?<![一-鿿])[東西南北左右])$")
_HALF_GUARD = re.compile(r"半(?:減期|年生|分以?[上下]?に?分|日制|月板|月盤)|半分こ")
# Words that are a figure only where particles stand on both sides.
_LOOSE = {
    "倍": re.compile(r"倍(?:に(?!当|相)|の|以上|近|増|まで)"),
    "ゼロ": re.compile(r"ゼロ(?:に(?!す?る?こと)|だ|で(?!き)|と|[。、]|$)"),
}
_NTH = ("count", "duration")
_VOTE = re.compile(
    r"(?:(?:賛成|反対|棄権|欠席|無効|白票|定数|定員|欠員)が?|[0-9一二三四五六七八九]対)$"
)
_KANA_COUNTS = ("ふたつ", "みっつ", "よっつ", "いつつ", "ふたり")
# 闘いつつ, 家にいつつ and うりふたつ end in the same letters.
_KANA_LEFT = ("", *"はをがものや、。「『(・ \n")
_LOOSE_LEFT = ("", *"はをがもでにらのや、。")
_NOT_HALF_BEFORE = "過大前後上下夜折四0123456789一二三五六七八九十"
_NOUN_END = re.compile(r"(?:です|では|でな|である|だ[。、])")
# 一企業の話 is that of any company; 一社 and 一店 are counted.
_MERE = re.compile(
    r"一(?:クラブ|チーム|企業|団体|組織|グループ|メーカー|ブランド|メンバー|スタッフ|ユーザー?|ファン|ショップ"
    r"|ホテル|選手|社員|議員|学校|大学|家庭|会派|政党|都市|市町村|劇場|病院|業界|産業|分野|部門|ジャンル|作品"
    r"|製品|商品|要素|要因|事例|例|研究所|研究室|地域|機関|施設)(?![ずごあ当分])"
)
_PRONOUN_END = re.compile(r"[でがはをにとも、。だ]")
_AGE = re.compile(
    r"(?:[一-鿿]{1,5}(?=[(][1-9][0-9][)]))?[ ]?[(](?:[一-鿿ァ-ヴー]{2,8}[ ・、])?"
    r"(?P<age>[1-9][0-9]?|1[01][0-9]|[一二三四五六七八九]?十[一二三四五六七八九]?)[)]"
)
# 四十をこした由起さん: past an age, in the tens that ages are told by.
_PAST_AGE = re.compile(
    r"(?<![第百千0-9一二三四五六七八九])[二三四五六七八九]十(?:を(?:過ぎ|すぎ|越え|こえ|こした)|過ぎ(?=[のて、]))"
)
_TEMPERATURE = re.compile(r"(?:摂氏|華氏)(?:温度)?の?[ ]?(?:マイナス)?[ ]?$")


def read_half(view: str, pos: int) -> Found | None:
    """Read a word that is a quantity by itself: 半年, 半数, 倍増, ふたつ."""
    for length in (4, 3, 2, 1):
        word = view[pos : pos + length]
        entry = _HALVES.get(word)
        if entry is None:
            continue
        left = view[pos - 1 : pos]
        if (left and left in _NOT_HALF_BEFORE) or _HALF_GUARD.match(view, pos):
            return None
        if word == "半分" and _HALF_SAID.search(view[max(0, pos - 4) : pos]):
            return None
        if word in _LOOSE and not (left in _LOOSE_LEFT and _LOOSE[word].match(view, pos)):
            return None
        if word in _KANA_COUNTS and left not in _KANA_LEFT:
            return None
        if entry[2] == "つ" and (left == "の" or is_ordinal(view, pos + len(word))):
            return None
        kind, value, unit = entry
        over = word == "過半数"
        return _modified(view, pos, pos + len(word), kind, value, value, unit, over)
    return None


def read_quantity(view: str, pos: int) -> Found | None:
    """Read the quantity whose numeral (or currency sign) begins at `pos`; None if it is none."""
    money = _CURRENCY.match(view, pos)
    begin = money.end() if money else pos
    first = read_price(view, begin, money.group().strip()) if money else read_term(view, begin)
    if first is None:
        return None
    if (share := _share(view, pos, first)) is not None:
        return share
    if past := _PAST_AGE.match(view, pos):
        years = tidy(first.low)
        return Found(pos, past.end(), FigureKind.DURATION, years, None, "year", "over")
    last, low, high = _join(view, pos, first)
    if not money and not _counts(view, pos, first, last):
        return None
    if (
        last is first
        and first.unit is None
        and 1 <= first.low <= 120
        and guards.age(view, pos, first.end)
    ):
        return _aged(pos, first.end, int(first.low))
    if last is first and _refused(view, pos, first):
        return None
    return _finish(view, pos, first, last, low, high)


def read_age(view: str, pos: int) -> Found | None:
    """Read the age in brackets behind somebody's name: （29）, （会社員・五十七）."""
    match = _AGE.match(view, pos)
    years = whole(match["age"]) if match else None
    return _aged(*match.span("age"), years) if match and years else None


def _aged(start: int, end: int, years: int) -> Found:
    return Found(start, end, FigureKind.DURATION, years, years, "year", None)


def read_kana(view: str, start: int, end: int, value: Decimal) -> Found:
    """Return the quantity of a numeral in kana, with the unit behind it."""
    unit = read_unit(view, end + view.startswith(" ", end))
    kind = FigureKind(unit.kind) if unit else FigureKind.COUNT
    value *= unit.factor if unit else 1
    stop = unit.end if unit else end
    return _modified(view, start, stop, kind, value, value, unit.unit if unit else None)


def _share(view: str, pos: int, whole: Term) -> Found | None:
    """Read 4人に1人 and 百人に六人 as the fraction they are."""
    sep = _RATIO.match(view, whole.end) if whole.unit and whole.unit.kind == "count" else None
    part = read_term(view, sep.end()) if sep else None
    if part is None or part.unit is None or part.unit[:2] != (whole.unit or part.unit)[:2]:
        return None
    if part.low != part.high or not part.low < whole.low == whole.high <= 1000:
        return None
    if part.low != 1 and whole.low > 10 and whole.low % 10:  # 37人に5人
        return None
    share = part.low / whole.low
    return _modified(view, pos, part.end, FigureKind.COUNT, share, share, None)


def _counts(view: str, pos: int, first: Term, last: Term) -> bool:
    """Tell whether the numeral is a quantity at all, by what stands around it."""
    unit = last.unit
    nth = unit is not None and (unit.kind in _NTH or unit.unit == "度")
    if guards.ordinal(view, pos) or (nth and is_ordinal(view, last.end)):
        return False
    if unit and numbering(view, pos, last.number.end, unit.end):
        return False
    if unit and _repeated(view, pos, last.end):
        return False
    if view[pos] == "数" and not guards.some(view, pos):
        return False
    if guards.grade(view, pos, unit):
        return False
    if first.number.arabic:
        if unit and unit.kind == "money" and view[pos - 1 : pos] == "=":
            return True
        if guards.idiom_end(view, pos) >= last.end or guards.inside_word(view, pos):
            return False
        return not guards.glued(view, pos, pos if unit else last.end)
    if guards.inside_word(view, pos):
        return False
    border = after(view, last.end).border
    return guards.idiom_end(view, pos) < border + view.startswith(("前", "後"), border)


def _refused(view: str, pos: int, term: Term) -> bool:
    """Tell whether a lone number, without a range, is no figure."""
    number, unit = term.number, term.unit
    signed = _SIGN.search(view[max(0, pos - 5) : pos])
    begin = pos - len(signed.group()) if signed else pos
    left, right = view[begin - 1 : begin], view[term.end : term.end + 1]
    if unit is None:
        if guards.labelled(view, pos):
            return True
        if _QUAKE_BEFORE.search(view[max(0, pos - 2) : pos]):
            return False
        if term.end - pos <= 2 and view.startswith("強", term.end):  # 2強
            return True
        if _VERSUS.match(view, term.end):
            return False
        if _VOTE.search(view[max(0, pos - 3) : pos]):
            return False
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
    if guards.rank(view, pos, term.end) and not number.arabic:
        return True
    if not unit.listed and guards.labelled_latin(view, pos):
        return True
    if unit.unit in ("つ", "人") and number.low == number.high == 1 and left == "の":
        return True
    if unit.unit == "つ" and number.low == 1 and right == "の" and not number.arabic:
        return True
    if number.low == number.high == 1 and not number.arabic and _one_of(view, pos, term):
        return True
    if unit.unit == "度" and right == "線":
        return True
    if not number.arabic and term.number.end - pos == 1 and unit.kind == "count":
        return unit.end - number.end == 1 and _is_kanji(left, "計約全各代表") and _is_kanji(right)
    return False


def _repeated(view: str, pos: int, end: int) -> bool:
    """Tell whether the words stand twice, for one after the other (一枚一枚, 1つ1つ)."""
    words, length = view[pos:end], end - pos
    return view.startswith(words, end) or view[max(0, pos - length) : pos] == words


def _one_of(view: str, pos: int, term: Term) -> bool:
    """Tell whether 一社 or 一室 stands for the thing itself (供給先の一社が, ホテルの一室で)."""
    counted = term.unit is not None and term.unit.kind == "count"
    left = view[max(0, pos - 3) : pos]
    if counted and _MERE.match(view, pos):
        return True
    if not (counted and left.endswith("の")) or left in ("最初の", "最後の", "残りの", "唯一の"):
        return False
    return _PRONOUN_END.match(view, term.end) is not None


def _is_kanji(char: str, but: str = "") -> bool:
    return "一" <= char <= "鿿" and char not in but


def _join(view: str, pos: int, first: Term) -> tuple[Term, Decimal, Decimal]:
    """Join the second number of a range (7〜10か月, 2、3人); return the last term, low and high."""
    alone = first, first.low, first.high
    sep = _RANGE.match(view, first.end)
    if sep is None or first.fraction:
        return alone
    second = read_term(view, sep.end())
    if second is None or second.fraction:
        return alone
    low, high = first.low, second.high
    if first.unit is None and low % 1 and not high % 1:  # 3.11から15年
        return alone
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


def _range_fits(view: str, pos: int, sep: re.Match[str], first: Term, second: Term) -> bool:
    """Tell whether the separator makes a range: dashes and commas do so rarely."""
    if sep.group("wave"):
        return True
    if sep.group("word"):
        return sep.group("word") != "から" or not _changes(view, second.end)
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


def _changes(view: str, end: int) -> bool:
    """Tell whether から tells of a change, not of a range (4割から5割強に増える)."""
    border = after(view, end).border
    return (view.startswith("を", end) and border > end) or _CHANGE.match(view, border) is not None


def _finish(
    view: str, pos: int, first: Term, last: Term, low: Decimal, high: Decimal
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
    if kind == FigureKind.DURATION and (whole := _WHOLE.search(view[max(0, start - 3) : start])):
        start -= len(whole.group())
    border, modifier = before(view, start)
    if modifier is not None and not (view[border] == "~" and view[border - 1 : border].isalnum()):
        start = border
    else:
        modifier = None
    stop, suffix = after(view, end)
    if _QUAKE_BEFORE.search(view[max(0, start - 2) : start]):
        suffix, over = None, False
    if suffix == "under" and low != high and view.startswith("まで", end):
        return Found(start, stop, kind, tidy(low), tidy(high), unit, modifier)
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
