"""Tables as a folder that `datasets.load_dataset` reads and the Hugging Face Hub shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ronten.export import parquet
from ronten.tables import TABLES, Table

if TYPE_CHECKING:
    import pyarrow as pa

CARD = "README.md"
SHARD_GROUPS = 16
"""Row groups in a file: up to a million rows or a gigabyte of memory, less on disk."""
_UNKNOWN = """
Not stated yet: fill in `license` at the top of this file; later exports into this folder keep it.
"""
_KNOWN = """
As `license` at the top of this file says.
"""
_OWNERS = """\
Articles and the claims quoted from them belong to those who wrote them.
"""
_KEPT = ("license", "license_name", "license_link")
_TYPES = {"VARCHAR": "string", "BIGINT": "int64", "DOUBLE": "float64", "BOOLEAN": "bool"}
_SIZES = ("n<1K", "1K<n<10K", "10K<n<100K", "100K<n<1M", "1M<n<10M", "10M<n<100M")


def write(folder: Path, table: Table, batches: Iterable[pa.RecordBatch]) -> tuple[list[str], int]:
    """Write a table as a folder of Parquet files; return the files written, the number of rows.

    A table without rows is left out: a split without examples cannot be loaded.
    """
    files: list[str] = []
    rows = 0
    for number, groups in enumerate(_shards(parquet.row_groups(table, batches))):
        name = f"{table.name}/{number:05}.parquet"
        (folder / table.name).mkdir(exist_ok=True)
        rows += parquet.write_groups(folder / name, table, groups)
        files.append(name)
    return files, rows


def card(
    rows: Mapping[str, int], dates: tuple[str | None, str | None], run: Mapping[str, Any], old: Path
) -> str:
    """Return the dataset card.

    Args:
        rows: number of rows by table.
        dates: of the earliest and the latest article.
        run: run.json of the folder that is exported.
        old: card of an earlier export; the licence that somebody has filled in there stays.
    """
    import yaml

    shown = [TABLES[name] for name, number in rows.items() if number]
    head = {
        **_licence(old),
        "language": ["ja"],
        "pretty_name": "Claims in Japanese articles",
        "tags": ["claims", "quotation", "attribution", "stance"],
        "size_categories": [_size(rows["claims"])],
        "configs": [
            {
                "config_name": table.name,
                **({"default": True} if table.name == "claims" else {}),
                "data_files": [{"split": "train", "path": f"{table.name}/*.parquet"}],
            }
            for table in shown
        ],
    }
    front = yaml.safe_dump(head, sort_keys=False, allow_unicode=True)
    licence = _UNKNOWN if head["license"] == "unknown" else _KNOWN
    body = "".join(_body(rows, shown, dates, run))
    return f"---\n{front}---\n{body}\n## Licence\n{licence}{_OWNERS}"


def _body(
    rows: Mapping[str, int],
    shown: Iterable[Table],
    dates: tuple[str | None, str | None],
    run: Mapping[str, Any],
) -> Iterator[str]:
    first, last = dates
    when = f" published from {first} to {last}" if first else ""
    yield f"""
# Claims in Japanese articles

Who claims what, about what, on which side and with which figures: {rows["claims"]} claims by
{rows["authors"]} authors in {rows["articles"]} Japanese articles{when}. Found by
the program ronten {run.get("ronten", "")}; nobody has checked them one by one, and `confidence`
says how sure it is of each.

```python
from datasets import load_dataset

claims = load_dataset("FOLDER_OR_NAME", "claims", split="train")
```

| Configuration | Rows | A row is |
|---|---|---|
"""
    for name, number in rows.items():
        note = "" if number else " (none, so it is left out)"
        yield f"| `{name}` | {number} | {TABLES[name].description}{note} |\n"
    yield """
Rows refer to each other by id: `claims.article`, `claims.author` and `claims.position` to
`articles`, `authors` and `positions`; `claim` in `stances`, `claim_authors`, `entities` and
`figures` to `claims`.
Offsets count Unicode code points of `articles.text`, from 0, ends excluded.

## Features
"""
    for table in shown:
        yield f"\n### {table.name}\n\n{table.description}\n\n"
        yield "| Feature | Type | Meaning |\n|---|---|---|\n"
        for column in table.columns:
            yield f"| `{column.name}` | {_type(column.type)} | {column.description} |\n"


def _shards(groups: Iterator[pa.Table]) -> Iterator[Iterator[pa.Table]]:
    for group in groups:
        yield chain((group,), islice(groups, SHARD_GROUPS - 1))


def _licence(old: Path) -> dict[str, Any]:
    import yaml

    try:
        front = old.read_text("utf-8").split("---\n")[1]
        held = yaml.safe_load(front)
        found = {key: held[key] for key in _KEPT if held.get(key)}
    except (OSError, ValueError, IndexError, AttributeError, yaml.YAMLError):
        found = {}
    return {"license": "unknown", **found}


def _type(sql_type: str) -> str:
    return f"list of {_type(sql_type[:-2])}" if sql_type.endswith("[]") else _TYPES[sql_type]


def _size(rows: int) -> str:
    return _SIZES[min(max(len(str(rows)) - 3, 0), len(_SIZES) - 1)]
