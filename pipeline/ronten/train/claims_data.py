"""Training data of the claim models: articles as the models see them, with what is right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ronten.components.claims.cues import CueFinder
from ronten.components.claims.document import Document
from ronten.components.claims.encoder import OWN, REPORTED
from ronten.components.claims.features import (
    Alphabet,
    Encoder,
    Gate,
    Hinted,
    WordClasses,
    own_values,
    word_range,
)
from ronten.components.claims.hints import NO_CLAIMS, hinted
from ronten.components.claims.lexicon import CueLexicon, load_cues
from ronten.components.claims.speakers import Speakers
from ronten.components.claims.tagger import ClaimTagger
from ronten.components.claims.view import SentenceView, views
from ronten.components.sequence import Tag, tag_set
from ronten.evaluate.splits import select
from ronten.gold.files import load_annotations
from ronten.train.marked import SENTENCES, read_marked_folder, read_sentences
from ronten.types import Annotation, Attribution, Claim, Span

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

GOLD = 3
"""How often an article counts whose labels two annotators and a third reader agreed on."""
LONGEST = 300
"""Words of the longest sequence; longer sentences are cut."""


@dataclass(frozen=True)
class Sample:
    """An article with its labels, and the sentences that the tagger reads."""

    annotation: Annotation
    doc: Doc
    sentences: list[Hinted]

    @property
    def weight(self) -> int:
        """How often the article counts; articles of a gold corpus do not tell."""
        return int((self.annotation.model_extra or {}).get("weight", GOLD))


class TrainingData(NamedTuple):
    """Where labelled claims lie: a gold corpus, folders of marked articles, and the sentences of
    Wikipedia whose claims a file of the first folder tells (None: they are left out)."""

    gold: Path
    marked: Sequence[Path]
    wikipedia: Path | None = None

    def articles(self) -> list[Annotation]:
        """Return the train split of the gold corpus and the marked articles."""
        marked = (read_marked_folder(folder) for folder in self.marked)
        return [*read_articles(self.gold, "train"), *chain.from_iterable(marked)]

    def sentences(self) -> list[Annotation]:
        """Return the sentences, each as an article."""
        told = self.marked[0] / SENTENCES
        return read_sentences(told, self.wikipedia) if self.wikipedia else []


def read_articles(gold: Path, split: str) -> list[Annotation]:
    """Read a split of a gold corpus."""
    return list(select(list(load_annotations(gold)), gold, split))


def samples(nlp: Language, articles: Sequence[Annotation]) -> Iterator[Sample]:
    """Apply the pipeline up to the step before the claims, and the rules.

    `nlp` runs up to `ronten_measures`.
    """
    finder = CueFinder(load_cues())
    for article in articles:
        doc = nlp.make_doc(article.text)
        doc._.ronten_metadata = article.metadata.dump()
        doc = nlp(doc)
        document = Document(doc)
        speakers = Speakers(document.entities)
        read = [
            hinted(view, speakers, finder)
            for view in views(doc, document.tokens)
            if len(view)
            and view.sentence.kind not in NO_CLAIMS
            and view.sentence.block not in document.turns
        ]
        yield Sample(article, doc, read)


class Part(NamedTuple):
    """A sequence that is read at once: arrays over its words (n)."""

    types: NDArray[np.int64]
    """Rows of `Prepared.types`."""
    context: NDArray[np.int64]
    """(n, len(CONTEXT))."""
    reported: NDArray[np.int64]
    """Tags of the first head."""
    own: NDArray[np.int64]
    """Tags of the second."""
    taught: NDArray[np.float16]
    """(n, t) mean scores of the teachers for the tags of the first head, then of the second; t = 0
    without teachers."""


class Prepared(NamedTuple):
    """Training data as arrays: an alphabet, its distinct words (u, 5), and the sequences."""

    alphabet: Alphabet
    types: NDArray[np.int64]
    parts: list[Part]


def prepare(
    nlp: Language,
    articles: Sequence[Sample],
    lexicon: CueLexicon,
    teachers: Sequence[ClaimTagger] = (),
) -> Prepared:
    """Turn articles into arrays; the alphabet is theirs."""
    classes = WordClasses(lexicon)
    known = alphabet(nlp, articles, classes)
    strings = nlp.vocab.strings
    encoder = Encoder(known, classes, strings.__getitem__, nlp.vocab.vectors.key2row, LONGEST)
    gate = Gate(classes)
    reported, own = tag_set(REPORTED), tag_set(OWN)
    types: dict[tuple[int, ...], int] = {}
    parts: list[Part] = []
    for sample in articles:
        read = [sentence for sentence in sample.sentences if gate.reads(sentence)]
        for sentence, taught in zip(read, _taught(read, teachers), strict=True):
            features = encoder.encode([sentence])
            ids = np.array(
                [types.setdefault(tuple(row), len(types)) for row in features.own.tolist()]
            )[features.inverse]
            marks = gold_marks(sentence.view, sample.annotation.claims)
            tags = gold_tags(sentence.view, marks, reported)
            mine = gold_tags(sentence.view, marks, own)
            found = [
                Part(
                    ids[at : at + size],
                    features.context[at : at + size],
                    tags[at : at + size],
                    mine[at : at + size],
                    taught[at : at + size],
                )
                for at, size in features.sequences.tolist()
            ]
            parts += found * sample.weight
    return Prepared(known, np.array(list(types), np.int64), parts)


def _taught(
    sentences: Sequence[Hinted], teachers: Sequence[ClaimTagger]
) -> list[NDArray[np.float16]]:
    """Return what the teachers say of each of some sentences on average: `Part.taught`."""
    sizes = [len(sentence.view) for sentence in sentences]
    if not teachers or not sentences:
        return [np.zeros((size, 0), np.float16) for size in sizes]
    said = [np.hstack(list(teacher.scores(sentences).values())) for teacher in teachers]
    mean: NDArray[np.float16] = np.mean(said, axis=0).astype(np.float16)
    return np.split(mean, np.cumsum(sizes)[:-1])


def alphabet(nlp: Language, articles: Sequence[Sample], classes: WordClasses) -> Alphabet:
    """Collect the feature values that are frequent enough to be learned."""
    norms: Counter[str] = Counter()
    values: tuple[set[str], set[str], set[str]] = (set(), set(), set())
    for sample in articles:
        for sentence in sample.sentences:
            view = sentence.view
            norms.update(view.norm)
            for i in range(len(view)):
                for known, value in zip(values, own_values(view, i, classes), strict=True):
                    known.add(value)
    keys = sorted(nlp.vocab.strings[norm] for norm, count in norms.items() if count > 1)
    words = {key: i for i, key in enumerate(keys, 1)}
    tags, forms, kinds = (
        {value: i for i, value in enumerate(sorted(known - {""}), 1)} for known in values
    )
    return Alphabet(words, tags, forms, kinds)


def gold_marks(view: SentenceView, claims: Sequence[Claim]) -> dict[str, list[Span]]:
    """Return the spans of a sentence by label, as the tagger is to find them."""
    start, end = view.sentence.start, view.sentence.end
    found: dict[str, set[Span]] = {label: set() for label in (*REPORTED, *OWN)}
    for claim in claims:
        if claim.attribution == Attribution.AUTHORIAL:
            found["own"].update(claim.content)
            continue
        found["content"].update(claim.content)
        found["cue"].update([claim.cue] if claim.cue else [])
        found["source"].update([claim.source] if claim.source else [])
    return {
        label: sorted(span for span in spans if start <= span[0] < end)
        for label, spans in found.items()
    }


def gold_tags(
    view: SentenceView, marks: dict[str, list[Span]], tags: Sequence[Tag]
) -> NDArray[np.int64]:
    """Write spans as one tag per word; where they overlap, cues, then sources come first."""
    index = {tag: i for i, tag in enumerate(tags)}
    labels = {tag.label for tag in tags}
    gold = np.zeros(len(view), np.int64)
    for label in ("cue", "source", "content", "own"):
        for span in marks[label] if label in labels else []:
            first, last = word_range(view, span)
            if first >= last or gold[first:last].any():
                continue
            gold[first:last] = index[Tag("I", label)]
            gold[first], gold[last - 1] = index[Tag("B", label)], index[Tag("E", label)]
            if last - first == 1:
                gold[first] = index[Tag("S", label)]
    return gold
