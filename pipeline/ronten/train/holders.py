"""Train the ranker of holders: `ronten train holders`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from ronten.components.claims.candidates import Asked, Asker, Candidate, History
from ronten.components.claims.document import Document
from ronten.components.claims.holders import writers
from ronten.components.claims.models import HOLDERS
from ronten.evaluate.sameness import same_holder
from ronten.train.claims_data import Sample, read_articles, samples
from ronten.train.folder import name_and_version, write_meta
from ronten.train.ranking import Example, Settings, fit
from ronten.types import Holder

SETTINGS = Settings(penalty=3.0)
"""Chosen on the dev split."""


def questions(sample: Sample) -> Iterator[Example]:
    """Yield the choice of a holder for every reported claim, told who held those before."""
    document = Document(sample.doc)
    asker = Asker(document, writers(sample.doc, document))
    holders = {holder.id: holder for holder in sample.annotation.holders}
    history = History()
    for claim in sample.reported():
        asked = Asked.of(document, claim)
        question = asker.ask(asked, history)
        gold = holders[claim.holder]
        right = _right(gold, question.candidates)
        yield Example(question.contexts, question.features, right)
        if any(right):
            history.add(document, asked, question.candidates[right.index(True)])


def _right(gold: Holder, candidates: Sequence[Candidate]) -> list[bool]:
    """Tell which candidates are the holder: its name in the text, where it has one.

    A surname is a part of the full name, but as a holder of its own it would be a second person.
    """
    right = [same_holder(gold, _holder(candidate)) for candidate in candidates]
    named = [good and c.sort == "entity" for good, c in zip(right, candidates, strict=True)]
    return named if any(named) else right


def _holder(candidate: Candidate) -> Holder:
    return Holder(id="", name=candidate.name, kind=candidate.kind)


def build(out: Path, *, gold: Path, marked: Path) -> None:
    """Train on the train split of `gold` and the articles in `marked`; write the folder `out`.

    Raises UsageError where an input cannot be used.
    """
    from ronten.components.language import build as pipeline
    from ronten.config import Config

    name_and_version(out)
    nlp = pipeline(Config(), last="ronten_measures")
    articles = samples(nlp, read_articles(gold, "train", marked))
    examples = [e for sample in articles for e in list(questions(sample)) * sample.weight]
    ranker = fit(examples, SETTINGS)
    out.mkdir(parents=True, exist_ok=True)
    ranker.save(out / HOLDERS)
    write_meta(out, licence="Apache-2.0", scores={}, files=(HOLDERS,))
