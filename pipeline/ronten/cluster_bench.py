"""How long clustering takes, and what it finds again: synthetic claims with planted positions.

`python -m ronten.cluster_bench SIZE …` prints a line for each size.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from ronten import cluster
from ronten.positions import MOST, NEAR

DIMENSIONS = 192
MEMBERS = 8
"""Claims of a position, on average."""
NOISE = 0.05
"""Standard deviation of a claim's vector around its position's, in each dimension."""


def planted(size: int, seed: int = 0) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return unit vectors (size, DIMENSIONS) around random centres, and the centre of each."""
    random = np.random.default_rng(seed)
    groups = max(1, size // MEMBERS)
    centres = random.standard_normal((groups, DIMENSIONS), dtype=np.float32)
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    member = random.integers(0, groups, size)
    vectors = random.standard_normal((size, DIMENSIONS), dtype=np.float32)
    vectors *= np.float32(NOISE)
    vectors += centres[member]
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors, member


def recovery(truth: NDArray[np.int64], found: NDArray[np.int64]) -> tuple[float, float]:
    """Return precision and recall over pairs of claims in one group."""

    def pairs(*labels: NDArray[np.int64]) -> int:
        _, counts = np.unique(np.stack(labels), axis=1, return_counts=True)
        return int((counts * (counts - 1) // 2).sum())

    both = pairs(truth, found)
    return both / max(pairs(found), 1), both / max(pairs(truth), 1)


def measure(size: int) -> dict[str, float]:
    """Cluster `size` planted claims by cosine; return seconds, peak memory (MB) and recovery."""
    vectors, member = planted(size)
    start = time.perf_counter()
    edges = cluster.neighbours(vectors, least=NEAR, most=MOST)
    labels = cluster.link(np.ones(size, np.int64), edges, threshold=0.5)
    seconds = time.perf_counter() - start
    precision, recall = recovery(member, labels)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "claims": size,
        "seconds": round(seconds, 1),
        "peak_mb": round(peak / 1e6 * (1 if sys.platform == "darwin" else 1024)),
        "pairs_precision": round(precision, 4),
        "pairs_recall": round(recall, 4),
    }


def main(
    sizes: Annotated[list[int], typer.Argument(help="Numbers of claims, smallest first.")],
) -> None:
    """Cluster planted claims and print what it took."""
    for size in sizes:
        typer.echo(json.dumps(measure(size)))


if __name__ == "__main__":
    typer.run(main)
