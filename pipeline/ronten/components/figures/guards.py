"""What looks like a number and is none: idioms, names, ordinals, list marks, versions."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from .numerals import KANJI_DIGITS, run_end
from .units import Unit

_NUMERALS = frozenset(KANJI_DIGITS + "十百千万億兆京数0123456789")
_LINE_MARK = re.compile(r"[.)、:．]|[ ]|$", re.MULTILINE)
_LABEL = re.compile(
    r"(?:(?<![一-鿿])[図表式注問例甲乙丙訴]|前記|上記|下記|後記|資料|様式|別添|議案|議題|論点|争点|事例|症例|写真"
    r"|[設大小]問|質問|要介護|要支援|請求項|証人|番組|背番号|附則|付則|別[表紙]|条の|内線|シーズン|エピソード|ステップ|フェーズ|パート|※|[Nn]o\.?|№|#|[Vv]er\.?|バージョン|ページ|pp?\.|[Vv]ol\.?"
    r"|付録|脚注|[*])[ ]?$"
)
_NUMBERED = re.compile(
    r"(?:第[0-9一二三四五六七八九十]{1,4}[条号]|第[一二三四五六七八九十]{2,4}"
    r"|(?:別[紙表]|(?<![一-鿿])[図表条問])[0-9一二三四五六七八九十]{1,4})の$"
)
_PERSON = re.compile(
    r"(?:氏|さん|君|くん|ちゃん|様|被告|容疑者|受刑者|死刑囚|選手|監督|社長|会長|代表|首相|議員|知事|市長|大臣"
    r"|長官|教授|俳優|女優|歌手|記者|作家|監督|会社員|棋士|[七八九]段"
    r"|男性|女性|男児|女児|少年|少女|生徒|学生|大学生|高校生|児童|主婦|住民|農家|漁師|店主|社員|職員|教員|教諭|医師"
    r"|看護師|運転士|運転手|弁護士|作業員|従業員|店員|係|業|士|員|長|師|者|夫|妻|母|父|祖母|祖父|長男|長女|次男|次女)[(]$"
)
_NOT_SOME = frozenset("複多少半総定整小奇偶関係指点部票回台株件人社年日個本枚無手算分変名頭")
# What ends a noun whose number stands behind 数 in digits, not 過去数10年, 月数100件.
_COUNTED_NOUN = re.compile(r"[一-鿿ァ-ヴーA-Za-z](?<![約計去後前位他各毎年月週日内外上下中間])")
_SCHOOL = re.compile(r"(?<![一-鿿])[小中高]$|(?:小学校?|中学校?|高校|大学|短大)$")
_CLASS = re.compile(
    r"[1-6]年(?:[)])?(?:の(?:ころ|頃|とき|時(?!点|[価間給])|母|父|保護者|担任|児童|生徒|男子|女子|教室|教員|学級|娘|息子)|[A-Z1-9]組|の[A-Z1-9]組)"
)
_SCALE_BEFORE = re.compile(r"(?:マグニチュード|トップ|ベスト|ワースト)$")
_NAME_BEFORE = re.compile(r"[A-Za-z_@&=+][-/._]?[ ]?$")
_GLUED = re.compile(r"(?:[A-Za-zα-ωΑ-Ω_@&=#][-/._]?|[0-9][-/.:,]|[ぁ-ゖァ-ヺー]-)$")
_GLUED_AFTER = re.compile(r"[A-Za-z_]|-[A-Za-z0-9]|\.[0-9]|:[0-9]")
_AFTER_BARE = re.compile(
    r"[番号位式条章節項版巻話級等丁世期次代系型形面線塁審軍男女生人目類死択限]|交代|学期|運動|問題|構想|戦略|[一-鿿]目|[-.:/]?[0-9A-Za-z_]|[対乗台度元階月日時年分][^ぁ-ん]?"
)


@cache
def _idioms() -> tuple[frozenset[str], dict[str, tuple[tuple[int, int], ...]]]:
    """Return the idioms and, by numeral, the (offset of the numeral, length) they can have."""
    data = (files(__package__) / "guards.txt").read_text(encoding="utf-8")
    words = frozenset(word for word in data.split("\n") if word and not word.startswith("#"))
    shapes: dict[str, set[tuple[int, int]]] = {}
    for word in words:
        for offset, char in enumerate(word):
            if char in _NUMERALS:
                shapes.setdefault(char, set()).add((offset, len(word)))
                break
    return words, {char: tuple(sorted(found)) for char, found in shapes.items()}


# What makes of 一点 the thing that matters: という一点.
_THE_POINT = re.compile(r"(?:という|この|その|また|ただ)$")
# Once or one in so many words: a number after all.
_ONCE = re.compile(r"一度(?:きり|の(?!ご))|一つ(?:だけ|に[統絞])")


def idiom_end(view: str, pos: int) -> int:
    """Return where the longest idiom around the numeral at `pos` ends; `pos` without one."""
    words, shapes = _idioms()
    end = pos
    if view[pos] == "一" and _ONCE.match(view, pos):
        return pos
    if view.startswith("一点", pos) and _THE_POINT.search(view[max(0, pos - 3) : pos]):
        return pos + 2
    for offset, length in shapes.get(view[pos], ()):
        begin = pos - offset
        if begin >= 0 and view[begin : begin + length] in words:
            end = max(end, begin + length)
    return end


def inside_word(view: str, pos: int) -> bool:
    """Tell whether the numeral at `pos` is the tail or middle of a listed word (唯一, 同一)."""
    words, shapes = _idioms()
    end = run_end(view, pos)
    return any(
        view[pos - offset : pos - offset + length] in words
        for offset, length in shapes.get(view[pos], ())
        if 0 < offset <= pos and end <= pos - offset + length
    )


def ordinal(view: str, pos: int) -> bool:
    """Tell whether the number at `pos` is an ordinal (第3, 別紙2の1)."""
    before = view[max(0, pos - 2) : pos]
    if before.endswith(("第", "だい")):
        return True
    return before.endswith("の") and _NUMBERED.search(view[max(0, pos - 8) : pos]) is not None


def labelled(view: str, pos: int) -> bool:
    """Tell whether the number at `pos` is the label of something (図2, No. 5)."""
    return _LABEL.search(view[max(0, pos - 8) : pos]) is not None


def glued(view: str, pos: int, end: int) -> bool:
    """Tell whether the digits are part of a Latin word, code, version or telephone number."""
    return (
        _GLUED.search(view[max(0, pos - 2) : pos]) is not None
        or _GLUED_AFTER.match(view, end) is not None
    )


def bare(view: str, pos: int, end: int) -> bool:
    """Tell whether a number without a unit may be a figure where it stands."""
    left, right = view[pos - 1 : pos], view[end : end + 1]
    if labelled_latin(view, pos) or _AFTER_BARE.match(view, end):
        return False
    if left in ("[", "「", "『", "(", "〔", "【", "<", "《") and right in tuple("]」』)〕】>》"):
        return False
    if _SCALE_BEFORE.search(view[max(0, pos - 7) : pos]):
        return True
    if "ァ" <= left <= "ヺ" or left in ("ー", "-") or (right and right in ")"):
        return False
    if "ぁ" <= left <= "ゖ" and right and right in "」』":  # 「ひばり2」
        return False
    return not (line_start(view, pos) and _LINE_MARK.match(view, end) and _lines(view))


def some(view: str, pos: int) -> bool:
    """Tell whether 数 at `pos` means some (数人), not number (人数, 複数, 会員数100万人)."""
    left, right = view[pos - 1 : pos], view[pos + 1 : pos + 2]
    if right.isdigit() and right.isascii():
        return not _COUNTED_NOUN.fullmatch(left)
    return left not in _NOT_SOME or right in tuple("十百千万億")


def age(view: str, pos: int, end: int) -> bool:
    """Tell whether a bare number is an age: in brackets behind a person, or behind 享年."""
    before = view[max(0, pos - 5) : pos]
    return before.endswith("享年") or (
        view.startswith(")", end) and _PERSON.search(before) is not None
    )


def grade(view: str, pos: int, unit: Unit | None) -> bool:
    """Tell whether the number at `pos` is a year of school (小6, 中学2年)."""
    if unit is not None and unit.unit != "year":
        return False
    if unit is not None and _CLASS.match(view, pos):
        return True
    if unit is not None and view.endswith("間", pos, unit.end):  # 高校3年間
        return False
    return _SCHOOL.search(view[max(0, pos - 3) : pos]) is not None


def rank(view: str, pos: int, end: int) -> bool:
    """Tell whether 段 before `end` is the rank of somebody named before it (羽生九段, アマ六段)."""
    left = view[pos - 1 : pos]
    return (
        view[end - 1] == "段"
        and ("一" <= left <= "鿿" or "ァ" <= left <= "ー")
        and left not in "計約全各第"
    )


def labelled_latin(view: str, pos: int) -> bool:
    """Tell whether the number at `pos` belongs to the Latin name before it (Windows 10)."""
    return _NAME_BEFORE.search(view[max(0, pos - 3) : pos]) is not None


def line_start(view: str, pos: int) -> bool:
    """Tell whether only marks of a heading or list stand before `pos` in its line."""
    begin = max(0, pos - 6)
    head = view[begin:pos].rpartition("\n")
    return not head[2].strip(" #*(-・") and (bool(head[1]) or begin == 0)


def _lines(view: str) -> bool:
    """Tell whether there is any text besides one number (a lone number is no list mark)."""
    return len(view) > 24 or "\n" in view.strip()
