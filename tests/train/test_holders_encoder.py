"""Trial runs of the training of the judge of sources and holders."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file

from marked_text import marked_samples
from ronten import models
from ronten.components.adapted import WEIGHTS, factors
from ronten.components.claims.cues import CueFinder
from ronten.components.claims.document import Document
from ronten.components.claims.holders_encoder import (
    AUTHOR,
    HOLDER,
    NO_MENTION,
    SOURCE,
    HoldersEncoder,
)
from ronten.components.claims.lexicon import load_cues
from ronten.components.claims.models import ClaimModels
from ronten.components.e5 import BaseEncoder
from ronten.components.pieces import PieceCutter
from ronten.errors import UsageError
from ronten.ranking import Ranker
from ronten.train import holders_encoder
from ronten.train.adapting import known_pieces, write
from ronten.train.claims_data import TrainingData
from ronten.train.holders_encoder import Posed, Settings, inquired, parts_of
from ronten.train.holders_encoder_network import HoldersEncoderNetwork

TEXT = """### L-1 | 港 | 2025-02-06 |
東浜市議会で[[S1,2|戸叶亮介市長]]は[[C1|補修は待てない]][[Q1|とし]]、「[[C2|春に始める]]」と[[Q2|明言]]した。工事は三年かかる。
@@
1 | 戸叶亮介 | person | policy
2 | 戸叶亮介 | person | prediction
### L-2 | 駅 | 2025-02-07 |
東浜市は黙っている。[[S1|西浜鉄道]]は、[[C1|駅を移す]]と[[Q1|発表]]した。
@@
1 | 西浜鉄道 | company | prediction
"""


@pytest.fixture(scope="module")
def base():
    return BaseEncoder.find()


@pytest.fixture(scope="module")
def shipped():
    return load_file(models.find("encoder") / WEIGHTS)


@pytest.fixture(scope="module")
def school(tmp_path_factory):
    nlp, samples = marked_samples(tmp_path_factory.mktemp("marked"), TEXT)
    lexicon = load_cues()
    found = ClaimModels.load(lexicon, nlp.vocab, encoder=False)
    return samples, CueFinder(lexicon), found


@pytest.fixture
def articles(school):
    return list(inquired(*school))


def test_claims_of_the_labels_become_inquiries(articles):
    (_, [one, other]), (document, [inquiry]) = articles
    text = document.text
    assert [text[slice(*fragment)] for fragment in inquiry.content] == ["駅を移す"]
    assert text[slice(*inquiry.cue)] == "発表"
    posed = inquiry.posed[SOURCE]
    [right] = [a for a, good in zip(posed.answers, posed.right, strict=True) if good]
    assert [text[slice(*span)] for span in right] == ["西浜鉄道"]
    assert HOLDER not in inquiry.posed  # nobody else could be meant
    assert SOURCE in one.posed
    assert any(other.posed[HOLDER].right)


def test_where_a_ranker_is_not_sure_a_claim_is_doubtful(school):
    samples, finder, found = school
    for weight, doubtful in ((0, True), (90_000, False)):
        ranker = Ranker({"": {"none": weight, "sort=unspecified": weight}})
        sure = found._replace(sources=ranker, holders=ranker)
        articles = list(inquired(samples, finder, sure))
        assert {i.doubtful for article in articles for i in article.inquiries} == {doubtful}


def test_what_is_not_read_is_elsewhere(articles, base):
    document, [inquiry] = articles[1]
    posed = Posed([[(10_000, 10_002)], AUTHOR, [(0, 3)]], [True, False, False])
    cutter = PieceCutter(base.pieces(range(len(base))))
    [part] = parts_of(cutter, document, replace(inquiry, posed={HOLDER: posed}))
    choosing = part.questions[HOLDER]
    author, elsewhere = 1 + 1, 1 + 2  # behind the one mention that is read
    assert choosing.groups == [[author], [0], [elsewhere]]
    assert choosing.right == [False, False, True]


def test_training_finds_the_answers_again_and_what_is_written_says_the_same(
    articles, base, shipped, tmp_path
):
    settings = Settings(
        rank=4, steps=20, rate=5e-3, average=0.5, dropout=0.0, state_dropout=0.0, piece_dropout=0.0
    )
    out = tmp_path / "holders_encoder-9.9.9"
    for article in articles:
        for inquiry in article.inquiries:
            inquiry.doubtful = True
    write(out, holders_encoder.train(base, shipped, articles, settings, lambda line: None))
    meta = json.loads((out / "meta.json").read_text(encoding="utf-8"))
    assert meta["name"] == "holders_encoder"
    judge = HoldersEncoder.load(out)
    questions = 0
    for document, inquiries in articles:
        for inquiry in inquiries:
            read = judge.read(document, inquiry.content, inquiry.cue)
            for question, posed in inquiry.posed.items():
                choice = judge.choose(read, question, posed.answers, [0.0] * len(posed.answers))
                assert posed.right[choice.best]
                questions += 1
    assert questions >= 5


def test_the_network_computes_what_the_product_computes(articles, base, shipped):
    torch.manual_seed(1)
    texts = [document.text for document, _ in articles]
    known = known_pieces(base, texts)
    network = HoldersEncoderNetwork(base, known, Settings()).eval()
    network.begin_with(shipped)
    cutter = PieceCutter(base.pieces(known.tolist()))
    judge = HoldersEncoder(base, network.adapter())
    read: list[tuple[Document, holders_encoder.Inquiry]] = [
        (document, inquiry) for document, inquiries in articles for inquiry in inquiries
    ]
    parts = [part for one in read for part in parts_of(cutter, *one)]
    assert len({len(part.types) for part in parts}) > 1  # some are padded
    with torch.inference_mode():
        mentions, text = network(parts)
    told, said = [], []
    for (document, inquiry), part, mention, other in zip(read, parts, mentions, text, strict=True):
        found = judge.read(document, inquiry.content, inquiry.cue)
        first, last = part.ends.T
        told.append([*mention.numpy().ravel(), *other.numpy()])
        there = found.mention[first, 0] + found.mention[last, 1]
        names = [(q, answer) for q, answers in NO_MENTION.items() for answer in answers]
        said.append([*there.ravel(), *(found.text[name] for name in names)])
    assert np.corrcoef(np.concatenate(told), np.concatenate(said))[0, 1] > 0.98


def test_learning_begins_with_what_another_model_changes(base, shipped):
    into, onto = factors(shipped, "l11.fi")
    told = onto.T @ into
    for rank, missing in ((24, 1e-5), (16, 1e-5), (8, 0.2)):
        network = HoldersEncoderNetwork(base, np.arange(10), Settings(rank=rank))
        network.begin_with(shipped)
        product = network.layers[11].products["fi"]
        added = (product.onto.T @ product.into).detach().numpy()
        assert np.linalg.norm(added - told) < missing * np.linalg.norm(told)
        assert network.start.weight.detach().numpy() == pytest.approx(
            shipped["emb.ln.w"].astype(float)
        )


def test_a_wrong_name_is_told_before_anything_else(tmp_path):
    with pytest.raises(UsageError, match="NAME-VERSION"):
        holders_encoder.build(tmp_path / "judge", data=TrainingData(tmp_path, []))
