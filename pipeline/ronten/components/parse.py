"""`ronten_parse`: dependency trees for the sentences that need them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

import numpy as np
from spacy.attrs import DEP, HEAD
from spacy.tokens import Doc
from spacy.vocab import Vocab

from ronten.components.columns import borders
from ronten.components.parser import LONGEST, Parser, token_keys
from ronten.components.structure import sentences


class SelectiveParser:
    """Parses the sentences that may report a claim (or all) and attaches the others flat.

    Every sentence of `doc._.ronten_sentences` is one tree afterwards; tokens of a sentence that was
    not parsed depend on its last token with the label `dep`. Longer ones than `LONGEST` tokens are
    not: the rules work without a tree, which says little there.
    """

    def __init__(self, vocab: Vocab, *, all_sentences: bool = False) -> None:
        self.all_sentences = all_sentences
        self._parser = Parser.shipped(vocab)
        labels = [vocab.strings.add(name) for name in self._parser.relations]
        self._labels = np.array(labels, "uint64")
        self._flat = vocab.strings.add("dep")

    def __call__(self, doc: Doc) -> Doc:
        starts, ends = borders(doc)
        spans = sentence_tokens(doc, starts, ends)
        heads = np.zeros(len(doc), dtype="int64")
        deps = np.full(len(doc), self._flat, dtype="uint64")
        for first, last in spans:
            heads[first:last] = last - 1 - np.arange(first, last)
        if chosen := list(self._chosen(doc, spans, starts, ends)):
            at = np.concatenate([np.arange(first, last) for first, last in chosen])
            sizes = [last - first for first, last in chosen]
            heads[at], relations = self._parser.parse(token_keys(doc)[at], sizes)
            deps[at] = self._labels[relations]
        if len(doc):
            doc.from_array([HEAD, DEP], np.stack([heads.astype("uint64"), deps], axis=1))
        return doc

    def _chosen(
        self, doc: Doc, spans: list[tuple[int, int]], starts: list[int], ends: list[int]
    ) -> Iterator[tuple[int, int]]:
        marked = [doc._.ronten_sentences[index][0] for index in doc._.ronten_cues]
        for first, last in spans:
            if last - first > LONGEST:
                continue
            found = bisect_left(marked, starts[first])
            may_report = found < len(marked) and marked[found] < ends[last - 1]
            if self.all_sentences or may_report:
                yield first, last


def sentence_tokens(doc: Doc, starts: list[int], ends: list[int]) -> list[tuple[int, int]]:
    """Token ranges that cover the Doc, one per sentence with what follows it."""
    firsts = [0]
    for sentence in sentences(doc):
        first = bisect_right(ends, sentence.start, firsts[-1])
        if first > firsts[-1]:
            firsts.append(first)
    return [
        (first, last)
        for first, last in zip(firsts, [*firsts[1:], len(starts)], strict=True)
        if last > first
    ]
