"""Train the models that say which side a text takes on a target, by itself and in its article.

`ronten train stance`: votes on assembly sentences, triples of claims, the sides that claims take in
the articles of a gold corpus and in marked ones.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ronten.components.sequence import softmax
from ronten.errors import UsageError
from ronten.evaluate.splits import select
from ronten.gold.files import load_annotations
from ronten.linear import LinearModel
from ronten.stance_context import CONTEXT, FEATURES, Chances, ContextModel, features
from ronten.stances import CERTAIN_IN_ARTICLE, LABELS, signs_of
from ronten.train.folder import name_and_version
from ronten.train.linear import Example, Settings, fit, scores, write
from ronten.train.sides import Sided, of_gold, read_sides
from ronten.train.triples import Triple, read_triples
from ronten.word_vectors import WordVectors

MAJORITY = 2
"""Votes that make a label the right one in the scores."""
TIPPED = (1.0, 1.0)
"""Added to the scores of favor and against before the surest label of a vote is taken."""
SETTINGS = Settings(inverse=0.05, least=4, spread=3.0, small=0.03, steps=80)
"""Chosen on six topics of the votes and on the dev split of the gold corpus."""
FOLDS = 3
"""Parts of the articles whose claims are judged by a model of the others."""
INVERSE = 0.3
"""Inverse strength of regularisation of what stands round a claim."""


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
    out: Path,
    *,
    votes: Path,
    triples: Path,
    gold: Path,
    sides: Path,
    marked: Path,
    settings: Settings = SETTINGS,
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
    voted = vote_examples(table, cast)
    others = list(triple_examples(table, read_triples(triples, "train")))
    known = [of_gold(article) for article in select(articles, gold, "train") if article.targets]
    known += read_sides(sides, marked)
    said = [list(side_examples(table, sided)) for sided in known]
    vectors, words = rows_of(table), len(table.keys)

    def fitted(examples: Iterable[Example]) -> LinearModel:
        return fit([*voted, *others, *examples], LABELS, vectors, words, settings)

    found = vote_scores(cast, left_out(voted, vectors, words, settings))
    model = fitted(chain.from_iterable(said))
    dev = list(triple_examples(table, read_triples(triples, "dev")))
    right = [int(np.argmax(example.targets)) for example in dev]
    found["triples_dev_macro_f1"] = _macro_f1(right, scores(model, dev).argmax(axis=1))
    context = _context(known, said, fitted)
    held = [of_gold(article) for article in select(articles, gold, "dev") if article.targets]
    found["gold_dev_macro_f1"] = _judged(model, context, held, table)
    found = {name: round(score, 4) for name, score in found.items()}
    out.mkdir(parents=True, exist_ok=True)
    context.save(out)
    # Its words are made from the embedding's rows.
    write(model, out, found, "CC-BY-SA-4.0", (CONTEXT,))
    return found


def _context(
    known: Sequence[Sided],
    said: Sequence[Sequence[Example]],
    fitted: Callable[[Iterable[Example]], LinearModel],
) -> ContextModel:
    """Learn what stands round a claim, from articles judged by models of the other articles."""
    from sklearn.linear_model import LogisticRegression  # seconds of imports, so only here

    rows: list[Chances] = []
    truth: list[NDArray[np.int64]] = []
    for fold in range(FOLDS):
        model = fitted(chain.from_iterable(e for i, e in enumerate(said) if i % FOLDS != fold))
        for sided, examples in list(zip(known, said, strict=True))[fold::FOLDS]:
            alone = _chances(model, examples, len(sided.targets))
            rows.append(features(sided.article, alone).reshape(-1, len(FEATURES)))
            truth.append(np.array(sided.sides).reshape(-1))
    inputs = np.concatenate(rows)
    mean, spread = inputs.mean(axis=0), inputs.std(axis=0) + 1e-6
    learned = LogisticRegression(C=INVERSE, max_iter=2_000)
    learned.fit((inputs - mean) / spread, np.concatenate(truth))
    weights = (learned.coef_ / spread).T
    return ContextModel(weights, learned.intercept_ - mean @ weights)


def _chances(model: LinearModel, examples: Sequence[Example], targets: int) -> Chances:
    """Return the chances of the labels (targets, claims, 3) by the claims' words alone."""
    return np.asarray(softmax(scores(model, examples)).reshape(targets, -1, len(LABELS)))


def _judged(
    model: LinearModel, context: ContextModel, held: Sequence[Sided], table: WordVectors
) -> float:
    """Score the sides of articles that no model has seen, every claim on every target."""
    truth: list[int] = []
    said: list[NDArray[np.int64]] = []
    for sided in held:
        alone = _chances(model, list(side_examples(table, sided)), len(sided.targets))
        chances = context.chances(sided.article, alone).reshape(-1, len(LABELS))
        sure, side = chances[:, 1:].max(axis=1), chances[:, 1:].argmax(axis=1) + 1
        said.append(np.where(sure < CERTAIN_IN_ARTICLE, 0, side))
        truth += chain.from_iterable(sided.sides)
    return _macro_f1(truth, np.concatenate(said))


def rows_of(table: WordVectors) -> NDArray[np.float32]:
    """Return the rows of an embedding at length one."""
    rows = table.vectors.astype(np.float32)
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1))


def vote_examples(table: WordVectors, cast: Sequence[Vote]) -> list[Example]:
    """Return votes as examples, grouped by topic."""
    return [_example(table, v.topic, v.text, v.shares, v.topic) for v in cast]


def triple_examples(table: WordVectors, triples: Sequence[Triple]) -> Iterator[Example]:
    """Yield what triples say of the stance of their sentences towards their topic."""
    for triple in triples:
        for text, side in triple.sentences():
            yield _example(table, triple.topic, text, only(LABELS.index(side)), triple.topic)


def side_examples(table: WordVectors, sided: Sided) -> Iterator[Example]:
    """Yield every claim of an article with every target, target by target."""
    for target, text, side in sided.said():
        yield _example(table, target, text, only(side), sided.article.id)


def left_out(
    voted: Sequence[Example],
    vectors: NDArray[np.float32],
    words: int,
    settings: Settings = SETTINGS,
) -> NDArray[np.float64]:
    """Return the chances of votes (n, labels), each topic judged by a model of the other topics."""
    topics = np.array([example.group for example in voted])
    found = np.empty((len(voted), len(LABELS)))
    for topic in sorted(set(topics.tolist())):
        model = fit([e for e in voted if e.group != topic], LABELS, vectors, words, settings)
        own = np.flatnonzero(topics == topic)
        found[own] = _chances(model, [voted[i] for i in own.tolist()], 1)[0]
    return found


def vote_scores(cast: Sequence[Vote], chances: NDArray[np.float64]) -> dict[str, float]:
    """Score the chances that are found for votes (n, labels); baseline: nobody takes sides."""
    truth = np.array([vote.label for vote in cast])
    # Sides are rare in debates: what tips the balance is told in logits.
    said = (np.log(chances) + np.array([0.0, *TIPPED])).argmax(axis=1)
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
) -> Example:
    signs = signs_of(table, target, text)
    return Example(signs.features, (), signs.parts, shares, group)


def only(label: int) -> tuple[float, ...]:
    """Return the shares of the labels where one alone is right, by its place in `LABELS`."""
    return tuple(float(number == label) for number in range(len(LABELS)))
