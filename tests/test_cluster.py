from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.cluster import AgglomerativeClustering

from ronten.cluster import assign, cluster

Vectors = NDArray[np.float32]


def unit(vectors: NDArray[np.float64]) -> Vectors:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def planted(
    rows: int, groups: int, dim: int, noise: float, seed: int
) -> tuple[Vectors, NDArray[np.int64]]:
    random = np.random.default_rng(seed)
    centres = unit(random.standard_normal((groups, dim)))
    member = random.integers(0, groups, rows)
    return unit(centres[member] + noise * random.standard_normal((rows, dim))), member


def partition(labels: NDArray[np.int64]) -> set[frozenset[int]]:
    return {frozenset(np.flatnonzero(labels == label).tolist()) for label in set(labels.tolist())}


def test_planted_clusters_are_recovered() -> None:
    vectors, member = planted(2000, 400, 64, 0.03, seed=1)
    assert partition(cluster(vectors, threshold=0.8)) == partition(member)


@pytest.mark.parametrize("dim", [3, 8, 20])
@pytest.mark.parametrize("threshold", [0.3, 0.6, 0.9])
def test_equals_average_linkage(dim: int, threshold: float) -> None:
    vectors, _ = planted(400, 30, dim, 0.3, seed=dim)
    expected = AgglomerativeClustering(
        None, metric="cosine", linkage="average", distance_threshold=1 - threshold
    ).fit_predict(vectors)
    assert partition(cluster(vectors, threshold=threshold)) == partition(expected)


def test_chains_are_not_one_cluster() -> None:
    angles = np.linspace(0, np.pi, 60)  # each point is near the next, the ends are opposite
    vectors = unit(np.stack((np.cos(angles), np.sin(angles)), axis=1))
    labels = cluster(vectors, threshold=0.9)
    for label in set(labels.tolist()):
        members = vectors[labels == label]
        assert (members @ members.T).mean() >= 0.9
    assert labels.max() > 1


# Small integers give many equal similarities: ties must not depend on the order of rows.
rows = st.lists(st.tuples(*[st.integers(-2, 2)] * 3), min_size=0, max_size=25)


@settings(max_examples=200, deadline=None)
@given(rows, st.sampled_from([0.3, 0.5, 0.8, 1.0]), st.randoms(use_true_random=False))
def test_order_of_rows_changes_nothing(
    points: list[tuple[int, int, int]], threshold: float, random: object
) -> None:
    whole = np.array(points, dtype=np.float64).reshape(-1, 3)
    lengths = np.linalg.norm(whole, axis=1, keepdims=True)
    vectors = (whole / np.where(lengths == 0, 1, lengths)).astype(np.float32)
    labels = cluster(vectors, threshold=threshold)
    order = list(range(len(points)))
    random.shuffle(order)  # type: ignore[attr-defined]
    moved = np.empty_like(labels)
    moved[order] = cluster(vectors[order], threshold=threshold)
    assert partition(labels) == partition(moved)
    # Numbered from 0 by first members, no row lost.
    assert list(dict.fromkeys(labels.tolist())) == list(range(len(set(labels.tolist()))))
    assert len(labels) == len(points)


def test_edge_cases() -> None:
    assert cluster(np.zeros((0, 4), np.float32), threshold=0.8).tolist() == []
    one = np.array([[1, 0]], np.float32)
    assert cluster(one, threshold=0.8).tolist() == [0]
    assert cluster(np.repeat(one, 5, axis=0), threshold=1.0).tolist() == [0] * 5
    apart = np.array([[0, 0], [1, 0], [0, 0], [0, 1], [1, -0.0]], np.float32)
    assert cluster(apart, threshold=0.8).tolist() == [0, 1, 2, 3, 1]  # zero rows stand alone


def test_assign_takes_the_nearest_or_none() -> None:
    vectors, member = planted(1500, 40, 32, 0.03, seed=5)
    labels = cluster(vectors[:1000], threshold=0.8)
    centroids = np.stack(
        [vectors[:1000][labels == i].mean(axis=0) for i in range(labels.max() + 1)]
    )
    found = assign(vectors[1000:], centroids, threshold=0.8)
    group_of = {int(label): int(group) for label, group in zip(labels, member, strict=False)}
    assert [group_of[int(label)] for label in found] == member[1000:].tolist()
    away = unit(np.random.default_rng(9).standard_normal((20, 32)))
    assert assign(away, centroids, threshold=0.8).tolist() == [-1] * 20


def test_assign_ties_and_empty() -> None:
    centroids = np.array([[0, 1], [1, 0], [1, 0]], np.float32)
    vector = np.array([[1, 0]], np.float32)
    assert assign(vector, centroids, threshold=1.0).tolist() == [1]
    assert assign(vector, np.zeros((0, 2), np.float32), threshold=0.5).tolist() == [-1]
    assert assign(np.zeros((0, 2), np.float32), centroids, threshold=0.5).tolist() == []
    assert assign(np.zeros((1, 2), np.float32), centroids, threshold=0.5).tolist() == [-1]


@pytest.mark.slow
def test_twenty_thousand_rows_in_a_minute() -> None:
    vectors, member = planted(20_000, 4000, 300, 0.02, seed=2)
    start = time.perf_counter()
    labels = cluster(vectors, threshold=0.8)
    assert time.perf_counter() - start < 60
    assert partition(labels) == partition(member)
