"""Bytes to text: the encodings that Japanese files come in, told apart without guessing by luck."""

from __future__ import annotations

import codecs
import io
import re
from dataclasses import dataclass
from typing import BinaryIO, Literal

from ronten.errors import Reason
from ronten.read.files import not_empty
from ronten.read.refused import Refused

HEAD = 1 << 16
"""Bytes looked at to find the encoding."""

_BOMS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
_NAMES = {
    "utf-8": "UTF-8",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp932": "CP932 (Shift_JIS)",
    "euc_jp": "EUC-JP",
    "iso2022_jp_ext": "ISO-2022-JP",
}
_DECLARED = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "cp932": "cp932",
    "ms932": "cp932",
    "euc-jp": "euc_jp",
    "x-euc-jp": "euc_jp",
}
_ESCAPE = re.compile(rb"\x1b(?:\$[@B]|\$\([@BD]|\([IJ])")
_HIGH_BYTE = re.compile(rb"[\x80-\xff]")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_KANA = re.compile("[ぁ-ゖァ-ヺー]")
_HALF_KANA = re.compile("[｡-ﾟ]")
_BAD_BYTE = re.compile("[\udc00-\udcff]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f\udc00-\udcff]")
_BINARY_SHARE = 0.2
_BINARY_AT_LEAST = 4
_NOT_CP932 = str.maketrans("\x80\xa0\uf8f1\uf8f2\uf8f3", "\udc80\udca0\udcfd\udcfe\udcff")
"""Python decodes the bytes that CP932 leaves unused to these characters instead of objecting."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """A codec and the length of the byte-order mark in front of the text."""

    codec: str
    mark: int = 0

    @property
    def name(self) -> str:
        """The name people use."""
        return _NAMES[self.codec]


def decode(data: bytes, declared: str | None = None) -> str:
    """Return all of `data` as text, without byte-order mark and otherwise untouched.

    `declared` is the encoding that the document itself claims; it decides only where the bytes
    leave a choice. Raises `Refused` (undecodable) with the offset of the first bad byte.
    """
    # A page may begin with any length of ASCII; what tells encodings apart comes after it.
    high = _HIGH_BYTE.search(data)
    start, end = (high.start(), high.start() + HEAD) if high else (0, len(data))
    encoding = detect(data[start:end], complete=end >= len(data), declared=declared)
    try:
        text = codecs.decode(data[encoding.mark :], encoding.codec, "ronten-strict")
        bad = _BAD_BYTE.search(_mark(text, encoding.codec))
        at = len(text[: bad.start()].encode(encoding.codec)) if bad else None
    except UnicodeDecodeError as error:
        at = encoding.mark + error.start
    if at is not None:
        raise Refused(
            Reason.UNDECODABLE,
            f"byte {at} (0x{data[at]:02x}) is not {encoding.name}; save the file as UTF-8",
        )
    if binary := _binary(text):
        at = encoding.mark + len(text[: binary.start()].encode(encoding.codec, "replace"))
        raise Refused(
            Reason.UNDECODABLE, f"binary data, not text: many control characters from byte {at} on"
        )
    return text


def detect(data: bytes, *, complete: bool = True, declared: str | None = None) -> Encoding:
    """Return the encoding of `data`, the beginning (`complete`: all) of a file.

    Byte-order mark, then the escapes of ISO-2022-JP, then UTF-8 (valid by chance is next to
    impossible), then what the document declares, then EUC-JP or CP932 by fewest bad bytes.
    """
    for mark, codec in _BOMS.items():
        if data.startswith(mark):
            return Encoding(codec, len(mark))
    if data.isascii() and _ESCAPE.search(data):
        return Encoding("iso2022_jp_ext")
    if _strict(data, "utf-8", complete) is not None:
        return Encoding("utf-8")
    # Damaged UTF-8 must not pass for CP932: mojibake is valid there more often than not.
    utf8 = _lenient(data, "utf-8", complete)
    if _count(_NOT_ASCII, utf8) > 3 * _count(_BAD_BYTE, utf8):
        return Encoding("utf-8")
    claim = _DECLARED.get((declared or "").lower())
    if claim and _strict(data, claim, complete) is not None:
        return Encoding(claim)
    euc, cp932 = _strict(data, "euc_jp", complete), _strict(data, "cp932", complete)
    if euc is not None and cp932 is not None:
        # CP932 that is valid EUC-JP holds no full-width kana at all: it is half-width katakana.
        half_width = _count(_HALF_KANA, cp932) > 0.9 * _count(_NOT_ASCII, cp932)
        kana = _count(_KANA, euc) > 0.1 * _count(_NOT_ASCII, euc)
        return Encoding("cp932" if half_width and not kana else "euc_jp")
    if euc is not None or cp932 is not None:
        return Encoding("cp932" if euc is None else "euc_jp")
    candidates = ("utf-8", "euc_jp", "cp932")
    return Encoding(
        min(candidates, key=lambda codec: _count(_BAD_BYTE, _lenient(data, codec, complete)))
    )


def open_text(stream: BinaryIO, newline: Literal["", "\n"]) -> io.TextIOWrapper:
    """Return `stream` as text to be read in lines; bad bytes become lone surrogates U+DCxx.

    So bad bytes cost one row, not the file: `damage` finds them. Raises `Refused` (empty, or
    undecodable if the beginning is binary).
    """
    head = not_empty(stream.read(HEAD))
    complete = len(head) < HEAD
    encoding = detect(head, complete=complete)
    if _binary(_lenient(head[encoding.mark :], encoding.codec, complete)):
        raise Refused(Reason.UNDECODABLE, f"binary data, not rows of text in {encoding.name}")
    rest = io.BufferedReader(_Rewound(head[encoding.mark :], stream))
    return io.TextIOWrapper(rest, encoding.codec, "ronten-lenient", newline)


def damage(text: str, codec: str) -> Refused | None:
    """Return the refusal of a row in which `open_text` met bytes that are no text."""
    bad = _BAD_BYTE.search(_mark(text, codec))
    if bad is None:
        return None
    return Refused(
        Reason.UNDECODABLE,
        f"byte 0x{ord(bad[0]) & 0xFF:02x} after character {bad.start()} of the row is not "
        f"{_NAMES[codec]}; save the file as UTF-8",
    )


class _Rewound(io.RawIOBase):
    """A stream with the bytes that were read ahead put back in front (pipes cannot seek)."""

    def __init__(self, head: bytes, stream: BinaryIO) -> None:
        self._head = head
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._head[: len(buffer)] or self._stream.read(len(buffer))
        self._head = self._head[len(buffer) :]
        buffer[: len(data)] = data
        return len(data)


def _strict(data: bytes, codec: str, complete: bool) -> str | None:
    try:
        text = codecs.getincrementaldecoder(codec)("ronten-strict").decode(data, complete)
    except UnicodeDecodeError:
        return None
    return None if _BAD_BYTE.search(_mark(text, codec)) else text


def _lenient(data: bytes, codec: str, complete: bool) -> str:
    # The built-in handler does the same for UTF-8, and fast: most CP932 files pass here.
    errors = "surrogateescape" if codec == "utf-8" else "ronten-lenient"
    return _mark(codecs.getincrementaldecoder(codec)(errors).decode(data, complete), codec)


def _mark(text: str, codec: str) -> str:
    return text.translate(_NOT_CP932) if codec == "cp932" else text


def _count(pattern: re.Pattern[str], text: str) -> int:
    return len(pattern.findall(text))


def _binary(text: str) -> re.Match[str] | None:
    """Return the first control character if there are too many of them for text."""
    if _count(_CONTROL, text) > _BINARY_AT_LEAST + _BINARY_SHARE * len(text):
        return _CONTROL.search(text)
    return None


def _vendor(error: UnicodeError) -> tuple[str, int]:
    """Decode NEC and IBM characters (①, ㈱, 髙), which Python's JIS codecs do not know."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    pair = error.object[error.start : error.start + 2]
    if error.encoding not in ("euc_jp", "iso2022_jp_ext") or len(pair) < 2:
        raise error
    row, cell = (byte & 0x7F for byte in pair)
    if row != 0x2D and not 0x79 <= row <= 0x7C:
        raise error
    lead = (row + 1) // 2 + (0x70 if row < 0x5F else 0xB0)
    trail = cell + (0x7E if row % 2 == 0 else 0x1F if cell < 0x60 else 0x20)
    try:
        return bytes((lead, trail)).decode("cp932"), error.start + 2
    except (UnicodeDecodeError, ValueError):
        raise error from None


def _keep_bad_bytes(error: UnicodeError) -> tuple[str, int]:
    try:
        return _vendor(error)
    except UnicodeDecodeError as bad:
        bytes_ = bad.object[bad.start : bad.end]
        return "".join(chr(0xDC00 | byte) for byte in bytes_), bad.end


codecs.register_error("ronten-strict", _vendor)
codecs.register_error("ronten-lenient", _keep_bad_bytes)
