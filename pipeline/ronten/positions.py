"""Positions: which claims make the same point, and the documents that show them by author."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import groupby
from typing import NamedTuple

import numpy as np

from ronten import cluster
from ronten.authors import Author
from ronten.store import ClaimRow, CreditedClaim, Vectors
from ronten.topics import terms
from ronten.types import Annotation, AuthorClaim, AuthorPositions, Claim, Position, Span, Topic

FRAGMENT_MARK = " … "


class Placed(NamedTuple):
    """Claims put into positions, and the new ones among these with their founding claims."""

    members: dict[str, str]
    founded: dict[str, str]


def claim_rows(annotation: Annotation) -> list[ClaimRow]:
    """Return the claims of an article as the store keeps them."""
    return [_claim_row(annotation, claim) for claim in annotation.claims]


def place(
    claims: Sequence[str],
    vectors: Vectors,
    known: Sequence[str],
    centroids: Vectors,
    *,
    threshold: float,
) -> Placed:
    """Put claims (in canonical order) into positions.

    A claim joins the known position nearest to it, from `threshold` (cosine) on; the rest found new
    positions among themselves, named after the first claim of each. Every claim gets a position.
    """
    if not claims:
        return Placed({}, {})
    nearest = cluster.assign(vectors, centroids, threshold=threshold).tolist()
    members = {c: known[i] for c, i in zip(claims, nearest, strict=True) if i >= 0}
    rest = [row for row, i in enumerate(nearest) if i < 0]
    labels = cluster.cluster(vectors[rest], threshold=threshold).tolist()
    taken = set(known)
    position_of: dict[int, str] = {}
    founded: dict[str, str] = {}
    for row, label in zip(rest, labels, strict=True):
        if label not in position_of:
            id_ = position_of[label] = _position_id(claims[row], taken)
            founded[id_] = claims[row]
            taken.add(id_)
        members[claims[row]] = position_of[label]
    return Placed(members, founded)


def documents(
    authors: Mapping[str, Author],
    claims: Iterable[CreditedClaim],
    topics: Mapping[str, Topic],
    version: str,
) -> Iterator[tuple[Author, AuthorPositions]]:
    """Yield the document of every author with claims, by author id.

    `claims` come by author, in canonical order.
    """
    for author, held in groupby(claims, key=lambda claim: claim.author):
        yield authors[author], _document(authors[author], list(held), topics, version)


def _document(
    author: Author,
    claims: Sequence[CreditedClaim],
    topics: Mapping[str, Topic],
    version: str,
) -> AuthorPositions:
    by_position: dict[str, list[CreditedClaim]] = {}
    for claim in claims:
        by_position.setdefault(claim.position, []).append(claim)
    positions = [_position(i, held, topics.get(i)) for i, held in by_position.items()]
    positions.sort(key=lambda p: (-p.weight, -len({c.article for c in p.claims}), p.id))
    return AuthorPositions.model_validate(
        {
            "schema": "ronten/author/1",
            "id": author.id,
            "name": author.name,
            "kind": author.kind,
            "aliases": author.aliases,
            "roles": author.roles,
            "members": [name for name, _ in author.members],
            "member_ids": [id_ for _, id_ in author.members],
            "positions": positions,
            "shifts": [],
            "agrees": [],
            "opposes": [],
            "provenance": {"ronten": version},
        }
    )


def _position(id_: str, held: Sequence[CreditedClaim], topic: Topic | None) -> Position:
    claims = [
        AuthorClaim.model_validate({**json.loads(claim.record), "joint": claim.joint})
        for claim in held
    ]
    statement = claims[_medoid([claim.vector for claim in held])].text
    dates = sorted(claim.published for claim in claims if claim.published)
    return Position(
        id=id_,
        topic=topic or Topic(label=statement),
        statement=statement,
        stances=[],
        weight=len(claims),
        first=dates[0] if dates else None,
        last=dates[-1] if dates else None,
        claims=claims,
    )


def _medoid(blobs: Sequence[bytes]) -> int:
    """Return the index of the vector nearest to the mean of all; the first of equals."""
    vectors = np.stack([np.frombuffer(blob, dtype=np.float32) for blob in blobs]).astype(float)
    return int(np.argmax(np.round(vectors @ vectors.mean(axis=0), 6)))


def _position_id(founder: str, taken: set[str]) -> str:
    """Return the id of the position a claim founds.

    A claim that was dropped and came back may found a second one while its first lives on.
    """
    seed, number = founder, 1
    while (id_ := "p-" + sha256(seed.encode()).hexdigest()[:12]) in taken:
        number += 1
        seed = f"{founder}.{number}"
    return id_


def _claim_row(annotation: Annotation, claim: Claim) -> ClaimRow:
    fragments = [annotation.text[start:end] for start, end in claim.content]
    entities = [e for e in annotation.entities if _inside(e.span, claim.content)]
    record = AuthorClaim(
        id=claim.id,
        article=annotation.id,
        title=annotation.metadata.title,
        published=annotation.metadata.published,
        url=annotation.metadata.url,
        content=claim.content,
        text=FRAGMENT_MARK.join(fragments),
        sentence=claim.sentence,
        source=claim.source,
        cue=claim.cue,
        attribution=claim.attribution,
        type=claim.type,
        certainty=claim.certainty,
        negated=claim.negated,
        confidence=None if claim.confidence is None else round(claim.confidence, 4),
        joint=False,
        entities=entities,
        figures=[f for f in annotation.figures if _inside(f.span, claim.content)],
    )
    return ClaimRow(
        claim,
        "".join(fragments),
        [
            term
            for (start, _), fragment in zip(claim.content, fragments, strict=True)
            for term in terms(fragment, entities, start)
        ],
        json.dumps(record.model_dump(mode="json"), ensure_ascii=False, separators=(",", ":")),
    )


def _inside(span: Span, content: Sequence[Span]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in content)
