"""Short forms that the text itself introduces: 深度求索（DeepSeek）, DeepSeek-V3(以下V3)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ronten.components.mentions.lexicon import Lexicon
from ronten.components.mentions.orgs import suffix_of
from ronten.components.mentions.people import HONORIFIC, ROLE
from ronten.components.mentions.typed import ACRONYMS
from ronten.components.mentions.view import (
    PROPER,
    Candidate,
    View,
    is_kanji,
    is_katakana,
    is_latin,
    plain,
)
from ronten.components.mentions.words import lines, places, words
from ronten.types import Label

BRACKET = re.compile(r"[(\[〔](?P<inside>[^()\[\]〔〕\n。]{1,60})[)\]〕]")
DEFINED = re.compile(
    r"(?:[^「」『』]*、)?"
    r"(?:以下、?|以後、?|略称[はで:、]?|略して|通称[はで:、]?|略|愛称[はで:、]?|旧社名[はで:、・]?|旧称[はで:、・]?"
    r"|(?:開発)?コード(?:名|ネーム)[はで:、・]?|開発名[はで:、・]?)\s*"
    r"(?:「(?P<quoted>[^」]{1,30})」|『(?P<double>[^』]{1,30})』|(?P<bare>[^「」『』、;:は]{1,30}?))"
    r"(?:と(?:いう|略す?|する|呼ぶ|表記|記す)?[^、]{0,6})?(?:、[^、]*)?$"
)
# How a Latin name with a number is read: Tsugumi-2（つぐみ2）.
READ_OUT = re.compile(r"[ぁ-んァ-ヶー]{2,12}[ -]?\d+(?:\.\d+)?")
SIZE = re.compile(r"\d+(?:\.\d+)? ?(?:[KMGT]i?B|[BM]|nm|W|V|[GMk]?Hz)$")
NO_ALIAS = re.compile(
    r"[ぁ-ん\s・、]+$|[\d.,/年月日時分%〜~\-]+$|.*(?:本社|出典|参照|写真|図|表|注|同|約|現在|比|増|減|など|ほか|より|参考|在|県|市|区|町)"
)
TICKER = re.compile(
    r"(?:NASDAQ|NYSE|TSE|東証|ナスダック|KRX|HKEX|TWSE|AMEX)[^:]{0,8}: ?"
    r"(?P<ticker>[A-Z]{1,5}|\d{4,6})(?![A-Za-z0-9])"
)
SHORTENED = {Label.COMPANY, Label.ORG, Label.PRODUCT, Label.MODEL, Label.CHIP, Label.POLICY}
# What may stand between a name and its bracket: 『デ・ヘルデ』紙（De Helde）.
_CLOSED = re.compile(r"[」』 ]紙?$")
# How a foreign name is written in its language.
_WRITTEN = re.compile(r"[A-ZÀ-ÖØ-Þ][^、,，;:ぁ-ヿ一-鿿]{2,40}(?=$|[、,;])")
_SPELT = [line.split() for line in lines("spelt")]
# Who asks or writes like a newspaper.
_ASKS = re.compile(
    r"(?<![一-鿿々ァ-ヺーA-Za-z])(?P<short>[一-鿿々]{2,6}|[ァ-ヺー]{2,10}(?:・[ァ-ヺー]{2,10})?|[A-Z]{2,6})"
    r"(?=の(?:取材|記者)[にで]|に対し|に?よ(?:ると|れば)|紙[はがもにの]|は[^。「」]{1,80}と(?:報じ|伝え))"
)
_ASKED = ("の取材", "紙", "は")
_CAPITALS = re.compile(r"[A-Z][A-Z0-9&]{2,7}")
_BODIES = {Label.COMPANY, Label.ORG}
# The seat of a firm in a bracket behind its name: （本社・札幌市）, （東京・渋谷）.
SEAT = re.compile(r"本社[・:、は=]|証券コード|(?:東京|大阪|京都|名古屋|横浜|福岡|札幌|神戸|仙台)・")
KIND = re.compile(r"(?:大手|企業|会社|メーカー|新興|ベンチャー|スタートアップ|財閥|商社)の?$")
TITLED = re.compile(rf"(?:{HONORIFIC.pattern}|{ROLE.pattern})$")
DEICTIC = re.compile(r"本|当|同|この|両|各")
CALLED = re.compile(
    r"(?:以下|以後)(?:、|では、?)?(?P<what>同社|同製品|同法|同機構|同大学|同団体|同モデル|これ)[をは]"
    r"[「『]?(?P<name>[^「」『』、。\n]{1,20}?)[」』]?と(?:呼|略|い[うい]|記|表記|する)"
)
NAMED_BY = {
    "同社": {Label.COMPANY},
    "同製品": {Label.PRODUCT, Label.CHIP},
    "同法": {Label.POLICY},
    "同機構": {Label.ORG},
    "同大学": {Label.ORG},
    "同団体": {Label.ORG},
    "同モデル": {Label.MODEL},
}
LEGAL = re.compile(r"(?:株式|有限|合同|合資|合名)会社|法人|,? (?:Inc|Corp|Ltd|LLC)\b")
GROUP = re.compile(
    r"(?P<group>ホールディングス|フィナンシャル・?グループ|グループ|コーポレーション"
    r"| ?(?:Holdings|Group|Corporation))$"
)
SHORT_FORMS = {
    "ホールディングス": ("HD", "ホールディングス"),
    "フィナンシャルグループ": ("FG",),
    "フィナンシャル・グループ": ("FG",),
    "グループ": ("G",),
}
CLIPPED = {
    "大学": ("大",),
    "研究所": ("研",),
    "研究会": ("研",),
    "研究機構": ("研", "機構"),
    "研究センター": ("研", "センター"),
    "連合会": ("連",),
    "連盟": ("連",),
    "労働組合": ("労組",),
    "協同組合": ("協",),
    "商工会議所": ("商議所",),
    "高等学校": ("高", "高校"),
    "教育委員会": ("教委",),
    "選挙管理委員会": ("選管",),
    "警察本部": ("警",),
    "警": ("警",),
}
"""What is left of the last word of a body where its name is clipped, or its place is left out."""
CLIPPED_END = re.compile(rf"(?P<whole>{'|'.join(sorted(CLIPPED, key=len, reverse=True))})$")
LOCAL = re.compile(r"[都道府県市区町村]$")
OF_PLACE = frozenset(["教委", "選管", "警"])
"""Bodies that every town has, so that the kind of town is enough (市教委)."""
COMMON = set(words("things")) | set(words("generic")) | set(words("ordinary"))
GENERIC_END = re.compile(
    r"(?:会社|企業|大手|新興|モデル|サービス|製品|チップ|半導体|機関|団体|組織|政府|当局|メーカー|法人|技術|人工知能|アプリ|ソフト|システム|国|社)$"
)


Table = dict[str, tuple[Label, str]]


def learned(
    view: View, mentions: Sequence[Candidate], lexicon: Lexicon
) -> tuple[list[Candidate], Table]:
    """Find what brackets and definitions tell about the names before them.

    Returns mentions for names before or in the brackets that nothing else found, and the aliases:
    surface as in a plain view → (label, canonical name).
    """
    ends = {c.end: c for c in mentions}
    starts = {c.start: c for c in mentions}
    extra: list[Candidate] = []
    table: Table = {}
    for match in BRACKET.finditer(view.plain):
        base = ends.get(match.start())
        if base is None and (
            closed := _CLOSED.search(view.plain, max(0, match.start() - 2), match.start())
        ):
            base = ends.get(closed.start())
        if ticker := TICKER.search(match["inside"]):
            extra += _listed(view, match, ticker, base, table)
        elif base is None:
            extra += _unknown(view, match, starts, table)
        elif defined := DEFINED.match(match["inside"]):
            short = (defined["quoted"] or defined["double"] or defined["bare"]).strip()
            _define(short, view.text[base.start : base.end], base, table)
            if "、" in match["inside"] and base.label in SHORTENED:
                _explained(view, match, base, starts, lexicon, table)
        elif base.label in SHORTENED:
            _explained(view, match, base, starts, lexicon, table)
        elif written := _WRITTEN.match(match["inside"]):
            _romanized(written[0], base, lexicon, table)
    _called(view, mentions, table)
    _shortened(view, mentions, lexicon, table)
    _clipped(view, mentions, lexicon, table)
    _asking(view, mentions, lexicon, table)
    return extra, {plain(name): meant for name, meant in table.items()}


def _listed(
    view: View, match: re.Match[str], ticker: re.Match[str], base: Candidate | None, table: Table
) -> Iterator[Candidate]:
    """Hoshi（NASDAQ: HOSH）: the ticker is a mention, and what stands before it a firm."""
    if base is None:
        yield from _firm(view, match.start(), table)
    elif base.label == Label.COMPANY and not ticker["ticker"].isdigit():
        at = match.start("inside")
        span = at + ticker.start("ticker"), at + ticker.end("ticker")
        yield Candidate(*span, Label.COMPANY, base.entity, 6)
        table[view.text[slice(*span)]] = (Label.COMPANY, base.entity)


def _unknown(
    view: View, match: re.Match[str], starts: dict[int, Candidate], table: Table
) -> Iterator[Candidate]:
    """A name that nothing found is a firm where its bracket says so."""
    inside, at = match["inside"], match.start("inside")
    within = starts.get(at)
    if SEAT.match(inside):
        yield from _firm(view, match.start(), table)
    elif within and within.end == match.end("inside"):
        # B部会長（ほしな組）: whose bracket tells where somebody works.
        titled = TITLED.search(view.plain, max(0, match.start() - 12), match.start())
        body = within.label in (Label.COMPANY, Label.ORG) and not titled
        if body and (name := _run(view, match.start())):
            label = Label(within.label)
            yield Candidate(*name, label, within.entity, 5)
            table[view.text[slice(*name)]] = (label, within.entity)
    elif all(is_latin(c) or c in " .-&" for c in inside) and inside[0].isupper():
        name = _run(view, match.start())
        if name and KIND.search(view.plain, max(0, name[0] - 12), name[0]):
            full = view.text[slice(*name)]
            yield Candidate(*name, Label.COMPANY, full, 1)
            table[full] = table[view.text[slice(*match.span("inside"))]] = (Label.COMPANY, full)


def _firm(view: View, end: int, table: Table) -> Iterator[Candidate]:
    name = _run(view, end, mixed=True)
    if name:
        full = view.text[slice(*name)]
        yield Candidate(*name, Label.COMPANY, full, 1)
        table[full] = (Label.COMPANY, full)


def _define(short: str, surface: str, base: Candidate, table: Table) -> None:
    deictic = DEICTIC.match(short) and short[0] not in base.entity
    labels = SHORTENED | {Label.PERSON, Label.PLACE}
    unknown = short in ("未定", "非公開", "不明", "未公表", "なし", "同じ")
    if short and not unknown and short != surface and not deictic and base.label in labels:
        table[short] = (Label(base.label), base.entity)


def _explained(
    view: View,
    match: re.Match[str],
    base: Candidate,
    starts: dict[int, Candidate],
    lexicon: Lexicon,
    table: Table,
) -> None:
    within = starts.get(match.start("inside"))
    first, *_ = parts = [part.strip() for part in re.split("[、,]", match["inside"])]
    alone = within is not None and within.end == match.end("inside")
    body = base.label in _BODIES
    if within and alone and base.label == within.label:
        _equal(base, within, lexicon, table, view)
    elif (
        body
        and len(parts) == 1
        and (within is None or within.label in _BODIES)
        and _CAPITALS.fullmatch(first)
        and first not in ACRONYMS
    ):
        # The initials of a body are its own here, whatever firm they stand for elsewhere.
        if not lexicon.get(base.entity):
            table[first] = (Label(base.label), base.entity)
    # A known name tells who made it, not what it is called: Gemma 2（グーグル、6月）.
    elif (
        not lexicon.get(first)
        and _short_for(first, base.entity)
        and (not alone or (body and within and within.rank < 4))
    ):
        table[first] = (Label(base.label), base.entity)
    for part in parts[1:] if body else ():  # 有明言語計算（東京・江東、ALC）
        if _CAPITALS.fullmatch(part) and part not in ACRONYMS and not lexicon.get(part):
            table[part] = (Label(base.label), base.entity)


def _romanized(written: str, base: Candidate, lexicon: Lexicon, table: Table) -> None:
    """A foreign name may be spelt in the bracket behind it: ヤン・ベラーネク, a town タルマン."""
    said, spelt = re.split("[・=＝]", base.entity), re.split("[ -]", written)
    alike = len(said) == len(spelt) and all(map(_begins_alike, said, spelt))
    town = base.label == Label.PLACE and not (lexicon.get(base.entity) or written.isupper())
    person = base.label == Label.PERSON and len(said) > 1
    if alike and (town or person) and not lexicon.get(written):
        table[written] = (Label(base.label), base.entity)


def _begins_alike(said: str, spelt: str) -> bool:
    """Tell whether a foreign name may be spelt so, by its first sound (ヨナス, Jonas)."""
    sounds = next((letters for kana, letters in _SPELT if said[:1] in kana), "")
    return spelt[:1] in sounds


def _called(view: View, mentions: Sequence[Candidate], table: Table) -> None:
    """以下、同製品をハコベと呼ぶ: a name for the last thing of that kind."""
    for match in CALLED.finditer(view.plain):
        labels = NAMED_BY.get(match["what"], SHORTENED)
        before = [c for c in mentions if c.end <= match.start() and c.label in labels]
        if before:
            _define(match["name"], "", before[-1], table)


def _shortened(view: View, mentions: Sequence[Candidate], lexicon: Lexicon, table: Table) -> None:
    """Short forms that need no definition: 青嶺HD after 青嶺ホールディングス, X after X株式会社."""
    others = {view.text[c.start : c.end] for c in mentions if c.label != Label.COMPANY}
    seen: set[str] = set()
    for mention in mentions:
        if mention.label not in (Label.COMPANY, Label.ORG):
            continue
        surface, name = view.text[mention.start : mention.end], mention.entity
        if LEGAL.search(surface) and name in surface and _distinct(name):
            table.setdefault(name, (Label(mention.label), name))
        written = name if name in surface else surface
        # The text is gone through for it, which need not be done for every mention.
        if mention.label == Label.COMPANY and name not in seen:
            seen.add(name)
            if stem := _initials(view, name, lexicon):
                table.setdefault(stem, (Label.COMPANY, name))
        end = GROUP.search(written)
        if mention.label != Label.COMPANY or not end:
            continue
        stem = written[: end.start()].rstrip(" ・")
        if len(stem) < 2 or stem in others or lexicon.get(stem) or stem in COMMON:
            continue
        for ending in SHORT_FORMS.get(end["group"], ()):
            table.setdefault(stem + ending, (Label.COMPANY, name))
        tag = (
            view.tokens[view.by_start[mention.start]].tag if mention.start in view.by_start else ""
        )
        if _distinct(stem) and not tag.startswith((f"{PROPER}-人名", f"{PROPER}-地名")):
            table.setdefault(stem, (Label.COMPANY, name))


def _initials(view: View, firm: str, lexicon: Lexicon) -> str:
    """Return what a firm is called without its trade: INP after INP通信.

    A word that may be a common one (デジタル出版) must be shown to act: ラヤン側.
    """
    stem = firm.removesuffix(suffix_of(firm))
    capitals = _CAPITALS.fullmatch(stem) is not None
    katakana = len(stem) > 2 and all(map(is_katakana, stem))
    if stem == firm or not (capitals or katakana):
        return ""
    if lexicon.get(stem) or stem in COMMON | ACRONYMS:
        return ""
    told = capitals or f"{stem}側" in view.text
    return stem if told or not any(view.common(*at) for at in places([stem], view.text)) else ""


def _clipped(view: View, mentions: Sequence[Candidate], lexicon: Lexicon, table: Table) -> None:
    """Names that lose the end of their last word: 環洋研 after 環洋研究所, 市教委."""
    full: dict[str, set[tuple[Label, str]]] = {}
    for mention in mentions:
        end = CLIPPED_END.search(mention.entity)
        if mention.label not in (Label.COMPANY, Label.ORG) or not end:
            continue
        stem = mention.entity[: end.start()]
        local = LOCAL.search(stem)
        for left in CLIPPED[end["whole"]]:
            forms = [stem, local[0], ""] if local and left in OF_PLACE else [stem]
            for short in (form + left for form in forms):
                if (
                    (len(short) > 2 or (left in OF_PLACE and len(short) > 1))
                    and short != mention.entity
                    and short in view.text
                    and not lexicon.get(short)
                ):
                    full.setdefault(short, set()).add((Label(mention.label), mention.entity))
    for short, meant in full.items():
        if len(meant) == 1:
            table.setdefault(short, *meant)


def _asking(view: View, mentions: Sequence[Candidate], lexicon: Lexicon, table: Table) -> None:
    """Newspapers by the beginning or end of their names: 東雲の取材に, レジスター紙は."""
    firms = {m.entity for m in mentions if m.label == Label.COMPANY}
    people = {m.entity for m in mentions if m.label == Label.PERSON}
    for match in _ASKS.finditer(view.plain):
        short = match["short"]
        if any(person.startswith(short) for person in people):
            continue
        kind = short in COMMON or suffix_of(short) == short  # 銀行, 新聞: any of them
        if kind or short in firms or short in table or lexicon.get(short):
            continue
        if not view.text.startswith(_ASKED, match.end()) and view.common(*match.span("short")):
            continue  # 市民に対し
        meant = [f for f in firms if f != short and (f.startswith(short) or f.endswith(short))]
        if len(meant) == 1 and len(short) < len(meant[0]) - 1:
            table[short] = (Label.COMPANY, meant[0])


def _distinct(name: str) -> bool:
    """Tell whether a short form can stand alone without being taken for a common word."""
    kanji = all(map(is_kanji, name))
    return len(name) >= (2 if kanji else 3) and not GENERIC_END.search(name)


def _short_for(inside: str, full: str) -> bool:
    """Tell whether a bracket can hold another name of `full`: Latin letters, katakana or kanji."""
    if (
        not inside
        or NO_ALIAS.match(inside)
        or inside in ACRONYMS
        or ROLE.search(inside)
        or HONORIFIC.search(inside)
        or len(inside) > 30
    ):
        return False
    if all(is_latin(c) or c in " .-&" for c in inside):
        return any(c.isupper() for c in inside) and len(inside) >= 2 and not SIZE.match(inside)
    if READ_OUT.fullmatch(inside) and is_latin(full[0]):
        return True
    if is_kanji(inside[0]) and all(map(is_kanji, inside)):
        return len(inside) < len(full) and set(inside) <= set(full)
    return all(is_katakana(c) or c == "・" for c in inside) and not all(map(is_katakana, full))


def _equal(
    base: Candidate,
    within: Candidate,
    lexicon: Lexicon,
    table: Table,
    view: View,
) -> None:
    """Two names, one in the other's bracket: the known one is canonical; two known ones differ."""
    outer, inner = view.text[base.start : base.end], view.text[within.start : within.end]
    if lexicon.get(inner) and not lexicon.get(outer) and base.rank < 3:
        table[outer] = (Label(within.label), within.entity)
    elif not lexicon.get(inner) and (
        (lexicon.get(outer) and within.rank < 3)
        or (within.rank < 4 and _short_for(inner, base.entity))
    ):
        table[inner] = (Label(base.label), base.entity)


def _run(view: View, end: int, mixed: bool = False) -> tuple[int, int] | None:
    """Return the run of unknown words that ends at `end`, if it can be a firm's name.

    `mixed` allows kanji and katakana in one name.
    """
    index = view.by_end.get(end)
    if index is None:
        return None
    first = index
    while (
        first > 0
        and view.noun(first - 1)
        and view.tokens[first - 1].end == view.tokens[first].start
        and not KIND.search(view.tokens[first - 1].text)
    ):
        first -= 1
    start = view.tokens[first].start
    name = view.plain[start:end]
    single = all(map(is_kanji, name)) or all(is_katakana(c) or c == "・" for c in name)
    if not single and not (mixed and all(map(_of_a_name, name))):
        return None
    if not view.noun(index) or not 2 <= len(name) <= 16 or GENERIC_END.search(name):
        return None
    return start, end


def _of_a_name(char: str) -> bool:
    return is_kanji(char) or is_katakana(char) or is_latin(char) or char in "・&"


def occurrences(view: View, table: Table) -> Iterator[Candidate]:
    """Yield every place in the text where a learned alias stands."""
    for start, end in places(table, view.plain):
        if view.borders(start, end) and not view.in_web(start):
            label, entity = table[view.plain[start:end]]
            yield Candidate(start, end, label, entity, 6)
