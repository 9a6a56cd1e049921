"""Tables as CSV files that Excel opens."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from ronten.export.cells import write_csv
from ronten.tables import Table

if TYPE_CHECKING:
    import pyarrow as pa


def write(folder: Path, table: Table, batches: Iterable[pa.RecordBatch]) -> tuple[list[str], int]:
    """Write a table as one file; return the files written, and the number of rows."""
    name = f"{table.name}.csv"
    columns = [column.name for column in table.columns]
    rows = (
        row
        for batch in batches
        for row in zip(*(column.to_pylist() for column in batch.columns), strict=True)
    )
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        return [name], write_csv(file, columns, rows)
