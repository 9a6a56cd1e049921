"""`ronten remove`: take an article or an author down."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ronten.cli.progress import AsJson, Quiet, report


def command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Output folder of `ronten run`.")],
    article: Annotated[
        list[str] | None,
        typer.Option("--article", metavar="ID", help="This article; may be repeated."),
    ] = None,
    author: Annotated[
        list[str] | None,
        typer.Option(
            "--author",
            metavar="ID",
            help="The claims of this author, also those held with others; may be repeated.",
        ),
    ] = None,
    restore: Annotated[
        bool, typer.Option("--restore", help="Let what was taken down come back.")
    ] = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Take articles, or what an author says, out of an output folder, everywhere and for good.

    The written files are brought up to date, and later runs leave out what was taken down, even
    where they read it again. The texts of other articles stay as they are.

    [bold]Examples[/bold]

      ronten remove positions/ --article 2f1c9e0a7b3d4c55

      ronten remove positions/ --author a-fd52a385c9ff

      ronten remove positions/ --author a-fd52a385c9ff --restore

    [bold]Exit codes[/bold]

      0  done
      2  no such article or author
      4  DIR is locked by another run, or of another version
    """
    from ronten.errors import UsageError
    from ronten.run import remove

    if not (article or author):
        raise UsageError("nothing to remove; give --article ID or --author ID")
    summary = remove(folder, articles=article or [], author_ids=author or [], restore=restore)
    report(summary, quiet=quiet, as_json=as_json)
