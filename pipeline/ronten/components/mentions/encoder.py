"""The second reader of names: the pretrained encoder; `tagger` averages both.

Trained by `ronten train names-encoder`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

from ronten.components.adapted import WEIGHTS
from ronten.components.e5 import BaseEncoder
from ronten.components.mentions.view import View
from ronten.components.sequence import FloatArray
from ronten.components.word_encoder import Head, WordEncoder, Words

HEAD = "names"


class NamesEncoder:
    """A `WordEncoder` with the tags of the tagger, which tells its domains apart."""

    def __init__(self, base: BaseEncoder, adapter: Mapping[str, NDArray[Any]]) -> None:
        self._encoder = WordEncoder(base, adapter, (HEAD,))

    @classmethod
    def load(cls, folder: Path) -> NamesEncoder:
        """Read a model folder; raises ModelNotFound where the pretrained encoder is missing."""
        return cls(BaseEncoder.find(), load_file(folder / WEIGHTS))

    @property
    def head(self) -> Head:
        """What the tags are scored by."""
        return self._encoder.heads[HEAD]

    def scores(
        self, view: View, read: NDArray[np.int64], sequences: NDArray[np.int64], domain: int
    ) -> FloatArray:
        """Return a score per tag of every word of some sequences (n, t); see `sentences`."""
        return self._encoder.scores(list(sentences(view, read, sequences)), domain)[HEAD]


def sentences(view: View, read: NDArray[np.int64], sequences: NDArray[np.int64]) -> Iterator[Words]:
    """Yield sequences (s, 2: first place in `read`, number of words) as the encoder reads them.

    `read` are words of the text by their numbers.
    """
    for at, size in sequences.tolist():
        tokens = [view.tokens[number] for number in read[at : at + size].tolist()]
        first = tokens[0].start
        yield Words(
            view.text[first : tokens[-1].end],
            [token.start - first for token in tokens],
            [token.end - first for token in tokens],
        )
