"""What the parts of a very long article found, put together: offsets, holders, names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from ronten.names import canonical
from ronten.types import Attribution, Kind, Label

Values = dict[str, Any]
_Key = tuple[str, str]
"""Kind and canonical name: holders that agree in both are one."""
_SHORTEST = 2
"""Characters of a short name that is completed; 林 is too many things."""


class Found(NamedTuple):
    """The plain values that the pipeline has written on a Doc."""

    holders: Sequence[Values]
    claims: Sequence[Values]
    entities: Sequence[Values]
    figures: Sequence[Values]
    aliases: Mapping[str, str]


class Whole:
    """Takes the parts of one article in order; what it knows of the earlier ones helps the later.

    A holder of the same kind and name is one holder of the article. A surname alone, or a short
    form, that no longer has its full name beside it stands for the only one that earlier parts give
    it. The values of the first part stay as they are.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._names = _Names()
        self._ids: dict[_Key, str] = {}
        self._holders: dict[str, Values] = {}
        self._number = 0
        self._writer: str | None = None

    def add(self, start: int, found: Found) -> Found:
        """Return what the part that begins at `start` found, as it stands in the whole text.

        Its holders are left out: `holders` has those of all parts.
        """
        entities = [
            {
                **_moved(entity, start, "span"),
                "entity": self._names.full(entity["entity"], entity["label"] == Label.PERSON),
            }
            for entity in found.entities
        ]
        ids = self._merged(found.holders)
        self._names.learn(self.text, entities, found.aliases)
        claims = [
            {
                **_moved(claim, start, "source", "cue", "sentence"),
                "content": [[first + start, last + start] for first, last in claim["content"]],
                "holder": ids[claim["holder"]],
            }
            for claim in found.claims
        ]
        self._note_writer(claims)
        figures = [_moved(figure, start, "span") for figure in found.figures]
        return Found((), claims, entities, figures, {})

    def known_writer(self) -> dict[str, str]:
        """Return by id who the unnamed writer is, where a part introduces them; else nothing."""
        unnamed = self._ids.get((Kind.ARTICLE_AUTHOR, ""))
        return {unnamed: self._writer} if unnamed and self._writer else {}

    def holders(self) -> list[Values]:
        """Return the holders of the article in the order of their first use."""
        gone = self.known_writer()
        return [values for id_, values in self._holders.items() if id_ not in gone]

    def _merged(self, holders: Iterable[Values]) -> dict[str, str]:
        """Take in the holders of a part, members before joint ones; map their ids to those here."""
        first = not self._holders
        ids: dict[str, str] = {}
        for values in holders:
            name = self._full(values)
            key = (str(values["kind"]), canonical(name))
            if key not in self._ids:
                self._ids[key] = id_ = values["id"] if first else self._free()
                self._holders[id_] = {**values, "id": id_, "name": name}
                if members := values.get("members"):
                    self._holders[id_]["members"] = [ids[member] for member in members]
            ids[values["id"]] = self._ids[key]
            known = self._holders[self._ids[key]]
            for many in ("aliases", "roles"):
                if set(values.get(many, ())) - set(known.get(many, ())):
                    known[many] = sorted({*known.get(many, ()), *values[many]})
        return ids

    def _full(self, holder: Values) -> str:
        name, person = str(holder["name"]), holder["kind"] == Kind.PERSON
        if not holder.get("proper"):
            return name
        if holder.get("members"):
            return "、".join(self._names.full(one, person) for one in name.split("、"))
        return self._names.full(name, person)

    def _free(self) -> str:
        while (id_ := f"h{self._number + 1}") in self._holders:
            self._number += 1
        return id_

    def _note_writer(self, claims: Iterable[Values]) -> None:
        own = (c["holder"] for c in claims if c["attribution"] == Attribution.AUTHORIAL)
        holder = next(own, None)
        if holder and not self._writer and self._holders[holder]["kind"] == Kind.PERSON:
            self._writer = holder


class _Names:
    """Which full names stand behind the short ones, as far as the text has been read."""

    def __init__(self) -> None:
        self._meant: dict[tuple[bool, str], set[str]] = defaultdict(set)
        self._begun: dict[str, set[str]] = defaultdict(set)

    def learn(self, text: str, entities: Collection[Values], aliases: Mapping[str, str]) -> None:
        """Take in the names of a part: its entities, and what stands for what in it."""
        people = {e["entity"] for e in entities if e["label"] == Label.PERSON}
        for entity in entities:
            person = entity["label"] == Label.PERSON
            self._meant[person, text[slice(*entity["span"])]].add(entity["entity"])
        for short, name in aliases.items():
            if name in people:
                self._meant[True, short].add(name)
        for name in people:
            for size in range(_SHORTEST, len(name)):
                self._begun[name[:size]].add(name)

    def full(self, name: str, person: bool) -> str:
        """Return the only full name that a name stands for, else the name itself."""
        meant = self._meant.get((person, name), set())
        if person:
            # A surname may have been met alone before; two people of one surname stay apart.
            meant = meant - {name}
            if self._begun.get(name, set()) - meant:
                return name
        return next(iter(meant)) if len(meant) == 1 and len(name) >= _SHORTEST else name


def _moved(values: Values, by: int, *keys: str) -> Values:
    """Return values whose spans under `keys` point into the whole text."""
    spans = {k: [values[k][0] + by, values[k][1] + by] for k in keys if values.get(k)}
    return {**values, **spans}
