from __future__ import annotations

import json
from pathlib import Path

import pytest

from ronten.errors import UsageError
from ronten.gold.files import load_annotations, write_annotation, write_annotations
from ronten.types import Annotation


def record(name: str = "a", **other: object) -> dict[str, object]:
    return {"id": name, "text": "雪が降った。", **other}


def save(path: Path, *records: object) -> Path:
    lines = [json.dumps(item, ensure_ascii=False) for item in records]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def ids(path: Path) -> list[str]:
    return [annotation.id for annotation in load_annotations(path)]


def test_folder_is_read_in_order_of_names_and_nothing_else_in_it(tmp_path: Path) -> None:
    save(tmp_path / "2.json", record("b"))
    save(tmp_path / "1.jsonl", record("c"), record("a"))
    save(tmp_path / "splits.json", {"a": "train"})
    (tmp_path / "README.md").write_text("# 説明", encoding="utf-8")
    assert ids(tmp_path) == ["c", "a", "b"]


def test_output_folder_gives_its_annotations_alone(tmp_path: Path) -> None:
    save(tmp_path / "annotations.jsonl", record("a"))
    save(tmp_path / "run.json", {"version": "1"})
    save(tmp_path / "index.json", {"authors": []})
    assert ids(tmp_path) == ["a"]


def test_line_separators_inside_strings_do_not_end_a_row(tmp_path: Path) -> None:
    row = json.dumps(record(text="雪\u2028雨\x85"), ensure_ascii=False)
    (tmp_path / "a.jsonl").write_text(f"\n{row}\r\n\n", encoding="utf-8")
    (annotation,) = load_annotations(tmp_path / "a.jsonl")
    assert annotation.text == "雪\u2028雨\x85"


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ({"id": "x"}, r":2: text: Field required"),
        (record(figures=[{"span": [0, 1], "kind": "weight"}]), r":2: figures\[0\]\.kind: "),
        (
            record(entities=[{"span": [4, 9], "label": "ORG", "entity": "雪"}]),
            r":2: a: entities\[0\]\.span: \[4, 9\] cuts nothing out of 6 characters",
        ),
        (
            record(
                claims=[
                    {
                        "id": "1",
                        "content": [[0, 5]],
                        "holder": "h1",
                        "attribution": "authorial",
                        "type": "fact",
                    }
                ]
            ),
            r":2: a: claims\[0\]\.holder: no holder has the id 'h1'",
        ),
        (record("z"), r":2: article 'z' stands in .*:1 too"),
    ],
)
def test_bad_records_are_named_with_file_and_line(
    tmp_path: Path, bad: dict[str, object], said: str
) -> None:
    path = save(tmp_path / "g.jsonl", record("z"), bad)
    with pytest.raises(UsageError, match=rf"g\.jsonl{said}"):
        list(load_annotations(path))


def test_broken_json_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "g.json"
    path.write_text('{\n "id": "a",\n "text" "雪"}', encoding="utf-8")
    with pytest.raises(UsageError, match=r"g\.json:3: not JSON"):
        list(load_annotations(path))


def test_what_is_no_gold_is_refused_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file or folder"):
        list(load_annotations(tmp_path / "none"))
    with pytest.raises(UsageError, match=r"\.json or \.jsonl"):
        list(load_annotations(save(tmp_path / "a.txt", "雪")))
    (tmp_path / "final").mkdir()
    save(tmp_path / "final" / "a.json", record())
    with pytest.raises(UsageError, match="there are some in final"):
        list(load_annotations(tmp_path))
    (tmp_path / "b.json").write_bytes('{"text": "雪"}'.encode("shift_jis"))
    with pytest.raises(UsageError, match=r"b\.json: not UTF-8"):
        list(load_annotations(tmp_path))


def test_written_annotation_has_a_line_per_record_and_keeps_unknown_keys(tmp_path: Path) -> None:
    annotation = Annotation.model_validate(
        record(
            holders=[{"id": "h1", "name": "", "kind": "article_author", "note": "?"}],
            entities=[],
            origin_of={"this": None},
        )
    )
    write_annotation(tmp_path / "a.json", annotation)
    lines = (tmp_path / "a.json").read_text("utf-8").splitlines()
    assert '    {"id": "h1", "name": "", "kind": "article_author", "note": "?"}' in lines
    (back,) = load_annotations(tmp_path / "a.json")
    assert back.dump() == annotation.dump()


@pytest.mark.parametrize("name", ["a/b", "..", ".hidden", "長" * 90])
def test_id_that_is_no_file_name_is_refused(tmp_path: Path, name: str) -> None:
    annotation = Annotation.model_validate(record(name))
    with pytest.raises(UsageError, match="cannot be a file name"):
        write_annotations(tmp_path / "out", [annotation])
    assert write_annotations(tmp_path / "out.jsonl", [annotation]) == 1
    assert ids(tmp_path / "out.jsonl") == [name]
