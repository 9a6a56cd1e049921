from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ronten.errors import UsageError
from ronten.gold.exchange.doccano import from_row, read, to_row, write
from ronten.types import Annotation

TEXT = "南空社は2019年9月4日、𠮷本玲と谷口ランが作った。"


def entity(number: int, start: int, end: int, label: str) -> dict[str, Any]:
    return {"id": number, "label": label, "start_offset": start, "end_offset": end}


EXPORTED = {
    "id": 6400,
    "text": TEXT,
    "Comments": [],
    "entities": [
        entity(1662, 0, 3, "COMPANY"),
        entity(1663, 4, 13, "date"),
        entity(1664, 14, 18, "Founder"),  # 𠮷 counts as two units
        entity(1665, 19, 23, "Founder"),
    ],
    "relations": [
        {"id": 273, "from_id": 1662, "to_id": 1664, "type": "foundedBy"},
        {"id": 274, "from_id": 1662, "to_id": 1665, "type": "foundedBy"},
    ],
}


def test_export_of_a_project_with_relations_is_read() -> None:
    found = from_row(EXPORTED, {"Founder": "PERSON"})
    assert found.id == "6400"
    assert [(e.label.value, e.entity) for e in found.entities] == [
        ("COMPANY", "南空社"),
        ("PERSON", "𠮷本玲"),
        ("PERSON", "谷口ラン"),
    ]
    assert [TEXT[slice(*f.span)] for f in found.figures] == ["2019年9月4日"]
    assert found.model_extra["unmapped"][0] == {
        "link": "foundedBy",
        "from": [0, 3],
        "to": [14, 17],
    }


def test_export_of_a_project_without_relations_is_read() -> None:
    for key in ("label", "labels"):
        found = from_row({"id": 1, "text": TEXT, key: [[0, 3, "COMPANY"], [14, 18, "PERSON"]]})
        assert [e.entity for e in found.entities] == ["南空社", "𠮷本玲"]


def test_claims_say_attribution_and_type_in_their_label() -> None:
    row = {
        "id": 1,
        "text": TEXT,
        "entities": [
            entity(1, 0, 3, "claim:mixed:fact"),
            entity(2, 14, 18, "claim"),
            entity(3, 19, 23, "source"),
        ],
        "relations": [
            {"id": 1, "from_id": 1, "to_id": 2, "type": "continued"},
            {"id": 2, "from_id": 1, "to_id": 3, "type": "source"},
        ],
    }
    (claim,) = from_row(row).claims
    assert (claim.attribution.value, claim.type.value) == ("mixed", "fact")
    assert (claim.content, claim.source) == ([(0, 3), (14, 17)], (18, 22))
    row["entities"][0]["label"] = "claim:mixed"
    with pytest.raises(UsageError, match="1: claim at 0-17: no type"):
        from_row(row)


def sample() -> Annotation:
    return Annotation.model_validate(
        {
            "id": "a",
            "text": TEXT,
            "holders": [{"id": "k", "name": "谷口ラン", "kind": "person", "aliases": ["谷口"]}],
            "claims": [
                {
                    "id": f"a:{number}",
                    "content": [[0, 3]],
                    "holder": "k",
                    "attribution": "indirect",
                    "type": "fact",
                    "position": f"p{number}",
                }
                for number in (1, 2)
            ],
            "entities": [{"span": [14, 17], "label": "PERSON", "entity": "吉本"}],
        }
    )


def test_values_find_their_spans_although_doccano_gives_new_ids() -> None:
    row = to_row(sample())
    for number, span in enumerate(row["entities"]):
        span["id"] = 900 + number
    row["entities"].reverse()
    row["id"] = 31
    back = from_row(row)
    assert (back.id, back.holders) == ("a", sample().holders)
    assert sorted(claim.position or "" for claim in back.claims) == ["p1", "p2"]
    assert [e.entity for e in back.entities] == ["吉本"]


def test_moved_span_loses_its_values() -> None:
    row = to_row(sample())
    row["entities"][2]["start_offset"] += 2
    (moved,) = from_row(row).entities
    assert moved.entity == "本玲"


def test_relations_refer_to_spans_over_a_whole_file(tmp_path: Path) -> None:
    one = sample()
    claim = one.claims[0].model_copy(update={"source": (18, 22)})
    one = one.model_copy(update={"claims": [claim]})
    two = one.model_copy(update={"id": "b"})
    assert write(tmp_path / "x.jsonl", [one, two]) == 2
    rows = [json.loads(line) for line in (tmp_path / "x.jsonl").read_text("utf-8").splitlines()]
    ids = [span["id"] for row in rows for span in row["entities"]]
    assert len(set(ids)) == len(ids)
    assert [a.claims[0].source for a in read(tmp_path / "x.jsonl")] == [(18, 22)] * 2


def test_what_cannot_be_read_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    inside = {"id": 1, "text": TEXT, "entities": [entity(1, 15, 18, "PERSON")]}
    rows = [EXPORTED, inside]
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    with pytest.raises(UsageError, match=r"x\.jsonl:2: offset 15 lies outside the text, or inside"):
        list(read(path))
    path.write_text('{"id": 1}', encoding="utf-8")
    with pytest.raises(UsageError, match=r"x\.jsonl:1: no 'text'"):
        list(read(path))
    with pytest.raises(UsageError, match=r"none: no JSONL export of doccano"):
        list(read(tmp_path / "none"))
