"""Fitting a ranker: softmax over the candidates of each choice, with an L2 penalty."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_array

from ronten.errors import UsageError
from ronten.ranking import SCALE, Ranker

Array = NDArray[np.float64]


class Example(NamedTuple):
    """One choice: its contexts, the features of each candidate, and which candidates are right."""

    contexts: tuple[str, ...]
    features: Sequence[Sequence[str]]
    right: Sequence[bool]


class Settings(NamedTuple):
    """What training is told: weight of the penalty, how often a feature must occur, and the
    smallest weight that is kept."""

    penalty: float = 2.0
    least: int = 3
    small: float = 0.04
    steps: int = 200


def fit(examples: Sequence[Example], settings: Settings | None = None) -> Ranker:
    """Fit the weights on the choices that have a right candidate; UsageError if none has."""
    settings = settings or Settings()
    examples = [example for example in examples if any(example.right)]
    if not examples:
        raise UsageError("there is no choice to learn from: the articles hold no reported claims")
    counts = Counter(
        feature
        for example in examples
        for features in example.features
        for feature in _expanded(example.contexts, features)
    )
    known = sorted(feature for feature, count in counts.items() if count >= settings.least)
    index = {feature: i for i, feature in enumerate(known)}
    columns: list[int] = []
    borders = [0]
    starts: list[int] = []
    right: list[bool] = []
    for example in examples:
        starts.append(len(right))
        for features, fits in zip(example.features, example.right, strict=True):
            expanded = _expanded(example.contexts, features)
            columns += [index[feature] for feature in expanded if feature in index]
            borders.append(len(columns))
            right.append(fits)
    inputs = csr_array((np.ones(len(columns)), columns, borders), shape=(len(right), len(index)))
    good = np.array(right)
    first = np.array(starts)
    sizes = np.diff([*starts, len(right)])

    def loss(weights: Array) -> tuple[float, Array]:
        scores = inputs @ weights
        every, share = _softmax(scores, first, sizes)
        chosen, part = _softmax(np.where(good, scores, -1e9), first, sizes)
        value = (every - chosen).sum() + settings.penalty * weights @ weights
        return value, inputs.T @ (share - part) + 2 * settings.penalty * weights

    found = minimize(
        loss, np.zeros(len(index)), jac=True, method="L-BFGS-B", options={"maxiter": settings.steps}
    ).x
    kept: dict[str, dict[str, int]] = defaultdict(dict)
    for (context, feature), weight in zip(known, found, strict=True):
        if abs(weight) >= settings.small:
            kept[context][feature] = round(float(weight) * SCALE)
    return Ranker(kept)


def _expanded(contexts: Sequence[str], features: Sequence[str]) -> Iterator[tuple[str, str]]:
    return ((context, feature) for context in contexts for feature in features)


def _softmax(
    scores: Array, first: NDArray[np.int64], sizes: NDArray[np.int64]
) -> tuple[Array, Array]:
    """Return the logarithm of the sum per choice, and the share of every candidate."""
    top = np.maximum.reduceat(scores, first)
    raised = np.exp(scores - np.repeat(top, sizes))
    total = np.add.reduceat(raised, first)
    return top + np.log(total), raised / np.repeat(total, sizes)
