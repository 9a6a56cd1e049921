from __future__ import annotations

from pathlib import Path

import pytest
from spacy.tokens import Doc, DocBin, Span
from spacy.vocab import Vocab

from ronten.components.tokenizer import AnyLengthTokenizer
from ronten.errors import UsageError
from ronten.gold.exchange.docbin import from_doc, read, to_doc, write
from ronten.types import Annotation

TEXT = "大原誠氏は「輸出規制は産業を弱める」 と2度述べた。"


@pytest.fixture(scope="module")
def tokenizer() -> AnyLengthTokenizer:
    return AnyLengthTokenizer(Vocab())


def sample() -> Annotation:
    return Annotation.model_validate(
        {
            "id": "a",
            "text": TEXT,
            "holders": [{"id": "h", "name": "大原誠", "kind": "person"}],
            "claims": [
                {
                    "id": "a:1",
                    "content": [[6, 17], [20, 22]],
                    "holder": "h",
                    "source": [0, 4],
                    "cue": [22, 24],
                    "attribution": "direct",
                    "type": "fact",
                }
            ],
            "entities": [
                {"span": [0, 3], "label": "PERSON", "entity": "大原誠"},
                {"span": [7, 9], "label": "POLICY", "entity": "内側"},  # inside a token
                {"span": [6, 10], "label": "POLICY", "entity": "輸出規制"},
            ],
            "figures": [{"span": [20, 22], "kind": "count", "low": 2, "high": 2, "unit": "度"}],
        }
    )


def test_doc_shows_everything_to_spacy(tokenizer: AnyLengthTokenizer) -> None:
    doc = to_doc(sample(), tokenizer)
    assert doc.text == TEXT
    shown = {key: [(s.text, s.label_) for s in group] for key, group in doc.spans.items()}
    assert shown == {
        "claims": [("輸出規制は産業を弱める", "direct"), ("2度", "claim")],
        "sources": [("大原誠氏", "source")],
        "cues": [("述べ", "cue")],
        "entities": [("大原誠", "PERSON"), ("出規", "POLICY"), ("輸出規制", "POLICY")],
        "figures": [("2度", "count")],
    }
    assert [(e.text, e.label_, e.kb_id_) for e in doc.ents] == [
        ("大原誠", "PERSON", "大原誠"),
        ("輸出規制", "POLICY", "輸出規制"),  # the longest, where marks overlap
    ]
    assert from_doc(doc).model_dump() == sample().model_dump()


def test_tokens_are_the_tokenizers_where_no_span_cuts_them(tokenizer: AnyLengthTokenizer) -> None:
    plain = Annotation(id="a", text=TEXT)
    words = [token.text for token in to_doc(plain, tokenizer)]
    assert [word for word in words if word != " "] == [token.text for token in tokenizer(TEXT)]


def test_file_is_what_spacy_writes(tmp_path: Path) -> None:
    assert write(tmp_path / "x.spacy", [sample(), Annotation(id="b", text=TEXT)]) == 2
    docs = list(DocBin().from_disk(tmp_path / "x.spacy").get_docs(Vocab()))
    assert [len(doc.ents) for doc in docs] == [2, 0]
    assert [a.id for a in read(tmp_path / "x.spacy")] == ["a", "b"]


def test_docs_of_somebody_else_give_their_entities(tmp_path: Path) -> None:
    doc = Doc(Vocab(), words=["東都", "大学", "と", "雪"], spaces=[False] * 4)
    doc.ents = [Span(doc, 0, 2, label="School"), Span(doc, 3, 4, label="WEATHER")]
    DocBin(docs=[doc]).to_disk(tmp_path / "x.spacy")
    (found,) = read(tmp_path / "x.spacy", {"School": "ORG"})
    assert (found.id, found.text) == ("x-0", "東都大学と雪")
    assert [(e.span, e.label.value, e.entity) for e in found.entities] == [
        ((0, 4), "ORG", "東都大学")
    ]
    assert found.model_extra == {"unmapped": [{"label": "WEATHER", "spans": [[5, 6]]}]}


def test_file_that_is_no_docbin_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.spacy").write_bytes(b"{}")
    with pytest.raises(UsageError, match=r"x\.spacy: no DocBin of spaCy"):
        list(read(tmp_path / "x.spacy"))
