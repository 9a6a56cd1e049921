"""Train the model of check-worthiness on readers' votes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ronten.components.claims.checkworthiness import (
    form_features,
    word_features,
    worth_words,
)
from ronten.components.claims.judge import signs_of
from ronten.components.claims.signs import word_rows
from ronten.config import Config
from ronten.errors import UsageError
from ronten.train.linear import Example, Settings, fit, scores, word_vectors, write
from ronten.types import Annotation, Attribution, Claim, ClaimType, Holder, Kind

if TYPE_CHECKING:
    from spacy.language import Language

LABELS = ("checkable", "other")
SETTINGS = Settings(inverse=0.1, least=3, spread=4.0, light=0.5, group=5.0, small=0.005, steps=100)
"""Chosen by leaving one topic out."""
DECISION = 0.4
"""From this chance on a claim counts as checkable where a yes or no is asked for."""
MAJORITY = 2
"""Votes that make a sentence checkable in the scores."""
BINS = 10


class Voted(NamedTuple):
    """A sentence with the share of votes for it, and whether they were at least `MAJORITY`."""

    example: Example
    share: float
    checkable: bool


def train_checkworthiness(
    votes: Path, out: Path, settings: Settings = SETTINGS
) -> dict[str, float]:
    """Train on all votes, write the folder `out`, return scores with each topic left out once.

    Args:
        votes: JSON lines with `topic`, `utterance`, `fact_checkability` (a list of 0 and 1).
        out: model folder to write, named checkworthiness-VERSION.
        settings: what training is told.

    Raises:
        UsageError: the file holds anything else, or votes on less than two topics.
    """
    from ronten.components.language import build

    nlp = build(Config(), last="ronten_figures")
    vectors, keys = word_vectors(nlp.vocab)
    voted = list(_read(nlp, votes))
    examples = [item.example for item in voted]
    topics = np.array([example.group for example in examples])
    if len(set(topics)) < 2:
        raise UsageError(f"{votes}: votes on one topic; the scores need at least two")
    truth = np.array([item.checkable for item in voted])
    raw = np.zeros(len(voted))
    for topic in sorted(set(topics)):
        others = [example for example in examples if example.group != topic]
        own = np.flatnonzero(topics == topic)
        model = fit(others, LABELS, vectors, keys, settings)
        raw[own] = scores(model, [examples[i] for i in own])[:, 0]
    found = measure(1 / (1 + np.exp(-raw)), truth, topics)
    write(fit(examples, LABELS, vectors, keys, settings), out, found)
    return found


def measure(
    chance: NDArray[np.float64], truth: NDArray[np.bool_], topics: NDArray[np.str_]
) -> dict[str, float]:
    """Return macro F1 over all sentences and its mean over topics, and the calibration error."""
    from sklearn.metrics import f1_score, roc_auc_score

    said = chance >= DECISION
    most = np.full(len(truth), truth.mean() > 0.5)
    groups = [topics == topic for topic in sorted(set(topics))]
    means = [f1_score(truth[own], said[own], average="macro") for own in groups]
    found = {
        "macro_f1": f1_score(truth, said, average="macro"),
        "macro_f1_topics": np.mean(means),
        "auc": roc_auc_score(truth, chance),
        "ece": calibration_error(chance, truth),
        "majority_macro_f1": f1_score(truth, most, average="macro"),
    }
    return {name: round(float(value), 4) for name, value in found.items()}


def calibration_error(chance: NDArray[np.float64], truth: NDArray[np.bool_]) -> float:
    """Return the expected calibration error over `BINS` bins of equal width."""
    bins = np.minimum((chance * BINS).astype(int), BINS - 1)
    return float(
        sum(np.abs((chance - truth)[bins == number].sum()) for number in range(BINS)) / len(truth)
    )


def _read(nlp: Language, path: Path) -> Iterator[Voted]:
    rows = word_rows(nlp.vocab)
    holder = Holder(id="h", name="", kind=Kind.UNSPECIFIED)
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            row: dict[str, Any] = json.loads(line)
            text, topic, given = row["utterance"], row["topic"], row["fact_checkability"]
            share = sum(given) / len(given)
        except (ValueError, KeyError, TypeError, ZeroDivisionError) as error:
            raise UsageError(
                f"{path}:{number}: expected topic, utterance and fact_checkability (votes of 0 "
                f"and 1): {error}"
            ) from error
        claim = Claim(
            id="c",
            content=[(0, len(text))],
            holder="h",
            attribution=Attribution.AUTHORIAL,
            type=ClaimType.FACT,
        )
        article = Annotation(id=str(number), text=text, holders=[holder], claims=[claim])
        signs = next(iter(signs_of(nlp, article)))
        checkable = sum(given) >= MAJORITY
        # Half-way between the share and the majority: votes of three are coarse.
        target = (share + checkable) / 2
        yield Voted(
            Example(
                word_features(signs),
                form_features(signs),
                worth_words(signs, rows),
                [target, 1 - target],
                topic,
            ),
            share,
            checkable,
        )
