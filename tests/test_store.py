from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from ronten.errors import RontenError, StoreError, UsageError
from ronten.store import FILE_NAME, LOCK_NAME, SCHEMA, ClaimRow, Entry, Store, shard
from ronten.types import Annotation, Article, Rejected


def entry(id_: str, text: str, claims: list[tuple[int, int]], published: str = "") -> Entry:
    metadata = {"published": published} if published else {}
    article = Article(id=id_, text=text, metadata=metadata, origin=f"{id_}.txt")
    annotation = Annotation.model_validate(
        {
            "id": id_,
            "text": text,
            "metadata": metadata,
            "claims": [
                {
                    "id": f"{id_}:{s}-{e}",
                    "content": [[s, e]],
                    "holder": "h",
                    "attribution": "authorial",
                    "type": "fact",
                }
                for s, e in claims
            ],
        }
    )
    rows = [ClaimRow(c, text[slice(*c.content[0])], [], "{}") for c in annotation.claims]
    return Entry(article, annotation, [], rows)


def test_annotation_comes_back_as_it_was(tmp_path: Path) -> None:
    given = entry("a", "雨\0だ\r\n😀。", [(0, 2)])
    with Store.open(tmp_path) as store:
        store.put(shard([given], "f"))
        store.place({"a:0-2": "p-1"}, {"p-1": "a:0-2"})
        back = store.annotation("a")
    assert back.claims[0].position == "p-1"
    claims = [c.model_copy(update={"position": None}) for c in back.claims]
    assert back.model_copy(update={"claims": claims}) == given.annotation


def test_unchanged_claims_keep_their_position_and_changed_ones_leave(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        store.put(shard([entry("a", "雨だ。風だ。", [(0, 2), (3, 5)])], "f"))
        store.place({"a:0-2": "p-1", "a:3-5": "p-2"}, {"p-1": "a:0-2", "p-2": "a:3-5"})
        store.put(shard([entry("a", "雨だ。雪だ。", [(0, 2), (3, 5)])], "f"))
        positions = [c.position for c in store.annotation("a").claims]
        store.prune_positions()
        assert positions == ["p-1", None]
        assert store.counts().positions == 1


def test_failed_transaction_leaves_nothing(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        broken = shard([entry("a", "雨だ。", [(0, 2)])], "f").drop_columns(["figures"])
        with pytest.raises(duckdb.Error), store.transaction():
            store.put(broken)
        assert store.counts().articles == store.counts().claims == 0


def test_canonical_order_is_date_then_article_then_offset_with_undated_last(
    tmp_path: Path,
) -> None:
    entries = [
        entry("a", "雨だ。風だ。", [(3, 5), (0, 2)]),
        entry("c", "雪だ。", [(0, 2)], "2025-01-02"),
        entry("b", "霧だ。", [(0, 2)], "2025-01-02"),
        entry("d", "霜だ。", [(0, 2)], "2024-01-02"),
    ]
    with Store.open(tmp_path) as store:
        store.put(shard(entries, "f"))
        hashes, texts = zip(*store.texts_to_embed("m", 10), strict=True)
        from numpy import float32, ones

        store.put_vectors("m", hashes, ones((len(texts), 2), dtype=float32))
        order = ["d:0-2", "b:0-2", "c:0-2", "a:0-2", "a:3-5"]
        assert [claim.id for claim in store.located()[0]] == order
        assert store.has_unplaced()
        store.place({"a:3-5": "p-1"}, {"p-1": "a:3-5"})
        located, vectors = store.located()
        assert [claim.id for claim in located] == ["a:3-5", *order[:-1]]
        assert (located[0].position, located[1].position) == ("p-1", None)
        assert vectors.shape == (5, 2)
        assert [text for text, _ in store.records(["a:3-5", "d:0-2"])] == ["風だ", "霜だ"]
        assert store.placed() == {"a:3-5": "p-1"}
        store.unplace()
        assert store.counts().positions == 0
        assert store.texts_to_embed("m", 10) == []
        store.prune_vectors("other")
        assert len(store.texts_to_embed("m", 10)) == 5


def test_rejections_are_kept_until_the_input_is_read_again(tmp_path: Path) -> None:
    listed = Rejected(origin="x.jsonl", row=2, id=None, reason="no_text", detail="…")
    with Store.open(tmp_path) as store:
        store.reject([listed])
    with Store.open(tmp_path) as store:
        assert store.rejected() == [listed]
        store.forget_rejections(["x.jsonl"])
        assert store.rejected() == []


def test_a_second_writer_is_told_who_holds_the_folder(tmp_path: Path) -> None:
    code = (
        "from pathlib import Path; from ronten.store import Store; import sys\n"
        f"with Store.open(Path({str(tmp_path)!r})): print('open', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    try:
        assert holder.stdout.readline() == b"open\n"
        with (
            pytest.raises(StoreError, match=f"process {holder.pid}") as error,
            Store.open(tmp_path),
        ):
            pass
        assert error.value.exit_code == 4
        with (
            pytest.raises(StoreError, match=f"locked by process {holder.pid}"),
            Store.open(tmp_path, read_only=True),
        ):
            pass
    finally:
        holder.kill()
        holder.wait()
        holder.stdin.close()
        holder.stdout.close()
    with Store.open(tmp_path) as store:
        assert store.counts().articles == 0
    assert (tmp_path / LOCK_NAME).read_text() == ""


@pytest.mark.parametrize(
    ("change", "way"),
    [
        (f"UPDATE meta SET value = '{SCHEMA - 1}'", "run `ronten migrate .*`"),
        (f"UPDATE meta SET value = '{SCHEMA + 1}'", "update ronten"),
        ("DROP TABLE meta", "run `ronten migrate .*`"),
    ],
)
def test_another_schema_names_the_way_out(tmp_path: Path, change: str, way: str) -> None:
    with Store.open(tmp_path):
        pass
    connection = duckdb.connect(tmp_path / FILE_NAME)
    connection.execute(change)
    connection.close()
    with (
        pytest.raises(StoreError, match=f"{way} or write into a new folder"),
        Store.open(tmp_path),
    ):
        pass


def test_a_file_that_is_no_dataset(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"hello" * 5000)
    with pytest.raises(RontenError, match=FILE_NAME) as error, Store.open(tmp_path):
        pass
    assert error.value.exit_code == 2
    assert "\n" not in str(error.value)


def test_a_dataset_that_breaks_in_use_is_named(tmp_path: Path) -> None:
    with pytest.raises(RontenError, match=FILE_NAME) as error, Store.open(tmp_path) as store:
        store._rows("SELECT * FROM nowhere")
    assert error.value.exit_code == 2
    assert "\n" not in str(error.value)


def test_folders_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="is a file"), Store.open(tmp_path / "file"):
        pass
    with (
        pytest.raises(UsageError, match="no finished run here yet"),
        Store.open(tmp_path, read_only=True),
    ):
        pass


def test_a_folder_that_this_process_has_open(tmp_path: Path) -> None:
    with (
        Store.open(tmp_path),
        pytest.raises(StoreError, match="this process, which has it open"),
        Store.open(tmp_path, read_only=True),
    ):
        pass
