"""A run that is killed goes on where it was, to the same bytes."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from written import state

HERE = Path(__file__).parent
SCRIPT = f"""
import sys
from pathlib import Path
sys.path.insert(0, {str(HERE / "helpers")!r})
from stand_in import StandIn
from ronten import engine, run
engine.Worker = StandIn
run.BATCH_CHARS = 30
run.EMBED_BATCH = 3
if __name__ == "__main__":
    print("started", flush=True)
    run.run([sys.argv[1]], Path(sys.argv[2]), prune=True)
"""


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "script.py"
    path.write_text(SCRIPT, "utf-8")
    return path


def start(script: Path, folder: Path, out: Path) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, script, folder, out], stdout=subprocess.PIPE, cwd=script.parent
    )
    assert process.stdout.readline() == b"started\n"
    return process


def articles(folder: Path, words: str) -> Path:
    folder.mkdir(exist_ok=True)
    for number, word in enumerate(words):
        text = f"大原誠「{word}の輸出規制は産業を弱める」と述べた。\n遅い{word}だ。\n"
        (folder / f"{number:02}.txt").write_text(text, "utf-8")
    (folder / "bad.txt").write_bytes(b"")
    return folder


def test_killed_again_and_again_it_ends_in_the_same_bytes(tmp_path: Path, script: Path) -> None:
    undisturbed, killed = tmp_path / "undisturbed", tmp_path / "killed"
    folder = tmp_path / "in"
    chance = random.Random(7)
    kills = 0
    # The second round replaces, adds and drops articles of a folder that is there already.
    for words in ("雨風雪霧霜雷虹雲", "雨嵐雪波霜雷"):
        for path in [*folder.glob("*.txt")]:
            path.unlink()
        articles(folder, words)
        began = time.monotonic()
        with start(script, folder, undisturbed) as process:
            process.stdout.read()
        assert process.returncode == 0
        takes = time.monotonic() - began
        for _ in range(4):
            with start(script, folder, killed) as process:
                time.sleep(chance.uniform(0, takes))
                process.kill()
            kills += process.returncode == -9
        with start(script, folder, killed) as process:
            process.stdout.read()
        assert process.returncode == 0
        assert state(killed) == state(undisturbed)
    assert kills >= 3, "nothing was killed, so nothing was shown"
