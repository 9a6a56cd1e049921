"""The transformer in 8 bits against the same layers in full precision."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from ronten.components.e5 import Shape
from ronten.components.transformer import EPSILON, Transformer

SHAPE = Shape(width=32, layers=2, heads=4, inner=64)


@pytest.fixture(scope="module")
def weights():
    draw = np.random.default_rng(3)

    def drawn(*size):
        return draw.normal(0, 0.3, size).astype(np.float32)

    width, inner = SHAPE.width, SHAPE.inner
    arrays = {"emb.ln.w": 1 + drawn(width), "emb.ln.b": drawn(width)}
    for layer in range(SHAPE.layers):
        sizes = dict.fromkeys(("q", "k", "v", "ao"), (width, width))
        sizes |= {"fi": (inner, width), "fo": (width, inner)}
        for name, size in sizes.items():
            arrays[f"l{layer}.{name}.w"] = drawn(*size)
            arrays[f"l{layer}.{name}.b"] = drawn(size[0])
        for name in ("aln", "oln"):
            arrays[f"l{layer}.{name}.w"] = 1 + drawn(width)
            arrays[f"l{layer}.{name}.b"] = drawn(width)
    return arrays


def plain(weights, states):
    """Compute one text with torch."""
    w = {name: torch.from_numpy(array) for name, array in weights.items()}

    def normal(name, states):
        return functional.layer_norm(
            states, states.shape[-1:], w[f"{name}.w"], w[f"{name}.b"], EPSILON
        )

    def product(name, states):
        return functional.linear(states, w[f"{name}.w"], w[f"{name}.b"])

    states = normal("emb.ln", torch.from_numpy(states))
    for layer in range(SHAPE.layers):
        name = f"l{layer}"
        parts = [
            product(f"{name}.{part}", states).view(len(states), SHAPE.heads, -1).transpose(0, 1)
            for part in "qkv"
        ]
        seen = functional.scaled_dot_product_attention(*parts).transpose(0, 1).flatten(1)
        states = normal(f"{name}.aln", states + product(f"{name}.ao", seen))
        inner = functional.gelu(product(f"{name}.fi", states))
        states = normal(f"{name}.oln", states + product(f"{name}.fo", inner))
    return states.numpy()


@pytest.mark.parametrize("size", [1, 7, 300])
def test_states_are_those_of_full_precision(weights, size):
    embedded = np.random.default_rng(5).normal(size=(size, SHAPE.width)).astype(np.float32)
    states = Transformer(SHAPE, weights).states(embedded)
    assert states.shape == embedded.shape
    assert np.corrcoef(states.ravel(), plain(weights, embedded).ravel())[0, 1] > 0.99
