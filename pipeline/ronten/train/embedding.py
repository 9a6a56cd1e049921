"""Build the default embedding model from the word vectors of ja_ginza.

`python -m ronten.train.embedding OUT --valid JSTS_VALID` writes the model folder OUT (named
`embedding-VERSION`) and prints its scores. The card and the licence are written by hand.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray
from scipy.stats import spearmanr

from ronten.train.folder import name_and_version, write_meta
from ronten.word_vectors import CONFIG, HEAVIEST, WEIGHTS, WordVectors, word_key

SMOOTHING = 5e-4
"""a of the SIF weight a / (a + p); with COMPONENTS chosen on JSTS train."""

COMPONENTS = 8
"""Directions shared by most sentences, taken out of every vector."""

FALLBACK = 1024
"""Rows for the character trigrams of unknown words."""


def build() -> WordVectors:
    """Return the table made from the vectors of the installed ja_ginza."""
    import spacy

    vocab = spacy.load("ja_ginza", exclude=["parser", "ner"]).vocab
    vectors = vocab.vectors.data / np.linalg.norm(vocab.vectors.data, axis=1, keepdims=True)
    rows = np.array(list(vocab.vectors.key2row.values()))
    # The keys stand in the order of frequency: Zipf's law gives the share of each word.
    ranks = np.arange(1, len(rows) + 1)
    share = 1 / (ranks * (1 / ranks).sum())
    weights = SMOOTHING / (SMOOTHING + share)
    # Taking a direction out of every word takes it out of every sum of words.
    weighted = vectors[rows] * (np.sqrt(share) * weights)[:, None]
    common = np.linalg.eigh(weighted.T @ weighted)[1][:, -COMPONENTS:]
    vectors = vectors - (vectors @ common) @ common.T
    random = np.random.Generator(np.random.PCG64(0)).standard_normal((FALLBACK, vectors.shape[1]))
    random /= np.linalg.norm(random, axis=1, keepdims=True)
    scale = 127 / max(np.abs(vectors).max(), np.abs(random).max())
    keys = np.array([word_key(vocab.strings[key]) for key in vocab.vectors.key2row], np.uint64)
    order = np.argsort(keys)
    return WordVectors(
        keys=keys[order],
        rows=rows[order].astype(np.uint16),
        weights=np.maximum(1, np.round(weights * HEAVIEST)).astype(np.uint8)[order],
        vectors=np.round(np.concatenate((vectors, random)) * scale).astype(np.int8),
        fallback=FALLBACK,
    )


def write(table: WordVectors, out: Path, scores: dict[str, Any]) -> None:
    """Write `table` as a sentence-transformers model folder with its `meta.json`."""
    from sentence_transformers import SentenceTransformer

    from ronten.static_embedding import SudachiStaticEmbedding

    name_and_version(out)
    model = SentenceTransformer(modules=[SudachiStaticEmbedding(table)], device="cpu")
    model.save_pretrained(str(out), create_model_card=False)
    files = [CONFIG, "config_sentence_transformers.json", WEIGHTS, "modules.json"]
    write_meta(out, licence="Apache-2.0", scores=scores, files=sorted(files))


def spearman(
    encode: Callable[[list[str]], NDArray[np.floating[Any]]], pairs: list[dict[str, Any]]
) -> float:
    """Return the rank correlation of cosine and label over JSTS `pairs`."""
    first = encode([pair["sentence1"] for pair in pairs])
    second = encode([pair["sentence2"] for pair in pairs])
    labels = [pair["label"] for pair in pairs]
    return float(spearmanr((first * second).sum(axis=1), labels).statistic)


def plain_mean() -> Callable[[list[str]], NDArray[np.floating[Any]]]:
    """Return the baseline: the mean of ja_ginza's own token vectors, as spaCy's `Doc.vector`."""
    import spacy

    tokenise = spacy.load("ja_ginza", exclude=["parser", "ner"]).make_doc

    def encode(texts: list[str]) -> NDArray[np.floating[Any]]:
        means = np.array([tokenise(text).vector for text in texts])
        lengths = np.linalg.norm(means, axis=1, keepdims=True)
        return np.asarray(means / np.maximum(lengths, 1e-9))

    return encode


def main(
    out: Annotated[Path, typer.Argument(help="Model folder to write, named NAME-VERSION.")],
    valid: Annotated[Path, typer.Option(help="JSTS validation pairs (JSON lines).")],
) -> None:
    """Build the default embedding model and score it."""
    pairs = [json.loads(line) for line in valid.read_text(encoding="utf-8").splitlines()]
    table = build()
    score, baseline = spearman(table.encode, pairs), spearman(plain_mean(), pairs)
    scores = {"jsts_valid_spearman": round(score, 4), "plain_mean": round(baseline, 4)}
    write(table, out, scores)
    start = time.perf_counter()
    loaded = WordVectors.load(out)
    load_time = time.perf_counter() - start
    texts = [pair["sentence1"] for pair in pairs] * 3
    start = time.perf_counter()
    loaded.encode(texts)
    speed = len(texts) / (time.perf_counter() - start)
    typer.echo(f"{json.dumps(scores)} load {load_time:.2f} s, {speed:.0f} sentences/s")


if __name__ == "__main__":
    typer.run(main)
