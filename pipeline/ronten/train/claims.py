"""Train the tagger of claims and the rankers that link contents to cues and sources.

`ronten train claims`: the train split of a gold corpus and articles with marked claims.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ronten.components.claims.document import Document
from ronten.components.claims.features import WordClasses
from ronten.components.claims.lexicon import CueLexicon, load_cues
from ronten.components.claims.links import Linker, Options
from ronten.components.claims.models import CUE_LINKS, SOURCE_LINKS
from ronten.components.claims.tagger import CONFIG, WEIGHTS, ClaimTagger
from ronten.ranking import Ranker
from ronten.train.claims_data import (
    LONGEST,
    Prepared,
    Sample,
    prepare,
    read_articles,
    samples,
)
from ronten.train.folder import name_and_version, write_meta
from ronten.train.ranking import Example, fit
from ronten.types import Span

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


def train_links(articles: Sequence[Sample], lexicon: CueLexicon) -> tuple[Ranker, Ranker]:
    """Train the rankers of reporting words and of sources on the gold spans."""
    cues: list[Example] = []
    sources: list[Example] = []
    classes = WordClasses(lexicon)
    for sample in articles:
        for cue, source in _links(sample, classes):
            cues += [cue] * sample.weight
            sources += [source] * sample.weight
    return fit(cues), fit(sources)


def _links(sample: Sample, classes: WordClasses) -> Iterator[tuple[Example, Example]]:
    claims = sample.reported()
    linker = Linker(
        Document(sample.doc),
        classes,
        [claim.content for claim in claims],
        [claim.cue for claim in claims if claim.cue],
        [claim.source for claim in claims if claim.source],
    )
    previous: Span | None = None
    for index, claim in enumerate(claims):
        source = linker.source(index, claim.cue, previous)
        yield _example(linker.cue(index), claim.cue), _example(source, claim.source)
        previous = claim.source


def _example(options: Options, right: Span | None) -> Example:
    return Example(options.contexts, options.features, [span == right for span in options.spans])


def build(
    out: Path,
    *,
    gold: Path,
    marked: Path,
    settings: Settings | None = None,
    report: Callable[[str], None] = print,
) -> None:
    """Train on the train split of `gold` and the articles in `marked`; write the folder `out`.

    Raises UsageError where an input cannot be used.
    """
    from ronten.components.language import build as pipeline
    from ronten.config import Config

    name_and_version(out)  # a wrong name is told before the minutes of training
    nlp = pipeline(Config(), last="ronten_measures")
    lexicon = load_cues()
    articles = list(samples(nlp, read_articles(gold, "train", marked)))
    prepared = prepare(nlp, articles, lexicon)
    tagger = train_tagger(nlp, prepared, lexicon, settings or Settings(), report)
    write(out, tagger, *train_links(articles, lexicon))


def write(out: Path, tagger: ClaimTagger, cues: Ranker, sources: Ranker) -> None:
    """Write a model folder NAME-VERSION with its `meta.json`."""
    tagger.save(out)
    cues.save(out / CUE_LINKS)
    sources.save(out / SOURCE_LINKS)
    files = (CONFIG, WEIGHTS, CUE_LINKS, SOURCE_LINKS)
    write_meta(out, licence="Apache-2.0", scores={}, files=files)
