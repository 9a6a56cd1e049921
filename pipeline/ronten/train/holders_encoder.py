"""Teach the pretrained encoder to judge sources and holders.

`ronten train holders-encoder`: the articles that the rankers of sources and holders learn from,
read by the models that ship, with the reporting words and sources of the labels.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file
from spacy.tokens import Doc

from ronten import models
from ronten.components.adapted import WEIGHTS
from ronten.components.claims.cues import CueFinder
from ronten.components.claims.document import Document
from ronten.components.claims.holders_encoder import (
    ELSEWHERE,
    HOLDER,
    NO_MENTION,
    SOURCE,
    Answer,
    Passage,
    holders_as_answers,
    sources_as_answers,
)
from ronten.components.claims.lexicon import load_cues
from ronten.components.claims.links import Options
from ronten.components.claims.models import ClaimModels
from ronten.components.claims.questions import Question
from ronten.components.claims.reports import Report
from ronten.components.e5 import BaseEncoder
from ronten.components.pieces import PieceCutter
from ronten.ranking import Choice, Ranker
from ronten.train.adapting import Adapting, known_pieces, write
from ronten.train.claims_data import Sample, TrainingData, samples
from ronten.train.folder import name_and_version
from ronten.train.lessons import Lesson
from ronten.types import Annotation, Span

SURE = 0.95
"""Chance from which on a ranker is not in doubt."""
EASY = 0.3
"""Share of the claims that are read where no ranker is in doubt."""


@dataclass(frozen=True)
class Settings(Adapting):
    """What the training depends on besides its data."""

    epochs: int = 4
    batch: int = 16
    dropout: float = 0.15
    state_dropout: float = 0.07
    piece_dropout: float = 0.04
    average: float = 0.998
    source: float = 0.5
    """Weight of what is learned of sources."""


class Posed(NamedTuple):
    """A question: its answers, and which of them are right."""

    answers: list[Answer]
    right: Sequence[bool]


@dataclass
class Inquiry:
    """A claim of the labels as it was found, with the questions about it."""

    content: list[Span]
    cue: Span | None
    posed: dict[str, Posed] = field(default_factory=dict)
    doubtful: bool = False
    """Whether a ranker is in doubt."""


class Inquired(NamedTuple):
    """An article with the inquiries about its claims."""

    document: Document
    inquiries: list[Inquiry]


class Inquirer(Lesson):
    """Reads one article, is told what is right, and keeps its choices as inquiries."""

    def __init__(self, doc: Doc, finder: CueFinder, models: ClaimModels, gold: Annotation) -> None:
        super().__init__(doc, finder, models, gold, choosing=False)
        self.inquiries: dict[tuple[int, tuple[Span, ...], Span | None], Inquiry] = {}

    def choose_source(self, report: Report, options: Options) -> Span | None:
        kept = len(self.sources)
        best = super().choose_source(report, options)
        if len(self.sources) > kept:
            posed = Posed(sources_as_answers(options.spans), self.sources[-1].right)
            self._keep(report, SOURCE, posed, self.models.sources, options)
        return best

    def choose_holder(self, report: Report, question: Question) -> Choice:
        kept = len(self.asked)
        choice = super().choose_holder(report, question)
        if len(self.asked) > kept:
            posed = Posed(holders_as_answers(question.candidates), self.asked[-1].right)
            self._keep(report, HOLDER, posed, self.models.holders, question)
        return choice

    def _keep(
        self,
        report: Report,
        question: str,
        posed: Posed,
        ranker: Ranker,
        choosing: Options | Question,
    ) -> None:
        """Keep a question, with what its claim is at this moment: rules may still change it."""
        key = id(report), tuple(report.content), report.cue
        inquiry = self.inquiries.setdefault(key, Inquiry([*report.content], report.cue))
        if len(posed.answers) > 1:
            inquiry.posed[question] = posed
            sure = ranker.choose(choosing.contexts, choosing.features).probability
            inquiry.doubtful |= sure < SURE


class Choosing(NamedTuple):
    """A question as the network sees it; its last answer is `ELSEWHERE`."""

    groups: list[list[int]]
    """By answer: its mentions, or its number among those of `NO_MENTION`, behind all mentions."""
    right: list[bool]
    """By answer."""


class Part(NamedTuple):
    """A claim as the network reads it."""

    types: NDArray[np.int64]
    """(p,) its passage in pieces."""
    marks: NDArray[np.int64]
    """(p,) what each piece is part of."""
    ends: NDArray[np.int64]
    """(m, 2) first and last piece of every mention."""
    questions: dict[str, Choosing]


def build(
    out: Path,
    *,
    data: TrainingData,
    settings: Settings | None = None,
    report: Callable[[str], None] = print,
) -> None:
    """Train on the train split of a gold corpus, marked articles and sentences; write `out`.

    Claims are found by the model `claims`, and what is learned begins with what `encoder` knows.

    Args:
        out: the model folder.
        data: where the articles and sentences lie.

    Raises UsageError where an input cannot be used, ModelNotFound without the models named.
    """
    from ronten.components.language import build as pipeline
    from ronten.config import Config

    name_and_version(out)  # a wrong name is told before the minutes of training
    base = BaseEncoder.find()
    beginning = load_file(models.sound("encoder") / WEIGHTS)
    nlp = pipeline(Config(), last="ronten_measures")
    lexicon = load_cues()
    finder, found = CueFinder(lexicon), ClaimModels.load(lexicon, nlp.vocab, encoder=False)
    articles = samples(nlp, data.articles() + data.sentences())
    read = list(inquired(articles, finder, found))
    arrays = train(base, beginning, read, settings or Settings(), report)
    write(out, arrays, licence="CC-BY-SA-4.0")


def inquired(
    articles: Iterable[Sample], finder: CueFinder, found: ClaimModels
) -> Iterator[Inquired]:
    """Yield the inquiries about the claims of every article."""
    for sample in articles:
        lesson = Inquirer(sample.doc, finder, found, sample.annotation)
        lesson.read()
        yield Inquired(lesson.document, [*lesson.inquiries.values()])


def train(
    base: BaseEncoder,
    beginning: Mapping[str, NDArray[Any]],
    articles: Sequence[Inquired],
    settings: Settings,
    report: Callable[[str], None] = print,
) -> dict[str, NDArray[Any]]:
    """Train on what some articles ask; returns the arrays of `HoldersEncoder`.

    `beginning` has the arrays of an `AdaptedEncoder` that learning begins with.
    """
    import torch

    from ronten.train.holders_encoder_network import HoldersEncoderNetwork
    from ronten.train.sequence import fit_network

    torch.manual_seed(settings.seed)
    known = known_pieces(base, [article.document.text for article in articles])
    cutter = PieceCutter(base.pieces(known.tolist()))
    rng = random.Random(settings.seed)
    parts = [
        part
        for article in articles
        for inquiry in article.inquiries
        if inquiry.doubtful or rng.random() < EASY
        for part in parts_of(cutter, article.document, inquiry)
    ]
    network = HoldersEncoderNetwork(base, known, settings)
    network.begin_with(beginning)
    fit_network(network, parts, network.loss, settings, report)
    return network.adapter()


def parts_of(cutter: PieceCutter, document: Document, inquiry: Inquiry) -> Iterator[Part]:
    """Yield what the network reads of a claim, if anything is asked about it."""
    passage = Passage(cutter, document, inquiry.content, inquiry.cue)
    numbers: dict[tuple[int, int], int] = {}
    read = {
        question: [
            answer
            if isinstance(answer, str)
            else [numbers.setdefault(ends, len(numbers)) for ends in passage.mentions(answer)]
            for answer in posed.answers
        ]
        for question, posed in inquiry.posed.items()
    }
    questions = {
        question: _choosing(question, answers, inquiry.posed[question].right, len(numbers))
        for question, answers in read.items()
    }
    if questions:
        ends = np.array(list(numbers), np.int64).reshape(-1, 2)
        yield Part(passage.pieces, passage.marks, ends, questions)


def _choosing(
    question: str, answers: Sequence[list[int] | str], right: Sequence[bool], mentions: int
) -> Choosing:
    """Return a question; an answer of which nothing is read is elsewhere."""
    names = NO_MENTION[question]
    there = [
        ([mentions + names.index(answer)] if isinstance(answer, str) else answer, good)
        for answer, good in zip(answers, right, strict=True)
        if answer
    ]
    elsewhere = [mentions + names.index(ELSEWHERE)], not any(good for _, good in there)
    groups, fits = zip(*there, elsewhere, strict=True)
    return Choosing(list(groups), list(fits))
