"""Corrections in the dataset: applied wherever an article is stored or claims are placed."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ronten import authors, positions
from ronten.corrections import (
    REVIEWED,
    Applied,
    Correction,
    Verdict,
    apply,
    arrange,
    lineage,
    split_id,
)
from ronten.errors import UsageError
from ronten.store import ClaimRow, Entry, Store, as_read, shard
from ronten.types import Annotation, Claim

if TYPE_CHECKING:
    import pyarrow as pa

log = logging.getLogger(__name__)

_FLAT = ("id", "origin", "row", "location", "fingerprint", "targets", "text", "annotation")


def put(store: Store, made: pa.Table) -> None:
    """Store annotated articles (a `shard`), corrected where people have corrected them."""
    import pyarrow.compute as pc

    held = store.corrections.active(made.column("id").to_pylist())
    if not held:
        store.put(made)
        return
    corrected = pc.is_in(made.column("id"), value_set=_strings(held))
    store.put(made.filter(pc.invert(corrected)))
    for row in made.filter(corrected).select([*_FLAT, "signature"]).to_pylist():
        before = _positions(store, row["id"])
        gone = _store(store, row, held[row["id"]], before, everywhere=False)
        for id_ in gone:
            log.warning("%s: correction %d holds no more: its claim is gone", row["id"], id_)


def revise(store: Store, article: str) -> None:
    """Bring a stored article to what its corrections say now."""
    row = store.row(article)
    before = _positions(store, article)
    row["annotation"] = store.corrections.extracted(article) or row["annotation"]
    held = store.corrections.active([article]).get(article, [])
    _store(store, row, held, before, everywhere=True)


def silence(store: Store, aliases: Mapping[str, str]) -> None:
    """Take out the claims of authors who were taken down."""
    if removed := store.removed("author"):
        store.drop_claims(authors.holders_of(store.holders(), aliases, removed))


def place(store: Store) -> None:
    """Put claims into the positions that people want them in."""
    corrections = store.corrections.of_positions()
    if not corrections:
        return
    found = arrange(store.placed(), corrections, store.corrections.renamed())
    store.corrections.resolve((c.id for c in corrections), found.unresolved)
    _move(store, found.members, found.founded)


def record(store: Store, correction: Correction) -> Correction:
    """Keep a correction and bring its article, or the positions, up to date with it."""
    kept = store.corrections.add(correction)
    if kept.kind == Verdict.POSITION:
        place(store)
    else:
        revise(store, str(kept.article))
    return kept


def undo(store: Store, id_: int) -> Correction:
    """Take a correction back; raises `UsageError` where it does not hold now."""
    correction = store.corrections.undo(id_)
    if correction.kind == Verdict.POSITION:
        _separate(store, correction)
        place(store)
    elif store.has_article(str(correction.article)):
        revise(store, str(correction.article))
    return correction


def merge(store: Store, source: str, target: str, who: str, when: str) -> Correction:
    """Let the claims of one position stand in another.

    Raises `UsageError` where there is no such position, or both are one.
    """
    if source == target:
        raise UsageError(f"{source}: is the same position; choose another one")
    moved, joined = _members(store, source), _members(store, target)
    fields = {
        "op": "merge",
        "from": source,
        "into": target,
        "claims": moved,
        "with": joined,
        "founder": store.founder(source),
    }
    text = store.records([store.members(source)[0]])[0][0]
    return record(store, _of_positions(None, None, moved[0], [], text, fields, who, when))


def split(store: Store, claim: str, who: str, when: str) -> Correction:
    """Let a claim stand in a position of its own.

    Raises `UsageError` where there is no such claim, or it stands alone already.
    """
    article = store.article_of(claim)
    annotation = store.annotation(article)
    found = next(c for c in annotation.claims if c.id == claim)
    if found.position is None or len(_members(store, found.position)) < 2:
        raise UsageError(f"{claim}: stands in a position of its own already")
    known = lineage(found)
    fields = {
        "op": "split",
        "claim": known,
        "from": found.position,
        "position": split_id(known),
        "founder": store.founder(found.position),
    }
    content = [list(span) for span in found.content]
    text_hash = store.row(article)["text_hash"]
    text = words(annotation, found.content)
    return record(store, _of_positions(article, text_hash, known, content, text, fields, who, when))


def words(annotation: Annotation, content: Iterable[tuple[int, int]]) -> str:
    """Return the words that a content cuts out of an article."""
    return positions.FRAGMENT_MARK.join(annotation.text[slice(*span)] for span in content)


def _of_positions(
    article: str | None,
    text_hash: str | None,
    claim: str,
    content: list[list[int]],
    text: str,
    fields: dict[str, Any],
    who: str,
    when: str,
) -> Correction:
    kind = Verdict.POSITION.value
    return Correction(0, article, text_hash, kind, claim, content, text, fields, who, when)


def _store(
    store: Store,
    row: Mapping[str, Any],
    held: list[Correction],
    before: Mapping[str, str],
    *,
    everywhere: bool,
) -> list[int]:
    """Store an article as its corrections say; return those whose claim is gone.

    `before` holds the positions of its claims by the id they were extracted with: corrected claims
    get them back, with `everywhere` all of them.
    """
    extracted = row["annotation"]
    annotation = Annotation.model_validate({"text": row["text"], **json.loads(extracted)})
    done = apply(annotation, held) if held else Applied(annotation)
    found = done.annotation
    article = as_read(row)
    entry = Entry(article, found, authors.holder_rows(found), _claim_rows(found), row["signature"])
    store.put(shard([entry], row["fingerprint"]))
    if held:
        store.corrections.keep_extracted({article.id: extracted})
        store.corrections.resolve((correction.id for correction in held), done.unresolved)
    back = [c for c in found.claims if everywhere or REVIEWED in (c.model_extra or {})]
    homes = {c.id: before[lineage(c)] for c in back if lineage(c) in before}
    unplaced = {claim for claim, home in store.positions_of(homes).items() if home is None}
    if unplaced:
        store.place({claim: homes[claim] for claim in unplaced}, {})
    return done.unresolved


def _claim_rows(annotation: Annotation) -> list[ClaimRow]:
    """Return claims as the store keeps them, with who has reviewed them in their records."""
    rows = []
    for row in positions.claim_rows(annotation):
        if mark := (row.claim.model_extra or {}).get(REVIEWED):
            known = {**json.loads(row.record), REVIEWED: mark}
            text = json.dumps(known, ensure_ascii=False, separators=(",", ":"))
            row = row._replace(record=text)
        rows.append(row)
    return rows


def _positions(store: Store, article: str) -> dict[str, str]:
    """Return the positions of the stored claims of an article, by what they were extracted as."""
    if not store.has_article(article):
        return {}
    claims: list[Claim] = store.annotation(article).claims
    return {lineage(claim): claim.position for claim in claims if claim.position}


def _members(store: Store, position: str) -> list[str]:
    """Return what the claims of a position were extracted as, in canonical order."""
    back = {now: was for was, now in store.corrections.renamed().items()}
    found = [back.get(claim, claim) for claim in store.members(position)]
    if not found:
        raise UsageError(f"no position '{position}' in this folder; load the page again")
    return found


def _separate(store: Store, correction: Correction) -> None:
    """Let the claims of a merge or split that was taken back stand where they came from."""
    fields, placed = correction.fields, store.placed()
    now = store.corrections.renamed()
    known = [fields["claim"]] if fields["op"] == "split" else fields["claims"]
    claims = [id_ for claim in known if (id_ := now.get(claim, claim)) in placed]
    if fields["op"] == "split":
        target = fields["from"] if fields["from"] in set(placed.values()) else None
        claims = [claim for claim in claims if placed[claim] == fields["position"]]
    else:
        target = fields["from"]
        others = {placed[i] for c in fields["with"] if (i := now.get(c, c)) in placed}
        claims = [claim for claim in claims if placed[claim] in others]
    if target is not None and claims:
        _move(store, dict.fromkeys(claims, target), {target: fields["founder"] or claims[0]})


def _move(store: Store, members: Mapping[str, str], founded: Mapping[str, str]) -> None:
    if not members:
        return
    new = {id_: founder for id_, founder in founded.items() if store.founder(id_) is None}
    store.place(members, new)
    store.prune_positions()


def _strings(values: Iterable[str]) -> pa.Array:
    import pyarrow as pa

    return pa.array(sorted(values), pa.string())
