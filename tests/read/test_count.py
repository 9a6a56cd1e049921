from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ronten.errors import UsageError
from ronten.read import read
from ronten.read.count import count


def test_files_and_rows_are_counted(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("雨だ。", "utf-8")
    (tmp_path / "b.md").write_text("風だ。", "utf-8")
    rows = [{"text": f"第{n}回の会議だ。"} for n in range(7)]
    lines = "".join(json.dumps(row) + "\n" for row in rows[:3])
    (tmp_path / "c.jsonl").write_text(lines, "utf-8")
    pq.write_table(pa.Table.from_pylist(rows[3:]), tmp_path / "d.parquet")
    assert count([tmp_path]) == len(list(read([tmp_path]))) == 9
    assert count(["-"]) == 1


def test_what_cannot_be_read_counts_as_one(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(b"no parquet")
    (tmp_path / "b.txt").write_bytes(b"")
    assert count([tmp_path]) == len(list(read([tmp_path]))) == 2


def test_a_path_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file"):
        count([tmp_path / "x"])
