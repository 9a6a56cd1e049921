"""`ronten status`: what a folder holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ronten.cli.tables import print_table

if TYPE_CHECKING:
    from ronten.status import Status

_UNITS = ("bytes", "KB", "MB", "GB", "TB")


def command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Output folder of `ronten run`.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print it as one JSON object.")] = False,
) -> None:
    """Say what a folder holds, when it was last run, and whether its files are up to date.

    Works while a run writes to the folder: then it says who does, and what the last run left.

    [bold]Examples[/bold]

      ronten status positions/

      ronten status positions/ --json

    [bold]Exit codes[/bold]

      0  done
      2  no dataset in DIR
      4  DIR is of another version
    """
    from ronten.status import status

    found = status(folder)
    if as_json:
        typer.echo(json.dumps(found.as_dict(), ensure_ascii=False))
    else:
        print_table(("", str(folder)), _rows(found))


def _rows(found: Status) -> list[tuple[str, str]]:
    rejected = found.rejected or {}
    reasons = ", ".join(f"{reason} {number}" for reason, number in rejected.items())
    dates = [date for date in (found.first, found.last) if date]
    run = found.run
    rows = [
        ("locked", f"by {found.locked_by}" if found.locked_by else "no"),
        ("articles", _number(found.articles)),
        ("published", " – ".join(dict.fromkeys(dates)) or "?"),
        ("outdated articles", _number(found.outdated)),
        ("claims", _number(found.claims)),
        ("repeats", _number(found.repeats)),
        ("positions", _number(found.positions)),
        ("authors", _number(found.authors)),
        ("anonymous", _number(found.anonymous)),
        ("rejected", "?" if found.rejected is None else reasons or "0"),
        ("removed articles", _number(found.removed_articles)),
        ("removed authors", _number(found.removed_authors)),
        ("last run", f"{run['started']}, ronten {run['ronten']}" if run["started"] else "none yet"),
        ("seconds", _number(run["seconds"])),
        ("schema", _number(found.schema)),
        ("size", f"{_size(found.bytes)}, of which dataset {_size(found.dataset_bytes)}"),
        ("files", found.files),
    ]
    return rows


def _number(value: float | None) -> str:
    return "?" if value is None else str(value)


def _size(number: float) -> str:
    unit = 0
    while number >= 1000 and unit < len(_UNITS) - 1:
        number, unit = number / 1000, unit + 1
    return f"{number:.0f} {_UNITS[unit]}" if unit == 0 else f"{number:.1f} {_UNITS[unit]}"
