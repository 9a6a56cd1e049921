"""Articles to annotations: the only place where a Doc becomes records."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from hashlib import sha256
from math import inf
from typing import TYPE_CHECKING, Any

from ronten.config import Config
from ronten.errors import Reason, UsageError, unknown_name
from ronten.lean import import_spacy
from ronten.parts import Found, Whole
from ronten.read.fields import parse
from ronten.read.refused import Refused
from ronten.stances import discover, measures, take_sides
from ronten.text.cuts import cuts
from ronten.types import Annotation, Article, Claim, Entity, Figure, Holder, Metadata, Rejected

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc


_METADATA = frozenset({"id", "targets", *Metadata.model_fields})
_TARGETS = "ronten_targets"
"""Key of `nlp.meta` for the targets of articles that list none of their own."""
_ENCODER = "ronten_encoder"
"""Key of `nlp.meta` for whether the pretrained encoder is asked."""


def load(config: Config | None = None) -> Language:
    """Build the extraction pipeline: ja_ginza's tokens and vectors, the components of ronten.

    spaCy is imported without its support of torch, which takes seconds; whoever needs that in the
    same process, for models of others, imports spaCy first.

    Args:
        config: user lexicon, reporting verbs and parse mode; defaults if None.

    Raises:
        ModelNotFound: ja_ginza is not installed.
    """
    import_spacy()
    from ronten.components.language import build

    config = config or Config()
    nlp = build(config)
    nlp.meta[_TARGETS] = config.targets
    nlp.meta[_ENCODER] = config.encoder
    return nlp


def annotate(nlp: Language, articles: Iterable[Article]) -> Iterator[Annotation | Rejected]:
    """Annotate articles one by one, in order; an article that fails comes back with the reason.

    Each article is processed alone, so that its annotation never depends on its neighbours.
    """
    for article in articles:
        try:
            if not article.targets and (targets := nlp.meta.get(_TARGETS)):
                article = article.model_copy(update={"targets": targets})
            yield to_annotation(article, read(nlp, article), encoder=nlp.meta.get(_ENCODER, True))
        except Exception as error:  # one bad article must not stop a batch
            yield Rejected(
                origin=article.origin,
                row=article.row,
                id=article.id,
                reason=Reason.FAILED,
                detail=f"{type(error).__name__}: {error}",
            )


def extract(text: str, **metadata: Any) -> Annotation:
    """Annotate one text with the default pipeline.

    Args:
        text: Japanese text of any length.
        **metadata: `id title authors published source url genre targets`.

    Raises:
        UsageError: the text is none or holds a lone surrogate, which no file can hold; an argument
            is unknown or of a wrong type.
    """
    if not isinstance(text, str):
        raise UsageError(f"text: expected str, got {type(text).__name__}")
    try:
        digest = sha256(text.encode()).hexdigest()[:16]
    except UnicodeEncodeError as error:
        raise UsageError(
            f"text: lone surrogate at character {error.start}; "
            "decode the text with errors='strict' first"
        ) from error
    for key in metadata:
        if key not in _METADATA:
            raise unknown_name("argument", key, _METADATA, "extract")
    try:
        given = parse(metadata)
    except Refused as error:
        raise UsageError(f"extract: {error}") from error
    article = Article(
        id=given.pop("id", digest),
        text=text,
        targets=given.pop("targets", []),
        metadata=Metadata(**given),
        given_id="id" in metadata,
    )
    nlp = _default()
    return to_annotation(article, read(nlp, article))


@cache
def _default() -> Language:
    return load()


def read(nlp: Language, article: Article) -> Iterator[tuple[int, Doc]]:
    """Yield where each part of an article begins, and its Doc; all but the longest are one part."""
    for start, end in cuts(article.text):
        part = article.model_copy(update={"text": article.text[start:end]})
        yield start, nlp(make_doc(nlp, part))


def make_doc(nlp: Language, article: Article) -> Doc:
    """Tokenize an article, or a part of it; the pipeline takes the Doc from there."""
    doc = nlp.make_doc(article.text)
    doc._.ronten_metadata = article.metadata.dump()
    return doc


def to_annotation(
    article: Article, docs: Iterable[tuple[int, Doc]], *, encoder: bool = True
) -> Annotation:
    """Turn what the pipeline has written on Docs into the article's annotation.

    Args:
        article: the article.
        docs: where each part of its text begins, and the Doc of it, in order; see `read`.
        encoder: whether the pretrained encoder is asked which sides the claims take.
    """
    whole = Whole(article.text)
    claims: list[Claim] = []
    entities: list[Entity] = []
    figures: list[Figure] = []
    measured: Counter[str] = Counter()
    for start, doc in docs:
        part = whole.add(start, _found(doc))
        if not article.targets:
            measured.update(measures((token.text, token.tag_) for token in doc))
        del doc  # the next one must not come beside it
        said = _claims(article, part.claims)
        claims += said
        entities += [Entity(**values) for values in part.entities]
        figures += _figures(part.figures, said)
    writer = whole.known_writer()
    annotation = Annotation(
        id=article.id,
        text=article.text,
        metadata=article.metadata,
        targets=article.targets,
        holders=[Holder(**values) for values in whole.holders()],
        claims=[
            claim.model_copy(update={"holder": writer[claim.holder]})
            if claim.holder in writer
            else claim
            for claim in claims
        ],
        entities=entities,
        figures=figures,
    )
    return take_sides(annotation, article.targets or discover(measured), encoder=encoder)


def _found(doc: Doc) -> Found:
    values = doc._
    return Found(
        values.ronten_holders,
        values.ronten_claims,
        values.ronten_entities,
        values.ronten_figures,
        values.ronten_aliases,
    )


def _claims(article: Article, found: Iterable[dict[str, Any]]) -> list[Claim]:
    claims: list[Claim] = []
    taken: dict[str, int] = {}
    for values in found:
        start, end = values["content"][0]
        key = f"{article.id}:{start}-{end}"
        taken[key] = taken.get(key, 0) + 1
        name = key if taken[key] == 1 else f"{key}.{taken[key]}"
        claims.append(Claim(id=name, position=None, stance=None, **values))
    return claims


def _figures(values: Iterable[dict[str, Any]], claims: Sequence[Claim]) -> list[Figure]:
    """Tie every figure to the shortest claim whose content holds all of it."""
    fragments = sorted(
        (start, end, sum(last - first for first, last in claim.content), number)
        for number, claim in enumerate(claims)
        for start, end in claim.content
    )
    longest = max((end - start for start, end, _, _ in fragments), default=0)
    figures = []
    for figure in values:
        start, end = figure["span"]
        index = bisect_right(fragments, (start, inf)) - 1
        around: list[tuple[int, int]] = []
        while index >= 0 and fragments[index][0] >= end - longest:
            _, last, length, number = fragments[index]
            if last >= end:
                around.append((length, number))
            index -= 1
        claim = claims[min(around)[1]].id if around else None
        figures.append(Figure(**figure, claim=claim))
    return figures
