"""URLs are read like folders of this machine."""

from __future__ import annotations

import builtins
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ronten.errors import UsageError
from ronten.read import location, place, read
from ronten.run import check_apart
from ronten.types import Article, Rejected

UPath = pytest.importorskip("upath", reason="needs the extra 'remote'").UPath

ROW = {"id": "r1", "text": "需要は堅調だと田中氏は述べた。", "authors": ["山田太郎"]}


def fill(root: Any) -> Any:
    """Lay the same files of every kind under a folder of this machine or of a store."""
    texts = {
        "b.txt": "需要は伸びる。",
        "b.txt.meta.json": '{"title": "題", "published": "2025-01-31"}',
        "a/日本#1 %20?.md": "---\nauthor: 山田太郎\n---\n価格は下がる。",
        "a/b/c.html": "<html><body><p>電力は足りるという。</p></body></html>",
        "a-1.jsonl": json.dumps(ROW) + "\nno row\n",
        "rows.csv": "id,text\nx,輸出は減る。\n",
        "twin.txt": "需要は伸びる。",
        "list.json": json.dumps([{"text": "雇用は増える。"}, 1]),
        "README.md": "no article",
        ".hidden.txt": "no article",
        "paper.pdf": "no text",
        "empty.txt": "",
    }
    for name, text in texts.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    (root / "sjis.txt").write_bytes("株価は上がる。".encode("cp932"))
    with (root / "z.parquet").open("wb") as stream:
        pq.write_table(pa.Table.from_pylist([{"id": "p", "text": "雨が降る。"}]), stream)
    (root / "broken.parquet").write_bytes(b"PAR1")
    return root


def found(*paths: Any) -> list[Article | Rejected]:
    return [item.model_copy(update={"location": None}) for item in read(paths)]


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[str]:
    url = f"memory://bucket/{tmp_path.name}"
    fill(UPath(url))
    yield url
    UPath("memory://bucket").fs.rm("/bucket", recursive=True)


def test_a_store_gives_what_the_same_folder_gives(tmp_path: Path, memory: str) -> None:
    expected = found(fill(tmp_path / "in"))
    assert len(expected) == 14
    assert found(memory) == expected
    assert found(memory + "/") == expected
    assert found(UPath(memory)) == expected


def test_a_file_behind_a_url_goes_by_its_name(memory: str) -> None:
    (article,) = read([f"{memory}/b.txt"])
    assert isinstance(article, Article)
    assert (article.origin, article.metadata.title) == ("b.txt", "題")
    assert article.location == f"{memory}/b.txt"
    assert found(f"{memory}/b.txt", memory)[1:] == [
        item for item in found(memory) if item.origin != "b.txt"
    ]


def test_the_place_of_a_url_is_the_url(memory: str) -> None:
    assert location(memory) == memory
    inside = {item.location for item in read([memory])}
    assert f"{memory}/a/日本#1 %20?.md" in inside
    assert f"{memory}/paper.pdf" in inside
    assert all(str(place).startswith(f"{memory}/") for place in inside)


def test_what_is_new_in_a_store_is_found(memory: str) -> None:
    before = len(found(memory))
    (UPath(memory) / "new.txt").write_bytes("新しい。".encode())
    assert len(found(memory)) == before + 1


def test_a_file_url_is_a_path_of_this_machine(tmp_path: Path) -> None:
    folder = fill(tmp_path / "入力 1")
    assert place(folder.as_uri()) == folder
    assert list(read([folder.as_uri()])) == list(read([folder]))
    assert list(read([f"file://{folder}"])) == list(read([folder]))
    assert location(folder.as_uri()) == str(folder)
    with pytest.raises(UsageError, match="whole path"):
        read(["file://articles"])


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("memory://bucket/nowhere", "no such file or folder"),
        ("nothing://bucket/folder", "nothing"),
    ],
)
def test_a_wrong_url_stops_before_anything_is_read(url: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        read([url])


def test_a_store_that_refuses_stops_before_anything_is_read(
    memory: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise RuntimeError("no credentials")

    monkeypatch.setattr(type(UPath(memory).fs), "info", refuse)
    with pytest.raises(UsageError, match="no credentials"):
        read([memory])


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    own = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "upath":
            raise ModuleNotFoundError(name)
        return own(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(UsageError, match=r"pip install 'ronten\[remote\]'"):
        read(["s3://bucket/folder"])
    assert place("folder") == Path("folder")


def test_an_output_inside_a_url_is_refused(tmp_path: Path, memory: str) -> None:
    check_apart([memory], tmp_path)
    check_apart([tmp_path], UPath(memory))
    for path, out in ((memory, UPath(memory) / "a"), (tmp_path.as_uri(), tmp_path / "a")):
        with pytest.raises(UsageError, match="lies inside the input"):
            check_apart([path], out)
