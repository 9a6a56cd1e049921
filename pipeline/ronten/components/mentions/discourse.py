"""The tagger's names over a whole text: one sense per text, borders that words hide."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ronten.components.mentions import words
from ronten.components.mentions.orgs import COMPANY_SHA, suffix_of
from ronten.components.mentions.people import ROLE, followed, told_a_person
from ronten.components.mentions.typed import ACRONYMS
from ronten.components.mentions.view import Candidate, View, is_kanji, is_katakana
from ronten.types import Label

_LEAST = 2
"""Characters from which a name is looked for elsewhere in its text."""

_SHARE = 0.4
"""Tagged places among all places of a name from which it is one everywhere."""

_SHOWN = 2
"""What a place counts more in this choice where the text shows what the name is."""

_INSTITUTION = re.compile(
    r"(?:病院|医院|診療所|クリニック|大学院?|学校|高校|高専|学園|学院|動物園|水族館|博物館|美術館|図書館)$"
)
_STATION = re.compile(r"(?:駅|空港|港|工場|発電所)$")
# How events end, which are no names of ours; a firm or place inside of them is found by itself.
_EVENT = re.compile(
    r"(?:事故|事件|地震|震災|台風|火災|戦争|紛争|革命|内戦|選挙|訴訟|裁判|コンサート|マラソン|フェスティバル|フェスタ|シンポジウム"
    r"|サミット|オリンピック|パラリンピック|ワールドカップ|選手権|記念日|まつり|祭り)$"
)
# What the end of a name is short for, in its bracket: X ホールディングス（HD）.
_SHORT_END = re.compile(r"\((?:HD|FG|FH|JV)\)")
# Broadcasters that are called by their places: テレビ瀬飼.
_STATIONS = re.compile(r"(?:テレビ|ラジオ)[一-鿿]{2,4}\Z")
_KIND = re.compile(r"..[町村市区県郡]\Z")
# What only a place has: 三瀬|市長選.
_ELECTION = re.compile(r"[市町村区県都府](?:[長議]選|知事選|議会)")
# Titles that may be those of a place: 三瀬|市長, オラヴィア|大統領選.
_OF_PLACE = re.compile(r"[市町村区県都府]|大統領|首相|国王")
_RANGE = re.compile(r"[~〜～]")
_LEADS_TO = tuple("～〜~―—–-")
# A part that stands for itself: it has a Chinese character or is all capitals.
_PIECE = re.compile(r"[一-鿿]|^[A-Z]{2,}")
# How a name is read, behind it in brackets: 日枝久（ひえだ ひさし）.
_READING = re.compile(r"\([ぁ-んー・ \u3000]+\)")
_READ = 30
_CLOCK = re.compile(r"(?:UTC|GMT)(?:[+-]\d+)?")
# Characters that begin a title, where the tagger may take them for the end of a name.
OF_TITLE = frozenset("元前現副氏杜助")
# Last characters of surnames that the tokens cut off.
_SURNAME_END = re.compile(
    r"[原毛野川田山村井口崎島沢木林森谷岡橋池瀬浦松尾内塚坂場江平屋戸水津倉根岸石]"
)
# 【ソフィア8日バルカン通信】
_DATELINE = re.compile(r"(?P<place>\D{2,10}?)[ \u3000]?\d{1,2}日[ \u3000]?(?P<agency>\D{2,12})")
_LABELLED = re.compile(
    r"(?!株式|有限|合同|一般|公益|学校|社会)[^\u3000]{1,6}\u3000(?!株式|有限|合同)"
)
_HEAD = re.compile(r"[市町村区県郡部課局室科所署社園校館院隊]$")
# What is no person, unless a title follows: HNA in ヘレナ通信（HNA）.
_CAPITALS = re.compile(r"[A-Z]{2,6}")
# A foreign newspaper: アルデンヌ・ソワール|紙など.
_PRINTS = re.compile(r"紙(?=[はがもにのをとや、。(]|など)")
# Where a firm may be called like its founder.
_FIRM = re.compile(r"創業|設立|創始")
_CENTRAL_BANK = re.compile(r"(?:中央銀行|中銀)$")


class Span(NamedTuple):
    """A tagged name: characters `[start, end)`."""

    start: int
    end: int
    label: str


def consistent(view: View, spans: Sequence[Span], told: Iterable[Candidate]) -> list[Span]:
    """Give every name the label that most of its places have, also where the tagger missed it.

    `told` are mentions whose type the text itself names (バンドのX); they outvote the tagger.
    """
    names = {view.text[span.start : span.end] for span in spans}
    names = {name for name in names if len(name) >= _LEAST and view.text.count(name) > 1}
    if not names:
        return list(spans)
    tagged = {(span.start, span.end): span.label for span in spans}
    owner = {at: span for span in spans for at in range(span.start, span.end)}
    places: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for start, end in words.places(names, view.text):
        if (start, end) not in tagged:
            cut = start not in view.by_start or end not in view.by_end
            if cut or any(at in owner for at in range(start, end)):
                continue
        places[view.text[start:end]].append((start, end))
    said = {view.text[c.start : c.end]: str(c.label) for c in told}
    for name, found in places.items():
        votes = Counter(tagged[place] for place in found if place in tagged)
        if not votes and name not in said:
            continue  # it is tagged only where a longer name begins
        share = votes.total() / len(found)
        votes.update(
            {tagged[p]: _SHOWN for p in found if p in tagged and _shown(view, p, tagged[p])}
        )
        label = said.get(name) or max(votes.items(), key=_most)[0]
        for place in found:
            if share >= _SHARE or place in tagged:
                tagged[place] = label
    return sorted(Span(*place, label) for place, label in tagged.items())


def short_again(view: View, spans: Sequence[Span]) -> Iterator[Span]:
    """Yield the names with the labels that their longer forms have.

    Places without their kind are no people (矢ノ倉 of 矢ノ倉町), surnames of foreigners no firms
    (ラスカン of イーヴォ・ラスカン).
    """
    places = {view.text[s.start : s.end] for s in spans if s.label == Label.PLACE}
    people = {view.text[s.start : s.end] for s in spans if s.label == Label.PERSON}
    stems = {name[:-1] for name in places if _KIND.search(name)}
    surnames = {re.split("[・＝]", name)[-1] for name in people if "・" in name}
    for span in spans:
        name = view.text[span.start : span.end]
        if span.label == Label.PERSON and name in stems and not followed(view, span.end):
            span = span._replace(label=Label.PLACE)
        elif span.label in ("COMPANY", "ORG") and name in surnames:
            firm = _FIRM.search(view.plain) or any(
                COMPANY_SHA.match(view.plain, end) for _, end in words.places([name], view.text)
            )
            span = span if firm else span._replace(label=Label.PERSON)
        yield span


def _shown(view: View, place: tuple[int, int], label: str) -> bool:
    """Tell whether the text shows what a name is: a firm before 社, a person before a title."""
    if label == Label.COMPANY:
        return COMPANY_SHA.match(view.plain, place[1]) is not None
    office = _OF_PLACE.match(view.plain, place[1])
    return label == Label.PERSON and not office and followed(view, place[1])


def _most(vote: tuple[str, int]) -> tuple[int, str]:
    return vote[1], vote[0]


def mended(view: View, spans: Iterable[Span]) -> Iterator[Span]:
    """Move borders that the tagger could not set, and labels that a name's last word decides.

    Events are left out.
    """
    for span in spans:
        clock = _CLOCK.fullmatch(view.plain, span.start, span.end)
        elected = span.label == Label.PERSON and _ELECTION.match(view.plain, span.end)
        short = _SHORT_END.fullmatch(view.plain, max(0, span.start - 1), span.end + 1)
        nobody = _nobody(view, span)
        if clock or elected or short or nobody or _EVENT.search(view.text, span.start, span.end):
            continue
        for part in _parts(view, span):
            if dateline := _DATELINE.fullmatch(view.plain, part.start, part.end):
                yield Span(*dateline.span("place"), Label.PLACE)
                yield Span(*dateline.span("agency"), Label.COMPANY)
                continue
            bracket = view.plain.find("(", part.start, part.end)
            if bracket > part.start and view.plain[part.end - 1] == ")":
                part = part._replace(end=bracket)  # a reading: 良浜（ラウヒン）
            if "・" in view.text[part.start : part.end] and _PRINTS.match(view.plain, part.end):
                part = part._replace(label=Label.COMPANY)
            if part.label != Label.PERSON:
                yield _thing(view, part)
            elif not _in_reading(view.plain, part):
                yield _person(view, part)


def _nobody(view: View, span: Span) -> bool:
    """Tell whether a name is a common acronym, or a seeming person none: initials, イノシシ."""
    start, end, label = span
    if view.plain[start:end] in ACRONYMS and label != Label.CHIP:
        return True
    if label != Label.PERSON or followed(view, end) or told_a_person(view.plain, start, end):
        return False
    initials = _CAPITALS.fullmatch(view.plain, start, end) is not None
    return initials or (is_katakana(view.text[start]) and view.common(start, end))


def _in_reading(text: str, span: Span) -> bool:
    opened = text.rfind("(", max(0, span.start - _READ), span.start)
    reading = _READING.match(text, opened) if opened >= 0 else None
    return reading is not None and span.end < reading.end()


def _parts(view: View, span: Span) -> Iterator[Span]:
    """Take apart what ・ and ～ join (大和路線・奈良駅), except the parts of a foreign name."""
    label = _LABELLED.match(view.text, span.start, span.end)
    begins = span.start == 0 or view.text[span.start - 1] in "\n\u3000"
    if label and begins and span.label in ("COMPANY", "ORG"):
        span = span._replace(start=label.end())  # 須田　米国翻訳者連盟: the label of a turn
    text = view.plain[span.start : span.end]
    joints = list(_RANGE.finditer(text))
    pieces = re.split(r"[・･]", text)
    if len(pieces) > 1 and all(map(_PIECE.search, pieces)):
        joints += re.finditer(r"[・･]", text)
    start = span.start
    for end in (*sorted(span.start + joint.start() for joint in joints), span.end):
        if end > start:
            yield Span(start, end, span.label)
        start = end + 1


def _person(view: View, span: Span) -> Span:
    """Leave out the first character of a title: 戸祭憲|市長, 比企谷淳|元総務相, 三雲亮|助教.

    Take in the last one of a surname: 小笠原|委員.
    """
    start, end, label = span
    text = view.plain
    title = ROLE.match(text, end)
    if (
        text[end : end + 1] == "長"
        and not title
        and _HEAD.search(text, start, end)
        and end - start > 2
    ) or (end - start > 2 and text.startswith("首席", end - 1)):
        end -= 1
    elif end - start > 2 and text[end - 1] in OF_TITLE:
        # 三雲亮助|教授 has his title already.
        whole = text[end - 1] == "助" and ROLE.match(text, end)
        end -= text[end - 1] == "氏" or (not whole and ROLE.match(text, end - 1) is not None)
    elif (
        not title and end - start < 4 and _SURNAME_END.match(text, end) and is_kanji(text[end - 1])
    ):
        rest = end + 1 in view.by_end and end in view.by_start
        end += rest and ROLE.match(text, end + 1) is not None
    return Span(start, end, label)


def _trade(view: View, start: int, end: int) -> int:
    """Take in a word of trade that the tokens cut: 凪原電|力, コメヤ|製|パン."""
    index = view.by_end.get(end, len(view.tokens))
    behind = end
    for after in view.tokens[index + 1 : index + 3]:
        if after.start != behind or not after.tag.startswith(("名詞", "接尾辞", "接頭辞")):
            break
        behind = after.end
        size = len(suffix_of(view.plain[start:behind]))
        cut = behind - end < size or (behind - end == size and after.start > end)
        if cut and behind - start > size:
            return behind
    return end


def _thing(view: View, span: Span) -> Span:
    start, end, label = span
    text = view.plain
    end = _trade(view, start, end)
    last = text[end - 1]
    if label == Label.COMPANY and end - 1 in view.by_start:
        firm = text[start:end].endswith(("聞社", "通信社", "会社", "版社"))
        if last in "紙誌" or (last == "社" and not firm and COMPANY_SHA.match(text, end - 1)):
            end -= 1
    if label == Label.PLACE and last == "間":
        # 久宝寺|間; behind what it leads to, inside a word as well: ～藻塩橋|間.
        leads = end - start > 2 and text[start - 1 : start] in _LEADS_TO
        end -= leads or end - 1 in view.by_start
    if label == Label.ORG and _STATIONS.match(text, start, end):
        label = Label.COMPANY
    if label == Label.PLACE and "・" in text[start:end] and text.startswith("郡長", end - 1):
        return Span(start, end - 1, Label.PERSON)  # ウーゴ・マンシーリャ|郡長
    if label in ("COMPANY", "PLACE", "FACILITY"):
        if _INSTITUTION.search(text, start, end):
            label = Label.ORG
        elif last == "線" and end - start > 2:
            label = Label.PRODUCT
        elif _STATION.search(text, start, end):
            label = Label.PLACE
        elif _CENTRAL_BANK.search(text, start, end):
            label = Label.ORG
    return Span(start, end, label)
