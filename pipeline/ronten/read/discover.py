"""Which files there are: PATH arguments become sources in a fixed order."""

from __future__ import annotations

import os
import stat
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ronten.errors import Reason, UsageError
from ronten.read.places import is_local, location, place, printable
from ronten.types import Rejected

READABLE = frozenset(
    {".txt", ".md", ".html", ".htm", ".jsonl", ".ndjson", ".json", ".csv", ".parquet"}
)
"""File name endings that can be read, in lower case."""

SIDECAR = ".meta.json"
STDIN = "-"


@dataclass(frozen=True, slots=True)
class Source:
    """One file to read (`path` is None for standard input) and the name it goes by."""

    path: Path | None
    origin: str

    @property
    def suffix(self) -> str:
        """The file name ending that decides how the file is read."""
        return Path(self.origin).suffix.lower()


def discover(paths: Sequence[str | Path]) -> Iterator[Source | Rejected]:
    """List every file under `paths`, in the order given and sorted inside folders.

    Raises `UsageError` at once, before the first file, if a path does not exist.
    """
    places = [None if str(path) == STDIN else place(path) for path in paths]
    for path in places:
        if path is not None and not _exists(path):
            raise UsageError(
                f"no such file or folder: '{printable(path)}'; "
                f"check the spelling (relative paths start at '{printable(Path.cwd())}')"
            )
    return _each_origin_once(places)


def _exists(path: Path) -> bool:
    try:
        path.stat()  # `exists` of fsspec also says no where it was refused
        return True
    except FileNotFoundError:
        return False
    except Exception as error:  # every store has its own for refused keys and hosts not found
        if is_local(path):  # a name too long, a folder that may not be looked into
            return False
        raise UsageError(
            f"'{printable(path)}' cannot be reached: {str(error) or type(error).__name__}; "
            "check the address and the credentials of its store"
        ) from error


def _each_origin_once(paths: Sequence[Path | None]) -> Iterator[Source | Rejected]:
    taken: dict[str, Path | None] = {}
    listed: set[Hashable] = set()
    for path in paths:
        for source in _under(path, listed):
            if isinstance(source, Source) and source.origin in taken:
                first = taken[source.origin]
                if source.path is None or first is None:
                    continue  # standard input given twice is still one input
                yield Rejected(
                    origin=printable(source.path),
                    reason=Reason.ID_CONFLICT,
                    detail=f"'{source.origin}' was read from '{printable(first)}' in this run; "
                    "give the folder above both",
                    location=location(source.path),
                )
                continue
            if isinstance(source, Source):
                taken[source.origin] = source.path
                yield source
            elif path is not None:
                here = path / source.origin if path.is_dir() else path
                yield source.model_copy(update={"location": location(here)})


def _under(path: Path | None, listed: set[Hashable]) -> Iterator[Source | Rejected]:
    if path is None:
        yield Source(None, STDIN)
    elif path.is_dir():
        yield from _folder(path, listed)
    else:
        yield from _file(path, printable(path.name), listed)


def _folder(root: Path, listed: set[Hashable]) -> Iterator[Source | Rejected]:
    visited: set[Hashable] = set()
    # A stack instead of recursion: folders may be nested deeper than Python's call stack.
    waiting = [root]
    while waiting:
        path = waiting.pop()
        origin = printable(path.relative_to(root).as_posix())
        if not path.is_dir():
            if not path.name.startswith(("README", "LICENSE")) and not path.name.endswith(SIDECAR):
                yield from _file(path, origin, listed)
            continue
        if path != root and path.is_symlink() and _is_loop(path):
            yield _unreadable(origin, "symbolic link to a folder that holds it (a loop)")
        elif (identity := _identity(path, path.stat())) in visited:
            yield Rejected(
                origin=origin,
                reason=Reason.DUPLICATE,
                detail=f"the folder '{printable(path.resolve())}' is read already",
            )
        else:
            visited.add(identity)
            try:
                inside = _entries(path)
            except OSError as error:
                yield _unreadable(origin, error.strerror or str(error))
                continue
            if not inside and path.suffix.lower() in READABLE:
                yield _unreadable(origin, "an empty folder with the name of a file")
            waiting += inside


def _entries(folder: Path) -> list[Path]:
    """The entries of a folder that are not hidden, last name first (to be popped off the end)."""
    names = [path.name for path in folder.iterdir() if not path.name.startswith(".")]
    return [folder / name for name in sorted(names, reverse=True)]


def _identity(path: Path, status: os.stat_result) -> Hashable:
    """What two names of one file share; behind URLs there are no links."""
    return (status.st_dev, status.st_ino) if is_local(path) else str(path)


def _is_loop(link: Path) -> bool:
    return (link.parent.resolve() / link.name).is_relative_to(link.resolve())


def _file(path: Path, origin: str, listed: set[Hashable]) -> Iterator[Source | Rejected]:
    """Yield a file unless it is listed already, by this path or another."""
    try:
        status = path.stat()
    except OSError as error:
        yield _unreadable(origin, error.strerror or str(error))
        return
    if not stat.S_ISREG(status.st_mode):
        yield _unreadable(origin, "not a regular file; pipe its content to '-' instead")
    elif (identity := _identity(path, status)) not in listed:
        listed.add(identity)
        yield _regular(path, origin, status.st_size)


def _regular(path: Path, origin: str, size: int) -> Source | Rejected:
    source = Source(path, origin)
    if source.suffix not in READABLE:
        kinds = " ".join(sorted(READABLE))
        return _unreadable(origin, f"unknown kind '{source.suffix}'; readable: {kinds}")
    if not size:
        return Rejected(origin=origin, reason=Reason.EMPTY, detail="0 bytes")
    return source


def _unreadable(origin: str, detail: str) -> Rejected:
    return Rejected(origin=origin, reason=Reason.UNREADABLE, detail=detail)
