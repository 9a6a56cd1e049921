"""Measures worked out by hand: every expected number stands beside the case it follows from."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from ronten.errors import UsageError
from ronten.evaluate import evaluate
from ronten.evaluate.comparison import compare
from ronten.evaluate.metrics import METRICS


def prf(p: float, r: float, f1: float, n: int) -> dict[str, float]:
    return {"p": p, "r": r, "f1": f1, "n": n}


def test_measures_are_those_of_the_contract() -> None:
    names = " ".join(METRICS)
    assert names == (
        "claims_all claims_all_exact attributed attributed_exact attributed_with_holder "
        "attributed_chars holder_acc cue_overlap source_exact attribution_acc type_acc type_f1 "
        "stance_f1 positions_pairs positions_b3 entities entity_link_acc figures_found "
        "figures_span figures_value figures_full"
    )


def test_same_annotation_is_right_everywhere(make: SimpleNamespace) -> None:
    stance = {"target": "増税", "label": "favor"}
    gold = make.article(
        make.claim((0, 10), cue=(10, 12), source=(12, 14), position="p", stance=stance),
        make.claim((20, 30), position="p"),
        make.claim((40, 50), attribution="authorial", position="q"),
        targets=["増税"],
        entities=[make.entity(0, 3)],
        figures=[make.figure(5, 7)],
    )
    scores = evaluate([gold], [gold])
    assert scores.values == dict.fromkeys(METRICS, 1.0)
    assert scores.details["stance_f1"] == {"macro": 1.0, "against": 0.0, "favor": 1.0, "none": 1.0}


def test_fragments_match_from_half_of_the_common_characters_on(make: SimpleNamespace) -> None:
    gold = make.article(make.claim((0, 10), (20, 30)))
    half = evaluate([gold], [make.article(make.claim((0, 10)))]).details
    assert half["claims_all"] == prf(1.0, 1.0, 1.0, 1)
    assert half["claims_all_exact"] == prf(0.0, 0.0, 0.0, 1)
    less = evaluate([gold], [make.article(make.claim((0, 9)))]).details
    assert less["claims_all"] == prf(0.0, 0.0, 0.0, 1)


def test_overlapping_fragments_count_characters_once(make: SimpleNamespace) -> None:
    gold = make.article(make.claim((0, 10)))
    # 0–10 and 4–20 hold 20 characters, 10 of them shared: exactly half.
    assert evaluate([gold], [make.article(make.claim((0, 10), (4, 20)))]).values["claims_all"] == 1
    assert evaluate([gold], [make.article(make.claim((0, 10), (4, 21)))]).values["claims_all"] == 0


def test_counts_of_documents_are_summed_before_ratios(make: SimpleNamespace) -> None:
    gold = [
        make.article(make.claim((0, 10)), id="one"),
        make.article(*(make.claim((i, i + 10)) for i in (0, 20, 40)), id="two"),
    ]
    predicted = [
        make.article(make.claim((0, 10)), make.claim((60, 70)), id="one"),
        make.article(make.claim((0, 8)), id="two"),
    ]
    # 2 of 3 predicted, 2 of 4 gold; the mean of the articles' own F1s would be 0.583.
    scores = evaluate(gold, predicted)
    assert scores.details["claims_all"] == prf(0.667, 0.5, 0.571, 4)
    assert scores.details["claims_all_exact"] == prf(0.333, 0.25, 0.286, 4)


def test_ties_go_to_what_stands_first(make: SimpleNamespace) -> None:
    gold = make.article(make.claim((0, 10), type="policy"))
    first = make.claim((0, 8), type="policy")
    second = make.claim((2, 10), type="fact")
    assert evaluate([gold], [make.article(first, second)]).values["type_acc"] == 1
    assert evaluate([gold], [make.article(second, first)]).values["type_acc"] == 0


def test_best_overlap_is_taken_first(make: SimpleNamespace) -> None:
    gold = make.article(make.claim((0, 10), type="fact"), make.claim((4, 12), type="policy"))
    # The prediction overlaps the first by 6/12, the second by 8/8: one match, of type policy.
    scores = evaluate([gold], [make.article(make.claim((4, 12), type="policy"))])
    assert scores.details["claims_all"] == prf(1.0, 0.5, 0.667, 2)
    assert scores.details["type_f1"] == {"macro": 1.0, "policy": 1.0}


def test_article_without_gold_claims(make: SimpleNamespace) -> None:
    scores = evaluate([make.article()], [make.article(make.claim((0, 10)))])
    assert scores.details["claims_all"] == prf(0.0, 0.0, 0.0, 0)
    assert scores.details["type_acc"] is None
    assert scores.details["type_f1"] is None


def test_article_without_predicted_claims(make: SimpleNamespace) -> None:
    scores = evaluate([make.article(make.claim((0, 10)))], [make.article()])
    assert scores.details["claims_all"] == prf(0.0, 0.0, 0.0, 1)
    assert scores.details["holder_acc"] is None
    assert scores.details["positions_b3"] is None


def test_no_articles(make: SimpleNamespace) -> None:
    scores = evaluate([], [])
    assert scores.as_dict() == {"articles": 0, "missing": [], **dict.fromkeys(METRICS)}


def test_what_is_no_layer_is_not_scored(make: SimpleNamespace) -> None:
    found = make.article(
        make.claim((0, 10)), entities=[make.entity(0, 3)], figures=[make.figure(5, 7)]
    )
    claims_only = found.model_copy(update={"layers": ["claims"]})
    names_only = found.model_copy(update={"layers": ["entities"], "id": "two"})
    scores = evaluate([claims_only], [found])
    assert scores.details["entities"] is None
    assert scores.details["figures_full"] is None
    assert scores.details["claims_all"] == prf(1.0, 1.0, 1.0, 1)
    both = evaluate([claims_only, names_only], [found, found.model_copy(update={"id": "two"})])
    assert both.details["claims_all"]["n"] == both.details["entities"]["*"]["n"] == 1


def test_stance_and_positions_are_layers_of_their_own(make: SimpleNamespace) -> None:
    claim = make.claim((0, 10), position="p", stance={"target": "増税", "label": "favor"})
    gold = make.article(claim, targets=["増税"], layers=["claims"])
    assert evaluate([gold], [gold]).details["stance_f1"] is None
    assert evaluate([gold], [gold]).details["positions_b3"] is None
    without_targets = make.article(claim)
    assert evaluate([without_targets], [without_targets]).details["stance_f1"] is None


def test_article_nobody_annotated_is_missed(make: SimpleNamespace) -> None:
    gold = [make.article(make.claim((0, 10)), id="one"), make.article(make.claim((0, 9)), id="two")]
    scores = evaluate(gold, [gold[0]])
    assert scores.as_dict()["missing"] == ["two"]
    assert scores.details["claims_all"] == prf(1.0, 0.5, 0.667, 2)


def test_articles_pair_by_id_and_else_by_text(make: SimpleNamespace) -> None:
    gold = [
        make.article(make.claim((0, 10)), id="one"),
        make.article(id="two", text="別の文章だ。"),
    ]
    renamed = [a.model_copy(update={"id": f"x-{a.id}"}) for a in gold]
    assert not evaluate(gold, renamed).missing
    # The id decides where both would do: "two" is the article of that id, not of that text.
    swapped = [renamed[0], make.article(id="two", text="別の文章だ。"), renamed[1]]
    assert compare(gold, swapped).spare == ["x-two"]


def test_another_text_under_the_same_id_does_not_pair(make: SimpleNamespace) -> None:
    gold = make.article(make.claim((0, 3)), text="全く同じ文だ。")
    comparison = compare([gold], [make.article(make.claim((0, 3)), text="全く同じ文。")])
    assert comparison.missing == {"one": "the text differs from character 5 on"}


def test_reported_claims_are_only_those_of_both_sides(make: SimpleNamespace) -> None:
    gold = make.article(make.claim((0, 10)), make.claim((20, 30), attribution="direct"))
    predicted = make.article(
        make.claim((0, 10), attribution="authorial"), make.claim((20, 30), attribution="mixed")
    )
    scores = evaluate([gold], [predicted])
    assert scores.details["claims_all"] == prf(1.0, 1.0, 1.0, 2)
    assert scores.details["attributed"] == prf(1.0, 0.5, 0.667, 2)
    assert scores.details["attribution_acc"] == 0.0
    assert scores.details["holder_acc"] == 0.5


def test_characters_of_reported_claims(make: SimpleNamespace) -> None:
    gold = make.article(make.claim((0, 10)), make.claim((5, 20)))
    predicted = make.article(make.claim((0, 5)), make.claim((30, 45), attribution="authorial"))
    assert evaluate([gold], [predicted]).details["attributed_chars"] == prf(1.0, 0.25, 0.4, 20)


def test_cue_and_source_are_scored_where_gold_has_them(make: SimpleNamespace) -> None:
    gold = make.article(
        make.claim((0, 10), cue=(10, 12), source=(14, 18)),
        make.claim((20, 30), cue=(30, 32), source=None),
        make.claim((40, 50), cue=None, source=(52, 54)),
    )
    predicted = make.article(
        make.claim((0, 10), cue=(11, 13), source=(14, 17)),
        make.claim((20, 30), cue=(32, 34), source=(60, 62)),
        make.claim((40, 50), cue=(50, 52), source=(52, 54)),
    )
    scores = evaluate([gold], [predicted])
    assert scores.details["cue_overlap"] == 0.5
    assert scores.details["source_exact"] == 0.5


def test_right_holder(make: SimpleNamespace) -> None:
    gold = make.article(make.claim((0, 10)), make.claim((20, 30), holder="k"))
    predicted = make.article(make.claim((0, 10)), make.claim((20, 30), holder="u"))
    scores = evaluate([gold], [predicted])
    assert scores.details["attributed_with_holder"] == prf(0.5, 0.5, 0.5, 2)


def test_stance_on_another_target_is_none(make: SimpleNamespace) -> None:
    def stance(target: str, label: str) -> dict[str, str]:
        return {"target": target, "label": label}

    spans = [(0, 10), (20, 30), (40, 50), (60, 70)]
    gold = [stance("増税", "favor"), stance("増税", "favor"), stance("増税", "against"), None]
    said = [stance("増税", "favor"), stance("減税", "favor"), stance("増税", "favor"), None]
    one, other = (
        make.article(
            *(make.claim(span, stance=s) for span, s in zip(spans, labels, strict=True)),
            targets=["増税", "減税"],
        )
        for labels in (gold, said)
    )
    # favor: 1 of 2 said, 1 of 2 gold; against: 0; none: 1 of 2 said, 1 of 1 gold.
    expected = {"macro": 0.389, "against": 0.0, "favor": 0.5, "none": 0.667}
    assert evaluate([one], [other]).details["stance_f1"] == expected


def test_positions_across_documents(make: SimpleNamespace) -> None:
    def two(id_: str, left: str, right: str) -> object:
        claims = make.claim((0, 10), position=left), make.claim((20, 30), position=right)
        return make.article(*claims, id=id_)

    gold = [two("one", "a", "b"), two("two", "a", "b")]
    predicted = [two("one", "x", "x"), two("two", "x", "y")]
    # Gold joins 0–2 and 1–3, the system 0–1, 0–2 and 1–2: one of three is right, one of two found.
    # B³ precision (2/3 + 1/3 + 2/3 + 1) / 4, recall (1 + 1/2 + 1 + 1/2) / 4.
    scores = evaluate(gold, predicted)
    assert scores.details["positions_pairs"] == prf(0.333, 0.5, 0.4, 2)
    assert scores.details["positions_b3"] == prf(0.667, 0.75, 0.706, 4)


def test_claims_without_a_position_are_left_out_of_the_grouping(make: SimpleNamespace) -> None:
    gold = make.article(make.claim((0, 10), position="a"), make.claim((20, 30), position="a"))
    predicted = make.article(make.claim((0, 10), position="x"), make.claim((20, 30)))
    scores = evaluate([gold], [predicted])
    assert scores.details["positions_b3"] == prf(1.0, 1.0, 1.0, 1)
    assert scores.details["positions_pairs"] == prf(0.0, 0.0, 0.0, 0)


def test_entities_need_span_and_label(make: SimpleNamespace) -> None:
    gold = make.article(
        entities=[
            make.entity(0, 3, name="谷口 春香"),
            make.entity(5, 7, "ORG", "港湾局"),
            make.entity(9, 11, "PLACE", "瀬戸"),
        ]
    )
    predicted = make.article(
        entities=[
            make.entity(0, 3, name="谷口・春香"),
            make.entity(0, 3, name="谷口春香"),
            make.entity(5, 7, "COMPANY", "港湾局"),
            make.entity(9, 11, "PLACE", "瀬戸市"),
        ]
    )
    found = evaluate([gold], [predicted]).details
    assert found["entities"] == {
        "*": prf(0.667, 0.667, 0.667, 3),
        "COMPANY": prf(0.0, 0.0, 0.0, 0),
        "ORG": prf(0.0, 0.0, 0.0, 1),
        "PERSON": prf(1.0, 1.0, 1.0, 1),
        "PLACE": prf(1.0, 1.0, 1.0, 1),
    }
    assert found["entity_link_acc"] == 0.5


def test_figures_by_degree(make: SimpleNamespace) -> None:
    gold = make.article(
        figures=[
            make.figure(0, 4, 1000),
            make.figure(10, 14, 1000),
            make.figure(20, 24, "2025-04"),
            make.figure(30, 34, 50, modifier="about"),
            make.figure(40, 44, None),
        ]
    )
    predicted = make.article(
        figures=[
            make.figure(0, 4, 1009),  # all right: within 1 %
            make.figure(11, 14, 1011),  # found only
            make.figure(20, 23, "2025-04"),  # value, not span
            make.figure(30, 34, 50),  # span and value, not the modifier
            make.figure(50, 54, None),  # spurious
        ]
    )
    found = evaluate([gold], [predicted]).details
    assert found["figures_found"] == prf(0.8, 0.8, 0.8, 5)
    assert found["figures_span"] == prf(0.4, 0.4, 0.4, 5)
    assert found["figures_value"] == prf(0.6, 0.6, 0.6, 5)
    assert found["figures_full"] == prf(0.2, 0.2, 0.2, 5)


def test_a_figure_is_found_once(make: SimpleNamespace) -> None:
    gold = make.article(figures=[make.figure(0, 4), make.figure(4, 8)])
    predicted = make.article(figures=[make.figure(0, 8)])
    assert evaluate([gold], [predicted]).details["figures_found"] == prf(1.0, 0.5, 0.667, 2)


def test_an_id_that_comes_twice_is_refused(make: SimpleNamespace) -> None:
    with pytest.raises(UsageError, match="gold article 'one' comes twice"):
        evaluate([make.article(), make.article()], [])


def test_an_unlisted_holder_is_named(make: SimpleNamespace) -> None:
    gold = make.article(make.claim((0, 10)))
    stranger = make.article(make.claim((0, 10), holder="h9", id="c7"))
    with pytest.raises(UsageError, match="article 'one', claim 'c7': holder 'h9'"):
        evaluate([gold], [stranger])
