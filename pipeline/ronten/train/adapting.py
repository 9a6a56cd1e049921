"""What teaching the pretrained encoder depends on besides its data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Adapting:
    """Settings of the network and of `sequence.fit_network`."""

    rank: int = 8
    """Of the addition to each product."""
    epochs: int = 1
    batch: int = 40
    rate: float = 1e-3
    dropout: float = 0.2
    """Of what the heads are given."""
    state_dropout: float = 0.1
    """Of states, each all over a text."""
    piece_dropout: float = 0.05
    average: float = 0.995
    clip: float = 1.0
    seed: int = 0
    steps: int | None = None
    """Stop after so many steps (for tests)."""
