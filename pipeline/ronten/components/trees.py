"""The tree of a sentence out of a score for every possible head of every token."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ronten.components.sequence import FloatArray

# Never chosen while there is anything else.
_FORBIDDEN = np.float32(-1e9)


def tree(scores: FloatArray) -> NDArray[np.int64]:
    """Return the head of every token: one tree, in which the root is its own head.

    `scores` (n, n) has the dependents in rows, the heads in columns, and on the diagonal how much a
    token is the root. The best head of every token stands, except where these make no tree.
    """
    count = len(scores)
    heads: NDArray[np.int64] = scores.argmax(axis=1)
    places = np.arange(count)
    (roots,) = np.nonzero(heads == places)
    if len(roots) != 1:
        heads = _with_one_root(scores)
        (roots,) = np.nonzero(heads == places)
    while len(loops := _loops(heads)):
        _break(loops, heads, scores, int(roots[0]))
    return heads


def _with_one_root(scores: FloatArray) -> NDArray[np.int64]:
    """Return the best heads, with the token as root that loses least by it."""
    others = scores.copy()
    np.fill_diagonal(others, _FORBIDDEN)
    heads: NDArray[np.int64] = others.argmax(axis=1)
    root = int((scores.diagonal() - others.max(axis=1)).argmax())
    heads[root] = root
    return heads


def _ends(heads: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where the way up from every token gets to after so many steps as there are tokens."""
    steps = 1
    while steps < len(heads):
        heads = heads[heads]
        steps *= 2
    return heads


def _loops(heads: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the tokens that stand on a loop, in order."""
    ends = _ends(heads)
    return np.unique(ends[ends != heads[ends]])


def _break(
    loops: NDArray[np.int64], heads: NDArray[np.int64], scores: FloatArray, root: int
) -> None:
    """Hang the token of a loop that loses least by it on the best token of the tree."""
    inside = np.flatnonzero(_ends(heads) == root)
    new = scores[np.ix_(loops, inside)]
    best = new.argmax(axis=1)
    loss = scores[loops, heads[loops]] - new[np.arange(len(loops)), best]
    chosen = int(loss.argmin())
    heads[loops[chosen]] = inside[best[chosen]]
