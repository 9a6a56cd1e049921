"""`ronten report`: an output folder as web pages."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer


def command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Output folder of `ronten run`.")],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="PATH",
            help="Folder (with --single: file) to write to; DIR/report or DIR/report.html unless "
            "given. An earlier report there is replaced, anything else refused.",
        ),
    ] = None,
    single: Annotated[
        bool, typer.Option("--single", help="Write one file that holds everything.")
    ] = False,
    lang: Annotated[
        Literal["ja", "en"], typer.Option("--lang", help="Language of the pages' own words.")
    ] = "ja",
) -> None:
    """Write the dataset as web pages: overview, authors, topics, articles, and a search.

    They open from disk, in any browser, without network. Prints the page to begin with.

    [bold]Examples[/bold]

      ronten report positions/

      ronten report positions/ --single --lang en --out report.html

    [bold]Exit codes[/bold]

      0  done
      2  wrong usage, no finished run in DIR, or PATH holds what no report wrote
      4  DIR is locked by a run, or of another version
    """
    from ronten.report import report

    done = report(folder, out, single=single, lang=lang)
    typer.echo(f"{done.pages} pages, {done.bytes / 1_000_000:.1f} MB", err=True)
    typer.echo(str(done.start))
