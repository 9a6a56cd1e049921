"""Files, folders and standard input become articles; whatever cannot is listed with a reason."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Literal

from ronten.errors import Reason
from ronten.read import fields, markup, rows
from ronten.read.checks import check
from ronten.read.discover import READABLE, STDIN, Source, discover
from ronten.read.files import contents, not_empty
from ronten.read.identity import Seen, article_id
from ronten.read.places import is_local, location, place
from ronten.read.refused import Refused
from ronten.read.sidecar import sidecar
from ronten.types import Article, Metadata, Rejected

__all__ = ["READABLE", "STDIN", "article_id", "is_local", "location", "place", "read"]


def read(
    paths: Sequence[str | Path],
    *,
    stdin: BinaryIO | None = None,
    stdin_format: Literal["text", "jsonl"] = "text",
) -> Iterator[Article | Rejected]:
    """Read everything under `paths` (files, folders, "-" for standard input), one by one.

    Yields an `Article` or a `Rejected` for every file and row, in a fixed order. Raises
    `UsageError` at once if a path does not exist. Memory does not grow with the texts.
    """
    return _read(discover(paths), stdin, stdin_format)


def _read(
    sources: Iterator[Source | Rejected], stdin: BinaryIO | None, stdin_format: str
) -> Iterator[Article | Rejected]:
    seen = Seen()
    for source in sources:
        if isinstance(source, Rejected):
            yield source
            continue
        here = location(source.path) if source.path else None
        for item in _items(source, stdin, stdin_format):
            item = seen.admit(item) if isinstance(item, Article) else item
            yield item.model_copy(update={"location": here})


def _items(
    source: Source, stdin: BinaryIO | None, stdin_format: str
) -> Iterator[Article | Rejected]:
    origin, path = source.origin, source.path
    try:
        known = sidecar(path) if path else {}
        if path is None and stdin_format == "jsonl":
            yield from _row_items(origin, rows.jsonl_stream(stdin or sys.stdin.buffer), known)
        elif path is None:
            data = not_empty((stdin or sys.stdin.buffer).read())
            text, said = markup.text(data)
            # Nothing tells two piped texts apart but what they say.
            yield _article(f"{origin}:{article_id(text)}", None, text, said)
        elif source.suffix in markup.READERS:
            text, said = markup.READERS[source.suffix](contents(path))
            yield _article(origin, None, text, {**said, **known})
        else:
            yield from _row_items(origin, rows.READERS[source.suffix](path), known)
    except Refused as refused:
        yield _rejected(origin, None, refused)
    except OSError as error:
        unreadable = Refused(Reason.UNREADABLE, error.strerror or str(error))
        yield _rejected(origin, None, unreadable)


def _row_items(
    origin: str, records: Iterator[rows.Row], known: dict[str, Any]
) -> Iterator[Article | Rejected]:
    """Read rows; `known` is what a sidecar says about all of them, a row itself knows better."""
    row_count = 0
    for row, record in records:
        row_count += 1
        given: dict[str, Any] = {}
        try:
            if isinstance(record, Refused):
                raise record
            given = fields.parse(record)
            yield _article(origin, row, fields.text_of(record), {**known, **given})
        except Refused as refused:
            yield _rejected(origin, row, refused, given.get("id"))
    if not row_count:
        raise Refused(Reason.NO_TEXT, "no rows")


def _article(origin: str, row: int | None, text: str, given: dict[str, Any]) -> Article:
    check(text)
    metadata = {key: value for key, value in given.items() if key not in ("id", "targets")}
    return Article(
        id=given.get("id") or article_id(text),
        text=text,
        metadata=Metadata.model_validate(metadata),
        targets=given.get("targets", []),
        origin=origin,
        row=row,
        given_id="id" in given,
    )


def _rejected(origin: str, row: int | None, refused: Refused, id: str | None = None) -> Rejected:
    return Rejected(origin=origin, row=row, id=id, reason=refused.reason, detail=refused.detail)
