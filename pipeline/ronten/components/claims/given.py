"""Holders of claims whose borders, reporting words and sources are given."""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Doc

from ronten.components.claims.candidates import Asked, Asker, History
from ronten.components.claims.dialogue import find_turns
from ronten.components.claims.document import Document
from ronten.components.claims.holders import Holders, writers
from ronten.ranking import Ranker
from ronten.types import Attribution, Claim, Holder, Label


def resolve_holders(
    doc: Doc, claims: Sequence[Claim], ranker: Ranker
) -> tuple[list[Holder], list[Holder]]:
    """Find out who holds each claim.

    Args:
        doc: a Doc with sentences, entities and roles (`ronten_text`, `ronten_mentions`).
        claims: claims of the article in text order; their own holders are not looked at.
        ranker: weighs who may be meant.

    Returns:
        The holder of each claim, and all holders of the article.
    """
    document = Document(doc)
    authors = writers(doc, document.entities)
    holders, asker, history = Holders(document, authors), Asker(document, authors), History()
    people = [entity.span for entity in document.entities if entity.label == Label.PERSON]
    turns = find_turns(document.text, document.sentences, people)
    found: list[Holder] = []
    for claim in claims:
        if claim.attribution == Attribution.AUTHORIAL:
            found.append(holders.author())
            continue
        span = claim.content[0][0], claim.content[-1][1]
        turn = document.block(span[0]) in turns
        attribution = Attribution.DIRECT if turn else claim.attribution
        asked = Asked(span, claim.cue, claim.source, attribution, turn)
        question = asker.ask(asked, history)
        choice = question.candidates[ranker.choose(question.contexts, question.features).best]
        history.add(document, asked, choice)
        found.append(holders.of(choice))
    return found, holders.all()
