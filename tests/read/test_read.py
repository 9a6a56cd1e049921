"""The way in as a whole: articles, rejections, ids, sidecars and standard input."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ronten.errors import UsageError
from ronten.read import READABLE, article_id, markup, read, rows
from ronten.types import Article, Rejected

TEXT = "需要は堅調だと田中氏は述べた。"


def write(path: Path, content: str | bytes | dict[str, Any] | list[Any]) -> Path:
    if not isinstance(content, str | bytes):
        content = json.dumps(content)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def reasons(items: Sequence[Article | Rejected]) -> list[tuple[str, int | None, str]]:
    return [
        (item.origin, item.row, item.reason if isinstance(item, Rejected) else "") for item in items
    ]


def test_every_readable_ending_has_one_reader() -> None:
    assert sorted(READABLE) == sorted([*markup.READERS, *rows.READERS])


def test_article_of_a_file(tmp_path: Path) -> None:
    write(tmp_path / "a/b.txt", TEXT)
    (article,) = read([tmp_path])
    assert article == Article(
        id=sha256(TEXT.encode()).hexdigest()[:16],
        text=TEXT,
        targets=[],
        origin="a/b.txt",
        row=None,
        location=str(tmp_path / "a/b.txt"),
        given_id=False,
    )
    assert article.dump()["metadata"] == {}
    assert article_id(TEXT) == article.id


def test_article_of_a_row(tmp_path: Path) -> None:
    row = {
        "id": 7,
        "text": TEXT,
        "title": "題",
        "authors": "山田太郎;鈴木花子",
        "published": "2025年1月31日",
        "targets": ["輸出規制"],
        "section": "経済",
        "labels": ["dropped"],
    }
    (article,) = read([write(tmp_path / "a.jsonl", row)])
    assert isinstance(article, Article)
    assert (article.id, article.given_id, article.row) == ("7", True, 1)
    assert article.targets == ["輸出規制"]
    assert article.metadata.dump() == {
        "title": "題",
        "authors": ["山田太郎", "鈴木花子"],
        "published": "2025-01-31",
        "section": "経済",
    }


def test_annotation_document_is_read_without_its_labels(tmp_path: Path) -> None:
    document = {
        "id": "gold-1",
        "text": TEXT,
        "metadata": {"title": "題", "genre": "news"},
        "targets": ["輸出規制"],
        "layers": ["claims"],
        "holders": [{"id": "h", "name": "田中", "kind": "person"}],
        "claims": [{"id": "c"}],
    }
    (article,) = read([write(tmp_path / "a.json", document)])
    assert isinstance(article, Article)
    assert (article.id, article.row, article.targets) == ("gold-1", None, ["輸出規制"])
    assert article.metadata.dump() == {"title": "題", "genre": "news"}


def test_rows_of_every_kind_say_the_same(tmp_path: Path) -> None:
    row = {"id": "r1", "text": TEXT, "authors": "山田太郎", "published": "2025-01-31"}
    write(tmp_path / "a.jsonl", row)
    write(tmp_path / "b.json", [row])
    write(tmp_path / "c.csv", ",".join(row) + "\n" + ",".join(row.values()))
    pq.write_table(pa.Table.from_pylist([row]), tmp_path / "d.parquet")
    found = [next(read([path])) for path in sorted(tmp_path.iterdir())]
    assert len(found) == 4
    place = {"origin": "", "location": None}
    for article in found:
        assert article.model_copy(update=place) == found[0].model_copy(update=place)


def test_sidecar_goes_before_front_matter_and_after_rows(tmp_path: Path) -> None:
    write(tmp_path / "a.md", f"---\ntitle: 中\nsource: 例\n---\n{TEXT}")
    write(tmp_path / "a.md.meta.json", {"title": "外", "id": "x", "targets": "規制", "lang": "ja"})
    write(tmp_path / "b.csv", f"text,title\n一。{TEXT},\n二。{TEXT},内\n")
    write(tmp_path / "b.csv.meta.json", "\ufeff" + json.dumps({"title": "外"}))
    markdown, first, second = read([tmp_path])
    assert isinstance(markdown, Article)
    assert (markdown.id, markdown.given_id, markdown.targets) == ("x", True, ["規制"])
    assert markdown.metadata.dump() == {"title": "外", "source": "例", "lang": "ja"}
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert (first.metadata.title, second.metadata.title) == ("外", "内")


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        '{"text": "本文"}',
        '{"published": "昨日"}',
        '{"title": "\\ud800"}',
        b"\xff\xfe\x00",
    ],
)
def test_bad_sidecar_rejects_its_article_and_is_named(tmp_path: Path, content: str | bytes) -> None:
    write(tmp_path / "a.txt", TEXT)
    write(tmp_path / "a.txt.meta.json", content)
    (item,) = read([tmp_path])
    assert isinstance(item, Rejected)
    assert (item.origin, item.reason) == ("a.txt", "invalid_row")
    assert "a.txt.meta.json" in item.detail


def test_sidecars_that_cannot_be_opened(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        write(tmp_path / name, TEXT + name)
    os.mkfifo(tmp_path / "a.txt.meta.json")
    (tmp_path / "b.txt.meta.json").symlink_to("nowhere")
    (tmp_path / "c.txt.meta.json").mkdir()
    found = [item for item in read([tmp_path]) if not item.origin.endswith(".meta.json")]
    assert {reason for _, _, reason in reasons(found)} == {"invalid_row"}
    assert len(found) == 3


def test_same_text_and_same_id(tmp_path: Path) -> None:
    lines = [
        {"text": TEXT},
        {"text": TEXT},
        {"text": TEXT, "id": "own"},
        {"text": TEXT, "id": "own"},
        {"text": TEXT + "続き", "id": "own"},
        {"text": TEXT + "続き"},
        {"text": TEXT + "別", "id": article_id(TEXT)},
    ]
    write(tmp_path / "a.jsonl", "\n".join(map(json.dumps, lines)))
    items = list(read([tmp_path]))
    assert [reason for _, _, reason in reasons(items)] == [
        *("", "duplicate", "", "duplicate", "id_conflict", "", "id_conflict")
    ]
    assert isinstance(items[1], Rejected)
    assert items[1].id == article_id(TEXT)
    assert items[1].detail == "same text as 'a.jsonl row 1'"
    assert isinstance(items[4], Rejected)
    assert "'a.jsonl row 3'" in items[4].detail


def test_a_rejected_text_does_not_block_its_id(tmp_path: Path) -> None:
    lines = [{"text": " ", "id": "x"}, {"text": TEXT, "id": "x"}]
    write(tmp_path / "a.jsonl", "\n".join(map(json.dumps, lines)))
    bad, good = read([tmp_path])
    assert isinstance(bad, Rejected)
    assert (bad.row, bad.id, bad.reason) == (1, "x", "no_text")
    assert isinstance(good, Article)


def test_standard_input() -> None:
    (article,) = read(["-"], stdin=io.BytesIO(TEXT.encode("cp932")))
    assert isinstance(article, Article)
    assert (article.origin, article.row, article.text) == (f"-:{article.id}", None, TEXT)
    data = json.dumps({"text": TEXT}).encode() + b"\n\nx\n"
    items = list(read(["-"], stdin=io.BytesIO(data), stdin_format="jsonl"))
    assert reasons(items) == [("-", 1, ""), ("-", 3, "invalid_row")]
    for form in ("text", "jsonl"):
        assert reasons(list(read(["-"], stdin=io.BytesIO(), stdin_format=form))) == [
            ("-", None, "empty")
        ]


def test_missing_path_is_told_before_reading(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="missing"):
        read([write(tmp_path / "a.txt", TEXT), tmp_path / "missing"])


def test_files_without_rows_are_listed(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", "\n\n")
    write(tmp_path / "b.json", "[]")
    write(tmp_path / "c.csv", "text,id\n")
    write(tmp_path / "d.csv", "\n")
    pq.write_table(pa.table({"text": pa.array([], pa.string())}), tmp_path / "e.parquet")
    assert [reason for _, _, reason in reasons(list(read([tmp_path])))] == ["no_text"] * 5


def test_good_and_broken_inputs_side_by_side(tmp_path: Path) -> None:
    for number in range(26):
        write(tmp_path / f"good/{number:02}.txt", f"{number}番目の需要は堅調だ。")
    write(tmp_path / "good/declared.html", f"<meta charset=utf-8><p>{TEXT}".encode("cp932"))
    write(tmp_path / "good/line.txt", "需要は堅調で価格も上がる見通しだ" * 6_400)
    write(tmp_path / "good/nul.txt", "需要は\0堅調だと\r述べた。")
    write(tmp_path / "good/short.txt", "English, but short.")
    good = json.dumps({"text": "行の需要は堅調だ。"})
    pq.write_table(pa.table({"text": [TEXT * 500]}), tmp_path / "whole")
    broken: dict[str, str | bytes] = {
        "01-empty.txt": b"",
        "02-binary.txt": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
        "03-cut.txt": TEXT.encode()[:-1],
        "04-line.jsonl": f'{good}\n{{"text": "x\n',
        "05-missing.jsonl": '{"body": "本文"}',
        "06-surrogate.jsonl": '{"text": "本文\\ud800"}',
        "07-type.json": '{"text": 3}',
        "08-english.txt": "The regulation works, said the minister on Monday. " * 10,
        "09-front.md": f"---\ntitle: [\n---\n{TEXT}",
        "10-column.csv": f"body,id\n{TEXT},1\n",
        "11-cut.parquet": (tmp_path / "whole").read_bytes()[:-20],
        "12-blank.txt": " \n\u3000\n",
        "13-page.html": "<html><body></body></html>",
        "14-kind.docx": b"PK\x03\x04",
        "15-sidecar.txt": "傍らの需要は堅調だ。",
        "16-date.jsonl": '{"text": "日付の需要は堅調だ。", "published": "一昨日"}',
        "17-nul.txt": bytes(4000),
    }
    for name, content in broken.items():
        write(tmp_path / "broken" / name, content)
    write(tmp_path / "broken/15-sidecar.txt.meta.json", "{")
    (tmp_path / "broken/18-folder.txt").mkdir()
    (tmp_path / "broken/19-loop.txt").symlink_to("19-loop.txt")
    (tmp_path / "broken/20-self").symlink_to(".")
    os.mkfifo(tmp_path / "broken/21-pipe.txt")
    assert {reason for *_, reason in reasons(list(read([tmp_path / "good"])))} == {""}
    assert len(list(read([tmp_path / "good"]))) == 30
    found = [(o, row, why) for o, row, why in reasons(list(read([tmp_path / "broken"]))) if why]
    assert found == [
        ("01-empty.txt", None, "empty"),
        ("02-binary.txt", None, "undecodable"),
        ("03-cut.txt", None, "undecodable"),
        ("04-line.jsonl", 2, "invalid_row"),
        ("05-missing.jsonl", 1, "invalid_row"),
        ("06-surrogate.jsonl", 1, "invalid_row"),
        ("07-type.json", None, "invalid_row"),
        ("08-english.txt", None, "not_japanese"),
        ("09-front.md", None, "invalid_row"),
        ("10-column.csv", None, "invalid_row"),
        ("11-cut.parquet", None, "unreadable"),
        ("12-blank.txt", None, "no_text"),
        ("13-page.html", None, "no_text"),
        ("14-kind.docx", None, "unreadable"),
        ("15-sidecar.txt", None, "invalid_row"),
        ("16-date.jsonl", 1, "invalid_row"),
        ("17-nul.txt", None, "undecodable"),
        ("18-folder.txt", None, "unreadable"),
        ("19-loop.txt", None, "unreadable"),
        ("20-self", None, "unreadable"),
        ("21-pipe.txt", None, "unreadable"),
    ]


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    suffix=st.sampled_from(sorted(READABLE)),
    pieces=st.lists(
        st.one_of(
            st.binary(max_size=12),
            st.text(st.characters(), max_size=8).map(lambda t: t.encode("utf-8", "surrogatepass")),
            st.sampled_from(
                [b"---\n", b'{"text": "', b'"}\n', b"\n", b'"', b"text,id\n", b"<p>", b"\x1b$B"]
            ),
        ),
        min_size=1,
        max_size=12,
    ),
)
def test_no_input_is_lost_or_fatal(tmp_path: Path, suffix: str, pieces: list[bytes]) -> None:
    items = list(read([write(tmp_path / f"a{suffix}", b"".join(pieces))]))
    assert items
    for item in items:
        item.model_dump_json()  # can be written as UTF-8


def test_reading_is_lazy(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", "\n".join(json.dumps({"text": f"{n}番目。"}) for n in range(5)))
    write(tmp_path / "b.txt", TEXT)
    items = read([tmp_path])
    assert next(items).row == 1
    (tmp_path / "b.txt").unlink()
    *_, last = items
    assert reasons([last]) == [("b.txt", None, "unreadable")]
