"""What the writer asserts in a sentence, beside the claims it reports."""

from __future__ import annotations

from collections.abc import Sequence

from ronten.components.claims.authorial import claim_span, is_claim
from ronten.components.claims.contents import Segment
from ronten.components.claims.cues import Cue, Frame
from ronten.components.claims.sources import find_source
from ronten.components.claims.speakers import Speakers
from ronten.components.claims.view import SentenceView
from ronten.types import Span

# A clause with one of these endings can stand for itself before the reported one.
_CONNECTIVES = frozenset(["が", "けれど", "けれども", "し"])
_ENDINGS = _CONNECTIVES | {"ず", "ものの", "おり"}


def own_clauses(view: SentenceView, speakers: Speakers, cues: Sequence[Cue]) -> list[Span]:
    """Spans of the writer's own claims.

    Args:
        cues: the cues that gave reported claims; empty for a sentence that reports nothing.
    """
    main = [cue for cue in cues if not cue.relative]
    if not main:
        # Reports inside relative clauses leave the sentence itself to the writer.
        return _whole(view)
    if any(cue.frame == Frame.ACCORDING for cue in main):
        return []
    spans = [_before(view, speakers, main[0]), _after(view, max(cue.resume for cue in main))]
    return [span for span in spans if span is not None]


def _whole(view: SentenceView) -> list[Span]:
    sentence, text = view.sentence, view.article
    span = claim_span(text, sentence.start, sentence.end)
    claims = span and is_claim(text[sentence.start : sentence.end], sentence.kind)
    return [span] if span and claims else []


def _before(view: SentenceView, speakers: Speakers, cue: Cue) -> Span | None:
    """A finite clause before the source: 溝は埋まらず、A氏は「…」と述べた."""
    speaker = find_source(view, speakers, Segment(view, speakers, 0, cue), cue)
    if speaker is None or speaker.span[0] >= view.end[min(cue.stop, len(view) - 1)]:
        return None
    for k in range(view.at(speaker.span[0]) - 1, 0, -1):
        last = k - 1
        if not (view.is_comma(k) and view.outer(k) and view.outer(last)):
            continue
        if view.text[last] not in _ENDINGS or view.is_noun(last - 1):
            continue
        connective = view.text[last] in _CONNECTIVES
        if connective and not view.tag[last].startswith("助詞-接続助詞"):
            continue
        span = claim_span(view.article, view.sentence.start, view.start[k])
        if span and _asserts(view, 0, k):
            return (span[0], view.end[last - 1]) if connective else span
    return None


def _after(view: SentenceView, resume: int) -> Span | None:
    """A finite clause after the last report: …と訴えており、会社側も対応を迫られている."""
    if resume >= len(view) or not _asserts(view, resume, len(view)):
        return None
    text = view.article
    span = claim_span(text, view.start[resume], view.sentence.end)
    if span is None or not is_claim(text[span[0] : span[1]] + "。", view.sentence.kind):
        return None
    return span


def _asserts(view: SentenceView, first: int, last: int) -> bool:
    """Whether tokens hold a clause with an argument of its own and a predicate."""
    tokens = range(first, last)
    argument = any(
        view.text[k] in ("は", "が", "も") and view.is_particle(k) and view.outer(k) for k in tokens
    )
    return argument and any(view.is_predicate(k) or view.is_sahen(k) for k in tokens)
