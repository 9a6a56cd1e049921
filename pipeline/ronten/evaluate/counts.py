"""What is counted in one compared article; every measure is a ratio of sums of these."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from ronten.evaluate.comparison import ClaimPair, Compared, Pair, is_attributed
from ronten.evaluate.sameness import plain_name, same_value
from ronten.evaluate.spans import length, merged, shared
from ronten.types import Claim, Figure

ANY = "*"
"""Entity label under which all labels are counted."""


def count(article: Compared) -> Counter[str]:
    """Count one article: names as in `metrics.METRICS`; `layer.NAME` is 1 where it is scored."""
    counts = Counter({f"layer.{layer}": 1 for layer in article.layers})
    for pair in article.claims:
        _count_claim(counts, pair)
    _count_characters(counts, article.claims)
    for entity in article.entities:
        found = entity.gold or entity.predicted
        if found is None:
            continue
        for label in (found.label.value, ANY):
            _count_sides(counts, f"entities.{label}", entity.gold, entity.predicted)
        if entity.gold and entity.predicted:
            same = plain_name(entity.gold.entity) == plain_name(entity.predicted.entity)
            counts["link.right"] += same
    for figure in article.figures:
        _count_figure(counts, figure)
    return counts


def _count_sides(counts: Counter[str], name: str, gold: object, predicted: object) -> None:
    counts[f"{name}.gold"] += gold is not None
    counts[f"{name}.predicted"] += predicted is not None
    counts[f"{name}.both"] += gold is not None and predicted is not None


def _count_label(counts: Counter[str], name: str, gold: str, predicted: str) -> None:
    counts[f"{name}.{gold}.gold"] += 1
    counts[f"{name}.{predicted}.predicted"] += 1
    counts[f"{name}.{gold}.both"] += gold == predicted


def _count_claim(counts: Counter[str], pair: ClaimPair) -> None:
    gold, predicted, verdict, stances = pair
    _count_sides(counts, "claims", gold, predicted)
    attributed = is_attributed(gold), is_attributed(predicted)
    counts["attributed.gold"] += attributed[0]
    counts["attributed.predicted"] += attributed[1]
    if gold is None or predicted is None or verdict is None:
        return
    counts["claims.exact"] += verdict.content
    counts["holder.right"] += verdict.holder
    counts["type.right"] += verdict.type
    _count_label(counts, "type", gold.type.value, predicted.type.value)
    if stances is not None:
        _count_label(counts, "stance", *stances)
    if all(attributed):
        counts["attributed.both"] += 1
        counts["attributed.exact"] += verdict.content
        counts["attributed.holder"] += verdict.holder
        counts["attribution.right"] += verdict.attribution is True
        counts["cue.scored"] += verdict.cue is not None
        counts["cue.right"] += verdict.cue is True
        counts["source.scored"] += verdict.source is not None
        counts["source.right"] += verdict.source_exact is True


def _count_characters(counts: Counter[str], pairs: Iterable[ClaimPair]) -> None:
    pairs = list(pairs)
    gold = _characters(pair.gold for pair in pairs)
    predicted = _characters(pair.predicted for pair in pairs)
    counts["characters.gold"] = length(gold)
    counts["characters.predicted"] = length(predicted)
    counts["characters.both"] = shared(gold, predicted)


def _characters(claims: Iterable[Claim | None]) -> list[tuple[int, int]]:
    return merged(span for c in claims if c is not None and is_attributed(c) for span in c.content)


def _count_figure(counts: Counter[str], pair: Pair[Figure]) -> None:
    gold, predicted = pair
    _count_sides(counts, "figures", gold, predicted)
    if gold is None or predicted is None:
        return
    span = gold.span == predicted.span
    value = same_value(gold.low, predicted.low) and same_value(gold.high, predicted.high)
    names = (
        gold.kind == predicted.kind
        and gold.unit == predicted.unit
        and gold.modifier == predicted.modifier
    )
    counts["figures.span"] += span
    counts["figures.value"] += value
    counts["figures.full"] += span and value and names
