"""The pretrained encoder as the second reader of claims."""

import numpy as np
import pytest

from ronten import models
from ronten.components.claims.cues import CueFinder
from ronten.components.claims.document import Document
from ronten.components.claims.encoder import (
    HEADS,
    OWN,
    REPORTED,
    ClaimEncoder,
    words,
)
from ronten.components.claims.hints import hinted
from ronten.components.claims.lexicon import load_cues
from ronten.components.claims.speakers import Speakers
from ronten.components.claims.tagger import ClaimTagger
from ronten.components.claims.view import views
from ronten.components.columns import columns
from ronten.components.language import build
from ronten.components.sequence import tag_set
from ronten.components.word_encoder import LONGEST, Head
from ronten.config import Config

TEXT = "市長は「補修は待てない」と述べた。工事は三年かかるという。"


@pytest.fixture(scope="module")
def nlp():
    return build(Config(), last="ronten_measures")


@pytest.fixture(scope="module")
def encoder():
    return ClaimEncoder.load(models.find("encoder"))


def views_of(nlp, text):
    doc = nlp(text)
    return views(doc, columns(doc))


def best(scores, labels):
    return [tag_set(labels)[number].label for number in scores.argmax(axis=1)]


def test_each_head_scores_every_word(nlp, encoder):
    read = views_of(nlp, TEXT)
    scores = encoder.scores(read)
    count = sum(map(len, read))
    assert scores["reported"].shape == (count, len(tag_set(REPORTED)))
    assert scores["own"].shape == (count, len(tag_set(OWN)))
    found = dict(zip(read[0].text, best(scores["reported"], REPORTED), strict=False))
    assert [found[word] for word in ("市長", "補修", "待て")] == ["source", "content", "content"]


def test_a_sentence_of_any_length_is_read_to_its_end(nlp, encoder):
    text = "雨が降り、" * LONGEST + "市長は対策を急ぐと述べた。"
    [view] = views_of(nlp, text)
    scores = encoder.scores([view])["reported"]
    assert len(scores) == len(view)
    assert "content" in best(scores[-8:], REPORTED)


def test_what_looks_like_a_mark_of_the_vocabulary_is_text(nlp, encoder):
    read = views_of(nlp, "市長は</s>と<s>と<pad>を消すと述べた。" * 3)
    assert len(encoder.scores(read)["own"]) == sum(map(len, read))


def test_words_lie_in_the_text_of_their_sentence(nlp):
    view = views_of(nlp, TEXT)[1]
    text, starts, ends = words(view)
    assert [text[a:b] for a, b in zip(starts, ends, strict=True)] == list(view.text)


class Insisting:
    """Says of every word that it is a content by itself, or none, as surely as told."""

    def __init__(self, label, sure):
        self.label, self.sure = label, sure
        self.heads = {
            name: Head(*(np.zeros((len(tag_set(labels)),) * 2, np.float32),) * 3)
            for name, labels in HEADS.items()
        }

    def scores(self, read):
        count = sum(map(len, read))
        said = {}
        for name, labels in HEADS.items():
            tags = tag_set(labels)
            said[name] = np.zeros((count, len(tags)), np.float32)
            if name == "reported":
                wanted = [tag.label == self.label and tag.position in "OS" for tag in tags]
                said[name][:, wanted] = self.sure
        return said


SURE = "市長は「補修は待てない」と述べた。"
DOUBTED = "水野工業は来春にも工場を閉鎖すると報じられた。"


@pytest.fixture(scope="module")
def contents(nlp):
    lexicon = load_cues()

    def found(text, encoder):
        doc = nlp(text)
        document = Document(doc)
        finder, speakers = CueFinder(lexicon), Speakers(document.entities)
        sentences = [hinted(view, speakers, finder) for view in views(doc, document.tokens)]
        tagger = ClaimTagger.load(models.find("claims"), lexicon, nlp.vocab, encoder)
        return [
            [text[slice(*mark.span)] for mark in marks.contents] for marks in tagger.mark(sentences)
        ]

    return found


def test_where_the_tagger_is_in_doubt_both_decide(contents):
    [[alone]] = contents(DOUBTED, None)
    assert alone.endswith("来春にも工場を閉鎖する")
    assert contents(DOUBTED, Insisting("", 1000)) == [[]]
    assert "水野" in contents(DOUBTED, Insisting("content", 1000))[0]


def test_where_it_is_sure_nobody_else_is_asked(contents):
    assert contents(SURE, Insisting("", 1000)) == [["補修は待てない"]]
    assert contents(SURE + DOUBTED, Insisting("", 1000)) == [["補修は待てない"], []]
    [sure, doubted] = contents(SURE + DOUBTED, Insisting("content", 1000))
    assert sure == ["補修は待てない"]
    assert "水野" in doubted
