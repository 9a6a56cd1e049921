"""People whose names the tokens cut: 矢車|透氏, 早瀬|リクさん, 牟田口千|夜さん, の間|真也部長."""

from __future__ import annotations

from collections.abc import Sequence

from ronten.components.mentions.people import GIVEN, HONORIFIC, ROLE, SUR, Names, followed
from ronten.components.mentions.view import Candidate, View, is_kanji
from ronten.types import Label

_LONGEST = 8
"""Characters of the longest name that is joined."""
_KIN = frozenset("父母兄姉弟妹娘嫁婆爺祖夫妻孫子奥御両各同故元前現新旧副")
"""Characters beside a name that are no part of it (父真也さん, 佐藤両氏)."""


def whole(view: View, mentions: Sequence[Candidate], names: Names) -> list[Candidate]:
    """Join and lengthen the people among the mentions (sorted), and add their full names."""
    result: list[Candidate] = []
    for mention in mentions:
        if mention.label == Label.PERSON:
            before = result[-1] if result else None
            if before and _surname(view, before, mention, names):
                result.pop()
                mention = _named(view, before.start, mention.end, before.end, names)
            elif before is None or before.end < mention.start:
                mention = _with_surname(view, mention, names)
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


def _with_surname(view: View, mention: Candidate, names: Names) -> Candidate:
    """Take in a surname of one character that Sudachi takes for a common noun."""
    at = view.by_start.get(mention.start)
    known = mention.entity in names.fulls
    if known or not at or view.tokens[at].tag != GIVEN or not followed(view, mention.end):
        return mention
    last = view.tokens[at - 1]
    word = last.text
    free = at < 2 or view.tokens[at - 2].end < last.start or not view.noun(at - 2)
    if len(word) != 1 or not is_kanji(word) or word in _KIN or not free or not view.noun(at - 1):
        return mention
    if last.end != mention.start:
        return mention
    return _named(view, last.start, mention.end, mention.start, names)


def _to_honorific(view: View, mention: Candidate, names: Names) -> Candidate:
    """Take in the last character of a given name that stands before 氏 or さん."""
    text, end = view.plain, mention.end
    last = text[end : end + 1]
    first = view.by_start.get(mention.start)
    if not is_kanji(last or " ") or last in _KIN or first is None:
        return mention
    honorific = HONORIFIC.match(text, end + 1)
    if not honorific or honorific[0] not in ("氏", "さん") or ROLE.match(text, end):
        return mention
    if view.tokens[first].tag != SUR or view.tokens[first].end >= mention.end:
        return mention
    return _named(view, mention.start, end + 1, view.tokens[first].end, names)


def _named(view: View, start: int, end: int, border: int, names: Names) -> Candidate:
    full = view.text[start:end]
    names.add(full, view.text[start:border], view.text[border:end])
    return Candidate(start, end, Label.PERSON, full, 3)
