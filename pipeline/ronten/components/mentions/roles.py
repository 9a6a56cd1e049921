"""Who holds which role where: A社のB社長, A社CEOのB氏, B氏（D大学教授）, B・A社社長."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ronten.components.mentions.people import FAMILY_AFTER, HONORIFIC, ROLE
from ronten.components.mentions.view import Candidate, View
from ronten.types import Label, Span

EMPLOYERS = (Label.COMPANY, Label.ORG, Label.PLACE)
SAME = {
    "同社": (Label.COMPANY,),
    "同行": (Label.COMPANY,),
    "同大学": (Label.ORG,),
    "同大": (Label.ORG,),
    "同省": (Label.ORG,),
    "同庁": (Label.ORG,),
    "同党": (Label.ORG,),
    "同研究所": (Label.ORG,),
    "同国": (Label.PLACE,),
    "同紙": (Label.COMPANY,),
}
# 町長は鬼頭弘和、教育長は深見千草。
IS = re.compile(rf"(?:^|[。、\n])(?P<role>{ROLE.pattern})は$")
LINK = re.compile(r"(?:である|だった|であった|を務める|を務めた|の|で|、|・|,|だ)?$")
AT_ROLE = re.compile(rf"社?の?(?P<role>{ROLE.pattern})")
# What may stand between the organization and the role: a department, 社, の.
BETWEEN = re.compile(r"(?:社|側|党)?の?[^、。「」()はがをにへと,・\n]{0,14}?の?$")


# What ends a definition: a stop, or the next one.
_ENDS = re.compile(rf"[。.\n]|\Z|[、,](?:{ROLE.pattern})は")


class Role(NamedTuple):
    """A role that the text gives a person; `span` is the role noun."""

    person: str
    role: str
    organization: str | None
    span: Span


def roles(view: View, mentions: Sequence[Candidate]) -> Iterator[Role]:
    """Yield the roles of the people among `mentions` (sorted, without overlaps)."""
    employers = [c for c in mentions if c.label in EMPLOYERS]
    ends = {c.end: c for c in employers}
    starts = {c.start: c for c in employers}
    people = [c for c in mentions if c.label == Label.PERSON]
    after = [role for p in people for role in _after(view, p, employers, ends, starts)]
    yield from after
    taken = {role.span[1] for role in after}
    for person in people:
        yield from (r for r in _before(view, person, employers, ends) if r.span[1] not in taken)
        yield from _bracket(view, person, employers, ends)


def _role(
    view: View,
    match: re.Match[str],
    person: Candidate,
    employer: str | None,
) -> Role:
    span = match.span("role" if "role" in match.re.groupindex else 0)
    return Role(person.entity, view.text[slice(*span)], employer, span)


def _after(
    view: View,
    person: Candidate,
    employers: Sequence[Candidate],
    ends: dict[int, Candidate],
    starts: dict[int, Candidate],
) -> Iterator[Role]:
    text = view.plain
    skip = FAMILY_AFTER.match(text, person.end)
    for at in dict.fromkeys((person.end, skip.end() if skip else person.end)):
        match = ROLE.match(text, at)
        if match:
            yield _role(view, match, person, _employer(view, person.start, employers, ends))
            return
    # B・A社社長
    if text[person.end : person.end + 1] in ("・", "、"):
        start = person.end + 1
        if employer := starts.get(start):
            match = AT_ROLE.match(text, employer.end)
            if match:
                yield _role(view, match, person, employer.entity)


def _before(
    view: View, person: Candidate, employers: Sequence[Candidate], ends: dict[int, Candidate]
) -> Iterator[Role]:
    text = view.plain
    low = max(0, person.start - 24)
    window = text[low : person.start]
    link = LINK.search(window)
    stop = low + (link.start() if link else len(window))
    for match in ROLE.finditer(text, low, stop):
        if match.end() == stop:
            yield _role(view, match, person, _employer(view, match.start(), employers, ends))
    defined = IS.search(text, low, person.start)
    if defined and _ENDS.match(text, person.end):
        yield _role(view, defined, person, None)


def _bracket(
    view: View, person: Candidate, employers: Sequence[Candidate], ends: dict[int, Candidate]
) -> Iterator[Role]:
    text = view.plain
    title = HONORIFIC.match(text, person.end)
    at = title.end() if title else person.end
    if text[at : at + 1] != "(":
        return
    close = text.find(")", at, at + 60)
    for match in ROLE.finditer(text, at + 1, close if close > 0 else at + 1):
        yield _role(view, match, person, _employer(view, match.start(), employers, ends, at + 1))
        return


def _employer(
    view: View,
    at: int,
    employers: Sequence[Candidate],
    ends: dict[int, Candidate],
    low: int = 0,
) -> str | None:
    """Return the organization that the words before `at` name."""
    text = view.plain
    for end in range(at, max(low, at - 20) - 1, -1):
        between = text[end:at]
        if not BETWEEN.fullmatch(between):
            continue
        if end in ends and (
            end == at or ends[end].label != Label.PLACE or between in ("の", "国の", "政府の")
        ):
            return ends[end].entity
        for same, labels in SAME.items():
            if text.endswith(same, low, end):
                at = bisect_right(employers, end - len(same), key=lambda c: c.end)
                return next((c.entity for c in reversed(employers[:at]) if c.label in labels), None)
    return None
