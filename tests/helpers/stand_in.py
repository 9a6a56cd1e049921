"""Workers that tests send to other processes: importable there, and quick."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import fake_extraction
from ronten.engine import Result, Worker
from ronten.types import Article

FATAL = "致命"
"""A text with this word ends the process that annotates it."""
ONCE = "一度"
"""The same, but only the first time: a file in the working directory remembers."""
SLOW = "遅い"


class StandIn(Worker):
    """Annotates as tests/fake_extraction.py does."""

    def __call__(self, articles: Sequence[Article]) -> Result:
        sys.modules["ronten.extraction"] = fake_extraction
        for article in articles:
            if SLOW in article.text:
                time.sleep(0.3)
            if FATAL in article.text:
                os.kill(os.getpid(), signal.SIGKILL)
            if ONCE in article.text and not Path(f"{article.id}.seen").exists():
                Path(f"{article.id}.seen").touch()
                os.kill(os.getpid(), signal.SIGKILL)
        return super().__call__(articles)


def halver() -> Callable[[int], tuple[int, bool]]:
    """Make what halves a number and tells whether it ran in the main process.

    A worker process dies on 13.
    """
    main = multiprocessing.parent_process() is None

    def halve(number: int) -> tuple[int, bool]:
        if number == 13 and not main:
            os.kill(os.getpid(), signal.SIGKILL)
        return number // 2, main

    return halve
