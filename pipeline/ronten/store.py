"""The dataset behind an output folder: one DuckDB file, one writer at a time, all or nothing.

Every table is described in docs/formats.md. Rows come back in canonical order (publication date,
undated last, then article id, then offset), so whatever is written from here is deterministic.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from ronten.errors import RontenError, StoreError, UsageError
from ronten.types import Annotation, Article, Claim, Rejected, Stance

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Vectors = NDArray[np.float32]
Place = tuple[str, int | None]
"""Where an article comes from: (origin, row)."""

FILE_NAME = "ronten.duckdb"
LOCK_NAME = ".ronten.lock"
SCHEMA = 2

_TABLES = """
CREATE TABLE meta (key VARCHAR, value VARCHAR);
CREATE TABLE articles (
    id VARCHAR, origin VARCHAR, "row" INTEGER, text_hash VARCHAR, content_hash VARCHAR,
    fingerprint VARCHAR, title VARCHAR, published VARCHAR, source VARCHAR, url VARCHAR,
    text VARCHAR, annotation VARCHAR
);
CREATE TABLE holders (
    article VARCHAR, id VARCHAR, name VARCHAR, canonical VARCHAR, kind VARCHAR, proper BOOLEAN,
    aliases VARCHAR[], roles VARCHAR[], members VARCHAR[]
);
CREATE TABLE claims (
    id VARCHAR, article VARCHAR, "start" INTEGER, holder VARCHAR, attribution VARCHAR, type VARCHAR,
    certainty VARCHAR, negated BOOLEAN, confidence DOUBLE, text VARCHAR, text_hash VARCHAR,
    terms VARCHAR[], sides VARCHAR[], record VARCHAR, position VARCHAR
);
CREATE TABLE entities (
    article VARCHAR, "start" INTEGER, "end" INTEGER, label VARCHAR, entity VARCHAR
);
CREATE TABLE figures (
    article VARCHAR, "start" INTEGER, "end" INTEGER, kind VARCHAR, low VARCHAR, high VARCHAR,
    unit VARCHAR, modifier VARCHAR
);
CREATE TABLE embeddings (text_hash VARCHAR, model VARCHAR, vector BLOB);
CREATE TABLE positions (id VARCHAR, founder VARCHAR);
CREATE TABLE rejected (
    origin VARCHAR, "row" INTEGER, id VARCHAR, reason VARCHAR, detail VARCHAR
);
"""
_WAITING = """
CREATE TEMP TABLE waiting (
    id VARCHAR, origin VARCHAR, "row" INTEGER, blocker VARCHAR, conflict BOOLEAN, article VARCHAR
)
"""
_CLAIMS = "claims c JOIN embeddings e ON e.text_hash = c.text_hash"
_ORDER = 'a.published NULLS LAST, a.id, c."start", c.id'
_ARTICLE_KEY = {
    "articles": "id",
    "holders": "article",
    "claims": "article",
    "entities": "article",
    "figures": "article",
}
_CHUNK = 200


class Known(NamedTuple):
    """What the store knows of an article: enough to see whether it has to be annotated again."""

    id: str
    place: Place | None
    text_hash: str
    content_hash: str
    fingerprint: str


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
    """An article with everything that was made of it."""

    article: Article
    annotation: Annotation
    holders: list[HolderRow]
    claims: list[ClaimRow]


class Located(NamedTuple):
    """A claim, the position it stands in, and the sides it takes (target, side)."""

    id: str
    position: str | None
    sides: list[tuple[str, str]]


class Credit(NamedTuple):
    """That a claim of (article, holder) stands in the document of an author."""

    author: str
    article: str
    holder: str
    joint: bool


class CreditedClaim(NamedTuple):
    """A claim on its way into an author document; `vector` is its embedding."""

    author: str
    joint: bool
    position: str
    record: str
    vector: bytes


@dataclass
class Counts:
    """How much the dataset holds."""

    articles: int = 0
    claims: int = 0
    positions: int = 0
    rejected: int = 0


def digest(text: str) -> str:
    """Return the key of a text: 16 hex digits of its SHA-256."""
    return sha256(text.encode()).hexdigest()[:16]


def sides_of(stances: Iterable[Stance]) -> list[tuple[str, str]]:
    """Return the sides that are taken: (target, favor or against)."""
    return [(stance.target, stance.label) for stance in stances if stance.label != "none"]


def content_hash(article: Article) -> str:
    """Return a hash of all that an article's annotation depends on: text, metadata, targets."""
    content = {
        "text": article.text,
        "metadata": article.metadata.dump(),
        "targets": article.targets,
    }
    return digest(json.dumps(content, ensure_ascii=False, sort_keys=True))


class Store:
    """An open dataset. Use `Store.open`; every write happens inside `transaction`."""

    def __init__(self, connection: DuckDBPyConnection) -> None:
        self._db = connection

    @classmethod
    @contextmanager
    def open(cls, folder: Path, *, read_only: bool = False) -> Iterator[Self]:
        """Open the dataset of an output folder, making it where there is none.

        Raises `StoreError` where somebody else writes to it or another schema wrote it,
        `UsageError` where a folder that is only to be read holds none, `RontenError` where the
        file is damaged or cannot be read or written.
        """
        import duckdb

        file = folder / FILE_NAME
        if read_only and not file.is_file():
            raise UsageError(
                f"{folder}: no finished run here yet ({FILE_NAME} is missing); "
                f"run: ronten run PATH --out {folder}"
            )
        with _lock(folder, read_only):
            try:
                connection = duckdb.connect(file, read_only=read_only)
            except duckdb.Error as error:
                if "lock on file" in str(error):  # DuckDB has one class for all that fails here
                    holder = _holder(folder) if read_only else "a process that reads it"
                    raise _locked(folder, holder) from None
                raise _broken(file, error) from error
            try:
                store = cls(connection)
                store._check_schema(folder)
                if not read_only:
                    connection.execute(_WAITING)
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
            'SELECT id, origin, "row", text_hash, content_hash, fingerprint FROM articles '
            "WHERE id IN (SELECT unnest(?)) OR text_hash IN (SELECT unnest(?)) "
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

    def house(self, id_: str, place: Place) -> None:
        """Give a stored article a new place."""
        self._db.execute(
            'UPDATE articles SET origin = ?, "row" = ? WHERE id = ?',
            [*place, id_],
        )

    def put(self, entries: Sequence[Entry], fingerprint: str) -> None:
        """Store annotated articles in the place of whatever they replace.

        Claims that stay word for word what they were keep their position.
        """
        ids = [entry.article.id for entry in entries]
        kept = {
            (id_, text): position
            for id_, text, position in self._rows(
                "SELECT id, text, position FROM claims WHERE article IN (SELECT unnest(?))", [ids]
            )
        }
        self.drop(ids)
        self._insert("articles", [_article_row(entry, fingerprint) for entry in entries])
        self._insert("holders", [holder for entry in entries for holder in entry.holders])
        self._insert(
            "claims",
            [
                _claim_row(entry.article.id, row, kept.get((row.claim.id, row.text)))
                for entry in entries
                for row in entry.claims
            ],
        )
        self._insert(
            "entities",
            [
                (entry.article.id, *e.span, e.label.value, e.entity)
                for entry in entries
                for e in entry.annotation.entities
            ],
        )
        self._insert(
            "figures",
            [
                (
                    entry.article.id,
                    *f.span,
                    f.kind.value,
                    _text(f.low),
                    _text(f.high),
                    f.unit,
                    f.modifier,
                )
                for entry in entries
                for f in entry.annotation.figures
            ],
        )

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
        for table, key in _ARTICLE_KEY.items():
            self._db.execute(f"DELETE FROM {table} WHERE {key} IN (SELECT unnest(?))", [list(ids)])

    def annotations(self) -> Iterator[Annotation]:
        """Yield every annotation with its positions, by article id."""
        ids = [id_ for (id_,) in self._rows("SELECT id FROM articles ORDER BY id")]
        for start in range(0, len(ids), _CHUNK):
            yield from self._annotations(ids[start : start + _CHUNK])

    def annotation(self, article: str) -> Annotation:
        """Return the annotation of one article with its positions.

        Raises `UsageError` where there is no such article.
        """
        for annotation in self._annotations([article]):
            return annotation
        raise UsageError(f"no article '{article}' in this folder")

    def _annotations(self, ids: list[str]) -> Iterator[Annotation]:
        positions = dict(
            self._rows("SELECT id, position FROM claims WHERE article IN (SELECT unnest(?))", [ids])
        )
        for text, record in self._rows(
            "SELECT text, annotation FROM articles WHERE id IN (SELECT unnest(?)) ORDER BY id",
            [ids],
        ):
            annotation = Annotation.model_validate({"text": text, **json.loads(record)})
            claims = [c.model_copy(update={"position": positions[c.id]}) for c in annotation.claims]
            yield annotation.model_copy(update={"claims": claims})

    def article_of(self, claim: str) -> str:
        """Return the id of the article a claim stands in.

        Raises `UsageError` where there is no such claim.
        """
        rows = self._rows("SELECT article FROM claims WHERE id = ?", [claim])
        if not rows:
            raise UsageError(f"no claim '{claim}' in this folder; ids stand in annotations.jsonl")
        return str(rows[0][0])

    # Rejections

    def forget_rejections(self, origin: str) -> None:
        """Drop what was said about an input that is being read again."""
        self._db.execute("DELETE FROM rejected WHERE origin = ?", [origin])

    def reject(self, rejected: Iterable[Rejected]) -> None:
        """List inputs that were not processed."""
        self._insert("rejected", [(r.origin, r.row, r.id, r.reason, r.detail) for r in rejected])

    def rejected(self) -> list[Rejected]:
        """Return every listed rejection, by origin and row."""
        rows = self._rows(
            'SELECT * FROM rejected ORDER BY origin, "row" NULLS FIRST, id, reason, detail'
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
            f"SELECT c.id, c.position, c.sides, e.vector FROM {_CLAIMS} "
            f"JOIN articles a ON a.id = c.article ORDER BY c.position IS NULL, {_ORDER}"
        )
        found = [
            Located(id_, position, [(s.partition("\t")[0], s.partition("\t")[2]) for s in sides])
            for id_, position, sides, _ in rows
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

    def unplace(self) -> dict[str, str]:
        """Take all claims out of their positions; return where each stood."""
        before = dict(self._rows("SELECT id, position FROM claims WHERE position IS NOT NULL"))
        self._db.execute("UPDATE claims SET position = NULL")
        self._db.execute("DELETE FROM positions")
        return before

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

    def credited_claims(
        self, credits: Iterable[Credit], min_confidence: float
    ) -> Iterator[CreditedClaim]:
        """Yield every claim once per author it is credited to, by author, in canonical order."""
        self._db.execute(
            "CREATE TEMP TABLE credits "
            "(author VARCHAR, article VARCHAR, holder VARCHAR, joint BOOLEAN)"
        )
        try:
            self._insert("credits", credits)
            yield from (
                CreditedClaim(*row)
                for row in self._stream(
                    "SELECT r.author, r.joint, c.position, c.record, e.vector "
                    f"FROM {_CLAIMS} JOIN articles a ON a.id = c.article "
                    "JOIN credits r ON r.article = c.article AND r.holder = c.holder "
                    f"WHERE coalesce(c.confidence, 1) >= ? ORDER BY r.author, {_ORDER}, r.joint",
                    [min_confidence],
                )
            )
        finally:
            self._db.execute("DROP TABLE credits")

    def counts(self) -> Counts:
        """Return how much the dataset holds."""
        tables = ("articles", "claims", "positions", "rejected")
        return Counts(*(self._rows(f"SELECT count(*) FROM {table}")[0][0] for table in tables))

    def _check_schema(self, folder: Path) -> None:
        tables = {name for (name,) in self._rows("SELECT table_name FROM duckdb_tables()")}
        if not tables:
            with self.transaction():
                self._db.execute(_TABLES)
                self._insert("meta", [("schema", str(SCHEMA))])
            return
        found = (
            dict(self._rows("SELECT key, value FROM meta")).get("schema")
            if "meta" in tables
            else None
        )
        if found != str(SCHEMA):
            raise StoreError(
                f"{folder}: written with schema {found}, this version reads schema {SCHEMA}; "
                f"run `ronten migrate {folder}` or write into a new folder"
            )

    def _insert(self, table: str, rows: Iterable[Sequence[Any]]) -> None:
        with self._db.appender(table) as appender:
            appender.append_rows(rows)

    def _rows(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        return self._db.execute(query, list(values)).fetchall()

    def _stream(self, query: str, values: Sequence[Any] = ()) -> Iterator[Any]:
        result = self._db.execute(query, list(values))
        while rows := result.fetchmany(_CHUNK):
            yield from rows


@contextmanager
def _lock(folder: Path, read_only: bool) -> Iterator[None]:
    """Keep other writers out; a reader takes no lock (DuckDB refuses it while somebody writes)."""
    if read_only:
        yield
        return
    from filelock import FileLock, Timeout

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise UsageError(f"{folder}: is a file; name a folder to write to") from None
    except OSError as error:
        raise UsageError(f"{folder}: cannot be made: {error.strerror}") from error
    path = folder / LOCK_NAME
    lock = FileLock(path, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise _locked(folder, _holder(folder)) from None
    except OSError as error:
        raise UsageError(f"{folder}: cannot be written to: {error.strerror}") from error
    try:
        path.write_text(f"process {os.getpid()} on {socket.gethostname()}", "utf-8")
        yield
    finally:
        path.write_text("", "utf-8")
        lock.release()


def _holder(folder: Path) -> str:
    path = folder / LOCK_NAME
    return (path.read_text("utf-8").strip() if path.is_file() else "") or "another process"


def _locked(folder: Path, holder: str) -> StoreError:
    return StoreError(f"{folder}: locked by {holder}; wait for it to finish or name another folder")


def _broken(file: Path, error: Exception) -> RontenError:
    said = str(error).partition("\n")[0]
    return RontenError(f"{file}: {said}; free the disk or mend the file, or name another folder")


def _article_row(entry: Entry, fingerprint: str) -> tuple[Any, ...]:
    article, meta = entry.article, entry.article.metadata
    record = entry.annotation.dump()
    del record["text"]
    return (
        article.id,
        article.origin,
        article.row,
        digest(article.text),
        content_hash(article),
        fingerprint,
        meta.title,
        meta.published,
        meta.source,
        meta.url,
        article.text,
        json.dumps(record, ensure_ascii=False, separators=(",", ":")),
    )


def _claim_row(article: str, row: ClaimRow, position: str | None) -> tuple[Any, ...]:
    claim = row.claim
    return (
        claim.id,
        article,
        claim.content[0][0],
        claim.holder,
        claim.attribution.value,
        claim.type.value,
        claim.certainty,
        claim.negated,
        claim.confidence,
        row.text,
        digest(row.text),
        row.terms,
        ["\t".join(side) for side in sides_of(claim.stances)],
        row.record,
        position,
    )


def _matrix(blobs: Sequence[bytes]) -> Vectors:
    if not blobs:
        return np.zeros((0, 0), dtype=np.float32)
    return np.stack([np.frombuffer(blob, dtype=np.float32) for blob in blobs])


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
