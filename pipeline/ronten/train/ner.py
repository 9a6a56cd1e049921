"""Train the tagger of names: `ronten train ner`.

Two sources of labels: sentences of the Stockmark NER data set of Wikipedia (domain `wikipedia`)
and articles of a gold corpus (domain `news`). What stock ja_ginza's entity recogniser says of the
same sentences is learned beside them: its fine-grained types teach contexts that the labels alone
are too few for.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ronten.components.language import base
from ronten.components.mentions.encoder import NamesEncoder
from ronten.components.mentions.lexicon import Lexicon
from ronten.components.mentions.link import find
from ronten.components.mentions.name_table import NameTable
from ronten.components.mentions.tagger import CONFIG, PACKED, WEIGHTS, Tagger
from ronten.components.mentions.view import View
from ronten.components.sequence import packed, unpacked
from ronten.train.folder import name_and_version, write_meta
from ronten.train.names import read_names
from ronten.train.ner_data import (
    DOMAINS,
    LABELS,
    NameData,
    Prepared,
    Sample,
    prepare,
)
from ronten.types import Label

if TYPE_CHECKING:
    from spacy.language import Language


@dataclass(frozen=True)
class Settings:
    """What the training depends on besides its data; chosen by cross-validation."""

    hidden: int = 72
    word: int = 48
    tag: int = 24
    shape: int = 12
    vector: int = 64
    rule: int = 24
    names: int = 32
    domain: int = 8
    epochs: int = 8
    batch: int = 16
    rate: float = 3e-3
    dropout: float = 0.5
    word_dropout: float = 0.3
    part_dropout: float = 0.3
    rule_dropout: float = 0.05
    name_dropout: float = 0.1
    average: float = 0.998
    silver: float = 0.2
    clip: float = 5.0
    buckets: int = 1 << 14
    seed: int = 0
    steps: int | None = None
    """Stop after so many steps (for tests)."""


def train(
    nlp: Language,
    prepared: Prepared,
    chosen: Sequence[int],
    names: NameTable,
    settings: Settings,
    report: Callable[[str], None] = print,
    encoder: NamesEncoder | None = None,
) -> Tagger:
    """Train a tagger on the samples `chosen`; `encoder` will be asked where it is in doubt."""
    import torch

    from ronten.train.ner_network import Network, padded
    from ronten.train.sequence import fit_network

    torch.manual_seed(settings.seed)
    network = Network(prepared, settings, LABELS, len(DOMAINS), nlp.vocab.vectors.data)
    parts = [part for i in chosen for part in prepared.parts[i]]
    fit_network(network, parts, lambda batch: network.loss(padded(batch)), settings, report)
    config = {
        "labels": list(LABELS),
        "domains": list(DOMAINS),
        "words": list(prepared.alphabet.words),
        "tags": list(prepared.alphabet.tags),
        "shapes": list(prepared.alphabet.shapes),
        "buckets": prepared.alphabet.buckets,
    }
    weights = {
        name: unpacked(*packed(array)) if name in PACKED else array.astype(np.float16)
        for name, array in network.weights().items()
    }
    return Tagger(weights, config, names, nlp.vocab.vectors, encoder)


SIX = (Label.PERSON, Label.COMPANY, Label.ORG, Label.PLACE, Label.PRODUCT)
"""The labels that Wikipedia's types are mapped to; people, firms, two sorts of bodies, places and
products are six types there."""


@dataclass
class Counts:
    """Names found, missed and made up, for one label or several."""

    hit: int = 0
    missed: int = 0
    spurious: int = 0

    @property
    def f1(self) -> float:
        """F1, 0 where there is nothing."""
        total = 2 * self.hit + self.missed + self.spurious
        return 2 * self.hit / total if total else 0.0


def score(
    samples: Sequence[Sample], predicted: Sequence[Sequence[tuple[int, int, str]]]
) -> dict[str, float]:
    """Return strict F1 (span and label) per label and over all (`micro`).

    What overlaps a facility or an event of the gold labels is left out; chips and models are
    products there.
    """
    counts = {label: Counts() for label in SIX}
    for sample, found in zip(samples, predicted, strict=True):
        others = [n[:2] for n in sample.names if n[2] in ("FACILITY", "EVENT")]
        gold = {name for name in sample.names if name[2] in counts}
        system = {
            (start, end, Label.PRODUCT if label in (Label.CHIP, Label.MODEL) else Label(label))
            for start, end, label in found
            if not any(start < last and first < end for first, last in others)
        }
        for name in gold | system:
            if (label := Label(name[2])) not in counts:
                continue
            count = counts[label]
            if name in gold and name in system:
                count.hit += 1
            elif name in gold:
                count.missed += 1
            else:
                count.spurious += 1
    total = Counts(*(sum(getattr(c, key) for c in counts.values()) for key in asdict(Counts())))
    return {
        **{label.value: round(c.f1, 4) for label, c in counts.items()},
        "micro": round(total.f1, 4),
    }


def names_in(
    nlp: Language, samples: Sequence[Sample], lexicon: Lexicon, tagger: Tagger | None
) -> list[list[tuple[int, int, str]]]:
    """Return what the tagger finds in each sample by the guidelines of its domain.

    Without a tagger, what lexicon, grammar and context find.
    """
    found = []
    for sample in samples:
        view = View(nlp.make_doc(sample.text))
        rules = find(view, sample.title, lexicon).chosen
        if tagger is None:
            found.append([(rule.start, rule.end, rule.label) for rule in rules])
        else:
            spans = tagger.spans(view, rules, sample.domain)
            found.append([(s.start, s.end, s.label) for s in spans if s.label in set(Label)])
    return found


def cross_validate(
    nlp: Language,
    samples: Sequence[Sample],
    prepared: Prepared,
    names: NameTable,
    settings: Settings,
    folds: int = 5,
    report: Callable[[str], None] = print,
    second: Callable[[list[int]], NamesEncoder] | None = None,
) -> dict[str, float]:
    """Return the scores on Wikipedia by its own guidelines, each fold by a tagger that lacks it.

    News samples are trained on in every fold. A fold's samples are dealt out in a seeded order.
    `second` trains, on the Wikipedia samples it is given, what is asked where the tagger doubts.
    """
    lexicon = Lexicon.load()
    ours = [i for i, sample in enumerate(samples) if sample.domain == "wikipedia"]
    rest = [i for i, sample in enumerate(samples) if sample.domain != "wikipedia"]
    random.Random(1).shuffle(ours)
    order: list[Sample] = []
    predicted: list[list[tuple[int, int, str]]] = []
    for fold in range(folds):
        held = ours[fold::folds]
        known = set(held)
        others = [i for i in ours if i not in known]
        encoder = second(others) if second is not None else None
        tagger = train(nlp, prepared, others + rest, names, settings, report, encoder)
        test = [samples[i] for i in held]
        found = names_in(nlp, test, lexicon, tagger)
        report(f"fold {fold + 1} of {folds}: {json.dumps(score(test, found))}")
        order += test
        predicted += found
    return score(order, predicted)


def build(
    out: Path,
    *,
    data: NameData,
    enamdict: Path,
    naist: Path,
    folds: int = 0,
    settings: Settings | None = None,
    report: Callable[[str], None] = print,
) -> dict[str, float]:
    """Train the tagger on all samples and write the model folder `out`.

    `folds` cross-validates first. Returns the scores, of the rules alone as `rules_*` beside them;
    without folds there are none. Raises UsageError where an input cannot be used.
    """
    name_and_version(out)  # a wrong name is told before the minutes of training
    settings = settings or Settings()
    nlp = base()
    table = read_names(enamdict, naist)
    samples = list(chain(*data.read()))
    lexicon = Lexicon.load()
    prepared = prepare(nlp, samples, table, lexicon, settings.buckets)
    scores: dict[str, float] = {}
    if folds:
        held = [sample for sample in samples if sample.domain == "wikipedia"]
        rules = score(held, names_in(nlp, held, lexicon, None))
        scores = cross_validate(nlp, samples, prepared, table, settings, folds, report)
        scores |= {f"rules_{name}": value for name, value in rules.items()}
    tagger = train(nlp, prepared, range(len(samples)), table, settings, report)
    write(tagger, out, scores)
    return scores


def write(tagger: Tagger, out: Path, scores: dict[str, Any]) -> None:
    """Write `tagger` as a model folder NAME-VERSION with its `meta.json`."""
    name_and_version(out)
    tagger.save(out)
    write_meta(out, licence="CC-BY-SA-4.0", scores=scores, files=(CONFIG, WEIGHTS))
