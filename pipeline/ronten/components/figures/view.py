"""The text as the figure grammar sees it: same length, one plain form for every character."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal, NamedTuple

from ronten.types import FigureKind

Value = int | float | str | None
Modifier = Literal["about", "over", "under"]


class Found(NamedTuple):
    """A figure read from the text: span, kind and value (see `ronten.types.Figure`)."""

    start: int
    end: int
    kind: FigureKind
    low: Value
    high: Value
    unit: str | None
    modifier: Modifier | None


class Seen(NamedTuple):
    """What the dates before a place in the text were (ISO 8601)."""

    last: str | None = None
    """The beginning of the last one."""
    day: str | None = None
    """The last one, if it was a single day."""
    period: tuple[str, str] | None = None
    """The last that was several whole months."""

    def after(self, found: Found) -> Seen:
        """Return what has been seen after `found` as well."""
        low, high = found.low, found.high
        if not isinstance(low, str):
            return self
        months = isinstance(high, str) and len(low) == len(high) == 7 and low < high
        day = low[:10] if low == high and len(low) >= 10 else None
        return Seen(low, day, (low, str(high)) if months else self.period)


def _plain_forms() -> dict[str, str]:
    """Map full-width forms, dashes and wave dashes to one character each."""
    table: dict[str, str] = {}
    for code in [*range(0xFF01, 0xFF5F), 0xFFE0, 0xFFE1, 0xFFE5, 0xFFE6, 0x3000, 0x00A0]:
        form = unicodedata.normalize("NFKC", chr(code))
        if len(form) == 1:
            table[chr(code)] = form
    table |= dict.fromkeys("‐‑‒–—―－─", "-")
    table |= dict.fromkeys("〜～∼˜", "~")
    table |= {"萬": "万", "’": "'", "◯": "〇", "零": "〇"}
    return table


_PLAIN = _plain_forms()
# To look for these takes less time than to ask for the form of every character.
_CHANGED = re.compile(f"[{re.escape(''.join(_PLAIN))}]")


def plain(text: str) -> str:
    """Return `text` with full-width forms made plain, one character for one."""
    return _CHANGED.sub(_form, text)


def _form(match: re.Match[str]) -> str:
    return _PLAIN[match[0]]
