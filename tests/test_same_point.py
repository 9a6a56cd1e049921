from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from ronten.same_point import ASKED, JOINED, Point, SamePoint, in_order, joined, said
from ronten.text_pairs import LONGEST, padded, words_of
from ronten.word_vectors import WordVectors

MODELS = Path(__file__).parents[1] / "models"
TEXTS = [
    "輸出規制は効果を上げている",
    "輸出規制は狙い通りに効いている",
    "輸出規制は効果を失っている",
    "商店街の祭りは雨で中止になった",
    "",
    "…",
    "長い" * 200,
]
PARAPHRASED = [
    "利用者は三年で二割減った",
    "乗客は三年のうちに二割少なくなった",
    "利用者は三年で二割増えた",
    "商店街の祭りは雨で中止になった",
]


@pytest.fixture(scope="module")
def model() -> SamePoint:
    return SamePoint.load()


def point(text: str, **fields: object) -> Point:
    values = {"article": "a", "type": "fact", "sides": {}, "entities": frozenset(),
              "figures": frozenset()}  # fmt: skip
    return Point(text, **{**values, **fields})  # type: ignore[arg-type]


def test_words_of_texts() -> None:
    words = words_of(WordVectors.load(MODELS / "embedding-0.2.1"), TEXTS)
    assert words.sizes.tolist()[4:] == [1, 1, LONGEST]  # without a word: one that says nothing
    assert words.rows[words.starts[4]] == 0
    assert words.rows[words.starts[0]] == words.rows[words.starts[1]] > 0  # the same word
    side = padded(words, np.array([0, 4]))
    assert side.mask.sum(axis=1).tolist() == [words.sizes[0], 1]


def test_same_point_is_likelier_than_the_opposite(model: SamePoint) -> None:
    pairs = np.array([[0, 1], [0, 2], [0, 3]])
    scores = model.network.scores(model.network.read(PARAPHRASED), pairs)
    same, opposite, stranger = (scores[:, 0] - scores[:, 1]).tolist()
    assert same > 0 > opposite > stranger


def test_scores_in_meta_are_true(model: SamePoint) -> None:
    from ronten import models
    from ronten.train.same_point import ranked_right
    from ronten.train.triples import read_triples

    triples = read_triples(MODELS.parent / "corpus" / "triples", "test")
    scores = models.verify(MODELS / "same_point-0.1.0")["scores"]
    for beside, asked in (("", model), ("_alone", SamePoint(model.network))):
        for name, found in ranked_right(asked, triples).items():
            assert found == pytest.approx(scores[f"test_{name}{beside}"], abs=0.01)


def test_a_pair_depends_on_itself_alone_and_not_on_its_order(model: SamePoint) -> None:
    pairs = np.array([[i, j] for i in range(len(TEXTS)) for j in range(len(TEXTS))])
    together = model.network.scores(model.network.read(TEXTS), pairs)
    for (i, j), scores in zip(pairs.tolist(), together, strict=True):
        alone = model.network.read([TEXTS[i], TEXTS[j]])
        np.testing.assert_allclose(
            model.network.scores(alone, np.array([[0, 1]]))[0], scores, atol=2e-3
        )
        np.testing.assert_allclose(
            model.network.scores(alone, np.array([[1, 0]]))[0], scores, atol=2e-3
        )


def test_context_is_joined(model: SamePoint) -> None:
    figure = frozenset({("money", "5", "5")})
    one = point(
        "費用は5円だ", figures=figure, entities=frozenset({"甲社"}), sides={"増税": "favor"}
    )
    other = point(
        "費用は5円", article="b", figures=figure, entities=frozenset({"甲社"}),
        sides={"増税": "favor"}, type="prediction",
    )  # fmt: skip
    (row,) = joined(model.network, [one, other], np.array([[0, 1]]))
    found = dict(zip(JOINED, row.tolist(), strict=True))
    assert found["same_article"] == 0
    assert found["same_debate"] == found["same_side"] == found["entities"] == found["figures"] == 1
    assert found["other_figures"] == found["same_type"] == 0


def test_the_encoder_is_asked_where_the_point_may_be_the_same(model: SamePoint) -> None:
    pairs = np.array([[0, 1], [0, 2], [0, 3], [3, 4]])
    points = [point(text) for text in TEXTS]
    read: list[tuple[str, str]] = []

    class Listening:
        def shares(self, texts: Iterable[tuple[str, str]]) -> NDArray[np.float32]:
            read.extend(texts)
            return np.tile(np.array([[0.5, 0.5]], np.float32), (len(read), 1))

    alone = SamePoint(model.network).chances(points, pairs)
    together = SamePoint(model.network, Listening()).chances(points, pairs)  # type: ignore[arg-type]
    possible = alone >= ASKED
    assert 0 < possible.sum() < len(pairs)
    assert read == [in_order(TEXTS[i], TEXTS[j]) for i, j in pairs[possible].tolist()]
    assert (together[possible] != alone[possible]).all()
    assert together[~possible].tolist() == alone[~possible].tolist()


def test_the_encoder_reads_two_texts_in_either_order(model: SamePoint) -> None:
    assert model.encoder is not None
    claim, same, opposite, stranger = PARAPHRASED
    pairs = [(claim, same), (same, claim), (claim, opposite), (claim, stranger)]
    forth, back, turned, far = said(model.encoder, pairs).tolist()
    assert forth == back > turned > far
    assert forth > 0 > far
    assert said(model.encoder, []).shape == (0,)


def test_chances_lie_between_none_and_one(model: SamePoint) -> None:
    pairs = np.array([[0, 1], [0, 2], [0, 3], [1, 2], [2, 3]])
    found = model.chances([point(text) for text in TEXTS], pairs)
    assert ((found > 0) & (found < 1)).all()
    assert len(set(found.tolist())) > 1
