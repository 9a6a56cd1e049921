"""The text of an article as HTML: every block of it, with claims, names and figures marked."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from markupsafe import Markup, escape

from ronten.text.blocks import find_blocks
from ronten.types import Annotation, Span

COLOURS = 8
"""Number of colours that holders take turns in."""

# What browsers drop or turn into something else is shown as what it is: not a character of text.
_CONTROL = {
    **dict.fromkeys((*range(32), *range(127, 160)), "\N{REPLACEMENT CHARACTER}"),
    **dict.fromkeys(range(0xD800, 0xE000), "\N{REPLACEMENT CHARACTER}"),
    9: "\t",
    10: "\n",
    13: "\n",
}
_ENDS = "\r\n\u2028\u2029\x0b\x0c\x85"


class Mark(NamedTuple):
    """A span to be marked: `kind` is claim, source, cue, entity or figure.

    `number` is that of the claim it belongs to, `title` what is said of it where one points at it.
    """

    span: Span
    kind: str
    number: int | None = None
    title: str = ""


class Block(NamedTuple):
    """A block of the text as HTML; `marker` is what stands before it in its line."""

    kind: str
    marker: str
    html: Markup


def clean(text: str) -> str:
    """Return text without the control characters that no page can show."""
    return text.translate(_CONTROL)


def blocks(
    annotation: Annotation, marks: Iterable[Mark], letters: Sequence[str]
) -> Iterator[Block]:
    """Yield the text of an article block by block; nothing of it but blank lines is left out.

    `letters` are the signs of the holders of its claims, by number of the claim.
    """
    text = annotation.text
    places = _Pieces(text, marks, _colours(annotation), letters)
    end = 0
    for block in find_blocks(text):
        *lines, marker = _lines(text, end, block.start)
        yield from _between(text, lines)
        yield Block(
            block.kind.value, text[slice(*marker)].strip(), places.html(block.start, block.end)
        )
        end = block.end
    yield from _between(text, _lines(text, end, len(text)))


def colours(annotation: Annotation) -> dict[str, int]:
    """Return the number of the colour of every holder with a claim, in the order of the text."""
    found: dict[str, int] = {}
    for claim in sorted(annotation.claims, key=lambda c: c.content[0]):
        found.setdefault(claim.holder, len(found))
    return found


def _colours(annotation: Annotation) -> list[int]:
    by_holder = colours(annotation)
    return [by_holder[claim.holder] % COLOURS for claim in annotation.claims]


def _lines(text: str, start: int, end: int) -> list[Span]:
    """Return the lines, or parts of lines, between two places."""
    cuts = [start, *(i + 1 for i in range(start, end) if text[i] in _ENDS)]
    return [(a, b) for a, b in pairwise([*cuts, end])]


def _between(text: str, lines: Iterable[Span]) -> Iterator[Block]:
    for start, end in lines:
        if line := text[start:end].strip():
            yield Block("rule", "", escape(clean(line)))


class _Pieces:
    """The text cut wherever a mark begins or ends, with the marks of each piece."""

    def __init__(
        self, text: str, marks: Iterable[Mark], colours: Sequence[int], letters: Sequence[str]
    ) -> None:
        self._text = text
        self._colours = colours
        self._letters = letters
        self._begun: set[int] = set()
        begin: dict[int, list[Mark]] = defaultdict(list)
        end: dict[int, list[Mark]] = defaultdict(list)
        for mark in sorted(
            marks, key=lambda m: -m.span[1]
        ):  # of two that begin together, longer first
            begin[mark.span[0]].append(mark)
            end[mark.span[1]].append(mark)
        self._cuts = sorted({*begin, *end, 0, len(text)})
        self._marks: list[tuple[Mark, ...]] = []
        open_: list[Mark] = []
        for cut in self._cuts:
            for mark in end.get(cut, ()):
                if mark in open_:
                    open_.remove(mark)
            open_ += [mark for mark in begin.get(cut, ()) if mark.span[0] < mark.span[1]]
            self._marks.append(tuple(open_))

    def html(self, start: int, end: int) -> Markup:
        """Return a part of the text as HTML."""
        first = bisect_left(self._cuts, start + 1) - 1
        last = bisect_left(self._cuts, end)
        cuts = [start, *self._cuts[first + 1 : last], end]
        parts: list[str] = []
        open_: tuple[int, ...] = ()
        for number, (a, b) in enumerate(pairwise(cuts), first):
            marks = self._marks[number]
            claims = tuple(dict.fromkeys(m.number for m in marks if m.kind == "claim"))
            held = tuple(claim for claim in claims if claim is not None)
            if held != open_:
                parts += ["</span>"] if open_ else []
                parts += [self._claim(held)] if held else []
                open_ = held
            parts.append(self._piece(a, b, marks))
        parts += ["</span>"] if open_ else []
        return Markup("".join(parts))

    def _claim(self, claims: tuple[int, ...]) -> str:
        """Return the start of the element round a run of text that some claims share."""
        new = [claim for claim in claims if claim not in self._begun]
        self._begun.update(new)
        inner = claims[-1]
        numbers = " ".join(map(str, claims))
        found = f'<span class="claim h{self._colours[inner]}" data-claims="{numbers}"'
        if new:
            starts = " ".join(map(str, new))
            letter = escape(self._letters[new[-1]])
            found += f' data-starts="{starts}" data-letter="{letter}" role="button" tabindex="-1"'
        return found + ">"

    def _piece(self, start: int, end: int, marks: tuple[Mark, ...]) -> str:
        text = escape(clean(self._text[start:end]))
        others = [mark for mark in marks if mark.kind != "claim"]
        if not others:
            return text
        classes = " ".join(dict.fromkeys(mark.kind for mark in others))
        of = " ".join(dict.fromkeys(str(m.number) for m in others if m.number is not None))
        title = "、".join(dict.fromkeys(mark.title for mark in others if mark.title))
        more = f' data-of="{of}"' if of else ""
        more += f' title="{escape(clean(title))}"' if title else ""
        return f'<span class="{classes}"{more}>{text}</span>'
