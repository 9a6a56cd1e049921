"""The tokens of a Doc as plain lists: one pass in C instead of one Python object per token."""

from __future__ import annotations

from typing import NamedTuple

from spacy.attrs import IDX, LENGTH, MORPH, NORM, ORTH, SPACY, TAG
from spacy.strings import StringStore
from spacy.tokens import Doc

# What spaCy stores where a token has no features.
_NO_FEATURES = "_"


class Columns(NamedTuple):
    """The text of a Doc, and a value per token."""

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


def columns(doc: Doc) -> Columns:
    """Read the columns that the claim rules look at."""
    rows = doc.to_array([ORTH, SPACY, TAG, NORM, MORPH, IDX])
    orth, space, tag, norm, form, start = rows.T.tolist()
    strings = doc.vocab.strings
    text = _names(strings, orth)
    return Columns(
        _joined(text, space),
        text,
        _names(strings, tag),
        _names(strings, norm),
        ["" if features == _NO_FEATURES else features for features in _names(strings, form)],
        start,
        [offset + len(word) for offset, word in zip(start, text, strict=True)],
    )


def article(doc: Doc) -> str:
    """Return `doc.text`, which spaCy puts together slowly."""
    orth, space = doc.to_array([ORTH, SPACY]).T.tolist()
    return _joined(_names(doc.vocab.strings, orth), space)


def borders(doc: Doc) -> tuple[list[int], list[int]]:
    """Return the offsets of the first character of every token, and those after its last one."""
    start, length = doc.to_array([IDX, LENGTH]).T
    return start.tolist(), (start + length).tolist()


def _names(strings: StringStore, keys: list[int]) -> list[str]:
    names = {key: strings[key] for key in set(keys)}
    return [names[key] for key in keys]


def _joined(words: list[str], space: list[int]) -> str:
    return "".join(
        [word + " " if spaced else word for word, spaced in zip(words, space, strict=True)]
    )
