"""What is made of some articles, as one Arrow table: how workers hand results to the dataset.

A row is an article with all of its records nested in it, so that a shard is whole wherever it is
cut, travels as a buffer, and lies on any file system as one Parquet file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from hashlib import sha256
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from ronten.types import Annotation, Article, Claim, Entity, Figure, Metadata, Stance

if TYPE_CHECKING:
    import pyarrow as pa


_SLICE = 500
"""Records that are turned into Arrow at once."""


class HolderRow(NamedTuple):
    """A holder of one article, with the name it goes by in every article."""

    article: str
    id: str
    name: str
    canonical: str
    kind: str
    proper: bool
    aliases: list[str]
    roles: list[str]
    members: list[str]


class ClaimRow(NamedTuple):
    """A claim as stored: `record` is its author document form, `text` what is embedded."""

    claim: Claim
    text: str
    terms: list[str]
    record: str


class Entry(NamedTuple):
    """An article with everything that was made of it; `signature` tells near duplicates.

    `claims` are read once, when the shard is made.
    """

    article: Article
    annotation: Annotation
    holders: list[HolderRow]
    claims: Iterable[ClaimRow]
    signature: bytes = b""


def digest(text: str) -> str:
    """Return the key of a text: 16 hex digits of its SHA-256."""
    return sha256(text.encode()).hexdigest()[:16]


def sides_of(stances: Iterable[Stance]) -> tuple[tuple[str, str], ...]:
    """Return the sides that are taken: (target, favor or against)."""
    return tuple((stance.target, stance.label) for stance in stances if stance.label != "none")


def content_hash(article: Article) -> str:
    """Return a hash of all that an article's annotation depends on: text, metadata, targets."""
    content = {
        "text": article.text,
        "metadata": article.metadata.dump(),
        "targets": article.targets,
    }
    return digest(json.dumps(content, ensure_ascii=False, sort_keys=True))


def as_read(row: Mapping[str, Any]) -> Article:
    """Return a stored article (a row of a shard or of the table) as it was read."""
    metadata = json.loads(row["annotation"]).get("metadata", {})
    return Article(
        id=row["id"],
        text=row["text"],
        metadata=Metadata.model_validate(metadata),
        targets=row["targets"],
        origin=row["origin"],
        row=row["row"],
        location=row["location"],
    )


@cache
def schema() -> pa.Schema:
    """Return the Arrow schema of a shard; nested fields are named like the columns they fill."""
    import pyarrow as pa

    text, texts = pa.string(), pa.list_(pa.string())
    holder = {"id": text, "name": text, "canonical": text, "kind": text, "proper": pa.bool_()}
    holder |= {"aliases": texts, "roles": texts, "members": texts}
    claim = {"id": text, "start": pa.int32(), "holder": text, "attribution": text, "type": text}
    claim |= {"certainty": text, "negated": pa.bool_(), "confidence": pa.float64(), "text": text}
    claim |= {"text_hash": text, "terms": texts, "sides": texts, "record": text}
    span = {"start": pa.int32(), "end": pa.int32()}
    figure = {**span, "kind": text, "low": text, "high": text, "unit": text, "modifier": text}
    figure |= {"measures": text, "claim": text}
    nested = {
        "holders": holder,
        "claims": claim,
        "entities": {**span, "label": text, "entity": text},
        "figures": figure,
    }
    article = {"id": text, "origin": text, "row": pa.int32(), "location": text, "text_hash": text}
    article |= {"content_hash": text, "fingerprint": text, "title": text, "published": text}
    article |= {"source": text, "url": text, "targets": texts, "text": text, "annotation": text}
    article |= {"signature": pa.binary()}
    article |= {name: pa.list_(pa.struct(fields)) for name, fields in nested.items()}
    return pa.schema(article)


def shard(entries: Sequence[Entry], fingerprint: str) -> pa.Table:
    """Return annotated articles as a table; `fingerprint` is what they were annotated with."""
    import pyarrow as pa

    nested = {
        "holders": ((holder._asdict() for holder in e.holders) for e in entries),
        "claims": (map(_claim, e.claims) for e in entries),
        "entities": (map(_entity, e.annotation.entities) for e in entries),
        "figures": (map(_figure, e.annotation.figures) for e in entries),
    }
    # The annotations as text are the largest; they come last, beside as little else as may be.
    lists = {name: _lists(groups, schema().field(name).type) for name, groups in nested.items()}
    flat = [field for field in schema() if field.name not in nested]
    rows = [_article(entry, fingerprint) for entry in entries]
    table = pa.Table.from_pylist(rows, schema=pa.schema(flat))
    for name, array in lists.items():
        table = table.append_column(schema().field(name), array)
    return table


def _lists(groups: Iterable[Iterable[dict[str, Any]]], type_: pa.ListType) -> pa.Array:
    """Return lists of records as an array; few of them are Python objects at any time."""
    import pyarrow as pa

    chunks = [pa.array([], type_.value_type)]
    ends = [0]
    for group in groups:
        ends.append(ends[-1])
        records = iter(group)
        while part := list(islice(records, _SLICE)):
            chunks.append(pa.array(part, type_.value_type))
            ends[-1] += len(part)
    return pa.ListArray.from_arrays(pa.array(ends, pa.int32()), pa.concat_arrays(chunks), type_)


def _article(entry: Entry, fingerprint: str) -> dict[str, Any]:
    article, meta = entry.article, entry.article.metadata
    return {
        "id": article.id,
        "origin": article.origin,
        "row": article.row,
        "location": article.location,
        "text_hash": digest(article.text),
        "content_hash": content_hash(article),
        "fingerprint": fingerprint,
        "title": meta.title,
        "published": meta.published,
        "source": meta.source,
        "url": meta.url,
        "targets": article.targets,
        "text": article.text,
        "annotation": entry.annotation.model_dump_json(exclude={"text"}, exclude_unset=True),
        "signature": entry.signature,
    }


def _claim(row: ClaimRow) -> dict[str, Any]:
    claim = row.claim
    return {
        "id": claim.id,
        "start": claim.content[0][0],
        "holder": claim.holder,
        "attribution": claim.attribution.value,
        "type": claim.type.value,
        "certainty": claim.certainty,
        "negated": claim.negated,
        "confidence": claim.confidence,
        "text": row.text,
        "text_hash": digest(row.text),
        "terms": row.terms,
        "sides": ["\t".join(side) for side in sides_of(claim.stances)],
        "record": row.record,
    }


def _entity(entity: Entity) -> dict[str, Any]:
    start, end = entity.span
    return {"start": start, "end": end, "label": entity.label.value, "entity": entity.entity}


def _figure(figure: Figure) -> dict[str, Any]:
    start, end = figure.span
    return {
        "start": start,
        "end": end,
        "kind": figure.kind.value,
        "low": _text(figure.low),
        "high": _text(figure.high),
        "unit": figure.unit,
        "modifier": figure.modifier,
        "measures": figure.measures,
        "claim": figure.claim,
    }


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
