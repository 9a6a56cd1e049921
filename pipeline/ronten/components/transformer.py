"""A transformer in 8 bits: states for the pieces of a text, computed by ONNX Runtime.

Weights in rows of 8 bits, activations quantised product by product: a quarter of the time that 32
bits take.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from ronten.components.e5 import Shape
from ronten.components.sequence import FloatArray, packed

EPSILON = 1e-12
"""Of the normalisations."""
_MICROSOFT = "com.microsoft"
_OPSETS = (("", 17), (_MICROSOFT, 1))
_IR_VERSION = 9


class Transformer:
    """The layers of an encoder like BERT, as a graph that ONNX Runtime runs on one thread.

    `weights` has the names of `e5.BaseEncoder`, without what is embedded.
    """

    def __init__(self, shape: Shape, weights: Mapping[str, FloatArray]) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        # Anything more would join sums and normalisations, which takes five times as long.
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
        self._session = onnxruntime.InferenceSession(
            _Graph(shape, weights).model(), options, providers=["CPUExecutionProvider"]
        )

    def states(self, embedded: FloatArray) -> FloatArray:
        """Return the states of a text of which each piece is embedded at its place (n, w).

        Texts are read one by one: padding them to one length costs more than it saves.
        """
        [[states]] = self._session.run(None, {"embedded": embedded[None]})
        found: FloatArray = states
        return found


class _Graph:
    """Writes the layers down as a graph from `embedded` (1, n, w) to `states`."""

    def __init__(self, shape: Shape, weights: Mapping[str, FloatArray]) -> None:
        self._shape = shape
        self._weights = weights
        self._nodes: list[onnx.NodeProto] = []
        self._kept: list[onnx.TensorProto] = []

    def model(self) -> bytes:
        """Return the model as ONNX Runtime reads it."""
        states = self._normalised("emb.ln", "embedded")
        for layer in range(self._shape.layers):
            states = self._layer(f"l{layer}", states)
        size = [1, "pieces", self._shape.width]
        graph = helper.make_graph(
            [*self._nodes, helper.make_node("Identity", [states], ["states"])],
            "encoder",
            [helper.make_tensor_value_info("embedded", TensorProto.FLOAT, size)],
            [helper.make_tensor_value_info("states", TensorProto.FLOAT, size)],
            self._kept,
        )
        opsets = [helper.make_opsetid(domain, version) for domain, version in _OPSETS]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=_IR_VERSION)
        return bytes(model.SerializeToString())

    def _layer(self, name: str, states: str) -> str:
        parts = [f"{name}.{part}" for part in "qkv"]
        sizes = self._keep(f"{name}.sizes", np.array([self._shape.width] * len(parts)))
        asked = self._product(f"{name}.asked", states, parts)
        self._nodes.append(helper.make_node("Split", [asked, sizes], parts, axis=-1))
        seen = self._node(
            "MultiHeadAttention", f"{name}.seen", parts, _MICROSOFT, num_heads=self._shape.heads
        )
        states = self._added(f"{name}.aln", states, self._product(f"{name}.ao", seen))
        inner = self._node(
            "FastGelu", f"{name}.inner", [self._product(f"{name}.fi", states)], _MICROSOFT
        )
        return self._added(f"{name}.oln", states, self._product(f"{name}.fo", inner))

    def _product(self, name: str, states: str, parts: Sequence[str] = ()) -> str:
        """Add a product, or several of the same states side by side."""
        weights, biases = (
            np.concatenate([self._weights[f"{part}.{end}"] for part in parts or [name]])
            for end in "wb"
        )
        rows, scales = packed(weights)
        inputs = [
            states,
            self._keep(f"{name}.w", np.ascontiguousarray(rows.T)),
            self._keep(f"{name}.scale", scales[:, 0].astype(np.float32)),
            "",
            self._keep(f"{name}.b", biases),
        ]
        return self._node("DynamicQuantizeMatMul", name, inputs, _MICROSOFT)

    def _added(self, name: str, states: str, new: str) -> str:
        return self._normalised(name, self._node("Add", f"{name}.sum", [states, new]))

    def _normalised(self, name: str, states: str) -> str:
        learned = [self._keep(f"{name}.{end}", self._weights[f"{name}.{end}"]) for end in "wb"]
        return self._node("LayerNormalization", name, [states, *learned], epsilon=EPSILON)

    def _node(
        self, kind: str, name: str, inputs: Sequence[str], domain: str = "", **settings: float
    ) -> str:
        """Add an operation; returns the name of what it gives."""
        self._nodes.append(helper.make_node(kind, inputs, [name], domain=domain, **settings))
        return name

    def _keep(self, name: str, array: NDArray[np.generic]) -> str:
        self._kept.append(numpy_helper.from_array(array, name))
        return name
