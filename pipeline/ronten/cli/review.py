"""`ronten review`: claims accepted, rejected and corrected in the browser."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer


def command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Output folder of `ronten run`.")],
    port: Annotated[
        int,
        typer.Option(
            "--port", metavar="N", min=0, max=65535, help="Port to listen on; 0 takes a free one."
        ),
    ] = 8430,
    host: Annotated[
        str,
        typer.Option(
            "--host",
            metavar="ADDRESS",
            help="Address to listen on; any but this machine's own needs --token.",
        ),
    ] = "127.0.0.1",
    token: Annotated[
        str | None,
        typer.Option(
            "--token",
            metavar="TEXT",
            envvar="RONTEN_REVIEW_TOKEN",
            help="What visitors have to give once, 16 characters or more; better given in the "
            "environment, because others can see command lines.",
        ),
    ] = None,
    who: Annotated[
        str | None,
        typer.Option(
            "--who", metavar="NAME", help="Name noted with every correction; else the user's."
        ),
    ] = None,
    lang: Annotated[
        Literal["ja", "en"], typer.Option("--lang", help="Language of the pages' own words.")
    ] = "ja",
) -> None:
    """Review an output folder in the browser: accept, reject and correct claims and positions.

    Serves the pages of the report, with an article page to decide on, until Ctrl-C; then writes the
    files. Corrections stay when articles are annotated anew. A run may go on meanwhile.

    [bold]Examples[/bold]

      ronten review positions/

      ronten review positions/ --port 0 --who 花子 --lang en

    [bold]Exit codes[/bold]

      0  done
      2  wrong usage, no finished run in DIR, or an address that cannot be used
      4  DIR is of another version
    """
    from ronten.review import review

    def ready(address: str) -> None:
        typer.echo(address)
        typer.echo("Ctrl-C ends the review and writes the files", err=True)

    review(folder, host=host, port=port, token=token, who=who, lang=lang, ready=ready)
