"""`meta.json` of a model folder: what all models say of themselves."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ronten import models
from ronten.errors import UsageError


def name_and_version(out: Path) -> tuple[str, str]:
    """Return what a folder is named; raises `UsageError` where it is not NAME-VERSION."""
    name, _, version = out.name.rpartition("-")
    if not name:
        raise UsageError(f"{out}: name the folder NAME-VERSION, for example embedding-0.1.0")
    return name, version


def write_meta(out: Path, *, licence: str, scores: Mapping[str, Any], files: Iterable[str]) -> None:
    """Write `meta.json` beside the `files` of a model, with their sha256.

    Raises `UsageError` where the folder is not named NAME-VERSION.
    """
    name, version = name_and_version(out)
    meta = {
        "name": name,
        "version": version,
        "ronten": ">=0.1,<1",
        "license": licence,
        "scores": scores,
        "files": {file: models.hash_file(out / file) for file in files},
    }
    text = json.dumps(meta, ensure_ascii=False, indent=2)
    (out / models.META).write_text(text + "\n", encoding="utf-8")
