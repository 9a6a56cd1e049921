"""Folders that are written whole: beside their place, and never over what is not ours."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from ronten.errors import UsageError


class Kind(NamedTuple):
    """What writes a folder, as an error names it, and the file that it notes its files in."""

    word: str
    manifest: str
    schema: str
    remedy: str
    """What to do where the place is a file."""


@contextmanager
def replacing(out: Path, kind: Kind) -> Iterator[Path]:
    """Give an empty folder to write to; it takes the place of `out` when all is well.

    Raises `UsageError` where `out` holds anything that nothing of this kind wrote.
    """
    place = out.resolve()
    _check(out, place, kind)
    new, old = (place.with_name(f".{place.name}.{end}") for end in ("new", "old"))
    for left in (new, old):  # of a process that was killed
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


def manifest(folder: Path, kind: Kind) -> dict[str, Any]:
    """Return what was noted about a folder, nothing where nothing of this kind wrote it."""
    try:
        found = json.loads((folder / kind.manifest).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    ours = isinstance(found, dict) and found.get("schema") == kind.schema
    return found if ours and isinstance(found.get("files"), list) else {}


def _check(out: Path, place: Path, kind: Kind) -> None:
    if place.exists() and not place.is_dir():
        raise UsageError(f"{out}: is a file; {kind.remedy}")
    if not place.is_dir():
        return
    present = {p.relative_to(place).as_posix() for p in place.rglob("*") if not p.is_dir()}
    others = present - {kind.manifest}
    noted = manifest(place, kind)
    # A note that is not ours counts only where it stands alone: it says nothing about the others.
    foreign = sorted(others.difference(noted["files"]) if noted else others or present)
    if foreign:
        more = f" and {len(foreign) - 1} more" if len(foreign) > 1 else ""
        raise UsageError(
            f"{out}: holds what no {kind.word} wrote ({foreign[0]}{more}); name another folder"
        )


def _remove(folder: Path) -> None:
    if folder.is_dir():
        shutil.rmtree(folder)
