"""Figures of a text: every quantity and time expression with its value (annotation.md §3)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from operator import attrgetter

from ronten.types import Figure, Span

from .calendar import Moment, parse_published
from .dates import read_date, relative
from .guards import idiom_end
from .kana import kana_numerals
from .numerals import NUMERALS, run_end
from .quantity import read_age, read_half, read_kana, read_quantity
from .said import OLD_ERAS
from .view import Found, Seen, plain
from .words import Words, cut_by_word

__all__ = ["Words", "find_figures"]

# The first class alone decides at most places; the rest is looked at only behind it.
_TRIGGER = re.compile(
    r"[0-9〇一二三四五六七八九十百千数$¥€£₩₹令昭西今昨去来半倍過平大明午本先再さおあけきこふみよい月火水木金土日正年元'人UHNSu第ひ"
    r"朝夜昼夕深未早前次同翌春夏秋冬ゼ何週上下.]"
    r"(?:(?<=[0-9〇一二三四五六七八九十百千数$¥€£₩₹令昭西今昨去来])"
    r"|(?<=半)[数分年日月世時ダ減額々]|(?<=倍)[増以にの近]|(?<=過)半数|(?<=平)成|(?<=大)[正晦み]|(?<=明)[治日後朝晩]"
    r"|(?<=本)[年日]|(?<=先)[月週々]|(?<=再)来|(?<=さ)来|(?<=お)とと|(?<=あ)[すさ]|(?<=け)さ|(?<=き)[ょの]"
    r"|(?<=こ)(?:とし|の[春夏秋冬])|(?<=ふ)た[つり]|(?<=ひ)と月|(?<=み)っつ|(?<=よ)っつ|(?<=い)つつ"
    r"|(?<=[月火水木金土日])曜|(?<=月)[末初内]|(?<=午)[前後]|(?<=正)午|(?<=年)[末初内明度央]|(?<=元)[日旦]"
    r"|(?<=')[0-9]|(?<=人)民元|(?<=[UHNS])[SKTZ]?[$D]|(?<=u)s[$]|(?<=第)|(?<=週)[初明]|(?<=[上下])半?期|(?<=前)の?四半|(?<=何)[十百千万億]"
    r"|(?<=[朝夜昼夕])[方の]?[0-9一二三四五六七八九十]|(?<=深)夜[0-9]|(?<=夜)中の?[0-9一二三四五六七八九十]|(?<=未)明[0-9]|(?<=早)朝[0-9]"
    r"|(?<=[前次])(?:の[年月週日期]|[年月日期夜週])|(?<=同)[年月]|(?<=翌)年"
    r"|(?<=[春夏秋冬])(?:[先場口]|ま|以|に|か|ご|頃)|(?<=ゼ)ロ|(?<=\.)[0-9])"
)
_NUMBER_OF = re.compile(r"数+")
_DATE_NEXT = frozenset("昨年月日時世半Q:/-~、・か ")
# 前年度末比 is a way to compare, 2013年度比 compares with a year.
_COMPARED = re.compile(r"比(?![例較べ率重類喩])")
# What year of school somebody is in, behind his name: 唐沢健吾（3年）.
_GRADE = re.compile(r"[ ]?[(][一-鿿]{0,6}[1-6一二三四五六]年生?(?=[)、・])")
_URL = re.compile(r"(?:https?|ftp)://[!-~]+|[A-Za-z0-9_.+-]{1,64}@[A-Za-z0-9.-]{3,64}")


def find_figures(
    text: str,
    published: str | None = None,
    *,
    names: Sequence[Span] = (),
    people: Sequence[Span] = (),
    words: Words | None = None,
) -> list[Figure]:
    """Return all figures of `text`, sorted by offset, none overlapping another.

    `published` is the article's ISO 8601 date of any precision; without it relative dates have null
    values. `names` are the character spans of entity mentions: of a name and a figure that overlap,
    the longer one wins, the name if they are equal. `people` are those that name somebody: a number
    in brackets behind one is an age, and no year. `words`, if known, tell that a numeral is only
    a part of a longer word.
    """
    view = plain(text)
    now = parse_published(published)
    addresses = _URL.finditer(view) if "@" in view or "://" in view else ()
    grades = (match.span() for _, end in people if (match := _GRADE.match(view, end)))
    shields = _Shields([*names, *(match.span() for match in addresses), *grades])
    figures = []
    end = 0
    told = [read_kana(view, *numeral) for numeral in kana_numerals(view)]
    told += (age for _, name_end in people if (age := read_age(view, name_end)))
    scanned = _scan(view, now)
    # An age is found as a bare number, too: the sort keeps what was told first.
    for found in sorted([*told, *scanned], key=attrgetter("start")) if told else scanned:
        if found.start < end:  # a modifier that the figure before it already holds
            found = found._replace(start=end)
            if found.end <= end:
                continue
        if shields.beat(found) or (words and cut_by_word(view, found, words)):
            continue
        figures.append(_figure(found))
        end = found.end
    return figures


def _scan(view: str, now: Moment | None) -> list[Found]:
    found: list[Found] = []
    pos = 0
    seen = Seen()
    while match := _TRIGGER.search(view, pos):
        start = match.start()
        figure = _read(view, start, now, seen)
        if figure is None:
            noun = _NUMBER_OF.match(view, start)  # 定数二百
            pos = max(noun.end() if noun else run_end(view, start), idiom_end(view, start))
            continue
        found.append(figure)
        if view[start] != "前":  # twice 前年 is the same year
            seen = seen.after(figure)
        pos = max(figure.end, start + 1)
    return found


def _read(view: str, pos: int, now: Moment | None, seen: Seen) -> Found | None:
    """Read the figure at `pos`: the longer of date and quantity."""
    char = view[pos]
    dated = None
    if not (
        char.isdigit() and view[pos - 1 : pos].isascii() and view[pos - 1 : pos].isalnum()
    ) and (char not in NUMERALS or _dated(view, pos)):
        era = pos - 2 if view[max(0, pos - 2) : pos] in OLD_ERAS else pos
        dated = read_date(view, era, now, seen)
    if dated is not None and dated.end > idiom_end(view, pos):
        return None if _COMPARED.match(view, dated.end) and not _digits(view, dated) else dated
    quantity = read_half(view, pos) or read_quantity(view, pos)
    if quantity is not None and quantity.kind == "duration":
        return relative(view, quantity, now)
    return quantity


def _digits(view: str, found: Found) -> bool:
    return not NUMERALS.isdisjoint(view[found.start : found.end])


def _dated(view: str, pos: int) -> bool:
    """Tell whether the numeral at `pos` may begin a date, by what stands behind it."""
    end = run_end(view, pos)
    return view[end : end + 1] in _DATE_NEXT or view.find(".", pos, end) > 0


class _Shields:
    """Spans that hide the figures inside them: names and addresses."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._spans = sorted(spans)
        self._starts = [start for start, _ in self._spans]
        self._longest = max((end - start for start, end in self._spans), default=0)

    def beat(self, found: Found) -> bool:
        """Tell whether a span that overlaps the figure is at least as long."""
        index = bisect_right(self._starts, found.end - 1) - 1
        while index >= 0 and self._starts[index] > found.start - self._longest:
            start, end = self._spans[index]
            if end > found.start and end - start >= found.end - found.start:
                return True
            index -= 1
        return False


def _figure(found: Found) -> Figure:
    return Figure(
        span=(found.start, found.end),
        kind=found.kind,
        low=found.low,
        high=found.high,
        unit=found.unit,
        modifier=found.modifier,
    )
