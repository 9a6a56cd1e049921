"""The network over two texts as a torch module; `weights` gives what `text_pairs` computes with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from ronten.text_pairs import EXTRAS, SPEECH, Padded, Words, extras, padded, shared, symmetric
from ronten.train.sequence import Fitting, fit_network, gates

_NOTHING = -1e9


@dataclass(frozen=True)
class Shape:
    """Sizes of the network."""

    hidden: int = 64
    kind: int = 8
    dropout: float = 0.3
    word_dropout: float = 0.1


class Pair(NamedTuple):
    """Two texts, by number, and the share of each label (they sum to 1)."""

    first: int
    second: int
    target: tuple[float, ...]


class Numbered:
    """Texts by number, each once."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._known: dict[str, int] = {}

    def __getitem__(self, text: str) -> int:
        if text not in self._known:
            self._known[text] = len(self.texts)
            self.texts.append(text)
        return self._known[text]


class Network(nn.Module):
    """Projection, one bidirectional LSTM, attention between two texts, two layers."""

    def __init__(self, words: Words, labels: int, symmetric: bool, shape: Shape) -> None:
        super().__init__()
        h = shape.hidden
        self.words = words
        self.symmetric = symmetric
        self.shape = shape
        self._vectors = torch.from_numpy(words.vectors)
        self.project = nn.Linear(words.vectors.shape[1], h)
        self.kind = nn.Embedding(len(SPEECH) + 1, shape.kind)
        self.lstm = nn.LSTM(h + shape.kind, h // 2, bidirectional=True, batch_first=True)
        self.attend = nn.Parameter(torch.eye(h) / h**0.5)
        self.attend_same = nn.Parameter(torch.full((1,), 3.0))
        self.compare = nn.Linear(4 * h + 1, h)
        self.hidden = nn.Linear(4 * h + EXTRAS, h)
        self.out = nn.Linear(h, labels)
        self.drop = nn.Dropout(shape.dropout)

    def forward(self, pairs: NDArray[np.int64]) -> Tensor:
        """Return the scores of some pairs of texts (p, labels)."""
        first, second = padded(self.words, pairs[:, 0]), padded(self.words, pairs[:, 1])
        alike = shared(self.words, first, second)
        same = torch.from_numpy(alike)
        alone, one = self._read(first)
        beside, other = self._read(second)
        mask, theirs_mask = torch.from_numpy(first.mask), torch.from_numpy(second.mask)
        attend = self._attend()
        match = (alone @ attend) @ beside.transpose(1, 2) + self.attend_same * same
        forward = torch.softmax(match.masked_fill(~theirs_mask[:, None, :], _NOTHING), 2)
        backward = torch.softmax(match.masked_fill(~mask[:, :, None], _NOTHING), 1)
        mine = self._compared(one, forward @ other, same.any(2), mask)
        theirs = self._compared(other, backward.transpose(1, 2) @ one, same.any(1), theirs_mask)
        more = extras(self.words, pairs, alike)
        if self.symmetric:
            mine, theirs = mine + theirs, (mine - theirs).abs()
            more = symmetric(more)
        joined = torch.cat((mine, theirs, torch.from_numpy(more)), 1)
        scores: Tensor = self.out(self.drop(torch.relu(self.hidden(self.drop(joined)))))
        return scores

    def _attend(self) -> Tensor:
        """Return the matrix of the attention, which must not tell first from second either."""
        return (self.attend + self.attend.T) / 2 if self.symmetric else self.attend

    def _read(self, texts: Padded) -> tuple[Tensor, Tensor]:
        rows = torch.from_numpy(self.words.rows[texts.at])
        kinds = torch.from_numpy(self.words.kinds[texts.at])
        vectors = self._vectors[rows]
        if self.training:
            kept = torch.rand(rows.shape) >= self.shape.word_dropout
            vectors = vectors * kept[..., None]
        alone = torch.tanh(self.project(vectors))
        inputs = self.drop(torch.cat((alone, self.kind(kinds)), 2))
        packed = nn.utils.rnn.pack_padded_sequence(
            inputs, torch.from_numpy(texts.mask.sum(1)), batch_first=True, enforce_sorted=False
        )
        states, _ = nn.utils.rnn.pad_packed_sequence(
            self.lstm(packed)[0], batch_first=True, total_length=rows.shape[1]
        )
        return alone, states

    def _compared(self, states: Tensor, aligned: Tensor, same: Tensor, mask: Tensor) -> Tensor:
        parts = (states, aligned, states * aligned, (states - aligned).abs(), same[..., None])
        said = torch.relu(self.compare(self.drop(torch.cat(parts, 2)))) * mask[..., None]
        mean = said.sum(1) / mask.sum(1, keepdim=True)
        return torch.cat((mean, said.max(1).values), 1)

    @torch.no_grad()
    def weights(self) -> dict[str, NDArray[np.float32]]:
        """Return the arrays of `ronten.text_pairs.PairNetwork`."""
        onto, bias, recurrent = gates(self.lstm)
        arrays = {
            "project": self.project.weight.T,
            "project_bias": self.project.bias,
            "kind": self.kind.weight,
            "input": onto,
            "bias": bias,
            "recurrent": recurrent,
            "attend": self._attend(),
            "attend_same": self.attend_same,
        }
        for name in ("compare", "hidden", "out"):
            layer = getattr(self, name)
            arrays |= {name: layer.weight.T, f"{name}_bias": layer.bias}
        return {name: array.contiguous().numpy() for name, array in arrays.items()}


class Settings(Fitting, Protocol):
    """What fitting a network over pairs is told."""

    @property
    def shape(self) -> Shape: ...


class _Part(NamedTuple):
    pair: Pair
    types: NDArray[np.int64]


def fit(
    words: Words,
    pairs: Sequence[Pair],
    labels: int,
    symmetric: bool,
    settings: Settings,
    report: Callable[[str], None],
) -> dict[str, NDArray[np.float32]]:
    """Train a network on some pairs of the texts `words` and return its arrays."""
    torch.manual_seed(settings.seed)
    network = Network(words, labels, symmetric, settings.shape)

    def loss_of(parts: list[_Part]) -> Tensor:
        scores = network(np.array([part.pair[:2] for part in parts]))
        target = torch.tensor([part.pair.target for part in parts])
        return -(target * torch.log_softmax(scores, 1)).sum(1).mean()

    parts = [_Part(pair, _longer(words, pair)) for pair in pairs]
    fit_network(network, parts, loss_of, settings, report)
    return network.weights()


def _longer(words: Words, pair: Pair) -> NDArray[np.int64]:
    """Return the words of the longer text of a pair, which decides how much is padded."""
    text = max(pair[:2], key=lambda number: int(words.sizes[number]))
    start = int(words.starts[text])
    return words.rows[start : start + int(words.sizes[text])]
