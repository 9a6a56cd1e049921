"""Teach the pretrained encoder to mark names: `ronten train names-encoder`.

It learns from the sentences and articles that `ronten train ner` learns from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray
from safetensors.numpy import load_file

from ronten import models
from ronten.components.adapted import WEIGHTS
from ronten.components.e5 import BaseEncoder
from ronten.components.language import base as language
from ronten.components.mentions import Lexicon, NamesEncoder, Tagger
from ronten.components.mentions.encoder import HEAD, sentences
from ronten.components.mentions.link import find
from ronten.components.mentions.view import View
from ronten.components.pieces import PieceCutter
from ronten.components.records import TAGGER
from ronten.components.sequence import tag_set
from ronten.train import ner
from ronten.train.adapting import Adapting, known_pieces, write
from ronten.train.folder import name_and_version
from ronten.train.ner_data import (
    DOMAINS,
    LABELS,
    NameData,
    Sample,
    gold_tags,
    prepare,
)
from ronten.train.word_encoder import Tagged, windows_of

if TYPE_CHECKING:
    from spacy.language import Language

_FOLDED = 3
"""Passes over the Wikipedia sentences of the other folds, all that the encoder of a fold reads."""


@dataclass(frozen=True)
class Settings(Adapting):
    """What the training depends on besides its data."""

    epochs: int = 2
    batch: int = 24
    average: float = 0.99


def build(
    out: Path,
    *,
    data: NameData,
    folds: int = 0,
    settings: Settings | None = None,
    report: Callable[[str], None] = print,
) -> dict[str, float]:
    """Train on Wikipedia, the train split of a gold corpus and marked articles; write `out`.

    `folds` cross-validates first: each fold by a tagger that lacks it, as `ner` trains it, and by
    an encoder that has read nothing but the Wikipedia sentences of the other folds. Returns the
    scores; without folds there are none.

    Raises UsageError where an input cannot be used, ModelNotFound without the pretrained encoder or
    the models `encoder` and `ner`; with folds the table of names is the latter's.
    """
    name_and_version(out)  # a wrong name is told before the minutes of training
    settings = settings or Settings()
    base, nlp = BaseEncoder.find(), language()
    beginning = load_file(models.sound("encoder") / WEIGHTS)
    samples = data.read()
    tagger = Tagger.load(models.sound(TAGGER), nlp.vocab.vectors)
    scores: dict[str, float] = {}
    if folds:
        all_ = list(chain(*samples))
        of_tagger = ner.Settings(seed=settings.seed, steps=settings.steps)
        table = tagger.encoder.names
        prepared = prepare(nlp, all_, table, Lexicon.load(), of_tagger.buckets)

        def second(chosen: list[int]) -> NamesEncoder:
            shorter = replace(settings, epochs=_FOLDED)
            few = [all_[i] for i in chosen]
            return NamesEncoder(base, train(base, beginning, nlp, tagger, few, shorter, report))

        scores = ner.cross_validate(nlp, all_, prepared, table, of_tagger, folds, report, second)
    # What two annotators marked and what names the world counts more.
    chosen = [*samples.wikipedia * 2, *samples.gold * 2, *samples.marked]
    arrays = train(base, beginning, nlp, tagger, chosen, settings, report)
    write(out, arrays, scores, licence="CC-BY-SA-4.0")
    return scores


def train(
    base: BaseEncoder,
    beginning: Mapping[str, NDArray[Any]],
    nlp: Language,
    tagger: Tagger,
    samples: Sequence[Sample],
    settings: Settings,
    report: Callable[[str], None] = print,
) -> dict[str, NDArray[Any]]:
    """Train on some samples; returns the arrays of `NamesEncoder`.

    `beginning` is what the encoder that marks claims changes, from which learning begins; `tagger`
    tells which sentences are read.
    """
    import torch

    from ronten.train.encoder_network import EncoderNetwork
    from ronten.train.sequence import fit_network

    torch.manual_seed(settings.seed)
    lexicon = Lexicon.load()
    read = [list(tagged(nlp, tagger, sample, lexicon)) for sample in samples]
    known = known_pieces(base, [sentence.words.text for text in read for sentence in text])
    cutter = PieceCutter(base.pieces(known.tolist()))
    parts = [
        part
        for sample, text in zip(samples, read, strict=True)
        for part in windows_of(cutter, text, DOMAINS.index(sample.domain))
    ]
    network = EncoderNetwork(base, known, settings, {HEAD: LABELS}, domains=len(DOMAINS))
    network.begin_with(beginning)
    fit_network(network, parts, network.loss, settings, report)
    return network.adapter()


def tagged(nlp: Language, tagger: Tagger, sample: Sample, lexicon: Lexicon) -> Iterator[Tagged]:
    """Yield the sentences of a sample that are read, with the tags of their words."""
    view = View(nlp.make_doc(sample.text))
    features = tagger.encoder.encode(view, find(view, sample.title, lexicon).chosen)
    tags = gold_tags(view, sample.names, tag_set(LABELS))
    read, sequences = features.read, features.sequences
    for words, (at, size) in zip(sentences(view, read, sequences), sequences.tolist(), strict=True):
        yield Tagged(words, {HEAD: tags[read[at : at + size]]})
