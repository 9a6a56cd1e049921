"""Train the dependency parser: `ronten train parser`.

GiNZA's parser is the teacher: it labels the train split of a gold corpus, the articles with marked
claims and names, and public sentences.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ronten.components.extensions import register
from ronten.components.language import base
from ronten.components.parser import CONFIG, WEIGHTS, Parser
from ronten.gold.files import load_annotations
from ronten.train.claims_data import TrainingData, read_articles
from ronten.train.folder import name_and_version, write_meta
from ronten.train.ginza_parser import GinzaParser
from ronten.train.ner_data import read_marked
from ronten.train.parser_data import Prepared, Sample, label, prepare, read_texts

if TYPE_CHECKING:
    from spacy.language import Language

LICENCE = "CC-BY-SA-4.0"


@dataclass(frozen=True)
class Settings:
    """What the training depends on besides its data; chosen by agreement on the dev split."""

    words: int = 1200
    word: int = 48
    tag: int = 24
    form: int = 12
    vector: int = 48
    width: int = 96
    arc: int = 64
    dilations: tuple[int, ...] = (1, 2, 4, 8, 2, 1)
    epochs: int = 5
    batch: int = 32
    rate: float = 4e-3
    dropout: float = 0.1
    word_dropout: float = 0.15
    average: float = 0.998
    clip: float = 5.0
    seed: int = 0
    steps: int | None = None
    """Stop after so many steps (for tests)."""


def train(
    nlp: Language,
    prepared: Prepared,
    settings: Settings,
    report: Callable[[str], None] = print,
) -> Parser:
    """Train a parser on all sentences."""
    import torch

    from ronten.train.parser_network import Network, padded
    from ronten.train.sequence import fit_network

    torch.manual_seed(settings.seed)
    network = Network(prepared, settings, nlp.vocab.vectors.data)
    fit_network(
        network, prepared.parts, lambda batch: network.loss(padded(batch)), settings, report
    )
    known = prepared.alphabet
    config: dict[str, Any] = {
        "relations": prepared.relations,
        "dilations": list(settings.dilations),
        "words": list(known.words),
        "tags": list(known.tags),
        "forms": list(known.forms),
    }
    weights = {name: array.astype(np.float16) for name, array in network.weights().items()}
    return Parser(weights, config, nlp.vocab)


def agreement(parser: Parser, samples: Iterable[Sample]) -> dict[str, float]:
    """Return the shares of tokens whose head (`uas`), and head and relation (`las`) are GiNZA's.

    Beside them, as `next_uas`, what hanging every token on the next one reaches.
    """
    tokens = heads = both = behind = 0
    for sample in samples:
        count = len(sample.heads)
        offsets, numbers = parser.parse(sample.keys, [count])
        places = np.arange(count)
        right = places + offsets == sample.heads
        named = np.array([parser.relations[i] for i in numbers]) == np.array(sample.relations)
        tokens += count
        heads += int(right.sum())
        both += int((right & named).sum())
        behind += int((np.minimum(places + 1, count - 1) == sample.heads).sum())
    shares = {"uas": heads, "las": both, "next_uas": behind}
    return {name: round(found / max(tokens, 1), 4) for name, found in shares.items()}


def build(
    out: Path,
    *,
    gold: Path,
    marked: Path,
    names: Path,
    texts: Sequence[Path],
    real: Path | None = None,
    settings: Settings | None = None,
    report: Callable[[str], None] = print,
) -> dict[str, float]:
    """Train on what GiNZA says of all sentences and write the model folder `out`.

    Returns the agreement with GiNZA on the dev split of `gold` and on the articles of `real`.
    Raises UsageError where an input cannot be used.
    """
    name_and_version(out)  # a wrong name is told before the minutes of training
    settings = settings or Settings()
    sources = [article.text for article in TrainingData(gold, [marked]).articles()]
    for file in sorted(names.glob("*.txt")):
        sources += [sample.text for sample in read_marked(file)]
    for file in texts:
        sources += read_texts(file)
    held = {"dev": read_articles(gold, "dev"), "real": list(load_annotations(real)) if real else []}
    register()
    nlp = base()
    teacher = GinzaParser()
    samples = list(label(nlp, teacher, sources))
    report(f"{len(samples)} sentences, {sum(len(sample.heads) for sample in samples)} tokens")
    parser = train(nlp, prepare(nlp, samples, settings.words), settings, report)
    scores: dict[str, float] = {}
    for name, articles in held.items():
        if articles:
            found = agreement(parser, label(nlp, teacher, [a.text for a in articles]))
            scores |= {f"{name}_{measure}": share for measure, share in found.items()}
    write(parser, out, scores)
    return scores


def write(parser: Parser, out: Path, scores: dict[str, float]) -> None:
    """Write `parser` as a model folder NAME-VERSION with its `meta.json`."""
    parser.save(out)
    write_meta(out, licence=LICENCE, scores=scores, files=(CONFIG, WEIGHTS))
