"""Articles with marked claims."""

from pathlib import Path

import pytest

from ronten.errors import UsageError
from ronten.train.marked import SENTENCES, read_marked, read_marked_folder, read_sentences
from ronten.types import Attribution, ClaimType, Kind, Label

SHARED = Path(__file__).parents[3] / "shared"
CORPUS = Path(__file__).parents[2] / "corpus" / "claims"
ARTICLE = """### T-1 | 港の工事 | 2025-02-06 |
[[X|港の工事、続く]]

[[S1,2|戸叶市長]]は[[C1|補修は待てない]][[Q1|とし]]、「[[C2|春に始める]]」と[[Q2|明言]]した。工事は三年かかる。
[[A|「[[C3|高い]]」と[[Q3|言う]][[S3|客]]は多い]]。
@@
1 | 戸叶市長 | person | policy
2 | 戸叶市長 | person | prediction
3 | 客 | group | interpretation
"""


def _read(tmp_path, text):
    path = tmp_path / "part.txt"
    path.write_text(text, encoding="utf-8")
    return read_marked(path)


def test_marks_become_claims(tmp_path):
    [article] = _read(tmp_path, ARTICLE)
    text = article.text
    assert "[[" not in text
    assert article.metadata.title == "港の工事"
    found = [
        (
            claim.attribution,
            "".join(text[start:end] for start, end in claim.content),
            text[slice(*claim.source)] if claim.source else None,
            text[slice(*claim.cue)] if claim.cue else None,
        )
        for claim in article.claims
    ]
    assert found == [
        (Attribution.INDIRECT, "補修は待てない", "戸叶市長", "とし"),
        (Attribution.DIRECT, "春に始める", "戸叶市長", "明言"),
        (Attribution.AUTHORIAL, "工事は三年かかる", None, None),
        (Attribution.AUTHORIAL, "「高い」と言う客は多い", None, None),
        (Attribution.DIRECT, "高い", "客", "言う"),
    ]
    assert article.claims[0].type == ClaimType.POLICY
    assert {(holder.name, holder.kind) for holder in article.holders} == {
        ("", Kind.ARTICLE_AUTHOR),
        ("戸叶市長", Kind.PERSON),
        ("客", Kind.GROUP),
    }


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("\n@@\n", "\n", "no line @@"),
        ("### T-1 | 港の工事 | 2025-02-06 |", "### T-1 | 港の工事", "the first line must be"),
        ("[[C3|高い]]", "高い", "claim 3 has no content"),
        ("[[Q2|明言]]", "[[Q2|明言", "a mark is not"),
        ("1 | 戸叶市長 | person", "1 | 戸叶市長", "is not: number"),
        ("person | policy", "person | wish", "wish"),
    ],
)
def test_a_mistake_is_told_with_file_and_article(tmp_path, old, new, message):
    with pytest.raises(UsageError, match=message) as caught:
        _read(tmp_path, ARTICLE.replace(old, new, 1))
    assert "part.txt" in str(caught.value)
    assert "T-1" in str(caught.value)


def test_types_of_the_writer(tmp_path):
    [article] = _read(tmp_path, ARTICLE)
    assert article.model_extra["typed"] is False
    [article] = _read(tmp_path, ARTICLE + "types | pi\n")
    own = [claim for claim in article.claims if claim.attribution == Attribution.AUTHORIAL]
    assert [claim.type for claim in own] == [ClaimType.PREDICTION, ClaimType.INTERPRETATION]
    assert article.model_extra["typed"] is True
    with pytest.raises(UsageError, match="for each of 2 claims"):
        _read(tmp_path, ARTICLE + "types | p\n")


@pytest.mark.parametrize(
    ("name", "least"),
    [("claims", 100), ("registers", 100), ("everyday", 100), ("mixed", 300), ("unread", 100)],
)
def test_the_corpora_are_of_this_form(name, least):
    folder = CORPUS.parent / name
    articles = read_marked_folder(folder)
    assert len(articles) > least
    texts = {article.id: article.text for article in articles}
    ends = dict.fromkeys(texts, 0)
    for row in (folder / "names.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        article, start, end, label, entity = row.split("\t")
        assert ends[article] <= int(start) < int(end) <= len(texts[article])
        assert entity
        assert label in list(Label)
        ends[article] = int(end)
    assert len({article.id for article in articles}) == len(articles)
    for article in articles:
        kinds = {holder.id: holder.kind for holder in article.holders}
        for claim in article.claims:
            assert all(0 <= start < end <= len(article.text) for start, end in claim.content)
            reported = claim.attribution != Attribution.AUTHORIAL
            assert reported or kinds[claim.holder] in (Kind.ARTICLE_AUTHOR, Kind.PERSON)


SENTENCE = "青嶺社の土岐氏は、需要は堅調だと述べ、株価も上がった。"
LABELS = """1\treported\t9-15\t4-7\t16-18\t土岐\tperson\tinterpretation
1\town\t19-26\t-\t-\t-\t-\t-
2\tnone\t-\t-\t-\t-\t-\t-
"""


def _read_sentences(tmp_path, labels):
    texts, path = tmp_path / "sentences.jsonl", tmp_path / SENTENCES
    lines = [SENTENCE, "春が来た。", "これは読まれない。"]
    texts.write_text("".join(f'{{"text": "{line}"}}\n' for line in lines), encoding="utf-8")
    path.write_text(labels, encoding="utf-8")
    return read_sentences(path, texts)


def test_claims_of_sentences_that_lie_elsewhere(tmp_path):
    [first, second] = _read_sentences(tmp_path, LABELS)
    reported, own = first.claims
    assert SENTENCE[slice(*reported.content[0])] == "需要は堅調だ"
    assert SENTENCE[slice(*reported.source)] == "土岐氏"
    assert SENTENCE[slice(*reported.cue)] == "述べ"
    assert reported.type == ClaimType.INTERPRETATION
    assert SENTENCE[slice(*own.content[0])] == "株価も上がった"
    assert [(c.attribution, c.content) for c in second.claims] == [
        (Attribution.AUTHORIAL, [(0, 4)])
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("1\town", "eins\town", "tsv:2: expected 8 fields"),
        ("9-15", "9bis15", "sentence 1: invalid literal"),
        ("9-15", "15-9", "sentence 1: '15-9' is no part"),
        ("9-15", "9-99", "sentence 1: '9-99' is no part"),
        ("2\tnone", "7\tnone", "tsv:3: .* has no line 7"),
        ("2\tnone", "0\tnone", "tsv:3: .* has no line 0"),
        ("2\tnone", "2\tnought", "sentence 2: 'nought' is not reported"),
        ("\tinterpretation", "", "tsv:1: expected 8 fields"),
    ],
)
def test_a_mistake_in_labels_is_told_with_its_line(tmp_path, old, new, message):
    with pytest.raises(UsageError, match=message):
        _read_sentences(tmp_path, LABELS.replace(old, new, 1))


def test_labels_of_the_corpus_fit_their_sentences():
    sentences = SHARED / "data" / "ner_wikipedia" / "train.jsonl"
    if not sentences.exists():
        pytest.skip("the sentences do not lie beside this checkout")
    found = read_sentences(CORPUS / SENTENCES, sentences)
    assert len(found) > 1000
    for article in found:
        for claim in article.claims:
            spans = [*claim.content, *filter(None, (claim.source, claim.cue))]
            assert all(0 <= start < end <= len(article.text) for start, end in spans)
