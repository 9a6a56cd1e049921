"""The mention a reporting word is built on."""

from __future__ import annotations

from ronten.components.claims.contents import Segment
from ronten.components.claims.cues import Cue, Frame
from ronten.components.claims.speakers import Speaker, Speakers
from ronten.components.claims.view import SentenceView

_AGENT = frozenset({"から", "より", "に", "で"})


def find_source(
    view: SentenceView, speakers: Speakers, segment: Segment, cue: Cue
) -> Speaker | None:
    """The speaking mention for a cue inside its sentence, None if it is elided there.

    Looked for in this order: between content and reporting word, topic of the segment, agent of a
    passive or origin of a noun (Aから…という声), owner of the noun (Aの主張), modified noun
    (…と語るA).
    """
    if cue.frame == Frame.HEARSAY and not segment.speaker:
        return None
    after = _between(view, speakers, cue)
    if after is not None:
        return after
    if segment.speaker is not None and not (
        cue.passive and cue.frame in (Frame.CLAUSE, Frame.HEARSAY)
    ):
        return segment.speaker
    if cue.passive or cue.frame in (Frame.NOUN, Frame.NOMINAL) or cue.rule.startswith("noun"):
        found = _agent(view, speakers, segment, cue)
        if found is not None:
            return found
    if cue.relative:
        return _modified(view, speakers, cue)
    return None


def _between(view: SentenceView, speakers: Speakers, cue: Cue) -> Speaker | None:
    """…とAは述べた; …というAの主張."""
    for k in range(cue.stop + 1, cue.word + 1):
        if k >= len(view) or not view.outer(k) or not view.is_particle(k):
            continue
        subject = view.text[k] in ("は", "が", "も")
        owner = view.text[k] == "の" and (
            cue.frame in (Frame.NOMINAL, Frame.NOUN) or cue.rule.startswith(("noun", "nominal"))
        )
        agent = view.text[k] in _AGENT and cue.passive
        if (subject or owner or agent) and (found := speakers.before(view, k, cue.stop + 1)):
            return found
    return None


def _agent(view: SentenceView, speakers: Speakers, segment: Segment, cue: Cue) -> Speaker | None:
    for k in range(segment.limit - 1, segment.begin, -1):
        if view.outer(k) and view.is_particle(k) and view.text[k] in ("から", "より", "では", "で"):
            inside = view.text[k - 1] in ("間", "なか", "中", "内部") and view.text[k - 2] == "の"
            stop = k - 2 if inside else k
            found = speakers.before(view, stop, segment.begin) or speakers.owner(
                view, k, segment.begin
            )
            if found is not None:
                return found
    return None


def _modified(view: SentenceView, speakers: Speakers, cue: Cue) -> Speaker | None:
    for k in range(cue.resume + 1, min(len(view), cue.resume + 12)):
        if view.outer(k) and (view.is_particle(k) or view.is_comma(k)):
            if view.text[k] == "の":
                continue
            return speakers.before(view, k, cue.resume)
    return None
