from __future__ import annotations

import json

import numpy as np
import pytest
from numpy.typing import NDArray

from ronten.authors import Author
from ronten.positions import Placed, claim_rows, documents, groups, place
from ronten.relations import Relations
from ronten.store import CreditedClaim, Located
from ronten.types import Annotation, Kind, Topic

X, Y, Z = np.eye(3, dtype=np.float32)
NEAR_X = np.array([0.96, 0.28, 0.0], dtype=np.float32)


def put(
    claims: list[Located],
    *vectors: NDArray[np.float32],
    chances: dict[tuple[int, int], float] | None = None,
) -> Placed:
    """Place claims; pairs have the chances given, else their cosine."""
    whole = np.stack(vectors) if vectors else np.zeros((0, 3), np.float32)

    def judged(pairs: NDArray[np.int64]) -> NDArray[np.float64]:
        cosines = (whole[pairs[:, 0]] * whole[pairs[:, 1]]).sum(axis=1).astype(float)
        given = chances or {}
        rows = zip(pairs.tolist(), cosines.tolist(), strict=True)
        return np.array([given.get((i, j), cosine) for (i, j), cosine in rows])

    return place(claims, whole, judged, threshold=0.9)


def new(*ids: str) -> list[Located]:
    return [Located(id_, None, (), id_) for id_ in ids]


def test_new_claims_found_positions_named_after_the_first() -> None:
    placed = put(new("a", "b", "c"), X, Y, NEAR_X)
    assert placed.members["a"] == placed.members["c"] != placed.members["b"]
    assert sorted(placed.founded.values()) == ["a", "b"]


def test_claims_join_known_positions_first() -> None:
    known = [Located("o", "p-old", (), "o")]
    placed = put(known + new("n", "m"), X, NEAR_X, Z)
    assert placed.members["n"] == "p-old"
    assert list(placed.founded.values()) == ["m"]
    assert set(placed.members) == {"n", "m"}


def test_what_a_claim_says_decides_not_the_vector_alone() -> None:
    placed = put(new("a", "b"), X, NEAR_X, chances={(0, 1): 0.2})
    assert placed.members["a"] != placed.members["b"]


def test_opposite_sides_never_share_a_position() -> None:
    for_, against = ((("規制", side),) for side in ("favor", "against"))
    claims = [
        Located("a", None, for_, "a"),
        Located("b", None, against, "b"),
        Located("c", None, for_, "c"),
    ]
    placed = put(claims, X, X, X)
    assert placed.members["a"] == placed.members["c"] != placed.members["b"]
    known = [Located("o", "p-old", against, "o"), *new("n")]
    assert put(known, X, X).members == {"n": "p-old"}
    known = [Located("o", "p-old", against, "o"), Located("n", None, for_, "n")]
    assert put(known, X, X).members["n"] != "p-old"


def test_the_same_words_are_one_point_however_often_they_are_said() -> None:
    said = [Located(str(n), None, (), "同じ言葉") for n in range(500)]
    asked: list[int] = []

    def judged(pairs: NDArray[np.int64]) -> NDArray[np.float64]:
        asked.append(len(pairs))
        return np.ones(len(pairs))

    vectors = np.stack([*[X] * 500, NEAR_X])
    placed = place([*said, *new("n")], vectors, judged, threshold=0.9)
    assert set(placed.members.values()) == {placed.members["n"]}
    assert asked == [1]


def test_a_saying_counts_as_often_as_it_is_said() -> None:
    said = [Located(str(n), "p-old", (), "同じ言葉") for n in range(9)]
    claims = [*said, Located("o", "p-old", (), "別の言葉"), *new("n")]
    vectors = [X] * 9 + [X, X]
    # The mean over ten claims: nine times 1 and once 0.1, or nine times 0.8 and once 1.
    high = {(0, 10): 1.0, (9, 10): 0.1}
    low = {(0, 10): 0.8, (9, 10): 1.0}
    assert put(claims, *vectors, chances=high).members == {"n": "p-old"}
    assert put(claims, *vectors, chances=low).members["n"] != "p-old"


def test_the_same_words_on_opposite_sides_stay_apart() -> None:
    sides = [(("規制", side),) for side in ("favor", "against", "favor")]
    claims = [Located(str(n), None, side, "同じ言葉") for n, side in enumerate(sides)]
    members = put(claims, X, X, X).members
    assert members["0"] == members["2"] != members["1"]


def test_a_new_claim_does_not_merge_known_positions() -> None:
    known = [Located("o", "p-1", (), "o"), Located("q", "p-2", (), "q")]
    placed = put(known + new("n"), X, X, X)
    assert placed.members == {"n": "p-1"}
    assert placed.founded == {}


def test_position_id_depends_on_the_founder_alone() -> None:
    alone = put(new("a"), X).members["a"]
    among = put(new("a", "b"), X, Y).members["a"]
    assert alone == among
    again = put([Located("o", alone, (), "o"), *new("a")], X, Y).members["a"]
    assert again != alone


def test_no_claims() -> None:
    assert put([]) == ({}, {})


def test_groups_are_a_coarser_level() -> None:
    ids = ["p-1", "p-2", "p-3"]
    found = groups(ids, np.stack([X, NEAR_X, Z]))
    assert found == {"p-1": "t-1", "p-2": "t-1", "p-3": "t-3"}
    assert groups([], np.zeros((0, 3), np.float32)) == {}


def annotation() -> Annotation:
    text = "深星は「安い」と述べ、輸出の2割は「高い」とした"
    return Annotation.model_validate(
        {
            "id": "art",
            "text": text,
            "metadata": {"title": "題", "published": "2025-01-02"},
            "holders": [{"id": "h", "name": "深星", "kind": "company"}],
            "claims": [
                {
                    "id": "art:4-6",
                    "content": [[4, 6], [14, 20]],
                    "holder": "h",
                    "attribution": "mixed",
                    "type": "fact",
                    "confidence": 0.123456,
                }
            ],
            "entities": [{"span": [0, 2], "label": "COMPANY", "entity": "DeepStar"}],
            "figures": [{"span": [14, 16], "kind": "percent", "low": 20, "high": 20}],
        }
    )


def test_claim_record_shows_the_text_and_what_stands_inside() -> None:
    (row,) = claim_rows(annotation())
    record = json.loads(row.record)
    text = annotation().text
    assert record["text"] == " … ".join(text[s:e] for s, e in record["content"])
    assert row.text == "".join(text[s:e] for s, e in record["content"])
    assert record["stances"] == []
    assert record["entities"] == []
    assert [f["span"] for f in record["figures"]] == [[14, 16]]
    assert record["confidence"] == 0.1235
    assert (record["title"], record["published"]) == ("題", "2025-01-02")


def credited(
    position: str, article: str, text: str, vector: np.ndarray, published: str | None
) -> CreditedClaim:
    record = json.loads(next(claim_rows(annotation())).record)
    record |= {"id": f"{article}:0-1", "article": article, "text": text, "published": published}
    return CreditedClaim("a-1", False, position, json.dumps(record), vector.tobytes())


def test_positions_by_claims_then_articles_then_id_with_the_medoid_as_statement() -> None:
    author = Author("a-1", "大原誠", Kind.PERSON, identified=True)
    claims = [
        credited("p-b", "1", "端", Y, "2025-03-01"),
        credited("p-b", "2", "中", NEAR_X, "2025-01-01"),
        credited("p-b", "3", "近", X, None),
        credited("p-a", "1", "甲", X, None),
        credited("p-a", "1", "乙", X, None),
        credited("p-c", "1", "丙", X, None),
        credited("p-c", "2", "丁", X, None),
        credited("p-d", "1", "戊", X, None),
    ]
    ((_, document),) = documents(
        {"a-1": author}, claims, {"p-b": Topic(label="題")}, Relations({}), "1"
    )
    positions = document.positions
    assert [p.id for p in positions] == ["p-b", "p-c", "p-a", "p-d"]
    assert [p.weight for p in positions] == [3, 2, 2, 1]
    assert (positions[0].statement, positions[0].topic.label) == ("中", "題")
    assert (positions[0].first, positions[0].last) == ("2025-01-01", "2025-03-01")
    assert positions[3].topic.label == "戊"


@pytest.mark.parametrize("joint", [True, False])
def test_joint_comes_from_the_credit(joint: bool) -> None:
    author = Author("a-1", "大原誠", Kind.PERSON, identified=True, members=[("甲", "a-2")])
    claim = credited("p-a", "1", "甲", X, None)._replace(joint=joint)
    ((_, document),) = documents({"a-1": author}, [claim], {}, Relations({}), "1")
    assert document.positions[0].claims[0].joint is joint
    assert document.members == ["甲"]
    assert document.dump()["member_ids"] == ["a-2"]


def test_names_are_compared_in_their_canonical_form() -> None:
    article = annotation()
    content = [(0, 6)]
    claim = article.claims[0].model_copy(update={"content": content})
    (row,) = claim_rows(article.model_copy(update={"claims": [claim]}))
    assert row.text == "DeepStarは「安い"
    assert json.loads(row.record)["text"] == article.text[0:6]
