"""One writer at a time: the lock of an output folder."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ronten.errors import Locked, UsageError

LOCK_NAME = ".ronten.lock"


@contextmanager
def lock(folder: Path) -> Iterator[None]:
    """Keep other writers out of a folder, which is made where there is none.

    Raises `Locked` where somebody else has it, `UsageError` where it cannot be written to. The
    operating system frees the lock of a process that is killed.
    """
    from filelock import FileLock, Timeout

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise UsageError(f"{folder}: is a file; name a folder to write to") from None
    except OSError as error:
        raise UsageError(f"{folder}: cannot be made: {error.strerror}") from error
    path = folder / LOCK_NAME
    held = FileLock(path, timeout=0)
    try:
        held.acquire()
    except Timeout:
        raise Locked(folder, holder(folder)) from None
    except OSError as error:
        raise UsageError(f"{folder}: cannot be written to: {error.strerror}") from error
    try:
        path.write_text(f"process {os.getpid()} on {socket.gethostname()}", "utf-8")
        yield
    finally:
        path.write_text("", "utf-8")
        held.release()


def holder(folder: Path) -> str:
    """Return who says to hold the lock of a folder."""
    path = folder / LOCK_NAME
    return (path.read_text("utf-8").strip() if path.is_file() else "") or "another process"
