"""What figures measure: rules on hand-built trees, and whole sentences through the parser."""

from __future__ import annotations

import pytest
from spacy.language import Language
from spacy.tokens import Doc
from spacy.vocab import Vocab

from ronten.components.measures import find_measured
from ronten.config import Config
from ronten.extraction import load

Token = tuple[str, str, int, str]


def tree(*tokens: Token) -> Doc:
    """Build a Doc from (text, part of speech, head, label)."""
    words, pos, heads, deps = zip(*tokens, strict=True)
    return Doc(
        Vocab(),
        words=list(words),
        spaces=[False] * len(words),
        pos=list(pos),
        heads=list(heads),
        deps=list(deps),
        lemmas=list(words),
    )


def measured(doc: Doc, surface: str, kind: str, unit: str | None) -> str | None:
    start = doc.text.index(surface)
    figure = {"span": [start, start + len(surface)], "kind": kind, "unit": unit}
    return find_measured(doc, [figure])[0]


SUBJECT: list[Token] = [
    ("参加", "NOUN", 1, "compound"),
    ("者", "NOUN", 4, "nsubj_bunsetu"),
    ("は", "ADP", 1, "case"),
    ("200", "NUM", 4, "nummod"),
    ("人", "NOUN", 4, "ROOT"),
    ("だ", "AUX", 4, "cop"),
]


def test_subject_with_its_compound() -> None:
    assert measured(tree(*SUBJECT), "200人", "count", "人") == "参加者"


def test_dates_measure_nothing() -> None:
    assert measured(tree(*SUBJECT), "200人", "date", None) is None


def test_an_unparsed_sentence_says_nothing() -> None:
    flat = [(text, pos, 5, "dep") for text, pos, _, _ in SUBJECT]
    assert measured(tree(*flat), "200人", "count", "人") is None


def test_no_figures() -> None:
    assert find_measured(tree(*SUBJECT), []) == []


@pytest.mark.parametrize(
    ("particle", "verb", "expected"),
    [("に", "増える", "店"), ("", "増える", "店"), ("で", "売る", None), ("より", "減る", None)],
)
def test_argument_by_particle(particle: str, verb: str, expected: str | None) -> None:
    words: list[Token] = [
        ("店", "NOUN", 4 if particle else 3, "nsubj_bunsetu"),
        ("が", "ADP", 0, "case"),
        ("9%", "NOUN", 4 if particle else 3, "obl_bunsetu"),
    ]
    if particle:
        words.append((particle, "ADP", 2, "case"))
    words.append((verb, "VERB", len(words), "ROOT"))
    assert measured(tree(*words), "9%", "percent", None) == expected


SENTENCES = [
    ("売上高は前年比12%増の30億円だった。", ["売上高", "売上高"]),
    ("社員300人が集まった。", ["社員"]),
    ("3万台の車両を出荷した。", ["車両"]),
    ("車両を3万台出荷した。", ["車両"]),
    ("株価は5%下落した。", ["株価"]),
    ("店舗を10店に増やす。", ["店舗"]),
    ("利益率は5.3%に上がった。", ["利益率"]),
    ("会員の過半数が賛成した。", ["会員"]),
    ("価格は2倍になった。", ["価格"]),
    ("線幅3nmのチップを作る。", ["線幅"]),
    ("5年間の契約を結ぶ。", ["契約"]),
    ("工事に3年かかる。", ["工事"]),
    ("契約件数は1200件だった。", ["契約件数"]),
    ("死者は5人、けが人は20人に上る。", ["死者", "けが人"]),
    ("通信衛星60基を打ち上げる。", ["通信衛星"]),
    ("工場は需要の1.8倍の電気を使う。", ["電気"]),
    ("需要が3年で2倍に増える。", [None, "需要"]),
    ("工場の建設に1兆円を投じる。", [None]),
    ("500億円を上回るとの見方が強い。", [None]),
]


@pytest.fixture(scope="module")
def parser() -> Language:
    return load(Config(parse="all"))


@pytest.mark.parametrize(("text", "expected"), SENTENCES, ids=[text for text, _ in SENTENCES])
def test_sentence(parser: Language, text: str, expected: list[str | None]) -> None:
    figures = parser(text)._.ronten_figures
    assert [f["measures"] for f in figures if f["kind"] != "date"] == expected


def test_measures_stand_in_the_text_and_survive_storage(parser: Language) -> None:
    doc = parser("売上高は30億円だ。" * 3)
    assert all(figure["measures"] in doc.text for figure in doc._.ronten_figures)
    again = Doc(parser.vocab).from_bytes(doc.to_bytes())
    assert again._.ronten_figures == doc._.ronten_figures
