"""The trained tagger: a small bidirectional LSTM with a Viterbi decoder, in NumPy.

It reads what the rules found as features and decides what is a name of which label. Trained by
`ronten.train.ner`; a text's result depends on that text alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file
from spacy.vectors import Vectors
from threadpoolctl import ThreadpoolController

from ronten.components.mentions.discourse import Span
from ronten.components.mentions.features import (
    NAME_BITS,
    Alphabet,
    Encoder,
    Features,
)
from ronten.components.mentions.name_table import NameTable
from ronten.components.mentions.view import Candidate, View

WEIGHTS = "model.safetensors"
CONFIG = "config.json"

# A word whose outside score leads by this much is outside: it ends the stretch to decode.
_SURELY_OUTSIDE = 2.5
# Scores are rounded before they decide: a product's last bit may differ between machines.
_DECIMALS = 3
_FORBIDDEN = np.float32(-1e4)

FloatArray = NDArray[np.float32]


class Tag(NamedTuple):
    """One output of the tagger: `position` is O, B, I, E or S."""

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


class Tagger:
    """Weights, their alphabet and the table of names.

    `weights` (float16 in the file): `word tag shape gram` (rows of embeddings), `vector` (300, v)
    and `vector_bias`, `input` (the widths of these five together, 8h), `rule names domain` (rows,
    8h), `recurrent` (2, h, 4h), `out` (2h, t), `out_bias`, `moves` (t, t). Directions (ahead,
    behind) stand before gates (input, forget, output, new).
    """

    def __init__(
        self,
        weights: Mapping[str, NDArray[Any]],
        config: Mapping[str, Any],
        names: NameTable,
        vectors: Vectors,
    ) -> None:
        self.config = config
        self.weights = {name: array.astype(np.float32) for name, array in weights.items()}
        self.tags = tag_set(config["labels"])
        self.domains: list[str] = config["domains"]
        alphabet = Alphabet(
            words={int(key): i for i, key in enumerate(config["words"], 1)},
            tags={tag: i for i, tag in enumerate(config["tags"], 1)},
            shapes={shape: i for i, shape in enumerate(config["shapes"], 1)},
            buckets=config["buckets"],
        )
        self.encoder = Encoder(alphabet, names, vectors.key2row)
        self._vectors = vectors
        self._threads = ThreadpoolController()
        moves, self._start, self._end = constraints(self.tags)
        self._moves = moves + self.weights["moves"]

    @classmethod
    def load(cls, folder: Path, vectors: Vectors) -> Tagger:
        """Read a model folder; OSError or ValueError if a file of it is unusable."""
        config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
        arrays: dict[str, Any] = load_file(folder / WEIGHTS)
        config["words"] = arrays.pop("words").tolist()
        names = NameTable(arrays.pop("name_keys"), arrays.pop("name_sorts"))
        return cls(arrays, config, names, vectors)

    def save(self, folder: Path) -> None:
        """Write weights and configuration into `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        config = {key: value for key, value in self.config.items() if key != "words"}
        text = json.dumps(config, ensure_ascii=False, indent=1)
        (folder / CONFIG).write_text(text + "\n", encoding="utf-8")
        arrays = {name: array.astype(np.float16) for name, array in self.weights.items()}
        names = self.encoder.names
        tables = {
            "words": np.array(self.config["words"], np.uint64),
            "name_keys": names.keys,
            "name_sorts": names.sorts,
        }
        save_file(arrays | tables, folder / WEIGHTS)

    def spans(self, view: View, rules: Sequence[Candidate], domain: str) -> list[Span]:
        """Return the names in the text, sorted and without overlap; `rules` likewise."""
        if not view.tokens:
            return []
        features = self.encoder.encode(view, rules)
        if not len(features.read):
            return []
        with self._threads.limit(limits=1):  # small products: a second thread only gets in the way
            scores = self.scores(features, domain)
        return self.read(view, features.read, self.decode(scores, features.sequences))

    def read(self, view: View, words: NDArray[np.int64], tags: NDArray[np.int64]) -> list[Span]:
        """Return the spans that the tags of `words` stand for."""
        spans: list[Span] = []
        first = 0
        inside = np.flatnonzero(tags)
        for i, tag in zip(words[inside].tolist(), tags[inside].tolist(), strict=True):
            position, label = self.tags[tag]
            if position in "BS":
                first = i
            if position in "ES":
                spans.append(Span(view.tokens[first].start, view.tokens[i].end, label))
        return spans

    @cached_property
    def _projected(self) -> FloatArray:
        """What every row of the word vectors says (rows + 1, v); 0: no vector."""
        rows = self._vectors.data.astype(np.float32)
        rows /= np.linalg.norm(rows, axis=1, keepdims=True) + np.float32(1e-6)
        rows = np.concatenate((np.zeros((1, rows.shape[1]), np.float32), rows))
        said: FloatArray = np.tanh(rows @ self.weights["vector"] + self.weights["vector_bias"])
        return said

    def scores(self, features: Features, domain: str) -> FloatArray:
        """Return a score per word and tag (n, t)."""
        w = self.weights
        distinct = np.concatenate(
            (
                w["word"][features.word],
                w["tag"][features.tag],
                w["shape"][features.shape],
                np.add.reduceat(w["gram"][features.grams], features.first_gram),
                self._projected[features.vector],
            ),
            axis=1,
        )
        gates = (distinct @ w["input"] + w["domain"][self.domains.index(domain)])[features.inverse]
        gates += w["rule"][features.rule]
        bits, inverse = np.unique(features.names, return_inverse=True)
        known = (bits[:, None] >> np.arange(NAME_BITS, dtype=np.uint64)) & np.uint64(1)
        gates += (known.astype(np.float32) @ w["names"])[inverse.reshape(-1)]
        states = _lstm(gates, w["recurrent"], features.sequences)
        scores: FloatArray = np.round(states @ w["out"] + w["out_bias"], _DECIMALS)
        return scores

    def decode(self, scores: FloatArray, sequences: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the best allowed tag per word (Viterbi over the stretches in doubt)."""
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


def _lstm(gates: FloatArray, recurrent: FloatArray, sequences: NDArray[np.int64]) -> FloatArray:
    """Run both directions over all sequences at once: (n, 8h) → (n, 2h)."""
    size = recurrent.shape[1]
    order = np.argsort(-sequences[:, 1], kind="stable")
    first, length = sequences[order].T
    last = first + length - 1
    gates = gates.reshape(len(gates), 2, 4 * size)
    states = np.empty((len(gates), 2, size), np.float32)
    hidden = np.zeros((2, len(first), size), np.float32)
    cell = np.zeros_like(hidden)
    for step in range(int(length[0])):
        alive = int(np.searchsorted(-length, -step))
        ahead, behind = first[:alive] + step, last[:alive] - step
        gate = hidden[:, :alive] @ recurrent
        gate[0] += gates[ahead, 0]
        gate[1] += gates[behind, 1]
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
        states[ahead, 0] = state[0]
        states[behind, 1] = state[1]
    return states.reshape(len(gates), 2 * size)
