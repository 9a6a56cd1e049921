"""The tables that hold what people corrected, and what extraction had made of it before."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ronten.corrections import REVIEWED, Correction, State, Verdict
from ronten.errors import UsageError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_COLUMNS = (
    'id, article, text_hash, kind, claim, content, text, fields, who, "when", state, replaces, '
    "resolved"
)


class Corrections:
    """The corrections of a dataset; every write happens inside a transaction of its store."""

    def __init__(self, connection: DuckDBPyConnection) -> None:
        self._db = connection

    def add(self, correction: Correction) -> Correction:
        """Keep a correction under the next id; the one it replaces no longer holds."""
        ((id_,),) = self._rows("SELECT coalesce(max(id), 0) + 1 FROM corrections")
        new = correction._replace(id=id_)
        if new.replaces is not None:
            self._set_state(new.replaces, State.SUPERSEDED)
        values = [
            json.dumps(value, ensure_ascii=False, separators=(",", ":"))
            if name in ("content", "fields")
            else value
            for name, value in new._asdict().items()
        ]
        marks = ", ".join("?" for _ in values)
        self._db.execute(f"INSERT INTO corrections ({_COLUMNS}) VALUES ({marks})", values)
        return new

    def get(self, id_: int) -> Correction:
        """Return a correction. Raises `UsageError` where there is none of that id."""
        for correction in self._select("WHERE id = ?", [id_]):
            return correction
        raise UsageError(f"no correction {id_} in this folder; load the page again")

    def undo(self, id_: int) -> Correction:
        """Let a correction no longer hold, and the one it replaced hold again; return it.

        Raises `UsageError` where it does not hold now.
        """
        correction = self.get(id_)
        if correction.state != State.ACTIVE:
            raise UsageError(f"correction {id_} does not hold any more; load the page again")
        self._set_state(id_, State.UNDONE)
        if correction.replaces is not None:
            self._set_state(correction.replaces, State.ACTIVE)
        return correction

    def active(self, articles: Sequence[str]) -> dict[str, list[Correction]]:
        """Return the corrections of claims that hold, by article."""
        found: dict[str, list[Correction]] = {}
        condition = (
            f"WHERE state = '{State.ACTIVE}' AND kind <> '{Verdict.POSITION}' "
            "AND article IN (SELECT unnest(?)) ORDER BY id"
        )
        for correction in self._select(condition, [list(articles)]):
            found.setdefault(str(correction.article), []).append(correction)
        return found

    def of_positions(self) -> list[Correction]:
        """Return the corrections of positions that hold, in the order they were made."""
        condition = f"WHERE state = '{State.ACTIVE}' AND kind = '{Verdict.POSITION}' ORDER BY id"
        return list(self._select(condition))

    def latest(self, limit: int, skip: int = 0) -> list[Correction]:
        """Return corrections of any state, the latest first."""
        return list(self._select("ORDER BY id DESC LIMIT ? OFFSET ?", [limit, skip]))

    def unresolved(self) -> list[Correction]:
        """Return the corrections that hold and whose claim, article or text is gone."""
        return list(
            self._select(
                f"WHERE state = '{State.ACTIVE}' AND (NOT resolved OR (article IS NOT NULL "
                "AND article NOT IN (SELECT id FROM articles))) ORDER BY id"
            )
        )

    def resolve(self, ids: Iterable[int], unresolved: Iterable[int]) -> None:
        """Note of some corrections which of them found no claim."""
        gone = sorted(unresolved)
        self._db.execute(
            "UPDATE corrections SET resolved = id NOT IN (SELECT unnest(?::BIGINT[])) "
            "WHERE id IN (SELECT unnest(?::BIGINT[]))",
            [gone, sorted(ids)],
        )

    def forget(self, articles: Sequence[str]) -> None:
        """Drop all corrections of some articles, with the words they hold."""
        self._db.execute("DELETE FROM corrections WHERE article IN (SELECT unnest(?))", [articles])

    def extracted(self, article: str) -> str | None:
        """Return what extraction made of a corrected article, None where it is not corrected."""
        rows = self._rows("SELECT annotation FROM extracted WHERE article = ?", [article])
        return rows[0][0] if rows else None

    def keep_extracted(self, annotations: Mapping[str, str]) -> None:
        """Keep what extraction made of corrected articles."""
        self._db.execute(
            "DELETE FROM extracted WHERE article IN (SELECT unnest(?))", [list(annotations)]
        )
        if annotations:
            self._db.executemany(
                "INSERT INTO extracted VALUES (?, ?)", [list(row) for row in annotations.items()]
            )

    def renamed(self) -> dict[str, str]:
        """Return the ids of claims with corrected content, by the id they were extracted with."""
        return dict(
            self._rows(
                f"SELECT record->>'$.{REVIEWED}.was', id FROM claims "
                f"WHERE contains(record, '\"{REVIEWED}\":') "
                f"AND record->>'$.{REVIEWED}.was' IS NOT NULL ORDER BY id"
            )
        )

    def _set_state(self, id_: int, state: State) -> None:
        self._db.execute("UPDATE corrections SET state = ? WHERE id = ?", [state.value, id_])

    def _select(self, condition: str, values: Sequence[Any] = ()) -> Iterator[Correction]:
        for row in self._rows(f"SELECT {_COLUMNS} FROM corrections {condition}", values):
            found = Correction(*row)
            yield found._replace(
                content=json.loads(row[5]), fields=json.loads(row[7]), resolved=bool(row[12])
            )

    def _rows(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        return self._db.execute(query, list(values)).fetchall()
