"""Extraction as a whole: exact offsets on any text, independence of neighbours, public names."""

from __future__ import annotations

import json
import random
import time
from itertools import pairwise

import pytest
import spacy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spacy.lang.ja import JapaneseTokenizer
from spacy.language import Language
from spacy.tokens import Doc

import ronten
from ronten.config import Config
from ronten.errors import UsageError
from ronten.extraction import annotate, load
from ronten.text.pieces import pieces
from ronten.types import Annotation, Article, Metadata, Rejected

WORDS = st.sampled_from(
    (
        "田代健一氏は と述べた。 「需要は堅調だ。」 「 」 『 （ ） という。 によると、 "
        "DeepSeek-V3 H100 約3割 2026年5月 同社は \n \r\n \x00 😀 👨\u200d👩\u200d👧 か\u3099 "
        "ﷺ ＡＢ１２ ｶﾞ ㍿ \u2028 \u3000 \t 。 、 ― [KM: ] - ・ 1. と とし の こと よう "
        "強調した。 見方を示した。 ではないか ？ \ufeff e\u0301 \u200b"
    ).split(" ")
)
NASTY = st.lists(st.one_of(WORDS, st.text(max_size=6)), max_size=40).map("".join)


def annotation(nlp: Language, text: str, key: str = "t") -> Annotation:
    result = next(annotate(nlp, [Article(id=key, text=text)]))
    assert isinstance(result, Annotation), result
    return result


def tokens(doc: Doc) -> list[tuple[object, ...]]:
    return [(t.text, t.whitespace_, t.tag_, t.pos_, t.lemma_, t.norm_, str(t.morph)) for t in doc]


def check_offsets(text: str, result: Annotation) -> None:
    """Every span lies in the text, is not empty, and nests where it must."""
    holders = {holder.id for holder in result.holders}
    for claim in result.claims:
        assert claim.sentence is not None
        for start, end in claim.content:
            assert 0 <= start < end <= len(text)
            assert claim.sentence[0] <= start < end <= claim.sentence[1]
            assert text[start:end].strip()
        for span in (claim.source, claim.cue):
            assert span is None or 0 <= span[0] < span[1] <= len(text)
        start, end = claim.content[0]
        assert claim.id.startswith(f"{result.id}:{start}-{end}")
        assert claim.holder in holders
    assert len({claim.id for claim in result.claims}) == len(result.claims)
    marks = sorted(record.span for record in [*result.entities, *result.figures])
    for start, end in marks:
        assert 0 <= start < end <= len(text)
    for (_, end), (start, _) in pairwise(marks):
        assert end <= start


@given(NASTY)
@settings(
    max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_offsets_are_exact_on_any_text(nlp: Language, text: str) -> None:
    check_offsets(text, annotation(nlp, text))


@pytest.mark.parametrize(
    "text",
    [
        "あ" * 60_000,
        "需要は堅調だと田代健一氏は述べ、" * 4_000,
        "ﷺ" * 20_000,
        "「" * 30_000,
        "と" * 30_000,
        "田代健一氏は「需要は堅調だ」と述べた。" * 1_500,
        "需要は堅調だと述べた" * 4_000,
    ],
    ids=["kana", "clauses", "expanding", "openers", "particles", "sentences", "relatives"],
)
def test_texts_of_any_length(nlp: Language, text: str) -> None:
    started = time.process_time()
    check_offsets(text, annotation(nlp, text))
    assert time.process_time() - started < 60


TEXTS = [
    f"{name}氏は{day}日、「{topic}は必要だ」と述べた。"
    f"{topic}について、専門家は費用がかさむと指摘する。\n"
    f"{topic}の費用は約{day * 3}億円になる。"
    "同氏は見直しを求める声に対し、計画を進める考えを示した。"
    for name in ("田代健一", "水野葵", "エマ・ロス", "原田蓮")
    for day in range(1, 11)
    for topic in ("新工場", "輸出規制", "補助金", "再稼働", "無料化")
]


def test_an_annotation_never_depends_on_its_neighbours(nlp: Language) -> None:
    articles = [Article(id=f"a{n}", text=text) for n, text in enumerate(TEXTS)]
    assert len(articles) == 200
    together = [record.dump() for record in annotate(nlp, articles)]
    alone = [next(annotate(nlp, [article])).dump() for article in articles]
    assert together == alone
    shuffled = random.Random(7).sample(articles, len(articles))
    other = {record.id: record.dump() for record in annotate(nlp, shuffled)}
    assert [other[article.id] for article in articles] == together


@pytest.fixture(scope="module")
def theirs(nlp: Language) -> JapaneseTokenizer:
    tokenizer = JapaneseTokenizer(nlp.vocab, split_mode="C")
    tokenizer.need_subtokens = False
    return tokenizer


@given(NASTY)
@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_tokens_are_those_of_spacy(nlp: Language, theirs: JapaneseTokenizer, text: str) -> None:
    assert tokens(nlp.make_doc(text)) == tokens(theirs(text))


def test_tokens_of_a_long_text_are_those_of_its_pieces(nlp: Language) -> None:
    text = " \n".join(TEXTS[:60])
    found = [tokens(nlp.make_doc(piece)) for piece in pieces(text)]
    assert len(found) > 1
    assert tokens(nlp.make_doc(text)) == [token for piece in found for token in piece]


def test_an_article_that_fails_is_listed(nlp: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    tokenize = nlp.tokenizer

    def broken(text: str) -> Doc:
        if "故障" in text:
            raise RuntimeError("boom")
        return tokenize(text)

    monkeypatch.setattr(nlp, "tokenizer", broken)
    articles = [
        Article(id=str(n), text=t, origin=f"{n}.txt")
        for n, t in enumerate(["良い。", "故障", "良い。"])
    ]
    results = list(annotate(nlp, articles))
    assert [type(result) for result in results] == [Annotation, Rejected, Annotation]
    assert (results[1].origin, results[1].reason) == ("1.txt", "failed")
    assert "boom" in results[1].detail


def test_selective_parsing_gives_what_a_full_parse_gives(nlp: Language) -> None:
    full = load(Config(parse="all"))
    text = "\n".join(TEXTS[:10])
    selective, whole = annotation(nlp, text).dump(), annotation(full, text).dump()
    for one, other in zip(selective["figures"], whole["figures"], strict=True):
        assert one.pop("measures") in (None, other.pop("measures"))
    assert selective == whole


def test_a_figure_belongs_to_the_shortest_claim_around_it(nlp: Language) -> None:
    text = "需要は昨年2倍になった。田代健一社長は12日、「社員300人が支えた」と述べた。\n3月の報告"
    found = annotation(nlp, text)
    contents = {claim.id: claim.content for claim in found.claims}
    for figure in found.figures:
        around = [
            sum(end - start for start, end in content)
            for content in contents.values()
            if any(s <= figure.span[0] and figure.span[1] <= e for s, e in content)
        ]
        assert (figure.claim is None) == (not around)
        if figure.claim:
            assert sum(end - start for start, end in contents[figure.claim]) == min(around)
    by_surface = {text[slice(*figure.span)]: figure for figure in found.figures}
    assert by_surface["300人"].measures == "社員"
    assert by_surface["300人"].claim != by_surface["2倍"].claim
    assert by_surface["12日"].claim is None


def test_components_work_in_a_stock_pipeline() -> None:
    stock = spacy.load("ja_ginza")
    for name in (
        "ronten_text",
        "ronten_mentions",
        "ronten_figures",
        "ronten_cues",
        "ronten_measures",
        "ronten_claims",
    ):
        stock.add_pipe(name)
    doc = stock("田代健一氏は12日、「需要は堅調だ」と述べた。")
    assert [figure["measures"] for figure in doc._.ronten_figures] == [None]
    assert [claim["rule"] for claim in doc._.ronten_claims] == ["tagger+to.say"]
    again = Doc(stock.vocab).from_bytes(doc.to_bytes())
    assert again._.ronten_claims == doc._.ronten_claims
    assert again._.ronten_entities == doc._.ronten_entities


def test_parse_covers_the_sentences_with_a_marker(nlp: Language) -> None:
    doc = nlp("雨が降った。田代健一氏は需要は堅調だと述べた。")
    assert [len(list(doc.sents)), doc[0].dep_] == [2, "dep"]
    assert {token.dep_ for token in doc if token.idx >= 6} - {"dep"}


def test_public_names() -> None:
    assert sorted(ronten.__all__) == [
        "__version__",
        "extract",
        "load",
        "load_embedder",
        "open",
        "stance",
    ]
    result = ronten.extract(
        "田代健一氏は「需要は堅調だ」と述べた。", id="x", published="2026-05-01", targets=["増産"]
    )
    assert (result.id, result.targets, result.metadata.published) == ("x", ["増産"], "2026-05-01")
    assert result.claims[0].id == "x:7-13"
    assert json.loads(json.dumps(result.dump(), ensure_ascii=False))["claims"][0]["content"] == [
        [7, 13]
    ]
    assert [stance.target for stance in result.claims[0].stances] == ["増産"]
    assert ronten.load_embedder().encode(["増産する"]).shape[0] == 1
    (stance,) = ronten.stance([("増産", "増産すべきだ")])
    assert stance.label in ("favor", "against", "none")
    assert 0 <= stance.score <= 1


def test_a_lone_surrogate_is_refused() -> None:
    with pytest.raises(UsageError, match="character 1"):
        ronten.extract("あ\ud800")


def test_metadata_reaches_dates(nlp: Language) -> None:
    article = Article(
        id="t", text="今月20日に始まった。", metadata=Metadata(published="2026-05-31")
    )
    result = next(annotate(nlp, [article]))
    assert isinstance(result, Annotation)
    assert [figure.low for figure in result.figures] == ["2026-05-20"]


@pytest.mark.parametrize(
    ("metadata", "message"),
    [
        ({"pubished": "2026-05-01"}, "did you mean 'published'"),
        ({"published": "きのう"}, "published"),
        ({"id": ["a"]}, "id"),
    ],
)
def test_wrong_metadata_is_named(metadata: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        ronten.extract("需要は堅調だ。", **metadata)


def test_metadata_is_read_as_in_files() -> None:
    result = ronten.extract(
        "今月20日に始まった。", authors="水野葵;原田蓮", published="2026年5月31日"
    )
    assert result.metadata.authors == ["水野葵", "原田蓮"]
    assert [figure.low for figure in result.figures] == ["2026-05-20"]


def test_targets_of_the_configuration_hold_where_an_article_lists_none() -> None:
    nlp = load(Config(targets=["増産"]))
    articles = [
        Article(id="a", text="増産だ。"),
        Article(id="b", text="増産だ。", targets=["減産"]),
    ]
    results = [result for result in annotate(nlp, articles) if isinstance(result, Annotation)]
    assert [result.targets for result in results] == [["増産"], ["減産"]]


def test_lexicon_and_alias_table_of_the_user_win(tmp_path):
    lexicon, aliases = tmp_path / "names.tsv", tmp_path / "aliases.tsv"
    lexicon.write_text("ミオリ\tPRODUCT\tMiori\n", "utf-8")
    aliases.write_text("エヌビディア\tNVIDIA Corporation\n", "utf-8")
    nlp = load(Config(lexicon=[lexicon], aliases=[aliases]))
    doc = nlp("ミオリ社の幹部は、エヌビディアの株が上がったと述べた。")
    found = {(e["entity"], e["label"]) for e in doc._.ronten_entities}
    assert {("Miori", "PRODUCT"), ("NVIDIA Corporation", "COMPANY")} <= found


@given(st.lists(WORDS, max_size=30).map("".join))
@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_entities_are_sorted_and_apart(nlp: Language, text: str) -> None:
    article = Article(id="x", text=text, metadata=Metadata(title="田代健一社長、青嶺製作所へ"))
    [annotation] = annotate(nlp, [article])
    spans = [entity.span for entity in annotation.entities]
    assert spans == sorted(spans)
    assert all(first[1] <= second[0] for first, second in pairwise(spans))


def test_a_word_that_runs_over_its_sentence_does_not_carry_a_claim_along(nlp: Language) -> None:
    text = "田代健一氏はによると、田代健一氏は田代健一氏は―\u2028"
    check_offsets(text, annotation(nlp, text))
