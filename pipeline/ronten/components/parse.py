"""`ronten_parse`: GiNZA's parser, run on the sentences that need it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator

import numpy as np
from spacy.attrs import DEP, HEAD
from spacy.language import Language
from spacy.tokens import Doc
from threadpoolctl import ThreadpoolController

from ronten.components.columns import borders
from ronten.components.structure import sentences

# A parse of a longer sentence costs much and says little; the rules work without one.
_MAX_TOKENS = 250
# Tokens parsed at once; bounds memory and depends on the article alone.
_BATCH_TOKENS = 2_000


class SelectiveParser:
    """Parses the sentences that hold a cue (or all) and attaches the others flat.

    Every sentence of `doc._.ronten_sentences` is one tree afterwards; tokens of a sentence that was
    not parsed depend on its last token with the label `dep`. An article's sentences are parsed by
    themselves, so that its parse never depends on other articles.
    """

    def __init__(self, nlp: Language, *, all_sentences: bool = False) -> None:
        self.nlp = nlp
        self.all_sentences = all_sentences
        self._threads = ThreadpoolController()

    def __call__(self, doc: Doc) -> Doc:
        starts, ends = borders(doc)
        spans = _spans(doc, starts, ends)
        todo = list(self._chosen(doc, spans, starts, ends))
        heads = np.zeros(len(doc), dtype="int64")
        deps = np.zeros(len(doc), dtype="uint64")
        flat = doc.vocab.strings.add("dep")
        for first, last in spans:
            heads[first:last] = last - 1 - np.arange(first, last)
            deps[first:last] = flat
        for batch in _batches(todo):
            for (first, last), parsed in zip(batch, self._parse(doc, batch), strict=True):
                array = parsed.to_array([HEAD, DEP])
                heads[first:last] = array[:, 0].astype("int64")
                deps[first:last] = array[:, 1]
                if parsed.has_annotation("SENT_START"):
                    _join_roots(heads, first, last)
        if len(doc):
            doc.from_array([HEAD, DEP], np.stack([heads.astype("uint64"), deps], axis=1))
        return doc

    def _chosen(
        self, doc: Doc, spans: list[tuple[int, int]], starts: list[int], ends: list[int]
    ) -> Iterator[tuple[int, int]]:
        marked = [doc._.ronten_sentences[index][0] for index in doc._.ronten_cues]
        for first, last in spans:
            if last - first > _MAX_TOKENS:
                continue
            found = bisect_left(marked, starts[first])
            has_cue = found < len(marked) and marked[found] < ends[last - 1]
            if self.all_sentences or has_cue:
                yield first, last

    def _parse(self, doc: Doc, batch: list[tuple[int, int]]) -> Iterable[Doc]:
        docs = []
        for first, last in batch:
            tokens = doc[first:last]
            part = Doc(
                doc.vocab,
                words=[token.text for token in tokens],
                spaces=[bool(token.whitespace_) for token in tokens],
                sent_starts=[True] + [False] * (last - first - 1),
            )
            docs.append(part)
        with self._threads.limit(limits=1):
            for name in ("tok2vec", "parser"):
                pipe = self.nlp.get_pipe(name)
                docs = list(pipe.pipe(docs, batch_size=len(docs)))
        return docs


def _spans(doc: Doc, starts: list[int], ends: list[int]) -> list[tuple[int, int]]:
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


def _join_roots(heads: np.ndarray, first: int, last: int) -> None:
    """Attach further roots to the last one, so that the sentence is one tree."""
    roots = [i for i in range(first, last) if heads[i] == 0]
    for root in roots[:-1]:
        heads[root] = roots[-1] - root


def _batches(spans: list[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
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
