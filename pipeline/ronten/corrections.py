"""What people say about claims and positions, and an annotation as they corrected it.

Everything here is pure: records in, records out. A correction knows the claim it is about by the
place and the words of its content, so that it is found again when the article is annotated anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import Any, NamedTuple

from ronten.text.sentences import analyze
from ronten.types import (
    Annotation,
    Attribution,
    Claim,
    ClaimType,
    Figure,
    Holder,
    Kind,
    Span,
    Stance,
)

REVIEWED = "reviewed"
"""Key of claims, and of annotations, that somebody has looked at."""
RULE = "review"
"""`rule` of claims that a person has added."""

Content = tuple[Span, ...]


class Verdict(StrEnum):
    """What a correction says."""

    ACCEPT = "accept"
    REJECT = "reject"
    EDIT = "edit"
    ADD = "add"
    POSITION = "position"


class State(StrEnum):
    """Whether a correction holds."""

    ACTIVE = "active"
    SUPERSEDED = "superseded"
    UNDONE = "undone"


class Correction(NamedTuple):
    """A correction as stored.

    `claim`, `content` and `text` are id, fragments and words of the claim as it was extracted (of
    an added one, as it is), `text_hash` is the key of the article's text. `fields` holds what is
    corrected. `replaces` is the correction of the same claim that this one stands in the place of,
    `resolved` tells whether its claim was there when its article was stored last.
    """

    id: int
    article: str | None
    text_hash: str | None
    kind: str
    claim: str | None
    content: list[list[int]]
    text: str
    fields: dict[str, Any]
    who: str
    when: str
    state: str = State.ACTIVE
    replaces: int | None = None
    resolved: bool = True


@dataclass
class Applied:
    """An annotation after corrections, and the ids of corrections whose claim is not in it."""

    annotation: Annotation
    unresolved: list[int] = field(default_factory=list)


@dataclass
class Arranged:
    """Claims that change position, founders of new positions, corrections without a claim."""

    members: dict[str, str] = field(default_factory=dict)
    founded: dict[str, str] = field(default_factory=dict)
    unresolved: list[int] = field(default_factory=list)


def lineage(claim: Claim) -> str:
    """Return the id that a claim was extracted with, whatever it is called now."""
    mark = (claim.model_extra or {}).get(REVIEWED) or {}
    return str(mark.get("was", claim.id))


def apply(annotation: Annotation, corrections: Iterable[Correction]) -> Applied:
    """Return what extraction made of an article as people corrected it.

    Rejected claims are gone, the others that were looked at carry `reviewed`; a claim whose content
    changed is named after its new place. Corrections of other texts, and those whose claim is not
    there, change nothing and are listed.
    """
    done = Applied(annotation)
    key = sha256(annotation.text.encode()).hexdigest()[:16]
    valid: list[Correction] = []
    for correction in corrections:
        if correction.kind == Verdict.POSITION or correction.state != State.ACTIVE:
            continue
        if correction.kind == Verdict.REJECT and correction.claim is None:
            continue  # a claim that was added and then rejected
        if correction.article == annotation.id and correction.text_hash == key:
            valid.append(correction)
        else:
            done.unresolved.append(correction.id)
    found = _find(annotation.claims, valid)
    done.unresolved += [c.id for c in valid if c.kind != Verdict.ADD and c.id not in found]
    if len(valid) == 0 or not (found or any(c.kind == Verdict.ADD for c in valid)):
        return done
    revision = _Revision(annotation)
    of_claim = {number: c for c in valid if (number := found.get(c.id)) is not None}
    for number, claim in enumerate(annotation.claims):
        revision.take(claim, of_claim.get(number))
    for correction in valid:
        if correction.kind == Verdict.ADD:
            revision.add(correction)
    done.annotation = revision.finish()
    return done


def arrange(
    placed: Mapping[str, str], corrections: Iterable[Correction], now: Mapping[str, str]
) -> Arranged:
    """Return what has to move so that positions are as people want them.

    Args:
        placed: the position of every claim.
        corrections: merges and splits, in the order they were made.
        now: ids that corrected claims go by, by the id they were extracted with.
    """
    done = Arranged()
    at = dict(placed)

    def here(claims: Iterable[str]) -> list[str]:
        return [id_ for claim in claims if (id_ := now.get(claim, claim)) in at]

    for correction in corrections:
        if correction.kind != Verdict.POSITION or correction.state != State.ACTIVE:
            continue
        if correction.fields["op"] == "split":
            moved = here([correction.fields["claim"]])
            target = correction.fields["position"]
        else:
            moved = here(correction.fields["claims"])
            target = _home([at[claim] for claim in here(correction.fields["with"])], correction)
        if not moved or target is None:
            done.unresolved.append(correction.id)
            continue
        for claim in moved:
            at[claim] = target
        if correction.fields["op"] == "split":
            done.founded[target] = moved[0]
    done.members = {claim: position for claim, position in at.items() if placed[claim] != position}
    used = set(done.members.values())
    done.founded = {id_: founder for id_, founder in done.founded.items() if id_ in used}
    return done


def split_id(claim: str) -> str:
    """Return the id of the position of a claim (by the id it was extracted with) that is alone."""
    return "p-" + sha256(f"{claim}.split".encode()).hexdigest()[:12]


def _home(positions: Sequence[str], correction: Correction) -> str | None:
    """Return where most of the claims stand that others are to join."""
    if not positions:
        return None
    counts = Counter(positions)
    named = correction.fields["into"]
    return min(counts, key=lambda id_: (-counts[id_], id_ != named, id_))


def _find(claims: Sequence[Claim], corrections: Sequence[Correction]) -> dict[int, int]:
    """Return the number of the claim that each correction is about, by correction id.

    A model that has come to find the content somebody corrected has found the claim as well.
    """
    by_content: dict[Content, list[int]] = {}
    for number, claim in enumerate(claims):
        by_content.setdefault(tuple(claim.content), []).append(number)
    found: dict[int, int] = {}
    taken: set[int] = set()
    for corrected in (False, True):
        for correction in corrections:
            content = correction.fields.get("content") if corrected else correction.content
            if correction.id in found or correction.kind == Verdict.ADD or not content:
                continue
            free = [n for n in by_content.get(_content(content), ()) if n not in taken]
            if free:
                named = [n for n in free if claims[n].id == correction.claim]
                found[correction.id] = (named or free)[0]
                taken.add(found[correction.id])
    return found


class _Revision:
    """An annotation that is being corrected."""

    def __init__(self, annotation: Annotation) -> None:
        self._annotation = annotation
        self._holders = list(annotation.holders)
        self._claims: list[Claim] = []
        self._ids = {claim.id for claim in annotation.claims}
        self._counts: Counter[str] = Counter()
        self._targets = list(annotation.targets)
        self._sentences: list[Span] | None = None
        self._moved = False

    def take(self, claim: Claim, correction: Correction | None) -> None:
        """Take over a claim, as it was extracted or as it was corrected."""
        if correction is None:
            self._claims.append(claim)
            return
        self._counts[correction.kind] += 1
        if correction.kind == Verdict.REJECT:
            self._moved = True
            return
        fields = correction.fields if correction.kind == Verdict.EDIT else {}
        self._claims.append(self._corrected(claim, correction, fields))

    def add(self, correction: Correction) -> None:
        """Add a claim that was not extracted."""
        self._counts[correction.kind] += 1
        fields = correction.fields
        content = list(_content(fields["content"]))
        claim = Claim(
            id="",
            content=content,
            holder="",
            attribution=Attribution(fields["attribution"]),
            type=ClaimType(fields["type"]),
            sentence=self._sentence(content),
            rule=RULE,
        )
        self._claims.append(self._corrected(claim, correction, fields))

    def finish(self) -> Annotation:
        """Return the corrected annotation."""
        if self._moved:
            self._claims.sort(key=lambda claim: claim.content[0][0])
        was_used = {claim.holder for claim in self._annotation.claims}
        used = {claim.holder for claim in self._claims}
        needed = {m for holder in self._holders if holder.id in used for m in holder.members}
        lost = was_used - used - needed
        counts = {kind.value: self._counts[kind] for kind in Verdict if self._counts[kind]}
        return self._annotation.model_copy(
            update={
                "holders": [holder for holder in self._holders if holder.id not in lost],
                "claims": self._claims,
                "figures": self._figures() if self._moved else self._annotation.figures,
                **({"targets": self._targets} if self._targets != self._annotation.targets else {}),
                REVIEWED: counts,
            }
        )

    def _corrected(self, claim: Claim, correction: Correction, fields: Mapping[str, Any]) -> Claim:
        mark: dict[str, Any] = {
            "who": correction.who,
            "when": correction.when,
            "verdict": correction.kind,
            "correction": correction.id,
        }
        new: dict[str, Any] = {"confidence": 1.0}
        content = list(_content(fields["content"])) if "content" in fields else claim.content
        if content != claim.content or not claim.id:
            self._moved = True
            new |= {"content": content, "id": self._name(content)}
            if claim.id:
                mark["was"] = claim.id
                new["sentence"] = self._sentence(content)
        if "holder" in fields:
            new["holder"] = self._holder(fields["holder"])
        if "type" in fields:
            new["type"] = ClaimType(fields["type"])
        for name in ("source", "cue"):
            if name in fields:
                new[name] = None if fields[name] is None else (fields[name][0], fields[name][1])
        if "attribution" in fields:
            new["attribution"] = Attribution(fields["attribution"])
            if new["attribution"] == Attribution.AUTHORIAL:
                new |= {"source": None, "cue": None}
        if fields.get("stances"):
            new |= self._sides(claim.stances, fields["stances"])
        return claim.model_copy(update={**new, REVIEWED: mark})

    def _sides(self, stances: Sequence[Stance], labels: Mapping[str, str]) -> dict[str, Any]:
        """Return what a claim says of targets, where somebody has said it anew."""
        said = {
            target: Stance.model_validate({"target": target, "label": label, "score": 1.0})
            for target, label in labels.items()
        }
        known = {stance.target for stance in stances}
        new = [said.get(stance.target, stance) for stance in stances]
        new += [stance for target, stance in said.items() if target not in known]
        taken = [stance for stance in new if stance.label != "none"]
        surest = max(taken, key=lambda s: s.score or 0, default=None)
        for target in labels:
            if labels[target] != "none" and target not in self._targets:
                self._targets.append(target)
        stance = surest and Stance(target=surest.target, label=surest.label)
        return {"stances": new, "stance": stance}

    def _holder(self, wanted: Mapping[str, Any]) -> str:
        """Return the id of a holder by name and kind, who may be new in the article."""
        name, kind = str(wanted["name"]), Kind(wanted["kind"])
        for holder in self._holders:
            if (holder.name, holder.kind) == (name, kind):
                return holder.id
        taken = {holder.id for holder in self._holders}
        number = len(self._holders) + 1
        while f"h{number}" in taken:
            number += 1
        values: dict[str, Any] = {"id": f"h{number}", "name": name, "kind": kind}
        if "proper" in wanted:
            values["proper"] = bool(wanted["proper"])
        self._holders.append(Holder(**values))
        return f"h{number}"

    def _name(self, content: Sequence[Span]) -> str:
        start, end = content[0]
        name = base = f"{self._annotation.id}:{start}-{end}"
        number = 1
        while name in self._ids:
            number += 1
            name = f"{base}.{number}"
        self._ids.add(name)
        return name

    def _sentence(self, content: Sequence[Span]) -> Span | None:
        """Return the sentence that a content begins in."""
        if self._sentences is None:
            found = analyze(self._annotation.text).sentences
            self._sentences = [(sentence.start, sentence.end) for sentence in found]
        start = content[0][0]
        return next((s for s in self._sentences if s[0] <= start < s[1]), None)

    def _figures(self) -> list[Figure]:
        """Tie every figure to the shortest claim whose content holds it."""
        fragments = [
            (start, end, sum(b - a for a, b in claim.content), number)
            for number, claim in enumerate(self._claims)
            for start, end in claim.content
        ]
        figures = []
        for figure in self._annotation.figures:
            start, end = figure.span
            around = [(size, n) for a, b, size, n in fragments if a <= start and end <= b]
            claim = self._claims[min(around)[1]].id if around else None
            figures.append(figure.model_copy(update={"claim": claim}))
        return figures


def _content(spans: Iterable[Sequence[int]]) -> Content:
    return tuple((span[0], span[1]) for span in spans)
