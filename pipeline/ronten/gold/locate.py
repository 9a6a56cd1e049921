"""Where the values of a JSON text stand: the line of every key path."""

from __future__ import annotations

import re
from collections.abc import Sequence

Path = tuple[str | int, ...]
"""Keys and indexes from the root to a value: `("claims", 3, "cue")`."""

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+|\n')


def value_lines(text: str) -> dict[Path, int]:
    """Map the path of every value of a valid JSON text to the line it begins in, from 1."""
    lines: dict[Path, int] = {}
    line = 1
    path: list[str | int] = []  # of the containers that are open, with the place in each
    is_key = False  # the next string is a key of the innermost object
    for match in _TOKEN.finditer(text):
        token = match.group()
        if token == "\n":
            line += 1
        elif token in "}]":
            path.pop()
            is_key = False
        elif token == ",":
            if isinstance(path[-1], int):
                path[-1] += 1
            else:
                is_key = True
        elif token == ":":
            pass
        elif is_key:
            path[-1] = _unquoted(token)
            is_key = False
        else:
            lines[tuple(path)] = line
            if token == "{":
                path.append("")
                is_key = True
            elif token == "[":
                path.append(0)
    return lines


def line_of(path: Sequence[str | int], lines: dict[Path, int]) -> int:
    """Return the line of the value at `path`, or of the nearest value around it."""
    for end in range(len(path), -1, -1):
        if (line := lines.get(tuple(path[:end]))) is not None:
            return line
    return 1


def _unquoted(token: str) -> str:
    # Escapes do not occur in the keys that are looked up.
    return token[1:-1]
