"""A tiny run of each training command."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from ronten import models
from ronten.cli import app
from ronten.linear import LinearModel
from ronten.train.checkworthiness import calibration_error


def train(*arguments: str | Path) -> str:
    result = CliRunner().invoke(app, ["train", *map(str, arguments)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def article(name: str) -> dict[str, Any]:
    text = "橋は昨年完成した。費用は増えるだろう。道も直すべきだ。判断は妥当だ。"
    types = ["fact", "prediction", "policy", "interpretation"]
    claims = []
    start = 0
    for number, type_ in enumerate(types):
        end = text.index("。", start)
        claims.append(
            {
                "id": f"c{number}",
                "content": [[start, end]],
                "holder": "h",
                "attribution": "authorial",
                "type": type_,
            }
        )
        start = end + 1
    holder = {"id": "h", "name": "", "kind": "article_author"}
    return {"id": name, "text": text, "holders": [holder], "claims": claims}


def test_types(tmp_path: Path) -> None:
    for folder in ("final", "first"):
        (tmp_path / folder).mkdir()
        for name in ("a", "b", "c"):
            path = tmp_path / folder / f"{name}.json"
            path.write_text(json.dumps(article(name)), encoding="utf-8")
    (tmp_path / "splits.json").write_text('{"a": "train", "b": "train", "c": "dev"}')
    out = tmp_path / "types-9.9.9"
    printed = train("types", out, "--corpus", tmp_path)
    assert '"majority": 0.25' in printed
    assert models.verify(out)["scores"]["dev_majority"] == 0.25
    first = (out / "weights.json").read_bytes()
    train("types", out, "--corpus", tmp_path)
    assert (out / "weights.json").read_bytes() == first
    assert LinearModel.load("types", out).labels == (
        "fact",
        "prediction",
        "policy",
        "interpretation",
    )


def test_checkworthiness(tmp_path: Path) -> None:
    rows = [
        {"topic": topic, "utterance": text, "fact_checkability": votes}
        for topic in ("橋", "道")
        for text, votes in (
            (f"{topic}は昨年3億円で完成した。", [1, 1, 0]),
            (f"{topic}は大切だと思う。", [0, 0, 0]),
            (f"{topic}は昨年2億円で完成した。", [1, 1, 1]),
            (f"{topic}は立派だと思う。", [0, 1, 0]),
        )
    ]
    votes = tmp_path / "votes.jsonl"
    votes.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    out = tmp_path / "checkworthiness-9.9.9"
    assert "ece" in train("checkworthiness", out, "--votes", votes)
    written = (out / "weights.json").read_text(encoding="utf-8")
    assert json.loads(written)["hashed"]
    assert not any(word in written for word in ("橋", "完成", "大切"))


@pytest.mark.parametrize(
    ("line", "message"),
    [("{}", "votes.jsonl:1"), ("x", "votes.jsonl:1"), (None, "at least two")],
)
def test_unusable_votes(tmp_path: Path, line: str | None, message: str) -> None:
    from ronten.errors import UsageError

    row = {"topic": "橋", "utterance": "橋は完成した。", "fact_checkability": [1]}
    votes = tmp_path / "votes.jsonl"
    votes.write_text(line or json.dumps(row), encoding="utf-8")
    with pytest.raises(UsageError, match=message):
        train("checkworthiness", tmp_path / "checkworthiness-1.0.0", "--votes", votes)


def test_calibration_error() -> None:
    truth = np.array([True, False, True, False])
    assert calibration_error(np.array([1.0, 0.0, 1.0, 0.0]), truth) == 0
    assert calibration_error(np.full(4, 0.5), truth) == 0
    assert calibration_error(np.full(4, 0.9), truth) == pytest.approx(0.4)
