"""Whether two claims make the same point: what they say, on which side, in which context.

A network reads both texts (`text_pairs`); a logistic regression joins its score with what is known
of the claims besides. Trained by `ronten.train.same_point`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from ronten.text_pairs import PairNetwork

MODEL = "same_point"
LABELS = ("same", "apart")
JOINED = (
    "score",
    "cosine",
    "same_article",
    "same_debate",
    "same_side",
    "entities",
    "figures",
    "other_figures",
    "same_type",
    "length",
)
"""What the logistic regression joins (`joined`); its weights stand in the model's config."""
_LONG = 30  # the pairs that the weights are fitted on are seldom longer

Figure = tuple[str, str, str]
"""Kind, lowest and highest value."""


class Point(NamedTuple):
    """A claim as it is compared: `text` with canonical names, sides by target (none included)."""

    text: str
    article: str
    type: str
    sides: dict[str, str]
    entities: frozenset[str]
    figures: frozenset[Figure]


class SamePoint:
    """The network and the weights of `JOINED`, the intercept last."""

    def __init__(self, network: PairNetwork, weights: Sequence[float]) -> None:
        self.network = network
        self.weights = np.array(weights)

    @classmethod
    def load(cls, folder: Path | None = None) -> Self:
        """Find, verify and read the models; raises ModelNotFound."""
        network = PairNetwork.load(MODEL, folder)
        return cls(network, network.config["joined"])

    def chances(self, points: Sequence[Point], pairs: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the chance that each pair (p, 2) of some points makes the same one (p,)."""
        columns = joined(self.network, points, pairs)
        logits = np.round(columns @ self.weights[:-1] + self.weights[-1], 6)
        return np.asarray(1 / (1 + np.exp(-logits)))


def joined(
    network: PairNetwork, points: Sequence[Point], pairs: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return what is known of some pairs of points (p, len(JOINED))."""
    read = network.read([point.text for point in points])
    scores = network.scores(read, pairs).astype(np.float64)
    sentences = read.words.sentences.astype(np.float64)
    cosines = (sentences[pairs[:, 0]] * sentences[pairs[:, 1]]).sum(axis=1)
    context = np.array([_context(points[i], points[j]) for i, j in pairs.tolist()], np.float64)
    context = context.reshape(len(pairs), len(JOINED) - 2)
    said = np.stack((scores[:, 0] - scores[:, 1], np.round(cosines, 6)), axis=1)
    return np.concatenate((said, context), axis=1)


def _context(one: Point, other: Point) -> tuple[float, ...]:
    common = one.sides.keys() & other.sides.keys()
    agree = any(one.sides[t] == other.sides[t] != "none" for t in common)
    figures = len(one.figures & other.figures)
    return (
        one.article == other.article,
        bool(common) and one.article != other.article,
        agree,
        len(one.entities & other.entities),
        figures,
        bool(one.figures and other.figures and not figures),
        one.type == other.type,
        min(len(one.text), len(other.text), _LONG) / _LONG,
    )
