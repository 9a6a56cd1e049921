"""Chances of labels for two texts, as a pretrained encoder reads both together.

Trained by `ronten.train.pair_encoder`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

from ronten import models
from ronten.components.adapted import WEIGHTS, AdaptedEncoder
from ronten.components.e5 import BaseEncoder
from ronten.components.pieces import BEGIN, END, PieceCutter
from ronten.components.sequence import FloatArray, softmax

HEAD = ("inner", "inner_bias", "out", "out_bias")
"""Arrays of the head: from the first state beside the mean of all to the scores of the labels."""
LONGEST = 160
"""Pieces of each text that are read."""


class PairEncoder:
    """The adapted encoder and its head.

    `adapter` has the arrays of `AdaptedEncoder`, `inner` (2w, h), `inner_bias` (h,), `out`
    (h, labels) and `out_bias` (labels,).
    """

    def __init__(self, base: BaseEncoder, adapter: Mapping[str, NDArray[Any]]) -> None:
        self._encoder = AdaptedEncoder(base, adapter)
        self._head = [adapter[name].astype(np.float32) for name in HEAD]

    @classmethod
    def load(cls, name: str) -> Self:
        """Find, verify and read a model; raises ModelNotFound."""
        return cls(BaseEncoder.find(), load_file(models.sound(name) / WEIGHTS))

    def shares(self, pairs: Iterable[tuple[str, str]]) -> FloatArray:
        """Return the chances of the labels for pairs of texts (n, labels)."""
        found = [self._shares(first, second) for first, second in pairs]
        return np.array(found, np.float32).reshape(-1, len(self._head[-1]))

    def _shares(self, first: str, second: str) -> FloatArray:
        inner, inner_bias, out, out_bias = self._head
        states = self._encoder.states(joined(self._encoder.cutter, first, second))
        seen = np.concatenate([states[0], states.mean(axis=0)])
        return softmax(np.tanh(seen @ inner + inner_bias) @ out + out_bias)


def joined(cutter: PieceCutter, first: str, second: str) -> NDArray[np.int64]:
    """Return two texts as one in pieces."""
    parts = (first, second)
    cut = [np.append(cutter.cut(part, (), ()).numbers[:LONGEST], END) for part in parts]
    return np.concatenate([[BEGIN], *cut])
