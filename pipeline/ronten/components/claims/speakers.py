"""Noun phrases that can speak: who stands before a particle, and what kind of holder that is."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from ronten.components.claims.lexicon import table
from ronten.components.claims.view import SentenceView
from ronten.types import Entity, Kind, Label, Span

SPEAKING = {
    Label.PERSON: Kind.PERSON,
    Label.COMPANY: Kind.COMPANY,
    Label.ORG: Kind.ORGANIZATION,
    Label.PLACE: Kind.GOVERNMENT,
    Label.PRODUCT: Kind.COMPANY,
}
"""Labels of names that can hold claims, with the kind of holder they make."""
_MEMBER_BODIES = ("協議会", "評議会", "審議会", "会議")
_GOVERNMENT_ENDINGS = (
    "省",
    "庁",
    "政府",
    "警察",
    "県警",
    "府警",
    "道警",
    "地裁",
    "高裁",
    "最高裁",
    "裁判所",
    "検察",
    "地検",
    "市役所",
    "議会",
    "国会",
    "内閣",
    "県",
    "市",
    "町",
    "村",
    "区",
    "都",
    "府",
    "規制委員会",
    "公正取引委員会",
    "日本銀行",
    "軍",
)
ANAPHORS: dict[str, str] = dict(table("anaphors.tsv"))
"""Words that only point back, with whom they mean: person, company, body, group or writer."""
_LISTING = frozenset(["各氏", "両氏", "両者", "両社", "各社"])


@dataclass(frozen=True, slots=True)
class Speaker:
    """A mention that can hold a claim.

    `names` holds the canonical names with labels (several for a joint mention, none for a role, a
    group or an anaphor, whose `surface` tells who is meant).
    """

    span: Span
    surface: str
    kind: Kind
    names: tuple[tuple[str, Kind], ...] = ()


DOCUMENTS = frozenset(
    [
        "コメント",
        "記事",
        "ブログ",
        "論文",
        "声明",
        "報告書",
        "報告",
        "調査",
        "発表",
        "投稿",
        "著書",
        "談話",
        "会見",
        "インタビュー",
        "書簡",
        "資料",
        "リリース",
        "レポート",
        "論考",
        "寄稿",
        "話",
        "説明",
        "試算",
        "推計",
        "分析",
        "予測",
        "集計",
        "証言",
        "発言",
        "統計",
        "まとめ",
        "見立て",
        "指針",
        "ガイドライン",
        "手引き",
        "勧告",
        "答申",
        "社説",
        "日記",
        "メモ",
        "メール",
        "ツイート",
        "広告",
        "規約",
        "規則",
        "ビラ",
        "チラシ",
        "ポスター",
        "張り紙",
        "貼り紙",
        "看板",
        "モデルカード",
        "ページ",
    ]
)
# Words for people that end other words too (創意工夫, 圧電素子): they count alone or behind の.
_ALONE = frozenset("夫妻嫁子男女王僧")
_IMPERSONAL = re.compile(r"代名詞|副詞可能|サ変可能|助数詞|数詞|形状詞|助動詞語幹|非自立")


@cache
def _roles() -> dict[str, Kind]:
    return {surface: Kind(kind) for surface, kind in table("roles.tsv")}


@cache
def _person_roles() -> frozenset[str]:
    return frozenset(surface for surface, kind in _roles().items() if kind == Kind.PERSON)


@cache
def _longest_role() -> int:
    return max(map(len, _person_roles()))


def person_role(surface: str) -> str:
    """Return the longest noun for what a person is that a noun phrase ends in (代表取締役, 社長 …).

    Empty if there is none.
    """
    for start in range(max(0, len(surface) - _longest_role()), len(surface)):
        if surface[start:] in _person_roles():
            return surface[start:]
    return ""


@cache
def role_kind(surface: str) -> Kind | None:
    """Kind of a noun phrase by its longest ending in the role list, None if it cannot speak."""
    roles = _roles()
    if surface in _ALONE or (surface[-1:] in _ALONE and surface[-2:-1] == "の"):
        return Kind.PERSON
    for start in range(max(0, len(surface) - 10), len(surface)):
        kind = roles.get(surface[start:])
        # One-character endings (市, 人, 紙 …) only count inside a longer word.
        if kind and (start == 0 or len(surface) - start > 1 or len(surface) >= 3):
            return kind
    return None


class Speakers:
    """Finds speaking noun phrases in the sentences of one document."""

    def __init__(self, entities: Sequence[Entity]) -> None:
        self.entities = sorted(entities, key=lambda entity: entity.span)
        self._starts = [entity.span[0] for entity in self.entities]

    def within(self, start: int, end: int) -> list[Entity]:
        """Entities that lie inside `[start, end)`."""
        inside = self.entities[bisect_left(self._starts, start) : bisect_left(self._starts, end)]
        return [entity for entity in inside if entity.span[1] <= end]

    def before(self, view: SentenceView, i: int, floor: int = 0) -> Speaker | None:
        """The speaking noun phrase that ends right before token `i`, None if there is none."""
        head = i - 1
        while head > floor and view.aside[head]:
            head -= 1
        if head < floor:
            return None
        if view.quote_of[head] >= 0:
            return self._quoted_name(view, head)
        if view.text[head] in _LISTING and head - 1 > floor and view.text[head - 1] == "の":
            inner = self.before(view, head - 1, floor)
            if inner is None:
                return None
            end = view.end[head]
            return Speaker(
                (inner.span[0], end), view.article[inner.span[0] : end], inner.kind, inner.names
            )
        if not (view.is_noun(head) or self._covers(view, head)):
            return None
        left = self._run_start(view, head, floor)
        speaker = self._simple(view, left, head, floor)
        return self._joined(view, speaker, floor) if speaker and speaker.names else speaker

    def owner(self, view: SentenceView, i: int, floor: int = 0) -> Speaker | None:
        """Whose document ends right before token `i`: A氏の最近のコメント(では)."""
        head = i - 1
        if head < floor or not view.outer(head) or view.text[head] not in DOCUMENTS:
            return None
        for k in range(head - 1, max(floor, head - 8), -1):
            if view.is_comma(k) or not view.outer(k):
                return None
            if view.text[k] == "の" and (speaker := self.before(view, k, floor)) is not None:
                return speaker
        return None

    def anyone(
        self, view: SentenceView, i: int, floor: int = 0, *, proper: bool = False
    ) -> Speaker | None:
        """Any noun phrase before token `i`, where only a speaker can stand (Xは「…」と言う).

        With a proper noun in it, or where the caller knows it is one, it is taken for a name.
        """
        head = i - 1
        while head > floor and view.aside[head]:
            head -= 1
        if (
            head < floor
            or not view.outer(head)
            or not view.is_noun(head)
            or _IMPERSONAL.search(view.tag[head])
            or self._names_a_thing(view, head)
        ):
            return None
        left = self._run_start(view, head, floor)
        while (
            left - 2 >= floor
            and view.text[left - 1] == "の"
            and view.outer(left - 2)
            and view.is_noun(left - 2)
        ):
            left = self._run_start(view, left - 2, floor)
        named = any("固有名詞" in view.tag[k] for k in range(left, head + 1))
        if named or proper:
            # A name nobody knows: 「大手の東嶺メモリ」 means the last word run.
            left = self._run_start(view, head, floor)
        span = view.start[left], view.end[head]
        surface = view.article[slice(*span)]
        if named or proper:
            return Speaker(span, surface, Kind.COMPANY, ((surface, Kind.COMPANY),))
        return Speaker(span, surface, Kind.GROUP)

    def _quoted_name(self, view: SentenceView, head: int) -> Speaker | None:
        quote = view.closes_quote(head)
        if quote < 0:
            return None
        start, end = view.quotes[quote].inner
        for entity in self.within(start, end):
            if entity.span == (start, end) and entity.label in SPEAKING:
                return self._named(view, entity, end)
        name = view.article[start:end]
        if len(name) > 20 or view.holds_words(view.quotes[quote]):
            return None
        return Speaker((start, end), name, Kind.ORGANIZATION, ((name, Kind.ORGANIZATION),))

    def _covers(self, view: SentenceView, i: int) -> bool:
        """Whether a token touches an entity."""
        index = bisect_left(self._starts, view.end[i]) - 1
        return index >= 0 and self.entities[index].span[1] > view.start[i]

    def _names_a_thing(self, view: SentenceView, i: int) -> bool:
        """Whether a token ends the name of something that cannot speak (R1, H100)."""
        index = bisect_left(self._starts, view.end[i]) - 1
        entity = self.entities[index] if index >= 0 else None
        return entity is not None and entity.span[1] == view.end[i] and entity.label not in SPEAKING

    def _run_start(self, view: SentenceView, head: int, floor: int) -> int:
        k = head
        while (
            k - 1 >= floor
            and view.outer(k - 1)
            and (
                view.is_noun(k - 1)
                or (view.text[k - 1] in "・＝=&-－ー.’'" and view.text[k - 1])
                or self._covers(view, k - 1)
            )
        ):
            k -= 1
        return k

    def _simple(self, view: SentenceView, left: int, head: int, floor: int) -> Speaker | None:
        start, end = view.start[left], view.end[head]
        inside = [e for e in self.within(start, end) if e.label in SPEAKING]
        surface = view.article[start:end]
        persons = [e for e in inside if e.label == Label.PERSON]
        if persons and not surface.endswith(
            ("事務所", "側", "派", "政権", "内閣", "陣営", "邸", "宅", "担当者", "支持者")
        ):
            return self._named(view, persons[-1], end)
        if inside and inside[-1].span[1] == end and inside[-1].label != Label.PRODUCT:
            return self._named(view, inside[-1], end)
        if inside and view.article[inside[-1].span[1] : end] in (
            "側",
            "社",
            "本社",
            "紙",
            "誌",
            "など",
            "両社",
            "当局",
        ):
            return self._named(view, inside[-1], end)
        kind = Kind.GROUP if inside and surface.endswith("内") else role_kind(surface)
        if kind is None:
            return None
        while left - 2 >= floor and view.text[left - 1] == "の" and surface not in ANAPHORS:
            if view.quote_of[left - 2] >= 0 and view.closes_quote(left - 2) >= 0:
                left = view.at(view.quotes[view.closes_quote(left - 2)].start)
            elif view.outer(left - 2) and view.is_noun(left - 2):
                left = self._run_start(view, left - 2, floor)
            else:
                break
            start = view.start[left]
            surface = view.article[start:end]
        while left < head and view.tag[left].startswith(("接続詞", "補助記号")):
            left += 1
        return Speaker((view.start[left], end), view.article[view.start[left] : end], kind)

    def _named(self, view: SentenceView, entity: Entity, end: int) -> Speaker:
        kind = entity_kind(entity)
        span = (entity.span[0], max(end, entity.span[1]))
        return Speaker(span, view.article[span[0] : span[1]], kind, ((entity.entity, kind),))

    def _joined(self, view: SentenceView, speaker: Speaker, floor: int) -> Speaker:
        """Extend AとB, A、B to a joint mention when both are names of the same sort."""
        left = view.at(speaker.span[0])
        # 「社民党のB」: look past the affiliation of B.
        k = left
        while k - 2 >= floor and view.text[k - 1] == "の" and view.is_noun(k - 2):
            k = self._run_start(view, k - 2, floor)
        for joint in {left, k}:
            if joint - 2 < floor or view.text[joint - 1] not in ("と", "、", "・", "や"):
                continue
            other = self.before(view, joint - 1, floor)
            if (
                other
                and other.names
                and (other.kind == Kind.PERSON) == (speaker.kind == Kind.PERSON)
                and other.kind != Kind.GOVERNMENT
            ):
                if view.text[joint - 1] == "、" and not speaker.surface.endswith(
                    ("氏", "ら", "社")
                ):
                    continue
                span = (other.span[0], speaker.span[1])
                return Speaker(
                    span,
                    view.article[span[0] : span[1]],
                    speaker.kind,
                    other.names + speaker.names,
                )
        return speaker


def entity_kind(entity: Entity) -> Kind:
    """Kind of holder an entity makes; bodies of the state are `government`."""
    if entity.label == Label.ORG and entity.entity.endswith(_GOVERNMENT_ENDINGS):
        # 協議会 and 評議会 end like 議会 but are bodies of their members.
        return Kind.ORGANIZATION if entity.entity.endswith(_MEMBER_BODIES) else Kind.GOVERNMENT
    return SPEAKING[entity.label]


def first_person(speaker: Speaker) -> bool:
    """Whether a mention is the writer (筆者, 私) or the issuing company (当社) itself."""
    surface = speaker.surface.removesuffix("ら").removesuffix("たち")
    return not speaker.names and "writer" in (
        ANAPHORS.get(surface),
        ANAPHORS.get(speaker.surface),
    )
