"""Sorted 32-bit keys in the files of models: by halves, in little more than half the space."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_HALF = 1 << 16


def halves(keys: NDArray[np.uint32]) -> tuple[NDArray[np.uint16], NDArray[np.uint16]]:
    """Return how many of some sorted keys have each upper half, and the lower halves of all.

    Keys are distinct, and no upper half has all of its 65 536.
    """
    counts = np.bincount(keys >> 16, minlength=_HALF).astype(np.uint16)
    return counts, keys.astype(np.uint16)


def whole(counts: NDArray[np.uint16], lower: NDArray[np.uint16]) -> NDArray[np.uint32]:
    """Return the keys that `halves` was given."""
    upper = np.repeat(np.arange(_HALF, dtype=np.uint32), counts)
    return (upper << np.uint32(16)) | lower.astype(np.uint32)
