"""Engines run the map step: batches of articles in, shards out, in the order of the batches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

from ronten.config import Config
from ronten.engine.local import InProcess, Processes, spread
from ronten.engine.work import Result, Worker
from ronten.errors import UsageError
from ronten.types import Article

__all__ = ["Engine", "Result", "Worker", "local", "on_ray", "require_ray", "spread"]


class Engine(Protocol):
    """Something that annotates batches of articles."""

    def map(self, batches: Iterable[Sequence[Article]]) -> Iterator[Result]:
        """Yield what is made of the batches, in order; how often, is up to the engine."""

    def close(self) -> None:
        """Free what it holds."""


@contextmanager
def local(worker: Worker, workers: int) -> Iterator[Engine]:
    """Annotate on this machine, with one process or several."""
    engine = InProcess(worker) if workers == 1 else Processes(worker, workers)
    try:
        yield engine
    finally:
        engine.close()


def require_ray() -> None:
    """Raise `UsageError` where Ray is not installed; does not load it."""
    if find_spec("ray") is None:
        raise UsageError("--engine ray: Ray is not installed; run: pip install 'ronten[ray]'")


@contextmanager
def on_ray(
    worker: Worker,
    folder: Path,
    address: str | None = None,
    *,
    fingerprint_of: Callable[[Config], str],
) -> Iterator[Engine]:
    """Annotate on a Ray cluster (see `OnRay`); shards in `folder` stay where the run breaks off."""
    from ronten.engine.ray import OnRay

    engine = OnRay(worker, folder, address, fingerprint_of)
    try:
        yield engine
        engine.clear()
    finally:
        engine.close()
