"""The whole job on real components: a messy folder in, per-author positions out."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ronten.read.identity import article_id
from ronten.run import run

SHARED = Path(__file__).parents[2] / "shared"
SEEDS = SHARED / "seeds"
GOLD = SHARED / "gold"

needs_seeds = pytest.mark.skipif(not SEEDS.is_dir(), reason="the seed articles are not here")
needs_gold = pytest.mark.skipif(not GOLD.is_dir(), reason="the gold articles are not here")


def story(number: int) -> str:
    return (
        f"田代健一社長は{number}日、第{number}工場の増産が必要だと述べた。"
        f"「需要は第{number}四半期も堅調だ」と強調した。"
        f"工場の面積は約{number * 100}平方メートルだ。\n"
        f"専門家によると、第{number}工場の費用は{number}億円になるという。"
    )


def ronten(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from ronten.cli import main; main()", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, check=False)


def emitted(folder: Path) -> dict[str, bytes]:
    """What a run emits, by relative path; the database and the times are no output."""
    files = {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in ("ronten.duckdb", ".lock")
    }
    summary = json.loads(files["run.json"])
    summary.pop("times")
    return {**files, "run.json": json.dumps(summary, sort_keys=True).encode()}


def broken_inputs(folder: Path) -> None:
    """Twelve inputs that cannot be processed, each for another reason."""
    (folder / "x01-empty.txt").write_bytes(b"")
    (folder / "x02-binary.txt").write_bytes(bytes(range(256)) * 40)
    html = b'<html><head><meta charset="utf-8"></head><body><p>' + "需要は".encode("cp932")
    (folder / "x03-wrong-charset.html").write_bytes(html + b"\xff\xfe\x81</p></body></html>")
    (folder / "x04-blank.txt").write_text(" \n\u3000\n", encoding="utf-8")
    (folder / "x05-rows.jsonl").write_text('{"text": "良い行だ。\n', encoding="utf-8")
    (folder / "x06-no-text.jsonl").write_text('{"title": "題だけ"}\n', encoding="utf-8")
    os.symlink(folder / "x07-loop.txt", folder / "x07-loop.txt")
    os.symlink(folder / "nowhere.txt", folder / "x08-dangling.txt")
    (folder / "x09-english.txt").write_text(
        "The plant will open next year. " * 20, encoding="utf-8"
    )
    (folder / "x10-surrogate.jsonl").write_text('{"text": "あ\\ud800い"}\n', encoding="utf-8")
    (folder / "x11-truncated.parquet").write_bytes(b"PAR1\x00\x00")
    (folder / "x12-sidecar.txt").write_text(story(31), encoding="utf-8")
    (folder / "x12-sidecar.txt.meta.json").write_text("{broken", encoding="utf-8")


def good_inputs(folder: Path) -> None:
    """Thirty articles, one of them 300 KB in a single line."""
    for number in range(1, 30):
        encoding = ("utf-8", "utf-8-sig", "cp932", "euc-jp")[number % 4]
        (folder / f"a{number:02}.txt").write_bytes(story(number).encode(encoding))
    line = "".join(story(n).replace("\n", "") for n in range(1, 1000))
    (folder / "a30-one-line.txt").write_text(line[:100_000], encoding="utf-8")


def test_a_messy_batch_is_processed_and_what_is_broken_is_listed(tmp_path: Path) -> None:
    batch = tmp_path / "batch"
    batch.mkdir()
    good_inputs(batch)
    broken_inputs(batch)
    done = ronten("run", str(batch), "--out", str(tmp_path / "out"))
    assert done.returncode == 3, done.stderr
    rows = (tmp_path / "out" / "annotations.jsonl").read_text("utf-8").splitlines()
    rejected = (tmp_path / "out" / "rejected.jsonl").read_text("utf-8").splitlines()
    assert len(rows) == 30
    listed = {row["origin"][:3]: row for row in map(json.loads, rejected)}
    assert sorted(listed) == [f"x{number:02}" for number in range(1, 13)]
    assert all(row["reason"] and row["detail"] for row in listed.values())


def test_a_missing_path_is_a_usage_error(tmp_path: Path) -> None:
    done = ronten("run", str(tmp_path / "nothing"), "--out", str(tmp_path / "out"))
    assert done.returncode == 2
    assert str(tmp_path / "nothing") in done.stderr
    assert "Traceback" not in done.stderr


def test_runs_are_reproducible_and_positions_keep_their_ids(tmp_path: Path) -> None:
    batch = tmp_path / "batch"
    batch.mkdir()
    for number in range(1, 13):
        (batch / f"a{number:02}.txt").write_text(story(number), encoding="utf-8")
    first, second = tmp_path / "first", tmp_path / "second"
    run([batch], first)
    run([batch], second)
    assert emitted(first) == emitted(second)

    before = {p: p.stat().st_mtime_ns for p in first.rglob("*.json*")}
    run([batch], first)
    assert {p: p.stat().st_mtime_ns for p in first.rglob("*.json*")} == before

    positions = claim_positions(first)
    for number in range(13, 16):
        (batch / f"b{number:02}.txt").write_text(story(number), encoding="utf-8")
    run([batch], first)
    after = claim_positions(first)
    assert len(after) > len(positions)
    assert {claim: after[claim] for claim in positions} == positions


def claim_positions(folder: Path) -> dict[str, str]:
    lines = (folder / "annotations.jsonl").read_text("utf-8").splitlines()
    return {c["id"]: c["position"] for line in lines for c in json.loads(line)["claims"]}


@needs_seeds
def test_the_seed_articles_give_their_authors(tmp_path: Path) -> None:
    out = tmp_path / "out"
    run([SEEDS], out)
    authors = {
        row["name"]: row
        for path in (out / "authors").rglob("*.json")
        if (row := json.loads(path.read_text("utf-8")))
    }
    claims = {
        name: sum(len(position["claims"]) for position in author["positions"])
        for name, author in authors.items()
    }
    joint = authors["Lennart Heim、Sihao Huang"]
    assert claims["ダリオ・アモデイ"] >= 25
    assert claims["Lennart Heim、Sihao Huang"] >= 45
    assert joint["members"] == ["Lennart Heim", "Sihao Huang"]
    assert {"サム・アルトマン", "ウェンフェン・リャン", "JS"} <= set(authors)
    assert "" not in authors
    shown = [
        claim for position in authors["Lennart Heim"]["positions"] for claim in position["claims"]
    ]
    assert shown
    assert all(claim["joint"] for claim in shown)
    lines = (out / "annotations.jsonl").read_text("utf-8").splitlines()
    firms = [
        {e["entity"] for e in json.loads(line)["entities"] if e["label"] == "COMPANY"}
        for line in lines
    ]
    assert all("DeepSeek" in names and "ディープシーク" not in names for names in firms)


@needs_gold
@pytest.mark.parametrize("name", ["amodei.json", "dev_real.jsonl"])
def test_quality_on_real_text_does_not_fall(name: str) -> None:
    """Bars of the first version; development text, so a floor and no estimate of quality."""
    floors = {"attributed": 0.60, "attributed_with_holder": 0.50, "claims_all": 0.80}
    options = [part for key, value in floors.items() for part in ("--min", f"{key}={value}")]
    done = ronten("evaluate", str(GOLD / name), *options)
    assert done.returncode == 0, done.stdout + done.stderr


def test_an_article_keeps_its_id(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(story(1), encoding="utf-8")
    run([tmp_path / "a.txt"], tmp_path / "out")
    line = (tmp_path / "out" / "annotations.jsonl").read_text("utf-8")
    assert json.loads(line)["id"] == article_id(story(1))


def test_the_corpus_is_processed_without_rejections(tmp_path: Path) -> None:
    corpus = Path(__file__).parents[1] / "corpus" / "articles"
    summary = run([corpus], tmp_path / "out")
    assert summary.exit_code == 0
    index = json.loads((tmp_path / "out" / "index.json").read_text("utf-8"))
    (example,) = (Path(__file__).parents[1] / "docs" / "example").glob("*.json")
    written = tmp_path / "out" / "authors" / example.name
    assert written.read_bytes() == example.read_bytes(), "copy the new document to docs/example"
    assert index["counts"]["articles"] >= 12
    assert len(index["authors"]) >= 10


def positions_of(folder: Path) -> dict[str, str]:
    lines = (folder / "annotations.jsonl").read_text("utf-8").splitlines()
    return {c["id"]: c["position"] for line in lines for c in json.loads(line)["claims"]}


def paired(positions: dict[str, str]) -> set[tuple[str, str]]:
    claims = sorted(positions)
    return {
        (a, b)
        for i, a in enumerate(claims)
        for b in claims[i + 1 :]
        if positions[a] == positions[b]
    }


def test_positions_when_articles_are_added(tmp_path: Path) -> None:
    corpus = Path(__file__).parents[1] / "corpus" / "articles"
    part, whole = tmp_path / "part", tmp_path / "whole"
    shutil.copytree(corpus, part)
    (late, *_) = sorted(part.glob("*.md"))
    late.rename(tmp_path / late.name)
    run([part], tmp_path / "out")
    before = positions_of(tmp_path / "out")
    (tmp_path / late.name).rename(late)
    run([part], tmp_path / "out")
    after = positions_of(tmp_path / "out")
    assert len(after) > len(before)
    assert {claim: after[claim] for claim in before} == before
    run([part], whole)
    full = positions_of(whole)
    same = len(paired(after) & paired(full))
    # One merge in fifty weighs two points here; on 200 articles it is 0.95.
    assert 2 * same / (len(paired(after)) + len(paired(full))) >= 0.85
    # Put into positions anew, they are those of the full run, and the moves are told.
    run([part], tmp_path / "out", recluster=True)
    assert positions_of(tmp_path / "out") == full
    moves = json.loads((tmp_path / "out" / "recluster.json").read_text("utf-8"))["positions"]
    assert set(moves) == set(after.values())
    assert {new["id"] for into in moves.values() for new in into} == set(full.values())


def test_the_order_of_articles_changes_no_position(tmp_path: Path) -> None:
    corpus = Path(__file__).parents[1] / "corpus" / "articles"
    names = sorted(path.name for path in corpus.iterdir() if path.suffix in (".txt", ".md"))
    for folder, order in (("one", names), ("other", names[::-1])):
        (tmp_path / folder).mkdir()
        for number, name in enumerate(order):
            text = (corpus / name).read_text("utf-8")
            row = {"id": name, "text": text}
            path = tmp_path / folder / f"{number:02}.jsonl"
            path.write_text(json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")
        run([tmp_path / folder], tmp_path / f"{folder}-out")
    assert positions_of(tmp_path / "one-out") == positions_of(tmp_path / "other-out")
