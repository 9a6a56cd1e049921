"""Which sides the claims of an article take, seen together.

A claim by itself shows its side in words only; who says it, what the same holder says beside it,
what sort of claim it is and whether another target fits it better tell as much.
`ronten.train.stance` learns the weights.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ronten import models
from ronten.components.sequence import softmax
from ronten.types import Annotation, Attribution, ClaimType, Kind

MODEL = "stance"
CONTEXT = "context.json"
_LEAST = 1e-4
"""Chances are kept this far from 0 and 1 before their logits are taken."""
_DECIMALS = 4
_MANY = 5
"""Other claims of a holder from which on their number counts no more."""

FEATURES = (
    "favor",
    "against",
    "favor logit",
    "against logit",
    "holder favor",
    "holder against",
    "holder claims",
    "others favor",
    "others against",
    "before",
    "after",
    "answered",
    "other target",
    "other targets",
    "own",
    *(f"type {type_}" for type_ in ClaimType),
    "direct",
    "government",
    "person",
    "place",
    "own leaning",
    "own side",
    "policy leaning",
    "fact side",
)

Chances = NDArray[np.float64]


def features(article: Annotation, chances: Chances) -> Chances:
    """Return what is seen of every claim of an article for every target.

    Args:
        article: with claims.
        chances: of none, favor and against by the claims' words alone (targets, claims, 3).

    Returns:
        Array (targets, claims, len(FEATURES)).
    """
    claims = article.claims
    order = sorted(range(len(claims)), key=lambda i: claims[i].content[0])
    numbers: dict[str, int] = {}
    holder = np.array([numbers.setdefault(claims[i].holder, len(numbers)) for i in order])
    kinds = {h.id: h.kind for h in article.holders}
    said = chances[:, order, 1:]
    leaning, side = said[..., 0] - said[..., 1], said.sum(axis=2)
    held = np.zeros((len(numbers), len(said), 2))
    np.add.at(held, holder, said.swapaxes(0, 1))
    held = held.swapaxes(0, 1)
    times = np.bincount(holder)[holder]
    mine = (held[:, holder] - said) / np.maximum(times - 1, 1)[:, None]
    others = (said.sum(axis=1, keepdims=True) - held[:, holder]) / np.maximum(
        len(order) - times, 1
    )[:, None]
    same = np.append(holder[1:] == holder[:-1], False)
    before, after, answered = (np.zeros_like(leaning) for _ in range(3))
    after[:, :-1] = leaning[:, 1:] * same[:-1]
    before[:, 1:] = leaning[:, :-1] * same[:-1]
    answered[:, 1:] = leaning[:, :-1] * ~same[:-1]
    own = np.array([claims[i].attribution == Attribution.AUTHORIAL for i in order], float)
    types = {t: np.array([claims[i].type == t for i in order], float) for t in ClaimType}
    direct = np.array([claims[i].attribution == Attribution.DIRECT for i in order], float)
    kind = [kinds.get(claims[i].holder) for i in order]
    columns = [
        said[..., 0],
        said[..., 1],
        *np.moveaxis(_logit(said), 2, 0),
        mine[..., 0],
        mine[..., 1],
        np.minimum(times - 1, _MANY) / _MANY,
        others[..., 0],
        others[..., 1],
        before,
        after,
        answered,
        _elsewhere(side),
        np.full(len(order), float(len(chances) > 1)),
        own,
        *types.values(),
        direct,
        np.array([k == Kind.GOVERNMENT for k in kind], float),
        np.array([k == Kind.PERSON for k in kind], float),
        np.arange(len(order)) / len(order),
        own * leaning,
        own * side,
        types[ClaimType.POLICY] * leaning,
        types[ClaimType.FACT] * side,
    ]
    found = np.empty((*chances.shape[:2], len(FEATURES)))
    found[:, order] = np.stack([np.broadcast_to(c, leaning.shape) for c in columns], axis=2)
    return found


def _logit(chances: Chances) -> Chances:
    kept = np.clip(chances, _LEAST, 1 - _LEAST)
    return np.asarray(np.log(kept / (1 - kept)))


def _elsewhere(side: Chances) -> Chances:
    """Return the highest chance of a side on any other target (targets, claims)."""
    found = np.zeros_like(side)
    for target in range(len(side)):
        rest = np.delete(side, target, axis=0)
        if len(rest):
            found[target] = rest.max(axis=0)
    return found


@dataclass(frozen=True)
class ContextModel:
    """A multinomial logistic regression: `weights` (len(FEATURES), 3) and `bias` (3,)."""

    weights: Chances
    bias: Chances

    @classmethod
    def load(cls) -> Self:
        """Find and read the model, which lies beside that of single texts; or ModelNotFound."""
        path = models.sound(MODEL)
        return cls.read(path)

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read it from a model folder."""
        values = json.loads((folder / CONTEXT).read_text(encoding="utf-8"))
        weights = [values["weights"][name] for name in FEATURES]
        return cls(np.array(weights), np.array(values["bias"]))

    def save(self, folder: Path) -> None:
        """Write it into a model folder."""
        rows: Sequence[Sequence[float]] = np.round(self.weights, _DECIMALS).tolist()
        values = {
            "weights": dict(zip(FEATURES, rows, strict=True)),
            "bias": np.round(self.bias, _DECIMALS).tolist(),
        }
        text = json.dumps(values, ensure_ascii=False, indent=1)
        (folder / CONTEXT).write_text(text + "\n", encoding="utf-8")

    def chances(self, article: Annotation, alone: Chances) -> Chances:
        """Return the chances of none, favor and against (targets, claims, 3).

        `alone` are those by the claims' words alone, of the same shape.
        """
        shares = softmax(features(article, alone) @ self.weights + self.bias)
        return np.asarray(np.round(shares, _DECIMALS))
