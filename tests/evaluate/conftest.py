"""Builders of small annotations; what does not matter in a case has a default."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from ronten.types import Annotation, Claim

TEXT = "あいうえおかきくけこ" * 20
HOLDERS = [
    {"id": "a", "name": "", "kind": "article_author"},
    {"id": "u", "name": "", "kind": "unspecified"},
    {"id": "t", "name": "谷口春香", "kind": "person"},
    {"id": "k", "name": "北辰電機", "kind": "company"},
]


def claim(*content: tuple[int, int], **fields: Any) -> Claim:
    """A claim of 谷口春香 if it is reported (the default), else of the article's author."""
    values = {"id": "c", "attribution": "indirect", "type": "fact", **fields}
    values.setdefault("holder", "a" if values["attribution"] == "authorial" else "t")
    return Claim.model_validate({**values, "content": content})


def article(*claims: Claim, **fields: Any) -> Annotation:
    return Annotation.model_validate(
        {"id": "one", "text": TEXT, "holders": HOLDERS, **fields, "claims": claims}
    )


def entity(start: int, end: int, label: str = "PERSON", name: str = "谷口春香") -> dict[str, Any]:
    return {"span": (start, end), "label": label, "entity": name}


def figure(start: int, end: int, value: float | str = 3, **fields: Any) -> dict[str, Any]:
    values = {"kind": "count", "low": value, "high": value, "unit": "個", "modifier": None}
    return {"span": (start, end), **values, **fields}


@pytest.fixture
def make() -> SimpleNamespace:
    return SimpleNamespace(claim=claim, article=article, entity=entity, figure=figure)
