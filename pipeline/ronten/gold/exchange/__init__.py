"""Exchange of annotations with annotation tools.

Every format has a module of its own with the same four names: `write(path, annotations)`,
`read(path)`, `HOLDS` (what the tool shows and lets people edit) and `LOSES` (what it cannot hold).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from ronten.errors import unknown_name
from ronten.types import Annotation

FORMATS: Mapping[str, str] = {
    "label-studio": "label_studio",
    "doccano": "doccano",
    "brat": "brat",
    "docbin": "docbin",
    "json": "plain",
}
"""Names of the formats on the command line, and their modules."""


class Format(Protocol):
    """What the module of a format offers."""

    HOLDS: str
    LOSES: tuple[str, ...]

    def write(self, path: Path, annotations: Iterable[Annotation]) -> int:
        """Write annotations in the tool's format and count them."""

    def read(self, path: Path, labels: Mapping[str, str] | None = None) -> Iterator[Annotation]:
        """Read annotations; `labels` translates labels of the tool that are not ours."""


def load_format(name: str) -> Format:
    """Return the module of a format; raises `UsageError` for a name that does not exist."""
    if name not in FORMATS:
        raise unknown_name("format", name, FORMATS, "gold")
    return cast(Format, import_module(f"{__name__}.{FORMATS[name]}"))
