"""Fitting the linear models and writing their folders."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack

from ronten.linear import CONFIG, SCALE, WEIGHTS, Key, LinearModel
from ronten.train.folder import name_and_version, write_meta


class Example(NamedTuple):
    """One training example.

    `features` are keys, each once, and `light` more of them, held back by `Settings.light`; `parts`
    the rows of its words per role; `targets` the share of each class, summing to 1; `group` what
    belongs together (an article, a topic).
    """

    features: Sequence[Key]
    light: Sequence[Key]
    parts: Sequence[Sequence[int]]
    targets: Sequence[float]
    group: str


class Settings(NamedTuple):
    """What training is told.

    `inverse` is the inverse strength of regularisation, `least` how many examples a feature needs;
    `light`, `spread` and `group` are the values of light features, word vectors and an intercept
    for each group (0 for none) beside 1 for a feature; features under the weight `small` are
    dropped afterwards.
    """

    inverse: float
    least: int
    spread: float
    light: float = 1.0
    group: float = 0.0
    small: float = 0.0
    steps: int = 300


def fit(
    examples: Sequence[Example],
    labels: Sequence[str],
    vectors: NDArray[np.float32],
    keys: int,
    settings: Settings,
) -> LinearModel:
    """Fit a logistic regression on soft targets.

    Args:
        examples: training examples; with two classes, the first of `labels` is the one scored.
        labels: names of the classes.
        vectors: unit rows of the table of word vectors, shape (rows, dimensions).
        keys: how many words the table knows.
        settings: see `Settings`.
    """
    from sklearn.exceptions import ConvergenceWarning  # seconds of imports, so only here
    from sklearn.linear_model import LogisticRegression

    counts = Counter(
        feature for example in examples for feature in (*example.features, *example.light)
    )
    known = sorted(feature for feature, count in counts.items() if count >= settings.least)
    index = {feature: number for number, feature in enumerate(known)}
    groups = sorted({example.group for example in examples}) if settings.group else []
    values = np.ones(len(index))
    values[[index[f] for example in examples for f in example.light if f in index]] = settings.light
    inputs = _inputs(examples, index, values, vectors, settings.spread)
    if groups:
        # An intercept of its own keeps a group's habits out of the weights of its words.
        own = [groups.index(example.group) for example in examples]
        shape = (len(examples), len(groups))
        ones = csr_array((np.ones(len(own)), own, range(len(own) + 1)), shape=shape)
        inputs = csr_array(hstack([inputs, ones * settings.group]))
    row, target, weight = _spread_targets(examples)
    found = LogisticRegression(C=settings.inverse, max_iter=settings.steps, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # the limit of steps is meant
        found.fit(inputs[row], target, sample_weight=weight)
    weights, bias = found.coef_, found.intercept_
    if len(labels) == 2:
        weights, bias = -weights, -bias  # scikit-learn scores the second class
    words = len(index), len(index) + len(examples[0].parts) * vectors.shape[1]
    if groups:
        bias = bias + weights[:, words[1] :].mean(axis=1) * settings.group
    sparse = weights[:, : words[0]].T * values[:, None]
    kept = np.abs(sparse).max(axis=1) >= max(settings.small, 0.5 / SCALE)
    dense = weights[:, words[0] : words[1]].reshape(len(weights), -1, vectors.shape[1])
    table = np.einsum("cpd,rd->prc", dense * settings.spread, vectors)
    integers = np.clip(np.rint(sparse * SCALE), -32767, 32767).astype(int).tolist()
    return LinearModel(
        labels=tuple(labels),
        weights={known[i]: tuple(integers[i]) for i in np.flatnonzero(kept)},
        bias=tuple(np.rint(bias * SCALE).astype(int).tolist()),
        words=np.clip(np.rint(table * SCALE), -32767, 32767).astype(np.int32),
        vectors=(len(vectors), keys),
    )


def scores(model: LinearModel, examples: Sequence[Example]) -> NDArray[np.float64]:
    """Return the scores of all examples, shape (examples, classes)."""
    return np.array([model.scores((*e.features, *e.light), e.parts) for e in examples])


def word_vectors(vocab: Any) -> tuple[NDArray[np.float32], int]:
    """Return the unit rows of a vocabulary's vectors, and how many words they stand for."""
    data = vocab.vectors.data
    lengths = np.linalg.norm(data, axis=1, keepdims=True)
    return np.asarray(data / np.where(lengths == 0, 1, lengths)), len(vocab.vectors.key2row)


def write(
    model: LinearModel,
    out: Path,
    scores: Mapping[str, Any],
    licence: str = "Apache-2.0",
    more: Sequence[str] = (),
) -> None:
    """Write the weights and `meta.json` of a model folder; card and licence are written by hand.

    `more` are files of the model that lie there already.

    Raises `UsageError` where the folder is not named NAME-VERSION.
    """
    name_and_version(out)
    out.mkdir(parents=True, exist_ok=True)
    model.save(out)
    write_meta(out, licence=licence, scores=scores, files=(CONFIG, WEIGHTS, *more))


def _inputs(
    examples: Sequence[Example],
    index: Mapping[Key, int],
    values: NDArray[np.float64],
    vectors: NDArray[np.float32],
    spread: float,
) -> csr_array:
    columns: list[int] = []
    ends = [0]
    for example in examples:
        names = (*example.features, *example.light)
        columns.extend(sorted(index[name] for name in names if name in index))
        ends.append(len(columns))
    shape = (len(examples), len(index))
    sparse = csr_array((values[columns], columns, ends), shape=shape)
    dense = np.zeros((len(examples), len(examples[0].parts), vectors.shape[1]))
    for number, example in enumerate(examples):
        for part, rows in enumerate(example.parts):
            if rows:
                dense[number, part] = vectors[list(rows)].mean(axis=0) * spread
    return csr_array(hstack([sparse, csr_array(dense.reshape(len(examples), -1))]))


def _spread_targets(
    examples: Sequence[Example],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Turn soft targets into weighted rows of one class each."""
    triples = [
        (row, target, share)
        for row, example in enumerate(examples)
        for target, share in enumerate(example.targets)
        if share
    ]
    rows, targets, shares = zip(*triples, strict=True)
    return np.array(rows), np.array(targets), np.array(shares)
