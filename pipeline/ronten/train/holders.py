"""Train the ranker of holders: `ronten train holders`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path

from ronten import models
from ronten.components.claims.cues import CueFinder
from ronten.components.claims.lexicon import load_cues
from ronten.components.claims.models import CUE_LINKS, HOLDERS, SOURCE_LINKS
from ronten.components.claims.tagger import ClaimTagger
from ronten.ranking import Ranker
from ronten.train.claims import Settings as TaggerSettings
from ronten.train.claims import learner
from ronten.train.claims_data import Sample, TrainingData, samples
from ronten.train.folder import name_and_version, write_meta
from ronten.train.lessons import half_taggers, lessons
from ronten.train.ranking import Example, Settings, fit

SETTINGS = Settings(penalty=3.0)
"""Chosen on the dev split."""


def questions(
    articles: Sequence[Sample],
    halves: Sequence[ClaimTagger],
    finder: CueFinder,
    links: tuple[Ranker, Ranker],
) -> list[Example]:
    """Return the choice of a holder for every claim that the taggers find.

    Each stands there twice: with the reporting word and source of the labels, and with those that
    the rankers choose.
    """
    told = lessons(articles, halves, finder)
    chosen = lessons(articles, halves, finder, links)
    return [example for lesson, weight in chain(told, chosen) for example in lesson.asked * weight]


def build(
    out: Path,
    *,
    data: TrainingData,
    halves: Path | None = None,
    settings: TaggerSettings | None = None,
    report: Callable[[str], None] = print,
) -> None:
    """Train on the train split of a gold corpus, marked articles and sentences; write `out`.

    Reporting words and sources are chosen by the model `claims` that is found.

    Args:
        out: the model folder.
        data: where the articles and sentences lie.
        halves: where the training of claims kept its taggers of half the articles.
        settings: of these taggers, where they have to be trained.

    Raises UsageError where an input cannot be used.
    """
    from ronten.components.language import build as pipeline
    from ronten.config import Config

    name_and_version(out)
    nlp = pipeline(Config(), last="ronten_measures")
    lexicon = load_cues()
    articles = list(samples(nlp, data.articles() + data.sentences()))
    learn = learner(nlp, lexicon, settings or TaggerSettings(), report)
    taggers = half_taggers(halves, articles, learn, lexicon, nlp.vocab)
    claims = models.sound("claims")
    links = Ranker.load(claims / CUE_LINKS), Ranker.load(claims / SOURCE_LINKS)
    ranker = fit(questions(articles, taggers, CueFinder(lexicon), links), SETTINGS)
    out.mkdir(parents=True, exist_ok=True)
    ranker.save(out / HOLDERS)
    write_meta(out, licence="CC-BY-SA-4.0", scores={}, files=(HOLDERS,))
