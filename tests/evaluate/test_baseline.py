from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from ronten.evaluate.baseline import baseline, by_majority, by_rules
from ronten.evaluate.metrics import METRICS
from ronten.types import Annotation, Claim

TEXT = (
    "港湾の整備計画\n谷口春香氏は「工期は延びる。予算は足りる」と述べた。費用は1,200億円だ。\n"
    "「異論はない」とリタは言う。雨だった。"
)


def cut(article: Annotation, claim: Claim) -> str:
    return "|".join(article.text[slice(*span)] for span in claim.content)


def article(**fields: Any) -> Annotation:
    return Annotation.model_validate({"id": "one", "text": TEXT, **fields})


def test_rules_read_quotations_and_sentences() -> None:
    found = by_rules(article(metadata={"authors": ["森一樹"]}))
    names = {holder.id: holder.name for holder in found.holders}
    claims = [(cut(found, c), c.attribution.value, names[c.holder]) for c in found.claims]
    assert claims == [
        ("工期は延びる", "direct", "谷口春香"),
        ("予算は足りる", "direct", "谷口春香"),
        ("費用は1,200億円だ", "authorial", "森一樹"),
        ("異論はない", "direct", "谷口春香"),
        ("雨だった", "authorial", "森一樹"),
    ]
    first = found.claims[0]
    assert (TEXT[slice(*first.source)], TEXT[slice(*first.cue)]) == ("谷口春香氏", "述")
    assert found.claims[3].source is None


def test_rules_find_names_and_numbers() -> None:
    found = by_rules(article(text="キタデンの売上高は1,200億円、NorthWindは3%減った。"))
    assert [(e.entity, e.label.value) for e in found.entities] == [
        ("キタデン", "COMPANY"),
        ("NorthWind", "COMPANY"),
    ]
    values = [(found.text[slice(*f.span)], f.low, f.kind.value, f.unit) for f in found.figures]
    assert values == [("1,200億", 1200, "count", "億"), ("3%", 3, "percent", None)]


def test_who_is_not_named_is_unspecified() -> None:
    found = by_rules(article(text="「遅い」との声がある。"))
    (claim,) = found.claims
    (holder,) = [h for h in found.holders if h.id == claim.holder]
    assert (holder.kind.value, holder.name) == ("unspecified", "")


def test_majority_takes_the_most_frequent_labels(make: SimpleNamespace) -> None:
    stance = {"target": "増税", "label": "against"}
    gold = make.article(
        make.claim((0, 10), type="policy", position="p", stance=stance),
        make.claim((20, 30), type="policy", position="p", attribution="direct", stance=stance),
        make.claim((40, 50), type="fact", position="q", attribution="authorial"),
        targets=["増税"],
    )
    (found,) = by_majority([gold])
    assert {c.type.value for c in found.claims} == {"policy"}
    assert [c.attribution.value for c in found.claims] == ["indirect", "indirect", "authorial"]
    assert {c.stance.label for c in found.claims} == {"against"}
    assert len({c.position for c in found.claims}) == 3


def test_every_measure_has_a_baseline(make: SimpleNamespace) -> None:
    stance = {"target": "増税", "label": "favor"}
    gold = make.article(
        make.claim((0, 10), type="policy", position="p", stance=stance),
        make.claim((20, 30), type="policy", position="p"),
        make.claim((40, 50), type="fact", position="q", attribution="authorial"),
        targets=["増税"],
    )
    found = baseline([gold])
    assert list(found) == list(METRICS)
    assert found["type_acc"] == pytest.approx(2 / 3)
    assert found["type_f1"] == pytest.approx(0.8 / 2)
    assert found["stance_f1"] == pytest.approx(0.8 / 2)
    assert found["attribution_acc"] == 1
    assert found["positions_pairs"] == 0
    # Alone: precision 1, recall (1/2 + 1/2 + 1) / 3.
    assert found["positions_b3"] == pytest.approx(0.8)


def test_no_articles_have_no_baseline() -> None:
    assert set(map(str, baseline([]).values())) == {"nan"}
