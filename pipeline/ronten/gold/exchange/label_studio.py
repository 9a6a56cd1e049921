"""Label Studio: the JSON of its import and export, and the labelling interface it needs.

Offsets are Unicode code points there too; a line break of two characters counts as two.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ronten.errors import UsageError
from ronten.gold.exchange.assemble import from_graph
from ronten.gold.exchange.graph import (
    ALWAYS_LOST,
    APPLIES,
    CHOICES,
    CONTINUED,
    CUE,
    FIGURES,
    LABELS,
    SOURCE,
    TEXTS,
    Graph,
    Link,
    Region,
    join_fragments,
    split_fragments,
    to_graph,
)
from ronten.types import Annotation

HOLDS = (
    "FILE.json with the tasks and FILE.xml with the labelling interface for the project. Regions, "
    "relations and, for each region, choices and text fields: all of a claim, an entity or a "
    "figure can be seen and edited. Metadata, targets and keys of other programs travel in the "
    "task's data."
)
LOSES = (
    *ALWAYS_LOST,
    "A task keeps one annotation on import: the one marked as ground truth, or the only one.",
)

_OURS = "ronten"


def write(path: Path, annotations: Iterable[Annotation]) -> int:
    """Write tasks to a .json file and the labelling interface to the .xml file beside it."""
    tasks = [to_task(annotation) for annotation in annotations]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(tasks, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    path.with_suffix(".xml").write_text(interface(), encoding="utf-8")
    return len(tasks)


def read(path: Path, labels: Mapping[str, str] | None = None) -> Iterator[Annotation]:
    """Read the annotations of a JSON export."""
    try:
        tasks = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: no JSON export of Label Studio ({error})") from None
    for number, task in enumerate(tasks if isinstance(tasks, list) else [tasks]):
        try:
            yield from_task(task, labels)
        except UsageError as error:
            raise UsageError(f"{path}: task {number + 1}: {error}") from None


def to_task(annotation: Annotation) -> dict[str, Any]:
    """Lay out an annotation as a task with one annotation."""
    graph = split_fragments(to_graph(annotation))
    results: list[dict[str, Any]] = []
    hidden: dict[str, dict[str, Any]] = {}
    for region in graph.regions:
        start, end = region.spans[0]
        place = {"start": start, "end": end}
        common = {"id": region.id, "to_name": "text", "origin": "manual"}
        label = {**place, "text": graph.text[start:end], "labels": [region.label]}
        results.append({**common, "from_name": "label", "type": "labels", "value": label})
        rest = dict(region.attributes)
        for name in (*CHOICES, *TEXTS):
            if region.label not in APPLIES[name] or rest.get(name) in (None, ""):
                continue
            value = rest.pop(name)
            if name in CHOICES:
                kind, shown = "choices", {**place, "choices": [value]}
            else:
                written = value if isinstance(value, str) else json.dumps(value)
                kind, shown = "textarea", {**place, "text": [written]}
            results.append({**common, "from_name": name, "type": kind, "value": shown})
        if rest:
            hidden[region.id] = rest
    results += [
        {
            "type": "relation",
            "from_id": link.start,
            "to_id": link.end,
            "direction": "right",
            "labels": [link.label],
        }
        for link in graph.links
    ]
    ours = {"document": graph.document, "attributes": hidden}
    return {
        "data": {"text": graph.text, _OURS: ours},
        "annotations": [{"result": results, "ground_truth": False, "was_cancelled": False}],
    }


def from_task(task: Mapping[str, Any], labels: Mapping[str, str] | None = None) -> Annotation:
    """Read the annotation of a task; raises `UsageError` where there is none or too many."""
    if not isinstance(task, Mapping) or not isinstance(task.get("data"), Mapping):
        raise UsageError("no task with 'data'; export the project as JSON (not JSON-MIN)")
    text = _text(task["data"])
    ours = task["data"].get(_OURS) or {}
    document = ours.get("document") or {"id": str(task.get("id", ""))}
    hidden = ours.get("attributes") or {}
    results = _results(task)
    regions: dict[str, Region] = {}
    values: dict[str, dict[str, Any]] = {}
    for result in results:
        value = result.get("value", {})
        if "labels" in value:
            _require_text(result, text)
            for number, label in enumerate(value["labels"]):
                name = result["id"] if number == 0 else f"{result['id']}+{number}"
                regions[name] = Region(name, label, ((value["start"], value["end"]),))
        elif result.get("type") == "choices" and value.get("choices"):
            values.setdefault(result["id"], {})[result["from_name"]] = value["choices"][0]
        elif result.get("type") == "textarea" and value.get("text"):
            written = value["text"]
            entry = written if isinstance(written, str) else "\n".join(written)
            values.setdefault(result["id"], {})[result["from_name"]] = entry
    full = []
    for region in regions.values():
        known = values.get(region.id, {})
        typed = {key: _typed(key, entry, region) for key, entry in known.items()}
        attributes = {**hidden.get(region.id, {}), **typed}
        full.append(Region(region.id, region.label, region.spans, attributes))
    links = [
        link
        for result in results
        if result.get("type") == "relation" and (link := _link(result, regions))
    ]
    graph = Graph(text, document, tuple(full), tuple(links))
    return from_graph(join_fragments(graph), labels)


def interface() -> str:
    """Return the labelling interface (XML) for a project that holds exported tasks."""
    lines = ["<View>", "  <Relations>"]
    lines += [f'    <Relation value="{label}"/>' for label in (SOURCE, CUE, CONTINUED)]
    lines += ["  </Relations>", '  <Labels name="label" toName="text">']
    lines += [f'    <Label value="{label}"/>' for label in LABELS]
    lines += ["  </Labels>", "  <Style>.htx-text { white-space: pre-wrap; }</Style>"]
    lines += ['  <Text name="text" value="$text"/>']
    for name in (*CHOICES, *TEXTS):
        shown = ",".join(APPLIES[name])
        when = f'visibleWhen="region-selected" whenTagName="label" whenLabelValue="{shown}"'
        lines += [f"  <View {when}>", f'    <Header value="{name}"/>']
        if name in CHOICES:
            lines += [f'    <Choices name="{name}" toName="text" perRegion="true">']
            lines += [f'      <Choice value="{value}"/>' for value in CHOICES[name]]
            lines += ["    </Choices>"]
        else:
            lines += [f'    <TextArea name="{name}" toName="text" perRegion="true" rows="1"/>']
        lines += ["  </View>"]
    return "\n".join([*lines, "</View>", ""])


def _text(data: Mapping[str, Any]) -> str:
    """Return the text of a task, whatever its key where it is the only one."""
    if isinstance(data.get("text"), str):
        return str(data["text"])
    strings = [value for value in data.values() if isinstance(value, str)]
    if len(strings) != 1:
        raise UsageError("no text in the task's data; put it under the key 'text'")
    return strings[0]


def _results(task: Mapping[str, Any]) -> list[dict[str, Any]]:
    done = [a for a in task.get("annotations") or [] if not a.get("was_cancelled")]
    chosen = [a for a in done if a.get("ground_truth")] or done or task.get("predictions") or []
    if len(chosen) > 1:
        raise UsageError(
            f"{len(chosen)} annotations; mark one as ground truth, or export one annotator at a "
            "time"
        )
    return list(chosen[0]["result"]) if chosen else []


def _require_text(result: Mapping[str, Any], text: str) -> None:
    """Compare the marked text, which shows offsets that are counted in another way."""
    value = result["value"]
    said = value.get("text")
    if not isinstance(said, str):
        return
    cut = text[value["start"] : value["end"]]
    # Line breaks are exported as two characters, \ and n.
    if _plain(said) != _plain(cut):
        raise UsageError(
            f"region {result['id']}: [{value['start']}, {value['end']}] cuts '{cut[:20]}' out of "
            f"the text, not '{said[:20]}'; export with a version that counts code points"
        )


def _plain(text: str) -> str:
    return "".join(text.replace("\\n", "").split())


def _typed(name: str, value: str, region: Region) -> Any:
    """Read a value of a figure as a number unless it is a date."""
    if name not in ("low", "high") or region.label not in FIGURES or region.label == "date":
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise UsageError(f"region {region.id}: {name} '{value}' is no number") from None


def _link(result: Mapping[str, Any], regions: Mapping[str, Region]) -> Link | None:
    start, end = result["from_id"], result["to_id"]
    if result.get("direction") == "left":
        start, end = end, start
    if start not in regions or end not in regions:
        return None
    said = result.get("labels") or []
    # An arrow without a label means what it points to.
    label = said[0] if said else regions[end].label
    return Link(CONTINUED if not said and label == regions[start].label else label, start, end)
