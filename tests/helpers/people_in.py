"""People of a text as candidates, as the tagger would give them."""

from ronten.components.mentions.view import Candidate
from ronten.types import Label


def people_in(text: str, *names: str) -> list[Candidate]:
    """Return where these names stand, in text order."""
    found: list[Candidate] = []
    for name in names:
        start = text.index(name, found[-1].end if found else 0)
        found.append(Candidate(start, start + len(name), Label.PERSON, name))
    return found
