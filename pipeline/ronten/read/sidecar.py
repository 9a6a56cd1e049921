"""Metadata in a file beside the article: `NAME.ext.meta.json`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ronten.errors import Reason
from ronten.read import fields
from ronten.read.decode import decode
from ronten.read.discover import SIDECAR
from ronten.read.files import contents, parse_json
from ronten.read.places import printable
from ronten.read.refused import Refused


def sidecar(path: Path) -> dict[str, Any]:
    """Return what the sidecar of `path` says, `{}` without one; raises `Refused` (invalid_row)."""
    beside = path.with_name(path.name + SIDECAR)
    if not beside.is_symlink() and not beside.exists():
        return {}
    where = f"sidecar '{printable(beside.name)}': "
    try:
        said = parse_json(decode(contents(beside)))
        if not isinstance(said, dict) or "text" in said:
            raise Refused(Reason.INVALID_ROW, "must be one object of metadata, without 'text'")
    except Refused as refused:
        raise Refused(Reason.INVALID_ROW, f"{where}{refused.detail}") from refused
    return fields.parse(said, where)
