"""Engines of one machine: this process, or several that take the next batch when they are free."""

from __future__ import annotations

import logging
import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from multiprocessing.connection import wait
from typing import Any, TypeVar

from ronten.engine.work import Result, Worker
from ronten.errors import Reason
from ronten.store import shard
from ronten.types import Article, Rejected

log = logging.getLogger(__name__)

AHEAD = 2
"""Batches per worker that are read before their turn; bounds memory, keeps everybody busy."""

Batch = Sequence[Article]
Item = TypeVar("Item")
Made = TypeVar("Made")

# Forking would copy threads and locks of libraries in whatever state they are.
_SPAWN = multiprocessing.get_context("spawn")


class InProcess:
    """Annotates batches one after the other, here."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    def map(self, batches: Iterable[Batch]) -> Iterator[Result]:
        """Yield what is made of each batch, in order."""
        return map(self._worker, batches)

    def close(self) -> None:
        """Let go of the pipeline: what comes after annotating needs the memory."""
        self._worker.close()


class Processes:
    """Annotates batches in worker processes, which start with the first batch.

    Results come in the order of the batches, so that the number of workers changes nothing. A batch
    whose worker dies is tried again by itself, then article by article; what kills its worker once
    more is rejected.
    """

    def __init__(self, worker: Worker, count: int) -> None:
        self._worker = worker
        self._count = count
        self._pool: ProcessPoolExecutor | None = None

    def map(self, batches: Iterable[Batch]) -> Iterator[Result]:
        """Yield what is made of each batch, in order."""
        todo = iter(batches)
        running: deque[tuple[Batch, Future[Result]]] = deque()
        while True:
            while len(running) < AHEAD * self._count and (batch := next(todo, None)) is not None:
                running.append((batch, self._submit(batch)))
            if not running:
                return
            batch, future = running.popleft()
            try:
                yield future.result()
            except BrokenProcessPool:
                log.warning("a worker died; its articles are tried again")
                self.close()
                yield from self._suspect(batch)
                running = deque((b, f if _sound(f) else self._submit(b)) for b, f in running)

    def close(self) -> None:
        """Stop the workers."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def _submit(self, batch: Batch) -> Future[Result]:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(self._count, _SPAWN, _start, (self._worker,))
        return _submit(self._pool, _done, batch)

    def _suspect(self, batch: Batch) -> Iterator[Result]:
        """Annotate a batch while nothing else is on its way: if a worker dies, it is the cause."""
        try:
            yield self._submit(batch).result()
        except BrokenProcessPool:
            self.close()
            for article in batch:
                try:
                    yield self._submit([article]).result()
                except BrokenProcessPool:
                    self.close()
                    yield Result(shard([], self._worker.fingerprint), [killed(article)])


def spread(
    make: Callable[[], Callable[[Item], Made]], items: Iterable[Item], *, workers: int
) -> Iterator[Made]:
    """Yield `make()(item)` for each item, in order, computed in processes where there are several.

    `make` and items can be pickled. What processes leave undone that die is computed here.
    """
    todo = iter(items)
    running: deque[tuple[Item, Future[Made]]] = deque()
    first = list(islice(todo, 2))  # one item is not worth a process
    todo = chain(first, todo)
    if workers > 1 and len(first) > 1:
        pool = ProcessPoolExecutor(workers, _SPAWN, _make, (make,))
        try:
            while True:
                for item in islice(todo, AHEAD * workers - len(running)):
                    running.append((item, _submit(pool, _done, item)))
                if not running:
                    return
                made = running[0][1].result()
                running.popleft()
                yield made
        except BrokenProcessPool:
            log.warning("a worker died; what is left is computed by the main process")
        finally:
            pool.shutdown(cancel_futures=True)
    yield from map(make(), chain((item for item, _ in running), todo))


def killed(article: Article) -> Rejected:
    """Return the rejection of an article that a worker does not survive."""
    return Rejected(
        origin=article.origin,
        row=article.row,
        id=article.id,
        reason=Reason.FAILED,
        detail=f"the worker process died on these {len(article.text)} characters, twice; "
        "give it more memory, or cut the article",
        location=article.location,
    )


def _submit(pool: ProcessPoolExecutor, work: Callable[[Item], Made], item: Item) -> Future[Made]:
    try:
        return pool.submit(work, item)
    except BrokenProcessPool as error:  # a worker died while nobody waited for it
        broken: Future[Made] = Future()
        broken.set_exception(error)
        return broken


_work: list[Callable[[Any], Any]] = []
"""What this process does, where it is a worker process."""


def _start(work: Callable[[Any], Any]) -> None:
    _work.append(work)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Leave when the parent is gone: a run that is killed must not leave workers behind."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _make(make: Callable[[], Callable[[Any], Any]]) -> None:
    _start(make())


def _done(item: Any) -> Any:
    return _work[0](item)


def _sound(future: Future[Result]) -> bool:
    return future.done() and not future.cancelled() and future.exception() is None
