"""The present system on gold articles: the steps of `ronten run`, in memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ronten.config import Config
from ronten.types import Annotation, Article, ClaimType, Label, Rejected

if TYPE_CHECKING:
    from ronten.store import ClaimRow


class Step(NamedTuple):
    """A step that can be given gold input: what it does, and the measures that judge it."""

    run: Callable[[Sequence[Annotation], Config], list[Annotation]]
    metrics: frozenset[str]


def annotate(gold: Sequence[Annotation], config: Config) -> tuple[list[Annotation], list[Rejected]]:
    """Annotate the texts and metadata of gold articles; return those that failed apart.

    Raises `ModelNotFound` where a model is missing.
    """
    from ronten.extraction import annotate, load

    articles = [
        Article(
            id=a.id, text=a.text, metadata=a.metadata, targets=a.targets, origin=a.id, given_id=True
        )
        for a in gold
    ]
    done: list[Annotation] = []
    failed: list[Rejected] = []
    for result in annotate(load(config), articles):
        if isinstance(result, Rejected):
            failed.append(result)
        else:
            done.append(result)
    return place(done, config), failed


def place(annotations: Sequence[Annotation], config: Config) -> list[Annotation]:
    """Put all claims into positions, as a run over these articles alone would.

    Raises `ModelNotFound` where the embedding model is missing.
    """
    from ronten import compare, positions
    from ronten.embed import load_embedder
    from ronten.store import Located, sides_of

    # The canonical order of a run: undated articles last, the claims of one by offset.
    ordered = sorted(annotations, key=_by_date)
    rows = [
        (f"{annotation.id} {number}", row)
        for annotation in ordered
        for number, row in sorted(enumerate(positions.claim_rows(annotation)), key=_by_offset)
    ]
    claims = [Located(key, None, sides_of(row.claim.stances), row.text) for key, row in rows]
    embedder = load_embedder(config.embedding, prompt=config.embedding_prompt)
    vectors = embedder.encode([row.text for _, row in rows])

    def records(numbers: NDArray[np.int64]) -> list[tuple[str, str]]:
        return [(rows[i][1].text, rows[i][1].record) for i in numbers.tolist()]

    chances = partial(compare.chances, records, encoder=config.encoder)
    members = positions.place(claims, vectors, chances, threshold=config.threshold).members
    return [_placed(annotation, members) for annotation in annotations]


def find_figures(gold: Sequence[Annotation], config: Config) -> list[Annotation]:
    """Find the figures anew beside the gold entities."""
    from ronten.components.figures import find_figures

    return [
        annotation.model_copy(
            update={
                "figures": find_figures(
                    annotation.text,
                    annotation.metadata.published,
                    names=[entity.span for entity in annotation.entities],
                    people=[e.span for e in annotation.entities if e.label == Label.PERSON],
                )
            }
        )
        for annotation in gold
    ]


def type_claims(gold: Sequence[Annotation], config: Config) -> list[Annotation]:
    """Type the gold contents anew, told the gold reporting words."""
    from ronten.components.claims.judge import Judge, signs_of
    from ronten.components.claims.lexicon import load_cues
    from ronten.components.language import build

    nlp = build(config, last="ronten_figures")
    lexicon = load_cues(config.reporting_verbs)
    judge = Judge(nlp.vocab, encoder=config.encoder)
    result = []
    for annotation in gold:
        claims = [
            claim.model_copy(update={"type": ClaimType(judge(signs)["type"])})
            for claim, signs in zip(
                annotation.claims, signs_of(nlp, annotation, lexicon), strict=True
            )
        ]
        result.append(annotation.model_copy(update={"claims": claims}))
    return result


def hold_claims(gold: Sequence[Annotation], config: Config) -> list[Annotation]:
    """Find the holders of the gold claims anew, told their reporting words and sources."""
    from ronten.components.claims.given import resolve_holders
    from ronten.components.claims.models import load_holders
    from ronten.components.language import build

    nlp, ranker = build(config, last="ronten_mentions"), load_holders()
    result = []
    for annotation in gold:
        doc = nlp.make_doc(annotation.text)
        doc._.ronten_metadata = annotation.metadata.dump()
        found, holders = resolve_holders(nlp(doc), annotation.claims, ranker)
        claims = [
            claim.model_copy(update={"holder": holder.id})
            for claim, holder in zip(annotation.claims, found, strict=True)
        ]
        result.append(annotation.model_copy(update={"holders": holders, "claims": claims}))
    return result


def take_sides(gold: Sequence[Annotation], config: Config) -> list[Annotation]:
    """Take the sides of the gold claims on the targets of their articles anew."""
    from ronten.stances import take_sides

    return [
        take_sides(annotation, annotation.targets, encoder=config.encoder) for annotation in gold
    ]


def place_claims(gold: Sequence[Annotation], config: Config) -> list[Annotation]:
    """Put the gold claims into positions anew, their sides taken anew."""
    return place(take_sides(gold, config), config)


STEPS: Mapping[str, Step] = {
    "holders": Step(hold_claims, frozenset({"holder_acc", "attributed_with_holder"})),
    "types": Step(type_claims, frozenset({"type_acc", "type_f1"})),
    "figures": Step(
        find_figures,
        frozenset({"figures_found", "figures_span", "figures_value", "figures_full"}),
    ),
    "stances": Step(take_sides, frozenset({"stance_f1"})),
    "positions": Step(place_claims, frozenset({"positions_pairs", "positions_b3"})),
}
"""Steps after the first that take records, not a parsed text."""


def _by_date(annotation: Annotation) -> tuple[bool, str, str]:
    published = annotation.metadata.published
    return published is None, published or "", annotation.id


def _by_offset(numbered: tuple[int, ClaimRow]) -> tuple[int, str]:
    claim = numbered[1].claim
    return claim.content[0][0], claim.id


def _placed(annotation: Annotation, members: Mapping[str, str]) -> Annotation:
    claims = [
        claim.model_copy(update={"position": members[f"{annotation.id} {number}"]})
        for number, claim in enumerate(annotation.claims)
    ]
    return annotation.model_copy(update={"claims": claims})
