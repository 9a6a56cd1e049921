"""GiNZA's own dependency parser: the teacher of ours, and the yardstick of the bench."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from ronten.errors import ModelNotFound

if TYPE_CHECKING:
    from spacy.tokens import Doc

# Tokens parsed at once; bounds memory.
_BATCH_TOKENS = 2_000
_PIPES = ("tok2vec", "parser")
_UNUSED = (
    "strings",
    "ner",
    "morphologizer",
    "attribute_ruler",
    "compound_splitter",
    "bunsetu_recognizer",
)


class Tree(NamedTuple):
    """The tree of a sentence: for every token the place of its head (the root's is its own)."""

    heads: NDArray[np.int64]
    relations: list[str]


class GinzaParser:
    """Parses given sentences by ja_ginza's `tok2vec` and `parser`, on one thread.

    They multiply by NumPy's OpenBLAS: the same parses as thinc's BLIS at twice the speed.
    """

    def __init__(self) -> None:
        import spacy
        from thinc.api import NumpyOps

        try:
            nlp = spacy.load("ja_ginza", exclude=_UNUSED)
        except OSError as error:
            raise ModelNotFound(
                "the spaCy model ja_ginza is not installed; run: pip install ja_ginza"
            ) from error
        ops = NumpyOps(use_blis=False)
        self._pipes = [nlp.get_pipe(name) for name in _PIPES]
        for pipe in self._pipes:
            for node in pipe.model.walk():
                node.ops = ops
        self._vocab = nlp.vocab
        self._threads = ThreadpoolController()

    def __call__(self, doc: Doc, spans: Sequence[tuple[int, int]]) -> list[Tree]:
        """Parse the sentences of a Doc, given as ranges of tokens; each becomes one tree."""
        trees: list[Tree] = []
        with self._threads.limit(limits=1):
            for batch in _batches(spans):
                parsed = [self._part(doc, first, last) for first, last in batch]
                for pipe in self._pipes:
                    parsed = list(pipe.pipe(parsed, batch_size=len(parsed)))
                trees += map(_tree, parsed)
        return trees

    def _part(self, doc: Doc, first: int, last: int) -> Doc:
        from spacy.tokens import Doc

        tokens = doc[first:last]
        return Doc(
            self._vocab,
            words=[token.text for token in tokens],
            spaces=[bool(token.whitespace_) for token in tokens],
            sent_starts=[True] + [False] * (last - first - 1),
        )


def _tree(parsed: Doc) -> Tree:
    from spacy.attrs import DEP, HEAD

    offsets, labels = parsed.to_array([HEAD, DEP]).T
    heads = np.arange(len(parsed)) + offsets.astype(np.int64)
    # What GiNZA takes for several sentences hangs on the last root.
    (roots,) = np.nonzero(offsets == 0)
    heads[roots[:-1]] = roots[-1]
    strings = parsed.vocab.strings
    return Tree(heads, [strings[label] for label in labels.tolist()])


def _batches(spans: Sequence[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    batch: list[tuple[int, int]] = []
    size = 0
    for span in spans:
        if batch and size + span[1] - span[0] > _BATCH_TOKENS:
            yield batch
            batch, size = [], 0
        batch.append(span)
        size += span[1] - span[0]
    if batch:
        yield batch
