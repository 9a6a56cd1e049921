"""The trained tagger of claims: contents, reporting words, sources, and the writer's own clauses.

It reads what the rules make of a sentence as features and decides. Trained by
`ronten.train.claims`; a sentence's result depends on that sentence alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file
from spacy.vocab import Vocab
from threadpoolctl import ThreadpoolController

from ronten import models
from ronten.components.claims.encoder import HEADS, ClaimEncoder
from ronten.components.claims.features import (
    CONTEXT,
    Alphabet,
    Encoder,
    Features,
    Gate,
    Hinted,
    WordClasses,
)
from ronten.components.claims.lexicon import CueLexicon
from ronten.components.claims.view import SentenceView
from ronten.components.sequence import (
    Decoder,
    FloatArray,
    KeptRows,
    batches,
    lstm_of,
    only,
    rounded,
    unit_rows,
)
from ronten.components.word_encoder import mean
from ronten.types import Span

WEIGHTS = "model.safetensors"
CONFIG = "config.json"
DOUBT = 0.02
"""Where a word may be part of a content or not with at least this chance, the encoder is asked."""
RAISED = 2.0
"""What is added to the scores of reporting words where a content has none: it seldom lacks one."""
# Contexts whose sums are kept.
_CONTEXTS = 2_048
# What makes one number of the columns of `CONTEXT`.
_PLACES = np.cumprod([1, *CONTEXT.values()])[:-1]


class Marked(NamedTuple):
    """A marked stretch of characters, and how sure the tagger is of its ends (0–1)."""

    span: Span
    probability: float


class Marks(NamedTuple):
    """What the tagger marks in one sentence, each in text order."""

    contents: list[Marked]
    cues: list[Marked]
    sources: list[Marked]
    own: list[Marked]


class _Batch(NamedTuple):
    """Sentences that are marked at once, and the words that have scores."""

    views: Sequence[SentenceView]
    at: NDArray[np.int64]
    """(n,) place of each word in its sentence."""
    of: NDArray[np.int64]
    """(n,) its sentence."""

    def marked(
        self, decoder: Decoder, scores: FloatArray, sequences: NDArray[np.int64]
    ) -> Iterator[tuple[int, str, Marked]]:
        """Yield what is marked in some sequences: sentence, label and stretch."""
        words, cut = only(sequences)
        scores = scores[words]
        tags = decoder.decode(scores, cut)
        sure = _shares(scores, tags).tolist()
        at, of = self.at[words].tolist(), self.of[words].tolist()
        for first, last, label in decoder.spans(tags.tolist()):
            view = self.views[of[first]]
            # A word may run over a border of its sentence: it may hold a line separator.
            start = max(view.start[at[first]], view.sentence.start)
            span = start, min(view.end[at[last]], view.sentence.end)
            yield of[first], label, Marked(span, min(sure[first], sure[last]))


class ClaimTagger:
    """Weights and their alphabet.

    `weights` (float16 in the file): `word tag form class` (rows of embeddings), `vector` (300, v)
    and `vector_bias`, `input` (the widths of these five together, g), `bias` (g), one table
    (rows, g) per column of `CONTEXT`, `recurrent` (d, h, 4h) for d directions
    (g = 4dh), and for the heads `reported` and `own`: `NAME_out` (dh, t), `NAME_bias`,
    `NAME_moves` (t, t). An `encoder` is asked where the tagger is in doubt: the mean decides.
    """

    def __init__(
        self,
        weights: Mapping[str, NDArray[Any]],
        config: Mapping[str, Any],
        lexicon: CueLexicon,
        vocab: Vocab,
        encoder: ClaimEncoder | None = None,
    ) -> None:
        self.config = config
        self.weights = {name: array.astype(np.float32) for name, array in weights.items()}
        alphabet = Alphabet(
            words={int(key): i for i, key in enumerate(config["words"], 1)},
            tags={tag: i for i, tag in enumerate(config["tags"], 1)},
            forms={form: i for i, form in enumerate(config["forms"], 1)},
            classes={name: i for i, name in enumerate(config["classes"], 1)},
        )
        self.gate = Gate(WordClasses(lexicon))
        self.encoder = Encoder(
            alphabet,
            self.gate.classes,
            vocab.strings.__getitem__,
            vocab.vectors.key2row,
            config["longest"],
        )
        self._heads = {}
        for name, labels in HEADS.items():
            out, bias, moves = (self.weights[f"{name}_{part}"] for part in ("out", "bias", "moves"))
            if encoder is not None:
                moves = mean(moves, encoder.heads[name].moves)
            self._heads[name] = Decoder(labels, out, bias, moves)
        self._second = encoder
        self._vectors = vocab.vectors
        self._kept = KeptRows(self.weights["input"].shape[1], _CONTEXTS)
        self._threads = ThreadpoolController()

    @classmethod
    def load(
        cls,
        folder: Path,
        lexicon: CueLexicon,
        vocab: Vocab,
        encoder: ClaimEncoder | None = None,
    ) -> ClaimTagger:
        """Read a model folder; OSError, ValueError or SafetensorError if a file is unusable."""
        config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
        arrays: dict[str, Any] = load_file(folder / WEIGHTS)
        config["words"] = arrays.pop("words").tolist()
        return cls(arrays, config, lexicon, vocab, encoder)

    def save(self, folder: Path) -> None:
        """Write weights and configuration into `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        config = {key: value for key, value in self.config.items() if key != "words"}
        text = json.dumps(config, ensure_ascii=False, indent=1)
        (folder / CONFIG).write_text(text + "\n", encoding="utf-8")
        arrays = {name: array.astype(np.float16) for name, array in self.weights.items()}
        words = np.array(self.config["words"], np.uint64)
        models.save_arrays({**arrays, "words": words}, folder / WEIGHTS)

    def mark(self, sentences: Sequence[Hinted]) -> list[Marks]:
        """Mark some sentences, in order."""
        found = [Marks([], [], [], []) for _ in sentences]
        read = [number for number, hinted in enumerate(sentences) if self.gate.reads(hinted)]
        if read:
            with self._threads.limit(limits=1):  # small products: a second thread gets in the way
                self._mark(sentences, read, found)
        return found

    def _mark(self, sentences: Sequence[Hinted], read: list[int], found: list[Marks]) -> None:
        """Mark the sentences of the given numbers at once."""
        views = [sentences[i].view for i in read]
        features = self.encoder.encode([sentences[i] for i in read])
        features, rows = _without_pauses(features, views)
        states = self.states(features)
        said = {name: decoder.scores(states) for name, decoder in self._heads.items()}
        starts = np.cumsum([0, *map(len, views)])
        of = np.searchsorted(starts, rows, "right") - 1
        batch = _Batch(views, rows - starts[of], of)
        sequences = features.sequences
        if self._second is not None:
            self._ask(self._second, said, sequences, batch)
        marks = [found[number] for number in read]
        for number, label, marked in batch.marked(
            self._heads["reported"], said["reported"], sequences
        ):
            _list(marks[number], label).append(marked)
        self._raise(batch, said["reported"], sequences, marks)
        # What the writer claims beside a report; elsewhere the sentence is the writer's.
        reporting = np.array([bool(each.contents) for each in marks])
        beside = sequences[reporting[of[sequences[:, 0]]]]
        for number, _, marked in batch.marked(self._heads["own"], said["own"], beside):
            marks[number].own.append(marked)

    def _raise(
        self,
        batch: _Batch,
        scores: FloatArray,
        sequences: NDArray[np.int64],
        marks: Sequence[Marks],
    ) -> None:
        """Mark the likeliest reporting words of sentences whose contents have none."""
        wordless = np.array([bool(each.contents) and not each.cues for each in marks])
        if not wordless.any():
            return
        decoder = self._heads["reported"]
        more = np.array([RAISED if tag.label == "cue" else 0 for tag in decoder.tags], np.float32)
        kept = sequences[wordless[batch.of[sequences[:, 0]]]]
        for number, label, marked in batch.marked(decoder, rounded(scores + more), kept):
            start, end = marked.span
            if label == "cue" and not any(
                content.span[0] < end and start < content.span[1]
                for content in marks[number].contents
            ):
                marks[number].cues.append(marked)

    def _ask(
        self,
        encoder: ClaimEncoder,
        said: dict[str, FloatArray],
        sequences: NDArray[np.int64],
        batch: _Batch,
    ) -> None:
        """Join what `encoder` says of the sentences in which the tagger doubts what is claimed."""
        chances = self._heads["reported"].chances(said["reported"], sequences)
        content = [tag.label == "content" for tag in self._heads["reported"].tags]
        chance = rounded(chances[:, content].sum(axis=1))
        asked = np.zeros(len(batch.views), bool)
        asked[batch.of[np.minimum(chance, 1 - chance) > DOUBT]] = True
        if not asked.any():
            return
        theirs = encoder.scores([batch.views[number] for number in np.flatnonzero(asked).tolist()])
        sizes = np.where(asked, [len(view) for view in batch.views], 0)
        told = asked[batch.of]
        # The encoder scores every word of the sentences asked about, the tagger leaves some out.
        place = ((np.cumsum(sizes) - sizes)[batch.of] + batch.at)[told]
        for name, scores in said.items():
            scores[told] = rounded(mean(scores[told], theirs[name][place]))

    @cached_property
    def _projected(self) -> FloatArray:
        """What every row of the word vectors says (rows + 1, v); 0: no vector."""
        rows = unit_rows(self._vectors.data)
        said: FloatArray = np.tanh(rows @ self.weights["vector"] + self.weights["vector_bias"])
        return said

    def states(self, features: Features) -> FloatArray:
        """Return the states of the LSTM, all directions, for every word (n, dh)."""
        w = self.weights
        word, tag, form, kind, vector = features.own.T
        own = np.concatenate(
            (w["word"][word], w["tag"][tag], w["form"][form], w["class"][kind],
             self._projected[vector]),
            axis=1,
        )  # fmt: skip
        words = own @ w["input"] + w["bias"]
        # Few combinations of what stands round a word occur.
        keys, first, which = np.unique(
            features.context @ _PLACES, return_index=True, return_inverse=True
        )
        make = partial(self._contexts, features.context[first])
        context = self._kept.of(keys.tolist(), make)
        states = []
        for batch, sequences in batches(features.sequences):
            parts = [(words, features.inverse[batch]), (context, which[batch])]
            states.append(lstm_of(parts, w["recurrent"], sequences))
        return np.concatenate(states)

    def scores(self, sentences: Sequence[Hinted]) -> dict[str, FloatArray]:
        """Return what each head says of every word of some sentences, a score per tag (n, t)."""
        with self._threads.limit(limits=1):
            states = self.states(self.encoder.encode(sentences))
            return {name: decoder.scores(states) for name, decoder in self._heads.items()}

    def _contexts(self, columns: NDArray[np.int64], chosen: list[int]) -> FloatArray:
        """Return what some rows of context (c, len(CONTEXT)) add to the gates."""
        rows = np.zeros((len(chosen), self.weights["input"].shape[1]), np.float32)
        for name, column in zip(CONTEXT, columns[chosen].T, strict=True):
            rows += self.weights[name][column]
        return rows


def _without_pauses(
    features: Features, views: Sequence[SentenceView]
) -> tuple[Features, NDArray[np.int64]]:
    """Leave out the commas before と, which essays put there (…だ、と言った), news does not.

    Returns the features of the other words and the numbers of these.
    """
    kept = np.ones(len(features.inverse), bool)
    base = 0
    for view in views:
        for k in range(1, len(view) - 1):
            if view.text[k + 1] == "と" and view.is_comma(k) and view.is_particle(k + 1):
                kept[base + k] = False
        base += len(view)
    rows = np.flatnonzero(kept)
    if len(rows) == len(kept):
        return features, rows
    before = np.concatenate(([0], np.cumsum(kept)))
    first, size = features.sequences.T
    starts = before[first]
    sequences = np.column_stack((starts, before[first + size] - starts))
    left = features._replace(
        sequences=sequences, inverse=features.inverse[rows], context=features.context[rows]
    )
    return left, rows


def _shares(scores: FloatArray, tags: NDArray[np.int64]) -> FloatArray:
    """Return the share of one tag of each word, were every word decided by itself."""
    chosen = np.take_along_axis(scores, tags[:, None], axis=1)
    shares: FloatArray = 1 / np.exp(scores - chosen).sum(axis=1)
    return shares


def _list(marks: Marks, label: str) -> list[Marked]:
    return {"content": marks.contents, "cue": marks.cues, "source": marks.sources}[label]
