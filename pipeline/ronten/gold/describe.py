"""The shape of a gold corpus: sizes, shares, the tail of reporting words, repeated wording."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import sudachipy

from ronten.types import Annotation, Attribution, Claim, Span

_GRAM = 13
"""Characters of the runs that two articles of one corpus should not share."""


@dataclass(frozen=True)
class Description:
    """Counts of a corpus or of one of its splits."""

    articles: int
    characters: int
    claims: int
    entities: int
    figures: int
    stance_labels: int
    targets: int
    shared_positions: int
    """Claims under a position key that another claim has as well."""
    attribution: dict[str, float]
    """Share of each kind among all claims."""
    types: dict[str, float]
    cues: list[tuple[str, float]]
    """Reporting words by lemma with their share of all cues, most frequent first."""
    unseen_cues: float | None
    """Share of this split's cue lemmas that occur in no other split."""
    overlap: list[tuple[str, str, float]]
    """Most alike pairs of articles, by the share of 13-character runs of the shorter one."""


def describe(
    annotations: Sequence[Annotation], splits: Mapping[str, str] | None = None
) -> dict[str, Description]:
    """Describe a corpus as a whole (`all`) and by split.

    Args:
        splits: article id → split; articles that it does not name count for `all` alone.
    """
    groups: dict[str, list[Annotation]] = defaultdict(list)
    for annotation in annotations:
        if splits and annotation.id in splits:
            groups[splits[annotation.id]].append(annotation)
    result = {"all": _describe(annotations, None)}
    for name in sorted(groups):
        elsewhere = [a for other, group in groups.items() if other != name for a in group]
        result[name] = _describe(groups[name], elsewhere)
    return result


def _describe(
    annotations: Sequence[Annotation], elsewhere: Sequence[Annotation] | None
) -> Description:
    claims = [claim for annotation in annotations for claim in annotation.claims]
    cues = Counter(_cue_lemmas(annotations))
    total = sum(cues.values())
    known = set(_cue_lemmas(elsewhere)) if elsewhere is not None else None
    keys = Counter(claim.position for claim in claims if claim.position)
    return Description(
        articles=len(annotations),
        characters=sum(len(annotation.text) for annotation in annotations),
        claims=len(claims),
        entities=sum(len(annotation.entities) for annotation in annotations),
        figures=sum(len(annotation.figures) for annotation in annotations),
        stance_labels=sum(claim.stance is not None for claim in claims),
        targets=len({target for annotation in annotations for target in annotation.targets}),
        shared_positions=sum(keys[claim.position] > 1 for claim in claims if claim.position),
        attribution=_shares(str(claim.attribution) for claim in claims),
        types=_shares(str(claim.type) for claim in claims),
        cues=[(lemma, count / total) for lemma, count in cues.most_common()],
        unseen_cues=len(set(cues) - known) / len(cues) if known is not None and cues else None,
        overlap=_overlap(annotations),
    )


def _shares(values: Iterable[str]) -> dict[str, float]:
    counts = Counter(values)
    total = sum(counts.values())
    return {value: count / total for value, count in counts.most_common()}


def _cue_lemmas(annotations: Iterable[Annotation]) -> list[str]:
    return [
        cue_lemma(annotation.text, claim.cue)
        for annotation in annotations
        for claim in annotation.claims
        if _reported(claim) and claim.cue
    ]


def _reported(claim: Claim) -> bool:
    return claim.attribution != Attribution.AUTHORIAL


@cache
def _tokenizer() -> Any:
    return sudachipy.Dictionary(dict="core").create(mode=sudachipy.SplitMode.C)


def cue_lemma(text: str, cue: Span) -> str:
    """Lemma of a reporting word: normal forms of its content words (釘を刺し → 釘刺す)."""
    words = [
        word.normalized_form()
        for word in _tokenizer().tokenize(text[slice(*cue)])
        if word.part_of_speech()[0] not in ("助詞", "助動詞", "補助記号", "空白")
    ]
    return "".join(words) or text[slice(*cue)]


def _overlap(annotations: Sequence[Annotation], most: int = 5) -> list[tuple[str, str, float]]:
    grams = {annotation.id: _grams(annotation.text) for annotation in annotations}
    holders: dict[str, list[str]] = defaultdict(list)
    for key in sorted(grams):
        for gram in grams[key]:
            holders[gram].append(key)
    shared: Counter[tuple[str, str]] = Counter()
    for keys in holders.values():
        for number, first in enumerate(keys):
            for second in keys[number + 1 :]:
                shared[first, second] += 1
    alike = [
        (first, second, count / max(1, min(len(grams[first]), len(grams[second]))))
        for (first, second), count in shared.items()
    ]
    return sorted(alike, key=_most_alike)[:most]


def _most_alike(pair: tuple[str, str, float]) -> tuple[float, str, str]:
    return -pair[2], pair[0], pair[1]


def _grams(text: str) -> set[str]:
    flat = "".join(text.split())
    return {flat[i : i + _GRAM] for i in range(len(flat) - _GRAM + 1)}
