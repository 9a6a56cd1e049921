"""A tokenised text as the finders see it: plain tuples and 1:1 normalised views."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable
from functools import cached_property
from itertools import compress
from operator import methodcaller
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from spacy.attrs import IDX, IS_SPACE, LENGTH, NORM, ORTH, TAG
from spacy.tokens import Doc

from ronten.components.columns import columns

HYPHENS = str.maketrans(dict.fromkeys("‐‑‒–−", "-") | {"’": "'"})
WEB = re.compile(r"(?:https?://|www\.)[!-~]+|[\w.+-]+@[\w-]+\.[\w.]+", re.ASCII)
# What Sudachi joins to a name in one word: 米国債, 東証株価, 日本製.
AFFIX = re.compile(
    r"(?:債|株|製|産|側|系|発|版|勢|車|大統領|首相|政府|当局|本土|市場|国内|選挙|改正|(?<=[都道])内)"
)
ASCII_WORD = re.compile(r"[A-Za-z0-9]+")
PROPER = "名詞-固有名詞"
USER = 7
"""Rank of the rows of the user's own lexicon."""
NOUNS = ("名詞-", "接尾辞-名詞的", "接頭辞", "代名詞")


READING = re.compile(r"[（(][ぁ-んァ-ヶー・ \u3000]{2,}[）)]")
"""How the name before it is read, in brackets."""


class _Plain(dict[int, str]):
    """Code point → its NFKC form where that is one character, else itself."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        form = unicodedata.normalize("NFKC", char).translate(HYPHENS)
        self[code] = char = form if len(form) == 1 else char
        return char


_PLAIN = _Plain()
# Most characters are their own plain form, and asking for that of each would take long.
_MAY_CHANGE = re.compile(r"[^ -~\n、。「」ぁ-ゖァ-ヺー一-鿿]")


def plain(text: str) -> str:
    """Return the NFKC view of `text`; offsets stay the same."""
    return _MAY_CHANGE.sub(_plain_form, text)


def _plain_form(match: re.Match[str]) -> str:
    return _PLAIN[ord(match[0])]


def fold(text: str) -> str:
    """Return the width- and case-insensitive view of `text`; offsets stay the same."""
    # By hand what lower() does not do character by character: a sigma at the end of a word, and
    # the one letter that it makes two of.
    return "İ".join(part.lower() for part in plain(text).replace("Σ", "σ").split("İ"))


def is_katakana(char: str) -> bool:
    """Tell whether `char` belongs to a katakana word (the middle dot does not)."""
    return "ァ" <= char <= "ヺ" or char == "ー"


def is_kanji(char: str) -> bool:
    """Tell whether `char` is a Chinese character."""
    return "一" <= char <= "鿿" or char in "々〆" or "㐀" <= char <= "䶿"


def is_latin(char: str) -> bool:
    """Tell whether `char` (of a plain view) is an ASCII letter or digit."""
    return char.isascii() and char.isalnum()


class Token(NamedTuple):
    """A Sudachi morpheme with its place in the text."""

    start: int
    end: int
    text: str
    tag: str


class Candidate(NamedTuple):
    """A possible mention; `rank` decides between equally long ones (higher wins)."""

    start: int
    end: int
    label: str
    entity: str
    rank: int = 0


class Words(NamedTuple):
    """The tokens as columns, uint64: hashes of spaCy's string store, offsets in characters."""

    start: NDArray[np.uint64]
    size: NDArray[np.uint64]
    tag: NDArray[np.uint64]
    orth: NDArray[np.uint64]
    norm: NDArray[np.uint64]


class View:
    """Text, its normalised views and its tokens (`tokens` and `words`: the same, no spaces)."""

    def __init__(self, doc: Doc) -> None:
        read = columns(doc)
        self.text = read.article
        self.plain = plain(self.text)
        self.folded = fold(self.plain)
        rows = doc.to_array([IDX, LENGTH, TAG, ORTH, NORM, IS_SPACE])
        word = rows[:, 5] == 0
        self.words = Words(*rows[word, :5].T)
        tokens = zip(read.start, read.end, read.text, read.tag, strict=True)
        self.tokens = list(map(Token._make, compress(tokens, word.tolist())))
        ends = self.words.start + self.words.size
        self.by_start = dict(zip(self.words.start.tolist(), range(len(ends)), strict=True))
        self.by_end = dict(zip(ends.tolist(), range(len(ends)), strict=True))
        _, first, self._tag = np.unique(self.words.tag, return_index=True, return_inverse=True)
        self._tags = [self.tokens[at].tag for at in first.tolist()]

    @cached_property
    def ascii_words(self) -> list[re.Match[str]]:
        """The words of ASCII letters and digits, wherever the tokens end."""
        return list(ASCII_WORD.finditer(self.plain))

    @cached_property
    def web(self) -> list[tuple[int, int]]:
        """Spans of web and mail addresses, in which nothing is a mention."""
        return [m.span() for m in WEB.finditer(self.plain)]

    def in_web(self, start: int) -> bool:
        """Tell whether `start` lies in a web or mail address."""
        at = bisect_left(self.web, (start + 1, 0)) - 1
        return at >= 0 and start < self.web[at][1]

    def borders(self, start: int, end: int) -> bool:
        """Tell whether `[start, end)` does not cut a word at either side."""
        text = self.plain
        first, last = text[start], text[end - 1]
        before = text[start - 1] if start else ""
        after = text[end] if end < len(text) else ""
        return self._border(first, before, start, self.by_start) and (
            self._border(last, after, end, self.by_end)
            or (is_kanji(last) and bool(AFFIX.match(text, end)))
        )

    def _border(self, inside: str, outside: str, at: int, tokens: dict[int, int]) -> bool:
        if not outside:
            return True
        if is_latin(inside):
            return not is_latin(outside)
        if is_katakana(inside):
            return not is_katakana(outside)
        return at in tokens

    def by_tag(self, value: Callable[[str], int]) -> NDArray[np.int64]:
        """Return a value per token that depends on its part of speech alone."""
        return np.array([value(tag) for tag in self._tags], np.int64)[self._tag]

    def tagged(self, *beginnings: str) -> list[int]:
        """Return the tokens whose part of speech begins so, in order."""
        found: list[int] = np.flatnonzero(
            self.by_tag(methodcaller("startswith", beginnings))
        ).tolist()
        return found

    def common(self, start: int, end: int) -> bool:
        """Tell whether `[start, end)` is one common noun, or a word that no dictionary holds."""
        index = self.by_start.get(start)
        return (
            index is not None
            and self.tokens[index].end == end
            and self.tokens[index].tag.startswith("名詞-普通名詞")
        )

    def noun(self, index: int) -> bool:
        """Tell whether token `index` exists and is a noun or a noun's affix."""
        return 0 <= index < len(self.tokens) and self.tokens[index].tag.startswith(NOUNS)
