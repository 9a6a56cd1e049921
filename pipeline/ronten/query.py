"""Claims by what a reader knows of them: who, about what, on which side, when."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any, Literal

from ronten.dataset import Dataset, Result
from ronten.errors import UsageError
from ronten.names import canonical
from ronten.tables import TABLES

_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_SHOWN = 10


@dataclass(frozen=True)
class Filters:
    """What claims have to meet, all of it; None asks for nothing.

    Names are compared without case, width and spaces. `author` is an id, a name or alias, or a part
    of the name of only one; `topic` a part of a position's label, keywords or coarser topic;
    `target` and `entity` a name, or a part where nothing has that name. Without a `stance`, a
    `target` asks for claims that take either side. `since` and `until` are inclusive.
    """

    author: str | None = None
    topic: str | None = None
    target: str | None = None
    stance: Literal["favor", "against", "none"] | None = None
    entity: str | None = None
    since: str | None = None
    until: str | None = None
    type: str | None = None

    def __bool__(self) -> bool:
        return any(getattr(self, field.name) is not None for field in fields(self))


def claims(dataset: Dataset, filters: Filters) -> Result:
    """Return the claims that meet all filters, in their order; repeats are left out.

    Raises `UsageError` for a date that is none, a stance without a target, and an author who is
    nobody or may be several.
    """
    conditions: list[str] = ["original IS NULL"]
    values: list[Any] = []

    def add(condition: str, *bound: Any) -> None:
        conditions.append(condition)
        values.extend(bound)

    if filters.stance is not None and filters.target is None:
        raise UsageError("--stance: a side on what? give --target too")
    if filters.author is not None:
        add(
            "id IN (SELECT claim FROM claim_authors WHERE author IN (SELECT unnest(?)))",
            _authors(dataset, filters.author),
        )
    if filters.topic is not None:
        add("position IN (SELECT unnest(?))", _positions(dataset, filters.topic))
    if filters.target is not None:
        named = _named(dataset, "SELECT DISTINCT target FROM stances", filters.target)
        side = "label <> 'none'" if filters.stance is None else "label = ?"
        add(
            f"id IN (SELECT claim FROM stances WHERE target IN (SELECT unnest(?)) AND {side})",
            named,
            *([] if filters.stance is None else [filters.stance]),
        )
    if filters.entity is not None:
        named = _named(dataset, "SELECT DISTINCT entity FROM store.entities", filters.entity)
        add("list_has_any(entities, ?)", named)
    if filters.since is not None:
        add("published >= ?", _date("--since", filters.since))
    if filters.until is not None:
        until = _date("--until", filters.until)
        add("left(published, ?) <= ?", len(until), until)
    if filters.type is not None:
        add("type = ?", filters.type)
    query = f"SELECT * FROM claims WHERE {' AND '.join(conditions)} ORDER BY "
    return dataset.select(query + TABLES["claims"].order, values)


def _authors(dataset: Dataset, wanted: str) -> list[str]:
    """Return the ids of the authors with a name, several where holders of one article share it."""
    query = "SELECT id, name, aliases, members FROM authors ORDER BY claims DESC, id"
    rows = list(dataset.select(query).rows)
    key = canonical(wanted)
    found = [id_ for id_, *_ in rows if id_ == wanted]
    found = found or [id_ for id_, name, *_ in rows if key and canonical(name) == key]
    found = found or [id_ for id_, _, names, _ in rows if key and key in map(canonical, names)]
    if found:
        return found
    held = [row for row in rows if key and key in canonical(row[1])]
    # What a joint author says is credited to its members anyway.
    parts = [row for row in held if not row[3]] or held
    if not parts:
        raise UsageError(
            f"{dataset.folder}: no author '{wanted}'; `ronten query {dataset.folder} "
            f'"SELECT id, name FROM authors"` lists all'
        )
    if len({canonical(name) for _, name, *_ in parts}) > 1:
        choices = ", ".join(f"{name} ({id_})" for id_, name, *_ in parts[:_SHOWN])
        more = ", …" if len(parts) > _SHOWN else ""
        raise UsageError(f"{dataset.folder}: '{wanted}' may be {choices}{more}; give the id")
    return [id_ for id_, *_ in parts]


def _positions(dataset: Dataset, wanted: str) -> list[str]:
    rows = dataset.select("SELECT position, label, keywords, group_label FROM store.topics").rows
    key = canonical(wanted)
    return [
        id_
        for id_, topic, keywords, group in rows
        if any(key in canonical(text) for text in (topic, group, *keywords) if text)
    ]


def _named(dataset: Dataset, query: str, wanted: str) -> list[str]:
    """Return the names that are the wanted one or, where there is none, that hold it."""
    names = [name for (name,) in dataset.select(query).rows]
    key = canonical(wanted)
    return _matching(names, key, whole=True) or _matching(names, key, whole=False)


def _matching(names: Iterable[str], key: str, *, whole: bool) -> list[str]:
    return [n for n in names if canonical(n) == key or (not whole and key in canonical(n))]


def _date(option: str, value: str) -> str:
    if not _DATE.fullmatch(value):
        raise UsageError(f"{option} {value}: give a date such as 2025, 2025-03 or 2025-03-10")
    return value
