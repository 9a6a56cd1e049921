"""Grouping vectors that say the same: average linkage over the cosine, without an n × n matrix.

Unit vectors make the mean similarity of two clusters a product of their sums, and a mean reaches
the threshold only where a single pair does: clusters are compared only where the graph of pairs
above the threshold joins them. So the result is that of exact average linkage, in memory that
grows with the number of such pairs.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_BLOCK = 512
_DECIMALS = 6  # similarities are rounded before they decide anything
_SLACK = 1e-5  # the neighbour search is in float32, the decision in float64


def cluster(vectors: NDArray[np.float32], *, threshold: float) -> NDArray[np.int64]:
    """Return the cluster of each row, numbered from 0 in the order of first members.

    `vectors` has unit rows; zero rows stand alone. Clusters are merged while their mean cosine is
    at least `threshold` (above 0). The order of the rows changes nothing but the numbers.
    """
    labels = np.full(len(vectors), -1, dtype=np.int64)
    (speaking,) = np.nonzero(np.any(vectors != 0, axis=1))
    # Sorted distinct rows: every later step is the same whatever the order of the input.
    points, place, counts = np.unique(
        vectors[speaking], axis=0, return_inverse=True, return_counts=True
    )
    labels[speaking] = _link(points.astype(np.float64), counts, threshold)[place.reshape(-1)]
    alone = labels < 0
    labels[alone] = len(vectors) + np.arange(np.count_nonzero(alone))
    _, first, numbered = np.unique(labels, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first))[numbered]


def assign(
    vectors: NDArray[np.float32], centroids: NDArray[np.float32], *, threshold: float
) -> NDArray[np.int64]:
    """Return the nearest cluster of each row, -1 where none reaches `threshold`.

    A centroid is the mean of its members' vectors, not scaled to unit length: the product with a
    vector is then their mean cosine, as in `cluster`. Ties go to the lowest index.
    """
    nearest = np.full(len(vectors), -1, dtype=np.int64)
    if len(centroids) == 0:
        return nearest
    columns = centroids.astype(np.float64).T
    for start in range(0, len(vectors), _BLOCK):
        block = vectors[start : start + _BLOCK].astype(np.float64)
        similar = np.round(block @ columns, _DECIMALS)
        best = similar.argmax(axis=1)
        reached = similar[np.arange(len(block)), best] >= threshold
        nearest[start : start + _BLOCK] = np.where(reached, best, -1)
    return nearest


def _link(
    points: NDArray[np.float64], counts: NDArray[np.int64], threshold: float
) -> NDArray[np.int64]:
    """Return the cluster of each point, named by its lowest member: nearest-neighbour chains.

    Average linkage is reducible, so merging mutual nearest neighbours as they are met gives the
    same tree as always merging the closest pair, and a cluster with no neighbour near enough is
    final.
    """
    sums = points * counts[:, None]
    sizes = counts.astype(np.float64)
    parent = np.arange(len(points))
    near = _neighbours(points, threshold)
    final = np.zeros(len(points), dtype=bool)
    for start in range(len(points)):
        chain = [start] if parent[start] == start and not final[start] else []
        while chain:
            tip = chain[-1]
            others = np.unique(_roots(parent, near[tip]))
            near[tip] = others = others[(others != tip) & ~final[others]]
            means = (sums[others] * sums[tip]).sum(axis=1) / (sizes[others] * sizes[tip])
            means = np.round(means, _DECIMALS)
            highest = means.max(initial=-1.0)
            if highest < threshold:
                final[tip] = True
                chain.pop()
                continue
            nearest = others[means == highest]
            before = chain[-2] if len(chain) > 1 else -1
            if before not in nearest:
                chain.append(int(nearest[0]))
                continue
            low, high = min(tip, before), max(tip, before)
            parent[high] = low
            sums[low] += sums[high]
            sizes[low] += sizes[high]
            near[low] = np.concatenate((near[low], near[high]))
            near[high] = near[high][:0]
            del chain[-2:]
            if not chain:
                chain.append(low)
    return _roots(parent, parent)


def _roots(parent: NDArray[np.int64], ids: NDArray[np.int64]) -> NDArray[np.int64]:
    roots = parent[ids]
    while not np.array_equal(above := parent[roots], roots):
        roots = above
    return roots


def _neighbours(points: NDArray[np.float64], threshold: float) -> list[NDArray[np.int64]]:
    """Return for each point the other points at `threshold` or above (or a hair below)."""
    rows, columns = [np.empty(0, np.int32)], [np.empty(0, np.int32)]
    singles = points.astype(np.float32)
    for start in range(0, len(points), _BLOCK):
        block = singles[start : start + _BLOCK]
        row, column = np.nonzero(block @ singles[start:].T >= threshold - _SLACK)
        upper = row < column
        rows.append((row[upper] + start).astype(np.int32))
        columns.append((column[upper] + start).astype(np.int32))
    row, column = np.concatenate(rows), np.concatenate(columns)
    both = np.concatenate((row, column)).astype(np.int64)
    others = np.concatenate((column, row)).astype(np.int64)
    order = np.argsort(both, kind="stable")
    ends = np.searchsorted(both[order], np.arange(1, len(points)))
    return list(np.split(others[order], ends)) if len(points) else []
