"""A cluster of two nodes, of which one is lost in the middle of a run."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ray_cluster import HELPERS, SMALL
from ronten import run
from written import state

CORPUS = Path(__file__).parents[2] / "corpus" / "articles"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(importlib.util.find_spec("ray") is None, reason="needs the extra 'ray'"),
]


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A head that takes no tasks, to be joined by nodes that do."""
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    monkeypatch.setenv("PYTHONPATH", str(HELPERS))
    import ray
    from ray.cluster_utils import Cluster

    if ray.is_initialized():
        ray.shutdown()
    found = Cluster(
        initialize_head=True,
        head_node_args={"num_cpus": 0, "object_store_memory": SMALL, "include_dashboard": False},
    )
    yield found
    ray.shutdown()
    found.shutdown()


def test_a_node_that_is_lost_costs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cluster: Any
) -> None:
    monkeypatch.setattr(run, "BATCH_CHARS", 1000)
    run.run([CORPUS], tmp_path / "local")
    nodes = [cluster.add_node(num_cpus=1, object_store_memory=SMALL) for _ in range(2)]
    done = 0

    def progress(step: str, count: int) -> None:
        nonlocal done
        done += count if step == "articles" else 0
        if done >= 5 and len(nodes) == 2:
            # Not asked to leave but killed, with all that runs on it.
            cluster.remove_node(nodes.pop(), allow_graceful=False)

    run.run(
        [CORPUS],
        tmp_path / "ray",
        progress=progress,
        engine="ray",
        address=cluster.address,
        shards=(tmp_path / "shards").as_uri(),
    )
    assert len(nodes) == 1
    assert state(tmp_path / "ray") == state(tmp_path / "local")
    assert not (tmp_path / "shards").exists()
    assert os.environ["RAY_USAGE_STATS_ENABLED"] == "0"
