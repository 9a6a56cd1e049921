from __future__ import annotations

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronten.topics import terms, topics
from ronten.types import Entity


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("先端半導体の輸出規制は競争力を弱める", ["先端半導体", "輸出規制", "競争力"]),
        ("高橋氏は今後の対策が要ると見る", ["高橋", "対策"]),
        ("3年で2割減った", []),
        ("そのことはよく分かる", []),
        ("再利用可能性を検証する", ["再利用可能性", "検証"]),
        ("", []),
    ],
)
def test_terms_are_whole_compounds(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


def test_names_stand_for_their_parts_and_not_inside_longer_words() -> None:
    text = "アン・リーは対中投資を避けた"
    entities = [
        Entity(span=(100, 105), label="PERSON", entity="アン・リー"),
        Entity(span=(107, 108), label="PLACE", entity="中国"),
    ]
    assert terms(text, entities, offset=100) == ["アン・リー", "対中投資"]


@pytest.mark.parametrize("text", ["半導体の" * 30_000, "半導体の" + "ﷺ" * 30_000])
def test_text_longer_than_the_tokenizer_takes(text: str) -> None:
    assert terms(text)[0] == "半導体"


@given(st.text(max_size=200))
def test_any_text_has_terms_that_are_its_own(text: str) -> None:
    assert all(len(term) > 1 or normalize("NFKC", term) == term for term in terms(text))


def test_topic_prefers_what_sets_a_position_apart() -> None:
    counts = [("p-1", "企業", 2), ("p-1", "輸出規制", 2), ("p-2", "企業", 2), ("p-2", "電力", 1)]
    found = topics(counts, {"p-1": "t-1", "p-2": "t-1"})
    assert found["p-1"].keywords[0] == "輸出規制"
    assert found["p-2"].label == "電力・企業"


def test_keywords_do_not_repeat_each_other() -> None:
    found = topics([("p-1", "輸出規制", 3), ("p-1", "規制", 3), ("p-1", "電力", 1)], {"p-1": "t-1"})
    assert found["p-1"].keywords == ["輸出規制", "電力"]


def test_positions_of_one_group_share_its_label() -> None:
    counts = [
        ("p-1", "輸出規制", 2),
        ("p-2", "輸出規制", 1),
        ("p-2", "密輸", 1),
        ("p-3", "電力", 2),
    ]
    found = topics(counts, {"p-1": "t-1", "p-2": "t-1", "p-3": "t-3"})
    assert found["p-1"].group == found["p-2"].group == "t-1"
    assert found["p-1"].group_label == found["p-2"].group_label == "輸出規制・密輸"
    assert (found["p-3"].group, found["p-3"].group_label) == ("t-3", "電力")
