"""The dataset as the review server sees it: opened for each request, by one thread at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from ronten import authors, dataset, revise
from ronten.corrections import Correction
from ronten.ledger import RunSummary
from ronten.report.names import article_page
from ronten.review import decisions
from ronten.run import last_config, write
from ronten.store import FILE_NAME, Store
from ronten.types import Annotation

PAGE = 50
"""Entries of a list at most."""
MEMBERS = 500
"""Claims of a position that are listed at most."""


class Progress(NamedTuple):
    """How many claims somebody has looked at, rejected ones included."""

    done: int
    total: int


class Listed(NamedTuple):
    """A claim in a list."""

    id: str
    article: str
    title: str | None
    published: str | None
    holder: str | None
    text: str
    type: str
    attribution: str
    confidence: float | None
    position: str | None

    @property
    def page(self) -> str:
        """Name of the page of its article."""
        return article_page(self.title, self.article)


class PositionEntry(NamedTuple):
    """A position in a list."""

    id: str
    topic: str | None
    example: str | None
    claims: int
    authors: int
    articles: int


class Opened(NamedTuple):
    """An article with what is said of it."""

    annotation: Annotation
    corrections: list[Correction]
    unresolved: list[Correction]


class Desk:
    """Reads and corrects the dataset of an output folder.

    Nothing is kept open, so that a run may write to the folder at any time; whatever meets such a
    run raises `Locked`.
    """

    def __init__(self, folder: Path, who: str) -> None:
        self.folder = folder
        self.who = who
        self.unwritten = False
        """Whether the files are older than what was corrected here."""
        self._lock = threading.Lock()
        self._articles: tuple[object, dict[str, str]] = (None, {})

    @property
    def version(self) -> object:
        """What changes with the dataset."""
        found = (self.folder / FILE_NAME).stat()
        return found.st_mtime_ns, found.st_size

    @contextmanager
    def reading(self) -> Iterator[Store]:
        """Open the dataset for reading."""
        with self._lock, Store.open(self.folder, read_only=True) as store:
            yield store

    @contextmanager
    def tables(self) -> Iterator[dataset.Dataset]:
        """Open the dataset as tables."""
        with self._lock, dataset.open(self.folder) as tables:
            yield tables

    # Reading

    def progress(self) -> Progress:
        """Return how far the review has come."""
        with self.tables() as tables:
            ((claims, reviewed, rejected),) = tables.select(_PROGRESS).rows
        return Progress(reviewed + rejected, claims + rejected)

    def queue(self, skip: int) -> list[Listed]:
        """Return claims that nobody has looked at, least confident first."""
        with self.tables() as tables:
            rows = tables.select(f"{_QUEUE} LIMIT {PAGE} OFFSET ?", [skip]).rows
            return [Listed(*row) for row in rows]

    def positions(self, words: str, skip: int) -> list[PositionEntry]:
        """Return positions, those with most claims first; with `words`, of claims with these."""
        with self.tables() as tables:
            rows = tables.select(
                f"{_POSITIONS} LIMIT {PAGE} OFFSET ?", [words, words, words, skip]
            ).rows
            return [PositionEntry(*row) for row in rows]

    def position(self, id_: str) -> tuple[PositionEntry | None, list[Listed]]:
        """Return a position and its claims by date, repeats included."""
        with self.tables() as tables:
            entries = [PositionEntry(*row) for row in tables.select(_POSITION, [id_]).rows]
            rows = tables.select(f"{_MEMBERS} LIMIT {MEMBERS}", [id_]).rows
            return (entries[0] if entries else None), [Listed(*row) for row in rows]

    def article_pages(self) -> dict[str, str]:
        """Return the articles by the names of their pages."""
        known, names = self._articles
        version = self.version
        if known != version:
            with self.tables() as tables:
                rows = tables.select("SELECT id, title FROM articles").rows
                names = {article_page(title, id_): id_ for id_, title in rows}
            self._articles = (version, names)
        return names

    def article(self, id_: str) -> Opened:
        """Return an article with its corrections. Raises `UsageError` where it is not here."""
        with self.reading() as store:
            held = store.corrections.active([id_]).get(id_, [])
            return Opened(
                store.annotation(id_),
                [correction for correction in held if correction.resolved],
                [correction for correction in held if not correction.resolved],
            )

    def history(self, limit: int) -> tuple[list[Correction], list[Correction]]:
        """Return the latest corrections, and those that find their claim no more."""
        with self.reading() as store:
            return store.corrections.latest(limit), store.corrections.unresolved()

    # Deciding

    def decide(self, article: str, claim: str, kind: str, fields: Mapping[str, Any]) -> str | None:
        """Decide about a claim; return its id afterwards, None where it is gone."""
        with self._writing() as store:
            made = decisions.decide(store, article, claim, kind, fields, self.who)
            return claim if made is None else decisions.claim_of(store, made)

    def add(self, article: str, fields: Mapping[str, Any]) -> str | None:
        """Add a claim; return its id."""
        with self._writing() as store:
            return decisions.claim_of(store, decisions.add(store, article, fields, self.who))

    def undo(self, id_: int) -> str | None:
        """Take a correction back; return the id of its claim, if there is one."""
        with self._writing() as store:
            return decisions.claim_of(store, revise.undo(store, id_))

    def merge(self, source: str, target: str) -> None:
        """Let the claims of one position stand in another."""
        with self._writing() as store:
            revise.merge(store, source, target, self.who, decisions.now())

    def split(self, claim: str) -> None:
        """Let a claim stand in a position of its own."""
        with self._writing() as store:
            revise.split(store, claim, self.who, decisions.now())

    def write(self) -> RunSummary:
        """Bring the files up to date."""
        with self._lock:
            done = write(self.folder)
            self.unwritten = False
        return done

    @contextmanager
    def _writing(self) -> Iterator[Store]:
        """Open the dataset for writing, all or nothing."""
        with self._lock, Store.open(self.folder, existing=True) as store:
            with store.transaction():
                yield store
                if store.removed("author"):
                    aliases = authors.read_aliases(last_config(self.folder).aliases)
                    revise.silence(store, aliases)
            self.unwritten = True


_REVIEWED = "contains(c.record, '\"reviewed\":')"
_LISTED = """
SELECT c.id, c.article, a.title, a.published, h.name, c.record->>'$.text', c.type, c.attribution,
    c.confidence, c.position
FROM store.claims c JOIN store.articles a ON a.id = c.article
LEFT JOIN store.holders h ON h.article = c.article AND h.id = c.holder
"""
_QUEUE = f"""{_LISTED}
WHERE c.original IS NULL AND NOT {_REVIEWED}
ORDER BY c.confidence NULLS LAST, c.article, c."start", c.id
"""
_MEMBERS = f"""{_LISTED}
WHERE c.position = ? ORDER BY a.published NULLS LAST, c.article, c."start", c.id
"""
_PROGRESS = f"""
SELECT count(*) FILTER (c.original IS NULL), count(*) FILTER (c.original IS NULL AND {_REVIEWED}),
    (SELECT count(*) FROM store.corrections x JOIN store.articles a ON a.id = x.article
     WHERE x.kind = 'reject' AND x.claim IS NOT NULL AND x.state = 'active' AND x.resolved)
FROM store.claims c
"""
_ENTRY = "SELECT id, topic, example, claims, authors, articles FROM positions"
_POSITIONS = f"""{_ENTRY}
WHERE ? = '' OR contains(coalesce(topic, ''), ?)
    OR id IN (SELECT position FROM store.claims WHERE contains(text, ?))
ORDER BY claims DESC, id
"""
_POSITION = f"{_ENTRY} WHERE id = ?"
