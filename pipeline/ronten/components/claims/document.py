"""A document as claims see it: its sentences, and the names in it with all their mentions."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from spacy.tokens import Doc

from ronten.components.claims.dialogue import Turn, find_turns
from ronten.components.claims.speakers import ANAPHORS, SPEAKING, entity_kind, role_kind
from ronten.components.columns import Columns, columns
from ronten.components.mentions.orgs import LEGAL_FORM
from ronten.components.structure import sentences
from ronten.text.blocks import BlockKind
from ronten.text.sentences import Sentence
from ronten.types import Entity, Kind, Label, Span

RECENT = 12
"""Names and holders before a claim that are looked at."""
NEAR = 3
"""Sentences whose unnamed people and bodies are looked at, that of the claim included."""
# What stands before a name that only signs the text, and how many characters it takes at most.
_CREDIT = re.compile(
    r"(?:\A|[（(【\[\n])(?:聞き手|取材|構成|撮影|写真|執筆|編集|翻訳|文責|まとめ|文)"
    r"(?:[・と、](?:写真|構成|文|撮影|聞き手))?[ \u3000]*[=＝:：/／・\u3000 ][ \u3000]*\Z"
)
_CREDIT_SIZE = 12
# What stands between a name and the particle that makes it topic or subject.
_SUBJECT = re.compile(
    r"(?:氏|さん|君|様|ら|側|[一-龯ァ-ヴーA-Za-z・]{0,8})?(?:[（(][^）)]{0,30}[）)])?"
    r"(は|が|も|によると|によれば)"
)
_BEHIND_SPEAKER = frozenset(["は", "が", "も", "の", "に", "で", "を"])
# Words of the longest aside behind somebody: 住所不定の男（47）.
_ASIDE = 10
# Whose they are says little of them: 市の教育委員会, その会社.
_WHOSE = re.compile(r"同|両|当|この|その|[一-龯]?[国県市町村区都府道]")
# What only stresses who is meant: 首相自身.
_HIMSELF = frozenset(["自身", "自ら"])
# Nouns of one character for whom they name.
_WHOLE = frozenset("国県市町村男女父母夫妻兄姉弟妹娘孫")
# Words for people that say too little alone: a clause before them tells who is meant.
ANYBODY = re.compile(
    r"(?:男性?|女性?|人物?|夫婦|若者|老人|青年|少年|少女|親子|主婦|婆さん|爺さん)(?:たち|ら)?"
)
# A clause that tells of somebody, not what he says: 隣で聞いていた(女性), 役員だという(男性).
_TOLD = re.compile(
    r"(?<![^。、「」『』\s])(?P<told>(?!と)[^。、「」『』はも\s（）()]{0,40}[^。、「」『』はも\sとう（）()][るたうくすつぬむぶぐ]"
    r"|[^。、「」『』はもがを\s（）()]{2,20}[だ員長]という)\Z"
)
_SAYS = re.compile(
    r"(?:(?:[だるたいうねよ]と|と(?=[^。、がをにで]{0,6}\Z))(?!いう\Z)[^。、]{0,12}|よう[^。、がをにで]{0,6})[るたうくすつぬむぶぐ]\Z"
    r"|(?:ため|から)だという\Z"
)
_TOLD_SIZE = 42
_NOUN = re.compile(r"名詞(?!.*副詞可能)|接頭辞|接尾辞|代名詞")
# Sentences whose unnamed people and bodies are kept: claims are asked about in text order.
_DESCRIBED = 64
# Mentions that a search for earlier names goes back over.
_LOOKED_AT = 200


@dataclass(eq=False, slots=True)
class Name:
    """A named thing that can hold claims, with its mentions in text order."""

    name: str
    kind: Kind
    spans: list[Span] = field(default_factory=list)
    surfaces: set[str] = field(default_factory=set)
    product: bool = False
    """Whether it names a product (a newspaper, a song), which rarely speaks."""

    @property
    def fullest(self) -> str:
        """The name with its legal form (株式会社), where the text gives one."""
        legal = [s for s in self.surfaces if any(form in s for form in LEGAL_FORM)]
        return max(sorted(legal), key=len) if legal else self.name

    def last_before(self, offset: int) -> Span | None:
        """Return the last mention that begins before an offset."""
        index = bisect_left(self.spans, (offset, 0))
        return self.spans[index - 1] if index else None

    def first_from(self, offset: int) -> Span | None:
        """Return the first mention that begins at an offset or after it."""
        index = bisect_left(self.spans, (offset, 0))
        return self.spans[index] if index < len(self.spans) else None


def holding(fragments: Sequence[Span], offset: int) -> Span | None:
    """Return the fragment that holds an offset, out of sorted ones: the last that begins by it."""
    at = bisect_left(fragments, (offset + 1, 0)) - 1
    return fragments[at] if at >= 0 and offset < fragments[at][1] else None


class Document:
    """What the steps after the tagger look at; everything is read off a Doc once."""

    def __init__(self, doc: Doc) -> None:
        self.tokens: Columns = columns(doc)
        self.text = self.tokens.article
        self.sentences: list[Sentence] = sentences(doc)
        # What stands before the first sentence belongs to it.
        self._starts = [0, *(sentence.start for sentence in self.sentences[1:])]
        self._headings = [
            i for i, sentence in enumerate(self.sentences) if sentence.kind == BlockKind.HEADING
        ]
        self.title = str(doc._.ronten_metadata.get("title") or "")
        self.roles: list[dict[str, Any]] = doc._.ronten_roles
        self.entities = sorted(
            (Entity.model_validate(values) for values in doc._.ronten_entities),
            key=lambda entity: entity.span,
        )
        self._speaking = [
            entity
            for entity in self.entities
            if entity.label in SPEAKING and not self._credited(entity.span[0])
        ]
        self._speaking_starts = [entity.span[0] for entity in self._speaking]
        self._subjects: dict[Span, str] = {}
        self._described: dict[int, list[Name]] = {}

    def _credited(self, start: int) -> bool:
        """Tell whether a name only signs the text: （聞き手・綿貫千晶）."""
        return _CREDIT.search(self.text, max(0, start - _CREDIT_SIZE), start) is not None

    @cached_property
    def names(self) -> dict[str, Name]:
        """The things named in the text by canonical name, in the order of their first mention."""
        names: dict[str, Name] = {}
        for entity in self._speaking:
            new = Name(entity.entity, entity_kind(entity), product=entity.label == Label.PRODUCT)
            name = names.setdefault(entity.entity, new)
            name.spans.append(entity.span)
            name.surfaces.add(self.text[slice(*entity.span)])
        return names

    @cached_property
    def people(self) -> list[Name]:
        """The people among the names."""
        return [name for name in self.names.values() if name.kind == Kind.PERSON]

    @cached_property
    def turns(self) -> dict[int, Turn]:
        """Turns of a dialogue by block; empty unless the text is one."""
        people = [entity.span for entity in self.entities if entity.label == Label.PERSON]
        return find_turns(self.text, self.sentences, people)

    def within(self, span: Span) -> list[Entity]:
        """Return the names of what can hold claims that lie inside a span."""
        return [entity for entity in self.between(*span) if entity.span[1] <= span[1]]

    def before(self, offset: int) -> Iterator[Name]:
        """Yield the names mentioned before an offset, last first, each once."""
        seen: set[str] = set()
        last = bisect_left(self._speaking_starts, offset) - 1
        for index in range(last, max(last - _LOOKED_AT, -1), -1):
            name = self._speaking[index].entity
            if name not in seen:
                seen.add(name)
                yield self.names[name]

    def between(self, start: int, end: int) -> Sequence[Entity]:
        """Return the names whose mention begins in `[start, end)`."""
        first = bisect_left(self._speaking_starts, start)
        return self._speaking[first : bisect_left(self._speaking_starts, end)]

    def described(self, index: int) -> list[Name]:
        """Return those in a sentence that could speak and have no name (隣家の老人, 調査委員会)."""
        found = self._described.get(index)
        if found is None:
            sentence = self.sentences[index]
            tokens = self.tokens
            first, last = self.token(sentence.start), bisect_left(tokens.start, sentence.end)
            if len(self._described) >= _DESCRIBED:
                self._described.clear()
            found = self._described[index] = []
            for end in range(first + 1, last):
                if tokens.text[end] in _BEHIND_SPEAKER and tokens.tag[end].startswith("助詞"):
                    name = self._description(first, self._before_aside(first, end))
                    if name is not None:
                        found.append(name)
        return found

    def _before_aside(self, first: int, end: int) -> int:
        """Return where the brackets before a token open, the token itself if there are none."""
        words = self.tokens.text
        if words[end - 1] in ("）", ")"):
            for at in range(end - 2, max(first, end - _ASIDE), -1):
                if words[at] in ("（", "("):
                    return at
        return end

    def _description(self, first: int, end: int) -> Name | None:
        """Return the noun phrase before the token `end`, where it can speak and names nobody."""
        tokens = self.tokens
        end -= tokens.text[end - 1] in _HIMSELF
        start = self._nouns(first, end)
        surface = self.text[tokens.start[start] : tokens.start[end]]
        if start == end or surface in ANAPHORS or (len(surface) < 2 and surface not in _WHOLE):
            return None
        kind = role_kind(surface)
        if kind is None:
            return None
        if start > first and tokens.text[start - 1] == "の":
            # A大学などの研究チーム
            of = start - 1 - (start - 2 >= first and tokens.text[start - 2] == "など")
            before = self._nouns(first, of)
            if before < of:
                whose = self.text[tokens.start[before] : tokens.start[start - 1]]
                start = start if _WHOSE.fullmatch(whose) or whose in ANAPHORS else before
        span = self.told(tokens.start[start], tokens.start[end])
        for entity in self.within((tokens.start[start], span[1])):
            # A社の広報 is nobody that is named, 土岐社長 and A社 are.
            behind = self.text[entity.span[1] : span[1]]
            if not behind or (entity.label == Label.PERSON and "の" not in behind):
                return None
        surface = self.text[slice(*span)]
        return Name(surface, kind, [span], {surface})

    def told(self, start: int, end: int) -> Span:
        """Return somebody with the clause that tells who he is, where nothing else does."""
        text = self.text
        if ANYBODY.fullmatch(text, start, end):
            first = self.sentences[self.sentence(start)].start
            clause = _TOLD.search(text, max(first, start - _TOLD_SIZE), start)
            if clause and not _SAYS.search(clause["told"]):
                start = clause.start("told")
        return start, end

    def _nouns(self, first: int, end: int) -> int:
        """Return where the run of nouns before a token begins."""
        tags = self.tokens.tag
        start = end
        while start > first and _NOUN.match(tags[start - 1]):
            start -= 1
        return start

    def sentence(self, offset: int) -> int:
        """Return the index of the sentence that holds an offset (or stands before it)."""
        return bisect_right(self._starts, offset) - 1

    def block(self, offset: int) -> int:
        """Return the paragraph an offset stands in."""
        return self.sentences[self.sentence(offset)].block

    def heading(self, index: int) -> Sentence | None:
        """Return the last heading before a sentence."""
        at = bisect_left(self._headings, index)
        return self.sentences[self._headings[at - 1]] if at else None

    def token(self, offset: int) -> int:
        """Return the token that holds an offset (or the first one after it)."""
        return bisect_left(self.tokens.end, offset + 1)

    def subject_particle(self, span: Span) -> str:
        """Return the particle that makes a mention topic, subject or authority, else ""."""
        found = self._subjects.get(span)
        if found is None:
            match = _SUBJECT.match(self.text, span[1])
            found = self._subjects[span] = match[1] if match else ""
        return found
