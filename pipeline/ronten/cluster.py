"""Grouping points that belong together: average linkage over a graph of near neighbours.

Pairs without an edge count as unlike (0), so the result is that of average linkage over the whole
matrix, in time and memory that grow with the number of edges.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterator

_BLOCK = 256
_DECIMALS = 6  # similarities are rounded before they decide anything
_EXACT = 40_000
"""Up to so many points every pair is compared; above, the cells of an inverted file are."""
_CELLS_SEARCHED = 48
_PER_CELL = 64
"""Points from which a cell's centre is learned."""

Side = tuple[str, str]
"""A target and a side on it."""


class Edges(NamedTuple):
    """Pairs of points: `first` < `second` (int64) and a value for each (float64)."""

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    value: NDArray[np.float64]


def neighbours(vectors: NDArray[np.float32], *, least: float, most: int, since: int = 0) -> Edges:
    """Return the pairs of unit vectors whose cosine is at least `least`, sorted.

    A point brings its `most` nearest neighbours at most; of many points (above 40 000) the search
    is approximate. With `since`, only pairs with a point from that row on are returned. Equal
    vectors in equal order give equal pairs; zero rows have no neighbours.
    """
    size = len(vectors)
    search = _exact if size <= _EXACT else _inverted_file
    pairs: list[NDArray[np.int64]] = []
    values: list[NDArray[np.float64]] = []
    for rows, columns, cosines in search(vectors, least, min(most + 1, size), since):
        kept = (rows != columns) & (columns >= 0)
        rows, columns, cosines = rows[kept], columns[kept], cosines[kept]
        cosines = np.round(cosines.astype(np.float64), _DECIMALS)
        near = cosines >= least
        low, high = np.minimum(rows, columns)[near], np.maximum(rows, columns)[near]
        pairs.append(low * size + high)
        values.append(cosines[near])
    if not pairs:
        none = np.zeros(0, np.int64)
        return Edges(none, none, np.zeros(0))
    keys, first = np.unique(np.concatenate(pairs), return_index=True)
    return Edges(keys // size, keys % size, np.concatenate(values)[first])


def _exact(
    vectors: NDArray[np.float32], least: float, most: int, since: int
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]]:
    for start in range(since, len(vectors), _BLOCK):
        block = vectors[start : start + _BLOCK]
        cosines = block @ vectors.T
        if most < cosines.shape[1]:
            # The most-th largest value of each row; ties with it stay, so that order is no matter.
            limit = np.partition(cosines, -most, axis=1)[:, -most, None]
            near = cosines >= np.maximum(limit, least - 1e-5)
        else:
            near = cosines >= least - 1e-5
        rows, columns = np.nonzero(near)
        yield rows + start, columns, cosines[rows, columns]


def _inverted_file(
    vectors: NDArray[np.float32], least: float, most: int, since: int
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]]:
    import faiss  # only corpora of many claims need it

    cells = int(4 * np.sqrt(len(vectors)))
    quantizer = faiss.IndexFlatIP(vectors.shape[1])
    index = faiss.IndexIVFFlat(quantizer, vectors.shape[1], cells, faiss.METRIC_INNER_PRODUCT)
    index.cp.seed, index.cp.max_points_per_centroid = 0, _PER_CELL
    index.cp.niter = 10
    index.train(vectors)
    index.add(vectors)
    index.nprobe = _CELLS_SEARCHED
    for start in range(since, len(vectors), 65_536):
        block = vectors[start : start + 65_536]
        cosines, found = index.search(block, most)
        rows = np.repeat(np.arange(start, start + len(block)), most)
        yield rows, found.reshape(-1), cosines.reshape(-1)


def link(
    sizes: Sequence[int] | NDArray[np.int64],
    edges: Edges,
    *,
    threshold: float,
    sides: Sequence[Iterable[Side]] | None = None,
    fixed: int = 0,
) -> NDArray[np.int64]:
    """Return the cluster of each point, numbered from 0 in the order of first members.

    Args:
        sizes: how many things each point stands for.
        edges: the mean similarity of the things of two points, 0 to 1; 0 where there is no edge.
        threshold: clusters are merged while the mean similarity of their things is at least this.
        sides: sides each point takes; clusters with different sides on one target stay apart.
        fixed: so many first points are clusters already and are never merged with each other.

    Of equal similarities the pair with the lowest points is merged first, so that the result
    depends on the order of the points only where similarities are equal.
    """
    labels = np.arange(len(sizes))
    near: dict[int, dict[int, float]] = {}
    weights = [float(size) for size in sizes]
    taken: dict[int, dict[str, str]] = {}
    totals = edges.value * np.asarray(sizes)[edges.first] * np.asarray(sizes)[edges.second]
    for i, j, total in zip(
        edges.first.tolist(), edges.second.tolist(), totals.tolist(), strict=True
    ):
        if j >= fixed and total > 0:
            near.setdefault(i, {})[j] = near.setdefault(j, {})[i] = total
    if sides is not None:
        taken = {point: dict(held) for point, held in enumerate(sides) if held}

    def apart(one: int, other: int) -> bool:
        if one < fixed and other < fixed:
            return True
        first, second = taken.get(one), taken.get(other)
        if not first or not second:
            return False
        return any(second.get(target, side) != side for target, side in first.items())

    def nearest(point: int) -> tuple[float, int]:
        best, at = -1.0, -1
        size = weights[point]
        for other, total in near[point].items():
            mean = round(total / (size * weights[other]), _DECIMALS)
            if (mean > best or (mean == best and other < at)) and not apart(point, other):
                best, at = mean, other
        return best, at

    parent = list(range(len(sizes)))
    for start in sorted(near):
        chain = [start] if start in near else []
        while chain:
            tip = chain[-1]
            best, other = nearest(tip)
            if best < threshold:
                # No later merge can bring it nearer: average linkage is reducible.
                for neighbour in near.pop(tip):
                    near[neighbour].pop(tip, None)
                chain.pop()
                continue
            before = chain[-2] if len(chain) > 1 else -1
            back = near[tip].get(before)
            if (
                back is None
                or apart(tip, before)
                or (round(back / (weights[tip] * weights[before]), _DECIMALS) < best)
            ):
                chain.append(other)
                continue
            low, high = min(tip, before), max(tip, before)
            parent[high] = low
            weights[low] += weights[high]
            if high in taken:
                taken[low] = {**taken[high], **taken.get(low, {})}
            merged = near.pop(high)
            del merged[low]
            mine = near[low]
            del mine[high]
            for neighbour, total in merged.items():
                theirs = near[neighbour]
                del theirs[high]
                theirs[low] = mine[neighbour] = mine.get(neighbour, 0.0) + total
            del chain[-2:]
            if not chain:
                chain.append(low)
    for point in range(len(parent)):
        labels[point] = labels[parent[point]]  # a parent is lower, so it is final already
    _, first, numbered = np.unique(labels, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first))[numbered]
