"""What commands that run the whole way show: progress on a terminal, and a summary."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ronten.ledger import RunSummary
    from ronten.run import Progress

Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no summary.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the summary as one JSON object.")]
LogFile = Annotated[
    Path | None,
    typer.Option("--log-file", metavar="FILE", help="Append what happens to this file."),
]
Workers = Annotated[
    int,
    typer.Option(
        "--workers",
        metavar="N",
        min=1,
        help="Processes that annotate and compare; the result is the same with any number.",
    ),
]


@contextmanager
def progress(quiet: bool, total: Callable[[], int] | None = None) -> Iterator[Progress | None]:
    """Show what is being done on a terminal, nothing in a pipe.

    `total` counts the articles to come; with it the time left is shown.
    """
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TaskID,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rejected]}", style="red"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, TaskID] = {}
        rejected = 0

        def advance(step: str, count: int) -> None:
            nonlocal rejected
            if step == "rejected":
                rejected += count
                for task in tasks.values():
                    bars.update(task, rejected=f"{rejected} rejected")
                return
            if step not in tasks:
                expected = total() if total and step == "articles" else None
                said = f"{rejected} rejected" if rejected else ""
                tasks[step] = bars.add_task(step, total=expected, rejected=said)
            bars.advance(tasks[step], count)

        yield advance


def report(summary: RunSummary, *, quiet: bool, as_json: bool) -> None:
    """Log and print a summary, and leave with its exit code."""
    record = json.dumps(summary.as_dict(), ensure_ascii=False)
    logging.getLogger("ronten").info("done: %s", record)
    if as_json:
        typer.echo(record)
    elif not quiet:
        _print_summary(summary)
    raise typer.Exit(summary.exit_code)


def log_to(path: Path | None) -> None:
    """Append what is logged to a file."""
    from ronten.errors import UsageError

    if path is None:
        return
    try:
        handler = logging.FileHandler(path, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"--log-file {path}: cannot be written: {error.strerror}") from error
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logger = logging.getLogger("ronten")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)


def _print_summary(summary: RunSummary) -> None:
    rows = {
        "inputs read": summary.read,
        "new": summary.new,
        "changed": summary.changed,
        "unchanged": summary.unchanged,
        "duplicates": summary.duplicates,
        "replaced": summary.replaced,
        "vanished": summary.vanished,
        "pruned": summary.pruned,
        "removed": summary.removed,
        "rejected": summary.rejected,
        "articles": summary.state["articles"],
        "claims": summary.state["claims"],
        "positions": summary.state["positions"],
        "authors": summary.state["authors"],
        "anonymous": summary.state["anonymous"],
        "files written": summary.files_written,
        "seconds": round(sum(summary.seconds.values()), 1),
    }
    if not sys.stdout.isatty():
        for name, value in rows.items():
            typer.echo(f"{name}: {value}")
        typer.echo(f"result: {summary.out}")
    else:
        from rich.console import Console
        from rich.table import Table

        table = Table(show_header=False)
        table.add_column(style="bold")
        table.add_column(justify="right")
        for name, value in rows.items():
            table.add_row(name, str(value), end_section=name in ("rejected", "anonymous"))
        console = Console()
        console.print(table)
        console.print(f"result: {summary.out}", highlight=False, soft_wrap=True)
    if summary.rejected:
        typer.echo(f"rejected inputs are listed in {summary.out / 'rejected.jsonl'}", err=True)
