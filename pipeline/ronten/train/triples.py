"""Claims written to train and measure what makes the same point: `corpus/triples`.

One TSV file per batch of topics, with a line of column names: topic, claim, same (the point in
other words), close (the point in nearly the same words), near (alike, another point), turned
(another point in other words), and the stances of claim, near and turned towards the topic.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from ronten.errors import UsageError

SPLITS = ("train", "dev", "test")
_SIDES = ("favor", "against", "none")
# Of the topics of a file, in order of appearance, the last is for tests, the one before for dev.
_HELD_OUT = {-1: "test", -2: "dev"}


class Triple(NamedTuple):
    """A claim about a topic with two sentences of the same point and two of another."""

    topic: str
    claim: str
    same: str
    close: str
    near: str
    turned: str
    stance: str
    near_stance: str
    turned_stance: str

    def sentences(self) -> Iterator[tuple[str, str]]:
        """Yield the five sentences with their stance towards the topic."""
        for text in (self.claim, self.same, self.close):
            yield text, self.stance
        yield self.near, self.near_stance
        yield self.turned, self.turned_stance


def read_triples(folder: Path, split: str) -> list[Triple]:
    """Return the triples of one split (train, dev, test); topics never share a split.

    Raises `UsageError` naming the file and line at fault.
    """
    found: list[Triple] = []
    for path in sorted(folder.glob("*.tsv")):
        rows = list(_rows(path))
        topics = list(dict.fromkeys(row.topic for row in rows))
        where = {topics[at]: name for at, name in _HELD_OUT.items() if len(topics) >= -at}
        found += [row for row in rows if where.get(row.topic, "train") == split]
    if not found:
        raise UsageError(f"{folder}: no triples of the split '{split}' (*.tsv)")
    return found


def texts_of(triples: Sequence[Triple]) -> list[str]:
    """Return all sentences of some triples, in order."""
    return [text for triple in triples for text, _ in triple.sentences()]


def _rows(path: Path) -> Iterator[Triple]:
    columns = list(Triple._fields)
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        fields = line.split("\t")
        if number == 1 and fields == columns:
            continue
        if len(fields) != len(columns) or not all(fields):
            raise UsageError(f"{path}:{number}: expected {' '.join(columns)}, separated by tabs")
        if not set(fields[6:]) <= set(_SIDES):
            raise UsageError(f"{path}:{number}: a stance is one of {', '.join(_SIDES)}")
        yield Triple(*fields)
