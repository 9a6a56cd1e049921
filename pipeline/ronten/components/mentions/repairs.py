"""Tagged names whose borders the tokens hide, and those that a word in front gives the type of."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from ronten.components.mentions.discourse import Span
from ronten.components.mentions.people import KIN, MINISTER, ROLE, followed, told_a_person
from ronten.components.mentions.typed import ANYWHERE, LABEL_OF
from ronten.components.mentions.view import View, is_kanji, is_katakana
from ronten.components.mentions.words import either, places
from ronten.types import Label

_LETTER = "[A-Za-zÀ-ÖØ-öø-ɏ]"
_LATIN = re.compile(rf"{_LETTER}|[-'’.](?={_LETTER})")
# A firm of several names: Veldhoen & Partners.
_PARTNERS = re.compile(r" ?& ?[A-Z][A-Za-z]+(?: [A-Z][A-Za-z]+)?")
# Ends of given names that the tokens leave over: 桐ケ谷雄|三・, 雪平|ともさん, 葛城ひな|のさん.
_GIVEN = re.compile(
    rf"[一二三郎夫子美也介平太之治](?=[・（(]|氏|さん)|[一二三郎夫子美也介太人](?=元?{ROLE.pattern})"
    r"|(?:(?![のがはをにでへとやも])[ぁ-ん]{1,3}|とも|の)"
    r"(?=さん|ちゃん|氏)"
)
# A given name in hiragana may end like a particle before a title: 曽我部ひさ|の議員.
_GIVEN_IN_KANA = re.compile(rf"(?<=[ぁ-ん])(?!ら|など|たち|ほか)[ぁ-ん](?={ROLE.pattern})")
# What a name is cut by: 篠島|通商相, おしげ|婆さん.
_OFFICE_INSIDE = re.compile(MINISTER)
_OLD = re.compile(r"(?:婆|爺|じい|ばあ)\Z")
_TO_THE_OLD = ("さん", "さま", "ちゃん")
# A surname with its reading before a given name: 馬酔木(あせび)正之.
_READ_SURNAME = re.compile(r"(?<![一-鿿々])(?P<word>[一-鿿々]{1,4})\([ぁ-んー]{2,8}\)\Z")
# An office in front of a name of one person: 部長の直江津川は.
_OF_OFFICE = re.compile(
    r"(?<![一-鿿ァ-ヺー])(?:部長|課長|係長|室長|社長|会長|副社長|専務|常務|主任|工場長|店長|館長|所長)の\Z"
)
_BODY_END = re.compile(r"[大高校県市町村区署部省庁院]\Z")
_ACTS = re.compile(r"[はがも、]|によ[るれ]")
_NOT_ITS_OWN = ("首都", "州都", "国営", "国有", "公営")
# What stands before a name in capitals: a player's position, a profession (WTB立石晃太).
_CAPITALS = re.compile(r"[A-Z]{2,4}(?=[一-鿿])")
# Parts of an address of which each is a name: 長月市|北台.
_ADDRESS = re.compile(
    r"(?:東京都|大阪府|京都府|北海道|.{2,}?[市区県])"
    r"(?![市区町村都府県民立営役議場長])(?=.{1,6}(?:[区市町村台]|丁目|[ケヶが]丘))"
)
# What begins a foreign name and is none of its own: サン・|イシドロ共和国.
_BEGINS = re.compile(
    r"(?<![ァ-ヺー・])(?:サン|サンタ|サント|ニュー|エル|ラ|ロス|ラス|ル|レ|ポート|セント|アル|グラン|ノース|サウス|イースト|ウェスト)・\Z"
)
# A surname that begins like a country: 米|倉山敦, where no other name is before it.
_COUNTRY_OR_NAME = re.compile(r"(?<![一-鿿々])[米英][一-鿿々]")
# A part of a firm.
_OFFICE = re.compile(r"[一-鿿ァ-ヺー]{2,}[部課室局]\Z")
# What somebody is at the firm in the bracket behind the name: 伊佐敷ゆき江(アートプレス代表取締役).
_EMPLOYED = re.compile(r"(?:代表取締役|取締役|執行役員|社長|会長|専務|常務)\)")
_NAMED_LIKE_A_THING = re.compile(r"[A-Z]{3,}|[ァ-ヺー・]{4}.*")
_TOWN = re.compile(r".{2,}[町県郡区]|.+[ヶケノ].*村")
# What follows rivers and nobody.
_OF_RIVER = re.compile(
    r"の(?:或る|ある)?(?:支流|流域|上流(?!階級|社会)|下流(?!階級|社会)|河口|川岸|土手|堤防|水位|氾濫|河川敷)"
    r"|流域|河口|堤防|水系|に(?:沿っ|沿う|架か)|沿い"
)
# What stands beside a place and is none of its name: 旧|ソ連, JR|蓑浦駅, 香良駅|前.
_BEFORE_PLACE = re.compile(r"旧(?=.{2})|JR(?=.+駅)")
_BEHIND_PLACE = re.compile(r"(?<=駅)(?:前|[東西南北]口?|構内|周辺)\Z")
# A direction is a part of a foreign name: 南|アルベール.
_DIRECTION = re.compile(r"(?<![一-鿿々ァ-ヺー])[東西南北]\Z")
_TOWNS = {"首都": Label.PLACE, "港町": Label.PLACE, "古都": Label.PLACE, "地方都市": Label.PLACE}
_PAPERS = {word: label for word, label in LABEL_OF.items() if word.endswith(("紙", "放送"))}
_TYPES = {
    word: label
    for word, label in {**ANYWHERE, **_TOWNS, **_PAPERS}.items()
    if label in (Label.COMPANY, Label.ORG, Label.PLACE)
}
_TYPED = re.compile(rf"(?P<type>{either(_TYPES)})(?P<joint>である|[の・、]?)\Z")
# The rest of a given name behind a particle that is a part of it (竜崎|も|とみ). と may join two
# people, unless what is left is no name (紺野|と|よ子).
_REST = re.compile(r"[ぁ-ん]{1,3}[子美江代恵枝]?")
_REST_OF_TO = re.compile(r"[ぁ-ん]{1,2}[子美江代恵枝]")
_TYPE_SIZE = max(map(len, _TYPES)) + 3


def repaired(view: View, spans: Iterable[Span]) -> Iterator[Span]:
    """Yield the tagged names with the ends that belong to them, in text order."""
    text = view.plain
    last: Span | None = None
    spans = sorted(spans)
    firms = {text[s.start : s.end] for s in spans if s.label == Label.COMPANY}
    for span in (_without_office(text, _without_post(view, span), firms) for span in spans):
        for part in _split(text, _placed(text, _typed(view, _grown(view, span)))):
            if last is not None and _one_person(view, last, part):
                last = last._replace(end=part.end)
                continue
            if last is not None and _employs(text, part, last):
                part = part._replace(label=Label.COMPANY)
            if last is not None:
                yield last
            last = part
    if last is not None:
        yield last


def _without_post(view: View, span: Span) -> Span:
    """Cut off a person what he is the head of: 大道寺みのり|政策調査会長."""
    first, last = view.by_start.get(span.start), view.by_end.get(span.end)
    if (
        first is None
        or last is None
        or last - first < 2
        or not view.plain.startswith("長", span.end)
    ):
        return span
    surname, given = view.tokens[first], view.tokens[first + 1]
    if not (surname.tag.endswith("人名-姓") and given.tag.endswith("人名-名")):
        return span
    return Span(span.start, given.end, Label.PERSON)


def _without_office(text: str, span: Span, firms: Collection[str]) -> Span:
    """Cut an office off a firm that the text names without it: ZTN|広報部."""
    name = text[span.start : span.end]
    office = _OFFICE.search(name) if span.label == Label.ORG else None
    whole = [firm for firm in firms if office and firm != name and name.startswith(firm)]
    if not whole:
        return span
    return span._replace(end=span.start + max(map(len, whole)), label=Label.COMPANY)


def _grown(view: View, span: Span) -> Span:
    """Take in the rest of a Latin name and of a given name; leave out blanks and capitals."""
    start, end, label = span
    text = view.plain
    while start < end and text[start] == " ":
        start += 1
    while end > start and text[end - 1] == " ":
        end -= 1
    if label in ("PERSON", "COMPANY") and text[end - 1].isalpha() and _LATIN.match(text[end - 1]):
        while end < len(text) and _LATIN.match(text, end):
            end += 1
    if label == "PERSON" and _COUNTRY_OR_NAME.match(text, start - 1, start + 1):
        start -= not followed(view, end)  # 米|大谷翔平選手
    if label != "PERSON" and (begins := _BEGINS.search(text, max(0, start - 6), start)):
        start = begins.start()
    if label == "COMPANY" and (partners := _PARTNERS.match(text, end)):
        end = partners.end()
    for word in _NOT_ITS_OWN:
        rest = start + len(word)
        if text.startswith(word, start) and rest + 1 < end and is_katakana(text[rest]):
            start = rest
    if label in ("PERSON", "COMPANY"):
        for at in range(start + 2, end):
            office = _OFFICE_INSIDE.match(text, at)
            if office and office.end() > end:
                return Span(start, at, "PERSON")
    if label == "PERSON":
        end -= text[end - 1] == "・"
        read = _READ_SURNAME.search(text, max(0, start - 16), start)
        if read and not _is_word(view, read.start(), read["word"]):
            start = read.start()
        if text.startswith(_TO_THE_OLD, end) and (old := _OLD.search(text, start + 2, end)):
            end = old.start()
        if given := _GIVEN.match(text, end) or _GIVEN_IN_KANA.match(text, end):
            end = given.end()
        if capitals := _CAPITALS.match(text, start, end):
            start = capitals.end()
    return Span(start, end, label)


def _is_word(view: View, start: int, word: str) -> bool:
    """Tell whether what is read in brackets is a day (昨日), a role (首相) or kin (父)."""
    first = view.by_start.get(start)
    day = first is not None and "副詞可能" in view.tokens[first].tag
    return day or word in KIN or ROLE.fullmatch(word) is not None


def _typed(view: View, span: Span) -> Span:
    """Give a foreign name the label of the word in front: 所属事務所のオフィス鳴海.

    Nobody is called like a town (鷺ノ瀬町), unless a title follows (板垣|町長).
    """
    start, end, label = span
    text = view.plain
    foreign = any(is_katakana(char) or char.isascii() for char in text[start:end])
    if followed(view, end):
        return span
    found = _TYPED.search(text, max(0, start - _TYPE_SIZE), start) if foreign else None
    # Behind の may stand one of them: 市民団体の佐々木マリ; a person is called so somewhere.
    if found and (found["joint"] in ("", "・") or _nobody(view, text[start:end])):
        return span._replace(label=_TYPES[found["type"]])
    office = label in ("PLACE", "COMPANY", "ORG") and _OF_OFFICE.search(
        text, max(0, start - 6), start
    )
    if (
        office
        and not _BODY_END.search(text, start, end)
        and end - start < 6
        and all(map(is_kanji, text[start:end]))
        and _ACTS.match(text, end)
    ):
        return span._replace(label=Label.PERSON)
    if label in ("COMPANY", "ORG") and told_a_person(text, start, end):
        return span._replace(label=Label.PERSON)
    town = _TOWN.fullmatch(text, start, end) and text[end : end + 1] not in ("長", "議")
    river = text[end - 1] == "川" and end - start > 2 and _OF_RIVER.match(text, end)
    return span._replace(label=Label.PLACE) if label == "PERSON" and (town or river) else span


def _nobody(view: View, name: str) -> bool:
    """Whether a foreign name is nowhere that of a person: マイケル・ブラウン氏."""
    if _NAMED_LIKE_A_THING.fullmatch(name) is None:
        return False
    return not any(followed(view, end) for _, end in places([name], view.plain))


def _employs(text: str, firm: Span, person: Span) -> bool:
    """Tell whether a firm stands in the bracket behind a person: ゆき江(アートプレス代表取締役)."""
    return (
        firm.label == person.label == Label.PERSON
        and (person.end, "(") == (firm.start - 1, text[person.end])
        and _EMPLOYED.match(text, firm.end) is not None
    )


def _placed(text: str, span: Span) -> Span:
    """Cut off a place what tells its time or its surroundings; take in a direction."""
    start, end, label = span
    if label != "PLACE":
        return span
    if before := _BEFORE_PLACE.match(text, start, end):
        start = before.end()
    if behind := _BEHIND_PLACE.search(text, start, end):
        end = behind.start()
    if is_katakana(text[start]) and (
        direction := _DIRECTION.search(text, max(0, start - 2), start)
    ):
        start = direction.start()
    return Span(start, end, label)


def _split(text: str, span: Span) -> Iterator[Span]:
    while span.label == Label.PLACE and (first := _ADDRESS.match(text, span.start, span.end)):
        yield span._replace(end=first.end())
        span = span._replace(start=first.end())
    yield span


def _one_person(view: View, left: Span, right: Span) -> bool:
    """Whether two tagged people are one: Veera|Koskimäki, 紺野|と|よ子氏."""
    if left.label != right.label or left.label != Label.PERSON:
        return False
    text = view.plain
    between = text[left.end : right.start]
    if between == " ":
        words = text[left.start : left.end], text[right.start : right.end]
        return all(word[0].isascii() and " " not in word for word in words)
    if between not in ("と", "も", "よ", "み", "さ", "ま") or not followed(view, right.end):
        return False
    rest = _REST_OF_TO if between == "と" else _REST
    return rest.fullmatch(text, right.start, right.end) is not None
