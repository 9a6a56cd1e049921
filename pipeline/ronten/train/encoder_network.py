"""The pretrained encoder as a torch module whose products learn small additions (LoRA)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import sqrt
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from ronten.components.adapted import PRODUCTS, factors
from ronten.components.e5 import BaseEncoder
from ronten.components.pieces import PADDING, UNKNOWN
from ronten.components.sequence import FloatArray, packed
from ronten.components.transformer import EPSILON
from ronten.components.word_encoder import DOMAINS
from ronten.train.adapting import Adapting
from ronten.train.claims_network import Head

if TYPE_CHECKING:
    from ronten.train.word_encoder import Part

_FAR = -1e4


class Product(nn.Module):
    """A product that stays as it is; an addition of low rank is learned (LoRA, Hu et al. 2022)."""

    def __init__(self, weight: NDArray[np.float32], bias: NDArray[np.float32], rank: int) -> None:
        super().__init__()
        self._weight = torch.from_numpy(weight)
        self._bias = torch.from_numpy(bias.copy())
        inputs = weight.shape[1]
        self.into = nn.Parameter(torch.randn(rank, inputs) / sqrt(inputs))
        self.onto = nn.Parameter(torch.zeros(rank, weight.shape[0]))

    def forward(self, states: Tensor) -> Tensor:
        added = functional.linear(states, self.into) @ self.onto
        return functional.linear(states, self._weight, self._bias) + added

    def begin_with(self, into: FloatArray, onto: FloatArray) -> None:
        """Take over the largest parts of another addition (r, in), (r, out)."""
        # Of thin factors, so that the large product is never decomposed.
        (inputs, one), (outputs, other) = np.linalg.qr(into.T), np.linalg.qr(onto.T)
        left, sizes, right = np.linalg.svd(other @ one.T)
        rank = min(len(self.into), len(into))
        roots = np.sqrt(sizes[:rank, None])
        self.into[:rank] = torch.from_numpy(roots * (right[:rank] @ inputs.T))
        self.onto[:rank] = torch.from_numpy(roots * (left[:, :rank].T @ outputs.T))


class Layer(nn.Module):
    """One layer; products and normalisations have the names of `BaseEncoder`."""

    def __init__(self, base: BaseEncoder, name: str, rank: int) -> None:
        super().__init__()
        self._heads = base.shape.heads
        self.products = {
            part: Product(base.array(f"{name}.{part}.w"), base.array(f"{name}.{part}.b"), rank)
            for part in PRODUCTS
        }
        for part, product in self.products.items():
            self.add_module(part, product)
        self.seen = normalisation(base, f"{name}.aln")
        self.thought = normalisation(base, f"{name}.oln")

    def forward(self, states: Tensor, hidden: Tensor, kept: Tensor) -> Tensor:
        """Return the next states (b, n, w).

        `hidden` (b, 1, 1, n) is added to the scores of what is looked at, `kept` (b, 1, w)
        multiplies what is new.
        """
        parts = self.products
        shape = (*states.shape[:2], self._heads, -1)
        ask, key, value = (parts[x](states).view(shape).transpose(1, 2) for x in "qkv")
        shares = torch.softmax(ask @ key.transpose(2, 3) / sqrt(ask.shape[-1]) + hidden, -1)
        seen = (shares @ value).transpose(1, 2).flatten(2)
        states = self.seen(states + parts["ao"](seen) * kept)
        thought = parts["fo"](functional.gelu(parts["fi"](states)))
        result: Tensor = self.thought(states + thought * kept)
        return result


def side_by_side(rows: Sequence[NDArray[np.int64]], filling: int) -> Tensor:
    """Return rows of numbers, filled up to the longest (b, n)."""
    read = [torch.from_numpy(row) for row in rows]
    return nn.utils.rnn.pad_sequence(read, batch_first=True, padding_value=filling)


def normalisation(base: BaseEncoder, name: str) -> nn.LayerNorm:
    """Return a normalisation of the encoder, to be learned on."""
    module = nn.LayerNorm(base.shape.width, eps=EPSILON)
    with torch.no_grad():
        for parameter, end in ((module.weight, "w"), (module.bias, "b")):
            parameter.copy_(torch.from_numpy(base.array(f"{name}.{end}").copy()))
    return module


class AdaptedNetwork(nn.Module):
    """The encoder; additions to its products and its normalisations are learned."""

    def __init__(self, base: BaseEncoder, known: NDArray[np.int64], settings: Adapting) -> None:
        super().__init__()
        self._adapting = settings
        self._known = known
        self._rows = torch.from_numpy(base.rows(known))
        self._positions = torch.from_numpy(base.positions().copy())
        self.start = normalisation(base, "emb.ln")
        self.layers = [
            Layer(base, f"l{number}", settings.rank) for number in range(base.shape.layers)
        ]
        for number, layer in enumerate(self.layers):
            self.add_module(f"l{number}", layer)

    def read(self, texts: Sequence[NDArray[np.int64]], added: Tensor | None = None) -> Tensor:
        """Return the states of some texts in pieces, padded to the longest (b, n, w).

        `added` (b, n, w) is added to their embeddings.
        """
        # Half the bits are enough to learn with, and twice as fast.
        with torch.autocast("cpu", torch.bfloat16):
            return self.states(side_by_side(texts, PADDING), added).float()

    def states(self, pieces: Tensor, added: Tensor | None = None) -> Tensor:
        """Return the states of padded texts (b, n) → (b, n, w)."""
        hidden = torch.where(pieces == PADDING, _FAR, 0.0)[:, None, None]
        width = self._rows.shape[1]
        kept = torch.ones(len(pieces), 1, width)
        if self.training:
            lost = torch.rand(pieces.shape) < self._adapting.piece_dropout
            pieces = pieces.masked_fill(lost & (pieces > UNKNOWN), UNKNOWN)
            kept = self._mask(len(pieces), width)
        embedded = self._rows[pieces] + self._positions[: pieces.shape[1]]
        states = self.start(embedded if added is None else embedded + added) * kept
        for layer in self.layers:
            if self.training:
                kept = self._mask(len(pieces), width)
            states = layer(states, hidden, kept)
        result: Tensor = states
        return result

    def _mask(self, texts: int, width: int) -> Tensor:
        """Drop states all over a text: drawing lots for every piece takes longer than computing."""
        keep = 1 - self._adapting.state_dropout
        return (torch.rand(texts, 1, width) < keep) / keep

    @torch.no_grad()
    def begin_with(self, adapter: Mapping[str, NDArray[Any]]) -> None:
        """Begin with what another model of `AdaptedEncoder` changes, as far as the rank allows."""
        for number, layer in enumerate(self.layers):
            for part, product in layer.products.items():
                product.begin_with(*factors(adapter, f"l{number}.{part}"))
        for name, norm in self._norms().items():
            norm.weight.copy_(torch.from_numpy(adapter[f"{name}.w"].astype(np.float32)))
            norm.bias.copy_(torch.from_numpy(adapter[f"{name}.b"].astype(np.float32)))

    @torch.no_grad()
    def adapter(self) -> dict[str, NDArray[Any]]:
        """Return the arrays of `ronten.components.adapted.AdaptedEncoder`."""
        known = np.zeros(self._known.max() + 1, bool)
        known[self._known] = True
        arrays: dict[str, NDArray[Any]] = {"pieces": np.packbits(known)}
        for number, layer in enumerate(self.layers):
            for part, product in layer.products.items():
                for name, rows in (("into", product.into), ("onto", product.onto)):
                    key = f"l{number}.{part}.{name}"
                    arrays[key], arrays[f"{key}_scale"] = packed(rows.numpy())
        for name, norm in self._norms().items():
            arrays[f"{name}.w"] = norm.weight.numpy().astype(np.float16)
            arrays[f"{name}.b"] = norm.bias.numpy().astype(np.float16)
        return arrays

    def _norms(self) -> dict[str, nn.LayerNorm]:
        """Return the normalisations by their names in `BaseEncoder`."""
        norms = {"emb.ln": self.start}
        for number, layer in enumerate(self.layers):
            norms |= {f"l{number}.aln": layer.seen, f"l{number}.oln": layer.thought}
        return norms


class EncoderNetwork(AdaptedNetwork):
    """The encoder with heads that score the tags of a word by its first and last piece."""

    def __init__(
        self,
        base: BaseEncoder,
        known: NDArray[np.int64],
        settings: Adapting,
        heads: Mapping[str, tuple[str, ...]],
        weights: Mapping[str, float] | None = None,
        domains: int = 0,
    ) -> None:
        """Take the labels of each head, what its loss counts (1), and how many kinds of text."""
        super().__init__(base, known, settings)
        self.drop = nn.Dropout(settings.dropout)
        self._weights = weights or {}
        self.domains = nn.Parameter(torch.zeros(domains, base.shape.width)) if domains else None
        self.heads = {name: Head(2 * base.shape.width, labels) for name, labels in heads.items()}
        for name, head in self.heads.items():
            self.add_module(name, head)

    def words(self, parts: Sequence[Part]) -> Tensor:
        """Return what the heads see of all words of some windows (n, 2w)."""
        added = None
        if self.domains is not None:
            added = self.domains[torch.tensor([part.domain for part in parts])][:, None]
        states = self.read([part.types for part in parts], added)
        size = states.shape[1]
        ends = [part.ends + number * size for number, part in enumerate(parts)]
        return states.flatten(0, 1)[torch.from_numpy(np.concatenate(ends))].flatten(1)

    def loss(self, parts: list[Part]) -> Tensor:
        """Return the loss of all heads on some windows."""
        sizes = [count for part in parts for count in part.sizes]

        def padded(rows: Tensor) -> Tensor:
            """Give every sentence a row of its own."""
            split = list(torch.split_with_sizes(rows, sizes))
            return nn.utils.rnn.pad_sequence(split, batch_first=True)

        read = padded(self.drop(self.words(parts)))
        mask = torch.arange(read.shape[1]) < torch.tensor(sizes)[:, None]
        untaught = torch.zeros(*mask.shape, 0)
        lost = []
        for name, head in self.heads.items():
            tags = torch.from_numpy(np.concatenate([part.tags[name] for part in parts]))
            weight = self._weights.get(name, 1.0)
            lost.append(weight * head.loss(read, padded(tags), untaught, mask))
        return torch.stack(lost).sum()

    @torch.no_grad()
    def adapter(self) -> dict[str, NDArray[Any]]:
        """Return the arrays of `ronten.components.word_encoder.WordEncoder`."""
        arrays = super().adapter()
        if self.domains is not None:
            arrays[DOMAINS] = self.domains.numpy().astype(np.float16)
        for name, head in self.heads.items():
            arrays |= {
                f"{name}_out": head.out.weight.T.contiguous().numpy().astype(np.float16),
                f"{name}_bias": head.out.bias.numpy().astype(np.float16),
                f"{name}_moves": head.moves.numpy().astype(np.float16),
            }
        return arrays
