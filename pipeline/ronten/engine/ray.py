"""Engine of many machines: batches become Ray tasks, what they make travels as files.

The driver hands batches out and takes results in, in order; everything that lasts is the driver's.
A task may run anywhere and any number of times: what it makes depends on its articles alone.
"""

from __future__ import annotations

import logging
import os
import pickle
import socket
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from ronten import __version__
from ronten.config import Config
from ronten.engine import files
from ronten.engine.local import killed
from ronten.engine.work import Result, Worker
from ronten.errors import RontenError, UsageError
from ronten.read import place
from ronten.store import shard
from ronten.types import Article

log = logging.getLogger(__name__)

AHEAD = 4
"""Batches per CPU of the cluster that are on their way; bounds memory, keeps everybody busy."""

RETRIES = 3
"""How often a batch is given to another process after one has died on it."""

LOOK = 5.0
"""Seconds after which the size of the cluster is looked up again."""

ANSWER = 10.0
"""Seconds within which the head of a cluster answers."""

_SETTINGS = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_ENABLE_UV_RUN_RUNTIME_ENV": "0",  # would upload the working directory
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",  # a warning about GPUs, otherwise
    "RAY_task_oom_retries": str(RETRIES),  # Ray tries for ever where memory has run out
}
_OBJECTS = 100 * 2**20
"""Bytes of shared memory for Ray's objects on this machine; ours are small."""

_USER_FILES = ("lexicon", "aliases", "reporting_verbs")

Batch = Sequence[Article]
Fingerprint = Callable[[Config], str]
"""Gives the hash of all that annotations depend on, on the machine where it is called."""


class _Task(NamedTuple):
    batch: Batch
    path: Path
    done: Any
    """Ray's reference to the end of the task; None where the shard was there already."""


class OnRay:
    """Annotates batches as tasks of a Ray cluster, which is connected to with the first batch.

    A task whose process or machine dies runs again elsewhere. A batch that dies again and again is
    tried article by article; what kills its process once more is rejected.

    Args:
        worker: annotates a batch.
        folder: where shards are written to; seen by every machine of the cluster.
        address: of the cluster; without it `$RAY_ADDRESS`, else one is started on this machine.
        fingerprint_of: tells whether another machine would make the same annotations.
    """

    def __init__(
        self, worker: Worker, folder: Path, address: str | None, fingerprint_of: Fingerprint
    ) -> None:
        self._worker = worker
        self._folder = folder.absolute()
        self._address = address
        self._fingerprint_of = fingerprint_of
        self._running: deque[_Task] = deque()
        self._left: set[str] = set()
        self._ray: Any = None
        self._task: Any = None
        self._job = b""
        self._ours = False
        self._looked = -LOOK
        self._cpus = 1

    def map(self, batches: Iterable[Batch]) -> Iterator[Result]:
        """Yield what is made of each batch, in order; its file goes when the next is asked for.

        Raises `UsageError` where there is no such cluster, where a machine has another ronten, and
        where one does not see the folder of shards.
        """
        todo = iter(batches)
        while True:
            while self._has_room() and (batch := next(todo, None)) is not None:
                self._running.append(self._submit(batch))
            if not self._running:
                return
            task = self._running.popleft()
            if self._survived(task):
                yield from self._take(task)
                continue
            log.warning("%d articles killed their worker; tried one by one", len(task.batch))
            for article in task.batch:
                task = self._submit([article], retries=1)
                if self._survived(task):
                    yield from self._take(task)
                else:
                    yield Result(shard([], self._worker.fingerprint), [killed(article)])

    def clear(self) -> None:
        """Delete what an interrupted run has left; to be called when all is done."""
        files.clear(self._folder)

    def close(self) -> None:
        """Stop what is still running; a cluster that was started here ends."""
        if self._ray is None:
            return
        running = [task.done for task in self._running if task.done is not None]
        for done in running:
            self._ray.cancel(done, force=True)
        if running:  # a task that is being cancelled may still write
            self._ray.wait(running, num_returns=len(running), timeout=ANSWER)
        self._running.clear()
        if self._ours:
            self._ray.shutdown()
        self._ray = None

    def _has_room(self) -> bool:
        if self._ray is not None and time.monotonic() - self._looked > LOOK:
            self._cpus = max(1, int(self._ray.cluster_resources().get("CPU", 0)))
            self._looked = time.monotonic()
        return len(self._running) < AHEAD * self._cpus

    def _submit(self, batch: Batch, *, retries: int | None = None) -> _Task:
        self._connect()
        path = self._folder / files.name(batch, self._worker.fingerprint)
        if path.name in self._left:
            return _Task(batch, path, None)
        articles = pickle.dumps(list(batch))
        task = self._task.options(max_retries=RETRIES if retries is None else retries)
        return _Task(batch, path, task.remote(__version__, self._job, articles, str(path)))

    def _survived(self, task: _Task) -> bool:
        """Wait for the end of a task; tell whether it ended by itself."""
        died = self._ray.exceptions
        try:
            problem = None if task.done is None else self._ray.get(task.done)
        except (
            died.WorkerCrashedError,
            died.OutOfMemoryError,
            died.NodeDiedError,
            died.ObjectLostError,
        ):
            return False
        except OSError as error:
            raise self._unseen(error) from error
        if problem is not None:
            raise UsageError(problem)
        return True

    def _take(self, task: _Task) -> Iterator[Result]:
        try:
            result = files.read(task.path)
        except OSError as error:
            raise self._unseen(error) from error
        yield result
        task.path.unlink()

    def _unseen(self, error: OSError) -> UsageError:
        return UsageError(
            f"{self._folder}: not every machine can write and read shards there ({error}); "
            "name a folder or URL that all of them see with --shards"
        )

    def _connect(self) -> None:
        if self._ray is not None:
            return
        os.environ.update({key: os.environ.get(key, value) for key, value in _SETTINGS.items()})
        import ray

        self._ours = not ray.is_initialized()
        if self._ours:
            _start(self._address or os.environ.get("RAY_ADDRESS") or "local")
        self._ray = ray
        # What cannot be written is tried again, like what dies.
        self._task = ray.remote(num_cpus=1, retry_exceptions=[OSError])(sent_task())
        # User files are named as this machine's working directory does not matter elsewhere.
        worker, config = copy(self._worker), self._worker.config
        files_of = {key: [path.absolute() for path in getattr(config, key)] for key in _USER_FILES}
        worker.config = config.model_copy(update=files_of)
        self._job = ray.cloudpickle.dumps((worker, self._fingerprint_of))
        self._folder.mkdir(parents=True, exist_ok=True)
        self._left = files.names(self._folder)


def _start(address: str) -> None:
    import ray

    # A cluster that runs already has its own settings.
    own = {"include_dashboard": False, "object_store_memory": _OBJECTS}
    try:
        if ":" in address:  # Ray itself would wait for many minutes
            host, _, port = address.rpartition("/")[2].rpartition(":")
            socket.create_connection((host, int(port)), timeout=ANSWER).close()
        ray.init(
            address=address,
            log_to_driver=False,
            logging_level=logging.ERROR,
            **(own if address == "local" else {}),
        )
    except (OSError, RuntimeError, ValueError) as error:
        raise UsageError(
            f"no Ray cluster at '{address}': {error}; give the address that `ray start` printed"
        ) from error


def sent_task() -> Callable[[str, bytes, bytes, str], str | None]:
    """Return what is sent to other machines: it needs nothing of ronten to be loaded there."""

    def ronten(version: str, job: bytes, batch: bytes, path: str) -> str | None:
        """Annotate a batch; return what is wrong with this machine, if anything is."""
        import socket
        from importlib.metadata import PackageNotFoundError
        from importlib.metadata import version as installed

        try:
            found = installed("ronten")
        except PackageNotFoundError:
            found = "no ronten"
        if found != version:
            return (
                f"{socket.gethostname()} has {found} where ronten {version} is needed; "
                f"install it on every node: pip install 'ronten[ray]=={version}'"
            )
        from ronten.engine.ray import work

        return work(job, batch, path)

    return ronten


def work(job: bytes, batch: bytes, path: str) -> str | None:
    """Annotate a batch on whatever machine this is; return what is wrong with it, if anything."""
    try:
        files.write(_worker(job)(pickle.loads(batch)), place(path))
    except RontenError as error:
        return f"{socket.gethostname()}: {error}"
    return None


@lru_cache(maxsize=1)
def _worker(job: bytes) -> Worker:
    """Return the worker of this process; models are loaded once."""
    worker: Worker
    worker, fingerprint_of = pickle.loads(job)
    if fingerprint_of(worker.config) != worker.fingerprint:
        raise UsageError(
            "models, dictionary or user files are not those of the machine that runs `ronten run`; "
            "install the same there, from the same constraints.txt"
        )
    return worker
