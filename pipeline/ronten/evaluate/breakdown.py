"""Scores by what articles, claims or figures are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace

from ronten.errors import unknown_name
from ronten.evaluate.comparison import ClaimPair, Compared, Comparison, Pair, holder_of
from ronten.evaluate.scores import Scores, score
from ronten.types import Figure

NOTHING = "-"
"""The value of articles that do not say."""

_CLAIM_LAYERS = frozenset({"claims", "stance", "positions"})


def by(comparison: Comparison, key: str) -> dict[str, Scores]:
    """Score a comparison for each value of `key` on its own, by value.

    A matched pair stands under what gold says, a spurious claim or figure under what the system
    says of it, so the counts of all values add up to those of the whole.

    Raises `UsageError` for a key that does not exist.
    """
    if key not in KEYS:
        raise unknown_name("key", key, KEYS, "--by")
    groups: dict[str, list[Compared]] = defaultdict(list)
    for article in comparison.articles:
        for value, part in KEYS[key](article).items():
            groups[value].append(part)
    return {
        value: score(
            Comparison(
                parts,
                {a.gold.id: m for a in parts if (m := comparison.missing.get(a.gold.id))},
            )
        )
        for value, parts in sorted(groups.items())
    }


def _article(article: Compared) -> dict[str, Compared]:
    return {article.gold.id: article}


def _genre(article: Compared) -> dict[str, Compared]:
    return {article.gold.metadata.genre or NOTHING: article}


def _source(article: Compared) -> dict[str, Compared]:
    return {article.gold.metadata.source or NOTHING: article}


def _attribution(article: Compared) -> dict[str, Compared]:
    return _claims(article, lambda pair: pair.some.attribution.value)


def _type(article: Compared) -> dict[str, Compared]:
    return _claims(article, lambda pair: pair.some.type.value)


def _kind(article: Compared) -> dict[str, Compared]:
    def kind(pair: ClaimPair) -> str:
        side = article.gold if pair.gold else article.predicted
        return holder_of(side, pair.some).kind.value

    return _claims(article, kind)


def _figure(article: Compared) -> dict[str, Compared]:
    groups: dict[str, list[Pair[Figure]]] = defaultdict(list)
    for pair in article.figures:
        if figure := pair.gold or pair.predicted:
            groups[figure.kind.value].append(pair)
    layers = article.layers & {"figures"}
    return {
        value: replace(article, layers=layers, claims=(), entities=(), figures=pairs)
        for value, pairs in groups.items()
    }


def _claims(article: Compared, value_of: Callable[[ClaimPair], str]) -> dict[str, Compared]:
    groups: dict[str, list[ClaimPair]] = defaultdict(list)
    for pair in article.claims:
        groups[value_of(pair)].append(pair)
    layers = article.layers & _CLAIM_LAYERS
    return {
        value: replace(article, layers=layers, claims=pairs, entities=(), figures=())
        for value, pairs in groups.items()
    }


KEYS: Mapping[str, Callable[[Compared], dict[str, Compared]]] = {
    "genre": _genre,
    "source": _source,
    "article": _article,
    "attribution": _attribution,
    "type": _type,
    "kind": _kind,
    "figure": _figure,
}
"""What scores can be broken down by: of articles, of claims (kind is the holder's), of figures."""
