"""Sets of characters, kept as sorted spans that neither touch nor overlap."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ronten.types import Span


def merged(spans: Iterable[Span]) -> list[Span]:
    """Return the characters of all spans as sorted spans; empty spans hold none."""
    result: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result


def length(spans: Iterable[Span]) -> int:
    """Return how many characters merged spans hold."""
    return sum(end - start for start, end in spans)


def shared(left: Sequence[Span], right: Sequence[Span]) -> int:
    """Return how many characters two merged lists of spans share."""
    total = i = j = 0
    while i < len(left) and j < len(right):
        total += max(0, min(left[i][1], right[j][1]) - max(left[i][0], right[j][0]))
        if left[i][1] <= right[j][1]:
            i += 1
        else:
            j += 1
    return total


def overlap(left: Span | None, right: Span | None) -> bool:
    """Tell whether both spans are there and share a character."""
    return bool(left and right) and max(left[0], right[0]) < min(left[1], right[1])  # type: ignore[index]
