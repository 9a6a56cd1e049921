"""What the tagger sees: sequences, marks of the rules, names known as a whole."""

import numpy as np
import pytest

from ronten.components.language import base
from ronten.components.mentions.features import (
    LONGEST,
    RULE_LABELS,
    Alphabet,
    Encoder,
    grams_of,
    rule_tags,
    sequences,
    shape,
)
from ronten.components.mentions.name_table import SORTS, NameTable
from ronten.components.mentions.view import Candidate, View
from ronten.types import Label


@pytest.fixture(scope="module")
def nlp():
    return base()


def _view(nlp, text):
    return View(nlp.make_doc(text))


def _encoder(nlp, names=None):
    return Encoder(
        Alphabet({}, {}, {}, 64), NameTable.build(names or {}), nlp.vocab.vectors.key2row
    )


def test_sequences_end_at_stops_and_line_breaks(nlp):
    view = _view(nlp, "雨が降る。風も吹く\n晴れる")
    cut = [
        "".join(t.text for t in view.tokens[first : first + size])
        for first, size in sequences(view).tolist()
    ]
    assert cut == ["雨が降る。", "風も吹く", "晴れる"]


def test_a_sequence_has_a_limit_and_nothing_is_lost(nlp):
    view = _view(nlp, "雪と" * 3 * LONGEST)
    sizes = sequences(view)[:, 1]
    assert sizes.max() == LONGEST
    assert sizes.sum() == len(view.tokens)


def test_rule_marks_say_begin_inside_end_and_single(nlp):
    view = _view(nlp, "青嶺製作所は東京都にある。")
    end = view.text.index("は")
    marks = rule_tags(
        view,
        [Candidate(0, end, Label.COMPANY, "青嶺製作所"), Candidate(6, 9, Label.PLACE, "東京都")],
    )
    company = 1 + 4 * RULE_LABELS.index(Label.COMPANY)
    words = view.by_end[end] + 1
    assert marks[0] == company
    assert marks[words - 1] == company + 2
    assert set(marks[1 : words - 1].tolist()) <= {company + 1}
    assert marks[view.by_start[6]] == 1 + 4 * RULE_LABELS.index(Label.PLACE) + 3


def test_the_longest_known_name_is_marked_as_a_whole(nlp):
    bit = 1 << SORTS.index("company")
    encoder = _encoder(nlp, {"青嶺製作所": bit, "青嶺": bit, "製作所": bit})
    view = _view(nlp, "昨日、青嶺製作所が発表した。")
    features = encoder.encode(view, [])
    parts = {
        view.tokens[word].text: [
            place for place in (1, 2, 3) if names >> np.uint64(place * len(SORTS)) & np.uint64(bit)
        ]
        for word, names in zip(features.read.tolist(), features.names, strict=True)
    }
    inside = [parts[t.text] for t in view.tokens if t.start >= 3 and t.end <= 8]
    assert inside[0] == [1]
    assert inside[-1] == [3]
    assert all(place == [2] for place in inside[1:-1])
    assert parts["発表"] == []


def test_sentences_without_a_hint_of_a_name_are_not_read(nlp):
    features = _encoder(nlp).encode(_view(nlp, "雨が降った。田中氏が来た。"), [])
    words = [t.text for t in _view(nlp, "雨が降った。田中氏が来た。").tokens]
    assert [words[i] for i in features.read] == ["田中", "氏", "が", "来", "た", "。"]
    assert features.sequences.tolist() == [[0, 6]]


def test_features_depend_on_the_text_alone(nlp):
    encoder = _encoder(nlp)
    view = _view(nlp, "田中氏はDeepSeekを使う。")
    before = encoder.encode(view, [])
    encoder.encode(_view(nlp, "別の記事。アサギリ社の鈴木氏。"), [])
    after = encoder.encode(view, [])
    for one, two in zip(before.words, after.words, strict=True):
        assert one[:2] == two[:2]
        assert np.array_equal(one.grams, two.grams)
    for one, two in zip(before._replace(words=()), after._replace(words=()), strict=True):
        assert np.array_equal(one, two)


@pytest.mark.parametrize(
    ("word", "expected"),
    [("東京", "KK"), ("GPT-4", "AA-9"), ("エヌビディア", "TT"), ("ひらく", "HH"), ("々", "K")],
)
def test_shapes(word, expected):
    assert shape(word) == expected


def test_grams_hold_the_word_its_ends_and_its_parts():
    grams = grams_of("東京")
    assert {"W東京", "P1東", "S1京", "<東", "京>", "<東京", "東京>", "東"} <= set(grams)
