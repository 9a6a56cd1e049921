"""Where names stand, against a regular expression of all of them."""

import re
from pathlib import Path

import pytest

from ronten.components.mentions import families, introduced, orgs, people
from ronten.components.mentions.lexicon import Lexicon
from ronten.components.mentions.view import ASCII_WORD, plain
from ronten.components.mentions.words import either, matches, places

CORPUS = Path(__file__).parents[3] / "corpus" / "names"
MODELS = families._grammar(Lexicon.load())


@pytest.mark.parametrize(
    ("names", "text"),
    [
        (["青嶺", "青嶺製作所", "製作所長"], "青嶺製作所長は青嶺にいる。"),
        (["ああ", "あああ"], "あああああああ"),
        (["A"], ""),
    ],
)
def test_the_longest_of_the_names_at_a_place_counts(names, text):
    expected = [match.span() for match in re.finditer(either(names), text)]
    assert list(places(names, text)) == expected
    assert list(places([], text)) == []


@pytest.mark.parametrize(
    ("pattern", "begins"),
    [
        (families.CHIP, families.CHIP_BEGINS),
        (families.MADE, families.CHIP_BEGINS),
        (families.COUNTED_CLASS, ASCII_WORD),
        (families.APPLE, ASCII_WORD),
        (families.NODE, ASCII_WORD),
        (families.O_SERIES, ASCII_WORD),
        (families.SIZED, ASCII_WORD),
        (families.CLAUDES, ASCII_WORD),
        (MODELS.pattern, MODELS.begins),
        (introduced.TYPE, introduced.TYPE_BEGINS),
        (orgs.INCORPORATED, ASCII_WORD),
        (people.LATIN, ASCII_WORD),
    ],
)
def test_nothing_is_missed_where_not_every_place_is_tried(pattern, begins):
    text = plain("".join(path.read_text("utf-8") for path in sorted(CORPUS.glob("*.txt"))))
    text += "\n8GPU、OpenAIモデル、4.5 Opus、o1-mini、HBM3枚、Intel 18A、J. Hartwick、Foo Inc."
    expected = [match.span() for match in pattern.finditer(text)]
    assert expected
    assert [match.span() for match in matches(pattern, text, begins.finditer(text))] == expected
