"""Read two dictionaries of names into one table for the tagger.

ENAMDICT (Electronic Dictionary Research and Development Group, CC BY-SA) lists people, places,
firms, bodies and works; NAIST-jdic (Nara Institute of Science and Technology, BSD) bodies, regions
and parts of people's names. Only hashes of the names go into the table.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from ronten.components.mentions.name_table import SORTS, NameTable
from ronten.errors import UsageError

_ENAMDICT = {
    "s": "surname",
    "g": "given",
    "f": "given",
    "m": "given",
    "u": "unclassified",
    "h": "person",
    "p": "place",
    "st": "station",
    "c": "company",
    "o": "organization",
    "pr": "work",
    "wk": "work",
}
_NAIST = {
    "組織": "body",
    "地域 一般": "region",
    "人名 姓": "part",
    "人名 名": "part",
}
_ENAMDICT_LINE = re.compile(r"(?P<name>\S+) (?:\[.*?\] )?/\((?P<sorts>[^)]*)\)")
_NAIST_LINE = re.compile(r"\(品詞 \(名詞 固有名詞 (?P<sort>[^)]*)\)\) \(\(見出し語 \((?P<name>\S+)")


def read_names(enamdict: Path, naist: Path) -> NameTable:
    """Read both dictionaries (EUC-JP, as distributed).

    Raises UsageError where a file cannot be read or holds no name.
    """
    bits = {sort: 1 << i for i, sort in enumerate(SORTS)}
    names: dict[str, int] = defaultdict(int)
    for path, read in ((enamdict, _enamdict), (naist, _naist)):
        before = len(names)
        for name, sort in read(path):
            names[unicodedata.normalize("NFKC", name)] |= bits[sort]
        if len(names) == before:
            raise UsageError(f"{path}: no name in it; give the file as it is distributed (EUC-JP)")
    return NameTable.build(names)


def _enamdict(path: Path) -> Iterator[tuple[str, str]]:
    for line in _lines(path):
        if entry := _ENAMDICT_LINE.match(line):
            for sort in entry["sorts"].split(","):
                if sort.strip() in _ENAMDICT:
                    yield entry["name"], _ENAMDICT[sort.strip()]


def _naist(path: Path) -> Iterator[tuple[str, str]]:
    for line in _lines(path):
        entry = _NAIST_LINE.match(line)
        if entry and entry["sort"] in _NAIST:
            yield entry["name"], _NAIST[entry["sort"]]


def _lines(path: Path) -> list[str]:
    try:
        return path.read_bytes().decode("euc_jp", errors="ignore").splitlines()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error
