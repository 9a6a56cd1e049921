"""Comparing the claims of a whole corpus: pair by pair, in parts that may be made side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import reverse_cuthill_mckee

from ronten.positions import point_of_record
from ronten.same_point import ASKED, SamePoint

MOST_ASKED = 3
"""Pairs of a claim that the encoder is asked about: where many claims are much alike, what it says
of the others would cost more than all else."""
_PART = 8_000
"""Pairs at once: so many claims, and no more, are read and held."""

Record = tuple[str, str]
"""Text and record of a stored claim."""
Part = tuple[Sequence[Record], NDArray[np.int64]]
"""Some claims, and pairs (p, 2) of places among them."""
Item = TypeVar("Item")
Made = TypeVar("Made")


class Spread(Protocol):
    """Something that yields `make()(item)` for each item, in order, wherever it is computed."""

    def __call__(
        self, make: Callable[[], Callable[[Item], Made]], items: Iterable[Item]
    ) -> Iterator[Made]: ...


def here(make: Callable[[], Callable[[Item], Made]], items: Iterable[Item]) -> Iterator[Made]:
    """Compute everything in this process."""
    return map(make(), items)


def chances(
    records: Callable[[NDArray[np.int64]], Sequence[Record]],
    pairs: NDArray[np.int64],
    spread: Spread = here,
    *,
    encoder: bool = True,
) -> NDArray[np.float64]:
    """Return the chance that each pair of claims makes the same point (p,).

    Args:
        records: gives the claims of some numbers, asked for a bounded number at a time.
        pairs: (p, 2) numbers of claims.
        spread: computes the parts; where, changes nothing.
        encoder: whether the pretrained encoder is asked about the likeliest pairs of each claim.

    Raises `ModelNotFound` where the model is missing.
    """
    found = _compared(records, pairs, spread, encoder=False)
    if encoder:
        asked = _likeliest(pairs, found)
        found[asked] = _compared(records, pairs[asked], spread, encoder=True)
    return found


def _likeliest(pairs: NDArray[np.int64], found: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the places of the pairs that the encoder is asked about.

    Their chance is at least `ASKED`, and neither claim has `MOST_ASKED` pairs of a higher one.
    """
    possible = np.flatnonzero(found >= ASKED)
    claims = pairs[possible].ravel()
    order = np.lexsort((-np.repeat(found[possible], 2), claims))
    begins = np.flatnonzero(np.diff(claims[order], prepend=-1))
    ranks = np.empty(len(claims), np.int64)
    ranks[order] = np.arange(len(claims)) - np.repeat(begins, np.diff(begins, append=len(claims)))
    return possible[(ranks.reshape(-1, 2) < MOST_ASKED).all(axis=1)]


def _compared(
    records: Callable[[NDArray[np.int64]], Sequence[Record]],
    pairs: NDArray[np.int64],
    spread: Spread,
    *,
    encoder: bool,
) -> NDArray[np.float64]:
    """Return the chances of some pairs (p,), made in parts."""
    if not len(pairs):
        return np.zeros(0)
    order = _near_together(pairs)
    rows = [order[start : start + _PART] for start in range(0, len(pairs), _PART)]

    def parts() -> Iterator[Part]:
        for held in rows:
            numbers, places = np.unique(pairs[held], return_inverse=True)
            yield records(numbers), places.reshape(-1, 2)

    found = np.empty(len(pairs))
    for held, part in zip(rows, spread(partial(_comparer, encoder), parts()), strict=True):
        found[held] = part
    return found


def _near_together(pairs: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return an order in which pairs of the same claims stand near each other (p,)."""
    size = int(pairs.max()) + 1
    ones = np.ones(len(pairs), np.int8)
    graph = coo_matrix((ones, (pairs[:, 0], pairs[:, 1])), shape=(size, size)).tocsr()
    turns = reverse_cuthill_mckee((graph + graph.T).tocsr(), symmetric_mode=True)
    rank = np.empty(size, np.int32)
    rank[turns] = np.arange(size)
    ends = np.sort(rank[pairs], axis=1)
    return np.lexsort((ends[:, 1], ends[:, 0]))


def _comparer(encoder: bool) -> Callable[[Part], NDArray[np.float64]]:
    """Return what compares a part; the models are loaded once."""
    model = SamePoint.load(encoder=encoder)

    def compare(part: Part) -> NDArray[np.float64]:
        claims, pairs = part
        return model.chances([point_of_record(*claim) for claim in claims], pairs)

    return compare
