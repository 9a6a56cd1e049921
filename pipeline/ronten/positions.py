"""Positions: which claims make the same point, and the documents that show them by author."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import groupby
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ronten import cluster
from ronten.authors import Author
from ronten.claim_text import Inside, claim_text
from ronten.relations import Held, Relations, shifts_of, stances_of
from ronten.same_point import Point
from ronten.store import ClaimRow, CreditedClaim, Located, Vectors
from ronten.topics import terms
from ronten.types import (
    Annotation,
    AuthorClaim,
    AuthorPositions,
    Claim,
    Entity,
    Figure,
    Position,
    Topic,
)

FRAGMENT_MARK = " … "
NEAR = 0.3
"""Cosine from which on two claims are compared at all."""
TOPIC = 0.45
"""Mean cosine from which on positions belong to one coarse topic."""
MOST = 30
"""Nearest neighbours of a claim that are compared."""


class Placed(NamedTuple):
    """Claims put into positions, and the new ones among these with their founding claims."""

    members: dict[str, str]
    founded: dict[str, str]


def claim_rows(annotation: Annotation) -> Iterator[ClaimRow]:
    """Yield the claims of an article as the store keeps them."""
    entities, figures = Inside(annotation.entities), Inside(annotation.figures)
    for claim in annotation.claims:
        yield _claim_row(annotation, claim, entities.of(claim), figures.of(claim))


def place(
    claims: Sequence[Located],
    vectors: Vectors,
    chances: Callable[[NDArray[np.int64]], NDArray[np.float64]],
    *,
    threshold: float,
) -> Placed:
    """Put claims into positions; those that stand in one already come first and stay there.

    Each other claim joins the position, or founds one with other new claims, of which it makes the
    same point with a mean chance of at least `threshold`; every claim gets a position, which is
    named after the first claim of it. Claims on different sides of a target stay apart; the same
    words on the same sides are one point from the start, however often they are said.

    Args:
        claims: in canonical order.
        vectors: their unit vectors; only near neighbours are compared.
        chances: gives the chance that pairs of claims (p, 2), by number, make the same point.
        threshold: chance above 0 to 1.
    """
    old = sum(claim.position is not None for claim in claims)
    sayings, saying = _sayings(claims)
    known = sum(said.position is not None for said in sayings)
    positions = list(dict.fromkeys(c.position for c in claims[:old] if c.position))
    number = {id_: place_ for place_, id_ in enumerate(positions)}
    shift = len(positions) - known
    # Points to be linked: the known positions, then the new sayings.
    point = np.array(
        [number[said.position] if said.position else at + shift for at, said in enumerate(sayings)],
        np.int64,
    )
    times = np.bincount(saying, minlength=len(sayings))
    sizes = np.bincount(point, weights=times, minlength=len(sayings) + shift).astype(np.int64)
    sides: list[dict[str, str]] = [{} for _ in sizes]
    for at, said in zip(point.tolist(), sayings, strict=True):
        for target, side in said.sides:
            sides[at].setdefault(target, side)
    _, first = np.unique(saying, return_index=True)
    near = cluster.neighbours(vectors[first], least=NEAR, most=MOST, since=known)
    pairs = np.stack((near.first, near.second), axis=1)
    weights = chances(first[pairs]) * times[pairs].prod(axis=1)
    edges = _between(point, pairs, weights, sizes)
    labels = cluster.link(
        sizes, edges, threshold=threshold, sides=[s.items() for s in sides], fixed=len(positions)
    )
    taken = set(positions)
    position_of = dict(zip(labels.tolist(), positions, strict=False))
    members: dict[str, str] = {}
    founded: dict[str, str] = {}
    for at, claim in zip(point[saying[old:]].tolist(), claims[old:], strict=True):
        label = int(labels[at])
        if label not in position_of:
            id_ = position_of[label] = _position_id(claim.id, taken)
            founded[id_] = claim.id
            taken.add(id_)
        members[claim.id] = position_of[label]
    return Placed(members, founded)


class _Saying(NamedTuple):
    """Words that are said on some sides, in a known position or in none yet."""

    position: str | None
    text: str
    sides: tuple[tuple[str, str], ...]


def _sayings(claims: Sequence[Located]) -> tuple[list[_Saying], NDArray[np.int64]]:
    """Return what is said, in the order of first claims, and the number of each claim's saying."""
    found: dict[_Saying, int] = {}
    numbers = [
        found.setdefault(_Saying(claim.position, claim.text, claim.sides), len(found))
        for claim in claims
    ]
    return list(found), np.array(numbers, np.int64)


def _between(
    point: NDArray[np.int64],
    pairs: NDArray[np.int64],
    chances: NDArray[np.float64],
    sizes: NDArray[np.int64],
) -> cluster.Edges:
    """Turn sums of chances between sayings into mean chances between the points they belong to."""
    ends = np.sort(point[pairs], axis=1)
    keys, which = np.unique(ends[:, 0] * len(sizes) + ends[:, 1], return_inverse=True)
    first, second = keys // max(len(sizes), 1), keys % max(len(sizes), 1)
    totals = np.bincount(which.reshape(-1), weights=chances, minlength=len(keys))
    return cluster.Edges(first, second, totals / (sizes[first] * sizes[second]))


def point_of(article: Annotation, claim: Claim, sides: dict[str, str]) -> Point:
    """Return a claim as it is compared; `sides` by target."""
    entities, figures = Inside(article.entities).of(claim), Inside(article.figures).of(claim)
    text = claim_text(article, claim, entities)
    return _point(
        text,
        article.id,
        claim.type,
        sides,
        [entity.entity for entity in entities],
        [(figure.kind, figure.low, figure.high) for figure in figures],
    )


def point_of_record(text: str, record: str) -> Point:
    """Return a stored claim as it is compared, from its text and its record."""
    claim = json.loads(record)  # made by ourselves and read by the million: not validated again
    return _point(
        text,
        claim["article"],
        claim["type"],
        {stance["target"]: stance["label"] for stance in claim["stances"]},
        [entity["entity"] for entity in claim["entities"]],
        [(f["kind"], f["low"], f["high"]) for f in claim["figures"]],
    )


def _point(
    text: str,
    article: str,
    type_: str,
    sides: dict[str, str],
    entities: Iterable[str],
    figures: Iterable[tuple[object, object, object]],
) -> Point:
    values = frozenset((str(kind), str(low), str(high)) for kind, low, high in figures)
    return Point(text, article, str(type_), sides, frozenset(entities), values)


def groups(positions: Sequence[str], centroids: Vectors) -> dict[str, str]:
    """Return the coarse topic of each position: the same tree, cut lower.

    Positions (by id) are linked while the mean cosine of their centres is at least `TOPIC`; a topic
    is named after the first position in it.
    """
    lengths = np.linalg.norm(centroids, axis=1, keepdims=True)
    centres = np.asarray(centroids / np.where(lengths == 0, 1, lengths), np.float32)
    edges = cluster.neighbours(centres, least=TOPIC / 2, most=MOST)
    labels = cluster.link([1] * len(positions), edges, threshold=TOPIC)
    first = dict(reversed(list(zip(labels.tolist(), positions, strict=True))))
    return {
        position: "t-" + first[label].removeprefix("p-")
        for position, label in zip(positions, labels.tolist(), strict=True)
    }


def held(claims: Iterable[CreditedClaim], topics: Mapping[str, Topic]) -> Iterator[Held]:
    """Yield credited claims as `Relations` compares them."""
    for claim in claims:
        group = topics[claim.position].group if claim.position in topics else None
        yield Held(claim.author, claim.position, group or claim.position, _author_claim(claim))


def documents(
    authors: Mapping[str, Author],
    claims: Iterable[CreditedClaim],
    topics: Mapping[str, Topic],
    relations: Relations,
    version: str,
) -> Iterator[tuple[Author, AuthorPositions]]:
    """Yield the document of every author with claims, by author id.

    `claims` come by author, in canonical order; `relations` know all of them.
    """
    for author, mine in groupby(claims, key=lambda claim: claim.author):
        yield authors[author], _document(authors[author], list(mine), topics, relations, version)


def _document(
    author: Author,
    claims: Sequence[CreditedClaim],
    topics: Mapping[str, Topic],
    relations: Relations,
    version: str,
) -> AuthorPositions:
    by_position: dict[str, list[CreditedClaim]] = {}
    for claim in claims:
        by_position.setdefault(claim.position, []).append(claim)
    positions = [_position(i, mine, topics.get(i)) for i, mine in by_position.items()]
    positions.sort(key=lambda p: (-p.weight, -len({c.article for c in p.claims}), p.id))
    said = [claim for position in positions for claim in position.claims]
    targets = {stance.target for claim in said for stance in claim.stances}
    named = author.identified
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
            "shifts": shifts_of(said),
            "agrees": relations.agrees(author.id, by_position) if named else [],
            "opposes": relations.opposes(author.id, targets) if named else [],
            "disputes": relations.disputes(list(held(claims, topics))) if named else [],
            "identity": author.identity,
            "provenance": {"ronten": version},
        }
    )


def _position(id_: str, mine: Sequence[CreditedClaim], topic: Topic | None) -> Position:
    claims = [_author_claim(claim) for claim in mine]
    statement = claims[_medoid([claim.vector for claim in mine])].text
    dates = sorted(claim.published for claim in claims if claim.published)
    return Position(
        id=id_,
        topic=topic or Topic(label=statement),
        statement=statement,
        stances=stances_of(claims),
        weight=len(claims),
        first=dates[0] if dates else None,
        last=dates[-1] if dates else None,
        claims=claims,
    )


def _author_claim(claim: CreditedClaim) -> AuthorClaim:
    record = {**json.loads(claim.record), "joint": claim.joint}
    return AuthorClaim.model_validate(
        record | ({"also_in": claim.also_in} if claim.also_in else {})
    )


def _medoid(blobs: Sequence[bytes]) -> int:
    """Return the index of the vector nearest to the mean of all; the first of equals."""
    if len(blobs) == 1:
        return 0
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


def _claim_row(
    annotation: Annotation, claim: Claim, entities: list[Entity], figures: list[Figure]
) -> ClaimRow:
    fragments = [annotation.text[start:end] for start, end in claim.content]
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
        figures=figures,
        stances=claim.stances,
    )
    return ClaimRow(
        claim,
        claim_text(annotation, claim, entities),
        [
            term
            for (start, _), fragment in zip(claim.content, fragments, strict=True)
            for term in terms(fragment, entities, start)
        ],
        json.dumps(record.model_dump(mode="json"), ensure_ascii=False, separators=(",", ":")),
    )
