"""How many inputs there are, before any is read: what it takes to tell the time left."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ronten.read.discover import Source, discover
from ronten.read.places import is_local

_LINES = frozenset({".jsonl", ".ndjson", ".csv"})
_CHUNK = 1 << 20


def count(paths: Sequence[str | Path]) -> int:
    """Return about how many articles lie under `paths`: files, and rows of files of rows.

    Lines are counted where a row may have several (csv); standard input and files behind URLs count
    as one. Raises `UsageError` for a path that does not exist.
    """
    return sum(_inputs(source) if isinstance(source, Source) else 1 for source in discover(paths))


def _inputs(source: Source) -> int:
    if source.path is None or not is_local(source.path):  # would be fetched twice
        return 1
    try:
        if source.suffix in _LINES:
            with source.path.open("rb") as file:
                return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(_CHUNK), b""))
        if source.suffix == ".parquet":
            import pyarrow.parquet as pq

            with source.path.open("rb") as file:
                return int(pq.ParquetFile(file).metadata.num_rows)
    except (OSError, ValueError):  # reading it says what is wrong with it
        return 1
    return 1
