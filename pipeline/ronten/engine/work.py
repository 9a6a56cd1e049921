"""The map step: a batch of articles becomes a shard, in whatever process it runs."""

from __future__ import annotations

import ctypes
import gc
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from ronten import duplicates, positions
from ronten.authors import holder_rows
from ronten.config import Config
from ronten.store import Entry, shard
from ronten.types import Article, Rejected

if TYPE_CHECKING:
    import pyarrow as pa
    from spacy.language import Language


_LONG = 500_000
"""Characters of a batch from which what it took is worth giving back at once."""


class Result(NamedTuple):
    """What was made of a batch: a shard of the articles, and those that failed."""

    made: pa.Table
    rejected: list[Rejected]


class Worker:
    """Annotates batches of articles; the pipeline is loaded with the first one."""

    def __init__(self, config: Config, fingerprint: str) -> None:
        self.config = config
        self.fingerprint = fingerprint
        self._nlp: Language | None = None

    def close(self) -> None:
        """Let go of the pipeline, and of the memory that it took."""
        self._nlp = None
        give_back()

    def __call__(self, articles: Sequence[Article]) -> Result:
        """Annotate some articles, each by itself; linear algebra runs on one thread."""
        from threadpoolctl import threadpool_limits

        from ronten.extraction import annotate, load

        if self._nlp is None:
            self._nlp = load(self.config)
        entries: list[Entry] = []
        rejected: list[Rejected] = []
        # More threads would add up in another order, and workers would step on each other.
        with threadpool_limits(1):
            results = annotate(self._nlp, articles)
            for article, result in zip(articles, results, strict=True):
                if isinstance(result, Rejected):
                    rejected.append(result.model_copy(update={"location": article.location}))
                    continue
                entries.append(
                    Entry(
                        article,
                        result,
                        holder_rows(result),
                        positions.claim_rows(result),
                        duplicates.signature(article.text),
                    )
                )
        long = sum(len(article.text) for article in articles) > _LONG
        if long:
            self.close()  # rows are made without the pipeline, which is back in seconds
        made = shard(entries, self.fingerprint)
        if long:
            del entries, results, result
            give_back()
        return Result(made, rejected)


def give_back() -> None:
    """Return freed memory to the system: allocators keep it, and DuckDB has one of its own."""
    import pyarrow as pa

    gc.collect()
    pa.default_memory_pool().release_unused()
    if sys.platform == "linux":
        with suppress(AttributeError, OSError):  # a C library other than glibc
            ctypes.CDLL(None).malloc_trim(0)
