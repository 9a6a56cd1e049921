"""What confidence is worth: precision over recall, and reliability, as numbers and as a page.

A reported claim counts as right where its content and its holder are; precision and recall are
those of `attributed_with_holder` among the claims of at least some confidence.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ronten.evaluate.comparison import Comparison, is_attributed

BINS = 10
_SIZE, _MARGIN = 320, 40


class Judged(NamedTuple):
    """A reported claim of the system: its confidence, and whether it is right."""

    confidence: float
    right: bool


class Point(NamedTuple):
    """Precision and recall of the claims of at least `least` confidence."""

    least: float
    precision: float
    recall: float


class Bin(NamedTuple):
    """Claims of like confidence: how many, their mean confidence, and the share that is right."""

    size: int
    confidence: float
    right: float


class Worth(NamedTuple):
    """All that is said of confidence; `error` is the expected calibration error."""

    points: list[Point]
    bins: list[Bin]
    error: float


def judged(comparison: Comparison) -> tuple[list[Judged], int]:
    """Return the system's reported claims with a confidence, and the number of gold ones."""
    claims: list[Judged] = []
    gold = 0
    for article in comparison.articles:
        for pair in article.claims:
            gold += is_attributed(pair.gold)
            claim = pair.predicted
            if claim is None or claim.confidence is None or not is_attributed(claim):
                continue
            right = bool(pair.verdict and pair.verdict.holder and is_attributed(pair.gold))
            claims.append(Judged(claim.confidence, right))
    return claims, gold


def worth(claims: Sequence[Judged], gold: int) -> Worth:
    """Return curve, reliability and calibration error; empty lists where there is no claim."""
    ordered = sorted(claims, key=lambda claim: -claim.confidence)
    points: list[Point] = []
    hits = 0
    for count, claim in enumerate(ordered, 1):
        hits += claim.right
        last = count == len(ordered) or ordered[count].confidence < claim.confidence
        if last:
            points.append(Point(claim.confidence, hits / count, hits / gold if gold else 0.0))
    bins: list[Bin] = []
    for number in range(BINS):
        inside = [c for c in ordered if min(int(c.confidence * BINS), BINS - 1) == number]
        if inside:
            mean = sum(c.confidence for c in inside) / len(inside)
            bins.append(Bin(len(inside), mean, sum(c.right for c in inside) / len(inside)))
    error = sum(b.size * abs(b.confidence - b.right) for b in bins) / max(len(ordered), 1)
    return Worth(points, bins, error)


def page(found: Worth) -> str:
    """Return both plots with their numbers as a self-contained HTML page."""
    curve = [(point.recall, point.precision) for point in found.points]
    steps = [(b.confidence, b.right) for b in found.bins]
    rows = "".join(
        f"<tr><td>{b.size}</td><td>{b.confidence:.3f}</td><td>{b.right:.3f}</td></tr>"
        for b in found.bins
    )
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Confidence</title>'
        "<style>body{font:14px sans-serif;margin:2em}td,th{padding:0 1em;text-align:right}"
        "svg{margin-right:2em}</style><h1>Confidence of reported claims</h1>"
        f"<p>Expected calibration error {found.error:.3f}</p>"
        f"{_plot(curve, 'recall', 'precision')}"
        f"{_plot(steps, 'confidence', 'share right', diagonal=True)}"
        "<table><tr><th>claims</th><th>mean confidence</th><th>share right</th></tr>"
        f"{rows}</table></html>\n"
    )


def _plot(
    points: Sequence[tuple[float, float]], across: str, up: str, *, diagonal: bool = False
) -> str:
    low, high = _MARGIN, _MARGIN + _SIZE
    places = [f"{low + x * _SIZE:.1f},{high - y * _SIZE:.1f}" for x, y in points]
    marks = "".join('<circle cx="{}" cy="{}" r="3"/>'.format(*place.split(",")) for place in places)
    line = f'<line x1="{low}" y1="{high}" x2="{high}" y2="{low}" stroke="#bbb"/>'
    return (
        f'<svg width="{high + _MARGIN}" height="{high + _MARGIN}" role="img">'
        f'<rect x="{low}" y="{low}" width="{_SIZE}" height="{_SIZE}" fill="none" stroke="#888"/>'
        f"{line if diagonal else ''}"
        f'<polyline points="{" ".join(places)}" fill="none" stroke="#06c"/>'
        f"{marks if diagonal else ''}"
        f'<text x="{low + _SIZE / 2}" y="{high + 28}" text-anchor="middle">{across}</text>'
        f'<text x="12" y="{low + _SIZE / 2}" text-anchor="middle" '
        f'transform="rotate(-90 12 {low + _SIZE / 2})">{up}</text>'
        f'<text x="{low}" y="{high + 14}">0</text><text x="{high - 6}" y="{high + 14}">1</text>'
        f'<text x="{low - 12}" y="{low + 10}">1</text></svg>'
    )
