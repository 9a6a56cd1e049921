from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType

import pytest

import example
import ronten
from ronten.errors import UsageError
from ronten.query import Filters, claims
from ronten.tables import TABLES


@pytest.fixture
def dataset(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, extraction: ModuleType):
    with ronten.open(example.make(tmp_path, monkeypatch)) as opened:
        yield opened


def texts(dataset, **filters) -> list[str]:
    result = claims(dataset, Filters(**filters))
    assert result.columns == [column.name for column in TABLES["claims"].columns]
    return [row[result.columns.index("text")] for row in result.rows]


def test_filters(dataset) -> None:
    side = "輸出規制は産業を弱める"
    assert texts(dataset, author="大原 誠") == [side, "=1+1は2だ", "+500人を雇う"]
    assert texts(dataset, author="大原") == texts(dataset, author="大原誠")
    assert texts(dataset, author="首相") == ["@電力は足りる", "'電力'は\u0085足りる"]
    assert texts(dataset, target="輸出規制") == [side, "輸出規制を急ぐ"]
    assert texts(dataset, target="規制", stance="favor") == ["輸出規制を急ぐ"]
    assert side not in texts(dataset, target="規制", stance="none")
    assert texts(dataset, entity="deepstar") == []
    assert texts(dataset, author="大原", since="2025-04", until="2025") == [
        "=1+1は2だ",
        "+500人を雇う",
    ]
    assert texts(dataset, until="2025-03-01", author="大原誠") == [side]
    assert texts(dataset, until="2025-02") == []
    assert texts(dataset, type="policy") == []
    assert texts(dataset, topic="輸出") == [side, "輸出規制を急ぐ"]
    assert texts(dataset, topic="輸出", stance="favor", target="輸出規制") == ["輸出規制を急ぐ"]


def test_entities_are_found_by_name_else_by_part(tmp_path, monkeypatch, extraction) -> None:
    rows = [{"id": "a", "text": "大原誠「深星は伸びる」と述べた。\n大原誠「別の話だ」と述べた。"}]
    with ronten.open(example.make(tmp_path, monkeypatch, rows)) as dataset:
        for name in ("DeepStar", "ｄｅｅｐｓｔａｒ", "star"):
            assert texts(dataset, entity=name) == ["深星は伸びる"]
        assert texts(dataset, entity="深星") == []


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        ({"author": "佐伯"}, "no author '佐伯'"),
        ({"author": ""}, "no author ''"),
        ({"stance": "favor"}, "--target"),
        ({"since": "2025/3"}, "--since 2025/3: give a date"),
        ({"until": "yesterday"}, "--until yesterday: give a date"),
    ],
)
def test_what_is_asked_wrongly(dataset, filters, message) -> None:
    with pytest.raises(UsageError, match=message):
        claims(dataset, Filters(**filters))


def test_several_authors_may_be_meant(tmp_path, monkeypatch, extraction) -> None:
    rows = [{"id": "a", "text": "大原誠「いいえ」と述べた。\n大原進「はい」と述べた。"}]
    with (
        ronten.open(example.make(tmp_path, monkeypatch, rows)) as dataset,
        pytest.raises(
            UsageError, match=r"'大原' may be 大原. \(a-.*\), 大原. \(a-.*\); give the id"
        ),
    ):
        claims(dataset, Filters(author="大原"))


@pytest.mark.parametrize("value", ["'; DROP VIEW claims; --", "%", "' OR '1'='1"])
@pytest.mark.parametrize("name", ["topic", "target", "entity"])
def test_filter_values_are_bound(dataset, name, value) -> None:
    assert texts(dataset, **{name: value}) == []


def test_nothing_is_a_filter() -> None:
    assert not Filters()
    assert Filters(topic="")
    assert json.loads(json.dumps(vars(Filters()))) == dict.fromkeys(vars(Filters()))
