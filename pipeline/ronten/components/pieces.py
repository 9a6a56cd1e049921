"""Words in the pieces of a pretrained encoder's vocabulary."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

BEGIN, PADDING, END, UNKNOWN = range(4)
"""The first pieces of the vocabulary."""


class Pieces(NamedTuple):
    """A text in pieces."""

    numbers: NDArray[np.int64]
    """(p,) at least one."""
    first: NDArray[np.int64]
    """(n,) the piece in which each word begins; pieces may run over the borders of words."""
    last: NDArray[np.int64]
    """(n,) the piece in which it ends."""


class PieceCutter:
    """Cuts texts into the most likely pieces of a vocabulary (unigram model of SentencePiece)."""

    def __init__(self, vocabulary: Sequence[tuple[str, float]]) -> None:
        """Take pieces with their log probabilities, those without text first (`BEGIN` …)."""
        self._tokenizer = Tokenizer(models.Unigram(list(vocabulary), unk_id=UNKNOWN))
        self._tokenizer.normalizer = normalizers.NFKC()
        self._tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(split=False)

    def cut(self, text: str, starts: Sequence[int], ends: Sequence[int]) -> Pieces:
        """Cut a text whose words lie at the given characters."""
        found = self._tokenizer.encode(text)
        # The piece of every character; one that leaves no trace belongs to the piece before it.
        holders = np.zeros(len(text), np.int64)
        for number, (start, end) in enumerate(found.offsets):
            holders[start:end] = number
        holders = np.maximum.accumulate(holders)
        return Pieces(
            np.array(found.ids or [UNKNOWN], np.int64),
            holders[np.asarray(starts, np.int64)],
            holders[np.asarray(ends, np.int64) - 1],
        )


def windows(sizes: Sequence[int], most: int) -> Iterator[slice]:
    """Gather neighbouring texts of so many pieces into windows of at most `most` pieces each.

    A text that is longer has a window of its own. Every text ends in `END`, a window begins with
    `BEGIN`; both count.
    """
    first, filled = 0, 1
    for number, size in enumerate(sizes):
        if number > first and filled + size + 1 > most:
            yield slice(first, number)
            first, filled = number, 1
        filled += size + 1
    if sizes:
        yield slice(first, len(sizes))
