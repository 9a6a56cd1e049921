"""Train the model that says which side a text takes on a target.

`ronten train stance`: votes on assembly sentences, triples of claims, the stances of a gold corpus.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ronten.claim_text import claim_text
from ronten.errors import UsageError
from ronten.evaluate.splits import select
from ronten.gold.files import load_annotations
from ronten.stances import LABELS, signs_of
from ronten.train.folder import name_and_version
from ronten.train.linear import Example, Settings, fit, scores, write
from ronten.train.triples import Triple, read_triples
from ronten.types import Annotation, Claim
from ronten.word_vectors import WordVectors

MAJORITY = 2
"""Votes that make a label the right one in the scores."""
TIPPED = (1.0, 1.0)
"""Added to the scores of favor and against before the surest label of a vote is taken."""
SETTINGS = Settings(inverse=0.05, least=4, spread=3.0, small=0.03, steps=80)
"""Chosen on six topics of the votes and on the dev split of the gold corpus."""
INVENTED = 0.5
"""Weight of a sentence of the triples beside a claim of the gold corpus."""


class Vote(NamedTuple):
    """A sentence on a topic, the share of votes for each label, and the majority (-1: none)."""

    topic: str
    text: str
    shares: tuple[float, ...]
    label: int


def read_votes(path: Path) -> list[Vote]:
    """Read votes (JSON lines: `topic`, `utterance`, `stance`: 0 other, 1 for, 2 against).

    Raises `UsageError` naming the line at fault.
    """
    votes = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            row: dict[str, Any] = json.loads(line)
            topic, text, given = row["topic"], row["utterance"], row["stance"]
            counts = [given.count(label) for label in range(len(LABELS))]
            shares = tuple(count / len(given) for count in counts)
        except (ValueError, KeyError, TypeError, ZeroDivisionError, AttributeError) as error:
            raise UsageError(
                f"{path}:{number}: expected topic, utterance and stance (votes of 0, 1, 2): {error}"
            ) from error
        most = max(counts)
        votes.append(Vote(topic, text, shares, counts.index(most) if most >= MAJORITY else -1))
    return votes


def build(
    out: Path, *, votes: Path, triples: Path, gold: Path, settings: Settings = SETTINGS
) -> dict[str, float]:
    """Train on everything, write the folder `out`, and return scores.

    Those on the votes are measured with each topic left out once, by a model of the other topics;
    those on the gold corpus on its dev split.

    Raises:
        UsageError: an input cannot be used, or `out` is not named NAME-VERSION.
    """
    name_and_version(out)
    table = WordVectors.shipped()
    cast = read_votes(votes)
    articles = list(load_annotations(gold))
    voted = [_example(table, v.topic, v.text, v.shares, v.topic) for v in cast]
    others = list(triple_examples(table, read_triples(triples, "train")))
    others += list(gold_examples(table, list(select(articles, gold, "train"))))
    vectors, words = rows_of(table), len(table.keys)
    found = _left_out(voted, [vote.label for vote in cast], vectors, words, settings)
    model = fit([*voted, *others], LABELS, vectors, words, settings)
    dev = list(triple_examples(table, read_triples(triples, "dev")))
    right = [int(np.argmax(example.targets)) for example in dev]
    found["triples_dev_macro_f1"] = _macro_f1(right, scores(model, dev).argmax(axis=1))
    found = {name: round(score, 4) for name, score in found.items()}
    write(model, out, found, "CC-BY-SA-4.0")  # its words are made from the embedding's rows
    return found


def rows_of(table: WordVectors) -> NDArray[np.float32]:
    """Return the rows of an embedding at length one."""
    rows = table.vectors.astype(np.float32)
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1))


def triple_examples(table: WordVectors, triples: Sequence[Triple]) -> Iterator[Example]:
    """Yield what triples say of the stance of their sentences towards their topic."""
    for triple in triples:
        for text, side in triple.sentences():
            yield _example(
                table, triple.topic, text, _only(LABELS.index(side)), triple.topic, INVENTED
            )


def gold_examples(table: WordVectors, articles: Sequence[Annotation]) -> Iterator[Example]:
    """Yield every claim of some articles with every target of its article."""
    for article in articles:
        for claim in article.claims:
            text = claim_text(article, claim)
            for target in article.targets:
                yield _example(table, target, text, _only(side_of(claim, target)), article.id)


def side_of(claim: Claim, target: str) -> int:
    """Return the label of a gold claim's side on a target, as a place in `LABELS`."""
    taken = claim.stance is not None and claim.stance.target == target
    return LABELS.index(claim.stance.label) if claim.stance and taken else 0


def _left_out(
    voted: Sequence[Example],
    labels: Sequence[int],
    vectors: NDArray[np.float32],
    words: int,
    settings: Settings,
) -> dict[str, float]:
    """Score each topic of the votes by a model of the others; baseline: nobody takes sides."""
    truth = np.array(labels)
    said = np.zeros(len(truth), int)
    topics = np.array([example.group for example in voted])
    for topic in sorted(set(topics.tolist())):
        model = fit([e for e in voted if e.group != topic], LABELS, vectors, words, settings)
        own = np.flatnonzero(topics == topic)
        found = scores(model, [voted[i] for i in own.tolist()])
        # Sides are rare in debates: what tips the balance is told in logits.
        said[own] = (found + np.array([0.0, *TIPPED])).argmax(axis=1)
    counted = truth >= 0
    return {
        "votes_macro_f1": _macro_f1(truth[counted], said[counted]),
        "votes_majority_macro_f1": _macro_f1(truth[counted], np.zeros(counted.sum(), int)),
    }


def _macro_f1(truth: Sequence[int] | NDArray[np.int64], said: NDArray[np.int64]) -> float:
    from sklearn.metrics import f1_score  # seconds of imports, so only here

    return float(f1_score(truth, said, average="macro"))


def _example(
    table: WordVectors,
    target: str,
    text: str,
    shares: tuple[float, ...],
    group: str,
    weight: float = 1.0,
) -> Example:
    signs = signs_of(table, target, text)
    targets = [share * weight for share in shares]
    return Example(signs.features, (), signs.parts, targets, group)


def _only(label: int) -> tuple[float, ...]:
    return tuple(float(number == label) for number in range(len(LABELS)))
