"""Holders of claims whose borders, cues and sources are given: the holder step by itself."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from spacy.tokens import Doc

from ronten.components.claims.holders import document_holders
from ronten.components.claims.reader import views
from ronten.components.claims.speakers import Speaker, Speakers, first_person
from ronten.components.claims.view import SentenceView
from ronten.components.columns import columns
from ronten.types import Attribution, Claim, Entity, Holder, Kind, Span

# Reporting words that need no speaker where no source stands with them.
_HEARSAY = ("れ", "という", "とい", "そう", "とのこと", "声", "見方", "懸念")


def resolve_holders(doc: Doc, claims: Sequence[Claim]) -> tuple[list[Holder], list[Holder]]:
    """Find out who holds each claim.

    Args:
        doc: a Doc with sentences, entities and roles (`ronten_text`, `ronten_mentions`).
        claims: claims of the article in text order; their own holders are not looked at.

    Returns:
        The holder of each claim, and all holders of the article.
    """
    entities = [Entity.model_validate(values) for values in doc._.ronten_entities]
    tokens = columns(doc)
    text = tokens.article
    holders = document_holders(doc, entities, text)
    speakers = Speakers(entities)
    sentences = views(doc, tokens)
    starts = [view.sentence.start for view in sentences]
    current: Holder | None = None
    found: list[Holder] = []
    for claim in claims:
        if claim.attribution == Attribution.AUTHORIAL:
            found.append(holders.author())
            continue
        index = bisect_right(starts, claim.source[0]) - 1 if claim.source else -1
        speaker = _mention(sentences[index], speakers, claim.source) if index >= 0 else None
        if speaker is not None and not first_person(speaker):
            current = holders.of(speaker)
        word = text[slice(*claim.cue)] if claim.cue else ""
        heard = speaker is None and word.endswith(_HEARSAY)
        found.append(holders.unspecified() if heard or current is None else current)
    return found, holders.all()


def _mention(view: SentenceView, speakers: Speakers, span: Span | None) -> Speaker | None:
    """The speaking noun phrase that a source span marks; its surface if it is none we know."""
    if span is None or not len(view):
        return None
    after = min(view.at(span[1] - 1) + 1, len(view))
    speaker = speakers.before(view, after)
    if speaker is not None:
        return speaker
    surface = view.article[slice(*span)]
    return Speaker(span, surface, Kind.GROUP)
