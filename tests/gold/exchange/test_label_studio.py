from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from ronten.errors import UsageError
from ronten.gold.exchange.label_studio import from_task, interface, read, to_task, write
from ronten.types import Annotation, Kind

TEXT = "🚒消防の森田さんは「雨だ」と話し、\n約3台が出た。"


def region(name: str, start: int, end: int, label: str) -> dict[str, Any]:
    return {
        "value": {"start": start, "end": end, "text": TEXT[start:end], "labels": [label]},
        "id": name,
        "from_name": "label",
        "to_name": "text",
        "type": "labels",
        "origin": "manual",
    }


def field(name: str, of: str, kind: str, value: str) -> dict[str, Any]:
    key = "choices" if kind == "choices" else "text"
    return {
        "value": {"start": 0, "end": 1, key: [value]},
        "id": of,
        "from_name": name,
        "to_name": "text",
        "type": kind,
        "origin": "manual",
    }


def task(*results: dict[str, Any], **other: Any) -> dict[str, Any]:
    """A task as the JSON export of Label Studio writes it."""
    return {
        "id": 7,
        "created_at": "2026-03-09T21:52:49.513742Z",
        "updated_at": "2026-03-09T22:16:08.746926Z",
        "project": 83,
        "data": {"text": TEXT},
        "annotations": [
            {
                "id": 1001,
                "result": list(results),
                "was_cancelled": False,
                "ground_truth": False,
                "created_at": "2026-03-09T22:16:08.728353Z",
                "lead_time": 4.288,
                "result_count": 0,
                "task": 7,
                "completed_by": 10,
            }
        ],
        "predictions": [],
        **other,
    }


CLAIM = (
    region("Dx_aB91ISN", 10, 12, "claim"),
    field("attribution", "Dx_aB91ISN", "choices", "direct"),
    field("type", "Dx_aB91ISN", "choices", "fact"),
    field("holder", "Dx_aB91ISN", "textarea", "森田"),
    field("holder_kind", "Dx_aB91ISN", "choices", "person"),
)


def test_export_of_a_project_is_read() -> None:
    found = from_task(
        task(
            *CLAIM,
            region("s-1", 4, 8, "source"),
            region("q", 14, 16, "cue"),
            region("p", 4, 6, "PERSON"),
            field("entity", "p", "textarea", "森田"),
            region("f", 18, 21, "count"),
            field("low", "f", "textarea", "3"),
            field("high", "f", "textarea", "3"),
            field("unit", "f", "textarea", "台"),
            field("modifier", "f", "choices", "about"),
            {
                "from_id": "Dx_aB91ISN",
                "to_id": "s-1",
                "type": "relation",
                "direction": "right",
                "labels": ["source"],
            },
            {"from_id": "q", "to_id": "Dx_aB91ISN", "type": "relation", "direction": "left"},
        )
    )
    assert found.id == "7"
    (holder,), (claim,) = found.holders, found.claims
    assert (holder.name, holder.kind, claim.holder) == ("森田", Kind.PERSON, holder.id)
    assert (claim.id, claim.content) == ("7:10-12", [(10, 12)])
    assert (claim.source, claim.cue) == ((4, 8), (14, 16))
    assert TEXT[slice(*claim.content[0])] == "雨だ"
    (entity,), (figure,) = found.entities, found.figures
    assert (entity.span, entity.label.value, entity.entity) == ((4, 6), "PERSON", "森田")
    assert (figure.low, figure.high, figure.unit, figure.modifier) == (3, 3, "台", "about")


def test_fragments_joined_by_an_arrow_are_one_claim() -> None:
    found = from_task(
        task(
            *CLAIM,
            region("z", 21, 23, "claim"),
            {"from_id": "Dx_aB91ISN", "to_id": "z", "type": "relation", "direction": "right"},
        )
    )
    assert [claim.content for claim in found.claims] == [[(10, 12), (21, 23)]]


def test_labels_of_other_projects_are_translated_or_kept() -> None:
    results = (region("a", 4, 6, "Name"), region("b", 1, 3, "Thing"))
    found = from_task(task(*results), {"Name": "PERSON"})
    assert [(e.span, e.entity) for e in found.entities] == [((4, 6), "森田")]
    assert found.model_extra == {"unmapped": [{"label": "Thing", "spans": [[1, 3]]}]}


def test_predictions_stand_in_for_annotations() -> None:
    other = task(region("p", 4, 6, "PERSON"))
    other["predictions"], other["annotations"] = other["annotations"], []
    assert len(from_task(other).entities) == 1


def test_one_of_several_annotations_is_chosen_or_refused() -> None:
    both = task(region("p", 4, 6, "PERSON"))
    both["annotations"].append({"result": [], "was_cancelled": True})
    assert len(from_task(both).entities) == 1
    both["annotations"].append({"result": []})
    with pytest.raises(UsageError, match="2 annotations; mark one as ground truth"):
        from_task(both)
    both["annotations"][2]["ground_truth"] = True
    assert from_task(both).entities == []


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (task(*CLAIM[:2]), "7: claim at 10-12: no type; choose one of fact, prediction"),
        (task(*CLAIM[:4]), "holder '森田' has no kind; choose its holder_kind"),
        (task(region("a", 40, 46, "PERSON")), "PERSON at 40-46 lies outside the text"),
        (
            task({**region("a", 4, 6, "PERSON"), "value": CLAIM[0]["value"] | {"start": 9}}),
            r"region a: \[9, 12\] cuts '「雨だ' out of the text, not '雨だ'",
        ),
        (
            task(region("f", 19, 20, "count"), field("low", "f", "textarea", "三")),
            "region f: low '三' is no number",
        ),
        (task(*CLAIM[:2], field("type", "Dx_aB91ISN", "choices", "x")), r"claims\.0\.type"),
        ({"text": TEXT}, "no task with 'data'"),
        ({"data": {"image": 1}}, "no text in the task's data"),
    ],
)
def test_what_cannot_be_read_is_named(broken: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        from_task(broken)


def test_claims_without_holder_are_the_writers_or_nobodys() -> None:
    other = [r for r in CLAIM if r["from_name"] not in ("holder", "holder_kind")]
    assert from_task(task(*other)).holders[0].kind == Kind.UNSPECIFIED
    other[1] = field("attribution", "Dx_aB91ISN", "choices", "authorial")
    assert from_task(task(*other)).holders[0].kind == Kind.ARTICLE_AUTHOR


def test_everything_an_annotator_edits_wins_over_what_was_exported() -> None:
    exported = to_task(from_task(task(*CLAIM)))
    results = exported["annotations"][0]["result"]
    (kind,) = (r for r in results if r["from_name"] == "type")
    kind["value"]["choices"] = ["policy"]
    (holder,) = (r for r in results if r["from_name"] == "holder")
    holder["value"]["text"] = ["消防"]
    (kind,) = (r for r in results if r["from_name"] == "holder_kind")
    kind["value"]["choices"] = ["organization"]
    back = from_task(exported)
    assert back.claims[0].type == "policy"
    assert [(h.id, h.name) for h in back.holders] == [("h1", "森田"), ("h2", "消防")]
    assert back.claims[0].holder == "h2"


def test_interface_declares_everything_that_is_written(tmp_path: Path) -> None:
    root = ET.fromstring(interface())
    names = {element.get("name") for element in root.iter() if element.get("name")}
    labels = {element.get("value") for element in root.iter("Label")}
    annotation = from_task(task(*CLAIM, region("p", 4, 6, "PERSON")))
    for result in to_task(annotation)["annotations"][0]["result"]:
        if result["type"] != "relation":
            assert result["from_name"] in names
            assert result["to_name"] in names
            assert set(result["value"].get("labels", ())) <= labels
    assert write(tmp_path / "t.json", [annotation]) == 1
    assert (tmp_path / "t.xml").read_text("utf-8") == interface()


def test_file_that_is_no_export_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("{", encoding="utf-8")
    with pytest.raises(UsageError, match=r"x\.json: no JSON export of Label Studio"):
        list(read(tmp_path / "x.json"))
    bad = task(region("a", 40, 46, "PERSON"))
    (tmp_path / "x.json").write_text(json.dumps([task(), bad]), encoding="utf-8")
    with pytest.raises(UsageError, match=r"x\.json: task 2: 7: PERSON at 40-46"):
        list(read(tmp_path / "x.json"))


def test_unmapped_survives_the_way_back() -> None:
    found = from_task(task(region("b", 1, 3, "Thing")))
    assert from_task(to_task(found)) == found
    assert isinstance(found, Annotation)
