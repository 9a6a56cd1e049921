"""doccano: the JSONL of sequence labelling projects with relations.

Offsets in doccano are UTF-16 code units, as long as the project does not count grapheme clusters.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate
from pathlib import Path
from typing import Any

from ronten.errors import UsageError
from ronten.gold.exchange.assemble import from_graph
from ronten.gold.exchange.graph import (
    ALWAYS_LOST,
    CLAIM,
    Graph,
    Link,
    Region,
    join_fragments,
    split_fragments,
    to_graph,
)
from ronten.types import Annotation, Span

HOLDS = (
    "FILE.jsonl for a sequence labelling project with relations. Spans and relations; attribution "
    "and type of a claim stand in its label (claim:direct:fact). What doccano cannot show "
    "(holders, stance, positions, canonical names, values of figures, metadata) travels in the "
    "column 'ronten'."
)
LOSES = (
    *ALWAYS_LOST,
    "Spans drawn or moved in doccano have none of the values that travel in the column 'ronten': "
    "their holder is unspecified (the article's author where authorial), their figures are without "
    "value, their entities are named as in the text.",
    "Projects that count grapheme clusters as one character have other offsets: turn it off.",
)

_OURS = "ronten"
_SPLIT = ":"


def write(path: Path, annotations: Iterable[Annotation]) -> int:
    """Write one line per article."""
    path.parent.mkdir(parents=True, exist_ok=True)
    count = spans = relations = 0
    with path.open("w", encoding="utf-8", newline="\n") as out:
        for annotation in annotations:
            row = to_row(annotation, spans, relations)
            # doccano resolves relations over the whole file.
            spans += len(row["entities"])
            relations += len(row["relations"])
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
            count += 1
    return count


def read(path: Path, labels: Mapping[str, str] | None = None) -> Iterator[Annotation]:
    """Read a JSONL export; label lists of projects without relations are read too."""
    try:
        text = path.read_text("utf-8")
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: no JSONL export of doccano ({error})") from None
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            yield from_row(json.loads(line), labels)
        except (UsageError, ValueError) as error:
            raise UsageError(f"{path}:{number}: {error}") from None


def to_row(annotation: Annotation, first_span: int = 0, first_relation: int = 0) -> dict[str, Any]:
    """Lay out an annotation as a row; ids count on from those given."""
    graph = split_fragments(to_graph(annotation))
    units = _Units(graph.text)
    ids: dict[str, int] = {}
    entities = []
    hidden: dict[str, list[dict[str, Any]]] = {}
    for number, region in enumerate(graph.regions, first_span):
        ids[region.id] = number
        start, end = region.spans[0]
        label, rest = _label(region)
        entities.append(
            {
                "id": number,
                "label": label,
                "start_offset": units.at[start],
                "end_offset": units.at[end],
            }
        )
        hidden.setdefault(_key(region.label, region.spans[0]), []).append(rest)
    relations = [
        {"id": n, "from_id": ids[link.start], "to_id": ids[link.end], "type": link.label}
        for n, link in enumerate(graph.links, first_relation)
    ]
    told = {key: items for key, items in hidden.items() if any(items)}
    ours = {"document": graph.document, "attributes": told}
    return {"text": graph.text, "entities": entities, "relations": relations, _OURS: ours}


def from_row(row: Mapping[str, Any], labels: Mapping[str, str] | None = None) -> Annotation:
    """Read the annotation of a row; raises `UsageError` where it has no text."""
    if not isinstance(row, Mapping) or not isinstance(row.get("text", row.get("data")), str):
        raise UsageError("no 'text'; export the project as JSONL")
    text = row.get("text", row.get("data"))
    units = _Units(text)
    ours = row.get(_OURS) or {}
    document = ours.get("document") or {"id": str(row.get("id", row.get("doc_id", "")))}
    hidden = {key: list(items) for key, items in (ours.get("attributes") or {}).items()}
    spans = row.get("entities", row.get("label", row.get("labels", [])))
    regions = []
    for number, entity in enumerate(spans):
        if not isinstance(entity, Mapping):  # projects without relations: [start, end, label]
            start, end, label = entity
            entity = {"id": f"l{number}", "start_offset": start, "end_offset": end, "label": label}
        span = units.back(entity["start_offset"]), units.back(entity["end_offset"])
        label, attributes = _unlabel(entity["label"])
        known = hidden.get(_key(label, span))
        if known:
            attributes = {**known.pop(0), **attributes}
        regions.append(Region(str(entity["id"]), label, (span,), attributes))
    links = [
        Link(relation["type"], str(relation["from_id"]), str(relation["to_id"]))
        for relation in row.get("relations", [])
    ]
    graph = Graph(text, document, tuple(regions), tuple(links))
    return from_graph(join_fragments(graph), labels)


def _label(region: Region) -> tuple[str, dict[str, Any]]:
    """Return the label of a region in doccano, and the attributes that are not in it."""
    rest = dict(region.attributes)
    if region.label != CLAIM or not rest:  # a further fragment is a bare claim
        return region.label, rest
    return _SPLIT.join((CLAIM, rest.pop("attribution"), rest.pop("type"))), rest


def _unlabel(label: str) -> tuple[str, dict[str, Any]]:
    if not label.startswith(CLAIM + _SPLIT):
        return label, {}
    _, *values = label.split(_SPLIT)
    return CLAIM, dict(zip(("attribution", "type"), values, strict=False))


def _key(label: str, span: Span) -> str:
    # Ids do not survive the way through doccano, places do.
    return f"{label} {span[0]}-{span[1]}"


class _Units:
    """Offsets of a text in code points and in UTF-16 code units."""

    def __init__(self, text: str) -> None:
        self.at = [0, *accumulate(2 if ord(char) > 0xFFFF else 1 for char in text)]
        self._back = {unit: offset for offset, unit in enumerate(self.at)}

    def back(self, unit: int) -> int:
        """Return the code point offset of a code unit offset."""
        if unit not in self._back:
            raise UsageError(
                f"offset {unit} lies outside the text, or inside a character; was the text changed?"
            )
        return self._back[unit]
