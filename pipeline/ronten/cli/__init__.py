"""The command line: one file per verb, each a thin wrapper over an importable function."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from ronten import __version__
from ronten.cli import (
    bench,
    config,
    evaluate,
    export,
    extract,
    gold,
    migrate,
    models,
    query,
    remove,
    report,
    review,
    run,
    schema,
    show,
    status,
    train,
)
from ronten.errors import Exit, RontenError

INTERRUPTED = 130

app = typer.Typer(
    help="Who says what: the positions that Japanese articles report, by author, as JSON.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)
app.command("run")(run.command)
app.command("extract")(extract.command)
app.command("show")(show.command)
app.command("query", cls=query.WithTables)(query.command)
app.command("export")(export.command)
app.command("report")(report.command)
app.command("review")(review.command)
app.command("status")(status.command)
app.command("remove")(remove.command)
app.command("migrate")(migrate.command)
app.command("evaluate")(evaluate.command)
app.command("bench")(bench.command)
app.command("schema")(schema.command)
app.command("models")(models.command)
app.command("config")(config.command)
app.add_typer(gold.app, name="gold")
app.add_typer(train.app, name="train")


def main() -> None:
    """Run the command line and leave with its exit code."""
    try:
        try:
            app(prog_name="ronten")
        finally:
            sys.stdout.flush()  # a reader that has left shows here, not when Python ends
    except SystemExit as stop:
        if isinstance(stop.__context__, BrokenPipeError):
            sys.exit(0)
        if stop.code == INTERRUPTED:
            typer.echo("interrupted; the same command goes on from here", err=True)
        raise
    except RontenError as error:
        typer.echo(f"error: {error}", err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        typer.echo(f"error: {where}{error.strerror or error}", err=True)
        sys.exit(Exit.USAGE)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"ronten {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version.", callback=_print_version, is_eager=True
        ),
    ] = False,
) -> None:
    pass
