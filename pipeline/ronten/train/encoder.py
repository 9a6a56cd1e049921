"""Teach the pretrained encoder to mark claims.

`ronten train encoder`: the labels that `ronten train claims` learns from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ronten.components.claims.encoder import HEADS, words
from ronten.components.claims.features import Gate, WordClasses
from ronten.components.claims.lexicon import load_cues
from ronten.components.claims.view import SentenceView
from ronten.components.e5 import BaseEncoder
from ronten.components.pieces import PieceCutter
from ronten.components.sequence import tag_set
from ronten.train import claims_data
from ronten.train.adapting import Adapting, known_pieces, write
from ronten.train.claims_data import Sample, TrainingData, gold_marks, gold_tags, samples
from ronten.train.folder import name_and_version
from ronten.train.parser_data import read_texts
from ronten.train.word_encoder import Tagged, windows_of
from ronten.types import Claim


@dataclass(frozen=True)
class Settings(Adapting):
    """What the training depends on besides its data."""

    rank: int = 16
    epochs: int = 5
    batch: int = 12
    average: float = 0.998
    own: float = 0.5
    """Weight of the head that finds the writer's own claims."""


def build(
    out: Path,
    *,
    data: TrainingData,
    texts: Sequence[Path] = (),
    settings: Settings | None = None,
    report: Callable[[str], None] = print,
) -> None:
    """Train on the train split of a gold corpus and marked articles; write `out`.

    Args:
        out: the model folder.
        data: where the articles lie.
        texts: further sentences (`parser_data.read_texts`), whose pieces become known.

    Raises UsageError where an input cannot be used, ModelNotFound without the pretrained encoder.
    """
    from ronten.components.language import build as pipeline
    from ronten.config import Config

    name_and_version(out)  # a wrong name is told before the minutes of training
    base = BaseEncoder.find()
    nlp = pipeline(Config(), last="ronten_measures")
    articles = list(samples(nlp, data.articles()))
    sentences = [text for file in texts for text in read_texts(file)]
    write(out, train(base, articles, sentences, settings or Settings(), report))


def train(
    base: BaseEncoder,
    articles: Sequence[Sample],
    sentences: Iterable[str],
    settings: Settings,
    report: Callable[[str], None] = print,
) -> dict[str, NDArray[np.generic]]:
    """Train on some articles; returns the arrays of `ClaimEncoder`.

    `sentences` are further texts whose pieces become known.
    """
    import torch

    from ronten.train.encoder_network import EncoderNetwork
    from ronten.train.sequence import fit_network

    torch.manual_seed(settings.seed)
    gate = Gate(WordClasses(load_cues()))
    read = [
        (article, [hinted.view for hinted in article.sentences if gate.reads(hinted)])
        for article in articles
    ]
    told = (words(view).text for _, views in read for view in views)
    known = known_pieces(base, [*told, *sentences])
    cutter = PieceCutter(base.pieces(known.tolist()))
    parts = [
        part
        for article, views in read
        for part in list(
            windows_of(cutter, [tagged(view, article.annotation.claims) for view in views])
        )
        # A gold article counts more, but not so often that it is learned by heart.
        * (2 if article.weight == claims_data.GOLD else 1)
    ]
    network = EncoderNetwork(base, known, settings, HEADS, {"own": settings.own})
    fit_network(network, parts, network.loss, settings, report)
    return network.adapter()


def tagged(view: SentenceView, claims: Sequence[Claim]) -> Tagged:
    """Return a sentence with the tags of the claims in it."""
    marks = gold_marks(view, claims)
    tags = {head: gold_tags(view, marks, tag_set(labels)) for head, labels in HEADS.items()}
    return Tagged(words(view), tags)
