"""Trial runs of the training of the encoder that marks names."""

import json

import pytest
from safetensors.numpy import load_file
from typer.testing import CliRunner

from ronten import models
from ronten.cli import app
from ronten.components.adapted import WEIGHTS
from ronten.components.e5 import BaseEncoder
from ronten.components.language import base
from ronten.components.mentions import Lexicon, NamesEncoder, Tagger
from ronten.components.mentions.encoder import HEAD
from ronten.components.mentions.view import View
from ronten.components.sequence import tag_set
from ronten.errors import UsageError
from ronten.train.adapting import write
from ronten.train.names_encoder import Settings, build, tagged, train
from ronten.train.ner_data import LABELS, NameData, Sample

TEXTS = {
    "news": "青嶺製作所の土岐隆社長は柊市で話した。",
    "wikipedia": "青嶺製作所は柊市にある。",
}
NAMES = {"青嶺製作所": "COMPANY", "土岐隆": "PERSON", "柊市": "PLACE"}


def sample(domain):
    text = TEXTS[domain]
    found = [(text.find(name), name, label) for name, label in NAMES.items()]
    return Sample(text, "", [(a, a + len(n), label) for a, n, label in found if a >= 0], domain)


@pytest.fixture(scope="module")
def nlp():
    return base()


@pytest.fixture(scope="module")
def tagger(nlp):
    return Tagger.load(models.find("ner"), nlp.vocab.vectors)


def test_labels_become_tags_of_the_words_that_are_read(nlp, tagger):
    [sentence] = tagged(nlp, tagger, sample("news"), Lexicon.load())
    text, starts, ends = sentence.words
    labels = [tag_set(LABELS)[tag].label for tag in sentence.tags[HEAD]]
    words = zip(starts, ends, labels, strict=True)
    found = [(text[a:b], label) for a, b, label in words if label]
    for name, label in NAMES.items():
        assert "".join(word for word, said in found if said == label) == name


def test_training_finds_its_own_names_again_and_what_is_written_says_the_same(
    nlp, tagger, tmp_path
):
    settings = Settings(
        rank=4, steps=60, rate=5e-3, average=0.5, dropout=0.0, state_dropout=0.0, piece_dropout=0.0
    )
    beginning = load_file(models.find("encoder") / WEIGHTS)
    samples = [sample("news"), sample("wikipedia")]
    out = tmp_path / "names_encoder-9.9.9"
    arrays = train(BaseEncoder.find(), beginning, nlp, tagger, samples, settings, lambda line: None)
    write(out, arrays, licence="CC-BY-SA-4.0")
    assert json.loads((out / "meta.json").read_text(encoding="utf-8"))["name"] == "names_encoder"
    view = View(nlp.make_doc(TEXTS["news"]))
    features = tagger.encoder.encode(view, [])
    scores = NamesEncoder.load(out).scores(view, features.read, features.sequences, 1)
    tags = tagger.decoder.decode(scores, features.sequences)
    found = tagger.read(view, features.read, tags)
    assert {(TEXTS["news"][s.start : s.end], s.label) for s in found} == set(NAMES.items())


def test_one_step_cross_validates_with_a_tagger_and_makes_a_model_that_loads(tmp_path):
    rows = [
        {"text": TEXTS["wikipedia"], "entities": [{"span": [0, 5], "label": "法人名"}]},
        {"text": "柊大学の土岐隆が開いた。", "entities": [{"span": [4, 7], "label": "人名"}]},
    ]
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (tmp_path / "wikipedia.jsonl").write_text(lines, "utf-8")
    (tmp_path / "names").mkdir()
    (tmp_path / "names" / "part.txt").write_text(
        "### n | 柊 |\n[[PERSON|土岐隆]]氏の話。\n", "utf-8"
    )
    (tmp_path / "marked").mkdir()
    (tmp_path / "marked" / "names.tsv").write_text("article\tstart\tend\tlabel\tname\n", "utf-8")
    gold = tmp_path / "gold"
    gold.mkdir()
    (gold / "g1.json").write_text(json.dumps({"id": "g1", "text": TEXTS["news"]}), "utf-8")
    (gold / "splits.json").write_text('{"g1": "train"}', "utf-8")
    out = tmp_path / "names_encoder-0.0.1"
    result = CliRunner().invoke(
        app,
        ["train", "names-encoder", str(out), "--wikipedia", str(tmp_path / "wikipedia.jsonl"),
         "--gold", str(gold), "--names", str(tmp_path / "names"),
         "--marked", str(tmp_path / "marked"), "--steps", "1", "--folds", "2"],
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert {"micro", "COMPANY"} <= models.verify(out)["scores"].keys()
    assert NamesEncoder.load(out).head.moves.shape == (len(tag_set(LABELS)),) * 2


def test_a_wrong_name_is_told_before_anything_else(tmp_path):
    with pytest.raises(UsageError, match="NAME-VERSION"):
        build(tmp_path / "names", data=NameData(tmp_path, tmp_path, tmp_path, []))
