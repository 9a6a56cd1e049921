"""Companies, bodies, places, laws and works by the form of their names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from ronten.components.mentions.lexicon import Lexicon
from ronten.components.mentions.people import ROLE
from ronten.components.mentions.view import (
    PROPER,
    Candidate,
    View,
    is_kanji,
    is_katakana,
    is_latin,
)
from ronten.components.mentions.words import either, labelled, matches, places, words
from ronten.types import Label

LABEL_OF = labelled("suffixes")
KATAKANA_SUFFIXES = frozenset(s for s in LABEL_OF if all(map(is_katakana, s)))
LEGAL_FORM = ("株式会社", "有限会社", "合同会社", "合資会社", "合名会社")
BODY_FORM = (
    "学校法人",
    "財団法人",
    "社団法人",
    "一般社団法人",
    "公益財団法人",
    "独立行政法人",
    "国立大学法人",
    "宗教法人",
)
FORM_END = re.compile("会社|法人")
LEGAL_LATIN = re.compile(
    r"(?:,? (?:Inc|Corp|Corporation|LLC|Ltd|Co|GmbH|AG|S\.A|plc|PLC|KG)\b\.?){1,3}", re.ASCII
)
INCORPORATED = re.compile(
    r"(?<![A-Za-z0-9&.'-])[A-Z][\w&.'-]{0,24}(?: [A-Z&][\w&.'-]{0,24}){0,4}?" + LEGAL_LATIN.pattern,
    re.ASCII,
)
GENERIC = set(words("generic"))
WEAK = set(words("weak_suffixes"))
STRONG = set(words("strong_suffixes"))
ORDINARY = set(words("ordinary"))
DEFINITION = re.compile(r"[(](?:以下|略称|通称)")
# Bodies and laws without a proper name in them: 港湾整備特別委員会, 著作権分科会, 公文書管理法.
FORMAL_SUFFIXES = frozenset(words("formal_suffixes"))
FORMAL = re.compile(
    r"[一-鿿・]{2,}(?:特別委員会|審議会|分科会|小委員会|調査会|諮問会議)"
    rf"|[一-鿿]{{2,}}{either(words('law_words'))}法"
)
REGION = re.compile(r"(?P<area>東京都|北海道|京都府|大阪府|[一-鿿]{2,3}[県省])(?P<rest>.{2,})")
KATAKANA_PLACE = re.compile(
    r"(?<![ァ-ヺー・])[ァ-ヺー・]{2,}+(?<=[ァ-ヺー]{2})(?:州|市(?![場民長])|県|郡(?!長)|島|諸島|半島|山脈|川|湖|湾|海峡"
    r"|地方|空港|宮殿|大聖堂|駅|帝国|王国|共和国|公国|連邦(?!議会|検察|裁判|捜査|政府|準備|最高|軍|警察|銀行|大統領|首相|院|憲法|制))"
)
# Countries and towns that no list knows, by what stands in front or behind: 島国マルコヴィア,
# 高原の国オルメガ, 駐テセイラ大使, ヴラヌフカは人口3万人.
_LAND = re.compile(
    r"(?:隣国|島国|君主国|内陸国|産油国|途上国|新興国|宗主国|国境の町|港町)の?(?P<told>[ァ-ヺー]{3,12})(?![ァ-ヺー・]|[一-鿿]{0,2}[相王]|大統領|大使|氏|さん)"
    r"|(?:[山丘森湖水海雪島地北南東西]|高原|草原|砂漠|内陸)の国(?P<land>[ァ-ヺー]{3,12})(?![ァ-ヺー・一-鿿])"
    r"|駐(?P<post>[ァ-ヺー]{3,12})(?=大使|総領事|公使)"
    r"|(?<![ァ-ヺー・])(?P<peopled>[ァ-ヺー]{3,12})(?=(?:\([A-Z][^()]{1,30}\))?は、?人口(?:は|約|およそ)?"
    r"[0-9一二三四五六七八九十百千万.,]+人?(?:余り|ほど)?(?:で、|だ。|、|。|の(?:小国|島国|国|町|村|街)[。だでは]))"
    r"|(?<![ァ-ヺー・])(?P<state>[ァ-ヺー]{3,12})(?=外務省|国防省|内務省|財務省)"
    r"|(?<![ァ-ヺー・])(?P<stem>(?:(?:サン|サンタ|サント|ニュー|エル)・)?[ァ-ヺー]{3,12})(?P<form>共和国|王国|公国|帝国|連邦)"
)
# A member of a parliament, not the parliament: フローリアン・ヴェステンホルツ欧州議会(議員).
_MEMBER = re.compile(r"[ァ-ヺー]+[・＝=][ァ-ヺー]+.*議会")
_ELECTED = re.compile(
    r"(?<![一-鿿々ァ-ヺ])(?P<town>[一-鿿々ケヶノ]{1,5}[市町村区])(?=長選|議(?:会議員)?選)"
)
# A town with its reading inside: 九十九原(つくもばる)町.
_READ_TOWN = re.compile(
    r"(?<![一-鿿々])(?P<name>[一-鿿々ヶケノ]{1,6})\([ぁ-んー]{2,10}\)(?P<kind>[市町村県郡区駅港島](?![長議民営内]))"
)
_MINISTRY = re.compile(r"(?:外務|国防|内務|財務)省")
COMPANY_SHA = re.compile(r"社(?![会員長説内外屋交運債宅葬用史風是製紙歴主名])")
# What a newspaper is called abroad: 『タウアモ・クロニクル』(Tauamo Chronicle).
_SPELT = re.compile(r"\((?P<name>[A-Z][^()]{1,40})\)")
# The title of an article in a list of sources: ・『漁船が沈没』 — 東雲新報.
_CITED = re.compile(r"[ \u3000]?[—―–-]")
WORK = re.compile(r"『(?P<title>[^『』「」。\n]{1,40})』")
PAPERS = "新聞|日報|新報|民報|時報|日日|夕刊"
"""Last words of the names of newspapers."""
# News agencies, papers and stations by what they do: 全報通信などによると, テレビ八雲の取材に.
_PRESS = re.compile(
    r"(?<![一-鿿々ァ-ヺー])(?P<name>(?![同各本両]|地元|地方|全国|外国|現地|日刊|有力|主要|複数|大手)"
    r"(?:[一-鿿々]{2,5}(?:通信|公論|新報|日報|民報)|[A-Z]{2,6}(?:通信|ニュース)|テレビ(?!各|局|放送|番組)[一-鿿]{2,4}))"
    r"(?=(?:社|\([^()]{1,20}\))?(?:の(?:電話)?(?:取材|記者|インタビュー)|に(?:よると|よれば|対し)"
    r"|(?:など)?が(?:報じ|伝え|配信)|などに?(?:よ[るれ]|の)|は、?[^。]{1,80}と(?:報じ|伝え)"
    r"|[、や]『?[^。、』]{2,16}』?など(?:が|に)))"
)
# What only an agency does: 内国通信の取材に.
_ASKS = re.compile("の(?:電話)?(?:取材|記者(?!会見)|インタビュー)|は、?[^。]{1,80}と(?:報じ|伝え)")
_WIRES = frozenset(
    "次世代 移動体 近距離 長距離 双方向 高速 量子暗号 光 携帯電話 機器間 車車間".split()
)
# Newspapers, by their names, by the word in front (経済紙『メルカート』) and by what they do
# (『エンタ速達』などが伝えた).
_PAPER = re.compile(
    rf"(?:{PAPERS}|週報|公論|速報|通信|ニュース|ポスト|タイム[ズス]|ジャーナル|トリビューン|ヘラルド|クロニクル|ガゼット)$"
)
_NEWS = re.compile(
    r"(?:(?:経済|日刊|夕刊|朝刊|地元|地方|全国|有力|大衆|英字|専門|スポーツ|現地|[米英仏独伊露中韓])紙"
    r"|ニュースサイト)の?\Z"
)
_REPORTS = re.compile(
    r"(?:\([^()]{1,40}\))?紙?(?:の?電子版)?(?:"
    r"(?<=紙)(?:[はがも、(の]|に(?:[、「]|対し|語)|など)|は、?[^。『』\n]{1,20}の話として"
    r"|(?:[、や]?(?:現地の)?『[^『』「」。\n]{1,15}』|[、や][^『』「」。、\n]{2,12}?(?=など|が報じ|が伝え))*"
    r"(?:など(?:の(?:現地)?(?:メディア|報道機関|各紙))?|各紙)?が(?:[0-9]{1,2}日に?)?(?:報じ[たて]|伝え[たて]|報道し[たて])(?!い?ない)"
    r"|[はも]、?[^。『』\n]{1,120}とも?報(?:じ|道し))"
)
QUOTATIVE = re.compile(r"と(?!は|の|いう|いった|題|や|、)|という(?:意見|声|主張|批判|指摘|考え)")
TEAM = re.compile(r"代表(?![取理幹者的例権部])|・[ァ-ヺー]+[ズツス](?![ァ-ヺー])")
PLACE_TAG = f"{PROPER}-地名"
_HIRAGANA = re.compile(r"[ぁ-んー]+")
_ANYBODYS = ("総研", "総合研究所", "製作所")  # firms or bodies, or a common noun
_KANA_TAGS = ("名詞-普通名詞-一般", "名詞-普通名詞-サ変", "名詞-普通名詞-形状", PROPER)


def forms(view: View, lexicon: Lexicon) -> Iterator[Candidate]:
    """Yield names that their last word gives away (…大学, …省, …製作所, …法, …市)."""
    tokens = view.tokens
    for i in view.tagged("名詞-", "接尾辞-名詞的"):
        token = tokens[i]
        label, suffix = _suffix(token.text)
        if label is None:
            if token.tag.startswith(PLACE_TAG) and view.borders(token.start, token.end):
                yield from _place(view, i)
            continue
        longer = view.noun(i + 1) and tokens[i + 1].start == token.end
        if longer and _suffix(tokens[i + 1].text)[0] and tokens[i + 1].text not in WEAK:
            continue
        whole = len(token.text) > len(suffix)
        if whole and not token.tag.startswith(PROPER) and label is not Label.POLICY:
            continue
        if (label is Label.PLACE or suffix == "省") and token.tag.startswith(PLACE_TAG):
            yield from _place(view, i)
            continue
        first = _head(view, i, label)
        name = view.text[tokens[first].start : token.end]
        if first == i and not (whole and _proper_whole(token.text, suffix, token.tag)):
            continue
        if _MEMBER.fullmatch(name) and view.plain.startswith("議員", token.end):
            continue
        if len(name) < 3 or not (
            _distinctive(view, first, i, suffix)
            or _formal(name, suffix)
            or _supported(view, first, i, suffix)
            or (label is Label.COMPANY and _kana(view, first, i, suffix))
        ):
            continue
        if suffix in WEAK and lexicon.get(name.removesuffix(suffix)):
            continue
        if label is Label.COMPANY and suffix == "社":
            if not COMPANY_SHA.match(view.plain, token.end - 1):
                continue
            if first < i and (name[-2:] != "聞社" and not name.endswith("通信社")):
                known = lexicon.get(name[:-1])
                canonical = known.canonical if known else name[:-1]
                kind = known.label if known else Label.COMPANY
                if all(is_kanji(c) for c in name):
                    yield Candidate(tokens[first].start, token.end, Label.COMPANY, name, 1)
                elif kind is Label.COMPANY:
                    yield Candidate(tokens[first].start, token.start, kind, canonical, 2)
                continue
        if suffix == "省" and tokens[max(first, i - 1)].tag.startswith(PLACE_TAG):
            label = Label.PLACE
        yield Candidate(tokens[first].start, token.end, label, name, 1)


def teams(view: View, known: Iterable[Candidate]) -> Iterator[Candidate]:
    """Yield teams named by a place: 日本代表, ロサンゼルス・レイカーズ."""
    places = [c for c in known if c.label == Label.PLACE]
    starts = {c.start for c in places}
    for place in places:
        if (match := TEAM.match(view.plain, place.end)) and place.end + 1 not in starts:
            name = view.text[place.start : match.end()]
            yield Candidate(place.start, match.end(), Label.ORG, name, 2)


def legal_forms(view: View) -> Iterator[Candidate]:
    """Yield 株式会社X, X株式会社, X Inc.; the legal form is part of the span, not of the name."""
    tokens = view.tokens
    for form in FORM_END.finditer(view.text):
        i = view.by_end.get(form.end())
        if i is None:
            continue
        token = tokens[i]
        if token.text in LEGAL_FORM or token.text in BODY_FORM:
            label = Label.COMPANY if token.text in LEGAL_FORM else Label.ORG
            last = i
            while last + 1 < len(tokens) and last - i < 8 and _name_part(view, last + 1, last):
                last += 1
            first = i
            while first > 0 and i - first < 8 and _name_part(view, first - 1, first, left=True):
                first -= 1
            if last > i and not (first < i and last == i):
                name = view.text[token.end : tokens[last].end].strip()
                start = token.start if label is Label.COMPANY else tokens[i + 1].start
                yield Candidate(start, tokens[last].end, label, name, 2)
            elif first < i:
                name = view.text[tokens[first].start : token.start].strip()
                yield Candidate(tokens[first].start, token.end, label, name, 2)
    for match in matches(INCORPORATED, view.plain, view.ascii_words):
        name = LEGAL_LATIN.sub("", match[0])
        end = match.end() - (
            match[0].endswith(".") and view.plain[match.end() : match.end() + 1] == ""
        )
        yield Candidate(match.start(), end, Label.COMPANY, name, 2)


def works(view: View, known: Iterable[Candidate]) -> Iterator[Candidate]:
    """Yield titles of works in 『』 that are not quoted speech."""
    text = view.plain
    listed = {(name.start, name.end) for name in known}
    for match in WORK.finditer(text):
        title = match["title"]
        if (
            _CITED.match(text, match.end())
            or QUOTATIVE.match(text, match.end())
            or _inside_quote(text, match.start())
        ):
            continue
        if (
            title.endswith(("た", "だ", "です", "ます", "ない", "る", "よ", "?", "!"))
            and len(title) > 12
        ):
            continue
        name = view.text[slice(*match.span("title"))]
        if (
            match.span("title") not in listed
            and not title.startswith(("週刊", "月刊"))
            and len(title) < 20
            and (
                _PAPER.search(title)
                or _NEWS.search(text, max(0, match.start() - 8), match.start())
                or _REPORTS.match(text, match.end())
            )
        ):
            # A newspaper acts like a firm, wherever it is named.
            for start, end in places([name], view.text):
                if start == match.start("title") or view.borders(start, end):
                    yield Candidate(start, end, Label.COMPANY, name, 5)
            if spelt := _SPELT.match(text, match.end()):
                yield Candidate(*spelt.span("name"), Label.COMPANY, name, 5)
        else:
            yield Candidate(*match.span("title"), Label.PRODUCT, name, 3)


def _inside_quote(text: str, at: int) -> bool:
    near = text[max(0, at - 200) : at]
    return near.rfind("「") > near.rfind("」")


@lru_cache(maxsize=8_192)
def _suffix(text: str) -> tuple[Label | None, str]:
    for size in (5, 4, 3, 2, 1):
        tail = text[-size:]
        if len(tail) == size and tail in LABEL_OF:
            return LABEL_OF[tail], tail
    if text in KATAKANA_SUFFIXES:
        return LABEL_OF[text], text
    return None, ""


def suffix_of(name: str) -> str:
    """Return the word at the end of a name that tells what it is; empty if there is none."""
    return _suffix(name)[1]


def _supported(view: View, first: int, last: int, suffix: str) -> bool:
    """A name of common words (みなと製作所) where a role, a person or a definition follows."""
    head = view.tokens[first]
    if suffix not in STRONG or first == last or head.text in ORDINARY:
        return False
    end = view.tokens[last].end
    if ROLE.match(view.plain, end) or DEFINITION.match(view.plain, end):
        return True
    after = view.tokens[last + 2] if last + 2 < len(view.tokens) else None
    of = view.plain[end : end + 1] in ("の", "・")
    return bool(after and of and after.tag.startswith(f"{PROPER}-人名"))


def _kana(view: View, first: int, last: int, suffix: str) -> bool:
    """A noun in hiragana, but nothing to eat or to make, alone: つばめ証券, すずらん製薬."""
    head, end = view.tokens[first], view.tokens[last].end
    return (
        first < last
        and len(suffix) > 1
        and suffix not in _ANYBODYS
        and len(head.text) > 1
        and head.text not in ORDINARY
        and _HIRAGANA.fullmatch(head.text) is not None
        and not _HIRAGANA.match(view.plain, max(0, head.start - 1), head.start)
        and all(is_kanji(char) for char in view.plain[head.end : end])
        and head.tag.startswith(_KANA_TAGS)
        and (not view.noun(last + 1) or ROLE.match(view.plain, end) is not None)
    )


def _formal(name: str, suffix: str) -> bool:
    return suffix in FORMAL_SUFFIXES and bool(FORMAL.fullmatch(name))


def foreign_places(view: View) -> Iterator[Candidate]:
    """Yield katakana names with a word of geography: ザブロンスキー州."""
    for match in KATAKANA_PLACE.finditer(view.plain):
        if match.start() in view.by_start and not match[0].startswith("・"):
            yield Candidate(*match.span(), Label.PLACE, view.text[slice(*match.span())], 1)


def lands(view: View, lexicon: Lexicon) -> Iterator[Candidate]:
    """Yield lands that no list knows, and their ministries: マルコヴィア, テセイラ外務省."""
    names: dict[str, str] = {}
    for match in _LAND.finditer(view.plain):
        name = next(filter(None, match.group("told", "land", "post", "peopled", "state", "stem")))
        # 途上国のエネルギー: what only stands behind such a word may be anything.
        anything = match["told"] and (
            view.common(*match.span("told")) or match.end("told") not in view.by_end
        )
        if not (anything or lexicon.get(name)):
            full = name + (match["form"] or "")
            names[name] = max(names.get(name, ""), full, key=len)
    for start, end in places(names, view.text):
        name = view.text[start:end]
        beside = view.plain[start - 1 : start], view.plain[end : end + 1]
        if "・" in beside or any(map(is_katakana, beside)):
            continue  # a part of a longer name
        if ministry := _MINISTRY.match(view.plain, end):
            yield Candidate(start, ministry.end(), Label.ORG, name + ministry[0], 5)
        else:
            yield Candidate(start, end, Label.PLACE, names[name], 5)


def elections(view: View) -> Iterator[Candidate]:
    """Yield the towns whose heads or councils are elected: 芦名瀬市|長選挙."""
    for match in _ELECTED.finditer(view.plain):
        start, end = match.span("town")
        if start in view.by_start:
            yield Candidate(start, end, Label.PLACE, view.text[start:end], 1)


def read_towns(view: View) -> Iterator[Candidate]:
    """Yield places with a reading inside, which is none of the name."""
    for match in _READ_TOWN.finditer(view.plain):
        if match.start() in view.by_start:
            yield Candidate(*match.span(), Label.PLACE, match["name"] + match["kind"], 5)


def press(view: View) -> Iterator[Candidate]:
    """Yield agencies, papers and stations that the text shows to report, wherever they stand."""
    found = _PRESS.finditer(view.plain)
    names = {
        match["name"]
        for match in found
        if _ASKS.match(view.plain, match.end())
        or not _wire(view, match.start("name"), match["name"])
    }
    for start, end in places(names, view.text):
        if view.borders(start, end):
            yield Candidate(start, end, Label.COMPANY, view.text[start:end], 5)


def _wire(view: View, start: int, name: str) -> bool:
    """Tell whether 通信 means what goes through the air, not an agency: 衛星通信."""
    stem = name.removesuffix("通信")
    common = view.common(start, start + len(stem)) and not is_latin(stem[0])
    return stem != name and (stem in _WIRES or common)


def _proper_whole(text: str, suffix: str, tag: str) -> bool:
    return tag.startswith(PROPER) and not tag.startswith(f"{PROPER}-人名") and text != suffix


def _head(view: View, last: int, label: Label) -> int:
    """Walk left over the words that belong to the name."""
    tokens = view.tokens
    first = last
    limit = 4 if label is Label.PLACE else 8
    while first > 0 and last - first < limit:
        before, here = tokens[first - 1], tokens[first]
        if before.end != here.start or before.text in GENERIC:
            break
        if before.text in "・&＆" and first > 1 and tokens[first - 2].end == before.start:
            pair = tokens[first - 2].text[-1], here.text[0]
            if all(is_katakana(c) or is_latin(c) for c in pair):
                first -= 2
                continue
            break
        if not before.tag.startswith(("名詞-", "接頭辞", "形状詞")) or before.tag.startswith(
            "名詞-数詞"
        ):
            break
        counter = before.tag.startswith("名詞-普通名詞-助数詞可能") and first > 1
        if counter and tokens[first - 2].tag.startswith("名詞-数詞"):
            break
        if before.tag.startswith(f"{PROPER}-人名-名") and (
            label is Label.PLACE or tokens[last].text in WEAK
        ):
            break
        if label is Label.PLACE and before.tag.startswith(PLACE_TAG):
            break
        if before.tag.startswith("名詞-普通名詞-副詞可能") or (
            _suffix(before.text)[0] is Label.PLACE
            and (
                label is Label.PLACE
                or (before.tag.startswith(PLACE_TAG) and len(before.text) > 2 and first < last)
            )
        ):
            break
        first -= 1
    return first


def _distinctive(view: View, first: int, last: int, suffix: str) -> bool:
    """Tell whether the words before the suffix contain a proper or foreign name."""
    for i in range(first, last + 1):
        token = view.tokens[i]
        stem = token.text.removesuffix(suffix) if i == last else token.text
        if not stem or stem in GENERIC:
            continue
        if token.tag.startswith(PROPER) and i < last:
            return True
        if i == last and _proper_whole(token.text, suffix, token.tag):
            return True
    return False


def _name_part(view: View, index: int, beside: int, left: bool = False) -> bool:
    token, other = view.tokens[index], view.tokens[beside]
    gap = view.text[token.end : other.start] if left else view.text[other.end : token.start]
    if (
        gap not in ("", " ", "\u3000")
        or token.text in GENERIC
        or ROLE.match(view.plain, token.start)
    ):
        return False
    if token.text in "・&＆-.!":
        return True
    return token.tag.startswith(
        (
            "名詞-固有名詞",
            "名詞-普通名詞-一般",
            "名詞-普通名詞-サ変",
            "名詞-普通名詞-形状",
            "名詞-普通名詞-助数",
            "名詞-数詞",
        )
    ) and not (
        token.tag.startswith("名詞-普通名詞")
        and token.text
        in ("社長", "会長", "代表", "取締役", "以下", "本社", "子会社", "社員", "現", "旧")
    )


def _place(view: View, index: int) -> Iterator[Candidate]:
    token = view.tokens[index]
    after = view.plain[token.end : token.end + 1]
    if after in ("人", "語") and view.plain[token.end : token.end + 2] not in (
        "人口",
        "人民",
        "人権",
    ):
        return
    if len(token.text) < 2 and not token.tag.endswith("国"):
        return
    if parts := REGION.fullmatch(token.text):
        middle = token.start + parts.end("area")
        yield Candidate(token.start, middle, Label.PLACE, parts["area"], 2)
        yield Candidate(middle, token.end, Label.PLACE, parts["rest"], 2)
        return
    if index + 1 < len(view.tokens):
        following = view.tokens[index + 1]
        if following.start == token.end and following.text in ("さん", "氏", "君", "ちゃん"):
            return
    yield Candidate(token.start, token.end, Label.PLACE, token.text, 1)
