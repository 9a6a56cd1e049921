"""Turns of interviews, round tables and minutes: 「高瀬　…」, 「高瀬：…」, 「○議長（…君）　…」."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ronten.components.claims.speakers import role_kind
from ronten.text.blocks import BlockKind
from ronten.text.sentences import Sentence
from ronten.types import Span

_LABEL = re.compile(
    r"[○◯●〇◎【]?(?P<name>[^\s「」『』、。，．：:（）()！？!?]{1,16})"
    r"(?:[（(](?P<person>[^）)\n]{1,16})[）)])?】?[ ]?(?:[:：]|[\u3000 ]+(?=\S))[\s\u3000]*"
)
_INTERVIEWER = re.compile(
    r"聞き手|記者|司会(?:者)?|進行|質問(?:者)?|問|Q|Ｑ|インタビュアー|編集部|――|──"
)
_BLANK = re.compile(r"\n[ \u3000]*\r?\n")
_TITLED = re.compile(r"(?:君|さん|氏|議員|委員)\Z")
_ANSWER = frozenset({"A", "Ａ", "答", "答え", "回答"})


@dataclass(frozen=True, slots=True)
class Turn:
    """What one participant says in one block.

    `label` is the speaker's name as the label gives it (None for a bare answer mark), `start` the
    offset where the words begin; a turn of the interviewer has `asks` set and holds no claims.
    """

    label: Span | None
    start: int
    asks: bool = False


def find_turns(text: str, sentences: Sequence[Sentence], names: Sequence[Span]) -> dict[int, Turn]:
    """Turns by block index; empty unless the text is a dialogue.

    Labels are names of persons, marks of questions and answers, what stands after ○ in minutes, and
    whatever comes back beside question blocks (――); a text is a dialogue when two of them take
    turns or it has such blocks. A block without
    a label continues the turn before it.

    Args:
        names: spans of the persons named in the text.
    """
    first: dict[int, Sentence] = {}
    for sentence in sentences:
        first.setdefault(sentence.block, sentence)
    found = {b: m for b, s in first.items() if (m := _LABEL.match(text, s.start, s.end))}
    often = Counter(match["name"] for match in found.values())
    asked = any(s.kind == BlockKind.QUESTION for s in first.values())
    known = {text[start:end] for start, end in names}
    labels = {
        name
        for block, match in found.items()
        if _is_name(name := match["name"], known)
        or _INTERVIEWER.fullmatch(name)
        or name in _ANSWER
        or (asked and (often[name] > 1 or role_kind(name) is not None))
        or (_marked(text, first[block].start) and (often[name] > 1 or match["person"]))
    }
    if not (asked or (len(labels) > 1 and sum(often[name] for name in labels) > 2)):
        return {}
    # In a dialogue others speak by their role alone (事務局：…).
    labels |= {name for name in often if role_kind(name) is not None}
    turns: dict[int, Turn] = {}
    current: Turn | None = None
    last = max((b for b, m in found.items() if m["name"] in labels), default=-1)
    previous = 0
    for block, sentence in first.items():
        match = found.get(block)
        # After the last label a blank line ends the dialogue.
        over = block > last and _BLANK.search(text, previous, sentence.start) is not None
        if sentence.kind in (BlockKind.QUESTION, BlockKind.HEADING, BlockKind.CAPTION):
            current = None
        elif match is not None and match["name"] in labels:
            name = match["name"]
            # 「○7番（沢渡千秋君）」 names the person in brackets.
            part = "person" if match["person"] and _TITLED.search(match["person"]) else "name"
            label = None if name in _ANSWER else match.span(part)
            current = Turn(label, match.end(), _INTERVIEWER.fullmatch(name) is not None)
            turns[block] = current
        elif over:
            current = None
        elif current is not None:
            turns[block] = Turn(current.label, sentence.start, current.asks)
        previous = sentence.end
    return turns


def _marked(text: str, start: int) -> bool:
    """Whether a block stands behind the mark of minutes (which is taken for a bullet)."""
    return text[:start].rstrip()[-1:] in tuple("○◯●〇◎")


def _is_name(label: str, known: set[str]) -> bool:
    return any(label.startswith(name) for name in known)
