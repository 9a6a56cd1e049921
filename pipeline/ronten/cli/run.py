"""`ronten run`: the main job."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ronten.cli.options import ConfigFile, Parse, Paths, StdinFormat, Targets

if TYPE_CHECKING:
    from ronten.run import Progress, RunSummary


def command(
    paths: Paths,
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            metavar="DIR",
            help="Folder to write to. A folder of an earlier run is brought up to date: unchanged "
            "articles are skipped, positions keep their ids.",
        ),
    ],
    config: ConfigFile = None,
    embedding: Annotated[
        str | None,
        typer.Option(
            "--embedding",
            metavar="NAME_OR_PATH",
            help="Any sentence-transformers model; without it, the one that ships, offline.",
        ),
    ] = None,
    embedding_prompt: Annotated[
        str | None,
        typer.Option(
            "--embedding-prompt",
            metavar="TEXT",
            help="Put before every claim when it is embedded, where the model wants a prompt.",
        ),
    ] = None,
    targets: Targets = None,
    parse: Parse = None,
    threshold: Annotated[
        float | None,
        typer.Option(
            "--threshold", help="Chance from which claims make the same point, above 0 to 1."
        ),
    ] = None,
    min_confidence: Annotated[
        float | None,
        typer.Option(
            "--min-confidence",
            help="Leave claims below it out of the author files; the annotations keep all.",
        ),
    ] = None,
    recluster: Annotated[
        bool,
        typer.Option(
            "--recluster",
            help="Put all claims into positions anew; recluster.json says what became of each.",
        ),
    ] = False,
    stdin_format: StdinFormat = "text",
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="No progress and no summary.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the summary as one JSON object.")
    ] = False,
    log_file: Annotated[
        Path | None,
        typer.Option("--log-file", metavar="FILE", help="Append what happens to this file."),
    ] = None,
) -> None:
    """Turn articles into positions by author.

    [bold]Examples[/bold]

      ronten run articles/ --out positions/

      ronten run 2025.jsonl more/ --out positions/ --targets 輸出規制

      cat rows.jsonl | ronten run - --stdin-format jsonl --out positions/

    [bold]Input[/bold]

      A file is one article (txt, md, html) or rows (jsonl, json, csv, parquet)
      with text and optionally id, title, authors, published, source, url,
      genre, targets. NAME.EXT.meta.json beside a file holds its metadata.

    [bold]Output in DIR[/bold]

      authors/NAME-ID.json  a file per person, company, organization, government
      anonymous.jsonl       the same for holders without a proper name
      index.json            all authors with their files
      annotations.jsonl     all articles: claims, holders, entities, figures
      rejected.jsonl        inputs that could not be used, and why
      run.json              version, configuration, models, counts, times
      ronten.duckdb         the dataset all of this is written from

      `ronten show DIR` makes it readable.

    [bold]Exit codes[/bold]

      0  done
      2  wrong usage, or a path that does not exist
      3  done, but some input was rejected (see rejected.jsonl)
      4  DIR is locked by another run, or of another version
    """
    from ronten.config import load_config
    from ronten.run import run

    settings = load_config(
        config,
        embedding=embedding,
        embedding_prompt=embedding_prompt,
        targets=targets or None,
        parse=parse,
        threshold=threshold,
        min_confidence=min_confidence,
    )
    if log_file:
        _log_to(log_file)
    stdin = sys.stdin.buffer if "-" in paths else None
    with _progress(quiet or as_json) as progress:
        summary = run(
            paths,
            out,
            settings,
            stdin=stdin,
            stdin_format=stdin_format,
            progress=progress,
            recluster=recluster,
        )
    logging.getLogger("ronten").info("done: %s", json.dumps(summary.as_dict(), ensure_ascii=False))
    if as_json:
        typer.echo(json.dumps(summary.as_dict(), ensure_ascii=False))
    elif not quiet:
        _print_summary(summary)
    raise typer.Exit(summary.exit_code)


@contextmanager
def _progress(quiet: bool) -> Iterator[Progress | None]:
    """Show what is being done on a terminal, nothing in a pipe."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed} done"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def advance(step: str, count: int) -> None:
            if step not in tasks:
                tasks[step] = bars.add_task(step, total=None)
            bars.advance(tasks[step], count)

        yield advance


def _print_summary(summary: RunSummary) -> None:
    rows = {
        "inputs read": summary.read,
        "new": summary.new,
        "changed": summary.changed,
        "unchanged": summary.unchanged,
        "duplicates": summary.duplicates,
        "replaced": summary.replaced,
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


def _log_to(path: Path) -> None:
    from ronten.errors import UsageError

    try:
        handler = logging.FileHandler(path, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"--log-file {path}: cannot be written: {error.strerror}") from error
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logger = logging.getLogger("ronten")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
