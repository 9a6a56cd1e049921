"""The tagger of claims as a torch module; `weights` gives what `claims.tagger` computes with."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from ronten.components.claims.encoder import OWN, REPORTED
from ronten.components.claims.features import CONTEXT
from ronten.components.sequence import constraints, tag_set, unit_rows
from ronten.train.sequence import crf_loss, gates

if TYPE_CHECKING:
    from ronten.train.claims import Settings
    from ronten.train.claims_data import Part, Prepared

_TEMPERATURE = 2.0
_HINTS = ("content", "cue", "source", "next", "reach")


class Batch(NamedTuple):
    """Padded sequences: (b, n) each, `context` (b, n, len(CONTEXT)), `taught` (b, n, t)."""

    types: Tensor
    context: Tensor
    reported: Tensor
    own: Tensor
    taught: Tensor
    mask: Tensor


def padded(parts: list[Part]) -> Batch:
    """Put sequences of different lengths into one batch."""
    shape = len(parts), max(len(part.types) for part in parts)
    types, reported, own = (np.zeros(shape, np.int64) for _ in range(3))
    context = np.zeros((*shape, len(CONTEXT)), np.int64)
    taught = np.zeros((*shape, parts[0].taught.shape[1]), np.float32)
    mask = np.zeros(shape, bool)
    for i, part in enumerate(parts):
        size = len(part.types)
        types[i, :size], context[i, :size] = part.types, part.context
        reported[i, :size], own[i, :size], taught[i, :size] = part.reported, part.own, part.taught
        mask[i, :size] = True
    return Batch(*map(torch.from_numpy, (types, context, reported, own, taught, mask)))


class Head(nn.Module):
    """Tags of one kind: a linear layer and a CRF."""

    def __init__(self, width: int, labels: tuple[str, ...]) -> None:
        super().__init__()
        tags = tag_set(labels)
        self.out = nn.Linear(width, len(tags))
        self.moves = nn.Parameter(torch.zeros(len(tags), len(tags)))
        self._forbidden, self._start, self._end = map(torch.from_numpy, constraints(tags))

    def loss(self, states: Tensor, tags: Tensor, taught: Tensor, mask: Tensor) -> Tensor:
        """Return the mean negative log-likelihood per word, with what teachers say of its tag."""
        scores = self.out(states)
        moves = self.moves + self._forbidden
        loss = crf_loss(scores, tags, mask, moves, self._start, self._end)
        if not taught.shape[-1]:
            return loss
        # Softened, so that what the teachers hold for less likely is learned as well; the square
        # keeps the gradient as large as it is without (Hinton et al. 2015).
        shares = torch.softmax(taught / _TEMPERATURE, -1)
        missed = -(shares * torch.log_softmax(scores / _TEMPERATURE, -1)).sum(-1)
        return loss + _TEMPERATURE**2 * (missed * mask).sum() / mask.sum()


class Network(nn.Module):
    """Embeddings, one bidirectional LSTM, two heads."""

    def __init__(
        self, prepared: Prepared, settings: Settings, vectors: NDArray[np.float32]
    ) -> None:
        super().__init__()
        self.settings = s = settings
        known = prepared.alphabet
        rows = unit_rows(vectors)
        self._vectors = torch.from_numpy(rows)
        self._types = torch.from_numpy(prepared.types)
        self.word = nn.Embedding(len(known.words) + 1, s.word, padding_idx=0)
        self.tag = nn.Embedding(len(known.tags) + 1, s.tag)
        self.form = nn.Embedding(len(known.forms) + 1, s.form)
        self.kind = nn.Embedding(len(known.classes) + 1, s.kind)
        self.vector = nn.Linear(rows.shape[1], s.vector)
        tables = [nn.Embedding(size, s.context) for size in CONTEXT.values()]
        self.context = nn.ModuleList(tables)
        for table in (self.word, self.tag, self.form, self.kind, *tables):
            nn.init.normal_(table.weight, 0, 0.1)
        with torch.no_grad():
            self.word.weight[0] = 0
        self._own = s.word + s.tag + s.form + s.kind + s.vector
        self.lstm = nn.LSTM(
            self._own + s.context * len(CONTEXT), s.hidden, batch_first=True, bidirectional=True
        )
        self.reported = Head(2 * s.hidden, REPORTED)
        self.own = Head(2 * s.hidden, OWN)
        self.drop = nn.Dropout(s.dropout)

    def loss(self, batch: Batch) -> Tensor:
        """Return the loss of both heads."""
        states = self._states(batch)
        tags = self.reported.out.out_features
        told, mine = batch.taught[..., :tags], batch.taught[..., tags:]
        loss = self.reported.loss(states, batch.reported, told, batch.mask)
        return loss + self.settings.own * self.own.loss(states, batch.own, mine, batch.mask)

    def _states(self, batch: Batch) -> Tensor:
        s = self.settings
        word, tag, form, kind, vector = self._types[batch.types].unbind(-1)
        meaning = torch.tanh(self.vector(self._vectors[vector]))
        if self.training:
            word = word * (torch.rand(word.shape) >= s.word_dropout)
            kind = kind * (torch.rand(kind.shape) >= s.kind_dropout)
            kept = torch.rand(vector.shape) >= s.word_dropout
            meaning = meaning * (kept / (1 - s.word_dropout))[..., None]
        inputs = [self.word(word), self.tag(tag), self.form(form), self.kind(kind), meaning]
        hints = torch.ones(len(word), 1, dtype=torch.int64)
        if self.training:
            hints = (torch.rand(len(word), 1) >= s.hint_dropout).long()
        columns = batch.context.unbind(-1)
        for name, table, column in zip(CONTEXT, self.context, columns, strict=True):
            inputs.append(table(column * hints if name in _HINTS else column))
        packed = nn.utils.rnn.pack_padded_sequence(
            self.drop(torch.cat(inputs, -1)),
            batch.mask.sum(1),
            batch_first=True,
            enforce_sorted=False,
        )
        states, _ = nn.utils.rnn.pad_packed_sequence(self.lstm(packed)[0], batch_first=True)
        dropped: Tensor = self.drop(states)
        return dropped

    @torch.no_grad()
    def weights(self) -> dict[str, NDArray[np.float32]]:
        """Return the arrays of `ronten.components.claims.tagger.ClaimTagger`.

        Everything linear before the gates is multiplied out.
        """
        onto, bias, recurrent = gates(self.lstm)
        own, *rest = torch.split(onto, [self._own, *[self.settings.context] * len(CONTEXT)])
        arrays = {
            "word": self.word.weight,
            "tag": self.tag.weight,
            "form": self.form.weight,
            "class": self.kind.weight,
            "vector": self.vector.weight.T,
            "vector_bias": self.vector.bias,
            "input": own,
            "bias": bias,
            "recurrent": recurrent,
        }
        for name, table, part in zip(CONTEXT, self.context.parameters(), rest, strict=True):
            arrays[name] = table @ part
        for name, head in (("reported", self.reported), ("own", self.own)):
            arrays |= {
                f"{name}_out": head.out.weight.T,
                f"{name}_bias": head.out.bias,
                f"{name}_moves": head.moves,
            }
        return {name: array.contiguous().numpy() for name, array in arrays.items()}
