"""The tagger of names as a torch module; `weights` gives what `mentions.tagger` computes with."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from ronten.components.mentions.features import NAME_BITS, RULE_TAGS
from ronten.components.sequence import constraints, tag_set, unit_rows
from ronten.train.sequence import crf_loss, gates

if TYPE_CHECKING:
    from ronten.train.ner import Settings
    from ronten.train.ner_data import Part, Prepared

_IGNORED = -100


class Batch(NamedTuple):
    """Padded sequences: (b, n) each, `names` (b, n, NAME_BITS), `domain` (b,)."""

    types: Tensor
    rule: Tensor
    names: Tensor
    tags: Tensor
    silver: Tensor
    mask: Tensor
    domain: Tensor


def padded(parts: list[Part]) -> Batch:
    """Put sequences of different lengths into one batch."""
    shape = len(parts), max(len(part.tags) for part in parts)
    columns = [np.zeros(shape, np.int64) for _ in range(3)]
    silver = np.full(shape, _IGNORED, np.int64)
    names = np.zeros((*shape, NAME_BITS), np.float32)
    mask = np.zeros(shape, bool)
    bits = np.arange(NAME_BITS, dtype=np.uint64)
    for i, part in enumerate(parts):
        size = len(part.tags)
        for column, values in zip(columns, (part.types, part.rule, part.tags), strict=True):
            column[i, :size] = values
        silver[i, :size] = part.silver
        names[i, :size] = (part.names[:, None] >> bits) & np.uint64(1)
        mask[i, :size] = True
    types, rule, tags = map(torch.from_numpy, columns)
    domain = torch.tensor([part.domain for part in parts])
    return Batch(
        types, rule, torch.from_numpy(names), tags, torch.from_numpy(silver),
        torch.from_numpy(mask), domain,
    )  # fmt: skip


class Network(nn.Module):
    """Embeddings, one bidirectional LSTM, a CRF; a second head learns ja_ginza's types."""

    def __init__(
        self,
        prepared: Prepared,
        settings: Settings,
        labels: tuple[str, ...],
        domains: int,
        vectors: NDArray[np.float32],
    ) -> None:
        super().__init__()
        known = prepared.alphabet
        self.settings = settings
        rows = unit_rows(vectors)
        self._vectors = torch.from_numpy(rows)
        self._types = torch.from_numpy(prepared.types)
        self._grams = torch.from_numpy(prepared.grams)
        s = settings
        self.word = nn.Embedding(len(known.words) + 1, s.word, padding_idx=0)
        self.tag = nn.Embedding(len(known.tags) + 1, s.tag)
        self.shape = nn.Embedding(len(known.shapes) + 1, s.shape)
        self.gram = nn.EmbeddingBag(known.buckets + 1, s.word, mode="sum", padding_idx=0)
        self.vector = nn.Linear(rows.shape[1], s.vector)
        self.rule = nn.Embedding(RULE_TAGS, s.rule)
        self.names = nn.Linear(NAME_BITS, s.names)
        for table, scale in (
            (self.word, 0.1), (self.tag, 0.1), (self.shape, 0.1), (self.gram, 0.05),
            (self.rule, 0.1),
        ):  # fmt: skip
            nn.init.normal_(table.weight, 0, scale)
        with torch.no_grad():
            self.word.weight[0] = 0
            self.gram.weight[0] = 0
        self.domain = nn.Embedding(domains, s.domain)
        self._own = s.word + s.tag + s.shape + s.word + s.vector
        self.lstm = nn.LSTM(
            self._own + s.rule + s.names + s.domain, s.hidden, batch_first=True, bidirectional=True
        )
        tags = tag_set(labels)
        self.out = nn.Linear(2 * s.hidden, len(tags))
        self.silver = nn.Linear(2 * s.hidden, prepared.silver)
        self.moves = nn.Parameter(torch.zeros(len(tags), len(tags)))
        self._forbidden, self._start, self._end = map(torch.from_numpy, constraints(tags))
        self.drop = nn.Dropout(s.dropout)

    def loss(self, batch: Batch) -> Tensor:
        """Return the mean negative log-likelihood per word, with the second head's share."""
        states = self._states(batch)
        loss = self._crf(self.out(states), batch)
        if self.settings.silver and bool((batch.silver != _IGNORED).any()):
            said = self.silver(states).flatten(0, 1)
            other = functional.cross_entropy(said, batch.silver.flatten(), ignore_index=_IGNORED)
            loss = loss + self.settings.silver * other
        return loss

    def _states(self, batch: Batch) -> Tensor:
        distinct, inverse = torch.unique(batch.types, return_inverse=True)
        word, tag, shape, vector = self._types[distinct].T
        grams = self.gram(self._grams[distinct])[inverse]
        vectors = torch.tanh(self.vector(self._vectors[vector]))[inverse]
        words = self._dropped(word[inverse], self.settings.word_dropout)
        inputs = (
            self.word(words),
            self.tag(tag[inverse]),
            self.shape(shape[inverse]),
            self._whole(grams),
            self._whole(vectors),
            self.rule(self._dropped(batch.rule, self.settings.rule_dropout)),
            self.names(self._dropped(batch.names, self.settings.name_dropout)),
            self.domain(batch.domain)[:, None].expand(-1, batch.types.shape[1], -1),
        )
        packed = nn.utils.rnn.pack_padded_sequence(
            self.drop(torch.cat(inputs, -1)),
            batch.mask.sum(1),
            batch_first=True,
            enforce_sorted=False,
        )
        states, _ = nn.utils.rnn.pad_packed_sequence(self.lstm(packed)[0], batch_first=True)
        dropped: Tensor = self.drop(states)
        return dropped

    def _dropped(self, values: Tensor, share: float) -> Tensor:
        """Set a share of the values to 0, which stands for nothing known."""
        return values * (torch.rand(values.shape) >= share) if self.training else values

    def _whole(self, rows: Tensor) -> Tensor:
        """Drop whole rows, so that no part of a word's description is relied on alone."""
        share = self.settings.part_dropout
        if not self.training or not share:
            return rows
        return rows * ((torch.rand(rows.shape[:2]) >= share) / (1 - share))[..., None]

    def _crf(self, scores: Tensor, batch: Batch) -> Tensor:
        moves = self.moves + self._forbidden
        return crf_loss(scores, batch.tags, batch.mask, moves, self._start, self._end)

    @torch.no_grad()
    def weights(self) -> dict[str, NDArray[np.float32]]:
        """Return the arrays of `ronten.components.mentions.tagger.Tagger`.

        Everything linear before the gates is multiplied out.
        """
        onto, bias, recurrent = gates(self.lstm)
        s = self.settings
        own, rule, names, domain = torch.split(onto, [self._own, s.rule, s.names, s.domain])
        arrays = {
            "word": self.word.weight,
            "tag": self.tag.weight,
            "shape": self.shape.weight,
            "gram": self.gram.weight,
            "vector": self.vector.weight.T,
            "vector_bias": self.vector.bias,
            "input": own,
            "rule": self.rule.weight @ rule,
            "names": self.names.weight.T @ names,
            "domain": self.domain.weight @ domain + self.names.bias @ names + bias,
            "recurrent": recurrent,
            "out": self.out.weight.T,
            "out_bias": self.out.bias,
            "moves": self.moves,
        }
        return {name: array.contiguous().numpy() for name, array in arrays.items()}
