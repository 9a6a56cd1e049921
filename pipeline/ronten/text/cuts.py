"""Cuts very long texts into parts that are read one after the other, so that memory is bounded."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise

from ronten.text.blocks import Block, BlockKind
from ronten.text.brackets import Pair
from ronten.text.sentences import Sentence, analyze

LIMIT = 40_000
"""Characters of the longest part; an article that is no book stays whole."""
# As far as a bracket looks for its partner: what is open at a cut shows behind it.
_LOOK = 4_000
_LINE_BREAKS = frozenset("\r\n\u2028\u2029\x0b\x0c\x85")
# What is not a headline when it comes to stand first in a part; see `find_blocks`.
_HEADLINE_MAX = 80
_STOP = re.compile("[。！？｡]+")
_PAUSE = re.compile(r"[\s、，,]+")
_LONGEST_CLUSTER = 16


def cuts(text: str, limit: int = LIMIT) -> Iterator[tuple[int, int]]:
    """Yield the parts `[start, end)` of a text of any length, in order and without gaps.

    A text of up to `limit` characters (at least 2) is one part, a longer one is cut in the second
    half of what may be a part, where it can be: before a heading, else before a question, a
    paragraph or a sentence, outside of brackets, lists and code; where nothing ends, at a pause or
    anywhere.
    """
    start = 0
    while (rest := len(text) - start) > limit:
        # What remains for the last part had better be no crumb.
        wanted = min(limit, rest - limit // 2)
        end = start + _cut(text[start : start + limit + _LOOK], wanted, limit)
        yield start, end
        start = end
    yield start, len(text)


def _cut(window: str, wanted: int, limit: int) -> int:
    """Return the best place to cut at `limit` or before; of equals the last.

    That is one in the second half of what is `wanted`, else one behind it, else one before it.
    """
    structure = analyze(window)
    outer = _outermost(structure.brackets.pairs)
    openers = [pair.start for pair in outer]
    best = (9, 0, 0)
    for before, after in pairwise(structure.sentences):
        at = _beginning(window, before, after)
        if at > limit:
            break
        enclosing = bisect_right(openers, at - 1) - 1
        if at < 1 or (enclosing >= 0 and at < outer[enclosing].end):
            continue
        if at < wanted // 2:
            best = min(best, (2, 0, -at))
        else:
            rank = _rank(window, before, after, structure.blocks[after.block])
            best = min(best, (int(at > wanted), rank, -at))
    return -best[2] or _anywhere(window, wanted)


def _beginning(window: str, before: Sentence, after: Sentence) -> int:
    """Where a sentence begins; the first one of a block begins with the line, marker included."""
    at = after.start
    if before.block != after.block:
        while at > before.end and window[at - 1] not in _LINE_BREAKS:
            at -= 1
    return at


def _rank(window: str, before: Sentence, after: Sentence, block: Block) -> int:
    """How bad a cut between two sentences is."""
    if before.block == after.block:
        return 4 if after.kind in (BlockKind.PARAGRAPH, BlockKind.QUOTE) else 6
    if after.kind == BlockKind.HEADING:
        return 0 if before.kind != BlockKind.HEADING else 5
    if after.kind == BlockKind.QUESTION:
        return 1
    prose = block.end - block.start > _HEADLINE_MAX or "。" in window[block.start : block.end]
    if after.kind == BlockKind.PARAGRAPH and prose and before.kind != BlockKind.HEADING:
        return 2 if before.kind == BlockKind.PARAGRAPH else 3
    return 5 if after.kind != BlockKind.CODE else 7


def _anywhere(window: str, longest: int) -> int:
    """Return the last stop or pause in the second half, else what cuts no character in two."""
    for border in (_STOP, _PAUSE):
        if found := [m.end() for m in border.finditer(window, longest // 2, longest)]:
            return found[-1]
    for at in range(longest, max(longest - _LONGEST_CLUSTER, 1), -1):
        if not _joined(window[at - 1], window[at]):
            return at
    return longest


def _joined(before: str, after: str) -> bool:
    """Whether two characters may be one for the reader (か + dakuten, emoji in a sequence)."""
    return before == "\u200d" or unicodedata.category(after) in ("Mn", "Me", "Cf", "Sk")


def _outermost(pairs: Sequence[Pair]) -> list[Pair]:
    outer: list[Pair] = []
    for pair in pairs:
        if not outer or pair.start >= outer[-1].end:
            outer.append(pair)
    return outer
