"""The score table of the README."""

from __future__ import annotations

from pathlib import Path

import pytest

from ronten.errors import UsageError
from ronten.evaluate.comparison import compare
from ronten.evaluate.readme import BEGIN, END, table, write
from ronten.evaluate.report import report
from ronten.types import Annotation


def annotation(text: str = "工事は遅れている。") -> Annotation:
    claim = {
        "id": "a:0-8",
        "content": [[0, 8]],
        "holder": "h",
        "source": None,
        "cue": None,
        "attribution": "authorial",
        "type": "fact",
        "stance": None,
        "position": "late",
    }
    holder = {"id": "h", "name": "", "kind": "article_author"}
    return Annotation.model_validate(
        {"id": "a", "text": text, "holders": [holder], "claims": [claim]}
    )


def test_perfect_scores_show_with_their_baseline() -> None:
    found = report(compare([annotation()], [annotation()]))
    lines = table([("one set", 1, found)]).splitlines()
    assert lines[0] == "|  | one set, 1 articles |"
    assert any(line.startswith("| all claims, F1 | **1.000**") for line in lines)
    assert any(line == "| attributed claims, F1 | – |" for line in lines)


def test_the_table_replaces_what_stood_between_the_markers(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(f"above\n{BEGIN}\nold\n{END}\nbelow\n", encoding="utf-8")
    write(readme, "new")
    assert readme.read_text("utf-8") == f"above\n{BEGIN}\nnew\n{END}\nbelow\n"


def test_missing_markers_are_named(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text("nothing", encoding="utf-8")
    with pytest.raises(UsageError, match="markers"):
        write(readme, "new")
