from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from ronten import stances
from ronten.config import Config
from ronten.extraction import annotate, load
from ronten.linear import LinearModel
from ronten.stances import LABELS, StanceModel, discover, measures, signs_of, stance, take_sides
from ronten.types import Annotation, Article
from ronten.word_vectors import WordVectors

EMBEDDING = Path(__file__).parents[1] / "models" / "embedding-0.2.1"


@pytest.fixture(scope="module")
def table() -> WordVectors:
    return WordVectors.load(EMBEDDING)


def annotation(*contents: str, holders: str = "") -> Annotation:
    text = "。".join(contents) + "。"
    claims, start = [], 0
    for number, content in enumerate(contents):
        holder = holders[number] if holders else "h"
        span = [start, start + len(content)]
        claims.append({"id": f"c{number}", "content": [span], "holder": holder,
                       "attribution": "authorial", "type": "policy"})  # fmt: skip
        start += len(content) + 1
    people = [{"id": id_, "name": id_, "kind": "person"} for id_ in sorted(set(holders or "h"))]
    return Annotation.model_validate({"id": "a", "text": text, "holders": people, "claims": claims})


def test_sides_of_plain_words() -> None:
    said = [
        ("輸出規制", "輸出規制は国の安全に欠かせず、強化すべきだ", "favor"),
        ("輸出規制", "輸出規制は効果を失っており、役に立たない", "against"),
        ("公園の樹木伐採", "工事は三月に始まる", "none"),
    ]
    found = stance([(target, text) for target, text, _ in said])
    assert [s.label for s in found] == [label for *_, label in said]
    assert [s.target for s in found] == [target for target, *_ in said]
    assert stance([]) == []


def test_a_text_depends_on_nothing_but_itself() -> None:
    pairs = [("輸出規制", "効いていない"), ("課税", "反対だ"), ("課税", "")]
    assert stance(pairs) == [stance([pair])[0] for pair in pairs]


def test_each_claim_gets_every_target_and_the_surest_side() -> None:
    article = annotation("輸出規制は強化すべきだ", "雨が降った")
    done = take_sides(article, ["輸出規制", "増税"])
    first, second = done.claims
    assert [s.target for s in first.stances] == ["輸出規制", "増税"]
    assert first.stance is not None
    assert (first.stance.target, first.stance.label) == ("輸出規制", "favor")
    assert second.stance is None
    assert take_sides(article, []) == article


def test_what_a_holder_says_elsewhere_counts() -> None:
    unclear = "この点は大きい"
    alone = take_sides(annotation(unclear, "輸出規制には反対だ", holders="xy"), ["輸出規制"])
    same = take_sides(annotation(unclear, "輸出規制には反対だ", holders="xx"), ["輸出規制"])
    (before,), (after,) = alone.claims[0].stances, same.claims[0].stances
    assert before != after


def test_the_encoder_can_be_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    article = annotation("輸出規制は強化すべきだ", "規制は効いていない")
    with_it = take_sides(article, ["輸出規制"])
    monkeypatch.setattr(stances, "_encoder", lambda: pytest.fail("the encoder was asked"))
    without = take_sides(article, ["輸出規制"], encoder=False)
    assert without.claims[0].stances != with_it.claims[0].stances
    nlp = load(Config(encoder=False, targets=["輸出規制"]))
    [read] = annotate(nlp, [Article(id="a", text=article.text)])
    assert isinstance(read, Annotation)
    assert read.claims[0].stances


def test_targets_are_found_where_none_are_given() -> None:
    general, act, other = "名詞-普通名詞-一般", "名詞-普通名詞-サ変可能", "助詞-係助詞"
    words = [("図書館", general), ("統合", act), ("は", other)] * 3
    words += [("規制", act), ("は", other)] * 5 + [("図書館", general), ("は", other)] * 5
    words += [("技術", general), ("開発", act), ("は", other)] * 5
    assert discover(Counter(measures(words))) == ["図書館統合"]
    assert discover(Counter(measures(words[:6]))) == []
    assert discover(Counter()) == []


def test_signs(table: WordVectors) -> None:
    signs = signs_of(table, "輸出規制", "輸出規制は続けるべきだ")
    assert len(signs.parts) == 3
    assert len(set(signs.features)) == len(signs.features)
    # A target that is a proposition has weights of its own.
    clause = signs_of(table, "輸出規制を続けるべきである", "輸出規制は続けるべきだ")
    assert not set(signs.features) & set(clause.features)


def test_shares_sum_to_one(table: WordVectors) -> None:
    words = np.zeros((3, len(table.vectors), 3), np.int32)
    model = StanceModel(LinearModel(LABELS, {}, (0, 0, 0), words, (1, 1)), table)
    assert model.shares([("規制", "続ける")]) == [(0.3333, 0.3333, 0.3333)]
