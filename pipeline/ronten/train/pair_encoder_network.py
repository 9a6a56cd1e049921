"""The pretrained encoder that learns labels of two texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from ronten.components.e5 import BaseEncoder
from ronten.components.pair_encoder import HEAD
from ronten.train.encoder_network import AdaptedNetwork

if TYPE_CHECKING:
    from ronten.train.pair_encoder import Pair, Settings


class PairEncoderNetwork(AdaptedNetwork):
    """The encoder with one hidden layer on its first state and the mean of all."""

    def __init__(
        self, base: BaseEncoder, known: NDArray[np.int64], labels: int, settings: Settings
    ) -> None:
        super().__init__(base, known, settings)
        self.inner = nn.Linear(2 * base.shape.width, settings.inner)
        self.drop = nn.Dropout(settings.dropout)
        self.out = nn.Linear(settings.inner, labels)

    def loss(self, pairs: list[Pair]) -> Tensor:
        """Return the cross entropy with the shares of the labels."""
        shares = torch.tensor([pair.shares for pair in pairs])
        scores: Tensor = self([pair.types for pair in pairs])
        return torch.nn.functional.cross_entropy(scores, shares)

    def forward(self, texts: list[NDArray[np.int64]]) -> Tensor:
        """Return the scores of the labels for some texts in pieces (b, labels)."""
        states = self.read(texts)
        sizes = torch.tensor([len(text) for text in texts])
        there = torch.arange(states.shape[1]) < sizes[:, None]
        mean = (states * there[..., None]).sum(1) / sizes[:, None]
        seen = torch.cat([states[:, 0], mean], -1)
        scores: Tensor = self.out(self.drop(torch.tanh(self.inner(seen))))
        return scores

    @torch.no_grad()
    def adapter(self) -> dict[str, NDArray[Any]]:
        """Return the arrays of `ronten.components.pair_encoder.PairEncoder`."""
        head = (self.inner.weight.T, self.inner.bias, self.out.weight.T, self.out.bias)
        arrays = (tensor.contiguous().numpy().astype(np.float16) for tensor in head)
        return super().adapter() | dict(zip(HEAD, arrays, strict=True))
