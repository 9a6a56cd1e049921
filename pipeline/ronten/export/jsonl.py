"""Tables as JSON lines."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from ronten.export.cells import json_line
from ronten.tables import Table

if TYPE_CHECKING:
    import pyarrow as pa


def write(folder: Path, table: Table, batches: Iterable[pa.RecordBatch]) -> tuple[list[str], int]:
    """Write a table as one file; return the files written, and the number of rows."""
    name = f"{table.name}.jsonl"
    columns = [column.name for column in table.columns]
    rows = 0
    with (folder / name).open("w", encoding="utf-8", newline="\n") as file:
        for batch in batches:
            for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                file.write(json_line(columns, row))
            rows += batch.num_rows
    return [name], rows
