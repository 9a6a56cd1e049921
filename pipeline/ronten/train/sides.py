"""Articles whose claims take known sides: those of a gold corpus, and marked ones."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from ronten.claim_text import claim_text
from ronten.errors import UsageError
from ronten.stances import LABELS
from ronten.train.marked import read_marked_folder
from ronten.types import Annotation, Attribution, Claim

_LETTERS = {".": "none", "f": "favor", "a": "against"}
POINTS = "points"
"""In the place of a target: which claims make the same point, which is not read here."""
NOTHING = "-"
"""In the place of a target: nobody takes a side on anything."""


class Sided(NamedTuple):
    """An article, its targets, and the place in `LABELS` of every claim's side on each.

    `sides` has a list per target, in the order of the article's claims.
    """

    article: Annotation
    targets: list[str]
    sides: list[list[int]]

    def said(self) -> Iterator[tuple[str, str, int]]:
        """Yield target, text and label of every claim on every target, target by target."""
        texts = [claim_text(self.article, claim) for claim in self.article.claims]
        for target, sides in zip(self.targets, self.sides, strict=True):
            for text, side in zip(texts, sides, strict=True):
                yield target, text, side


def of_gold(article: Annotation) -> Sided:
    """Return what a gold article says: a claim takes one side on one target at most."""
    targets = list(article.targets)
    return Sided(article, targets, [[side_of(c, t) for c in article.claims] for t in targets])


def side_of(claim: Claim, target: str) -> int:
    """Return the label of a gold claim's side on a target, as a place in `LABELS`."""
    taken = claim.stance is not None and claim.stance.target == target
    return LABELS.index(claim.stance.label) if claim.stance and taken else 0


def read_sides(folder: Path, marked: Path) -> list[Sided]:
    """Read the sides in `folder` (*.tsv) on articles with marked claims in the folder `marked`.

    Raises `UsageError` naming the line at fault.
    """
    articles = {article.id: article for article in read_marked_folder(marked)}
    found: dict[str, Sided] = {}
    for place, (id_, target, *letters) in _rows(folder):
        if id_ not in articles:
            raise UsageError(f"{place}: no article '{id_}' in {marked}")
        if target in (POINTS, NOTHING):
            continue
        sided = found.setdefault(id_, Sided(articles[id_], [], []))
        sided.targets.append(target)
        sided.sides.append(_sides(place, articles[id_].claims, letters))
    return list(found.values())


def _rows(folder: Path) -> Iterator[tuple[str, list[str]]]:
    paths = sorted(folder.glob("*.tsv"))
    if not paths:
        raise UsageError(f"{folder}: no *.tsv in it")
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if line and not line.startswith("#"):
                row = line.split("\t")
                if len(row) < 3 and row[1:] != [NOTHING]:
                    raise UsageError(f"{path}:{number}: expected id, target and letters")
                yield f"{path}:{number}", row


def _sides(place: str, claims: Sequence[Claim], letters: Sequence[str]) -> list[int]:
    """Spread the letters of the reported claims and of the writer's over the claims in order."""
    own = [claim.attribution == Attribution.AUTHORIAL for claim in claims]
    wanted = [len(own) - sum(own), sum(own)]
    if [len(part) for part in letters] != wanted or re.search("[^.fa]", "".join(letters)):
        raise UsageError(
            f"{place}: expected {wanted[0]} letters for reported and {wanted[1]} for own claims "
            f"(f favor, a against, . none), got {' and '.join(letters) or 'none'}"
        )
    said = [iter(part) for part in letters]
    return [LABELS.index(_LETTERS[next(said[mine])]) for mine in own]
