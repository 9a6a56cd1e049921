"""Precision over recall and reliability of confidence."""

import pytest

from ronten.evaluate.comparison import compare
from ronten.evaluate.confidence import Judged, judged, page, worth
from ronten.types import Annotation

TEXT = "甲は乙だと述べた。丙は丁だと語った。"


def _annotation(*claims):
    holders = [{"id": "a", "name": "田中", "kind": "person"}]
    holders.append({"id": "b", "name": "山本", "kind": "person"})
    return Annotation.model_validate(
        {
            "id": "x",
            "text": TEXT,
            "holders": holders,
            "claims": [
                {
                    "id": f"x:{i}",
                    "content": [span],
                    "holder": holder,
                    "attribution": attribution,
                    "type": "fact",
                    "confidence": confidence,
                }
                for i, (span, holder, attribution, confidence) in enumerate(claims)
            ],
        }
    )


def test_a_claim_is_right_with_content_and_holder():
    gold = _annotation(((0, 4), "a", "indirect", None), ((9, 13), "a", "indirect", None))
    system = _annotation(
        ((0, 4), "a", "indirect", 0.9),
        ((9, 13), "b", "indirect", 0.4),
        ((4, 8), "a", "direct", 0.2),
        ((13, 17), "a", "authorial", 0.9),
    )
    claims, count = judged(compare([gold], [system]))
    assert count == 2
    assert sorted(claims) == [(0.2, False), (0.4, False), (0.9, True)]


def test_curve_bins_and_error():
    found = worth([Judged(0.9, True), Judged(0.9, True), Judged(0.5, False), Judged(0.1, False)], 4)
    assert found.points == [(0.9, 1.0, 0.5), (0.5, pytest.approx(2 / 3), 0.5), (0.1, 0.5, 0.5)]
    assert [(b.size, b.right) for b in found.bins] == [(1, 0.0), (1, 0.0), (2, 1.0)]
    assert found.error == pytest.approx((0.1 + 0.5 + 2 * 0.1) / 4)


def test_nothing_to_judge():
    found = worth([], 3)
    assert (found.points, found.bins, found.error) == ([], [], 0)
    assert page(found).startswith("<!doctype html>")


def test_the_page_shows_the_numbers():
    shown = page(worth([Judged(0.9, True), Judged(0.3, False)], 2))
    assert "Expected calibration error 0.200" in shown
    assert shown.count("<svg") == 2
    assert "<td>0.900</td><td>1.000</td>" in shown
