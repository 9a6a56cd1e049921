"""Sudachi's dictionary, once per process: every further copy of it costs 56 MB."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sudachipy import Dictionary


@cache
def dictionary() -> Dictionary:
    """Return the dictionary; the tokenizers made of it, one per thread, share its memory."""
    from sudachipy import Dictionary

    return Dictionary(dict="core")
