from __future__ import annotations

from ronten.gold.locate import line_of, value_lines

TEXT = """{
  "text": "a { \\" , [ :\\n }",
  "claims": [
    {"id": "x", "content": [[1, 2], [3, 4]]},

    {
      "id": "y",
      "content": [
        [5, 6]],
      "cue": null
    }
  ],
  "empty": {}, "none": [],
  "last": -1.5e3
}"""


def test_every_value_has_the_line_it_begins_in() -> None:
    lines = value_lines(TEXT)
    assert lines[()] == 1
    assert lines["text",] == 2
    assert lines["claims", 0, "content", 1, 0] == 4
    assert lines["claims", 1] == 6
    assert lines["claims", 1, "content", 0] == 9
    assert lines["claims", 1, "cue"] == 10
    assert lines["empty",] == lines["none",] == 13
    assert lines["last",] == 14


def test_missing_value_has_the_line_of_what_should_hold_it() -> None:
    lines = value_lines(TEXT)
    assert line_of(("claims", 1, "position"), lines) == 6
    assert line_of(("holders", 7), lines) == 1
