"""The dataset behind an output folder: one DuckDB file, one writer at a time, all or nothing.

Every table is described in docs/formats.md. Rows come back in canonical order (publication date,
undated last, then article id, then offset), so whatever is written from here is deterministic.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from ronten.errors import Locked, RontenError, StoreError, UsageError
from ronten.store.corrections import Corrections
from ronten.store.lock import LOCK_NAME, holder, lock
from ronten.store.schema import SCHEMA, STEPS, TABLES
from ronten.store.shards import (
    ClaimRow,
    Entry,
    HolderRow,
    as_read,
    content_hash,
    digest,
    shard,
    sides_of,
)
from ronten.types import Annotation, Article, Rejected

if TYPE_CHECKING:
    import pyarrow as pa
    from duckdb import DuckDBPyConnection

__all__ = [
    "FILE_NAME",
    "LOCK_NAME",
    "SCHEMA",
    "ClaimRow",
    "Entry",
    "HolderRow",
    "Store",
    "as_read",
    "content_hash",
    "digest",
    "shard",
    "sides_of",
]

Vectors = NDArray[np.float32]
Place = tuple[str, int | None]
"""Where an article comes from: (origin, row)."""

FILE_NAME = "ronten.duckdb"

_TEMPORARY = """
CREATE TEMP TABLE waiting (
    id VARCHAR, origin VARCHAR, "row" INTEGER, blocker VARCHAR, conflict BOOLEAN, article VARCHAR
);
CREATE TEMP TABLE seen (location VARCHAR, "row" INTEGER, whole BOOLEAN);
"""
_CLAIMS = "claims c JOIN embeddings e ON e.text_hash = c.text_hash"
_ORDER = 'a.published NULLS LAST, a.id, c."start", c.id'
_NESTED = ("holders", "claims", "entities", "figures")
_WRITTEN = (
    "(SELECT id, origin, text_hash, annotation FROM articles)",
    "(SELECT id, position, text_hash, record FROM claims)",
    '(SELECT origin, "row", id, reason, detail FROM rejected)',
    "holders",
    "embeddings",
    "removed",
)
"""What the written files depend on; the rest follows from it."""
_PATIENCE = 2.0
"""Seconds to wait for somebody who reads."""
_CHUNK = 200
_CHARS = 500_000
"""Rows, and characters of articles, that are held at once."""


class Known(NamedTuple):
    """What the store knows of an article: enough to see whether it has to be annotated again."""

    id: str
    place: Place | None
    location: str | None
    text_hash: str
    content_hash: str
    fingerprint: str


class Located(NamedTuple):
    """A claim, the position it stands in, the sides it takes (target, side), and its text.

    Texts are only compared with each other, so that a hash will do.
    """

    id: str
    position: str | None
    sides: tuple[tuple[str, str], ...]
    text: str


class Credit(NamedTuple):
    """That a claim of (article, holder) stands in the document of an author."""

    author: str
    article: str
    holder: str
    joint: bool


class AuthorRow(NamedTuple):
    """An author as stored; `article` is set where it lives in that one alone."""

    id: str
    name: str
    kind: str
    identified: bool
    article: str | None
    aliases: list[str]
    roles: list[str]
    members: list[str]


class TopicRow(NamedTuple):
    """The topic of a position, and the coarser one that it is part of."""

    position: str
    label: str
    keywords: list[str]
    group: str | None
    group_label: str | None


class FileRow(NamedTuple):
    """A file that was written: path in the folder, bytes, time of change (ns)."""

    path: str
    size: int
    modified: int


class CreditedClaim(NamedTuple):
    """A claim on its way into an author document.

    `vector` is its embedding, `also_in` holds the origins of articles that repeat it word for word.
    """

    author: str
    joint: bool
    position: str
    record: str
    vector: bytes
    also_in: Sequence[str] = ()


@dataclass
class Counts:
    """How much the dataset holds."""

    articles: int = 0
    claims: int = 0
    positions: int = 0
    rejected: int = 0


class Store:
    """An open dataset. Use `Store.open`; every write happens inside `transaction`."""

    def __init__(self, connection: DuckDBPyConnection) -> None:
        self._db = connection
        self.corrections = Corrections(connection)

    @classmethod
    @contextmanager
    def open(
        cls,
        folder: Path,
        *,
        read_only: bool = False,
        existing: bool = False,
        migrate: bool = False,
    ) -> Iterator[Self]:
        """Open the dataset of an output folder, making it where there is none.

        With `existing` there must be one; with `migrate` tables of an older schema become those of
        the present one.

        Raises `StoreError` where somebody else writes to it or another schema wrote it,
        `UsageError` where a folder that is only to be read, or `existing`, holds none,
        `RontenError` where the file is damaged or cannot be read or written.
        """
        import duckdb

        file = folder / FILE_NAME
        if (read_only or existing) and not file.is_file():
            raise UsageError(
                f"{folder}: no finished run here yet ({FILE_NAME} is missing); "
                f"run: ronten run PATH --out {folder}"
            )
        with nullcontext() if read_only else lock(folder):
            connection = _connect(folder, read_only)
            try:
                store = cls(connection)
                if migrate:
                    store._migrate(folder)
                store._check_schema(folder)
                if not read_only:
                    connection.execute(_TEMPORARY)
                yield store
            except duckdb.Error as error:
                raise _broken(file, error) from error
            finally:
                connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make everything inside happen or, on an error, none of it."""
        self._db.begin()
        try:
            yield
        except BaseException:
            self._db.rollback()
            raise
        self._db.commit()

    # Articles

    def known(self, articles: Sequence[Article]) -> list[Known]:
        """Return what is stored under the ids, with the texts and at the places of articles."""
        rows = self._rows(
            'SELECT id, origin, "row", location, text_hash, content_hash, fingerprint '
            "FROM articles WHERE id IN (SELECT unnest(?)) OR text_hash IN (SELECT unnest(?)) "
            'OR (origin, coalesce("row", -1)) IN (SELECT (unnest(?), unnest(?))) ORDER BY id',
            [
                [a.id for a in articles],
                [digest(a.text) for a in articles],
                [a.origin for a in articles],
                [-1 if a.row is None else a.row for a in articles],
            ],
        )
        return [
            Known(id_, None if origin is None else (origin, row), *rest)
            for id_, origin, row, *rest in rows
        ]

    def stale(self, fingerprint: str, limit: int, leave: Iterable[str] = ()) -> list[Article]:
        """Return up to `limit` stored articles that were annotated with something else, by id."""
        rows = self._records(
            "SELECT * FROM articles "
            "WHERE fingerprint <> ? AND origin IS NOT NULL AND id NOT IN (SELECT unnest(?)) "
            "ORDER BY id LIMIT ?",
            [fingerprint, list(leave), limit],
        )
        return [as_read(row) for row in rows]

    def forget_fingerprints(self, holders: Iterable[tuple[str, str]]) -> None:
        """Have the articles of some holders (article, holder) annotated anew when next read."""
        self._db.execute(
            "UPDATE articles SET fingerprint = '' WHERE id IN (SELECT unnest(?))",
            [sorted({article for article, _ in holders})],
        )

    def check_known(self, articles: Iterable[str], authors: Iterable[str]) -> None:
        """Raise `UsageError` for the first article or author that is not here."""
        for kind, ids in (("article", articles), ("author", authors)):
            for id_ in ids:
                if not self._rows(f"SELECT 1 FROM {kind}s WHERE id = ?", [id_]):
                    raise UsageError(f"no {kind} '{id_}' in this folder")

    def at(self, place: Place) -> str | None:
        """Return the id of the article at a place, None where there is none."""
        rows = self._rows(
            'SELECT id FROM articles WHERE origin = ? AND "row" IS NOT DISTINCT FROM ?',
            list(place),
        )
        return rows[0][0] if rows else None

    def unhouse(self, id_: str) -> None:
        """Take an article's place away; it is dropped at the end unless another place claims it."""
        self._db.execute(
            'UPDATE articles SET origin = NULL, "row" = NULL WHERE id = ?',
            [id_],
        )

    def house(self, id_: str, place: Place, location: str | None) -> None:
        """Give a stored article a new place."""
        self._db.execute(
            'UPDATE articles SET origin = ?, "row" = ?, location = ? WHERE id = ?',
            [*place, location, id_],
        )

    def see(self, items: Iterable[Article | Rejected]) -> None:
        """Note, until the dataset is closed, that some inputs are there.

        A file or folder that is rejected as a whole stands for all that was ever read from it.
        """
        self._insert(
            "seen",
            [
                (i.location, i.row, isinstance(i, Rejected) and i.row is None)
                for i in items
                if i.location is not None
            ],
        )

    def vanished(self, folders: Sequence[str]) -> list[str]:
        """Return the ids of articles that lay in some files or folders and were not seen there."""
        return [
            id_ for (id_,) in self._rows(f"SELECT id {_gone('articles')} ORDER BY 1", [folders])
        ]

    def forget_vanished(self, folders: Sequence[str]) -> None:
        """Take their places from the articles that vanished, and drop their rejections."""
        gone = _gone("articles")
        self._db.execute(
            f'UPDATE articles SET origin = NULL, "row" = NULL WHERE id IN (SELECT id {gone})',
            [folders],
        )
        self._db.execute(
            "DELETE FROM rejected WHERE rowid IN (SELECT rowid " + _gone("rejected") + ")",
            [folders],
        )

    def put(self, made: pa.Table) -> None:
        """Store annotated articles (a `shard`) in the place of whatever they replace.

        Claims that stay word for word what they were keep their position.
        """
        self._db.register("shard", made)
        try:
            ids = made.column("id").to_pylist()
            self._db.execute(
                "CREATE TEMP TABLE kept AS SELECT id, text, position FROM claims "
                "WHERE article IN (SELECT id FROM shard)"
            )
            if self._rows("SELECT 1 FROM articles WHERE id IN (SELECT id FROM shard) LIMIT 1"):
                self.drop(ids)
            nested = ", ".join(_NESTED)
            self._db.execute(f"INSERT INTO articles BY NAME SELECT * EXCLUDE ({nested}) FROM shard")
            for table in _NESTED:
                self._db.execute(
                    f"INSERT INTO {table} BY NAME SELECT article, unnest(held, recursive := true) "
                    f"FROM (SELECT id AS article, unnest({table}) AS held FROM shard)"
                )
            self._db.execute(
                "UPDATE claims SET position = kept.position FROM kept "
                "WHERE claims.id = kept.id AND claims.text = kept.text"
            )
            self._db.execute("DROP TABLE kept")
        finally:
            self._db.unregister("shard")

    def homeless(self) -> list[str]:
        """Return the ids of articles whose place has been taken by others."""
        return [i for (i,) in self._rows("SELECT id FROM articles WHERE origin IS NULL ORDER BY 1")]

    def wait(self, article: Article, blocker: str, conflict: bool) -> None:
        """Set an article aside while a stored one, `blocker`, stands elsewhere in its way."""
        row = (
            article.id,
            article.origin,
            article.row,
            blocker,
            conflict,
            article.model_dump_json(),
        )
        self._insert("waiting", [row])

    def released(self, limit: int) -> list[Article]:
        """Take back up to `limit` waiting articles whose blocker has lost its place, by id."""
        rows = self._rows(
            "SELECT id, article FROM waiting WHERE blocker NOT IN "
            "(SELECT id FROM articles WHERE origin IS NOT NULL) ORDER BY id LIMIT ?",
            [limit],
        )
        self._db.execute(
            "DELETE FROM waiting WHERE id IN (SELECT unnest(?))", [[id_ for id_, _ in rows]]
        )
        return [Article.model_validate_json(article) for _, article in rows]

    def blocked(self, *, conflict: bool) -> Iterator[tuple[str, str, int | None, str, int | None]]:
        """Yield (id, origin, row, origin and row of the blocker) of what still waits."""
        yield from self._stream(
            'SELECT w.id, w.origin, w."row", a.origin, a."row" FROM waiting w '
            "JOIN articles a ON a.id = w.blocker WHERE w.conflict = ? "
            'ORDER BY w.origin, w."row", w.id',
            [conflict],
        )

    def drop(self, ids: Sequence[str]) -> None:
        """Remove articles with all that was made of them."""
        self._db.execute("DELETE FROM articles WHERE id IN (SELECT unnest(?))", [list(ids)])
        for table in (*_NESTED, "extracted"):
            self._db.execute(
                f"DELETE FROM {table} WHERE article IN (SELECT unnest(?))", [list(ids)]
            )

    def annotations(self) -> Iterator[dict[str, Any]]:
        """Yield every annotation with its positions, JSON-ready, by article id."""
        ids: list[str] = []
        size = 0
        for id_, length in self._rows("SELECT id, length(text) FROM articles ORDER BY id"):
            if ids and (size + length > _CHARS or len(ids) == _CHUNK):
                yield from self._annotations(ids)
                ids, size = [], 0
            ids.append(id_)
            size += length
        yield from self._annotations(ids)

    def annotation(self, article: str) -> Annotation:
        """Return the annotation of one article with its positions.

        Raises `UsageError` where there is no such article.
        """
        for record in self._annotations([article]):
            return Annotation.model_validate(record)
        raise UsageError(f"no article '{article}' in this folder")

    def _annotations(self, ids: list[str]) -> Iterator[dict[str, Any]]:
        positions = dict(
            self._rows("SELECT id, position FROM claims WHERE article IN (SELECT unnest(?))", [ids])
        )
        for text, stored in self._rows(
            "SELECT text, annotation FROM articles WHERE id IN (SELECT unnest(?)) ORDER BY id",
            [ids],
        ):
            record = json.loads(stored)
            for claim in record["claims"]:
                claim["position"] = positions[claim["id"]]
            yield {"id": record.pop("id"), "text": text, **record}

    def row(self, article: str) -> dict[str, Any]:
        """Return an article as a shard holds it, without what was found in it.

        Raises `UsageError` where there is no such article.
        """
        for row in self._records("SELECT * FROM articles WHERE id = ?", [article]):
            return row
        raise UsageError(f"no article '{article}' in this folder")

    def has_article(self, article: str) -> bool:
        """Tell whether an article is here."""
        return bool(self._rows("SELECT 1 FROM articles WHERE id = ?", [article]))

    def article_of(self, claim: str) -> str:
        """Return the id of the article a claim stands in.

        Raises `UsageError` where there is no such claim.
        """
        rows = self._rows("SELECT article FROM claims WHERE id = ?", [claim])
        if not rows:
            raise UsageError(f"no claim '{claim}' in this folder; ids stand in annotations.jsonl")
        return str(rows[0][0])

    # Rejections

    def forget_rejections(self, origins: Iterable[str]) -> None:
        """Drop what was said about inputs that are being read again."""
        self._db.execute("DELETE FROM rejected WHERE origin IN (SELECT unnest(?))", [[*origins]])

    def reject(self, rejected: Iterable[Rejected]) -> None:
        """List inputs that were not processed."""
        self._insert(
            "rejected", [(r.origin, r.row, r.id, r.reason, r.detail, r.location) for r in rejected]
        )

    def rejected(self) -> list[Rejected]:
        """Return every listed rejection, by origin and row."""
        rows = self._rows(
            'SELECT origin, "row", id, reason, detail FROM rejected '
            'ORDER BY origin, "row" NULLS FIRST, id, reason, detail'
        )
        keys = ("origin", "row", "id", "reason", "detail")
        return [Rejected(**dict(zip(keys, row, strict=True))) for row in rows]

    # Embeddings and positions

    def texts_to_embed(self, model: str, limit: int) -> list[tuple[str, str]]:
        """Return (hash, text) of up to `limit` claim texts without a vector, by hash."""
        return self._rows(
            "SELECT text_hash, min(text) FROM claims WHERE text_hash NOT IN "
            "(SELECT text_hash FROM embeddings WHERE model = ?) GROUP BY 1 ORDER BY 1 LIMIT ?",
            [model, limit],
        )

    def put_vectors(self, model: str, hashes: Sequence[str], vectors: Vectors) -> None:
        """Keep the vectors of claim texts."""
        self._insert(
            "embeddings",
            [(h, model, v.tobytes()) for h, v in zip(hashes, vectors, strict=True)],
        )

    def prune_vectors(self, model: str) -> None:
        """Drop vectors of other models and of texts that no claim has any more."""
        stale = "model <> ? OR text_hash NOT IN (SELECT text_hash FROM claims)"
        if self._rows(f"SELECT 1 FROM embeddings WHERE {stale} LIMIT 1", [model]):
            self._db.execute(f"DELETE FROM embeddings WHERE {stale}", [model])

    def located(self) -> tuple[list[Located], Vectors]:
        """Return all claims and their vectors, those in positions first, in canonical order."""
        rows = self._rows(
            f"SELECT c.id, c.position, c.sides, c.text_hash, e.vector FROM {_CLAIMS} "
            f"JOIN articles a ON a.id = c.article ORDER BY c.position IS NULL, {_ORDER}"
        )
        found = [
            Located(id_, position, tuple(_side(side) for side in sides), text)
            for id_, position, sides, text, _ in rows
        ]
        return found, _matrix([vector for *_, vector in rows])

    def has_unplaced(self) -> bool:
        """Tell whether a claim stands in no position."""
        return bool(self._rows("SELECT 1 FROM claims WHERE position IS NULL LIMIT 1"))

    def records(self, claims: Sequence[str]) -> list[tuple[str, str]]:
        """Return text and record of some claims, in the order asked for."""
        rows = self._rows(
            "SELECT id, text, record FROM claims WHERE id IN (SELECT unnest(?))", [list(claims)]
        )
        found = {id_: (text, record) for id_, text, record in rows}
        return [found[id_] for id_ in claims]

    def placed(self) -> dict[str, str]:
        """Return the position of every claim that stands in one."""
        return dict(self._rows("SELECT id, position FROM claims WHERE position IS NOT NULL"))

    def unplace(self) -> None:
        """Take all claims out of their positions."""
        self._db.execute("UPDATE claims SET position = NULL")
        self._db.execute("DELETE FROM positions")

    def positions_of(self, claims: Iterable[str]) -> dict[str, str]:
        """Return the position of each of some claims."""
        return dict(
            self._rows(
                "SELECT id, position FROM claims WHERE id IN (SELECT unnest(?))", [list(claims)]
            )
        )

    def centroids(self) -> tuple[list[str], Vectors]:
        """Return ids and mean member vectors of all positions, by id."""
        ids: list[str] = []
        sums: list[NDArray[np.float64]] = []
        sizes: list[int] = []
        for position, blob in self._stream(
            f"SELECT c.position, e.vector FROM {_CLAIMS} "
            "WHERE c.position IS NOT NULL ORDER BY c.position, c.id"
        ):
            vector = np.frombuffer(blob, dtype=np.float32).astype(np.float64)
            if ids and ids[-1] == position:
                sums[-1] += vector
                sizes[-1] += 1
            else:
                ids.append(position)
                sums.append(vector)
                sizes.append(1)
        if not ids:
            return [], _matrix([])
        return ids, (np.stack(sums) / np.array(sizes)[:, None]).astype(np.float32)

    def place(self, members: Mapping[str, str], founded: Mapping[str, str]) -> None:
        """Put claims into positions (claim → position), new ones included (position → founder)."""
        self._insert("positions", sorted(founded.items()))
        self._db.execute("CREATE TEMP TABLE newly (claim VARCHAR, position VARCHAR)")
        self._insert("newly", sorted(members.items()))
        self._db.execute(
            "UPDATE claims SET position = newly.position FROM newly WHERE id = newly.claim"
        )
        self._db.execute("DROP TABLE newly")

    def prune_positions(self) -> None:
        """Drop positions that no claim stands in any more."""
        empty = "id NOT IN (SELECT position FROM claims WHERE position IS NOT NULL)"
        if self._rows(f"SELECT 1 FROM positions WHERE {empty} LIMIT 1"):
            self._db.execute(f"DELETE FROM positions WHERE {empty}")

    def members(self, position: str) -> list[str]:
        """Return the claims that stand in a position, in canonical order."""
        rows = self._rows(
            "SELECT c.id FROM claims c JOIN articles a ON a.id = c.article "
            f"WHERE c.position = ? ORDER BY {_ORDER}",
            [position],
        )
        return [id_ for (id_,) in rows]

    def founder(self, position: str) -> str | None:
        """Return the founding claim of a position, None where there is no such position."""
        rows = self._rows("SELECT founder FROM positions WHERE id = ?", [position])
        return rows[0][0] if rows else None

    def term_counts(self) -> Iterator[tuple[str, str, int]]:
        """Yield (position, term, number of its claims that hold the term), by position and term."""
        yield from self._stream(
            "SELECT position, term, count(*) FROM "
            "(SELECT position, unnest(list_distinct(terms)) AS term FROM claims "
            "WHERE position IS NOT NULL) GROUP BY ALL ORDER BY 1, 2"
        )

    # Authors

    def holders(self) -> Iterator[HolderRow]:
        """Yield the holders of all articles, by article and id."""
        for row in self._stream("SELECT * FROM holders ORDER BY article, id"):
            yield HolderRow(*row)

    def set_authors(
        self, found: Iterable[AuthorRow], credits: Iterable[Credit], topics: Iterable[TopicRow]
    ) -> None:
        """Keep who the authors are, which claims are credited to whom, and topics by position."""
        for table, rows in (("authors", found), ("credits", credits), ("topics", topics)):
            self._db.execute(f"DELETE FROM {table}")
            self._insert(table, rows)

    def credited_claims(self, min_confidence: float) -> Iterator[CreditedClaim]:
        """Yield every claim once per author it is credited to, by author, in canonical order.

        What near duplicates of an article repeat word for word is not yielded again.
        """
        yield from (
            CreditedClaim(*row)
            for row in self._stream(
                "SELECT r.author, r.joint, c.position, c.record, e.vector, "
                "coalesce(o.also_in, []) "
                f"FROM {_CLAIMS} JOIN articles a ON a.id = c.article "
                "JOIN credits r ON r.article = c.article AND r.holder = c.holder "
                "LEFT JOIN (SELECT original, list_sort(list_distinct(list(origin))) AS also_in "
                "FROM claims JOIN articles ON articles.id = article "
                "WHERE original IS NOT NULL GROUP BY original) o ON o.original = c.id "
                "WHERE c.original IS NULL AND coalesce(c.confidence, 1) >= ? "
                f"ORDER BY r.author, {_ORDER}, r.joint",
                [min_confidence],
            )
        )

    # Near duplicates

    def signatures(self) -> Iterator[tuple[str, bytes]]:
        """Yield (article, signature) in canonical order: date, undated last, then id."""
        yield from self._stream(
            "SELECT id, signature FROM articles WHERE signature IS NOT NULL "
            "ORDER BY published NULLS LAST, id"
        )

    def set_originals(self, twins: Mapping[str, str]) -> None:
        """Note which claims repeat one of the article that theirs is a near duplicate of (`twins`).

        A claim repeats another of the same author and the same words; `credits` say whose it is.
        """
        self._db.execute("CREATE TEMP TABLE twins (article VARCHAR, first VARCHAR)")
        self._insert("twins", sorted(twins.items()))
        self._db.execute(
            "CREATE TEMP TABLE repeats AS "
            "SELECT c.id, min(o.id) AS original FROM twins t "
            "JOIN claims c ON c.article = t.article JOIN claims o ON o.article = t.first "
            "AND o.text_hash = c.text_hash "
            "JOIN credits cr ON cr.article = c.article AND cr.holder = c.holder AND NOT cr.joint "
            "JOIN credits oc ON oc.article = o.article AND oc.holder = o.holder AND NOT oc.joint "
            "AND oc.author = cr.author GROUP BY c.id"
        )
        self._db.execute(
            "UPDATE claims SET original = NULL "
            "WHERE original IS NOT NULL AND id NOT IN (SELECT id FROM repeats)"
        )
        self._db.execute(
            "UPDATE claims SET original = repeats.original FROM repeats "
            "WHERE claims.id = repeats.id "
            "AND claims.original IS DISTINCT FROM repeats.original"
        )
        self._db.execute("DROP TABLE repeats")
        self._db.execute("DROP TABLE twins")

    # What was taken down

    def removed(self, kind: str) -> set[str]:
        """Return the ids of the articles or authors (`kind`) that were taken down."""
        return {id_ for (id_,) in self._rows("SELECT id FROM removed WHERE kind = ?", [kind])}

    def remove(self, kind: str, id_: str) -> None:
        """Note that an article or author (`kind`) is taken down and stays so."""
        self.restore(kind, id_)
        self._insert("removed", [(kind, id_)])

    def restore(self, kind: str, id_: str) -> None:
        """Forget that something was taken down."""
        self._db.execute("DELETE FROM removed WHERE kind = ? AND id = ?", [kind, id_])

    def drop_claims(self, holders: Iterable[tuple[str, str]]) -> None:
        """Drop the claims of some holders (article, holder), also from the annotations."""
        self._db.execute("CREATE TEMP TABLE silenced (article VARCHAR, holder VARCHAR)")
        self._insert("silenced", holders)
        rows = self._rows(
            "SELECT id, annotation, list(holder) FROM articles "
            "JOIN silenced ON article = id GROUP BY id, annotation ORDER BY id"
        )
        for id_, record, silenced in rows:
            without = _without(json.loads(record), set(silenced))
            text = json.dumps(without, ensure_ascii=False, separators=(",", ":"))
            if text != record:
                self._db.execute("UPDATE articles SET annotation = ? WHERE id = ?", [text, id_])
        self._db.execute(
            "DELETE FROM claims WHERE (article, holder) IN (SELECT (article, holder) FROM silenced)"
        )
        self._db.execute(
            "UPDATE figures SET claim = NULL "
            "WHERE claim IS NOT NULL AND claim NOT IN (SELECT id FROM claims)"
        )
        self._db.execute("DROP TABLE silenced")

    # What was written

    def state(self) -> str:
        """Return a hash of all that the written files depend on in this dataset."""
        parts = [
            self._rows(
                f"SELECT count(*), bit_xor(hash(t)), sum(hash(t)::HUGEINT) FROM {columns} t"
            )[0]
            for columns in _WRITTEN
        ]
        return digest(repr(parts))

    def files(self) -> list[FileRow]:
        """Return the files that were written last."""
        return [FileRow(*row) for row in self._rows("SELECT * FROM files ORDER BY path")]

    def emitted(self) -> str | None:
        """Return the key that the files were written under, None where writing is not finished."""
        found = self._rows("SELECT value FROM meta WHERE key = 'emitted'")
        return found[0][0] if found else None

    def set_emitted(self, key: str, files: Iterable[FileRow]) -> None:
        """Note which files were written, and under which key."""
        self._db.execute("DELETE FROM files")
        self._insert("files", files)
        self._db.execute("DELETE FROM meta WHERE key = 'emitted'")
        self._insert("meta", [("emitted", key)])

    def counts(self) -> Counts:
        """Return how much the dataset holds."""
        tables = ("articles", "claims", "positions", "rejected")
        return Counts(*(self._rows(f"SELECT count(*) FROM {table}")[0][0] for table in tables))

    def _check_schema(self, folder: Path) -> None:
        if not self._rows("SELECT 1 FROM duckdb_tables() LIMIT 1"):
            with self.transaction():
                self._db.execute(TABLES)
                self._insert("meta", [("schema", str(SCHEMA))])
        elif (found := self._schema()) != str(SCHEMA):
            newer = found is not None and found.isdigit() and int(found) > SCHEMA
            way = "update ronten" if newer else f"run `ronten migrate {folder}`"
            raise StoreError(
                f"{folder}: written with schema {found}, this version reads schema {SCHEMA}; "
                f"{way} or write into a new folder"
            )

    def _schema(self) -> str | None:
        if not self._rows("SELECT 1 FROM duckdb_tables() WHERE table_name = 'meta'"):
            return None
        return dict(self._rows("SELECT key, value FROM meta")).get("schema")

    def _migrate(self, folder: Path) -> None:
        while (found := self._schema()) in STEPS:
            after, statements = STEPS[str(found)]
            with self.transaction():
                self._db.execute(statements)
                self._db.execute("UPDATE meta SET value = ? WHERE key = 'schema'", [after])
        if found is None or not found.isdigit() or int(found) < SCHEMA:
            raise StoreError(
                f"{folder}: schema {found} is not known, nothing can be taken over; "
                "write into a new folder"
            )

    def _insert(self, table: str, rows: Iterable[Sequence[Any]]) -> None:
        with self._db.appender(table) as appender:
            appender.append_rows(rows)

    def _rows(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        return self._db.execute(query, list(values)).fetchall()

    def _records(self, query: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
        result = self._db.execute(query, list(values))
        names = [name for name, *_ in result.description or ()]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def _stream(self, query: str, values: Sequence[Any] = ()) -> Iterator[Any]:
        result = self._db.execute(query, list(values))
        while rows := result.fetchmany(_CHUNK):
            yield from rows


def _connect(folder: Path, read_only: bool) -> DuckDBPyConnection:
    """Open the file of a folder; who reads it for a moment is waited for."""
    import duckdb

    file = folder / FILE_NAME
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            return duckdb.connect(file, read_only=read_only)
        except duckdb.Error as error:  # DuckDB has one class for all that fails here
            if "lock on file" in str(error):
                if not read_only and time.monotonic() < until:
                    time.sleep(_PATIENCE / 20)
                    continue
                by = holder(folder) if read_only else "a process that reads it"
                raise Locked(folder, by) from None
            if "file handle conflict" in str(error) or "configuration" in str(error):
                raise Locked(folder, "this process, which has it open") from None
            raise _broken(file, error) from error


def _broken(file: Path, error: Exception) -> RontenError:
    said = str(error).partition("\n")[0]
    return RontenError(f"{file}: {said}; free the disk or mend the file, or name another folder")


def _without(record: dict[str, Any], silenced: set[str]) -> dict[str, Any]:
    """Return an annotation without the claims of some holders, and without these."""
    claims = [claim for claim in record["claims"] if claim["holder"] not in silenced]
    left = {claim["id"] for claim in claims}
    needed = {
        member
        for h in record["holders"]
        if h["id"] not in silenced
        for member in h.get("members", [])
    }
    return {
        **record,
        "holders": [h for h in record["holders"] if h["id"] not in silenced or h["id"] in needed],
        "claims": claims,
        "figures": [
            {**figure, "claim": figure.get("claim") if figure.get("claim") in left else None}
            for figure in record["figures"]
        ],
    }


def _side(stored: str) -> tuple[str, str]:
    """Return target and side of a stored side."""
    target, _, side = stored.partition("\t")
    return target, side


def _matrix(blobs: Sequence[bytes]) -> Vectors:
    if not blobs:
        return np.zeros((0, 0), dtype=np.float32)
    return np.stack([np.frombuffer(blob, dtype=np.float32) for blob in blobs])


def _gone(table: str) -> str:
    """Return the part of a query that finds what lay in some folders (a list) and was not seen."""
    return (
        f"FROM {table} g WHERE EXISTS (SELECT 1 FROM (SELECT unnest(?) AS root) "
        "WHERE g.location = root OR starts_with(g.location, rtrim(root, '/') || '/')) "
        "AND NOT EXISTS (SELECT 1 FROM seen s WHERE s.location = g.location "
        'AND s."row" IS NOT DISTINCT FROM g."row") '
        "AND NOT EXISTS (SELECT 1 FROM seen s WHERE s.whole "
        "AND (g.location = s.location OR starts_with(g.location, s.location || '/')))"
    )
