from __future__ import annotations

from types import SimpleNamespace

import pytest

from ronten.errors import UsageError
from ronten.evaluate.breakdown import KEYS, by
from ronten.evaluate.comparison import Comparison, compare


@pytest.fixture
def comparison(make: SimpleNamespace) -> Comparison:
    gold = [
        make.article(
            make.claim((0, 10), attribution="direct"),
            make.claim((20, 30), type="policy", holder="k"),
            id="one",
            metadata={"genre": "報道", "source": "港新聞"},
            entities=[make.entity(0, 3)],
            figures=[make.figure(0, 4), make.figure(10, 14, kind="percent")],
        ),
        make.article(make.claim((0, 10), attribution="authorial"), id="two", text="い" * 99),
        make.article(make.claim((0, 10)), id="three", text="う" * 99, metadata={"genre": "報道"}),
    ]
    said = [
        make.article(
            make.claim((0, 10), attribution="mixed"),
            make.claim((40, 50), type="policy", attribution="direct"),
            id="one",
            figures=[make.figure(0, 4, kind="date"), make.figure(20, 24, kind="date")],
        ),
        make.article(make.claim((0, 10), attribution="authorial"), id="two", text="い" * 99),
    ]
    return compare(gold, said)


def test_articles_by_genre(comparison: Comparison) -> None:
    found = by(comparison, "genre")
    assert {genre: list(scores.articles) for genre, scores in found.items()} == {
        "-": ["two"],
        "報道": ["one", "three"],
    }
    assert list(found["報道"].missing) == ["three"]
    assert found["報道"].details["claims_all"] == {"p": 0.5, "r": 0.333, "f1": 0.4, "n": 3}
    assert found["-"].values["claims_all"] == 1
    assert list(by(comparison, "article")) == ["one", "three", "two"]
    assert list(by(comparison, "source")) == ["-", "港新聞"]


def test_a_pair_stands_under_what_gold_says(comparison: Comparison) -> None:
    found = by(comparison, "attribution")
    # Gold direct, said mixed: right as a claim, under "direct", beside the spurious direct one.
    assert found["direct"].details["claims_all"] == {"p": 0.5, "r": 1.0, "f1": 0.667, "n": 1}
    assert found["direct"].details["attribution_acc"] == 0.0
    assert "mixed" not in found
    assert found["direct"].details["entities"] is None
    assert found["direct"].details["figures_found"] is None


def test_claims_by_kind_of_holder_and_type(comparison: Comparison) -> None:
    kinds = by(comparison, "kind")
    assert {kind: s.details["claims_all"]["n"] for kind, s in kinds.items()} == {
        "article_author": 1,
        "company": 1,
        "person": 2,
    }
    assert by(comparison, "type")["policy"].details["claims_all"] == {
        "p": 0.0,
        "r": 0.0,
        "f1": 0.0,
        "n": 1,
    }


def test_figures_by_kind(comparison: Comparison) -> None:
    found = by(comparison, "figure")
    assert {kind: s.details["figures_found"] for kind, s in found.items()} == {
        "count": {"p": 1.0, "r": 1.0, "f1": 1.0, "n": 1},
        "date": {"p": 0.0, "r": 0.0, "f1": 0.0, "n": 0},
        "percent": {"p": 0.0, "r": 0.0, "f1": 0.0, "n": 1},
    }
    assert found["count"].details["claims_all"] is None


@pytest.mark.parametrize("key", ["genre", "source", "article", "attribution", "type", "kind"])
def test_counts_of_all_values_add_up(comparison: Comparison, key: str) -> None:
    total = {"claims.gold": 0.0, "claims.predicted": 0.0, "claims.both": 0.0}
    for scores in by(comparison, key).values():
        for name in total:
            if name in scores.columns:
                total[name] += scores.table[:, list(scores.columns).index(name)].sum()
    assert total == {"claims.gold": 4, "claims.predicted": 3, "claims.both": 2}


def test_unknown_key_names_the_nearest(comparison: Comparison) -> None:
    with pytest.raises(UsageError, match="unknown key 'genres'; did you mean 'genre'"):
        by(comparison, "genres")
    assert "genres" not in KEYS
