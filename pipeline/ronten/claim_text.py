"""What a claim says, as the models of meaning read it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import Generic, TypeVar

from ronten.types import Annotation, Claim, Entity, Figure

Marked = TypeVar("Marked", Entity, Figure)


class Inside(Generic[Marked]):
    """Finds which of the entities or figures of an article lie inside a claim.

    Asked for every claim of a long article, so none of them is looked at that stands elsewhere.
    """

    def __init__(self, records: Sequence[Marked]) -> None:
        self._records: Sequence[Marked] = records
        self._order = sorted(range(len(records)), key=lambda number: records[number].span[0])
        self._starts = [records[number].span[0] for number in self._order]

    def of(self, claim: Claim) -> list[Marked]:
        """Return the records inside the content of a claim, in the order of the article."""
        found = {
            number
            for start, end in claim.content
            for number in self._order[
                bisect_left(self._starts, start) : bisect_right(self._starts, end)
            ]
            if self._records[number].span[1] <= end
        }
        return [self._records[number] for number in sorted(found)]


def claim_text(article: Annotation, claim: Claim, entities: Iterable[Entity] | None = None) -> str:
    """Return the content of a claim with every name in its canonical form.

    So ディープシーク and DeepSeek are one word to whatever compares claims. `entities` are those
    inside the claim, where they are known.
    """
    names = article.entities if entities is None else list(entities)
    parts: list[str] = []
    for start, end in claim.content:
        at = start
        for entity in names:
            first, last = entity.span
            if at <= first and last <= end:
                parts += [article.text[at:first], entity.entity]
                at = last
        parts.append(article.text[at:end])
    return "".join(parts)
