"""What an output folder holds, when it was last run, and whether its files are up to date."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import ronten
from ronten import dataset, emit
from ronten.authors import read_aliases
from ronten.config import Config
from ronten.errors import Locked, RontenError
from ronten.store import FILE_NAME, SCHEMA, Store


@dataclass
class Status:
    """The state of an output folder; None where a run that is going on keeps it from being read."""

    folder: Path
    schema: int | None = None
    locked_by: str | None = None
    articles: int | None = None
    claims: int | None = None
    repeats: int | None = None
    """Claims of near duplicates that repeat another and are not counted again."""
    positions: int | None = None
    authors: int | None = None
    anonymous: int | None = None
    rejected: dict[str, int] | None = None
    """Number of inputs that could not be used, by reason."""
    removed_articles: int | None = None
    removed_authors: int | None = None
    outdated: int | None = None
    """Articles annotated with other models or another configuration than the last run's."""
    first: str | None = None
    last: str | None = None
    run: dict[str, Any] = field(default_factory=dict)
    """The last run that changed anything: `started`, `ronten` (version), `seconds`."""
    up_to_date: bool | None = None
    """Whether the files are what the dataset gives; None where that cannot be told."""
    files: str = ""
    """The same in words."""
    bytes: int = 0
    dataset_bytes: int = 0

    def as_dict(self) -> dict[str, Any]:
        """Return the status as JSON-ready data."""
        return {**asdict(self), "folder": str(self.folder)}


def status(folder: Path) -> Status:
    """Return the state of an output folder, also while a run writes to it.

    Raises `UsageError` where there is no dataset, `StoreError` where another schema wrote it.
    """
    found = Status(folder)
    manifest = emit.manifest(folder)
    times = manifest.get("times", {})
    found.run = {
        "started": times.get("started"),
        "ronten": manifest.get("ronten"),
        "seconds": round(sum(times.get("seconds", {}).values()), 1) if times else None,
    }
    try:
        _read(found, manifest)
    except Locked as error:
        found.locked_by = error.by
        _read_files(found)
    found.bytes = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    found.dataset_bytes = (folder / FILE_NAME).stat().st_size
    return found


def _read(found: Status, manifest: dict[str, Any]) -> None:
    fingerprint = manifest.get("fingerprints", {}).get("annotation")
    with dataset.open(found.folder) as tables:
        ((found.repeats, found.first, found.last, found.outdated),) = tables.select(
            "SELECT (SELECT count(*) FROM claims WHERE original IS NOT NULL), min(published), "
            "max(published), count(*) FILTER (fingerprint <> ?) FROM store.articles",
            [fingerprint],
        ).rows
        ((found.authors, found.anonymous),) = tables.select(
            "SELECT count(*) FILTER (identified), count(*) FILTER (NOT identified) FROM authors"
        ).rows
    with Store.open(found.folder, read_only=True) as store:
        counts = store.counts()
        found.articles, found.claims = counts.articles, counts.claims
        found.positions = counts.positions
        found.rejected = dict(sorted(Counter(str(r.reason) for r in store.rejected()).items()))
        found.removed_articles = len(store.removed("article"))
        found.removed_authors = len(store.removed("author"))
        found.up_to_date, found.files = _files(store, found.folder, manifest)
    found.schema = SCHEMA


def _read_files(found: Status) -> None:
    """Take the counts from the files, as the last run that was finished left them."""
    counts = emit.manifest(found.folder, emit.INDEX).get("counts", {})
    for name in ("articles", "claims", "positions", "authors", "anonymous"):
        setattr(found, name, counts.get(name))
    found.files = "being written, or about to be"


def _files(store: Store, folder: Path, manifest: dict[str, Any]) -> tuple[bool | None, str]:
    again = f"the next `ronten run` into {folder} writes them"
    if store.emitted() is None or not manifest:
        return False, f"not all written: no run has ended here yet; {again}"
    try:
        config = Config.model_validate(manifest.get("configuration", {}), strict=False)
        aliases = read_aliases(config.aliases)
    except (RontenError, ValueError):
        return None, "unknown: the configuration or alias table of the last run cannot be read"
    if changed := emit.damaged(store, folder):
        return False, f"{len(changed)} changed or missing ({changed[0]}); {again}"
    key = emit.key_of(store, aliases, config.min_confidence, ronten.__version__)
    if store.emitted() != key:
        return False, f"older than the dataset or than this version of ronten; {again}"
    return True, "up to date"
