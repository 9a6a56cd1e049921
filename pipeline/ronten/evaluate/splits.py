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
    places = [corpus / SPLITS, corpus.parent / SPLITS]
    path = next((place for place in places if place.is_file()), None)
    if path is None:
        looked = " and ".join(str(place.parent) for place in places)
        raise UsageError(f"--split {split}: no {SPLITS} in {looked}; write {{id: split}} there")
    try:
        splits = json.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: cannot be read: {error}") from error
    if not isinstance(splits, dict) or not all(isinstance(s, str) for s in splits.values()):
        raise UsageError(f"{path}: expected one object, {{article id: split}}")
    if split not in splits.values():
        raise unknown_name("split", split, set(splits.values()), str(path))
    return [annotation for annotation in annotations if splits.get(annotation.id) == split]
