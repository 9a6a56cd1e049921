"""An output folder as tables: typed records, Arrow tables, and SQL, all of them read-only."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, Self, TypeVar

from ronten.errors import RontenError, UsageError, unknown_name
from ronten.store import FILE_NAME, Store
from ronten.tables import (
    STORE,
    TABLES,
    ArticleRecord,
    AuthorRecord,
    ClaimAuthorRecord,
    ClaimRecord,
    EntityRecord,
    FigureRecord,
    PositionRecord,
    StanceRecord,
    Table,
)

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

Record = TypeVar("Record", bound=tuple[Any, ...])

_CHUNK = 1000
_BATCH_ROWS = 2048


def open(folder: str | PathLike[str]) -> Dataset:
    """Open the dataset of an output folder for reading; close it, or use it in a `with`.

        >>> with ronten.open("positions/") as dataset:
        ...     for claim in dataset.claims:
        ...         print(claim.author_name, claim.text)

    While it is open, no run can write to the folder.

    Raises `UsageError` where there is no dataset, `StoreError` where somebody writes to it or
    another schema wrote it.
    """
    return Dataset(Path(folder))


class Result(NamedTuple):
    """What a query gives: column names, and the rows as they come."""

    columns: list[str]
    rows: Iterator[tuple[Any, ...]]


@dataclass(frozen=True)
class Rows(Generic[Record]):
    """The records of a table, read anew each time they are gone through."""

    dataset: Dataset
    table: Table

    def __iter__(self) -> Iterator[Record]:
        make: Any = self.table.record
        for row in self.dataset.select(self.table.ordered).rows:
            yield make(*row)

    def __len__(self) -> int:
        (count,) = next(self.dataset.select(f"SELECT count(*) FROM {self.table.name}").rows)
        return int(count)

    def __repr__(self) -> str:
        return f"<{len(self)} {self.table.name}>"


class Dataset:
    """The public tables of an output folder; docs/formats.md describes every column."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._spill = tempfile.TemporaryDirectory(prefix="ronten-")
        try:
            self._db = _connect(folder, self._spill.name)
        except BaseException:
            self._spill.cleanup()
            raise

    @property
    def articles(self) -> Rows[ArticleRecord]:
        """Articles by date, undated last."""
        return Rows(self, TABLES["articles"])

    @property
    def authors(self) -> Rows[AuthorRecord]:
        """Authors, most claims first."""
        return Rows(self, TABLES["authors"])

    @property
    def positions(self) -> Rows[PositionRecord]:
        """Positions, most claims first."""
        return Rows(self, TABLES["positions"])

    @property
    def claims(self) -> Rows[ClaimRecord]:
        """Claims by date of their article and place in it."""
        return Rows(self, TABLES["claims"])

    @property
    def stances(self) -> Rows[StanceRecord]:
        """Sides of claims on targets, by claim."""
        return Rows(self, TABLES["stances"])

    @property
    def claim_authors(self) -> Rows[ClaimAuthorRecord]:
        """Whom claims are credited to, by claim."""
        return Rows(self, TABLES["claim_authors"])

    @property
    def entities(self) -> Rows[EntityRecord]:
        """Mentions, by article and place."""
        return Rows(self, TABLES["entities"])

    @property
    def figures(self) -> Rows[FigureRecord]:
        """Figures, by article and place."""
        return Rows(self, TABLES["figures"])

    def arrow(self, table: str) -> pa.Table:
        """Return a table as a whole. Raises `UsageError` for a name that is no table."""
        import pyarrow as pa

        return pa.Table.from_batches(self.batches(table), schema=_table(table).schema)

    def batches(self, table: str) -> Iterator[pa.RecordBatch]:
        """Yield a table in record batches, always cut at the same rows.

        Raises `UsageError` for a name that is no table, `RontenError` where it cannot be read.
        """
        import duckdb

        found = _table(table)
        try:
            reader = self._db.cursor().sql(found.ordered).to_arrow_reader(_BATCH_ROWS)
            for batch in reader:
                yield batch.cast(found.schema)
        except (duckdb.Error, OSError) as error:  # Arrow gives on as OSError what DuckDB raises
            said = str(error).partition("\n")[0]
            raise RontenError(f"{self.folder}: table {table} cannot be read: {said}") from error

    def query(self, sql: str, values: Sequence[Any] = ()) -> pa.Table:
        """Return what an SQL query over the tables gives; `values` fill its `?`.

        Raises `UsageError` where it is no single query, or is wrong.
        """
        self._check(sql)
        with _said():
            relation = self._db.cursor().sql(sql, params=list(values) or None)
            return relation.to_arrow_table()

    def select(self, sql: str, values: Sequence[Any] = ()) -> Result:
        """Return what an SQL query gives as column names and Python rows, read as they are used.

        Raises `UsageError` where it is no single query, or is wrong (also while rows are read).
        """
        self._check(sql)
        with _said():
            cursor = self._db.cursor().execute(sql, list(values))
        return Result([name for name, *_ in cursor.description or ()], _rows(cursor))

    def close(self) -> None:
        """Let go of the folder."""
        self._db.close()
        self._spill.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<dataset {self.folder}: {', '.join(TABLES)}>"

    def _check(self, sql: str) -> None:
        """Raise `UsageError` unless there is one statement, and it only reads."""
        import duckdb

        with _said():
            statements = self._db.extract_statements(sql)
        reads = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN)
        if len(statements) != 1 or statements[0].type not in reads:
            raise UsageError("SQL: not one SELECT; the dataset can be read only, a query at a time")


def _connect(folder: Path, spill: str) -> duckdb.DuckDBPyConnection:
    """Return a connection that sees the tables of a folder and nothing else of this machine.

    What does not fit into memory goes to the folder `spill`.
    """
    import duckdb

    with Store.open(folder, read_only=True):
        pass  # whatever is wrong with the folder is said here
    connection = duckdb.connect(config={"python_enable_replacements": False})
    connection.execute(f"SET temp_directory = {_quoted(spill)}")
    connection.execute(f"ATTACH {_quoted(str(folder / FILE_NAME))} AS {STORE} (READ_ONLY)")
    for table in TABLES.values():
        connection.execute(table.view)
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _table(name: str) -> Table:
    if name not in TABLES:
        raise unknown_name("table", name, TABLES, "dataset")
    return TABLES[name]


def _rows(cursor: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    while True:
        with _said():
            rows = cursor.fetchmany(_CHUNK)
        if not rows:
            return
        yield from rows


@contextmanager
def _said() -> Iterator[None]:
    """Raise what DuckDB has to say about a query as `UsageError`."""
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        said = str(error).partition("\n")[0]
        raise UsageError(f"SQL: {said}; `ronten query --help` lists tables and columns") from error
    except RuntimeError as error:
        if str(error) == "Query interrupted":  # what DuckDB makes of Ctrl-C
            raise KeyboardInterrupt from error
        raise
