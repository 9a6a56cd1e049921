"""People whose names the tokens cut: 矢車|透氏, 早瀬|リクさん, 間|真也部長, 沓掛みさ|を君."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from ronten.components.mentions.name_table import SORTS, Hashes, NameTable
from ronten.components.mentions.people import (
    GIVEN,
    HONORIFIC,
    KIN,
    ROLE,
    SUR,
    THINGS,
    Names,
    followed,
)
from ronten.components.mentions.view import Candidate, View, is_kanji
from ronten.types import Label

_SURNAME = 1 << SORTS.index("surname")
_LONGEST = 10
"""Characters of the longest name that is joined."""
_KATAKANA = re.compile(r"[ァ-ヴー]{2,8}")
_WESTERN = re.compile(r"[ァ-ヴー]{2,10}・")
# Nouns of one character that a name may follow: 友|森太郎, 米|林太郎.
_BEFORE_A_NAME = frozenset(
    "友師主客男女僧王姫君妾母人党社市県州郡村町区米英仏独伊露中韓夜時席店役組絵"
)
# No particle stands before these; before 君に it does (彼を君に).
_AFTER_WO = re.compile(r"氏(?![名族子])|君(?![主臨にへと])")


def whole(
    view: View, mentions: Sequence[Candidate], names: Names, table: NameTable
) -> list[Candidate]:
    """Join and lengthen the people among the mentions (sorted), and add their full names.

    `table` knows surnames that the tokens cut (根|津留美雄).
    """
    result: list[Candidate] = []
    starts = {mention.start for mention in mentions}
    for mention in mentions:
        if mention.label == Label.PERSON:
            before = result[-1] if result else None
            if before and _surname(view, before, mention, names):
                result.pop()
                mention = _named(view, before.start, mention.end, before.end, names)
            elif before and _western(view, before, mention):
                result.pop()
                mention = _named(view, before.start, mention.end, mention.start, names, last=True)
            elif before is None or before.end < mention.start:
                mention = _with_surname(view, mention, names, table)
            if mention.end not in starts:
                mention = _with_given(view, mention, names)
            mention = _to_honorific(view, mention, names)
        result.append(mention)
    return result


def _surname(view: View, before: Candidate, mention: Candidate, names: Names) -> bool:
    """Tell whether the mention before is the surname of this one."""
    return (
        before.label == Label.PERSON
        and before.end == mention.start
        and names.fulls.keys().isdisjoint((before.entity, mention.entity))
        and mention.end - before.start <= _LONGEST
        and followed(view, mention.end)
    )


def _with_surname(view: View, mention: Candidate, names: Names, table: NameTable) -> Candidate:
    """Take in a surname of one character, or the first one of a surname, that stands before."""
    at = view.by_start.get(mention.start)
    if not at or not _alone(view, at - 1) or view.tokens[at - 1].end != mention.start:
        return mention
    start, first = view.tokens[at - 1].start, view.tokens[at]
    border = _surname_end(view, start, first.end, table) if first.tag == SUR else None
    if border == mention.end:
        return mention._replace(start=start, entity=view.text[start : mention.end])
    if border is None and _two_halves(view, at, mention.end):
        border = first.end
    if border is not None:
        names.fulls.pop(mention.entity, None)
        return _named(view, start, mention.end, border, names)
    known = mention.entity in names.fulls
    if known or first.tag != GIVEN or not followed(view, mention.end):
        return mention
    return _named(view, start, mention.end, mention.start, names)


def _two_halves(view: View, at: int, end: int) -> bool:
    """Tell whether half a surname and a given name are left of a name: 鍋|越|伊作."""
    half, last = view.tokens[at], view.by_end.get(end)
    return (
        last == at + 1
        and view.tokens[last].tag == GIVEN
        and (len(half.text) == 1 if half.tag == SUR else followed(view, end))
        and view.tokens[at - 1].text not in _BEFORE_A_NAME
        and not (at > 1 and view.tokens[at - 2].tag.startswith("連体詞"))  # その朝|林健太
    )


def _alone(view: View, at: int) -> bool:
    """Tell whether a token is a noun of one character behind none, and no word of kinship."""
    token = view.tokens[at]
    if len(token.text) != 1 or not is_kanji(token.text) or token.text in KIN:
        return False
    free = at < 1 or view.tokens[at - 1].end < token.start or not view.noun(at - 1)
    return free and (view.noun(at) or token.tag.startswith("接頭辞"))


def _surname_end(view: View, start: int, end: int, table: NameTable) -> int | None:
    """Return where a surname ends that begins at `start` and was cut behind its first character.

    That is `end`, or the last place before it: 根津|留美雄.
    """
    word = view.plain[start:end]
    ends = np.arange(len(word), 1, -1)
    known = table.look_up(Hashes.of(word).keys(np.zeros_like(ends), ends)) & _SURNAME
    return start + int(ends[known > 0][0]) if known.any() else None


def _with_given(view: View, mention: Candidate, names: Names) -> Candidate:
    """Take in a given name in katakana: 朝比奈|フレドリック社長."""
    text, at = view.plain, view.by_start.get(mention.end)
    if at is None or not all(map(is_kanji, text[mention.start : mention.end])):
        return mention
    end = view.tokens[at].end
    given = text[mention.end : end]
    thing = THINGS.search(given) or ROLE.match(text, mention.end)
    if thing or not _KATAKANA.fullmatch(given) or not followed(view, end):
        return mention
    return _named(view, mention.start, end, mention.end, names)


def _western(view: View, before: Candidate, mention: Candidate) -> bool:
    """Tell whether a given name in katakana stands before a surname: ヴィクラム・|四方田氏."""
    given = view.plain[before.start : mention.start]
    return (
        before.label == Label.PERSON
        and _WESTERN.fullmatch(given) is not None
        and all(map(is_kanji, view.plain[mention.start : mention.end]))
        and followed(view, mention.end)
    )


def _to_honorific(view: View, mention: Candidate, names: Names) -> Candidate:
    """Take in the last character of a given name before 氏 or さん, and を before 氏 or 君."""
    text, end = view.plain, mention.end
    last = text[end : end + 1]
    first = view.by_start.get(mention.start)
    given = view.by_end.get(end)
    if given is not None and last == "を" and _AFTER_WO.match(text, end + 1):
        token = view.tokens[given]
        if token.tag == GIVEN and token.start > mention.start:
            return _named(view, mention.start, end + 1, token.start, names)
    if not is_kanji(last or " ") or last in KIN or first is None:
        return mention
    honorific = HONORIFIC.match(text, end + 1)
    if not honorific or honorific[0] not in ("氏", "さん") or ROLE.match(text, end):
        return mention
    if view.tokens[first].tag != SUR or view.tokens[first].end >= mention.end:
        return mention
    return _named(view, mention.start, end + 1, view.tokens[first].end, names)


def _named(
    view: View, start: int, end: int, border: int, names: Names, *, last: bool = False
) -> Candidate:
    """Return a full name; its surname stands before the border, with `last` behind it."""
    full, parts = view.text[start:end], [view.text[start:border], view.text[border:end]]
    family, given = reversed(parts) if last else parts
    names.add(full, family, given.strip("・"))
    return Candidate(start, end, Label.PERSON, full, 3)
