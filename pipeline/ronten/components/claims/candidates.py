"""Who may hold a claim: the candidates of one claim with the features that tell them apart.

Candidates are the names in the text, the unnamed holders met before, what the source itself says
(as a name of its own, as owner of a document, as several names), nobody in particular, and the
writer. `ranking.Ranker` weighs the features; `ronten.train.holders` learns the weights.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice, pairwise
from typing import NamedTuple

from ronten.components.claims.document import ANYBODY, Document, Name, holding
from ronten.components.claims.speakers import (
    ANAPHORS,
    DOCUMENTS,
    entity_kind,
    person_role,
    role_kind,
)
from ronten.components.mentions.orgs import PAPERS
from ronten.types import Attribution, Claim, Entity, Kind, Label, Span

# Names before a claim that are looked at; further ones only where the source resembles them.
_RECENT = 12
_RESEMBLING = 300
# Characters within which a role stands beside a name.
_CALLED = 24
# Sentences whose unnamed people and bodies are looked at, that of the claim included.
_MENTIONED = 3
# Distances whose features are kept; few different ones occur.
_KEPT = 4_096

# さん as politeness, not as the end of a word: 会長さん, but おばさん, 奥さん, お母さん.
_SAN = (
    r"(?<![奥皆父母兄姉爺婆嫁])(?<!お[じば客嬢])(?<![じば][いあ])"
    r"(?<!お[っ子坊孫])(?<![かとね][あうえ])(?<!にい)(?<!みな)(?<!おかみ)(?<!お巡り)(?<!手伝い)(?<!相撲)さん"
)
_HONORIFIC = re.compile(r"(?:氏|さん|君|様|殿|ちゃん|先生)?(?:ら|たち|側)?\Z")
# What politeness adds to a description: 漁協の会長さん, 保護者の方々.
_POLITE = re.compile(rf"(?<=..)(?:{_SAN}|様|の方々?|の皆さん)\Z")
# What only explains a part of a description: A研究所（カナダ）のチーム.
_BRACKETS = re.compile(r"[（(][^（）()]*[）)]")
# What a name has that others are with: 土岐氏ら6人.
_BEFORE_OTHERS = re.compile(rf"(?:氏|{_SAN})(?=ら)")
_SIDE = re.compile(r"(?:側|当局|当事者|事務局|本社)\Z")
_QUOTED = re.compile(r"[「『“][^「『」』”]*[」』”]")
_DOCUMENT = re.compile(
    "(?:"
    + "|".join(sorted(DOCUMENTS, key=len, reverse=True))
    + r"|書|案|文|(?<!代)表|論|誌|紙|録|版|稿|条例|要綱|判決|決定|通知|週報|要望|提言|アンケート"
    r"|聞き取り|調べ|言い分|サイト|サイト上|データ|見出し|手紙|便り|ノート|FAQ|社史|年史|アドバイザリー|遺言状"
    r"|理由|自由記述|論説|コラム|月評|時評|書評|投書|記録|想定|メッセージ|科学欄|投書欄|本文|後書き|あとがき|後記"
    r"|[県市町郡]史|(?<![中田木西上下野今奥河川])村史|手帳|帳面|過去帳|案内板|立て札|標語|掲示|横断幕|遺言|書き込み|注記|まえがき)\Z"
)
# What a document is told by and is none of its makers: 8日の裁定書, 壁の貼り紙, その報告書.
_NO_OWNER = re.compile(
    r"(?:[^の]*(?:[0-9０-９一二三四五六七八九十]+(?:[日月期]|年(?:度|代|版)?|月(?:末|[上中下]旬)|回)|第[^の]{1,4}号)(?:付|目)?"
    r"|[翌当昨今前去同先一]+じ?[日朝年月晩夜時週昨]+[末版]?|午[前後]|年[末始]|最[近初後]|今回|前回|[そこあ]|右|左|以下"
    r"|壁|入り?口|玄関|店先|窓|門|塀|裏|表|末尾|冒頭|余白|欄外|巻[頭末]|隅|表紙|帯|駅前?|廊下|受付|机|棚|電柱|会場|場内|車内|ネット|インターネット)\Z"
)
_PAPER = re.compile(r"(?:紙|誌|サイト)\Z")
# Somebody of a person (Aさんの同僚, A氏の事務所の担当者) is another one.
_OF_SOMEBODY = re.compile(r"[^、]*の.")
_SPOKEN_OF = frozenset(
    ["entity", "earlier", "mentioned"]
)  # sorts that the text speaks of elsewhere
# Words that point back, without those that only look like it (同僚, 当局, 両親).
_POINTS = re.compile(
    r"同(?![僚級窓郷胞業期志行居席意一様盟時])|両(?![親替立手])|当(?![局事番人選初然主面])の?"
    r"|この(?!ため|うち)|その(?!他|うち|ため|後)|こちら|そちら"
)
# What 同 makes of a sort of body; 同社 may mean any firm, and 同国 no holder.
_SAME_BODY = re.compile(r"同(?P<sort>[^社国氏人者年日月の、。]{1,8}|新聞社|通信社)")
# Sorts that bodies of any name are of.
_ANY_BODY = frozenset("団体 組織 機関".split())
_SCHOOL = re.compile(r"(?:大学|学校|学院|学園|高校|病院)\Z")
_OF_SAME_BODY = re.compile(
    r"同(?P<sort>社|[^社国氏人者年日月の、。]{1,6}(?=の))の?"
    r"(?P<who>(?:広報|営業|採用|人事|購買|開発|[^の]{1,10}部の?)?(?:担当者?|責任者|幹部|役員|関係者|職員|社員)"
    r"|広報[部室課]?|[^の同]{1,8}部|副?[署校園館院所局]長|関係筋)"
)
# How names of a sort may end, beside the word for the sort.
_SORT_ENDS = {
    "紙": f"{PAPERS}|タイムス|タイムズ|ポスト|",
    "局": "放送|テレビ|ラジオ|",
    "署": "警察署|",
    "校": "学校|高専|",
    "大": "大学|",
    "院": "病院|医院|",
    "市教委": "教育委員会|",
    "電鉄": "電気鉄道|鉄道|",
    "鉄道": "電鉄|",
    "球団": "ズ|",
}
# What points back at a body, or at somebody of it, is none of the people named.
_BODY_AGAIN = re.compile(
    r"同(?:[^の、。]{0,5}(?:[社局署課部省庁党紙誌校院市町村県都府区国室館園店寺銀行会]|組合|機構|財団|研究所|センター|サイト|通信|放送|連盟|学会|大学?))"
    r"(?:側|広報)?(?:の(?:[^の、。]{0,6}(?:担当者?|責任者|幹部|役員|関係者|職員|社員|広報)))?\Z"
)
# Sorts of which a text that names one means that one.
_SORTS = frozenset("球団 事務所 機構 楽団 劇団 財団 協会 連盟 学会".split())
# Who issues what courts read and write.
_COURTS = re.compile(r"(?:地裁|高裁|最高裁|裁判所)\Z")
_ISSUED_BY = {
    "起訴状": re.compile(r"(?:地検|高検|検察庁|検察|特捜部)\Z"),
    "判決": _COURTS,
    "判決文": _COURTS,
}
# Names that only end like one of another sort.
_OTHER_ENDS = re.compile(r"(?:国会|議会|・タイムズ)\Z")
_PRESS = re.compile(rf"(?:{PAPERS}|速報|通信|ニュース)\Z")
# What nobody speaks for: waters, capes, stations.
_NATURE = re.compile(r"(?:湾|海|洋|湖|海峡|岬|灘|駅|空港|半島|山脈)\Z")
_TELLS = re.compile(r"報じ|伝え|報道|によ[るれ]")
_LOOKED_BACK = 40
_MEANT = {"person": Kind.PERSON, "company": Kind.COMPANY, "group": Kind.GROUP}
# Those round somebody are not himself: 土岐田陣営, 折居氏の陣営.
_CAMP = re.compile(r"[^、]+陣営")
# A party to a dispute is nobody that is named, whoever stands on it.
_PARTY = re.compile(r"(?:弁護|検察|原告|被告|使用者|労働者|経営|労組|野党|与党|賛成|反対)の?側")
_PAIR = re.compile(r"両(?![親替])|二人|2人|２人|双方")
_AND = re.compile(r"(?:氏|さん)?(?:[（(][^（）()]*[）)])?と、?")
# What sort of two is pointed back at: 両社, 両氏, 二人, 両国.
_PAIR_OF = (
    {"社": Kind.COMPANY}
    | dict.fromkeys("氏人", Kind.PERSON)
    | dict.fromkeys("国市県町村", Kind.GOVERNMENT)
)
# Characters before 両社 in which those two are looked for.
_TOGETHER = 300
# Whoever is told like this was not spoken of before.
_INDEFINITE = re.compile(
    r"とある|ある(?!い)|或る|別の|他の|ほかの|もう一[人つ]|複数|一部|若い|匿名"
)
_KANJI = re.compile("[一-鿿]+")
# What may stand behind a name without making it something else.
_ONLY_NAMED = re.compile(r"[」』]?(?:社|側|ら|など|氏|さん|(?:の)?(?:各氏|両氏|両者|両社|双方))?")
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
_HIS_WORK = re.compile(r"(?:による|の)?『")
_WRITERS = frozenset(["著者", "作者"])
# Somebody new: 男性（47）.
_NEW = re.compile(r"[（(＝=]")
# Sentences that are looked back over for whom a bare 男性 means, or a document comes from.
_TOLD_OF = 12
_GENDERED = frozenset("彼 彼女 男性 女性 男 女".split())
_FEMALE = re.compile(
    r"(?:[子美恵江代枝香奈菜花里穂帆乃莉沙紗咲絵理佳加緒織音希]|女性?|妻|母親?|娘|姉|妹|夫人|女史|嬢|婆さん|主婦)\Z"
)
_MALE = re.compile(
    r"(?:[郎男夫雄彦介助太平一二三司治志樹輝之史哉弘博朗人]|男性?|父親?|息子|兄|弟|爺さん)\Z"
)
_JOINED = re.compile(r"[と、・や]|および|及び|並びに|ならびに|かつ")
# Words of a clause that tells something of whom follows it.
_TOLD = ("動詞", "形容詞", "助動詞")
_CASES = frozenset(["が", "は", "を", "に", "で"])
_PUBLISHED = re.compile(r"まとめ|発表|公表|出し|作成|提出|公開|寄せ|書い|刊行")
_IN_BRACKETS = re.compile(r"[^（()）]*[)）]")
_PASSIVE = ("れ", "られ", "れる", "られる")
_HEARSAY = frozenset(["という", "とい", "いう", "そう", "とのこと", "とか"])
_PARTICLES = frozenset(["が", "の", "も", "だ", "です", "を", "に", "は", "で", "と"])


class Asked(NamedTuple):
    """What is known of a claim whose holder is asked for."""

    content: Span
    cue: Span | None
    source: Span | None
    attribution: Attribution
    turn: bool = False
    """Whether it is said in a turn of a dialogue."""

    @classmethod
    def of(cls, document: Document, claim: Claim) -> Asked:
        """Return what is known of a claim that is given; what a turn says is direct."""
        content = claim.content[0][0], claim.content[-1][1]
        turn = document.block(content[0]) in document.turns
        attribution = Attribution.DIRECT if turn else claim.attribution
        return cls(content, claim.cue, claim.source, attribution, turn)


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


class Question(NamedTuple):
    """The candidates of a claim, the features of each, and the contexts of the choice."""

    contexts: tuple[str, ...]
    candidates: list[Candidate]
    features: list[list[str]]


class Asker:
    """Puts the question who holds a claim, for the claims of one document in text order."""

    def __init__(self, document: Document, authors: Sequence[str]) -> None:
        self.document = document
        self.unspecified = Candidate("unspecified", "", Kind.UNSPECIFIED)
        kind = Kind.PERSON if authors else Kind.ARTICLE_AUTHOR
        self.author = Candidate("author", "、".join(authors), kind)
        people = document.people
        self._first = people[0].name if people else None
        self._most = max(people, key=lambda p: len(p.spans)).name if people else None
        self._only = len(people) == 1
        self._signed = bool(authors)
        self._labels = {turn.label[0] for turn in document.turns.values() if turn.label}
        self._called: dict[str, frozenset[str]] = {}
        self._like: dict[str, list[Name]] = {}
        self._contents: list[Span] = []

    def hear(self, contents: Iterable[Span]) -> None:
        """Learn what is said in the document: fragments of reported contents."""
        self._contents = sorted(contents)

    def ask(self, asked: Asked, history: History) -> Question:
        """Return the candidates for a claim with their features."""
        source = _Source.of(self.document, asked.source)
        candidates = self._candidates(asked, source, history)
        word, report = self._report(asked)
        sort = source.sort if source else "none"
        contexts: tuple[str, ...] = ("", sort, f"{report} {asked.attribution}")
        if source is None:
            contexts += (f"none {report}",)
        elif _INDEFINITE.match(source.text):
            contexts += (f"{sort} indefinite",)
        place = _Place(self.document, asked, candidates)
        features = []
        for candidate, last in zip(candidates, place.lasts, strict=True):
            found = [f"sort={candidate.sort}", f"kind={candidate.kind}"]
            if source is not None:
                self._resemblance(found, candidate, source, place)
            self._position(found, candidate, last, asked, place)
            self._past(found, candidate, history, place)
            if candidate.sort in ("unspecified", "author"):
                found.append(f"{candidate.sort} cue={word}")
            features.append(found)
        return Question(contexts, candidates, features)

    # Candidates ---------------------------------------------------------------------------------

    def _candidates(
        self, asked: Asked, source: _Source | None, history: History
    ) -> list[Candidate]:
        document = self.document
        together = self._together(source) if source is not None else None
        if together is not None and together.proper:
            return [together]
        if source is not None and (name := self._outright(source)) is not None:
            return [_entity(name)]
        if source is not None and (somebody := self._somebody(source)) is not None:
            return [somebody]
        if source is not None and (
            _PARTY.fullmatch(source.text) or (source.names and _CAMP.fullmatch(source.text))
        ):
            group = Name(source.text, Kind.GROUP, [source.span], {source.text})
            return [Candidate("self", source.text, Kind.GROUP, group)]
        at = asked.source[0] if asked.source else asked.content[0]
        names = {name.name: name for name in islice(document.before(at), _RECENT)}
        end = document.sentences[
            min(document.sentence(asked.content[1]) + 1, len(document.sentences) - 1)
        ].end
        for entity in document.between(at, end):
            names.setdefault(entity.entity, document.names[entity.entity])
        for candidate in history.named[-6:]:
            names.setdefault(candidate.name, document.names[candidate.name])
        if source is not None:
            for name in self._resembling(source):
                names.setdefault(name.name, name)
        elif self._most:
            names.setdefault(self._most, document.names[self._most])
        if source is not None and _BODY_AGAIN.match(source.text):
            names = {n: name for n, name in names.items() if name.kind != Kind.PERSON}
        if source is not None and source.bare == "同社":
            firms = {n: name for n, name in names.items() if not self._prints(name)}
            names = firms if any(n.kind == Kind.COMPANY for n in firms.values()) else names
        found = [
            _entity(name)
            for name in names.values()
            if name.kind != Kind.GOVERNMENT or not _NATURE.search(name.name)
        ]
        known = set(names)
        unnamed = (c for c in reversed(history.unnamed.values()) if c.name not in known)
        found += reversed(list(islice(unnamed, _RECENT)))
        known |= {candidate.name for candidate in found}
        if source is None or source.sort not in ("name", "body"):
            found += self._mentioned(asked, known)
        if source is not None:
            found += self._from_source(source, known, history)
        if together is not None:
            found.append(together)
        return [*found, self.unspecified, self.author]

    def _prints(self, name: Name) -> bool:
        """Whether a firm is a newspaper or an agency, which 同社 does not mean beside others."""
        text = self.document.text
        return _PRESS.search(name.name) is not None or any(
            text[end : end + 1] in ("』", "紙") for _, end in name.spans
        )

    def _outright(self, source: _Source) -> Name | None:
        """Return the name that a source is, where it says nothing but this name."""
        inside, text = source.names, self.document.text
        if inside:
            only = (
                len({entity.entity for entity in inside}) == 1
                and inside[0].span[0] == source.span[0]
                and _ONLY_NAMED.fullmatch(text[inside[-1].span[1] : source.span[1]])
            )
            return self.document.names[inside[0].entity] if only else None
        if (body := self._same_body(source)) is not None:
            return body
        if source.kind is not None or source.bare in ANAPHORS or len(source.bare) < 2:
            return None
        # A name that was not seen here, but elsewhere (道祖尾 for 道祖尾匡).
        same = [
            name
            for name in self._resembling(source)
            if source.bare in name.surfaces
            or (name.kind == Kind.PERSON and name.name.startswith(source.bare))
        ]
        return same[0] if len(same) == 1 else None

    def _somebody(self, source: _Source) -> Candidate | None:
        """Return whom a bare 男性 means: the last one that the text told of (元従業員の男性)."""
        document, word, span = self.document, source.text, source.span
        if word == "人" or not ANYBODY.fullmatch(word) or _NEW.match(document.text, span[1]):
            return None
        last = document.sentence(span[0])
        for index in range(last, max(last - _TOLD_OF, -1), -1):
            for name in reversed(document.described(index)):
                told = name.name.endswith(word) and name.name != word
                if told and name.spans[0][1] <= span[0]:
                    return Candidate("mentioned", name.name, name.kind, name)
        return None

    def _of_body(self, name: str, source: _Source) -> str:
        """Return 同社の担当者 with the name of the firm that is meant, if only one can be."""
        of = _OF_SAME_BODY.fullmatch(name)
        if of is None:
            return name
        if of["sort"] == "社":
            body = self._acting(Kind.COMPANY, source.span[0])
        else:
            body = self._of_sort(of["sort"], source.span[0])
        return f"{body.name}の{of['who']}" if body else name

    def _acting(self, kind: Kind, at: int) -> Name | None:
        """Return the only one of a kind that is a subject in the last sentence with such a one."""
        found: dict[str, Name] = {}
        last = -1
        for name in islice(self.document.before(at), _RECENT):
            span = name.last_before(at)
            if name.kind != kind or span is None or not self._acts(span):
                continue
            sentence = self.document.sentence(span[0])
            if last < 0 or sentence == last:
                last, found[name.name] = sentence, name
        return next(iter(found.values())) if len(found) == 1 else None

    def _acts(self, span: Span) -> bool:
        """Whether a mention is a subject, and of more than of reporting."""
        text = self.document.text
        behind = text[span[1] : span[1] + 40].partition("。")[0]
        return bool(self.document.subject_particle(span)) and not _TELLS.search(behind)

    def _same_body(self, source: _Source) -> Name | None:
        """Return the body that 同鉄道, 同紙, 会社 or a bare 球団 means."""
        at = source.span[0]
        before = islice(self.document.before(at), _LOOKED_BACK)
        if (issuer := _ISSUED_BY.get(source.text)) is not None:
            return next((name for name in before if issuer.search(name.name)), None)
        if source.bare == "会社":
            return self._firm(at)
        if same := _SAME_BODY.fullmatch(source.text):
            body = self._of_sort(same["sort"], at)
            if body is None and same["sort"] in _ANY_BODY:
                bodies = (name for name in before if name.kind == Kind.ORGANIZATION)
                body = next((name for name in bodies if not _SCHOOL.search(name.name)), None)
            return body
        return self._of_sort(source.text, at) if source.text in _SORTS else None

    def _firm(self, at: int) -> Name | None:
        """Return the firm that 会社 means: the only one named, or the one that acted last."""
        own = self.document.sentence(at)
        near = range(max(0, own - _MENTIONED + 1), own + 1)
        others = (name for index in near for name in self.document.described(index))
        if any(n.kind == Kind.COMPANY and n.name != "会社" and n.spans[0][0] < at for n in others):
            return None  # 父の会社
        firms = [
            name
            for name in self.document.names.values()
            if name.kind == Kind.COMPANY
            and not name.product
            and name.last_before(at)
            and not self._prints(name)
        ]
        return firms[0] if len(firms) == 1 else self._acting(Kind.COMPANY, at)

    def _of_sort(self, sort: str, at: int) -> Name | None:
        """Return the body of a sort that was subject last before an offset; a paper needs not be.

        It is by the end of its name, or by the word in front of it (芸能事務所「X」).
        """
        text = self.document.text
        ending = re.compile(rf"(?:{_SORT_ENDS.get(sort, '')}{re.escape(sort)})\Z")
        called = re.compile(rf"{re.escape(sort)}(?:の|、)?[「『]?\Z")
        for name in islice(self.document.before(at), _LOOKED_BACK):
            if name.kind == Kind.PERSON or _OTHER_ENDS.search(name.name):
                continue
            spans = [span for span in name.spans if span[0] < at]
            paper = sort == "紙" and any(text[end : end + 1] == "』" for _, end in spans)
            if (
                paper
                or any(called.search(text, max(0, b - len(sort) - 2), b) for b, _ in spans)
                or (ending.search(name.name) and (sort == "紙" or any(map(self._acts, spans))))
            ):
                return name
        return None

    def _together(self, source: _Source) -> Candidate | None:
        """Return all whom a source of several mentions (AとB); proper where all have names."""
        parts = self._parts(source.span)
        if len(parts) < 2:
            return None
        # A・課長 is one person.
        dotted = "・" in {self.document.text[end : end + 1] for _, end in parts}
        named = 0
        found: list[tuple[str, Kind]] = []
        for start, end in parts:
            inside = self.document.within((start, end))
            text = self.document.text[start:end]
            if inside and _ONLY_NAMED.fullmatch(self.document.text[inside[-1].span[1] : end]):
                found.append((inside[-1].entity, entity_kind(inside[-1])))
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
        tokens = self.document.tokens
        first, last = self.document.token(span[0]), bisect_left(tokens.start, span[1])
        inside = {
            at
            for entity in self.document.within(span)
            for at in range(
                self.document.token(entity.span[0]), self.document.token(entity.span[1])
            )
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

    def _mentioned(self, asked: Asked, known: set[str]) -> list[Candidate]:
        """Return those without a name whom the sentences around a claim speak of.

        Behind it only where nothing else tells whose words they are; before it, last first.
        """
        document = self.document
        at = asked.source[0] if asked.source else asked.content[0]
        own = document.sentence(at)
        told = is_document(document.text[slice(*asked.source)]) if asked.source else False
        found: dict[str, Candidate] = {}
        if asked.source is None and asked.attribution == Attribution.DIRECT:
            after = document.sentence(asked.content[1] - 1) + 1
            for name in document.described(after)[:1] if after < len(document.sentences) else ():
                if name.name not in known:
                    found[name.name] = Candidate("mentioned", name.name, name.kind, name)
        for index in range(own, max(own - (_TOLD_OF if told else _MENTIONED), -1), -1):
            near = index > own - _MENTIONED  # else whose document it may be
            for name in reversed(document.described(index)):
                counted = told and name.name[:1].isdigit()  # 完走した2,914人
                maker = not (told and is_document(name.name))  # a document comes from somebody
                several = near or name.kind != Kind.PERSON
                new = name.spans[0][0] < at and name.name not in known
                if new and maker and several and not counted:
                    found.setdefault(name.name, Candidate("mentioned", name.name, name.kind, name))
        return list(islice(found.values(), _RECENT // 2))

    def _from_source(self, source: _Source, known: set[str], history: History) -> list[Candidate]:
        found = []
        side = source.text.endswith("側") and source.kind in (Kind.GOVERNMENT, Kind.COMPANY)
        # The side of a town is the town (町側); that of the defence is its own (弁護側).
        bare = source.sort == "name" or side
        name = source.bare if bare else _POLITE.sub("", source.text)
        name = _BEFORE_OTHERS.sub("", _BRACKETS.sub("", name) or name)
        if _QUOTED.fullmatch(name):
            name = name[1:-1]
        name = self._of_body(name, source)
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
            recent = history.named[-_RECENT:]
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
        return "" if owner in ANAPHORS or _POINTS.match(owner) else owner

    def _pair(self, source: _Source) -> list[tuple[str, Kind]]:
        """Return the last two of a kind that the text names together before a source (AとB)."""
        text, at = self.document.text, source.span[0]
        named = self.document.between(at - _TOGETHER, at)
        kind = next((k for sign, k in _PAIR_OF.items() if sign in source.text), None)
        for one, other in reversed([*pairwise(named)]):
            same = entity_kind(one)
            joined = _AND.fullmatch(text, one.span[1], other.span[0])
            alike = entity_kind(other) == same and kind in (None, same)
            if joined and alike and one.entity != other.entity:
                return [(one.entity, same), (other.entity, same)]
        return []

    # Features -----------------------------------------------------------------------------------

    def _report(self, asked: Asked) -> tuple[str, str]:
        """Return the reporting word and what sort it is."""
        if asked.cue is None:
            return "", "turn" if asked.turn else "no cue"
        document, tokens = self.document, self.document.tokens
        first = document.token(asked.cue[0])
        last = bisect_left(tokens.start, asked.cue[1])
        norms, tags = tokens.norm[first:last], tokens.tag[first:last]
        open_words = [
            norm for norm, tag in zip(norms, tags, strict=True) if not tag.startswith(("助", "補"))
        ]
        surface = document.text[slice(*asked.cue)]
        after = tokens.norm[last] if last < len(tokens.norm) else ""
        word = "".join(open_words) or surface
        if surface.endswith(_PASSIVE) or "れる" in norms:
            return word, "passive"
        if not open_words or surface in _HEARSAY:
            return word, "hearsay"
        if all(tag.startswith("名詞") for tag in tags):
            if after in ("為る", "為さる", "致す", "。", ""):
                return word, "verbal noun"
            return word, f"noun {after if after in _PARTICLES else ''}"
        return word, "verb"

    def _resemblance(
        self, found: list[str], candidate: Candidate, source: _Source, place: _Place
    ) -> None:
        """What the words of the source say of a candidate."""
        text, mentions = self.document.text, candidate.mentions
        if candidate.sort == "self":
            self._itself(found, source, place)
            found.append(f"self joint={any(c.sort == 'joint' for c in place.candidates)}")
        if candidate.sort == "joint":
            found.append(f"joint {_POINTS.match(source.text) is not None}")
        if candidate.sort == "entity" and mentions is not None:
            inside = [e.span for e in source.names if e.entity == candidate.name]
            if inside:
                start, end = inside[0]
                where = (
                    "whole" if (start, end) == source.span
                    else "start" if start == source.span[0]
                    else "end" if inside[-1][1] == source.span[1]
                    or text[end : source.span[1]] in ("氏", "さん")
                    else "middle"
                )  # fmt: skip
                rest = text[end : source.span[1]]
                found += ["in source", f"in source {where}"]
                found.append(f"in source {where} {rest[:1]}")
                if len(rest) < 6:
                    found.append(f"in source before {rest}")
                return
        if candidate.sort not in _SPOKEN_OF or mentions is None:
            return
        likeness = _likeness(source, mentions)
        if likeness:
            found.append(f"like={likeness}")
        if source.bare in _GENDERED:
            found.append(f"gender={_gender(candidate.name) or '?'} of {source.bare}")
        if source.kind is not None:
            found.append(f"fits={source.kind == candidate.kind} like={likeness}")
        if candidate.sort == "entity" and candidate.kind == Kind.PERSON:
            called = self._in_role(source)
            if candidate.name in called:
                only = len(called) == 1
                found += [
                    "in role",
                    f"in role rank={place.rank(candidate)}",
                    f"in role bare={source.bare == source.role} only={only}",
                ]
            if any(
                str(role["person"]) == candidate.name
                and (
                    source.text.endswith(str(role["role"]))
                    or str(role["role"]).endswith(source.bare)
                )
                for role in self.document.roles
            ):
                found.append("role known")
        if source.sort == "document":
            self._published(found, mentions, source)

    def _itself(self, found: list[str], source: _Source, place: _Place) -> None:
        text = source.text
        if len(text) < 5:
            found.append(f"self={text}")
        found += [
            f"self ends {text[-1:]}",
            f"self ends {text[-2:]}",
            f"self size={_bucket(len(text) // 2)}",
            f"self of={'の' in text}",
        ]
        if source.sort == "name":
            person = next(e for e in reversed(source.names) if e.label == Label.PERSON)
            found.append(f"self covered={person.span[0] == source.span[0]}")
        same = any(
            source.bare in c.mentions.surfaces or source.bare == c.name
            for c in place.candidates
            if c.sort == "entity" and c.mentions is not None
        )
        found.append(f"self named={same}")
        longer = sum(
            c.kind != Kind.PERSON and c.name != source.bare and c.name.endswith(source.bare)
            for c in place.candidates
            if c.sort in ("entity", "earlier")
        )
        found.append(f"self longer={min(longer, 2)} size={_bucket(len(source.bare))}")
        taken = min(len(self._in_role(source)), 2)
        found += [
            f"self role taken={taken}",
            f"self role taken={taken} bare={source.bare == source.role}",
        ]

    def _resembling(self, source: _Source) -> list[Name]:
        """The names that the words of a source may mean, wherever they stand."""
        found = self._like.get(source.text)
        if found is None:
            called = self._in_role(source)
            found = self._like[source.text] = [
                name
                for name in islice(self.document.names.values(), _RESEMBLING)
                if name.name in called or _likeness(source, name) is not None
            ]
        return found

    def _in_role(self, source: _Source) -> frozenset[str]:
        """The people whom the text calls what the source says (A学長, 学長のA, A氏（学長）)."""
        found = self._called.get(source.role)
        if found is None:
            text, document = self.document.text, self.document
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
        return found

    def _published(self, found: list[str], mentions: Name, source: _Source) -> None:
        noun = source.text.rpartition("の")[2][-4:]
        text = self.document.text
        for start, end in mentions.spans:
            if start >= source.span[0]:
                return
            sentence = text[end : end + 200].partition("。")[0]
            if _IN_BRACKETS.match(sentence):
                continue
            after = sentence[:40]
            if after.startswith("の") and noun in after[:20]:
                found.append("owns document")
            if _PUBLISHED.search(after) or f"{noun}を" in sentence:
                found.append("published")
                return

    def _position(
        self,
        found: list[str],
        candidate: Candidate,
        last: Span | None,
        asked: Asked,
        place: _Place,
    ) -> None:
        """Where the text mentions a candidate, seen from the claim."""
        document = self.document
        if candidate.sort == "author":
            found.append(f"signed={self._signed}")
        if candidate.sort not in _SPOKEN_OF or candidate.mentions is None:
            return
        mentions = candidate.mentions
        if candidate.sort == "mentioned":
            found.append(f"mentioned rank={place.mentioned(candidate)}")
        if place.heading and (named := mentions.first_from(place.heading.start)):
            found.append(f"heading={named[0] < place.heading.end}")
        if last is None:
            found.append("new")
        else:
            if holding(self._contents, last[0]):  # in what somebody says
                found += ["told", f"told rank={place.rank(candidate)}"]
            sentence = document.sentence(last[0])
            found += _mentioned_before(
                _bucket(place.sentence - sentence),
                document.sentences[sentence].block == place.block,
                document.subject_particle(last),
                place.rank(candidate),
                place.topic(candidate),
            )
        following = mentions.first_from(asked.source[1] if asked.source else place.at)
        if following is not None:
            apart_after = document.sentence(following[0]) - place.sentence
            if apart_after <= 1:
                found.append(f"after={apart_after} {document.subject_particle(following)}")
        if candidate.sort == "entity":
            if mentions.product:
                found.append("product")
            found.append(f"mentions={_bucket(len(mentions.spans))}")
            if candidate.kind == Kind.PERSON and self._only:
                found.append("only person")
            if candidate.name == self._first:
                found.append("first person")
            if candidate.name == self._most:
                found.append("most mentioned")
            if candidate.name in document.title:
                found.append("in title")

    @staticmethod
    def _past(found: list[str], candidate: Candidate, history: History, place: _Place) -> None:
        """What a candidate has held so far."""
        key = candidate.key
        found.append(f"held={_bucket(history.held[key])}")
        if not history.keys:
            found.append("no history")
            return
        main, times = history.main
        if main == key:
            found.append(f"main={_bucket(times)}")
        if candidate.sort == "unspecified":
            found.append(f"others main={_bucket(times)}")
        if history.keys[-1] == key:
            apart, block = place.behind(history)
            found += [
                "last",
                f"last apart={apart}",
                f"last block={block}",
                f"last {place.attribution}",
            ]
        elif len(history.keys) > 1 and history.keys[-2] == key:
            found.append(f"last but one apart={_bucket(place.own - history.sentences[-2])}")
        if candidate.sort == "unspecified":
            apart, block = place.behind(history)
            found.append(f"since last={apart} {block}")


@lru_cache(_KEPT)
def _mentioned_before(
    apart: str, block: bool, particle: str, rank: str, topic: str
) -> tuple[str, ...]:
    """Say how far before the claim a candidate was mentioned last, and how."""
    as_subject = (f"apart={apart} {particle}",) if particle else ()
    return (
        f"apart={apart}",
        f"block={block}",
        *as_subject,
        f"rank={rank}",
        f"topic rank={topic}",
    )


class _Source(NamedTuple):
    """A source, and what sort of mention it is."""

    span: Span
    text: str
    bare: str
    """Without honorific and plural."""
    names: list[Entity]
    sort: str
    role: str
    kind: Kind | None
    """What sort of holder its last words mean."""
    side: str
    """Whose side it is (A社 in A社側), if it says so."""

    @classmethod
    def of(cls, document: Document, span: Span | None) -> _Source | None:
        if span is None:
            return None
        text = document.text[slice(*span)]
        # Who is behind a document is told by its owner (市教委の資料).
        owner = text.rpartition("の")[0] if is_document(text) else ""
        bare = _HONORIFIC.sub("", owner or text) or text
        names = document.within(span)
        role = person_role(bare) or (bare if len(bare) < 7 else "")
        kind = role_kind(bare.removeprefix("同")) or _MEANT.get(ANAPHORS.get(bare, ""))
        side = _SIDE.sub("", text)
        side = "" if side == text else side
        return cls(span, text, bare, names, _sort(text, bare, names, span), role, kind, side)


class _Place:
    """Where a claim stands, and how near its candidates are."""

    def __init__(self, document: Document, asked: Asked, candidates: Sequence[Candidate]) -> None:
        self.candidates = candidates
        self.attribution = asked.attribution
        self.at = asked.source[0] if asked.source else asked.content[0]
        self.sentence = document.sentence(self.at)
        self.own = document.sentence(asked.content[0])
        self.block = document.sentences[self.own].block
        self.heading = document.heading(self.own)
        self.lasts = [
            candidate.mentions.last_before(self.at)
            if candidate.sort in _SPOKEN_OF and candidate.mentions is not None
            else None
            for candidate in candidates
        ]
        """The last mention of each candidate before the claim."""
        lasts = []
        topics = []
        unnamed = [c.name for c in candidates if c.sort == "mentioned"]
        self._mentioned = {name: rank for rank, name in enumerate(unnamed)}
        for candidate, last in zip(candidates, self.lasts, strict=True):
            if candidate.sort != "entity" or candidate.mentions is None or last is None:
                continue
            lasts.append((last[0], candidate))
            topic = _last_topic(document, candidate.mentions, self.at)
            if topic is not None:
                topics.append((topic, candidate.name))
        lasts.sort(key=lambda pair: -pair[0])
        self._ranks: dict[str, int] = {}
        seen: Counter[Kind] = Counter()
        for _, candidate in lasts:
            self._ranks[candidate.name] = seen[candidate.kind]
            seen[candidate.kind] += 1
        topics.sort(reverse=True)
        self._topics = {name: rank for rank, (_, name) in enumerate(topics)}

    def behind(self, history: History) -> tuple[str, bool]:
        """How far behind the last claim of others it stands, and whether in the same paragraph."""
        return _bucket(self.own - history.sentences[-1]), history.blocks[-1] == self.block

    def rank(self, candidate: Candidate) -> str:
        """How many of its kind were mentioned later."""
        return _bucket(self._ranks.get(candidate.name, 9))

    def mentioned(self, candidate: Candidate) -> str:
        """How many without a name were mentioned later."""
        return _bucket(self._mentioned[candidate.name])

    def topic(self, candidate: Candidate) -> str:
        """How many candidates were topic or subject later."""
        return _bucket(self._topics.get(candidate.name, 9))


def _last_topic(document: Document, name: Name, at: int) -> int | None:
    index = bisect_left(name.spans, (at, 0))
    for span in reversed(name.spans[max(0, index - 8) : index]):
        if document.subject_particle(span):
            return span[0]
    return None


def _sort(text: str, bare: str, names: Sequence[Entity], span: Span) -> str:
    """What sort of mention a source is."""
    if is_document(text):
        return "document"
    people = [entity for entity in names if entity.label == Label.PERSON]
    if people and not _OF_SOMEBODY.match(text, people[-1].span[1] - span[0]):
        return "name"
    for surface in (text, bare):
        if surface in ANAPHORS:
            return f"anaphor {ANAPHORS[surface]}"
    if len(text) < 7 and (match := _POINTS.match(text)):
        return f"anaphor {match[0][0]}"
    if names and names[-1].span[1] >= span[0] + len(bare):
        return "body"
    kind = role_kind(bare)
    if kind is not None:
        return f"role {kind}"
    return "part of a body" if names else "other"


@lru_cache(_KEPT)
def _gender(name: str) -> str:
    """What the end of a name says of its bearer: f, m or nothing."""
    return "f" if _FEMALE.search(name) else "m" if _MALE.search(name) else ""


def _likeness(source: _Source, name: Name) -> str | None:
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


def is_document(source: str) -> bool:
    """Tell whether a source is a document (報告書, 市の調べ) rather than somebody."""
    return _DOCUMENT.search(source) is not None


def _entity(name: Name) -> Candidate:
    return Candidate("entity", name.name, name.kind, name, proper=True)


def _joint(names: Sequence[tuple[str, Kind]]) -> Candidate:
    label = "、".join(name for name, _ in names)
    return Candidate("joint", label, names[0][1], names=tuple(names), proper=True)


def _bucket(count: int) -> str:
    return str(count) if count < 3 else "3" if count < 6 else "6"
