"""Trial runs of teaching the pretrained encoder labels of two texts."""

import json
import random
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file

from ronten.components.adapted import WEIGHTS
from ronten.components.e5 import BaseEncoder
from ronten.components.pair_encoder import PairEncoder, joined
from ronten.components.pieces import PieceCutter
from ronten.errors import UsageError
from ronten.gold.files import load_annotations
from ronten.same_point import in_order
from ronten.train import same_point_encoder, stance_encoder, types_encoder
from ronten.train.adapting import known_pieces, write
from ronten.train.pair_encoder import Settings, Told, texts_of, train
from ronten.train.pair_encoder_network import PairEncoderNetwork
from ronten.train.same_point import APART, SAME
from ronten.train.same_point_encoder import of_triples
from ronten.train.stance import Vote
from ronten.train.stance_encoder import UNSIDED, Sources, drawn
from ronten.train.triples import Triple
from ronten.train.types import LABELS

CORPUS = Path(__file__).parents[2] / "corpus"
NONE, FAVOR, AGAINST = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)
TARGET = "駅前広場の改修"
SAID = [
    Told(TARGET, "改修が済めば雨の日も濡れずに乗り換えられる", FAVOR),
    Told(TARGET, "広場を掘り返す金があるなら橋を直すべきだ", AGAINST),
    Told(TARGET, "説明会は火曜日に開かれる", NONE),
]


@pytest.fixture(scope="module")
def base():
    return BaseEncoder.find()


def test_training_learns_labels_and_what_is_written_says_the_same(base, tmp_path):
    settings = Settings(
        rank=4, steps=40, rate=5e-3, average=0.5, dropout=0.0, state_dropout=0.0, piece_dropout=0.0
    )
    out = tmp_path / "stance_encoder-9.9.9"
    write(out, train(base, SAID * 4, texts_of(SAID), settings, lambda line: None))
    meta = json.loads((out / "meta.json").read_text(encoding="utf-8"))
    assert meta["name"] == "stance_encoder"
    shares = PairEncoder(base, load_file(out / WEIGHTS)).shares([said[:2] for said in SAID])
    assert shares.argmax(axis=1).tolist() == [1, 2, 0]
    assert np.allclose(shares.sum(axis=1), 1, atol=1e-5)


def test_the_network_computes_what_the_product_computes(base):
    torch.manual_seed(1)
    known = known_pieces(base, list(texts_of(SAID)))
    network = PairEncoderNetwork(base, known, 3, Settings(rank=4)).eval()
    with torch.no_grad():
        for layer in network.layers:
            for product in layer.products.values():
                product.onto.normal_(0, 0.02)
        network.out.weight.mul_(5)
    cutter = PieceCutter(base.pieces(known.tolist()))
    with torch.inference_mode():
        scores = network([joined(cutter, *said[:2]) for said in SAID])
    shares = PairEncoder(base, network.adapter()).shares([said[:2] for said in SAID])
    assert np.corrcoef(scores.softmax(-1).numpy().ravel(), shares.ravel())[0, 1] > 0.98


def test_a_draw_takes_all_that_takes_a_side():
    sided = [Told("税", f"賛成{number}", FAVOR) for number in range(50)]
    unsided = [Told("税", f"雨{number}", NONE) for number in range(400)]
    found = drawn(Sources(SAID, [], SAID, sided + unsided), random.Random(0))
    assert all(found.count(said) == 3 for said in SAID)  # a vote, and twice as gold
    assert set(sided) < set(found)
    kept = len(set(unsided) & set(found)) / len(unsided)
    assert abs(kept - UNSIDED) < 0.1


def test_votes_are_scored_by_models_of_other_topics(monkeypatch):
    cast = [
        Vote(topic, f"{topic}の{word}", shares, shares.index(1.0))
        for topic in ("増税", "減税", "免税")
        for word, shares in (("話をした", NONE), ("賛成だ", FAVOR), ("反対だ", AGAINST))
    ]
    told = []

    def train(base, pairs, texts, settings, report):
        told.append({pair.first for pair in pairs})

    class Knowing:
        """Says what each vote says."""

        def __init__(self, base, adapter):
            pass

        def shares(self, pairs):
            right = {(vote.topic, vote.text): vote.shares for vote in cast}
            return np.array([right[pair] for pair in pairs])

    monkeypatch.setattr(stance_encoder, "train", train)
    monkeypatch.setattr(stance_encoder, "PairEncoder", Knowing)
    monkeypatch.setattr(
        stance_encoder, "left_out", lambda voted, vectors, words: np.full((len(voted), 3), 1 / 3)
    )
    scores = stance_encoder.votes_left_out(cast, 2, Settings())
    assert told == [{"増税"}, {"免税", "減税"}]
    # The linear model says nothing: what is right is what the encoder says.
    assert scores == {
        "votes_macro_f1": 1.0,
        "votes_majority_macro_f1": pytest.approx(1 / 6, abs=1e-3),
    }


def test_triples_tell_points_alike_and_apart():
    topics = ("税", "橋")
    triples = [
        Triple(
            topic, *(f"{topic}{number}{text}" for text in "主同近似逆"), "favor", "favor", "none"
        )
        for topic in topics
        for number in range(40)
    ]
    told = list(of_triples(triples, random.Random(0)))
    same = {one[:2] for one in told if one.shares == SAME}
    apart = {one[:2] for one in told if one.shares == APART}
    assert len(same) == 2 * len(triples)
    assert all(first[:2] == second[:2] and first <= second for first, second in same)
    assert not any(text[-1] in "似逆" for pair in same for text in pair)
    for triple in triples:
        assert in_order(triple.claim, triple.same) in same
        assert in_order(triple.claim, triple.near) in apart
    strangers = [pair for pair in apart if len({text.rstrip("主同近似逆") for text in pair}) > 1]
    kin = [first[0] == second[0] for first, second in strangers]
    assert 0.7 < sum(kin) / len(kin) < 1  # others come from all topics


def test_types_are_told_with_what_stands_round_a_claim():
    [article] = [a for a in load_annotations(CORPUS / "gold" / "final") if a.id == "a01"]
    key = ("a01", str(article.claims[0].content))
    said = list(types_encoder.told([article], {key: ["policy", "policy"]}))
    assert len(said) == len(article.claims)
    for claim, one in zip(article.claims, said, strict=True):
        assert one.second == "…".join(article.text[a:b] for a, b in claim.content)
        before, after = one.first.split("＿")
        start, end = claim.content[0][0], claim.content[-1][1]
        assert article.text[:start].replace("\n", " ").endswith(before)
        assert article.text[end:].replace("\n", " ").startswith(after)
        assert sum(one.shares) == pytest.approx(1)
    assert said[0].shares[LABELS.index("policy")] >= 0.5
    assert said[1].shares[LABELS.index(str(article.claims[1].type))] == 1


def test_a_wrong_name_is_told_before_anything_else(tmp_path):
    nowhere = dict.fromkeys(("votes", "triples", "gold", "sides", "marked"), tmp_path)
    with pytest.raises(UsageError, match="NAME-VERSION"):
        stance_encoder.build(tmp_path / "stances", **nowhere)
    with pytest.raises(UsageError, match="NAME-VERSION"):
        types_encoder.build(tmp_path / "types", corpus=tmp_path, marked=[])
    with pytest.raises(UsageError, match="NAME-VERSION"):
        same_point_encoder.build(tmp_path / "points", triples=tmp_path, gold=tmp_path)
