"""Which records of two annotations mean the same stretch of text: always one to one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ronten.evaluate.spans import length, merged, overlap, shared
from ronten.types import Claim, Figure, Span

HALF = 0.5
"""Claims match from this share of common characters (intersection over union) on."""


class Match(NamedTuple):
    """Indices of two records that belong together."""

    gold: int
    predicted: int


def match_claims(gold: Sequence[Claim], predicted: Sequence[Claim]) -> list[Match]:
    """Match claims by their contents; see `match_contents`."""
    return match_contents([c.content for c in gold], [c.content for c in predicted])


def match_contents(
    gold: Sequence[Sequence[Span]], predicted: Sequence[Sequence[Span]]
) -> list[Match]:
    """Match contents, best overlap first; ties go to what stands first."""
    left = [merged(content) for content in gold]
    right = [merged(content) for content in predicted]
    candidates: list[tuple[float, int, int]] = []
    for i, a in enumerate(left):
        for j, b in enumerate(right):
            if not a or not b or a[0][0] >= b[-1][1] or b[0][0] >= a[-1][1]:
                continue
            common = shared(a, b)
            union = length(a) + length(b) - common
            if common / union >= HALF:
                candidates.append((-(common / union), i, j))
    matches: list[Match] = []
    taken_gold: set[int] = set()
    taken_predicted: set[int] = set()
    for _, i, j in sorted(candidates):
        if i not in taken_gold and j not in taken_predicted:
            taken_gold.add(i)
            taken_predicted.add(j)
            matches.append(Match(i, j))
    return matches


def match_figures(gold: Sequence[Figure], predicted: Sequence[Figure]) -> list[Match]:
    """Match each gold figure, in order, with the first free figure that overlaps it."""
    matches: list[Match] = []
    free = list(range(len(predicted)))
    for i, figure in enumerate(gold):
        j = next((j for j in free if overlap(figure.span, predicted[j].span)), None)
        if j is not None:
            free.remove(j)
            matches.append(Match(i, j))
    return matches
