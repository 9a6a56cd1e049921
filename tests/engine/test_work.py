"""What a worker keeps between batches."""

from types import ModuleType

import pytest

from ronten.config import Config
from ronten.engine import work
from ronten.engine.work import Worker
from ronten.types import Article


def test_the_pipeline_stays_but_makes_room_for_a_very_long_article(
    extraction: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "_LONG", 100)
    loaded: list[str] = []
    monkeypatch.setattr(extraction, "load", lambda config: loaded.append("nlp") or "nlp")
    worker = Worker(Config(), "fingerprint")
    short, long = "山田「雨だ」と述べた。", "山田「雨だ」と述べた。" * 20
    for text in (short, short, long, short):
        made = worker([Article(id="a", text=text, origin="a")]).made
        assert made.column("id").to_pylist() == ["a"]
    assert len(loaded) == 2
