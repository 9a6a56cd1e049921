from __future__ import annotations

from types import SimpleNamespace

import pytest

from ronten.evaluate.agreement import agreement
from ronten.evaluate.comparison import compare


def test_kappa_of_matched_claims(make: SimpleNamespace) -> None:
    spans = [(i * 10, i * 10 + 8) for i in range(10)]
    first = ["fact"] * 5 + ["policy"] * 5
    second = ["fact"] * 4 + ["policy"] * 4 + ["fact"] * 2

    def side(types: list[str]) -> object:
        claims = [make.claim(s, type=t) for s, t in zip(spans, types, strict=True)]
        return make.article(*claims, make.claim((150, 160 + len(types[0]))))

    found = agreement(compare([side(first)], [side(second)]))
    # 11 claims with the one at the end: 8 equal; by chance (6·7 + 5·4) / 121.
    chance = (6 * 7 + 5 * 4) / 121
    assert found["type"].n == 11
    assert found["type"].share == pytest.approx(8 / 11)
    assert found["type"].kappa == pytest.approx((8 / 11 - chance) / (1 - chance))


def test_kappa_of_one_label_is_not_defined(make: SimpleNamespace) -> None:
    both = make.article(make.claim((0, 10)), make.claim((20, 30)))
    found = agreement(compare([both], [both]))
    assert found["attribution"] == (2, 1.0, None)
    assert found["stance"] == (0, None, None)


def test_stances_agree_only_on_one_target(make: SimpleNamespace) -> None:
    def side(*targets: str | None) -> object:
        claims = [
            make.claim((i * 20, i * 20 + 10), stance=t and {"target": t, "label": "favor"})
            for i, t in enumerate(targets)
        ]
        return make.article(*claims, targets=["増税", "減税"])

    one, other = side("増税", "増税", None, None), side("増税", "減税", None, None)
    found = agreement(compare([one], [other]))["stance"]
    # favor: 2 of the first, 1 of the second; chance (2·1 + 2·3) / 16 = 1/2, so kappa 1/2.
    assert (found.n, found.share) == (4, 0.75)
    assert found.kappa == pytest.approx(0.5)
