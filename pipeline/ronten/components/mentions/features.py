"""What the tagger sees of a text: integer features per word, the same in training and use."""

from __future__ import annotations

import re
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ronten.components.mentions.name_table import SORTS, Hashes, NameTable
from ronten.components.mentions.view import Candidate, View, is_kanji, is_katakana
from ronten.components.sequence import only
from ronten.types import Label

GRAMS = 40
"""Most character n-grams of a word that count."""

RULE_LABELS = tuple(Label)
RULE_TAGS = 1 + 4 * len(RULE_LABELS)
NAME_BITS = 4 * len(SORTS)
"""A word's own sorts, then begin, inside and end of a name of several words, per sort."""

MAX_WORDS, MAX_LETTERS = 8, 24
LONGEST = 100
"""Words of the longest sequence that is read at once."""

_STOP = "補助記号-句点"
_NO_NAME = ("助詞", "助動詞", _STOP, "補助記号-読点", "補助記号-括弧", "空白")
_NO_START = ("補助記号", "記号")
_KANJI = re.compile("[一-鿿]")
_FOREIGN = re.compile("[ァ-ヺA-Za-z]")
_OWN = np.uint64(len(SORTS))
_RUNS = re.compile(r"(.)\1{2,}")


class Alphabet(NamedTuple):
    """The known values of the features; 0 stands for all others."""

    words: Mapping[int, int]
    """Hash of a normalised form → id."""
    tags: Mapping[str, int]
    shapes: Mapping[str, int]
    buckets: int
    """Number of rows that character n-grams share."""


class Word(NamedTuple):
    """The features of a word by itself."""

    own: tuple[int, int, int, int]
    """Ids of the normalised form, the part of speech and the shape, and the row of ja_ginza's
    vectors plus 1 (0: none)."""
    hint: int
    """2: a proper or foreign noun; 1: may be part of a compound that is a name."""
    grams: NDArray[np.int64]
    """Rows of its character n-grams."""


class Features(NamedTuple):
    """The features of the words that are read (n), over the distinct ones among them (u)."""

    read: NDArray[np.int64]
    """(n,) the words of the sequences that may hold a name, as indices of the text's words."""
    sequences: NDArray[np.int64]
    """(s, 2) first place in `read` and number of words of every such sequence."""
    inverse: NDArray[np.int64]
    """(n,) distinct word of every word."""
    words: Sequence[Word]
    """(u,) the distinct words."""
    rule: NDArray[np.int64]
    """(n,) what the rules found: 0, or 1 + 4 × label + begin, inside, end, single."""
    names: NDArray[np.uint64]
    """(n,) NAME_BITS bits from the table of names."""
    key: NDArray[np.uint64]
    """(u,) what tells the distinct words apart, in any text."""


class Encoder:
    """Makes `Features`; keeps what it has worked out for words seen before."""

    _KEPT = 50_000

    def __init__(
        self, alphabet: Alphabet, names: NameTable, vector_rows: Mapping[int, int]
    ) -> None:
        self.alphabet = alphabet
        self.names = names
        self.vector_rows = vector_rows
        self._seen: dict[int, Word] = {}

    def encode(self, view: View, rules: Iterable[Candidate]) -> Features:
        """Return the features of the words of `view`; `rules` are mentions without overlap."""
        words = view.words
        mixed = words.orth * np.uint64(3) + words.norm * np.uint64(5) + words.tag * np.uint64(7)
        keys = mixed.tolist()
        seen = self._seen
        if len(seen) > self._KEPT:
            seen.clear()
        places = dict(zip(keys, range(len(keys)), strict=True))
        for key, at in places.items():
            if key not in seen:
                seen[key] = self._word(view, at)
        rule = rule_tags(view, rules)
        names = self._names(view)
        hints = np.array([seen[key].hint for key in keys], np.int64)
        read, cut = _promising(sequences(view), hints, (rule > 0) | (names >> _OWN > 0))
        used, inverse = np.unique(mixed[read], return_inverse=True)
        distinct = [seen[key] for key in used.tolist()]
        return Features(read, cut, inverse, distinct, rule[read], names[read], used)

    def _word(self, view: View, at: int) -> Word:
        token = view.tokens[at]
        norm, orth = int(view.words.norm[at]), int(view.words.orth[at])
        row = self.vector_rows.get(norm)
        if row is None:
            row = self.vector_rows.get(orth, -1)
        surface = view.plain[token.start : token.end]
        known, buckets = self.alphabet, self.alphabet.buckets
        return Word(
            (
                known.words.get(norm, 0),
                known.tags.get(token.tag, 0),
                known.shapes.get(shape(surface), 0),
                int(row) + 1,
            ),
            _hint(token.tag, surface),
            np.array([1 + zlib.crc32(gram.encode()) % buckets for gram in grams_of(surface)]),
        )

    def _names(self, view: View) -> NDArray[np.uint64]:
        """Look every word and every run of words up in the table of names, longest run first."""
        count = len(view.tokens)
        bits = np.zeros(count, np.uint64)
        if not count:
            return bits
        starts = view.words.start.astype(np.int64)
        ends = starts + view.words.size.astype(np.int64)
        hashes = Hashes.of(view.plain)
        kind = view.by_tag(_kind)
        bits |= self.names.look_up(hashes.keys(starts, ends)).astype(np.uint64)
        # Number of words from here to the end of the run of words that may belong to a name.
        apart = np.flatnonzero((kind == 0) | np.append(starts[1:] - ends[:-1] > 1, True))
        stop = np.searchsorted(apart, np.arange(count))
        run = apart[stop] + (kind[apart[stop]] > 0) - np.arange(count)
        at = np.flatnonzero((run >= 2) & (kind == 2))
        more = np.minimum(run[at], MAX_WORDS) - 1
        at = np.repeat(at, more)
        last = at + np.arange(len(at)) - np.repeat(np.cumsum(more) - more, more) + 1
        fits = ends[last] - starts[at] <= MAX_LETTERS
        at, last = at[fits], last[fits]
        sorts = self.names.look_up(hashes.keys(starts[at], ends[last]))
        hits = np.flatnonzero(sorts)
        longest = {
            first: (size, found)
            for first, size, found in zip(
                at[hits].tolist(),
                (last - at + 1)[hits].tolist(),
                sorts[hits].tolist(),
                strict=True,
            )
        }
        position = 0
        for first in sorted(longest):
            if first < position:
                continue
            size, found = longest[first]
            position = first + size
            parts = np.full(size, 2, np.uint64)
            parts[0], parts[-1] = 1, 3
            bits[first:position] |= np.uint64(found) << (parts * np.uint64(len(SORTS)))
        return bits


def _promising(
    cut: NDArray[np.int64], hints: NDArray[np.int64], known: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Leave out sequences without a proper or foreign noun, a compound or anything known.

    They hold a fourth of the words of news and hardly a name. Returns the words that are left, and
    where the sequences begin among them and how long they are.
    """
    if not len(cut):
        return np.zeros(0, np.int64), cut
    hint = (hints == 2) | known
    hint[:-1] |= (hints[:-1] > 0) & (hints[1:] > 0)
    cut = cut[np.add.reduceat(hint, cut[:, 0]) > 0]
    return only(cut)


def _hint(tag: str, surface: str) -> int:
    if tag.startswith("名詞-固有名詞"):
        return 2
    if not tag.startswith(("名詞-普通名詞", "接尾辞-名詞的", "接頭辞", "記号")):
        return 0
    return 2 if _FOREIGN.search(surface) else int(bool(_KANJI.search(surface)))


def _stops(tag: str) -> int:
    return int(tag == _STOP)


def _kind(tag: str) -> int:
    """Return 0 for what no name holds, 1 for what may stand inside one, 2 also at its start."""
    if tag.startswith(_NO_NAME):
        return 0
    return 1 if tag.startswith(_NO_START) else 2


def sequences(view: View) -> NDArray[np.int64]:
    """Cut the words at full stops and line breaks, and where LONGEST is reached."""
    tokens = view.tokens
    if not tokens:
        return np.zeros((0, 2), np.int64)
    codes = np.frombuffer(view.text.encode("utf-32-le", "surrogatepass"), np.uint32)
    breaks = np.flatnonzero(codes == ord("\n"))
    line = np.searchsorted(breaks, view.words.start.astype(np.int64))
    stops = view.by_tag(_stops)
    new = np.flatnonzero((stops[:-1] > 0) | (line[1:] > line[:-1])) + 1
    borders = np.concatenate(([0], new, [len(tokens)]))
    cut = [
        (first, min(LONGEST, last - first))
        for start, last in zip(borders[:-1].tolist(), borders[1:].tolist(), strict=True)
        for first in range(start, last, LONGEST)
    ]
    return np.array(cut, np.int64)


def rule_tags(view: View, rules: Iterable[Candidate]) -> NDArray[np.int64]:
    """Write mentions as one number per word (see `Features.rule`)."""
    tags = np.zeros(len(view.tokens), np.int64)
    for mention in rules:
        first = bisect_right(view.tokens, mention.start, key=attrgetter("end"))
        last = bisect_left(view.tokens, mention.end, first, key=attrgetter("start"))
        base = 1 + 4 * RULE_LABELS.index(Label(mention.label))
        if last - first == 1:
            tags[first] = base + 3
        elif last > first:
            tags[first:last] = base + 1
            tags[first], tags[last - 1] = base, base + 2
    return tags


def shape(word: str) -> str:
    """Return the scripts of a word (NFKC): 東京 → KK, GPT-4 → AA-9; runs are cut to two."""
    return _RUNS.sub(r"\1\1", "".join(map(_script, word)))[:6]


def _script(char: str) -> str:
    if is_kanji(char):
        return "K"
    if is_katakana(char):
        return "T"
    if "ぁ" <= char <= "ん":
        return "H"
    if char.isdigit():
        return "9"
    if char.isascii() and char.isalpha():
        return "A" if char.isupper() else "a"
    return "o" if char.isalnum() else char


def grams_of(word: str) -> list[str]:
    """Return the character n-grams of a word (NFKC): 1 to 3 characters, its ends, itself."""
    marked = f"<{word.lower()}>"
    grams = list(word.lower())
    grams += [marked[i : i + n] for n in (2, 3) for i in range(len(marked) - n + 1)]
    ends = [f"P1{word[:1]}", f"S1{word[-1:]}", f"S2{word[-2:]}", f"P2{word[:2]}", f"W{word}"]
    return ends + grams[: GRAMS - len(ends)]
