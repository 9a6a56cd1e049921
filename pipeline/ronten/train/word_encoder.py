"""Teaching the pretrained encoder the tags of a tagger: what it is read with, and when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ronten.components.pieces import PieceCutter, windows
from ronten.components.word_encoder import LONGEST, WINDOW, Words, gathered


class Part(NamedTuple):
    """Sentences of a text that are read at once."""

    types: NDArray[np.int64]
    """(p,) their pieces, as `WordEncoder` gathers them."""
    ends: NDArray[np.int64]
    """(n, 2) first and last piece of every word."""
    sizes: list[int]
    """Words of every sentence."""
    tags: Mapping[str, NDArray[np.int64]]
    """(n,) tags of each head."""
    domain: int = 0
    """Kind of text."""


class Tagged(NamedTuple):
    """A sentence, and the tags of its words (n,) for each head."""

    words: Words
    tags: Mapping[str, NDArray[np.int64]]


def windows_of(cutter: PieceCutter, sentences: Iterable[Tagged], domain: int = 0) -> Iterator[Part]:
    """Yield the sentences of a text, gathered as `WordEncoder` does, but for too long ones."""
    read = ((cutter.cut(*words), tags) for words, tags in sentences)
    kept = [(pieces, tags) for pieces, tags in read if len(pieces.numbers) <= LONGEST]
    for window in windows([len(pieces.numbers) for pieces, _ in kept], WINDOW):
        found = kept[window]
        text, told = gathered([pieces.numbers for pieces, _ in found])
        places = np.flatnonzero(told)
        before = np.cumsum([0, *(len(pieces.numbers) for pieces, _ in found)])
        ends = [
            np.stack((pieces.first, pieces.last), axis=1) + at
            for (pieces, _), at in zip(found, before, strict=False)
        ]
        yield Part(
            text,
            places[np.concatenate(ends)],
            [len(pieces.first) for pieces, _ in found],
            {head: np.concatenate([tags[head] for _, tags in found]) for head in found[0][1]},
            domain,
        )
