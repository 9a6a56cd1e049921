"""Japanese numerals: Arabic, kanji, positional kanji and all mixtures (1億2千万, 二〇二五, 数十億).

The grammar is `(section 万|億|兆|京)*`, a section being `(digits 千|百|十)* digits`; 数 stands for
an unknown digit and spreads the value over its place: 数百万 is 1 000 000 to 9 999 999.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

KANJI_DIGITS = "〇一二三四五六七八九"
_TO_ARABIC = str.maketrans(KANJI_DIGITS + "・点", "0123456789..", ",、 ")
NUMERALS = frozenset(KANJI_DIGITS + "十百千万億兆京0123456789")
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10**4, "億": 10**8, "兆": 10**12, "京": 10**16}

_MAX_DIGITS = 20
_MAX_TOKENS = 24

_TOKEN = re.compile(
    rf"""
    (?P<arabic> (?: [0-9]{{1,3}}(?:(?:,[0-9]{{3}})+|(?:、[0-9]{{3}})+|(?:[ ][0-9]{{3}}){{2,6}})
            (?![0-9])(?:\.[0-9]+)?
        | [0-9]+(?:\.[0-9]+)? | \.[0-9]+ ) (?:[eE][+-]?[0-9]{{1,2}}(?![0-9A-Za-z]))? )
  | (?P<kanji> [{KANJI_DIGITS}]+ (?:[・点][{KANJI_DIGITS}]+)? )
  | (?P<point> [・点](?:[{KANJI_DIGITS}]+|[0-9]+) )
  | (?P<small> [十百千] )
  | (?P<large> [万億兆京] )
  | (?P<some> [数何](?=[十百千万億兆]|10+(?![0-9])) | 数 )
  | (?P<odd> (?:余り?|あまり)(?=[万億兆]) )
    """,
    re.VERBOSE,
)
_POINT = re.compile(r"[.・点]")
_SPACED = re.compile(rf"[ ](?:(?P<large>[万億兆])|(?P<kanji>[{KANJI_DIGITS}])|(?P<small>[十百千]))")
_SPACED_ARABIC = re.compile(r"[ ](?P<arabic>[0-9]{1,3}(?:,[0-9]{3}|[0-9]?(?![0-9,.])))")
_RUN = re.compile(rf"[0-9][0-9,.]*[0-9]|[0-9]|[{KANJI_DIGITS}十百千万億兆京数]+")


class Number(NamedTuple):
    """A numeral: its value (`low` = `high` unless 数 is in it), its end, how it is written."""

    low: Decimal
    high: Decimal
    end: int
    arabic: bool
    scaled: bool
    """Built with 十百千万億兆 (二十万, 3千), not only a string of digits."""
    scale: int
    """The large unit it ends in (億 in 5億), 1 without one."""
    over: bool
    """An odd amount on top (十余万)."""


def run_end(view: str, pos: int) -> int:
    """Return the end of the run of numeral characters at `pos` (at least `pos` + 1)."""
    match = _RUN.match(view, pos)
    return match.end() if match else pos + 1


def read_number(view: str, pos: int) -> Number | None:
    """Read the longest numeral at `pos`; None where there is none or it is absurdly long."""
    total = section = Decimal(0)
    current: Decimal | None = None
    place = Decimal(0)  # what one step of 数 is worth so far; 0 without 数
    last_small = last_large = 10**20
    scale = 1
    end, tokens = pos, 0
    arabic = scaled = over = False
    while match := _TOKEN.match(view, end) or (
        _spaced(view, end, view[pos:end], arabic, scaled) if view.startswith(" ", end) else None
    ):
        tokens += 1
        if tokens > _MAX_TOKENS or match.end() - end > _MAX_DIGITS + 12:
            return None
        kind, text = match.lastgroup, match.group().strip()
        if kind in ("arabic", "kanji"):
            value = _digits(text)
            room = min(last_small, last_large)
            if value is None or current is not None or value >= room:
                break
            arabic = arabic or kind == "arabic"
            current, scale = value, 1
        elif kind == "point":
            if (
                end == pos
                or place
                or scale > 1
                or arabic != text[1].isascii()
                or _POINT.search(view[pos:end])
            ):
                break
            fraction = _digits("0" + text)
            if fraction is None:
                break
            current = (current or 0) + fraction
        elif kind == "some":
            if current is not None or place:
                break
            ahead = _TOKEN.match(view, match.end())
            if ahead and ahead.lastgroup == "arabic":
                power = ahead.group()
                if power.strip("0") != "1" or len(power) > _MAX_DIGITS:
                    break
                current = place = Decimal(power)
                arabic = True
                end = ahead.end()
                continue
            current = place = Decimal(1)
            scale = 1
        elif kind == "small":
            unit = _SMALL[text]
            if unit >= last_small:
                break
            if place and current == place:  # 数百, 百数十
                place *= unit
            section += (Decimal(1) if current is None else current) * unit
            current, last_small, scaled, scale = None, unit, True, 1
        elif kind == "large":
            unit = _LARGE[text]
            block = section + (current or 0)
            if (not block and not total) or unit == last_large:
                break
            if place:
                place *= unit
            if unit > last_large:  # 一万五千億
                total = (total + block) * unit
            else:
                total += block * unit
            section, current = Decimal(0), None
            last_small, last_large, scaled, scale = 10**20, unit, True, unit
        else:
            if current is None and not section:
                break
            over = True
        end = match.end()
    if end == pos or (over and view[end - 1] in "余りま"):
        return None
    low = total + section + (current or 0)
    high = low + place * 9 - 1 if place else low
    return Number(low, high, end, arabic, scaled, scale, over)


def whole(text: str) -> int | None:
    """Return the value of `text` if all of it is one whole number (三十一, 2025), else None."""
    number = read_number(text, 0)
    if number is None or number.end != len(text) or number.low != number.high:
        return None
    return int(number.low) if number.low == number.low.to_integral_value() else None


def tidy(value: Decimal) -> int | float:
    """Return `value` as int where it is whole, else as float."""
    # What a 64-bit integer cannot hold would not survive the formats a Doc is stored in.
    whole = value == value.to_integral_value() and abs(value) < 2**63
    return int(value) if whole else float(value)


def _spaced(view: str, pos: int, before: str, arabic: bool, scaled: bool) -> re.Match[str] | None:
    """Match what goes on behind a blank: 5 万, 3 万 4,500 and all kanji, 三千 八百."""
    if arabic and scaled:
        return _SPACED_ARABIC.match(view, pos) if " " in before and before[-1] in _LARGE else None
    match = _SPACED.match(view, pos)
    return match if match and (scaled or match.lastgroup == "large") else None


def _digits(text: str) -> Decimal | None:
    if len(text) > _MAX_DIGITS + 12:
        return None
    digits = text.translate(_TO_ARABIC)
    return None if len(digits) > _MAX_DIGITS else Decimal(digits)
