from __future__ import annotations

import pytest

from ronten.duplicates import SAME, signature, twins

STORY = (
    "県は九日、老朽化した橋の架け替えを三年早めて来年度に始めると発表した。通行止めの間は迂回路を設け、"
    "バスの便を増やす。費用は四十億円を見込み、国の補助金で半分を賄う。地元の商店会は客足が遠のくことを"
    "心配し、工事の時期を観光の閑散期に合わせるよう求めている。県の担当者は住民との話し合いを続けるという。"
)
OTHER = (
    "町の図書館が来月から閉館時間を二時間延ばす。仕事帰りの利用を増やすのが狙いで、三階には学生向けの"
    "自習室も新しく設ける。職員は増やさず、貸し出しと返却は機械に任せる。町議会では電気代の増加を"
    "心配する声も出たが、町長は一年間試してから続けるかどうかを決めると説明した。"
)


def shared(a: str, b: str) -> float:
    """The share of common runs of eight characters, exactly."""
    first, second = ({t[i : i + 8] for i in range(len(t) - 7)} for t in (a, b))
    return len(first & second) / len(first | second)


def test_the_first_in_order_is_the_one_that_is_repeated() -> None:
    copies = {
        "b": STORY,
        "a": STORY[:-20],
        "x": OTHER,
        "c": STORY + "写真は県が公開した完成予想図。",
    }
    assert twins((id_, signature(text)) for id_, text in copies.items()) == {"a": "b", "c": "b"}


def test_layout_makes_no_difference() -> None:
    assert signature(STORY) == signature(STORY.replace("。", "。\n\n　"))


@pytest.mark.parametrize("kept", [1.0, 0.9, 0.75, 0.3, 0.0])
def test_alike_is_what_shares_half(kept: float) -> None:
    cut = int(len(STORY) * kept)
    text = STORY[:cut] + OTHER[: len(STORY) - cut]
    alike = bool(twins([("a", signature(STORY)), ("b", signature(text))]))
    assert alike == (shared(STORY, text) > SAME)


def test_a_chain_leads_to_one_article() -> None:
    texts = [STORY, STORY[15:] + OTHER[:15], STORY[30:] + OTHER[:30]]
    found = twins((str(n), signature(text)) for n, text in enumerate(texts))
    assert set(found.values()) == {"0"}


@pytest.mark.parametrize("text", ["", "短い", " \n", "絵文字😀だけ"])
def test_texts_of_a_few_characters(text: str) -> None:
    assert twins([("a", signature(text)), ("b", signature(STORY))]) == {}
    assert twins([("a", signature(text)), ("b", signature(text))]) == {"b": "a"}


def test_no_articles() -> None:
    assert twins([]) == {}
