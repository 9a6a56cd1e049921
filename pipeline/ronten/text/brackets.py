"""Bracket pairs of a text; unbalanced brackets are counted, never fatal."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

PAIRS = {
    "「": "」",
    "『": "』",
    "（": "）",
    "(": ")",
    "［": "］",
    "[": "]",
    "【": "】",
    "〈": "〉",
    "《": "》",
    "“": "”",
    "〝": "〟",
}
CLOSERS = {closer: opener for opener, closer in PAIRS.items()}
CLOSERS["〞"] = "〝"
QUOTES = frozenset('「『“〝"')
"""Openers that can hold somebody's words."""

_BRACKET = re.compile("[" + re.escape("".join(PAIRS) + "".join(CLOSERS)) + '"\n\r]')
# A quotation may run over paragraphs, but a forgotten closer must not swallow the article.
_MAX_GAP = 4_000


@dataclass(frozen=True, slots=True)
class Pair:
    """A matched pair: `start` is the opener's offset, `end` is one past the closer."""

    start: int
    end: int
    opener: str

    @property
    def inner(self) -> tuple[int, int]:
        """The span between the brackets."""
        return self.start + 1, self.end - 1

    @property
    def quotes(self) -> bool:
        """Whether the pair can hold somebody's words."""
        return self.opener in QUOTES


@dataclass(frozen=True, slots=True)
class Brackets:
    """All pairs of a text in order of their openers, and the offsets left without a partner."""

    pairs: Sequence[Pair]
    unbalanced: Sequence[int]


def find_brackets(text: str) -> Brackets:
    """Match brackets line by line; what a line leaves open may close in a later line.

    Returns:
        Pairs sorted by start, properly nested; offsets of brackets without a partner.
    """
    pairs: list[Pair] = []
    open_before: list[tuple[int, str]] = []
    unbalanced: list[int] = []
    stack: list[tuple[int, str]] = []

    def end_line() -> None:
        open_before.extend(entry for entry in stack if entry[1] != '"')
        unbalanced.extend(offset for offset, opener in stack if opener == '"')
        stack.clear()

    for match in _BRACKET.finditer(text):
        char, offset = match.group(), match.start()
        if char in "\r\n":
            end_line()
        elif char == '"':
            _toggle(stack, pairs, offset)
        elif char in PAIRS:
            stack.append((offset, char))
        else:
            _close(stack, open_before, pairs, unbalanced, offset, CLOSERS[char])
    end_line()
    unbalanced.extend(offset for offset, _ in open_before)
    return Brackets(_nested(sorted(pairs, key=lambda pair: pair.start)), sorted(unbalanced))


def _toggle(stack: list[tuple[int, str]], pairs: list[Pair], offset: int) -> None:
    if stack and stack[-1][1] == '"':
        pairs.append(Pair(stack.pop()[0], offset + 1, '"'))
    else:
        stack.append((offset, '"'))


def _close(
    stack: list[tuple[int, str]],
    open_before: list[tuple[int, str]],
    pairs: list[Pair],
    unbalanced: list[int],
    offset: int,
    opener: str,
) -> None:
    """Close the nearest opener of this kind; openers of other kinds inside it are unbalanced."""
    # Look back a few entries only: nesting deeper than this does not occur in prose.
    for depth in range(1, min(len(stack), 8) + 1):
        if stack[-depth][1] == opener:
            pairs.append(Pair(stack[-depth][0], offset + 1, opener))
            unbalanced.extend(start for start, _ in stack[len(stack) - depth + 1 :])
            del stack[-depth:]
            return
    if (
        not stack
        and open_before
        and open_before[-1][1] == opener
        and offset - open_before[-1][0] <= _MAX_GAP
    ):
        pairs.append(Pair(open_before.pop()[0], offset + 1, opener))
    else:
        unbalanced.append(offset)


def _nested(pairs: list[Pair]) -> list[Pair]:
    """Drop pairs that cross an earlier one, so that what remains is a proper tree."""
    kept: list[Pair] = []
    ends: list[int] = []
    for pair in pairs:
        while ends and ends[-1] <= pair.start:
            ends.pop()
        if not ends or pair.end <= ends[-1]:
            kept.append(pair)
            ends.append(pair.end)
    return kept
