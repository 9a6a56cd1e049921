"""`ronten evaluate`: how good annotations are."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ronten.cli.options import ConfigFile
from ronten.cli.tables import plain

if TYPE_CHECKING:
    from ronten.config import Config
    from ronten.evaluate.report import Report
    from ronten.types import Annotation

_IN_BREAKDOWN = (
    "claims_all",
    "attributed",
    "attributed_with_holder",
    "holder_acc",
    "cue_overlap",
    "attribution_acc",
    "type_acc",
    "stance_f1",
    "entities",
    "figures_full",
)


def command(
    gold: Annotated[
        Path,
        typer.Argument(metavar="GOLD", help=".json or .jsonl file, or a folder of both."),
    ],
    pred: Annotated[
        Path | None,
        typer.Argument(
            metavar="PRED",
            help="Annotations to score, in the same form, or an output folder of `ronten run`; "
            "without it, the texts of GOLD are annotated now.",
        ),
    ] = None,
    split: Annotated[
        str | None,
        typer.Option(
            "--split",
            metavar="NAME",
            help="Only the articles that splits.json, in GOLD or beside it, puts into this split.",
        ),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(
            "--by",
            metavar="KEY",
            help="Show the scores by genre, source or article; by attribution, type or kind (of "
            "the holder) of claims; or by kind of figure.",
        ),
    ] = None,
    errors: Annotated[
        Path | None,
        typer.Option(
            "--errors",
            metavar="FILE.html",
            help="Write every missed, spurious and wrong claim to a page, gold and system side by "
            "side.",
        ),
    ] = None,
    confidence: Annotated[
        Path | None,
        typer.Option(
            "--confidence",
            metavar="FILE.html",
            help="Write what the confidence of reported claims is worth to a page: precision over "
            "recall, and reliability.",
        ),
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option(
            "--against",
            metavar="OTHER",
            help="Annotations of another system: show the differences, and whether they may be "
            "chance (paired bootstrap over articles).",
        ),
    ] = None,
    agreement: Annotated[
        bool,
        typer.Option(
            "--agreement", help="GOLD and PRED are two annotators: add Cohen's kappa, no baseline."
        ),
    ] = False,
    minimum: Annotated[
        list[str] | None,
        typer.Option(
            "--min",
            metavar="NAME=VALUE",
            help="Exit with 1 if this measure is below the value; may be repeated.",
        ),
    ] = None,
    config: ConfigFile = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print everything as one JSON object.")
    ] = False,
) -> None:
    """Score annotations against gold ones.

    [bold]Examples[/bold]

      ronten evaluate corpus/gold/final --split test

      ronten evaluate gold.jsonl positions/ --by genre --errors errors.html

      ronten evaluate gold.jsonl new.jsonl --against old.jsonl

      ronten evaluate first/ second/ --agreement

      ronten evaluate gold.jsonl --min attributed=0.8 --min type_acc=0.9

    [bold]What is shown[/bold]

      Articles pair by id, else by equal text; gold without a counterpart is
      missed. Intervals are those of 1000 resamples of the articles. Steps
      stand under "gold input" as they do when given gold instead of what
      earlier steps found.

    [bold]Exit codes[/bold]

      0  done
      1  a --min was missed
      2  wrong usage, or a path that does not exist
    """
    from ronten.config import load_config
    from ronten.errors import Exit, UsageError, unknown_name
    from ronten.evaluate.breakdown import KEYS
    from ronten.evaluate.comparison import compare
    from ronten.evaluate.confidence import judged, page, worth
    from ronten.evaluate.errors_page import errors_page
    from ronten.evaluate.report import report
    from ronten.evaluate.splits import select
    from ronten.gold.files import load_annotations

    minimums = _minimums(minimum or [])
    if by is not None and by not in KEYS:
        raise unknown_name("key", by, KEYS, "--by")
    if agreement and pred is None:
        raise UsageError("--agreement: name the annotations of both annotators")
    wanted = list(load_annotations(gold))
    if split is not None:
        wanted = select(wanted, gold, split)
    settings = load_config(config) if pred is None else None
    other = compare(wanted, list(load_annotations(against))) if against else None
    predicted = list(load_annotations(pred)) if pred else _annotated(wanted, settings)
    comparison = compare(wanted, predicted)
    found = report(comparison, annotators=agreement, key=by, other=other, system=settings)
    if errors is not None:
        _write("--errors", errors, errors_page(comparison))
    if confidence is not None:
        _write("--confidence", confidence, page(worth(*judged(comparison))))
    for article, reason in comparison.missing.items():
        typer.echo(f"missing: {plain(article)}: {reason}", err=True)
    if comparison.spare and split is None:
        typer.echo(f"not scored: {len(comparison.spare)} articles without gold", err=True)
    if as_json:
        typer.echo(json.dumps(found.as_dict(), ensure_ascii=False))
    else:
        _print(found)
    misses = found.misses(minimums)
    for line in misses:
        typer.echo(f"missed: {line}", err=True)
    raise typer.Exit(Exit.MISSED if misses else Exit.DONE)


def _minimums(given: Sequence[str]) -> dict[str, float]:
    from ronten.errors import UsageError, unknown_name
    from ronten.evaluate.metrics import METRICS

    result: dict[str, float] = {}
    for text in given:
        name, _, value = text.partition("=")
        if name not in METRICS:
            raise unknown_name("measure", name, METRICS, "--min")
        try:
            least = float(value)
        except ValueError:
            least = math.nan
        if not 0 <= least <= 1:
            raise UsageError(f"--min {text}: expected {name}=VALUE with a value from 0 to 1")
        result[name] = least
    return result


def _annotated(gold: Sequence[Annotation], config: Config | None) -> list[Annotation]:
    from ronten.config import Config
    from ronten.evaluate.system import annotate

    done, failed = annotate(gold, config or Config())
    for rejected in failed:
        typer.echo(f"failed: {plain(rejected.origin)}: {plain(rejected.detail)}", err=True)
    return done


def _write(option: str, path: Path, page: str) -> None:
    from ronten.errors import UsageError

    try:
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{option} {path}: cannot be written: {error.strerror}") from error


def _print(report: Report) -> None:
    missing = f", {len(report.scores.missing)} missing" if report.scores.missing else ""
    typer.echo(f"{len(report.scores.articles)} articles{missing}")
    header = ["measure", "P", "R", "score", "n", "95 %"]
    columns: list[tuple[str, Mapping[str, float]]] = [
        (name, values)
        for name, values in (("baseline", report.baseline), ("gold input", report.gold_input))
        if values
    ]
    rows: list[list[str]] = []
    for name, details in report.scores.details.items():
        interval = report.intervals.get(name)
        rows.append(
            [
                name,
                *_cells(details, report.scores.values[name]),
                f"{interval.low:.3f}–{interval.high:.3f}" if interval else "",
                *(_number(values.get(name)) for _, values in columns),
            ]
        )
        rows += [[f"  {label}", *_cells(part, None)] for label, part in _labels(details)]
    _table([*header, *(name for name, _ in columns)], rows)
    if report.baseline:
        from ronten.evaluate.baseline import OF_MAJORITY

        own = ", ".join(name for name in report.baseline if name in OF_MAJORITY)
        typer.echo(
            "baseline: quotations, sentences, names and numbers by regular expressions; for "
            f"{own}: the gold claims with the most frequent label, each in a position of its own"
        )
    if report.agreement:
        rows = [
            [name, str(found.n), _number(found.share), _number(found.kappa)]
            for name, found in report.agreement.items()
        ]
        _table(["agreement", "n", "equal", "kappa"], rows)
    if report.other:
        rows = [
            [
                name,
                _number(report.scores.values[name]),
                _number(report.other.values[name]),
                f"{found.value:+.3f}",
                f"{found.interval.low:+.3f} to {found.interval.high:+.3f}",
                f"{found.p:.3f}",
            ]
            for name, found in report.against.items()
        ]
        _table(["measure", "this", "other", "difference", "95 %", "p"], rows)
    if report.by:
        _print_breakdown(report)


def _print_breakdown(report: Report) -> None:
    names = [
        name
        for name in _IN_BREAKDOWN
        if any(not math.isnan(scores.values[name]) for scores in report.by.values())
    ]
    rows = [
        [plain(value), str(len(scores.articles)), *(_number(scores.values[name]) for name in names)]
        for value, scores in report.by.items()
    ]
    _table(["value", "articles", *names], rows)


def _cells(details: Any, value: float | None) -> list[str]:
    """Return P, R, score and n of a measure or of one of its labels."""
    if isinstance(details, float):
        return ["", "", _number(details), ""]
    if isinstance(details, dict) and "f1" in details:
        p, r, f1 = (_number(details[key]) for key in ("p", "r", "f1"))
        return [p, r, f1, str(details["n"])]
    return ["", "", _number(value), ""]


def _labels(details: Any) -> list[tuple[str, Any]]:
    if not isinstance(details, dict) or "f1" in details:
        return []
    return [(label, part) for label, part in details.items() if label not in ("macro", "*")]


def _number(value: float | None) -> str:
    return "" if value is None or math.isnan(value) else f"{value:.3f}"


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows under a header: drawn on a terminal, in aligned columns in a pipe."""
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        table = Table()
        for i, name in enumerate(header):
            table.add_column(name, justify="right" if i else "left", overflow="fold")
        for row in rows:
            table.add_row(*(Text(cell) for cell in row))
        Console().print(table)
        return
    from rich.cells import cell_len

    lines = [list(header), *([*row, *[""] * (len(header) - len(row))] for row in rows)]
    widths = [max(cell_len(line[i]) for line in lines) for i in range(len(header))]
    typer.echo("")
    for line in lines:
        padded = [
            " " * (width - cell_len(cell)) + cell if i else cell + " " * (width - cell_len(cell))
            for i, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        typer.echo("  ".join(padded).rstrip())
