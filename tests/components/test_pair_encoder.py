"""The pretrained encoder as the second reader of sides and types."""

import numpy as np
import pytest

from ronten.components.e5 import BaseEncoder
from ronten.components.pair_encoder import PairEncoder, joined
from ronten.components.pieces import BEGIN, END, PieceCutter
from ronten.train.adapting import known_pieces
from ronten.train.types import LABELS

TARGET = "駅前広場の改修"


@pytest.fixture(scope="module")
def encoder():
    return PairEncoder.load("stance_encoder")


def test_it_knows_what_a_measure_leads_to(encoder):
    said = [
        (TARGET, "屋根が伸びて、雨の日も濡れずに乗り換えられる"),
        (TARGET, "その金があるなら古い橋を直すべきだ"),
        (TARGET, "説明会は火曜日に開かれる"),
    ]
    shares = encoder.shares(said)
    assert np.allclose(shares.sum(axis=1), 1, atol=1e-5)
    assert shares[0, 1] > shares[0, 2]
    assert shares[1, 2] > shares[1, 1]
    assert shares[2, 0] > 0.5


def test_a_pair_depends_on_nothing_but_itself(encoder):
    pairs = [(TARGET, "反対だ"), (TARGET, ""), ("", "反対だ"), (TARGET, "反対だ" * 400)]
    together = encoder.shares(pairs)
    assert together.shape == (4, 3)
    for pair, shares in zip(pairs, together, strict=True):
        assert (encoder.shares([pair])[0] == shares).all()
    assert encoder.shares([]).shape == (0, 3)


def test_it_tells_types_by_what_is_said_and_what_follows():
    encoder = PairEncoder.load("types_encoder")
    said = [
        ("委員は「＿」と述べ、見直し", "橋は架け替えなければならない"),
        ("＿という。調査は五月に行", "橋を渡る車は一日に420台だった"),
        ("技師は＿との見方を示した", "二年のうちに橋は通れなくなる"),
    ]
    found = encoder.shares(said).argmax(axis=1)
    assert [LABELS[number] for number in found] == ["policy", "fact", "prediction"]


def test_target_and_text_are_told_apart_and_cut():
    base = BaseEncoder.find()
    cutter = PieceCutter(base.pieces(known_pieces(base, ["増税", "賛成だ"]).tolist()))
    short = joined(cutter, "増税", "賛成だ").tolist()
    assert short[0] == BEGIN
    assert short[-1] == END
    assert short.count(END) == 2
    assert len(joined(cutter, "増税" * 200, "賛成だ" * 400)) == 1 + 160 + 1 + 160 + 1
