"""The normalised views of a text, against what Python says of every character."""

import sys
import unicodedata

from ronten.components.mentions.view import HYPHENS, fold, plain

EVERY = [chr(code) for code in range(sys.maxunicode + 1)]


def _one(form: str, char: str) -> str:
    return form if len(form) == 1 else char


def test_every_character_has_the_form_that_it_has_alone():
    forms = [_one(unicodedata.normalize("NFKC", c).translate(HYPHENS), c) for c in EVERY]
    assert plain("".join(EVERY)) == "".join(forms)
    assert fold("".join(EVERY)) == "".join(_one(form.lower(), form) for form in forms)


def test_lower_case_does_not_hang_on_the_neighbours():
    assert fold("ΟΔΟΣ İSTANBUL") == "οδοσ İstanbul"
