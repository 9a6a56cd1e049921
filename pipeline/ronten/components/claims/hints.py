"""What the rules make of each sentence: the hints that the tagger reads."""

from __future__ import annotations

from ronten.components.claims.cues import CueFinder
from ronten.components.claims.drafts import draft_claims
from ronten.components.claims.features import Hinted
from ronten.components.claims.speakers import Speakers
from ronten.components.claims.view import SentenceView
from ronten.text.blocks import BlockKind

NO_CLAIMS = frozenset({BlockKind.HEADING, BlockKind.CAPTION, BlockKind.QUESTION, BlockKind.CODE})
"""Blocks in which nobody claims anything."""


def hinted(view: SentenceView, speakers: Speakers, finder: CueFinder) -> Hinted:
    """Apply the rules to one sentence."""
    cues = finder.find(view)
    drafts = draft_claims(view, speakers, cues)
    if (lead := finder.lead_in(view)) is not None:
        cues.append(lead)
    names = speakers.within(view.sentence.start, view.sentence.end)
    return Hinted(view, cues, drafts, names)
