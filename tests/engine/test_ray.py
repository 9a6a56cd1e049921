"""On a Ray cluster the same is made as on this machine, whatever dies meanwhile."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from ray_cluster import HELPERS, SMALL, end_a_task
from ronten import engine, run
from ronten.config import Config
from ronten.engine import Result, files, on_ray
from ronten.engine.local import killed
from ronten.errors import UsageError
from ronten.read import place
from ronten.store import shard
from ronten.types import Article
from stand_in import StandIn
from written import state

CORPUS = Path(__file__).parents[2] / "corpus" / "articles"

needs_ray = pytest.mark.skipif(
    importlib.util.find_spec("ray") is None, reason="needs the extra 'ray'"
)
needs_proc = pytest.mark.skipif(not Path("/proc").is_dir(), reason="finds processes in /proc")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Ray with two CPUs; its workers find the stand-ins, their working directory is empty."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    import ray

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(HELPERS))
        patch.chdir(tmp_path_factory.mktemp("work"))
        ray.init(
            address="local",
            num_cpus=2,
            include_dashboard=False,
            log_to_driver=False,
            object_store_memory=SMALL,
        )
        yield
        ray.shutdown()


def articles(*texts: str) -> list[list[Article]]:
    return [[Article(id=f"a{n}", text=text, origin=f"{n}.txt")] for n, text in enumerate(texts)]


def annotate(folder: Path, batches: list[list[Article]]) -> list[Result]:
    with on_ray(StandIn(Config(), "f"), folder, fingerprint_of=lambda _: "f") as ray:
        return list(ray.map(batches))


def made(results: list[Result]) -> list[str]:
    return [id_ for result in results for id_ in result.made.column("id").to_pylist()]


@needs_ray
@pytest.mark.usefixtures("cluster")
def test_results_are_those_of_this_machine_in_the_same_order(tmp_path: Path) -> None:
    texts = ("遅い。", "雨だ。", "大原誠「遅い」と述べた。", "破裂だ。", "霧だ。", "雷だ。")
    given = articles(*texts)
    with engine.local(StandIn(Config(), "f"), 2) as local:
        expected = list(local.map(given))
    assert annotate(tmp_path / "shards", given) == expected
    assert [r.id for result in expected for r in result.rejected] == ["a3"]
    assert not (tmp_path / "shards").exists()


@needs_ray
@pytest.mark.usefixtures("cluster")
def test_what_kills_its_worker_is_rejected_and_all_else_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ronten.engine.ray.RETRIES", 1)
    (first,), *rest = articles("致命の。", "雨だ。", "風だ。", "一度だ。", "雪だ。")
    results = annotate(tmp_path, [[first, *(a for batch in rest[:2] for a in batch)], *rest[2:]])
    assert made(results) == ["a1", "a2", "a3", "a4"]
    rejected = [r for result in results for r in result.rejected]
    assert [(r.id, r.reason, r.origin) for r in rejected] == [("a0", "failed", "0.txt")]
    assert "died" in rejected[0].detail


@needs_ray
@pytest.mark.usefixtures("cluster")
def test_shards_that_are_there_are_not_made_again(tmp_path: Path) -> None:
    folder, given = tmp_path / "shards", articles("雨だ。", "風だ。", "雪だ。")

    def interrupted() -> None:
        with on_ray(StandIn(Config(), "f"), folder, fingerprint_of=lambda _: "f") as ray:
            for _ in ray.map(given):
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert folder / files.name(given[0], "f") in list(folder.iterdir())
    # A result that the worker would not give shows that it is not asked.
    known = Result(shard([], "f"), [killed(given[1][0])])
    files.write(known, folder / files.name(given[1], "f"))
    (folder / "notes.txt").touch()
    first, second, third = annotate(folder, given)
    assert made([first, third]) == ["a0", "a2"]
    assert second == known
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]


@needs_ray
@pytest.mark.usefixtures("cluster")
def test_a_machine_with_other_models_is_named(tmp_path: Path) -> None:
    with (
        pytest.raises(UsageError, match="models, dictionary or user files"),
        on_ray(StandIn(Config(), "f"), tmp_path, fingerprint_of=lambda _: "g") as ray,
    ):
        list(ray.map(articles("雨だ。")))


@needs_ray
@pytest.mark.usefixtures("cluster")
def test_a_folder_that_is_not_seen_everywhere_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "shards"

    def batches() -> Iterator[list[Article]]:
        (first,), (second,) = articles("雨だ。", "風だ。")
        yield [first]
        shutil.rmtree(folder)
        yield [second]

    with (
        pytest.raises(UsageError, match="--shards"),
        on_ray(StandIn(Config(), "f"), folder, fingerprint_of=lambda _: "f") as ray,
    ):
        list(ray.map(batches()))


@needs_ray
def test_a_machine_without_this_ronten_is_named(tmp_path: Path) -> None:
    import ray

    from ronten.engine.ray import sent_task

    (tmp_path / "task").write_bytes(ray.cloudpickle.dumps(sent_task()))
    script = (
        "import pickle, sys\n"
        "sys.modules['ronten'] = None\n"
        "print(pickle.load(open('task', 'rb'))('9.9', b'', b'', ''))\n"
    )
    found = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert "where ronten 9.9 is needed" in found.stdout
    assert "pip install 'ronten[ray]==9.9'" in found.stdout


@needs_ray
@pytest.mark.parametrize("address", ["127.0.0.1:1", "nonsense", "ray://127.0.0.1:1"])
def test_an_address_without_a_cluster_is_named(tmp_path: Path, address: str) -> None:
    import ray

    if ray.is_initialized():
        ray.shutdown()
    with (
        pytest.raises(UsageError, match=f"no Ray cluster at '{address}'"),
        on_ray(StandIn(Config(), "f"), tmp_path, address, fingerprint_of=lambda _: "f") as found,
    ):
        list(found.map(articles("雨だ。")))


def test_results_lie_in_a_store_as_they_lie_in_a_folder() -> None:
    pytest.importorskip("upath", reason="needs the extra 'remote'")
    folder = place("memory://shards/run")
    folder.mkdir(parents=True)
    ((article,),) = articles("雨だ。")
    known = Result(shard([], "f"), [killed(article.model_copy(update={"location": "/a/0.txt"}))])
    for fingerprint in ("f", "g", "f"):
        files.write(known, folder / files.name([article], fingerprint))
    (folder / "notes.txt").touch()
    assert len(files.names(folder)) == 2
    read = files.read(folder / files.name([article], "f"))
    assert read == known
    assert read.rejected[0].location == "/a/0.txt"
    files.clear(folder)
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]


def test_without_ray_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "find_spec", lambda _: None)
    with pytest.raises(UsageError, match=r"pip install 'ronten\[ray\]'"):
        run.run([CORPUS], tmp_path / "out", engine="ray")
    assert not (tmp_path / "out").exists()


def test_options_of_ray_without_it_are_named(tmp_path: Path) -> None:
    for options in ({"address": "auto"}, {"shards": "memory://shards"}):
        with pytest.raises(UsageError, match="belong to --engine ray"):
            run.run([CORPUS], tmp_path / "out", **options)
    with pytest.raises(UsageError, match="lies inside the input"):
        run.run([CORPUS], tmp_path / "out", engine="ray", shards=str(CORPUS / "shards"))
    assert not (tmp_path / "out").exists()


def test_ray_is_not_loaded_unless_asked_for() -> None:
    script = "import sys, ronten.run, ronten.cli.run; print('ray' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert found.stdout == "False\n"


@needs_ray
@needs_proc
@pytest.mark.usefixtures("cluster")
def test_the_real_extraction_gives_the_same_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that works on a task is killed while there is more to do."""
    monkeypatch.setattr(run, "BATCH_CHARS", 500)
    monkeypatch.setattr("ronten.engine.ray.AHEAD", 1)
    articles = sorted(CORPUS.glob("*.txt"))[:6]
    run.run(articles, tmp_path / "local")
    ended: list[Future[int]] = []
    done = 0

    def progress(step: str, count: int) -> None:
        nonlocal done
        done += count if step == "articles" else 0
        if done >= 3 and not ended:
            ended.append(aside.submit(end_a_task))

    with ThreadPoolExecutor(1) as aside:
        run.run(articles, tmp_path / "ray", progress=progress, engine="ray")
    assert ended[0].result()
    assert state(tmp_path / "ray") == state(tmp_path / "local")
