"""Files of rows: what a good one gives, and how far a bad row reaches."""

from __future__ import annotations

import io
import json
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ronten.errors import Reason
from ronten.read.refused import Refused
from ronten.read.rows import READERS, jsonl_stream

GOOD = {"text": "需要は堅調だ。"}


def rows(path: Path) -> list[Any]:
    """Rows with `Refused` shown as its message."""
    return [
        (number, str(record) if isinstance(record, Refused) else record)
        for number, record in READERS[path.suffix](path)
    ]


def write(path: Path, content: str, codec: str = "utf-8") -> Path:
    path.write_bytes(content.encode(codec))
    return path


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "cp932", "euc_jp", "iso2022_jp"])
def test_jsonl_in_every_encoding(tmp_path: Path, codec: str) -> None:
    lines = "\r\n\r\n".join([json.dumps(GOOD, ensure_ascii=False)] * 2)
    assert rows(write(tmp_path / "a.jsonl", lines, codec)) == [(1, GOOD), (3, GOOD)]
    assert rows(write(tmp_path / "a.ndjson", lines, codec)) == [(1, GOOD), (3, GOOD)]


def test_a_bad_line_costs_that_line(tmp_path: Path) -> None:
    lines = [json.dumps(GOOD, ensure_ascii=False).encode()] * 9
    lines[1] = b'{"text": "abc'
    lines[2] = b'["text"]'
    lines[3] = b'{"text": "\xff"}'
    lines[4] = b"[" * 100_000
    lines[5] = b'{"text": ' + b"9" * 5000 + b"}"
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"\n".join(lines))
    found = dict(rows(path))
    assert [number for number, record in found.items() if record == GOOD] == [1, 7, 8, 9]
    assert "malformed JSON at line 1, column 10" in found[2]
    assert "where an object with 'text' belongs" in found[3]
    assert "byte 0xff" in found[4]
    assert "cannot be read" in found[5]
    assert "cannot be read" in found[6]


def test_line_separators_inside_strings_are_no_line_ends() -> None:
    text = "一\u2028二\u0085三\x0b四"
    line = json.dumps({"text": text}, ensure_ascii=False)
    ((number, record),) = jsonl_stream(io.BytesIO(line.encode()))
    assert (number, record) == (1, {"text": text})


def test_binary_jsonl_is_one_refusal(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + Random(0).randbytes(20_000))
    with pytest.raises(Refused, match="binary") as refusal:
        rows(path)
    assert refusal.value.reason == Reason.UNDECODABLE


def test_json_object_list_and_neither(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    assert rows(write(path, json.dumps(GOOD))) == [(None, GOOD)]
    found = rows(write(path, json.dumps([GOOD, "x", GOOD]), "utf-8-sig"))
    assert found[::2] == [(1, GOOD), (3, GOOD)]
    assert "'x' where an object" in found[1][1]
    for wrong in ("3", "{}{}", "", "{'text': 1}"):
        with pytest.raises(Refused):
            rows(write(path, wrong))


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "cp932", "euc_jp"])
def test_csv_cells(tmp_path: Path, codec: str) -> None:
    content = 'id, text ,title\r\n1,"一行目\r\n""二""行目, 続き",題\r\n,,\r\n\r\n2,短い行\r\n'
    assert rows(write(tmp_path / "a.csv", content, codec)) == [
        (1, {"id": "1", "text": '一行目\r\n"二"行目, 続き', "title": "題"}),
        (2, {"id": "2", "text": "短い行"}),
    ]


def test_csv_long_cells_and_nul(tmp_path: Path) -> None:
    text = "需要は\0堅調だった" * 40_000
    assert rows(write(tmp_path / "a.csv", f"text\n{text}\n")) == [(1, {"text": text})]


def test_csv_bad_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(
        "text,id\n一行目,1\n".encode()
        + '"二"行目,2\n三,行目,3\n'.encode()
        + "四行目".encode()
        + b"\xff,4\n"
        + '五行目,5\n"閉じない,6\n'.encode()
    )
    found = dict(rows(path))
    assert found[1] == {"text": "一行目", "id": "1"}
    assert "malformed CSV" in found[2]
    assert "3 cells under 2 columns" in found[3]
    assert "byte 0xff" in found[4]
    assert found[5] == {"text": "五行目", "id": "5"}
    assert "malformed CSV" in found[6]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("id,body\n1,本文\n", "no column 'text'; the columns are 'id', 'body'"),
        ("text,id,text\na,1,b\n", "two columns are called 'text'"),
        ('"text', "malformed CSV"),
    ],
)
def test_csv_without_a_usable_header(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(Refused, match=message) as refusal:
        rows(write(tmp_path / "a.csv", content))
    assert refusal.value.reason == Reason.INVALID_ROW


def test_parquet_values(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    when = datetime(2025, 1, 31, 10)
    table = pa.table(
        {
            "text": ["本文"] * 200,
            "authors": [["山田太郎"]] * 200,
            "published": pa.array([when] * 200, pa.timestamp("us")),
            "id": pa.array([*range(199), None]),
        }
    )
    pq.write_table(table, path)
    found = rows(path)
    assert [number for number, _ in found] == list(range(1, 201))
    assert found[0][1] == {"text": "本文", "authors": ["山田太郎"], "published": when, "id": 0}
    assert found[-1][1]["id"] is None


def test_parquet_nanoseconds_and_bad_strings(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    when = pa.array([1_738_317_600_000_000_001] * 2).cast(pa.timestamp("ns"))
    bad = pa.array([b"\xff", "本文".encode()]).view(pa.string())
    pq.write_table(pa.table({"text": bad, "published": when}), path)
    first, second = rows(path)
    assert "cannot be read" in first[1]
    assert second[1]["text"] == "本文"
    assert second[1]["published"].isoformat().startswith("2025-01-31T10:00:00")


def test_parquet_that_is_none(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"text": ["本文" * 1000]}), path)
    whole = path.read_bytes()
    for damaged in (whole[: len(whole) // 2], b"PAR1" * 10, whole[:40] + bytes(40) + whole[80:]):
        path.write_bytes(damaged)
        with pytest.raises(Refused, match="not a whole parquet file") as refusal:
            rows(path)
        assert refusal.value.reason == Reason.UNREADABLE
    pq.write_table(pa.table({"body": ["本文"]}), path)
    with pytest.raises(Refused, match="no column 'text'"):
        rows(path)
