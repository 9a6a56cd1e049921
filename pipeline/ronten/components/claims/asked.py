"""A claim whose holder is asked for, and what its source says by itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from ronten.components.claims.document import Document
from ronten.components.claims.speakers import ANAPHORS, DOCUMENTS, person_role, role_kind
from ronten.types import Attribution, Claim, Entity, Kind, Label, Span

_HONORIFIC = re.compile(r"(?:氏|さん|君|様|殿|ちゃん|先生)?(?:ら|たち|側)?\Z")
_SIDE = re.compile(r"(?:側|当局|当事者|事務局|本社)\Z")
_DOCUMENT = re.compile(
    "(?:"
    + "|".join(sorted(DOCUMENTS, key=len, reverse=True))
    + r"|書|案|文|(?<!代)表|論|誌|紙|録|版|稿|条例|要綱|判決|決定|通知|週報|要望|提言|アンケート"
    r"|聞き取り|調べ|言い分|サイト|サイト上|データ|見出し|手紙|便り|ノート|FAQ|社史|年史|アドバイザリー|遺言状"
    r"|理由|自由記述|論説|コラム|月評|時評|書評|投書|記録|想定|メッセージ|科学欄|投書欄|本文|後書き|あとがき|後記"
    r"|[県市町郡]史|(?<![中田木西上下野今奥河川])村史|手帳|帳面|過去帳|案内板|立て札|標語|掲示|横断幕|遺言|書き込み|注記|まえがき)\Z"
)
# Somebody of a person (Aさんの同僚, A氏の事務所の担当者) is another one.
_OF_SOMEBODY = re.compile(r"[^、]*の.")
# Words that point back, without those that only look like it (同僚, 当局, 両親).
POINTS = re.compile(
    r"同(?![僚級窓郷胞業期志行居席意一様盟時])|両(?![親替立手])|当(?![局事番人選初然主面])の?"
    r"|この(?!ため|うち)|その(?!他|うち|ため|後)|こちら|そちら"
)
_MEANT = {"person": Kind.PERSON, "company": Kind.COMPANY, "group": Kind.GROUP}


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


class Source(NamedTuple):
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
    def of(cls, document: Document, span: Span | None) -> Source | None:
        """Return what stands at a span, if there is one."""
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
    if len(text) < 7 and (match := POINTS.match(text)):
        return f"anaphor {match[0][0]}"
    if names and names[-1].span[1] >= span[0] + len(bare):
        return "body"
    kind = role_kind(bare)
    if kind is not None:
        return f"role {kind}"
    return "part of a body" if names else "other"


def is_document(source: str) -> bool:
    """Tell whether a source is a document (報告書, 市の調べ) rather than somebody."""
    return _DOCUMENT.search(source) is not None
