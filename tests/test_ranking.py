"""The ranker: scores by context, the choice, its file, and what training finds."""

import pytest

from ronten.ranking import Ranker
from ronten.train.ranking import Example, Settings, fit


def test_a_feature_counts_in_every_context_that_holds():
    ranker = Ranker({"": {"near": 1000}, "quoted": {"near": 500, "far": 2000}})
    assert ranker.scores(("",), [["near"], ["far"], []]) == [1.0, 0, 0]
    assert ranker.scores(("", "quoted", "other"), [["near"], ["far"]]) == [1.5, 2.0]


def test_the_choice_is_the_best_with_its_share():
    choice = Ranker({"": {"good": 1000}}).choose(("",), [["bad"], ["good"]])
    assert choice.best == 1
    assert choice.probability == pytest.approx(0.731, abs=1e-3)


def test_the_first_of_equals_is_chosen():
    assert Ranker({}).choose(("",), [["a"], ["b"]]) == (0, 0.5)


def test_a_file_gives_the_same_ranker(tmp_path):
    ranker = Ranker({"": {"a": 3}, "b": {"c": -7}})
    ranker.save(tmp_path / "ranker.json")
    assert Ranker.load(tmp_path / "ranker.json").weights == ranker.weights


def test_training_learns_what_depends_on_the_context():
    examples = []
    for _ in range(10):
        examples.append(Example(("", "say"), [["left"], ["right"]], [True, False]))
        examples.append(Example(("", "hear"), [["left"], ["right"]], [False, True]))
        examples.append(Example(("", "none"), [["left"]], [False]))  # teaches nothing
    ranker = fit(examples, Settings(penalty=0.1))
    assert ranker.choose(("", "say"), [["left"], ["right"]]).best == 0
    assert ranker.choose(("", "hear"), [["left"], ["right"]]).best == 1
    assert "none" not in ranker.weights
