"""brat: a folder of standoff files, ID.txt and ID.ann, with ID.txt.meta.json for the rest."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ronten.errors import UsageError
from ronten.gold.exchange.assemble import from_graph
from ronten.gold.exchange.graph import (
    ALWAYS_LOST,
    APPLIES,
    CHOICES,
    CLAIM,
    CUE,
    FIGURES,
    LABELS,
    SOURCE,
    Graph,
    Link,
    Region,
    to_graph,
)
from ronten.gold.files import file_name
from ronten.types import Annotation, Span

HOLDS = (
    "FOLDER with ID.txt, ID.ann and annotation.conf. Spans of several fragments, relations, and "
    "attributes for attribution, type, kind of holder, side and modifier; all other values of a "
    "span stand as JSON in its note. ID.txt.meta.json holds id, metadata, targets, layers and "
    "holders. Events, equivalences and normalizations of other projects are read."
)
LOSES = (
    *ALWAYS_LOST,
    "A span cannot hold a line break: it is written as fragments, without breaks at its borders, "
    "and fragments with nothing but line breaks between them come back as one.",
    "Several events on one trigger come back as one.",
)

_NAMELESS = (CLAIM, SOURCE, CUE, *FIGURES)
_META = ".txt.meta.json"
# Whatever ends a line for brat's reader of .ann files.
_BREAK = re.compile("[\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]+")


def write(path: Path, annotations: Iterable[Annotation]) -> int:
    """Write a folder that can stand below brat's data folder."""
    path.mkdir(parents=True, exist_ok=True)
    (path / "annotation.conf").write_text(configuration(), encoding="utf-8")
    count = 0
    for annotation in annotations:
        lines, document = to_standoff(annotation)
        name = annotation.id
        meta = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
        _save(path / file_name(name, ".txt"), annotation.text)
        _save(path / file_name(name, ".ann"), "".join(f"{line}\n" for line in lines))
        _save(path / file_name(name, _META), meta)
        count += 1
    return count


def read(path: Path, labels: Mapping[str, str] | None = None) -> Iterator[Annotation]:
    """Read every ID.txt of a folder that has an ID.ann."""
    files = sorted(path.glob("*.ann")) if path.is_dir() else []
    if not files:
        raise UsageError(f"{path}: no folder with .ann files; give a collection of brat")
    for file in files:
        try:
            text = file.with_suffix(".txt").read_bytes().decode("utf-8-sig")
            lines = file.read_bytes().decode().split("\n")
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"{file}: cannot be read with its .txt ({error})") from None
        meta = file.with_name(file.stem + _META)
        document = json.loads(meta.read_text("utf-8")) if meta.is_file() else {}
        try:
            yield from_standoff(text, lines, {"id": file.stem, **document}, labels)
        except UsageError as error:
            raise UsageError(f"{file}: {error}") from None


def to_standoff(annotation: Annotation) -> tuple[list[str], dict[str, Any]]:
    """Return the lines of the .ann file and what belongs to the article as a whole."""
    graph = to_graph(annotation)
    lines: list[str] = []
    ids: dict[str, str] = {}
    attributes = notes = 0
    for number, region in enumerate(graph.regions, 1):
        ids[region.id] = name = f"T{number}"
        pieces = [piece for span in region.spans for piece in _unbroken(graph.text, span)]
        if not pieces:
            raise UsageError(f"{annotation.id}: a {region.label} holds nothing but line breaks")
        offsets = ";".join(f"{start} {end}" for start, end in pieces)
        shown = " ".join(graph.text[start:end] for start, end in pieces)
        lines.append(f"{name}\t{region.label} {offsets}\t{shown}")
        rest = dict(region.attributes)
        for key, choices in CHOICES.items():
            if region.label in APPLIES[key] and rest.get(key) in choices:
                attributes += 1
                lines.append(f"A{attributes}\t{key} {name} {rest.pop(key)}")
        if rest:
            notes += 1
            lines.append(f"#{notes}\tAnnotatorNotes {name}\t{_one_line(rest)}")
    lines += [
        f"R{number}\t{link.label} Arg1:{ids[link.start]} Arg2:{ids[link.end]}"
        for number, link in enumerate(graph.links, 1)
    ]
    return lines, graph.document


def from_standoff(
    text: str,
    lines: Iterable[str],
    document: Mapping[str, Any],
    labels: Mapping[str, str] | None = None,
) -> Annotation:
    """Read the lines of an .ann file; raises `UsageError` with the number of a bad line."""
    reader = _Reader(text)
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                reader.line(line.rstrip("\r"))
            except (ValueError, KeyError):
                raise UsageError(f"line {number}: not in brat's standoff format: {line}") from None
    return from_graph(reader.graph(dict(document)), labels)


def configuration() -> str:
    """Return annotation.conf: the types, relations and attributes that are written."""
    lines = ["[entities]", *LABELS, "", "[relations]"]
    lines += [f"{label}\tArg1:{CLAIM}, Arg2:{label}" for label in (SOURCE, CUE)]
    lines += ["<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>", "", "[events]", ""]
    lines += ["[attributes]"]
    lines += [
        f"{name}\tArg:{'|'.join(APPLIES[name])}, Value:{'|'.join(values)}"
        for name, values in CHOICES.items()
    ]
    return "\n".join([*lines, ""])


class _Reader:
    """Collects the lines of one .ann file."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.spans: dict[str, tuple[str, list[Span]]] = {}
        self.attributes: dict[str, dict[str, Any]] = {}
        self.links: list[tuple[str, str, str]] = []
        self.triggers: dict[str, str] = {}
        self.equal: list[list[str]] = []

    def line(self, line: str) -> None:
        """Read a line; raises `ValueError` or `KeyError` where it is malformed."""
        name, data, *tail = line.split("\t", 2)
        match name[0]:
            case "T":
                label, offsets = data.split(" ", 1)
                pairs = [pair.split() for pair in offsets.split(";")]
                self.spans[name] = label, [(int(start), int(end)) for start, end in pairs]
            case "E":
                trigger, *arguments = [item.split(":") for item in data.split()]
                self.triggers[name] = trigger[1]
                self.links += [(role, name, end) for role, end in arguments]
            case "R":
                label, first, second = data.split()
                self.links.append((label, first.split(":")[1], second.split(":")[1]))
            case "A" | "M":
                key, target, *value = data.split()
                self._add(target, {key: value[0] if value else True})
            case "N":
                _, target, _ = data.split(" ", 2)
                self._add(target, {"entity": tail[0]})
            case "#":
                _, target = data.split()
                self._add(target, _note(tail[0]))
            case "*":
                self.equal.append(data.split()[1:])
            case _:
                raise ValueError(name)

    def graph(self, document: dict[str, Any]) -> Graph:
        """Return what was read; events are their triggers."""
        for first, *others in self.equal:
            label, spans = self.spans[self._place(first)]
            surface = self.text[slice(*spans[0])]
            for name in (first, *others):
                if label not in _NAMELESS:
                    self.attributes.setdefault(self._place(name), {}).setdefault("entity", surface)
        attributes: dict[str, dict[str, Any]] = {}
        for name, values in self.attributes.items():
            attributes.setdefault(self._place(name), {}).update(values)
        regions = tuple(
            Region(name, label, tuple(_joined(self.text, spans)), attributes.get(name, {}))
            for name, (label, spans) in self.spans.items()
        )
        links = tuple(
            Link(label, self._place(start), self._place(end)) for label, start, end in self.links
        )
        return Graph(self.text, document, regions, links)

    def _add(self, target: str, values: dict[str, Any]) -> None:
        self.attributes.setdefault(target, {}).update(values)

    def _place(self, name: str) -> str:
        return self.triggers.get(name, name)


def _unbroken(text: str, span: Span) -> Iterator[Span]:
    """Cut a span at line breaks."""
    start, end = span
    for match in _BREAK.finditer(text, start, end):
        if match.start() > start:
            yield start, match.start()
        start = match.end()
    if end > start:
        yield start, end


def _joined(text: str, spans: Iterable[Span]) -> list[Span]:
    """Join fragments that nothing but line breaks separate."""
    joined: list[Span] = []
    for start, end in spans:
        if joined and _BREAK.fullmatch(text, joined[-1][1], start):
            joined[-1] = joined[-1][0], end
        else:
            joined.append((start, end))
    return joined


def _one_line(values: dict[str, Any]) -> str:
    """Dump values as JSON without any character that ends a line for brat."""
    return _BREAK.sub(
        lambda match: "".join(f"\\u{ord(char):04x}" for char in match.group()),
        json.dumps(values, ensure_ascii=False),
    )


def _note(text: str) -> dict[str, Any]:
    """Read a note: our JSON, or somebody's remark."""
    try:
        values = json.loads(text)
    except ValueError:
        return {"note": text}
    return values if isinstance(values, dict) else {"note": text}


def _save(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="")
