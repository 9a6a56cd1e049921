"""Linear models over named features and word vectors, with integer weights.

Sums of integers are exact in any order, so that a score depends on its own features alone, bit by
bit, on every machine. A model is a folder with `config.json` and `model.safetensors`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

from ronten import models

WEIGHTS = "model.safetensors"
CONFIG = "config.json"
SCALE = 1000
"""What an integer weight is divided by."""
# Bits of one of the numbers that stand side by side in one: sums of millions of weights fit.
_LANE = 40
_HALF, _MASK = 1 << _LANE - 1, (1 << _LANE) - 1
# Rows of word vectors whose numbers are kept, for each part.
_KEPT = 20_000


Key = str | int
"""What names a feature: its text, or its hash where that text must not be stored."""


@dataclass(frozen=True)
class LinearModel:
    """One weight per feature and class, and per row of a table of word vectors.

    `weights` holds integers of 16 bits for each class, `bias` one list of integers; `words` is
    int32 (parts, rows, classes): what a word adds to each class when it stands in that part of a
    claim. `vectors` counts the rows and keys of the table of vectors that `words` was made for.
    """

    labels: tuple[str, ...]
    weights: dict[Key, tuple[int, ...]]
    bias: tuple[int, ...]
    words: NDArray[np.int32]
    vectors: tuple[int, int]

    @classmethod
    def load(cls, name: str, folder: Path | None = None) -> Self:
        """Find, verify and read the model `name`; raises ModelNotFound."""
        path = models.sound(name, folder)
        config = json.loads((path / CONFIG).read_text(encoding="utf-8"))
        arrays: dict[str, Any] = load_file(path / WEIGHTS)
        names: list[Key] = config["names"] or arrays["hashes"].tolist()
        rows, keys = config["vectors"]
        return cls(
            labels=tuple(config["labels"]),
            weights=dict(zip(names, map(tuple, arrays["weights"].tolist()), strict=True)),
            bias=tuple(config["bias"]),
            words=arrays["words"].astype(np.int32),
            vectors=(rows, keys),
        )

    def save(self, path: Path) -> None:
        """Write the two files into a folder; equal models give equal bytes.

        `weights` (features, classes) are in the order of the names, which are one to a line in the
        configuration, or of `hashes` (uint32), where these stand for names.
        """
        names = sorted(self.weights, key=str)
        arrays = {
            "weights": self._rows(names).astype(np.int16),
            "words": self.words.astype(np.int16),
        }
        config: dict[str, Any] = {
            "labels": self.labels,
            "vectors": self.vectors,
            "bias": self.bias,
            "names": None,
        }
        if all(isinstance(name, int) for name in names):
            arrays["hashes"] = np.array(names, np.uint32)
        else:
            config["names"] = names
        text = json.dumps(config, ensure_ascii=False, separators=(",", ":"))
        (path / CONFIG).write_text(text.replace('","', '",\n"') + "\n", encoding="utf-8")
        models.save_arrays(arrays, path / WEIGHTS)

    def _rows(self, names: Iterable[Key]) -> NDArray[np.int64]:
        """Return the weights of some features (features, classes)."""
        rows = [self.weights[name] for name in names]
        return np.array(rows, np.int64).reshape(-1, len(self.bias))

    @cached_property
    def _packed(self) -> tuple[int, dict[Key, int]]:
        """Return the bias, and the weights of every feature, as one number each."""
        return _pack(self.bias), {name: _pack(row) for name, row in self.weights.items()}

    @cached_property
    def _adds(self) -> list[Callable[[int], int]]:
        """Return for each part what a row of vectors adds, as one number; rows in use are kept."""

        def rows(words: NDArray[np.int32]) -> Callable[[int], int]:
            return lru_cache(_KEPT)(lambda row: _pack(words[row].tolist()))

        return [rows(words) for words in self.words]

    def scores(self, features: Iterable[Key], parts: Sequence[Sequence[int]]) -> list[float]:
        """Return the score of each class.

        Args:
            features: the features of one example, each once; unknown ones count nothing.
            parts: for every part, the rows of its words in the table of vectors.
        """
        count = len(self.bias)
        bias, weights = self._packed
        found = filter(None, map(weights.get, features))
        total: list[float] = [*_unpack(sum(found, bias), count)]
        for adds, rows in zip(self._adds, parts, strict=True):
            if rows:
                added = _unpack(sum(map(adds, rows)), count)
                total = [
                    score + value / len(rows) for score, value in zip(total, added, strict=True)
                ]
        return [score / SCALE for score in total]


def _pack(row: Sequence[int]) -> int:
    """Return the numbers of a row side by side in one, so that one addition adds them all.

    What weighs here is how many places of memory are read, not how many digits are added.
    """
    return sum(value << _LANE * i for i, value in enumerate(row))


def _unpack(total: int, count: int) -> list[int]:
    """Return the numbers that `_pack` put side by side, or sums of such ones."""
    row = []
    for _ in range(count - 1):
        value = ((total + _HALF) & _MASK) - _HALF
        row.append(value)
        total = (total - value) >> _LANE
    return [*row, total]


def sigmoid(score: float) -> float:
    """Return 1 / (1 + e^-score)."""
    return 1 / (1 + math.exp(-max(min(score, 50.0), -50.0)))
