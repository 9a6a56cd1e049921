"""Train the network that says whether two claims make the same point.

`ronten train same-point`: triples of claims, and the positions of a gold corpus.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ronten.claim_text import claim_text
from ronten.cluster import neighbours
from ronten.components.pair_encoder import PairEncoder
from ronten.errors import UsageError
from ronten.evaluate.splits import select
from ronten.gold.files import load_annotations
from ronten.positions import MOST, NEAR, point_of
from ronten.same_point import LABELS, SECOND, Point, SamePoint, joined, said
from ronten.stances import take_sides
from ronten.text_pairs import CONFIG, WEIGHTS, PairNetwork, words_of
from ronten.train.folder import name_and_version, write_meta
from ronten.train.pairs_network import Numbered, Pair, Shape, fit
from ronten.train.triples import Triple, read_triples
from ronten.types import Annotation
from ronten.word_vectors import WordVectors

SAME = (1.0, 0.0)
APART = (0.0, 1.0)
OF_ONE, OF_TWO = 0.5, 2.0
"""What a triple's pair of one point and one of two count where context is joined: half of them make
the same point, of neighbours in a corpus few; chosen on dev."""


@dataclass(frozen=True)
class Settings:
    """What training is told; chosen on the dev topics and the dev split of the gold corpus."""

    shape: Shape = field(default_factory=lambda: Shape(dropout=0.2))
    epochs: int = 20
    batch: int = 64
    rate: float = 2e-3
    clip: float = 5.0
    average: float = 0.998
    strangers: int = 2
    """Pairs of a claim with another claim of its topic, and as many with any other claim."""
    gold: int = 3
    """How often a pair of a gold position counts."""
    apart: float = 0.3
    """Share of the pairs of one debate in different positions that are learned."""
    seed: int = 0
    steps: int | None = None
    """Stop after so many steps (for tests)."""


def triple_pairs(
    triples: Sequence[Triple], number: Numbered, strangers: int, rng: random.Random
) -> Iterator[Pair]:
    """Yield what triples say of pairs, and pairs of claims that make different points."""
    topics: dict[str, list[Triple]] = defaultdict(list)
    for triple in triples:
        topics[triple.topic].append(triple)
    for triple in triples:
        claim, same, close, near, turned = (number[text] for text, _ in triple.sentences())
        for first, second in combinations((claim, same, close), 2):
            yield Pair(first, second, SAME)
        for mine in (claim, same, close):
            for other in (near, turned):
                yield Pair(mine, other, APART)
        for others in (topics[triple.topic], triples):
            for other_triple in rng.sample(list(others), min(strangers, len(others))):
                if other_triple is not triple:
                    text = rng.choice(other_triple[1:6])
                    yield Pair(rng.choice((claim, same, close)), number[text], APART)


def gold_pairs(articles: Sequence[Annotation], number: Numbered) -> tuple[list[Pair], list[Pair]]:
    """Return pairs of claims in one position and pairs in different ones, of each debate.

    A debate is the articles that share a target; an article without targets is one by itself.
    """
    debates: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for article in articles:
        debate = article.targets[0] if article.targets else article.id
        for claim in article.claims:
            if claim.position:
                text = claim_text(article, claim)
                debates[debate].append((number[text], claim.position))
    same: list[Pair] = []
    apart: list[Pair] = []
    for claims in debates.values():
        for (first, mine), (second, other) in combinations(claims, 2):
            if first != second:
                (same if mine == other else apart).append(
                    Pair(first, second, SAME if mine == other else APART)
                )
    return same, apart


def train(
    table: WordVectors,
    triples: Sequence[Triple],
    articles: Sequence[Annotation],
    settings: Settings,
    report: Callable[[str], None] = print,
) -> PairNetwork:
    """Train on the pairs of some triples and of the positions of some articles."""
    rng = random.Random(settings.seed)
    number = Numbered()
    pairs = list(triple_pairs(triples, number, settings.strangers, rng))
    same, apart = gold_pairs(articles, number)
    pairs += same * settings.gold
    pairs += rng.sample(apart, round(len(apart) * settings.apart))
    weights = fit(words_of(table, number.texts), pairs, len(LABELS), True, settings, report)
    return PairNetwork(weights, {"labels": LABELS, "symmetric": True}, table)


class Compared(NamedTuple):
    """Pairs (p, 2) of some points; whether they make the same one, and what each counts (p,)."""

    points: list[Point]
    pairs: NDArray[np.int64]
    same: NDArray[np.bool_]
    counts: NDArray[np.float64]


def compared(
    table: WordVectors, articles: Sequence[Annotation], triples: Sequence[Triple]
) -> Compared:
    """Return the pairs that the weights of `same_point.JOINED` are fitted on.

    They are the pairs of gold claims that clustering asks about, near neighbours among all claims,
    and triples, which stand for claims without a common context: words alone must do there. Sides
    are those that the stance models take them to take, so that their errors are reckoned with.
    """
    taken = [take_sides(article, article.targets) for article in articles]
    claims = [
        (point_of(a, c, {s.target: s.label for s in c.stances}), c.position)
        for a in taken
        for c in a.claims
        if c.position
    ]
    claims.sort(key=lambda claim: claim[0].text)
    points = [point for point, _ in claims]
    edges = neighbours(table.encode([point.text for point in points]), least=NEAR, most=MOST)
    pairs = list(zip(edges.first.tolist(), edges.second.tolist(), strict=True))
    same = [claims[i][1] == claims[j][1] for i, j in pairs]
    counts = [1.0] * len(pairs)
    for triple in triples:
        claim = len(points)
        points += [
            Point(text, str(claim + place), "", {}, frozenset(), frozenset())
            for place, (text, _) in enumerate(triple.sentences())
        ]
        pairs += [(claim, claim + place) for place in range(1, 5)]
        same += [True, True, False, False]
        counts += [OF_ONE, OF_ONE, OF_TWO, OF_TWO]
    if len(set(same)) < 2:
        raise UsageError("neither gold positions nor triples to fit the context on: name both")
    return Compared(points, np.array(pairs), np.array(same), np.array(counts))


def join(network: PairNetwork, encoder: PairEncoder, about: Compared) -> dict[str, list[float]]:
    """Fit the weights of `same_point.JOINED` and an intercept, without the encoder and with it.

    Neither network nor encoder was trained on these pairs.
    """
    from sklearn.linear_model import LogisticRegression  # seconds of imports, so only here

    columns = joined(network, about.points, about.pairs)
    texts = [(about.points[i].text, about.points[j].text) for i, j in about.pairs.tolist()]
    known = {
        "joined": columns,
        "joined_with_encoder": np.column_stack((columns, said(encoder, texts))),
    }
    found = {}
    for name, inputs in known.items():
        fitted = LogisticRegression(max_iter=1000)
        fitted.fit(inputs, about.same, sample_weight=about.counts)
        found[name] = [round(float(w), 4) for w in (*fitted.coef_[0], fitted.intercept_[0])]
    return found


def ranked_right(model: SamePoint, triples: Sequence[Triple]) -> dict[str, float]:
    """Return how often each paraphrase is ranked above each sentence of another point."""
    columns = ("same", "close", "near", "turned")
    number = Numbered()
    places = [(number[t.claim], number[getattr(t, column)]) for column in columns for t in triples]
    points = [Point(text, text, "", {}, frozenset(), frozenset()) for text in number.texts]
    found = model.chances(points, np.array(places)).reshape(len(columns), -1)
    chance = dict(zip(columns, found, strict=True))
    return {
        f"{good}_over_{bad}": round(float(np.mean(chance[good] > chance[bad])), 4)
        for good in columns[:2]
        for bad in columns[2:]
    }


def build(
    out: Path,
    *,
    triples: Path,
    gold: Path,
    settings: Settings | None = None,
    report: Callable[[str], None] = print,
) -> dict[str, float]:
    """Train, write the model folder `out`, and return scores on the dev and test topics.

    What the network says is joined with what the encoder `same_point_encoder` says; scores without
    that one are named `alone`.

    Raises `UsageError` where an input cannot be used or `out` is not named NAME-VERSION.
    """
    name_and_version(out)  # a wrong name is told before the minutes of training
    articles = list(load_annotations(gold))
    network = train(
        WordVectors.shipped(),
        read_triples(triples, "train"),
        list(select(articles, gold, "train")),
        settings or Settings(),
        report,
    )
    held_out = {split: read_triples(triples, split) for split in ("dev", "test")}
    encoder = PairEncoder.load(SECOND)
    about = compared(network.table, list(select(articles, gold, "dev")), held_out["dev"])
    network.config = {**network.config, **join(network, encoder, about)}
    found = {
        f"{split}_{name}{beside}": score
        for beside, model in (("_alone", SamePoint(network)), ("", SamePoint(network, encoder)))
        for split, chosen in held_out.items()
        for name, score in ranked_right(model, chosen).items()
    }
    network.save(out)
    write_meta(out, licence="CC-BY-SA-4.0", scores=found, files=(CONFIG, WEIGHTS))
    return found
