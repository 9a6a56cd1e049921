"""GiNZA's tokenizer for texts of any length."""

from __future__ import annotations

from spacy.lang.ja import JapaneseTokenizer
from spacy.tokens import Doc
from spacy.vocab import Vocab

from ronten.text.pieces import pieces


class AnyLengthTokenizer(JapaneseTokenizer):
    """`JapaneseTokenizer` that cuts long texts at paragraph or sentence borders.

    Sub-token readings are left out: nothing here reads them and they double the cost.
    """

    def __init__(self, vocab: Vocab, split_mode: str | None = "C") -> None:
        super().__init__(vocab, split_mode=split_mode)
        self.need_subtokens = False

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.vocab, self.split_mode)

    def __call__(self, text: str) -> Doc:
        parts = list(pieces(text))
        if len(parts) <= 1:
            return super().__call__(text)
        docs = [super(AnyLengthTokenizer, self).__call__(part) for part in parts]
        return Doc.from_docs(docs, ensure_whitespace=False)
