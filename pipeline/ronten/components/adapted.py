"""The pretrained encoder with what a model of ours changes in it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ronten.components.e5 import BaseEncoder
from ronten.components.pieces import PieceCutter
from ronten.components.sequence import FloatArray, unpacked
from ronten.components.transformer import Transformer

WEIGHTS = "model.safetensors"
PRODUCTS = ("q", "k", "v", "ao", "fi", "fo")
"""Products of a layer that are adapted."""


class AdaptedEncoder:
    """Cuts texts into the pieces that a model knows, and reads them.

    `adapter`: `pieces`, a bit for every piece of the vocabulary (the last ones may be missing) that
    tells whether it is known; for every product NAME of a layer `NAME.into` (r, in) and `NAME.onto`
    (r, out), in 8 bits with `NAME.into_scale` (r, 1) and `NAME.onto_scale`, whose product is added
    to its weights; every normalisation anew.
    """

    def __init__(self, base: BaseEncoder, adapter: Mapping[str, NDArray[Any]]) -> None:
        self._base, self._adapter = base, adapter
        self._known = np.flatnonzero(np.unpackbits(adapter["pieces"]))
        self.cutter = PieceCutter(base.pieces(self._known.tolist()))
        self._positions = base.positions()

    @cached_property
    def _transformer(self) -> Transformer:
        """The layers; made when they are first needed: not every text needs them."""
        return Transformer(self._base.shape, _adapted(self._base, self._adapter))

    def states(self, pieces: NDArray[np.int64], added: FloatArray | None = None) -> FloatArray:
        """Return the states (n, w) of a text of known pieces (n,), `BEGIN` and `END` among them.

        `added` (n, w) is added to their embeddings, or (w,) to that of every piece.
        """
        embedded = self._base.rows(self._known[pieces]) + self._positions[: len(pieces)]
        if added is not None:
            embedded += added
        return self._transformer.states(embedded)


def factors(adapter: Mapping[str, NDArray[Any]], product: str) -> tuple[FloatArray, FloatArray]:
    """Return the two factors (r, in), (r, out) of what is added to a product."""
    into, onto = (
        unpacked(adapter[f"{product}.{part}"], adapter[f"{product}.{part}_scale"])
        for part in ("into", "onto")
    )
    return into, onto


def _adapted(base: BaseEncoder, adapter: Mapping[str, NDArray[Any]]) -> dict[str, FloatArray]:
    """Return the weights of the encoder with what the adapter changes."""
    weights = {}
    for layer in range(base.shape.layers):
        for product in PRODUCTS:
            name = f"l{layer}.{product}"
            into, onto = factors(adapter, name)
            weights[f"{name}.w"] = base.array(f"{name}.w") + onto.T @ into
            weights[f"{name}.b"] = base.array(f"{name}.b")
    norms = (name for name in adapter if name.endswith((".w", ".b")))
    return weights | {name: adapter[name].astype(np.float32) for name in norms}
