"""The tagger of names: what it marks, and its folder."""

from itertools import pairwise

import numpy as np
import pytest

from ronten.components.language import base
from ronten.components.mentions.name_table import NameTable
from ronten.components.mentions.tagger import Tagger
from ronten.components.mentions.view import View
from ronten.components.sequence import packed, tag_set, unpacked

LABELS = ["PERSON", "PLACE"]
WIDTHS = {"word": 3, "tag": 2, "shape": 2, "gram": 3}
HIDDEN = 4


def _tagger(nlp, seed=0):
    rng = np.random.default_rng(seed)
    tags = len(tag_set(LABELS))

    def some(*shape):
        return rng.normal(0, 0.5, shape).astype(np.float16)

    def rows(*shape):
        return unpacked(*packed(some(*shape).astype(np.float32)))

    weights = {
        "word": rows(3, 3),
        "tag": some(4, 2),
        "shape": some(3, 2),
        "gram": rows(17, 3),
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
    assert again.config["words"] == tagger.config["words"]
    assert again.decoder.tags == tagger.decoder.tags
