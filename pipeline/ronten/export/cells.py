"""Values as JSON and as the text of CSV cells."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterable, Sequence
from datetime import date, time
from decimal import Decimal
from typing import IO, Any

BOM = "\ufeff"
"""Without it Excel takes UTF-8 for the encoding of the country."""

_EXACT = 2**53
# Spreadsheets run what begins so; full-width signs count as well in Japanese ones. An apostrophe
# gets another, so that taking one off always gives the text back.
_DANGEROUS = frozenset("=+-@\t\r\n'＝＋－＠")
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def json_line(columns: Sequence[str], row: Iterable[Any]) -> str:
    """Return a row as a line of JSON."""
    return _encode({name: _plain(value) for name, value in zip(columns, row, strict=True)}) + "\n"


def write_csv(file: IO[str], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write rows in the form that Excel opens; `file` is open with newline="". Return their number.

    Fields are quoted where they need it, lines end in CR LF, text that a spreadsheet would run gets
    an apostrophe in front, lists and structs are JSON, null is empty.
    """
    writer = csv.writer(file, lineterminator="\r\n")
    file.write(BOM)
    writer.writerow(columns)
    written = 0
    for row in rows:
        writer.writerow([cell(value) for value in row])
        written += 1
    return written


def cell(value: Any) -> str:
    """Return a value as the text of a CSV cell."""
    if isinstance(value, str):
        return f"'{value}" if value[:1] in _DANGEROUS else value
    return text(value)


def text(value: Any) -> str:
    """Return a value as text: null is empty, lists and structs are JSON."""
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        value = int(value)
    value = _plain(value)
    if value is None or isinstance(value, str):
        return value or ""
    return _encode(value)


def distinct(names: Iterable[str]) -> list[str]:
    """Return column names of which none comes twice; later ones get a number."""
    found: list[str] = []
    for name in names:
        free, number = name, 1
        while free in found:
            free, number = f"{name}_{number}", number + 1
        found.append(free)
    return found


def _plain(value: Any) -> Any:
    """Return a value that JSON can hold; numbers that it cannot hold are null."""
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, date | time):  # a datetime too
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    return value.hex() if isinstance(value, bytes) else str(value)
