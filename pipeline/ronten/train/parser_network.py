"""The parser as a torch module; `weights` gives what `components.parser` computes with."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import conv1d, cross_entropy, relu

from ronten.components.parser import BETWEEN, DEPTHS, DISTANCES, ENDS
from ronten.components.sequence import unit_rows

if TYPE_CHECKING:
    from ronten.train.parser import Settings
    from ronten.train.parser_data import Part, Prepared

_WINDOW = 3
_IMPOSSIBLE = -1e4


class Batch(NamedTuple):
    """Padded sentences: (b, n) each."""

    types: Tensor
    depth: Tensor
    end: Tensor
    heads: Tensor
    relations: Tensor
    mask: Tensor


class Said(NamedTuple):
    """`Outputs` of the parser, for padded sentences (b, n, ·)."""

    dependent: Tensor
    head: Tensor
    below: Tensor
    above: Tensor
    distance: Tensor
    any: Tensor
    root: Tensor


def padded(parts: list[Part]) -> Batch:
    """Put sentences of different lengths into one batch."""
    shape = len(parts), max(len(part.types) for part in parts)
    columns = [np.zeros(shape, np.int64) for _ in range(5)]
    mask = np.zeros(shape, bool)
    for i, part in enumerate(parts):
        size = len(part.types)
        for column, values in zip(columns, part, strict=True):
            column[i, :size] = values
        mask[i, :size] = True
    return Batch(*map(torch.from_numpy, (*columns, mask)))


class Network(nn.Module):
    """Embeddings, residual convolutions over windows, scores of heads and of relations."""

    def __init__(
        self, prepared: Prepared, settings: Settings, vectors: NDArray[np.float32]
    ) -> None:
        super().__init__()
        self.settings = s = settings
        known = prepared.alphabet
        rows = unit_rows(vectors)
        self._vectors = torch.from_numpy(rows)
        self._types = torch.from_numpy(prepared.types)
        self._between = torch.from_numpy(BETWEEN)
        self.word = nn.Embedding(len(known.words) + 1, s.word, padding_idx=0)
        self.tag = nn.Embedding(len(known.tags) + 1, s.tag)
        self.form = nn.Embedding(len(known.forms) + 1, s.form)
        self.vector = nn.Linear(rows.shape[1], s.vector)
        self.input = nn.Linear(s.word + s.tag + s.form + s.vector, s.width)
        self.depth = nn.Embedding(DEPTHS, s.width)
        self.end = nn.Embedding(ENDS, s.width)
        self.far = nn.Embedding(DISTANCES, s.arc)
        for table, deviation in (
            (self.word, 0.3), (self.tag, 0.3), (self.form, 0.3),
            (self.depth, 0.1), (self.end, 0.1), (self.far, 0.1),
        ):  # fmt: skip
            nn.init.normal_(table.weight, 0, deviation)
        # What a token gives to the ones behind it, at its own place and before it.
        shape = len(s.dilations), s.width, _WINDOW * s.width
        self.window = nn.Parameter(torch.empty(shape))
        self.window_bias = nn.Parameter(torch.zeros(len(s.dilations), s.width))
        spread = 1 / math.sqrt(_WINDOW * s.width)
        nn.init.uniform_(self.window, -spread, spread)
        with torch.no_grad():
            self.word.weight[0] = 0
        self._parts = [s.arc, s.arc, s.arc, s.arc, DISTANCES, 1, 1]
        self.out = nn.Linear(s.width, sum(self._parts))
        self.relation = nn.Linear(s.arc, len(prepared.relations))
        self.drop = nn.Dropout(s.dropout)

    def loss(self, batch: Batch) -> Tensor:
        """Return the loss of heads and of relations to the right heads, per token."""
        said, mask = self.outputs(batch), batch.mask
        scores = self.scores(said, mask)
        chosen = batch.heads[..., None].expand_as(said.above)
        distance = self._between[torch.arange(mask.shape[1]), batch.heads]
        hidden = relu(said.below + said.above.gather(1, chosen) + self.far(distance))
        named = self.relation(hidden)
        heads = cross_entropy(scores[mask], batch.heads[mask])
        return heads + cross_entropy(named[mask], batch.relations[mask])

    def outputs(self, batch: Batch) -> Said:
        """Return what the network says of every token."""
        return Said(*torch.split(self.out(self.states(batch)), self._parts, -1))

    def scores(self, said: Said, mask: Tensor) -> Tensor:
        """Return a score for every head (column) of every token (row) (b, n, n)."""
        count = mask.shape[1]
        scores = said.dependent @ said.head.transpose(1, 2) / math.sqrt(self.settings.arc)
        between = self._between[:count, :count].expand(len(scores), count, count)
        scores = scores + said.distance.gather(2, between) + said.any.transpose(1, 2)
        scores = torch.where(torch.eye(count, dtype=torch.bool), said.root, scores)
        return scores.masked_fill(~mask[:, None], _IMPOSSIBLE)

    def states(self, batch: Batch) -> Tensor:
        """Return what the network makes of every token (b, n, w)."""
        s = self.settings
        word, tag, form, vector = self._types[batch.types].unbind(-1)
        if self.training:
            word = word * (torch.rand(word.shape) >= s.word_dropout)
        meaning = torch.tanh(self.vector(self._vectors[vector]))
        own = torch.cat([self.word(word), self.tag(tag), self.form(form), meaning], -1)
        mask = batch.mask[..., None].float()
        states: Tensor = self.input(self.drop(own)) + self.depth(batch.depth)
        states = (states + self.end(batch.end)) * mask
        windows = self.window.view(-1, s.width, _WINDOW, s.width).permute(0, 3, 1, 2)
        for dilation, window, bias in zip(s.dilations, windows, self.window_bias, strict=True):
            size = states.square().mean(-1, keepdim=True) + 1e-6
            seen = (states * size.rsqrt()).transpose(1, 2)
            added = conv1d(seen, window, bias, padding=dilation, dilation=dilation)
            states = (states + self.drop(relu(added.transpose(1, 2)))) * mask
        return states

    @torch.no_grad()
    def weights(self) -> dict[str, NDArray[np.float32]]:
        """Return the arrays of `ronten.components.parser.Parser`."""
        arc = self.settings.arc
        out, bias = self.out.weight.T.clone(), self.out.bias.clone()
        out[:, :arc] /= math.sqrt(arc)
        bias[:arc] /= math.sqrt(arc)
        arrays = {
            "word": self.word.weight,
            "tag": self.tag.weight,
            "form": self.form.weight,
            "vector": self.vector.weight.T,
            "vector_bias": self.vector.bias,
            "input": self.input.weight.T,
            "input_bias": self.input.bias,
            "depth": self.depth.weight,
            "end": self.end.weight,
            "window": self.window,
            "window_bias": self.window_bias,
            "out": out,
            "out_bias": bias,
            "far": self.far.weight,
            "relation": self.relation.weight.T,
            "relation_bias": self.relation.bias,
        }
        return {name: array.contiguous().numpy() for name, array in arrays.items()}
