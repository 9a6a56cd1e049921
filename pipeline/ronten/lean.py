"""Keeps torch out of processes that have no use for it.

spaCy's base library imports torch wherever it is installed, for models that need it: two seconds
and 200 MB in every process. No model of ours does. Only processes that are ours alone do without;
in a program of somebody else a later model may need it.
"""

from __future__ import annotations

import sys
from typing import Any, cast

_ours = False


def own_process() -> None:
    """Say that nothing but ronten runs in this process."""
    global _ours
    _ours = True


def import_spacy() -> None:
    """Import spaCy's base library as if torch were not installed, where the process is ours.

    torch can still be imported afterwards. Nothing happens where spaCy or torch is there already.
    """
    if not _ours or {"torch", "thinc"} & sys.modules.keys():
        return
    modules = cast("dict[str, Any]", sys.modules)
    modules["torch"] = None  # Python's way to say that a module cannot be imported
    try:
        import thinc.compat  # noqa: F401
    finally:
        del modules["torch"]
