"""Words in pieces, and pieces in windows."""

from itertools import accumulate

import pytest

from ronten.components.pieces import UNKNOWN, PieceCutter, windows

VOCABULARY = [
    *((mark, 0.0) for mark in ("<s>", "<pad>", "</s>", "<unk>")),
    *(("▁", -3.0), ("市長", -4.0), ("は", -2.0), ("述べた", -5.0), ("GPU", -6.0), ("株", -7.0)),
    ("式会社", -7.0),
]


@pytest.fixture(scope="module")
def cutter():
    return PieceCutter(VOCABULARY)


def cut(cutter, *words):
    ends = list(accumulate(map(len, words)))
    starts = [end - len(word) for end, word in zip(ends, words, strict=True)]
    found = cutter.cut("".join(words), starts, ends)
    texts = [VOCABULARY[number][0] for number in found.numbers]
    return [(texts[a], texts[b]) for a, b in zip(found.first, found.last, strict=True)]


def test_words_know_their_first_and_last_piece(cutter):
    assert cut(cutter, "市長", "は", "述べ", "た") == [
        ("市長", "市長"), ("は", "は"), ("述べた", "述べた"), ("述べた", "述べた")
    ]  # fmt: skip
    assert cut(cutter, "株式会社") == [("株", "式会社")]


def test_full_width_letters_and_signs_of_several_characters_are_the_plain_ones(cutter):
    assert cut(cutter, "ＧＰＵ", "は") == [("GPU", "GPU"), ("は", "は")]
    assert cut(cutter, "㍿", "は") == [("式会社", "式会社"), ("は", "は")]


def test_what_is_unknown_or_leaves_no_trace_has_a_piece_all_the_same(cutter):
    assert cut(cutter, "は", "龘") == [("は", "は"), ("<unk>", "<unk>")]
    assert cut(cutter, "は", "\u3000", "は")[1][0] == "▁"
    found = cutter.cut("\u200b", [0], [1])
    assert found.numbers[found.first[0]] in (UNKNOWN, 4)


def test_windows_hold_whole_sentences():
    # A beginning and an end for each sentence count.
    assert [(w.start, w.stop) for w in windows([3, 3, 3], 9)] == [(0, 2), (2, 3)]
    assert [(w.start, w.stop) for w in windows([3, 3, 3], 8)] == [(0, 1), (1, 2), (2, 3)]
    assert [(w.start, w.stop) for w in windows([2, 50, 2], 9)] == [(0, 1), (1, 2), (2, 3)]
    assert list(windows([], 9)) == []
