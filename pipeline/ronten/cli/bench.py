"""`ronten bench`: what extraction costs."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from ronten.cli.tables import plain, print_table

if TYPE_CHECKING:
    from ronten.bench import Bench

_UNITS = {
    "per_s": "a processor second",
    "ms": "ms",
    "s": "s",
    "mb": "MB",
    "us": "µs per character",
    "ratio": "times",
}


def command(
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH",
            help="Files or folders with the articles to measure on (txt, md, html, jsonl, json, "
            "csv, parquet).",
        ),
    ],
    repeat: Annotated[
        int, typer.Option("--repeat", metavar="N", min=1, help="How often everything is measured.")
    ] = 5,
    stock: Annotated[
        bool,
        typer.Option(
            "--stock",
            help="Also measure ja_ginza as spaCy loads it, which takes far longer than the rest.",
        ),
    ] = False,
    maximum: Annotated[
        list[str] | None,
        typer.Option(
            "--max",
            metavar="NAME=VALUE",
            help="Exit with 1 if this measure is above the value; may be repeated.",
        ),
    ] = None,
    minimum: Annotated[
        list[str] | None,
        typer.Option(
            "--min",
            metavar="NAME=VALUE",
            help="Exit with 1 if this measure is below the value; may be repeated.",
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print everything as one JSON object.")
    ] = False,
) -> None:
    """Measure what extraction costs on some articles.

    [bold]Examples[/bold]

      ronten bench articles/

      ronten bench articles/ --stock --min stock_ratio=6

      ronten bench articles/ --max ours_pct=20 --max extract_median_ms=15

    [bold]What is shown[/bold]

      Processor time of every step per character, and in percent of a full
      parse of the same texts (every sentence, OpenBLAS, one thread). How
      long ronten.extract takes for a text of about 50 characters once
      loaded, and ronten.load() in a fresh process. The peak of memory.
      All are medians of the repetitions.

    [bold]Exit codes[/bold]

      0  done
      1  a --max or --min was missed
      2  wrong usage, or a path that does not exist
    """
    from ronten.bench import bench, measures
    from ronten.errors import Exit, UsageError

    if "-" in paths:
        raise UsageError("-: standard input cannot be measured; name a file or a folder")
    names = measures(stock=stock)
    most = _limits(maximum or [], names, "--max")
    least = _limits(minimum or [], names, "--min")
    found, rejected = bench(paths, repeat=repeat, stock=stock)
    for item in rejected:
        typer.echo(f"left out: {plain(item.origin)}: {plain(item.detail)}", err=True)
    if as_json:
        typer.echo(json.dumps(found.as_dict()))
    else:
        _print(found)
    misses = found.misses(least, most)
    for line in misses:
        typer.echo(f"missed: {line}", err=True)
    raise typer.Exit(Exit.MISSED if misses else Exit.DONE)


def _limits(given: Sequence[str], names: Sequence[str], option: str) -> dict[str, float]:
    from ronten.errors import UsageError, unknown_name

    result: dict[str, float] = {}
    for text in given:
        name, _, value = text.partition("=")
        if name.startswith("stock") and name not in names:
            raise UsageError(f"{option} {text}: only measured with --stock")
        if name not in names:
            raise unknown_name("measure", name, names, option)
        try:
            limit = float(value)
        except ValueError:
            limit = math.nan
        if not 0 <= limit < math.inf:
            raise UsageError(f"{option} {text}: expected {name}=VALUE with a value from 0 up")
        result[name] = limit
    return result


def _print(found: Bench) -> None:
    from ronten.bench import FULL_PARSE, GROUPS, STEPS

    typer.echo(
        f"{found.articles} articles, {found.characters} characters, {found.tokens} tokens; "
        f"medians of {found.repeat} repetitions"
    )
    print_table(
        ("step", "µs per character", "% of a full parse"),
        [
            (name, f"{found.values[f'{name}_us']:.2f}", _share(found, name))
            for name in (*STEPS, *GROUPS, FULL_PARSE)
        ],
    )
    for name, steps in GROUPS.items():
        typer.echo(f"{name} = {' + '.join(steps)}")
    steps_shown = {f"{name}_{unit}" for name in (*STEPS, *GROUPS) for unit in ("us", "pct")}
    print_table(
        ("measure", "value", "unit"),
        [
            (name, f"{value:.3g}", _unit(name))
            for name, value in found.values.items()
            if name not in steps_shown and name != f"{FULL_PARSE}_us"
        ],
    )
    typer.echo(f"extract: {found.short_texts} texts of about 50 characters; load: a fresh process")


def _share(found: Bench, name: str) -> str:
    value = found.values.get(f"{name}_pct", 100.0)
    return f"{value:.1f}"


def _unit(name: str) -> str:
    return next(unit for end, unit in _UNITS.items() if name.endswith(f"_{end}"))
