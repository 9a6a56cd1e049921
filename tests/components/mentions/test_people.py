"""Surnames of full names that the tokens do not cut."""

import pytest

from people_in import people_in
from ronten.components.language import base
from ronten.components.mentions.people import Names, named, surnames
from ronten.components.mentions.view import Candidate, View
from ronten.types import Label


@pytest.fixture(scope="module")
def nlp():
    return base()


def _named(nlp, text, *people):
    """The people of a text with their names, where these are found (in text order)."""
    result = named(View(nlp.make_doc(text)), people_in(text, *people), Names())
    return [(text[c.start : c.end], c.entity) for c in result]


@pytest.mark.parametrize(
    ("text", "people", "expected"),
    [
        ("蔀昭弘取締役は去った。蔀取締役は", ["蔀昭弘", "蔀"], [("蔀", "蔀昭弘")]),
        # Nobody found the surname, but 氏 shows it.
        ("習近平主席が来た。習氏は述べた。", ["習近平"], [("習", "習近平")]),
        ("森健二氏が来た。森氏は述べた。", ["森健二"], [("森", "森健二")]),
        # Two may be meant.
        ("王毅外相と王岐山氏は", ["王毅", "王岐山"], [("王岐山", "王岐山")]),
        ("王毅外相と王岐山副主席は別れ、王氏は", ["王毅", "王岐山"], [("王岐山", "王岐山")]),
        # Another person whose surname begins alike.
        ("高橋健氏が去り、高氏は残る。", ["高橋健", "高"], [("高", "高")]),
        # The tokens cut the surname itself: 真砂|小路.
        (
            "真砂小路和哉教授と、真砂小路教授は",
            ["真砂小路和哉", "真砂小路"],
            [("真砂小路", "真砂小路和哉")],
        ),
        ("シューマン仏外相は、シューマン氏は", ["シューマン仏", "シューマン"], None),
    ],
)
def test_a_surname_stands_for_the_one_full_name_that_begins_with_it(nlp, text, people, expected):
    full = (people[0], people[0])
    found = _named(nlp, text, *people)
    assert found == [full, *([(people[1], people[1])] if expected is None else expected)]


@pytest.mark.parametrize(
    ("text", "known", "expected"),
    [
        ("鶴巻田幸造さんが来た。鶴巻田は残る。", False, ["鶴巻田幸造/PERSON", "鶴巻田/PERSON"]),
        ("鶴巻田幸造さんが来た。鶴巻田駅は残る。", False, ["鶴巻田幸造/PERSON", "鶴巻田/PLACE"]),
        ("鶴巻田は残る。鶴巻田幸造さんが来た。", False, ["鶴巻田/PLACE", "鶴巻田幸造/PERSON"]),
        ("鶴巻田幸造さんが来た。鶴巻田は残る。", True, ["鶴巻田幸造/PERSON", "鶴巻田/PLACE"]),
    ],
)
def test_what_seems_a_place_is_the_surname_of_somebody_named_before(nlp, text, known, expected):
    view, names = View(nlp.make_doc(text)), Names()
    full, short = text.index("鶴巻田幸造"), text.replace("鶴巻田幸造", "＿" * 5).index("鶴巻田")
    person = Candidate(full, full + 5, Label.PERSON, "鶴巻田幸造", 3)
    place = Candidate(short, short + 3, Label.PLACE, "鶴巻田", 3)
    mentions = named(view, sorted([person, place]), names)
    found = surnames(view, mentions, names, [place] if known else [])
    assert [f"{text[c.start : c.end]}/{c.label}" for c in found] == expected
