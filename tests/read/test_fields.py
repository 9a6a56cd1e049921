"""Metadata values: what is accepted, how it is stored, what is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from ronten.errors import Reason
from ronten.read.fields import parse, text_of
from ronten.read.refused import Refused


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ({}, {}),
        ({"text": "本文"}, {}),
        ({"title": "題", "source": "例新聞", "url": "https://example.com/", "genre": "news"},) * 2,
        ({"id": 12}, {"id": "12"}),
        ({"id": 12.0}, {"id": "12"}),
        ({"id": " 007 "}, {"id": "007"}),
        ({"authors": "山田太郎; 鈴木花子 ；"}, {"authors": ["山田太郎", "鈴木花子"]}),
        ({"authors": ["山田太郎"]}, {"authors": ["山田太郎"]}),
        ({"targets": "輸出規制;補助金"}, {"targets": ["輸出規制", "補助金"]}),
        ({"title": None, "authors": "", "id": float("nan"), "genre": " ", "targets": []}, {}),
        (
            {"lang": "ja", "score": 0.5, "year": 1, "ok": True},
            {"lang": "ja", "score": 0.5, "year": 1, "ok": True},
        ),
        ({"tags": ["a"], "nested": {"a": 1}, "odd": float("inf")}, {}),
        ({"metadata": {"title": "題", "id": 3}, "claims": [{}]}, {"title": "題", "id": "3"}),
        ({"id": "x", "metadata": {"id": "y"}}, {"id": "x"}),
    ],
)
def test_given_values(raw: dict[str, Any], found: dict[str, Any]) -> None:
    assert parse(raw) == found


@pytest.mark.parametrize(
    ("value", "iso"),
    [
        ("2025", "2025"),
        (2025, "2025"),
        ("2025-01", "2025-01"),
        ("2025-01-31", "2025-01-31"),
        ("20250131", "2025-01-31"),
        ("2025/1/31", "2025-01-31"),
        ("2025.01.31", "2025-01-31"),
        ("2025年1月31日", "2025-01-31"),
        ("２０２５年１月", "2025-01"),
        ("2025年", "2025"),
        ("2025-01-31T10:00:00+09:00", "2025-01-31T10:00:00+09:00"),
        ("2025-01-31T10:00:00Z", "2025-01-31T10:00:00+00:00"),
        ("2025-01-31 10:00:00 +0900", "2025-01-31T10:00:00+09:00"),
        ("2025/01/31 9:05", "2025-01-31T09:05:00"),
        (date(2025, 1, 31), "2025-01-31"),
        (datetime(2025, 1, 31, 10, tzinfo=UTC), "2025-01-31T10:00:00+00:00"),
    ],
)
def test_published_becomes_iso(value: object, iso: str) -> None:
    assert parse({"published": value}) == {"published": iso}


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ({"published": "昨日"}, "'published' is '昨日'; give a date"),
        ({"published": "2025-02-30"}, "2025-02-30"),
        ({"published": "2025-01-31T99:00"}, "give a date"),
        ({"published": "31/01/2025"}, "give a date"),
        ({"published": "2025年10:00"}, "give a date"),
        ({"published": 1738281600}, "give a date"),
        ({"published": True}, "give a date"),
        ({"published": ["2025-01-31"]}, "give a date"),
        ({"id": [1]}, "'id' is a list"),
        ({"id": True}, "'id' is true or false"),
        ({"title": 3}, "'title' is of type int"),
        ({"url": {"href": "x"}}, "'url' is an object"),
        ({"authors": [1]}, "'authors' is a list; give a list of strings"),
        ({"targets": 5}, "'targets' is of type int"),
        ({"title": "題\ud800"}, r"'title' holds a lone surrogate U\+D800 at character 1"),
        ({"authors": ["\udfff"]}, "'authors' holds a lone surrogate"),
        ({"extra": "\udfff"}, "'extra' holds a lone surrogate"),
    ],
)
def test_wrong_values_are_named(raw: dict[str, Any], message: str) -> None:
    with pytest.raises(Refused, match=f"^here: .*{message}") as refusal:
        parse(raw, "here: ")
    assert refusal.value.reason == Reason.INVALID_ROW


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ({}, "no 'text'; the row has none"),
        ({"body": "本文"}, "no 'text'; the row has 'body'"),
        ({"text": None}, "no 'text'"),
        ({"text": ["本文"]}, "'text' is a list"),
        ({"text": b"abc"}, "'text' is of type bytes"),
    ],
)
def test_missing_text(raw: dict[str, Any], message: str) -> None:
    with pytest.raises(Refused, match=message):
        text_of(raw)
