"""GiNZA's tokenizer for texts of any length."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacy.lang.ja import JapaneseTokenizer
from spacy.tokens import Doc
from spacy.vocab import Vocab

# Sudachi refuses more than 49 149 bytes; short pieces are also faster (alignment is quadratic).
_PIECE = 2_000
_HARD_PIECE = 8_000
_BORDER = re.compile(r"[\r\n]+|。")


class AnyLengthTokenizer(JapaneseTokenizer):  # type: ignore[misc]
    """`JapaneseTokenizer` that cuts long texts at paragraph or sentence borders.

    Sub-token readings are left out: nothing here reads them and they double the cost.
    """

    def __init__(self, vocab: Vocab, split_mode: str | None = "C") -> None:
        super().__init__(vocab, split_mode=split_mode)
        self.need_subtokens = False

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.vocab, self.split_mode)

    def __call__(self, text: str) -> Doc:
        if len(text) <= _PIECE:
            return super().__call__(text)
        docs = [super(AnyLengthTokenizer, self).__call__(piece) for piece in pieces(text)]
        return Doc.from_docs(docs, ensure_whitespace=False)


def pieces(text: str) -> Iterator[str]:
    """Cut a text into pieces of about 2 000 characters whose concatenation is the text."""
    start = border = 0
    for match in _BORDER.finditer(text):
        if match.end() - start > _PIECE and border > start:
            yield from _hard(text[start:border])
            start = border
        border = match.end()
    if border > start and len(text) - start > _PIECE:
        yield from _hard(text[start:border])
        start = border
    yield from _hard(text[start:])


def _hard(piece: str) -> Iterator[str]:
    """Cut a stretch without any stop where it must be cut."""
    for start in range(0, len(piece), _HARD_PIECE):
        yield piece[start : start + _HARD_PIECE]
