"""How far two annotators agree beyond chance, on the claims that both of them have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ronten.evaluate.comparison import Comparison


class Agreement(NamedTuple):
    """Share of equal labels and Cohen's kappa over `n` claims.

    Kappa is None where it is not defined: no claims, or one label in all of them.
    """

    n: int
    share: float | None
    kappa: float | None


def agreement(comparison: Comparison) -> dict[str, Agreement]:
    """Return the agreement on type, attribution and stance of matched claims."""
    claims = [c for article in comparison.articles for c in article.claims]
    both = [(c.gold, c.predicted) for c in claims if c.gold and c.predicted]
    return {
        "type": _agreement([(a.type.value, b.type.value) for a, b in both]),
        "attribution": _agreement([(a.attribution.value, b.attribution.value) for a, b in both]),
        "stance": _agreement([c.stances for c in claims if c.stances]),
    }


def _agreement(labels: Sequence[tuple[str, str]]) -> Agreement:
    if not labels:
        return Agreement(0, None, None)
    share = sum(a == b for a, b in labels) / len(labels)
    return Agreement(len(labels), share, _kappa(labels))


def _kappa(labels: Sequence[tuple[str, str]]) -> float | None:
    from sklearn.metrics import cohen_kappa_score  # seconds of imports, so only here

    first, second = zip(*labels, strict=True)
    if len({*first, *second}) < 2:
        return None
    return float(cohen_kappa_score(first, second))
