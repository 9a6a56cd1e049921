"""Text that is refused, and text at the border that is not."""

from __future__ import annotations

import pytest

from ronten.errors import Reason
from ronten.read.checks import check
from ronten.read.refused import Refused


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", Reason.NO_TEXT),
        (" \r\n\t\u3000\x0b", Reason.NO_TEXT),
        ("a" * 200, Reason.NOT_JAPANESE),
        ("a" * 191 + "あ漢カ々ーｱ𠮟㐀\uf900", Reason.NOT_JAPANESE),
        ("Это не по-японски. " * 30, Reason.NOT_JAPANESE),
        ("한국어 기사입니다. " * 40, Reason.NOT_JAPANESE),
        ("本文\ud800", Reason.INVALID_ROW),
        ("\udfff本文", Reason.INVALID_ROW),
    ],
)
def test_refused(text: str, reason: Reason) -> None:
    with pytest.raises(Refused) as refusal:
        check(text)
    assert refusal.value.reason == reason


@pytest.mark.parametrize(
    "text",
    [
        "a" * 199,
        "a" * 190 + "あ漢カ々ーｱ𠮟㐀\uf900〆",
        "1234567890 !?\n" * 1000,
        "短い。",
        "\0あ",
        "😀" * 500,
        "需要は堅調だ" * 50_000,
    ],
)
def test_passed(text: str) -> None:
    check(text)
