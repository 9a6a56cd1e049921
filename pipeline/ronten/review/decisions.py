"""What a reviewer decides, checked and made a correction of the dataset."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from ronten import revise
from ronten.corrections import REVIEWED, Correction, Verdict, lineage
from ronten.errors import UsageError
from ronten.store import Store
from ronten.text.brackets import Pair
from ronten.text.sentences import split
from ronten.types import Annotation, Attribution, Claim, ClaimType, Kind

LONGEST = 200
"""Characters of a name or target at most."""

_SIDES = ("favor", "against", "none")
_NAMELESS = (Kind.UNSPECIFIED, Kind.ARTICLE_AUTHOR)


class Refused(UsageError):
    """Something that cannot be decided so; `code` names the reason, `name` the value at fault."""

    def __init__(self, code: str, message: str, name: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.name = name


def now() -> str:
    """Return the time in UTC, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def decide(
    store: Store, article: str, claim: str, kind: str, fields: Mapping[str, Any], who: str
) -> Correction | None:
    """Accept, reject or correct a claim by its present id; None where nothing is to be done.

    Raises `Refused` where there is no such claim, or a value is wrong.
    """
    if kind not in (Verdict.ACCEPT, Verdict.REJECT, Verdict.EDIT):
        raise Refused("value", f"kind '{kind}': give accept, reject or edit", "kind")
    annotation, found = _claim(store, article, claim)
    before = _before(store, found)
    if kind == Verdict.ACCEPT and before is not None:
        return None
    if before is not None and before.kind == Verdict.ADD and kind == Verdict.EDIT:
        kind = Verdict.ADD.value
    new = checked(annotation, fields) if kind in (Verdict.EDIT, Verdict.ADD) else {}
    if before is not None and new:
        old = dict(before.fields)
        sides = {**old.pop("stances", {}), **new.get("stances", {})}
        new = {**old, **new, **({"stances": sides} if sides else {})}
    if kind == Verdict.ADD:
        content = new["content"]
        return _record(store, annotation, Verdict.ADD, None, content, new, who, before)
    if kind == Verdict.EDIT and not new:
        raise Refused("value", f"{claim}: nothing is corrected", "fields")
    if before is None:
        content = [list(span) for span in found.content]
        return _record(store, annotation, kind, found.id, content, new, who, None)
    correction = before._replace(
        kind=Verdict(kind).value, fields=new, who=who, when=now(), replaces=before.id
    )
    return revise.record(store, correction)


def add(store: Store, article: str, fields: Mapping[str, Any], who: str) -> Correction:
    """Add a claim that was not extracted. Raises `Refused` where a value is wrong or missing."""
    if not store.has_article(article):
        raise Refused("gone", f"no article '{article}' in this folder")
    annotation = store.annotation(article)
    new = checked(annotation, fields)
    for name in ("content", "holder", "type", "attribution"):
        if name not in new:
            raise Refused("value", f"{name}: is missing", name)
    return _record(store, annotation, Verdict.ADD, None, new["content"], new, who, None)


def claim_of(store: Store, correction: Correction) -> str | None:
    """Return the id of the claim that a correction is about, None where there is none."""
    if correction.article is None or not store.has_article(correction.article):
        return None
    for claim in store.annotation(correction.article).claims:
        mark = (claim.model_extra or {}).get(REVIEWED) or {}
        held = mark.get("correction")
        if held in (correction.id, correction.replaces or 0) or lineage(claim) == correction.claim:
            return claim.id
    return None


def checked(annotation: Annotation, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return corrected values in the form they are stored in. Raises `Refused` for a wrong one."""
    new: dict[str, Any] = {}
    for name, value in fields.items():
        if name == "content":
            new[name] = _spans(annotation.text, value)
        elif name in ("source", "cue"):
            new[name] = None if value is None else _spans(annotation.text, [value])[0]
        elif name == "holder":
            new[name] = _holder(value)
        elif name == "type":
            new[name] = _one_of(name, value, [kind.value for kind in ClaimType])
        elif name == "attribution":
            new[name] = _one_of(name, value, [kind.value for kind in Attribution])
        elif name == "stances" and isinstance(value, Mapping):
            new[name] = {
                _text("target", target): _one_of("stance", side, _SIDES)
                for target, side in value.items()
            }
        else:
            raise Refused("value", f"{name}: cannot be corrected", str(name))
    return new


def notes(text: str, claim: Claim, pairs: Sequence[Pair]) -> list[str]:
    """Return what is unusual about the content of a claim: names of texts.

    `pairs` are those of `find_brackets` of the whole text, which is done once for all claims.
    """
    found = []
    for left, right in claim.content:
        within = pairs[bisect_left(pairs, left, key=_start) : bisect_left(pairs, right, key=_start)]
        inner = [p for p in within if p.end <= right]
        outer = [p for n, p in enumerate(inner) if all(p.start >= q.end for q in inner[:n])]
        if "\n\n" in text[left:right] or len(split(text, left, right, outer)) > 1:
            found.append("note_sentence")
    if text[claim.content[-1][1] - 1] in "。｡":
        found.append("note_stop")
    return list(dict.fromkeys(found))


def _start(pair: Pair) -> int:
    return pair.start


def _claim(store: Store, article: str, claim: str) -> tuple[Annotation, Claim]:
    if store.has_article(article):
        annotation = store.annotation(article)
        for found in annotation.claims:
            if found.id == claim:
                return annotation, found
    raise Refused("gone", f"no claim '{claim}' in this folder; load the page again")


def _before(store: Store, claim: Claim) -> Correction | None:
    """Return the correction of a claim that holds."""
    mark = (claim.model_extra or {}).get(REVIEWED)
    return store.corrections.get(int(mark["correction"])) if mark else None


def _record(
    store: Store,
    annotation: Annotation,
    kind: str,
    claim: str | None,
    content: list[list[int]],
    fields: dict[str, Any],
    who: str,
    before: Correction | None,
) -> Correction:
    return revise.record(
        store,
        Correction(
            id=0,
            article=annotation.id,
            text_hash=store.row(annotation.id)["text_hash"],
            kind=Verdict(kind).value,
            claim=claim,
            content=content,
            text=revise.words(annotation, [(a, b) for a, b in content]),
            fields=fields,
            who=who,
            when=now(),
            replaces=before.id if before else None,
        ),
    )


def _spans(text: str, value: Any) -> list[list[int]]:
    """Return fragments that lie inside the text, in order, and hold more than blanks."""
    wrong = Refused("span", f"span {str(value)[:80]}: give [[start, end], …] inside the text")
    if not isinstance(value, list) or not value:
        raise wrong
    spans: list[list[int]] = []
    for span in value:
        if not (isinstance(span, list) and len(span) == 2):
            raise wrong
        start, end = span
        if type(start) is not int or type(end) is not int or not 0 <= start < end <= len(text):
            raise wrong
        if spans and start <= spans[-1][1]:
            raise wrong
        cut = text[start:end]
        if cut != cut.strip():
            raise wrong
        spans.append([start, end])
    return spans


def _holder(value: Any) -> dict[str, Any]:
    wrong = Refused("holder", "holder: give a name and a kind", "holder")
    if not isinstance(value, Mapping):
        raise wrong
    kind, name = value.get("kind"), value.get("name")
    if kind not in [k.value for k in Kind] or not isinstance(name, str) or len(name) > LONGEST:
        raise wrong
    name = name.strip()
    if bool(name) == (kind in _NAMELESS) or any(ord(char) < 32 for char in name):
        raise wrong
    found: dict[str, Any] = {"name": name, "kind": kind}
    if isinstance(value.get("proper"), bool):
        found["proper"] = value["proper"]
    return found


def _one_of(name: str, value: Any, choices: Sequence[str]) -> str:
    if value not in choices:
        raise Refused("value", f"{name}: give one of {', '.join(choices)}", name)
    return str(value)


def _text(name: str, value: Any) -> str:
    text = value.strip() if isinstance(value, str) else ""
    if not text or len(text) > LONGEST or any(ord(char) < 32 for char in text):
        raise Refused("value", f"{name}: give a text of 1 to {LONGEST} characters", name)
    return text
