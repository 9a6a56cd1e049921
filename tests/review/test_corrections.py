"""Applying corrections: records in, records out."""

from __future__ import annotations

from typing import Any

import pytest

from ronten.corrections import Correction, State, Verdict, apply, arrange, lineage, split_id
from ronten.gold.rules import findings
from ronten.store import digest
from ronten.types import Annotation, Claim, Figure, Holder, Stance

WHEN = "2026-01-02T03:04:05Z"
TEXT = "大原誠氏は「規制は30%の企業に効く」と述べた。専門家は需要が伸びると見る。雨だ。"
QUOTE = TEXT.index("規制"), TEXT.index("」")
SEEN = TEXT.index("需要"), TEXT.index("と見る")
RAIN = TEXT.index("雨"), TEXT.index("雨") + 2


def claim(span: tuple[int, int], holder: str, attribution: str = "direct") -> Claim:
    return Claim(
        id=f"a:{span[0]}-{span[1]}",
        content=[span],
        holder=holder,
        attribution=attribution,
        type="fact",
        confidence=0.4,
        stances=[Stance(target="規制", label="none", score=0.7)],
        position="p-1",
    )


def article() -> Annotation:
    start = TEXT.index("30%")
    return Annotation(
        id="a",
        text=TEXT,
        holders=[
            Holder(id="h1", name="大原誠", kind="person"),
            Holder(id="h2", name="専門家", kind="group"),
            Holder(id="h3", name="", kind="article_author"),
        ],
        claims=[
            claim(QUOTE, "h1"),
            claim(SEEN, "h2", "indirect"),
            claim(RAIN, "h3", "authorial"),
        ],
        figures=[
            Figure(
                span=(start, start + 3),
                kind="percent",
                low=30,
                high=30,
                claim=f"a:{QUOTE[0]}-{QUOTE[1]}",
            )
        ],
    )


def correction(kind: str, span: tuple[int, int] = QUOTE, id_: int = 1, **fields: Any) -> Correction:
    name = f"a:{span[0]}-{span[1]}"
    text, content = TEXT[slice(*span)], [list(span)]
    return Correction(id_, "a", digest(TEXT), kind, name, content, text, fields, "花子", WHEN)


def applied(*corrections: Correction) -> Annotation:
    done = apply(article(), corrections)
    assert done.unresolved == []
    return done.annotation


def test_nothing_to_correct_changes_nothing() -> None:
    assert apply(article(), []).annotation == article()


def test_an_accepted_claim_is_marked_and_sure() -> None:
    found = applied(correction("accept"))
    (first, *others) = found.dump()["claims"]
    assert first["reviewed"] == {
        "who": "花子", "when": WHEN, "verdict": "accept", "correction": 1,
    }  # fmt: skip
    assert first["confidence"] == 1
    assert others == article().dump()["claims"][1:]
    assert found.dump()["reviewed"] == {"accept": 1}


def test_a_rejected_claim_is_gone_with_its_holder_and_its_figures_are_free() -> None:
    found = applied(correction("reject"))
    assert [c.content for c in found.claims] == [[SEEN], [RAIN]]
    assert [h.name for h in found.holders] == ["専門家", ""]
    assert [f.claim for f in found.figures] == [None]
    assert found.dump()["reviewed"] == {"reject": 1}


def test_a_corrected_span_renames_the_claim_and_keeps_its_line() -> None:
    shorter = (QUOTE[0] + 3, QUOTE[1])
    found = applied(correction("edit", content=[list(shorter)]))
    first = found.claims[0]
    assert first.id == f"a:{shorter[0]}-{shorter[1]}"
    assert lineage(first) == f"a:{QUOTE[0]}-{QUOTE[1]}"
    assert first.position == "p-1"
    assert first.sentence == (0, TEXT.index("専門家"))
    assert found.figures[0].claim == first.id


def test_a_corrected_span_never_takes_the_name_of_another_claim() -> None:
    found = applied(correction("edit", RAIN, content=[list(SEEN)]))
    assert [c.id for c in found.claims][1:] == [
        f"a:{SEEN[0]}-{SEEN[1]}",
        f"a:{SEEN[0]}-{SEEN[1]}.2",
    ]


def test_holder_type_and_sides_can_be_corrected() -> None:
    society = {"name": "丘学会", "kind": "organization", "proper": True}
    found = applied(
        correction("edit", holder={"name": "専門家", "kind": "group"}, type="policy"),
        correction("edit", SEEN, 2, holder=society),
        correction("edit", RAIN, 3, stances={"規制": "against", "需要": "none"}),
    )  # fmt: skip
    holders = {h.id: h for h in found.holders}
    first, second, third = found.claims
    assert (holders[first.holder].name, first.type) == ("専門家", "policy")
    assert holders[second.holder].dump() == {
        "id": "h4", "name": "丘学会", "kind": "organization", "proper": True,
    }  # fmt: skip
    assert third.stance == Stance(target="規制", label="against")
    assert [(s.target, s.label, s.score) for s in third.stances] == [
        ("規制", "against", 1.0),
        ("需要", "none", 1.0),
    ]
    assert found.targets == ["規制"]
    assert not [f for f in findings(found) if f.path[-1] == "stance"]


def test_an_authorial_claim_has_neither_source_nor_cue() -> None:
    found = applied(correction("edit", cue=[1, 2], source=[0, 1], attribution="authorial"))
    assert (found.claims[0].cue, found.claims[0].source) == (None, None)


def test_an_added_claim_stands_at_its_place() -> None:
    span = (TEXT.index("企業"), TEXT.index("企業") + 2)
    fields = {
        "content": [list(span)],
        "holder": {"name": "大原誠", "kind": "person"},
        "attribution": "direct",
        "type": "fact",
        "stances": {},
    }
    found = applied(correction("add", span, **fields))
    assert [c.content[0] for c in found.claims] == [QUOTE, span, SEEN, RAIN]
    assert found.claims[1].rule == "review"
    assert found.claims[1].id == f"a:{span[0]}-{span[1]}"
    assert found.dump()["claims"][1]["reviewed"]["verdict"] == "add"


def test_a_correction_whose_claim_is_gone_is_listed() -> None:
    elsewhere = correction("reject", (0, 3), 7)
    other_text = correction("accept")._replace(id=8, text_hash="0" * 16)
    done = apply(article(), [elsewhere, other_text, correction("accept")])
    assert sorted(done.unresolved) == [7, 8]
    assert len(done.annotation.claims) == 3


def test_what_is_undone_changes_nothing() -> None:
    undone = correction("reject")._replace(state=State.UNDONE.value)
    assert apply(article(), [undone]).annotation == article()


def test_a_claim_that_is_found_as_it_was_corrected_is_the_same_claim() -> None:
    longer = (QUOTE[0] - 4, QUOTE[1])
    old = correction("edit", longer, content=[list(QUOTE)], type="policy")
    found = applied(old)
    assert found.claims[0].type == "policy"
    assert len(found.claims) == 3


# Positions


def about_positions(id_: int, **fields: Any) -> Correction:
    kind = Verdict.POSITION.value
    return Correction(id_, None, None, kind, None, [], "", fields, "花子", WHEN)


def merge(id_: int, source: str, into: str, claims: list[str], with_: list[str]) -> Correction:
    fields = {"op": "merge", "from": source, "into": into, "claims": claims, "with": with_}
    return about_positions(id_, **fields)


def split(id_: int, claim: str) -> Correction:
    return about_positions(id_, op="split", claim=claim, position=split_id(claim))


def test_merged_claims_move_also_after_clustering_anew() -> None:
    one = merge(1, "p-b", "p-a", ["b1", "b2"], ["a1", "a2"])
    found = arrange({"a1": "p-a", "a2": "p-a", "b1": "p-b", "b2": "p-b"}, [one], {})
    assert found.members == {"b1": "p-a", "b2": "p-a"}
    again = arrange({"a1": "p-x", "a2": "p-y", "a3": "p-y", "b1": "p-z"}, [one], {})
    assert again.members == {"b1": "p-x"}
    assert (again.founded, again.unresolved) == ({}, [])


def test_a_split_claim_stands_alone_and_stays_so() -> None:
    own = split_id("a2")
    found = arrange({"a1": "p-a", "a2": "p-a"}, [split(1, "a2")], {})
    assert (found.members, found.founded) == ({"a2": own}, {own: "a2"})
    assert arrange({"a1": "p-a", "a2": own}, [split(1, "a2")], {}).members == {}


def test_later_corrections_of_positions_win() -> None:
    placed = {"a1": "p-a", "b1": "p-b", "b2": "p-b"}
    moves = [merge(1, "p-b", "p-a", ["b1", "b2"], ["a1"]), split(2, "b2")]
    found = arrange(placed, moves, {})
    assert found.members == {"b1": "p-a", "b2": split_id("b2")}
    found = arrange(placed, [moves[1]._replace(id=1), moves[0]._replace(id=2)], {})
    assert found.members == {"b1": "p-a", "b2": "p-a"}
    assert found.founded == {}


def test_positions_follow_claims_that_were_renamed() -> None:
    one = merge(1, "p-b", "p-a", ["b1"], ["a1"])
    found = arrange({"a1.new": "p-a", "b1.new": "p-b"}, [one], {"a1": "a1.new", "b1": "b1.new"})
    assert found.members == {"b1.new": "p-a"}


@pytest.mark.parametrize("placed", [{"a1": "p-a"}, {"b1": "p-b"}, {}])
def test_a_merge_without_claims_is_listed(placed: dict[str, str]) -> None:
    found = arrange(placed, [merge(4, "p-b", "p-a", ["b1"], ["a1"])], {})
    assert (found.unresolved, found.members) == ([4], {})
