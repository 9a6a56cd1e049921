"""A large table of names as hashes: which sorts of name a string of words is known to be.

A hash of a span is taken from running sums over the whole text, so that looking up every span of a
text needs no string and no loop in Python.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import cache, cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ronten.key_halves import halves, whole

SORTS = (
    "surname",
    "given",
    "unclassified",
    "person",
    "place",
    "station",
    "company",
    "organization",
    "work",
    "body",
    "region",
    "part",
)
"""What a name can be, one bit each; the last three come from a word list of its own."""

ARRAYS = ("name_counts", "name_keys", "name_sorts", "name_kinds")
"""What a file holds of a table (`NameTable.arrays`)."""
_BEGINNING = 24
"""Leading bits of a key that tell most strings from names."""
_BASE = 0x9E3779B97F4A7C15
_MIX = np.uint64(0xFF51AFD7ED558CCD)
_INVERSE = pow(_BASE, -1, 2**64)
# By code point: all but the marks between the parts of a name, without which names are compared.
_LETTERS = np.ones(sys.maxunicode + 1, bool)
_LETTERS[[ord(mark) for mark in " \u3000・=＝"]] = False


class Hashes(NamedTuple):
    """Running sums over a text: `sums` and `back` (uint64) by the number of letters so far."""

    letters: NDArray[np.int64]
    sums: NDArray[np.uint64]
    back: NDArray[np.uint64]

    @classmethod
    def of(cls, text: str) -> Hashes:
        """Prepare `text` (in its NFKC view)."""
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        kept = _LETTERS[codes]
        letters = np.concatenate(([0], np.cumsum(kept)))
        size = int(letters[-1])
        forth, back = _powers(max(1024, 1 << size.bit_length()))
        terms = (codes[kept].astype(np.uint64) + np.uint64(1)) * forth[:size]
        sums = np.concatenate((np.zeros(1, np.uint64), np.cumsum(terms)))
        return cls(letters, sums, back)

    def keys(self, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.uint32]:
        """Return the 32-bit keys of the spans `[starts, ends)`."""
        first = self.letters[starts]
        value = (self.sums[self.letters[ends]] - self.sums[first]) * self.back[first]
        value ^= value >> np.uint64(33)
        value *= _MIX
        return (value >> np.uint64(32)).astype(np.uint32)


@cache
def _powers(size: int) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    def series(base: int) -> NDArray[np.uint64]:
        steps = np.full(size, base, np.uint64)
        steps[0] = 1
        return np.cumprod(steps)

    return series(_BASE), series(_INVERSE)


class NameTable:
    """Names by key: `keys` (uint32, sorted) and `sorts` (uint16, one bit per element of SORTS)."""

    def __init__(self, keys: NDArray[np.uint32], sorts: NDArray[np.uint16]) -> None:
        self.keys = keys
        self.sorts = sorts

    @classmethod
    def build(cls, names: dict[str, int]) -> NameTable:
        """Make a table of `names` (NFKC) and the bits of what they are."""
        text = "\n".join(names)
        sizes = np.array([len(name) for name in names], np.int64)
        ends = np.cumsum(sizes + 1) - 1
        found, inverse = np.unique(Hashes.of(text).keys(ends - sizes, ends), return_inverse=True)
        sorts = np.zeros(len(found), np.uint16)
        np.bitwise_or.at(sorts, inverse, np.array(list(names.values()), np.uint16))
        return cls(found, sorts)

    @classmethod
    def read(cls, arrays: Mapping[str, NDArray[Any]]) -> NameTable:
        """Take what `arrays` gave, from among other arrays."""
        counts, lower, sorts, kinds = (arrays[name] for name in ARRAYS)
        return cls(whole(counts, lower), kinds[sorts])

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return `ARRAYS`.

        These are how many keys have each upper half, their lower halves, the sorts of each key by
        their number among those that occur, and these.
        """
        kinds, numbers = np.unique(self.sorts, return_inverse=True)
        numbers = numbers.astype(np.min_scalar_type(len(kinds)))
        return dict(zip(ARRAYS, (*halves(self.keys), numbers, kinds), strict=True))

    @cached_property
    def _marks(self) -> NDArray[np.uint8]:
        """One bit per beginning of a key: nearly all strings of words are no names."""
        begun = np.zeros(1 << _BEGINNING, bool)
        begun[self.keys >> (32 - _BEGINNING)] = True
        return np.packbits(begun)

    def look_up(self, keys: NDArray[np.uint32]) -> NDArray[np.uint16]:
        """Return the bits of every key, 0 for unknown ones."""
        sorts = np.zeros(len(keys), np.uint16)
        if not len(self.keys):
            return sorts
        begun = keys >> (32 - _BEGINNING)
        marks = self._marks[begun >> 3] << (begun & 7).astype(np.uint8)
        likely = np.flatnonzero(marks & 0x80)
        at = np.minimum(np.searchsorted(self.keys, keys[likely]), len(self.keys) - 1)
        sorts[likely] = np.where(self.keys[at] == keys[likely], self.sorts[at], np.uint16(0))
        return sorts
