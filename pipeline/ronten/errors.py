"""Every error ronten raises on purpose: what happened, where, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from enum import IntEnum, StrEnum


class Exit(IntEnum):
    """Exit codes of the command line (documented in docs/formats.md)."""

    DONE = 0
    MISSED = 1
    USAGE = 2
    REJECTED = 3
    LOCKED = 4


class RontenError(Exception):
    """Root of all errors; the message names the thing, the place and the remedy."""

    exit_code: Exit = Exit.USAGE


class UsageError(RontenError):
    """A wrong argument, configuration key or path."""


class ModelNotFound(RontenError):
    """A model folder or package is missing or damaged."""


class StoreError(RontenError):
    """The output folder is locked or was written by another version."""

    exit_code = Exit.LOCKED


class Locked(StoreError):
    """Somebody else writes to the output folder; `by` says who."""

    def __init__(self, folder: object, by: str) -> None:
        super().__init__(f"{folder}: locked by {by}; wait for it to finish or name another folder")
        self.by = by


class Reason(StrEnum):
    """Why an input was not processed (`reason` in rejected.jsonl)."""

    UNREADABLE = "unreadable"
    EMPTY = "empty"
    UNDECODABLE = "undecodable"
    INVALID_ROW = "invalid_row"
    NO_TEXT = "no_text"
    NOT_JAPANESE = "not_japanese"
    ID_CONFLICT = "id_conflict"
    DUPLICATE = "duplicate"
    FAILED = "failed"


def unknown_name(what: str, name: str, known: Iterable[str], where: str) -> UsageError:
    """Build the error for a name that does not exist, with the nearest one that does."""
    choices = sorted(known)
    near = get_close_matches(name, choices, n=1)
    hint = f"did you mean '{near[0]}'?" if near else f"known: {', '.join(choices)}"
    return UsageError(f"{where}: unknown {what} '{name}'; {hint}")
