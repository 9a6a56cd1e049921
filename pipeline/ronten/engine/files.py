"""Results as files: a shard is one Parquet file in a folder that every machine sees."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from ronten import __version__
from ronten.engine.work import Result
from ronten.read import is_local
from ronten.store import content_hash, shards
from ronten.types import Article, Rejected

if TYPE_CHECKING:
    import pyarrow as pa

_REJECTED = b"ronten.rejected"
_OURS = re.compile(r"shard-[0-9a-f]{32}\.parquet(\.[0-9a-f]{32})?")


def name(articles: Sequence[Article], fingerprint: str) -> str:
    """Return the name of the file for what is made of some articles: a hash of what it holds."""
    made_with = [__version__, fingerprint, shards.schema().to_string()]
    held = [(a.id, content_hash(a), a.origin, a.row, a.location) for a in articles]
    return f"shard-{sha256(json.dumps([made_with, held]).encode()).hexdigest()[:32]}.parquet"


def write(result: Result, path: Path) -> None:
    """Write a result, so that a file of this name is whole whenever there is one."""
    import pyarrow.parquet as pq

    rejected = [{**r.model_dump(mode="json"), "location": r.location} for r in result.rejected]
    made: pa.Table = result.made.replace_schema_metadata({_REJECTED: json.dumps(rejected)})
    # Two machines may write the same shard at once, where one was taken for dead.
    unfinished = path.with_name(f"{path.name}.{uuid4().hex}")
    try:
        with unfinished.open("wb") as stream:
            pq.write_table(made, stream)
        unfinished.rename(path)
    except BaseException:
        with suppress(OSError):
            unfinished.unlink()
        raise


def read(path: Path) -> Result:
    """Return a result that was written."""
    import pyarrow.parquet as pq

    with path.open("rb") as stream:
        made = pq.read_table(stream)
    rejected = json.loads(made.schema.metadata[_REJECTED])
    return Result(
        made.replace_schema_metadata(None), [Rejected.model_validate(r) for r in rejected]
    )


def names(folder: Path) -> set[str]:
    """Return the names of the files of results, whole or not, in a folder."""
    return {path.name for path in folder.iterdir() if _OURS.fullmatch(path.name)}


def clear(folder: Path) -> None:
    """Delete the files of results in a folder, and a folder of this machine that held only them."""
    if not folder.exists():
        return
    for name in names(folder):
        (folder / name).unlink()
    if is_local(folder):
        with suppress(OSError):
            folder.rmdir()
