"""Our dependency parser: window convolutions over a sentence, a score for every pair of tokens.

It has learned from GiNZA's parser, by `ronten.train.parser`, what hangs on what. A sentence's tree
depends on its article alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file
from spacy.attrs import MORPH, NORM, ORTH, TAG
from spacy.tokens import Doc
from spacy.vocab import Vocab
from threadpoolctl import ThreadpoolController

from ronten import models
from ronten.components.sequence import FloatArray, unit_rows
from ronten.components.trees import tree

WEIGHTS = "model.safetensors"
CONFIG = "config.json"
LONGEST = 250
"""Tokens of the longest sentence that can be parsed."""
ROOT = "ROOT"
"""The relation of the token that depends on nothing; the first of the relations."""
DEPTHS = 4
"""How many brackets a token is told to stand in, at most, and none."""
_OPENING = frozenset("「『（(［[〈《【“‘{")
_CLOSING = frozenset("」』）)］]〉》】”’}")
_STEPS = (1, 2, 3, 4, 5, 6, 8, 12, 16, 24, 32, 48, 64)
DISTANCES = 2 * len(_STEPS) + 1
"""Ranges that the distance from a token to its head is told apart by, and its direction."""
ENDS = len(_STEPS)
"""Ranges of the distance to the end of the sentence."""
# Tokens computed at once: as many as stay in the cache.
_BATCH_TOKENS = 600
# Scores are rounded before they decide: a product's last bit may differ between machines.
_DECIMALS = 3
_KEPT = 100_000


def _distances() -> NDArray[np.int64]:
    """Return the range of the distance from every place (row) to every other (column)."""
    places = np.arange(LONGEST)
    apart = places - places[:, None]
    far = np.searchsorted(_STEPS, np.abs(apart), side="right")
    return np.asarray(len(_STEPS) + np.sign(apart) * far)


BETWEEN = _distances()
"""(LONGEST, LONGEST) range of the distance from a place to another."""


class Alphabet(NamedTuple):
    """The known values of a word's own features; 0 stands for all others."""

    words: Mapping[int, int]
    """Hash of a word as written → id."""
    tags: Mapping[str, int]
    forms: Mapping[str, int]


class Features(NamedTuple):
    """The features of the tokens of some sentences (n), over the distinct ones among them (u)."""

    own: NDArray[np.int64]
    """(u, 4) word, tag, form and row of the word vectors plus 1."""
    inverse: NDArray[np.int64]
    """(n,) distinct word of every token."""
    depth: NDArray[np.int64]
    """(n,) brackets it stands in."""
    end: NDArray[np.int64]
    """(n,) range of the distance to the end of its sentence."""


class Outputs(NamedTuple):
    """What the network says of every token (n, ·); the columns of `out`."""

    dependent: FloatArray
    """Times another token's `head`: how much it wants that head (n, a)."""
    head: FloatArray
    below: FloatArray
    """With its head's `above`: which relation they have (n, a)."""
    above: FloatArray
    distance: FloatArray
    """How much it wants a head so far away (n, DISTANCES)."""
    any: FloatArray
    """How much it is anybody's head (n, 1)."""
    root: FloatArray
    """How much it is the root (n, 1)."""


def token_keys(doc: Doc) -> NDArray[np.uint64]:
    """Return what the encoder knows tokens by (n, 4): spaCy's hashes of word, tag, normal form and
    inflection.
    """
    keys: NDArray[np.uint64] = doc.to_array([ORTH, TAG, NORM, MORPH])
    return keys.reshape(-1, 4)


def conjugation(features: str) -> str:
    """Return the form (連用形-一般 …) out of a token's morphological features, "" without one."""
    for feature in features.split("|"):
        if feature.startswith("Inflection="):
            return feature.rpartition(";")[2]
    return ""


class Encoder:
    """Makes `Features`; keeps what it has worked out for words seen before."""

    def __init__(self, alphabet: Alphabet, vocab: Vocab) -> None:
        self.alphabet = alphabet
        self._strings = vocab.strings
        self._rows = vocab.vectors.key2row
        self._seen: dict[tuple[int, ...], tuple[int, ...]] = {}

    def encode(self, keys: NDArray[np.uint64], sizes: NDArray[np.int64]) -> Features:
        """Return the features of the tokens of `keys` (n, 4), in sentences of the given sizes."""
        if len(self._seen) > _KEPT:
            self._seen.clear()
        ids: dict[tuple[int, ...], int] = {}
        inverse = np.array([ids.setdefault(key, len(ids)) for key in map(tuple, keys.tolist())])
        own = np.array([self._seen.get(key) or self._word(key) for key in ids])
        ends = np.cumsum(sizes)
        opened, closed = (own[:, 4] == sign for sign in (1, -1))
        before = np.cumsum(own[inverse, 4]) - opened[inverse]
        starts = ends - sizes
        at_start = before[starts] + closed[inverse[starts]]
        depth = before - np.repeat(at_start, sizes)
        left = np.repeat(ends, sizes) - np.arange(len(inverse))
        end = np.searchsorted(_STEPS, left, side="right") - 1
        return Features(own[:, :4], inverse, np.clip(depth, 0, DEPTHS - 1), end)

    def _word(self, key: tuple[int, ...]) -> tuple[int, ...]:
        """Return word, tag, form, row, and whether it opens (1) or closes (-1) a bracket."""
        orth, tag, norm, morph = key
        row = self._rows.get(orth, self._rows.get(norm, -1))
        text = self._strings[orth]
        known = self.alphabet
        self._seen[key] = found = (
            known.words.get(orth, 0),
            known.tags.get(self._strings[tag], 0),
            known.forms.get(conjugation(self._strings[morph]), 0),
            row + 1,
            (text in _OPENING) - (text in _CLOSING),
        )
        return found


class Parser:
    """Weights and their alphabet.

    `weights` (float16 in the file): `word tag form` (rows of embeddings), `vector` (300, v) and
    `vector_bias`, `input` (the widths of these four together, w), `input_bias`, `depth` (DEPTHS, w)
    and `end` (ENDS, w), `window` (layers, w, 3w: what a token gives to the one behind it, to
    itself and to the one before it) and `window_bias`, `out` (w, 4a + DISTANCES + 2: the columns of
    `Outputs`) and `out_bias`, `far` (DISTANCES, a: what the distance says of the relation),
    `relation` (a, relations) and `relation_bias`.
    """

    def __init__(
        self, weights: Mapping[str, NDArray[Any]], config: Mapping[str, Any], vocab: Vocab
    ) -> None:
        self.config = config
        self.weights = {name: array.astype(np.float32) for name, array in weights.items()}
        self.relations: list[str] = config["relations"]
        self.dilations: list[int] = config["dilations"]
        alphabet = Alphabet(
            words={int(key): i for i, key in enumerate(config["words"], 1)},
            tags={tag: i for i, tag in enumerate(config["tags"], 1)},
            forms={form: i for i, form in enumerate(config["forms"], 1)},
        )
        self.encoder = Encoder(alphabet, vocab)
        self._vectors = vocab.vectors
        self._threads = ThreadpoolController()

    @classmethod
    def shipped(cls, vocab: Vocab) -> Parser:
        """Find, verify and read the parser that ships; raises ModelNotFound."""
        folder = models.sound("parser")
        return cls.load(folder, vocab)

    @classmethod
    def load(cls, folder: Path, vocab: Vocab) -> Parser:
        """Read a model folder; OSError or ValueError if a file of it is unusable."""
        config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
        arrays: dict[str, Any] = load_file(folder / WEIGHTS)
        config["words"] = arrays.pop("words").tolist()
        return cls(arrays, config, vocab)

    def save(self, folder: Path) -> None:
        """Write weights and configuration into `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        config = {key: value for key, value in self.config.items() if key != "words"}
        text = json.dumps(config, ensure_ascii=False, indent=1)
        (folder / CONFIG).write_text(text + "\n", encoding="utf-8")
        arrays = {name: array.astype(np.float16) for name, array in self.weights.items()}
        words = np.array(self.config["words"], np.uint64)
        models.save_arrays({**arrays, "words": words}, folder / WEIGHTS)

    def parse(
        self, keys: NDArray[np.uint64], sizes: Sequence[int]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Parse sentences of an article, of at most `LONGEST` tokens each.

        Args:
            keys: `token_keys` of their tokens, one sentence behind the other.
            sizes: how many tokens each has.

        Returns:
            How far off the head of every token is (0: the root), and the number of its relation.
        """
        heads = [np.zeros(0, np.int64)]
        relations = [np.zeros(0, np.int64)]
        with self._threads.limit(limits=1):  # small products: a second thread gets in the way
            for first, last, batch in _batches(sizes):
                features = self.encoder.encode(keys[first:last], batch)
                found, named = self.read(features, batch)
                heads.append(found - np.arange(len(found)))
                relations.append(named)
        return np.concatenate(heads), np.concatenate(relations)

    def read(
        self, features: Features, sizes: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the head of every token, counted over all sentences, and its relation."""
        w = self.weights
        said = self.outputs(features, sizes)
        heads = np.empty(len(said.root), np.int64)
        distance = np.empty(len(heads), np.int64)
        ends = np.cumsum(sizes)
        for first, last in zip((ends - sizes).tolist(), ends.tolist(), strict=True):
            own = tree(np.round(self.scores(said, first, last), _DECIMALS))
            heads[first:last] = own + first
            distance[first:last] = BETWEEN[np.arange(last - first), own]
        hidden = said.below + said.above[heads]
        hidden += w["far"][distance]
        np.maximum(hidden, 0, out=hidden)
        scores = np.round(hidden @ w["relation"] + w["relation_bias"], _DECIMALS)
        relations = 1 + scores[:, 1:].argmax(axis=1)
        relations[heads == np.arange(len(heads))] = 0
        return heads, relations

    def outputs(self, features: Features, sizes: NDArray[np.int64]) -> Outputs:
        """Return what the network says of every token."""
        width = self.weights["far"].shape[1]
        out = self.states(features, sizes) @ self.weights["out"]
        out += self.weights["out_bias"]
        parts = np.cumsum([width, width, width, width, DISTANCES, 1])
        return Outputs(*np.split(out, parts, axis=1))

    def scores(self, said: Outputs, first: int, last: int) -> FloatArray:
        """Return a score for every head of the tokens `first … last-1`, a sentence (see `tree`)."""
        count = last - first
        scores: FloatArray = said.dependent[first:last] @ said.head[first:last].T
        between = BETWEEN[:count, :count]
        scores += np.take_along_axis(said.distance[first:last], between, axis=1)
        scores += said.any[first:last, 0]
        np.fill_diagonal(scores, said.root[first:last, 0])
        return scores

    @cached_property
    def _projected(self) -> FloatArray:
        """What every row of the word vectors says (rows + 1, v); 0: no vector."""
        rows = unit_rows(self._vectors.data)
        said: FloatArray = np.tanh(rows @ self.weights["vector"] + self.weights["vector_bias"])
        return said

    def states(self, features: Features, sizes: NDArray[np.int64]) -> FloatArray:
        """Return what the network makes of every token in its sentence (n, w)."""
        w = self.weights
        word, tag, form, vector = features.own.T
        own = np.concatenate(
            (w["word"][word], w["tag"][tag], w["form"][form], self._projected[vector]), axis=1
        )
        inputs = (own @ w["input"] + w["input_bias"])[features.inverse]
        inputs += w["depth"][features.depth]
        inputs += w["end"][features.end]
        # Rows of zeros around every sentence keep its windows from its neighbours.
        gap = max(self.dilations)
        count, width = inputs.shape
        at = np.arange(count) + gap * (1 + np.repeat(np.arange(len(sizes)), sizes))
        states = np.zeros((count + gap * (len(sizes) + 1), width), np.float32)
        states[at] = inputs
        outside = np.ones(len(states), bool)
        outside[at] = False
        for dilation, window, bias in zip(
            self.dilations, w["window"], w["window_bias"], strict=True
        ):
            size = np.einsum("ij,ij->i", states, states) / np.float32(width) + np.float32(1e-6)
            seen = (states / np.sqrt(size)[:, None]) @ window
            added = seen[:, width : 2 * width] + bias
            added[dilation:] += seen[:-dilation, :width]
            added[:-dilation] += seen[dilation:, 2 * width :]
            np.maximum(added, 0, out=added)
            added[outside] = 0
            states += added
        inside: FloatArray = states[at]
        return inside


def _batches(sizes: Sequence[int]) -> Iterator[tuple[int, int, NDArray[np.int64]]]:
    """Yield first token, last token and sizes of sentences that are computed at once."""
    first = last = 0
    batch: list[int] = []
    for size in sizes:
        if batch and last + size - first > _BATCH_TOKENS:
            yield first, last, np.array(batch)
            first, batch = last, []
        batch.append(size)
        last += size
    if batch:
        yield first, last, np.array(batch)
