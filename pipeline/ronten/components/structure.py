"""`ronten_text`: sentences and bracket pairs of a Doc."""

from __future__ import annotations

from spacy.tokens import Doc

from ronten.components.columns import columns
from ronten.text.blocks import BlockKind
from ronten.text.brackets import Pair
from ronten.text.sentences import Sentence, TextStructure, analyze

# Kinds of block by name.
_KINDS = {kind.value: kind for kind in BlockKind}


class TextComponent:
    """Writes `doc._.ronten_sentences`, `ronten_pairs` and `ronten_unbalanced`."""

    def __call__(self, doc: Doc) -> Doc:
        self.set_annotations(doc, self.predict(doc))
        return doc

    def predict(self, doc: Doc) -> TextStructure:
        return analyze(columns(doc).article)

    def set_annotations(self, doc: Doc, structure: TextStructure) -> None:
        doc._.ronten_sentences = [
            [s.start, s.end, str(s.kind), s.block] for s in structure.sentences
        ]
        doc._.ronten_pairs = [[p.start, p.end, p.opener] for p in structure.brackets.pairs]
        doc._.ronten_unbalanced = len(structure.brackets.unbalanced)


def sentences(doc: Doc) -> list[Sentence]:
    """Read the sentences back from a Doc."""
    return [Sentence(s, e, _KINDS[kind], block) for s, e, kind, block in doc._.ronten_sentences]


def pairs(doc: Doc) -> list[Pair]:
    """Read the bracket pairs back from a Doc."""
    return [Pair(s, e, opener) for s, e, opener in doc._.ronten_pairs]
