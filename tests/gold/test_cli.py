from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ronten import cli
from ronten.gold.exchange import FORMATS, load_format
from ronten.gold.files import load_annotations

TEXT = "関町の市長は「橋を直す」と約束した。"
Call = Callable[..., int]


@pytest.fixture
def ronten(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Call:
    """Run the command line in this process, in an empty folder; returns its exit code."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: object) -> int:
        monkeypatch.setattr(sys, "argv", ["ronten", *map(str, arguments)])
        try:
            cli.main()
        except SystemExit as stop:
            return int(stop.code or 0)
        return 0

    return call


def draft(name: str, cue: str = "約束") -> dict[str, object]:
    claim = {
        "content": ["橋を直す"],
        "holder": "m",
        "source": "市長",
        "cue": cue,
        "attribution": "direct",
        "type": "prediction",
        "position": "bridge",
    }
    return {
        "id": name,
        "holders": [{"id": "m", "name": "市長", "kind": "person"}],
        "claims": [claim],
        "entities": [{"text": "関町", "label": "PLACE", "entity": "関町"}],
    }


@pytest.fixture
def gold(ronten: Call, tmp_path: Path) -> Path:
    for folder, record in (("texts", {"id": "a", "text": TEXT}), ("drafts", draft("a"))):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.json").write_text(json.dumps(record), encoding="utf-8")
    assert ronten("gold", "draft", "texts", "drafts", "--out", "gold") == 0
    return tmp_path / "gold"


def test_drafts_become_gold_that_is_clean(ronten: Call, gold: Path, capsys) -> None:
    (annotation,) = load_annotations(gold)
    assert annotation.claims[0].content == [(7, 11)]
    assert ronten("gold", "check", gold) == 0
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.endswith("0 problems, 0 warnings\n")


def test_draft_that_fails_does_not_stop_the_others(ronten: Call, gold: Path, capsys) -> None:
    rows = [draft("a", cue="誓"), draft("b"), draft("c")]
    Path("d.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    texts = [{"id": name, "text": TEXT} for name in "ac"]
    Path("t.jsonl").write_text("\n".join(map(json.dumps, texts)), encoding="utf-8")
    assert ronten("gold", "draft", "t.jsonl", "d.jsonl", "--out", "out.jsonl") == 2
    said = capsys.readouterr().err
    assert "a: claims[0].cue: '誓' is not in the text" in said
    assert "b: no article with this id in t.jsonl" in said
    assert "1 drafts resolved, 2 not: out.jsonl" in said
    assert [a.id for a in load_annotations(Path("out.jsonl"))] == ["c"]


def test_check_prints_problems_and_fails_only_for_those(ronten: Call, gold: Path, capsys) -> None:
    text = (gold / "a.json").read_text("utf-8")
    (gold / "a.json").write_text(text.replace('"direct"', '"authorial"'), encoding="utf-8")
    assert ronten("gold", "check", gold) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(": ")[2] for line in lines] == ["claims[0].source", "claims[0].cue"]
    (gold / "a.json").write_text(text.replace('"市長"', '"市長さん"'), encoding="utf-8")
    assert ronten("gold", "check", gold) == 0
    assert ": warning: a: holders[0].name: " in capsys.readouterr().out
    assert ronten("gold", "check", "nothing") == 2


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("label-studio", "x/x.json"),
        ("doccano", "x/x.jsonl"),
        ("brat", "x"),
        ("docbin", "x/x.spacy"),
    ],
)
def test_gold_goes_out_and_comes_back(
    ronten: Call, gold: Path, capsys, name: str, path: str
) -> None:
    assert ronten("gold", "export", name, gold, "--out", path) == 0
    assert ronten("gold", "import", name, path, "--out", "back") == 0
    assert capsys.readouterr().err.endswith(f"1 articles: {path}\n1 articles: back\n")
    assert Path("back/a.json").read_bytes() == (gold / "a.json").read_bytes()


def test_foreign_labels_are_counted_and_can_be_translated(ronten: Call, capsys) -> None:
    row = {"id": 1, "text": TEXT, "label": [[0, 2, "City"], [3, 5, "Role"], [0, 1, "City"]]}
    Path("x.jsonl").write_text(json.dumps(row), encoding="utf-8")
    assert ronten("gold", "import", "doccano", "x.jsonl", "--out", "one") == 0
    assert "kept as unmapped: City (2), Role (1); --label" in capsys.readouterr().err
    command = ("gold", "import", "doccano", "x.jsonl", "--out", "two", "--label")
    assert ronten(*command, "City=PLACE") == 0
    assert "kept as unmapped: Role (1)" in capsys.readouterr().err
    assert ronten(*command, "City=PLACES") == 2
    assert "did you mean 'PLACE'?" in capsys.readouterr().err
    assert ronten(*command, "City") == 2
    assert "write THEIRS=OURS" in capsys.readouterr().err


def test_unknown_format_is_refused_with_the_nearest(ronten: Call, gold: Path, capsys) -> None:
    assert ronten("gold", "export", "docano", gold, "--out", "x") == 2
    assert "did you mean 'doccano'?" in capsys.readouterr().err


@pytest.mark.parametrize("verb", ["import", "export"])
def test_help_says_what_each_format_loses(ronten: Call, capsys, verb: str) -> None:
    for _ in range(2):
        assert ronten("gold", verb, "--help") == 0
        printed = "".join(capsys.readouterr().out.split())
        for name in FORMATS:
            module = load_format(name)
            for sentence in (module.HOLDS, *module.LOSES):
                assert "".join(sentence.split()) in printed
        assert printed.count("doccanocannotshow") == 1
