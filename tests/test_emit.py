from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronten import emit
from ronten.store import Store


@given(st.text(max_size=80))
def test_slug_is_safe_everywhere(name: str) -> None:
    stem = emit.slug(name, "a-0123456789ab")
    assert stem.endswith("a-0123456789ab")
    assert len((stem + ".json").encode()) < 255
    assert not set(stem) & set('/\\:*?"<>|. \0\n')
    assert not stem.startswith("-")


def test_slug_keeps_what_people_read() -> None:
    assert emit.slug("リタ・モーガン", "a-1") == "リタ-モーガン-a-1"
    assert emit.slug("ＡＢＣ（株）", "a-1") == "ABC-株-a-1"
    assert emit.slug("…", "a-1") == "a-1"
    assert emit.slug("長" * 50, "a-1") == "長" * 40 + "-a-1"


def test_lines_are_written_only_when_they_change(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    assert emit.write_lines(path, [{"a": "漢"}])
    before = path.stat().st_mtime_ns
    assert not emit.write_lines(path, [{"a": "漢"}])
    assert path.stat().st_mtime_ns == before
    assert path.read_text("utf-8") == '{"a":"漢"}\n'


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    emit.write_lines(path, [{"a": 1}])

    def broken() -> object:
        yield {"a": 2}
        raise RuntimeError

    with pytest.raises(RuntimeError):
        emit.write_lines(path, broken())
    assert path.read_text("utf-8") == '{"a":1}\n'
    assert [p.name for p in tmp_path.iterdir()] == ["x.jsonl"]


def test_scores_are_rounded_and_data_is_not() -> None:
    record = {"confidence": 0.123456, "low": 0.000012, "stances": [{"score": 0.99999}]}
    assert json.loads(emit.line(record)) == {
        "confidence": 0.1235,
        "low": 0.000012,
        "stances": [{"score": 1.0}],
    }


def test_manifest_is_left_alone_when_only_times_differ(tmp_path: Path) -> None:
    assert emit.write_manifest(tmp_path, {"counts": {"claims": 1}}, {"seconds": 1.0})
    assert not emit.write_manifest(tmp_path, {"counts": {"claims": 1}}, {"seconds": 2.0})
    assert emit.write_manifest(tmp_path, {"counts": {"claims": 2}}, {"seconds": 2.0})


def test_what_a_killed_run_left_half_written_is_removed(tmp_path: Path) -> None:
    unfinished = [
        tmp_path / ".index.json.new",
        tmp_path / "authors" / ".大原誠-a-0123456789ab.json.new",
        tmp_path / "authors" / "01" / ".a-0123456789ab.json.new",
    ]
    kept = [tmp_path / ".mine.new", tmp_path / "authors" / "mine.json.new"]
    (tmp_path / "authors" / "01").mkdir(parents=True)
    for path in (*unfinished, *kept):
        path.touch()
    with Store.open(tmp_path) as store:
        emit.emit(store, tmp_path, {}, 0.0, "1")
    assert [path for path in (*unfinished, *kept) if path.exists()] == kept
