"""Teach the pretrained encoder the types of claims.

`ronten train types-encoder`: what `ronten train types` learns from.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from ronten.components.claims.signs import beside
from ronten.components.e5 import BaseEncoder
from ronten.evaluate.splits import select
from ronten.gold.files import load_annotations
from ronten.train.adapting import write
from ronten.train.folder import name_and_version
from ronten.train.marked import read_marked_folder
from ronten.train.pair_encoder import Settings, Told, texts_of, train
from ronten.train.types import shares_of, typed, votes_of
from ronten.types import Annotation

SETTINGS = Settings(average=0.99)
MARKED = 0.5
"""Share of the claims of marked articles that are read; those of gold ones are read twice."""


def build(
    out: Path,
    *,
    corpus: Path,
    marked: Sequence[Path],
    settings: Settings = SETTINGS,
    report: Callable[[str], None] = print,
) -> None:
    """Train on the train split of a gold corpus and marked articles; write `out`.

    Args:
        out: the model folder.
        corpus: a gold corpus with `final/` and `splits.json`, and the annotators' versions if any.
        marked: folders of articles with marked claims.
        settings: what training is told.
        report: is told how it goes.

    Raises UsageError where an input cannot be used, ModelNotFound without the pretrained encoder.
    """
    name_and_version(out)  # a wrong name is told before the minutes of training
    final = list(load_annotations(corpus / "final"))
    gold = list(told(select(final, corpus, "train"), votes_of(corpus)))
    rest = [one for folder in marked for one in told(map(typed, read_marked_folder(folder)), {})]
    drawn = random.Random(settings.seed).sample(rest, int(MARKED * len(rest)))
    texts = texts_of([*gold, *rest])
    write(out, train(BaseEncoder.find(), gold * 2 + drawn, texts, settings, report))


def told(articles: Iterable[Annotation], votes: dict[tuple[str, str], list[str]]) -> Iterator[Told]:
    """Yield every claim: what stands round it, what it says, and the shares of the types."""
    for article in articles:
        for claim in article.claims:
            said, around = beside(article.text, claim.content)
            yield Told(around, said, shares_of(article, claim, votes))
