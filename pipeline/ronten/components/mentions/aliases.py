"""Short forms that the text itself introduces: 深度求索（DeepSeek）, DeepSeek-V3(以下V3)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ronten.components.mentions.lexicon import Lexicon
from ronten.components.mentions.people import HONORIFIC, ROLE
from ronten.components.mentions.view import Candidate, View, is_kanji, is_katakana, is_latin
from ronten.types import Label

BRACKET = re.compile(r"[(\[〔](?P<inside>[^()\[\]〔〕\n。]{1,60})[)\]〕]")
DEFINED = re.compile(
    r"(?:以下、?|以後、?|略称[はで:、]?|略して|通称[はで:、]?|略|愛称[はで:、]?|旧社名[はで:、]?|旧称[はで:、]?)\s*"
    r"(?:「(?P<quoted>[^」]{1,30})」|『(?P<double>[^』]{1,30})』|(?P<bare>[^「」『』、;:は]{1,30}?))"
    r"(?:と(?:いう|略す?|する|呼ぶ|表記|記す)?[^、]{0,6})?(?:、[^、]*)?$"
)
NO_ALIAS = re.compile(
    r"[ぁ-ん\s・、]+$|[\d.,/年月日時分%〜~\-]+$|.*(?:本社|出典|参照|写真|図|表|注|同|約|現在|比|増|減|など|ほか|より|参考|在|県|市|区|町)"
)
TICKER = re.compile(
    r"(?:NASDAQ|NYSE|TSE|東証|ナスダック|KRX|HKEX|TWSE|AMEX)[^:]{0,8}: ?"
    r"(?P<ticker>[A-Z]{1,5}|\d{4,6})(?![A-Za-z0-9])"
)
SHORTENED = {Label.COMPANY, Label.ORG, Label.PRODUCT, Label.MODEL, Label.CHIP, Label.POLICY}
GENERIC_END = re.compile(
    r"(?:会社|企業|大手|新興|モデル|サービス|製品|チップ|半導体|機関|団体|組織|政府|当局|メーカー|法人|技術|人工知能|アプリ|ソフト|システム|国|社)$"
)


def learned(
    view: View, mentions: Sequence[Candidate], lexicon: Lexicon
) -> tuple[list[Candidate], dict[str, tuple[Label, str]]]:
    """Find what brackets tell about the names before them.

    Returns mentions for names before or in the brackets that nothing else found, and the aliases:
    surface → (label, canonical name).
    """
    ends = {c.end: c for c in mentions}
    starts = {c.start: c for c in mentions}
    extra: list[Candidate] = []
    table: dict[str, tuple[Label, str]] = {}
    for match in BRACKET.finditer(view.plain):
        inside = match["inside"]
        base = ends.get(match.start())
        if base is None and view.plain[match.start() - 1 : match.start()] in ("」", "』", " "):
            base = ends.get(match.start() - 1)
        if ticker := TICKER.search(inside):
            if base and base.label == Label.COMPANY:
                span = (
                    match.start("inside") + ticker.start("ticker"),
                    match.start("inside") + ticker.end("ticker"),
                )
                if not ticker["ticker"].isdigit():
                    extra.append(Candidate(*span, Label.COMPANY, base.entity, 6))
                    table[view.text[slice(*span)]] = (Label.COMPANY, base.entity)
            continue
        defined = DEFINED.match(inside)
        if defined:
            short = (defined["quoted"] or defined["double"] or defined["bare"]).strip()
            if (
                base
                and short
                and short != base.entity
                and base.label in SHORTENED | {Label.PERSON, Label.PLACE}
            ):
                table[short] = (Label(base.label), base.entity)
            continue
        within = starts.get(match.start("inside"))
        if within and within.end != match.end("inside"):
            within = None
        if base and base.label in SHORTENED and within is None and _short_for(inside, base.entity):
            table[inside] = (Label(base.label), base.entity)
        elif base and within and base.label == within.label and base.label in SHORTENED:
            _equal(base, within, lexicon, table, view)
        elif base is None and within and within.label in (Label.COMPANY, Label.ORG):
            name = _unknown_name(view, match.start())
            if name:
                extra.append(Candidate(*name, within.label, within.entity, 5))
                table[view.text[slice(*name)]] = (Label(within.label), within.entity)
    return extra, table


def _short_for(inside: str, full: str) -> bool:
    """Tell whether a bracket can hold another name of `full`: Latin letters, katakana or kanji."""
    if (
        NO_ALIAS.match(inside)
        or ROLE.search(inside)
        or HONORIFIC.search(inside)
        or len(inside) > 30
    ):
        return False
    if all(is_latin(c) or c in " .-&" for c in inside):
        return any(c.isupper() for c in inside) and len(inside) >= 2
    if is_kanji(inside[0]) and all(map(is_kanji, inside)):
        return len(inside) < len(full) and set(inside) <= set(full)
    return all(is_katakana(c) or c == "・" for c in inside) and not all(map(is_katakana, full))


def _equal(
    base: Candidate,
    within: Candidate,
    lexicon: Lexicon,
    table: dict[str, tuple[Label, str]],
    view: View,
) -> None:
    """Two names, one in the other's bracket: the known one is canonical; two known ones differ."""
    outer, inner = view.text[base.start : base.end], view.text[within.start : within.end]
    if lexicon.get(inner) and not lexicon.get(outer) and base.rank < 3:
        table[outer] = (Label(within.label), within.entity)
    elif lexicon.get(outer) and not lexicon.get(inner) and within.rank < 3:
        table[inner] = (Label(base.label), base.entity)


def _unknown_name(view: View, end: int) -> tuple[int, int] | None:
    """Return the run of unknown words that ends at `end`, if it can be a foreign firm's name."""
    index = view.by_end.get(end)
    if index is None:
        return None
    first = index
    while (
        first > 0
        and view.noun(first - 1)
        and view.tokens[first - 1].end == view.tokens[first].start
    ):
        first -= 1
    start = view.tokens[first].start
    name = view.plain[start:end]
    single = all(map(is_kanji, name)) or all(is_katakana(c) or c == "・" for c in name)
    if not view.noun(index) or not single or not 2 <= len(name) <= 12 or GENERIC_END.search(name):
        return None
    return start, end


def occurrences(view: View, table: dict[str, tuple[Label, str]]) -> Iterator[Candidate]:
    """Yield every place in the text where a learned alias stands."""
    if not table:
        return
    names = sorted(table, key=lambda name: (-len(name), name))
    pattern = re.compile("|".join(map(re.escape, names)))
    for match in pattern.finditer(view.text):
        if view.borders(*match.span()) and not view.in_web(match.start()):
            label, entity = table[match[0]]
            yield Candidate(*match.span(), label, entity, 6)
