"""What the models that ship say of plain cases, and what their scores depend on."""

from __future__ import annotations

import pytest
from spacy.language import Language
from spacy.vocab import Vocab

from ronten.components.claims.judge import Judge, signs_of
from ronten.components.claims.lexicon import load_cues
from ronten.components.claims.signs import Said, SignReader
from ronten.components.columns import columns
from ronten.extraction import annotate
from ronten.types import Annotation, Article, Attribution, Kind, Metadata


def claims(nlp: Language, text: str) -> list[tuple[str, float]]:
    (found,) = annotate(
        nlp, [Article(id="a", text=text, metadata=Metadata(published="2026-05-12"))]
    )
    assert isinstance(found, Annotation)
    return [(str(c.type), c.check_worthiness or 0) for c in found.claims]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("同社は昨年、工場を3億円で売却した。", "fact"),
        ("工場は2028年4月に稼働する予定だ。", "prediction"),
        ("政府は規制を見直すべきだ。", "policy"),
        ("この判断は極めて妥当だ。", "interpretation"),
        ("田代健一氏は「規制を見直すべきだ」と述べた。", "policy"),
        ("田代健一氏は規制を見直すよう求めた。", "policy"),
        ("東和電機は12日、新工場を来年建てると発表した。", "prediction"),
    ],
)
def test_types(nlp: Language, text: str, expected: str) -> None:
    assert [type_ for type_, _ in claims(nlp, text)] == [expected]


def test_figures_are_worth_checking(nlp: Language) -> None:
    ((_, high),) = claims(nlp, "県の支出は昨年度、12億円で前年度より3割増えた。")
    ((_, low),) = claims(nlp, "地域の皆さまの思いを大切にしたいと考える。")
    assert 0 <= low < 0.3 < high <= 1
    assert round(high, 4) == high


def test_a_claim_is_judged_alone(nlp: Language) -> None:
    first, second = "工場は昨年完成した。", "費用は増えるだろう。"
    assert claims(nlp, first + second) == claims(nlp, first) + claims(nlp, second)


def test_other_vectors_know_no_words(nlp: Language) -> None:
    assert Judge(nlp.vocab).rows(["橋", "", "存在しない語"])
    assert Judge(Vocab()).rows(["橋"]) == []


def test_a_content_without_words_has_no_signs(nlp: Language) -> None:
    reader = SignReader(columns(nlp.make_doc("橋。")), [], None, load_cues())
    signs = reader.read(Said([(1, 2)], None, Attribution.AUTHORIAL, Kind.ARTICLE_AUTHOR))
    assert not signs.form
    assert not signs.context
    assert Judge(nlp.vocab)(signs)["type"] in ("fact", "interpretation")


def test_signs_of_given_claims(nlp: Language) -> None:
    text = "田代健一氏は工場を来年建てる方針を示した。"
    claim = {"id": "c", "content": [(7, 14)], "cue": (18, 20), "holder": "h"}
    article = Annotation.model_validate(
        {
            "id": "a",
            "text": text,
            "metadata": {"published": "2026-05-12"},
            "holders": [{"id": "h", "name": "田代健一", "kind": "person"}],
            "claims": [{**claim, "attribution": "indirect", "type": "prediction"}],
        }
    )
    (signs,) = signs_of(nlp, article)
    assert signs.predicate == "建てる"
    assert signs.tense == "verb"
    assert {"figure=date", "time=future"} <= set(signs.form)
    assert {"holder=person", "link=方針", "kind=say"} <= set(signs.context)
