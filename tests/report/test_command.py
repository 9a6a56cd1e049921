from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from ronten.cli import app, main


def test_the_command_names_the_page_to_begin_with(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "pages"
    done = CliRunner().invoke(app, ["report", str(folder), "--out", str(out), "--lang", "en"])
    assert done.exit_code == 0
    assert done.stdout == f"{out / 'index.html'}\n"
    assert "pages, " in done.stderr
    assert 'lang="en"' in (out / "index.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["missing"], "missing"),
        (["missing", "--lang", "fr"], "fr"),
    ],
)
def test_wrong_usage(
    arguments: list[str], said: str, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setattr("sys.argv", ["ronten", "report", *arguments])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 2
    assert said in capsys.readouterr().err
