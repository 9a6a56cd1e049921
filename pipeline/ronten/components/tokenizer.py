"""GiNZA's tokenizer for texts of any length."""

from __future__ import annotations

from functools import lru_cache
from itertools import chain
from typing import NamedTuple

import numpy as np
from spacy.attrs import LEMMA, NORM, POS, TAG
from spacy.lang.ja import JapaneseTokenizer, resolve_pos
from spacy.strings import StringStore
from spacy.tokens import Doc, MorphAnalysis
from spacy.vocab import Vocab
from sudachipy import Morpheme, SplitMode

from ronten.sudachi import dictionary
from ronten.text.pieces import pieces

_GAP_TAG = ("空白", "")
_READINGS = 50_000
"""Pairs of inflection and reading that are kept; unknown words bring ever new ones."""


class _Columns(NamedTuple):
    """A value per token."""

    text: list[str]
    space: list[bool]
    tag: list[str]
    pos: list[int]
    lemma: list[str]
    norm: list[str]
    morph: list[MorphAnalysis]


class AnyLengthTokenizer(JapaneseTokenizer):
    """`JapaneseTokenizer` that cuts long texts at paragraph or sentence borders.

    Gives the same tokens in half the time, because attributes are set column by column. Sub-token
    readings are left out: nothing here reads them and they double the cost.
    """

    def __init__(self, vocab: Vocab, split_mode: str | None = "C") -> None:
        # Not the base's: it would load the dictionary once more.
        self.vocab = vocab
        self.split_mode = split_mode
        self.tokenizer = dictionary().create(mode=getattr(SplitMode, split_mode or "A"))
        self.need_subtokens = False
        self._tags: dict[int, tuple[str, str]] = {}
        self._features = lru_cache(_READINGS)(self._analysis)

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.vocab, self.split_mode)

    def __call__(self, text: str) -> Doc:
        if not text:
            return Doc(self.vocab)
        columns = _joined([self._columns(piece) for piece in pieces(text)])
        doc = Doc(self.vocab, words=columns.text, spaces=columns.space)
        strings = self.vocab.strings
        keys = [
            _keys(strings, columns.tag),
            columns.pos,
            _keys(strings, columns.lemma),
            _keys(strings, columns.norm),
        ]
        doc.from_array([TAG, POS, LEMMA, NORM], np.array(keys, dtype="uint64").T)
        for token, morph in zip(doc, columns.morph, strict=True):
            token.morph = morph
        return doc

    def _columns(self, piece: str) -> _Columns:
        # Some characters (…) also give morphemes without a surface.
        found = [(m, surface) for m in self.tokenizer.tokenize(piece) if (surface := m.surface())]
        if "".join([surface for _, surface in found]) != piece:
            raise ValueError("Sudachi's tokens do not add up to the text")
        text, space, morphemes = _with_gaps(found)
        tags = [self._tag(m) if m else _GAP_TAG for m in morphemes]
        tag = [first for first, _ in tags]
        return _Columns(
            text,
            space,
            tag,
            _parts_of_speech(text, tag),
            [
                (m.dictionary_form() if m else "") or word
                for m, word in zip(morphemes, text, strict=True)
            ],
            [m.normalized_form() if m else word for m, word in zip(morphemes, text, strict=True)],
            [
                self._features(inflection, m.reading_form() if m else "")
                for m, (_, inflection) in zip(morphemes, tags, strict=True)
            ],
        )

    def _tag(self, morpheme: Morpheme) -> tuple[str, str]:
        """Tag and inflection of a morpheme."""
        key = morpheme.part_of_speech_id()
        known = self._tags.get(key)
        if known is None:
            parts = morpheme.part_of_speech()
            known = self._tags[key] = (
                "-".join(part for part in parts[:4] if part != "*"),
                ";".join(part for part in parts[4:] if part != "*"),
            )
        return known

    def _analysis(self, inflection: str, reading: str) -> MorphAnalysis:
        features = {"Inflection": inflection} if inflection else {}
        if reading:
            # Punctuation is its own reading, and these two mean something in features.
            features["Reading"] = reading.replace("=", "_").replace("|", "_")
        return MorphAnalysis(self.vocab, features)


def _joined(parts: list[_Columns]) -> _Columns:
    if len(parts) == 1:
        return parts[0]
    return _Columns(*(list(chain.from_iterable(column)) for column in zip(*parts, strict=True)))


def _with_gaps(
    found: list[tuple[Morpheme, str]],
) -> tuple[list[str], list[bool], list[Morpheme | None]]:
    """Tokens of a piece: text, whether a blank follows, morpheme.

    A single blank belongs to the word before it, other white space is a token without a morpheme.
    """
    text: list[str] = []
    space: list[bool] = []
    morphemes: list[Morpheme | None] = []
    gap = ""
    for morpheme, surface in found:
        if surface.isspace():
            if surface == " " and not gap and space and not space[-1]:
                space[-1] = True
            else:
                gap += surface
            continue
        if gap:
            text.append(gap)
            space.append(False)
            morphemes.append(None)
            gap = ""
        text.append(surface)
        space.append(False)
        morphemes.append(morpheme)
    if gap:
        text.append(gap)
        space.append(False)
        morphemes.append(None)
    return text, space, morphemes


def _parts_of_speech(text: list[str], tag: list[str]) -> list[int]:
    """Universal part of speech of every token; some pairs of tags decide the next one as well."""
    result: list[int] = []
    decided: int | None = None
    for word, own, after in zip(text, tag, [*tag[1:], None], strict=True):
        if decided:
            result.append(decided)
            decided = None
        else:
            pos, decided = resolve_pos(word, own, after)
            result.append(pos)
    return result


def _keys(strings: StringStore, words: list[str]) -> list[int]:
    keys = {word: strings.add(word) for word in set(words)}
    return [keys[word] for word in words]
