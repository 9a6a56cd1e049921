"""Annotations as they are, for training and `ronten evaluate`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from ronten.gold.files import load_annotations, write_annotations
from ronten.types import Annotation

HOLDS = (
    "FILE.jsonl, or a folder with ID.json for every article: gold as every command of ronten reads "
    "it. Nothing is left out."
)
LOSES: tuple[str, ...] = ()


def write(path: Path, annotations: Iterable[Annotation]) -> int:
    """Write annotations to a .jsonl file or to a folder and count them."""
    return write_annotations(path, annotations)


def read(path: Path, labels: Mapping[str, str] | None = None) -> Iterator[Annotation]:
    """Read annotations; `labels` are of no use, because all labels are ours."""
    return load_annotations(path)
