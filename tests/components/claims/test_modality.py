"""Certainty and polarity by the endings of Japanese predicates."""

from __future__ import annotations

import pytest

from ronten.components.claims.modality import certainty, negated, read_form
from ronten.types import ClaimType


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("需要は堅調だ", "certain"),
        ("工期は必ず守る", "certain"),
        ("需要は伸びるだろう", "probable"),
        ("雨になるでしょう", "probable"),
        ("工期は延びるはずだ", "probable"),
        ("値上げに踏み切るに違いない", "probable"),
        ("需要は底を打ったとみられる", "probable"),
        ("影響は小さいようだ", "probable"),
        ("年内に完成する見通しだ", "probable"),
        ("来月にも辞めるらしい", "probable"),
        ("需要は落ち込むと思う", "probable"),
        ("雨にはなるまい", "probable"),
        ("工期が延びる可能性が高い", "probable"),
        ("否決される公算が大きい", "probable"),
        ("需要は伸びるかもしれない", "possible"),
        ("需要は伸びるかも知れません", "possible"),
        ("工期が延びる可能性がある", "possible"),
        ("橋が落ちるおそれがある", "possible"),
        ("橋が落ちかねない", "possible"),
        ("誤りもあり得る", "possible"),
        ("需要は落ちるのではないか", "possible"),
        ("高ければ売れるとは限らない", "possible"),
        ("値上げは避けられないのでは", "possible"),
        # an ability or a danger far from the predicate says nothing of the claim
        ("再利用の可能性を調べる部会を設けた", "certain"),
        ("落石のおそれがある道を閉じた", "certain"),
    ],
)
def test_certainty(content: str, expected: str) -> None:
    assert certainty(content) == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("需要は伸びない", True),
        ("需要は伸びなかった", True),
        ("需要は伸びていません", True),
        ("工期は延びないだろう", True),
        ("値上げは必要ではない", True),
        ("費用は問題にならず", True),
        ("高いわけではない", True),
        ("高ければ売れるとは限らない", True),
        ("値上げは認められないという", True),
        ("雨にはなるまい", True),
        ("延びる可能性はない", True),
        ("需要は伸びる", False),
        ("値上げせねばならない", False),
        ("認めざるを得ない", False),
        ("需要は伸びるかもしれない", False),
        ("橋が落ちかねない", False),
        ("間違いない", False),
        ("本物に違いない", False),
        ("端数に過ぎない", False),
        ("成長の証しにほかならない", False),
        ("需要は落ちるのではないか", False),
        ("やめるほかない", False),
        ("守るしかない", False),
        ("使わない手はない", False),
        ("影響がないとは言えない", False),
        ("効かないわけではない", False),
        ("反対がなくはない", False),
    ],
)
def test_negated(content: str, expected: bool) -> None:
    assert negated(content) is expected


@pytest.mark.parametrize(
    ("content", "kind", "tail", "expected"),
    [
        ("規制は緩めるべきだ", None, "", ClaimType.POLICY),
        ("工場を建てる", "say", "plan", ClaimType.PREDICTION),
        ("工場を建てる", "demand", "demand", ClaimType.POLICY),
        ("需要は伸びるだろう", None, "", ClaimType.PREDICTION),
        ("橋は昨年完成した", None, "", ClaimType.FACT),
        ("判断は妥当だった", None, "", ClaimType.INTERPRETATION),
    ],
)
def test_form_is_a_sign_of_the_type(
    content: str, kind: str | None, tail: str, expected: ClaimType
) -> None:
    assert read_form(content, kind, tail).type == expected


def test_traits() -> None:
    assert read_form("値下げすれば需要は伸びる", None).traits == ("condition", "nonpast")
