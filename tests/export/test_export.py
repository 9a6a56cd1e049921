from __future__ import annotations

import csv
import json
from pathlib import Path
from types import ModuleType

import duckdb
import pandas as pd
import polars as pl
import pyarrow.parquet as pq
import pytest
import yaml

import example
import ronten
from ronten.errors import StoreError, UsageError
from ronten.export import FORMATS, export, parquet
from ronten.export.cells import cell, distinct, json_line, text
from ronten.store import FILE_NAME
from ronten.tables import TABLES

Records = dict[str, list[dict[str, object]]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, extraction: ModuleType) -> Path:
    return example.make(tmp_path, monkeypatch)


@pytest.fixture
def tables(folder: Path) -> Records:
    with ronten.open(folder) as dataset:
        return {name: dataset.arrow(name).to_pylist() for name in TABLES}


def files(folder: Path) -> dict[str, bytes]:
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def plain(frame: pd.DataFrame) -> list[dict[str, object]]:
    """Return the rows of a data frame with None for what is missing, and lists for arrays."""
    columns = {
        name: [
            value.tolist() if hasattr(value, "tolist") else None if value is pd.NA else value
            for value in frame[name]
        ]
        for name in frame
    }
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def nested(value: object) -> object:
    """Return lists all the way down for what a data frame holds as arrays."""
    return [nested(item) for item in value] if isinstance(value, list) else value


def test_parquet_reads_back_everywhere(folder: Path, tables: Records, tmp_path: Path) -> None:
    out = tmp_path / "tables"
    assert export(folder, out, "parquet").rows == {n: len(rows) for n, rows in tables.items()}
    for name, rows in tables.items():
        file = out / f"{name}.parquet"
        assert pq.read_schema(file) == TABLES[name].schema
        assert pl.read_parquet(file).to_dicts() == rows
        with duckdb.connect() as connection:
            assert connection.sql(f"FROM '{file}'").to_arrow_table().to_pylist() == rows
        frame = pd.read_parquet(file, dtype_backend="pyarrow")
        assert [{k: nested(v) for k, v in row.items()} for row in plain(frame)] == rows


def test_json_lines_read_back_everywhere(folder: Path, tables: Records, tmp_path: Path) -> None:
    out = tmp_path / "tables"
    export(folder, out, "jsonl")
    for name, rows in tables.items():
        file = out / f"{name}.jsonl"
        with file.open(encoding="utf-8") as lines:
            assert [json.loads(line) for line in lines] == rows
        assert pl.read_ndjson(file, infer_schema_length=None).to_dicts() == rows
        assert len(pd.read_json(file, lines=True, dtype=False)) == len(rows)
        with duckdb.connect() as connection:
            counted = connection.execute(f"SELECT count(*) FROM read_json('{file}')").fetchone()
        assert counted == (len(rows),)


def undone(value: str) -> str | None:
    return None if value == "" else value.removeprefix("'")


def test_csv_opens_in_spreadsheets_and_reads_back(
    folder: Path, tables: Records, tmp_path: Path
) -> None:
    out = tmp_path / "tables"
    export(folder, out, "csv")
    for name, rows in tables.items():
        file = out / f"{name}.csv"
        content = file.read_bytes()
        assert content.startswith(b"\xef\xbb\xbf")
        with file.open(encoding="utf-8-sig", newline="") as lines:
            header, *read = csv.reader(lines)
        assert header == [column.name for column in TABLES[name].columns]
        assert content.count(b"\r\n") >= len(rows) + 1
        for cells, row in zip(read, rows, strict=True):
            for value, (key, wanted) in zip(cells, row.items(), strict=True):
                assert value[:1] not in ("=", "+", "@", "\t", "\r")
                assert value[:1] != "-" or isinstance(wanted, float)
                if isinstance(wanted, str):
                    assert undone(value) == (wanted or None)
                elif wanted is None:
                    assert value == ""
                else:
                    assert json.loads(value) == wanted, key
        with duckdb.connect() as connection:
            counted = connection.execute(f"SELECT count(*) FROM read_csv('{file}')").fetchone()
        assert counted == (len(rows),)
        assert pl.read_csv(file, infer_schema_length=None).height == len(rows)
        assert list(pd.read_csv(file).columns) == header
    claims = pd.read_csv(out / "claims.csv")
    assert {"'=1+1は2だ", "'+500人を雇う", "'@電力は足りる", "''電力'は\u0085足りる"} <= set(
        claims.text
    )
    assert claims.start.dtype.kind == "i"
    assert claims.confidence.dtype.kind == "f"
    assert "'=HYPERLINK(“x”)" in set(claims.title)


@pytest.mark.parametrize("start", list("=+-@\t\r\n'＝＋－＠"))
def test_text_that_a_spreadsheet_would_run_is_defused(start: str) -> None:
    assert cell(start + "x") == f"'{start}x"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("", ""),
        (None, ""),
        (-5, "-5"),
        (-0.25, "-0.25"),
        (1.2e11, "120000000000"),
        (float("nan"), ""),
        (True, "true"),
        (["=a", "b"], '["=a","b"]'),
        ([[1, 2]], "[[1,2]]"),
        ({"a": None}, '{"a":null}'),
        ("需要", "需要"),
    ],
)
def test_cells(value: object, written: str) -> None:
    assert (cell(value), text(value)) == (written, written)


def test_json_holds_whatever_sql_gives() -> None:
    values = duckdb.execute(
        "SELECT 'nan'::DOUBLE, DATE '2025-01-02', TIMESTAMP '2025-01-02 03:04:05', "
        "1.5::DECIMAL(3, 1), 'x'::BLOB, {'a': [1]}, INTERVAL 1 DAY, 170141183460469231731::HUGEINT"
    ).fetchone()
    assert json.loads(json_line(list("abcdefgh"), values)) == {
        "a": None,
        "b": "2025-01-02",
        "c": "2025-01-02T03:04:05",
        "d": 1.5,
        "e": "78",
        "f": {"a": [1]},
        "g": "1 day, 0:00:00",
        "h": 170141183460469231731,
    }


def test_column_names_are_made_distinct() -> None:
    assert distinct(["id", "id", "id_1", "id"]) == ["id", "id_1", "id_1_1", "id_2"]


def test_hugging_face_loads_every_configuration(
    folder: Path, tables: Records, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    datasets = offline(monkeypatch, tmp_path)
    out = tmp_path / "hub"
    export(folder, out, "huggingface")
    assert set(datasets.get_dataset_config_names(str(out))) == set(TABLES)
    for name, rows in tables.items():
        loaded = datasets.load_dataset(str(out), name, split="train")
        assert loaded.to_list() == rows
        assert list(loaded.features) == [column.name for column in TABLES[name].columns]
    assert len(datasets.load_dataset(str(out), split="train")) == len(tables["claims"])


def test_hugging_face_leaves_empty_tables_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, extraction: ModuleType
) -> None:
    datasets = offline(monkeypatch, tmp_path)
    folder = example.make(tmp_path, monkeypatch, [{"id": "a", "text": "大原誠「はい」と述べた。"}])
    export(folder, tmp_path / "hub", "huggingface")
    assert "entities" not in datasets.get_dataset_config_names(str(tmp_path / "hub"))
    assert "`entities` | 0 |" in (tmp_path / "hub" / "README.md").read_text("utf-8")
    assert len(datasets.load_dataset(str(tmp_path / "hub"), "claims", split="train")) == 1


def offline(monkeypatch: pytest.MonkeyPatch, folder: Path) -> ModuleType:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", str(folder / "hf"))
    import datasets

    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", folder / "hf" / "datasets")
    datasets.disable_progress_bars()
    return datasets


def test_the_card_describes_everything_and_keeps_the_licence(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "hub"
    export(folder, out, "huggingface")
    card = (out / "README.md").read_text("utf-8")
    _, front, body = card.split("---\n", 2)
    head = yaml.safe_load(front)
    assert (head["license"], head["language"]) == ("unknown", ["ja"])
    assert [c["config_name"] for c in head["configs"] if c.get("default")] == ["claims"]
    for table in TABLES.values():
        for column in table.columns:
            assert f"| `{column.name}` |" in body
    assert "11 claims" in body
    mine = card.replace("license: unknown", "license: other\nlicense_name: ours")
    (out / "README.md").write_text(mine, encoding="utf-8")
    export(folder, out, "huggingface")
    again = yaml.safe_load((out / "README.md").read_text("utf-8").split("---\n")[1])
    assert (again["license"], again["license_name"]) == ("other", "ours")


@pytest.mark.parametrize("format_", FORMATS)
def test_the_same_dataset_gives_the_same_bytes(folder: Path, tmp_path: Path, format_: str) -> None:
    export(folder, tmp_path / "one", format_)
    export(folder, tmp_path / "two", format_)
    export(folder, tmp_path / "two", format_)
    assert files(tmp_path / "one") == files(tmp_path / "two")
    note = json.loads((tmp_path / "one" / "export.json").read_text("utf-8"))
    assert set(note["files"]) | {"export.json"} == set(files(tmp_path / "one"))
    assert set(note["tables"]) == set(TABLES)
    assert note["tables"]["claims"]["columns"]["cue"]["description"]


def test_another_format_takes_the_place_of_the_first(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out of it"
    for format_ in FORMATS:
        export(folder, out, format_)
    assert set(files(out)) > {"README.md", "claims/00000.parquet"}
    assert not (out / "claims.csv").exists()
    assert {path.name for path in tmp_path.iterdir()} == {"in", "out", "out of it"}


def test_nothing_foreign_is_overwritten(folder: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    export(folder, mine, "csv")  # an empty folder is taken
    (mine / "notes.txt").write_text("x", encoding="utf-8")
    with pytest.raises(UsageError, match=r"holds what no export wrote \(notes.txt\)"):
        export(folder, mine, "csv")
    (mine / "notes.txt").unlink()
    (mine / "export.json").write_text("{}", encoding="utf-8")
    with pytest.raises(UsageError, match="and 7 more"):
        export(folder, mine, "csv")
    with pytest.raises(UsageError, match="holds what no export wrote"):
        export(folder, folder, "csv")
    with pytest.raises(UsageError, match="is a file; name a folder"):
        export(folder, mine / "claims.csv", "csv")
    with pytest.raises(UsageError, match="did you mean 'parquet'"):
        export(folder, tmp_path / "x", "parket")
    with pytest.raises(UsageError, match="no finished run here yet"):
        export(tmp_path, tmp_path / "x", "csv")
    assert not (tmp_path / "x").exists()


def test_an_export_that_breaks_leaves_the_old_one(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "tables"
    export(folder, out, "parquet")
    before = files(out)

    def broken(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(parquet, "write", broken)
    with pytest.raises(OSError, match="disk full"):
        export(folder, out, "parquet")
    assert files(out) == before
    assert not list(tmp_path.glob(".*"))


def test_what_a_killed_export_left_is_cleared(folder: Path, tmp_path: Path) -> None:
    for left in (".tables.new", ".tables.old"):
        (tmp_path / left).mkdir()
        (tmp_path / left / "claims.csv").write_text("x", encoding="utf-8")
    export(folder, tmp_path / "tables", "csv")
    assert not list(tmp_path.glob(".tables*"))


def test_large_tables_are_cut_into_groups_and_files(
    folder: Path, tables: Records, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ronten import dataset
    from ronten.export import huggingface

    monkeypatch.setattr(dataset, "_BATCH_ROWS", 2)
    monkeypatch.setattr(parquet, "GROUP_ROWS", 4)
    monkeypatch.setattr(huggingface, "SHARD_GROUPS", 2)
    out = tmp_path / "hub"
    export(folder, out, "huggingface")
    found = sorted((out / "claims").iterdir())
    assert [pq.read_metadata(file).num_rows for file in found] == [8, 3]
    assert pq.read_metadata(found[0]).num_row_groups == 2
    assert pq.read_table(out / "claims").to_pylist() == tables["claims"]


def test_another_schema_is_refused(folder: Path, tmp_path: Path) -> None:
    with duckdb.connect(folder / FILE_NAME) as connection:
        connection.execute("UPDATE meta SET value = '1' WHERE key = 'schema'")
    with pytest.raises(StoreError, match="ronten migrate"):
        export(folder, tmp_path / "x", "csv")
