"""How authors stand to each other: who makes the same points, who argues for the other side.

Also where one author's side moved, and where authors give different values for one quantity.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ronten.types import AuthorClaim, Figure, FigureKind, Stance

LISTED = 20
"""Authors, and quantities in dispute, that a document lists at most."""
FIRM = 0.5
"""Score from which on a side counts when authors, or days, are compared."""
_OPPOSITE = {"favor": "against", "against": "favor"}

_Quantity = tuple[str, str, str, str]
"""Coarse topic, what is measured, kind, unit."""


class Held(NamedTuple):
    """A claim as an author holds it; `group` is the coarse topic of its position."""

    author: str
    position: str
    group: str
    claim: AuthorClaim


@dataclass
class Relations:
    """What the documents of all authors are compared by; `add` claims, then ask by author."""

    names: Mapping[str, str]
    """Names of the authors that are compared, by id."""
    _positions: dict[str, dict[str, set[str]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(set))
    )
    _sides: dict[tuple[str, str], Counter[str]] = field(
        default_factory=lambda: defaultdict(Counter)
    )
    _values: dict[_Quantity, list[tuple[str, str, Figure]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def add(self, held: Iterable[Held]) -> None:
        """Take note of claims."""
        for author, position, group, claim in held:
            if author not in self.names:
                continue
            self._positions[position][author].add(claim.id)
            for target, side in _firm(claim):
                self._sides[target, side][author] += 1
            for figure in claim.figures:
                if key := _quantity(group, figure):
                    self._values[key].append((author, claim.id, figure))

    def agrees(self, author: str, positions: Iterable[str]) -> list[dict[str, Any]]:
        """Return who else stands in some positions: author, name, the positions shared.

        A claim that both hold jointly is no agreement: each must have made the point.
        """
        shared: dict[str, list[str]] = defaultdict(list)
        for position in sorted(positions):
            claims = self._positions.get(position, {})
            for other, theirs in claims.items():
                if other != author and theirs != claims.get(author):
                    shared[other].append(position)
        return self._listed(shared, "positions")

    def opposes(self, author: str, targets: Iterable[str]) -> list[dict[str, Any]]:
        """Return who takes the other side on some targets: author, name, the targets.

        Who argues for both sides of a target is on the one argued for more often, if any.
        """
        apart: dict[str, list[str]] = defaultdict(list)
        for target in sorted(targets):
            mine = self._side(author, target)
            others = self._sides.get((target, _OPPOSITE.get(mine, "")), ())
            for other in others:
                if self._side(other, target) == _OPPOSITE[mine]:
                    apart[other].append(target)
        return self._listed(apart, "targets")

    def disputes(self, held: Sequence[Held]) -> list[dict[str, Any]]:
        """Return quantities for which others give another value than an author does."""
        found: list[dict[str, Any]] = []
        for author, _, group, claim in held:
            for figure in claim.figures:
                key = _quantity(group, figure)
                others = [
                    {"author": other, "name": self.names[other], "claim": id_, **_value(value)}
                    for other, id_, value in (self._values.get(key, ()) if key else ())
                    if other != author and _value(value) != _value(figure)
                ]
                if others:
                    found.append(
                        {
                            "measures": figure.measures,
                            "kind": figure.kind.value,
                            "unit": figure.unit,
                            "claim": claim.id,
                            **_value(figure),
                            "others": others[:LISTED],
                        }
                    )
        return found[:LISTED]

    def _side(self, author: str, target: str) -> str:
        """Return the side an author argues for more often; empty on a draw."""
        favor, against = (
            self._sides.get((target, side), Counter())[author] for side in ("favor", "against")
        )
        return "" if favor == against else "favor" if favor > against else "against"

    def _listed(self, found: Mapping[str, list[str]], what: str) -> list[dict[str, Any]]:
        order = sorted(found, key=lambda other: (-len(found[other]), other))
        return [
            {"author": other, "name": self.names[other], what: found[other]}
            for other in order[:LISTED]
        ]


def stances_of(claims: Sequence[AuthorClaim]) -> list[Stance]:
    """Return the side some claims take together on each target, with their mean score.

    The side that most of them take; on a draw, the one with the higher score. Targets on which none
    takes a side are left out.
    """
    scores: dict[tuple[str, str], list[float]] = defaultdict(list)
    for claim in claims:
        for stance in claim.stances:
            if stance.label != "none":
                scores[stance.target, stance.label].append(stance.score or 0.0)
    best: dict[str, tuple[int, float, str]] = {}
    for (target, label), held in scores.items():
        entry = len(held), sum(held) / len(held), label
        best[target] = max(best.get(target, entry), entry)
    return [
        Stance.model_validate({"target": target, "label": label, "score": score})
        for target, (_, score, label) in sorted(best.items())
    ]


def shifts_of(claims: Sequence[AuthorClaim]) -> list[dict[str, Any]]:
    """Return where the side on a target moved from one day to a later one, in time order.

    A day's side is that of most of its claims; a day on which both are equal says nothing.
    """
    days: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    shown: dict[tuple[str, str, str], str] = {}
    for claim in claims:
        for target, side in _firm(claim):
            if claim.published:
                days[target][claim.published][side] += 1
                shown.setdefault((target, claim.published, side), claim.id)
    found: list[dict[str, Any]] = []
    for target, by_day in sorted(days.items()):
        before: dict[str, str] | None = None
        for day, labels in sorted(by_day.items()):
            (label, count), *rest = labels.most_common()
            if rest and rest[0][1] == count:
                continue
            now = {"label": label, "date": day, "claim": shown[target, day, label]}
            if before and before["label"] != label:
                found.append({"target": target, "from": before, "to": now})
            before = now
    return found


def _firm(claim: AuthorClaim) -> list[tuple[str, str]]:
    """Return the sides a claim takes beyond doubt."""
    return [
        (stance.target, stance.label)
        for stance in claim.stances
        if stance.label != "none" and (stance.score or 0) >= FIRM
    ]


def _quantity(group: str, figure: Figure) -> _Quantity | None:
    """Return what a figure is a value of; None for dates and where it is not known."""
    if not figure.measures or figure.kind == FigureKind.DATE:
        return None
    return group, figure.measures, figure.kind.value, figure.unit or ""


def _value(figure: Figure) -> dict[str, Any]:
    return {"low": figure.low, "high": figure.high}
