"""People: names by Sudachi's tags, honorifics and roles; surnames tied to the full name."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from ronten.components.mentions.view import (
    PROPER,
    READING,
    Candidate,
    Token,
    View,
    is_kanji,
    is_katakana,
    plain,
)
from ronten.components.mentions.words import either, matches, places, words
from ronten.types import Label

PLACE_NAME = f"{PROPER}-地名-一般"
SUR, GIVEN, NAME = f"{PROPER}-人名-姓", f"{PROPER}-人名-名", f"{PROPER}-人名"
HONORIFIC = re.compile(r" ?氏(?![名族子])| ?さん|ちゃん|君(?![主臨])|様|先生|夫妻|夫人")
_FORMER = (
    "元 前 現 新 旧 副 次期 名誉 特任 客員 筆頭 上級 主任 首席 主席 共同 暫定 社外 専務 常務 "
    "代表取締役 チーフ シニア 最高 プロジェクト プロダクト ゼネラル エグゼクティブ".split()
)
FORMER = f"(?:{'|'.join(_FORMER)})"
_FIELDS = words("offices")
MINISTER = f"{either(_FIELDS)}(?:(?:担当)?(?:相|副?大臣)|(?:事務)?次官)"
CORE = f"(?:{MINISTER}|{either(words('roles'))})"
# With what honorifics and roles begin: a glance at one character spares most attempts.
_BEGINS_HONORIFIC = frozenset(" 氏さち君様先夫")
_BEGINS_ROLE = frozenset(word[0] for word in (*_FORMER, *_FIELDS, *words("roles")))
_BEFORE_ROLE = _BEGINS_ROLE | frozenset("()前元現新旧副次故")
_BEGINS_TITLE = _BEGINS_HONORIFIC | _BEFORE_ROLE
ROLE = re.compile(
    rf"{FORMER}{{0,3}}{CORE}(?:(?:兼|・|兼任)?{FORMER}{{0,3}}{CORE}){{0,3}}(?:代行|代理|補佐|心得)?"
)
ENDING = re.compile(rf"{CORE}$")
# An office with words between the name and its role noun: 大槻前都市整備局長.
OFFICE = re.compile(rf"(?P<former>元|前|現|故)?[一-鿿ァ-ヺー]{{0,10}}?{CORE}")
# What is left of a given name and a former role, and what makes unknown words before a name a role.
CUT_OFF = re.compile(rf"[一-鿿](?:元|前|現)[一-鿿]{{0,8}}?{CORE}")
OF_ROLE = re.compile(rf"{CORE}の?、?$")
FAMILY_AFTER = re.compile(r"\(?(?:前|元|現|新|旧|副|次期|故)?\)?")
WESTERN = re.compile(
    r"(?<![ァ-ヺー])[ァ-ヺー]{2,}+(?:[・=][ァ-ヺー]+|[・=]?[A-Z]\.?(?=[・=])|[・=][A-Z]\.?(?=[・=]))+"
)
_PARTICLE = (
    "(?:van|von|vom|zu|de|der|den|del|della|di|da|do|dos|du|la|le|ten|ter|bin|bint|ibn|al|el)"
)
LATIN = re.compile(
    r"(?<![A-Za-z0-9])(?:[A-Z][a-zß-öø-ɏ]+|(?:[A-Z]\.){1,2})"
    rf"(?:[ ](?:[A-Z]\.|{_PARTICLE})){{0,3}}"
    r"(?:[ ][A-ZÀ-ÖØ-Þ][a-zß-öø-ɏ]+(?:-[A-ZÀ-ÖØ-Þ][a-zß-öø-ɏ]+)?){1,2}(?![A-Za-z0-9])"
)
# What a Latin surname begins with: van |Eeckhout氏.
_OF_HOUSE = re.compile(rf"(?<![A-Za-z0-9])(?:{_PARTICLE} ){{1,3}}\Z")
HANDLE = re.compile(
    r"(?<![^\s、。「『（(])@(?=[0-9_]*[A-Za-z]{3})[A-Za-z0-9_]{4,30}"
    r"(?= ?(?:さん|氏|の|は|が|も|、|」|』|\)|）))"
)
_WHO = re.compile(r"[者家士官員長授手師]の")
PARTICLES_OF_NOBILITY = {
    "デ",
    "ダ",
    "デラ",
    "ファン",
    "フォン",
    "ヴァン",
    "ド",
    "ドゥ",
    "ビン",
    "アル",
    "ラ",
    "ル",
    "ドス",
}
# Last words of katakana compounds that are no people.
THINGS = re.compile(rf"(?:^|[・=]){either(words('things'))}$")
# Roles that make an unknown katakana word before them a name (not アニメーション監督).
OFFICIAL = re.compile(
    r"(?:元|前|現|新|副|次期)*(?:首相|大統領|外相|国防相|財務相|商務相|長官|国務長官|財務長官|商務長官|上院議員"
    r"|下院議員|CEO|最高経営責任者|教授|博士|総裁|報道官|国王|将軍|補佐官|議長|党首|書記長|判事|[大中少]佐|提督|元帥"
    r"|[一-鿿]*(?:大臣|相|次官)\Z)"
)
_GOVERNS = re.compile(r"(?:大臣|相|次官)\Z")
_OF_SURNAME = re.compile(r"(?<=(?<![一-鿿々])[一-鿿])氏(?![名族子])")
# What follows a name that is part of a longer one: 小林号, 田中賞.
LONGER_NAME = re.compile(r"号|賞|杯|城(?!は)|丸(?![ごの])|戦(?![っい])|記念")
# Words that Sudachi may take for surnames.
NOT_ALONE = frozenset(
    [
        "見方",
        "味方",
        "貝塚",
        "大方",
        "真実",
        "本間",
        "平和",
        "信用",
        "大神",
        "丸木",
        "若者",
        "中間",
        "川上",
        "川下",
        "山本部",
    ]
)
# What a person is, in front of a foreign name: 社会学者|デルブリエ.
_MAN = re.compile(
    r"(?:学者|作家|詩人|史家|評論家|批評家|画家|作曲家|指揮者|演奏家|写真家|建築家|翻訳家|思想家|活動家|実業家|登山家|政治家|俳優|女優|歌手"
    r"|記者|編集者|弁護士|医師|技師|監督|選手|司教|神父|牧師|発案者|発起人|創業者|創設者|著者|作者|訳者|提唱者|ブロガー|ジャーナリスト|プログラマー?)(?P<of>の?)\Z"
)
_MAN_SIZE = 9
ALONE_BEFORE = frozenset(["は", "が", "を", "に", "と", "の", "も", "や", "ら", "から"])
NON_NAMES = {
    "パート",
    "アルバイト",
    "匿名",
    "名無し",
    "本人",
    "当所",
    "当会",
    "当館",
    "当院",
    "当店",
    "当校",
    "当園",
    "当行",
    "専門",
    "関係",
    "業者",
    "当局",
    "政府",
    "会社",
    "皆",
    "お客",
    "神",
    "王",
    "両",
    "各",
    "同",
    "某",
    "故",
}


KIN = frozenset("父母兄姉弟妹娘嫁婆爺祖夫妻孫子奥御両各同故元前現新旧副")
"""Characters beside a name that are no part of it (父真也さん, 佐藤両氏)."""
# What follows places: 松本に住む, 鶴巻田駅.
_OF_A_PLACE = re.compile(r"[にでへ]|から|まで|在住|生まれ|[駅市町村区県郡島山川港城線]")
_LONGEST_GIVEN = 3
"""Characters of a given name that no token tells from its surname."""


class Names:
    """The people named in a text: full names and the parts that stand for them."""

    def __init__(self) -> None:
        self.fulls: dict[str, tuple[str, str]] = {}
        self.parts: dict[str, set[str]] = defaultdict(set)

    def add(self, full: str, surname: str, given: str) -> None:
        """Remember a full name with its surname and given name."""
        if full in self.fulls:
            return
        self.fulls[full] = (surname, given)
        self.parts[surname].add(full)
        if given:
            self.parts[given].add(full)

    def cut(self, full: str, surname: str) -> None:
        """Say that a surname stands for a full name, and is no name of its own."""
        self.fulls.pop(surname, None)
        self.fulls[full] = surname, full[len(surname) :]
        self.parts[surname].add(full)

    def whole(self, name: str) -> bool:
        """Tell whether nothing is known of the parts of a name."""
        return name not in self.parts and not self.fulls.get(name, ("", ""))[1]

    def resolve(self, part: str) -> set[str]:
        """Return the full names that a surname, given name or full name may stand for."""
        return {part} if part in self.fulls else set(self.parts.get(part, ()))


def people(
    view: View, names: Names, others: Iterable[Candidate], title: str = ""
) -> list[Candidate]:
    """Find people and fill `names`; the sure ones among `others` are no people."""
    known: set[int] = set()
    places: set[int] = set()
    for other in others:
        if other.rank >= 2:
            if other.label == Label.PLACE:
                places.add(other.start)
            elif other.label != Label.PRODUCT or other.rank != 3:
                known.update(range(other.start, other.end))
    found = [*_by_tags(view, names), *_western(view, names, known), *_latin(view, names)]
    handles = [match.span() for match in HANDLE.finditer(view.plain)]
    found += [Candidate(*span, Label.PERSON, view.text[slice(*span)], 5) for span in handles]
    taken = {at for c in found for at in range(c.start, c.end)}
    _from_title(plain(title), names, view)
    found += _titled(view, names, taken, known, places)
    _western_title(plain(title), names)
    surnames = {c.entity for c in found if c.end - c.start == len(c.entity)} | names.parts.keys()
    taken = {at for c in found for at in range(c.start, c.end)} | places
    found += _bare(view, surnames, taken, known)
    found += _alone(view, taken | {at for c in found for at in range(c.start, c.end)} | known)
    return list(_full(sorted(_mended(view, c) for c in found), names))


def _mended(view: View, person: Candidate) -> Candidate:
    """Cut off the reading that the tokens join to a name: 茂夫|(しげお)さん; take in particles."""
    if house := _OF_HOUSE.search(view.plain, max(0, person.start - 12), person.start):
        return person._replace(start=house.start())
    read = READING.search(view.text, person.start, person.end)
    if read is None or read.start() == person.start or read.end() < person.end:
        return person
    return person._replace(end=read.start(), entity=READING.sub("", person.entity))


def named(view: View, mentions: Sequence[Candidate], names: Names) -> list[Candidate]:
    """Tie people among the mentions (sorted) that the rules did not know to their full names.

    Surnames of one character before 氏 that nobody found are added (習氏 beside 習近平).
    """
    uncut: set[str] = set()
    for mention in mentions:
        surface = view.text[mention.start : mention.end]
        if mention.label == Label.PERSON and is_kanji(surface[0]) and len(surface) > 1:
            uncut.add(surface)
        if mention.label != Label.PERSON or names.resolve(mention.entity):
            continue
        if (read := READING.search(surface)) and read.end() < len(surface):
            names.add(mention.entity, surface[: read.start()], surface[read.end() :])
            continue
        parts = re.split(r"[・=＝]", surface)
        first = view.by_start.get(mention.start)
        if len(parts) > 1:
            _add_western(names, surface, parts)
        elif first is not None and view.tokens[first].tag == SUR:
            surname = view.tokens[first].text
            if len(surname) < len(surface):
                names.add(mention.entity, surname, surface[len(surname) :].strip())
        elif (given := _given_at_end(view, mention)) is not None:
            names.add(mention.entity, surface[: -len(given)].strip(), given)
    written = uncut
    uncut = {name for name in written if names.whole(name)}
    found = _by_surname(view, mentions, names, uncut)
    _by_written(view, found, names, written)
    full = _full((m for m in found if m.label == Label.PERSON), names)
    return [next(full) if m.label == Label.PERSON else m for m in found]


def surnames(
    view: View, mentions: Sequence[Candidate], names: Names, known: Iterable[Candidate]
) -> list[Candidate]:
    """Read as people the guessed places that are called like somebody written out before.

    Places of the lexicon, `known`, stay what they are, and so does what the text speaks of as a
    place somewhere.
    """
    sure = {(name.start, name.end) for name in known}
    written: set[str] = set()
    read = []
    for mention in mentions:
        if mention.label == Label.PERSON:
            written.add(mention.entity)
        elif mention.label == Label.PLACE and (mention.start, mention.end) not in sure:
            surname = view.text[mention.start : mention.end]
            fulls = [f for f in names.resolve(surname) if names.fulls.get(f, ("",))[0] == surname]
            if len(fulls) == 1 and fulls[0] in written and not _place(view, surname):
                mention = mention._replace(label=Label.PERSON, entity=fulls[0])
        read.append(mention)
    return read


def _place(view: View, name: str) -> bool:
    """Tell whether the text speaks of a place of this name."""
    found = places([name], view.text)
    return len(name) < 2 or any(_OF_A_PLACE.match(view.plain, end) for _, end in found)


def _given_at_end(view: View, mention: Candidate) -> str | None:
    """Return the given name at the end of a name whose surname no dictionary has: 鶴巻田|洋平."""
    last = view.by_end.get(mention.end)
    if last is None or view.tokens[last].tag != GIVEN or not is_kanji(view.text[mention.start]):
        return None
    given = view.tokens[last].text
    return given if 2 <= mention.end - len(given) - mention.start <= 4 else None


def _by_surname(
    view: View, mentions: Sequence[Candidate], names: Names, uncut: set[str]
) -> list[Candidate]:
    """Find where full names that the tokens do not cut are cut: by their surnames elsewhere."""
    taken = {at for mention in mentions for at in range(mention.start, mention.end)}
    found = list(mentions)
    for match in _OF_SURNAME.finditer(view.plain):
        end = match.start()
        start, surname = end - 1, view.text[end - 1 : end]
        free = start in view.by_start and start not in taken
        if free and _whose(surname, uncut | names.resolve(surname)):
            found.append(Candidate(start, end, Label.PERSON, surname))
    for mention in found:
        short = view.text[mention.start : mention.end]
        if mention.label == Label.PERSON and names.whole(short) and followed(view, mention.end):
            full = _whose(short, uncut)
            if full is not None:
                names.cut(full, short)
    return sorted(found)


def _by_written(view: View, mentions: Iterable[Candidate], names: Names, written: set[str]) -> None:
    """Tie a titled surname that the tokens cut (真砂|小路教授) to the name that begins with it."""
    for mention in mentions:
        short = view.text[mention.start : mention.end]
        if mention.label != Label.PERSON or short not in written or not followed(view, mention.end):
            continue
        full = _whose(short, written)
        if full is not None and len(full) - len(short) <= _LONGEST_GIVEN:
            names.cut(full, short)


def _whose(surname: str, uncut: set[str]) -> str | None:
    """Return the one full name that begins with a surname, None if there is none or several."""
    fulls = [name for name in uncut if name.startswith(surname) and name != surname]
    return fulls[0] if len(fulls) == 1 else None


def _full(found: Iterable[Candidate], names: Names) -> Iterator[Candidate]:
    """Give every mention its full name; of several the one that was written out last."""
    last: dict[str, int] = {}
    for mention in found:
        options = names.resolve(mention.entity)
        if mention.entity in options:
            last[mention.entity] = mention.start
        seen = sorted((last[o], o) for o in options if o in last)
        if len(options) == 1:
            mention = mention._replace(entity=next(iter(options)))
        elif seen:
            mention = mention._replace(entity=seen[-1][1])
        yield mention


def told_a_person(text: str, start: int, end: int) -> bool:
    """Tell whether the word in front of a foreign name says that it is a person's: 史家X.

    Behind の stands a firm as well (選手のX復帰), but not one of several names (発案者のX・Y).
    """
    name = text[start:end]
    found = _MAN.search(text, max(0, start - _MAN_SIZE), start)
    if found is None or not all(is_katakana(char) or char in "・＝" for char in name):
        return False
    return not found["of"] or "・" in name or text[end : end + 1] in ("は", "が")


def followed(view: View, end: int) -> bool:
    """Tell whether an honorific or role follows at `end`."""
    return _honorific(view.plain, end) is not None or _role(view.plain, end) is not None


def _honorific(text: str, end: int) -> re.Match[str] | None:
    return HONORIFIC.match(text, end) if text[end : end + 1] in _BEGINS_HONORIFIC else None


def _role(text: str, end: int) -> re.Match[str] | None:
    """Return the role that follows, whatever part of it FAMILY_AFTER takes in."""
    if text[end : end + 1] not in _BEFORE_ROLE:
        return None
    pos = _skip(text, end)
    return ROLE.match(text, pos) if text[pos : pos + 1] in _BEGINS_ROLE else None


def _by_tags(view: View, names: Names) -> Iterator[Candidate]:
    """Surname and given name in a row, as Sudachi tags them; names it knows as a whole."""
    tokens, text = view.tokens, view.text
    free = 0
    for i in view.tagged(NAME):
        if i < free:
            continue
        token = tokens[i]
        following = tokens[i + 1] if i + 1 < len(tokens) else None
        gap = text[token.end : following.start] if following else ""
        if token.tag in (SUR, GIVEN) and following and gap in ("", " ", "\u3000"):
            # 須田　患者さんは…: behind the label of a turn no unknown word is a given name.
            apart = gap == "\u3000" and not following.tag.startswith(NAME)
            given = _given if token.tag == SUR else _cut_given
            last = None if apart else given(view, i + 1)
            if last is not None and not LONGER_NAME.match(text, tokens[last].end):
                end = _longer(view, tokens[last].end, last)
                full = text[token.start : end]
                joined = re.sub(r"\s", "", full)
                names.add(joined, token.text, joined[len(token.text) :])
                yield Candidate(token.start, end, Label.PERSON, joined, 3)
                free = last + 1
                continue
        if token.tag == f"{NAME}-一般" and (title := ENDING.search(token.text)):
            name = token.text[: title.start()]
            if len(name) >= 2:
                yield Candidate(token.start, token.start + len(name), Label.PERSON, name, 2)
        elif token.tag == f"{NAME}-一般" and len(token.text) >= 3 and _kanji(token.text):
            names.add(token.text, token.text[:1], "")
            yield Candidate(token.start, token.end, Label.PERSON, token.text, 2)


def _cut_given(view: View, index: int) -> int | None:
    """金正 恩 総書記: a character that belongs to the given name before an honorific or role."""
    token = view.tokens[index]
    single = len(token.text) == 1 and is_kanji(token.text) and token.tag.startswith("名詞-普通名詞")
    return index if single and followed(view, token.end) else None


def _longer(view: View, end: int, last: int) -> int:
    """大島 健 三 元首相: take in the last character of a given name that was cut off before 元."""
    text = view.plain
    former = CUT_OFF.match(text, end)
    single = len(view.tokens[last].text) == 1
    if former and single and text[end] not in "元前現新副同両" and not ROLE.match(text, end):
        return end + 1
    return end


def _kanji(word: str) -> bool:
    return all(map(is_kanji, word))


def _joined(view: View, end: int) -> bool:
    return view.text[end : end + 1] in ("・", "＝", "=")


def _given(view: View, index: int) -> int | None:
    """Return the last token of a given name that starts at token `index`, or None."""
    tokens = view.tokens
    token = tokens[index]
    if token.text in ("一人", "二人"):
        return None
    if token.tag == GIVEN or (token.tag == f"{NAME}-一般" and not is_katakana(token.text[0])):
        return index + 1 if _cut_off(view, index + 1) else index
    if token.tag == SUR and len(token.text) <= 3 and followed(view, token.end):
        return index
    # unknown given names: up to three characters between the surname and an honorific
    last, size = index, 0
    while last < len(tokens) and tokens[last].tag.startswith(
        ("名詞-", "接尾辞-名詞的", "動詞", "形容詞")
    ):
        here = tokens[last]
        if last > index and here.start != tokens[last - 1].end:
            return None
        if ROLE.match(view.plain, here.start) or HONORIFIC.match(view.plain, here.start):
            return None
        size += len(here.text)
        if size > 3 or not all(is_kanji(c) or "ぁ" <= c <= "ん" for c in here.text):
            return None
        if followed(view, here.end):
            return (
                last
                if here.text not in ("元", "前", "両", "新", "故", "現", "副", "代表")
                else None
            )
        last += 1
    return None


def _cut_off(view: View, index: int) -> bool:
    """Whether one character more ends the given name: 乾 由希 彦 before アナリスト."""
    if index >= len(view.tokens) or view.tokens[index].start != view.tokens[index - 1].end:
        return False
    token = view.tokens[index]
    return (
        len(token.text) == 1
        and is_kanji(token.text)
        and token.text not in "元前両新故現副同氏様君"
        and token.tag.startswith("名詞")
        and not followed(view, token.start)
        and followed(view, token.end)
    )


def _western(view: View, names: Names, known: set[int]) -> Iterator[Candidate]:
    text = view.plain
    for match in WESTERN.finditer(text):
        start, end = match.span()
        parts = re.split(r"[・=]", match[0])
        honored = HONORIFIC.match(text, end)
        if start in known or view.in_web(start) or len(parts) > 5:
            continue
        if not honored and (THINGS.search(match[0]) or any(map(THINGS.fullmatch, parts))):
            continue
        if not (followed(view, end) or _named(view, start, end, parts)):
            continue
        if LONGER_NAME.match(text, end):
            continue
        entity = view.text[start:end]
        _add_western(names, entity, parts)
        yield Candidate(start, end, Label.PERSON, entity, 3)


def _add_western(names: Names, entity: str, parts: Sequence[str]) -> None:
    if entity in names.parts:
        return  # it is the surname of somebody: オカンポ＝リム氏
    surname = parts[-1]
    if (double := re.search(r"・([^・=＝]+[=＝][^・=＝]+)$", entity)) is not None:
        names.parts[double[1]].add(entity)  # テレシタ・|オカンポ＝リム
    if len(parts) > 2 and parts[-2] in PARTICLES_OF_NOBILITY:
        names.parts[f"{parts[-2]}・{surname}"].add(entity)
    names.add(entity, surname, parts[0])


def _named(view: View, start: int, end: int, parts: Sequence[str]) -> bool:
    """Tell whether Sudachi knows a part as a person's name, or none of the parts as a word."""
    index = view.by_start.get(start)
    if index is None:
        return False
    unknown, person = 0, False
    while index < len(view.tokens) and view.tokens[index].start < end:
        token = view.tokens[index]
        if token.tag.startswith(f"{PROPER}-地名"):
            return False
        person = person or token.tag.startswith(NAME)
        unknown += token.text in parts and token.tag == "名詞-普通名詞-一般"
        index += 1
    before = view.plain[max(0, start - 12) : start]
    return person or (unknown == len(parts) and bool(OF_ROLE.search(before)))


def _latin(view: View, names: Names) -> Iterator[Candidate]:
    for match in matches(LATIN, view.plain, view.ascii_words):
        index = view.by_start.get(match.start())
        tagged = index is not None and view.tokens[index].tag.startswith(NAME)
        # 経済学者のJ. Hartwick
        initial = match[0][1] == "." and _WHO.match(view.plain, match.start() - 2) is not None
        if view.in_web(match.start()) or not (initial or followed(view, match.end()) or tagged):
            continue
        entity = view.text[slice(*match.span())]
        parts = match[0].split()
        if len(parts) > 2 and parts[1].islower():
            names.parts[" ".join(parts[1:])].add(entity)  # Joris van Eeckhout, van Eeckhout
        names.add(entity, parts[-1], parts[0])
        yield Candidate(*match.span(), Label.PERSON, entity, 5 if initial else 2)


def _titled(
    view: View, names: Names, taken: set[int], known: set[int], places: set[int]
) -> Iterator[Candidate]:
    """A single word before an honorific (any word) or a role (a name)."""
    tokens, text = view.tokens, view.plain
    for i in view.tagged("名詞-"):
        token = tokens[i]
        title = text[token.end : token.end + 1] in _BEGINS_TITLE
        if not title and token.tag not in (SUR, PLACE_NAME):
            continue
        if token.start in taken or token.start in known:
            continue
        if token.text in NON_NAMES or token.tag.startswith(("名詞-数詞", f"{PROPER}-地名-国")):
            continue
        honorific = _honorific(text, token.end)
        role = None if honorific else _role(text, token.end)
        called = token.tag == PLACE_NAME and role and _GOVERNS.search(role[0])
        if not honorific and (not role or called):
            if officer := _officer(view, token, places):
                yield Candidate(token.start, token.end, Label.PERSON, token.text, 5)
            if officer or not role:
                continue
        start, end = _name_run(view, i)
        word = view.text[start:end]
        strong = token.tag.startswith(NAME)
        if honorific:
            kind = honorific[0]
            if kind in ("君", "様", "先生", "ちゃん", "夫妻", "夫人") and not strong:
                continue
            if kind == "さん" and not (
                strong or is_katakana(word[-1]) or "A" <= plain(word)[0] <= "Z"
            ):
                continue
            if not strong and (ROLE.fullmatch(plain(word)) or (len(word) < 2 and kind != "氏")):
                continue
            if not strong and word.startswith(("同", "両", "各")):
                continue
            yield Candidate(start, end, Label.PERSON, word, 6)
        elif token.start in places and word not in names.parts:
            continue
        elif word in names.parts:
            yield Candidate(start, end, Label.PERSON, word, 6)
        elif token.tag.startswith((SUR, f"{NAME}-一般")) and len(word) >= 2:
            yield Candidate(start, end, Label.PERSON, word, 2)
        elif (
            role
            and not role[0].endswith("知事")
            and OFFICIAL.match(role[0])
            and _foreign(word, token.tag)
            and not _in_compound(view, i)
        ):
            yield Candidate(start, end, Label.PERSON, word, 1)


def _officer(view: View, token: Token, places: set[int]) -> bool:
    """Tell whether an office with words of its own follows a name: 大槻前都市整備局長."""
    place = token.tag == PLACE_NAME and token.start not in places
    if len(token.text) < 2 or not (token.tag == SUR or place):
        return False
    office = OFFICE.match(view.plain, token.end)
    return office is not None and (token.tag == SUR or bool(office["former"]))


def _in_compound(view: View, index: int) -> bool:
    before = view.tokens[index - 1] if index else None
    return bool(before and view.noun(index - 1) and before.end == view.tokens[index].start)


def _skip(text: str, end: int) -> int:
    match = FAMILY_AFTER.match(text, end)
    return match.end() if match else end


def _foreign(word: str, tag: str) -> bool:
    """Tell whether a katakana word before a role can be a name (メルツ首相, not グループ代表)."""
    return (
        all(map(is_katakana, word))
        and len(word) >= 2
        and tag in ("名詞-普通名詞-一般", f"{PROPER}-一般")
        and not THINGS.search(word)
    )


def _name_run(view: View, index: int) -> tuple[int, int]:
    """Return the span of the name that ends with token `index`: unknown words in a row."""
    tokens = view.tokens
    first = index
    while first > 0 and index - first < 3:
        before, here = tokens[first - 1], tokens[first]
        kata = is_katakana(before.text[-1]) and is_katakana(here.text[0])
        proper = (
            before.tag.startswith(PROPER) and here.tag.startswith(PROPER) and is_kanji(here.text[0])
        )
        short = len(before.text) + len(here.text) <= 5 and is_kanji(before.text[-1])
        if before.end == here.start and (kata or (proper and short)):
            first -= 1
        else:
            break
    return tokens[first].start, tokens[index].end


def _bare(
    view: View, surnames: Iterable[str], taken: set[int], known: set[int]
) -> Iterator[Candidate]:
    """A surname or given name alone, where the text gives it to a person elsewhere."""
    wanted = {s for s in surnames if len(s) >= 2}
    for i, token in enumerate(view.tokens):
        if token.text not in wanted or token.start in taken or token.start in known:
            continue
        if not view.borders(token.start, token.end) or _joined(view, token.end):
            continue
        if token.tag.startswith(
            (NAME, "名詞-普通名詞-一般", f"{PROPER}-一般", f"{PROPER}-地名-一般")
        ):
            following = view.tokens[i + 1] if view.noun(i + 1) else None
            attached = following is not None and following.start == token.end
            if following and attached and not followed(view, token.end):
                thing = following.text[0] in "家流式派邸線駅市区町村"
                if thing or not token.tag.startswith(NAME):
                    continue
            if view.text[token.start - 1 : token.start] in ("・", "＝"):
                continue
            yield Candidate(token.start, token.end, Label.PERSON, token.text, 2)


def _alone(view: View, taken: set[int]) -> Iterator[Candidate]:
    """Yield words that Sudachi knows as surnames or foreign names and that stand free."""
    tokens = view.tokens
    for i in view.tagged(SUR, f"{NAME}-一般"):
        token = tokens[i]
        if token.start in taken or len(token.text) < 2:
            continue
        if token.text in NOT_ALONE or ENDING.search(token.text):
            continue
        if token.tag != SUR and not (is_katakana(token.text[0]) and len(token.text) >= 3):
            continue
        following = tokens[i + 1] if i + 1 < len(tokens) else None
        if following is None or following.start != token.end or following.text not in ALONE_BEFORE:
            continue
        if (
            _in_compound(view, i)
            or _joined(view, token.end)
            or not view.borders(token.start, token.end)
        ):
            continue
        if view.plain[token.start - 1 : token.start] in ("・", "="):
            continue
        yield Candidate(token.start, token.end, Label.PERSON, token.text, 1)


TITLE_GIVEN = re.compile(rf"(?P<given>[一-鿿々ぁ-ん]{{1,4}}?)(?=氏|さん|{CORE}|[、,」「』）) ]|$)")
NOT_GIVEN = re.compile(r"氏|さん|[ぁ-ん]$|[はがのをにもと]")


def _from_title(title: str, names: Names, view: View) -> None:
    """Add full names that the title writes out for surnames of the text."""
    if not title:
        return
    surnames = {
        t.text for t in view.tokens if t.tag == SUR and len(t.text) >= 2 and t.text in title
    }
    for surname in sorted(surnames):
        at = title.find(surname)
        while at >= 0:
            match = TITLE_GIVEN.match(title, at + len(surname))
            if match:
                given = match["given"]
                if not NOT_GIVEN.match(given) and not ROLE.match(title, match.start("given")):
                    names.add(surname + given, surname, given)
            at = title.find(surname, match.end() if match else at + 1)


def _western_title(title: str, names: Names) -> None:
    for match in WESTERN.finditer(title):
        parts = re.split(r"[・=]", match[0])
        if HONORIFIC.match(title, match.end()) or ROLE.match(title, match.end()):
            _add_western(names, match[0], parts)
