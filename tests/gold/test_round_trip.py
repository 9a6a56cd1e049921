"""Whatever an annotation holds comes back from every format, but for what LOSES says."""

from __future__ import annotations

import re
import tempfile
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ronten.gold.exchange import FORMATS, load_format
from ronten.gold.files import load_annotations, write_annotation, write_annotations
from ronten.types import Annotation, FigureKind, Kind, Label

GOLD = Path(__file__).parents[2] / "corpus" / "gold" / "final"
REAL = Path(__file__).parents[3] / "shared" / "gold"
NAMES = {
    "label-studio": "x.json",
    "doccano": "x.jsonl",
    "brat": "x",
    "docbin": "x.spacy",
    "json": "x.jsonl",
}
BREAK = re.compile("[\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]")

# Characters of two UTF-16 units, of several code points, and of every kind of line break.
ALPHABET = "あ漢字ｶ１A1a「」『』。、・ 　\t\n\r\x85\u2028𠮷👩‍🚒が\0<&\"'\\:;="
words = st.text('漢字かなA1 👩:="\\#\t\n\u2028', min_size=1, max_size=6)
maybe = st.none() | words
numbers = st.integers(-(10**15), 10**15) | st.floats(allow_nan=False, allow_infinity=False)
extras = st.dictionaries(st.sampled_from(["rule_x", "seen"]), st.none() | words | st.just([1, {}]))


@st.composite
def spans(draw: st.DrawFn, text: str, fragments: int = 1) -> list[list[int]]:
    """Draw fragments in order, with text between them."""
    edges = st.integers(0, len(text))
    cuts = sorted(draw(st.sets(edges, min_size=2, max_size=2 * fragments)))
    return [list(pair) for pair in zip(cuts[::2], cuts[1::2], strict=False)]


@st.composite
def annotations(draw: st.DrawFn) -> Annotation:
    text = draw(st.text(ALPHABET, min_size=1, max_size=50))
    one = spans(text).map(lambda found: found[0])
    optional = st.none() | one
    people = draw(
        st.lists(
            st.tuples(words | st.just(""), st.sampled_from(Kind)),
            unique=True,
            min_size=1,
            max_size=4,
        )
    )
    holders = [
        {"id": f"x{number}", "name": name, "kind": kind, **draw(extras)}
        for number, (name, kind) in enumerate(people)
    ]
    stances = st.none() | st.fixed_dictionaries(
        {"target": words, "label": st.sampled_from(["favor", "against", "none"])},
        optional={"score": st.none() | st.floats(0, 1)},
    )
    claims = st.fixed_dictionaries(
        {
            "content": spans(text, 3),
            "holder": st.sampled_from([holder["id"] for holder in holders]),
            "source": optional,
            "cue": optional,
            "attribution": st.sampled_from(["direct", "indirect", "mixed", "authorial"]),
            "type": st.sampled_from(["fact", "prediction", "policy", "interpretation"]),
            "stance": stances,
            "position": maybe,
        },
        optional={
            "confidence": st.floats(0, 1),
            "negated": st.booleans(),
            "stances": st.lists(
                st.fixed_dictionaries({"target": words, "label": st.just("none")}), max_size=2
            ),
            "sentence": one,
            "remark": st.none() | words,
        },
    )
    entities = st.fixed_dictionaries(
        {"span": one, "label": st.sampled_from(Label), "entity": words | st.just("")}
    )
    modifiers = st.sampled_from([None, "about", "over", "under"])
    dates = {"kind": st.just(FigureKind.DATE), "low": maybe, "high": maybe}
    values = {
        "kind": st.sampled_from([kind for kind in FigureKind if kind != FigureKind.DATE]),
        "low": st.none() | numbers,
        "high": st.none() | numbers,
    }
    figures = st.one_of(
        st.fixed_dictionaries(
            {"span": one, "unit": maybe, "modifier": modifiers, **kind},
            optional={"measures": maybe},
        )
        for kind in (dates, values)
    )
    metadata = st.fixed_dictionaries({}, optional={"title": maybe, "authors": st.lists(words)})
    article = draw(st.from_regex(r"[a-z0-9][a-z0-9_.-]{0,8}", fullmatch=True))
    return Annotation.model_validate(
        {
            "id": article,
            "text": text,
            "metadata": draw(metadata),
            "targets": draw(st.lists(words, max_size=2)),
            "layers": draw(st.none() | st.just(["claims", "figures"])),
            "holders": holders,
            "claims": [
                {"id": f"{article}:{number}", **claim}
                for number, claim in enumerate(draw(st.lists(claims, max_size=4)))
            ],
            "entities": draw(st.lists(entities, max_size=3)),
            "figures": draw(st.lists(figures, max_size=3)),
            **draw(extras),
        }
    )


def fits_brat(annotation: Annotation) -> bool:
    """Whether no line break touches the border of a span, or stands alone between fragments."""
    text = annotation.text
    found = [span for claim in annotation.claims for span in claim.content]
    found += [s for c in annotation.claims for s in (c.source, c.cue) if s]
    found += [record.span for record in (*annotation.entities, *annotation.figures)]
    gaps = [
        text[left[1] : right[0]]
        for claim in annotation.claims
        for left, right in pairwise(claim.content)
    ]
    return not any(BREAK.search(text[s] + text[e - 1]) for s, e in found) and all(
        BREAK.sub("", gap) for gap in gaps
    )


@pytest.mark.parametrize("name", FORMATS)
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
@given(annotation=annotations())
def test_annotations_come_back(name: str, annotation: Annotation) -> None:
    if name == "brat":
        assume(fits_brat(annotation))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / NAMES[name]
        assert load_format(name).write(path, [annotation]) == 1
        (back,) = load_format(name).read(path)
    assert back.model_dump() == annotation.model_dump()


@settings(max_examples=60, deadline=None)
@given(annotation=annotations())
def test_annotations_come_back_from_gold_files(annotation: Annotation) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_annotation(Path(folder, "one.json"), annotation)
        write_annotations(Path(folder, "rows", "all.jsonl"), [annotation])
        assert [a.dump() for a in load_annotations(Path(folder))] == [annotation.dump()]
        (row,) = load_annotations(Path(folder, "rows"))
    assert row.dump() == annotation.dump()


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("folder", [GOLD, REAL], ids=["corpus", "real"])
def test_gold_comes_back(name: str, folder: Path, tmp_path: Path) -> None:
    if not folder.is_dir():
        pytest.skip(f"{folder} is not there")
    gold = {annotation.id: annotation for annotation in load_annotations(folder)}
    path = tmp_path / NAMES[name]
    assert load_format(name).write(path, gold.values()) == len(gold)
    back = {annotation.id: annotation for annotation in load_format(name).read(path)}
    assert {key: a.model_dump() for key, a in back.items()} == {
        key: a.model_dump() for key, a in gold.items()
    }


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_says_what_it_holds_and_loses(name: str) -> None:
    module = load_format(name)
    assert module.HOLDS
    assert all(module.LOSES)
