"""Reported claims of one sentence: each cue with its content and the mention it is built on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ronten.components.claims.authorial import claim_span
from ronten.components.claims.contents import Segment
from ronten.components.claims.cues import PERSON_ONLY, Cue, Frame
from ronten.components.claims.predicates import modifies_noun
from ronten.components.claims.sources import find_source
from ronten.components.claims.speakers import Speaker, Speakers
from ronten.components.claims.view import SentenceView
from ronten.text.sentences import inner_sentences
from ronten.types import Attribution, Kind, Span


@dataclass(frozen=True, slots=True)
class Draft:
    """A reported claim whose holder is not resolved yet.

    `speaker` is the mention the cue is built on in this sentence; a chain of predicates shares it.
    """

    spans: tuple[Span, ...]
    attribution: Attribution
    cue: Cue
    speaker: Speaker | None


# In a sentence of this many tokens nothing is subordinate to its far end.
_ENDLESS = 400
_PEOPLE = frozenset({Kind.PERSON, Kind.GROUP})
# The reporting word of a よると-clause is kept unless the sentence ends in a real predicate.
_ONLY_HEARSAY = frozenset({"hearsay.iu", "hearsay.soda", "hearsay.tonokoto"})


def draft_claims(view: SentenceView, speakers: Speakers, cues: Sequence[Cue]) -> list[Draft]:
    """The reported claims of a sentence in text order."""
    drafts: list[Draft] = []
    begin = 0
    chained: Speaker | None = None
    authority: tuple[Cue, Speaker | None] | None = None
    for found in cues:
        if found.frame == Frame.ACCORDING:
            authority = found, _authority(view, speakers, found, begin)
            begin = found.resume
            continue
        cue = _subordinate(view, found)
        segment = Segment(view, speakers, begin, cue)
        speaker = find_source(view, speakers, segment, cue)
        if cue.rule == PERSON_ONLY and (speaker is None or speaker.kind not in _PEOPLE):
            continue
        if cue.frame == Frame.HEARSAY and drafts and _adds_endings(view, drafts[-1].cue, cue):
            begin = cue.resume
            continue
        if cue.frame == Frame.BARE and (drafts or authority) and segment.speaker is None:
            continue
        if authority is not None and not cue.relative and cue.rule != "noun.other":
            if cue.rule in _ONLY_HEARSAY:
                cue = replace(cue, span=authority[0].span, kind="say", rule=authority[0].rule)
                speaker = authority[1]
            elif speaker is None:
                speaker = authority[1]
            authority = None
        if speaker is None and not cue.passive and cue.frame != Frame.HEARSAY:
            speaker = chained
        drafts.extend(
            Draft(content.spans, content.attribution, cue, speaker)
            for content in segment.contents()
        )
        if speaker is not None and not cue.passive:
            chained = speaker
        if not cue.relative or len(view) > _ENDLESS:
            begin = cue.resume
    if authority is not None:
        drafts.extend(_rest(view, *authority, begin))
    return _without_inner(drafts)


def _authority(view: SentenceView, speakers: Speakers, cue: Cue, begin: int) -> Speaker | None:
    """Whom a によると names: the noun phrase before it, or the owner of the document there."""
    if cue.rule == "according.statement":
        return speakers.before(view, cue.stop - 2, begin)
    return speakers.owner(view, cue.stop, begin) or speakers.before(view, cue.stop, begin)


def _rest(view: SentenceView, cue: Cue, speaker: Speaker | None, begin: int) -> list[Draft]:
    """The clause after 〜によると up to the end of the sentence."""
    text = view.article
    span = claim_span(text, view.start[begin], view.sentence.end) if begin < len(view) else None
    if span is None:
        return []
    quotes = [
        pair
        for pair in view.quotes
        if pair.start >= span[0] and pair.end <= span[1] and view.holds_words(pair)
    ]
    all_quoted = quotes and quotes[0].start == span[0]
    if all_quoted and not text[quotes[-1].end : span[1]].strip("。、 "):
        return [
            Draft((inner,), Attribution.DIRECT, cue, speaker)
            for pair in quotes
            for inner in inner_sentences(text, pair.inner, view.pairs)
        ]
    return [Draft((span,), Attribution.MIXED if quotes else Attribution.INDIRECT, cue, speaker)]


def _subordinate(view: SentenceView, cue: Cue) -> Cue:
    """Mark a cue whose predicate depends on one that modifies a noun (…とし、Aを求めた訴訟)."""
    head = view.head(cue.word)
    if cue.relative or head is None or head <= cue.word or not modifies_noun(view, head):
        return cue
    return replace(cue, relative=True)


def _adds_endings(view: SentenceView, previous: Cue, cue: Cue) -> bool:
    """Whether hearsay only follows another report (…と通告したという)."""
    return cue.stop - previous.word <= 6 and all(
        view.is_auxiliary(k) or view.is_verb(k) or view.is_particle(k)
        for k in range(previous.word + 1, cue.stop)
    )


def _without_inner(drafts: Sequence[Draft]) -> list[Draft]:
    """Drop unsourced views that only stand inside another holder's content."""
    return [
        draft
        for draft in drafts
        if draft.speaker is not None
        or not (draft.cue.rule == "noun.other" or _inside_another(draft, drafts))
    ]


def _inside_another(draft: Draft, drafts: Sequence[Draft]) -> bool:
    span = draft.cue.span
    return (
        span is not None
        and draft.cue.passive
        and any(
            start <= span[0] and span[1] <= end
            for other in drafts
            if other is not draft
            for start, end in other.spans
        )
    )
