"""Word lists beside the component: `lexicon/*.txt`, `#` comments, one or more words per line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from ronten.types import Label

FOLDER = Path(__file__).parent / "lexicon"


def lines(name: str) -> Iterator[str]:
    """Yield the lines of a list that are neither empty nor comments."""
    for line in (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.strip()


def words(name: str) -> list[str]:
    """Return the words of a list, in order and once each."""
    return list(dict.fromkeys(word for line in lines(name) for word in line.split()))


def labelled(name: str) -> dict[str, Label]:
    """Return word → label of a list whose lines are `LABEL word word …`; the first label counts."""
    table: dict[str, Label] = {}
    for line in lines(name):
        label, *row = line.split()
        for word in row:
            table.setdefault(word, Label(label))
    return table


def either(choices: Iterable[str]) -> str:
    """Return a regular expression for any of the words, longer ones first."""
    return "(?:" + "|".join(map(re.escape, sorted(set(choices), key=lambda w: (-len(w), w)))) + ")"


def beginnings(alternatives: Iterable[str]) -> re.Pattern[str]:
    """Return what finds where ASCII words begin, and any other character of the alternatives."""
    others = {char for text in alternatives for char in text if not char.isascii()}
    return re.compile(f"[A-Za-z0-9]+|[{re.escape(''.join(sorted(others)))}]")


def matches(
    pattern: re.Pattern[str], text: str, begins: Iterable[re.Match[str]]
) -> Iterator[re.Match[str]]:
    """Yield what `pattern.finditer` does, if all of it begins where one of `begins` does.

    It spares the attempts at nearly every place of a Japanese text.
    """
    until = 0
    for place in begins:
        if place.start() >= until and (match := pattern.match(text, place.start())):
            until = match.end()
            yield match


def places(names: Iterable[str], text: str) -> Iterator[tuple[int, int]]:
    """Yield where any of the names (none empty) stands, from left to right and without overlap.

    Of names that begin at one place the longest counts, as in `either`; there are too many
    different ones for each text to build a regular expression of.
    """
    found = []
    for name in names:
        start = text.find(name)
        while start >= 0:
            found.append((start, -len(name)))
            start = text.find(name, start + 1)
    until = 0
    for start, size in sorted(found):
        if start >= until:
            until = start - size
            yield start, until
