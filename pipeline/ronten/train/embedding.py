"""Train the default embedding model: ja_ginza's word vectors, turned and refined on pairs.

`ronten train embedding OUT --jsts TRAIN --valid VALID --triples FOLDER` writes the model folder OUT
(named `embedding-VERSION`) and returns its scores. The card and the licence are written by hand.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr

from ronten.errors import UsageError
from ronten.train.folder import name_and_version, write_meta
from ronten.train.triples import Triple, read_triples, texts_of
from ronten.word_vectors import CONFIG, HEAVIEST, WEIGHTS, WordVectors, word_key

if TYPE_CHECKING:
    from torch import Tensor

Encode = Callable[[list[str]], NDArray[np.floating[Any]]]

SMOOTHING = 5e-4
"""a of the SIF weight a / (a + p); with COMPONENTS chosen on JSTS train."""

COMPONENTS = 8
"""Directions shared by most sentences, taken out of every vector."""

FALLBACK = 1024
"""Rows for the character trigrams of unknown words."""


@dataclass(frozen=True)
class Settings:
    """What training is told; chosen on JSTS train and the dev topics of the triples."""

    dim: int = 192
    least: int = 2
    """Occurrences from which on a word of the training texts gets a row of its own."""
    epochs: int = 16
    batch: int = 64
    rate: float = 2e-3
    turning: float = 3e-4
    """Learning rate of the matrix that all rows share."""
    triples: float = 0.3
    """Weight of the ranking loss on triples beside the loss on graded pairs."""
    seed: int = 0
    steps: int | None = None
    """Stop after so many steps (for tests)."""


class Pair(NamedTuple):
    """Two sentences and how alike they are, 0 to 5."""

    first: str
    second: str
    label: float


def read_pairs(path: Path) -> list[Pair]:
    """Read JSTS pairs (JSON lines); raises `UsageError` naming the line at fault."""
    pairs = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            row = json.loads(line)
            pairs.append(Pair(row["sentence1"], row["sentence2"], float(row["label"])))
        except (ValueError, KeyError, TypeError) as error:
            raise UsageError(
                f"{path}:{number}: expected sentence1, sentence2 and label: {error}"
            ) from error
    return pairs


def untrained() -> WordVectors:
    """Return the table made from the vectors of the installed ja_ginza, 300 dimensions."""
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
    generator = np.random.Generator(np.random.PCG64(0))
    noise = generator.standard_normal((FALLBACK, vectors.shape[1]))
    noise /= np.linalg.norm(noise, axis=1, keepdims=True)
    keys = np.array([word_key(vocab.strings[key]) for key in vocab.vectors.key2row], np.uint32)
    keys, order = np.unique(keys, return_index=True)  # of equal keys, the more frequent word's
    return WordVectors(
        keys=keys,
        rows=rows[order].astype(np.uint16),
        weights=np.maximum(1, np.round(weights * HEAVIEST)).astype(np.uint8)[order],
        vectors=_integers(np.concatenate((vectors, noise))),
        fallback=FALLBACK,
    )


def train(
    table: WordVectors,
    pairs: Sequence[Pair],
    triples: Sequence[Triple],
    settings: Settings,
    report: Callable[[str], None] = print,
) -> WordVectors:
    """Return `table` turned to fewer dimensions, with rows of its own for the words of the texts.

    Graded pairs are learned with CoSENT, triples by ranking a claim's paraphrases above its near
    miss and the other claims of the batch.
    """
    import torch
    from sentence_transformers.sentence_transformer.losses import (
        CoSENTLoss,
        MultipleNegativesRankingLoss,
    )

    torch.manual_seed(settings.seed)
    rng = random.Random(settings.seed)
    own = _own_words(table, [t for p in pairs for t in p[:2]] + texts_of(triples), settings.least)
    module = _module(table, own, settings.dim)
    graded, ranked = CoSENTLoss(module), MultipleNegativesRankingLoss(module)
    groups = [
        {"params": [module.turn], "lr": settings.turning},
        {"params": [module.own.weight, module.stress.weight], "lr": settings.rate},
    ]
    optimizer = torch.optim.Adam(groups)
    per_epoch = max(1, len(pairs) // settings.batch)
    total = settings.steps or settings.epochs * per_epoch
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: max(0.02, 1 - step / total)
    )
    left: list[Pair] = []
    claims: list[Triple] = []
    lost = 0.0
    for step in range(total):
        if len(left) < settings.batch:
            left = rng.sample(list(pairs), len(pairs))
        if len(claims) < settings.batch:
            claims = rng.sample(list(triples), len(triples))
        batch, left = left[: settings.batch], left[settings.batch :]
        chosen, claims = claims[: settings.batch], claims[settings.batch :]
        first, second = module([p.first for p in batch]), module([p.second for p in batch])
        labels = torch.tensor([pair.label / 5 for pair in batch])
        loss = graded.compute_loss_from_embeddings([first, second], labels)
        columns = [
            [t.claim for t in chosen],
            [rng.choice((t.same, t.close)) for t in chosen],
            [rng.choice((t.near, t.turned)) for t in chosen],
        ]
        embedded = [module(column) for column in columns]
        ranking = ranked.compute_loss_from_embeddings(embedded, None)
        optimizer.zero_grad()
        (loss + settings.triples * ranking).backward()
        optimizer.step()
        schedule.step()
        lost += loss.item()
        if (step + 1) % per_epoch == 0:
            report(f"epoch {(step + 1) // per_epoch}: loss {lost / per_epoch:.4f}")
            lost = 0.0
    return _finished(table, own, module.rows().numpy())


def _own_words(table: WordVectors, texts: Sequence[str], least: int) -> list[str]:
    """Return the words that get rows of their own, sorted."""
    counts = Counter(word for text in texts for word in set(table.words(text)))
    return sorted(
        word for word, n in counts.items() if n >= least and any(c.isalnum() for c in word)
    )


def _module(table: WordVectors, own: Sequence[str], dim: int) -> Any:
    """Return the trainable form of a table; called with texts it gives unit vectors."""
    import torch
    from torch import nn

    base = table.vectors.astype(np.float32)
    base /= np.linalg.norm(base, axis=1).mean()
    numbers = {word: i for i, word in enumerate(own, 1)}
    known: dict[str, list[tuple[int, int, float]]] = {}

    def parts(text: str) -> list[tuple[int, int, float]]:
        if text not in known:
            known[text] = [
                (row, numbers.get(word, 0), weight / HEAVIEST)
                for word in table.words(text)
                for row, weight in table.lookup(word)
            ]
        return known[text]

    class Module(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.base = torch.from_numpy(base)
            # The directions that tell the words apart best.
            spread = np.linalg.eigh(base.T @ base)[1][:, -dim:]
            self.turn = nn.Parameter(torch.from_numpy(spread.astype(np.float32)))
            self.own = nn.Embedding(len(own) + 1, dim, padding_idx=0)
            # How much more or less than its frequency says a word counts (logarithm).
            self.stress = nn.Embedding(len(own) + 1, 1, padding_idx=0)
            nn.init.zeros_(self.own.weight)
            nn.init.zeros_(self.stress.weight)

        def forward(self, texts: list[str]) -> Tensor:
            bags = [parts(text) for text in texts]
            rows, owned, weights = zip(*(part for bag in bags for part in bag), strict=True)
            mine = torch.tensor(owned)
            words = self.base[torch.tensor(rows)] @ self.turn + self.own(mine)
            words = words * self.stress(mine).exp()
            where = torch.repeat_interleave(
                torch.arange(len(bags)), torch.tensor([len(bag) for bag in bags])
            )
            sums = torch.zeros(len(bags), dim)
            sums = sums.index_add(0, where, words * torch.tensor(weights)[:, None])
            return nn.functional.normalize(sums, dim=1)

        @torch.no_grad()
        def rows(self) -> Tensor:
            """Return the shared rows, then those of `own`, then those of trigrams."""
            shared = self.base @ self.turn
            rows = []
            stress = self.stress.weight[1:].exp()
            for word, added, factor in zip(own, self.own.weight[1:], stress, strict=True):
                found = table.lookup(word)
                share = torch.tensor([weight / HEAVIEST for _, weight in found])[:, None]
                mine = (shared[[row for row, _ in found]] + added) * share
                rows.append(mine.sum(0) / share.max() * factor)
            stacked = torch.stack(rows) if rows else shared[:0]
            return torch.cat([shared[: -table.fallback], stacked, shared[-table.fallback :]])

    return Module()


def _finished(table: WordVectors, own: Sequence[str], rows: NDArray[np.float32]) -> WordVectors:
    """Return the table whose words `own` have the rows behind the shared ones."""
    shared = len(table.vectors) - table.fallback
    found = dict(
        zip(table.keys.tolist(), zip(table.rows.tolist(), table.weights.tolist(), strict=True),
            strict=True)
    )  # fmt: skip
    for number, word in enumerate(own):
        weight = max(weight for _, weight in table.lookup(word))
        found[word_key(word)] = (shared + number, weight)
    keys = np.array(sorted(found), np.uint32)
    entries = [found[key] for key in keys.tolist()]
    return WordVectors(
        keys=keys,
        rows=np.array([row for row, _ in entries], np.uint16),
        weights=np.array([weight for _, weight in entries], np.uint8),
        vectors=_integers(rows),
        fallback=table.fallback,
        split_mode=table.split_mode,
    )


def _integers(vectors: NDArray[np.floating[Any]]) -> NDArray[np.int8]:
    """Scale rows to int8; the few longest values are cut, so that the others keep their digits."""
    scale = 127 / np.quantile(np.abs(vectors), 0.9999)
    return np.asarray(np.clip(np.round(vectors * scale), -127, 127), np.int8)


def build(
    out: Path,
    *,
    jsts: Path,
    valid: Path,
    triples: Path,
    settings: Settings | None = None,
    report: Callable[[str], None] = print,
) -> dict[str, float]:
    """Train, write the model folder `out`, and return its scores beside the baselines'.

    Raises `UsageError` where an input cannot be used or `out` is not named NAME-VERSION.
    """
    name_and_version(out)  # a wrong name is told before the minutes of training
    pairs, tests = read_pairs(jsts), read_pairs(valid)
    table = untrained()
    trained = train(table, pairs, read_triples(triples, "train"), settings or Settings(), report)
    splits = {split: read_triples(triples, split) for split in ("dev", "test")}
    scores = {}
    for name, encode in (
        ("", trained.encode),
        ("sif_", table.encode),
        ("plain_mean_", plain_mean()),
    ):
        scores[f"{name}jsts_valid_spearman"] = spearman(encode, tests)
        for split, held_out in splits.items():
            scores[f"{name}triples_{split}"] = ranked_right(encode, held_out)
    scores = {name: round(score, 4) for name, score in scores.items()}
    write(trained, out, scores)
    return scores


def write(table: WordVectors, out: Path, scores: dict[str, Any]) -> None:
    """Write `table` as a sentence-transformers model folder with its `meta.json`."""
    from sentence_transformers import SentenceTransformer

    from ronten.static_embedding import SudachiStaticEmbedding

    model = SentenceTransformer(modules=[SudachiStaticEmbedding(table)], device="cpu")
    model.save_pretrained(str(out), create_model_card=False)
    files = [CONFIG, "config_sentence_transformers.json", WEIGHTS, "modules.json"]
    write_meta(out, licence="CC-BY-SA-4.0", scores=scores, files=sorted(files))


def spearman(encode: Encode, pairs: Sequence[Pair]) -> float:
    """Return the rank correlation of cosine and label."""
    first = encode([pair.first for pair in pairs])
    second = encode([pair.second for pair in pairs])
    return float(spearmanr((first * second).sum(axis=1), [p.label for p in pairs]).statistic)


def ranked_right(encode: Encode, triples: Sequence[Triple]) -> float:
    """Return the share of triples whose paraphrase is nearer to the claim than the near miss."""
    claim, same, near = (
        encode([getattr(triple, column) for triple in triples])
        for column in ("claim", "same", "near")
    )
    return float(np.mean((claim * same).sum(axis=1) > (claim * near).sum(axis=1)))


def plain_mean() -> Encode:
    """Return the baseline: the mean of ja_ginza's own token vectors, as spaCy's `Doc.vector`."""
    import spacy

    tokenise = spacy.load("ja_ginza", exclude=["parser", "ner"]).make_doc

    def encode(texts: list[str]) -> NDArray[np.floating[Any]]:
        means = np.array([tokenise(text).vector for text in texts])
        lengths = np.linalg.norm(means, axis=1, keepdims=True)
        return np.asarray(means / np.maximum(lengths, 1e-9))

    return encode
