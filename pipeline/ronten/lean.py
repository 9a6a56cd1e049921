"""Keeps torch out of what has no use for it.

spaCy's base library imports torch wherever it is installed, for models that need it: two to four
seconds and 200 MB in every process. No model of ours does.
"""

from __future__ import annotations

import sys
from typing import Any, cast


def import_spacy() -> None:
    """Import spaCy's base library as if torch were not installed.

    torch can still be imported afterwards. Nothing happens where spaCy or torch is there already: a
    program with other models, in which torch computes, imports it first.
    """
    if {"torch", "thinc"} & sys.modules.keys():
        return
    modules = cast("dict[str, Any]", sys.modules)
    modules["torch"] = None  # Python's way to say that a module cannot be imported
    try:
        import thinc.compat  # noqa: F401
    finally:
        del modules["torch"]
