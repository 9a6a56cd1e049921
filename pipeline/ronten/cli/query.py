"""`ronten query`: SQL over the dataset, and claims by what is known of them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from typer.core import TyperCommand

from ronten.cli.tables import print_table

if TYPE_CHECKING:
    from ronten.dataset import Result

_SHORT = ("published", "author_name", "type", "text", "id")
"""Columns of claims that a table on a terminal has room for."""


class WithTables(TyperCommand):
    """A command whose help lists the tables; they are imported for nothing else."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Print the help with the columns of every table."""
        from ronten.tables import TABLES

        described = ["[bold]Tables[/bold]"]
        described += [
            f"[bold]{table.name}[/bold]: {', '.join(column.name for column in table.columns)}"
            for table in TABLES.values()
        ]
        text = "\n\n" + "\n\n".join(described)
        self.help = (self.help or "").removesuffix(text) + text
        super().format_help(ctx, formatter)


def command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Output folder of `ronten run`.")],
    sql: Annotated[
        str | None,
        typer.Argument(metavar="SQL", help="One SELECT over the tables below, instead of filters."),
    ] = None,
    author: Annotated[
        str | None,
        typer.Option(
            "--author",
            metavar="NAME_OR_ID",
            help="Claims of this author; a part of the name will do.",
        ),
    ] = None,
    topic: Annotated[
        str | None,
        typer.Option("--topic", metavar="WORD", help="Claims whose topic or keywords hold this."),
    ] = None,
    target: Annotated[
        str | None,
        typer.Option("--target", metavar="PHRASE", help="Claims that take a side on this."),
    ] = None,
    stance: Annotated[
        Literal["favor", "against", "none"] | None,
        typer.Option("--stance", help="The side taken on --target, or none."),
    ] = None,
    entity: Annotated[
        str | None,
        typer.Option(
            "--entity", metavar="NAME", help="Claims that name this; canonical name or part."
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--since", metavar="DATE", help="Published then or later: 2025-03-10, 2025-03."
        ),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(
            "--until", metavar="DATE", help="Published then or earlier, that day included."
        ),
    ] = None,
    type_: Annotated[
        Literal["fact", "prediction", "policy", "interpretation"] | None,
        typer.Option("--type", help="Claims of this type."),
    ] = None,
    format_: Annotated[
        Literal["table", "jsonl", "csv"] | None,
        typer.Option(
            "--format", help="How to print; without it a table on a terminal, else jsonl."
        ),
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", metavar="N", min=0, help="At most so many rows.")
    ] = None,
) -> None:
    """Ask the dataset: claims that meet all filters, or one SQL query.

    Filters leave out claims that a near duplicate of an article repeats. The query can read these
    tables and nothing else of this machine; it cannot write. Write "end" in quotes.

    [bold]Examples[/bold]

      ronten query positions/ --author 田中 --since 2025-03 --type prediction

      ronten query positions/ --target 輸出規制 --stance against --format csv > against.csv

      ronten query positions/ "SELECT topic, claims FROM positions WHERE authors > 1"

    [bold]Exit codes[/bold]

      0  done, whether or not there are rows
      2  wrong usage, wrong SQL, or no dataset in DIR
      4  DIR is locked by a run, or of another version
    """
    from ronten.dataset import open
    from ronten.errors import UsageError
    from ronten.query import Filters, claims

    filters = Filters(author, topic, target, stance, entity, since, until, type_)
    if (sql is not None) == bool(filters):
        raise UsageError(
            "give either SQL or filters such as --author; `ronten query --help` lists both"
        )
    how = format_ or ("table" if sys.stdout.isatty() else "jsonl")
    with open(folder) as dataset:
        result = claims(dataset, filters) if sql is None else dataset.select(sql)
        result = result._replace(rows=islice(result.rows, limit))
        if how == "table":
            _print_table(result, _SHORT if sql is None else ())
        else:
            _print_records(result, how)


def _print_table(result: Result, shown: Sequence[str]) -> None:
    from ronten.export.cells import distinct, text

    names = distinct(result.columns)
    kept = [names.index(name) for name in shown or names]
    rows = ([text(row[number]) for number in kept] for row in result.rows)
    print_table([names[number] for number in kept], rows)


def _print_records(result: Result, how: str) -> None:
    from ronten.export.cells import distinct, json_line, write_csv

    names = distinct(result.columns)
    if how == "csv":
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(newline="")  # line ends are those of the format everywhere
        write_csv(sys.stdout, names, result.rows)
        return
    for row in result.rows:
        sys.stdout.write(json_line(names, row))
