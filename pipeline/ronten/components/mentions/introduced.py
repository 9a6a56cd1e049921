"""Chips and models that no family tells, only the words around them: AIチップ「TK-900」."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from ronten.components.mentions.view import Candidate, View, is_kanji, is_katakana
from ronten.components.mentions.words import either, matches, words
from ronten.types import Label

BORDER = r"(?![A-Za-z0-9])"
VARIANT = either(word.replace("_", " ") for word in words("variants"))
VERSION = r"(?:[ -]?[vV]?\d+(?:\.\d+)*[A-Za-z]{0,2}|[ -]?[A-Z]{1,3}\d{1,4}[A-Z]?|[ -][A-Z]{1,2})"
# A word and a version (Zeta X3, Suzuka-3, ピクト4), or a code (TK-900).
VERSIONED = (
    rf"(?:[A-Z][A-Za-z]{{1,14}}(?: [A-Z][a-z]{{2,10}})?{VERSION}"
    rf"(?:[ -](?:{VARIANT})){{0,2}}{BORDER}"
    rf"|[A-Z][A-Za-z]{{1,14}}(?:[ -](?:{VARIANT})){{1,2}}{BORDER}"
    rf"|[ァ-ヶー]{{2,10}}[ -]?\d+(?:\.\d+)?{BORDER}"
    rf"|[A-Z]{{1,4}}-?\d{{1,5}}[A-Z]{{0,2}}(?:[ -](?:{VARIANT})){{0,2}}{BORDER})(?!社)"
)
QUOTED = r"[A-Za-zァ-ヶー](?:[A-Za-z0-9ァ-ヶー+.]|[ -](?=[A-Za-z0-9]))+"
# A name of any script between quotation marks: 言語モデル「薄雪」, チップ「灯2」.
NAMED = rf"(?:{QUOTED}|[一-鿿々ぁ-んァ-ヶー]{{1,8}}(?:[ -]?\d+(?:\.\d+)?[A-Za-z]?)?)"
# A Japanese word and a number of parameters: 「ひばり-7B」.
SIZED = (
    r"(?P<stem>(?<=[「『])[一-鿿々ぁ-ん]{2,10}|(?<![ァ-ヶー])[ァ-ヶー]{2,10})"
    rf"-\d+(?:\.\d+)?B{BORDER}"
)
CHIP_WORD = (
    r"(?:チップ(?!ス)|半導体|プロセッサー?|アクセラレー?ター?|マイコン"
    r"|(?<![A-Za-z])(?:GPU|CPU|NPU|SoC|LSI|ASIC|FPGA)(?![A-Za-z]))"
)
MODEL_WORD = (
    r"(?:(?:AI|言語|生成|推論|認識|音声|基盤|埋め込み|拡散|翻訳|対話|マルチモーダル)モデル"
    r"|生成AI|対話型AI|(?<![A-Za-z])LLM(?![A-Za-z]))"
)
TYPE = re.compile(rf"(?P<chip>{CHIP_WORD})|(?P<model>{MODEL_WORD})")
TYPE_BEGINS = re.compile(r"[チ半プアマGCNSLFA言生推認音基埋拡翻対]")
BEHIND = re.compile(
    rf"(?:である|の|、|: ?|は)?"
    rf"(?:[「『](?P<quoted>{NAMED})[」』](?!と(?:述|語|話|指摘|し|批判|答|主張|い))"
    rf"|[「『]?(?<![A-Za-z0-9])(?P<name>{VERSIONED}))"
)
IN_FRONT = re.compile(
    rf"(?<![A-Za-z0-9ァ-ヶー.\-])(?P<name>{VERSIONED})[」』]?"
    rf"(?:級の|など|という|のような|世代の)?(?:(?:AI|車載)向け|動画|画像|AI)?$"
)
OF_MAKER = re.compile(
    r"(?:NVIDIA|エヌビディア|AMD|Cerebras|セレブラス|Cambricon|Tenstorrent|Huawei|ファーウェイ|華為)社?の"
    rf"「?(?P<name>[A-Z]{{1,3}}-?\d{{3,4}}[A-Z]{{0,2}}){BORDER}"
)
PLAIN_MODEL = re.compile(
    rf"モデル(?:の?[「『](?P<quoted>{NAMED})[」』](?!と)|[はの「](?P<name>{VERSIONED}))"
)
ABOUT_AI = re.compile(
    r"生成AI|(?:言語|音声|AI|推論|画像認識)モデル|LLM|パラメータ|機械学習|深層学習|学習データ|トークン"
)
NUMBER = re.compile(r"(?P<stem>.*?[^\d.])(?P<number>\d+(?:\.\d+)*)(?P<rest>\D*)$")
SERIAL = re.compile(r"(?P<stem>.*[ -])(?P<serial>[A-Z])\d{1,3}$")
LICENCE = re.compile(r"(?:Apache|[AL]?GPL|BSD|MPL|MIT|CC[ -]BY)(?![A-Za-z])")
CLASS = re.compile(rf"(?:{CHIP_WORD}|[A-Z]PU|USB\d?|{either(words('acronyms'))})$")
BARE_CAPITALS = re.compile(r"[A-Z]{2,}$")
KATAKANA = re.compile(r"[ァ-ヶー]+$")
# Names that nothing introduces: what their neighbourhood speaks of must be plain.
NAKED = re.compile(
    r"(?<![A-Za-z0-9ァ-ヶー.\-])[A-Z][a-z]{2,}[A-Za-z]{0,12}(?: [A-Z][a-z]{2,10})?"
    rf"[ -](?:\d+(?:\.\d+)?|[A-Z]\d{{1,2}}){BORDER}"
)
# A name, perhaps a version, and a number of parameters: Kotsubu 3B, Tsugumi-2 34B.
SPACED = re.compile(
    r"(?<![A-Za-z0-9ァ-ヶー.\-])(?P<stem>[A-Z][A-Za-z]{2,19}(?:[ -]?\d+(?:\.\d+)?)?)"
    rf" \d+(?:\.\d+)?B{BORDER}"
)
OF_MODEL = re.compile(r"モデル|パラメ|LLM|重み|「$|「.*」|版")
NO_MODEL = frozenset(
    "USD EUR JPY ARR Revenue Total Series Sales Route Room Terminal Boeing Windows Apollo Class"
    " Type Level Phase Part Chapter Figure Table Plan Gate Exit Unit Building Block Area Zone"
    " Version Step".split()
)
SPEAKS_OF = {
    Label.CHIP: re.compile(
        r"TOPS|TFLOPS|ワット|消費電力|ナノ|nm|開発ボード|トランジスタ|歩留まり|計算力|演算|頭脳|HBM|チップ|半導体|GPU|CPU|NPU"
    ),
    Label.MODEL: re.compile(
        r"ベンチマーク|パラメータ|トークン|学習データ|日本語性能|プロンプト|コード生成|言語モデル|モデル|生成AI|重み"
    ),
}
AROUND = 30


class _Name(NamedTuple):
    label: Label
    name: str


def introduced(view: View, label: Label) -> Iterator[Candidate]:
    """Yield the names of `label` that the words beside them introduce, everywhere in the text."""
    text = view.plain
    names = [found.name for found in _introduced(text) if found.label is label]
    if not names:
        return
    again = dict.fromkeys(_again(name) for name in sorted(names, key=len, reverse=True))
    for match in re.finditer("|".join(again), text):
        start, end = match.span()
        word = is_kanji(match[0][0]) or "ぁ" <= match[0][0] <= "ん"
        if not word or (start in view.by_start and end in view.by_end):
            yield Candidate(start, end, label, view.text[start:end], 2)
    stems = {m["serial"]: m["stem"] for m in map(SERIAL.match, reversed(names)) if m}
    if not stems:
        return
    short = rf"(?<![A-Za-z0-9\-.])(?<![A-Za-z0-9\-.] )(?P<serial>{either(stems)})\d{{1,3}}"
    for match in re.finditer(rf"{short}(?: (?:{VARIANT})){{0,2}}{BORDER}", text):
        yield Candidate(*match.span(), label, stems[match["serial"]] + match[0], 1)


@lru_cache(maxsize=1)
def _introduced(text: str) -> tuple[_Name, ...]:
    """Both labels ask for the same text in turn."""
    return tuple(n for n in dict.fromkeys(_beside(text)) if not LICENCE.match(n.name))


def _beside(text: str) -> Iterator[_Name]:
    topical = False
    for kind in matches(TYPE, text, TYPE_BEGINS.finditer(text)):
        topical = True
        label = Label.MODEL if kind["model"] else Label.CHIP
        behind = BEHIND.match(text, kind.end())
        in_front = IN_FRONT.search(text, max(0, kind.start() - 40), kind.start())
        for match in (behind, in_front):
            if match and (name := _name(match)):
                yield _Name(label, name)
    for match in OF_MAKER.finditer(text):
        yield _Name(Label.CHIP, match["name"])
    topical = topical or ABOUT_AI.search(text) is not None
    for match in re.finditer(SIZED, text):
        yield _Name(Label.MODEL, match[0])
        if topical:
            yield _Name(Label.MODEL, match["stem"])
    if topical:
        for match in SPACED.finditer(text):
            near = text[max(0, match.start() - 16) : match.end() + 8]
            if match["stem"] in NO_MODEL or not OF_MODEL.search(near):
                continue
            yield _Name(Label.MODEL, match[0])
            if match["stem"][-1].isdigit():
                yield _Name(Label.MODEL, match["stem"])
        yield from _topical(text)


def _name(match: re.Match[str]) -> str | None:
    """Return the name beside a word of type, unless it can be a common word or an acronym."""
    quoted = match.groupdict().get("quoted")
    name: str = quoted or match["name"]
    if CLASS.match(name) or (not quoted and BARE_CAPITALS.match(name)):
        return None
    # CPUの「コア」, 半導体は「産業のコメ」: a word alone is a name only directly behind the type.
    if KATAKANA.match(name) and (len(name) < 3 or match[0][0] not in "「『"):
        return None
    if not _foreign(name) and match[0][0] not in "「『":
        return None
    return name


def _foreign(name: str) -> bool:
    return name[0].isascii() or is_katakana(name[0])


def _topical(text: str) -> Iterator[_Name]:
    for match in PLAIN_MODEL.finditer(text):
        name = match["quoted"] or match["name"]
        if _foreign(name) or match[0].startswith(("モデル「", "モデル『")):
            yield _Name(Label.MODEL, name)
    hits: dict[str, Counter[Label]] = {}
    for match in NAKED.finditer(text):
        near = text[max(0, match.start() - AROUND) : match.end() + AROUND]
        for label, words_of in SPEAKS_OF.items():
            hits.setdefault(match[0], Counter())[label] += len(set(words_of.findall(near)))
    for name, counts in hits.items():
        (label, most), *others = counts.most_common()
        if most >= 2 and most > 2 * sum(count for _, count in others):
            yield _Name(label, name)


def _again(name: str) -> str:
    """Return the pattern of a name and of its sisters: Suzuka-3, Suzuka-4 mini, 薄雪 Pro."""
    ascii_ = name[0].isascii()
    start = r"(?<![A-Za-z0-9])" if ascii_ else r"(?<![ァ-ヶー一-鿿々])"
    number = NUMBER.match(name)
    if number and len(number["stem"].rstrip(" -")) >= 2:
        return (
            rf"{start}{re.escape(number['stem'])}\d+(?:\.\d+)*[A-Za-z]{{0,2}}"
            rf"(?:[ -](?:{VARIANT})){{0,2}}{BORDER}"
        )
    if ascii_ or KATAKANA.match(name):
        return rf"{start}{re.escape(name)}(?![A-Za-z0-9ァ-ヶー])"
    return rf"{start}{re.escape(name)}(?:[ -]?(?:{VARIANT}))?{BORDER}"
