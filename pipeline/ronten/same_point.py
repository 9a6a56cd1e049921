"""Whether two claims make the same point: what they say, on which side, in which context.

A network reads both texts (`text_pairs`), and a pretrained encoder where the same point is possible
at all; a logistic regression joins what they say with what is known of the claims besides. Trained
by `ronten.train.same_point` and `ronten.train.same_point_encoder`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from ronten.components.pair_encoder import PairEncoder
from ronten.text_pairs import PairNetwork

MODEL = "same_point"
SECOND = "same_point_encoder"
"""The model beside it: it knows other words for the same (乗客は減った, 利用者は少なくなった)."""
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
ASKED = 0.03
"""Chance without the encoder from which on it is asked: one pair of neighbours in four."""
_LEAST = 1e-6  # of a chance, in logits
_DECIMALS = 3  # processors multiply a little differently
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
    """The network, the encoder, and how what they say is joined with the context.

    The network's configuration holds the weights of `JOINED`, the intercept last: `joined` without
    the encoder, `joined_with_encoder` with what it says before the intercept.
    """

    def __init__(self, network: PairNetwork, encoder: PairEncoder | None = None) -> None:
        self.network = network
        self.encoder = encoder
        self._weights = np.array(network.config["joined"])
        self._all_weights = np.array(network.config["joined_with_encoder"])

    @classmethod
    def load(cls, *, encoder: bool = True) -> Self:
        """Find, verify and read the models; raises ModelNotFound."""
        return cls(PairNetwork.load(MODEL), PairEncoder.load(SECOND) if encoder else None)

    def chances(self, points: Sequence[Point], pairs: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the chance that each pair (p, 2) of some points makes the same one (p,)."""
        columns = joined(self.network, points, pairs)
        chances = _chances(columns, self._weights)
        if self.encoder is not None:
            asked = chances >= ASKED
            texts = [(points[i].text, points[j].text) for i, j in pairs[asked].tolist()]
            read = said(self.encoder, texts)
            chances[asked] = _chances(np.column_stack((columns[asked], read)), self._all_weights)
        return chances


def _chances(columns: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the chances (p,) that a logistic regression gives; the intercept is last."""
    logits = np.round(columns @ weights[:-1] + weights[-1], 6)
    return np.asarray(1 / (1 + np.exp(-logits)))


def said(encoder: PairEncoder, texts: Sequence[tuple[str, str]]) -> NDArray[np.float64]:
    """Return how much likelier than another point the encoder finds the same, in logits (p,)."""
    same, apart = encoder.shares(in_order(*pair) for pair in texts).astype(np.float64).T
    return np.asarray(np.round(np.log(same + _LEAST) - np.log(apart + _LEAST), _DECIMALS))


def in_order(one: str, other: str) -> tuple[str, str]:
    """Return two texts in the order in which the encoder reads them, whichever came first."""
    return min(one, other), max(one, other)


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
