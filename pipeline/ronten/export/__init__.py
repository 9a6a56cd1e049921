"""The public tables of a dataset in the formats that other tools read."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

import ronten
from ronten import dataset as datasets
from ronten.errors import unknown_name
from ronten.folders import Kind, replacing
from ronten.tables import TABLES

FORMATS = ("jsonl", "parquet", "csv", "huggingface")

_EXPORT = Kind("export", "export.json", "ronten/export/1", "name a folder to write to")


@dataclass
class Exported:
    """What was written: number of rows by table."""

    out: Path
    rows: dict[str, int] = field(default_factory=dict)


def export(folder: Path, out: Path, format_: str) -> Exported:
    """Write the tables of an output folder into the folder `out`, all or nothing.

    An earlier export in `out` is replaced. The same dataset gives the same bytes.

    Raises `UsageError` where there is no dataset, `out` holds anything that no export wrote, or the
    format is unknown; `StoreError` where somebody writes to the dataset or another schema wrote it.
    """
    if format_ not in FORMATS:
        raise unknown_name("format", format_, FORMATS, "--format")
    module = import_module(f"ronten.export.{format_}")
    done = Exported(out)
    files: list[str] = []
    with datasets.open(folder) as dataset, replacing(out, _EXPORT) as target:
        for table in TABLES.values():
            written, done.rows[table.name] = module.write(
                target, table, dataset.batches(table.name)
            )
            files += written
        if format_ == "huggingface":
            from ronten import emit

            run = emit.manifest(folder)
            card = module.card(done.rows, _dates(dataset), run, out / module.CARD)
            (target / module.CARD).write_text(card, encoding="utf-8", newline="\n")
            files.append(module.CARD)
        text = json.dumps(_manifest(format_, done.rows, files), ensure_ascii=False, indent=1)
        (target / _EXPORT.manifest).write_text(text + "\n", encoding="utf-8", newline="\n")
    return done


def _manifest(format_: str, rows: dict[str, int], files: list[str]) -> dict[str, Any]:
    return {
        "schema": _EXPORT.schema,
        "ronten": ronten.__version__,
        "format": format_,
        "tables": {
            table.name: {
                "rows": rows[table.name],
                "description": table.description,
                "columns": {
                    column.name: {"type": column.type, "description": column.description}
                    for column in table.columns
                },
            }
            for table in TABLES.values()
        },
        "files": sorted(files),
    }


def _dates(dataset: datasets.Dataset) -> tuple[str | None, str | None]:
    ((first, last),) = dataset.select("SELECT min(published), max(published) FROM articles").rows
    return first, last
