"""Sentence vectors from word vectors over Sudachi's normalised forms, without torch or spaCy.

A sentence vector is the weighted sum of the rows of its words, scaled to unit length. Rows and
weights are small integers, so the sum is exact: neither the batch, the order of the words nor the
machine can change a bit of it.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np
import sudachipy
from numpy.typing import NDArray
from safetensors.numpy import load_file

from ronten import models
from ronten.key_halves import halves, whole
from ronten.sudachi import dictionary
from ronten.text.pieces import pieces

WEIGHTS = "model.safetensors"
CONFIG = "config.json"
_COUNTS, _KEYS = "key_counts", "keys"
HEAVIEST = 255
"""Weight of the rarest words and of unknown ones; weights are integers from 0."""


def word_key(word: str) -> int:
    """Return the 32-bit key of a word in the table."""
    return _hashed(word) >> 32


def character_grams(word: str) -> list[str]:
    """Return what stands for an unknown word: itself if it holds a digit, else its trigrams."""
    marked = f"<{word.casefold()}>"
    if any(character.isdigit() for character in word):
        return [marked]
    return [marked[i : i + 3] for i in range(len(marked) - 2)]


def _hashed(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")


@dataclass
class WordVectors:
    """A table of word vectors and the tokeniser that belongs to it.

    `keys` (uint32, sorted), `rows` (uint16) and `weights` (uint8) have one element per word;
    several words may share a row of `vectors` (int8). The last `fallback` rows stand for the
    character trigrams of unknown words. Not to be shared between threads (Sudachi is not).
    """

    keys: NDArray[np.uint32]
    rows: NDArray[np.uint16]
    weights: NDArray[np.uint8]
    vectors: NDArray[np.int8]
    fallback: int
    split_mode: str = "A"
    _tokenizer: Any = field(init=False, repr=False)
    _known: dict[str, list[tuple[int, int]]] = field(init=False, repr=False, default_factory=dict)
    _parts: dict[int, str] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        mode = getattr(sudachipy.SplitMode, self.split_mode)
        self._tokenizer = dictionary().create(mode=mode)

    # Eight times the size of `vectors`; whoever looks only words up does without.
    @cached_property
    def _table(self) -> NDArray[np.float64]:
        return self.vectors.astype(np.float64)

    @cached_property
    def _length(self) -> float:
        return float(np.linalg.norm(self._table, axis=1).mean())

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return int(self.vectors.shape[1])

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the table from a model folder; OSError or ValueError if a file is unusable."""
        config = json.loads((path / CONFIG).read_text(encoding="utf-8"))
        table: dict[str, Any] = load_file(path / WEIGHTS)
        if _COUNTS not in table:
            raise ValueError(f"{path / WEIGHTS}: of an earlier ronten; take the folder that ships")
        keys = whole(table.pop(_COUNTS), table.pop(_KEYS))
        return cls(keys, **table, **config)

    @classmethod
    def shipped(cls) -> Self:
        """Find, verify and read the embedding that ships; raises ModelNotFound."""
        path = models.sound("embedding")
        return cls.load(path)

    def save(self, path: Path) -> None:
        """Write weights and configuration into a folder; equal tables give equal bytes."""
        tensors = {name: getattr(self, name) for name in ("rows", "weights", "vectors")}
        tensors |= zip((_COUNTS, _KEYS), halves(self.keys), strict=True)
        models.save_arrays(tensors, path / WEIGHTS)
        config = {"fallback": self.fallback, "split_mode": self.split_mode}
        (path / CONFIG).write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")

    def words(self, text: str) -> list[str]:
        """Return Sudachi's normalised forms of the words of `text`."""
        return [
            word.normalized_form()
            for part in pieces(text)
            for word in self._tokenizer.tokenize(part)
        ]

    def tagged(self, text: str) -> list[tuple[str, str]]:
        """Return normalised form and part of speech (名詞, 数詞, 動詞 …) of the words."""
        return [
            (word.normalized_form(), self._speech(word))
            for part in pieces(text)
            for word in self._tokenizer.tokenize(part)
        ]

    def _speech(self, word: sudachipy.Morpheme) -> str:
        number = word.part_of_speech_id()
        if number not in self._parts:
            name, kind = word.part_of_speech()[:2]
            self._parts[number] = kind if kind == "数詞" else name
        return self._parts[number]

    def encode(self, texts: list[str]) -> NDArray[np.float32]:
        """Return one unit vector per text, shape (len(texts), dim).

        A text without a single letter or digit has no direction: its vector is zero.
        """
        return self.encode_words(map(self.words, texts))

    def encode_words(self, texts: Iterable[Sequence[str]]) -> NDArray[np.float32]:
        """Do what `encode` does, for texts that are split into words."""
        from scipy.sparse import csr_array  # 0.1 s, and most articles take no side

        ids: list[int] = []
        weights: list[int] = []
        ends = [0]
        for words in texts:
            for word in words:
                for row, weight in self.lookup(word):
                    ids.append(row)
                    weights.append(weight)
            ends.append(len(ids))
        shape = (len(ends) - 1, len(self._table))
        # Integers below 2**53 in float64: the sums are exact in any order.
        bags = csr_array((np.array(weights, dtype=np.float64), np.array(ids), ends), shape=shape)
        sums = bags @ self._table
        lengths = np.sqrt(np.square(sums).sum(axis=1, keepdims=True))
        return np.asarray(sums / np.where(lengths == 0, 1, lengths), dtype=np.float32)

    def vector(self, word: str) -> NDArray[np.float32]:
        """Return the vector of one word, about unit length; zero where it says nothing."""
        found = self.lookup(word)
        rows = self._table[[row for row, _ in found]]
        share = np.array([weight for _, weight in found]) / max((w for _, w in found), default=1)
        return np.asarray(share @ rows / self._length / math.sqrt(max(len(found), 1)), np.float32)

    def lookup(self, word: str) -> list[tuple[int, int]]:
        """Return the rows of a word and their weights: several rows where it is unknown."""
        found = self._known.get(word)
        if found is None:
            if len(self._known) >= 1_000_000:  # bounds the memory of long runs
                self._known.clear()
            found = self._known[word] = self._find(word)
        return found

    def _find(self, word: str) -> list[tuple[int, int]]:
        if not any(character.isalnum() for character in word):
            return []
        for form in (word, word.casefold()):
            key = np.uint32(word_key(form))
            place = int(np.searchsorted(self.keys, key))
            if place < len(self.keys) and self.keys[place] == key:
                return [(int(self.rows[place]), int(self.weights[place]))]
        grams = character_grams(word)
        first = len(self.vectors) - self.fallback
        weight = round(HEAVIEST / math.sqrt(len(grams)))  # together about as long as one word
        return [(first + _hashed(gram) % self.fallback, weight) for gram in grams]
