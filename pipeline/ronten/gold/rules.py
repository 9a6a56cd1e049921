"""The rules of the annotation guidelines that can be checked without understanding the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ronten.gold.figure_rules import figure_problems
from ronten.text.brackets import Brackets, find_brackets
from ronten.text.sentences import split
from ronten.types import Annotation, Attribution, Claim, Kind, Label, Span


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with one value of an annotation; a warning may be right after all."""

    path: tuple[str | int, ...]
    message: str
    warning: bool = False


_HONORIFIC = re.compile(r".(?:氏|さん|さま|様)\Z")
_CONJUNCTION = re.compile(
    r"(?:しかし(?:ながら)?|だが|ところが|また|ただし|一方(?:で)?|例えば|たとえば|つまり|すなわち|そして|"
    r"さらに|なお|したがって|よって|だから|そこで)[、，,]"
)
_BULLET = re.compile(r"[-–—*•・●■◆▪][\s\u3000]|[・●■◆▪]")
_NAMELESS = (Kind.UNSPECIFIED, Kind.ARTICLE_AUTHOR)


def findings(annotation: Annotation) -> Iterator[Finding]:
    """Find everything that breaks a rule, in the order of the file."""
    if not annotation.id:
        yield Finding(("id",), "empty; give the article an id")
    yield from _holders(annotation)
    yield from _claims(annotation)
    yield from _mentions(annotation)
    for number, figure in enumerate(annotation.figures):
        for field, message in figure_problems(figure):
            yield Finding(("figures", number, field), message)
    yield from _layers(annotation)


def _holders(annotation: Annotation) -> Iterator[Finding]:
    ids: set[str] = set()
    names: set[tuple[str, Kind]] = set()
    used = {claim.holder for claim in annotation.claims}
    for number, holder in enumerate(annotation.holders):
        path = ("holders", number)
        if holder.id in ids:
            yield Finding((*path, "id"), f"'{holder.id}' is another holder's id too")
        if (holder.name, holder.kind) in names:
            yield Finding((*path, "name"), f"'{holder.name}' is listed twice; list a holder once")
        ids.add(holder.id)
        names.add((holder.name, holder.kind))
        if holder.kind in _NAMELESS and holder.name:
            yield Finding((*path, "name"), f'a holder of kind {holder.kind.value} has no name ("")')
        if holder.kind not in _NAMELESS and not holder.name:
            yield Finding((*path, "name"), f"empty, but the kind is {holder.kind.value}")
        if holder.kind == Kind.PERSON and _HONORIFIC.search(holder.name):
            message = f"'{holder.name}' ends with an honorific: leave it out"
            yield Finding((*path, "name"), message, warning=True)
        if holder.id not in used and not any(holder.id in h.members for h in annotation.holders):
            yield Finding(path, f"no claim refers to '{holder.id}'", warning=True)
        for member in holder.members:
            if member not in {h.id for h in annotation.holders}:
                yield Finding((*path, "members"), f"no holder has the id '{member}'")


def _claims(annotation: Annotation) -> Iterator[Finding]:
    brackets = find_brackets(annotation.text)
    holders = {holder.id for holder in annotation.holders}
    ids: set[str] = set()
    said: set[tuple[str, tuple[Span, ...]]] = set()
    for number, claim in enumerate(annotation.claims):
        path = ("claims", number)
        if claim.id in ids:
            yield Finding((*path, "id"), f"'{claim.id}' is another claim's id too")
        ids.add(claim.id)
        if claim.holder not in holders:
            yield Finding((*path, "holder"), f"no holder has the id '{claim.holder}'")
        if (claim.holder, tuple(claim.content)) in said:
            yield Finding(path, "the same holder and content as an earlier claim")
        said.add((claim.holder, tuple(claim.content)))
        yield from _content(annotation.text, claim, path, brackets)
        yield from _mention(annotation.text, claim, path)
        yield from _stance(annotation, claim, path)
    yield from _unquoted(annotation, brackets)


def _content(
    text: str, claim: Claim, path: tuple[str | int, ...], brackets: Brackets
) -> Iterator[Finding]:
    valid = True
    for index, span in enumerate(claim.content):
        where = (*path, "content", index)
        if message := _span_problem(text, span):
            yield Finding(where, message)
            valid = False
        elif index and span[0] <= claim.content[index - 1][1]:
            yield Finding(where, "fragments must stand in order with text between them")
            valid = False
        elif message := _edge_problem(text, span):
            yield Finding(where, message)
    if not valid:
        return
    (start, _), (_, end) = claim.content[0], claim.content[-1]
    first, last = (*path, "content", 0), (*path, "content", len(claim.content) - 1)
    shown = text[start : start + 12]
    if text[end - 1] in "。｡":
        yield Finding(last, f"ends with {text[end - 1]}; the final full stop stays outside")
    if text[start] in "、。，」』）":
        yield Finding(first, f"begins with {text[start]}: {shown}…")
    whole = [p for p in brackets.pairs if p.quotes and (p.start, p.end) == (start, end)]
    if whole and claim.attribution == Attribution.DIRECT:
        yield Finding(first, f"the brackets round a direct quotation stay outside: {shown}…")
    elif whole and claim.attribution != Attribution.AUTHORIAL:
        yield Finding(first, f"stands in brackets as a whole: is it direct? {shown}…", True)
    if claim.attribution in (Attribution.AUTHORIAL, Attribution.INDIRECT):
        if match := _CONJUNCTION.match(text, start, end):
            yield Finding(first, f"begins with the conjunction {match.group()[:-1]}", warning=True)
        if _BULLET.match(text, start, end):
            yield Finding(first, f"begins with a bullet: {shown}…")
    for index, (left, right) in enumerate(claim.content):
        inner = [p for p in brackets.pairs if left <= p.start and p.end <= right]
        outer = [p for n, p in enumerate(inner) if all(p.start >= q.end for q in inner[:n])]
        if "\n\n" in text[left:right] or len(split(text, left, right, outer)) > 1:
            yield Finding(
                (*path, "content", index), "runs over a sentence border: one claim each", True
            )


def _unquoted(annotation: Annotation, brackets: Brackets) -> Iterator[Finding]:
    """Tell once per article how many direct claims stand in no brackets, as in interviews."""
    found = [
        (number, start)
        for number, claim in enumerate(annotation.claims)
        if claim.attribution == Attribution.DIRECT
        for start, end in [(claim.content[0][0], claim.content[-1][1])]
        if not any(p.start < start and end < p.end for p in brackets.pairs)
    ]
    if found:
        number, start = found[0]
        shown = annotation.text[start : start + 12]
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        yield Finding(
            ("claims", number, "content", 0), f"direct, but in no brackets: {shown}…{more}", True
        )


def _mention(text: str, claim: Claim, path: tuple[str | int, ...]) -> Iterator[Finding]:
    for name, span in (("source", claim.source), ("cue", claim.cue)):
        if span is None:
            continue
        where = (*path, name)
        if claim.attribution == Attribution.AUTHORIAL:
            yield Finding(where, f"an authorial claim has no {name} (null)")
        if message := _span_problem(text, span) or _edge_problem(text, span):
            yield Finding(where, message)
        elif any(span[0] < end and start < span[1] for start, end in claim.content):
            yield Finding(where, f"{text[slice(*span)]} stands inside the content", warning=True)


def _stance(annotation: Annotation, claim: Claim, path: tuple[str | int, ...]) -> Iterator[Finding]:
    if claim.stance is None:
        return
    if claim.stance.label == "none":
        yield Finding((*path, "stance"), "a claim that takes no side has the stance null")
    if claim.stance.target not in annotation.targets:
        known = "、".join(annotation.targets) or "none"
        yield Finding(
            (*path, "stance"), f"'{claim.stance.target}' is not among the targets ({known})"
        )


def _mentions(annotation: Annotation) -> Iterator[Finding]:
    text = annotation.text
    places: list[tuple[Span, tuple[str | int, ...]]] = []
    spans = {
        "entities": [entity.span for entity in annotation.entities],
        "figures": [figure.span for figure in annotation.figures],
    }
    for key, found in spans.items():
        for number, span in enumerate(found):
            if message := _span_problem(text, span) or _edge_problem(text, span):
                yield Finding((key, number, "span"), message)
            else:
                places.append((span, (key, number, "span")))
    for number, entity in enumerate(annotation.entities):
        if not entity.entity.strip():
            yield Finding(("entities", number, "entity"), "empty; give the canonical name")
        surface = text[slice(*entity.span)]
        if entity.label == Label.PERSON and _HONORIFIC.search(surface):
            message = f"'{surface}' ends with an honorific: leave it out"
            yield Finding(("entities", number, "span"), message, warning=True)
    places.sort()
    reach, before = 0, ""
    for span, where in places:
        surface = text[slice(*span)]
        if span[0] < reach:
            yield Finding(where, f"'{surface}' overlaps '{before}'; the longest name wins")
        if span[1] > reach:
            reach, before = span[1], surface
    yield from _unmarked(annotation, [span for span, _ in places])


def _unmarked(annotation: Annotation, marked: list[Span]) -> Iterator[Finding]:
    """Find further occurrences of a marked name; one character is too often part of a word."""
    first: dict[str, int] = {}
    for number, entity in enumerate(annotation.entities):
        first.setdefault(annotation.text[slice(*entity.span)], number)
    covered = {offset for span in marked for offset in range(*span)}
    for surface, number in first.items():
        if len(surface) < 2:
            continue
        for match in re.finditer(re.escape(surface), annotation.text):
            if covered.isdisjoint(range(*match.span())):
                yield Finding(
                    ("entities", number),
                    f"'{surface}' stands unmarked at {match.start()}",
                    warning=True,
                )


def _layers(annotation: Annotation) -> Iterator[Finding]:
    layers = annotation.layers
    if layers is None or "positions" in layers:
        for number, claim in enumerate(annotation.claims):
            if not claim.position:
                yield Finding(
                    ("claims", number, "position"),
                    "missing; give a key, or list the layers that are annotated without positions",
                )
    present = {
        "claims": annotation.claims,
        "entities": annotation.entities,
        "figures": annotation.figures,
        "stance": [claim for claim in annotation.claims if claim.stance],
    }
    for name, records in present.items():
        if layers is not None and records and name not in layers:
            yield Finding(("layers",), f"'{name}' are annotated but no layer: not scored", True)


def _span_problem(text: str, span: Span) -> str | None:
    start, end = span
    if start == end:
        return f"[{start}, {end}] is empty"
    if not 0 <= start < end <= len(text):
        return f"[{start}, {end}] lies outside the text of {len(text)} characters"
    return None


def _edge_problem(text: str, span: Span) -> str | None:
    cut = text[slice(*span)]
    if not cut.strip():
        return "nothing but blanks"
    if cut[0].isspace():
        return f"begins with a blank: '{cut[:12]}'"
    return f"ends with a blank: '{cut[-12:]}'" if cut[-1].isspace() else None
