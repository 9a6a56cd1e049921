"""Train the model of claim types on gold labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ronten.components.claims.judge import signs_of
from ronten.components.claims.signs import Signs, word_rows
from ronten.components.claims.types_model import type_features, type_words
from ronten.config import Config
from ronten.evaluate.splits import select
from ronten.gold.files import load_annotations
from ronten.linear import LinearModel
from ronten.train.claims_data import GOLD
from ronten.train.linear import Example, Settings, fit, scores, word_vectors, write
from ronten.train.marked import read_marked_folder
from ronten.types import Annotation, Attribution, Claim, ClaimType

if TYPE_CHECKING:
    from spacy.language import Language

LABELS = [str(label) for label in ClaimType]
SETTINGS = Settings(inverse=0.1, least=5, spread=3.0)
"""Chosen on the dev split."""
VERSIONS = ("first", "second")
"""Folders beside the final labels that hold the annotators' own: their votes are soft labels."""


class Labelled(NamedTuple):
    """A claim with its signs; `type` is the final label, `rule` the type that the rules read."""

    example: Example
    type: str
    rule: str


def train_types(
    corpus: Path, out: Path, marked: Sequence[Path], settings: Settings = SETTINGS
) -> dict[str, float]:
    """Train on the train split of a gold corpus, write the folder `out`, return scores on dev.

    Args:
        corpus: a gold corpus with `final/` and `splits.json`, and the annotators' versions if any.
        out: model folder to write, named types-VERSION.
        marked: folders of articles with marked claims, which are learned too.
        settings: what training is told.
    """
    from ronten.components.language import build

    nlp = build(Config(), last="ronten_figures")
    final = list(load_annotations(corpus / "final"))
    votes = votes_of(corpus)
    train = list(examples(nlp, select(final, corpus, "train"), votes)) * GOLD
    for folder in marked:
        train += examples(nlp, map(typed, read_marked_folder(folder)), {})
    dev = list(examples(nlp, select(final, corpus, "dev"), votes))
    vectors, keys = word_vectors(nlp.vocab)
    model = fit([item.example for item in train], LABELS, vectors, keys, settings)
    found = measure(model, dev)
    write(model, out, {f"dev_{name}": value for name, value in found.items()})
    return found


def measure(model: LinearModel, labelled: Sequence[Labelled]) -> dict[str, float]:
    """Return the accuracy of the model, of the rules and of the most frequent type."""
    truth = [item.type for item in labelled]
    best = scores(model, [item.example for item in labelled]).argmax(axis=1)
    right = [model.labels[number] == label for number, label in zip(best, truth, strict=True)]
    return {
        "accuracy": round(float(np.mean(right)), 4),
        "rules": round(float(np.mean([item.rule == item.type for item in labelled])), 4),
        "majority": round(Counter(truth).most_common(1)[0][1] / len(truth), 4),
    }


def examples(
    nlp: Language, articles: Iterable[Annotation], votes: dict[tuple[str, str], list[str]]
) -> Iterator[Labelled]:
    """Read the signs of all gold claims."""
    rows = word_rows(nlp.vocab)
    for article in articles:
        for claim, signs in zip(article.claims, signs_of(nlp, article), strict=True):
            yield Labelled(
                Example(
                    type_features(signs),
                    [],
                    type_words(signs, rows),
                    shares_of(article, claim, votes),
                    article.id,
                ),
                str(claim.type),
                _rule(signs),
            )


def shares_of(
    article: Annotation, claim: Claim, votes: dict[tuple[str, str], list[str]]
) -> tuple[float, ...]:
    """Return the shares of `LABELS`; the final label counts as two votes."""
    found = [str(claim.type)] * 2 + votes.get(key_of(article.id, claim.content), [])
    shares = Counter(found)
    return tuple(shares[label] / len(found) for label in LABELS)


def typed(article: Annotation) -> Annotation:
    """Leave out the writer's claims of a marked article that does not give their types."""
    if article.model_extra and article.model_extra["typed"]:
        return article
    kept = [claim for claim in article.claims if claim.attribution != Attribution.AUTHORIAL]
    return article.model_copy(update={"claims": kept})


def votes_of(corpus: Path) -> dict[tuple[str, str], list[str]]:
    """Return the types that the annotators gave, by `key_of`."""
    result: dict[tuple[str, str], list[str]] = {}
    for version in VERSIONS:
        if (corpus / version).is_dir():
            for article in load_annotations(corpus / version):
                for key, label in {
                    key_of(article.id, claim.content): str(claim.type) for claim in article.claims
                }.items():
                    result.setdefault(key, []).append(label)
    return result


def key_of(article: str, content: object) -> tuple[str, str]:
    """Return what tells a claim of an article in the labels of any annotator."""
    return article, str(content)


def _rule(signs: Signs) -> str:
    found = (name.removeprefix("rule=") for name in signs.context if name.startswith("rule="))
    return next(found, "")
