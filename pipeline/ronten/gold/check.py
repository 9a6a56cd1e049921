"""Checking gold files: every problem with its file, line and field."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from ronten.errors import UsageError
from ronten.gold.files import Source, annotation_files, field_name, sources
from ronten.gold.locate import line_of, value_lines
from ronten.gold.rules import Finding, findings
from ronten.types import Annotation


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem of a gold file; `line` counts from 1, `article` is empty where unknown."""

    file: Path
    line: int
    article: str
    field: str
    message: str
    warning: bool = False

    def __str__(self) -> str:
        what = ": ".join(part for part in (self.article, self.field) if part)
        mark = "warning: " if self.warning else ""
        return f"{self.file}:{self.line}: {mark}{what}: {self.message}"


def check(path: Path) -> list[Problem]:
    """Check a gold file, or all gold files of a folder and the folders in it.

    Raises `UsageError` where there is no gold file or one cannot be read as text.
    """
    return [problem for files in _groups(path) for problem in _check_group(files)]


def _groups(path: Path) -> list[list[Path]]:
    """List the files of each folder apart: ids are unique in a folder, not over several."""
    if not path.is_dir():
        return [annotation_files(path)]
    groups = []
    for folder in (path, *sorted(p for p in path.rglob("*") if p.is_dir())):
        if any(folder.glob("*.json*")):
            try:
                groups.append(annotation_files(folder))
            except UsageError:
                continue  # only splits.json stands there
    return groups or [annotation_files(path)]


def _check_group(files: list[Path]) -> Iterator[Problem]:
    ids: dict[str, str] = {}
    sides: dict[str, tuple[str, str, str]] = {}
    for source in sources(files):
        try:
            annotation = Annotation.model_validate(json.loads(source.text))
        except json.JSONDecodeError as error:
            yield Problem(source.file, source.line + error.lineno - 1, "", "not JSON", error.msg)
            continue
        except ValidationError as error:
            yield from _invalid(source, error)
            continue
        found = list(findings(annotation))
        where = f"{source.file}:{source.line}"
        if annotation.id in ids:
            found.append(Finding(("id",), f"stands in {ids[annotation.id]} too"))
        ids.setdefault(annotation.id, where)
        found += _opposite_sides(annotation, sides)
        yield from _located(source, annotation.id, found)


def _opposite_sides(
    annotation: Annotation, sides: dict[str, tuple[str, str, str]]
) -> Iterator[Finding]:
    """Find claims that share a position key with a claim of the other side."""
    for number, claim in enumerate(annotation.claims):
        if not claim.position or claim.stance is None:
            continue
        target, label = claim.stance.target, claim.stance.label
        known = sides.setdefault(claim.position, (target, label, claim.id))
        if known[0] == target and known[1] != label:
            yield Finding(
                ("claims", number, "position"),
                f"'{claim.position}' is {label} {target} here and {known[1]} in {known[2]}; "
                "opposite sides never share a key",
            )


def _invalid(source: Source, error: ValidationError) -> Iterator[Problem]:
    try:
        article = str(json.loads(source.text)["id"])
    except (TypeError, KeyError):
        article = ""
    details = error.errors(include_url=False, include_context=False)
    found = [Finding(detail["loc"], _plain(detail["msg"])) for detail in details]
    yield from _located(source, article, found)


def _located(source: Source, article: str, found: list[Finding]) -> Iterator[Problem]:
    if not found:
        return
    lines = value_lines(source.text)
    for finding in found:
        yield Problem(
            source.file,
            source.line - 1 + line_of(finding.path, lines),
            article,
            field_name(finding.path),
            finding.message,
            finding.warning,
        )


def _plain(message: str) -> str:
    return message[:1].lower() + message[1:]
