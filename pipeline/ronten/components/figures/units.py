"""Units: what may follow a number (data in units.tsv) and how far the unit reaches."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import NamedTuple

_SPECIAL = ("subunit", "rate", "age")
_KANJI = "一-鿿々"
_KATAKANA = "ァ-ヺー"
_RATE = re.compile(
    r"/(?:s|sec|h|hr|min|秒|時間?|分|日|月|年|kg|g|L|l|m2|m²|mm²|W|dL|dl|mL|ml|ha|kWh)(?![A-Za-z0-9])"
)
_NOUN = re.compile(
    rf"[{_KANJI}]{{1,2}}(?=[のがをにはでもとへやか、。,.)」\s]|連続|$)|[{_KATAKANA}]{{2,8}}(?![{_KATAKANA}{_KANJI}])"
)
# Counters in some places only: 3期連続, 1都3県.
_LIMITED = re.compile(
    r"期(?=連続|ぶり|続|を?務|にわた|の間|[0-9])|[都府道](?=[0-9一二三四五六七八九のがはをとで、])"
)
# Numbers that name a plan or a year: 8020運動.
_NAMED = ("運動", "問題", "構想", "戦略", "計画", "体制")
# Things that a size stands before without a border: 300ミリウエハー.
_SIZED = re.compile(
    r"トラック|ダンプ|クレーン|ウエハ|ウェハ|ウェーハ|レンズ|サイズ|クラス|プロセス|モデル|モニター|パネル|ディスク"
)
_NO_COUNTER = frozenset(
    "春夏秋冬以超強弱前後程近余未内中上下位号番次等目版条章節項級期月年日世代倍割分時頃間毎計当約各全同他的型系"
    "用式製形曜台度元対乗階面話巻塁審軍男女丁地系線歳才円化性論法第同約総類死択限学"
)
# No units: 5対3, 賛成3反対2.
_SHORT = {"対": re.compile(r"[0-9一二三四五六七八九]"), "反": re.compile(r"[対発応論省則撃射感抗]")}
_ORDINAL = re.compile(r"目(?![標的指先玉録])|め(?=[のはがをにでと、。])")


class Unit(NamedTuple):
    """A unit as found: figure kind (or subunit, rate, age), unit of the figure, worth, end."""

    kind: str
    unit: str | None
    factor: Decimal
    end: int
    listed: bool
    """From the data, not guessed from a following noun."""


@cache
def _table() -> dict[str, dict[str, tuple[str | None, Decimal]]]:
    """Return surface → kind → (unit, factor)."""
    table: dict[str, dict[str, tuple[str | None, Decimal]]] = {}
    data = (files(__package__) / "units.tsv").read_text(encoding="utf-8")
    for line in data.splitlines():
        if line.startswith("#"):
            continue
        surface, kind, unit, factor = line.split("\t")
        table.setdefault(surface, {})[kind] = (unit or None, Decimal(factor))
    return table


@cache
def _lengths() -> dict[str, tuple[int, ...]]:
    """Return first character → lengths of the units that begin with it, longest first."""
    lengths: dict[str, set[int]] = {}
    for surface in _table():
        lengths.setdefault(surface[0], set()).add(len(surface))
    return {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()}


def read_unit(view: str, pos: int, *kinds: str) -> Unit | None:
    """Read the longest listed unit at `pos`; `kinds` asks for special ones (subunit, rate, age)."""
    table = _table()
    for length in _lengths().get(view[pos : pos + 1], ()):
        surface = view[pos : pos + length]
        entry = table.get(surface)
        if entry is None or len(surface) < length:
            continue
        end = pos + length
        if surface[-1] == "間" and view.startswith("隔", end):  # 5分間隔
            continue
        if surface in _SHORT and _SHORT[surface].match(view, end):
            continue
        long_measure = "measure" in entry and surface >= "ァ" and length > 2
        if not (_ends(view, end) or long_measure or _SIZED.match(view, end)):
            continue  # トンネル is no トン, but 8インチウエハー is 8インチ
        for kind, (unit, factor) in entry.items():
            if kind in kinds if kinds else kind not in _SPECIAL:
                if surface.isascii() and (rate := _RATE.match(view, end)):
                    end = rate.end()
                    unit = view[pos:end]
                return Unit(kind, unit, factor, end, True)
    return None


def read_counter(view: str, pos: int) -> Unit | None:
    """Read a short noun at `pos` as a counter that no list has (39議員, 10モデル)."""
    if limited := _LIMITED.match(view, pos):
        return Unit("count", limited.group(), Decimal(1), limited.end(), True)
    match = _NOUN.match(view, pos)
    if (
        match is None
        or match.group() in _NAMED
        or match.group()[0] in _NO_COUNTER
        or match.group()[-1] in "目毎的化系型"
    ):
        return None
    return Unit("count", match.group(), Decimal(1), match.end(), False)


def is_ordinal(view: str, end: int) -> bool:
    """Tell whether 目 turns the number before `end` into an ordinal (3人目)."""
    return _ORDINAL.match(view, end) is not None


def _ends(view: str, end: int) -> bool:
    """Tell whether a unit may end at `end`: not inside a longer Latin or katakana word."""
    last, following = view[end - 1], view[end : end + 1]
    if last.isascii() and last.isalpha():
        return not (following.isascii() and following.isalnum())
    if "ァ" <= last <= "ヺ" or last == "ー":
        return not ("ァ" <= following <= "ヺ" or following == "ー")
    return True
