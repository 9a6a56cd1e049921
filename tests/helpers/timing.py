"""How long a call computes, without what else goes on in the test process."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable


def seconds(call: Callable[[], object], times: int = 3) -> float:
    """Return the CPU seconds of the quickest of some calls, garbage collection left out.

    A full collection walks all that a test process has ever built, and may fall into any call.
    """
    gc.collect()
    gc.disable()
    try:
        return min(_once(call) for _ in range(times))
    finally:
        gc.enable()


def _once(call: Callable[[], object]) -> float:
    started = time.process_time()
    call()
    return time.process_time() - started
