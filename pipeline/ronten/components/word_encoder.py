"""A pretrained encoder taught to give the tags of a tagger, word by word.

It knows far more words and ways to say a thing than a tagger that has seen our articles alone, and
less about where a name or a claim ends; where a tagger is in doubt, the mean of both decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ronten.components.adapted import AdaptedEncoder
from ronten.components.e5 import BaseEncoder
from ronten.components.pieces import BEGIN, END, windows
from ronten.components.sequence import FloatArray

WINDOW = 128
"""Pieces that are read together, where sentences are not longer."""
LONGEST = 400
"""Pieces of the longest stretch that is read at once."""
DOMAINS = "domains"
"""Array of what a kind of text adds to every piece (d, w), where a model tells kinds apart."""


class Words(NamedTuple):
    """A sentence, and where its words begin and end in it."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]


class Head(NamedTuple):
    """Scores tags: `out` (2w, t) and `bias` (t,) of first and last piece, `moves` (t, t)."""

    out: FloatArray
    bias: FloatArray
    moves: FloatArray


class WordEncoder:
    """The adapted encoder and its heads.

    `adapter` has the arrays of `AdaptedEncoder`, for each of the `heads` those of `Head` as
    `HEAD_out` …, and `DOMAINS` where kinds of text are told apart.
    """

    def __init__(
        self, base: BaseEncoder, adapter: Mapping[str, NDArray[Any]], heads: Iterable[str]
    ) -> None:
        self._encoder = AdaptedEncoder(base, adapter)
        self._domains = adapter[DOMAINS].astype(np.float32) if DOMAINS in adapter else None
        self.heads = {
            name: Head(*(adapter[f"{name}_{part}"].astype(np.float32) for part in Head._fields))
            for name in heads
        }
        self._outs = {
            (name, end): half
            for name, head in self.heads.items()
            for end, half in zip(("first", "last"), np.split(head.out, 2), strict=True)
        }

    def scores(self, sentences: Sequence[Words], domain: int = 0) -> dict[str, FloatArray]:
        """Return what each head says of every word of some sentences, a score per tag (n, t).

        `domain` is the kind of text they are from, where the model tells kinds apart.
        """
        cut = [self._encoder.cutter.cut(*sentence) for sentence in sentences]
        before = np.cumsum([0, *(len(sentence.numbers) for sentence in cut)])[:-1]
        first, last = (
            np.concatenate([ends + at for ends, at in zip(column, before, strict=True)])
            for column in zip(*((sentence.first, sentence.last) for sentence in cut), strict=True)
        )
        said = self._said([sentence.numbers for sentence in cut], domain)
        return {
            name: said[name, "first"][first] + said[name, "last"][last] + head.bias
            for name, head in self.heads.items()
        }

    def _said(
        self, sentences: Sequence[NDArray[np.int64]], domain: int
    ) -> dict[tuple[str, str], FloatArray]:
        """Return what every piece (p) of some sentences adds to the scores of a word (p, t).

        By head, and by whether it is the word's first piece or its last.
        """
        added = self._domains[domain] if self._domains is not None else None
        stretches = [
            pieces[at : at + LONGEST]
            for pieces in sentences
            for at in range(0, len(pieces), LONGEST)
        ]
        said: dict[tuple[str, str], list[FloatArray]] = {key: [] for key in self._outs}
        for window in windows([len(part) for part in stretches], WINDOW):
            text, told = gathered(stretches[window])
            states = self._encoder.states(text, added)[told]
            for key, out in self._outs.items():
                said[key].append(states @ out)
        return {key: np.concatenate(parts) for key, parts in said.items()}


def mean(ours: FloatArray, theirs: FloatArray) -> FloatArray:
    """Return the mean of what two readers say."""
    both: FloatArray = (ours + theirs) / np.float32(2)
    return both


def gathered(
    parts: Sequence[NDArray[np.int64]],
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return the pieces of a window, and which of them are those of the parts."""
    text, told = [BEGIN], [False]
    for part in parts:
        text += [*part.tolist(), END]
        told += [True] * len(part) + [False]
    return np.array(text), np.array(told)
