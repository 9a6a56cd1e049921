"""The form in which names are compared and hashed."""

from __future__ import annotations

import re
from unicodedata import normalize

_JOINTS = re.compile(r"[\s・=＝]")


def canonical(name: str) -> str:
    """Return a name without case, width, spaces and the marks between its parts."""
    return _JOINTS.sub("", normalize("NFKC", name)).casefold()
