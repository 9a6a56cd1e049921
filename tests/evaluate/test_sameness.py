from __future__ import annotations

import pytest

from ronten.evaluate.sameness import same_holder, same_value
from ronten.types import Holder


def holder(name: str, kind: str = "person") -> Holder:
    return Holder(id="h", name=name, kind=kind)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (holder("谷口春香"), holder("谷口春香")),
        (holder("谷口春香"), holder("谷口 春香氏")),
        (holder("谷口春香"), holder("谷口")),
        (holder("谷口春香"), holder("春香")),
        (holder("リタ・モーガン"), holder("モーガン")),
        (holder("Rita Morgan"), holder("ＭＯＲＧＡＮ")),
        (holder("Tide Labs", "company"), holder("TideLabs", "organization")),
        (holder("", "unspecified"), holder("", "unspecified")),
        (holder("", "article_author"), holder("", "article_author")),
        (holder("一部の関係者", "unspecified"), holder("", "unspecified")),
        (holder("", "group"), holder("", "group")),
    ],
)
def test_same(one: Holder, other: Holder) -> None:
    assert same_holder(one, other)
    assert same_holder(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (holder("谷口春香"), holder("谷川春彦")),
        (holder("谷口春香"), holder("谷")),
        (holder("谷口春香"), holder("口春")),
        (holder("瀬戸内海運輸組合", "group"), holder("瀬戸内海", "group")),
        (holder("モーガンズ"), holder("モーガン")),
        (holder("", "unspecified"), holder("", "article_author")),
        (holder("", "group"), holder("", "company")),
        (holder("谷口春香"), holder("", "unspecified")),
        (holder("北辰", "article_author"), holder("東海", "article_author")),
    ],
)
def test_not_same(one: Holder, other: Holder) -> None:
    assert not same_holder(one, other)
    assert not same_holder(other, one)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (100, 101, True),
        (100, 98.9, False),
        (-100, -100.5, True),
        (0, 0, True),
        (0, 0.001, False),
        (None, None, True),
        (None, 0, False),
        ("2025-04", "2025-04", True),
        ("2025-04", "2025-04-01", False),
        ("3", 3, False),
    ],
)
def test_values(one: float | str | None, other: float | str | None, same: bool) -> None:
    assert same_value(one, other) is same
    assert same_value(other, one) is same
