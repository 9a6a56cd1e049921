"""Trial runs of the training of the pretrained encoder."""

import json

import numpy as np
import pytest
import torch

from marked_text import TEXT, marked_samples
from ronten.components.claims.encoder import HEADS, REPORTED, ClaimEncoder
from ronten.components.claims.features import Gate, WordClasses
from ronten.components.claims.lexicon import load_cues
from ronten.components.e5 import BaseEncoder
from ronten.components.pieces import PieceCutter
from ronten.components.sequence import tag_set
from ronten.components.word_encoder import WINDOW
from ronten.errors import UsageError
from ronten.train import encoder
from ronten.train.adapting import known_pieces, write
from ronten.train.claims_data import TrainingData
from ronten.train.encoder_network import EncoderNetwork
from ronten.train.word_encoder import windows_of


@pytest.fixture(scope="module")
def articles(tmp_path_factory):
    return marked_samples(tmp_path_factory.mktemp("marked"), TEXT)


@pytest.fixture(scope="module")
def base():
    return BaseEncoder.find()


def read_views(sample):
    gate = Gate(WordClasses(load_cues()))
    return [hinted.view for hinted in sample.sentences if gate.reads(hinted)]


def tagged(views, sample):
    return [encoder.tagged(view, sample.annotation.claims) for view in views]


def test_windows_say_where_words_and_labels_are(articles, base):
    _, [sample] = articles
    views = read_views(sample)
    assert len(views) == 2  # the sentence without any marker is not read
    known = known_pieces(base, [sample.annotation.text])
    cutter = PieceCutter(base.pieces(known.tolist()))
    [part] = windows_of(cutter, tagged(views, sample))
    assert len(part.types) <= WINDOW
    assert part.sizes == [len(view) for view in views]
    texts = np.array([text for text, _ in base.pieces(known.tolist())])[part.types]
    words = [word for view in views for word in view.text]
    for word, (first, last) in zip(words, part.ends.tolist(), strict=True):
        assert set(word) & set("".join(texts[first : last + 1]))
    labels = [tag_set(REPORTED)[tag].label for tag in part.tags["reported"]]
    assert [w for w, label in zip(words, labels, strict=True) if label == "cue"] == [
        "と", "し", "明言", "述べ"
    ]  # fmt: skip


def test_training_finds_its_own_claims_again_and_what_is_written_says_the_same(
    articles, base, tmp_path
):
    _, samples = articles
    settings = encoder.Settings(
        rank=4, steps=40, rate=5e-3, average=0.5, dropout=0.0, state_dropout=0.0, piece_dropout=0.0
    )
    out = tmp_path / "encoder-9.9.9"
    write(out, encoder.train(base, samples, [], settings, lambda line: None))
    meta = json.loads((out / "meta.json").read_text(encoding="utf-8"))
    assert meta["name"] == "encoder"
    views = read_views(samples[0])
    scores = ClaimEncoder.load(out).scores(views)["reported"]
    words = [word for view in views for word in view.text]
    labels = [tag_set(REPORTED)[number].label for number in scores.argmax(axis=1)]
    found = [w for w, label in zip(words, labels, strict=True) if label == "source"]
    assert found == ["戸叶", "亮介", "市長", "同氏"]


def test_the_network_computes_what_the_product_computes(articles, base):
    _, [sample] = articles
    torch.manual_seed(1)
    known = known_pieces(base, [sample.annotation.text])
    network = EncoderNetwork(base, known, encoder.Settings(rank=4), HEADS).eval()
    with torch.no_grad():
        for layer in network.layers:
            for product in layer.products.values():
                product.onto.normal_(0, 0.02)
    product = ClaimEncoder(base, network.adapter())
    views = read_views(sample)
    cutter = PieceCutter(base.pieces(known.tolist()))
    [part] = windows_of(cutter, tagged(views, sample))
    with torch.inference_mode():
        states = network.states(torch.from_numpy(part.types)[None])[0]
        scores = network.heads["own"].out(states[torch.from_numpy(part.ends)].flatten(1)).numpy()
    said = product.scores(views)["own"]
    assert np.corrcoef(scores.ravel(), said.ravel())[0, 1] > 0.98


def test_a_wrong_name_is_told_before_anything_else(tmp_path):
    with pytest.raises(UsageError, match="NAME-VERSION"):
        encoder.build(tmp_path / "encoder", data=TrainingData(tmp_path, []))
