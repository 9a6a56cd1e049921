"""What later runs do to a folder: prune, remove, migrate, near duplicates, nothing at all."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from types import ModuleType

import duckdb
import pytest

from ronten.errors import Exit, StoreError, UsageError
from ronten.run import migrate, remove, run
from ronten.store import FILE_NAME, SCHEMA, Store
from written import documents, lines, state, write

pytestmark = pytest.mark.usefixtures("extraction")

STORY = (
    "深星は六日、国内の三つの工場で生産する部品の量を来年から二倍に増やすと発表した。\n"
    "大原誠「輸出規制は産業を弱める」と述べた。\n"
    "工場の周辺では住宅の建設が進み、通勤する人のための鉄道の延伸も計画されている。\n"
    "市は道路の拡幅や学校の増設などの費用として、十億円を来年度の予算に計上する方針だ。\n"
)


def origins(out: Path) -> set[str]:
    with Store.open(out, read_only=True) as store:
        return {origin for (origin,) in store._rows("SELECT origin FROM articles")}


def everything(out: Path) -> str:
    """All that was written, as one text."""
    return b"".join(v for k, v in state(out).items() if k != "run.json").decode()


# Prune


def test_what_vanished_stays_unless_it_is_pruned(tmp_path: Path) -> None:
    folder, out = write(tmp_path / "in", a="雨だ。", b="風だ。"), tmp_path / "out"
    run([folder], out)
    (folder / "a.txt").unlink()
    kept = run([folder], out)
    assert (kept.vanished, kept.pruned, kept.replaced, origins(out)) == (
        1,
        0,
        0,
        {"a.txt", "b.txt"},
    )
    gone = run([folder], out, prune=True)
    assert (gone.vanished, gone.pruned, gone.replaced, origins(out)) == (0, 1, 0, {"b.txt"})
    assert "雨だ" not in everything(out)
    run([folder], tmp_path / "fresh")
    assert state(out) == state(tmp_path / "fresh")


def test_pruning_leaves_other_folders_alone(tmp_path: Path) -> None:
    one, two = write(tmp_path / "one", a="雨だ。"), write(tmp_path / "one-more", b="風だ。")
    out = tmp_path / "out"
    run([one], out)
    run([two], out)
    (two / "b.txt").unlink()
    (one / "a.txt").unlink()
    write(one, c="雪だ。")
    assert run([one], out, prune=True).pruned == 1
    assert origins(out) == {"b.txt", "c.txt"}


def test_pruning_drops_rows_and_rejections_that_are_gone(tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    rows = folder / "rows.jsonl"
    rows.write_text('{"text": "雨だ。"}\n{"text": "風だ。"}\n{"no": 1}\n', "utf-8")
    write(folder, bad="")
    assert run([folder], out).rejected == 2
    rows.write_text('{"text": "雨だ。"}\n', "utf-8")
    (folder / "bad.txt").unlink()
    assert run([folder], out, prune=True).pruned == 1
    assert lines(out / "rejected.jsonl") == []
    assert [a["text"] for a in lines(out / "annotations.jsonl")] == ["雨だ。"]


def test_a_file_that_cannot_be_read_today_loses_nothing(tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    rows = folder / "rows.jsonl"
    rows.write_text('{"text": "雨だ。"}\n{"text": "風だ。"}\n', "utf-8")
    run([folder], out)
    rows.write_bytes(b"")
    summary = run([folder], out, prune=True)
    assert (summary.pruned, summary.rejected) == (0, 1)
    assert origins(out) == {"rows.jsonl"}


def test_a_copy_takes_the_place_of_a_pruned_article(tmp_path: Path) -> None:
    folder, out = write(tmp_path / "in", a="雨だ。", b="雨だ。"), tmp_path / "out"
    assert run([folder], out).duplicates == 1
    (folder / "a.txt").unlink()
    summary = run([folder], out, prune=True)
    assert (summary.pruned, summary.duplicates, origins(out)) == (0, 0, {"b.txt"})


def test_nothing_is_pruned_from_standard_input(tmp_path: Path) -> None:
    import io

    out = tmp_path / "out"
    run(["-"], out, stdin=io.BytesIO("雨だ。".encode()))
    run(["-"], out, stdin=io.BytesIO("風だ。".encode()), prune=True)
    assert len(lines(out / "annotations.jsonl")) == 2


# Remove


def test_a_removed_article_is_gone_and_stays_away(tmp_path: Path) -> None:
    folder, out = write(tmp_path / "in", a=STORY, b="風だ。"), tmp_path / "out"
    run([folder], out)
    ids = {a["text"]: a["id"] for a in lines(out / "annotations.jsonl")}
    remove(out, articles=[ids[STORY]])
    assert "輸出規制" not in everything(out)
    assert "大原誠" not in documents(out)
    summary = run([folder], out)
    assert (summary.removed, summary.unchanged, summary.new) == (1, 1, 0)
    assert len(lines(out / "annotations.jsonl")) == 1
    remove(out, articles=[ids[STORY]], restore=True)
    assert run([folder], out).new == 1
    assert "大原誠" in documents(out)


def test_what_a_removed_author_says_is_gone_and_stays_away(tmp_path: Path) -> None:
    both = "リタ・モーガン、大原誠「研究を続ける」と述べた。\nリタ・モーガン「急ぐ」と述べた。"
    folder, out = write(tmp_path / "in", a=STORY, b=both), tmp_path / "out"
    run([folder], out)
    id_ = documents(out)["大原誠"]["id"]
    remove(out, author_ids=[id_])
    assert set(documents(out)) == {"リタ・モーガン"}
    assert "大原誠" not in json.dumps(documents(out), ensure_ascii=False)
    assert id_ not in everything(out)
    claims = [c for a in lines(out / "annotations.jsonl") for c in a["claims"]]
    holders = [h["name"] for a in lines(out / "annotations.jsonl") for h in a["holders"]]
    assert len(claims) == 4
    assert "大原誠" not in holders
    write(folder, c="大原誠「電力は足りる」と述べた。")
    run([folder], out)
    assert "大原誠" not in documents(out)
    assert all(not a["claims"] for a in lines(out / "annotations.jsonl") if "電力" in a["text"])
    before = state(out)
    assert run([folder], out).files_written == 0
    assert state(out) == before
    remove(out, author_ids=[id_], restore=True)
    run([folder], out)
    assert len(documents(out)["大原誠"]["positions"]) == 3


def test_removing_what_is_not_there(tmp_path: Path) -> None:
    folder, out = write(tmp_path / "in", a=STORY), tmp_path / "out"
    with pytest.raises(UsageError, match="no finished run here"):
        remove(out, articles=["x"])
    run([folder], out)
    with pytest.raises(UsageError, match="no article 'x'"):
        remove(out, articles=["x"])
    with pytest.raises(UsageError, match="no author 'a-1'"):
        remove(out, author_ids=["a-1"])
    with pytest.raises(UsageError, match="no author 'a-1' was taken down"):
        remove(out, author_ids=["a-1"], restore=True)


# Migrate

DOWN = {
    "2": """
        ALTER TABLE articles DROP COLUMN location; ALTER TABLE articles DROP COLUMN signature;
        ALTER TABLE articles DROP COLUMN targets; ALTER TABLE claims DROP COLUMN original;
        ALTER TABLE figures DROP COLUMN measures; ALTER TABLE figures DROP COLUMN claim;
        ALTER TABLE rejected DROP COLUMN location; DROP TABLE authors; DROP TABLE credits;
        DROP TABLE topics; DROP TABLE removed; DROP TABLE files; DROP TABLE corrections;
        DROP TABLE extracted;
    """,
    "1": "ALTER TABLE claims DROP COLUMN sides;",
}
"""What turns the present tables into those of an older schema, newest first."""


def downgrade(out: Path, schema: str) -> None:
    with duckdb.connect(out / FILE_NAME) as connection:
        for older, statements in DOWN.items():
            if int(older) >= int(schema):
                connection.execute(statements)
        connection.execute("UPDATE meta SET value = ? WHERE key = 'schema'", [schema])


@pytest.mark.parametrize("schema", [str(number) for number in range(1, SCHEMA)])
def test_an_older_folder_is_brought_up_to_date(tmp_path: Path, schema: str) -> None:
    folder, out = (
        write(tmp_path / "in", a=STORY, b="リタ・モーガン「急ぐ」と述べた。"),
        tmp_path / "out",
    )
    run([folder], out)
    before = state(out)
    downgrade(out, schema)
    with pytest.raises(StoreError, match=f"run `ronten migrate {out}`"):
        run([folder], out)
    summary = migrate(out)
    assert (summary.changed, summary.exit_code) == (2, Exit.DONE)
    moves = json.loads((out / "recluster.json").read_text("utf-8"))["positions"]
    assert all([entry["id"] for entry in new] == [old] for old, new in moves.items())
    after = state(out)
    del after["recluster.json"]
    assert after == before
    assert run([folder], out).unchanged == 2


def test_migrating_again_does_nothing(tmp_path: Path, extraction: ModuleType) -> None:
    folder, out = write(tmp_path / "in", a=STORY), tmp_path / "out"
    run([folder], out)
    extraction.calls.clear()
    assert migrate(out).files_written == 0
    assert extraction.calls == []


def test_what_cannot_be_migrated(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no finished run here"):
        migrate(tmp_path)
    run([write(tmp_path / "in", a=STORY)], tmp_path / "out")
    for schema, said in (("0", "not known"), (str(SCHEMA + 1), "update ronten")):
        with duckdb.connect(tmp_path / "out" / FILE_NAME) as connection:
            connection.execute("UPDATE meta SET value = ? WHERE key = 'schema'", [schema])
        with pytest.raises(StoreError, match=said):
            migrate(tmp_path / "out")


# Near duplicates


def test_what_a_near_duplicate_repeats_counts_once(tmp_path: Path) -> None:
    copy = STORY + "リタ・モーガン「急ぐ」と述べた。\n"
    folder, out = (
        write(tmp_path / "in", a=STORY, b=copy, c="大原誠「輸出規制は産業を弱める」と述べた。"),
        tmp_path / "out",
    )
    (folder / "a.txt.meta.json").write_text('{"published": "2025-01-01"}')
    (folder / "b.txt.meta.json").write_text('{"published": "2025-01-02"}')
    run([folder], out)
    (position,) = documents(out)["大原誠"]["positions"]
    assert position["weight"] == 2
    first, other = position["claims"]
    assert (first["published"], first["also_in"]) == ("2025-01-01", ["b.txt"])
    assert other["also_in"] == []
    assert len(documents(out)["リタ・モーガン"]["positions"]) == 1
    claims = [c for a in lines(out / "annotations.jsonl") for c in a["claims"]]
    assert sum(c["position"] == position["id"] for c in claims) == 3
    (folder / "a.txt").unlink()
    (folder / "a.txt.meta.json").unlink()
    run([folder], out, prune=True)
    (position,) = documents(out)["大原誠"]["positions"]
    assert sorted(c["published"] or "" for c in position["claims"]) == ["", "2025-01-02"]
    assert all(c["also_in"] == [] for c in position["claims"])


# Nothing at all


def test_nothing_new_reads_no_annotation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, out = write(tmp_path / "in", a=STORY, b="風だ。"), tmp_path / "out"
    first = run([folder], out)
    monkeypatch.setattr(Store, "annotations", lambda self: pytest.fail("was read"))
    second = run([folder], out)
    assert second.state == first.state
    assert second.files_written == 0


@pytest.mark.parametrize("damage", ["changed", "gone"])
def test_a_file_that_is_not_what_was_written_is_written_again(tmp_path: Path, damage: str) -> None:
    folder, out = write(tmp_path / "in", a=STORY), tmp_path / "out"
    run([folder], out)
    before = state(out)
    path = next((out / "authors").rglob("*.json"))
    path.write_text("{}") if damage == "changed" else path.unlink()
    run([folder], out)
    assert state(out) == before


def test_a_folder_can_be_moved(tmp_path: Path) -> None:
    folder, out = write(tmp_path / "in", a=STORY, b="風だ。"), tmp_path / "out"
    run([folder], out)
    moved = shutil.move(folder, tmp_path / "moved")
    shutil.move(out, tmp_path / "out2")
    summary = run([moved], tmp_path / "out2", prune=True)
    assert (summary.unchanged, summary.pruned) == (2, 0)
