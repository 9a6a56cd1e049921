"""What has to be done about each input, given what the dataset holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ronten.errors import Exit, Reason
from ronten.store import Known, Place, Store, content_hash, digest
from ronten.types import Article, Rejected


@dataclass
class RunSummary:
    """What a run did with its input, and what the output folder holds now."""

    out: Path
    read: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    replaced: int = 0
    """Articles of earlier runs that are gone because other content has taken their place."""
    vanished: int = 0
    """Articles that lay under the given paths and are not there any more; they are kept."""
    pruned: int = 0
    """The same, dropped."""
    removed: int = 0
    """Inputs left out because they were taken down."""
    duplicates: int = 0
    rejected: int = 0
    state: dict[str, int] = field(default_factory=dict)
    """Counts of the folder after the run: articles, claims, positions, rejected, authors, …"""
    files_written: int = 0
    files_removed: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    """Time taken, by step."""

    @property
    def exit_code(self) -> Exit:
        """REJECTED where an input was rejected (duplicates are no error), else DONE."""
        return Exit.REJECTED if self.rejected else Exit.DONE

    def as_dict(self) -> dict[str, Any]:
        """Return the summary as JSON-ready data."""
        return {**asdict(self), "out": str(self.out), "exit_code": int(self.exit_code)}


class Ledger:
    """Decides what has to be done about each input, and keeps the places of articles true.

    A place (origin and row) holds one article. Other content at a place takes the place away from
    the article that had it; an article nobody gives a place is dropped when the input ends.
    """

    def __init__(self, store: Store, fingerprint: str, summary: RunSummary) -> None:
        self.store = store
        self.fingerprint = fingerprint
        self.summary = summary
        self.origins: set[str] = set()
        self.removed = store.removed("article")
        self.pruned: set[str] = set()

    def todo(self, batch: Sequence[Article | Rejected]) -> list[Article]:
        """Return the articles of a batch that have to be annotated."""
        known = self.store.known([item for item in batch if isinstance(item, Article)])
        stored = {entry.id: entry for entry in known}
        todo: list[Article] = []
        self.store.see(batch)
        fresh = {item.origin for item in batch} - self.origins
        self.origins |= fresh
        self.store.forget_rejections(fresh)
        for item in batch:
            if isinstance(item, Rejected):
                self._rejected(item, stored)
            elif self._is_todo(item, stored):
                todo.append(item)
        return todo

    def prune(self, folders: Sequence[str], *, drop: bool) -> None:
        """Count what lay in some folders and is not there any more; with `drop` take its place."""
        gone = self.store.vanished(folders)
        if not drop:
            self.summary.vanished = len(gone)
            return
        self.pruned.update(gone)
        self.store.forget_vanished(folders)

    def close(self) -> None:
        """Count what is still blocked and drop the articles that lost their place."""
        self.summary.duplicates += sum(1 for _ in self.store.blocked(conflict=False))
        conflicts = [
            Rejected(
                origin=origin,
                row=row,
                id=id_,
                reason=Reason.ID_CONFLICT,
                detail=f"{_name((other, other_row))} of an earlier run has this id and another "
                "text; give each text its own id",
            )
            for id_, origin, row, other, other_row in self.store.blocked(conflict=True)
        ]
        self.store.reject(conflicts)
        self.summary.rejected += len(conflicts)
        if homeless := self.store.homeless():
            pruned = self.pruned.intersection(homeless)
            self.summary.pruned += len(pruned)
            self.summary.replaced += len(homeless) - len(pruned)
            self.store.drop(homeless)

    def _rejected(self, item: Rejected, stored: dict[str, Known]) -> None:
        if item.reason != Reason.DUPLICATE:
            self.summary.rejected += 1
            self.store.reject([item])
            return
        self.summary.duplicates += 1
        here = self.store.at((item.origin, item.row))
        if here is not None and here != item.id:
            self._unhouse(here, stored)

    def _is_todo(self, article: Article, stored: dict[str, Known]) -> bool:
        place, text_hash = (article.origin, article.row), digest(article.text)
        if article.id in self.removed:
            self.summary.removed += 1
            self._vacate(place, article.id, stored)
            return False
        twin = stored.get(article.id)
        if twin is None and not article.given_id:
            twin = next((k for k in stored.values() if k.text_hash == text_hash), None)
        if twin is not None and twin.place not in (None, place):
            conflict = twin.text_hash != text_hash
            self.store.wait(article, twin.id, conflict)
            if not conflict:
                self._vacate(place, article.id, stored)
            return False
        self._vacate(place, article.id, stored)
        if twin is None or twin.id != article.id:
            self.summary.new += 1
            return True
        if (twin.content_hash, twin.fingerprint) != (content_hash(article), self.fingerprint):
            self.summary.changed += 1
            return True
        if (twin.place, twin.location) != (place, article.location):
            self.store.house(article.id, place, article.location)
            stored[article.id] = twin._replace(place=place)
        self.summary.unchanged += 1
        return False

    def _vacate(self, place: Place, for_: str, stored: dict[str, Known]) -> None:
        for entry in list(stored.values()):
            if entry.place == place and entry.id != for_:
                self._unhouse(entry.id, stored)

    def _unhouse(self, id_: str, stored: dict[str, Known]) -> None:
        self.store.unhouse(id_)
        if id_ in stored:
            stored[id_] = stored[id_]._replace(place=None)


def _name(place: Place) -> str:
    origin, row = place
    return f"'{origin}'" if row is None else f"'{origin} row {row}'"
