"""The pretrained encoder as the second reader of names."""

import numpy as np
import pytest

from ronten import models
from ronten.components.language import base
from ronten.components.mentions import NamesEncoder, Tagger
from ronten.components.mentions.encoder import sentences
from ronten.components.mentions.tagger import DOUBT
from ronten.components.mentions.view import View
from ronten.components.sequence import Decoder, tag_set
from ronten.components.word_encoder import Head

TEXT = "戸叶亮介は峰岸で話した。\n雨が降った。\n水無瀬電機の新しい工場だ。"


@pytest.fixture(scope="module")
def nlp():
    return base()


@pytest.fixture(scope="module")
def alone(nlp):
    return Tagger.load(models.find("ner"), nlp.vocab.vectors)


@pytest.fixture(scope="module")
def encoder():
    return NamesEncoder.load(models.find("names_encoder"))


def beside(nlp, encoder):
    return Tagger.load(models.find("ner"), nlp.vocab.vectors, encoder)


def read(tagger, nlp, text):
    view = View(nlp.make_doc(text))
    return view, tagger.encoder.encode(view, [])


def test_it_tags_the_words_that_the_tagger_reads(nlp, alone, encoder):
    view, features = read(alone, nlp, TEXT)
    head = encoder.head
    scores = encoder.scores(view, features.read, features.sequences, 1)
    assert scores.shape == (len(features.read), len(tag_set(alone.config["labels"])))
    decoder = Decoder(alone.config["labels"], head.out, head.bias, head.moves)
    tags = decoder.decode(scores, features.sequences)
    found = {(TEXT[s.start : s.end], s.label) for s in alone.read(view, features.read, tags)}
    assert {("戸叶亮介", "PERSON"), ("水無瀬電機", "COMPANY")} <= found


def test_kinds_of_text_are_told_apart(nlp, alone, encoder):
    view, features = read(alone, nlp, TEXT)
    wikipedia, news = (
        encoder.scores(view, features.read, features.sequences, domain) for domain in (0, 1)
    )
    assert not np.allclose(wikipedia, news, atol=0.05)


def test_sentences_hold_their_words(nlp, alone):
    view, features = read(alone, nlp, TEXT)
    said = list(sentences(view, features.read, features.sequences))
    words = [view.tokens[number] for number in features.read.tolist()]
    assert [text[a:b] for text, *ends in said for a, b in zip(*ends, strict=True)] == [
        TEXT[word.start : word.end] for word in words
    ]
    assert "雨" not in "".join(text for text, *_ in said)  # there is nothing to read


class Insisting:
    """Says of every word that it is a name of one label, or none; keeps what it was asked."""

    def __init__(self, labels, label, sure=1000.0):
        self.tags = tag_set(labels)
        self.wanted = [tag.label == label and tag.position in "OS" for tag in self.tags]
        self.sure = sure
        self.head = Head(*(np.zeros((len(self.tags),) * 2, np.float32),) * 3)
        self.asked = []

    def scores(self, view, read, sequences, domain):
        found = list(sentences(view, read, sequences))
        self.asked += [text for text, *_ in found]
        said = np.zeros((sum(len(starts) for _, starts, _ in found), len(self.tags)), np.float32)
        said[:, self.wanted] = self.sure
        return said


def chance_of(tagger, features):
    """Return how sure the tagger is of the least sure word."""
    scores = tagger.scores(features, "news")
    return tagger.decoder.chances(scores, features.sequences).max(axis=1).min()


SURE = "田中一郎氏は東京都で話した。"
DOUBTED = "真壁は瀬戸波で話した。"


def test_where_the_tagger_is_sure_nobody_else_is_asked(nlp, alone):
    labels = alone.config["labels"]
    sure, doubted = (read(alone, nlp, text)[1] for text in (SURE, DOUBTED))
    assert chance_of(alone, sure) > 1 - DOUBT > chance_of(alone, doubted)
    nobody = Insisting(labels, "")
    view = View(nlp.make_doc(f"{SURE}\n{DOUBTED}\n{SURE}"))
    before = alone.spans(view, [], "news")
    after = beside(nlp, nobody).spans(view, [], "news")
    assert nobody.asked == [DOUBTED]
    first = len(SURE) + 1
    inside = range(first, first + len(DOUBTED))
    assert [span for span in before if span.start not in inside] == after
    assert len(after) < len(before)


def test_where_it_is_in_doubt_both_decide(nlp, alone):
    view = View(nlp.make_doc(DOUBTED))
    insisting = Insisting(alone.config["labels"], "ORG")
    found = beside(nlp, insisting).spans(view, [], "news")
    assert {span.label for span in found} == {"ORG"}
    shy = Insisting(alone.config["labels"], "ORG", sure=0.0)
    assert "ORG" not in {span.label for span in beside(nlp, shy).spans(view, [], "news")}


@pytest.mark.parametrize("text", ["", "\n\n", "ああ。", "、。"])
def test_texts_without_names_ask_nothing(nlp, alone, text):
    nobody = Insisting(alone.config["labels"], "PERSON")
    assert beside(nlp, nobody).spans(View(nlp.make_doc(text)), [], "news") == []
    assert nobody.asked == []
