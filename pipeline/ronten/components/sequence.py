"""Sequence labelling in NumPy: a bidirectional LSTM, BIES tags, and a Viterbi decoder.

What the taggers of names and of claims compute with; trained in torch by `ronten.train`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

# A word whose outside score leads by this much is outside: it ends the stretch to decode.
_SURELY_OUTSIDE = 2.5
# Scores are rounded before they decide: a product's last bit may differ between machines.
_DECIMALS = 3
_FORBIDDEN = np.float32(-1e4)

FloatArray = NDArray[np.float32]


def unit_rows(vectors: NDArray[Any]) -> FloatArray:
    """Return word vectors at length one behind a row of zeros, which stands for no vector."""
    rows = vectors.astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True) + np.float32(1e-6)
    return np.concatenate((np.zeros((1, rows.shape[1]), np.float32), rows))


class Tag(NamedTuple):
    """One output of a tagger: `position` is O, B, I, E or S."""

    position: str
    label: str


def tag_set(labels: Sequence[str]) -> list[Tag]:
    """Return the tags over `labels`, outside first."""
    return [Tag("O", ""), *(Tag(position, label) for label in labels for position in "BIES")]


def constraints(tags: Sequence[Tag]) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return what may follow what (t, t), start (t) and end (t): 0 or a prohibitive score."""

    def follows(before: Tag, after: Tag) -> bool:
        if before.position in "BI":
            return after.position in "IE" and after.label == before.label
        return after.position in "OBS"

    moves = [[0.0 if follows(a, b) else _FORBIDDEN for b in tags] for a in tags]
    start = [0.0 if tag.position in "OBS" else _FORBIDDEN for tag in tags]
    end = [0.0 if tag.position in "OES" else _FORBIDDEN for tag in tags]
    return np.array(moves, np.float32), np.array(start, np.float32), np.array(end, np.float32)


class Decoder:
    """Finds the best allowed tags for the states of an LSTM.

    `out` (2h, t) and `bias` (t,) score the tags of a word, `moves` (t, t) what follows what.
    """

    def __init__(
        self, labels: Sequence[str], out: FloatArray, bias: FloatArray, moves: FloatArray
    ) -> None:
        self.tags = tag_set(labels)
        self.out = out
        self.bias = bias
        allowed, self._start, self._end = constraints(self.tags)
        self._moves = allowed + moves

    def scores(self, states: FloatArray) -> FloatArray:
        """Return a score per word and tag (n, t)."""
        scores: FloatArray = np.round(states @ self.out + self.bias, _DECIMALS)
        return scores

    def decode(self, scores: FloatArray, sequences: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the best allowed tag per word (Viterbi over the stretches in doubt).

        `sequences` (s, 2) holds the first word and the number of words of every sequence.
        """
        tags = np.zeros(len(scores), np.int64)
        doubt = scores[:, 0] - scores[:, 1:].max(axis=1) < _SURELY_OUTSIDE
        new = np.zeros(len(scores) + 1, bool)
        new[sequences[:, 0]] = new[-1] = True
        inside = np.concatenate(([False], doubt, [False]))
        begins = np.flatnonzero(doubt & (~inside[:-2] | new[:-1]))
        ends = np.flatnonzero(doubt & (~inside[2:] | new[1:])) + 1
        sizes = ends - begins
        order = np.argsort(-sizes, kind="stable")
        begins, sizes = begins[order], sizes[order]
        if not len(begins):
            return tags
        best = scores[begins] + self._start
        back = np.zeros((int(sizes[0]), len(begins), len(self.tags)), np.int8)
        for step in range(1, int(sizes[0])):
            alive = int(np.searchsorted(-sizes, -step))
            through = best[:alive, :, None] + self._moves
            back[step, :alive] = through.argmax(axis=1)
            best[:alive] = through.max(axis=1) + scores[begins[:alive] + step]
        last = (best + self._end).argmax(axis=1)
        for step in range(int(sizes[0]) - 1, -1, -1):
            alive = int(np.searchsorted(-sizes, -step))
            tags[begins[:alive] + step] = last[:alive]
            if step:
                last[:alive] = back[step, np.arange(alive), last[:alive]]
        return tags

    def spans(self, tags: Sequence[int]) -> Iterator[tuple[int, int, str]]:
        """Return first word, last word and label of what some words' tags mark, in order."""
        first = 0
        for i, tag in enumerate(tags):
            position, label = self.tags[tag]
            if position in "BS":
                first = i
            if position in "ES":
                yield first, i, label


def lstm(gates: FloatArray, recurrent: FloatArray, sequences: NDArray[np.int64]) -> FloatArray:
    """Run all directions over all sequences at once: (n, 4dh) → (n, dh).

    `recurrent` (d, h, 4h) holds a matrix per direction; even ones run ahead, odd ones back.
    """
    directions, size = recurrent.shape[:2]
    order = np.argsort(-sequences[:, 1], kind="stable")
    first, length = sequences[order].T
    last = first + length - 1
    gates = gates.reshape(len(gates), directions, 4 * size)
    states = np.empty((len(gates), directions, size), np.float32)
    hidden = np.zeros((directions, len(first), size), np.float32)
    cell = np.zeros_like(hidden)
    for step in range(int(length[0])):
        alive = int(np.searchsorted(-length, -step))
        ahead, behind = first[:alive] + step, last[:alive] - step
        gate = hidden[:, :alive] @ recurrent
        for direction in range(0, directions, 2):
            gate[direction] += gates[ahead, direction]
            gate[direction + 1] += gates[behind, direction + 1]
        sigmoid = gate[..., : 3 * size]  # 1 / (1 + exp(-x)) = (1 + tanh(x / 2)) / 2
        sigmoid *= 0.5
        np.tanh(gate, out=gate)
        sigmoid *= 0.5
        sigmoid += 0.5
        memory = cell[:, :alive]
        memory *= gate[..., size : 2 * size]
        memory += gate[..., :size] * gate[..., 3 * size :]
        state = np.tanh(memory)
        state *= gate[..., 2 * size : 3 * size]
        hidden[:, :alive] = state
        for direction in range(0, directions, 2):
            states[ahead, direction] = state[direction]
            states[behind, direction + 1] = state[direction + 1]
    return states.reshape(len(gates), directions * size)
