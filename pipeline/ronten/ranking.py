"""Choosing one of several candidates by a linear score over named features.

A feature counts in every context that holds for the choice, so that its weight may depend on it:
`Ranker.weights[context][feature]`. Weights are integers, whose sums are exact in any order.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Self

SCALE = 1000
"""What an integer weight is divided by."""

_KEPT = 512


class Choice(NamedTuple):
    """The best candidate (`best`, its index) and the share of the probability that falls to it."""

    best: int
    probability: float


class Ranker:
    """Weights by context and feature."""

    def __init__(self, weights: Mapping[str, Mapping[str, int]]) -> None:
        self.weights = {context: dict(found) for context, found in weights.items()}
        self._merged: dict[tuple[str, ...], dict[str, int]] = {}

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a JSON file; OSError or ValueError if it is unusable."""
        return cls(json.loads(path.read_text(encoding="utf-8")))

    def save(self, path: Path) -> None:
        """Write the weights; equal rankers give equal bytes."""
        text = json.dumps(self.weights, ensure_ascii=False, sort_keys=True, indent=0)
        path.write_text(text + "\n", encoding="utf-8")

    def scores(self, contexts: tuple[str, ...], candidates: Iterable[Iterable[str]]) -> list[float]:
        """Return the score of each candidate, given by its features (each once)."""
        weight = self._in(contexts).get
        return [sum(filter(None, map(weight, features))) / SCALE for features in candidates]

    def choose(self, contexts: tuple[str, ...], candidates: Sequence[Iterable[str]]) -> Choice:
        """Return the best of at least one candidate; the first of equals."""
        scores = self.scores(contexts, candidates)
        top = max(scores)
        return Choice(scores.index(top), 1 / sum(math.exp(score - top) for score in scores))

    def _in(self, contexts: tuple[str, ...]) -> dict[str, int]:
        """Sum the weights that hold in some contexts."""
        merged = self._merged.get(contexts)
        if merged is None:
            if len(self._merged) >= _KEPT:
                self._merged.clear()
            merged = {}
            for context in contexts:
                for feature, weight in self.weights.get(context, {}).items():
                    merged[feature] = merged.get(feature, 0) + weight
            self._merged[contexts] = merged
        return merged
