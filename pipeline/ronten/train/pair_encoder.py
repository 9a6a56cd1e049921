"""Teach the pretrained encoder labels of two texts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ronten.components.e5 import BaseEncoder
from ronten.components.pair_encoder import joined
from ronten.components.pieces import PieceCutter
from ronten.train.adapting import Adapting, known_pieces


@dataclass(frozen=True)
class Settings(Adapting):
    """What the training depends on besides its data."""

    inner: int = 128
    """Units of the hidden layer of the head."""


class Told(NamedTuple):
    """Two texts, and the shares of the labels."""

    first: str
    second: str
    shares: tuple[float, ...]


def texts_of(told: Iterable[Told]) -> Iterator[str]:
    """Yield both texts of some pairs."""
    for one in told:
        yield from one[:2]


class Pair(NamedTuple):
    """The same as the network reads it."""

    types: NDArray[np.int64]
    """(p,) both texts in pieces."""
    shares: tuple[float, ...]


def train(
    base: BaseEncoder,
    told: Sequence[Told],
    texts: Iterable[str],
    settings: Settings,
    report: Callable[[str], None] = print,
) -> dict[str, NDArray[Any]]:
    """Train on some pairs, each as often as it stands there; returns `PairEncoder`'s arrays.

    `texts` are those whose pieces become known.
    """
    import torch

    from ronten.train.pair_encoder_network import PairEncoderNetwork
    from ronten.train.sequence import fit_network

    torch.manual_seed(settings.seed)
    known = known_pieces(base, list(dict.fromkeys(texts)))
    cutter = PieceCutter(base.pieces(known.tolist()))
    pairs = [Pair(joined(cutter, one.first, one.second), one.shares) for one in told]
    network = PairEncoderNetwork(base, known, len(told[0].shares), settings)
    fit_network(network, pairs, network.loss, settings, report)
    return network.adapter()
