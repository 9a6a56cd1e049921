"""`ronten_cues` and `ronten_claims`: the spaCy components of claim extraction."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from spacy.tokens import Doc
from spacy.vocab import Vocab

from ronten.components.claims import confidence
from ronten.components.claims.confidence import OWN, REPORTED
from ronten.components.claims.cues import CueFinder, Frame
from ronten.components.claims.judge import Judge, judged
from ronten.components.claims.lexicon import load_cues
from ronten.components.claims.models import ClaimModels
from ronten.components.claims.reader import Reader
from ronten.components.claims.view import views
from ronten.components.columns import columns
from ronten.types import Holder


class CuesComponent:
    """Writes `doc._.ronten_cues`: indices of the sentences that may report a claim.

    They hold a reporting marker or at least a word of the reporting lexicon: 「会長はそう言って、」
    and 「資料には…との記載がある」 have holders that only a tree tells.
    """

    def __init__(self, reporting_verbs: Sequence[str] = ()) -> None:
        self.finder = CueFinder(load_cues([Path(path) for path in reporting_verbs]))
        self.words = self.finder.lexicon.predicates.keys() | self.finder.lexicon.nouns.keys()

    def __call__(self, doc: Doc) -> Doc:
        self.set_annotations(doc, self.predict(doc))
        return doc

    def predict(self, doc: Doc) -> list[int]:
        """Indices into `doc._.ronten_sentences`."""
        return [
            index
            for index, view in enumerate(views(doc, columns(doc), trees=False))
            if not (self.words.isdisjoint(view.norm) and self.words.isdisjoint(view.text))
            or any(cue.frame != Frame.BARE for cue in self.finder.find(view))
        ]

    def set_annotations(self, doc: Doc, marked: list[int]) -> None:
        """Write the indices."""
        doc._.ronten_cues = marked


class ClaimsComponent:
    """Writes `doc._.ronten_claims` and `doc._.ronten_holders` as plain values."""

    def __init__(
        self,
        vocab: Vocab,
        reporting_verbs: Sequence[str] = (),
        *,
        encoder: bool = True,
        calibrated: bool = True,
    ) -> None:
        self.finder = CueFinder(load_cues([Path(path) for path in reporting_verbs]))
        self.models = ClaimModels.load(self.finder.lexicon, vocab, encoder=encoder)
        self.judge = Judge(vocab, encoder=encoder)
        self.curves = confidence.load() if calibrated else None

    def __call__(self, doc: Doc) -> Doc:
        self.set_annotations(doc, *self.predict(doc))
        return doc

    def predict(self, doc: Doc) -> tuple[list[Holder], list[dict[str, Any]]]:
        """Holders in order of first use and claims (without ids) in text order."""
        reader = Reader(doc, self.finder, self.models)
        holders, claims = reader.read()
        if self.curves is not None:
            for claim in claims:
                curve = self.curves[OWN if claim["rule"] == OWN else REPORTED]
                claim["confidence"] = round(curve(claim["confidence"]), 3)
        lexicon = self.finder.lexicon
        return holders, judged(doc, reader.document.tokens, claims, holders, self.judge, lexicon)

    def set_annotations(
        self, doc: Doc, holders: list[Holder], claims: list[dict[str, Any]]
    ) -> None:
        """Write holders and claims."""
        doc._.ronten_holders = [holder.dump() for holder in holders]
        doc._.ronten_claims = claims
