from __future__ import annotations

import json
import math
from pathlib import Path
from types import SimpleNamespace

import pytest
import spacy
from spacy.language import Language
from typer.testing import CliRunner, Result

from ronten import bench, extraction
from ronten.bench import FULL_PARSE, GROUPS, STEPS, Bench, measures
from ronten.cli import app
from ronten.errors import UsageError

TEXT = "谷口健氏は12日、「工期は1年延びる」と述べた。\n雨が降った。費用は3割増えるという。"


def run(*arguments: object, code: int = 0) -> Result:
    result = CliRunner().invoke(app, ["bench", *map(str, arguments)], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text(TEXT, encoding="utf-8")
    (folder / "b.txt").write_text("", encoding="utf-8")
    return folder


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch, nlp: Language) -> None:
    """Spare the tests the loading of pipelines."""
    monkeypatch.setattr(extraction, "load", lambda: nlp)
    monkeypatch.setattr(extraction, "_default", lambda: nlp)
    monkeypatch.setattr(bench, "_load_seconds", lambda: 1.5)


def test_the_steps_are_those_of_the_pipeline(nlp: Language) -> None:
    assert nlp.pipe_names == [f"ronten_{step}" for step in STEPS[1:-1]]
    assert set().union(*GROUPS.values()) <= set(STEPS)


@pytest.mark.usefixtures("loaded")
def test_json_has_every_measure(articles: Path) -> None:
    result = run(articles, "--repeat", 2, "--json")
    found = json.loads(result.stdout)
    assert set(measures(stock=False)) <= set(found)
    assert (found["articles"], found["characters"], found["repeat"]) == (1, len(TEXT), 2)
    assert found["short_texts"] == 3
    assert found["tokens"] > 20
    assert found["load_s"] == 1.5
    for name in measures(stock=False):
        assert found[name] > 0, name
    low, high = found["spread"]["ours_pct"]
    assert low <= found["ours_pct"] <= high
    assert "left out: b.txt: " in result.stderr


@pytest.mark.usefixtures("loaded")
def test_limits_decide_the_exit_code(articles: Path) -> None:
    once = (articles, "--repeat", 1)
    result = run(
        *once, "--max", "load_s=1.4", "--min", "load_s=1.6", "--max", "ours_us=1e9", code=1
    )
    assert [line for line in result.stderr.splitlines() if line.startswith("missed")] == [
        "missed: load_s 1.5 is below 1.6",
        "missed: load_s 1.5 is above 1.4",
    ]
    result = run(*once, "--max", "load_s=1.5", "--min", "load_s=1.5")
    lines = result.stdout.splitlines()
    steps = ["step", *STEPS, *GROUPS, FULL_PARSE]
    assert [line.split("\t")[0] for line in lines[1 : 1 + len(steps)]] == steps
    assert "load_s\t1.5\ts" in lines


@pytest.mark.usefixtures("loaded")
def test_stock_is_measured_beside_ours(
    articles: Path, monkeypatch: pytest.MonkeyPatch, nlp: Language
) -> None:
    real = spacy.load
    stock = SimpleNamespace(pipe=nlp.pipe)
    monkeypatch.setattr("spacy.load", lambda *a, **kw: real(*a, **kw) if kw else stock)
    found = json.loads(run(articles, "--repeat", 1, "--stock", "--json").stdout)
    assert found["stock_us"] > 0
    assert found["stock_ratio"] > 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nowhere",), "no such file or folder: 'nowhere'"),
        (("-",), "standard input"),
        (
            ("in", "--max", "our_pct=20"),
            "--max: unknown measure 'our_pct'; did you mean 'ours_pct'",
        ),
        (("in", "--min", "stock_ratio=6"), "only measured with --stock"),
        (("in", "--max", "load_s"), "expected load_s=VALUE"),
        (("in", "--max", "load_s=x"), "expected load_s=VALUE"),
        (("in", "--min", "load_s=-1"), "from 0 up"),
        (("in/b.txt",), "no article to measure with under in/b.txt"),
    ],
)
def test_errors(
    articles: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], message: str
) -> None:
    monkeypatch.chdir(articles.parent)
    with pytest.raises(UsageError) as error:
        run(*arguments)
    assert message in str(error.value)


def test_what_was_not_measured_misses_every_limit() -> None:
    nothing = Bench(1, 1, 1, 1, 1, {"memory_mb": math.nan}, {})
    assert nothing.misses({"memory_mb": 0}, {"memory_mb": 1e9}) == [
        "memory_mb nan is below 0",
        "memory_mb nan is above 1e+09",
    ]
    assert nothing.as_dict()["memory_mb"] is None


def test_loading_is_measured_in_a_fresh_process() -> None:
    assert bench._load_seconds() > 0
