from __future__ import annotations

import json
from functools import partial

import numpy as np
import pytest
from numpy.typing import NDArray

from ronten import compare, engine
from ronten.positions import point_of_record
from ronten.same_point import ASKED, SamePoint

TEXTS = (
    "電気料金は上がる",
    "電気代は高くなる",
    "電気料金は上がらない",
    "新しい駅が町を変える",
    "駅ができれば町は変わる",
)
PAIRS = np.array([[0, 3], [0, 1], [3, 4], [0, 2], [1, 2]])


def record(text: str) -> tuple[str, str]:
    held = {"article": "a", "type": "fact", "stances": [], "entities": [], "figures": []}
    return text, json.dumps(held)


def records(numbers: NDArray[np.int64]) -> list[tuple[str, str]]:
    return [record(TEXTS[i]) for i in numbers.tolist()]


@pytest.fixture(scope="module")
def expected() -> NDArray[np.float64]:
    points = [point_of_record(*record(text)) for text in TEXTS]
    return SamePoint.load().chances(points, PAIRS)


def test_each_pair_gets_its_own_chance(expected: NDArray[np.float64]) -> None:
    np.testing.assert_allclose(compare.chances(records, PAIRS), expected, atol=2e-3)
    assert expected[1] > expected[0]
    assert compare.chances(records, np.zeros((0, 2), np.int64)).tolist() == []


def test_the_encoder_is_left_out_where_it_is_not_wanted(expected: NDArray[np.float64]) -> None:
    points = [point_of_record(*record(text)) for text in TEXTS]
    without = SamePoint.load(encoder=False).chances(points, PAIRS)
    np.testing.assert_allclose(compare.chances(records, PAIRS, encoder=False), without, atol=2e-3)
    assert np.abs(without - expected).max() > 0.01


def test_claims_are_asked_for_in_parts(
    expected: NDArray[np.float64], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compare, "_PART", 2)
    asked: list[int] = []

    def few(numbers: NDArray[np.int64]) -> list[tuple[str, str]]:
        asked.append(len(numbers))
        return records(numbers)

    compare.chances(few, PAIRS, encoder=False)
    assert len(asked) == 3
    np.testing.assert_allclose(compare.chances(few, PAIRS), expected, atol=2e-3)
    assert len(asked) > 2 * 3  # the encoder's pairs are asked for once more, in parts as well
    assert max(asked) <= 4


def test_processes_find_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compare, "_PART", 2)
    spread = partial(engine.spread, workers=2)
    alone, together = compare.chances(records, PAIRS), compare.chances(records, PAIRS, spread)
    assert together.tolist() == alone.tolist()


def test_pairs_of_the_same_claims_stand_together(monkeypatch: pytest.MonkeyPatch) -> None:
    # Two groups of claims in turn: unsorted, every part would ask for both.
    first = [(i, j) for i in range(0, 12, 2) for j in range(i + 2, 12, 2)]
    pairs = np.array([pair for i, j in first for pair in ((i, j), (i + 1, j + 1))])
    monkeypatch.setattr(compare, "_PART", len(first))
    asked: list[set[int]] = []

    def some(numbers: NDArray[np.int64]) -> list[tuple[str, str]]:
        asked.append({i % 2 for i in numbers.tolist()})
        return [record(f"{i}人が残る") for i in numbers.tolist()]

    compare.chances(some, pairs, encoder=False)
    assert sorted(map(sorted, asked)) == [[0], [1]]


def test_the_encoder_is_asked_about_the_likeliest_pairs_of_each_claim() -> None:
    pairs = np.array([[0, 1], [0, 2], [0, 3], [0, 4], [0, 5], [3, 4], [5, 6]])
    found = np.array([0.9, 0.2, 0.6, 0.5, ASKED - 0.01, 0.3, ASKED - 0.01])
    assert compare._likeliest(pairs, found).tolist() == [0, 2, 3, 5]  # (0, 2) is the fourth of 0
    assert compare._likeliest(pairs, np.zeros(7)).tolist() == []
    alike = compare._likeliest(np.array([[0, 1], [0, 2], [0, 3], [0, 4]]), np.full(4, 0.5))
    assert alike.tolist() == [0, 1, 2]
