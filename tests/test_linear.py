from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ronten.errors import ModelNotFound, UsageError
from ronten.linear import LinearModel, sigmoid
from ronten.train.linear import Example, Settings, fit, scores, write


def model() -> LinearModel:
    words = np.array([[[1000, 0], [0, -3000]], [[0, 0], [500, 500]]], np.int32)
    return LinearModel(("yes", "no"), {"a": (2000, -1000), "b": (1, 1)}, (100, 0), words, (2, 9))


def test_scores_are_exact_sums_and_means() -> None:
    assert model().scores(["a", "unknown"], [[0, 1], [1]]) == [3.1, -2.0]
    assert model().scores([], [[], []]) == [0.1, 0.0]
    assert model().scores(["a", "b"], [[0], []]) == model().scores(["b", "a"], [[0], []])


@pytest.mark.parametrize("weights", [{"、a": (1, 2), "b": (-3, 4)}, {7: (1, 2), 2**32 - 1: (0, 1)}])
def test_save_and_load(tmp_path: Path, weights: dict[str | int, tuple[int, ...]]) -> None:
    first = LinearModel(("x", "y"), weights, (1, 2), model().words, (2, 9))
    write(first, tmp_path / "toy-1.0.0", {"accuracy": 0.5})
    loaded = LinearModel.load("toy", tmp_path / "toy-1.0.0")
    assert loaded.weights == weights
    assert (loaded.labels, loaded.bias, loaded.vectors) == (("x", "y"), (1, 2), (2, 9))
    assert loaded.words.tolist() == model().words.tolist()


def test_a_changed_file_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "toy-1.0.0"
    write(model(), folder, {})
    (folder / "config.json").write_text("{}")
    with pytest.raises(ModelNotFound, match="differs"):
        LinearModel.load("toy", folder)


def test_a_folder_needs_a_version(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="NAME-VERSION"):
        write(model(), tmp_path / "toy", {})


@pytest.mark.parametrize("group", [0.0, 2.0])
def test_fit_learns_features_words_and_keeps_groups_apart(group: float) -> None:
    vectors = np.eye(3, dtype=np.float32)
    examples = [
        Example(["good"], ["late"], [[0]], [1, 0], "one"),
        Example(["bad"], [], [[1]], [0, 1], "one"),
        Example(["good"], [], [[0]], [0.8, 0.2], "two"),
        Example(["bad"], ["once"], [[1]], [0, 1], "two"),
    ]
    settings = Settings(inverse=10, least=1, spread=1, light=0.5, group=group, small=0.001)
    found = fit(examples, ("yes", "no"), vectors, 3, settings)
    assert set(found.weights) <= {"good", "bad", "late", "once"}
    assert [score > 0 for (score,) in scores(found, examples)] == [True, False, True, False]
    assert fit(examples, ("yes", "no"), vectors, 3, settings).weights == found.weights
    three = fit(
        [e._replace(targets=[*e.targets, 0.5]) for e in examples], "abc", vectors, 3, settings
    )
    assert three.words.shape == (1, 3, 3)


def test_sigmoid() -> None:
    assert sigmoid(0) == 0.5
    assert 0 < sigmoid(-1e9) < sigmoid(1) < sigmoid(1e9) <= 1
