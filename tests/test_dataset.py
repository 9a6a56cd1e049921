from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import duckdb
import pyarrow as pa
import pytest

import example
import ronten
from ronten import output
from ronten.dataset import Dataset
from ronten.errors import RontenError, StoreError, UsageError
from ronten.store import FILE_NAME, Store
from ronten.tables import TABLES

FORBIDDEN = (
    "SELECT * FROM read_text('/etc/hostname')",
    "SELECT * FROM read_csv('{folder}/run.json')",
    "SELECT * FROM '{folder}/annotations.jsonl'",
    "SELECT * FROM glob('{folder}/*')",
    "SELECT * FROM read_duckdb('{folder}/other.duckdb')",
    "SELECT * FROM query('FROM read_text(''/etc/hostname'')')",
    "SELECT * FROM enable_logging('QueryLog', storage='file', storage_path='{folder}/log')",
    "SELECT * FROM enable_profiling(save_location='{folder}/profile')",
    "SELECT getenv('HOME')",
    "SELECT * FROM local_frame",
    "COPY claims TO '{folder}/x.csv'",
    "COPY (SELECT 1) TO '{folder}/x.csv'",
    "ATTACH '{folder}/x.duckdb'",
    "DETACH store",
    "INSERT INTO store.claims SELECT * FROM store.claims",
    "DELETE FROM store.articles",
    "UPDATE store.meta SET value = '9'",
    "EXPLAIN ANALYZE DELETE FROM store.articles",
    "WITH x AS (DELETE FROM store.articles RETURNING *) SELECT * FROM x",
    "CREATE TABLE x (y INT)",
    "CREATE TABLE store.x (y INT)",
    "DROP VIEW claims",
    "EXPORT DATABASE '{folder}/x'",
    "SET enable_external_access = true",
    "RESET enable_external_access",
    "PRAGMA enable_profiling",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SELECT 1; DROP VIEW claims",
    "SELECT 1; SELECT 2",
    "CALL force_checkpoint('store')",
    "SELEC 1",
    "",
    "-- nothing",
    "SELECT nothing FROM claims",
    "SELECT error('late') FROM claims",
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, extraction: ModuleType) -> Path:
    return example.make(tmp_path, monkeypatch)


@pytest.fixture
def dataset(folder: Path):
    with ronten.open(folder) as opened:
        yield opened


@pytest.mark.parametrize("name", TABLES)
def test_records_arrow_and_sql_agree(dataset: Dataset, name: str) -> None:
    table = TABLES[name]
    records = list(getattr(dataset, name))
    assert records
    assert len(getattr(dataset, name)) == len(records)
    assert isinstance(records[0], table.record)
    arrow = dataset.arrow(name)
    assert arrow.schema == table.schema
    assert [tuple(row.values()) for row in arrow.to_pylist()] == records
    assert dataset.query(table.ordered).to_pylist() == arrow.to_pylist()
    assert list(dataset.select(table.ordered).columns) == [c.name for c in table.columns]


def test_claims_hold_what_the_annotations_say(dataset: Dataset, folder: Path) -> None:
    with (folder / "annotations.jsonl").open(encoding="utf-8") as lines:
        annotations = {a["id"]: a for a in map(json.loads, lines)}
    said = {c["id"]: (a, c) for a in annotations.values() for c in a["claims"]}
    claims = list(dataset.claims)
    assert {claim.id for claim in claims} == set(said)
    for claim in claims:
        annotation, record = said[claim.id]
        text = annotation["text"]
        assert claim.article == annotation["id"]
        assert claim.content == record["content"]
        assert [claim.start, claim.end] == record["content"][0]
        assert claim.text == text[claim.start : claim.end]
        assert claim.position == record["position"]
        for key in ("source", "cue"):
            span = record[key]
            assert [getattr(claim, f"{key}_start"), getattr(claim, f"{key}_end")] == (
                span or [None, None]
            )
            assert getattr(claim, key) == (text[slice(*span)] if span else None)
        assert [claim.sentence_start, claim.sentence_end] == record["sentence"]
        assert claim.entities == sorted(
            {
                e["entity"]
                for e in annotation["entities"]
                if claim.start <= e["span"][0] and e["span"][1] <= claim.end
            }
        )
        holder = next(h for h in annotation["holders"] if h["id"] == claim.holder)
        assert claim.holder_name == holder["name"]
    one = next(c for c in claims if c.article == "one")
    assert (one.title, one.published, one.source_name) == ("橋の話", "2025-03-01", "潮路新聞")
    assert (one.author_name, one.author_kind, one.identified) == ("大原誠", "person", True)
    assert {round(s.score, 6) for s in dataset.stances} == {0.1235}


def test_mentions_and_figures_are_cut_from_the_text(dataset: Dataset) -> None:
    texts = {article.id: article.text for article in dataset.articles}
    for row in [*dataset.entities, *dataset.figures]:
        assert row.text == texts[row.article][row.start : row.end]
    numbers = {f.text: f for f in dataset.figures}
    assert (numbers["500人"].low, numbers["500人"].date_from) == (500.0, None)
    assert (numbers["2025年"].low, numbers["2025年"].date_to) == (None, "2025-12-31")
    assert all(f.claim in {c.id for c in dataset.claims} for f in dataset.figures)


def test_an_entity_belongs_to_the_shortest_claim_around_it(
    tmp_path, monkeypatch, extraction
) -> None:
    rows = [{"id": "a", "text": "大原誠「深星は伸びる」と述べた。\n深星の話。"}]
    with ronten.open(example.make(tmp_path, monkeypatch, rows)) as dataset:
        assert [e.claim for e in dataset.entities] == ["a:4-10", "a:17-22"]


def test_authors_count_as_the_documents_do(dataset: Dataset, folder: Path) -> None:
    listed = {e["id"]: e for e in output.index(folder)["authors"]}
    identified = [author for author in dataset.authors if author.identified]
    assert {author.id for author in identified} == set(listed)
    for author in identified:
        document = output.author(folder, author.id)
        assert (author.claims, author.positions) == (
            listed[author.id]["claims"],
            listed[author.id]["positions"],
        )
        dates = [p.first for p in document.positions if p.first]
        assert author.first == min(dates, default=None)
        assert author.members == document.members
    assert [a.claims for a in dataset.authors] == sorted(
        (a.claims for a in dataset.authors), reverse=True
    )


def test_positions_count_claims_once(dataset: Dataset) -> None:
    claims = {claim.id: claim for claim in dataset.claims}
    repeats = [claim for claim in claims.values() if claim.original]
    assert {claim.article for claim in repeats} == {"two"}
    positions = {position.id: position for position in dataset.positions}
    for repeat in repeats:
        assert repeat.text == claims[repeat.original].text
    for position in positions.values():
        own = [c for c in claims.values() if c.position == position.id and not c.original]
        assert position.claims == len(own)
        assert position.authors == len({c.author for c in own})
        assert position.example == own[0].text
    assert sum(p.claims for p in positions.values()) == len(claims) - len(repeats)


def test_a_joint_claim_is_credited_to_its_members_too(dataset: Dataset) -> None:
    names = {author.id: author.name for author in dataset.authors}
    (joint,) = [c for c in dataset.claims if c.author_name == "リタ・モーガン、大原誠"]
    credited = {(names[r.author], r.joint) for r in dataset.claim_authors if r.claim == joint.id}
    assert credited == {
        ("リタ・モーガン、大原誠", False),
        ("リタ・モーガン", True),
        ("大原誠", True),
    }


def test_articles(dataset: Dataset) -> None:
    first = next(iter(dataset.articles))
    assert (first.id, first.genre, first.bylines) == ("one", "news", ["記者、甲", "乙"])
    assert [a.id for a in dataset.articles] == ["one", "two", "three", "four"]
    assert first.claims == sum(c.article == "one" for c in dataset.claims)


def test_sql_reads_the_tables_and_nothing_else(folder: Path) -> None:
    local_frame = pa.table({"secret": [1]})
    assert local_frame.num_rows == 1
    with duckdb.connect(folder / "other.duckdb") as other:
        other.execute("CREATE TABLE secret (x INT)")
    before = {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    with ronten.open(folder) as dataset:
        for sql in (sql.format(folder=folder) for sql in FORBIDDEN):
            with pytest.raises(UsageError, match=r"^SQL: [^\n]+$"):
                list(dataset.select(sql).rows)
            with pytest.raises(UsageError, match=r"^SQL: [^\n]+$"):
                dataset.query(sql)
        assert len(dataset.claims) == 11
    assert {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()} == before


@pytest.mark.parametrize(
    "sql", ["SHOW TABLES", "DESCRIBE claims", "FROM claims", "EXPLAIN SELECT 1"]
)
def test_sql_may_look_around(dataset: Dataset, sql: str) -> None:
    assert list(dataset.select(sql).rows)
    if sql == "SHOW TABLES":
        assert {name for (name,) in dataset.select(sql).rows} == set(TABLES)


def test_values_are_bound(dataset: Dataset) -> None:
    found = dataset.query("SELECT count(*) AS n FROM claims WHERE text = ?", ["' OR 1=1 --"])
    assert found.to_pylist() == [{"n": 0}]


def test_two_tables_are_read_side_by_side(dataset: Dataset) -> None:
    pairs = [(a.id, c.id) for a in dataset.articles for c in dataset.claims if c.article == a.id]
    assert len(pairs) == len(dataset.claims)


def test_what_cannot_be_opened(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no finished run here yet"):
        ronten.open(tmp_path)
    with ronten.open(str(folder)) as dataset, pytest.raises(UsageError, match="did you mean"):
        dataset.arrow("claim")
    with duckdb.connect(folder / FILE_NAME) as connection:
        connection.execute("UPDATE meta SET value = '1' WHERE key = 'schema'")
    with pytest.raises(StoreError, match="ronten migrate"):
        ronten.open(folder)


def test_a_folder_that_is_written_to_is_locked(folder: Path) -> None:
    code = "import sys, ronten; ronten.open(sys.argv[1])"
    with Store.open(folder):
        done = subprocess.run(
            [sys.executable, "-c", code, folder], capture_output=True, text=True, check=False
        )
    assert "locked by process" in done.stderr


def test_an_empty_dataset_has_its_tables(tmp_path: Path) -> None:
    with Store.open(tmp_path):
        pass
    with ronten.open(tmp_path) as dataset:
        for name in TABLES:
            assert list(getattr(dataset, name)) == []
            assert dataset.arrow(name).num_rows == 0


def test_a_path_with_quotes(folder: Path, tmp_path: Path) -> None:
    odd = tmp_path / "it's ‘odd’; --"
    folder.rename(odd)
    with ronten.open(odd) as dataset:
        assert len(dataset.claims) == 11


def test_an_interrupted_query_is_an_interrupt() -> None:
    from ronten.dataset import _said

    with pytest.raises(KeyboardInterrupt), _said():
        raise RuntimeError("Query interrupted")
    with pytest.raises(RuntimeError, match="else"), _said():
        raise RuntimeError("something else")


def test_a_closed_dataset_says_so(folder: Path) -> None:
    with ronten.open(folder) as dataset:
        pass
    with pytest.raises(UsageError, match="closed"):
        list(dataset.claims)
    with pytest.raises(RontenError, match="table claims cannot be read"):
        dataset.arrow("claims")
