"""What the rankers learn from: each half of the articles is read by a tagger of the other."""

from __future__ import annotations

import pytest

from marked_text import marked_samples
from ronten import models
from ronten.components.claims.cues import CueFinder
from ronten.components.claims.lexicon import load_cues
from ronten.components.claims.tagger import WEIGHTS, ClaimTagger
from ronten.components.language import build
from ronten.config import Config
from ronten.errors import UsageError
from ronten.ranking import Ranker
from ronten.train.lessons import half_taggers, lessons

TEXT = """### L-1 | 港 | 2025-02-06 |
[[S1,2|戸叶亮介市長]]は[[C1|補修は待てない]][[Q1|とし]]、「[[C2|春に始める]]」と[[Q2|明言]]した。工事は三年かかる。
@@
1 | 戸叶亮介 | person | policy
2 | 戸叶亮介 | person | prediction
### L-2 | 駅 | 2025-02-07 |
[[S1|西浜鉄道]]は、[[C1|駅を移す]]と[[Q1|発表]]した。
@@
1 | 西浜鉄道 | company | prediction
"""


@pytest.fixture(scope="module")
def school(tmp_path_factory):
    nlp, articles = marked_samples(tmp_path_factory.mktemp("marked"), TEXT)
    lexicon = load_cues()
    tagger = ClaimTagger.load(models.find("claims"), lexicon, nlp.vocab)
    return articles, tagger, lexicon


def test_a_lesson_keeps_every_choice_with_what_is_right(school):
    articles, tagger, lexicon = school
    [(first, _), (second, weight)] = lessons(articles, [tagger, tagger], CueFinder(lexicon))
    assert weight == 1
    assert [sum(example.right) for example in first.cues] == [1, 1]
    assert [sum(example.right) for example in second.sources] == [1]
    assert [len(first.asked), len(second.asked)] == [2, 1]
    assert all(any(example.right) for example in [*first.asked, *second.asked])
    # Nobody at all is always a choice, so that a ranker can learn to choose it.
    assert len(first.sources) == 2
    assert all("none" in example.features[-1] for example in first.sources)


def test_with_rankers_only_holders_are_lessons(school):
    articles, tagger, lexicon = school
    nobody = Ranker({"": {"none": 1000}})
    found = list(lessons(articles, [tagger, tagger], CueFinder(lexicon), (nobody, nobody)))
    assert not any(lesson.cues or lesson.sources for lesson, _ in found)
    said = {
        feature
        for lesson, _ in found
        for example in lesson.asked
        for features in example.features
        for feature in features
    }
    assert "sort=entity" in said
    assert not any(feature.startswith("in source") for feature in said)


def test_each_half_is_learned_without_the_articles_it_reads(school, tmp_path):
    articles, tagger, lexicon = school
    learned = []

    def learn(some):
        learned.append([sample.annotation.id for sample in some])
        return tagger

    vocab = build(Config(), last="ronten_text").vocab
    half_taggers(tmp_path, articles, learn, lexicon, vocab)
    assert learned == [["L-2"], ["L-1"]]
    again = half_taggers(tmp_path, articles, learn, lexicon, vocab)
    assert len(learned) == 2  # those that are kept are read
    with pytest.raises(UsageError, match="other articles"):
        half_taggers(tmp_path, articles[:1], learn, lexicon, vocab)
    read = articles[0].sentences
    assert [half.mark(read) for half in again] == [tagger.mark(read)] * 2
    (tmp_path / "1" / WEIGHTS).write_bytes(b"x")
    with pytest.raises(UsageError, match="no model of claims to learn from"):
        half_taggers(tmp_path, articles, learn, lexicon, vocab)
