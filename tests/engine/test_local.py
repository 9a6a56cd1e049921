from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ronten.config import Config
from ronten.engine import Engine, Result, local, spread
from ronten.types import Article
from stand_in import StandIn, halver

HELPERS = Path(__file__).parents[1] / "helpers"


def articles(*texts: str) -> list[list[Article]]:
    return [[Article(id=f"a{n}", text=text, origin=f"{n}.txt")] for n, text in enumerate(texts)]


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Engine]:
    """Two processes with stand-ins; their working directory is empty."""
    monkeypatch.chdir(tmp_path)
    with local(StandIn(Config(), "f"), 2) as engine:
        yield engine


def made(results: list[Result]) -> list[str]:
    return [id_ for result in results for id_ in result.made.column("id").to_pylist()]


def test_results_come_in_the_order_of_the_batches(two: Engine) -> None:
    given = articles("遅い。", "雨だ。", "遅い風だ。", "雪だ。", "霧だ。", "霜だ。", "雷だ。")
    results = list(two.map(given))
    assert made(results) == [f"a{n}" for n in range(7)]
    assert {fp for r in results for fp in r.made.column("fingerprint").to_pylist()} == {"f"}


def test_batches_are_taken_as_they_are_needed(two: Engine) -> None:
    taken = 0

    def count() -> Iterator[list[Article]]:
        nonlocal taken
        for batch in articles(*["雨だ。"] * 50):
            taken += 1
            yield batch

    results = two.map(count())
    next(results)
    assert taken <= 5


def test_what_kills_its_worker_is_rejected_and_all_else_is_kept(two: Engine) -> None:
    (first,), *rest = articles("致命の。", "雨だ。", "風だ。", "致命だ。", "雪だ。")
    batches = [[first, *(a for batch in rest[:2] for a in batch)], *rest[2:]]
    results = list(two.map(batches))
    assert made(results) == ["a1", "a2", "a4"]
    rejected = [r for result in results for r in result.rejected]
    assert [(r.id, r.reason, r.origin) for r in rejected] == [
        ("a0", "failed", "0.txt"),
        ("a3", "failed", "3.txt"),
    ]
    assert "died" in rejected[0].detail


def test_a_worker_that_dies_by_chance_costs_nothing(two: Engine) -> None:
    results = list(two.map(articles("一度だ。", "雨だ。", "一度の。", "雪だ。")))
    assert made(results) == ["a0", "a1", "a2", "a3"]
    assert not [r for result in results for r in result.rejected]


def test_workers_end_with_their_parent(tmp_path: Path) -> None:
    code = (
        "import os, sys, time\n"
        f"sys.path.insert(0, {str(HELPERS)!r})\n"
        "from stand_in import StandIn\n"
        "from ronten.config import Config\n"
        "from ronten.engine import local\n"
        "from ronten.types import Article\n"
        "if __name__ == '__main__':\n"
        "    with local(StandIn(Config(), 'f'), 2) as engine:\n"
        "        batches = [[Article(id=str(n), text='雨だ。')] for n in range(4)]\n"
        "        list(engine.map(batches))\n"
        "        print(*engine._pool._processes, flush=True)\n"
        "        time.sleep(600)\n"
    )
    script = tmp_path / "script.py"
    script.write_text(code, "utf-8")
    with subprocess.Popen(
        [sys.executable, script], stdout=subprocess.PIPE, cwd=tmp_path
    ) as process:
        workers = [int(pid) for pid in process.stdout.readline().split()]
        process.kill()
    assert workers
    until = time.monotonic() + 20
    while any(map(_lives, workers)):
        assert time.monotonic() < until, "a worker outlives the run"
        time.sleep(0.1)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # A process that has ended but that nobody has waited for still has a number.
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"


def test_spread_keeps_the_order_and_takes_what_it_needs() -> None:
    taken = 0

    def count() -> Iterator[int]:
        nonlocal taken
        for number in range(0, 60, 2):
            taken += 1
            yield number

    found = spread(halver, count(), workers=2)
    assert [next(found), next(found)] == [(0, False), (1, False)]
    assert taken <= 6
    assert list(found) == [(n, False) for n in range(2, 30)]


def test_spread_computes_here_what_is_not_worth_a_process() -> None:
    assert list(spread(halver, [4], workers=2)) == [(2, True)]
    assert list(spread(halver, [4, 6], workers=1)) == [(2, True), (3, True)]
    assert list(spread(halver, [], workers=2)) == []


def test_spread_does_what_dead_processes_left() -> None:
    found = list(spread(halver, [2, 4, 13, 6, 8], workers=2))
    assert [half for half, _ in found] == [1, 2, 6, 3, 4]
    assert found[2][1]
