"""Very long articles are read in parts: the records are those of one article all the same."""

from __future__ import annotations

import tracemalloc
from functools import partial
from typing import Any

import pytest
from spacy.language import Language

from ronten import extraction
from ronten.extraction import annotate
from ronten.parts import Found, Whole
from ronten.text.cuts import cuts
from ronten.types import Annotation, Article, Kind

LIMIT = 300
SECTION = """
## {year}年の見通し
青嶺製作所の水野葵社長は12日、「{year}年の需要は堅調だ」と述べた。水野氏は輸出規制が{year}年まで続くとみる。
専門家は費用が約{year}億円に膨らむと指摘する。供給が足りないため、値段は{year}年も上がる。
水野氏は輸出規制に反対した。
"""
LONG = "市場の行方\n" + "".join(SECTION.format(year=year) for year in range(2026, 2036))


@pytest.fixture
def short_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extraction, "cuts", partial(cuts, limit=LIMIT))


def annotation(nlp: Language, text: str, **metadata: Any) -> Annotation:
    result = next(annotate(nlp, [Article(id="t", text=text, metadata=metadata)]))
    assert isinstance(result, Annotation), result
    return result


@pytest.mark.usefixtures("short_parts")
def test_spans_of_all_parts_point_into_the_whole_text(nlp: Language) -> None:
    assert len(list(cuts(LONG, LIMIT))) > 3
    found = annotation(nlp, LONG)
    seen = {"sentence": [], "content": [], "cue": [], "source": [], "figure": [], "entity": []}
    for start, doc in extraction.read(nlp, Article(id="t", text=LONG)):
        part = LONG[start : start + len(doc.text)]
        assert part == doc.text
        for claim in doc._.ronten_claims:
            seen["content"] += [part[first:last] for first, last in claim["content"]]
            for key in ("sentence", "cue", "source"):
                seen[key].append(claim[key] and part[slice(*claim[key])])
        seen["figure"] += [part[slice(*figure["span"])] for figure in doc._.ronten_figures]
        seen["entity"] += [part[slice(*entity["span"])] for entity in doc._.ronten_entities]
    assert [LONG[s:e] for c in found.claims for s, e in c.content] == seen["content"]
    for key in ("sentence", "cue", "source"):
        spans = [getattr(claim, key) for claim in found.claims]
        assert [span and LONG[slice(*span)] for span in spans] == seen[key]
    assert [LONG[slice(*figure.span)] for figure in found.figures] == seen["figure"]
    assert [LONG[slice(*entity.span)] for entity in found.entities] == seen["entity"]
    assert all(c.id == f"t:{c.content[0][0]}-{c.content[0][1]}" for c in found.claims)
    assert len({claim.id for claim in found.claims}) == len(found.claims)


@pytest.mark.usefixtures("short_parts")
def test_figures_of_all_parts_belong_to_the_claims_around_them(nlp: Language) -> None:
    found = annotation(nlp, LONG)
    contents = {claim.id: claim.content for claim in found.claims}
    tied = [figure for figure in found.figures if figure.claim]
    assert len({figure.claim for figure in tied}) > 3
    for figure in tied:
        start, end = figure.span
        assert any(first <= start and end <= last for first, last in contents[figure.claim])


def test_parts_say_what_the_whole_says(nlp: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = annotation(nlp, LONG)
    monkeypatch.setattr(extraction, "cuts", partial(cuts, limit=LIMIT))
    parts = annotation(nlp, LONG)
    assert [h.dump() for h in parts.holders] == [h.dump() for h in whole.holders]
    assert [e.dump() for e in parts.entities] == [e.dump() for e in whole.entities]
    assert [c.content for c in parts.claims] == [c.content for c in whole.claims]
    assert [c.holder for c in parts.claims] == [c.holder for c in whole.claims]


@pytest.mark.usefixtures("short_parts")
def test_holders_and_targets_are_those_of_the_whole_article(nlp: Language) -> None:
    found = annotation(nlp, LONG)
    names = [(holder.kind, holder.name) for holder in found.holders]
    assert len(set(names)) == len(names)
    assert len({holder.id for holder in found.holders}) == len(names)
    assert {claim.holder for claim in found.claims} == {holder.id for holder in found.holders}
    assert (Kind.PERSON, "水野葵") in names
    assert (Kind.PERSON, "水野") not in names
    assert {s.target for claim in found.claims for s in claim.stances} == {"輸出規制"}


def test_a_short_article_is_read_as_before(nlp: Language) -> None:
    text = LONG[:250]
    doc = nlp(extraction.make_doc(nlp, Article(id="t", text=text)))
    found = annotation(nlp, text).dump()
    assert found["holders"] == doc._.ronten_holders
    assert found["entities"] == doc._.ronten_entities
    shared = [{k: claim[k] for k in doc._.ronten_claims[0]} for claim in found["claims"]]
    assert shared == doc._.ronten_claims


@pytest.mark.usefixtures("short_parts")
@pytest.mark.parametrize("text", ["あ" * 1_000, "需要は堅調だと水野葵氏は述べ、" * 60, "「" * 700])
def test_texts_without_borders(nlp: Language, text: str) -> None:
    found = annotation(nlp, text)
    spans = [span for claim in found.claims for span in claim.content]
    assert all(0 <= start < end <= len(text) for start, end in spans)


@pytest.mark.usefixtures("short_parts")
def test_metadata_goes_with_every_part(nlp: Language) -> None:
    text = "需要は堅調だ。" * 60 + "\n輸出は今月20日に始まった。"
    found = annotation(nlp, text, published="2026-05-31", authors=["原田蓮"])
    assert [holder.name for holder in found.holders] == ["原田蓮"]
    assert [figure.low for figure in found.figures] == ["2026-05-20"]


def holder(id_: str, name: str, kind: str = "person", **more: Any) -> dict[str, Any]:
    return {"id": id_, "name": name, "kind": kind, "proper": bool(name), **more}


def claim(by: str, attribution: str = "direct") -> dict[str, Any]:
    return {"content": [[0, 2]], "holder": by, "attribution": attribution, "cue": None}


def entity(text: str, surface: str, name: str, label: str = "PERSON") -> dict[str, Any]:
    start = text.index(surface)
    return {"span": [start, start + len(surface)], "label": label, "entity": name}


def found(*holders: dict[str, Any], **more: Any) -> Found:
    empty = {"claims": (), "entities": (), "figures": (), "aliases": {}}
    return Found(holders, **{**empty, **more})


def test_equal_holders_are_one() -> None:
    whole = Whole("")
    whole.add(0, found(holder("h2", "水野葵", roles=["社長"]), holder("h3", "", "unspecified")))
    part = found(
        holder("h1", "", "unspecified"),
        holder("h2", "原田蓮"),
        holder("h3", "水野 葵", roles=["会長"], aliases=["ミズノ"]),
        holder("h4", "原田蓮、水野葵", members=["h2", "h3"]),
        claims=[claim("h1"), claim("h2"), claim("h3"), claim("h4")],
    )
    assert [values["holder"] for values in whole.add(9, part).claims] == ["h3", "h1", "h2", "h4"]
    known = {values["id"]: values for values in whole.holders()}
    assert [values["name"] for values in known.values()] == [
        "水野葵",
        "",
        "原田蓮",
        "原田蓮、水野葵",
    ]
    assert (known["h2"]["roles"], known["h2"]["aliases"]) == (["会長", "社長"], ["ミズノ"])
    assert known["h4"]["members"] == ["h1", "h2"]


@pytest.mark.parametrize(
    ("people", "name"),
    [(["水野葵"], "水野葵"), (["水野葵", "水野隆"], "水野"), (["原田蓮"], "水野")],
    ids=["one", "two", "none"],
)
def test_a_surname_stands_for_the_only_full_name(people: list[str], name: str) -> None:
    text = "、".join(people) + "と水野"
    whole = Whole(text)
    aliases = {full[:2]: full for full in people} if len(people) == 1 else {}
    earlier = found(entities=[entity(text, full, full) for full in people], aliases=aliases)
    whole.add(0, earlier)
    start = text.rindex("水野")
    later = found(holder("h1", "水野"), entities=[entity("水野", "水野", "水野")])
    assert [values["entity"] for values in whole.add(start, later).entities] == [name]
    assert [values["name"] for values in whole.holders()] == [name]


def test_a_short_form_keeps_the_meaning_it_was_given() -> None:
    text = "公正取引委員会（公取委）は、公取委も"
    whole = Whole(text)
    full = entity(text, "公取委", "公正取引委員会", "ORG")
    whole.add(0, found(entities=[entity(text, "公正取引委員会", "公正取引委員会", "ORG"), full]))
    later = found(
        holder("h1", "公取委", "organization"),
        entities=[entity("公取委", "公取委", "公取委", "ORG")],
    )
    assert whole.add(14, later).entities[0] == {
        "span": [14, 17],
        "label": "ORG",
        "entity": "公正取引委員会",
    }
    assert whole.holders()[0]["name"] == "公正取引委員会"


def test_a_writer_whom_one_part_introduces_wrote_all_of_it() -> None:
    whole = Whole("")
    nobody = holder("h1", "", "article_author")
    first = whole.add(0, found(nobody, claims=[claim("h1", "authorial")]))
    whole.add(5, found(holder("h1", "水野葵"), claims=[claim("h1", "authorial")]))
    assert whole.known_writer() == {first.claims[0]["holder"]: "h2"}
    assert [values["name"] for values in whole.holders()] == ["水野葵"]


@pytest.mark.usefixtures("short_parts")
def test_memory_does_not_grow_with_the_text(nlp: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extraction, "to_annotation", lambda _, docs, **__: sum(1 for _ in docs))
    peaks = []
    for times in (1, 2, 8):  # the first run fills the caches
        tracemalloc.start()
        list(annotate(nlp, [Article(id="t", text=LONG * times)]))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[2] < 2 * peaks[1]
