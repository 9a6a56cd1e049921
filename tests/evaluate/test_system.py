from __future__ import annotations

import pytest

from ronten.config import Config
from ronten.evaluate import evaluate
from ronten.evaluate.comparison import compare
from ronten.evaluate.report import report
from ronten.evaluate.system import STEPS, annotate, find_figures, place
from ronten.types import Annotation

TEXT = "谷口「工期は延びる」と述べた。\n森「工期は延びる」と述べた。\n雨が降る。"


def gold(id_: str, text: str, **fields: object) -> Annotation:
    return Annotation.model_validate({"id": id_, "text": text, **fields})


@pytest.mark.usefixtures("extraction")
def test_gold_texts_go_through_the_steps_of_a_run() -> None:
    articles = [
        gold("b", TEXT, metadata={"authors": ["森一樹"]}),
        gold("a", "谷口「工期は延びる」と述べた。"),
        gold("c", "破裂"),
    ]
    done, failed = annotate(articles, Config())
    assert [a.id for a in done] == ["b", "a"]
    assert [(r.id, r.reason) for r in failed] == [("c", "failed")]
    assert done[0].metadata.authors == ["森一樹"]
    one, two, rain = (claim.position for claim in done[0].claims)
    assert one == two == done[1].claims[0].position
    assert rain not in (None, one)


@pytest.mark.usefixtures("extraction")
def test_positions_of_gold_claims() -> None:
    claims = [
        {"id": "c1", "content": [(3, 9)], "position": "late"},
        {"id": "c1", "content": [(18, 24)], "position": "late"},
        {"id": "c3", "content": [(32, 36)], "position": "rain"},
    ]
    common = {"holder": "h", "attribution": "direct", "type": "fact"}
    article = gold(
        "a",
        TEXT,
        holders=[{"id": "h", "name": "谷口", "kind": "person"}],
        claims=[{**claim, **common} for claim in claims],
    )
    (placed,) = place([article], Config())
    assert placed.model_copy(update={"claims": article.claims}) == article
    assert evaluate([article], [placed]).values["positions_pairs"] == 1


def test_no_articles_need_no_positions(monkeypatch: pytest.MonkeyPatch) -> None:
    from ronten import embed

    empty = embed.Embedder(fingerprint="none", dim=3, run=lambda texts: pytest.fail("not needed"))
    monkeypatch.setattr(embed, "load_embedder", lambda *_, **__: empty)
    assert place([], Config()) == []


def test_figures_beside_gold_names() -> None:
    text = "第3号機は120億円だ。"
    name = {"span": (0, 4), "label": "PRODUCT", "entity": "第3号機"}
    (found,) = find_figures([gold("a", text, entities=[name])], Config())
    assert [text[slice(*f.span)] for f in found.figures] == ["120億円"]


@pytest.mark.usefixtures("extraction")
def test_steps_are_scored_on_gold_input() -> None:
    article = gold("a", "費用は120億円だ。", figures=[])
    done, _ = annotate([article], Config())
    found = report(compare([article], done), system=Config())
    assert set(found.gold_input) == set().union(*(step.metrics for step in STEPS.values()))
    assert found.gold_input["figures_found"] == 0
    assert "gold_input" not in report(compare([article], done)).as_dict()
