"""Where names stand, against a regular expression of all of them."""

import re

import pytest

from ronten.components.mentions.words import either, places


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
