"""Chips and AI models by the grammar of their names, so that those to come are found too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from ronten.components.mentions.introduced import introduced
from ronten.components.mentions.lexicon import Entry, Lexicon
from ronten.components.mentions.view import Candidate, View
from ronten.components.mentions.words import beginnings, either, lines, matches, words
from ronten.types import Label

L, R = r"(?<![A-Za-z0-9])", r"(?![A-Za-z0-9])"
COUNTED = r"(?! ?(?:[年月日つ個人社倍万億円回種位時分章台%]|世代目))"

MAKERS = [maker.replace("_", " ") for maker in words("makers")]
MAKER = either(MAKERS)
PRODUCT_CLASS = r"(?:S?DRAM|SRAM|MRAM|ReRAM|EPROM|EEPROM|NAND|HBM\d?E?|フラッシュメモリー?)"
# No unit or counter: room B200, H20年.
NOT_COUNTED = r"(?! ?(?:号|型|系|形|番|便|室|棟|線|年|月|円|人|個|台|ページ|サイズ|用紙|判))"
CHIP_BEGINS = beginnings([*lines("chip_names"), *(maker[0] for maker in MAKERS)])
CHIP = re.compile(
    rf"{L}(?:(?:{MAKER})[ 　]?)?(?P<name>{'|'.join(lines('chip_names'))})"
    rf"(?: Series|シリーズ)?{R}{NOT_COUNTED}"
    rf"|{L}(?P<size>\d+(?:\.\d+)? ?[KMGT](?:B|b|bit|ビット|バイト)?[ 　]?){PRODUCT_CLASS}{R}"
)
MADE = re.compile(
    rf"{L}(?:{MAKER})[ 　]?"
    rf"(?P<name>[A-Z]{{1,4}}[ -]?\d{{2,4}}[A-Z]{{0,2}}|Silicon|シリコン){R}"
)
APPLE = re.compile(
    rf"{L}(?:Apple )?(?P<name>[AM]\d{{1,2}}(?: ?(?:Pro|Max|Ultra|Bionic|Fusion|X))?"
    rf"|[AMSRH]シリーズ){R}(?!版|判|サイズ|用紙|紙)"
)
NODE = re.compile(
    rf"{L}(?:N(?:[2-7]|12|16|22|28)[ABCEPSX]{{1,2}}|Intel (?:3|4|7|18A|20A|14A)"
    rf"|(?:18A|20A|14A)(?=プロセス|世代|の?製造)|SF[2-5][A-Z]?){R}"
)
EDITION = (
    r"[ -]?(?:v|Ver\.? ?)?(?:\d+(?:\.\d+)*|XP|NT|Vista|[IVX]+(?![A-Za-z]))(?![A-Za-z0-9])"
    r"(?! ?[年月日つ個人社倍万億円回種位時分章台%件本歳話巻])"
    r"(?:[ -](?:LTS|Pro|Max|Ultra|Plus|mini|Home|Enterprise|Edition|Lite|SE|Air)(?![A-Za-z0-9]))*"
)
EDITIONS = re.compile(EDITION)
APPLE_CONTEXT = re.compile(r"Apple|アップル|iPhone|iPad|Mac|プロセッサ|チップ|SoC")
COUNTED_CLASS = re.compile(rf"{L}(?:[A-Z]PU|DRAM|HBM|FPGA)(?=\d+ ?[枚個基台つ本])")
QUOTES = str.maketrans("", "", "“”")
BARE_MAKER = re.compile(rf"(?:{MAKER})[ 　]?$")

WORDS = either(word.replace("_", " ") for word in words("variants"))
VARIANT = re.compile(rf"(?:{WORDS})(?![A-Za-z0-9])")
VERSION = r"[vV]?\d+(?:\.\d+)*[a-z]?(?![A-Za-z0-9])" + COUNTED
SERIAL = r"[A-Za-z]\d+(?:\.\d+)*(?![A-Za-z0-9])"
SIZE = r"\d+(?:\.\d+)?(?:x\d+)?[BbMT](?![A-Za-z0-9])|[AE]\d+[Bb](?![A-Za-z0-9])"
O_SERIES = re.compile(
    rf"(?<![A-Za-z0-9.\-])o\d{{1,2}}(?:[- ](?:mini|preview|pro|high|deep-research)(?![A-Za-z]))*{R}"
)
SIZED = re.compile(
    rf"{L}(?<![A-Za-z0-9]-)[A-Za-z][A-Za-z0-9]{{0,19}}(?:[.-][A-Za-z0-9]{{1,19}}){{0,4}}-\d+(?:\.\d+)?(?:x\d+)?[Bb](?:-[A-Za-z0-9]{{1,19}}){{0,4}}{R}"
    rf"|{L}(?<![A-Za-z0-9]-)[A-Za-z0-9]{{1,19}}(?:-[A-Za-z0-9]{{1,19}}){{0,4}}-embed(?:ding)?s?(?:-[A-Za-z0-9]{{1,19}}){{1,4}}{R}"
)
JOIN = re.compile(r" ?(?:\(|/|、|,|と|や|・|および|及び|や、) ?")
# What a bare family name is when it is no model, and what makes a model of an ambiguous one.
ELSEWHERE = re.compile(
    r"空港|ターミナル|双子座|星座|星占い|宇宙船|英会話|画家|作家|神話|哲学|衛星|望遠鏡"
)
NUMBER_ONLY = re.compile(r"[ -]?\d+")
AROUND = 30
SPEAKS_OF_AI = re.compile(r"AI|モデル|音声認識|書き起こし|生成|学習")
CLAUDES = re.compile(
    rf"{L}(?:(?P<v>\d(?:\.\d)?) )?(?P<name>Opus|Sonnet|Haiku)(?: (?P<w>\d(?:\.\d)?))?{R}"
)


def chips(view: View, lexicon: Lexicon) -> Iterator[Candidate]:
    """Yield chips by product name; a maker in front belongs to the span, not to the name."""
    for chip in _chips(view):
        head = re.match(r"[^A-Za-z0-9 -]+(?=[ -]?\d)", chip.entity)
        entry = lexicon.get(head[0]) if head else None
        if head and entry and entry.label is Label.CHIP:
            chip = chip._replace(
                entity=f"{entry.canonical} {chip.entity[head.end() :].strip(' -')}"
            )
        yield chip


def _chips(view: View) -> Iterator[Candidate]:
    text = view.plain
    begins = list(CHIP_BEGINS.finditer(text))
    for match in matches(CHIP, text, begins):
        name = match["name"] or match[0][len(match["size"]) :]
        if match["size"] or re.search(r"\d|[A-Za-z]{3}", name):
            yield _chip(match.start(), match.end(), name)
    for match in matches(MADE, text, begins):
        name = "Apple Silicon" if match["name"] in ("Silicon", "シリコン") else match["name"]
        yield _chip(match.start(), match.end(), name)
    for match in matches(COUNTED_CLASS, text, view.ascii_words):
        yield _chip(*match.span(), match[0])
    for match in matches(APPLE, text, view.ascii_words):
        around = text[max(0, match.start() - 60) : match.end() + 30]
        if APPLE_CONTEXT.search(around):
            yield _chip(match.start(), match.end(), match["name"])
    yield from introduced(view, Label.CHIP)


def products(view: View, known: Iterable[Candidate]) -> Iterator[Candidate]:
    """Yield process nodes (N3E) and known products with a version (Ubuntu 24.04 LTS)."""
    for match in matches(NODE, view.plain, view.ascii_words):
        yield Candidate(*match.span(), Label.PRODUCT, match[0], 4)
    for mention in known:
        if mention.label == Label.PRODUCT and (edition := EDITIONS.match(view.plain, mention.end)):
            name = mention.entity + " " + edition[0].strip(" -")
            yield Candidate(mention.start, edition.end(), Label.PRODUCT, name, 4)


def _chip(start: int, end: int, name: str) -> Candidate:
    name = re.sub(r"(?<=\w) ?(?:Series|シリーズ)$", "", name) if len(name) > 5 else name
    name = name.translate(QUOTES)
    return Candidate(start, end, Label.CHIP, name.strip(), 4)


def with_maker(view: View, mention: Candidate) -> Candidate:
    """Let a chip's span begin at the maker written directly before it."""
    before = view.plain[max(0, mention.start - 16) : mention.start]
    maker = BARE_MAKER.search(before)
    if (
        mention.label != Label.CHIP
        or not maker
        or not re.match(r"[A-Za-z0-9]", view.plain[mention.start])
    ):
        return mention
    start = mention.start - len(maker[0])
    if start and view.plain[start - 1].isascii() and view.plain[start - 1].isalnum():
        return mention
    return mention._replace(start=start)


def _families() -> Iterator[Entry]:
    for line in lines("model_names"):
        surface, canonical, *notes = line.split("\t")
        yield Entry(surface, Label.MODEL, canonical, frozenset(" ".join(notes).split()))


_OURS = tuple(_families())


class _Grammar(NamedTuple):
    """Names of models: the families by name, what finds them with their tails, and where."""

    pattern: re.Pattern[str]
    begins: re.Pattern[str]
    by_name: dict[str, Entry]

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Yield where families stand in a text."""
        return matches(self.pattern, text, self.begins.finditer(text))


@lru_cache(maxsize=8)
def _grammar(lexicon: Lexicon) -> _Grammar:
    by_name = {e.surface: e for e in [*_OURS, *lexicon.models]}
    names = "|".join(re.escape(n) for n in sorted(by_name, key=lambda n: (-len(n), n)))
    tail = rf"(?:[ -]?(?:{SIZE}|{VERSION}|{SERIAL})|[ -](?:{WORDS})(?![A-Za-z0-9]))"
    pattern = rf"{L}(?P<family>{names})(?P<tail>{tail}{{0,8}})(?![A-Za-z])"
    return _Grammar(re.compile(pattern), beginnings(name[0] for name in by_name), by_name)


def models(view: View, lexicon: Lexicon, title: str = "") -> Iterator[Candidate]:
    """Yield AI models: families with versions and variants, and their short forms in this text."""
    text = view.plain
    grammar = _grammar(lexicon)
    found: list[Candidate] = []
    for match in grammar.finditer(text):
        entry, tail = grammar.by_name[match["family"]], match["tail"]
        near = text[max(0, match.start() - AROUND) : match.end() + AROUND]
        weak = not tail or NUMBER_ONLY.fullmatch(tail)
        if weak and "guard" in entry.notes and not SPEAKS_OF_AI.search(near):
            continue
        if tail:
            name = _name(entry, tail)
            found.append(Candidate(match.start(), match.end(), Label.MODEL, name, 4))
        elif "version" in entry.notes or ELSEWHERE.search(near):
            continue
        elif view.borders(*match.span()):
            found.append(Candidate(*match.span(), Label.MODEL, entry.canonical, 4))
    for pattern, rank in ((O_SERIES, 4), (SIZED, 2)):
        for match in matches(pattern, text, view.ascii_words):
            found.append(Candidate(*match.span(), Label.MODEL, match[0], rank))
    found += introduced(view, Label.MODEL)
    yield from found
    found.sort()
    yield from _serials(view, found, grammar, title)
    yield from _coordinated(view, found)


def _name(entry: Entry, tail: str) -> str:
    parts = re.split(r"[ -]", tail.strip(" -"))
    first = "-" if entry.notes & {"hyphen", "hyphens"} else "" if "joined" in entry.notes else " "
    rest = "-" if entry.notes & {"hyphens", "joined"} else " "
    return entry.canonical + first + rest.join(p for p in parts if p)


def _serials(
    view: View,
    found: list[Candidate],
    grammar: _Grammar,
    title: str,
) -> Iterator[Candidate]:
    """R1, V3, 4o: the serial part alone, once the whole name is in the text or the title."""
    full: dict[str, str] = {}
    names = [c.entity for c in found]
    for named in grammar.finditer(title):
        entry = grammar.by_name[named["family"]]
        names.append(_name(entry, named["tail"]) if named["tail"] else entry.canonical)
    for name in names:
        serial = re.search(r"[ -](?P<s>[A-Z]\d+(?:\.\d+)?|\d+o)(?![A-Za-z0-9])", name)
        if serial and (serial["s"] not in full or serial.end() == len(name)):
            full.setdefault(serial["s"], name[: serial.end()])
    if not full:
        return
    pattern = rf"(?<![A-Za-z0-9.])(?P<s>{either(full)})(?P<tail>(?:-(?:{WORDS}|{SIZE})){{0,4}}){R}"
    for match in re.finditer(pattern, view.plain):
        if not re.search(r"[A-Za-z][ -]$", view.plain[max(0, match.start() - 2) : match.start()]):
            yield Candidate(*match.span(), Label.MODEL, full[match["s"]] + match["tail"], 3)


def _coordinated(view: View, found: list[Candidate]) -> Iterator[Candidate]:
    """Gemini 3 Pro / Flash: a variant after a model shares its family and version."""
    text = view.plain
    for mention in found:
        stem = re.sub(rf"[ -](?:{WORDS})$", "", mention.entity)
        end = mention.end
        while join := JOIN.match(text, end):
            variant = VARIANT.match(text, join.end())
            if not variant or (stem == mention.entity and not stem[-1].isdigit()):
                break
            yield Candidate(*variant.span(), Label.MODEL, f"{stem} {variant[0]}", 4)
            end = variant.end()
    claudes = [c for c in found if c.entity.startswith("Claude")]
    if not claudes:
        return
    for match in matches(CLAUDES, text, view.ascii_words):
        version = match["v"] or match["w"]
        before = [c for c in claudes if c.start < match.start()]
        same = [c for c in (before or claudes) if match["name"] in c.entity]
        if version:
            name = f"Claude {version} {match['name']}" if match["v"] else f"Claude {match[0]}"
        elif same:
            name = same[-1].entity
        else:
            known = re.match(r"Claude \d(?:\.\d)?", (before or claudes)[-1].entity)
            name = f"{known[0] if known else 'Claude'} {match['name']}"
        yield Candidate(*match.span(), Label.MODEL, name, 3)
