"""Where files lie: on this machine, or behind a URL that fsspec knows."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import unquote

from ronten.errors import UsageError

_URL = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]+)://")


def place(path: str | Path) -> Path:
    """Return the path that a name or URL stands for.

    What a URL such as `s3://bucket/folder` leads to behaves like a `Path`, but is none; a `file://`
    URL is a path of this machine like any other.

    Raises `UsageError` where what reads such a URL is not installed.
    """
    if not isinstance(path, str):
        return path
    url = _URL.match(path)
    if url is None:
        return Path(path)
    if url["scheme"].lower() == "file":
        named = unquote(path[url.end() :])
        if not named.startswith("/"):
            raise UsageError(f"'{path}': a file URL names a whole path: file:///folder/file")
        return Path(named)
    try:
        from upath import UPath
    except ModuleNotFoundError:
        raise UsageError(
            f"'{path}': URLs are read by universal-pathlib, which is not installed; "
            "run: pip install 'ronten[remote]'"
        ) from None
    try:
        found: Path = UPath(path)
        found.fs.invalidate_cache()  # type: ignore[attr-defined]  # listings of earlier runs
    except (ImportError, ValueError) as error:
        raise UsageError(
            f"'{path}': {error}; `{url['scheme']}:` needs the fsspec package of its store "
            "(s3fs, gcsfs, adlfs …)"
        ) from error
    return found


def is_local(path: Path) -> bool:
    """Tell whether a path is one of this machine and not behind a URL."""
    return isinstance(path, Path)


def printable(path: str | Path) -> str:
    """Return a path as text that can be written as UTF-8, whatever bytes its name is made of."""
    return os.fsencode(str(path)).decode("utf-8", "backslashreplace")


def location(path: str | Path) -> str:
    """Return where a file or folder lies, the same for every way to name it from here."""
    found = place(path)
    return printable(os.path.abspath(found) if is_local(found) else found)
