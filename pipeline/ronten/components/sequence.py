"""Sequence labelling in NumPy: a bidirectional LSTM, BIES tags, and a Viterbi decoder.

What the taggers of names and of claims compute with; trained in torch by `ronten.train`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

# A word whose outside score leads by this much is outside: it ends the stretch to decode.
_SURELY_OUTSIDE = 2.5
# Scores are rounded before they decide: a product's last bit may differ between machines.
_DECIMALS = 3
_FORBIDDEN = np.float32(-1e4)
# Words that are read at once; they depend on the article alone.
_BATCH_WORDS = 5_000

FloatArray = NDArray[np.float32]


def unit_rows(vectors: NDArray[Any]) -> FloatArray:
    """Return word vectors at length one behind a row of zeros, which stands for no vector."""
    rows = vectors.astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True) + np.float32(1e-6)
    return np.concatenate((np.zeros((1, rows.shape[1]), np.float32), rows))


def rounded(scores: FloatArray) -> FloatArray:
    """Return scores as they decide."""
    result: FloatArray = np.round(scores, _DECIMALS)
    return result


def softmax(scores: NDArray[Any], axis: int = -1) -> NDArray[Any]:
    """Return the shares that scores stand for, which sum to 1 along an axis."""
    powers = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return np.asarray(powers / powers.sum(axis=axis, keepdims=True))


def log_softmax(scores: FloatArray) -> FloatArray:
    """Return the logarithms of the shares that scores (n,) stand for."""
    shares: FloatArray = scores - np.logaddexp.reduce(scores)
    return shares


def packed(rows: FloatArray) -> tuple[NDArray[np.int8], NDArray[np.float16]]:
    """Return rows in 8 bits (n, w) with what each is to be multiplied by (n, 1)."""
    scales = (np.abs(rows).max(axis=1, keepdims=True) / 127).astype(np.float16)
    safe = np.where(scales == 0, 1, scales).astype(np.float32)
    return np.clip(np.rint(rows / safe), -127, 127).astype(np.int8), scales


def unpacked(rows: NDArray[np.int8], scales: NDArray[np.float16]) -> FloatArray:
    """Return what `packed` gave as numbers again; packed once more they give the same."""
    numbers: FloatArray = rows.astype(np.float32) * scales.astype(np.float32)
    return numbers


class KeptRows:
    """Rows that depend on their key alone, kept for the next text; forgets all when it is full."""

    def __init__(self, width: int, most: int = 8_192) -> None:
        self._places: dict[int, int] = {}
        self._rows = np.empty((most, width), np.float32)

    def of(self, keys: Sequence[int], make: Callable[[list[int]], FloatArray]) -> FloatArray:
        """Return a row per key; `make` makes those of the keys with the given numbers."""
        places = self._places
        new = [number for number, key in enumerate(keys) if key not in places]
        if len(places) + len(new) > len(self._rows):
            places.clear()
            new = list(range(len(keys)))
        if len(new) > len(self._rows):
            return make(new)
        if new:
            first = len(places)
            self._rows[first : first + len(new)] = make(new)
            places.update((keys[number], at) for at, number in enumerate(new, first))
        return self._rows[[places[key] for key in keys]]


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


class Steps(NamedTuple):
    """Sequences read step by step: the first word of each, longest sequence first, then the next.

    The words of a step lie between two of the `bounds`; only sequences that long take part.
    """

    bounds: list[int]
    ahead: NDArray[np.int64]
    """(n,) the words in this order."""
    behind: NDArray[np.int64]
    """(n,) the words in the order in which the sequences are read backwards."""

    @classmethod
    def of(cls, sequences: NDArray[np.int64]) -> Self:
        """Order the words of sequences (s, 2): first word and number of words of each."""
        first, length = sequences[np.argsort(-sequences[:, 1], kind="stable")].T
        alive = np.searchsorted(-length, -np.arange(length[0]))
        bounds = np.concatenate(([0], np.cumsum(alive)))
        step = np.repeat(np.arange(len(alive)), alive)
        sequence = np.arange(bounds[-1]) - bounds[step]
        ahead = first[sequence] + step
        return cls(bounds.tolist(), ahead, (2 * first + length - 1)[sequence] - ahead)


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
        self._into = np.ascontiguousarray((allowed + moves).T)
        self._likely = np.exp((allowed + moves).astype(np.float64))
        self._moves = (allowed + moves)[:, :, None]

    def scores(self, states: FloatArray) -> FloatArray:
        """Return a score per word and tag (n, t)."""
        return rounded(states @ self.out + self.bias)

    def chances(self, scores: FloatArray, sequences: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return how likely each tag of each word is (n, t), whatever the tags of the others.

        `sequences` (s, 2) holds the first word and the number of words of every sequence; words of
        none have zeros.
        """
        steps = Steps.of(sequences)
        stretches = list(pairwise(steps.bounds))
        said = scores[steps.ahead].astype(np.float64)
        said = np.exp(said - said.max(axis=1, keepdims=True))
        ahead = said.copy()  # with all that stands before
        ahead[: steps.bounds[1]] *= np.exp(self._start)
        behind = np.tile(np.exp(self._end.astype(np.float64)), (len(said), 1))
        for (before, begin), (_, end) in pairwise(stretches):
            ways = ahead[before : before + end - begin] @ self._likely
            ahead[begin:end] *= ways / ways.sum(axis=1, keepdims=True)
        for (before, begin), (_, end) in reversed(list(pairwise(stretches))):
            ways = (said[begin:end] * behind[begin:end]) @ self._likely.T
            behind[before : before + end - begin] = ways / ways.sum(axis=1, keepdims=True)
        both = ahead * behind
        result = np.zeros(scores.shape)
        result[steps.ahead] = both / both.sum(axis=1, keepdims=True)
        return result

    @staticmethod
    def doubted(scores: FloatArray, sequences: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the stretches of sequences that are not surely outside: first word, length."""
        doubt = scores[:, 0] - scores[:, 1:].max(axis=1) < _SURELY_OUTSIDE
        new = np.zeros(len(scores) + 1, bool)
        new[sequences[:, 0]] = new[-1] = True
        inside = np.concatenate(([False], doubt, [False]))
        begins = np.flatnonzero(doubt & (~inside[:-2] | new[:-1]))
        ends = np.flatnonzero(doubt & (~inside[2:] | new[1:])) + 1
        return np.column_stack((begins, ends - begins))

    def decode(self, scores: FloatArray, sequences: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the best allowed tag per word (Viterbi over the stretches in doubt).

        `sequences` (s, 2) holds the first word and the number of words of every sequence.
        """
        tags = np.zeros(len(scores), np.int64)
        doubted = self.doubted(scores, sequences)
        if not len(doubted):
            return tags
        steps = Steps.of(doubted)
        stretches = list(pairwise(steps.bounds))
        # The score of the best way to every tag and word: many words side by side.
        best = np.ascontiguousarray(scores[steps.ahead].T)
        best[:, : steps.bounds[1]] += self._start[:, None]
        for (before, begin), (_, end) in pairwise(stretches):
            ways = best[:, None, before : before + end - begin] + self._moves
            best[:, begin:end] += np.maximum.reduce(ways)
        best = np.ascontiguousarray(best.T)
        # Back from the best last tag; a stretch joins in where it ends.
        chosen = (best + self._end).argmax(axis=1)
        for (before, begin), (_, end) in reversed(list(pairwise(stretches))):
            alive = end - begin
            ways = best[before : before + alive] + self._into.take(chosen[begin:end], axis=0)
            chosen[before : before + alive] = ways.argmax(axis=1)
        tags[steps.ahead] = chosen
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


def only(sequences: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the words of some sequences, and where these lie when only they are left."""
    sizes = sequences[:, 1]
    begins = np.cumsum(sizes) - sizes
    words = np.arange(sizes.sum()) + np.repeat(sequences[:, 0] - begins, sizes)
    return words, np.column_stack((begins, sizes))


def batches(sequences: NDArray[np.int64]) -> Iterator[tuple[slice, NDArray[np.int64]]]:
    """Cut sequences (s, 2) that lie one behind the other into batches, which bound memory.

    Yields the words of each batch, and where its sequences lie among these.
    """
    firsts, sizes = sequences.T
    at = 0
    while at < len(firsts):
        stop = at + int(np.searchsorted(np.cumsum(sizes[at:]), _BATCH_WORDS)) + 1
        stop = min(stop, len(firsts))
        first, last = int(firsts[at]), int(firsts[stop - 1] + sizes[stop - 1])
        yield slice(first, last), np.column_stack((firsts[at:stop] - first, sizes[at:stop]))
        at = stop


def lstm(gates: FloatArray, recurrent: FloatArray, sequences: NDArray[np.int64]) -> FloatArray:
    """Run all directions over all sequences at once: (n, 4dh) → (n, dh).

    `recurrent` (d, h, 4h) holds a matrix per direction; even ones run ahead, odd ones back.
    """
    return lstm_of([(gates, np.arange(len(gates)))], recurrent, sequences)


def lstm_of(
    parts: Sequence[tuple[FloatArray, NDArray[np.int64]]],
    recurrent: FloatArray,
    sequences: NDArray[np.int64],
) -> FloatArray:
    """Do what `lstm` does where words share their gates.

    `parts` are summed: rows of gates (r, 4dh), and which of them is that of each word (n,).
    """
    directions, size = recurrent.shape[:2]
    steps = Steps.of(sequences)
    # The words in the order in which each direction reads them (d, n): those of a step lie side by
    # side.
    order = np.array([steps.behind if i % 2 else steps.ahead for i in range(directions)])
    direction = np.arange(directions)[:, None]
    first, *others = [
        (rows.reshape(-1, 4 * size), row[order] * directions + direction) for rows, row in parts
    ]
    # sigmoid(x) = (1 + tanh(x / 2)) / 2. Three of the gates are kept twice as large as they are,
    # and so are the states, until all is done: doubling and halving change no digit.
    half = np.ones(4 * size, np.float32)
    half[: 3 * size] = 0.5
    weights: FloatArray = recurrent * half
    weights *= 0.5
    states = np.empty((*order.shape, size), np.float32)
    cell = np.zeros((directions, len(sequences), size), np.float32)
    before = cell
    for begin, end in pairwise(steps.bounds):
        # Gates are gathered when their step is read: so few stay in the processor's cache.
        now = first[0].take(first[1][:, begin:end], axis=0)
        for rows, row in others:
            now += rows.take(row[:, begin:end], axis=0)
        now *= half
        alive = end - begin
        if begin:
            now += before[:, :alive] @ weights
        np.tanh(now, out=now)
        sigmoid = now[..., : 3 * size]
        sigmoid += 1
        memory = cell[:, :alive]
        memory *= now[..., size : 2 * size]
        memory += now[..., :size] * now[..., 3 * size :]
        memory *= 0.5
        before = np.tanh(memory, out=states[:, begin:end])
        before *= now[..., 2 * size : 3 * size]
    states *= 0.5
    result = np.empty((order.shape[1] * directions, size), np.float32)
    result[order * directions + direction] = states
    return result.reshape(order.shape[1], directions * size)
