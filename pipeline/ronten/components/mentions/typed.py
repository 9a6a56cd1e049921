"""Names that a word in front gives the type of: 映画「X」, 人気バンドX, 新興企業のX."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ronten.components.mentions.view import Candidate, View, is_kanji, is_katakana, is_latin
from ronten.components.mentions.words import either, labelled, words
from ronten.types import Label

ANYWHERE = labelled("types")
DIRECT = labelled("types_direct")
LABEL_OF = DIRECT | ANYWHERE | labelled("types_quoted")
TYPE = either(ANYWHERE)
QUOTED = re.compile(
    rf"(?P<type>{either(LABEL_OF)})(?P<of>の?)[「『](?P<name>[^「」『』。\n]{{1,40}})[」』]"
)
BARE = re.compile(
    rf"(?P<type>{TYPE})(?:の|・|、)?"
    r"(?P<name>(?:[A-Z][A-Z]*[a-z0-9][A-Za-z0-9]*|[A-Z]{3,})"
    r"(?:(?: & |[ .-])[A-Z][A-Za-z0-9]*){0,4})"
    r"(?![A-Za-z0-9])"
)
# How a name is spelt, in brackets: 「リグナム・キャピタル（Lignum Capital）」.
SPELT = re.compile(r"(?<=.)\([A-Za-z][^()]*\)$")
ACRONYMS = set(words("acronyms"))
SAID = re.compile(r"と(?:述|語|話|指摘|し|批判|答|主張)|という声")
NO_NAME = re.compile(r".*(?:です|ます|した|する|ない|なし|だ|か|ました)[!?]?$")


def typed(view: View) -> Iterator[Candidate]:
    """Yield names whose type stands directly in front of them."""
    text = view.plain
    for match in QUOTED.finditer(text):
        name = match["name"]
        if SAID.match(text, match.end()) or (match["of"] and match["type"] in DIRECT):
            continue
        label = LABEL_OF[match["type"]]
        work = label is Label.PRODUCT and match["type"] in ANYWHERE  # whose title may be a sentence
        if not work and NO_NAME.match(name):
            continue
        start, end = match.span("name")
        if (spelt := SPELT.search(name)) is not None:
            end = start + spelt.start()
        yield Candidate(start, end, label, view.text[start:end], 2)
    for match in BARE.finditer(text):
        if match["name"] not in ACRONYMS:
            span = match.span("name")
            yield Candidate(*span, LABEL_OF[match["type"]], view.text[slice(*span)], 0)


def spreads(name: str) -> bool:
    """Tell whether a name typed once can be recognised without its type elsewhere."""
    return len(name) >= 3 and (
        all(is_latin(c) or c in " .-'" for c in name)
        or all(is_katakana(c) or c == "・" for c in name)
        or (len(name) >= 4 and all(map(is_kanji, name)))
    )
