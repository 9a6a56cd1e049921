"""The trained tagger of names: a small bidirectional LSTM with a Viterbi decoder.

It reads what the rules found as features and decides what is a name of which label; where it is in
doubt, a pretrained encoder is asked as well. Trained by `ronten.train.ner`; a text's result depends
on that text alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file
from spacy.vectors import Vectors
from threadpoolctl import ThreadpoolController

from ronten.components.mentions.decide import believed
from ronten.components.mentions.discourse import Span
from ronten.components.mentions.encoder import NamesEncoder
from ronten.components.mentions.features import (
    NAME_BITS,
    Alphabet,
    Encoder,
    Features,
)
from ronten.components.mentions.name_table import ARRAYS, NameTable
from ronten.components.mentions.view import Candidate, View
from ronten.components.sequence import (
    Decoder,
    FloatArray,
    KeptRows,
    batches,
    lstm_of,
    only,
    packed,
    rounded,
    unit_rows,
    unpacked,
)
from ronten.components.word_encoder import mean
from ronten.types import Label

WEIGHTS = "model.safetensors"
CONFIG = "config.json"
PACKED = ("word", "gram")
"""The two large tables, which are stored in 8 bits."""
DOUBT = 0.1
"""Where what a word is (of which label, or no name) has less than one less this chance, the encoder
is asked."""


class Tagger:
    """Weights, their alphabet and the table of names.

    `weights` (float16 in the file, those of `PACKED` int8 with a scale per row): `word tag shape
    gram` (rows of embeddings), `vector` (300, v)
    and `vector_bias`, `input` (the widths of these five together, 8h), `rule names domain` (rows,
    8h), `recurrent` (2, h, 4h), `out` (2h, t), `out_bias`, `moves` (t, t). Directions (ahead,
    behind) stand before gates (input, forget, output, new). An `encoder` is asked where the tagger
    is in doubt: the mean decides.
    """

    def __init__(
        self,
        weights: Mapping[str, NDArray[Any]],
        config: Mapping[str, Any],
        names: NameTable,
        vectors: Vectors,
        encoder: NamesEncoder | None = None,
    ) -> None:
        self.config = config
        self.weights = {name: array.astype(np.float32) for name, array in weights.items()}
        out, bias, moves = (self.weights[name] for name in ("out", "out_bias", "moves"))
        if encoder is not None:
            moves = mean(moves, encoder.head.moves)
        self.decoder = Decoder(config["labels"], out, bias, moves)
        self._second = encoder
        kinds = [believed(tag.label) for tag in self.decoder.tags]
        # What tags count as: chances (n, t) times this are those of labels, and of no name.
        self._kinds = np.array([[kind == other for other in (None, *Label)] for kind in kinds])
        self.domains: list[str] = config["domains"]
        alphabet = Alphabet(
            words={int(key): i for i, key in enumerate(config["words"], 1)},
            tags={tag: i for i, tag in enumerate(config["tags"], 1)},
            shapes={shape: i for i, shape in enumerate(config["shapes"], 1)},
            buckets=config["buckets"],
        )
        self.encoder = Encoder(alphabet, names, vectors.key2row)
        self._vectors = vectors
        self._kept = KeptRows(len(self.weights["input"]))
        self._threads = ThreadpoolController()

    @classmethod
    def load(cls, folder: Path, vectors: Vectors, encoder: NamesEncoder | None = None) -> Tagger:
        """Read a model folder; OSError or ValueError if a file of it is unusable."""
        config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
        arrays: dict[str, Any] = load_file(folder / WEIGHTS)
        config["words"] = arrays.pop("words").tolist()
        names = NameTable.read({name: arrays.pop(name) for name in ARRAYS})
        for name in PACKED:
            arrays[name] = unpacked(arrays[name], arrays.pop(f"{name}_scale"))
        return cls(arrays, config, names, vectors, encoder)

    def save(self, folder: Path) -> None:
        """Write weights and configuration into `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        config = {key: value for key, value in self.config.items() if key != "words"}
        text = json.dumps(config, ensure_ascii=False, indent=1)
        (folder / CONFIG).write_text(text + "\n", encoding="utf-8")
        arrays: dict[str, Any] = {}
        for name, array in self.weights.items():
            if name in PACKED:
                arrays[name], arrays[f"{name}_scale"] = packed(array)
            else:
                arrays[name] = array.astype(np.float16)
        words = np.array(self.config["words"], np.uint64)
        save_file(arrays | {"words": words} | self.encoder.names.arrays(), folder / WEIGHTS)

    def spans(self, view: View, rules: Sequence[Candidate], domain: str) -> list[Span]:
        """Return the names in the text, sorted and without overlap; `rules` likewise."""
        if not view.tokens:
            return []
        features = self.encoder.encode(view, rules)
        if not len(features.read):
            return []
        with self._threads.limit(limits=1):  # small products: a second thread only gets in the way
            scores = self.scores(features, domain)
            if self._second is not None:
                self._ask(self._second, scores, view, features, domain)
        return self.read(view, features.read, self.decoder.decode(scores, features.sequences))

    def _ask(
        self, encoder: NamesEncoder, scores: FloatArray, view: View, features: Features, domain: str
    ) -> None:
        """Join what `encoder` says of the sentences in which the tagger is in doubt of a word."""
        sequences = features.sequences
        stretches = self.decoder.doubted(scores, sequences)
        if not len(stretches):
            return
        words, _ = only(stretches)
        chances = self.decoder.chances(scores, stretches)[words] @ self._kinds
        chance = rounded(chances.max(axis=1))
        doubted = words[chance < 1 - DOUBT]
        asked = np.unique(np.searchsorted(sequences[:, 0], doubted, "right") - 1)
        if not len(asked):
            return
        theirs = encoder.scores(view, features.read, sequences[asked], self.domains.index(domain))
        words, _ = only(sequences[asked])
        scores[words] = rounded(mean(scores[words], theirs))

    def read(self, view: View, words: NDArray[np.int64], tags: NDArray[np.int64]) -> list[Span]:
        """Return the spans that the tags of `words` stand for."""
        inside = np.flatnonzero(tags)
        at = words[inside].tolist()
        return [
            Span(view.tokens[at[first]].start, view.tokens[at[last]].end, label)
            for first, last, label in self.decoder.spans(tags[inside].tolist())
        ]

    @cached_property
    def _projected(self) -> FloatArray:
        """What every row of the word vectors says (rows + 1, v); 0: no vector."""
        rows = unit_rows(self._vectors.data)
        said: FloatArray = np.tanh(rows @ self.weights["vector"] + self.weights["vector_bias"])
        return said

    def _inputs(self, features: Features, chosen: list[int]) -> FloatArray:
        """Return what some of the distinct words of a text are described by."""
        w = self.weights
        words = [features.words[i] for i in chosen]
        word, tag, form, vector = np.array([own.own for own in words]).T
        grams = [own.grams for own in words]
        sizes = np.array([len(own) for own in grams])
        return np.concatenate(
            (
                w["word"][word],
                w["tag"][tag],
                w["shape"][form],
                np.add.reduceat(w["gram"][np.concatenate(grams)], np.cumsum(sizes) - sizes),
                self._projected[vector],
            ),
            axis=1,
        )

    def scores(self, features: Features, domain: str) -> FloatArray:
        """Return a score per word and tag (n, t)."""
        w = self.weights
        distinct = self._kept.of(features.key.tolist(), partial(self._inputs, features))
        own = distinct @ w["input"]
        own += w["domain"][self.domains.index(domain)]
        scores = []
        for batch, sequences in batches(features.sequences):
            gates = self._gates(
                own, features.inverse[batch], features.rule[batch], features.names[batch]
            )
            scores.append(self.decoder.scores(lstm_of([gates], w["recurrent"], sequences)))
        return np.concatenate(scores)

    def _gates(
        self,
        own: FloatArray,
        inverse: NDArray[np.int64],
        rule: NDArray[np.int64],
        names: NDArray[np.uint64],
    ) -> tuple[FloatArray, NDArray[np.int64]]:
        """Return different gates of some words, and which of them are those of each word.

        Most words are in no rule's name and in no table, and share the gates of their like.
        """
        w = self.weights
        apart = np.flatnonzero((rule > 0) | (names > 0))
        bits, known = np.unique(names[apart], return_inverse=True)
        sorts = (bits[:, None] >> np.arange(NAME_BITS, dtype=np.uint64)) & np.uint64(1)
        gates = np.empty((len(own) + len(apart), own.shape[1]), np.float32)
        plain, marked = gates[: len(own)], gates[len(own) :]
        np.add(own, w["rule"][0], out=plain)
        np.add(own[inverse[apart]], w["rule"][rule[apart]], out=marked)
        marked += (sorts.astype(np.float32) @ w["names"])[known.reshape(-1)]
        rows = inverse.copy()
        rows[apart] = np.arange(len(plain), len(gates))
        return gates, rows
