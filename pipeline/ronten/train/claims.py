"""Train the tagger of claims and the rankers that link contents to cues and sources.

`ronten train claims`: the train split of a gold corpus, articles with marked claims and sentences
whose claims are told.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ronten.components.claims.cues import CueFinder
from ronten.components.claims.lexicon import CueLexicon, load_cues
from ronten.components.claims.models import CUE_LINKS, SOURCE_LINKS
from ronten.components.claims.tagger import CONFIG, WEIGHTS, ClaimTagger
from ronten.ranking import Ranker
from ronten.train.claims_data import LONGEST, Prepared, Sample, TrainingData, prepare, samples
from ronten.train.folder import name_and_version, write_meta
from ronten.train.lessons import half_taggers, lessons, read_tagger
from ronten.train.ranking import Example, fit

if TYPE_CHECKING:
    from spacy.language import Language


@dataclass(frozen=True)
class Settings:
    """What the training of the tagger depends on besides its data; chosen on the dev split."""

    hidden: int = 64
    word: int = 32
    tag: int = 20
    form: int = 8
    kind: int = 12
    vector: int = 48
    context: int = 10
    epochs: int = 12
    batch: int = 16
    rate: float = 3e-3
    dropout: float = 0.5
    word_dropout: float = 0.3
    kind_dropout: float = 0.15
    hint_dropout: float = 0.1
    average: float = 0.998
    own: float = 0.5
    """Weight of the head that finds the writer's own claims."""
    clip: float = 5.0
    seed: int = 0
    steps: int | None = None
    """Stop after so many steps (for tests)."""


def train_tagger(
    nlp: Language,
    prepared: Prepared,
    lexicon: CueLexicon,
    settings: Settings,
    report: Callable[[str], None] = print,
) -> ClaimTagger:
    """Train the network on all sequences."""
    import torch

    from ronten.train.claims_network import Network, padded
    from ronten.train.sequence import fit_network

    torch.manual_seed(settings.seed)
    network = Network(prepared, settings, nlp.vocab.vectors.data)
    fit_network(
        network, prepared.parts, lambda batch: network.loss(padded(batch)), settings, report
    )
    known = prepared.alphabet
    config: dict[str, Any] = {
        "longest": LONGEST,
        "words": list(known.words),
        "tags": list(known.tags),
        "forms": list(known.forms),
        "classes": list(known.classes),
    }
    weights = {name: array.astype(np.float16) for name, array in network.weights().items()}
    return ClaimTagger(weights, config, lexicon, nlp.vocab)


def train_links(
    articles: Sequence[Sample], halves: Sequence[ClaimTagger], lexicon: CueLexicon
) -> tuple[Ranker, Ranker]:
    """Train the rankers of reporting words and of sources on what `halves` mark (see `lessons`)."""
    cues: list[Example] = []
    sources: list[Example] = []
    for lesson, weight in lessons(articles, halves, CueFinder(lexicon)):
        cues += lesson.cues * weight
        sources += lesson.sources * weight
    return fit(cues), fit(sources)


def build(
    out: Path,
    *,
    data: TrainingData,
    halves: Path | None = None,
    teachers: Sequence[Path] = (),
    settings: Settings | None = None,
    report: Callable[[str], None] = print,
) -> None:
    """Train on the train split of a gold corpus and marked articles; write `out`.

    The sentences are for the taggers of halves alone, whose errors the links learn from.

    Args:
        out: the model folder.
        data: where the articles and sentences lie.
        halves: where the taggers of half the articles are kept, for the training of holders.
        teachers: model folders of taggers of the same articles, trained with other seeds: the
            tagger learns their mean scores beside the labels; those of halves learn labels alone.

    Raises UsageError where an input cannot be used.
    """
    from ronten.components.language import build as pipeline
    from ronten.config import Config

    name_and_version(out)  # a wrong name is told before the minutes of training
    nlp = pipeline(Config(), last="ronten_measures")
    lexicon = load_cues()
    told = [read_tagger(folder, lexicon, nlp.vocab) for folder in teachers]
    articles = list(samples(nlp, data.articles()))
    settings = settings or Settings()
    tagger = learner(nlp, lexicon, settings, report, told)(articles)
    articles += samples(nlp, data.sentences())
    learn = learner(nlp, lexicon, settings, report)
    links = train_links(
        articles, half_taggers(halves, articles, learn, lexicon, nlp.vocab), lexicon
    )
    write(out, tagger, *links)


def learner(
    nlp: Language,
    lexicon: CueLexicon,
    settings: Settings,
    report: Callable[[str], None],
    teachers: Sequence[ClaimTagger] = (),
) -> Callable[[Sequence[Sample]], ClaimTagger]:
    """Return what makes a tagger of some articles."""

    def learn(articles: Sequence[Sample]) -> ClaimTagger:
        prepared = prepare(nlp, articles, lexicon, teachers)
        return train_tagger(nlp, prepared, lexicon, settings, report)

    return learn


def write(out: Path, tagger: ClaimTagger, cues: Ranker, sources: Ranker) -> None:
    """Write a model folder NAME-VERSION with its `meta.json`."""
    tagger.save(out)
    cues.save(out / CUE_LINKS)
    sources.save(out / SOURCE_LINKS)
    files = (CONFIG, WEIGHTS, CUE_LINKS, SOURCE_LINKS)
    write_meta(out, licence="CC-BY-SA-4.0", scores={}, files=files)
