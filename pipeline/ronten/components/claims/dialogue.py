"""Turns of interviews, round tables, minutes: 「高瀬：…」, 「（知事）…」, 「○議長（…君）　…」."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from ronten.components.claims.speakers import role_kind
from ronten.text.blocks import BlockKind
from ronten.text.sentences import Sentence
from ronten.types import Kind, Span

_LABEL = re.compile(
    r"[○◯●〇◎【]?(?P<name>[^\s「」『』、。，．：:（）()！？!?]{1,16})"
    r"(?:[（(](?P<person>[^）)\n]{1,16})[）)])?】?[ ]?(?:[:：]|[\u3000 ]+(?=\S))[\s\u3000]*"
)
_BRACKETED = re.compile(r"[（(](?P<name>[^（()）\n、。]{1,16})[）)][ \u3000]*(?=\S)(?P<person>)")
_INTERVIEWER = re.compile(
    r"聞き手|記者|司会(?:者)?|進行|質問(?:者)?|問|Q|Ｑ|インタビュアー|編集部|――|──"
)
_BLANK = re.compile(r"\n[ \u3000]*\r?\n")
_TITLED = re.compile(r"(?:君|さん|氏|議員|委員)\Z")
_ANSWER = re.compile(r"(?:A|Ａ|答え?|回答)[0-9０-９]{0,2}[.．]?")
_ASKS = re.compile(r"(?:[?？]|か|(?:伺|うかが)(?:います|いたい)[^。]{0,8})[。」]?\Z")
_VIEWS = re.compile(r"(?:では|じゃ)ない(?:でしょう|だろう)?か[。」]?\Z")
# How interviewers end what they ask or remark.
_LEAVES_OPEN = re.compile(r"(?:[?？…か]|でしょう|だろう|[はがをにでとも])[。」]?\Z")
# How a text says that somebody answers: …に聞いた, …がお答えします, 主な質疑.
_INTERVIEWS = re.compile(
    r"(?:に|から)[^。\n]{0,14}(?:聞い|聞き|伺|うかが|尋ね)|(?:お答え|答えて|語って|話して|インタビュー)"
    r"|質疑|一問一答"
)
_QUOTES = ("「", "『", "“")
_NO_LABEL = re.compile(r"[0-9０-９①-⑳]|注|写真|資料|文・|午[前後]|[株有財社]\Z")
# Blocks that change hands at least, where only coming back makes something a label.
_EXCHANGES = 4
# What the lines of speakers begin with in minutes, and is taken for a bullet.
_MINUTES = "○◯●〇◎"
_NO_TURNS = (BlockKind.QUESTION, BlockKind.HEADING, BlockKind.CAPTION)


@dataclass(frozen=True, slots=True)
class Turn:
    """What one participant says in one block.

    `label` is the speaker's name as the label gives it (None for an answer), `start` the offset
    where the words begin; a turn of the interviewer has `asks` set and holds no claims. `mark` is
    what marks an answer (A, 答), which names nobody.
    """

    label: Span | None
    start: int
    asks: bool = False
    mark: Span | None = None


def find_turns(text: str, sentences: Sequence[Sentence], names: Sequence[Span]) -> dict[int, Turn]:
    """Turns by block index; empty unless the text is a dialogue.

    Labels are names of persons, marks of questions and answers, what stands after ○ in minutes, and
    whatever comes back beside question blocks (――) or in turn with another label; a text is a
    dialogue when two of them take turns or it has question blocks. A block without a label
    continues the turn before it. Where nothing but questions is marked, what stands behind them
    answers them, if the text says before whom it has asked.

    Args:
        names: spans of the persons named in the text.
    """
    first: dict[int, Sentence] = {}
    ends: dict[int, int] = {}
    for sentence in sentences:
        first.setdefault(sentence.block, sentence)
        ends[sentence.block] = sentence.end
    questions = [b for b, s in first.items() if s.kind == BlockKind.QUESTION]
    opening = first[questions[0]].start if questions else len(text)
    introduced = any(start < opening for start, _ in names) and (
        not questions or _INTERVIEWS.search(text, 0, opening) is not None
    )
    page = _Page(text, first, ends, _Known(text, names))
    found = page.match(_LABEL)
    labels = _labels(page, found, asked=bool(questions))
    if not labels:
        found = page.match(_BRACKETED)
        if _in_turn(page, found):
            labels = {match["name"] for match in found.values()}
    if not introduced:  # an office that answers questions is the writer
        labels = {name for name in labels if not _ANSWER.fullmatch(name)}
    labelled = {b: match for b, match in found.items() if match["name"] in labels}
    if not labelled and len(questions) < 2:
        return {}
    asking = _asking(page, labelled)
    remarks = [_LEAVES_OPEN.search(page.rest(b, first[b].start)) for b in questions]
    bare = (
        not labelled
        and introduced
        and 2 * sum(map(bool, remarks)) >= len(remarks)
        and not _quoted(text, first, questions)
    )
    return _turns(text, first, labelled, asking, bare=bare)


class _Known:
    """The persons named in a text, and what may stand for them as a label."""

    def __init__(self, text: str, names: Sequence[Span]) -> None:
        self._names = {text[start:end] for start, end in names}
        self._parts = {name[:size] for name in self._names for size in range(2, len(name))}
        self._parts |= {name.rpartition("・")[2] for name in self._names if "・" in name}

    def name(self, label: str) -> bool:
        """Whether a label is a name, with a title behind it, or a part of one."""
        whole = any(label[:size] in self._names for size in range(1, len(label) + 1))
        return whole or (len(label) > 1 and label in self._parts)

    def speaks(self, label: str) -> bool:
        """Whether a label names somebody who can speak, whatever else stands in the text."""
        person = role_kind(label) == Kind.PERSON
        return person or self.name(label) or _INTERVIEWER.fullmatch(label) is not None


class _Page(NamedTuple):
    """A text by blocks: where each begins and ends, and who is named."""

    text: str
    first: Mapping[int, Sentence]
    ends: Mapping[int, int]
    known: _Known

    def match(self, label: re.Pattern[str]) -> dict[int, re.Match[str]]:
        """Return the blocks whose first sentence begins with a label."""
        return {
            block: match
            for block, sentence in self.first.items()
            if (match := label.match(self.text, sentence.start, sentence.end))
        }

    def rest(self, block: int, start: int) -> str:
        """Return what a block says from an offset on."""
        return self.text[start : self.ends[block]].strip()

    def marked(self, block: int) -> bool:
        """Whether a block stands behind the mark of minutes."""
        at = self.first[block].start - 1
        while at >= 0 and self.text[at].isspace():
            at -= 1
        return at >= 0 and self.text[at] in _MINUTES


def _labels(page: _Page, found: Mapping[int, re.Match[str]], *, asked: bool) -> set[str]:
    """Return what labels turns; empty if nobody takes turns."""
    often = Counter(match["name"] for match in found.values())
    names = {name for name in often if page.known.name(name)}
    labels = {
        name
        for block, match in found.items()
        if (name := match["name"]) in names
        or _INTERVIEWER.fullmatch(name)
        or _ANSWER.fullmatch(name)
        or (asked and (often[name] > 1 or role_kind(name) is not None))
        or (page.marked(block) and (often[name] > 1 or match["person"]))
    }
    labels |= _in_turn(page, found)
    if not (asked or (len(labels) > 1 and sum(often[name] for name in labels) > 2)):
        return set()
    # In a dialogue others speak by their role alone (事務局：…).
    return labels | {name for name in often if role_kind(name) is not None}


def _in_turn(page: _Page, found: Mapping[int, re.Match[str]]) -> set[str]:
    """Return the labels that take turns.

    Two come back in most of the blocks between first and last, and one of them is a person or only
    asks: 現行 and 改正案 come back as well.
    """
    often = Counter(match["name"] for match in found.values())
    back = {
        b: m for b, m in found.items() if often[m["name"]] > 1 and not _NO_LABEL.search(m["name"])
    }
    names = {match["name"] for match in back.values()}
    if len(back) < _EXCHANGES or len(names) < 2:
        return set()
    start, end = min(back), max(back)
    if 2 * len(back) < sum(start <= block <= end for block in page.first):
        return set()
    speaking = any(map(page.known.speaks, names)) or bool(_asking(page, back))
    return names if speaking else set()


def _asking(page: _Page, found: Mapping[int, re.Match[str]]) -> set[str]:
    """Return the labels whose turns mostly ask, unless all do; persons ask and tell."""
    asks: dict[str, list[bool]] = {}
    for block, match in found.items():
        said = page.rest(block, match.end())
        asked = _ASKS.search(said) is not None and _VIEWS.search(said) is None
        asks.setdefault(match["name"], []).append(asked)
    asking = {
        name
        for name, each in asks.items()
        if 2 * sum(each) > len(each) and not page.known.speaks(name) and not _ANSWER.fullmatch(name)
    }
    return asking if len(asking) < len(asks) else set()


def _quoted(text: str, first: Mapping[int, Sentence], questions: Sequence[int]) -> bool:
    """Whether answers stand in quotation marks."""
    order = list(first)
    asked = set(questions)
    behind = [order[at + 1] for at, b in enumerate(order[:-1]) if b in asked]
    return any(text[first[b].start] in _QUOTES for b in behind)


def _turns(
    text: str,
    first: Mapping[int, Sentence],
    found: Mapping[int, re.Match[str]],
    asking: Collection[str],
    *,
    bare: bool,
) -> dict[int, Turn]:
    turns: dict[int, Turn] = {}
    current: Turn | None = None
    marked = [b for b, s in first.items() if b in found or s.kind == BlockKind.QUESTION]
    last = max(marked if bare else found, default=-1)
    # Where every turn is one block, what follows the last one is the writer's again.
    single = len(marked) > 2 and not any(
        marked[0] < b < last and b not in found and s.kind not in _NO_TURNS
        for b, s in first.items()
    )
    previous = length = longest = 0
    for block, sentence in first.items():
        match = found.get(block)
        # After the last label a blank line ends the dialogue.
        over = block > last and _BLANK.search(text, previous, sentence.start) is not None
        if sentence.kind in _NO_TURNS:
            asked = bare and sentence.kind == BlockKind.QUESTION
            longest = max(longest, length)
            length = 0
            current = Turn(None, sentence.end) if asked else None
        elif match is not None:
            name = match["name"]
            # 「○7番（沢渡千秋君）」 names the person in brackets.
            part = "person" if match["person"] and _TITLED.search(match["person"]) else "name"
            answers = _ANSWER.fullmatch(name) is not None
            asks = _INTERVIEWER.fullmatch(name) is not None or name in asking
            label, mark = (None, match.span("name")) if answers else (match.span(part), None)
            current = Turn(label, match.end(), asks, mark)
            turns[block] = current
        elif over or (block > last and (length >= longest == 1 if bare else single)):
            current = None
        elif current is not None:
            length += 1
            turns[block] = replace(current, start=sentence.start)
        previous = sentence.end
    return turns
