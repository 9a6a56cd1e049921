"""A small network that reads two texts word by word and says how they stand to each other.

Each text is read once by a bidirectional LSTM over the rows of the embedding model; a pair is then
compared by attention between its words (decomposable attention over LSTM states, as in ESIM).
Trained in torch by `ronten.train.pairs`, computed here in NumPy; `same_point` and `stance` use it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file
from threadpoolctl import ThreadpoolController

from ronten import models
from ronten.components.sequence import FloatArray, lstm, softmax
from ronten.word_vectors import WordVectors

WEIGHTS = "model.safetensors"
CONFIG = "config.json"
LONGEST = 60
"""Words of a text that are read, the last ones: Japanese puts the predicate there."""
SPEECH = tuple(
    "名詞 数詞 代名詞 形状詞 連体詞 副詞 接続詞 感動詞 動詞 形容詞 助動詞 助詞 接頭辞 接尾辞".split(
        " "
    )
)
"""Parts of speech that are read; punctuation is not. Kind 0 is no word."""
EXTRAS = 6
"""Numbers about a pair beside what its words say (`extras`)."""
_PAIRS = 128
_KEPT = 50_000
"""Texts whose words are kept."""
_TEXTS = 2_000
"""Texts whose gates are held at once."""
_DECIMALS = 3  # scores are rounded: a product's last bit may differ with its batch
_NOTHING = np.float32(-1e9)
_KINDS = {name: number for number, name in enumerate(SPEECH, 1)}


Split = Callable[[str], list[tuple[str, str]]]


class Words(NamedTuple):
    """Texts as the network sees them, one behind the other.

    `rows` (n,) is the place of a word in `vectors` (words, dim), the same for the same word;
    `kinds` (n,) its part of speech; `starts` and `sizes` (t,) cut the texts; `sentences` (t, dim)
    are their unit vectors.
    """

    rows: NDArray[np.int64]
    kinds: NDArray[np.int64]
    starts: NDArray[np.int64]
    sizes: NDArray[np.int64]
    vectors: FloatArray
    sentences: FloatArray


class Read(NamedTuple):
    """Texts that have been read: (n, h) what a word means alone, and where it stands."""

    words: Words
    alone: FloatArray
    states: FloatArray


def words_of(table: WordVectors, texts: Sequence[str], split: Split | None = None) -> Words:
    """Split texts into words; a text without any is one word that says nothing.

    `split` gives what `table.tagged` gives, perhaps from memory.
    """
    tagged = [(split or table.tagged)(text) for text in texts]
    known: dict[str, int] = {"": 0}
    rows: list[int] = []
    kinds: list[int] = []
    sizes: list[int] = []
    for words in tagged:
        found = [(word, _KINDS[part]) for word, part in words if part in _KINDS]
        found = found[-LONGEST:] or [("", 0)]
        rows += [known.setdefault(word, len(known)) for word, _ in found]
        kinds += [kind for _, kind in found]
        sizes.append(len(found))
    ends = np.cumsum(sizes, dtype=np.int64)
    return Words(
        np.array(rows, np.int64),
        np.array(kinds, np.int64),
        ends - np.array(sizes, np.int64),
        np.array(sizes, np.int64),
        np.stack([table.vector(word) for word in known]),
        table.encode_words([word for word, _ in words] for words in tagged),
    )


class Padded(NamedTuple):
    """Some texts side by side (b, l): places of their words, and where there is one."""

    at: NDArray[np.int64]
    mask: NDArray[np.bool_]


def padded(words: Words, texts: NDArray[np.int64]) -> Padded:
    """Put texts of different lengths side by side."""
    sizes = words.sizes[texts]
    steps = np.arange(int(sizes.max()))
    mask = steps < sizes[:, None]
    return Padded(np.where(mask, words.starts[texts][:, None] + steps, 0), mask)


def shared(words: Words, first: Padded, second: Padded) -> NDArray[np.bool_]:
    """Return which words of two texts are the same (b, l, m)."""
    one, other = words.rows[first.at], words.rows[second.at]
    same = (one[:, :, None] == other[:, None, :]) & (one > 0)[:, :, None]
    both: NDArray[np.bool_] = same & first.mask[:, :, None] & second.mask[:, None, :]
    return both


def extras(words: Words, pairs: NDArray[np.int64], same: NDArray[np.bool_]) -> FloatArray:
    """Return the numbers about some pairs (b, EXTRAS).

    Cosine of the texts, the share of each text's words that the other has, the product of the two
    shares, and the lengths.
    """
    first, second = pairs.T
    cosine = (words.sentences[first] * words.sentences[second]).sum(axis=1)
    one, other = words.sizes[first], words.sizes[second]
    mine, theirs = same.any(axis=2).sum(axis=1) / one, same.any(axis=1).sum(axis=1) / other
    columns = (cosine, mine, theirs, mine * theirs, one / 20, other / 20)
    return np.stack(columns, axis=1).astype(np.float32)


class PairNetwork:
    """Weights (float16 in the file) and what they were made for.

    `project` (dim, h), `project_bias`; `kind` (kinds, k); `input` (h + k, g), `bias` (g),
    `recurrent` (2, h / 2, 2h); `attend` (h, h), `attend_same` (1,); `compare` (4h + 1, h),
    `compare_bias`; `hidden` (4h + EXTRAS, h), `hidden_bias`; `out` (h, labels), `out_bias`.
    """

    def __init__(
        self, weights: Mapping[str, NDArray[Any]], config: Mapping[str, Any], table: WordVectors
    ) -> None:
        self.weights = {name: array.astype(np.float32) for name, array in weights.items()}
        self.config = config
        self.table = table
        self._threads = ThreadpoolController()
        # A claim is compared again and again, and splitting it takes longer than reading it.
        self._split = lru_cache(_KEPT)(self._tagged)
        self._pairs: dict[tuple[str, str], tuple[str, str]] = {}

    @classmethod
    def load(cls, name: str, folder: Path | None = None) -> Self:
        """Find, verify and read the model `name` and the embedding it was trained with.

        Raises ModelNotFound.
        """
        path = models.sound(name, folder)
        config = json.loads((path / CONFIG).read_text(encoding="utf-8"))
        arrays: dict[str, Any] = load_file(path / WEIGHTS)
        return cls(arrays, config, WordVectors.shipped())

    def save(self, path: Path) -> None:
        """Write weights and configuration into a folder; equal networks give equal bytes."""
        path.mkdir(parents=True, exist_ok=True)
        text = json.dumps(self.config, ensure_ascii=False, indent=1)
        (path / CONFIG).write_text(text + "\n", encoding="utf-8")
        arrays = {name: array.astype(np.float16) for name, array in self.weights.items()}
        models.save_arrays(arrays, path / WEIGHTS)

    def read(self, texts: Sequence[str]) -> Read:
        """Read some texts, each for itself."""
        w = self.weights
        words = words_of(self.table, texts, self._split)
        with self._threads.limit(limits=1):  # small products: a second thread gets in the way
            meaning = np.tanh(words.vectors @ w["project"] + w["project_bias"])
            alone = meaning[words.rows]
            states = np.empty_like(alone)
            for start in range(0, len(texts), _TEXTS):
                starts, sizes = (
                    words.starts[start : start + _TEXTS],
                    words.sizes[start : start + _TEXTS],
                )
                part = slice(int(starts[0]), int(starts[-1] + sizes[-1]))
                inputs = np.concatenate((alone[part], w["kind"][words.kinds[part]]), axis=1)
                gates = inputs @ w["input"] + w["bias"]
                cut = np.column_stack((starts - starts[0], sizes))
                states[part] = lstm(gates, w["recurrent"], cut)
        return Read(words, alone, states)

    def _tagged(self, text: str) -> list[tuple[str, str]]:
        """Split a text; equal words are one object, so that many texts can be kept."""
        return [self._pairs.setdefault(pair, pair) for pair in self.table.tagged(text)]

    def scores(self, read: Read, pairs: NDArray[np.int64]) -> FloatArray:
        """Return the scores of some pairs of texts (p, labels); `pairs` (p, 2) are their places."""
        found = np.empty((len(pairs), len(self.weights["out_bias"])), np.float32)
        # Pairs of like lengths together: less padding.
        order = np.lexsort((read.words.sizes[pairs[:, 1]], read.words.sizes[pairs[:, 0]]))
        with self._threads.limit(limits=1):
            for start in range(0, len(pairs), _PAIRS):
                rows = order[start : start + _PAIRS]
                found[rows] = self._scores(read, pairs[rows])
        return np.asarray(np.round(found, _DECIMALS), np.float32)

    def _scores(self, read: Read, pairs: NDArray[np.int64]) -> FloatArray:
        w = self.weights
        words = read.words
        first, second = padded(words, pairs[:, 0]), padded(words, pairs[:, 1])
        same = shared(words, first, second)
        one, other = read.states[first.at], read.states[second.at]
        match = (read.alone[first.at] @ w["attend"]) @ read.alone[second.at].transpose(0, 2, 1)
        match += w["attend_same"] * same
        forward = softmax(np.where(second.mask[:, None, :], match, _NOTHING), 2)
        backward = softmax(np.where(first.mask[:, :, None], match, _NOTHING), 1)
        mine = self._compared(one, forward @ other, same.max(axis=2), first.mask)
        theirs = self._compared(
            other, backward.transpose(0, 2, 1) @ one, same.max(axis=1), second.mask
        )
        more = extras(words, pairs, same)
        if self.config["symmetric"]:
            mine, theirs = mine + theirs, np.abs(mine - theirs)
            more = symmetric(more)
        joined = np.concatenate((mine, theirs, more), axis=1)
        hidden = np.maximum(joined @ w["hidden"] + w["hidden_bias"], 0)
        return np.asarray(hidden @ w["out"] + w["out_bias"], np.float32)

    def _compared(
        self,
        states: FloatArray,
        aligned: FloatArray,
        same: NDArray[np.bool_],
        mask: NDArray[np.bool_],
    ) -> FloatArray:
        """Return mean and maximum of what the words of a text say beside the other's (b, 2h)."""
        parts = (states, aligned, states * aligned, np.abs(states - aligned), same[..., None])
        said = np.concatenate(parts, axis=2, dtype=np.float32) @ self.weights["compare"]
        said = np.maximum(said + self.weights["compare_bias"], 0) * mask[..., None]
        mean = said.sum(axis=1) / mask.sum(axis=1, keepdims=True)
        return np.concatenate((mean, said.max(axis=1)), axis=1)


def symmetric(more: FloatArray) -> FloatArray:
    """Return `extras` in a form that does not tell the first text from the second."""
    cosine, mine, theirs, product, one, other = more.T
    columns = (cosine, mine + theirs, np.abs(mine - theirs), product, one + other,
               np.abs(one - other))  # fmt: skip
    return np.stack(columns, axis=1)
