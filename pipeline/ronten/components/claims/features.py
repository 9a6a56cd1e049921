"""What the tagger of claims sees of a sentence: integer features per word."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ronten.components.claims.cues import Cue, Frame
from ronten.components.claims.drafts import Draft
from ronten.components.claims.lexicon import CueLexicon, word_list
from ronten.components.claims.signs import inflection
from ronten.components.claims.speakers import role_kind
from ronten.components.claims.view import COMMAS, SentenceView
from ronten.types import Entity, Label, Span

Strings = Callable[[str], int]
"""Hash of a word, as the table of word vectors has it."""

_FORM = 3
"""Characters of an inflected form that count (終止形, 連用形 …)."""

QUOTES = ("", "open", "inside", "close", "open term", "in term", "close term", "aside")
"""Where a word stands: in a quotation, in brackets round a term, in an aside."""
PARTS = ("", "begin", "inside", "end")
FRAMES = ("", *Frame)
NAMES = ("", *(f"{position} {label}" for label in Label for position in ("begin", "inside")))
RELATIONS = (
    *("", "ROOT", "acl", "advcl", "advmod", "amod", "aux", "case", "cc", "ccomp", "compound"),
    *("cop", "csubj", "dep", "det", "discourse", "dislocated", "fixed", "mark", "nmod", "nsubj"),
    *("nummod", "obj", "obl", "punct"),
)
"""Dependency labels of ja_ginza, without what marks the head of a phrase."""
HEADS = ("", "root", "root's", "cue's", "left", "near", "far")
"""Where the head of a word stands: it is the root, its head is, its head is a reporting word …"""
REACHES = (0, 2, 5, 10, 20, 40)
"""Words from here to the next reporting marker: at most so many, or more."""
CONTEXT = {
    "name": len(NAMES),
    "quote": len(QUOTES),
    "content": len(PARTS),
    "cue": len(FRAMES),
    "source": 2,
    "relation": len(RELATIONS),
    "head": len(HEADS),
    "next": 1 + 2 * len(Frame),
    "reach": 1 + len(REACHES),
}
"""Columns that depend on more than the word, with the number of their values."""

# Normal forms that may mark a report beside the words of the lexicon.
_MARKS = frozenset("曰く とか 声 由 旨 因る 拠る 寄る 言う 見る 聞く 有る".split())
_NAME = {label: (NAMES.index(f"begin {label}"), NAMES.index(f"inside {label}")) for label in Label}
# What marks the head of a phrase stands behind a relation.
_RELATION = {
    relation + mark: i for i, relation in enumerate(RELATIONS) for mark in ("", "_bunsetu")
}
_FRAMES = tuple(Frame)
_NEAR = 3
# Words of which is kept what has been worked out.
_KEPT = 50_000
_FRAME = {frame: i for i, frame in enumerate(FRAMES)}


class Hinted(NamedTuple):
    """A sentence with what the rules make of it and the names in it."""

    view: SentenceView
    cues: Sequence[Cue]
    drafts: Sequence[Draft]
    names: Sequence[Entity]


class Alphabet(NamedTuple):
    """The known values of a word's own features; 0 stands for all others."""

    words: Mapping[int, int]
    """Hash of a normalised form → id."""
    tags: Mapping[str, int]
    forms: Mapping[str, int]
    classes: Mapping[str, int]
    """What the reporting lexicon says of a word (see `WordClasses`)."""


class Features(NamedTuple):
    """The features of the words of some sentences (n), over the distinct ones among them (u)."""

    sequences: NDArray[np.int64]
    """(s, 2) first word and number of words of every sequence."""
    inverse: NDArray[np.int64]
    """(n,) distinct word of every word."""
    own: NDArray[np.int64]
    """(u, 5) word, tag, form, class and row of the word vectors plus 1."""
    context: NDArray[np.int64]
    """(n, len(CONTEXT))."""


class WordClasses:
    """What the reporting lexicon says of words by themselves."""

    def __init__(self, lexicon: CueLexicon) -> None:
        self._lexicon = lexicon
        self._stop = word_list("stopverbs.tsv")
        self._venues = word_list("venues.tsv")
        self._verbs = frozenset(verb for _, verb in lexicon.idioms)
        self._nouns = frozenset(noun for noun, _ in lexicon.idioms)

    def of(self, norm: str, text: str, tag: str) -> str:
        """Return the class of a word, "" if it has none."""
        noun = tag.startswith(("名詞", "代名詞", "接尾辞-名詞的", "接頭辞", "記号-文字"))
        if predicate := self._lexicon.predicates.get(norm):
            return f"predicate {predicate.kind}"
        if noun and (entry := self._lexicon.nouns.get(text)):
            return f"noun {entry.use}"
        if norm in self._stop:
            return "stop"
        if norm in self._verbs:
            return "idiom verb"
        if norm in self._nouns:
            return "idiom noun"
        if norm in self._venues or text in self._venues:
            return "venue"
        kind = role_kind(text) if noun else None
        return f"role {kind}" if kind else ""


class _Traits(NamedTuple):
    """What tells that a sentence may report: a mark, a quoting particle, a finite word."""

    marks: bool
    quotes: bool
    finite: bool


class Gate:
    """Tells which sentences are read; keeps what it has worked out for words seen before."""

    def __init__(self, classes: WordClasses) -> None:
        self.classes = classes
        self._traits: dict[tuple[str, str, str, str], _Traits] = {}

    def reads(self, hinted: Hinted) -> bool:
        """Tell whether a sentence may report anything: most that the writer asserts do not.

        What counts is a reporting marker, quoted words, a word of the reporting lexicon, or と
        behind something finite.
        """
        view = hinted.view
        if len(self._traits) > _KEPT:
            self._traits.clear()
        if hinted.cues or any(view.holds_words(pair) for pair in view.quotes):
            return True
        finite = False
        for word in zip(view.text, view.norm, view.tag, view.form, strict=True):
            traits = self._traits.get(word) or self._trait(word)
            if traits.marks or (traits.quotes and finite):
                return True
            finite = traits.finite or (finite and word[0] in COMMAS)  # …だ、と言う
        return False

    def _trait(self, word: tuple[str, str, str, str]) -> _Traits:
        text, norm, tag, form = word
        kind = self.classes.of(norm, text, tag)
        self._traits[word] = found = _Traits(
            kind.startswith(("predicate", "noun")) or norm in _MARKS,
            text in ("と", "って") and tag.startswith("助詞"),
            tag.startswith(("助詞-終助詞", "形状詞"))
            or ("形" in form and tag.startswith(("動詞", "形容詞", "助動詞", "接尾辞"))),
        )
        return found


class Encoder:
    """Makes `Features`; keeps what it has worked out for words seen before."""

    def __init__(
        self,
        alphabet: Alphabet,
        classes: WordClasses,
        strings: Strings,
        vector_rows: Mapping[int, int],
        longest: int,
    ) -> None:
        self.alphabet = alphabet
        self.classes = classes
        self.strings = strings
        self.vector_rows = vector_rows
        self.longest = longest
        self._seen: dict[tuple[str, str, str, str], tuple[int, ...]] = {}

    def encode(self, sentences: Sequence[Hinted]) -> Features:
        """Return the features of all words of the sentences, cut at `longest` words."""
        if len(self._seen) > _KEPT:
            self._seen.clear()
        ids: dict[tuple[str, str, str, str], int] = {}
        inverse: list[int] = []
        sequences: list[tuple[int, int]] = []
        columns: list[list[int]] = [[] for _ in CONTEXT]
        for hinted in sentences:
            view = hinted.view
            first, count = len(inverse), len(view)
            words = zip(view.norm, view.text, view.tag, view.form, strict=True)
            inverse += [ids.setdefault(word, len(ids)) for word in words]
            sequences += [
                (first + at, min(self.longest, count - at)) for at in range(0, count, self.longest)
            ]
            for column, values in zip(columns, context(hinted), strict=True):
                column += values
        own = [self._seen.get(word) or self._row(word) for word in ids]
        return Features(
            np.array(sequences, np.int64).reshape(-1, 2),
            np.array(inverse, np.int64),
            np.array(own, np.int64).reshape(-1, 5),
            # Every value fits into a byte, and bytes become an array at once.
            np.array([np.frombuffer(bytes(column), np.uint8) for column in columns], np.int64).T,
        )

    def _row(self, word: tuple[str, str, str, str]) -> tuple[int, ...]:
        norm, text, tag, form = word
        key = self.strings(norm)
        row = self._seen[word] = (
            self.alphabet.words.get(key, 0),
            self.alphabet.tags.get(tag, 0),
            self.alphabet.forms.get(inflection(form)[:_FORM] if form else "", 0),
            self.alphabet.classes.get(self.classes.of(norm, text, tag), 0),
            int(self.vector_rows.get(key, -1)) + 1,
        )
        return row


def own_values(view: SentenceView, i: int, classes: WordClasses) -> tuple[str, str, str]:
    """Return tag, form and class of a word, as an `Alphabet` names them."""
    form = view.form[i]
    return (
        view.tag[i],
        inflection(form)[:_FORM] if form else "",
        classes.of(view.norm[i], view.text[i], view.tag[i]),
    )


def context(hinted: Hinted) -> list[list[int]]:
    """Return the columns of `CONTEXT` of a sentence, in that order."""
    view, size = hinted.view, len(hinted.view)
    names, content, cue, source = ([0] * size for _ in range(4))
    for entity in hinted.names:
        first, last = word_range(view, entity.span)
        begin, inside = _NAME[entity.label]
        names[first:last] = [begin, *[inside] * (last - first - 1)][: last - first]
    for draft in hinted.drafts:
        for span in draft.spans:
            first, last = word_range(view, span)
            for k in range(first, last):
                content[k] = 1 if k == first else 3 if k == last - 1 else 2
        if draft.speaker is not None and view.holds(draft.speaker.span[0]):
            first, last = word_range(view, draft.speaker.span)
            source[first:last] = [1] * (last - first)
    for found in (*(draft.cue for draft in hinted.drafts), *hinted.cues):
        if found.span is not None and view.holds(found.span[0]):
            first, last = word_range(view, found.span)
            for k in range(first, last):
                cue[k] = cue[k] or _FRAME[found.frame]
    return [names, _quotes(view), content, cue, source, *_tree(view, cue), *_next(hinted)]


def word_range(view: SentenceView, span: Span) -> tuple[int, int]:
    """Return the words `[first, last)` of a sentence that a span of characters touches."""
    first = view.at(span[0])
    return first, min(max(view.at(span[1] - 1), first) + 1, len(view))


def _next(hinted: Hinted) -> tuple[list[int], list[int]]:
    """Return what the next reporting marker is like, and how far away it is.

    Whether a topic belongs to what is reported hangs on a marker that may be fifty words away.
    """
    size = len(hinted.view)
    kinds, reaches = [0] * size, [0] * size
    at = 0
    for cue in sorted(hinted.cues, key=lambda cue: cue.word):
        kind = 1 + 2 * _FRAMES.index(cue.frame) + cue.passive
        for k in range(at, min(cue.word + 1, size)):
            kinds[k] = kind
            reaches[k] = 1 + bisect_left(REACHES, cue.word - k, hi=len(REACHES) - 1)
        at = max(at, cue.word + 1)
    return kinds, reaches


def _tree(view: SentenceView, cue: Sequence[int]) -> tuple[list[int], list[int]]:
    """Return relations and heads; `cue` tells the reporting words."""
    size = len(view)
    if not view.parsed:
        return [0] * size, [0] * size
    relations = [_RELATION.get(name, 0) for name in view.relation]
    above = [view.head(k) for k in range(size)]
    heads = []
    for k, head in enumerate(above):
        if head is None:
            heads.append(1)
        elif cue[head]:
            heads.append(3)
        elif above[head] is None:
            heads.append(2)
        elif head < k:
            heads.append(4)
        else:
            heads.append(5 if head - k <= _NEAR else 6)
    return relations, heads


def _quotes(view: SentenceView) -> list[int]:
    terms = [0 if view.holds_words(pair) else 3 for pair in view.quotes]
    column = [len(QUOTES) - 1 if aside else 0 for aside in view.aside]
    for k, quote in enumerate(view.quote_of):
        if quote >= 0:
            place = 1 if view.opens_quote(k) >= 0 else 3 if view.closes_quote(k) >= 0 else 2
            column[k] = place + terms[quote]
    return column
