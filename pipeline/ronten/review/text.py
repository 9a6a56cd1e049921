"""The text of an article as HTML in which every piece knows its offset."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from markupsafe import Markup, escape

from ronten.report.marks import COLOURS, Block, clean, colours
from ronten.text.blocks import find_blocks
from ronten.types import Annotation

_ENDS = "\r\n\u2028\u2029\x0b\x0c\x85"


def blocks(annotation: Annotation, letters: Sequence[str]) -> Iterator[Block]:
    """Yield the text of an article block by block; nothing of it but blank lines is left out.

    Claims are marked as in the report, with the `letters` of their holders; every piece of text has
    its offset in `data-at`.
    """
    pieces = _Pieces(annotation, letters)
    text, end = annotation.text, 0
    for block in find_blocks(text):
        line = max(end, *(text.rfind(char, end, block.start) + 1 for char in _ENDS))
        start = line if text[line : block.start].strip() else block.start  # its marker is in front
        yield from _between(pieces, text, end, line)
        yield Block(block.kind.value, "", pieces.html(start, block.end))
        end = block.end
    yield from _between(pieces, text, end, len(text))


def _between(pieces: _Pieces, text: str, start: int, end: int) -> Iterator[Block]:
    """Yield what stands between the lines of blocks, rules above all."""
    at = start
    for place in [*(i for i in range(start, end) if text[i] in _ENDS), end]:
        if text[at:place].strip():
            yield Block("rule", "", pieces.html(at, place))
        at = place + 1


class _Pieces:
    def __init__(self, annotation: Annotation, letters: Sequence[str]) -> None:
        self._text = annotation.text
        self._letters = letters
        numbers = colours(annotation)
        self._colours = [numbers[claim.holder] % COLOURS for claim in annotation.claims]
        self._begun: set[int] = set()
        spans = [
            *((span, "claim", n) for n, c in enumerate(annotation.claims) for span in c.content),
            *((c.source, "source", n) for n, c in enumerate(annotation.claims) if c.source),
            *((c.cue, "cue", n) for n, c in enumerate(annotation.claims) if c.cue),
        ]
        spans.sort(key=lambda mark: -(mark[0][1] - mark[0][0]))  # of two claims, the longer outside
        self._cuts = sorted({0, len(self._text), *(edge for span, *_ in spans for edge in span)})
        index = {cut: number for number, cut in enumerate(self._cuts)}
        self._marks: list[list[tuple[str, int]]] = [[] for _ in self._cuts]
        for (start, end), kind, number in spans:
            for piece in range(index[start], index[end]):
                self._marks[piece].append((kind, number))

    def html(self, start: int, end: int) -> Markup:
        """Return a part of the text as HTML."""
        inner = self._cuts[bisect_right(self._cuts, start) : bisect_left(self._cuts, end)]
        cuts = [start, *inner, end]
        return Markup("".join(self._piece(a, b) for a, b in pairwise(cuts)))

    def _piece(self, start: int, end: int) -> str:
        marks = self._marks[bisect_right(self._cuts, start) - 1]
        claims = [number for kind, number in marks if kind == "claim"]
        classes = list(dict.fromkeys(kind for kind, _ in marks))
        more = f' data-at="{start}"'
        if claims:
            classes.append(f"h{self._colours[claims[-1]]}")
            more += f' data-claims="{_joined(claims)}"'
            if new := [number for number in claims if number not in self._begun]:
                self._begun.update(new)
                letter = escape(self._letters[new[-1]])
                more += f' data-starts="{_joined(new)}" data-letter="{letter}"'
        if of := [number for kind, number in marks if kind != "claim"]:
            more += f' data-of="{_joined(of)}"'
        if classes:
            more += f' class="{" ".join(classes)}"'
        return f"<span{more}>{escape(clean(self._text[start:end]))}</span>"


def _joined(numbers: Iterable[int]) -> str:
    return " ".join(map(str, numbers))
