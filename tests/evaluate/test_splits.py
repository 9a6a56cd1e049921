from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from ronten.errors import UsageError
from ronten.evaluate.splits import select


@pytest.mark.parametrize("place", ["in", "beside"])
def test_articles_of_a_split(make: SimpleNamespace, tmp_path: Path, place: str) -> None:
    corpus = tmp_path / "final"
    corpus.mkdir()
    folder = corpus if place == "in" else tmp_path
    splits = {"one": "dev", "two": "test", "gone": "test"}
    (folder / "splits.json").write_text(json.dumps(splits), encoding="utf-8")
    articles = [make.article(id=name) for name in ("one", "two", "three")]
    assert [a.id for a in select(articles, corpus, "test")] == ["two"]


def test_a_file_has_its_splits_beside_it(make: SimpleNamespace, tmp_path: Path) -> None:
    (tmp_path / "splits.json").write_text('{"one": "dev"}', encoding="utf-8")
    assert select([make.article()], tmp_path / "gold.jsonl", "dev")


def test_what_is_missing_is_said(make: SimpleNamespace, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"--split test: no splits\.json in .* and "):
        select([make.article()], tmp_path, "test")
    path = tmp_path / "splits.json"
    path.write_text('{"one": "train"}', encoding="utf-8")
    with pytest.raises(UsageError, match="unknown split 'trian'; did you mean 'train'"):
        select([make.article()], tmp_path, "trian")
    for broken in ("{", '["one"]', '{"one": 1}'):
        path.write_text(broken, encoding="utf-8")
        with pytest.raises(UsageError, match=r"splits\.json"):
            select([make.article()], tmp_path, "train")
