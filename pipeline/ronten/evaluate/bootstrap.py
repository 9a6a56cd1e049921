"""How sure the measures are: articles are drawn again and again, with replacement.

Articles are drawn, not claims: claims of one article are not independent of each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from ronten.errors import UsageError
from ronten.evaluate.metrics import METRICS, Array
from ronten.evaluate.scores import Scores

RESAMPLES = 1000
SEED = 20_250_101
LEVEL = 0.95
_BLOCK = 100


class Interval(NamedTuple):
    """The middle 95 % of what resamples give."""

    low: float
    high: float


class Difference(NamedTuple):
    """How much a system does better than another on a measure, and whether it may be chance."""

    value: float
    interval: Interval
    p: float
    """Two-sided: how often resamples would turn the sign, at least 2 / (resamples + 1)."""


def intervals(scores: Scores) -> dict[str, Interval]:
    """Return the interval of every measure that was scored in at least 2 articles."""
    drawn = _resampled(scores)[0] if len(scores.articles) > 1 else {}
    return {
        name: interval
        for name in _varying(scores)
        if name in drawn and (interval := _interval(drawn[name]))
    }


def differences(scores: Scores, other: Scores) -> dict[str, Difference]:
    """Compare two systems on the same gold articles, resample by resample.

    Measures that are scored in fewer than 2 articles are left out: they tell nothing about chance.

    Raises `UsageError` with fewer than 2 articles.
    """
    if len(scores.articles) < 2:
        raise UsageError("two systems can only be compared on 2 or more articles")
    result: dict[str, Difference] = {}
    ours, theirs = _resampled(scores, other)
    for name in [name for name in _varying(scores) if name in _varying(other)]:
        drawn = ours[name] - theirs[name]
        if interval := _interval(drawn):
            drawn = drawn[~np.isnan(drawn)]
            turned = min(np.count_nonzero(drawn <= 0), np.count_nonzero(drawn >= 0))
            p = min(1.0, 2 * (turned + 1) / (len(drawn) + 1))
            value = scores.values[name] - other.values[name]
            result[name] = Difference(value, interval, p)
    return result


def _varying(scores: Scores) -> list[str]:
    """Return the measures that are scored in at least 2 articles."""
    found = dict.fromkeys(METRICS, 0)
    for start in range(0, len(scores.articles), _BLOCK):
        size = min(_BLOCK, len(scores.articles) - start)
        alone = np.eye(size, len(scores.articles), start)
        for name, values in scores.measure(alone).items():
            found[name] += int(np.count_nonzero(~np.isnan(values)))
    return [name for name, count in found.items() if count > 1]


def _resampled(*systems: Scores) -> list[dict[str, Array]]:
    """Return every measure of each system over all resamples, the same for each."""
    blocks: list[list[dict[str, Array]]] = [[] for _ in systems]
    for weights in _draws(len(systems[0].articles)):
        for found, scores in zip(blocks, systems, strict=True):
            found.append(scores.measure(weights))
    return [{n: np.concatenate([b[n] for b in found]) for n in METRICS} for found in blocks]


def _draws(articles: int) -> Iterator[Array]:
    """Yield how often each article is drawn, in blocks, so that memory is bounded."""
    random = np.random.default_rng(SEED)
    shares = np.full(articles, 1 / articles)
    for start in range(0, RESAMPLES, _BLOCK):
        size = min(_BLOCK, RESAMPLES - start)
        yield random.multinomial(articles, shares, size=size).astype(np.float64)


def _interval(values: Array) -> Interval | None:
    values = values[~np.isnan(values)]
    if not len(values):
        return None
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(values, [tail, 1 - tail])
    return Interval(float(low), float(high))
