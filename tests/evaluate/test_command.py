from __future__ import annotations

import json
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from ronten.cli import app
from ronten.errors import UsageError
from ronten.evaluate.metrics import METRICS
from ronten.types import Annotation


def write(path: Path, *articles: Annotation) -> str:
    path.write_text("\n".join(json.dumps(a.dump()) for a in articles), encoding="utf-8")
    return str(path)


@pytest.fixture
def files(make: SimpleNamespace, tmp_path: Path) -> list[str]:
    gold = [
        make.article(make.claim((0, 10)), id=name, text=name * 50, metadata={"genre": genre})
        for name, genre in (("one", "報道"), ("two", "意見"), ("six", "報道"))
    ]
    said = [make.article(make.claim((0, 10)), id="one", text="one" * 50)]
    said += [make.article(make.claim((40, 50)), id="two", text="two" * 50)]
    return [write(tmp_path / "gold.jsonl", *gold), write(tmp_path / "said.jsonl", *said)]


def evaluate(*arguments: str, code: int = 0) -> Any:
    result = CliRunner().invoke(app, ["evaluate", *arguments], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result


def test_json_has_the_names_of_the_contract(files: list[str]) -> None:
    result = evaluate(*files, "--json")
    found = json.loads(result.stdout)
    assert set(METRICS) <= set(found)
    assert (found["articles"], found["missing"]) == (3, ["six"])
    assert found["claims_all"] == {"p": 0.5, "r": 0.333, "f1": 0.4, "n": 3}
    assert found["intervals"]["claims_all"][0] < 0.4 < found["intervals"]["claims_all"][1]
    assert set(found["baseline"]) == set(METRICS)
    assert "missing: six: no article with this id or text" in result.stderr


def test_columns_are_aligned_in_a_pipe(files: list[str]) -> None:
    lines = evaluate(*files, "--by", "genre").stdout.splitlines()
    header = next(line for line in lines if line.startswith("measure"))
    row = next(line for line in lines if line.startswith("claims_all "))
    assert row.split()[:5] == ["claims_all", "0.500", "0.333", "0.400", "3"]
    assert header.index("score") + len("score") == row.index("0.400") + len("0.400")
    assert [line.split()[:3] for line in lines[-2:]] == [
        ["報道", "2", "0.667"],
        ["意見", "1", "0.000"],
    ]


def test_a_minimum_decides_the_exit_code(files: list[str]) -> None:
    evaluate(*files, "--min", "claims_all=0.4", "--min", "type_acc=1", code=0)
    result = evaluate(*files, "--min", "claims_all=0.41", code=1)
    assert "missed: claims_all 0.4000 is below 0.41" in result.stderr
    result = evaluate(*files, "--min", "stance_f1=0", code=1)
    assert "missed: stance_f1 was not scored" in result.stderr


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("atributed=0.5", "unknown measure 'atributed'; did you mean 'attributed'"),
        ("attributed", "expected attributed=VALUE"),
        ("attributed=90", "a value from 0 to 1"),
        ("attributed=x", "a value from 0 to 1"),
    ],
)
def test_a_wrong_minimum_is_explained(files: list[str], given: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        evaluate(*files, "--min", given)


def test_errors_are_written(files: list[str], tmp_path: Path) -> None:
    page = tmp_path / "errors.html"
    evaluate(*files, "--errors", str(page))
    assert page.read_text("utf-8").count("<article ") == 3
    with pytest.raises(UsageError, match="cannot be written"):
        evaluate(*files, "--errors", str(tmp_path / "no" / "errors.html"))


def test_agreement_has_no_baseline(files: list[str]) -> None:
    found = json.loads(evaluate(*files, "--agreement", "--json").stdout)
    assert found["agreement"]["type"] == {"n": 1, "share": 1.0, "kappa": None}
    assert "baseline" not in found
    assert "kappa" in evaluate(*files, "--agreement").stdout
    with pytest.raises(UsageError, match="both annotators"):
        evaluate(files[0], "--agreement")


def test_two_systems(files: list[str]) -> None:
    found = json.loads(evaluate(files[0], files[0], "--against", files[1], "--json").stdout)
    against = found["against"]["claims_all"]
    assert (against["other"], against["difference"]) == (0.4, 0.6)
    lines = evaluate(files[0], files[0], "--against", files[1]).stdout.splitlines()
    assert "+0.600" in next(
        line for line in lines if line.startswith("claims_all  ") and "+" in line
    )


def test_a_split(files: list[str], tmp_path: Path) -> None:
    (tmp_path / "splits.json").write_text('{"one": "dev", "two": "test"}', encoding="utf-8")
    result = evaluate(*files, "--split", "dev", "--json")
    assert json.loads(result.stdout)["claims_all"]["f1"] == 1.0
    assert not result.stderr


@pytest.mark.usefixtures("extraction")
def test_without_predictions_the_system_annotates(tmp_path: Path) -> None:
    claim = {"id": "c", "content": [(3, 9)], "holder": "t", "attribution": "direct", "type": "fact"}
    gold = Annotation.model_validate(
        {
            "id": "one",
            "text": "谷口「工期は延びる」と述べた。",
            "holders": [{"id": "t", "name": "谷口", "kind": "person"}],
            "claims": [claim],
        }
    )
    broken = Annotation(id="two", text="破裂")
    result = evaluate(write(tmp_path / "gold.jsonl", gold, broken), "--json")
    found = json.loads(result.stdout)
    assert found["attributed_with_holder"]["f1"] == 1.0
    assert found["missing"] == ["two"]
    assert "gold_input" in found
    assert "failed: two: RuntimeError" in result.stderr


def test_a_thousand_articles_take_seconds(make: SimpleNamespace, tmp_path: Path) -> None:
    articles = []
    for number in range(1000):
        claims = [
            make.claim((i * 13, i * 13 + 10), position=f"p{(number * 7 + i) % 5000}", cue=(1, 3))
            for i in range(14)
        ]
        articles.append(
            make.article(
                *claims,
                id=str(number),
                entities=[make.entity(i * 8, i * 8 + 3) for i in range(23)],
                figures=[make.figure(i * 20, i * 20 + 5) for i in range(8)],
            )
        )
    path = write(tmp_path / "gold.jsonl", *articles)
    started = time.perf_counter()
    found = json.loads(evaluate(path, path, "--json").stdout)
    assert time.perf_counter() - started < 20
    assert found["positions_b3"]["f1"] == 1.0
