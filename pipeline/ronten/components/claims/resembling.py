"""Whom the words of a source may mean by what he is called or what he made."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from ronten.components.claims.asked import Source
from ronten.components.claims.document import Document, Name
from ronten.types import Label

# Names of a document that are compared with a source.
_RESEMBLING = 300
# Characters within which a role stands beside a name.
_CALLED = 24
_KANJI = re.compile("[一-鿿]+")
# What may stand between a name and its role, on either side.
_BEFORE_ROLE = re.compile(
    r"(?:[（(][^（()）]*[）)])?[・＝\s]*[^、。「」はがをにでと]{0,8}|(?:氏|さん)?[（(][^）)]*"
)
_AFTER_ROLE = re.compile(r"(?:の|で|、|・|を務める|である|だった)?[「『]?")
# How a text tells who made something, by what he is called later: A著, 演出・A; Aの『B』.
_MADE = {
    "著者": "著",
    "作者": "作",
    "訳者": "訳",
    "翻訳者": "訳",
    "編者": "編",
    "監督": "監督",
    "演出家": "演出",
}
# Offices of which a text speaks before it names who holds them: 知事は…と述べた。…。真壁氏は….
_OFFICES = frozenset(
    "知事 市長 町長 村長 区長 首相 大統領 国王 総裁 総理 社長 会長 頭取 理事長 学長 総長 校長 院長"
    " 所長 館長 園長 監督 議長 委員長 党首 代表 教育長 長官".split()
)
_TOPIC = "はがも"
# Characters behind an office within which the name follows.
_TAKEN_UP = 500
_AS_SUBJECT = re.compile(r"(?:氏|さん)[はがも]")
_SENTENCE_BEGINS = re.compile(r"(?:^|[\n。」』）)])[\s　]*\Z")
_HIS_WORK = re.compile(r"(?:による|の)?『")
_WRITERS = frozenset(["著者", "作者"])


class Resemblance:
    """Looks for those whom a source may mean; keeps what it has found."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._labels = {turn.label[0] for turn in document.turns.values() if turn.label}
        self._called: dict[str, frozenset[str]] = {}
        self._like: dict[str, list[Name]] = {}

    def names(self, source: Source) -> list[Name]:
        """The names that the words of a source may mean, wherever they stand."""
        found = self._like.get(source.text)
        if found is None:
            called = self.in_role(source)
            found = self._like[source.text] = [
                name
                for name in islice(self._document.names.values(), _RESEMBLING)
                if name.name in called or likeness(source, name) is not None
            ]
        return found

    def in_role(self, source: Source) -> frozenset[str]:
        """The people whom the text calls what the source says (A学長, 学長のA, A氏（学長）)."""
        found = self._called.get(source.role)
        if found is None:
            text, document = self._document.text, self._document
            found = self._called[source.role] = frozenset(
                entity.entity
                for start in _places(source.role, text, 0, len(text))
                for entity in document.between(start - _CALLED, start + len(source.role) + _CALLED)
                if entity.label == Label.PERSON
                and entity.span[0] not in self._labels  # what follows is said, not what he is
                and _calls(source.role, text, *entity.span)
            ) | frozenset(
                str(role["person"])
                for role in document.roles
                if role["role"] == source.role and role["person"] in document.names
            )
            if not found and (mark := _MADE.get(source.role)):
                found = self._called[source.role] = frozenset(
                    person.name
                    for person in document.people
                    if any(_made(mark, source.role, text, *span) for span in person.spans)
                )
            if not found and source.role in _OFFICES:
                found = self._called[source.role] = frozenset(self._taken_up(source.role))
        return found

    def _taken_up(self, office: str) -> Iterator[str]:
        """Yield who comes into a text as the holder of an office that stood there without a name.

        That is the first whose name begins a sentence as its subject and is told nothing of.
        """
        text, document = self._document.text, self._document
        bare = (
            start
            for start in _places(office, text, 0, len(text))
            if text[start + len(office) : start + len(office) + 1] in _TOPIC
            and _SENTENCE_BEGINS.search(text, max(0, start - 4), start)
        )
        start = next(bare, None)
        if start is None:
            return
        told = {str(role["person"]) for role in document.roles}
        for entity in document.between(start, start + _TAKEN_UP):
            if entity.label != Label.PERSON or entity.entity not in document.names:
                continue
            first = document.names[entity.entity].spans[0] == entity.span
            subject = _AS_SUBJECT.match(text, entity.span[1])
            begins = _SENTENCE_BEGINS.search(text, max(0, entity.span[0] - 4), entity.span[0])
            if first and subject and begins and entity.entity not in told:
                yield entity.entity
                return


def likeness(source: Source, name: Name) -> str | None:
    """How the words of a source are like a name."""
    full, bare = name.name, source.bare
    if bare in name.surfaces or bare == full:
        return "equal"
    if full.endswith(bare):
        return "end" if len(bare) > 1 else "last character"
    if len(bare) > 1 and bare[0] in full:
        if full.startswith(bare):
            return "start"
        if bare in full:
            return "inside"
        if _in_order(bare, full):
            return "abbreviation" if len(bare) > 2 and _KANJI.fullmatch(bare) else "in order"
    if bare[:1] in ("同", "当") and len(bare) > 1 and full.endswith(bare[1:]):
        return "same"
    if source.side and (full.endswith(source.side) or full.startswith(source.side)):
        return "side"
    return None


def _in_order(short: str, long: str) -> bool:
    """Whether all characters of a short form stand in a name in this order (市教委)."""
    rest = iter(long)
    return all(char in rest for char in short)


def _calls(role: str, text: str, start: int, end: int) -> bool:
    """Whether the words beside a name say that it has a role."""
    return any(
        _BEFORE_ROLE.fullmatch(text, end, place)
        for place in _places(role, text, end, end + _CALLED)
    ) or any(
        _AFTER_ROLE.fullmatch(text, place + len(role), start)
        for place in _places(role, text, max(0, start - 14), start)
    )


def _made(mark: str, role: str, text: str, start: int, end: int) -> bool:
    """Whether the words beside a name say that it made what the text speaks of."""
    behind = text[end : end + 12].removeprefix("氏").removeprefix("さん")
    return (
        re.search(rf"(?<![一-鿿]){mark}・\Z", text[max(0, start - 5) : start]) is not None
        or behind.startswith(tuple(mark + sign for sign in "、，）)・"))
        or (role in _WRITERS and _HIS_WORK.match(behind) is not None)
    )


def _places(word: str, text: str, start: int, end: int) -> Iterator[int]:
    """Yield where a word stands in `text[start:end]`, not as what a head is head of (園 in 園長).

    Nowhere if it is empty.
    """
    place = text.find(word, start, end) if word else -1
    while place >= 0:
        if not text.startswith("長", place + len(word)):
            yield place
        place = text.find(word, place + 1, end)
