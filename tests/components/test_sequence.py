"""The arithmetic of the taggers against torch and against brute force."""

from itertools import pairwise, product

import numpy as np
import pytest

from ronten.components import sequence
from ronten.components.sequence import (
    Decoder,
    KeptRows,
    batches,
    constraints,
    lstm,
    only,
    packed,
    unpacked,
)

LABELS = ["PERSON", "PLACE"]
HIDDEN = 4


def _decoder(moves):
    out = np.zeros((2 * HIDDEN, 9), np.float32)
    return Decoder(LABELS, out, np.zeros(9, np.float32), moves)


def test_the_lstm_is_that_of_torch():
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    module = torch.nn.LSTM(5, HIDDEN, bidirectional=True, batch_first=True)
    named = dict(module.named_parameters())
    order = [*range(2 * HIDDEN), *range(3 * HIDDEN, 4 * HIDDEN), *range(2 * HIDDEN, 3 * HIDDEN)]
    sequences = np.array([[0, 3], [3, 1], [4, 6]])
    inputs = torch.randn(10, 5)
    gates = torch.cat(
        [
            (
                inputs @ named[f"weight_ih_{end}"].T
                + named[f"bias_ih_{end}"]
                + named[f"bias_hh_{end}"]
            )[:, order]
            for end in ("l0", "l0_reverse")
        ],
        1,
    )
    recurrent = torch.stack([named[f"weight_hh_{end}"][order].T for end in ("l0", "l0_reverse")])
    ours = lstm(gates.detach().numpy(), recurrent.detach().numpy(), sequences)
    for first, size in sequences.tolist():
        expected = module(inputs[None, first : first + size])[0][0].detach().numpy()
        assert np.allclose(ours[first : first + size], expected, atol=1e-5)


def test_decoding_finds_the_best_allowed_tags():
    rng = np.random.default_rng(1)
    learned = rng.normal(0, 0.5, (9, 9)).astype(np.float32)
    decoder = _decoder(learned)
    moves, start, end = constraints(decoder.tags)
    moves = moves + learned
    sequences = np.array([[0, 3], [3, 2]])
    scores = rng.normal(0, 2, (5, len(decoder.tags))).astype(np.float32)
    found = decoder.decode(scores, sequences)

    def worth(tags, at):
        total = start[tags[0]] + end[tags[-1]] + sum(scores[at + i, t] for i, t in enumerate(tags))
        return total + sum(moves[a, b] for a, b in pairwise(tags))

    for at, size in sequences.tolist():
        best = max(product(range(len(decoder.tags)), repeat=size), key=lambda tags: worth(tags, at))
        assert tuple(found[at : at + size].tolist()) == best


def test_a_word_surely_outside_needs_no_decoding():
    decoder = _decoder(np.zeros((9, 9), np.float32))
    scores = np.zeros((3, len(decoder.tags)), np.float32)
    scores[:, 0] = 50
    assert decoder.decode(scores, np.array([[0, 3]])).tolist() == [0, 0, 0]


def test_spans_are_read_from_tags():
    decoder = _decoder(np.zeros((9, 9), np.float32))
    index = {(tag.position, tag.label): i for i, tag in enumerate(decoder.tags)}
    tags = [("O", ""), ("B", "PERSON"), ("I", "PERSON"), ("E", "PERSON"), ("S", "PLACE")]
    found = list(decoder.spans([index[tag] for tag in tags]))
    assert found == [(1, 3, "PERSON"), (4, 4, "PLACE")]


def test_rows_are_kept_until_there_is_no_room():
    made = []

    def make(keys):
        def rows(numbers):
            made.append([keys[number] for number in numbers])
            return np.array([[keys[number]] * 2 for number in numbers], np.float32)

        return rows

    kept = KeptRows(2, most=3)
    for keys in ([1, 2], [2, 1, 3], [4, 3], [5, 6, 7, 8]):
        assert kept.of(keys, make(keys))[:, 0].tolist() == keys
    assert made == [[1, 2], [3], [4, 3], [5, 6, 7, 8]]


def test_batches_hold_all_words_in_order(monkeypatch):
    monkeypatch.setattr(sequence, "_BATCH_WORDS", 4)
    sequences = np.array([[0, 3], [3, 2], [5, 6], [11, 1]])
    found = [
        (words.start + first, size)
        for words, cut in batches(sequences)
        for first, size in cut.tolist()
    ]
    assert found == [tuple(pair) for pair in sequences.tolist()]


def test_packed_rows_are_near_and_stay_as_they_are():
    rows = np.random.default_rng(0).normal(0, 0.5, (40, 48)).astype(np.float32)
    rows[3] = 0
    small, scales = packed(rows)
    again = unpacked(small, scales)
    assert (small.dtype, again.dtype) == (np.int8, np.float32)
    assert np.abs(again - rows).max() < np.abs(rows).max() / 127
    assert not again[3].any()
    assert np.array_equal(unpacked(*packed(again)), again)


def test_the_chance_of_a_tag_is_its_share_of_all_allowed_ways():
    draw = np.random.default_rng(11)
    moves = draw.normal(size=(9, 9)).astype(np.float32)
    decoder = _decoder(moves)
    sizes = [4, 1, 3]
    scores = draw.normal(0, 2, (sum(sizes), 9)).astype(np.float32)
    starts = np.cumsum([0, *sizes[:-1]])
    chances = decoder.chances(scores, np.column_stack((starts, sizes)))
    allowed, start, end = constraints(decoder.tags)
    for first, size in zip(starts.tolist(), sizes, strict=True):
        shares = np.zeros((size, 9))
        for way in product(range(9), repeat=size):
            steps = [allowed[a, b] + moves[a, b] for a, b in pairwise(way)]
            said = [scores[first + i, tag] for i, tag in enumerate(way)]
            share = np.exp(float(start[way[0]] + end[way[-1]] + sum(steps) + sum(said)))
            shares[np.arange(size), way] += share
        expected = shares / shares.sum(axis=1, keepdims=True)
        np.testing.assert_allclose(chances[first : first + size], expected, atol=1e-5)


def test_words_that_are_surely_outside_part_what_is_doubted():
    scores = np.zeros((8, 9), np.float32)
    scores[[0, 3, 7], 0] = 9  # surely outside
    sequences = np.array([[0, 5], [5, 3]])
    decoder = _decoder(np.zeros((9, 9), np.float32))
    doubted = decoder.doubted(scores, sequences)
    assert doubted.tolist() == [[1, 2], [4, 1], [5, 2]]
    words, alone = only(doubted)
    assert words.tolist() == [1, 2, 4, 5, 6]
    assert alone.tolist() == [[0, 2], [2, 1], [3, 2]]
    chances = decoder.chances(scores, doubted)
    assert not chances[[0, 3, 7]].any()
    np.testing.assert_allclose(chances[words], decoder.chances(scores[words], alone))
