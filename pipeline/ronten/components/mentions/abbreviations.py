"""One-character names inside compounds: 米中, 日米韓, 対中, 訪米, 米企業, 米商務省, 自公."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ronten.components.mentions.lexicon import Lexicon
from ronten.components.mentions.people import followed
from ronten.components.mentions.view import (
    PROPER,
    USER,
    Candidate,
    View,
    is_kanji,
    is_katakana,
    is_latin,
)
from ronten.types import Label

TOWARDS = "対訪反親駐抗嫌在渡離排滞"
NOT_TOWARDS = {"在中", "親日中", "対比", "反比", "対西", "渡加"}
RELATION = re.compile(
    r"(?:両国|両政府|両軍|関係|対立|首脳|外相|国交|友好|貿易|摩擦|戦争|協議|会談|間の|双方|共同|同盟|経済|交渉|平和|の(?:対立|関係|首脳|緊張|間))"
)
# Runs that are words of their own: a relation word must follow before they are two countries.
WORDS = {
    "日中",
    "中日",
    "中米",
    "西日",
    "日西",
    "中西",
    "比日",
    "日比",
    "加日",
    "台日",
    "日加",
    "独日",
    "中台",
    "台中",
    "印西",
    "共立",
    "立国",
    "公国",
    "国立",
    "公立",
    "自立",
    "独立",
}
NEVER = {
    "欧米",
    "朝日",
    "日朝日",
    "国立",
    "公立",
    "自立",
    "独立",
    "共立",
    "公国",
    "立国",
    "国公立",
    "朝朝",
    "日日",
    "西独立",
    "台台",
    "公共",
    "自国",
    "共国",
    "国共",
    "公社",
    "国社",
    "社国",
    "共社",
    "立社",
    "自社",
    "印加",
    "加印",
}
# Second halves that make one token with the country in front.
OF_COUNTRY = re.compile(
    r"[米英仏独露伊韓豪加中印台欧](?:国?(?:大統領|首相|政府|議会|国債|株|債|軍|紙|誌|側|系|企業|社|財務長官|国務長官|当局|世論|経済|市場|製|産|本土|国内|兵|空軍|海軍|陸軍|海兵隊|大使館|大使|外相|中銀|連邦|商務長官|金利|国防長官|司法長官))$"
)
RICE = re.compile(
    r"[価作農菓粉俵粒店屋卸騒糠酢]|ぬか|不足|価格|騒動|生産|消費|備蓄|作り|づくり|需要|収穫|農家|農業|栽培|問屋|市場|流通|市況|在庫|輸入米|[0-9]|粒|袋|の|を|が|は"
)
# A day, not Japan: 5日朝, 前日比.
_DAY = re.compile(r"[0-9一二三四五六七八九十数同翌前当毎連]日")
# What stands for a country in front of one of its bodies or firms, and of a part of it.
_COUNTRIES = frozenset("米英仏独露韓豪")
_GENERIC = frozenset(["政府", "当局", "企業", "議会"])
_WHOLE = 3  # characters of country and body together, at least
_PART = re.compile(r"[東西南北中]{1,2}部|本土|全土|国内")


def abbreviations(view: View, lexicon: Lexicon) -> Iterator[Candidate]:
    """Yield the countries and parties that one character stands for inside a compound."""
    if not lexicon.abbreviations:
        return
    one, text = lexicon.abbreviated, view.plain
    for match in re.finditer(f"{one}{{2,6}}", text):
        start, end = _whole_tokens(view, *match.span())
        start += _DAY.match(text, start - 1) is not None
        if end - start > 1:
            yield from _together(view, range(start, end), lexicon)
    # With points between them: 日・米・欧の中銀.
    for match in re.finditer(rf"(?<![一-鿿・]){one}(?:・{one})+(?!・)", text):
        start, end = match.span()
        if not is_kanji(text[end : end + 1]) or RELATION.match(text, end):
            yield from _together(view, range(start, end, 2), lexicon)
    yield from _towards(view, lexicon)
    yield from _in_front(view, lexicon)


def _together(view: View, places: range, lexicon: Lexicon) -> Iterator[Candidate]:
    """Yield what some characters stand for, if they are all countries or all parties."""
    name = "".join(view.plain[at] for at in places)
    meant = [lexicon.abbreviations[character] for character in name]
    if name in NEVER or len({entry.label for entry in meant}) > 1:
        return
    if name in WORDS and not RELATION.match(view.plain, places[-1] + 1):
        return
    for at, entry in zip(places, meant, strict=True):
        yield Candidate(at, at + 1, entry.label, entry.canonical, 5)


def apart(view: View, mention: Candidate, lexicon: Lexicon) -> Iterator[Candidate]:
    """Part a body or firm from the country in front of it: 米|商務省, 英|財務省.

    The body keeps its whole name, for other countries have one too. Of a part of a country
    (米北東部) and of what is no name by itself (米政府) only the country is left.
    """
    start, end = mention.start, mention.end
    text, rest = view.plain, view.plain[start + 1 : end]
    country = lexicon.abbreviations.get(text[start]) if text[start] in _COUNTRIES else None
    part = mention.label == Label.PLACE and _PART.fullmatch(rest)
    firm = mention.label == Label.COMPANY and (is_katakana(rest[:1]) or is_latin(rest[:1]))
    body = (mention.label == Label.ORG or firm) and start + 1 in view.by_start
    rice = text[start] == "米" and RICE.match(text, start + 1)
    whole = end - start < _WHOLE or mention.rank >= USER or rice
    if country is None or whole or not (part or body):
        yield mention
        return
    yield Candidate(start, start + 1, Label.PLACE, country.canonical, mention.rank)
    if body and rest not in _GENERIC:
        yield mention._replace(start=start + 1)


def _whole_tokens(view: View, start: int, end: int) -> tuple[int, int]:
    """Return the part of a run that consists of whole tokens."""
    while start < end and start not in view.by_start:
        start += 1
    while end > start and end not in view.by_end:
        end -= 1
    return start, end


def _towards(view: View, lexicon: Lexicon) -> Iterator[Candidate]:
    text, table = view.plain, lexicon.abbreviations
    for match in re.finditer(f"[{TOWARDS}](?P<country>{lexicon.abbreviated})", text):
        at = match.start("country")
        entry = table[text[at]]
        whole = match.start() in view.by_start and (
            match.end() in view.by_end or text[at + 1 : at + 2] == "軍"
        )
        kanji_after = text[at + 1 : at + 2] in tuple(table)
        if entry.label is Label.PLACE and whole and match[0] not in NOT_TOWARDS and not kanji_after:
            yield Candidate(at, at + 1, Label.PLACE, entry.canonical, 5)


def _in_front(view: View, lexicon: Lexicon) -> Iterator[Candidate]:
    """米企業, 仏外相, 米大統領: the country before a noun."""
    table = lexicon.abbreviations
    for match in re.finditer(lexicon.abbreviated, view.plain):
        i, entry = view.by_start.get(match.start()), table.get(match[0])
        if i is None or entry is None or entry.label is not Label.PLACE:
            continue
        token = view.tokens[i]
        if OF_COUNTRY.match(view.plain[token.start : token.end]):
            yield Candidate(token.start, token.start + 1, Label.PLACE, entry.canonical, 0)
            continue
        if len(token.text) > 1 or not view.noun(i + 1) or token.text in "日中比加台朝星西越泰":
            continue
        following = view.tokens[i + 1]
        if following.start != token.end or (
            token.text == "米" and RICE.match(view.plain, token.end)
        ):
            continue
        if token.text in "米英" and _surname(view, i + 1):
            continue
        if i and view.noun(i - 1) and view.tokens[i - 1].end == token.start:
            previous = view.tokens[i - 1]
            if is_kanji(previous.text[-1]) and not previous.tag.startswith(f"{PROPER}-人名"):
                continue
        if token.tag.startswith(("名詞-", "接頭辞")) and following.tag.startswith("名詞-"):
            yield Candidate(token.start, token.end, Label.PLACE, entry.canonical, 1)


def _surname(view: View, index: int) -> bool:
    """Tell whether a country is the beginning of a surname: 米|倉山敦, not 米|大谷翔平選手."""
    if view.tokens[index].tag != f"{PROPER}-人名-姓" or not is_kanji(view.tokens[index].text[0]):
        return False
    while view.noun(index + 1) and view.tokens[index + 1].tag.startswith(f"{PROPER}-人名"):
        index += 1
    return not followed(view, view.tokens[index].end)
