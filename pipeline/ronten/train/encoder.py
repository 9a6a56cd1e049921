"""Teach the pretrained encoder to mark claims.

`ronten train encoder`: the labels that `ronten train claims` learns from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ronten import models
from ronten.components.adapted import WEIGHTS
from ronten.components.claims.encoder import LONGEST, OWN, REPORTED, WINDOW, gathered, words
from ronten.components.claims.features import Gate, WordClasses
from ronten.components.claims.lexicon import load_cues
from ronten.components.claims.view import SentenceView
from ronten.components.e5 import BaseEncoder
from ronten.components.pieces import UNKNOWN, PieceCutter, windows
from ronten.components.sequence import tag_set
from ronten.train import claims_data
from ronten.train.adapting import Adapting
from ronten.train.claims_data import Sample, TrainingData, gold_marks, gold_tags, samples
from ronten.train.folder import name_and_version, write_meta
from ronten.train.parser_data import read_texts
from ronten.types import Claim

# Characters that Japanese is written in, and those of Latin names.
_CHARACTERS = ((0x20, 0x24F), (0x2000, 0x30FF), (0x3400, 0x9FFF), (0xFF00, 0xFFEF))


@dataclass(frozen=True)
class Settings(Adapting):
    """What the training depends on besides its data."""

    rank: int = 16
    epochs: int = 5
    batch: int = 12
    average: float = 0.998
    own: float = 0.5
    """Weight of the head that finds the writer's own claims."""


class Part(NamedTuple):
    """Sentences of an article that are read at once."""

    types: NDArray[np.int64]
    """(p,) their pieces, as `ClaimEncoder` gathers them."""
    ends: NDArray[np.int64]
    """(n, 2) first and last piece of every word."""
    sizes: list[int]
    """Words of every sentence."""
    reported: NDArray[np.int64]
    """(n,) tags of the first head."""
    own: NDArray[np.int64]
    """(n,) tags of the second."""


class _Labelled(NamedTuple):
    """A sentence in pieces (p), with its words (n)."""

    pieces: NDArray[np.int64]
    ends: NDArray[np.int64]
    reported: NDArray[np.int64]
    own: NDArray[np.int64]


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
    told = (words(view)[0] for _, views in read for view in views)
    known = known_pieces(base, [*told, *sentences])
    cutter = PieceCutter(base.pieces(known.tolist()))
    parts = [
        part
        for article, views in read
        for part in list(windows_of(cutter, views, article.annotation.claims))
        # A gold article counts more, but not so often that it is learned by heart.
        * (2 if article.weight == claims_data.GOLD else 1)
    ]
    network = EncoderNetwork(base, known, settings)
    fit_network(network, parts, network.loss, settings, report)
    return network.adapter()


def known_pieces(base: BaseEncoder, texts: Sequence[str]) -> NDArray[np.int64]:
    """Return the numbers of the pieces that texts are cut into, and of all single characters."""
    vocabulary = base.pieces(range(len(base)))
    cutter = PieceCutter(vocabulary)
    found = set(range(UNKNOWN + 1))
    for text in texts:
        found.update(cutter.cut(text, (), ()).numbers.tolist())
    for number, (piece, _) in enumerate(vocabulary):
        character = piece.removeprefix("▁")
        if len(character) == 1 and any(a <= ord(character) <= b for a, b in _CHARACTERS):
            found.add(number)
    return np.array(sorted(found))


def windows_of(
    cutter: PieceCutter, views: Sequence[SentenceView], claims: Sequence[Claim]
) -> Iterator[Part]:
    """Yield the sentences of an article, gathered as `ClaimEncoder` does, but for too long ones."""
    read = (_labelled(cutter, view, claims) for view in views)
    sentences = [sentence for sentence in read if len(sentence.pieces) <= LONGEST]
    for window in windows([len(sentence.pieces) for sentence in sentences], WINDOW):
        found = sentences[window]
        text, told = gathered([sentence.pieces for sentence in found])
        places = np.flatnonzero(told)
        before = np.cumsum([0, *(len(sentence.pieces) for sentence in found)])
        ends = [sentence.ends + at for sentence, at in zip(found, before, strict=False)]
        yield Part(
            text,
            places[np.concatenate(ends)],
            [len(sentence.ends) for sentence in found],
            np.concatenate([sentence.reported for sentence in found]),
            np.concatenate([sentence.own for sentence in found]),
        )


def _labelled(cutter: PieceCutter, view: SentenceView, claims: Sequence[Claim]) -> _Labelled:
    pieces = cutter.cut(*words(view))
    marks = gold_marks(view, claims)
    return _Labelled(
        pieces.numbers,
        np.stack((pieces.first, pieces.last), axis=1),
        gold_tags(view, marks, tag_set(REPORTED)),
        gold_tags(view, marks, tag_set(OWN)),
    )


def write(
    out: Path,
    arrays: dict[str, NDArray[np.generic]],
    scores: Mapping[str, float] | None = None,
    *,
    licence: str = "Apache-2.0",
) -> None:
    """Write a model folder NAME-VERSION with its `meta.json`."""
    out.mkdir(parents=True, exist_ok=True)
    models.save_arrays(arrays, out / WEIGHTS)
    write_meta(out, licence=licence, scores=scores or {}, files=[WEIGHTS])
