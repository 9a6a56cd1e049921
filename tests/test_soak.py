"""The long checks of `make soak`: many articles, many kills, long inputs, bounded memory."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

import variety
from written import state

pytestmark = pytest.mark.slow

RONTEN = Path(sys.executable).with_name("ronten")
GIGABYTE = 10**9
MOST = 1.5 * GIGABYTE
"""Memory that a process of a run may take."""


# A process counts what the one it was forked from took: a small one stands in between.
_MEASURED = """
import os, sys, time
began = time.monotonic()
pid = os.spawnv(os.P_NOWAIT, sys.argv[1], sys.argv[1:])
_, status, used = os.wait4(pid, 0)
print(os.waitstatus_to_exitcode(status), time.monotonic() - began, used.ru_maxrss * 1024)
"""


def run(*arguments: str | Path) -> tuple[int, float, int]:
    """Run the command; return its exit code, seconds, and peak memory.

    The largest of the main process and of its workers, which it waits for.
    """
    command = [sys.executable, "-c", _MEASURED, RONTEN, "run", *arguments, "--quiet"]
    printed = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout
    code, seconds, memory = printed.split()[-3:]
    return int(code), float(seconds), int(memory)


def kill_after(seconds: float, *arguments: str | Path) -> bool:
    """Start the command and kill it; tells whether it was still running."""
    process = subprocess.Popen([RONTEN, "run", *arguments, "--quiet"])
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
    return process.wait() == -9


def test_two_thousand_articles_killed_twenty_times(tmp_path: Path) -> None:
    folder = variety.write(tmp_path / "in", 2_000, length=250)
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    code, takes, memory = run(folder, "--out", whole, "--workers", "2")
    assert code == 0
    assert memory < MOST
    chance = random.Random(20)
    # Most kills fall while articles are annotated, some before, and some in what comes after.
    waits = [chance.uniform(0, takes / 12) for _ in range(14)]
    waits += [chance.uniform(0.1, 0.4) * takes for _ in range(6)]
    kills = sum(kill_after(s, folder, "--out", killed, "--workers", "2") for s in waits)
    assert kills >= 15
    code, _, _ = run(folder, "--out", killed, "--workers", "2")
    assert code == 0
    assert state(killed) == state(whole)
    code, again, _ = run(folder, "--out", whole, "--workers", "2")
    print(f"2 000 articles: {takes:.0f} s, {memory / GIGABYTE:.2f} GB; nothing new: {again:.1f} s")
    assert code == 0
    assert again < 3


def test_memory_is_flat_over_five_thousand_articles(tmp_path: Path) -> None:
    few = variety.write(tmp_path / "few", 500, length=250)
    many = variety.write(tmp_path / "many", 5_000, length=250)
    _, _, little = run(few, "--out", tmp_path / "out1", "--workers", "2")
    code, takes, much = run(many, "--out", tmp_path / "out2", "--workers", "2")
    print(
        f"500 articles: {little / GIGABYTE:.2f} GB; 5 000: {much / GIGABYTE:.2f} GB, {takes:.0f} s"
    )
    assert code == 0
    assert much < min(MOST, 1.5 * little)


def test_one_article_of_five_megabytes(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    text = "\n\n".join(variety.articles(2_500))
    path.write_bytes(text.encode()[:5_000_000].decode(errors="ignore").encode())
    code, takes, memory = run(path, "--out", tmp_path / "out")
    print(f"5 MB: {takes:.0f} s, {memory / GIGABYTE:.2f} GB")
    assert code == 0
    assert memory < MOST


def test_two_hundred_thousand_lines(tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for number in range(200_000):
            text = f"第{number}回の会見で、大原誠氏は「輸出規制は産業を弱める」と述べた。"
            file.write(json.dumps({"text": text}, ensure_ascii=False) + "\n")
    code, takes, memory = run(path, "--out", tmp_path / "out", "--workers", "2")
    print(f"200 000 lines: {takes:.0f} s, {memory / GIGABYTE:.2f} GB")
    assert code == 0
    assert memory < MOST
