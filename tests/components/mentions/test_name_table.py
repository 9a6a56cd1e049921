"""The table of names: keys of spans agree with those of strings, whatever stands around them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronten.components.mentions.name_table import SORTS, Hashes, NameTable

COMPANY = 1 << SORTS.index("company")
PERSON = 1 << SORTS.index("person")


def _look_up(table, text, start, end):
    return int(table.look_up(Hashes.of(text).keys(np.array([start]), np.array([end])))[0])


@pytest.fixture(scope="module")
def table():
    return NameTable.build({"青嶺製作所": COMPANY, "マリア・コスタ": PERSON})


def test_names_are_found_inside_a_text(table):
    text = "昨日、青嶺製作所のマリア・コスタ氏が述べた。"
    start = text.index("青嶺")
    assert _look_up(table, text, start, start + 5) == COMPANY
    assert _look_up(table, text, start, start + 4) == 0


def test_marks_between_the_parts_do_not_count(table):
    for name in ("マリア・コスタ", "マリアコスタ", "マリア=コスタ", "マリア コスタ"):
        assert _look_up(table, f"「{name}」", 1, 1 + len(name)) == PERSON


def test_one_name_of_two_sorts_has_both_bits():
    table = NameTable.build({"明石": COMPANY, "明 石": PERSON})
    assert _look_up(table, "明石", 0, 2) == COMPANY | PERSON


def test_an_empty_table_knows_nothing():
    table = NameTable(np.zeros(0, np.uint32), np.zeros(0, np.uint16))
    assert _look_up(table, "明石", 0, 2) == 0


def test_a_table_is_read_as_it_was_written():
    names = {f"名{number}": 1 << number % len(SORTS) for number in range(500)}
    table = NameTable.build(names)
    again = NameTable.read(table.arrays() | {"words": np.zeros(3)})
    assert again.keys.dtype == np.uint32
    assert again.keys.tolist() == table.keys.tolist()
    assert again.sorts.tolist() == table.sorts.tolist()


@given(st.text(max_size=12), st.text(min_size=1, max_size=8), st.text(max_size=12))
def test_a_span_has_the_key_of_its_string(before, name, after):
    text = before + name + after
    inside = Hashes.of(text).keys(np.array([len(before)]), np.array([len(before) + len(name)]))
    alone = Hashes.of(name).keys(np.array([0]), np.array([len(name)]))
    assert inside == alone
