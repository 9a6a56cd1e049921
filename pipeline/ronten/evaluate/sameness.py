"""When two holders, names or values count as the same."""

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import normalize

from ronten.types import Holder, Kind

Value = int | float | str | None

TOLERANCE = 0.01
"""Numbers are equal within this share of the larger one."""

_VOICES = frozenset({Kind.UNSPECIFIED, Kind.ARTICLE_AUTHOR})
_IGNORED = re.compile(r"[\s・=＝、,()]|氏$|さん$")
_PART_BORDER = re.compile(r"[\s・=＝]+")
_FULL_NAME = 6
"""Kanji names up to this length may start or end with a surname or given name."""


def same_holder(left: Holder, right: Holder) -> bool:
    """Tell whether two holders of one article are the same.

    They are where both are unspecified, both the unnamed author, where the names are equal, or one
    name is a whole part of the other (a surname or given name).
    """
    if left.kind is right.kind and left.kind in _VOICES and not (left.name and right.name):
        return True
    a, b = plain_name(left.name), plain_name(right.name)
    if not a or not b:
        return left.kind is right.kind and a == b
    return a == b or a in _parts(right.name) or b in _parts(left.name) or _kanji_part(a, b)


@lru_cache(maxsize=65_536)
def plain_name(name: str) -> str:
    """Return a name as names are compared: NFKC, no case, spaces, middle dots or honorific."""
    return _IGNORED.sub("", normalize("NFKC", name).casefold())


def same_value(left: Value, right: Value) -> bool:
    """Tell whether two ends of a figure agree: numbers within 1 %, anything else if equal."""
    if isinstance(left, int | float) and isinstance(right, int | float):
        return abs(left - right) <= TOLERANCE * max(abs(left), abs(right))
    return left == right


@lru_cache(maxsize=65_536)
def _parts(name: str) -> frozenset[str]:
    parts = (plain_name(part) for part in _PART_BORDER.split(normalize("NFKC", name)))
    return frozenset(part for part in parts if len(part) >= 2)


def _kanji_part(a: str, b: str) -> bool:
    """Tell whether one kanji name starts or ends the other (高市 in 高市早苗)."""
    short, long = sorted((a, b), key=len)
    return (
        len(short) >= 2
        and len(long) <= _FULL_NAME
        and all("一" <= char <= "鿿" for char in short)
        and (long.startswith(short) or long.endswith(short))
    )
