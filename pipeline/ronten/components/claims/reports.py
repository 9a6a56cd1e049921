"""Reported contents on their way to claims."""

from __future__ import annotations

from dataclasses import dataclass, field

from ronten.components.claims.features import Hinted
from ronten.components.claims.view import SentenceView
from ronten.types import Attribution, Holder, Span


@dataclass(slots=True)
class Report:
    """A reported content on its way to a claim.

    `rule` tells who found it: the tagger, or a rule for what brackets and labels show (turn,
    quoted in a turn, editor, torn quotation). `linked`: cue and source are already known.
    `said_by`: the source that the rules show. `unheld`: nobody who is named holds it, by grammar.
    """

    view: SentenceView
    content: list[Span]
    attribution: Attribution
    rule: str
    sure: float = 1.0
    linked: bool = False
    cue: Span | None = None
    source: Span | None = None
    holder: Holder | None = None
    said_by: Span | None = None
    unheld: bool = False


@dataclass(slots=True)
class Found:
    """Everything the sentences of a document give before links and holders."""

    reports: list[Report] = field(default_factory=list)
    cues: dict[Span, float] = field(default_factory=dict)
    sources: dict[Span, float] = field(default_factory=dict)
    own: list[tuple[SentenceView, Span, float]] = field(default_factory=list)
    sentences: dict[int, Hinted] = field(default_factory=dict)
