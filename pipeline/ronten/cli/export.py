"""`ronten export`: the dataset for other tools."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from ronten.cli.tables import print_table


def command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Output folder of `ronten run`.")],
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            metavar="PATH",
            help="Folder to write to; an earlier export in it is replaced, anything else refused.",
        ),
    ],
    format_: Annotated[
        Literal["jsonl", "parquet", "csv", "huggingface"],
        typer.Option("--format", help="JSON lines, Parquet, CSV for Excel, or a Hub dataset."),
    ] = "parquet",
) -> None:
    """Write the dataset as tables that other tools read.

    Tables: articles, authors, positions, claims, stances, claim_authors, entities, figures. The
    file export.json says what every column means.

    [bold]Examples[/bold]

      ronten export positions/ --format csv --out tables/

      ronten export positions/ --format huggingface --out my-dataset/

    [bold]Exit codes[/bold]

      0  done
      2  wrong usage, no dataset in DIR, or PATH holds what no export wrote
      4  DIR is locked by a run, or of another version
    """
    from ronten.export import export

    done = export(folder, out, format_)
    print_table(("table", "rows"), [(name, str(rows)) for name, rows in done.rows.items()])
    typer.echo(f"result: {out}", err=True)
