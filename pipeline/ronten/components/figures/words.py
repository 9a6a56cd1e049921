"""The words of the text as evidence: a numeral inside a longer word counts nothing."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from ronten.types import FigureKind

from .numerals import NUMERALS
from .view import Found

_SPELT = re.compile(r"[〇一二三四五六七八九十百千万億ぁ-ゖ]")
_KANA = re.compile(r"[ぁ-ゖ]+")
# Words whose tail is about the things counted: 5人組, 二人乗り, 3市町村長.
_COUNTED = re.compile(r".{1,4}(?:[組前分式制型用別毎余増減長]|乗り?|連れ|知事|議会|議員|町村)")


class Words(NamedTuple):
    """Offsets of the first character of every word of a text, and those after its last one."""

    start: Sequence[int]
    end: Sequence[int]

    def around(self, offset: int) -> tuple[int, int] | None:
        """Return the word that has a border of the text, at `offset`, inside it."""
        index = bisect_right(self.start, offset) - 1
        if index < 0 or not self.start[index] < offset < self.end[index]:
            return None
        return self.start[index], self.end[index]


def cut_by_word(view: str, found: Found, words: Words) -> bool:
    """Tell whether a figure begins or ends inside a word, so that its numeral is none."""
    if found.kind == FigureKind.DATE and _KANA.fullmatch(view, found.start, found.end):
        # する|こと|しか, つけ|させる
        return any(map(words.around, (found.start, found.end)))
    if found.kind in (FigureKind.DATE, FigureKind.MONEY, FigureKind.PERCENT):
        return False
    if _SPELT.match(view, found.start) and (word := words.around(found.start)):
        return not NUMERALS.intersection(view[word[0] : found.start])
    if found.kind != FigureKind.COUNT or found.unit is None or found.modifier is not None:
        return False
    word = words.around(found.end)
    if word is None or word[0] < found.end - len(found.unit):
        return False
    return _COUNTED.fullmatch(view, *word) is None
