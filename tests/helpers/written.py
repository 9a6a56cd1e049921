"""What a run has written, in a form that can be compared."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ronten.store import FILE_NAME, LOCK_NAME


def state(out: Path) -> dict[str, bytes]:
    """Every emitted file by name; run.json without its times, dataset and lock left out."""
    files = {
        str(path.relative_to(out)): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file() and path.name not in (FILE_NAME, LOCK_NAME)
    }
    manifest = json.loads(files["run.json"])
    del manifest["times"]
    return files | {"run.json": json.dumps(manifest).encode()}


def write(folder: Path, **texts: str) -> Path:
    """Write articles as text files, by name."""
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


def lines(path: Path) -> list[dict[str, Any]]:
    """Read a file of JSON lines."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def documents(out: Path) -> dict[str, dict[str, Any]]:
    """Read the documents of all identified authors, by name."""
    found = [json.loads(p.read_text("utf-8")) for p in (out / "authors").rglob("*.json")]
    return {d["name"]: d for d in found}
