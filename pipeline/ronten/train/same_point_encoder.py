"""Teach the pretrained encoder whether two claims make the same point.

`ronten train same-point-encoder`: what `ronten train same-point` learns from.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from ronten.components.e5 import BaseEncoder
from ronten.evaluate.splits import select
from ronten.gold.files import load_annotations
from ronten.same_point import in_order
from ronten.train.adapting import write
from ronten.train.folder import name_and_version
from ronten.train.pair_encoder import Settings, Told, train
from ronten.train.pairs_network import Numbered, Pair
from ronten.train.same_point import APART, SAME, gold_pairs
from ronten.train.triples import Triple, read_triples, texts_of

DRAWS = 2
"""Times that pairs are drawn to be read."""
GOLD, OTHERS = 2, 4
"""Times that a draw takes each pair of a gold position, and as many pairs of different ones."""
KIN = 0.75
"""Share of the strangers of a claim that are about its topic."""


def build(
    out: Path,
    *,
    triples: Path,
    gold: Path,
    settings: Settings | None = None,
    report: Callable[[str], None] = print,
) -> None:
    """Train on the train topics of triples and the train split of a gold corpus; write `out`.

    Raises UsageError where an input cannot be used, ModelNotFound without the pretrained encoder.
    """
    name_and_version(out)  # a wrong name is told before the minutes of training
    settings = settings or Settings()
    rng = random.Random(settings.seed)
    cast = read_triples(triples, "train")
    number = Numbered()
    same, apart = gold_pairs(select(list(load_annotations(gold)), gold, "train"), number)
    told: list[Told] = []
    for _ in range(DRAWS):
        told += of_triples(cast, rng)
        others = rng.sample(apart, min(len(apart), OTHERS * len(same)))
        told += of_pairs([*same * GOLD, *others], number.texts)
    texts = [*texts_of(cast), *number.texts]
    write(out, train(BaseEncoder.find(), told, texts, settings, report))


def of_triples(triples: Sequence[Triple], rng: random.Random) -> Iterator[Told]:
    """Draw two pairs of one point and three of different ones for each triple.

    Always its paraphrase and its near miss, which are the hardest to tell from each other.
    """
    topics: dict[str, list[Triple]] = defaultdict(list)
    for triple in triples:
        topics[triple.topic].append(triple)
    for triple in triples:
        claim, same, close, near, turned = (text for text, _ in triple.sentences())
        yield _told(claim, same, SAME)
        yield _told(rng.choice((claim, same)), close, SAME)
        yield _told(claim, near, APART)
        apart = [(one, near) for one in (same, close)]
        apart += [(one, turned) for one in (claim, same, close, near)]
        yield _told(*rng.choice(apart), APART)
        stranger = rng.choice(topics[triple.topic] if rng.random() < KIN else triples)
        if stranger is not triple:
            yield _told(rng.choice((claim, same, close)), rng.choice(stranger[1:6]), APART)


def of_pairs(pairs: Iterable[Pair], texts: Sequence[str]) -> Iterator[Told]:
    """Yield pairs of numbered texts as they are told."""
    for pair in pairs:
        yield _told(texts[pair.first], texts[pair.second], pair.target)


def _told(one: str, other: str, shares: tuple[float, ...]) -> Told:
    return Told(*in_order(one, other), shares)
