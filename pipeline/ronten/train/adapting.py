"""What all teaching of the pretrained encoder shares: settings, known pieces, model folders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ronten import models
from ronten.components.adapted import WEIGHTS
from ronten.components.e5 import BaseEncoder
from ronten.components.pieces import UNKNOWN, PieceCutter
from ronten.train.folder import write_meta

# Characters that Japanese is written in, and those of Latin names.
_CHARACTERS = ((0x20, 0x24F), (0x2000, 0x30FF), (0x3400, 0x9FFF), (0xFF00, 0xFFEF))


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


def known_pieces(base: BaseEncoder, texts: Sequence[str]) -> NDArray[np.int64]:
    """Return the numbers of the pieces that texts are cut into, and of all single characters."""
    vocabulary = base.pieces(range(len(base)))
    cutter = PieceCutter(vocabulary)
    found = set(range(UNKNOWN + 1))
    for text in texts:
        found.update(cutter.cut(text, (), ()).numbers.tolist())
    for number, (piece, _) in enumerate(vocabulary):
        character = piece.removeprefix("▁")
        if len(character) == 1 and any(a <= ord(character) <= b for a, b in _CHARACTERS):
            found.add(number)
    return np.array(sorted(found))


def write(
    out: Path,
    arrays: Mapping[str, NDArray[Any]],
    scores: Mapping[str, float] | None = None,
    *,
    licence: str = "Apache-2.0",
) -> None:
    """Write a model folder NAME-VERSION with its `meta.json`."""
    out.mkdir(parents=True, exist_ok=True)
    models.save_arrays(arrays, out / WEIGHTS)
    write_meta(out, licence=licence, scores=scores or {}, files=[WEIGHTS])
