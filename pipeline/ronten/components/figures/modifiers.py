"""Words around a figure that open or blur its value: 約, 以上, 未満, 近く, 最大 …"""

from __future__ import annotations

import re
from typing import NamedTuple

from .view import Modifier

_REACH = 7
_BEFORE = re.compile(
    r"""(?:
      (?P<about> (?<![契規条公制要予節婚特解誓盟成集])約 | おおよそ | およそ | ほぼ | おおむね
        | 概ね | ざっと | ~ )
    | (?P<over> 少なくとも | 最低でも | 最低 | 優に | ゆうに )
    | (?P<under> 最大でも | 最大で | 最大 | 最長で | 最長 | 最高で | 最高
       | 多くとも | 多くて | せいぜい | 高々 )
    )[ ]?$""",
    re.VERBOSE,
)
_AFTER = re.compile(
    r"""[ ]?(?:
      (?P<over> 以上 | (?:もしくは|または|又は|あるいは|か)それ以上
        | を[超こ越]え(?:る(?!と[み見予])|(?![るま])) | をこした | を超す | を上回(?:る|り)
        | を下ら(?:ない|ず) | より(?:多|大き|高|長|深|重)[いく]
        | 超える | 超え(?![てたなれ])
        | 超(?![え過伝電高音能大巨人短長低一]) | 強(?![いみ力化調行者制度硬引弱])
        | 余り | 余(?![地裕波計剰]) | あまり )
    | (?P<under> 以下 | 未満 | 以内 | 弱(?![いみ者点体小火電]) | [足た]らず
        | (?:もしくは|または|又は|あるいは|か)それ以下 | にも?満た(?:な(?:い|かった)|ず|ぬ)
        | を下回(?:る|り) | を割(?:り込(?:む|み|んだ)|る|った)
        | より(?:少な|小さ|低|短|浅|軽)[いく]
        | (?<=歳)まで(?![もで])
        | まで(?=に(?!は)|[、。)」\n]|と(?!上|下|増|減)|で?す|認|可|許|$) )
    | (?P<about> 近く | に?近(?:い|かった) | 前後 | 程度 | ほど | ばかり(?!に) | くらい | ぐらい
        | 内外 | の?(?:ころ|頃) | ごろ )
    )""",
    re.VERBOSE,
)


class Modified(NamedTuple):
    """A modifier and the border of the span it moves."""

    border: int
    modifier: Modifier | None


def before(view: str, start: int) -> Modified:
    """Return the modifier that ends at `start` and where it begins."""
    match = _BEFORE.search(view[max(0, start - _REACH) : start])
    if match is None:
        return Modified(start, None)
    return Modified(start - len(match.group()), _name(match))


def after(view: str, end: int) -> Modified:
    """Return the modifier that begins at `end` and where it ends."""
    match = _AFTER.match(view, end)
    return Modified(end, None) if match is None else Modified(match.end(), _name(match))


def _name(match: re.Match[str]) -> Modifier:
    return match.lastgroup  # type: ignore[return-value]
