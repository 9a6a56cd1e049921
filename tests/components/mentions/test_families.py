"""Chips and models by grammar alone: a table of names, with an empty lexicon."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import spacy
from spacy.language import Language

from ronten.components.mentions import Lexicon, predict
from ronten.types import Label

GOLD = Path(__file__).parents[3] / "corpus" / "gold"
TABLE = Path(__file__).parent / "data" / "families.tsv"
UNUSED = ["parser", "ner", "bunsetu_recognizer", "compound_splitter", "attribute_ruler"]
NLP: Language = spacy.load("ja_ginza", exclude=[*UNUSED, "morphologizer"])
EMPTY = Lexicon([])
FAMILIES = {Label.CHIP, Label.MODEL}
LINES = [
    line.split("\t")
    for line in TABLE.read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
NAMES = [line for line in LINES if line[0] != "-"]
MISSES = [line for line in LINES if line[0] == "-"]


def found(text: str, lexicon: Lexicon = EMPTY) -> set[tuple[str, str]]:
    """Return (label, surface) of the chips and models in a text."""
    entities = predict(NLP.tokenizer(text), lexicon=lexicon).entities
    return {(e.label.value, text[slice(*e.span)]) for e in entities if e.label in FAMILIES}


def test_the_table_is_long_and_true() -> None:
    assert len(NAMES) >= 150
    assert [line for line in LINES if len(line) != 3 or line[1] not in line[2]] == []


def test_recall_with_an_empty_lexicon() -> None:
    missed = [name for label, name, text in NAMES if (label, name) not in found(text)]
    assert len(missed) <= 0.15 * len(NAMES), missed


@pytest.mark.parametrize("lexicon", [EMPTY, Lexicon.load()], ids=["empty", "ours"])
def test_near_misses(lexicon: Lexicon) -> None:
    wrong = [(name, found(text, lexicon)) for _, name, text in MISSES if found(text, lexicon)]
    assert wrong == []


def test_precision_on_the_gold_texts() -> None:
    splits = json.loads((GOLD / "splits.json").read_text(encoding="utf-8"))
    right = wrong = 0
    for path in sorted((GOLD / "final").glob("*.json")):
        article = json.loads(path.read_text(encoding="utf-8"))
        if splits[article["id"]] == "test":
            continue
        gold = {(tuple(e["span"]), e["label"]) for e in article["entities"]}
        for entity in predict(NLP.tokenizer(article["text"]), lexicon=EMPTY).entities:
            if entity.label in FAMILIES:
                hit = (tuple(entity.span), entity.label.value) in gold
                right, wrong = right + hit, wrong + (not hit)
    assert right >= 50
    assert wrong <= 0.05 * right
