"""Near duplicates: one wire story in five papers, told by MinHash over its characters."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from datasketch import MinHash

SAME = 0.5
"""Share of common shingles (Jaccard, estimated) from which two articles tell one story."""
_SHINGLE = 8
_PERMUTATIONS = 64
_AT_ONCE = 10_000
_BAND = 4
"""Values that must agree for two articles to be compared: 16 bands find 99 % from 0.7 on."""


def signature(text: str) -> bytes:
    """Return the MinHash of a text's shingles of 8 characters, white space left out."""
    plain = "".join(text.split())
    sketch = _empty().copy()
    starts = range(max(1, len(plain) - _SHINGLE + 1))
    for part in (starts[i : i + _AT_ONCE] for i in range(0, len(starts), _AT_ONCE)):
        shingles = {plain[start : start + _SHINGLE] for start in part}
        sketch.update_batch([shingle.encode("utf-8", "surrogatepass") for shingle in shingles])
    return np.asarray(sketch.hashvalues, np.uint32).tobytes()


def twins(signatures: Iterable[tuple[str, bytes]]) -> dict[str, str]:
    """Return for every near duplicate the first article that it repeats.

    Articles come in canonical order; the result depends on what they are, never on when they came.
    Who is compared is found band by band, so memory is that of the signatures.
    """
    ids, blobs = [], []
    for id_, blob in signatures:
        ids.append(id_)
        blobs.append(blob)
    if not ids:
        return {}
    values = np.frombuffer(b"".join(blobs), np.uint32).reshape(len(ids), _PERMUTATIONS)
    first = np.arange(len(ids))
    for start in range(0, _PERMUTATIONS, _BAND):
        band = np.ascontiguousarray(values[:, start : start + _BAND])
        keys = band.view(np.dtype((np.void, band.dtype.itemsize * _BAND))).reshape(-1)
        _, earliest, which = np.unique(keys, return_index=True, return_inverse=True)
        candidates = earliest[which.reshape(-1)]
        later = np.flatnonzero(candidates < first)
        alike = (values[later] == values[candidates[later]]).mean(axis=1) >= SAME
        first[later[alike]] = candidates[later[alike]]
    found: dict[str, str] = {}
    for at, earlier in enumerate(first.tolist()):
        if earlier != at:
            found[ids[at]] = found.get(ids[earlier], ids[earlier])
    return found


@cache
def _empty() -> MinHash:
    from datasketch import MinHash

    return MinHash(num_perm=_PERMUTATIONS, seed=1, hashfunc=zlib.crc32)
