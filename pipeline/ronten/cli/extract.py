"""`ronten extract`: annotations alone, in input order."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Annotated, Any

import typer

from ronten.cli.options import ConfigFile, Encoder, Parse, Paths, StdinFormat, Targets


def command(
    paths: Paths,
    out: Annotated[
        str, typer.Option("--out", metavar="FILE", help="File to write; - is standard output.")
    ] = "-",
    config: ConfigFile = None,
    targets: Targets = None,
    parse: Parse = None,
    encoder: Encoder = None,
    stdin_format: StdinFormat = "text",
) -> None:
    """Print the annotation of every article as a line of JSON, in input order.

    Inputs that cannot be used are printed as lines of JSON on standard error; the exit code is then
    3 (duplicates are no error).

    [bold]Examples[/bold]

      ronten extract article.txt

      ronten extract articles/ --out annotations.jsonl
    """
    from pathlib import Path

    from ronten.config import load_config
    from ronten.emit import line, write_lines
    from ronten.errors import Exit, Reason, UsageError
    from ronten.run import check_apart, extract
    from ronten.types import Rejected

    if out != "-":
        check_apart(paths, Path(out))
        if Path(out).is_dir():
            raise UsageError(f"--out {out}: is a folder; name a file")
    settings = load_config(config, targets=targets or None, parse=parse, encoder=encoder)
    stdin = sys.stdin.buffer if "-" in paths else None
    results = extract(paths, settings, stdin=stdin, stdin_format=stdin_format)
    code = Exit.DONE

    def records() -> Iterator[dict[str, Any]]:
        nonlocal code
        for result in results:
            if isinstance(result, Rejected):
                sys.stderr.write(line(result.model_dump(mode="json")))
                code = code if result.reason == Reason.DUPLICATE else Exit.REJECTED
            else:
                yield result.dump()

    if out == "-":
        for record in records():
            sys.stdout.buffer.write(line(record).encode())
        sys.stdout.flush()
    else:
        write_lines(Path(out), records())
    raise typer.Exit(code)
