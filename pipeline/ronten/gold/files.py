"""Annotation files: gold and system output read alike, gold written so that people can edit it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ronten.errors import UsageError
from ronten.types import Annotation, Span

SPLITS = "splits.json"
"""{article id: split} beside the annotations; no annotation itself."""
OUTPUT = ("run.json", "annotations.jsonl")
"""What tells an output folder of `ronten run`, and the file in it that holds the annotations."""


@dataclass(frozen=True, slots=True)
class Source:
    """The JSON text of one annotation and where it stands; `line` counts from 1."""

    file: Path
    line: int
    text: str


def load_annotations(path: Path) -> Iterator[Annotation]:
    """Read annotations from a .json or .jsonl file, a folder of both, or an output folder.

    Raises:
        UsageError: the path does not exist or holds no annotation; a record is no annotation,
            refers to an unknown holder or to characters outside its text, or has the id of an
            earlier one. The message names file and line.
    """
    seen: dict[str, str] = {}
    for source in sources(annotation_files(path)):
        where = f"{source.file}:{source.line}"
        try:
            annotation = Annotation.model_validate(json.loads(source.text))
        except json.JSONDecodeError as error:
            where = f"{source.file}:{source.line + error.lineno - 1}"
            raise UsageError(f"{where}: not JSON ({error.msg}); repair the file") from None
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            field = field_name(first["loc"])
            raise _unusable(where, f"{field}: {first['msg']}", source.file) from None
        if problem := _broken_reference(annotation):
            raise _unusable(where, f"{annotation.id}: {problem}", source.file)
        if annotation.id in seen:
            raise UsageError(
                f"{where}: article '{annotation.id}' stands in {seen[annotation.id]} too; "
                "remove one of them"
            )
        seen[annotation.id] = where
        yield annotation


def is_reviewed(annotation: Annotation) -> bool:
    """Tell whether somebody has looked at every claim of an article (`ronten review`)."""
    marked = "reviewed" in (annotation.model_extra or {})
    return marked and all("reviewed" in (c.model_extra or {}) for c in annotation.claims)


def annotation_files(path: Path) -> list[Path]:
    """List the annotation files that a path stands for, sorted by name.

    Raises `UsageError` where there is none.
    """
    if path.is_file():
        if path.suffix not in (".json", ".jsonl"):
            raise UsageError(f"{path}: annotations are .json or .jsonl files, or a folder of them")
        return [path]
    if not path.is_dir():
        raise UsageError(f"{path}: no such file or folder")
    marker, output = (path / name for name in OUTPUT)
    if marker.is_file() and output.is_file():
        return [output]
    files = sorted(
        file
        for file in path.iterdir()
        if file.suffix in (".json", ".jsonl") and file.name != SPLITS and file.is_file()
    )
    if not files:
        below = sorted(p.parent.name for p in path.glob("*/*.json*") if p.name != SPLITS)
        hint = f"; there are some in {', '.join(dict.fromkeys(below))}" if below else ""
        raise UsageError(f"{path}: no .json or .jsonl file in this folder{hint}")
    return files


def sources(files: Iterable[Path]) -> Iterator[Source]:
    """Cut files into the JSON texts of single annotations; blank lines are skipped."""
    for file in files:
        try:
            text = file.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise UsageError(f"{file}: not UTF-8 (byte {error.start}); convert the file") from None
        if file.suffix == ".json":
            yield Source(file, 1, text)
            continue
        for number, row in enumerate(text.split("\n"), 1):  # JSON strings may hold other breaks
            if row.strip():
                yield Source(file, number, row)


def write_annotation(path: Path, annotation: Annotation) -> None:
    """Write one annotation as a .json file with a line per holder, claim, entity and figure."""
    path.write_text(_readable(annotation.dump()), encoding="utf-8", newline="\n")


def write_annotations(path: Path, annotations: Iterable[Annotation]) -> int:
    """Write annotations to a .jsonl file, or one file per article to a folder, and count them.

    Raises `UsageError` where an article id cannot be a file name.
    """
    count = 0
    if path.suffix == ".jsonl":
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", newline="\n") as out:
            for annotation in annotations:
                out.write(json.dumps(annotation.dump(), ensure_ascii=False) + "\n")
                count += 1
        return count
    path.mkdir(parents=True, exist_ok=True)
    for annotation in annotations:
        write_annotation(path / file_name(annotation.id, ".json"), annotation)
        count += 1
    return count


def file_name(article: str, suffix: str) -> str:
    """Return the name of an article's own file; raises `UsageError` where the id is no name."""
    name = article + suffix
    if Path(name).name != name or article.startswith(".") or len(name.encode()) > 255:
        raise UsageError(
            f"article id '{article}' cannot be a file name; give the article another id"
        )
    return name


def field_name(path: Iterable[str | int]) -> str:
    """Write the path of a value as people do: `claims[3].content[0]`."""
    text = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path)
    return text.removeprefix(".")


def _broken_reference(annotation: Annotation) -> str | None:
    size = len(annotation.text)
    known = {holder.id for holder in annotation.holders}
    spans: list[tuple[str, Span | None]] = []
    for number, claim in enumerate(annotation.claims):
        name = f"claims[{number}]"
        if claim.holder not in known:
            return f"{name}.holder: no holder has the id '{claim.holder}'"
        spans += [(f"{name}.content", span) for span in claim.content]
        spans += [(f"{name}.source", claim.source), (f"{name}.cue", claim.cue)]
    spans += [(f"entities[{n}].span", entity.span) for n, entity in enumerate(annotation.entities)]
    spans += [(f"figures[{n}].span", figure.span) for n, figure in enumerate(annotation.figures)]
    for name, span in spans:
        if span is not None and not 0 <= span[0] < span[1] <= size:
            return f"{name}: [{span[0]}, {span[1]}] cuts nothing out of {size} characters"
    return None


def _unusable(where: str, what: str, file: Path) -> UsageError:
    return UsageError(f"{where}: {what}; `ronten gold check {file}` lists all problems")


def _readable(record: dict[str, Any]) -> str:
    """Dump a record with its lists of records spread over lines."""

    def dump(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False)

    entries = []
    for key, value in record.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            rows = ",\n".join(f"    {dump(item)}" for item in value)
            entries.append(f"  {dump(key)}: [\n{rows}\n  ]")
        else:
            entries.append(f"  {dump(key)}: {dump(value)}")
    return "{\n" + ",\n".join(entries) + "\n}\n"
