"""Who may hold a claim: names, the unnamed holders met before, what the source itself says
(as a name of its own, as owner of a document, as several names), nobody in particular, the writer.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise
from typing import NamedTuple

from ronten.components.claims.asked import POINTS, Asked, Source, is_document
from ronten.components.claims.bodies import Bodies
from ronten.components.claims.document import ANYBODY, NEAR, RECENT, Document, Name
from ronten.components.claims.resembling import Resemblance
from ronten.components.claims.speakers import ANAPHORS, entity_kind, role_kind
from ronten.types import Attribution, Kind, Span

# さん as politeness, not as the end of a word: 会長さん, but おばさん, 奥さん, お母さん.
_SAN = (
    r"(?<![奥皆父母兄姉爺婆嫁])(?<!お[じば客嬢])(?<![じば][いあ])"
    r"(?<!お[っ子坊孫])(?<![かとね][あうえ])(?<!にい)(?<!みな)(?<!おかみ)(?<!お巡り)(?<!手伝い)(?<!相撲)さん"
)
# What politeness adds to a description: 漁協の会長さん, 保護者の方々.
_POLITE = re.compile(rf"(?<=..)(?:{_SAN}|様|の方々?|の皆さん)\Z")
# What only explains a part of a description: A研究所（カナダ）のチーム.
_BRACKETS = re.compile(r"[（(][^（）()]*[）)]")
_EXPLAINED = re.compile(rf"{_BRACKETS.pattern}\Z")
# What a name has that others are with: 土岐氏ら6人.
_BEFORE_OTHERS = re.compile(rf"(?:氏|{_SAN})(?=ら)")
_QUOTED = re.compile(r"[「『“][^「『」』”]*[」』”]")
# What a document is told by and is none of its makers: 8日の裁定書, 壁の貼り紙, その報告書.
_NO_OWNER = re.compile(
    r"(?:[^の]*(?:[0-9０-９一二三四五六七八九十]+(?:[日月期]|年(?:度|代|版)?|月(?:末|[上中下]旬)|回)|第[^の]{1,4}号)(?:付|目)?"
    r"|[翌当昨今前去同先一]+じ?[日朝年月晩夜時週昨]+[末版]?|午[前後]|年[末始]|最[近初後]|今回|前回|[そこあ]|右|左|以下"
    r"|壁|入り?口|玄関|店先|窓|門|塀|裏|表|末尾|冒頭|余白|欄外|巻[頭末]|隅|表紙|帯|駅前?|廊下|受付|机|棚|電柱|会場|場内|車内|ネット|インターネット)\Z"
)
_PAPER = re.compile(r"(?:紙|誌|サイト)\Z")
# What points back at a body, or at somebody of it, is none of the people named.
_BODY_AGAIN = re.compile(
    r"同(?:[^の、。]{0,5}(?:[社局署課部省庁党紙誌校院市町村県都府区国室館園店寺銀行会]|組合|機構|財団|研究所|センター|サイト|通信|放送|連盟|学会|大学?))"
    r"(?:側|広報)?(?:の(?:[^の、。]{0,6}(?:担当者?|責任者|幹部|役員|関係者|職員|社員|広報)))?\Z"
)
# What nobody speaks for: waters, capes, stations.
_NATURE = re.compile(r"(?:湾|海|洋|湖|海峡|岬|灘|駅|空港|半島|山脈)\Z")
# Those round somebody are not himself: 土岐田陣営, 折居氏の陣営.
_CAMP = re.compile(r"[^、]+陣営")
# A party to a dispute is nobody that is named, whoever stands on it.
_PARTY = re.compile(r"(?:弁護|検察|原告|被告|使用者|労働者|経営|労組|野党|与党|賛成|反対)の?側")
_PAIR = re.compile(r"両(?![親替])|二人|2人|２人|双方")
_AND = re.compile(r"(?:氏|さん)?(?:[（(][^（）()]*[）)])?と、?")
# What sort of two is pointed back at: 両社, 両氏, 二人, 両国.
_PAIR_OF = (
    dict.fromkeys("社行", Kind.COMPANY)
    | dict.fromkeys("体会学校", Kind.ORGANIZATION)
    | dict.fromkeys("氏人", Kind.PERSON)
    | dict.fromkeys("国市県町村", Kind.GOVERNMENT)
)
# A pair of one sort, or its document: nobody else is meant, if the text named two of it together.
_THE_TWO = re.compile(r"両(?:社|行|団体|会|大学|校|氏|市|県|町|村)(?:の(?P<of>[^のと、]{2,6}))?")
# Characters before 両社 in which those two are looked for.
_TOGETHER = 300
# What may stand behind a name without making it something else.
_ONLY_NAMED = re.compile(
    r"[」』]?(?:社|側|ら|など|氏|さん|の?(?:各氏|両氏|両者|両社|双方|[0-9０-９一二三四五六七八九]+(?:者|社|氏|団体|大学|党)))?"
)
# Somebody new: 男性（47）.
_NEW = re.compile(r"[（(＝=]")
# Sentences that are looked back over for whom a bare 男性 means, or a document comes from.
_TOLD_OF = 12
_JOINED = re.compile(r"[と、・や]|および|及び|並びに|ならびに|かつ")
# Words of a clause that tells something of whom follows it.
_TOLD = ("動詞", "形容詞", "助動詞")
_CASES = frozenset(["が", "は", "を", "に", "で"])


class Candidate(NamedTuple):
    """Somebody who may be meant.

    `sort`: entity (a name), earlier (an unnamed holder met before), mentioned (somebody unnamed in
    the sentences before), self (the source as it is), owner (of the document that the source
    names), joint, unspecified or author. `names` are those that a joint candidate consists of.
    """

    sort: str
    name: str
    kind: Kind
    mentions: Name | None = None
    names: tuple[tuple[str, Kind], ...] = ()
    proper: bool = False
    """Whether the name is one's own, not a description."""

    @property
    def key(self) -> tuple[str, str]:
        """What is equal for the same holder."""
        voice = self.sort if self.sort in ("unspecified", "author") else ""
        return voice, self.name


@dataclass
class History:
    """The holders of the claims read so far, last one last."""

    keys: list[tuple[str, str]] = field(default_factory=list)
    sentences: list[int] = field(default_factory=list)
    blocks: list[int] = field(default_factory=list)
    held: Counter[tuple[str, str]] = field(default_factory=Counter)
    main: tuple[tuple[str, str], int] = (("", ""), 0)
    """Who has held most claims so far, and how many."""
    unnamed: dict[str, Candidate] = field(default_factory=dict)
    named: list[Candidate] = field(default_factory=list)

    def add(self, document: Document, asked: Asked, candidate: Candidate) -> None:
        """Note who holds the claim read last; nobody in particular is followed up."""
        if candidate.sort == "unspecified":
            return
        sentence = document.sentence(asked.content[0])
        self.keys.append(candidate.key)
        self.sentences.append(sentence)
        self.blocks.append(document.sentences[sentence].block)
        self.held[candidate.key] += 1
        if self.held[candidate.key] > self.main[1]:
            self.main = candidate.key, self.held[candidate.key]
        if candidate.sort in ("self", "owner", "joint", "earlier", "mentioned"):
            earlier = candidate._replace(sort="earlier")
            self.unnamed.pop(candidate.name, None)
            self.unnamed[candidate.name] = earlier
        elif candidate.sort == "entity":
            self.named.append(candidate)


class Candidates:
    """Finds those who may hold the claims of one document."""

    def __init__(self, document: Document, authors: Sequence[str]) -> None:
        self._document = document
        self.resemblance = Resemblance(document)
        self._bodies = Bodies(document)
        self._unspecified = Candidate("unspecified", "", Kind.UNSPECIFIED)
        kind = Kind.PERSON if authors else Kind.ARTICLE_AUTHOR
        self._author = Candidate("author", "、".join(authors), kind)
        people = document.people
        self.most = max(people, key=lambda p: len(p.spans)).name if people else None

    def of(self, asked: Asked, source: Source | None, history: History) -> list[Candidate]:
        """Return who may hold a claim; one alone where its source leaves no doubt."""
        document = self._document
        together = self._together(source) if source is not None else None
        if together is not None and together.proper:
            return [together]
        if source is not None and (name := self._outright(source)) is not None:
            return [_entity(name)]
        if source is not None and (somebody := self._somebody(source)) is not None:
            return [somebody]
        if source is not None and (two := _THE_TWO.fullmatch(source.text)) is not None:
            own = two["of"] is None or source.sort == "document"
            if own and (pair := self._pair(source)):
                return [_joint(pair)]
        if source is not None and (
            _PARTY.fullmatch(source.text) or (source.names and _CAMP.fullmatch(source.text))
        ):
            group = Name(source.text, Kind.GROUP, [source.span], {source.text})
            return [Candidate("self", source.text, Kind.GROUP, group)]
        at = asked.source[0] if asked.source else asked.content[0]
        names = {name.name: name for name in islice(document.before(at), RECENT)}
        end = document.sentences[
            min(document.sentence(asked.content[1]) + 1, len(document.sentences) - 1)
        ].end
        for entity in document.between(at, end):
            names.setdefault(entity.entity, document.names[entity.entity])
        for candidate in history.named[-6:]:
            names.setdefault(candidate.name, document.names[candidate.name])
        if source is not None:
            for name in self.resemblance.names(source):
                names.setdefault(name.name, name)
            names = self._pointed_at(source, names)
        elif self.most:
            names.setdefault(self.most, document.names[self.most])
        found = [
            _entity(name)
            for name in names.values()
            if name.kind != Kind.GOVERNMENT or not _NATURE.search(name.name)
        ]
        known = set(names)
        unnamed = (c for c in reversed(history.unnamed.values()) if c.name not in known)
        found += reversed(list(islice(unnamed, RECENT)))
        known |= {candidate.name for candidate in found}
        if source is None or source.sort not in ("name", "body"):
            found += self._mentioned(asked, source, known)
        if source is not None:
            found += self._from_source(source, known, history)
        if together is not None:
            found.append(together)
        return [*found, self._unspecified, self._author]

    def _pointed_at(self, source: Source, names: dict[str, Name]) -> dict[str, Name]:
        """Return the names that the source may mean if it only points back."""
        if ANAPHORS.get(source.text) == "person":
            return {n: name for n, name in names.items() if name.kind == Kind.PERSON}
        if _BODY_AGAIN.match(source.text):
            names = {n: name for n, name in names.items() if name.kind != Kind.PERSON}
        if source.bare == "同社":
            firms = {n: name for n, name in names.items() if self._bodies.is_firm(name)}
            bodies = {n: name for n, name in names.items() if name.kind == Kind.ORGANIZATION}
            return firms | bodies if firms else names
        return names

    def _outright(self, source: Source) -> Name | None:
        """Return the name that a source is, where it says nothing but this name."""
        inside, text = source.names, self._document.text
        if inside:
            only = (
                len({entity.entity for entity in inside}) == 1
                and inside[0].span[0] == source.span[0]
                and _ONLY_NAMED.fullmatch(text[inside[-1].span[1] : source.span[1]])
            )
            return self._document.names[inside[0].entity] if only else None
        if (body := self._bodies.meant(source)) is not None:
            return body
        if source.kind is not None or source.bare in ANAPHORS or len(source.bare) < 2:
            return None
        # A name that was not seen here, but elsewhere (道祖尾 for 道祖尾匡).
        same = [
            name
            for name in self.resemblance.names(source)
            if source.bare in name.surfaces
            or (name.kind == Kind.PERSON and name.name.startswith(source.bare))
        ]
        return same[0] if len(same) == 1 else None

    def _somebody(self, source: Source) -> Candidate | None:
        """Return whom a bare 男性 means: the last one that the text told of (元従業員の男性)."""
        document, word, span = self._document, source.text, source.span
        if word == "人" or not ANYBODY.fullmatch(word) or _NEW.match(document.text, span[1]):
            return None
        last = document.sentence(span[0])
        for index in range(last, max(last - _TOLD_OF, -1), -1):
            for name in reversed(document.described(index)):
                told = name.name.endswith(word) and name.name != word
                if told and name.spans[0][1] <= span[0]:
                    return Candidate("mentioned", name.name, name.kind, name)
        return None

    def _together(self, source: Source) -> Candidate | None:
        """Return all whom a source of several mentions (AとB); proper where all have names."""
        parts = self._parts(source.span)
        if len(parts) < 2:
            return None
        # A・課長 is one person.
        dotted = "・" in {self._document.text[end : end + 1] for _, end in parts}
        named = 0
        found: list[tuple[str, Kind]] = []
        for start, end in parts:
            text = _EXPLAINED.sub("", self._document.text[start:end])
            end = start + len(text)
            inside = self._document.within((start, end))
            if inside and _ONLY_NAMED.fullmatch(self._document.text[inside[-1].span[1] : end]):
                found.append((inside[-1].entity, entity_kind(inside[-1])))
                named += 1
            elif (body := self._bodies.same(text, start)) is not None:
                found.append((body.name, body.kind))
                named += 1
            elif (kind := role_kind(text)) and text not in ANAPHORS and not dotted:
                found.append((text, kind))
            else:
                return None
        distinct = list(dict.fromkeys(found))
        if len(distinct) < 2:
            return None
        return _joint(distinct)._replace(proper=named == len(parts))

    def _parts(self, span: Span) -> list[Span]:
        """Return the parts of AとB, A、B or AおよびB, without what is told of them before."""
        tokens = self._document.tokens
        first, last = self._document.token(span[0]), bisect_left(tokens.start, span[1])
        text = self._document.text
        whole = [entity.span for entity in self._document.within(span)]
        whole += [match.span() for match in _BRACKETS.finditer(text, *span)]
        inside = {
            at
            for start, end in whole
            for at in range(self._document.token(start), self._document.token(end))
        }
        parts: list[Span] = []
        start = first
        for at in range(first, last + 1):
            if at in inside:
                continue
            joined = at < last and _JOINED.fullmatch(tokens.text[at])
            if at == last or (joined and tokens.text[min(at + 1, last - 1)] != "の"):
                if start < at:
                    end = span[1] if at == last else tokens.start[at]
                    parts.append((max(tokens.start[start], span[0]), end))
                start = at + 1
            elif tokens.tag[at].startswith(_TOLD) or tokens.text[at] in _CASES:
                start = at + 1
        return parts

    def _mentioned(self, asked: Asked, source: Source | None, known: set[str]) -> list[Candidate]:
        """Return those without a name whom the sentences around a claim speak of.

        Behind it only where nothing else tells whose words they are; before it, last first.
        """
        document = self._document
        at = asked.source[0] if asked.source else asked.content[0]
        own = document.sentence(at)
        told = source is not None and source.sort == "document"
        found: dict[str, Candidate] = {}
        if source is None and asked.attribution == Attribution.DIRECT:
            after = document.sentence(asked.content[1] - 1) + 1
            for name in document.described(after)[:1] if after < len(document.sentences) else ():
                if name.name not in known:
                    found[name.name] = Candidate("mentioned", name.name, name.kind, name)
        for index in range(own, max(own - (_TOLD_OF if told else NEAR), -1), -1):
            near = index > own - NEAR  # else whose document it may be
            for name in reversed(document.described(index)):
                new = name.spans[0][0] < at and name.name not in known
                several = near or name.kind != Kind.PERSON
                if new and several and (not told or _makes_documents(name.name)):
                    found.setdefault(name.name, Candidate("mentioned", name.name, name.kind, name))
        return list(islice(found.values(), RECENT // 2))

    def _from_source(self, source: Source, known: set[str], history: History) -> list[Candidate]:
        found = []
        side = source.text.endswith("側") and source.kind in (Kind.GOVERNMENT, Kind.COMPANY)
        # The side of a town is the town (町側); that of the defence is its own (弁護側).
        bare = source.sort == "name" or side
        name = source.bare if bare else _POLITE.sub("", source.text)
        name = _BEFORE_OTHERS.sub("", _BRACKETS.sub("", name) or name)
        if _QUOTED.fullmatch(name):
            name = name[1:-1]
        name = self._bodies.whose(name, source)
        kind = role_kind(source.bare) or role_kind(source.text) or Kind.GROUP
        if source.sort == "name":
            kind = Kind.PERSON
        if source.sort == "body":
            kind = entity_kind(source.names[-1])
        mention = Name(name, kind, [source.span], {source.text})
        owner = self._owner(source.text) if source.sort == "document" else ""
        # Who is behind a document holds what it says, if the text tells; a paper speaks for itself.
        if not owner and (source.sort != "document" or not known or _PAPER.search(source.text)):
            proper = source.sort in ("name", "body")
            found.append(Candidate("self", name, kind, mention, proper=proper))
        if owner and owner not in known:
            kind = role_kind(owner) or Kind.GROUP
            mention = Name(owner, kind, [source.span], {owner})
            found.append(Candidate("owner", owner, kind, mention))
        if _PAIR.match(source.text):
            recent = history.named[-RECENT:]
            last = list(dict.fromkeys((c.name, c.kind) for c in reversed(recent)))[:2]
            pair = last[::-1] if len(last) == 2 else self._pair(source)
            if pair:
                found.append(_joint(pair))
        return found

    @staticmethod
    def _owner(document: str) -> str:
        """Return whose document a source names, empty if it does not tell."""
        owner = document.rpartition("の")[0]
        while owner and _NO_OWNER.fullmatch(owner.rpartition("の")[2]):
            owner = owner.rpartition("の")[0]
        owner = owner.strip("「」『』“”")
        return "" if owner in ANAPHORS or POINTS.match(owner) else owner

    def _pair(self, source: Source) -> list[tuple[str, Kind]]:
        """Return the last two of a kind that the text names together before a source (AとB)."""
        text, at = self._document.text, source.span[0]
        kind = next((k for sign, k in _PAIR_OF.items() if sign in source.text), None)
        named = self._document.between(at - _TOGETHER, at)
        if kind is not None:
            named = [entity for entity in named if entity_kind(entity) == kind]
        for one, other in reversed([*pairwise(named)]):
            same = entity_kind(one)
            joined = _AND.fullmatch(text, one.span[1], other.span[0])
            alike = entity_kind(other) == same and kind in (None, same)
            if joined and alike and one.entity != other.entity:
                return [(one.entity, same), (other.entity, same)]
        return []


def _makes_documents(name: str) -> bool:
    """Whether a document may come from this: from a paper, not from 2,914人 or another document."""
    return not name[:1].isdigit() and (not is_document(name) or _PAPER.search(name) is not None)


def _entity(name: Name) -> Candidate:
    return Candidate("entity", name.name, name.kind, name, proper=True)


def _joint(names: Sequence[tuple[str, Kind]]) -> Candidate:
    label = "、".join(name for name, _ in names)
    return Candidate("joint", label, names[0][1], names=tuple(names), proper=True)
