"""Training data of the parser: sentences with the trees that GiNZA gives them, as arrays."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ronten.components.columns import borders
from ronten.components.parse import sentence_tokens
from ronten.components.parser import LONGEST, ROOT, Alphabet, Encoder, conjugation, token_keys
from ronten.components.structure import TextComponent
from ronten.errors import UsageError

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.strings import StringStore

    from ronten.train.ginza_parser import GinzaParser

_TEXTS = ("text", "utterance", "sentence1", "sentence2")
"""Keys of the public data sets that hold sentences."""


class Sample(NamedTuple):
    """A sentence of n tokens with its tree."""

    keys: NDArray[np.uint64]
    """(n, 4), see `token_keys`."""
    heads: NDArray[np.int64]
    relations: list[str]


class Part(NamedTuple):
    """A sentence as arrays over its tokens (n)."""

    types: NDArray[np.int64]
    """Rows of `Prepared.types`."""
    depth: NDArray[np.int64]
    end: NDArray[np.int64]
    heads: NDArray[np.int64]
    relations: NDArray[np.int64]


class Prepared(NamedTuple):
    """Training data as arrays: an alphabet, its distinct words (u, 4), and the sentences."""

    alphabet: Alphabet
    relations: list[str]
    types: NDArray[np.int64]
    parts: list[Part]


def read_texts(path: Path) -> list[str]:
    """Return the different sentences of a file of JSON lines, in order.

    Raises UsageError naming the line that is none, or that holds no sentence.
    """
    texts: dict[str, None] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            row = json.loads(line)
            found = [str(row[key]) for key in _TEXTS if key in row]
        except (ValueError, TypeError) as error:
            raise UsageError(f"{path}:{number}: not a line of JSON: {error}") from error
        if not found:
            raise UsageError(f"{path}:{number}: none of the keys {', '.join(_TEXTS)}")
        texts.update(dict.fromkeys(found))
    return list(texts)


def label(nlp: Language, teacher: GinzaParser, texts: Iterable[str]) -> Iterator[Sample]:
    """Yield the sentences of some texts, as a run would parse them, with the trees of GiNZA."""
    structure = TextComponent()
    for text in texts:
        doc = structure(nlp.make_doc(text))
        keys = token_keys(doc)
        spans = [
            (first, last)
            for first, last in sentence_tokens(doc, *borders(doc))
            if last - first <= LONGEST
        ]
        for (first, last), tree in zip(spans, teacher(doc, spans), strict=True):
            yield Sample(keys[first:last], tree.heads, tree.relations)


def prepare(nlp: Language, samples: Sequence[Sample], words: int) -> Prepared:
    """Turn sentences into arrays; the alphabet is theirs, with so many words."""
    known = alphabet(nlp.vocab.strings, samples, words)
    labels = {name for sample in samples for name in sample.relations}
    relations = [ROOT, *sorted(labels - {ROOT})]
    number = {name: i for i, name in enumerate(relations)}
    encoder = Encoder(known, nlp.vocab)
    types: dict[tuple[int, ...], int] = {}
    parts: list[Part] = []
    for sample in samples:
        features = encoder.encode(sample.keys, np.array([len(sample.keys)]))
        ids = np.array([types.setdefault(tuple(r), len(types)) for r in features.own.tolist()])
        named = np.array([number[name] for name in sample.relations])
        parts.append(Part(ids[features.inverse], features.depth, features.end, sample.heads, named))
    return Prepared(known, relations, np.array(list(types), np.int64), parts)


def alphabet(strings: StringStore, samples: Sequence[Sample], words: int) -> Alphabet:
    """Collect the most frequent words, and all parts of speech and inflected forms."""
    keys = np.concatenate([sample.keys for sample in samples])
    counts = Counter(keys[:, 0].tolist())
    frequent = sorted(sorted(counts), key=lambda word: -counts[word])[:words]
    tags = {strings[tag] for tag in set(keys[:, 1].tolist())}
    forms = {conjugation(strings[morph]) for morph in set(keys[:, 3].tolist())}
    return Alphabet(
        {word: i for i, word in enumerate(sorted(frequent), 1)},
        {tag: i for i, tag in enumerate(sorted(tags - {""}), 1)},
        {form: i for i, form in enumerate(sorted(forms - {""}), 1)},
    )
