"""Gold and system side by side: which records belong together, and which fields are right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

from ronten.errors import UsageError
from ronten.evaluate.matching import match_claims, match_figures
from ronten.evaluate.sameness import same_holder
from ronten.evaluate.spans import overlap
from ronten.types import Annotation, Attribution, Claim, Entity, Figure, Holder

RecordT = TypeVar("RecordT")

LAYERS = frozenset({"claims", "entities", "figures", "stance", "positions"})
NO_STANCE = "none"


class Pair(NamedTuple, Generic[RecordT]):
    """Two records that belong together; one side alone is missed (gold) or spurious (system)."""

    gold: RecordT | None
    predicted: RecordT | None


class Verdict(NamedTuple):
    """Which fields of a matched claim are right; None where a field is not scored."""

    content: bool
    holder: bool
    type: bool
    attribution: bool | None = None
    cue: bool | None = None
    source: bool | None = None
    source_exact: bool | None = None
    stance: bool | None = None


class ClaimPair(NamedTuple):
    """A pair of claims, with the verdict where there are two."""

    gold: Claim | None
    predicted: Claim | None
    verdict: Verdict | None = None
    stances: tuple[str, str] | None = None
    """Labels of both sides, where stance is scored; sides on two targets are no agreement."""

    @property
    def some(self) -> Claim:
        """The gold claim, or the spurious one."""
        claim = self.gold or self.predicted
        if claim is None:
            raise ValueError("a pair of claims needs a claim")
        return claim


@dataclass(frozen=True)
class Compared:
    """One article: its records in pairs. A missing article is compared with an empty one."""

    gold: Annotation
    predicted: Annotation
    layers: frozenset[str]
    claims: Sequence[ClaimPair] = ()
    entities: Sequence[Pair[Entity]] = ()
    figures: Sequence[Pair[Figure]] = ()


@dataclass(frozen=True)
class Comparison:
    """All gold articles, compared.

    `missing` says of every gold article without a counterpart why; `spare` are predicted articles
    that no gold article asks for (they are not scored).
    """

    articles: Sequence[Compared]
    missing: Mapping[str, str] = field(default_factory=dict)
    spare: Sequence[str] = ()


def compare(gold: Sequence[Annotation], predicted: Sequence[Annotation]) -> Comparison:
    """Pair articles by id, else by equal text, and compare each pair.

    Articles with one id but another text do not pair: offsets into another text mean nothing.

    Raises `UsageError` where an id comes twice, or a claim names a holder that is not listed.
    """
    by_id = _by_id(predicted, "predicted")
    known = _by_id(gold, "gold")
    by_text: dict[str, Annotation] = {}
    for annotation in predicted:
        if annotation.id not in known:
            by_text.setdefault(annotation.text, annotation)
    articles: list[Compared] = []
    missing: dict[str, str] = {}
    used: set[str] = set()
    for article in gold:
        found = by_id.get(article.id) or by_text.pop(article.text, None)
        if found is None:
            missing[article.id] = "no article with this id or text"
        elif found.text != article.text:
            missing[article.id] = f"the text differs from character {_differs(article, found)} on"
            used.add(found.id)
            found = None
        else:
            used.add(found.id)
        articles.append(_compared(article, found or Annotation(id=article.id, text=article.text)))
    return Comparison(articles, missing, [a.id for a in predicted if a.id not in used])


def wrong_fields(verdict: Verdict) -> list[str]:
    """Return the names of the fields that are wrong, in the order of the verdict."""
    fields = (name for name in Verdict._fields if name != "source_exact")
    return [name for name in fields if getattr(verdict, name) is False]


def is_attributed(claim: Claim | None) -> bool:
    """Tell whether there is a claim, and somebody else's than the article's own voice."""
    return claim is not None and claim.attribution is not Attribution.AUTHORIAL


def holder_of(annotation: Annotation, claim: Claim) -> Holder:
    """Return the holder of a claim.

    Raises `UsageError` where the article does not list it.
    """
    for holder in annotation.holders:
        if holder.id == claim.holder:
            return holder
    raise UsageError(
        f"article '{annotation.id}', claim '{claim.id}': holder '{claim.holder}' is not among the "
        "article's holders; list it there"
    )


def _by_id(annotations: Sequence[Annotation], side: str) -> dict[str, Annotation]:
    found: dict[str, Annotation] = {}
    for annotation in annotations:
        if annotation.id in found:
            raise UsageError(f"{side} article '{annotation.id}' comes twice; give ids once")
        found[annotation.id] = annotation
    return found


def _differs(one: Annotation, other: Annotation) -> int:
    both = zip(one.text, other.text, strict=False)
    shorter = min(len(one.text), len(other.text))
    return next((i for i, (a, b) in enumerate(both) if a != b), shorter)


def _compared(gold: Annotation, predicted: Annotation) -> Compared:
    layers = LAYERS if gold.layers is None else frozenset(gold.layers)
    if "claims" not in layers:
        layers -= {"stance", "positions"}
    if not gold.targets:
        layers -= {"stance"}
    return Compared(
        gold,
        predicted,
        frozenset(layers),
        _claim_pairs(gold, predicted, "stance" in layers) if "claims" in layers else (),
        _entity_pairs(gold, predicted) if "entities" in layers else (),
        _figure_pairs(gold, predicted) if "figures" in layers else (),
    )


def _claim_pairs(gold: Annotation, predicted: Annotation, with_stance: bool) -> list[ClaimPair]:
    partner = dict(match_claims(gold.claims, predicted.claims))
    pairs: list[ClaimPair] = []
    for i, claim in enumerate(gold.claims):
        if i not in partner:
            pairs.append(ClaimPair(claim, None))
            continue
        other = predicted.claims[partner[i]]
        same = same_holder(holder_of(gold, claim), holder_of(predicted, other))
        stances = _stances(claim, other) if with_stance else None
        pairs.append(ClaimPair(claim, other, _verdict(claim, other, same, stances), stances))
    matched = set(partner.values())
    spurious = (c for j, c in enumerate(predicted.claims) if j not in matched)
    return pairs + [ClaimPair(None, claim) for claim in spurious]


def _verdict(gold: Claim, predicted: Claim, same: bool, stances: tuple[str, str] | None) -> Verdict:
    verdict = Verdict(
        content=gold.content == predicted.content,
        holder=same,
        type=gold.type is predicted.type,
        stance=None if stances is None else stances[0] == stances[1],
    )
    if not (is_attributed(gold) and is_attributed(predicted)):
        return verdict
    return verdict._replace(
        attribution=gold.attribution is predicted.attribution,
        cue=overlap(gold.cue, predicted.cue) if gold.cue else None,
        source=overlap(gold.source, predicted.source) if gold.source else None,
        source_exact=gold.source == predicted.source if gold.source else None,
    )


def _stances(gold: Claim, predicted: Claim) -> tuple[str, str]:
    left = gold.stance.label if gold.stance else NO_STANCE
    right = predicted.stance.label if predicted.stance else NO_STANCE
    both = gold.stance and predicted.stance and NO_STANCE not in (left, right)
    if both and gold.stance.target != predicted.stance.target:  # type: ignore[union-attr]
        right = NO_STANCE
    return left, right


def _entity_pairs(gold: Annotation, predicted: Annotation) -> list[Pair[Entity]]:
    left = {(entity.span, entity.label): entity for entity in gold.entities}
    right = {(entity.span, entity.label): entity for entity in predicted.entities}
    return [Pair(left.get(key), right.get(key)) for key in dict.fromkeys([*left, *right])]


def _figure_pairs(gold: Annotation, predicted: Annotation) -> list[Pair[Figure]]:
    partner = dict(match_figures(gold.figures, predicted.figures))
    pairs: list[Pair[Figure]] = [
        Pair(figure, predicted.figures[partner[i]] if i in partner else None)
        for i, figure in enumerate(gold.figures)
    ]
    matched = set(partner.values())
    return pairs + [Pair(None, f) for j, f in enumerate(predicted.figures) if j not in matched]
