"""What a figure measures, read from the dependency tree: 社員300人, 売上高は30億円だ."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from spacy.attrs import DEP, IDX
from spacy.tokens import Doc, Token

from ronten.types import FigureKind

_UNPARSED = "dep"
_NOMINAL = ("NOUN", "PROPN")
_DEPTH = 4
_PERSON_ENDS = tuple(
    "者員士師生民客性子家長手人女男親族官兵徒童供年間方弟妹兄姉夫妻妊婦優選監ーアスントルドムプ"
)
_COMPARED = ("平均", "比", "当たり", "あたり", "ごと", "別")


@cache
def _words(role: str) -> frozenset[str]:
    """Return the words of one role in measures.tsv."""
    data = (files(__package__) / "measures.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in data.splitlines() if not line.startswith("#"))
    return frozenset(word for word, listed in rows if listed == role)


def find_measured(doc: Doc, figures: Sequence[dict[str, Any]]) -> list[str | None]:
    """Return for every figure the noun phrase it quantifies, as written; None where unknown.

    Dates measure nothing, and neither does a figure in a sentence that was not parsed.
    """
    if not figures:
        return []
    tokens = _tokens(doc, figures)
    owner = {index: n for n, span in enumerate(tokens) for index in range(*span)}
    tree = _Tree(doc, figures, tokens, owner)
    return [tree.measured(number) for number in range(len(figures))]


def _tokens(doc: Doc, figures: Sequence[dict[str, Any]]) -> list[tuple[int, int]]:
    """Return the ranges of the tokens that overlap the figures."""
    starts = doc.to_array([IDX]).ravel().astype(np.int64)
    spans = np.array([figure["span"] for figure in figures])
    first = np.searchsorted(starts, spans[:, 0], side="right") - 1
    last = np.searchsorted(starts, spans[:, 1], side="left")
    return list(zip(np.maximum(first, 0).tolist(), last.tolist(), strict=True))


class _Tree:
    """The figures of a Doc on its dependency tree."""

    def __init__(
        self,
        doc: Doc,
        figures: Sequence[dict[str, Any]],
        tokens: Sequence[tuple[int, int]],
        owner: dict[int, int],
    ) -> None:
        self.doc = doc
        self.kinds = [figure["kind"] for figure in figures]
        self.units = [figure["unit"] for figure in figures]
        self.tokens = tokens
        self.owner = owner
        self.flat = (doc.to_array([DEP]).ravel() == doc.vocab.strings[_UNPARSED]).tolist()

    def measured(self, number: int, depth: int = 0) -> str | None:
        """Return what a figure measures."""
        first, last = self.tokens[number]
        if self.kinds[number] == FigureKind.DATE or depth > _DEPTH or all(self.flat[first:last]):
            return None
        head = self._head(first, last)
        if self.flat[head.i]:
            return None
        head = self._tail(head)
        return (
            self._before(number, head)
            or self._subject(head)
            or self._after(number, head, depth)
            or self._share(number, head)
            or self._argument(number, head)
        )

    def _head(self, first: int, last: int) -> Token:
        """Return the last token of the figure that hangs on something outside it."""
        for index in range(last - 1, first - 1, -1):
            token = self.doc[index]
            outside = not first <= token.head.i < last or token.head.i == index
            if outside and token.pos_ not in ("ADP", "AUX", "PUNCT", "SYM"):
                return token
        return self.doc[last - 1]

    def _tail(self, head: Token) -> Token:
        """Climb to the noun that continues the figure (12%増, 30億円規模)."""
        while (
            _dep(head) == "compound"
            and head.head.i == head.i + 1
            and head.head.lemma_ in _words("tail")
        ):
            head = head.head
        return head

    def _before(self, number: int, head: Token) -> str | None:
        """社員300人: the noun right before the figure in one compound."""
        first = self.tokens[number][0]
        if first == 0:
            return None
        noun = self.doc[first - 1]
        if noun.head == head and _dep(noun) == "compound":
            return self._phrase(noun)
        beside = self.kinds[number] == FigureKind.MEASURE and noun.head in (head, head.head)
        return self._phrase(noun) if beside else None  # 厚さ0.4ミリの基板

    def _subject(self, head: Token) -> str | None:
        """参加者は200人だ: the figure is what is said of its subject."""
        return self._phrase(_left(head, "nsubj"))

    def _after(self, number: int, head: Token, depth: int) -> str | None:
        """3万台の車両: the noun it modifies; of 12%増の30億円 what the other figure measures."""
        noun = head.head
        if noun.i <= head.i or _dep(head) != "nmod" or _particle(head) != "の":
            return None
        other = self.owner.get(noun.i)
        if other is not None and other != number:
            return self.measured(other, depth + 1)
        if self.kinds[number] == FigureKind.PERCENT and noun.lemma_ in _words("tail"):
            return self._subject(noun) or self._argument(number, noun)
        if self.units[number] in ("人", "名") and not noun.text.endswith(_PERSON_ENDS):
            return None  # 4人の携帯電話
        return self._phrase(noun)

    def _share(self, number: int, head: Token) -> str | None:
        """会員の3割: the whole that the figure is a part of; 需要の1.8倍 is none of 需要."""
        counted = self.kinds[number] == FigureKind.COUNT and self.units[number] in (
            None,
            *_words("plain"),
        )
        if not counted and self.kinds[number] not in (FigureKind.PERCENT, FigureKind.MONEY):
            return None
        if _particle(head) == "に" and (reached := self._argument(number, head)):
            return reached  # 額が請求の1割にとどまる
        noun = _left(head, "nmod")
        if noun is None or _particle(noun) != "の" or "地名" in noun.tag_:
            return None
        return self._phrase(noun)

    def _argument(self, number: int, head: Token) -> str | None:
        """車両を3万台出荷, 株価は5%下落, 10店に増やす: the argument whose amount the verb tells."""
        verb, role, particle = head.head, _dep(head), _particle(head)
        if verb.i <= head.i or role not in ("obl", "obj", "advmod"):
            return None
        if self.kinds[number] == FigureKind.DURATION:
            lasting = verb.lemma_ in _words("lasting") and particle in ("", "が", "を")
            task = _left(verb, "obl", "に", head) or _left(verb, "nsubj", "", head)
            return self._phrase(task) if lasting else None
        if role == "obj":
            return self._phrase(_left(verb, "nsubj")) if verb.lemma_ in _words("level") else None
        if particle not in ("", "に", "へ", "まで", "から") and (particle, verb.lemma_) != (
            "と",
            "なる",
        ):
            return None
        if not particle and self.units[number] in ("回", "度"):  # 薬を2回断られる
            return None
        return self._phrase(_left(verb, "obj", "を", head) or _left(verb, "nsubj", "", head))

    def _phrase(self, noun: Token | None) -> str | None:
        """Return a noun with its compound as written; None for an empty noun or a figure."""
        if noun is None or noun.pos_ not in _NOMINAL or noun.i in self.owner:
            return None
        if noun.tag_.startswith("接頭辞") or noun.text in ("お", "ご"):
            return None
        if noun.lemma_ in _words("empty") or noun.text.endswith(_COMPARED):
            return None
        first = noun.i
        while first > 0:
            token = self.doc[first - 1]
            inside = token.head == noun.head or first <= token.head.i <= noun.i
            nominal = token.pos_ in (*_NOMINAL, "ADJ", "SYM", "NUM", "VERB")
            if not (inside and nominal and _dep(token) == "compound"):
                break
            if token.i in self.owner:
                return None
            first -= 1
        return str(self.doc[first : noun.i + 1].text)


def _dep(token: Token) -> str:
    return str(token.dep_).removesuffix("_bunsetu")


def _left(head: Token, role: str, particle: str = "", before: Token | None = None) -> Token | None:
    """Return the nearest dependent with this role on the left (with this particle, if any)."""
    end = head.i if before is None else before.i
    for token in reversed(list(head.lefts)):
        if token.i < end and _dep(token) == role and particle in ("", _particle(token)):
            return token
    return None


def _particle(token: Token) -> str:
    """Return the particles of a phrase as one (に, との, について), without は and も behind."""
    text = ""
    for child in token.rights:
        if child.dep_ == "case":
            text += "".join(part.text for part in child.subtree)
    return text[:-1] if text[-1:] in ("は", "も") and len(text) > 1 else text.strip("はも")
