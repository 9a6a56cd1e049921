"""A sentence as parallel lists of token properties: what the claim rules look at."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary

from spacy.attrs import DEP, HEAD
from spacy.tokens import Doc

from ronten.components.columns import Columns
from ronten.components.structure import pairs as read_pairs
from ronten.components.structure import sentences as read_sentences
from ronten.text.brackets import Pair
from ronten.text.sentences import Sentence

if TYPE_CHECKING:
    from ronten.components.claims.cues import Cue
    from ronten.components.claims.lexicon import CueLexicon

# What stands for a relation where a sentence is not parsed.
_NO_RELATIONS = frozenset(("", "dep"))
# Particles that can only follow words: a bracket that ends in one holds words, not a name.
_PARTICLES = frozenset("はがをにでともへやのか")


COMMAS = frozenset("、，,")


class _Read(NamedTuple):
    """What the sentences of a Doc were read from, and how they look without a parse."""

    tokens: Columns
    sentences: list[Sentence]
    pairs: list[Pair]
    views: list[SentenceView]


# The last Doc: the cues read it before it is parsed, the claims afterwards; only trees differ.
_last: WeakKeyDictionary[Doc, _Read] = WeakKeyDictionary()


def views(doc: Doc, tokens: Columns, *, trees: bool = True) -> list[SentenceView]:
    """The sentences of a Doc as token lists, in order; with what its trees say, if wanted."""
    sentences, pairs = read_sentences(doc), read_pairs(doc)
    last = _last.get(doc)
    if last is None or last.tokens is not tokens or last[1:3] != (sentences, pairs):
        _last.clear()
        last = _last[doc] = _Read(tokens, sentences, pairs, _views(tokens, sentences, pairs))
    if trees:
        heads, relations = _tree(doc)
        for view in last.views:
            view.parse(heads, relations)
    return last.views


def _views(
    tokens: Columns, sentences: Sequence[Sentence], pairs: Sequence[Pair]
) -> list[SentenceView]:
    result = []
    last = 0
    for sentence in sentences:
        first = bisect_right(tokens.end, sentence.start, last)
        last = bisect_left(tokens.start, sentence.end, first)
        left = bisect_left(pairs, sentence.start, key=_pair_start)
        right = bisect_left(pairs, sentence.end, key=_pair_start)
        result.append(SentenceView(tokens, sentence, first, last, pairs[left:right]))
    return result


def _tree(doc: Doc) -> tuple[list[int], list[str]]:
    """Return how far off every token's head is, and its relation to it ("" without a parse)."""
    heads, relations = doc.to_array([HEAD, DEP]).T
    names = {key: doc.vocab.strings[key] if key else "" for key in set(relations.tolist())}
    return heads.astype("int64").tolist(), [names[key] for key in relations.tolist()]


def _pair_start(pair: Pair) -> int:
    return pair.start


class SentenceView:
    """Tokens `first … last-1` of a Doc with tags, normal forms and the quotation each stands in.

    Token positions are relative to the sentence; offsets are characters of `article`, the whole
    text. `relation` is a token's dependency label, "" or `dep` where the sentence is not `parsed`.
    """

    def __init__(
        self,
        tokens: Columns,
        sentence: Sentence,
        first: int,
        last: int,
        pairs: Sequence[Pair],
    ) -> None:
        self.article = tokens.article
        self.sentence = sentence
        self._range = slice(first, last)
        self._heads: Sequence[int] = ()
        self.relation: Sequence[str] = ()
        self.parsed = False
        self._words: dict[Pair, bool] = {}
        self.cues: dict[CueLexicon, list[Cue]] = {}
        self.text = tokens.text[first:last]
        self.tag = tokens.tag[first:last]
        self.norm = tokens.norm[first:last]
        self.form = tokens.form[first:last]
        self.start = tokens.start[first:last]
        self.end = tokens.end[first:last]
        self.pairs = [p for p in pairs if p.start < sentence.end and p.end > sentence.start]
        self.quotes = outermost([p for p in self.pairs if p.quotes])
        self.quote_of = self._inside(self.quotes)
        asides = [p for p in self.pairs if not p.quotes and not self._whole(p)]
        self.aside = [inside >= 0 for inside in self._inside(outermost(asides))]

    def __len__(self) -> int:
        return len(self.text)

    def parse(self, heads: Sequence[int], relations: Sequence[str]) -> None:
        """Take over what the trees of the whole Doc say of this sentence."""
        self._heads, self.relation = heads[self._range], relations[self._range]
        self.parsed = not _NO_RELATIONS.issuperset(self.relation)

    def _inside(self, pairs: Sequence[Pair]) -> list[int]:
        result = [-1] * len(self.text)
        for index, pair in enumerate(pairs):
            position = max(0, bisect_left(self.start, pair.start))
            while position < len(self.text) and self.start[position] < pair.end:
                result[position] = index
                position += 1
        return result

    def _whole(self, pair: Pair) -> bool:
        return pair.start <= self.sentence.start and pair.end >= self.sentence.end - 1

    def head(self, position: int) -> int | None:
        """Position of the syntactic head, None for the root, outside heads and without parse.

        A bare quotation at the end has its reporting word behind the sentence, which has no head.
        """
        if position >= len(self) or not self.parsed:
            return None
        head = position + self._heads[position]
        return head if 0 <= head < len(self) and head != position else None

    def outer(self, position: int) -> bool:
        """Whether a token stands outside quotations and asides."""
        return self.quote_of[position] < 0 and not self.aside[position]

    def at(self, offset: int) -> int:
        """Position of the token that holds a character offset (or the first one after it)."""
        position = bisect_left(self.end, offset + 1)
        return min(position, len(self))

    def is_noun(self, i: int) -> bool:
        return self.tag[i].startswith(("名詞", "代名詞", "接尾辞-名詞的", "接頭辞", "記号-文字"))

    def is_verb(self, i: int) -> bool:
        return self.tag[i].startswith("動詞")

    def is_sahen(self, i: int) -> bool:
        return "サ変" in self.tag[i]

    def is_particle(self, i: int) -> bool:
        return self.tag[i].startswith("助詞")

    def is_auxiliary(self, i: int) -> bool:
        return self.tag[i].startswith("助動詞")

    def is_mark(self, i: int) -> bool:
        return self.tag[i].startswith(("補助記号", "空白"))

    def is_comma(self, i: int) -> bool:
        return self.text[i] in COMMAS

    def is_predicate(self, i: int) -> bool:
        """Whether a token carries or ends a predicate (verb, adjective, copula, auxiliary)."""
        return self.tag[i].startswith(
            ("動詞", "形容詞", "助動詞", "接尾辞-動詞的", "接尾辞-形容詞的")
        )

    def is_finite(self, i: int) -> bool:
        """Whether a clause can end with this token (終止形, 連体形 …, a final particle)."""
        if self.tag[i].startswith("助詞-終助詞"):
            return True
        if self.tag[i].startswith("形状詞"):
            return True
        form = self.form[i]
        return self.is_predicate(i) and any(
            name in form for name in ("終止形", "連体形", "意志推量形", "命令形")
        )

    def holds(self, offset: int) -> bool:
        """Whether a character belongs to the sentence."""
        return self.sentence.start <= offset < self.sentence.end

    def is_quotation(self) -> bool:
        """Whether the sentence is somebody's words in brackets and nothing else."""
        outside = (i for i in range(len(self)) if self.quote_of[i] < 0)
        return bool(self.quotes) and all(self.is_mark(i) for i in outside)

    def closes_quote(self, i: int) -> int:
        """Index of the quotation whose closing bracket this token is, -1 if it is none."""
        quote = self.quote_of[i]
        return quote if quote >= 0 and self.end[i] >= self.quotes[quote].end else -1

    def opens_quote(self, i: int) -> int:
        """Index of the quotation whose opening bracket this token is, -1 if it is none."""
        quote = self.quote_of[i]
        return quote if quote >= 0 and self.start[i] <= self.quotes[quote].start else -1

    def holds_words(self, pair: Pair) -> bool:
        """Whether brackets hold somebody's words rather than a term, a title or a name."""
        found = self._words.get(pair)
        if found is None:
            found = self._words[pair] = self._holds_words(pair)
        return found

    def _holds_words(self, pair: Pair) -> bool:
        left, right = self.at(pair.start + 1), self.at(pair.end - 1)
        inner = range(left, min(right, len(self)))
        if not inner:
            return False
        if any(self.text[i] in ("。", "、", "！", "？") for i in inner):
            return True
        predicates = [i for i in inner if self.is_predicate(i) and self.tag[i] != "助動詞"] or [
            i for i in inner if self.is_auxiliary(i)
        ]
        last = inner[-1]
        return (
            (
                bool(predicates)
                and (self.is_predicate(last) or self.is_particle(last) or self.is_finite(last))
            )
            or (self.is_particle(last) and self.text[last] in _PARTICLES)
            or (any(self.text[i] in ("は", "が") and self.is_particle(i) for i in inner))
        )


def outermost(pairs: Sequence[Pair]) -> list[Pair]:
    """Keep the pairs that stand in no earlier pair (input sorted by start)."""
    result: list[Pair] = []
    for pair in pairs:
        if not result or pair.start >= result[-1].end:
            result.append(pair)
    return result
