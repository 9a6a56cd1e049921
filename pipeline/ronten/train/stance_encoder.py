"""Teach the pretrained encoder which side a text takes on a target.

`ronten train stance-encoder`: what `ronten train stance` learns from.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ronten.components.e5 import BaseEncoder
from ronten.components.pair_encoder import PairEncoder
from ronten.evaluate.splits import select
from ronten.gold.files import load_annotations
from ronten.stances import LABELS, mean
from ronten.train.adapting import write
from ronten.train.folder import name_and_version
from ronten.train.pair_encoder import Settings, Told, texts_of, train
from ronten.train.sides import Sided, of_gold, read_sides
from ronten.train.stance import (
    Vote,
    left_out,
    only,
    read_votes,
    rows_of,
    vote_examples,
    vote_scores,
)
from ronten.train.triples import read_triples
from ronten.word_vectors import WordVectors


class Sources(NamedTuple):
    """What is said, by what tells the side: votes, triples, gold articles, marked articles."""

    votes: list[Told]
    triples: list[Told]
    gold: list[Told]
    sides: list[Told]


DRAWS = 2
"""Times that texts are drawn to be read."""
TRIPLES = 0.3
"""Share of the triples' sentences that a draw takes."""
UNSIDED = 0.45
"""Share of the claims of marked articles that take no side, the same."""


def build(
    out: Path,
    *,
    votes: Path,
    triples: Path,
    gold: Path,
    sides: Path,
    marked: Path,
    folds: int = 0,
    settings: Settings | None = None,
    report: Callable[[str], None] = print,
) -> dict[str, float]:
    """Train on everything but the dev and test splits of the gold corpus; write `out`.

    `folds` scores the votes first, which are returned (`votes_left_out`).

    Raises UsageError where an input cannot be used, ModelNotFound without the pretrained encoder.
    """
    name_and_version(out)  # a wrong name is told before the minutes of training
    cast = read_votes(votes)
    sources = read_sources(cast, triples, gold, sides, marked)
    settings = settings or Settings()
    scores = votes_left_out(cast, folds, settings, report) if folds else {}
    rng = random.Random(settings.seed)
    read = [one for _ in range(DRAWS) for one in drawn(sources, rng)]
    texts = texts_of(chain.from_iterable(sources))
    write(out, train(BaseEncoder.find(), read, texts, settings, report), scores)
    return scores


def votes_left_out(
    cast: Sequence[Vote], folds: int, settings: Settings, report: Callable[[str], None] = print
) -> dict[str, float]:
    """Score the mean of linear model and encoder on votes whose topics neither was told of.

    The linear model of a topic has seen the votes on all others, the encoder those of the other
    folds of topics; neither has seen anything else.
    """
    base, table = BaseEncoder.find(), WordVectors.shipped()
    topics = sorted({vote.topic for vote in cast})
    found = np.empty((len(cast), len(LABELS)))
    for fold in range(folds):
        held = set(topics[fold::folds])
        told = [_told(vote) for vote in cast if vote.topic not in held]
        encoder = PairEncoder(base, train(base, told, texts_of(told), settings, report))
        own = [at for at, vote in enumerate(cast) if vote.topic in held]
        found[own] = encoder.shares((cast[at].topic, cast[at].text) for at in own)
    linear = left_out(vote_examples(table, cast), rows_of(table), len(table.keys))
    scores = vote_scores(cast, mean(linear, found))
    return {name: round(score, 4) for name, score in scores.items()}


def read_sources(
    cast: Sequence[Vote], triples: Path, gold: Path, sides: Path, marked: Path
) -> Sources:
    """Read all that is learned from beside votes; raises UsageError naming what cannot be used."""
    articles = select(list(load_annotations(gold)), gold, "train")
    return Sources(
        [_told(vote) for vote in cast],
        [
            Told(triple.topic, text, only(LABELS.index(side)))
            for triple in read_triples(triples, "train")
            for text, side in triple.sentences()
        ],
        list(chain.from_iterable(said(of_gold(a)) for a in articles if a.targets)),
        list(chain.from_iterable(map(said, read_sides(sides, marked)))),
    )


def _told(vote: Vote) -> Told:
    return Told(vote.topic, vote.text, vote.shares)


def said(sided: Sided) -> Iterator[Told]:
    """Yield every claim of an article with every target."""
    for target, text, side in sided.said():
        yield Told(target, text, only(side))


def drawn(sources: Sources, rng: random.Random) -> list[Told]:
    """Draw what is read once: gold claims twice, and less of what there is too much of."""
    triples = rng.sample(sources.triples, round(TRIPLES * len(sources.triples)))
    sided = (s for s in sources.sides if s.shares[0] < 1 or rng.random() < UNSIDED)
    return [*sources.votes, *triples, *sources.gold * 2, *sided]
