"""The second judge of sources and holders: a pretrained encoder that reads a claim in its place.

Trained by `ronten train holders-encoder`. It knows words that no ranker has seen and reads whole
sentences, but not the past of a text; where a ranker is in doubt, the mean of both decides.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

from ronten.components.adapted import WEIGHTS, AdaptedEncoder
from ronten.components.claims.candidates import Candidate
from ronten.components.claims.document import Document
from ronten.components.e5 import BaseEncoder
from ronten.components.pieces import BEGIN, END, PieceCutter
from ronten.components.sequence import FloatArray, log_softmax, rounded, softmax
from ronten.ranking import Choice
from ronten.types import Span

SOURCE, HOLDER = "source", "holder"
NOBODY, UNSPECIFIED, AUTHOR, ELSEWHERE = "nobody", "unspecified", "author", "elsewhere"
NO_MENTION = {SOURCE: (NOBODY, ELSEWHERE), HOLDER: (UNSPECIFIED, AUTHOR, ELSEWHERE)}
"""Answers to both questions that stand at no place of the text read; `ELSEWHERE` are all others."""
_UNMENTIONED = [(question, answer) for question, some in NO_MENTION.items() for answer in some]
_COLUMNS = {question: column for column, question in enumerate(NO_MENTION)}
CONTENT, CUE = 1, 2
"""What is marked in the text, as numbers of a piece; 0: anything else."""
ANSWERS = ("mention", "text", "text_bias", "marks")
"""Arrays of the heads."""
# Passages that are remembered.
_KEPT = 256
SHARE = 0.4
"""What the word of the encoder counts beside the ranker's; three to five tenths are alike."""

# Characters before a claim from which on sentences are read, and the most that are.
_BEFORE, _MOST_BEFORE = 160, 240
# Characters of the sentence behind, and the most behind content and reporting word.
_NEXT, _MOST_BEHIND = 60, 120
# Characters between a content and a reporting word behind it that are read.
_APART = 240
# Characters at both ends of a longer content that are read.
_CONTENT = 70
# Pieces that are read, whatever characters become.
_LONGEST = 400

Answer = str | Sequence[Span]
"""One of `NO_MENTION`, or the mentions of whoever is meant in text order."""


def sources_as_answers(spans: Iterable[Span | None]) -> list[Answer]:
    """Return the sources that a claim may have as answers."""
    return [NOBODY if span is None else [span] for span in spans]


def holders_as_answers(candidates: Iterable[Candidate]) -> list[Answer]:
    """Return those who may hold a claim as answers."""
    return [
        candidate.sort
        if candidate.sort in NO_MENTION[HOLDER]
        else candidate.mentions.spans
        if candidate.mentions
        else ()
        for candidate in candidates
    ]


class Passage:
    """What is read of a document for one claim.

    Args:
        cutter: cuts it into pieces.
        document: where the claim stands.
        content: the fragments of the claim.
        cue: its reporting word, if any.
    """

    def __init__(
        self, cutter: PieceCutter, document: Document, content: Sequence[Span], cue: Span | None
    ) -> None:
        self._parts = _parts(document, content, cue)
        text = "".join(document.text[slice(*part)] for part in self._parts)
        places = range(len(text))
        cut = cutter.cut(text, places, [place + 1 for place in places])
        self._piece_of = (cut.first + 1).tolist()
        """The piece of every character that is read; `BEGIN` stands before all."""
        self.pieces = np.array([BEGIN, *cut.numbers[:_LONGEST].tolist(), END])
        """(p,) numbers of the pieces."""
        self.marks = np.zeros(len(self.pieces), np.int64)
        """(p,) what each piece is part of: `CONTENT`, `CUE` or 0."""
        # A piece may be part of both: what is claimed goes first.
        for mark, spans in ((CUE, [cue] if cue else []), (CONTENT, content)):
            for start, end in spans:
                self.marks[self._piece(start) : self._piece(end - 1) + 1] = mark

    def mentions(self, spans: Sequence[Span]) -> list[tuple[int, int]]:
        """Return the first and last pieces of those mentions that are read, given in text order."""
        first, last = self._parts[0][0], self._parts[-1][1]
        near = spans[bisect_left(spans, (first, 0)) : bisect_left(spans, (last, 0))]
        read = (span for span in near if self._reads(span[0]) and self._reads(span[1] - 1))
        ends = ((self._piece(start), self._piece(end - 1)) for start, end in read)
        return [(begin, end) for begin, end in ends if end <= _LONGEST]

    def _reads(self, offset: int) -> bool:
        return any(start <= offset < end for start, end in self._parts)

    def _piece(self, offset: int) -> int:
        """Return the piece of a character, or of the last one before it that is read."""
        read = sum(min(max(offset + 1 - start, 0), end - start) for start, end in self._parts)
        piece: int = self._piece_of[max(read - 1, 0)]
        return piece


def _parts(document: Document, content: Sequence[Span], cue: Span | None) -> list[Span]:
    """Return the stretches of a document that are read for a claim, one or two."""
    sentences = document.sentences
    start, end = content[0][0], content[-1][1]
    number = document.sentence(start)
    while number and start - sentences[number - 1].start <= _BEFORE:
        number -= 1
    first, told = sentences[number].start, end
    if cue is not None:
        first, told = min(first, cue[0]), min(max(told, cue[1]), end + _APART)
    first = min(max(first, start - _MOST_BEFORE), start)
    number = document.sentence(told - 1)
    last = max(sentences[number].end, told)
    if number + 1 < len(sentences):
        following = sentences[number + 1]
        last = max(last, min(following.end, following.start + _NEXT))
    last = min(last, told + _MOST_BEHIND)
    if end - start > 2 * _CONTENT:
        return [(first, start + _CONTENT), (end - _CONTENT, last)]
    return [(first, last)]


class Read(NamedTuple):
    """A claim as the encoder has read it."""

    passage: Passage
    mention: FloatArray
    """(p, 2, questions) what each piece as first and as last one says for an answer."""
    text: dict[tuple[str, str], float]
    """What the text says for the answers that stand nowhere, by question and answer."""


class HoldersEncoder:
    """The adapted encoder and its heads.

    `adapter` has the arrays of `AdaptedEncoder`; `mention` (2w, 2): from the states of the first
    and last piece of a mention to what they say for it as source and as holder; `text` (2w, 5) and
    `text_bias`: from the first state beside the mean of the content to the answers of
    `NO_MENTION`; `marks` (3, w): what is added to pieces of the content and of the reporting word.
    """

    def __init__(self, base: BaseEncoder, adapter: Mapping[str, NDArray[Any]]) -> None:
        self._encoder = AdaptedEncoder(base, adapter)
        mention, self._text, self._text_bias, self._marks = (
            adapter[name].astype(np.float32) for name in ANSWERS
        )
        self._mention = np.concatenate(np.split(mention, 2), axis=1)
        # A text made from a template would be read again and again.
        self._kept: dict[tuple[bytes, bytes], tuple[FloatArray, dict[tuple[str, str], float]]] = {}

    @classmethod
    def load(cls, folder: Path) -> HoldersEncoder:
        """Read a model folder; raises ModelNotFound where the pretrained encoder is missing."""
        return cls(BaseEncoder.find(), load_file(folder / WEIGHTS))

    def read(self, document: Document, content: Sequence[Span], cue: Span | None) -> Read:
        """Read a claim where it stands."""
        passage = Passage(self._encoder.cutter, document, content, cue)
        key = passage.pieces.tobytes(), passage.marks.tobytes()
        said = self._kept.get(key)
        if said is None:
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            said = self._kept[key] = self._heard(passage)
        return Read(passage, *said)

    def _heard(self, passage: Passage) -> tuple[FloatArray, dict[tuple[str, str], float]]:
        """Return what the pieces and the text of a passage say (see `Read`)."""
        states = self._encoder.states(passage.pieces, self._marks[passage.marks])
        claimed = states[passage.marks == CONTENT]
        seen = np.concatenate([states[0], claimed.sum(axis=0) / max(len(claimed), 1)])
        said = (seen @ self._text + self._text_bias).tolist()
        mention = (states @ self._mention).reshape(-1, 2, len(NO_MENTION))
        return mention, dict(zip(_UNMENTIONED, said, strict=True))

    def choose(
        self, read: Read, question: str, answers: Sequence[Answer], scores: Sequence[float]
    ) -> Choice:
        """Choose one of some answers to a question, given a ranker's `scores` of them."""
        ranked = log_softmax(np.array(scores, np.float32))
        found = [_said(read, question, answer) for answer in answers]
        there = np.array([one is not None for one in found])
        elsewhere = read.text[question, ELSEWHERE]
        total = np.logaddexp.reduce([*(one for one in found if one is not None), elsewhere])
        said = np.array([elsewhere if one is None else one for one in found], np.float32) - total
        # Of those of whom nothing is read, the ranker tells which.
        said[~there] += log_softmax(ranked[~there])
        mean = rounded(ranked + SHARE * (said - ranked))
        best = int(mean.argmax())
        return Choice(best, float(softmax(mean)[best]))


def _said(read: Read, question: str, answer: Answer) -> float | None:
    """Return what is said for an answer, None where nothing of it is read."""
    if isinstance(answer, str):
        return read.text[question, answer]
    ends = read.passage.mentions(answer)
    column = _COLUMNS[question]
    scores = [read.mention[a, 0, column] + read.mention[b, 1, column] for a, b in ends]
    return float(np.logaddexp.reduce(scores)) if scores else None
