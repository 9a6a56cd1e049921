"""Firms and bodies that a text points back at: 同社, 同紙, 会社, 同団体, 起訴状."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from ronten.components.claims.asked import Source
from ronten.components.claims.document import NEAR, RECENT, Document, Name
from ronten.components.mentions.orgs import PAPERS
from ronten.types import Kind, Span

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
    **{f"{place}教委": f"{place}教育委員会|" for place in "都道府県市町"},
    **{f"{place}警": f"{place}警察本部|" for place in "道府県"},
    "労組": "労働組合|",
    "裁判所": "地裁|高裁|",
    "高裁": "(?<!最)",
    "電鉄": "電気鉄道|鉄道|",
    "鉄道": "電鉄|",
    "球団": "ズ|",
}
# Sorts of which a text that names one as a subject means the last.
_SORTS = frozenset("球団 事務所 機構 楽団 劇団 財団 協会 連盟 学会".split())
# Sorts of which a text that names only one means that one.
_ONLY_SORTS = frozenset("裁判所 地裁 高裁 地検 組合 労組 漁協 農協 生協 研究所".split())


def _ending(sort: str) -> re.Pattern[str]:
    """Return what the names of a sort end in."""
    return re.compile(rf"(?:{_SORT_ENDS.get(sort, '')}{re.escape(sort)})\Z")


# Who issues what courts read and write.
_COURTS = _ending("裁判所")
_ISSUED_BY = {
    "起訴状": re.compile(r"(?:地検|高検|検察庁|検察|特捜部)\Z"),
    "判決": _COURTS,
    "判決文": _COURTS,
}
# What tells of a body, so that it is another one.
_DESCRIBING = frozenset("のうくすつぬむぶぐるたい")
# Names that only end like one of another sort.
_OTHER_ENDS = re.compile(r"(?:国会|議会|・タイムズ)\Z")
_PRESS = re.compile(rf"(?:{PAPERS}|速報|通信|ニュース)\Z")
# Whom a plaintiff has sued: 工務店を相手取り.
_SUED = re.compile(
    r"(?:株式会社)?[」』]?(?:（[^（）]{1,30}）)?を(?:相手[取ど]|提訴し?[たて]|訴え[たて])"
)
_TELLS = re.compile(r"報じ|伝え|報道|によ[るれ]")
_LOOKED_BACK = 40


class Bodies:
    """Tells which body of a document is meant."""

    def __init__(self, document: Document) -> None:
        self._document = document

    def meant(self, source: Source) -> Name | None:
        """Return the body that 同鉄道, 同紙, 会社, 被告 or a bare 球団 means."""
        at = source.span[0]
        if (issuer := _ISSUED_BY.get(source.text)) is not None:
            return next((name for name in self._before(at) if issuer.search(name.name)), None)
        if source.bare == "会社":
            return self._firm(at)
        if source.text == "被告":
            return self._sued(at)
        if same := _SAME_BODY.fullmatch(source.text):
            return self._of_sort(same["sort"], at)
        if source.text in _SORTS:
            return self._of_sort(source.text, at)
        return self._only(source.text, at) if source.text in _ONLY_SORTS else None

    def same(self, word: str, at: int) -> Name | None:
        """Return the firm or body that 同社 or 同党 means, standing at an offset."""
        if word in ("同社", "自社"):
            firms = (name for name in self._before(at) if self.is_firm(name))
            return self._acting(Kind.COMPANY, at) or next(firms, None)
        of = _SAME_BODY.fullmatch(word)
        return self._of_sort(of["sort"], at) if of else None

    def whose(self, name: str, source: Source) -> str:
        """Return 同社の担当者 with the name of the firm that is meant, if only one can be."""
        of = _OF_SAME_BODY.fullmatch(name)
        if of is None:
            return name
        if of["sort"] == "社":
            body = self._acting(Kind.COMPANY, source.span[0])
        else:
            body = self._of_sort(of["sort"], source.span[0])
        return f"{body.name}の{of['who']}" if body else name

    def is_firm(self, name: Name) -> bool:
        """Whether 同社 and 会社 may mean a name beside others: no product, paper or agency."""
        return name.kind == Kind.COMPANY and not name.product and not self._prints(name)

    def _prints(self, name: Name) -> bool:
        text = self._document.text
        return _PRESS.search(name.name) is not None or any(
            text[end : end + 1] in ("』", "紙") for _, end in name.spans
        )

    def _only(self, sort: str, at: int) -> Name | None:
        """Return the body of a sort that is named before an offset, if no other one is."""
        if self._document.text[max(0, at - 1) : at] in _DESCRIBING:
            return None  # A社の組合, 運ばれた裁判所
        ending = _ending(sort)
        found = [
            name
            for name in self._document.names.values()
            if name.kind != Kind.PERSON
            and name.last_before(at)
            and name.name != sort
            and ending.search(name.name)
        ]
        return found[0] if len(found) == 1 else None

    def _sued(self, at: int) -> Name | None:
        """Return the body that 被告 means: the only one that the text tells was sued."""
        text = self._document.text
        sued = [
            name
            for name in self._document.names.values()
            if any(end <= at and _SUED.match(text, end) for _, end in name.spans)
        ]
        return sued[0] if len(sued) == 1 and sued[0].kind != Kind.PERSON else None

    def _firm(self, at: int) -> Name | None:
        """Return the firm that 会社 means: the only one named, or the one that acted last."""
        own = self._document.sentence(at)
        near = range(max(0, own - NEAR + 1), own + 1)
        others = (name for index in near for name in self._document.described(index))
        if any(n.kind == Kind.COMPANY and n.name != "会社" and n.spans[0][0] < at for n in others):
            return None  # 父の会社
        firms = [
            name
            for name in self._document.names.values()
            if name.last_before(at) and self.is_firm(name)
        ]
        return firms[0] if len(firms) == 1 else self._acting(Kind.COMPANY, at)

    def _acting(self, kind: Kind, at: int) -> Name | None:
        """Return the only one of a kind that is a subject in the last sentence with such a one."""
        found: dict[str, Name] = {}
        last = -1
        for name in islice(self._document.before(at), RECENT):
            span = name.last_before(at)
            if name.kind != kind or span is None or not self._acts(span):
                continue
            sentence = self._document.sentence(span[0])
            if last < 0 or sentence == last:
                last, found[name.name] = sentence, name
        return next(iter(found.values())) if len(found) == 1 else None

    def _acts(self, span: Span) -> bool:
        """Whether a mention is a subject, and of more than of reporting."""
        text = self._document.text
        behind = text[span[1] : span[1] + 40].partition("。")[0]
        return bool(self._document.subject_particle(span)) and not _TELLS.search(behind)

    def _of_sort(self, sort: str, at: int) -> Name | None:
        """Return the body of a sort that was subject last before an offset; a paper needs not be.

        It is by the end of its name, or by the word in front of it (芸能事務所「X」); 団体, 組織
        and 機関 may be the last body of any name that is no school.
        """
        text = self._document.text
        ending = _ending(sort)
        called = re.compile(rf"{re.escape(sort)}(?:の|、)?[「『]?\Z")
        for name in self._before(at):
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
        if sort not in _ANY_BODY:
            return None
        bodies = (name for name in self._before(at) if name.kind == Kind.ORGANIZATION)
        return next((name for name in bodies if not _SCHOOL.search(name.name)), None)

    def _before(self, at: int) -> Iterator[Name]:
        return islice(self._document.before(at), _LOOKED_BACK)
