"""Holders of claims whose borders, reporting words and sources are given."""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Doc

from ronten.components.claims.asked import Asked
from ronten.components.claims.candidates import History
from ronten.components.claims.document import Document
from ronten.components.claims.holders import Holders, writers
from ronten.components.claims.questions import Asker
from ronten.ranking import Ranker
from ronten.types import Attribution, Claim, Holder


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
    authors = writers(doc, document)
    holders, asker, history = Holders(document, authors), Asker(document, authors), History()
    theirs = (claim for claim in claims if claim.attribution != Attribution.AUTHORIAL)
    asker.hear(span for claim in theirs for span in claim.content)
    found: list[Holder] = []
    for claim in claims:
        if claim.attribution == Attribution.AUTHORIAL:
            found.append(holders.author())
            continue
        asked = Asked.of(document, claim)
        question = asker.ask(asked, history)
        choice = question.candidates[ranker.choose(question.contexts, question.features).best]
        history.add(document, asked, choice)
        found.append(holders.of(choice))
    return found, holders.all()
