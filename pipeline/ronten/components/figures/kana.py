"""Numerals spelt in kana: きゅうじゅうなな, にまんごせん; they stand between other characters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

_DIGITS = {
    "いち": 1, "いっ": 1, "に": 2, "さん": 3, "よん": 4, "ご": 5, "ろく": 6, "ろっ": 6, "なな": 7,
    "しち": 7, "はち": 8, "はっ": 8, "きゅう": 9,
}  # fmt: skip
_SMALL = {"じゅう": 10, "ひゃく": 100, "びゃく": 100, "ぴゃく": 100, "せん": 1000, "ぜん": 1000}
_LARGE = {"まん": 10**4, "おく": 10**8}
_WORD = re.compile("|".join([*_DIGITS, *_SMALL, *_LARGE]))
_MAYBE = re.compile(r"[いにさよごろなしはきじひせまお](?<![ぁ-ゖー].)[ちっじひせまおんゅなゃくょ]")
_NUMERAL = re.compile(
    rf"(?<![ぁ-ゖー])(?!(?<=[一-鿿])じゅう)"
    rf"(?:{'|'.join(_DIGITS)})?(?:{'|'.join([*_SMALL, *_LARGE])})"
    rf"(?:{_WORD.pattern})*(?![ぁ-ゖー])"
    r"|(?:(?<=[ ])|^)(?:いち|よん|ろく|なな|しち|はち|きゅう)(?=[ ]|$)"
)


def kana_numerals(view: str) -> Iterator[tuple[int, int, Decimal]]:
    """Yield start, end and value of the numerals in kana that say more than one bare power."""
    for place in _MAYBE.finditer(view):
        match = _NUMERAL.match(view, place.start())
        if match is None:
            continue
        words = _WORD.findall(match.group())
        if len(words) == 1 and words[0] not in _DIGITS:
            continue
        value = _value(words)
        if value is not None:
            yield match.start(), match.end(), Decimal(value)


def _value(words: list[str]) -> int | None:
    """Return the value of digits and powers in falling order, None if they are no numeral."""
    total = section = 0
    digit: int | None = None
    small, large = 10**4, 10**12
    for word in words:
        if word in _DIGITS:
            if digit is not None:
                return None
            digit = _DIGITS[word]
        elif word in _SMALL:
            if _SMALL[word] >= small:
                return None
            small = _SMALL[word]
            section += (1 if digit is None else digit) * small
            digit = None
        else:
            section += digit or 0
            if not section or _LARGE[word] >= large:
                return None
            large, small, digit = _LARGE[word], 10**4, None
            total, section = total + section * large, 0
    return total + section + (digit or 0)
