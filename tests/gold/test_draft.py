from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ronten.errors import UsageError
from ronten.gold.draft import read_objects, resolve

TEXT = (
    "波多野氏は次のように述べた。\n"
    "\n"
    "「港を広げる。港を広げるべきだ」。波多野氏はそう述べた。\n"
    "市は港を広げるとし、市は説明会を開くと説明した。\n"
    "「広げる」と西市は述べ、「港ではない」と続けた。"
)


def article(text: str = TEXT, **other: Any) -> dict[str, Any]:
    return {"id": "a", "text": text, **other}


def claim(*content: Any, **other: Any) -> dict[str, Any]:
    return {
        "content": list(content),
        "holder": "h1",
        "attribution": "indirect",
        "type": "policy",
        **other,
    }


def draft(*claims: dict[str, Any], **other: Any) -> dict[str, Any]:
    holders = [{"id": "h1", "name": "波多野", "kind": "person"}]
    return {"id": "a", "holders": holders, "claims": list(claims), **other}


def nth(surface: str, number: int, text: str = TEXT) -> tuple[int, int]:
    start = -1
    for _ in range(number):
        start = text.index(surface, start + 1)
    return start, start + len(surface)


def test_contents_are_found_at_or_after_the_start_of_the_one_before() -> None:
    found = resolve(
        article(),
        draft(
            claim("港を広げるべきだ"),
            claim("港を広げる"),
            claim("港を広げる", holder="h1", type="fact"),
            claim("広げる", "港ではない"),
        ),
    ).claims
    # Equal starts are allowed: one claim may lie at the beginning of another.
    assert [c.content for c in found] == [
        [nth("港を広げるべきだ", 1)],
        [nth("港を広げる", 2)],
        [nth("港を広げる", 2)],
        [nth("広げる", 2), nth("港ではない", 1)],
    ]
    start, end = nth("港を広げる", 2)
    assert [c.id for c in found[1:3]] == [f"a:{start}-{end}", f"a:{start}-{end}.2"]


def test_occurrence_and_context_choose_among_several() -> None:
    found = resolve(
        article(),
        draft(
            claim({"s": "港を広げる", "n": 2}),
            claim({"s": "港を広げる", "context": "市は港を広げるとし"}),
        ),
    ).claims
    assert [c.content for c in found] == [[nth("港を広げる", 2)], [nth("港を広げる", 3)]]


def test_overlapping_occurrences_count_and_context_may_repeat() -> None:
    text = "ああああ。市が市が来た。市が来た。"
    found = resolve(
        article(text),
        draft(
            claim({"s": "ああ", "n": 3}),
            claim("市が", source={"s": "来", "context": "市が来た"}),
        ),
    ).claims
    assert found[0].content == [(2, 4)]
    assert found[1].source == nth("来", 1, text)  # the nearest of the two the context allows


def test_source_and_cue_are_the_nearest_in_the_paragraph() -> None:
    found = resolve(
        article(),
        draft(
            claim("港を広げる", source="市", cue="とし"),
            claim("説明会を開く", source="市", cue="説明"),
        ),
    ).claims
    assert found[0].source == nth("市", 1)
    assert (found[1].source, found[1].cue) == (nth("市", 2), nth("説明", 2))


def test_lead_in_is_found_in_the_paragraph_before() -> None:
    text = "述べる人が多い。\n林氏は述べた。\n\n「寒い」\n遠くで森氏は述べた。"
    (found,) = resolve(
        article(text), draft(claim("寒い", attribution="direct", source="林氏", cue="述べ"))
    ).claims
    assert (found.source, found.cue) == (nth("林氏", 1, text), nth("述べ", 2, text))


@pytest.mark.parametrize("attribution", ["direct", "indirect"])
def test_cue_stands_outside_the_content(attribution: str) -> None:
    text = "「言うなと言う」と言う。"
    (found,) = resolve(
        article(text), draft(claim("言うなと言う", attribution=attribution, cue="言う"))
    ).claims
    assert found.cue == (9, 11)


def test_entities_and_figures_are_scanned_forward() -> None:
    text = "西市は西市の西市場に2個と2個を置いた。"
    city = {"label": "PLACE", "entity": "西市"}
    two = {"kind": "count", "low": 2, "high": 2, "unit": "個", "modifier": None}
    found = resolve(
        article(text),
        draft(
            entities=[{"text": "西市", **city}, {"text": "西市", "n": 3, **city}],
            figures=[{"text": "2個", **two}, {"text": {"s": "2個", "context": "と2個"}, **two}],
        ),
    )
    assert [e.span for e in found.entities] == [nth("西市", 1, text), nth("西市", 3, text)]
    assert [f.span for f in found.figures] == [nth("2個", 1, text), nth("2個", 2, text)]
    assert found.entities[0].entity == "西市"


def test_article_and_other_keys_are_kept() -> None:
    found = resolve(
        article(targets=["港"], metadata={"title": "港"}, extra=1),
        draft(
            claim("港を広げる", stance={"target": "港", "label": "favor"}, position="wide", sure=1),
            layers=["claims"],
        ),
    )
    assert (found.targets, found.metadata.title, found.layers) == (["港"], "港", ["claims"])
    (one,) = found.claims
    assert (one.stance.label, one.position, one.model_extra) == ("favor", "wide", {"sure": 1})


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (
            draft(claim("海を広げる")),
            r"^a: claims\[0\]\.content\[0\]: '海を広げる' is not in the text",
        ),
        (
            draft(claim("説明会を開く"), claim("港を広げるべき")),
            r"claims\[1\]\.content\[0\]: '港を広げるべき' does not stand after the claim",
        ),
        (draft(claim("広げる", "次の")), r"claims\[0\]\.content\[1\]: '次の' does not stand after"),
        (draft(claim({"s": "港を", "n": 9})), r"content\[0\]: '港を' occurs 3 times; n is 9"),
        (draft(claim({"s": "港を", "n": 0})), r"occurs 3 times; n is 0"),
        (draft(claim({"s": "港", "context": "空港"})), r"the context '空港' is not in the text"),
        (draft(claim({"s": "港", "context": "市"})), r"must hold '港' once, not 0 times"),
        (draft(claim({"n": 1})), r'write "substring", \{"s", "n"\}'),
        (draft(claim("")), r'write "substring"'),
        (draft(claim()), r"claims\[0\]\.content: missing; quote the content"),
        (draft(claim("港", source="南氏")), r"claims\[0\]\.source: '南氏' is not in the text"),
        (draft(claim("説明会", cue="会")), r"cue: '会' does not stand outside the content"),
        (draft(claim("港", type="opinion")), r"a: claims\[0\]\.type: Input should be 'fact'"),
        (
            draft(entities=[{"text": "西市", "label": "PLACE", "entity": "西市"}] * 2),
            r"entities\[1\]: '西市' does not stand after the one before; check the order",
        ),
        (draft(figures=[{"kind": "count"}]), r"figures\[0\]\.text: missing; quote the mention"),
    ],
)
def test_what_cannot_be_resolved_is_named_with_its_remedy(
    written: dict[str, Any], said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        resolve(article(), written)


def test_all_problems_of_a_draft_are_told_at_once() -> None:
    with pytest.raises(UsageError) as told:
        resolve(article(), draft(claim("海"), claim("港", cue="空"), entities=[{"text": "川"}]))
    assert [line.split(":")[1] for line in str(told.value).split("\n")] == [
        " claims[0].content[0]",
        " claims[1].cue",
        " entities[0]",
    ]


def test_objects_are_read_by_id_from_files_and_folders(tmp_path: Path) -> None:
    (tmp_path / "1.json").write_text(json.dumps(article()), encoding="utf-8")
    (tmp_path / "2.jsonl").write_text('{"id": "b"}\n{"id": "c"}\n', encoding="utf-8")
    assert list(read_objects(tmp_path)) == ["a", "b", "c"]
    assert list(read_objects(tmp_path / "2.jsonl")) == ["b", "c"]
    (tmp_path / "3.jsonl").write_text('\n{"id": "b"}\n', encoding="utf-8")
    with pytest.raises(UsageError, match=r"3\.jsonl:2: 'b' is there twice"):
        read_objects(tmp_path)
    (tmp_path / "3.jsonl").write_text('{"id": 4}\n', encoding="utf-8")
    with pytest.raises(UsageError, match=r"3\.jsonl:1: no object with an 'id'"):
        read_objects(tmp_path)
    (tmp_path / "3.jsonl").write_text("[1,\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"3\.jsonl:1: not JSON"):
        read_objects(tmp_path)
