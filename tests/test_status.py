from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import duckdb
import pytest

import example
from ronten.config import Config
from ronten.errors import StoreError, UsageError
from ronten.run import remove, run
from ronten.status import status
from ronten.store import FILE_NAME, Store

ROWS = [*example.ROWS, {"id": "five", "text": ""}, {"id": "six", "text": "破裂する。"}]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, extraction: ModuleType) -> Path:
    return example.make(tmp_path, monkeypatch, ROWS)


def test_what_a_folder_holds(folder: Path) -> None:
    found = status(folder)
    index = json.loads((folder / "index.json").read_text("utf-8"))["counts"]
    for name in ("articles", "claims", "positions", "authors", "anonymous"):
        assert getattr(found, name) == index[name]
    assert (found.rejected, found.repeats) == ({"failed": 1, "no_text": 1}, 1)
    assert (found.first, found.last, found.outdated) == ("2025-03-01", "2025-04-10", 0)
    assert (found.up_to_date, found.locked_by) == (True, None)
    assert found.bytes > found.dataset_bytes > 0
    assert set(found.run) == {"started", "ronten", "seconds"}
    assert json.loads(json.dumps(found.as_dict()))["folder"] == str(folder)


def test_reading_a_status_changes_nothing(folder: Path) -> None:
    before = {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in folder.rglob("*") if p.is_file()}
    status(folder)
    after = {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in folder.rglob("*") if p.is_file()}
    assert after == before


def test_files_that_are_not_what_was_written(folder: Path) -> None:
    (folder / "index.json").write_text("{}", encoding="utf-8")
    found = status(folder)
    assert (found.up_to_date, found.files.partition(";")[0]) == (
        False,
        "1 changed or missing (index.json)",
    )
    run([folder.parent / "in"], folder)
    assert status(folder).up_to_date


def test_a_dataset_that_has_moved_on(folder: Path) -> None:
    with Store.open(folder) as store, store.transaction():
        store.drop(["one"])
    found = status(folder)
    assert found.up_to_date is False
    assert "older than the dataset" in found.files


def test_what_the_last_run_would_annotate_otherwise(folder: Path) -> None:
    more = folder.parent / "more"
    more.mkdir()
    (more / "x.txt").write_text("電力は足りる。", encoding="utf-8")
    run([more], folder, Config(targets=["電力"], parse="all"))
    assert status(folder).outdated == 4


def test_what_was_taken_down(folder: Path) -> None:
    remove(folder, articles=["one"])
    found = status(folder)
    assert (found.removed_articles, found.removed_authors, found.articles) == (1, 0, 3)


def test_a_folder_that_a_run_writes_to(folder: Path) -> None:
    code = "import sys; from ronten.cli import main; main()"
    command = [sys.executable, "-c", code, "status", str(folder), "--json"]
    with Store.open(folder):
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    assert found["locked_by"].startswith("process ")
    assert (found["claims"], found["repeats"], found["schema"]) == (11, None, None)
    assert found["run"]["ronten"]


def test_a_run_that_was_killed_before_it_wrote(tmp_path: Path) -> None:
    with Store.open(tmp_path):
        pass
    found = status(tmp_path)
    assert (found.articles, found.up_to_date, found.run["started"]) == (0, False, None)
    assert "no run has ended here yet" in found.files


def test_what_has_no_status(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no finished run here yet"):
        status(tmp_path / "nowhere")
    with duckdb.connect(folder / FILE_NAME) as connection:
        connection.execute("UPDATE meta SET value = '2' WHERE key = 'schema'")
    with pytest.raises(StoreError, match=f"ronten migrate {folder}"):
        status(folder)


def test_an_alias_table_that_is_gone(folder: Path, tmp_path: Path) -> None:
    table = tmp_path / "aliases.tsv"
    table.write_text("首相\t大原誠\n", encoding="utf-8")
    run([folder.parent / "in"], folder, Config(aliases=[table]))
    assert status(folder).up_to_date
    table.unlink()
    assert status(folder).up_to_date is None
