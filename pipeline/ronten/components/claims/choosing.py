"""Choosing reporting words, sources and holders by the rankers; the latter two with an encoder."""

from __future__ import annotations

from collections.abc import Sequence

from ronten.components.claims.document import Document
from ronten.components.claims.holders_encoder import (
    HOLDER,
    SOURCE,
    Answer,
    Read,
    holders_as_answers,
    sources_as_answers,
)
from ronten.components.claims.links import Options
from ronten.components.claims.models import ClaimModels
from ronten.components.claims.questions import Question
from ronten.components.claims.reports import Report
from ronten.ranking import Choice, Ranker
from ronten.types import Span

IN_DOUBT = {SOURCE: 0.5, HOLDER: 0.65}
"""Below these chances of a ranker's best answer the encoder is asked as well."""


class Chooser:
    """Chooses for the reports of one document."""

    def __init__(self, document: Document, models: ClaimModels) -> None:
        self._document = document
        self._models = models
        self._read: dict[tuple[tuple[Span, ...], Span | None], Read] = {}

    def cue(self, options: Options) -> Choice:
        """Choose the reporting word of a content."""
        return self._models.cues.choose(options.contexts, options.features)

    def source(self, report: Report, options: Options) -> Choice:
        """Choose the source of a content whose reporting word is known."""
        answers = sources_as_answers(options.spans)
        return self._chosen(report, SOURCE, self._models.sources, options, answers)

    def holder(self, report: Report, question: Question) -> Choice:
        """Choose the holder of a content."""
        answers = holders_as_answers(question.candidates)
        return self._chosen(report, HOLDER, self._models.holders, question, answers)

    def _chosen(
        self,
        report: Report,
        question: str,
        ranker: Ranker,
        choosing: Options | Question,
        answers: Sequence[Answer],
    ) -> Choice:
        choice = ranker.choose(choosing.contexts, choosing.features)
        encoder = self._models.holders_encoder
        if encoder is None or choice.probability >= IN_DOUBT[question]:
            return choice
        key = tuple(report.content), report.cue
        read = self._read.get(key)
        if read is None:
            read = self._read[key] = encoder.read(self._document, report.content, report.cue)
        scores = ranker.scores(choosing.contexts, choosing.features)
        return encoder.choose(read, question, answers, scores)
