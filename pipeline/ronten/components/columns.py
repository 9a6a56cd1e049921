"""The tokens of a Doc as plain lists: one pass in C instead of one Python object per token."""

from __future__ import annotations

from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from spacy.attrs import IDX, LENGTH, MORPH, NORM, ORTH, SPACY, TAG
from spacy.strings import StringStore
from spacy.tokens import Doc

# What spaCy stores where a token has no features.
_NO_FEATURES = "_"
_KEPT = 100_000
# Strings by their hash, which is the same in every store: decoding one costs more than a look-up.
# All are forgotten when there are too many.
_known: dict[int, str] = {}


class Columns(NamedTuple):
    """The text of a Doc (`doc.text`, which spaCy puts together slowly), and a value per token."""

    article: str
    text: list[str]
    tag: list[str]
    norm: list[str]
    form: list[str]
    """Inflection and reading as morphological features."""
    start: list[int]
    """Offset of the first character."""
    end: list[int]
    """Offset after the last character."""


# What was read off the last Doc, and what it was like then. Steps in a row read the same.
_last: WeakKeyDictionary[Doc, tuple[int, Columns]] = WeakKeyDictionary()


def columns(doc: Doc) -> Columns:
    """Read the columns that the rules look at; of the same Doc only once in a row."""
    rows = doc.to_array([ORTH, SPACY, TAG, NORM, MORPH, IDX, LENGTH])
    state = hash(rows.tobytes())
    last = _last.get(doc)
    if last is None or last[0] != state:
        _last.clear()
        last = _last[doc] = state, _columns(doc.vocab.strings, rows)
    return last[1]


def _columns(strings: StringStore, rows: NDArray[np.uint64]) -> Columns:
    orth, space, tag, norm, form = rows[:, :5].T.tolist()
    start, length = rows[:, 5:].T
    text = _names(strings, orth)
    return Columns(
        _joined(text, space),
        text,
        _names(strings, tag),
        _names(strings, norm),
        ["" if features == _NO_FEATURES else features for features in _names(strings, form)],
        start.tolist(),
        (start + length).tolist(),
    )


def borders(doc: Doc) -> tuple[list[int], list[int]]:
    """Return the offsets of the first character of every token, and those after its last one."""
    start, length = doc.to_array([IDX, LENGTH]).T
    return start.tolist(), (start + length).tolist()


def _names(strings: StringStore, keys: list[int]) -> list[str]:
    try:
        return [_known[key] for key in keys]
    except KeyError:
        if len(_known) > _KEPT:
            _known.clear()
        names = {key: strings[key] for key in set(keys)}
        _known.update(names)
        return [names[key] for key in keys]


def _joined(words: list[str], space: list[int]) -> str:
    if not any(space):
        return "".join(words)
    return "".join(
        [word + " " if spaced else word for word, spaced in zip(words, space, strict=True)]
    )
