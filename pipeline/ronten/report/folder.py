"""Where a report is written: beside its place, and never over what no report wrote."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from ronten import folders
from ronten.errors import UsageError

MARK = '<meta name="generator" content="ronten report">'
"""Stands near the beginning of every page; a single file without it is none of ours."""

_HEAD = 2_000
_REPORT = folders.Kind("report", "report.json", "ronten/report/1", "name a folder, or add --single")


class Folder:
    """The files of a report that is being written."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.files: list[str] = []
        self.bytes = 0

    def write(self, name: str, text: str) -> None:
        """Write a file, its folders made where they are missing."""
        path = self.place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        content = text.encode("utf-8", "replace")
        path.write_bytes(content)
        self.files.append(name)
        self.bytes += len(content)

    def close(self) -> None:
        """Note in the folder what was written, so that the next report may replace it."""
        content: dict[str, Any] = {"schema": _REPORT.schema, "files": sorted(self.files)}
        text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
        (self.place / _REPORT.manifest).write_text(text, "utf-8", newline="\n")


@contextmanager
def replacing(out: Path) -> Iterator[Folder]:
    """Give an empty folder to write to; it takes the place of `out` when all is well.

    Raises `UsageError` where `out` holds anything that no report wrote.
    """
    with folders.replacing(out, _REPORT) as place:
        folder = Folder(place)
        yield folder
        folder.close()


@contextmanager
def replacing_file(out: Path) -> Iterator[IO[str]]:
    """Give a file to write to; it takes the place of `out` when all is well.

    Raises `UsageError` where `out` is a folder, or a file that no report wrote.
    """
    if out.is_dir():
        raise UsageError(f"{out}: is a folder; name the file to write with --single")
    if out.exists() and MARK not in _head(out):
        raise UsageError(f"{out}: is a file that no report wrote; name another one")
    beside = out.with_name(f".{out.name}.new")
    try:
        try:
            out.parent.mkdir(parents=True, exist_ok=True)
            file = beside.open("w", encoding="utf-8", errors="replace", newline="\n")
        except OSError as error:
            raise UsageError(f"{out}: cannot be written: {error.strerror}") from error
        with file:
            yield file
        os.replace(beside, out)
    finally:
        beside.unlink(missing_ok=True)


def _head(path: Path) -> str:
    with path.open(encoding="utf-8", errors="replace") as file:
        return file.read(_HEAD)
