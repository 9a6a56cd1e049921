from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from ronten.gold.check import Problem, check
from ronten.gold.files import load_annotations, write_annotation
from ronten.types import Annotation

TEXT = (
    "青葉電機の野上玲子社長は5月2日、「減産は避けられない。」と述べた。\n"
    "しかし、工場は約30億円を失った。『北斗2』の値上げは誤りだとの見方もある。"
)


def span(surface: str, nth: int = 1) -> list[int]:
    start = -1
    for _ in range(nth):
        start = TEXT.index(surface, start + 1)
    return [start, start + len(surface)]


def gold() -> dict[str, Any]:
    """A record without any problem."""
    authorial = {"source": None, "cue": None, "attribution": "authorial", "type": "fact"}
    return {
        "id": "a1",
        "text": TEXT,
        "metadata": {"published": "2026-05-03"},
        "targets": ["値上げ"],
        "holders": [
            {"id": "h1", "name": "野上玲子", "kind": "person"},
            {"id": "h2", "name": "", "kind": "article_author"},
            {"id": "h3", "name": "", "kind": "unspecified"},
        ],
        "claims": [
            {
                "id": "a1:1",
                "content": [span("減産は避けられない")],
                "holder": "h1",
                "source": span("野上玲子社長"),
                "cue": span("述べ"),
                "attribution": "direct",
                "type": "prediction",
                "stance": None,
                "position": "cut",
            },
            {
                "id": "a1:2",
                "content": [span("工場は約30億円を失った")],
                "holder": "h2",
                **authorial,
                "stance": None,
                "position": "loss",
            },
            {
                "id": "a1:3",
                "content": [span("『北斗2』の値上げは誤りだ")],
                "holder": "h3",
                "source": None,
                "cue": span("見方"),
                "attribution": "indirect",
                "type": "interpretation",
                "stance": {"target": "値上げ", "label": "against"},
                "position": "no-rise",
            },
        ],
        "entities": [
            {"span": span("青葉電機"), "label": "COMPANY", "entity": "青葉電機"},
            {"span": span("野上玲子"), "label": "PERSON", "entity": "野上玲子"},
            {"span": span("北斗2"), "label": "PRODUCT", "entity": "北斗2"},
        ],
        "figures": [
            {
                "span": span("5月2日"),
                "kind": "date",
                "low": "2026-05-02",
                "high": "2026-05-02",
                "unit": None,
                "modifier": None,
            },
            {
                "span": span("約30億円"),
                "kind": "money",
                "low": 3000000000,
                "high": 3000000000,
                "unit": "JPY",
                "modifier": "about",
            },
        ],
    }


def problems(tmp_path: Path, *records: dict[str, Any]) -> list[Problem]:
    for number, record in enumerate(records):
        text = json.dumps(record, ensure_ascii=False, indent=1)
        (tmp_path / f"{number}.json").write_text(text, encoding="utf-8")
    return check(tmp_path)


def test_what_follows_the_guidelines_is_clean(tmp_path: Path) -> None:
    assert problems(tmp_path, gold()) == []


def changed(path: str, value: Any) -> dict[str, Any]:
    """The clean record with the value at `a.0.b` replaced; `+` appends to a list."""
    record = copy.deepcopy(gold())
    *keys, last = [int(key) if key.isdigit() else key for key in path.split(".")]
    place = record
    for key in keys:
        place = place[key]
    if last == "+":
        place.append(value)
    else:
        place[last] = value
    return record


CLAIM, AUTHORIAL, HEARSAY = "claims.0", "claims.1", "claims.2"
ENTITY = {"label": "PRODUCT", "entity": "北斗"}


@pytest.mark.parametrize(
    ("path", "value", "field", "message"),
    [
        ("id", "", "id", "empty"),
        ("holders.+", {"id": "h1", "name": "市", "kind": "company"}, "holders[3].id", "another"),
        (
            "holders.+",
            {"id": "h9", "name": "野上玲子", "kind": "person"},
            "holders[3].name",
            "twice",
        ),
        ("holders.2.name", "一部報道", "holders[2].name", "has no name"),
        ("holders.0.name", "", "holders[0].name", "empty"),
        ("holders.0.members", ["h7"], "holders[0].members", "no holder has the id 'h7'"),
        (f"{CLAIM}.holder", "h8", "claims[0].holder", "no holder has the id 'h8'"),
        (f"{AUTHORIAL}.id", "a1:1", "claims[1].id", "another claim's id"),
        ("claims.+", gold()["claims"][0] | {"id": "n"}, "claims[3]", "same holder and content"),
        (f"{CLAIM}.content", [[3, 3]], "claims[0].content[0]", "is empty"),
        (f"{CLAIM}.content", [[3, 999]], "claims[0].content[0]", "outside the text"),
        (f"{CLAIM}.content", [[-2, 3]], "claims[0].content[0]", "outside the text"),
        (f"{CLAIM}.content", [[20, 23], [18, 19]], "claims[0].content[1]", "in order"),
        (f"{CLAIM}.content", [[18, 20], [20, 23]], "claims[0].content[1]", "in order"),
        (f"{CLAIM}.content", [span("減産は避けられない。")], "claims[0].content[0]", "full stop"),
        (
            f"{CLAIM}.content",
            [span("「減産は避けられない。」")],
            "claims[0].content[0]",
            "brackets",
        ),
        (f"{CLAIM}.content", [span("、「減産")], "claims[0].content[0]", "begins with 、"),
        (f"{AUTHORIAL}.content", [span("\nしかし")], "claims[1].content[0]", "with a blank"),
        (f"{AUTHORIAL}.content", [span("述べた。\n")], "claims[1].content[0]", "ends with a blank"),
        (f"{AUTHORIAL}.cue", span("述べ"), "claims[1].cue", "no cue"),
        (f"{AUTHORIAL}.source", span("工場"), "claims[1].source", "no source"),
        (f"{CLAIM}.cue", [5, 5], "claims[0].cue", "is empty"),
        (f"{HEARSAY}.stance.target", "減産", "claims[2].stance", "not among the targets (値上げ)"),
        (f"{HEARSAY}.stance.label", "none", "claims[2].stance", "has the stance null"),
        (f"{CLAIM}.position", None, "claims[0].position", "missing"),
        ("entities.0.span", [0, 0], "entities[0].span", "is empty"),
        ("entities.0.entity", " ", "entities[0].entity", "canonical"),
        ("entities.+", {"span": span("北斗"), **ENTITY}, "entities[2].span", "overlap"),
        (
            "entities.1.span",
            span("野上玲子社長は5"),
            "figures[0].span",
            "overlaps '野上玲子社長は5'",
        ),
        ("figures.0.low", "5/2", "figures[0].low", "is no date"),
        ("figures.0.low", "2026-02-30", "figures[0].low", "is no date"),
        ("figures.0.high", "2026-05-01", "figures[0].low", "greater than high"),
        ("figures.0.unit", "day", "figures[0].unit", "has no unit"),
        ("figures.1.low", 4000000000, "figures[1].low", "greater than high"),
        ("figures.1.low", "30億", "figures[1].low", "no number"),
        ("figures.1.unit", "円", "figures[1].unit", "ISO 4217"),
        ("figures.1.kind", "duration", "figures[1].unit", "none of year"),
        ("figures.1.kind", "percent", "figures[1].unit", "has no unit"),
        ("figures.1.modifier", "over", "figures[1].modifier", "high is null"),
        ("figures.1.high", None, "figures[1].modifier", "one end is open"),
        ("figures.1.modifier", "nearly", "figures[1].modifier", "'about', 'over' or 'under'"),
        ("entities.0.label", "LOC", "entities[0].label", "'PERSON'"),
        (f"{CLAIM}.type", "opinion", "claims[0].type", "'fact'"),
        ("layers", ["claims", "quotes"], "layers[1]", "'entities'"),
    ],
)
def test_problem_is_found_in_its_line(
    tmp_path: Path, path: str, value: Any, field: str, message: str
) -> None:
    record = changed(path, value)
    found = [p for p in problems(tmp_path, record) if not p.warning]
    assert [p.field for p in found] == [field]
    assert message in found[0].message
    line = (tmp_path / "0.json").read_text("utf-8").split("\n")[found[0].line - 1].strip()
    key = field.rpartition(".")[2]
    assert line in ("[", "{", '"quotes"') if field.endswith("]") else line.startswith(f'"{key}":')


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (f"{AUTHORIAL}.content", [span("しかし、工場は約30億円を失った")], "conjunction しかし"),
        (
            f"{AUTHORIAL}.content",
            [span("工場は約30億円を失った。『北斗2』の値上げは誤りだ")],
            "sentence border",
        ),
        (f"{HEARSAY}.attribution", "direct", "in no brackets"),
        (f"{CLAIM}.cue", span("避け"), "inside the content"),
        ("holders.0.name", "野上氏", "honorific"),
        ("holders.+", {"id": "h5", "name": "青葉電機", "kind": "company"}, "no claim refers"),
        ("layers", ["claims", "positions", "stance", "figures"], "'entities' are annotated"),
    ],
)
def test_doubtful_things_are_warnings(tmp_path: Path, path: str, value: Any, message: str) -> None:
    found = problems(tmp_path, changed(path, value))
    assert all(problem.warning for problem in found)
    assert [message in problem.message for problem in found] == [True]


def test_unmarked_mention_of_a_marked_name_is_a_warning(tmp_path: Path) -> None:
    record = gold() | {"text": TEXT + "\n青葉電機だ"}
    (found,) = problems(tmp_path, record)
    assert found.warning
    assert found.message == f"'青葉電機' stands unmarked at {len(TEXT) + 1}"


def test_layers_free_claims_of_positions(tmp_path: Path) -> None:
    record = changed("claims.0.position", None) | {
        "layers": ["claims", "entities", "figures", "stance"]
    }
    assert problems(tmp_path, record) == []


def test_open_values_and_dates_of_every_precision_are_right(tmp_path: Path) -> None:
    record = gold()
    record["figures"][0] |= {"low": "2026", "high": "2026-05-02T15:30"}
    record["figures"][1] |= {"low": None, "modifier": "under"}
    assert problems(tmp_path, record) == []
    record["figures"][0] |= {"low": None, "high": None, "modifier": "over"}
    assert problems(tmp_path, record) == []


def test_opposite_sides_in_one_position_are_found_across_articles(tmp_path: Path) -> None:
    other = changed("claims.2.stance.label", "favor") | {"id": "a2"}
    (found,) = problems(tmp_path, gold(), other)
    assert (found.file.name, found.field) == ("1.json", "claims[2].position")
    assert "favor 値上げ here and against in a1:3" in found.message


def test_ids_are_unique_in_a_folder_and_free_in_the_next(tmp_path: Path) -> None:
    for folder in ("first", "second"):
        (tmp_path / folder).mkdir()
        write_annotation(tmp_path / folder / "a.json", Annotation.model_validate(gold()))
    assert check(tmp_path) == []
    write_annotation(tmp_path / "first" / "b.json", Annotation.model_validate(gold()))
    (found,) = check(tmp_path)
    assert (found.field, found.file.name) == ("id", "b.json")


def test_lines_of_rows_and_of_broken_files(tmp_path: Path) -> None:
    rows = [gold() | {"id": name} for name in ("a", "b")]
    rows[1]["claims"][0]["holder"] = "h8"
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    (tmp_path / "a.jsonl").write_text("\n".join([*lines, "{"]), encoding="utf-8")
    first, second = (p for p in check(tmp_path / "a.jsonl") if not p.warning)
    assert (first.line, first.article, first.field) == (2, "b", "claims[0].holder")
    assert (second.line, second.field) == (3, "not JSON")
    assert str(first).startswith(f"{tmp_path / 'a.jsonl'}:2: b: claims[0].holder: no holder")


REAL = Path(__file__).parents[3] / "shared" / "gold"


def test_real_gold_has_no_problems() -> None:
    if not REAL.is_dir():
        pytest.skip(f"{REAL} is not there")
    assert list(load_annotations(REAL))
    assert [str(problem) for problem in check(REAL) if not problem.warning] == []
