"""The tagger's arithmetic against torch and against brute force; its folder."""

from itertools import pairwise, product

import numpy as np
import pytest

from ronten.components.language import base
from ronten.components.mentions.name_table import NameTable
from ronten.components.mentions.tagger import Tagger, _lstm, constraints, tag_set
from ronten.components.mentions.view import View

LABELS = ["PERSON", "PLACE"]
WIDTHS = {"word": 3, "tag": 2, "shape": 2, "gram": 3}
HIDDEN = 4


def _tagger(nlp, seed=0):
    rng = np.random.default_rng(seed)
    tags = len(tag_set(LABELS))

    def some(*shape):
        return rng.normal(0, 0.5, shape).astype(np.float16)

    weights = {
        "word": some(3, 3),
        "tag": some(4, 2),
        "shape": some(3, 2),
        "gram": some(17, 3),
        "vector": some(300, 3),
        "vector_bias": some(3),
        "input": some(sum(WIDTHS.values()) + 3, 8 * HIDDEN),
        "rule": some(33, 8 * HIDDEN),
        "names": some(48, 8 * HIDDEN),
        "domain": some(1, 8 * HIDDEN),
        "recurrent": some(2, HIDDEN, 4 * HIDDEN),
        "out": some(2 * HIDDEN, tags),
        "out_bias": some(tags),
        "moves": some(tags, tags),
    }
    config = {
        "labels": LABELS,
        "domains": ["news"],
        "words": [11, 12],
        "tags": ["名詞-固有名詞-一般", "助詞-係助詞", "動詞-一般"],
        "shapes": ["KK", "H"],
        "buckets": 16,
    }
    return Tagger(weights, config, NameTable.build({"田中": 1}), nlp.vocab.vectors)


@pytest.fixture(scope="module")
def nlp():
    return base()


def test_the_lstm_is_that_of_torch():
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    lstm = torch.nn.LSTM(5, HIDDEN, bidirectional=True, batch_first=True)
    named = dict(lstm.named_parameters())
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
    ours = _lstm(gates.detach().numpy(), recurrent.detach().numpy(), sequences)
    for first, size in sequences.tolist():
        expected = lstm(inputs[None, first : first + size])[0][0].detach().numpy()
        assert np.allclose(ours[first : first + size], expected, atol=1e-5)


def test_decoding_finds_the_best_allowed_tags(nlp):
    tagger = _tagger(nlp)
    rng = np.random.default_rng(1)
    moves, start, end = constraints(tagger.tags)
    moves = moves + tagger.weights["moves"]
    sequences = np.array([[0, 3], [3, 2]])
    scores = rng.normal(0, 2, (5, len(tagger.tags))).astype(np.float32)
    found = tagger.decode(scores, sequences)

    def worth(tags, at):
        total = start[tags[0]] + end[tags[-1]] + sum(scores[at + i, t] for i, t in enumerate(tags))
        return total + sum(moves[a, b] for a, b in pairwise(tags))

    for at, size in sequences.tolist():
        best = max(product(range(len(tagger.tags)), repeat=size), key=lambda tags: worth(tags, at))
        assert tuple(found[at : at + size].tolist()) == best


def test_a_word_surely_outside_needs_no_decoding(nlp):
    tagger = _tagger(nlp)
    scores = np.zeros((3, len(tagger.tags)), np.float32)
    scores[:, 0] = 50
    assert tagger.decode(scores, np.array([[0, 3]])).tolist() == [0, 0, 0]


def test_spans_lie_on_words_and_do_not_overlap(nlp):
    tagger = _tagger(nlp)
    view = View(nlp.make_doc("田中氏は東京へ行く。\n\n鈴木さんはパリを好む。"))
    spans = tagger.spans(view, [], "news")
    assert spans == sorted(spans)
    assert all(a.end <= b.start for a, b in pairwise(spans))


@pytest.mark.parametrize("text", ["", "\n\n", "ああ。", "、。"])
def test_texts_without_names(nlp, text):
    assert _tagger(nlp).spans(View(nlp.make_doc(text)), [], "news") == []


def test_a_folder_holds_all_of_it(nlp, tmp_path):
    tagger = _tagger(nlp)
    tagger.save(tmp_path)
    again = Tagger.load(tmp_path, nlp.vocab.vectors)
    view = View(nlp.make_doc("田中氏は東京へ行く。"))
    features = tagger.encoder.encode(view, [])
    assert np.array_equal(
        tagger.scores(features, "news"), again.scores(again.encoder.encode(view, []), "news")
    )
    assert (again.config["words"], again.tags) == (tagger.config["words"], tagger.tags)
