"""Counts of all articles, and the measures they give."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ronten.evaluate.comparison import Compared, Comparison, compare
from ronten.evaluate.counts import count
from ronten.evaluate.grouping import Grouping
from ronten.evaluate.metrics import METRICS, Array
from ronten.types import Annotation


@dataclass(frozen=True)
class Scores:
    """What was counted, article by article; ratios are taken when they are asked for.

    `columns` names the counts in `table`, which has a row per article.
    """

    articles: Sequence[str]
    missing: Mapping[str, str]
    columns: Sequence[str]
    table: Array
    grouping: Grouping

    def measure(self, weights: Array) -> dict[str, Array]:
        """Return every measure for each row of article weights, shape (rows, articles)."""
        counts = self._counts(weights)
        shape = (len(weights),)
        return {n: np.broadcast_to(m.value(counts), shape) for n, m in METRICS.items()}

    @cached_property
    def values(self) -> dict[str, float]:
        """The number that stands for each measure (0 to 1), NaN where nothing was scored."""
        return {name: float(v[0]) for name, v in self.measure(self._once).items()}

    @cached_property
    def details(self) -> dict[str, Any]:
        """Every measure with its parts, as JSON shows it; None where nothing was scored."""
        counts = _zeros(())
        counts |= {name: values[0] for name, values in self._counts(self._once).items()}
        return {name: metric.details(counts) for name, metric in METRICS.items()}

    def as_dict(self) -> dict[str, Any]:
        """Return number of articles, ids of missing ones, and all measures."""
        return {"articles": len(self.articles), "missing": list(self.missing), **self.details}

    @property
    def _once(self) -> Array:
        return np.ones((1, len(self.articles)))

    def _counts(self, weights: Array) -> defaultdict[str, Array]:
        totals = weights @ self.table
        counts = _zeros((len(weights),))
        counts |= {name: totals[:, i] for i, name in enumerate(self.columns)}
        return counts | self.grouping.counts(weights)


def _zeros(shape: tuple[int, ...]) -> defaultdict[str, Array]:
    """Return counts in which whatever never occurred is 0."""
    return defaultdict(lambda: np.zeros(shape))


def evaluate(gold: Sequence[Annotation], predicted: Sequence[Annotation]) -> Scores:
    """Score annotations against gold ones.

    Articles pair by id, else by equal text; a gold article without a counterpart counts as missed.

    Raises `UsageError` where an id comes twice, or a claim names a holder that is not listed.
    """
    return score(compare(gold, predicted))


def score(comparison: Comparison) -> Scores:
    """Count what was compared."""
    counts = [count(article) for article in comparison.articles]
    columns = sorted(set().union(*counts))
    table = np.array([[c[name] for name in columns] for c in counts], dtype=np.float64)
    claims = [
        (number, *keys)
        for number, article in enumerate(comparison.articles)
        for keys in _positions(article)
    ]
    return Scores(
        [article.gold.id for article in comparison.articles],
        comparison.missing,
        columns,
        table.reshape(len(counts), len(columns)),
        Grouping(len(counts), claims),
    )


def _positions(article: Compared) -> list[tuple[str, str]]:
    if "positions" not in article.layers:
        return []
    return [
        (gold.position, predicted.position)
        for gold, predicted, *_ in article.claims
        if gold and predicted and gold.position and predicted.position
    ]
