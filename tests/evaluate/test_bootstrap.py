from __future__ import annotations

import random
from collections import Counter
from itertools import combinations
from types import SimpleNamespace

import numpy as np
import pytest

from ronten.errors import UsageError
from ronten.evaluate import Scores, evaluate
from ronten.evaluate.bootstrap import differences, intervals
from ronten.evaluate.grouping import Grouping
from ronten.evaluate.metrics import METRICS

PER_ARTICLE = [name for name in METRICS if not name.startswith("positions")]


def corpus(make: SimpleNamespace, right: float, seed: int, articles: int = 30) -> Scores:
    """Ten claims and two figures per article; the system gets `right` of them."""
    chance = random.Random(seed)
    gold, said = [], []
    for number in range(articles):
        claims = [make.claim((i * 10, i * 10 + 8), type="policy") for i in range(10)]
        figures = [make.figure(100, 103), make.figure(110, 113)]
        gold.append(make.article(*claims, id=str(number), figures=figures))
        found = [c if chance.random() < right else make.claim((150, 155)) for c in claims]
        seen = [f for f in figures if chance.random() < right]
        said.append(make.article(*found, id=str(number), figures=seen))
    return evaluate(gold, said)


def test_weights_count_articles_as_often(make: SimpleNamespace) -> None:
    gold = [
        make.article(make.claim((0, 10)), make.claim((20, 30), type="policy"), id="one"),
        make.article(make.claim((0, 10), holder="k"), id="two"),
        make.article(make.claim((0, 10)), id="three"),
    ]
    said = [
        make.article(make.claim((0, 10), type="policy"), id="one"),
        make.article(make.claim((1, 9), attribution="direct"), make.claim((50, 60)), id="two"),
        make.article(id="three"),
    ]
    weighted = evaluate(gold, said).measure(np.array([[2.0, 3.0, 0.0]]))

    def copies(articles: list[object]) -> list[object]:
        one, two, _ = articles
        chosen = [one, one, two, two, two]
        return [a.model_copy(update={"id": str(i)}) for i, a in enumerate(chosen)]

    # One text for both articles: the ids pair them.
    expected = evaluate(copies(gold), copies(said)).values
    for name in PER_ARTICLE:
        assert weighted[name][0] == pytest.approx(expected[name], nan_ok=True), name
    assert weighted["attributed"][0] == pytest.approx(2 * 5 / (8 + 7))


def test_weighted_grouping_equals_counting_one_by_one() -> None:
    chance = random.Random(3)
    claims = [(chance.randrange(6), chance.choice("abc"), chance.choice("xyz")) for _ in range(40)]
    weights = [2, 0, 1, 3, 1, 0]
    found = Grouping(6, claims).counts(np.array([weights], dtype=float))
    # A copy of an article is another one, except that a claim is no pair with its own copies;
    # within an article only claims of the same copy are pairs.
    items = [(c, i, w) for i, c in enumerate(claims) for w in range(weights[c[0]])]
    pairs = [
        (one[0], other[0])
        for one, other in combinations(items, 2)
        if one[0][0] != other[0][0] or one[2] == other[2]
    ]
    gold = sum(a[1] == b[1] for a, b in pairs)
    said = sum(a[2] == b[2] for a, b in pairs)
    both = sum(a[1:] == b[1:] for a, b in pairs)
    assert found["pairs.gold"][0] == gold
    assert found["pairs.precision"][0] == pytest.approx(both / said)
    assert found["pairs.recall"][0] == pytest.approx(both / gold)
    cells = Counter(c[1:] for c, _, _ in items)
    of_gold, of_said = Counter(c[1] for c, _, _ in items), Counter(c[2] for c, _, _ in items)
    precision = sum(cells[c[1:]] / of_said[c[2]] for c, _, _ in items) / len(items)
    recall = sum(cells[c[1:]] / of_gold[c[1]] for c, _, _ in items) / len(items)
    assert found["b3.precision"][0] == pytest.approx(precision)
    assert found["b3.recall"][0] == pytest.approx(recall)


def test_intervals_hold_the_value_and_stay_the_same(make: SimpleNamespace) -> None:
    scores = corpus(make, 0.7, 1)
    found = intervals(scores)
    low, high = found["claims_all"]
    assert low < scores.values["claims_all"] < high
    # 300 claims at 0.7: a standard error of 0.026, so about 0.1 between the ends.
    assert 0.07 < high - low < 0.14
    assert intervals(corpus(make, 0.7, 1)) == found


def test_more_articles_give_narrower_intervals(make: SimpleNamespace) -> None:
    few, many = (intervals(corpus(make, 0.7, 1, articles=n))["figures_found"] for n in (10, 160))
    assert many.high - many.low < 0.5 * (few.high - few.low)


def test_one_article_has_no_interval(make: SimpleNamespace) -> None:
    assert intervals(corpus(make, 0.7, 1, articles=1)) == {}
    assert intervals(evaluate([], [])) == {}


def test_measures_of_one_article_have_no_interval(make: SimpleNamespace) -> None:
    gold = [
        make.article(make.claim((0, 10)), id="one", layers=["claims"]),
        make.article(make.claim((0, 10)), id="two", figures=[make.figure(0, 4)]),
    ]
    found = intervals(evaluate(gold, gold))
    assert found["claims_all"] == (1.0, 1.0)
    assert "figures_found" not in found


def test_a_better_system_is_better(make: SimpleNamespace) -> None:
    found = differences(corpus(make, 0.9, 1), corpus(make, 0.6, 2))["claims_all"]
    assert found.value == pytest.approx(0.3, abs=0.05)
    assert found.interval.low > 0
    assert found.p < 0.01


def test_chance_is_no_difference(make: SimpleNamespace) -> None:
    one, other = corpus(make, 0.7, 1), corpus(make, 0.7, 2)
    found = differences(one, other)["claims_all"]
    assert found.interval.low < 0 < found.interval.high
    assert found.p > 0.05
    same = differences(one, one)["claims_all"]
    assert (same.value, same.p) == (0.0, 1.0)


def test_systems_cannot_be_compared_on_one_article(make: SimpleNamespace) -> None:
    scores = corpus(make, 0.7, 1, articles=1)
    with pytest.raises(UsageError, match="2 or more articles"):
        differences(scores, scores)
