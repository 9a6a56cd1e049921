"""Which side a text takes on a target, as a pretrained encoder reads both together.

Trained by `ronten.train.stance_encoder`. It knows what a thing leads to, which words alone do not
say (雨漏りが直る is for 改修), and less about who else says what in an article.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

from ronten import models
from ronten.components.adapted import WEIGHTS, AdaptedEncoder
from ronten.components.e5 import BaseEncoder
from ronten.components.pieces import BEGIN, END, PieceCutter
from ronten.components.sequence import FloatArray

MODEL = "stance_encoder"
HEAD = ("inner", "inner_bias", "out", "out_bias")
"""Arrays of the head: from the first state beside the mean of all to the scores of the labels."""
_TARGET, _TEXT = 40, 160
"""Pieces of a target and of a text that are read."""


class StanceEncoder:
    """The adapted encoder and its head.

    `adapter` has the arrays of `AdaptedEncoder`, `inner` (2w, h), `inner_bias` (h,), `out` (h, 3)
    and `out_bias` (3,) for `stances.LABELS`.
    """

    def __init__(self, base: BaseEncoder, adapter: Mapping[str, NDArray[Any]]) -> None:
        self._encoder = AdaptedEncoder(base, adapter)
        self._head = [adapter[name].astype(np.float32) for name in HEAD]

    @classmethod
    def load(cls) -> Self:
        """Find, verify and read the model; raises ModelNotFound."""
        return cls(BaseEncoder.find(), load_file(Path(models.sound(MODEL)) / WEIGHTS))

    def shares(self, pairs: Iterable[tuple[str, str]]) -> FloatArray:
        """Return the chances of none, favor and against for pairs of target and text (n, 3)."""
        return np.array([self._shares(target, text) for target, text in pairs]).reshape(-1, 3)

    def _shares(self, target: str, text: str) -> FloatArray:
        inner, inner_bias, out, out_bias = self._head
        states = self._encoder.states(joined(self._encoder.cutter, target, text))
        seen = np.concatenate([states[0], states.mean(axis=0)])
        scores = np.tanh(seen @ inner + inner_bias) @ out + out_bias
        powers = np.exp(scores - scores.max())
        shares: FloatArray = powers / powers.sum()
        return shares


def joined(cutter: PieceCutter, target: str, text: str) -> NDArray[np.int64]:
    """Return a target and a text as one text in pieces."""
    parts = zip((target, text), (_TARGET, _TEXT), strict=True)
    cut = [np.append(cutter.cut(part, (), ()).numbers[:most], END) for part, most in parts]
    return np.concatenate([[BEGIN], *cut])
