"""Tables: drawn on a terminal, tab-separated in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

import typer


def plain(text: str) -> str:
    """Return text on one line, without control characters that would steer a terminal."""
    return "".join(c for c in " ".join(text.split()) if c.isprintable())


def print_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows on standard output; cells are plain text, never markup."""
    if not sys.stdout.isatty():
        for row in (header, *rows):
            typer.echo("\t".join(plain(cell) for cell in row))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table()
    for name in header:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(Text(plain(cell)) for cell in row))
    Console().print(table)
