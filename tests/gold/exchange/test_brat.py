from __future__ import annotations

import json
from pathlib import Path

import pytest

from ronten.errors import UsageError
from ronten.gold.exchange.brat import configuration, from_standoff, read, to_standoff, write
from ronten.types import Annotation

TEXT = "北電工とエル社が、合弁会社をつくる。\n北と南の大学（北大、N大）も加わる。"
# One line of every kind that the format knows.
LINES = [
    "T1\tCompany 0 3\t北電工",
    "T2\tMERGE-ORG 9 13\t合弁会社",
    "T3\tCompany 4 7\tエル社",
    "E1\tMERGE-ORG:T2 Org1:T1 Org2:T3",
    "T4\tORG 19 20;23 25\t北 大学",
    "T5\tORG 26 28\t北大",
    "R1\tOrigin Arg1:T3 Arg2:T5",
    "*\tEquiv T1 T3",
    "A1\tNegation E1",
    "A2\tConfidence E1 L1",
    "M1\tSpeculation E1",
    "N1\tReference T5 Wiki:534366\t北方大学",
    "#1\tAnnotatorNotes T5\tこれは疑わしい",
    "",
]


def test_lines_of_every_kind_are_read() -> None:
    found = from_standoff(TEXT, LINES, {"id": "x"}, {"Company": "COMPANY"})
    assert [(e.span, e.label.value, e.entity) for e in found.entities] == [
        ((0, 3), "COMPANY", "北電工"),
        ((4, 7), "COMPANY", "北電工"),  # equivalent to the first
        ((26, 28), "ORG", "北方大学"),
    ]
    assert found.entities[2].model_extra == {"note": "これは疑わしい"}
    assert found.model_extra == {
        "unmapped": [
            {
                "label": "MERGE-ORG",
                "spans": [[9, 13]],
                "Negation": True,
                "Confidence": "L1",
                "Speculation": True,
            },
            {"label": "ORG", "spans": [[19, 20], [23, 25]]},  # entities are of one piece
            {"link": "Org1", "from": [9, 13], "to": [0, 3]},
            {"link": "Org2", "from": [9, 13], "to": [4, 7]},
            {"link": "Origin", "from": [4, 7], "to": [26, 28]},
        ]
    }


def test_claim_may_be_an_event_and_an_entity_its_source() -> None:
    lines = [
        "T1\tclaim 14 17\tつくる",
        "T2\tCOMPANY 0 3\t北電工",
        "E1\tclaim:T1 source:T2",
        "A1\tattribution E1 indirect",
        "A2\ttype T1 prediction",
        '#1\tAnnotatorNotes T1\t{"holder": "北電工", "holder_kind": "company"}',
    ]
    found = from_standoff(TEXT, lines, {"id": "x"})
    (claim,) = found.claims
    assert (claim.source, claim.attribution.value) == ((0, 3), "indirect")
    assert (found.holders[0].name, found.entities[0].entity) == ("北電工", "北電工")


@pytest.mark.parametrize(
    "line", ["T1 Company 0 3", "T1\tCompany 0", "X1\ta b", "R1\tOrigin T1", "A1\tNegation", "free"]
)
def test_bad_line_is_named_with_its_number(line: str) -> None:
    with pytest.raises(UsageError, match="line 2: not in brat's standoff format"):
        from_standoff(TEXT, ["", line], {"id": "x"})


def sample(text: str = TEXT, content: tuple[tuple[int, int], ...] = ((0, 17),)) -> Annotation:
    return Annotation.model_validate(
        {
            "id": "a.b",
            "text": text,
            "metadata": {"title": "合弁\u2028会社"},
            "holders": [{"id": "w", "name": "", "kind": "article_author"}],
            "claims": [
                {
                    "id": "a:0",
                    "content": content,
                    "holder": "w",
                    "attribution": "authorial",
                    "type": "prediction",
                    "position": "改\u2028行",
                }
            ],
        }
    )


def test_span_over_line_breaks_is_written_as_fragments_and_read_as_one() -> None:
    text = "白い\r\n\r\n雪\u2028だ"
    lines, document = to_standoff(sample(text, ((0, 9),)))
    assert lines[0] == "T1\tclaim 0 2;6 7;8 9\t白い 雪 だ"
    assert from_standoff(text, lines, document).claims[0].content == [(0, 9)]
    with pytest.raises(UsageError, match="holds nothing but line breaks"):
        to_standoff(sample(text, ((2, 4),)))


def test_every_annotation_is_one_line() -> None:
    lines, _ = to_standoff(sample())
    assert all(line.splitlines() == [line] for line in lines)
    assert "A1\tattribution T1 authorial" in lines


def test_collection_has_text_annotations_sidecar_and_configuration(tmp_path: Path) -> None:
    text = "雪。\r\n" + TEXT
    annotation = sample(text, ((5, 9),))
    assert write(tmp_path, [annotation]) == 1
    assert {path.name for path in tmp_path.iterdir()} == {
        "a.b.txt",
        "a.b.ann",
        "a.b.txt.meta.json",
        "annotation.conf",
    }
    assert (tmp_path / "a.b.txt").read_bytes() == text.encode()
    meta = json.loads((tmp_path / "a.b.txt.meta.json").read_text("utf-8"))
    assert meta["id"] == "a.b"
    assert [a.model_dump() for a in read(tmp_path)] == [annotation.model_dump()]


def test_collection_of_somebody_else_is_named_after_its_files(tmp_path: Path) -> None:
    (tmp_path / "DOC-1000.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "DOC-1000.ann").write_text("T1\tORG 26 28\t北大\n", encoding="utf-8")
    (found,) = read(tmp_path)
    assert (found.id, found.entities[0].entity) == ("DOC-1000", "北大")
    (tmp_path / "DOC-1000.ann").write_text("T1\tORG 26 99\t北大\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"DOC-1000\.ann: DOC-1000: ORG at 26-99 lies outside"):
        list(read(tmp_path))
    (tmp_path / "DOC-1000.txt").unlink()
    with pytest.raises(UsageError, match=r"DOC-1000\.ann: cannot be read with its \.txt"):
        list(read(tmp_path))
    with pytest.raises(UsageError, match=r"no folder with \.ann files"):
        list(read(tmp_path / "DOC-1000.ann"))


def test_configuration_declares_what_is_written() -> None:
    sections = configuration().split("\n")
    for name in ("[entities]", "[relations]", "[events]", "[attributes]"):
        assert name in sections
    assert "claim" in sections
    assert "source\tArg1:claim, Arg2:source" in sections
    assert "type\tArg:claim, Value:fact|prediction|policy|interpretation" in sections
