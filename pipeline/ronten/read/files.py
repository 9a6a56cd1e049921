"""Reading one file, and the JSON in it."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

from ronten.errors import Reason
from ronten.read.refused import Refused


def contents(path: Path) -> bytes:
    """Return all bytes of a regular file; raises `Refused` (unreadable)."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # opening a pipe would wait for ever
            raise Refused(Reason.UNREADABLE, "not a regular file")
        return path.read_bytes()
    except OSError as error:
        raise Refused(Reason.UNREADABLE, error.strerror or str(error)) from error


def not_empty(data: bytes) -> bytes:
    """Return `data`; raises `Refused` (empty) if there is none."""
    if not data:
        raise Refused(Reason.EMPTY, "0 bytes")
    return data


def parse_json(text: str) -> Any:
    """Return the value of a JSON text; raises `Refused` (invalid_row)."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise Refused(Reason.INVALID_ROW, f"malformed JSON at {place}: {error.msg}") from error
    except (ValueError, RecursionError) as error:  # a number or a nesting beyond Python's limits
        raise Refused(Reason.INVALID_ROW, f"JSON that cannot be read: {error}") from error
