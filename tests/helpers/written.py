"""What a run has written, in a form that can be compared."""

from __future__ import annotations

import json
from pathlib import Path

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
