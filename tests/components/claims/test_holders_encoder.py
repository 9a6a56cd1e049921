"""The pretrained encoder as the second judge of sources and holders."""

import math

import numpy as np
import pytest

from ronten import models
from ronten.components import adapted
from ronten.components.claims.candidates import Candidate
from ronten.components.claims.choosing import IN_DOUBT, Chooser
from ronten.components.claims.document import Document, Name
from ronten.components.claims.holders_encoder import (
    AUTHOR,
    CONTENT,
    CUE,
    ELSEWHERE,
    HOLDER,
    NO_MENTION,
    SHARE,
    SOURCE,
    UNSPECIFIED,
    HoldersEncoder,
    Passage,
    Read,
    holders_as_answers,
    sources_as_answers,
)
from ronten.components.claims.links import Options
from ronten.components.claims.models import ClaimModels
from ronten.components.claims.questions import Question
from ronten.components.claims.reports import Report
from ronten.components.e5 import BaseEncoder
from ronten.components.language import build
from ronten.components.pieces import PieceCutter
from ronten.config import Config
from ronten.ranking import Choice, Ranker
from ronten.types import Attribution, Kind

TEXT = (
    "港の補修を巡り、東浜市議会が開かれた。戸叶亮介市長は「補修は待てない」と述べた。"
    "西浜鉄道は費用を負担しないと回答している。閉会後に雨が降った。"
)


@pytest.fixture(scope="module")
def nlp():
    return build(Config(), last="ronten_measures")


@pytest.fixture(scope="module")
def cutter():
    base = BaseEncoder.find()
    return PieceCutter(base.pieces(range(len(base))))


@pytest.fixture(scope="module")
def encoder():
    return HoldersEncoder.load(models.find("holders_encoder"))


@pytest.fixture(scope="module")
def pieces(cutter):
    """Return the text of some pieces."""

    def joined(numbers):
        return "".join(cutter._tokenizer.id_to_token(number) for number in numbers)

    return joined


def test_layers_are_made_when_they_are_first_needed(nlp, monkeypatch):
    def made(*_):
        raise AssertionError("made")

    monkeypatch.setattr(adapted, "Transformer", made)
    encoder = HoldersEncoder.load(models.find("holders_encoder"))
    with pytest.raises(AssertionError, match="made"):
        encoder.read(Document(nlp(TEXT)), [span(TEXT, "補修は待てない")], None)


def span(text, part):
    start = text.index(part)
    return start, start + len(part)


def marked(pieces, passage, mark):
    return pieces(passage.pieces[passage.marks == mark].tolist())


def test_a_claim_is_read_with_its_surroundings_and_marked(nlp, cutter, pieces):
    document = Document(nlp(TEXT))
    content, cue = span(TEXT, "補修は待てない"), span(TEXT, "述べ")
    passage = Passage(cutter, document, [content], cue)
    assert marked(pieces, passage, CONTENT).strip("「」") == "補修は待てない"
    assert "述べ" in marked(pieces, passage, CUE)
    read = marked(pieces, passage, 0)
    assert "戸叶亮介市長は" in read
    assert "東浜市議会" in read  # the sentence before
    assert "西浜鉄道" in read  # and the next
    assert "閉会後" not in read


def test_mentions_are_told_by_their_pieces(nlp, cutter, pieces):
    document = Document(nlp(TEXT))
    passage = Passage(cutter, document, [span(TEXT, "補修は待てない")], None)
    names = [span(TEXT, name) for name in ("東浜市議会", "戸叶亮介市長", "雨")]
    found = passage.mentions(names)
    read = [pieces(passage.pieces[first : last + 1].tolist()) for first, last in found]
    assert ["東浜市議会" in read[0], *read[1:]] == [True, "戸叶亮介市長"]  # 雨 is not read
    assert not (passage.marks == CUE).any()


def test_of_a_long_content_both_ends_are_read(nlp, cutter, pieces):
    said = "補修は待てないし、" * 40
    text = f"会議の前に戸叶市長は「{said}急ぐ」と述べた。"
    document = Document(nlp(text))
    passage = Passage(cutter, document, [span(text, said + "急ぐ")], span(text, "述べ"))
    assert len(passage.pieces) < 200
    claimed = marked(pieces, passage, CONTENT)
    assert claimed.startswith(("補修は", "「補修は"))
    assert claimed.rstrip("」").endswith("急ぐ")
    inside = text.index(said) + len(said) // 2
    speaker = span(text, "戸叶市長")
    assert len(passage.mentions([speaker, (inside, inside + 2)])) == 1


def test_fragments_and_what_stands_in_the_gap_of_long_ones_are_marked_where_they_are(
    nlp, cutter, pieces
):
    one, other = "補修は待てないし、" * 12, "費用は市が持つし、" * 12
    text = f"会議の前に「{one}」と戸叶市長は述べ、「{other}」と加えた。"
    document = Document(nlp(text))
    content = [span(text, one), span(text, other)]
    passage = Passage(cutter, document, content, span(text, "述べ"))
    assert "会議の前に" in marked(pieces, passage, 0)
    claimed = marked(pieces, passage, CONTENT)
    assert claimed.strip("「」").startswith("補修は")
    assert claimed.rstrip("」").endswith("費用は市が持つし、")
    assert "加え" not in claimed
    assert (passage.marks == CUE).sum() <= 1  # it stands in the gap, which is not read


def test_a_content_that_shares_its_only_piece_with_its_reporting_word_is_marked(nlp, cutter):
    text = "市長は、金はないとした。"
    document = Document(nlp(text))
    passage = Passage(cutter, document, [span(text, "ない")], span(text, "とし"))
    assert (passage.marks == CONTENT).any()


def test_whatever_characters_become_there_is_an_answer(nlp, encoder):
    text = "㈱" * 239 + "急ぐと市長は述べた。"
    document = Document(nlp(text))
    read = encoder.read(document, [span(text, "急ぐ")], span(text, "述べ"))
    answers = sources_as_answers([span(text, "市長"), None])
    choice = encoder.choose(read, SOURCE, answers, [0.0, 0.0])
    assert 0.5 <= choice.probability <= 1.0


def test_far_beginnings_and_ends_stay_out(nlp, cutter, pieces):
    text = "雨が降り、" * 300 + "市長は急ぐと述べ、" + "雨が降り、" * 300 + "終わった。"
    document = Document(nlp(text))
    passage = Passage(cutter, document, [span(text, "急ぐ")], span(text, "述べ"))
    assert len(passage.pieces) < 400
    assert passage.mentions([span(text, "市長")])


def test_a_reporting_word_far_off_does_not_make_the_text_endless(nlp, cutter, pieces):
    rain = "雨が降った。" * 500
    for text in (
        "市長は述べた。" + rain + "港の補修を急ぐ。",
        "港の補修を急ぐ。" + rain + "市長は述べた。",
    ):
        passage = Passage(
            cutter, Document(nlp(text)), [span(text, "港の補修を急ぐ")], span(text, "述べ")
        )
        assert len(passage.pieces) < 400
        assert "補修" in marked(pieces, passage, CONTENT)


def test_what_is_repeated_is_read_once(nlp, encoder, monkeypatch):
    text = "需要は堅調だと田代健一氏は述べ、" * 60
    document = Document(nlp(text))
    read = []
    states = encoder._encoder.states
    monkeypatch.setattr(encoder._encoder, "states", lambda *a: read.append(a) or states(*a))
    size = len(text) // 60
    found = [
        encoder.read(document, [(at, at + 6)], (at + 13, at + 15))
        for at in range(0, len(text), size)
    ]
    assert len(read) < 40
    assert (found[29].mention == found[30].mention).all()
    assert found[29].passage.mentions([(30 * size, 31 * size)]) != []
    assert found[29].passage.mentions([(30 * size, 31 * size)]) != found[30].passage.mentions(
        [(30 * size, 31 * size)]
    )


class Fixed:
    """A passage in which mentions at even offsets are read, one piece each."""

    def mentions(self, spans):
        return [(start // 2,) * 2 for start, _ in spans if start % 2 == 0]


def said(mentions, text=None):
    """Return what an encoder has read: scores of some mentions, and of other answers."""
    scores = np.zeros((len(mentions), 2, 2), np.float32)
    scores[:, 0] = np.array(mentions, np.float32)[:, None]
    told = {(question, answer): -20.0 for question in NO_MENTION for answer in NO_MENTION[question]}
    return Read(Fixed(), scores, told | (text or {}))


def test_ranker_and_encoder_decide_together(encoder):
    answers = sources_as_answers([(0, 1), (2, 3), None])
    read = said([0.0, 4.0])
    assert encoder.choose(read, SOURCE, answers, [1.0, 0.0, -5.0]).best == 1
    assert encoder.choose(read, SOURCE, answers, [9.0, 0.0, -5.0]).best == 0
    balance = 4.0 * SHARE / (1 - SHARE)
    even = encoder.choose(read, SOURCE, answers, [balance, 0.0, -30.0])
    assert even.probability == pytest.approx(0.5, abs=0.01)


def test_mentions_of_one_holder_count_together(encoder):
    answers = [[(0, 1)], [(2, 3), (4, 5), (7, 8)]]
    choice = encoder.choose(said([1.0, 0.7, 0.7]), HOLDER, answers, [0.0, 0.0])
    assert choice.best == 1
    together, one = ((2 * math.exp(0.7)) ** SHARE, math.exp(1.0) ** SHARE)
    assert choice.probability == pytest.approx(together / (together + one), abs=0.01)


def test_of_those_that_are_not_read_the_ranker_tells_which(encoder):
    answers = [[(0, 1)], [(1, 2)], [(3, 4)], UNSPECIFIED]
    read = said([-9.0], {(HOLDER, ELSEWHERE): 5.0})
    assert encoder.choose(read, HOLDER, answers, [0.0, 0.0, 1.0, 0.0]).best == 2
    assert encoder.choose(read, HOLDER, answers, [0.0, 1.0, 0.0, 0.0]).best == 1


def test_scores_count_by_their_differences_alone(encoder):
    answers = [[(0, 1)], [(1, 2)], UNSPECIFIED]
    told = {(HOLDER, ELSEWHERE): 0.5, (HOLDER, UNSPECIFIED): -1.0}
    more = {answer: score + 6 for answer, score in told.items()}
    one, other = (
        encoder.choose(read, HOLDER, answers, [1.0, 0.5, 0.0])
        for read in (said([1.0], told), said([7.0], more))
    )
    assert one.best == other.best
    assert one.probability == pytest.approx(other.probability, abs=1e-3)


def test_holders_are_answers_by_their_mentions():
    name = Name("戸叶亮介", Kind.PERSON, spans=[(4, 8), (20, 22)])
    candidates = [
        Candidate("entity", "戸叶亮介", Kind.PERSON, name),
        Candidate("self", "市長", Kind.PERSON),
        Candidate("unspecified", "", Kind.UNSPECIFIED),
        Candidate("author", "", Kind.PERSON),
    ]
    assert holders_as_answers(candidates) == [[(4, 8), (20, 22)], (), UNSPECIFIED, AUTHOR]


class Asked:
    """Says that the last answer is right, and counts what it is asked."""

    def __init__(self):
        self.reads = self.questions = 0

    def read(self, document, content, cue):
        self.reads += 1
        return self

    def choose(self, read, question, answers, scores):
        self.questions += 1
        return Choice(len(answers) - 1, 1.0)


@pytest.fixture
def chooser(nlp):
    def make(judge, weight):
        ranker = Ranker({"": {"good": weight}})
        return Chooser(Document(nlp(TEXT)), ClaimModels(None, ranker, ranker, ranker, judge))

    return make


CONTENT_SPAN = span(TEXT, "補修は待てない")
OPTIONS = Options(("",), [(19, 25), None], [["good"], ["bad"]])
EVEN = Options(("",), [(19, 25), (0, 1), None], [["bad"]] * 3)
QUESTION = Question(("",), [Candidate("unspecified", "", Kind.UNSPECIFIED)] * 2, OPTIONS.features)


def test_the_encoder_is_asked_where_a_ranker_is_in_doubt(chooser):
    report = Report(None, [CONTENT_SPAN], Attribution.DIRECT, "test")
    judge = Asked()
    sure = chooser(judge, 9000)
    assert sure.source(report, OPTIONS).best == 0
    assert sure.holder(report, QUESTION).best == 0
    assert judge.reads == 0
    likely = Ranker({"": {"good": 500}}).choose(("",), QUESTION.features).probability
    assert IN_DOUBT[SOURCE] < likely < IN_DOUBT[HOLDER]
    doubting = chooser(judge, 500)
    assert doubting.source(report, OPTIONS).best == 0
    assert judge.reads == 0
    assert doubting.source(report, EVEN).best == 2
    assert doubting.holder(report, QUESTION).best == 1
    assert (judge.reads, judge.questions) == (1, 2)  # what is read once answers both


def test_without_an_encoder_the_rankers_choose(chooser):
    report = Report(None, [CONTENT_SPAN], Attribution.DIRECT, "test")
    assert chooser(None, 500).source(report, OPTIONS).best == 0
    assert chooser(None, 500).cue(OPTIONS).best == 0
