"""Entities and figures of a Doc as plain values: the components that write them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from spacy.tokens import Doc
from spacy.vectors import Vectors

from ronten import models
from ronten.components.columns import columns
from ronten.components.figures import Words, find_figures
from ronten.components.measures import find_measured
from ronten.components.mentions import Lexicon, Mentions, NamesEncoder, Tagger, predict
from ronten.types import Figure, Label

TAGGER = "ner"
"""Name of the model folder."""
SECOND = "names_encoder"
"""The model that is asked as well where the tagger is in doubt."""


class MentionsComponent:
    """Writes `doc._.ronten_entities`, `ronten_aliases` and `ronten_roles`."""

    def __init__(
        self,
        vectors: Vectors,
        lexicon: Sequence[str] = (),
        aliases: Sequence[str] = (),
        *,
        encoder: bool = True,
    ) -> None:
        self.lexicon = Lexicon.load(
            [Path(path) for path in lexicon], [Path(path) for path in aliases]
        )
        second = NamesEncoder.load(models.sound(SECOND)) if encoder else None
        self.tagger = Tagger.load(models.sound(TAGGER), vectors, second)

    def __call__(self, doc: Doc) -> Doc:
        self.set_annotations(doc, self.predict(doc))
        return doc

    def predict(self, doc: Doc) -> Mentions:
        title = doc._.ronten_metadata.get("title") or ""
        return predict(doc, title=title, lexicon=self.lexicon, tagger=self.tagger)

    def set_annotations(self, doc: Doc, mentions: Mentions) -> None:
        # By hand what `dump` gives: there are thousands, and it costs more than finding them.
        doc._.ronten_entities = [
            {"span": list(entity.span), "label": entity.label.value, "entity": entity.entity}
            for entity in mentions.entities
        ]
        doc._.ronten_aliases = dict(mentions.aliases)
        doc._.ronten_roles = [role._asdict() for role in mentions.roles]


class FiguresComponent:
    """Writes `doc._.ronten_figures`."""

    def __call__(self, doc: Doc) -> Doc:
        self.set_annotations(doc, self.predict(doc))
        return doc

    def predict(self, doc: Doc) -> list[Figure]:
        tokens = columns(doc)
        return find_figures(
            tokens.article,
            doc._.ronten_metadata.get("published"),
            names=[tuple(values["span"]) for values in doc._.ronten_entities],
            people=[
                tuple(values["span"])
                for values in doc._.ronten_entities
                if values["label"] == Label.PERSON
            ],
            words=Words(tokens.start, tokens.end),
        )

    def set_annotations(self, doc: Doc, figures: list[Figure]) -> None:
        # By hand for the same reason.
        doc._.ronten_figures = [
            {
                "span": list(figure.span),
                "kind": figure.kind.value,
                "low": figure.low,
                "high": figure.high,
                "unit": figure.unit,
                "modifier": figure.modifier,
            }
            for figure in figures
        ]


class MeasuresComponent:
    """Writes the key `measures` of every figure in `doc._.ronten_figures`."""

    def __call__(self, doc: Doc) -> Doc:
        self.set_annotations(doc, self.predict(doc))
        return doc

    def predict(self, doc: Doc) -> list[str | None]:
        return find_measured(doc, doc._.ronten_figures)

    def set_annotations(self, doc: Doc, measured: list[str | None]) -> None:
        doc._.ronten_figures = [
            figure | {"measures": noun}
            for figure, noun in zip(doc._.ronten_figures, measured, strict=True)
        ]
