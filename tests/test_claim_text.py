"""What lies inside a claim is found without looking at the rest of the article."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ronten.claim_text import Inside, claim_text
from ronten.types import Annotation, Claim, Entity, Span

SPANS = st.tuples(st.integers(0, 30), st.integers(1, 8)).map(lambda at: (at[0], at[0] + at[1]))
TEXT = "ディープシークは深星と組み、需要は来年も堅調だと水野葵氏は述べた。供給は足りない"


def claim(content: list[Span]) -> Claim:
    return Claim(id="c", content=content, holder="h1", attribution="direct", type="fact")


@given(st.lists(SPANS, max_size=12), st.lists(SPANS, min_size=1, max_size=3))
def test_what_lies_inside_keeps_the_order_of_the_article(
    spans: list[Span], content: list[Span]
) -> None:
    entities = [Entity(span=s, label="ORG", entity=f"e{n}") for n, s in enumerate(spans)]
    inside = [
        e
        for e in entities
        if any(start <= e.span[0] and e.span[1] <= end for start, end in content)
    ]
    assert Inside(entities).of(claim(content)) == inside


@given(st.lists(SPANS, max_size=12), st.lists(SPANS, min_size=1, max_size=3))
def test_known_entities_change_no_text(spans: list[Span], content: list[Span]) -> None:
    entities = [Entity(span=s, label="ORG", entity=f"e{n}") for n, s in enumerate(spans)]
    article = Annotation(id="a", text=TEXT, entities=entities)
    one = claim(content)
    assert claim_text(article, one, Inside(entities).of(one)) == claim_text(article, one)


def test_names_stand_in_their_canonical_form() -> None:
    entities = [Entity(span=(0, 7), label="COMPANY", entity="DeepSeek")]
    article = Annotation(id="a", text=TEXT, entities=entities)
    assert claim_text(article, claim([(0, 13)])) == "DeepSeekは深星と組み"
