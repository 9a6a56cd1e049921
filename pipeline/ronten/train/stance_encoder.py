"""Teach the pretrained encoder which side a text takes on a target.

`ronten train stance-encoder`: what `ronten train stance` learns from.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ronten.claim_text import claim_text
from ronten.components.e5 import BaseEncoder
from ronten.components.pieces import PieceCutter
from ronten.evaluate.splits import select
from ronten.gold.files import load_annotations
from ronten.stance_encoder import joined
from ronten.stances import LABELS
from ronten.train.encoder import known_pieces, write
from ronten.train.folder import name_and_version
from ronten.train.sides import Sided, of_gold, read_sides
from ronten.train.stance import only, read_votes
from ronten.train.triples import read_triples


@dataclass(frozen=True)
class Settings:
    """What the training depends on besides its data."""

    rank: int = 8
    inner: int = 128
    draws: int = 2
    """Times that texts are drawn to be read (see `drawn`)."""
    epochs: int = 1
    batch: int = 40
    rate: float = 1e-3
    dropout: float = 0.2
    state_dropout: float = 0.1
    piece_dropout: float = 0.05
    average: float = 0.995
    clip: float = 1.0
    seed: int = 0
    steps: int | None = None
    """Stop after so many steps (for tests)."""


class Said(NamedTuple):
    """A text on a target, and the shares of the labels."""

    target: str
    text: str
    shares: tuple[float, ...]


class Pair(NamedTuple):
    """The same as the network reads it."""

    types: NDArray[np.int64]
    """(p,) target and text in pieces."""
    shares: tuple[float, ...]


class Sources(NamedTuple):
    """What is said, by what tells the side: votes, triples, gold articles, marked articles."""

    votes: list[Said]
    triples: list[Said]
    gold: list[Said]
    sides: list[Said]


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
    settings: Settings | None = None,
    report: Callable[[str], None] = print,
) -> None:
    """Train on everything but the dev and test splits of the gold corpus; write `out`.

    Raises UsageError where an input cannot be used, ModelNotFound without the pretrained encoder.
    """
    name_and_version(out)  # a wrong name is told before the minutes of training
    sources = read_sources(votes, triples, gold, sides, marked)
    write(out, train(BaseEncoder.find(), sources, settings or Settings(), report))


def read_sources(votes: Path, triples: Path, gold: Path, sides: Path, marked: Path) -> Sources:
    """Read all that is learned from; raises UsageError naming what cannot be used."""
    articles = select(list(load_annotations(gold)), gold, "train")
    return Sources(
        [Said(vote.topic, vote.text, vote.shares) for vote in read_votes(votes)],
        [
            Said(triple.topic, text, only(LABELS.index(side)))
            for triple in read_triples(triples, "train")
            for text, side in triple.sentences()
        ],
        list(chain.from_iterable(said(of_gold(a)) for a in articles if a.targets)),
        list(chain.from_iterable(map(said, read_sides(sides, marked)))),
    )


def said(sided: Sided) -> Iterator[Said]:
    """Yield every claim of an article with every target."""
    texts = [claim_text(sided.article, claim) for claim in sided.article.claims]
    for target, sides in zip(sided.targets, sided.sides, strict=True):
        for text, side in zip(texts, sides, strict=True):
            yield Said(target, text, only(side))


def drawn(sources: Sources, rng: random.Random) -> list[Said]:
    """Draw what is read once: gold claims twice, and less of what there is too much of."""
    triples = rng.sample(sources.triples, round(TRIPLES * len(sources.triples)))
    sided = (s for s in sources.sides if s.shares[0] < 1 or rng.random() < UNSIDED)
    return [*sources.votes, *triples, *sources.gold * 2, *sided]


def train(
    base: BaseEncoder,
    sources: Sources,
    settings: Settings,
    report: Callable[[str], None] = print,
) -> dict[str, NDArray[Any]]:
    """Train on some texts; returns the arrays of `StanceEncoder`."""
    import torch

    from ronten.train.sequence import fit_network
    from ronten.train.stance_network import StanceNetwork

    torch.manual_seed(settings.seed)
    rng = random.Random(settings.seed)
    known = known_pieces(base, texts_of(chain.from_iterable(sources)))
    cutter = PieceCutter(base.pieces(known.tolist()))
    read = [one for _ in range(settings.draws) for one in drawn(sources, rng)]
    pairs = [Pair(joined(cutter, one.target, one.text), one.shares) for one in read]
    network = StanceNetwork(base, known, settings)
    fit_network(network, pairs, network.loss, settings, report)
    return network.adapter()


def texts_of(found: Iterator[Said]) -> Sequence[str]:
    """Return the targets and texts, each once."""
    return list(dict.fromkeys(chain.from_iterable((one.target, one.text) for one in found)))
