"""Tables as Parquet files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from ronten.tables import Table

if TYPE_CHECKING:
    import pyarrow as pa

GROUP_ROWS = 65_536
GROUP_BYTES = 64 * 2**20
"""What a row group holds at most: so much is in memory while a table is written."""


def write(folder: Path, table: Table, batches: Iterable[pa.RecordBatch]) -> tuple[list[str], int]:
    """Write a table as one file; return the files written, and the number of rows."""
    name = f"{table.name}.parquet"
    return [name], write_groups(folder / name, table, row_groups(table, batches))


def write_groups(file: Path, table: Table, groups: Iterable[pa.Table]) -> int:
    """Write row groups into one file; return the number of rows."""
    from pyarrow.parquet import ParquetWriter

    rows = 0
    with ParquetWriter(file, table.schema, compression="zstd") as writer:
        for group in groups:
            writer.write_table(group, row_group_size=group.num_rows)
            rows += group.num_rows
    return rows


def row_groups(table: Table, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    """Gather batches into row groups; the same batches always give the same ones."""
    import pyarrow as pa

    held: list[pa.RecordBatch] = []
    for batch in chain(batches, (None,)):
        full = (
            sum(b.num_rows for b in held) >= GROUP_ROWS
            or sum(b.nbytes for b in held) >= GROUP_BYTES
        )
        if held and (batch is None or full):
            yield pa.Table.from_batches(held, schema=table.schema)
            held = []
        if batch is not None:
            held.append(batch)
