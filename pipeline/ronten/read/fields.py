"""What is said about an article: values from rows, sidecars and front matter, checked alike."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from ronten.errors import Reason
from ronten.read.refused import Refused

_STRINGS = ("title", "source", "url", "genre")
_LISTS = ("authors", "targets")
_KNOWN = {"id", "text", "published", *_STRINGS, *_LISTS}
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)")
_DATE = re.compile(
    r"(?P<year>\d{4})(?:[-/.年](?P<month>\d{1,2})(?:[-/.月](?P<day>\d{1,2}))?)?[年月日]?"
    r"(?:[T ]\s*(?P<hour>\d{1,2})(?P<clock>:[\d:.]+)\s*(?P<zone>Z|[-+]\d\d:?\d\d)?)?",
    re.ASCII,
)


def parse(raw: Mapping[str, Any], where: str = "") -> dict[str, Any]:
    """Return the metadata that `raw` really gives: id, Metadata keys, targets, simple extras.

    Empty values count as not given, `text` is left out. `where` begins every message. Raises
    `Refused` (invalid_row) at the first value of a wrong type.
    """
    nested = raw.get("metadata")
    if isinstance(nested, Mapping):  # an annotation document; what stands at the top goes first
        raw = {**nested, **{key: value for key, value in raw.items() if key != "metadata"}}
    given = {key: value for key, value in raw.items() if not _is_empty(value)}
    found: dict[str, Any] = {}
    try:
        if "id" in given:
            found["id"] = _id(given["id"])
        for key in _STRINGS:
            if key in given:
                found[key] = _string(key, given[key])
        for key in _LISTS:
            if key in given:
                found[key] = _list(key, given[key])
        if "published" in given:
            found["published"] = _published(given["published"])
        found |= {key: value for key, value in given.items() if _is_extra(key, value)}
        for key, value in found.items():
            for string in (key, *(value if isinstance(value, list) else [value])):
                if isinstance(string, str):
                    refuse_surrogates(string, f"'{key}'")
    except Refused as refused:
        raise Refused(refused.reason, f"{where}{refused.detail}") from None
    return found


def text_of(raw: Mapping[str, Any]) -> str:
    """Return the `text` of a row; raises `Refused` (invalid_row) if there is none."""
    if raw.get("text") is None:
        keys = ", ".join(map(repr, list(raw)[:8])) or "none"
        raise _invalid(f"no 'text'; the row has {keys}")
    return _string("text", raw["text"])


def refuse_surrogates(string: str, what: str) -> None:
    """Raise `Refused` (invalid_row) if `string` cannot be written as UTF-8."""
    try:
        string.encode()
    except UnicodeEncodeError as error:
        code = ord(string[error.start])
        raise _invalid(
            f"{what} holds a lone surrogate U+{code:04X} at character {error.start}; "
            "write the whole pair or U+FFFD"
        ) from None


def _invalid(detail: str) -> Refused:
    return Refused(Reason.INVALID_ROW, detail)


def _is_empty(value: object) -> bool:
    # NaN is how data frames write a missing value.
    if isinstance(value, float):
        return math.isnan(value)
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


def _is_extra(key: str, value: object) -> bool:
    if key in _KNOWN or not isinstance(value, str | int | float):
        return False
    return not isinstance(value, float) or math.isfinite(value)


def _kind(value: object) -> str:
    names = {dict: "an object", list: "a list", bool: "true or false", str: "a string"}
    return names.get(type(value), f"of type {type(value).__name__}")


def _string(key: str, value: object) -> str:
    if not isinstance(value, str):
        raise _invalid(f"'{key}' is {_kind(value)}; give a string")
    return value


def _id(value: object) -> str:
    if isinstance(value, float) and value.is_integer():  # data frames turn numbers with gaps so
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise _invalid(f"'id' is {_kind(value)}; give a string or a number")
    return str(value).strip()


def _list(key: str, value: object) -> list[str]:
    items = re.split("[;；]", value) if isinstance(value, str) else value
    if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
        raise _invalid(
            f"'{key}' is {_kind(value)}; give a list of strings or one string split at ';'"
        )
    return [item.strip() for item in items if item.strip()]


def _published(value: object) -> str:
    if isinstance(value, date):  # a datetime too
        return value.isoformat()
    if isinstance(value, str | int):
        text = unicodedata.normalize("NFKC", str(value)).strip()
        match = _DATE.fullmatch(_COMPACT.sub(r"\1-\2-\3", text))
        if match and (iso := _iso(match)):
            return iso
    raise _invalid(f"'published' is {value!r:.60}; give a date such as 2025-01-31 or 2025年1月31日")


def _iso(match: re.Match[str]) -> str | None:
    year, month, day, hour, clock, zone = match.group(*_DATE.groupindex)
    day_iso = "-".join([year, *(part.zfill(2) for part in (month, day) if part)])
    try:
        date.fromisoformat((day_iso + "-01-01")[:10])
        if hour is None:
            return day_iso
        if day is None:
            return None
        return datetime.fromisoformat(f"{day_iso}T{hour.zfill(2)}{clock}{zone or ''}").isoformat()
    except ValueError:
        return None
