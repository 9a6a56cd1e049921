"""How well a grouping of claims agrees with another: pairwise and B³ sums, for any weights.

Positions run across articles, so they do not add up article by article. With an article drawn w
times in a resample, each of its claims counts w times, and a pair within it w times; a pair across
two articles counts by the product, and two copies of one claim are no pair.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ronten.evaluate.metrics import Array


class Grouping:
    """Matched claims with their gold and predicted positions.

    Args:
        articles: how many articles there are.
        claims: (article number, gold key, predicted key) of every matched claim.
    """

    def __init__(self, articles: int, claims: Iterable[tuple[int, str, str]]) -> None:
        rows = list(claims)
        places = [article for article, _, _ in rows]
        gold, predicted = _codes([g for _, g, _ in rows]), _codes([p for _, _, p in rows])
        both = _codes([(g, p) for _, g, p in rows])
        self._gold, self._predicted, self._both = (
            _table(articles, places, codes) for codes in (gold, predicted, both)
        )
        self._gold_of = _first(gold, both)
        self._predicted_of = _first(predicted, both)

    def counts(self, weights: Array) -> dict[str, Array]:
        """Return what the positions measures need, for each row of article weights."""
        gold, predicted, both = (
            weights @ table for table in (self._gold, self._predicted, self._both)
        )
        claims = gold.sum(axis=1)
        pairs_gold = _pairs(self._gold, gold, weights)
        pairs_both = _pairs(self._both, both, weights)
        return {
            "grouped.claims": claims,
            "pairs.gold": pairs_gold,
            "pairs.precision": _over(pairs_both, _pairs(self._predicted, predicted, weights)),
            "pairs.recall": _over(pairs_both, pairs_gold),
            "b3.precision": _over(
                _over(both**2, predicted[:, self._predicted_of]).sum(axis=1), claims
            ),
            "b3.recall": _over(_over(both**2, gold[:, self._gold_of]).sum(axis=1), claims),
        }


def _codes(keys: Sequence[Hashable]) -> NDArray[np.int64]:
    number = {key: i for i, key in enumerate(dict.fromkeys(keys))}
    return np.array([number[key] for key in keys], dtype=np.int64)


def _table(articles: int, places: Sequence[int], codes: NDArray[np.int64]) -> csr_array:
    """Return how many claims of each article (row) stand in each group (column)."""
    shape = (articles, int(codes.max(initial=-1)) + 1)
    return csr_array((np.ones(len(codes)), (places, codes)), shape=shape)


def _first(codes: NDArray[np.int64], cells: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the group that each cell lies in."""
    return codes[np.unique(cells, return_index=True)[1]]


def _pairs(table: csr_array, groups: Array, weights: Array) -> Array:
    squares = np.asarray((table * table).sum(axis=1)).reshape(-1)
    members = np.asarray(table.sum(axis=1)).reshape(-1)
    across = (groups**2).sum(axis=1) - weights**2 @ squares
    return np.asarray((across + weights @ (squares - members)) / 2)


def _over(above: Array, below: Array) -> Array:
    return np.divide(above, below, out=np.zeros_like(above), where=below > 0)
