"""Cuts texts into pieces that Sudachi accepts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

# Aligning tokens is quadratic in a piece, so pieces are far shorter than they might be.
_PIECE = 2_000
# Sudachi refuses more than 49 149 bytes before and 65 535 after its own normalisation.
_BYTES = 45_000
_BYTES_PER_CHARACTER = 54
"""The longest NFKC expansion of one character (U+FDFA), in UTF-8."""
_BORDER = re.compile(r"[\r\n]+|。")


def pieces(text: str) -> Iterator[str]:
    """Cut a text at paragraph and sentence borders into pieces of about 2 000 characters.

    The concatenation of the pieces is the text; a stretch without a border is cut anywhere.
    """
    start = border = 0
    for match in _BORDER.finditer(text):
        if match.end() - start > _PIECE and border > start:
            yield from _accepted(text[start:border])
            start = border
        border = match.end()
    if border > start and len(text) - start > _PIECE:
        yield from _accepted(text[start:border])
        start = border
    if start < len(text):
        yield from _accepted(text[start:])


def _accepted(piece: str) -> Iterator[str]:
    if _fits(piece):
        yield piece
    else:
        middle = len(piece) // 2
        yield from _accepted(piece[:middle])
        yield from _accepted(piece[middle:])


def _fits(piece: str) -> bool:
    if len(piece) > 2 * _PIECE:
        return False
    if len(piece) * _BYTES_PER_CHARACTER <= _BYTES:
        return True
    if len(piece.encode("utf-8", "surrogatepass")) > _BYTES:
        return False
    return len(unicodedata.normalize("NFKC", piece).encode("utf-8", "surrogatepass")) <= _BYTES
