"""Corrections in an output folder: what is written, what later runs make of them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb
import pytest
from typer.testing import CliRunner

from ronten import revise
from ronten.cli import app
from ronten.config import Config
from ronten.errors import UsageError
from ronten.gold.check import check
from ronten.gold.exchange import FORMATS, load_format
from ronten.review.desk import Desk
from ronten.run import migrate, remove, run, write
from ronten.store import FILE_NAME, Store
from ronten.types import Article

ANEW = Config(parse="all")
"""Has every article annotated anew."""


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def annotation(out: Path, article: str = "two") -> dict[str, Any]:
    return next(a for a in lines(out / "annotations.jsonl") if a["id"] == article)


def words(record: dict[str, Any]) -> list[str]:
    return [record["text"][slice(*c["content"][0])] for c in record["claims"]]


def claim(out: Path, said: str, article: str = "two") -> str:
    """The id of a claim by a part of its words."""
    with Store.open(out, read_only=True) as store:
        found = store.annotation(article)
    return next(c.id for c in found.claims if said in found.text[slice(*c.content[0])])


def span(out: Path, said: str, article: str = "two") -> list[list[int]]:
    with Store.open(out, read_only=True) as store:
        start = store.annotation(article).text.index(said)
    return [[start, start + len(said)]]


def documents(out: Path) -> dict[str, dict[str, Any]]:
    found = [json.loads(p.read_text("utf-8")) for p in (out / "authors").rglob("*.json")]
    return {d["name"]: d for d in found}


def positions(out: Path) -> dict[str, str]:
    """The position of every claim of two and three by its words and article."""
    found = {}
    for article in ("two", "three"):
        record = annotation(out, article)
        for said, one in zip(words(record), record["claims"], strict=True):
            found[f"{article}: {said}"] = one["position"]
    return found


def everything(out: Path) -> dict[str, bytes]:
    return {
        p.relative_to(out).as_posix(): p.read_bytes()
        for p in sorted(out.rglob("*"))
        if p.is_file() and p.name not in (FILE_NAME, "run.json", ".ronten.lock")
    }


@pytest.fixture
def corrected(desk: Desk, out: Path) -> Path:
    """A folder with a claim accepted, one rejected, one corrected and one added in `two`."""
    desk.decide("two", claim(out, "来年"), "accept", {})
    desk.decide("two", claim(out, "おそらく"), "reject", {})
    holder = {"name": "安全研究所", "kind": "organization"}
    fields = {"content": span(out, "安全を守る"), "holder": holder, "type": "policy"}
    fields["stances"] = {"規制": "favor"}
    desk.decide("two", claim(out, "安全"), "edit", fields)
    added = {
        "content": span(out, "見出し"),
        "holder": {"name": "", "kind": "article_author"},
        "type": "fact",
        "attribution": "authorial",
    }
    desk.add("two", added)
    desk.write()
    return out


def test_everything_that_is_written_shows_the_corrected_state(corrected: Path) -> None:
    record = annotation(corrected)
    assert words(record) == ["見出し", "規制は産業を弱める", "安全を守る", "来年の需要は増える"]
    marks = [c.get("reviewed", {}).get("verdict") for c in record["claims"]]
    assert marks == ["add", None, "edit", "accept"]
    assert all(c["reviewed"]["who"] == "花子" for c in record["claims"] if "reviewed" in c)
    assert record["reviewed"] == {"accept": 1, "reject": 1, "edit": 1, "add": 1}
    assert set(documents(corrected)) >= {"安全研究所", "DeepStar"}
    (position,) = documents(corrected)["安全研究所"]["positions"]
    (shown,) = position["claims"]
    assert (shown["text"], shown["type"], shown["confidence"]) == ("安全を守る", "policy", 1)
    assert shown["reviewed"]["verdict"] == "edit"
    assert shown["stances"] == [{"target": "規制", "label": "favor", "score": 1.0}]
    with duckdb.connect(corrected / FILE_NAME, read_only=True) as connection:
        rows = connection.execute("SELECT sides FROM claims WHERE contains(text, '安全を守る')")
        assert ["規制\tfavor"] in [row[0] for row in rows.fetchall()]


def test_nothing_changes_without_anything_new(corrected: Path, source: Path) -> None:
    before = everything(corrected)
    summary = run([source], corrected)
    assert (summary.unchanged, summary.files_written) == (3, 0)
    assert write(corrected).files_written == 0
    assert everything(corrected) == before


def test_corrections_are_kept_when_articles_are_annotated_anew(
    corrected: Path, source: Path
) -> None:
    before = everything(corrected)
    assert run([source], corrected, ANEW).changed == 3
    assert everything(corrected) == before
    migrate(corrected, Config())
    after = everything(corrected)
    after.pop("recluster.json")
    assert after == before


def test_a_corrected_span_keeps_its_position(desk: Desk, out: Path, source: Path) -> None:
    before = positions(out)["two: 規制は安全を守る"]
    fields = {"content": span(out, "安全を守る")}
    name = desk.decide("two", claim(out, "安全"), "edit", fields)
    desk.write()
    assert positions(out)["two: 安全を守る"] == before
    run([source], out, ANEW)
    assert positions(out)["two: 安全を守る"] == before
    with Store.open(out, read_only=True) as store:
        (correction,) = store.corrections.latest(5)
    assert name == claim(out, "安全")
    assert desk.undo(correction.id) == claim(out, "安全")
    desk.write()
    assert positions(out)["two: 規制は安全を守る"] == before
    assert "reviewed" not in annotation(out)


def test_undoing_leaves_no_trace_in_the_files(desk: Desk, out: Path) -> None:
    before = everything(out)
    for kind, fields in (("accept", {}), ("reject", {}), ("edit", {"type": "policy"})):
        desk.decide("two", claim(out, "来年"), kind, fields)
        with Store.open(out, read_only=True) as store:
            latest = store.corrections.latest(1)[0]
        desk.write()
        assert everything(out) != before
        desk.undo(latest.id)
        desk.write()
        assert everything(out) == before


def test_corrections_are_taken_back_one_by_one(desk: Desk, out: Path) -> None:
    name = claim(out, "来年")
    desk.decide("two", name, "edit", {"type": "policy"})
    desk.decide("two", name, "edit", {"attribution": "mixed"})
    assert desk.decide("two", name, "accept", {}) == name
    desk.decide("two", name, "reject", {})
    with Store.open(out, read_only=True) as store:
        last, second, first = store.corrections.latest(5)
        assert (last.state, second.state, first.state) == ("active", "superseded", "superseded")
        assert second.fields == {"type": "policy", "attribution": "mixed"}
    with pytest.raises(UsageError, match="does not hold any more"):
        desk.undo(first.id)

    def now() -> tuple[str, str] | None:
        with Store.open(out, read_only=True) as store:
            found = [c for c in store.annotation("two").claims if c.id == name]
        return (found[0].type.value, found[0].attribution.value) if found else None

    assert now() is None
    desk.undo(last.id)
    assert now() == ("policy", "mixed")
    desk.undo(second.id)
    assert now() == ("policy", "direct")
    desk.undo(first.id)
    assert now() == ("interpretation", "direct")


def test_an_added_claim_can_be_corrected_and_rejected(desk: Desk, out: Path) -> None:
    holder = {"name": "大原誠", "kind": "person"}
    fields = {"holder": holder, "type": "fact", "attribution": "direct"}
    fields["content"] = span(out, "見出し")
    name = desk.add("two", fields)
    assert name == claim(out, "見出し")
    again = desk.decide("two", name, "edit", {"content": span(out, "見出")})
    assert again == claim(out, "見出")
    assert again != name
    assert desk.decide("two", again, "reject", {}) is None
    opened = desk.article("two")
    assert [c.text for c in opened.corrections] == ["見出"]
    assert (len(opened.annotation.claims), opened.unresolved) == (4, [])
    assert desk.progress() == (0, 8)
    assert desk.undo(opened.corrections[0].id) == again


def test_a_correction_whose_claim_is_gone_is_listed_and_comes_back(
    desk: Desk,
    corrected: Path,
    source: Path,
    extraction: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = extraction.annotation

    def less(article: Article) -> Any:
        found = made(article)
        kept = [c for c in found.claims if "来年" not in article.text[slice(*c.content[0])]]
        return found.model_copy(update={"claims": kept})

    monkeypatch.setattr(extraction, "annotation", less)
    run([source], corrected, ANEW)
    assert words(annotation(corrected)) == ["見出し", "規制は産業を弱める", "安全を守る"]
    (gone,) = desk.history(5)[1]
    assert (gone.kind, gone.text, gone.state) == ("accept", "来年の需要は増える", "active")
    assert [c.text for c in desk.article("two").unresolved] == ["来年の需要は増える"]
    monkeypatch.setattr(extraction, "annotation", made)
    run([source], corrected)
    assert desk.history(5)[1] == []
    assert annotation(corrected)["claims"][-1]["reviewed"]["verdict"] == "accept"


def test_corrections_of_another_text_wait_for_the_old_one(
    desk: Desk, corrected: Path, source: Path
) -> None:
    rows = (source / "rows.jsonl").read_text("utf-8")
    changed = [json.loads(row) for row in rows.splitlines()]
    changed[1]["text"] = "# 別\n\n大原誠「雨だ」と述べた。"
    (source / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in changed), "utf-8")
    run([source], corrected)
    assert words(annotation(corrected)) == ["雨だ"]
    assert "reviewed" not in annotation(corrected)
    assert len(desk.history(5)[1]) == 4
    (source / "rows.jsonl").write_text(rows, "utf-8")
    run([source], corrected)
    assert words(annotation(corrected))[0] == "見出し"
    assert desk.history(5)[1] == []


def test_corrections_of_a_pruned_article_are_kept(
    desk: Desk, corrected: Path, source: Path
) -> None:
    kept = [r for r in (source / "rows.jsonl").read_text("utf-8").splitlines() if '"two"' not in r]
    (source / "rows.jsonl").write_text("\n".join(kept), "utf-8")
    run([source], corrected, prune=True)
    unresolved = desk.history(9)[1]
    assert len(unresolved) == 4
    desk.undo(unresolved[0].id)
    assert len(desk.history(9)[1]) == 3


def test_what_is_removed_takes_its_corrections_along(desk: Desk, corrected: Path) -> None:
    remove(corrected, articles=["two"])
    assert desk.history(9) == ([], [])
    with duckdb.connect(corrected / FILE_NAME, read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM extracted").fetchall() == [(0,)]


def test_removed_authors_stay_silent(desk: Desk, corrected: Path, source: Path) -> None:
    remove(corrected, author_ids=[documents(corrected)["DeepStar"]["id"]])
    desk.decide("two", claim(corrected, "弱める"), "accept", {})
    assert len(desk.article("two").annotation.claims) == 3
    desk.write()
    assert words(annotation(corrected)) == ["見出し", "規制は産業を弱める", "安全を守る"]
    run([source], corrected, ANEW)
    assert words(annotation(corrected)) == ["見出し", "規制は産業を弱める", "安全を守る"]


# Positions


def test_positions_are_merged_and_stay_so(desk: Desk, out: Path, source: Path) -> None:
    before = positions(out)
    power, demand = before["three: 電力は足りる"], before["two: 来年の需要は増える"]
    desk.merge(power, demand)
    desk.write()
    assert positions(out)["three: 電力は足りる"] == demand
    run([source], out, ANEW)
    run([source], out, recluster=True)
    after = positions(out)
    assert after["three: 電力は足りる"] == after["two: 来年の需要は増える"]
    (correction, *_) = desk.history(5)[0]
    desk.undo(correction.id)
    desk.write()
    assert positions(out)["three: 電力は足りる"] == power
    run([source], out, recluster=True)
    assert positions(out) == before


def test_a_claim_is_split_off_and_stays_so(desk: Desk, out: Path, source: Path) -> None:
    before = positions(out)
    assert before["two: 規制は産業を弱める"] == before["three: 規制は産業を弱める"]
    desk.split(claim(out, "弱める", "three"))
    desk.write()
    after = positions(out)
    assert after["two: 規制は産業を弱める"] == before["two: 規制は産業を弱める"]
    own = after["three: 規制は産業を弱める"]
    assert own not in before.values()
    with pytest.raises(UsageError, match="already"):
        desk.split(claim(out, "弱める", "three"))
    run([source], out, ANEW, recluster=True)
    assert positions(out)["three: 規制は産業を弱める"] == own
    desk.undo(desk.history(5)[0][0].id)
    desk.write()
    assert positions(out) == before


def test_a_merge_follows_a_claim_whose_span_is_corrected(
    desk: Desk, out: Path, source: Path
) -> None:
    demand = positions(out)["two: 来年の需要は増える"]
    desk.merge(positions(out)["three: 電力は足りる"], demand)
    fields = {"content": span(out, "足りる", "three")}
    desk.decide("three", claim(out, "電力", "three"), "edit", fields)
    desk.write()
    assert positions(out)["three: 足りる"] == demand
    run([source], out, recluster=True)
    assert positions(out)["three: 足りる"] == positions(out)["two: 来年の需要は増える"]
    assert desk.history(5)[1] == []


# Export


@pytest.mark.parametrize("format_", FORMATS)
def test_corrected_claims_are_exported_with_their_marks(
    corrected: Path, tmp_path: Path, format_: str
) -> None:
    # An id that can be a file name, as brat wants it.
    lines_ = [r for r in lines(corrected / "annotations.jsonl") if r["id"] in ("two", "three")]
    text = "".join(json.dumps(record) + "\n" for record in lines_)
    (corrected / "annotations.jsonl").write_text(text, "utf-8")
    suffix = {
        "label-studio": ".json",
        "doccano": ".jsonl",
        "docbin": ".spacy",
        "json": ".jsonl",
    }.get(format_, "")
    place = tmp_path / f"exported{suffix}"
    arguments = ["gold", "export", format_, str(corrected), "--out", str(place)]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    found = next(a for a in load_format(format_).read(place) if a.id == "two")
    marks = {
        found.text[slice(*c.content[0])]: (c.model_extra or {}).get("reviewed", {}).get("verdict")
        for c in found.claims
    }
    assert marks == {
        "見出し": "add",
        "規制は産業を弱める": None,
        "安全を守る": "edit",
        "来年の需要は増える": "accept",
    }


def test_articles_that_were_reviewed_as_a_whole_are_exported_alone(
    desk: Desk, corrected: Path, tmp_path: Path
) -> None:
    arguments = ["gold", "export", "json", str(corrected), "--reviewed", "--out"]
    result = CliRunner().invoke(app, [*arguments, str(tmp_path / "none.jsonl")])
    assert (result.exit_code, lines(tmp_path / "none.jsonl")) == (0, [])
    desk.decide("two", claim(corrected, "弱める"), "accept", {})
    desk.write()
    result = CliRunner().invoke(app, [*arguments, str(tmp_path / "gold")])
    assert result.exit_code == 0, result.output
    assert [path.name for path in (tmp_path / "gold").iterdir()] == ["two.json"]


def test_a_corrected_article_is_sound_gold(corrected: Path, tmp_path: Path) -> None:
    (tmp_path / "gold").mkdir()
    record = json.dumps(annotation(corrected), ensure_ascii=False)
    (tmp_path / "gold" / "two.json").write_text(record, "utf-8")
    assert [str(p) for p in check(tmp_path / "gold") if not p.warning] == []


def test_the_same_decisions_give_the_same_files(
    corrected: Path, tmp_path: Path, made: Path
) -> None:
    """But for the times at which they were made."""
    again = shutil.copytree(made / "out", tmp_path / "again")
    with Store.open(corrected, read_only=True) as store:
        decided = list(reversed(store.corrections.latest(9)))
    with Store.open(again, existing=True) as store, store.transaction():
        for correction in decided:
            revise.record(store, correction)
    write(again)
    assert everything(again) == everything(corrected)
