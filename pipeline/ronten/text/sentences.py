"""Sentences of a text: never broken inside brackets, exact offsets, linear time."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from ronten.text.blocks import Block, BlockKind, find_blocks
from ronten.text.brackets import Brackets, Pair, find_brackets


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence `[start, end)` with its final stop, without bullets and surrounding blanks."""

    start: int
    end: int
    kind: BlockKind
    block: int
    """Index of the block (paragraph) the sentence stands in."""


@dataclass(frozen=True, slots=True)
class TextStructure:
    """What can be told from the characters alone."""

    blocks: Sequence[Block]
    brackets: Brackets
    sentences: Sequence[Sentence]


# A full stop of any width; Latin marks count only where no name or number continues.
_STOP = re.compile(
    r"[。！？｡]+|[!?]+(?=[\s\u3000」』）)\]]|\Z)|(?<=[^\sA-Za-z0-9.])[.．]+(?![0-9A-Za-z.])"
)
_TRAILING_STOP = re.compile(r"[。！？｡!?]\s*\Z")
# What follows a closed quotation when the sentence goes on.
_GOES_ON = re.compile(
    r"[\s\u3000]*(?:[とをのはがもでにへや、，,。．.（(「『」』）)】・：:!！?？…]|って|など|から|より|まで|だ|です|である|なら|ほか|等|し、)"
)
_LEADING = re.compile(r"(?:[\s\u3000\]］）)】]|[-–—*•・●■◆▪](?=[\s\u3000]))+")


def analyze(text: str) -> TextStructure:
    """Find blocks, bracket pairs and sentences of a text of any length."""
    blocks = find_blocks(text)
    brackets = find_brackets(text)
    outer = _outermost(brackets.pairs)
    sentences: list[Sentence] = []
    for index, block in enumerate(blocks):
        if sentences and block.start < sentences[-1].end:
            continue  # the block lies inside a quotation that runs over paragraphs
        for start, end in split(text, block.start, block.end, outer):
            sentences.append(Sentence(start, end, block.kind, index))
    return TextStructure(blocks, brackets, sentences)


def split(text: str, start: int, end: int, pairs: Sequence[Pair]) -> list[tuple[int, int]]:
    """Split `text[start:end]` into sentences at stops outside `pairs`.

    Args:
        pairs: bracket pairs sorted by start that do not nest in each other. A pair that starts
            inside the range and ends beyond it extends the last sentence (quotation over
            paragraphs).

    Returns:
        Trimmed spans in order; blank stretches give none.
    """
    borders: list[int] = []
    position = start
    limit = end
    index = bisect_left(pairs, start, key=_start)
    while position < limit:
        pair = pairs[index] if index < len(pairs) and pairs[index].start < limit else None
        borders.extend(
            m.end() for m in _STOP.finditer(text, position, pair.start if pair else limit)
        )
        if pair is None:
            break
        if not pair.quotes and _is_aside(text, pair, borders[-1] if borders else start):
            borders.extend(m.end() for m in _STOP.finditer(text, pair.start, pair.end))
            borders.append(pair.end)
            position = pair.end
            index += 1
            continue
        if pair.end > limit:
            limit = min(_line_end(text, pair.end), len(text))
        if pair.quotes and _closes_sentence(text, pair, limit):
            borders.append(pair.end)
        position = pair.end
        index += 1
    spans: list[tuple[int, int]] = []
    previous = start
    for border in [*borders, limit]:
        if border > previous and (span := _trim(text, previous, border)):
            spans.append(span)
            previous = border
    return spans


def inner_sentences(
    text: str, span: tuple[int, int], pairs: Sequence[Pair]
) -> list[tuple[int, int]]:
    """Sentences inside a quotation, without their final stops.

    Args:
        span: the quotation without its brackets.
        pairs: all bracket pairs of the text, sorted by start.
    """
    start, end = span
    inside = _outermost([p for p in _between(pairs, start, end) if p.end <= end])
    result: list[tuple[int, int]] = []
    for left, right in split(text, start, end, inside):
        stop = min(right, end)
        while stop > left and text[stop - 1] in "。｡ \t\u3000\r\n":
            stop -= 1
        if stop > left:
            result.append((left, stop))
    return result


def _is_aside(text: str, pair: Pair, border: int) -> bool:
    """Whether brackets hold sentences of their own: (…だ。…だ)。 or [XX: …だ。] …"""
    return (
        not text[border : pair.start].strip()
        and pair.end <= len(text)
        and _STOP.search(text, pair.start, pair.end) is not None
    )


def _closes_sentence(text: str, pair: Pair, limit: int) -> bool:
    """Whether a quotation that holds whole sentences ends one itself: 「…だ。」田中氏は…."""
    return (
        pair.end < limit
        and _TRAILING_STOP.search(text, max(pair.start, pair.end - 4), pair.end - 1) is not None
        and not _GOES_ON.match(text, pair.end)
    )


def _outermost(pairs: Sequence[Pair]) -> list[Pair]:
    outer: list[Pair] = []
    for pair in pairs:
        if not outer or pair.start >= outer[-1].end:
            outer.append(pair)
    return outer


def _between(pairs: Sequence[Pair], start: int, end: int) -> Sequence[Pair]:
    return pairs[bisect_left(pairs, start, key=_start) : bisect_left(pairs, end, key=_start)]


def _start(pair: Pair) -> int:
    return pair.start


def _line_end(text: str, position: int) -> int:
    match = re.compile(r"[\r\n]").search(text, position)
    return match.start() if match else len(text)


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    if match := _LEADING.match(text, start, end):
        start = match.end()
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end and any(c.isalnum() for c in text[start:end]) else None
