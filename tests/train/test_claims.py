"""Trial runs of the training of claim models: one step, few articles."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from marked_text import TEXT, marked_samples
from ronten import models
from ronten.components.claims.cues import CueFinder
from ronten.components.claims.lexicon import load_cues
from ronten.components.claims.models import CUE_LINKS, HOLDERS
from ronten.components.claims.tagger import WEIGHTS, ClaimTagger
from ronten.components.language import base
from ronten.errors import UsageError
from ronten.ranking import Ranker
from ronten.train import claims, holders
from ronten.train.claims_data import TrainingData, gold_marks, prepare


@pytest.fixture(scope="module")
def articles(tmp_path_factory):
    return marked_samples(tmp_path_factory.mktemp("marked"), TEXT)


def test_gold_tags_are_found_again(articles):
    nlp, [sample] = articles
    claimed = [
        {
            label: [sample.annotation.text[slice(*span)] for span in spans]
            for label, spans in gold_marks(sentence.view, sample.annotation.claims).items()
        }
        for sentence in sample.sentences
    ]
    assert claimed[0]["content"] == ["補修は待てない", "春に始める"]
    assert claimed[0]["cue"] == ["とし", "明言"]
    assert claimed[1] == {
        "content": [], "cue": [], "source": [], "own": ["工事は三年かかる"]
    }  # fmt: skip
    prepared = prepare(nlp, articles[1], load_cues())
    assert len(prepared.parts) == 2  # the sentence without any marker is not read


def test_one_step_makes_a_model_that_loads(articles, tmp_path):
    nlp, samples_ = articles
    lexicon = load_cues()
    prepared = prepare(nlp, samples_, lexicon)
    tagger = claims.train_tagger(nlp, prepared, lexicon, claims.Settings(steps=1, hidden=8))
    out = tmp_path / "claims-9.9.9"
    claims.write(out, tagger, *claims.train_links(samples_, [tagger, tagger], lexicon))
    again = ClaimTagger.load(out, lexicon, base().vocab)
    sentences = samples_[0].sentences
    assert again.mark(sentences) == tagger.mark(sentences)
    meta = json.loads((out / "meta.json").read_text(encoding="utf-8"))
    assert meta["name"] == "claims"
    assert CUE_LINKS in meta["files"]


def test_training_finds_its_own_claims_again(articles):
    nlp, samples_ = articles
    lexicon = load_cues()
    prepared = prepare(nlp, samples_, lexicon)
    settings = claims.Settings(steps=150, hidden=16, dropout=0.1, word_dropout=0.0, average=0.9)
    tagger = claims.train_tagger(nlp, prepared, lexicon, settings, lambda line: None)
    [first, _, last] = tagger.mark(samples_[0].sentences)
    text = samples_[0].annotation.text
    assert [text[slice(*mark.span)] for mark in first.contents] == ["補修は待てない", "春に始める"]
    assert [text[slice(*mark.span)] for mark in last.sources] == ["同氏"]


def test_a_teacher_is_imitated(articles):
    """Also where the labels know of no claim."""
    nlp, [sample] = articles
    lexicon = load_cues()
    teacher = ClaimTagger.load(models.find("claims"), lexicon, nlp.vocab)
    blank = [replace(sample, annotation=sample.annotation.model_copy(update={"claims": []}))]
    first = sample.sentences[:1]
    higher = {**teacher.weights, "reported_bias": teacher.weights["reported_bias"] + 1}
    other = ClaimTagger(higher, teacher.config, lexicon, nlp.vocab)
    taught = prepare(nlp, blank, lexicon, [teacher, other])
    said = teacher.scores(first)
    mean = np.hstack([said["reported"] + 0.5, said["own"]])
    np.testing.assert_allclose(taught.parts[0].taught, mean, atol=0.05)
    settings = claims.Settings(steps=150, hidden=16, dropout=0.1, word_dropout=0.0, average=0.9)

    def log_shares(scores):
        return scores - np.logaddexp.reduce(scores, axis=1, keepdims=True)

    def apart(prepared):
        tagger = claims.train_tagger(nlp, prepared, lexicon, settings, lambda line: None)
        ours = tagger.scores(first)
        return {
            head: (np.exp(theirs) * (theirs - log_shares(ours[head]))).sum(axis=1).mean()
            for head, theirs in ((head, log_shares(scores)) for head, scores in said.items())
        }

    near, far = apart(taught), apart(prepare(nlp, blank, lexicon))
    assert all(near[head] < far[head] / 2 for head in said)


def test_a_teacher_must_be_a_model(tmp_path):
    data = TrainingData(Path("x"), [Path("y")])
    broken = tmp_path / "broken"
    shutil.copytree(models.find("claims"), broken)
    (broken / WEIGHTS).write_bytes(b"x")
    for folder in (tmp_path, broken):
        with pytest.raises(UsageError, match="no model of claims to learn from"):
            claims.build(tmp_path / "claims-9.9.9", data=data, teachers=[folder])


def test_questions_know_the_right_holder(articles):
    nlp, samples_ = articles
    lexicon = load_cues()
    tagger = ClaimTagger.load(models.find("claims"), lexicon, nlp.vocab)
    nothing = Ranker({})
    examples = holders.questions(samples_, [tagger, tagger], CueFinder(lexicon), (nothing, nothing))
    assert len(examples) == 6  # each claim with its labels' source and with the one chosen
    assert all(sum(example.right) >= 1 for example in examples)


def test_the_folder_must_be_named_with_a_version(tmp_path):
    with pytest.raises(UsageError, match="NAME-VERSION"):
        holders.build(tmp_path / "holders", data=TrainingData(Path("x"), [Path("y")]))


def test_shipped_holders_weigh_the_name_in_the_source():
    ranker = Ranker.load(models.find("holders") / HOLDERS)
    choice = ranker.choose(("", "name"), [["sort=entity", "in source"], ["sort=unspecified"]])
    assert choice.best == 0
