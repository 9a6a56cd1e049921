"""Files of rows: jsonl, json, csv and parquet, one record at a time.

Every reader yields `(row, record)`; a row that cannot be read is a `Refused` in place of the
record, a file that cannot be read raises it. Rows count from 1 (jsonl: lines; csv: without the
header); the one object of a .json file has no row.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, BinaryIO

from ronten.errors import Reason
from ronten.read.decode import damage, decode, open_text
from ronten.read.files import contents, parse_json
from ronten.read.refused import Refused

Row = tuple[int | None, dict[str, Any] | Refused]

_CELL_LIMIT = 2**31 - 1  # characters; the largest C long everywhere
_BATCH = 64  # parquet rows held at a time


def jsonl_stream(stream: BinaryIO) -> Iterator[Row]:
    """Read one JSON object per line; blank lines are skipped."""
    with closing(open_text(stream, "\n")) as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield number, damage(line, lines.encoding) or _record(line.strip())


def _jsonl(path: Path) -> Iterator[Row]:
    with path.open("rb") as stream:
        yield from jsonl_stream(stream)


def _record(line: str) -> dict[str, Any] | Refused:
    try:
        return _object(parse_json(line))
    except Refused as refused:
        return refused


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Refused(Reason.INVALID_ROW, f"{value!r:.40} where an object with 'text' belongs")
    return value


def _json(path: Path) -> Iterator[Row]:
    value = parse_json(decode(contents(path)))
    if not isinstance(value, list):
        yield None, _object(value)
        return
    for number, item in enumerate(value, 1):
        try:
            yield number, _object(item)
        except Refused as refused:
            yield number, refused


def _csv(path: Path) -> Iterator[Row]:
    csv.field_size_limit(_CELL_LIMIT)
    with path.open("rb") as stream, closing(open_text(stream, "")) as lines:
        reader = csv.reader(lines, strict=True)
        number = 0
        header: list[str] | None = None
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                refused = Refused(
                    Reason.INVALID_ROW, f"malformed CSV before line {reader.line_num + 1}: {error}"
                )
                if header is None:
                    raise refused from error
                number += 1
                yield number, refused
                continue
            if not any(cells):
                continue
            if header is None:
                header = _header(cells)
                continue
            number += 1
            yield number, damage(",".join(cells), lines.encoding) or _cells(header, cells)


def _header(cells: list[str]) -> list[str]:
    names = [cell.strip() for cell in cells]
    _text_column(names)
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise Refused(Reason.INVALID_ROW, f"two columns are called '{twice[0]}'; rename one")
    return names


def _text_column(names: list[str]) -> None:
    if "text" not in names:
        columns = ", ".join(map(repr, names[:8]))
        raise Refused(Reason.INVALID_ROW, f"no column 'text'; the columns are {columns}")


def _cells(header: list[str], cells: list[str]) -> dict[str, Any] | Refused:
    if len(cells) > len(header):
        return Refused(
            Reason.INVALID_ROW,
            f"{len(cells)} cells under {len(header)} columns; quote cells that hold commas",
        )
    return dict(zip(header, cells, strict=False))


def _parquet(path: Path) -> Iterator[Row]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with path.open("rb") as stream, pq.ParquetFile(stream) as file:
            _text_column(file.schema_arrow.names)
            number = 0
            # Without threads: readers may run in forked workers.
            for batch in file.iter_batches(_BATCH, use_threads=False):
                batch = batch.cast(_microseconds(batch.schema), safe=False)
                for index in range(batch.num_rows):
                    number += 1
                    yield number, _parquet_record(batch.slice(index, 1))
    except (pa.ArrowException, OSError) as error:
        message = str(error).splitlines()[0]
        raise Refused(Reason.UNREADABLE, f"not a whole parquet file: {message}") from error


def _microseconds(schema: Any) -> Any:
    """The schema with times as Python can hold them (nanoseconds would need pandas)."""
    import pyarrow as pa

    return pa.schema(
        [
            field.with_type(pa.timestamp("us", field.type.tz))
            if pa.types.is_timestamp(field.type)
            else field
            for field in schema
        ]
    )


def _parquet_record(batch: Any) -> dict[str, Any] | Refused:
    try:
        return {str(key): value for key, value in batch.to_pylist()[0].items()}
    except ValueError as error:  # a string that is no UTF-8, a time beyond Python's range
        return Refused(Reason.INVALID_ROW, f"a value cannot be read: {error}")


READERS: dict[str, Callable[[Path], Iterator[Row]]] = {
    ".jsonl": _jsonl,
    ".ndjson": _jsonl,
    ".json": _json,
    ".csv": _csv,
    ".parquet": _parquet,
}
"""How files of rows are read, by file name ending."""
