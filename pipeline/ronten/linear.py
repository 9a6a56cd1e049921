"""Linear models over named features and word vectors, with integer weights.

Sums of integers are exact in any order, so that a score depends on its own features alone, bit by
bit, on every machine. A model is a folder with `weights.json` and `words.safetensors`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

from ronten import models

WEIGHTS = "weights.json"
WORDS = "words.safetensors"
SCALE = 1000
"""What an integer weight is divided by."""


Key = str | int
"""What names a feature: its text, or its hash where that text must not be stored."""


@dataclass(frozen=True)
class LinearModel:
    """One weight per feature and class, and per row of a table of word vectors.

    `weights` holds integers for each class, `bias` one list of them; `words` is int32 (parts, rows,
    classes): what a word adds to each class when it stands in that part of a claim. `vectors`
    counts the rows and keys of the table of vectors that `words` was made for.
    """

    labels: tuple[str, ...]
    weights: dict[Key, tuple[int, ...]]
    bias: tuple[int, ...]
    words: NDArray[np.int32]
    vectors: tuple[int, int]

    @classmethod
    def load(cls, name: str, folder: Path | None = None) -> Self:
        """Find, verify and read the model `name`; raises ModelNotFound."""
        path = models.find(name, folder)
        models.verify(path)
        data = json.loads((path / WEIGHTS).read_text(encoding="utf-8"))
        words: dict[str, Any] = load_file(path / WORDS)
        rows, keys = data["vectors"]
        key: type[Key] = int if data["hashed"] else str
        return cls(
            labels=tuple(data["labels"]),
            weights={key(name): tuple(values) for name, values in data["weights"].items()},
            bias=tuple(data["bias"]),
            words=words["words"].astype(np.int32),
            vectors=(rows, keys),
        )

    def save(self, path: Path) -> None:
        """Write the two files into a folder; equal models give equal bytes."""
        data = {
            "labels": self.labels,
            "hashed": all(isinstance(name, int) for name in self.weights),
            "vectors": self.vectors,
            "bias": self.bias,
            "weights": {str(name): self.weights[name] for name in sorted(self.weights)},
        }
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        (path / WEIGHTS).write_text(text.replace('],"', '],\n"') + "\n", encoding="utf-8")
        save_file({"words": self.words.astype(np.int16)}, path / WORDS)
        (path / WORDS).chmod(0o644)  # safetensors makes it readable to its owner alone

    @cached_property
    def _table(self) -> tuple[dict[Key, int], NDArray[np.int64]]:
        """Return the row of every feature, and the rows (features, classes)."""
        rows = np.array(list(self.weights.values()), np.int64).reshape(-1, len(self.bias))
        return {name: row for row, name in enumerate(self.weights)}, rows

    def scores(self, features: Iterable[Key], parts: Sequence[Sequence[int]]) -> list[float]:
        """Return the score of each class.

        Args:
            features: the features of one example, each once; unknown ones count nothing.
            parts: for every part, the rows of its words in the table of vectors.
        """
        places, table = self._table
        found = [places[feature] for feature in features if feature in places]
        summed = table.take(found, axis=0).sum(axis=0)
        total: list[float] = [a + b for a, b in zip(self.bias, summed.tolist(), strict=True)]
        for words, rows in zip(self.words, parts, strict=True):
            if rows:
                added = words.take(rows, axis=0).sum(axis=0).tolist()
                total = [
                    score + value / len(rows) for score, value in zip(total, added, strict=True)
                ]
        return [score / SCALE for score in total]


def sigmoid(score: float) -> float:
    """Return 1 / (1 + e^-score)."""
    return 1 / (1 + math.exp(-max(min(score, 50.0), -50.0)))
