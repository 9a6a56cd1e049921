"""The folder of an export: written beside its place, never over what is not ours."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ronten.errors import UsageError

MANIFEST = "export.json"
SCHEMA = "ronten/export/1"


@contextmanager
def replacing(out: Path) -> Iterator[Path]:
    """Give an empty folder to write to; it takes the place of `out` when all is well.

    Raises `UsageError` where `out` holds anything that no export wrote.
    """
    place = out.resolve()
    _check(out, place)
    new, old = (place.with_name(f".{place.name}.{end}") for end in ("new", "old"))
    for left in (new, old):  # of an export that was killed
        _remove(left)
    try:
        new.mkdir(parents=True)
    except OSError as error:
        raise UsageError(f"{out}: cannot be written: {error.strerror}") from error
    try:
        yield new
        if place.exists():
            place.rename(old)
        new.rename(place)
    finally:
        _remove(new)
    _remove(old)


def manifest(folder: Path) -> dict[str, Any]:
    """Return what an export noted about its folder, nothing where there is no export."""
    try:
        found = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    ours = isinstance(found, dict) and found.get("schema") == SCHEMA
    return found if ours and isinstance(found.get("files"), list) else {}


def _check(out: Path, place: Path) -> None:
    if place.exists() and not place.is_dir():
        raise UsageError(f"{out}: is a file; name a folder to write to")
    if not place.is_dir():
        return
    present = {p.relative_to(place).as_posix() for p in place.rglob("*") if not p.is_dir()}
    ours = {MANIFEST, *manifest(place).get("files", ())} if present else set()
    if foreign := sorted(present - ours if MANIFEST in present else present):
        more = f" and {len(foreign) - 1} more" if len(foreign) > 1 else ""
        raise UsageError(
            f"{out}: holds what no export wrote ({foreign[0]}{more}); name another folder"
        )


def _remove(folder: Path) -> None:
    if folder.is_dir():
        shutil.rmtree(folder)
