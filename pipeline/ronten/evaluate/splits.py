"""Parts of a corpus: `splits.json`, {article id: split}, in its folder or beside it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from ronten.errors import UsageError, unknown_name
from ronten.gold.files import SPLITS
from ronten.types import Annotation


def select(annotations: Sequence[Annotation], corpus: Path, split: str) -> list[Annotation]:
    """Return the articles of a split.

    Raises `UsageError` where there is no usable splits.json, or nothing in it has this split.
    """
    splits = read_splits(corpus)
    if splits is None:
        looked = " and ".join(str(place.parent) for place in _places(corpus))
        raise UsageError(f"--split {split}: no {SPLITS} in {looked}; write {{id: split}} there")
    if split not in splits.values():
        raise unknown_name("split", split, set(splits.values()), SPLITS)
    return [annotation for annotation in annotations if splits.get(annotation.id) == split]


def read_splits(corpus: Path) -> dict[str, str] | None:
    """Return {article id: split} of the splits.json in a corpus or beside it, None without one.

    Raises `UsageError` where the file cannot be read or holds anything else.
    """
    path = next((place for place in _places(corpus) if place.is_file()), None)
    if path is None:
        return None
    try:
        splits = json.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: cannot be read: {error}") from error
    if not isinstance(splits, dict) or not all(isinstance(s, str) for s in splits.values()):
        raise UsageError(f"{path}: expected one object, {{article id: split}}")
    return splits


def _places(corpus: Path) -> list[Path]:
    return [corpus / SPLITS, corpus.parent / SPLITS]
