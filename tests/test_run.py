from __future__ import annotations

import io
import json
import os
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from ronten import embed, emit, schemas
from ronten import run as running
from ronten.config import Config
from ronten.errors import Exit, ModelNotFound, UsageError
from ronten.run import run
from ronten.store import Store
from written import documents, lines, state, write

pytestmark = pytest.mark.usefixtures("extraction")

ONE = "# 見出し\n大原誠「輸出規制は産業を弱める」と述べた。\n深星「電力は足りる」と述べた。"
TWO = "大原 誠「輸出規制は産業を弱める一方だ」と述べた。\n首相「急ぐ」と述べた。\n天気は晴れだ。"
THREE = "DeepStar「雇用を増やす」と述べた。\nリタ・モーガン、大原誠「研究を続ける」と述べた。"


def stamps(out: Path) -> dict[str, int]:
    return {str(p): p.stat().st_mtime_ns for p in out.rglob("*") if p.is_file()}


def places(out: Path) -> dict[str, str]:
    """The first characters of every stored text by origin."""
    with Store.open(out, read_only=True) as store:
        rows = store._rows('SELECT origin, "row", text FROM articles')
    return {origin if row is None else f"{origin}:{row}": text[:3] for origin, row, text in rows}


def test_outputs_are_complete_and_valid(tmp_path: Path) -> None:
    out = tmp_path / "out"
    summary = run([write(tmp_path / "in", a=ONE, b=TWO, c=THREE)], out)
    assert summary.exit_code is Exit.DONE
    assert summary.state == {
        "articles": 3,
        "claims": 7,
        "positions": 6,
        "rejected": 0,
        "authors": 4,
        "anonymous": 2,
    }
    annotations = lines(out / "annotations.jsonl")
    assert [a["id"] for a in annotations] == sorted(a["id"] for a in annotations)
    for annotation in annotations:
        Draft202012Validator(schemas.schema("annotation")).validate(annotation)
        assert all(c["position"].startswith("p-") for c in annotation["claims"])
    found = documents(out)
    for document in [*found.values(), *lines(out / "anonymous.jsonl")]:
        Draft202012Validator(schemas.schema("author")).validate(document)
    assert set(found) == {"大原誠", "DeepStar", "リタ・モーガン、大原誠", "リタ・モーガン"}
    assert [d["name"] for d in lines(out / "anonymous.jsonl")] == ["首相", ""] or [
        d["name"] for d in lines(out / "anonymous.jsonl")
    ] == ["", "首相"]


def test_claims_of_several_articles_gather_under_author_and_position(tmp_path: Path) -> None:
    out = tmp_path / "out"
    run([write(tmp_path / "in", a=ONE, b=TWO, c=THREE)], out)
    author = documents(out)["大原誠"]
    first, second = author["positions"]
    assert first["weight"] == 2
    assert len({c["article"] for c in first["claims"]}) == 2
    assert [c["joint"] for c in second["claims"]] == [True]
    joint = documents(out)["リタ・モーガン、大原誠"]
    assert joint["members"] == ["リタ・モーガン", "大原誠"]
    assert author["id"] in joint["member_ids"]
    texts = {a["id"]: a["text"] for a in lines(out / "annotations.jsonl")}
    for position in author["positions"]:
        for claim in position["claims"]:
            ((start, end),) = claim["content"]
            assert texts[claim["article"]][start:end] == claim["text"]
    index = json.loads((out / "index.json").read_text("utf-8"))
    assert all((out / entry["file"]).is_file() for entry in index["authors"])
    assert sum(e["claims"] for e in index["authors"] if e["name"] == "大原誠") == 3


def test_second_run_touches_nothing(tmp_path: Path, extraction: ModuleType) -> None:
    folder, out = write(tmp_path / "in", a=ONE, b=TWO), tmp_path / "out"
    run([folder], out)
    before = stamps(out)
    del before[str(out / ".ronten.lock")]
    extraction.calls.clear()
    summary = run([folder], out)
    after = stamps(out)
    assert {path: after[path] for path in before} == before
    assert (summary.unchanged, summary.files_written, extraction.calls) == (2, 0, [])


def test_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    folder = write(tmp_path / "in", a=ONE, b=TWO, c=THREE)
    run([folder], tmp_path / "one")
    run([folder], tmp_path / "two")
    assert state(tmp_path / "one") == state(tmp_path / "two")


def test_batches_do_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write(tmp_path / "in", a=ONE, b=TWO, c=THREE)
    run([folder], tmp_path / "one")
    monkeypatch.setattr(running, "BATCH_CHARS", 1)
    monkeypatch.setattr(running, "EMBED_BATCH", 1)
    run([folder], tmp_path / "two")
    assert state(tmp_path / "one") == state(tmp_path / "two")


def test_killed_and_resumed_counts_as_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, extraction: ModuleType
) -> None:
    folder = write(tmp_path / "in", a=ONE, b=TWO, c=THREE)
    run([folder], tmp_path / "one")
    monkeypatch.setattr(running, "BATCH_CHARS", 1)
    real = extraction.annotate

    def killed(nlp: str, articles: list[Any]) -> Any:
        if articles[0].origin == "b.txt":
            raise KeyboardInterrupt
        return real(nlp, articles)

    monkeypatch.setattr(extraction, "annotate", killed)
    with pytest.raises(KeyboardInterrupt):
        run([folder], tmp_path / "two")
    monkeypatch.setattr(extraction, "annotate", real)
    assert run([folder], tmp_path / "two").unchanged == 1
    assert state(tmp_path / "one") == state(tmp_path / "two")


def test_positions_survive_new_articles(tmp_path: Path) -> None:
    folder, out = write(tmp_path / "in", b=TWO), tmp_path / "out"
    run([folder], out)
    before = {c["id"]: c["position"] for a in lines(out / "annotations.jsonl") for c in a["claims"]}
    run([write(folder, a=ONE, c=THREE)], out)
    after = {c["id"]: c["position"] for a in lines(out / "annotations.jsonl") for c in a["claims"]}
    assert {i: after[i] for i in before} == before
    author = documents(out)["大原誠"]
    assert author["positions"][0]["weight"] == 2
    assert author["positions"][0]["id"] in before.values()


def test_new_content_replaces_the_old(tmp_path: Path) -> None:
    folder, out = write(tmp_path / "in", a=ONE, b=TWO), tmp_path / "out"
    run([folder], out)
    write(folder, a=ONE.replace("深星", "首相"))
    summary = run([folder], out)
    assert (summary.new, summary.unchanged, summary.state["articles"]) == (1, 1, 2)
    assert set(documents(out)) == {"大原誠"}
    assert summary.files_removed == 1


def test_changed_metadata_is_annotated_again_and_keeps_positions(tmp_path: Path) -> None:
    folder, out = write(tmp_path / "in", b=TWO), tmp_path / "out"
    run([folder], out)
    (before,) = lines(out / "annotations.jsonl")
    (folder / "b.txt.meta.json").write_text('{"authors": ["大原誠"]}', encoding="utf-8")
    assert run([folder], out).changed == 1
    (after,) = lines(out / "annotations.jsonl")
    assert [c["position"] for c in after["claims"]] == [c["position"] for c in before["claims"]]
    assert [len(p["claims"]) for p in documents(out)["大原誠"]["positions"]] == [1, 1]


def test_changed_configuration_is_annotated_again(tmp_path: Path) -> None:
    folder, out = write(tmp_path / "in", a=ONE), tmp_path / "out"
    run([folder], out)
    assert run([folder], out, Config(threshold=0.5)).unchanged == 1
    assert run([folder], out, Config(parse="all")).changed == 1


def test_duplicates_are_skipped_in_one_run_and_later(tmp_path: Path) -> None:
    folder, out = write(tmp_path / "in", b=ONE, c=ONE), tmp_path / "out"
    first = run([folder], out)
    assert (first.new, first.duplicates, first.exit_code) == (1, 1, Exit.DONE)
    second = run([write(folder, a=ONE)], out)
    assert (second.new, second.unchanged, second.duplicates) == (0, 0, 3)
    assert places(out) == {"b.txt": ONE[:3]}
    assert lines(out / "rejected.jsonl") == []


def test_contents_that_trade_places_are_not_lost(tmp_path: Path) -> None:
    folder, out = write(tmp_path / "in", a=ONE, b=TWO), tmp_path / "out"
    run([folder], out)
    write(folder, a=TWO, b=ONE)
    summary = run([folder], out)
    assert (summary.duplicates, summary.state["articles"]) == (0, 2)
    assert places(out) == {"a.txt": TWO[:3], "b.txt": ONE[:3]}
    write(folder, a=ONE, b=THREE)
    run([folder], out)
    assert places(out) == {"a.txt": ONE[:3], "b.txt": THREE[:3]}


def test_rows_may_move(tmp_path: Path, extraction: ModuleType) -> None:
    out, path = tmp_path / "out", tmp_path / "rows.jsonl"

    def rows(*texts: str) -> None:
        content = "".join(json.dumps({"id": t[:3], "text": t}) + "\n" for t in texts)
        path.write_text(content, encoding="utf-8")

    rows(ONE, TWO, THREE)
    run([path], out)
    before = places(out)
    rows("雨が降る。", ONE, TWO, THREE)
    extraction.calls.clear()
    summary = run([path], out)
    assert (summary.new, summary.state["articles"]) == (1, 4)
    assert extraction.calls == [["雨が降"]]
    rows(ONE, TWO, THREE)
    run([path], out)
    assert {t for p, t in places(out).items()} >= set(before.values())


def test_an_id_belongs_to_its_first_text(tmp_path: Path) -> None:
    out = tmp_path / "out"
    for name, text in (("one", ONE), ("two", TWO)):
        row = json.dumps({"id": "X", "text": text})
        (tmp_path / f"{name}.jsonl").write_text(row, encoding="utf-8")
    assert run([tmp_path / "one.jsonl"], out).new == 1
    summary = run([tmp_path / "two.jsonl"], out)
    assert (summary.rejected, summary.exit_code) == (1, Exit.REJECTED)
    (listed,) = lines(out / "rejected.jsonl")
    assert (listed["origin"], listed["id"], listed["reason"]) == ("two.jsonl", "X", "id_conflict")
    assert "one.jsonl" in listed["detail"]
    assert list(places(out).values()) == [ONE[:3]]
    row = json.dumps({"id": "X", "text": THREE})
    (tmp_path / "one.jsonl").write_text(row, encoding="utf-8")
    assert run([tmp_path / "one.jsonl"], out).changed == 1
    assert list(places(out).values()) == [THREE[:3]]


def test_rejected_inputs_stay_listed_until_they_are_good(tmp_path: Path) -> None:
    folder, out = write(tmp_path / "in", a=ONE, empty="", bang="破裂する。"), tmp_path / "out"
    summary = run([folder], out)
    assert (summary.rejected, summary.exit_code) == (2, Exit.REJECTED)
    assert summary.state["articles"] == 1
    listed = {r["origin"]: r["reason"] for r in lines(out / "rejected.jsonl")}
    assert listed == {"bang.txt": "failed", "empty.txt": "empty"}
    before = state(out)
    assert run([folder], out).exit_code is Exit.REJECTED
    assert state(out) == before
    run([folder / "a.txt"], out)
    assert state(out) == before
    write(folder, empty="雨だ。", bang="風だ。")
    assert run([folder], out).exit_code is Exit.DONE
    assert lines(out / "rejected.jsonl") == []


def test_min_confidence_filters_authors_and_not_annotations(tmp_path: Path) -> None:
    text = "大原誠「おそらく雨だ」と述べた。\n大原誠「風が強い」と述べた。"
    out = tmp_path / "out"
    run([write(tmp_path / "in", a=text)], out, Config(min_confidence=0.5))
    assert [p["statement"] for p in documents(out)["大原誠"]["positions"]] == ["風が強い"]
    (annotation,) = lines(out / "annotations.jsonl")
    assert [c["confidence"] for c in annotation["claims"]] == [0.1235, 0.9]


def test_alias_table_turns_a_role_into_an_author(tmp_path: Path) -> None:
    table = tmp_path / "aliases.tsv"
    table.write_text("首相\t大原誠\n", encoding="utf-8")
    out = tmp_path / "out"
    run([write(tmp_path / "in", b=TWO)], out, Config(aliases=[table]))
    assert documents(out)["大原誠"]["aliases"] == ["大原 誠", "首相"]


def test_many_authors_are_spread_over_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, out = write(tmp_path / "in", a=ONE), tmp_path / "out"
    run([folder], out)
    flat = {p.name for p in (out / "authors").glob("*.json")}
    monkeypatch.setattr(emit, "MANY", 1)
    run([write(folder, b="天気は晴れだ。")], out)
    assert not list((out / "authors").glob("*.json"))
    spread = list((out / "authors").glob("??/*.json"))
    assert {p.name for p in spread} == flat
    assert all(p.parent.name == p.stem[-12:-10] for p in spread)
    monkeypatch.undo()


def test_standard_input(tmp_path: Path) -> None:
    rows = "\n".join(json.dumps({"text": text}) for text in (ONE, TWO))
    stdin = io.BytesIO(rows.encode())
    summary = run(["-"], tmp_path / "out", stdin=stdin, stdin_format="jsonl")
    assert summary.new == 2


def test_nothing_is_made_for_a_path_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nowhere"):
        run([tmp_path / "nowhere"], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_output_inside_the_input_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path / "in", a=ONE)
    with pytest.raises(UsageError, match="lies inside the input"):
        run([folder], folder / "out")
    assert not (folder / "out").exists()


def test_a_file_that_was_removed_comes_back(tmp_path: Path) -> None:
    folder, out = write(tmp_path / "in", a=ONE, b=TWO), tmp_path / "out"
    run([folder], out)
    before = state(out)
    os.unlink(next((out / "authors").glob("*.json")))
    run([folder], out)
    assert state(out) == before


def test_a_place_taken_over_by_another_input_is_counted(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run([write(tmp_path / "d1", a=ONE)], out).replaced == 0
    summary = run([write(tmp_path / "d2", a=TWO)], out)
    assert (summary.new, summary.replaced, summary.state["articles"]) == (1, 1, 1)


def test_a_second_piped_text_joins_the_first(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run(["-"], out, stdin=io.BytesIO(b"")).state["rejected"] == 1
    for text in (ONE, TWO, TWO):
        summary = run(["-"], out, stdin=io.BytesIO(text.encode()))
    assert (summary.unchanged, summary.replaced) == (1, 0)
    assert (summary.state["articles"], summary.state["rejected"]) == (2, 0)


@pytest.mark.parametrize("key", ["aliases", "lexicon", "reporting_verbs"])
def test_a_wrong_user_file_stops_before_anything_is_made(tmp_path: Path, key: str) -> None:
    folder, out = write(tmp_path / "in", a=ONE), tmp_path / "out"
    with pytest.raises(UsageError, match=r"none\.tsv"):
        run([folder], out, Config.model_validate({key: [tmp_path / "none.tsv"]}))
    assert not out.exists()


def test_a_wrong_model_stops_before_anything_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: object, **__: object) -> None:
        raise ModelNotFound("no folder")

    monkeypatch.setattr(embed, "load_embedder", missing)
    with pytest.raises(ModelNotFound):
        run([write(tmp_path / "in", a=ONE)], tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "name", ["types.py", "authors.py", "positions.py", "topics.py", "key_halves.py"]
)
def test_code_that_annotations_depend_on_is_in_the_fingerprint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    for file in Path(running.__file__).parent.glob("*.py"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    monkeypatch.setattr(running, "__file__", str(tmp_path / "run.py"))
    before = running._code_fingerprint.__wrapped__()
    with (tmp_path / name).open("a") as file:
        file.write("# changed\n")
    assert running._code_fingerprint.__wrapped__() != before


@pytest.mark.parametrize(
    "name", ["ner", "types", "checkworthiness", "stance_encoder", "holders_encoder"]
)
def test_a_changed_model_makes_annotations_anew(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = running.annotation_fingerprint(Config())
    own = running.models.fingerprint
    monkeypatch.setattr(
        running.models,
        "fingerprint",
        lambda path: "other" if path.name.startswith(f"{name}-") else own(path),
    )
    assert running.annotation_fingerprint(Config()) != before
