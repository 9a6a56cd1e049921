"""Trial runs of teaching the pretrained encoder which side a text takes."""

import json
import random

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file

from ronten.components.adapted import WEIGHTS
from ronten.components.e5 import BaseEncoder
from ronten.components.pieces import PieceCutter
from ronten.errors import UsageError
from ronten.stance_encoder import StanceEncoder, joined
from ronten.train import stance_encoder
from ronten.train.encoder import known_pieces, write
from ronten.train.stance_encoder import UNSIDED, Said, Settings, Sources, drawn
from ronten.train.stance_network import StanceNetwork

NONE, FAVOR, AGAINST = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)
TARGET = "駅前広場の改修"
SAID = [
    Said(TARGET, "改修が済めば雨の日も濡れずに乗り換えられる", FAVOR),
    Said(TARGET, "広場を掘り返す金があるなら橋を直すべきだ", AGAINST),
    Said(TARGET, "説明会は火曜日に開かれる", NONE),
]


@pytest.fixture(scope="module")
def base():
    return BaseEncoder.find()


def test_training_learns_sides_and_what_is_written_says_the_same(base, tmp_path):
    settings = Settings(
        rank=4, steps=40, rate=5e-3, average=0.5, dropout=0.0, state_dropout=0.0, piece_dropout=0.0
    )
    sources = Sources(SAID, SAID, SAID, SAID)
    out = tmp_path / "stance_encoder-9.9.9"
    write(out, stance_encoder.train(base, sources, settings, lambda line: None))
    meta = json.loads((out / "meta.json").read_text(encoding="utf-8"))
    assert meta["name"] == "stance_encoder"
    shares = StanceEncoder(base, load_file(out / WEIGHTS)).shares(
        [(s.target, s.text) for s in SAID]
    )
    assert shares.argmax(axis=1).tolist() == [1, 2, 0]
    assert np.allclose(shares.sum(axis=1), 1)


def test_the_network_computes_what_the_product_computes(base):
    torch.manual_seed(1)
    known = known_pieces(base, [text for said in SAID for text in said[:2]])
    network = StanceNetwork(base, known, Settings(rank=4)).eval()
    with torch.no_grad():
        for layer in network.layers:
            for product in layer.products.values():
                product.onto.normal_(0, 0.02)
        network.out.weight.mul_(5)
    cutter = PieceCutter(base.pieces(known.tolist()))
    with torch.inference_mode():
        scores = network([joined(cutter, said.target, said.text) for said in SAID])
    shares = StanceEncoder(base, network.adapter()).shares([said[:2] for said in SAID])
    assert np.corrcoef(scores.softmax(-1).numpy().ravel(), shares.ravel())[0, 1] > 0.98


def test_a_draw_takes_all_that_takes_a_side():
    sided = [Said("税", f"賛成{number}", FAVOR) for number in range(50)]
    unsided = [Said("税", f"雨{number}", NONE) for number in range(400)]
    found = drawn(Sources(SAID, [], SAID, sided + unsided), random.Random(0))
    assert all(found.count(said) == 3 for said in SAID)  # a vote, and twice as gold
    assert set(sided) < set(found)
    kept = len(set(unsided) & set(found)) / len(unsided)
    assert abs(kept - UNSIDED) < 0.1


def test_a_wrong_name_is_told_before_anything_else(tmp_path):
    with pytest.raises(UsageError, match="NAME-VERSION"):
        stance_encoder.build(
            tmp_path / "stances", votes=tmp_path, triples=tmp_path, gold=tmp_path,
            sides=tmp_path, marked=tmp_path,
        )  # fmt: skip
