"""The second reader of claims: a pretrained encoder taught to give the tags of the tagger.

Trained by `ronten train encoder`. It knows far more words and ways to say a thing than a tagger
that has seen our articles alone, and less about where a claim ends; `tagger` averages both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

from ronten.components.adapted import WEIGHTS, AdaptedEncoder
from ronten.components.claims.view import SentenceView
from ronten.components.e5 import BaseEncoder
from ronten.components.pieces import BEGIN, END, windows
from ronten.components.sequence import FloatArray

REPORTED = ("content", "cue", "source")
"""What one head of the tagger marks; the other marks the writer's own claims (`OWN`)."""
OWN = ("own",)
HEADS = {"reported": REPORTED, "own": OWN}
WINDOW = 128
"""Pieces that are read together, where sentences are not longer."""
LONGEST = 400
"""Pieces of the longest stretch that is read at once."""


class Head(NamedTuple):
    """Scores tags: `out` (2w, t) and `bias` (t,) of first and last piece, `moves` (t, t)."""

    out: FloatArray
    bias: FloatArray
    moves: FloatArray


class ClaimEncoder:
    """The adapted encoder and its heads.

    `adapter` has the arrays of `AdaptedEncoder`, and for each of `HEADS` those of `Head` as
    `HEAD_out` ….
    """

    def __init__(self, base: BaseEncoder, adapter: Mapping[str, NDArray[Any]]) -> None:
        self._encoder = AdaptedEncoder(base, adapter)
        self.heads = {
            name: Head(*(adapter[f"{name}_{part}"].astype(np.float32) for part in Head._fields))
            for name in HEADS
        }
        self._outs = {
            (name, end): half
            for name, head in self.heads.items()
            for end, half in zip(("first", "last"), np.split(head.out, 2), strict=True)
        }

    @classmethod
    def load(cls, folder: Path) -> ClaimEncoder:
        """Read a model folder; raises ModelNotFound where the pretrained encoder is missing."""
        return cls(BaseEncoder.find(), load_file(folder / WEIGHTS))

    def scores(self, views: Sequence[SentenceView]) -> dict[str, FloatArray]:
        """Return what each head says of every word of some sentences, a score per tag (n, t)."""
        cut = [self._encoder.cutter.cut(*words(view)) for view in views]
        before = np.cumsum([0, *(len(sentence.numbers) for sentence in cut)])[:-1]
        first, last = (
            np.concatenate([ends + at for ends, at in zip(column, before, strict=True)])
            for column in zip(*((sentence.first, sentence.last) for sentence in cut), strict=True)
        )
        said = self._said([sentence.numbers for sentence in cut])
        return {
            name: said[name, "first"][first] + said[name, "last"][last] + head.bias
            for name, head in self.heads.items()
        }

    def _said(self, sentences: Sequence[NDArray[np.int64]]) -> dict[tuple[str, str], FloatArray]:
        """Return what every piece (p) of some sentences adds to the scores of a word (p, t).

        By head, and by whether it is the word's first piece or its last.
        """
        stretches = [
            pieces[at : at + LONGEST]
            for pieces in sentences
            for at in range(0, len(pieces), LONGEST)
        ]
        said: dict[tuple[str, str], list[FloatArray]] = {key: [] for key in self._outs}
        for window in windows([len(part) for part in stretches], WINDOW):
            text, told = gathered(stretches[window])
            states = self._encoder.states(text)[told]
            for key, out in self._outs.items():
                said[key].append(states @ out)
        return {key: np.concatenate(parts) for key, parts in said.items()}


def words(view: SentenceView) -> tuple[str, list[int], list[int]]:
    """Return the text of a sentence, and where its words begin and end in it."""
    first = view.start[0]
    return (
        view.article[first : view.end[-1]],
        [start - first for start in view.start],
        [end - first for end in view.end],
    )


def gathered(
    parts: Sequence[NDArray[np.int64]],
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return the pieces of a window, and which of them are those of the parts."""
    text, told = [BEGIN], [False]
    for part in parts:
        text += [*part.tolist(), END]
        told += [True] * len(part) + [False]
    return np.array(text), np.array(told)
