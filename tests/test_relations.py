from __future__ import annotations

from typing import Any

from ronten.relations import Held, Relations, shifts_of, stances_of
from ronten.types import AuthorClaim

NAMES = {"a-1": "甲", "a-2": "乙", "a-3": "丙"}


def claim(id_: str, *stances: tuple[str, str, float], **fields: Any) -> AuthorClaim:
    values = {
        "id": id_,
        "article": id_.partition(":")[0],
        "title": None,
        "published": None,
        "url": None,
        "content": [[0, 1]],
        "text": "何か",
        "sentence": None,
        "source": None,
        "cue": None,
        "attribution": "indirect",
        "type": "fact",
        "certainty": None,
        "negated": None,
        "confidence": None,
        "joint": False,
        "entities": [],
        "figures": [],
        "stances": [{"target": t, "label": label, "score": score} for t, label, score in stances],
    }
    return AuthorClaim.model_validate({**values, **fields})


def money(low: float, measures: str | None = "費用") -> dict[str, Any]:
    return {"span": [0, 1], "kind": "money", "low": low, "high": low, "unit": "JPY",
            "measures": measures}  # fmt: skip


def held(author: str, position: str, said: AuthorClaim, group: str = "t-1") -> Held:
    return Held(author, position, group, said)


def test_who_makes_the_same_points() -> None:
    relations = Relations(NAMES)
    relations.add(
        [
            held("a-1", "p-1", claim("x:1")),
            held("a-2", "p-1", claim("y:1")),
            held("a-1", "p-2", claim("x:2")),
            held("a-2", "p-2", claim("y:2")),
            held("a-3", "p-2", claim("z:1")),
            held("a-9", "p-2", claim("w:1")),  # nobody with a proper name
        ]
    )
    assert relations.agrees("a-1", ["p-2", "p-1"]) == [
        {"author": "a-2", "name": "乙", "positions": ["p-1", "p-2"]},
        {"author": "a-3", "name": "丙", "positions": ["p-2"]},
    ]


def test_who_is_on_the_other_side() -> None:
    relations = Relations(NAMES)
    against = claim("y:1", ("規制", "against", 0.8))
    both = claim("z:1", ("規制", "against", 0.8), ("課税", "favor", 0.6))
    relations.add(
        [
            held("a-1", "p-1", claim("x:1", ("規制", "favor", 0.9))),
            held("a-2", "p-2", against),
            held("a-3", "p-3", both),
            held("a-3", "p-4", claim("z:2", ("規制", "favor", 0.7))),  # on both sides alike
        ]
    )
    opposed = relations.opposes("a-1", ["規制", "課税"])
    assert opposed == [{"author": "a-2", "name": "乙", "targets": ["規制"]}]
    assert relations.opposes("a-3", ["規制"]) == []


def test_a_joint_claim_is_no_agreement() -> None:
    relations = Relations(NAMES)
    both = claim("x:1")
    relations.add([held("a-1", "p-1", both), held("a-2", "p-1", both)])
    assert relations.agrees("a-1", ["p-1"]) == []
    relations.add([held("a-2", "p-1", claim("y:1"))])
    assert [other["author"] for other in relations.agrees("a-1", ["p-1"])] == ["a-2"]


def test_a_doubtful_side_is_none() -> None:
    relations = Relations(NAMES)
    relations.add(
        [
            held("a-1", "p-1", claim("x:1", ("規制", "favor", 0.9))),
            held("a-2", "p-2", claim("y:1", ("規制", "against", 0.45))),
        ]
    )
    assert relations.opposes("a-1", ["規制"]) == []


def test_values_in_dispute_are_of_one_topic_and_quantity() -> None:
    relations = Relations(NAMES)
    mine = held("a-1", "p-1", claim("x:1", figures=[money(5), money(7, None)]))
    relations.add(
        [
            mine,
            held("a-2", "p-2", claim("y:1", figures=[money(6)])),
            held("a-3", "p-3", claim("z:1", figures=[money(5)])),  # the same value
            held("a-3", "p-4", claim("z:2", figures=[money(9)]), group="t-2"),  # another topic
        ]
    )
    (dispute,) = relations.disputes([mine])
    assert (dispute["measures"], dispute["low"], dispute["claim"]) == ("費用", 5, "x:1")
    assert dispute["others"] == [
        {"author": "a-2", "name": "乙", "claim": "y:1", "low": 6, "high": 6}
    ]


def test_side_of_several_claims() -> None:
    claims = [
        claim("x:1", ("規制", "favor", 0.6)),
        claim("x:2", ("規制", "favor", 0.8), ("課税", "none", 0.9)),
        claim("x:3", ("規制", "against", 0.9)),
    ]
    (stance,) = stances_of(claims)
    assert (stance.target, stance.label) == ("規制", "favor")
    assert stance.score is not None
    assert abs(stance.score - 0.7) < 1e-9


def test_shift_is_a_later_day_with_another_side() -> None:
    claims = [
        claim("x:1", ("規制", "favor", 0.6), published="2025-01-01"),
        claim("x:2", ("規制", "favor", 0.6), published="2025-02-01"),
        claim("x:3", ("規制", "against", 0.6), published="2025-03-01"),
        claim("x:4", ("規制", "against", 0.6)),  # without a date
        claim("x:5", ("課税", "favor", 0.6), published="2025-01-01"),
        claim("x:6", ("課税", "against", 0.6), published="2025-01-01"),  # says nothing
    ]
    assert shifts_of(claims) == [
        {
            "target": "規制",
            "from": {"label": "favor", "date": "2025-02-01", "claim": "x:2"},
            "to": {"label": "against", "date": "2025-03-01", "claim": "x:3"},
        }
    ]
