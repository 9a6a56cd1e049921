from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.cluster import AgglomerativeClustering

from ronten import cluster
from ronten.cluster import Edges, link, neighbours
from ronten.cluster_bench import planted, recovery

Vectors = NDArray[np.float32]


def unit(vectors: NDArray[np.float64]) -> Vectors:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def partition(labels: NDArray[np.int64]) -> set[frozenset[int]]:
    return {frozenset(np.flatnonzero(labels == label).tolist()) for label in set(labels.tolist())}


def all_pairs(similar: NDArray[np.float64]) -> Edges:
    first, second = np.triu_indices(len(similar), 1)
    return Edges(first, second, similar[first, second])


def edges(*pairs: tuple[int, int, float]) -> Edges:
    first, second, value = zip(*pairs, strict=True)
    return Edges(np.array(first), np.array(second), np.array(value))


@pytest.mark.parametrize("dim", [3, 8, 20])
@pytest.mark.parametrize("threshold", [0.3, 0.6, 0.9])
def test_link_equals_average_linkage(dim: int, threshold: float) -> None:
    random = np.random.default_rng(dim)
    vectors = unit(random.standard_normal((300, dim))).astype(np.float64)
    similar = np.maximum(vectors @ vectors.T, 0)
    expected = AgglomerativeClustering(
        None, metric="precomputed", linkage="average", distance_threshold=1 - threshold
    ).fit_predict(1 - similar)
    found = link([1] * len(vectors), all_pairs(similar), threshold=threshold)
    assert partition(found) == partition(expected)


def test_a_missing_edge_counts_as_unlike() -> None:
    chain = edges((0, 1, 0.9), (1, 2, 0.8))
    assert link([1, 1, 1], chain, threshold=0.5).tolist() == [0, 0, 1]
    assert link([1, 1, 1], chain, threshold=0.4).tolist() == [0, 0, 0]


def test_sizes_weigh() -> None:
    assert link([3, 1, 1], edges((0, 1, 0.6), (1, 2, 0.7)), threshold=0.5).tolist() == [0, 1, 1]
    # Three things like the first of two, none like the second: 0.45 on the mean.
    assert link([3, 1, 1], edges((0, 1, 0.9), (1, 2, 0.95)), threshold=0.4).tolist() == [0, 0, 0]


def test_opposite_sides_stay_apart() -> None:
    pairs = edges((0, 1, 0.9), (0, 2, 0.9), (1, 2, 0.9))
    sides = [[("規制", "favor")], [], [("規制", "against")]]
    labels = link([1, 1, 1], pairs, threshold=0.5, sides=sides)
    assert labels[0] != labels[2]
    assert len(set(labels.tolist())) == 2
    other = [[("規制", "favor")], [], [("課税", "against")]]
    assert link([1, 1, 1], pairs, threshold=0.5, sides=other).tolist() == [0, 0, 0]


def test_fixed_points_are_never_merged_with_each_other() -> None:
    pairs = edges((0, 1, 0.99), (0, 2, 0.8), (1, 2, 0.7))
    assert link([1, 1, 1], pairs, threshold=0.3, fixed=2).tolist() == [0, 1, 0]


def test_nothing_and_singles() -> None:
    none = Edges(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))
    assert link([], none, threshold=0.5).tolist() == []
    assert link([1, 1], none, threshold=0.5).tolist() == [0, 1]


# Different values (and means), so that no tie lets the order of the points in.
values = st.integers(2, 12).flatmap(
    lambda n: st.tuples(
        st.just(n), st.permutations(range(1, n * (n - 1) // 2 + 1)), st.permutations(range(n))
    )
)


@settings(max_examples=200, deadline=None)
@given(values, st.sampled_from([0.2, 0.5, 0.8]))
def test_order_of_points_changes_nothing(
    drawn: tuple[int, list[int], list[int]], threshold: float
) -> None:
    size, ranks, order = drawn
    similar = np.zeros((size, size))
    rows = np.triu_indices(size, 1)
    similar[rows] = (np.array(ranks) / (len(ranks) + 1)) ** 1.37
    similar += similar.T
    labels = link([1] * size, all_pairs(similar), threshold=threshold)
    moved = np.empty_like(labels)
    moved[order] = link([1] * size, all_pairs(similar[np.ix_(order, order)]), threshold=threshold)
    assert partition(labels) == partition(moved)
    # Numbered from 0 by first members.
    assert list(dict.fromkeys(labels.tolist())) == list(range(len(set(labels.tolist()))))


def test_neighbours_are_the_near_pairs() -> None:
    vectors, _ = planted(600)
    found = neighbours(vectors, least=0.4, most=600)
    cosines = np.triu(vectors.astype(np.float64) @ vectors.T.astype(np.float64), 1)
    near = {(i, j) for i, j in zip(*np.nonzero(cosines >= 0.4), strict=True)}
    assert set(zip(found.first.tolist(), found.second.tolist(), strict=True)) == near
    np.testing.assert_allclose(found.value, cosines[found.first, found.second], atol=1e-5)


def test_neighbours_of_late_points_only() -> None:
    vectors, _ = planted(300)
    every = neighbours(vectors, least=0.4, most=300)
    late = neighbours(vectors, least=0.4, most=300, since=200)
    wanted = every.second >= 200
    np.testing.assert_array_equal(late.first, every.first[wanted])
    np.testing.assert_array_equal(late.second, every.second[wanted])


def test_only_the_nearest_are_brought() -> None:
    vectors = unit(np.random.default_rng(2).standard_normal((200, 8)))
    few = neighbours(vectors, least=0.1, most=3)
    assert len(few.first) <= 200 * 3
    assert len(few.first) < len(neighbours(vectors, least=0.1, most=200).first)


def test_zero_rows_and_no_rows() -> None:
    assert len(neighbours(np.zeros((0, 4), np.float32), least=0.3, most=5).first) == 0
    apart = np.array([[0, 0], [1, 0], [0, 0], [0, 1], [1, -0.0]], np.float32)
    found = neighbours(apart, least=0.3, most=5)
    assert (found.first.tolist(), found.second.tolist()) == ([1], [4])


def test_many_points_are_searched_by_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors, member = planted(4_000)
    exact = neighbours(vectors, least=0.4, most=30)
    monkeypatch.setattr(cluster, "_EXACT", 1_000)
    found = neighbours(vectors, least=0.4, most=30)
    again = neighbours(vectors, least=0.4, most=30)
    np.testing.assert_array_equal(found.first, again.first)
    both = set(zip(found.first.tolist(), found.second.tolist(), strict=True))
    wanted = set(zip(exact.first.tolist(), exact.second.tolist(), strict=True))
    assert len(both & wanted) >= 0.98 * len(wanted)
    labels = link([1] * len(vectors), found, threshold=0.5)
    precision, recall = recovery(member, labels)
    assert precision > 0.99
    assert recall > 0.98
