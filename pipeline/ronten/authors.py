"""Who the holders of all articles are: one author where kind and name agree, never on a guess."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from ronten.errors import UsageError
from ronten.names import canonical
from ronten.store import AuthorRow, Credit, HolderRow
from ronten.types import Annotation, Holder, Kind, Label

IDENTIFIABLE = frozenset({Kind.PERSON, Kind.COMPANY, Kind.ORGANIZATION, Kind.GOVERNMENT})
_LABELS = {
    Kind.PERSON: {Label.PERSON},
    Kind.COMPANY: {Label.COMPANY},
    Kind.ORGANIZATION: {Label.ORG},
    Kind.GOVERNMENT: {Label.ORG, Label.PLACE},
}
_Key = tuple[str, str]


@dataclass(frozen=True)
class Author:
    """A claim holder across articles; `identified` ones have a proper name, others one article."""

    id: str
    name: str
    kind: Kind
    identified: bool
    article: str | None = None
    aliases: list[str] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    members: list[tuple[str, str]] = field(default_factory=list)
    """(name, id) of the single authors of a joint one."""
    identity: list[dict[str, str]] = field(default_factory=list)
    """Why names of several articles are this author's: `name`, `why` (and `by`, the evidence)."""


def author_row(author: Author) -> AuthorRow:
    """Return an author as the dataset keeps it; `members` are names."""
    return AuthorRow(
        author.id,
        author.name,
        author.kind.value,
        author.identified,
        author.article,
        author.aliases,
        author.roles,
        [name for name, _ in author.members],
    )


def author_id(kind: str, name: str, disambiguator: str = "") -> str:
    """Return the id of an author; `name` is brought to its canonical form."""
    content = "\x1f".join((kind, canonical(name), disambiguator))
    return "a-" + sha256(content.encode()).hexdigest()[:12]


def read_aliases(paths: Iterable[Path]) -> dict[str, str]:
    """Read alias tables (alias TAB canonical name[ TAB label]; `#` begins a comment line).

    Raises `UsageError` naming the file and line at fault.
    """
    table: dict[str, str] = {}
    for path in paths:
        try:
            lines = path.read_text("utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"key 'aliases': {path} cannot be read: {error}") from error
        for number, line in enumerate(lines, start=1):
            if not line.strip() or line.startswith("#"):
                continue
            alias, name = ([part.strip() for part in line.split("\t")] + [""])[:2]
            if not (alias and name):
                raise UsageError(f"{path}, line {number}: expected alias TAB canonical name")
            table[canonical(alias)] = name
    return table


def holder_rows(annotation: Annotation) -> list[HolderRow]:
    """Return the holders of an article with the name each goes by outside of it."""
    links = _links(annotation)
    return [
        HolderRow(
            annotation.id,
            holder.id,
            holder.name,
            _linked_name(links.get(holder.name, ()), holder),
            holder.kind.value,
            _is_proper(holder),
            holder.aliases,
            holder.roles,
            holder.members,
        )
        for holder in annotation.holders
    ]


def authors(
    holders: Iterable[HolderRow], aliases: Mapping[str, str]
) -> tuple[dict[str, Author], list[Credit]]:
    """Return all authors by id, and which holder's claims stand in whose document.

    A joint holder is an author of its own; its claims are credited to every member as well.
    """
    rows = [row for row in holders if row.kind != Kind.UNSPECIFIED]
    places = {(row.article, row.id): row for row in rows}
    joint = {
        place: row
        for place, row in places.items()
        if row.members and all((row.article, m) in places for m in row.members)
    }
    single = _singles([row for place, row in places.items() if place not in joint], aliases)

    found = {author.id: author for author in single.values()}
    credits = [Credit(author.id, *place, False) for place, author in single.items()]
    for place, row in joint.items():
        members = [single[m] for i in row.members if (m := (row.article, i)) in single]
        author = _joint(row, members)
        found[author.id] = author
        credits.append(Credit(author.id, *place, False))
        credits.extend(Credit(i, *place, True) for i in dict.fromkeys(m.id for m in members))
    return found, credits


def holders_of(
    holders: Iterable[HolderRow], aliases: Mapping[str, str], ids: Collection[str]
) -> list[tuple[str, str]]:
    """Return the holders (article, holder) whose claims are credited to some authors, by id."""
    _, credits = authors(holders, aliases)
    return sorted({(c.article, c.holder) for c in credits if c.author in ids})


def _singles(
    rows: Sequence[HolderRow], aliases: Mapping[str, str]
) -> dict[tuple[str, str], Author]:
    keys: dict[tuple[str, str], _Key] = {}
    names: dict[_Key, Counter[str]] = defaultdict(Counter)
    anonymous: dict[tuple[str, str], Author] = {}
    identified: list[HolderRow] = []
    for row in rows:
        table_name = aliases.get(canonical(row.name)) or aliases.get(canonical(row.canonical))
        if row.kind in IDENTIFIABLE and (row.proper or table_name):
            name = table_name or row.canonical
            key = (row.kind, canonical(name))
            keys[row.article, row.id] = key
            names[key][name] += 1
            identified.append(row)
        else:
            anonymous[row.article, row.id] = _anonymous(row)

    merges = _merges(identified, keys, names)
    root = {key: _end(merges, key) for key in names}
    surfaces: dict[_Key, set[str]] = defaultdict(set)
    roles: dict[_Key, set[str]] = defaultdict(set)
    for row in identified:
        key = root[keys[row.article, row.id]]
        surfaces[key] |= {row.name, row.canonical, *row.aliases}
        roles[key] |= set(row.roles)
    said = {canonical(name): name for name in aliases.values()}
    made: dict[_Key, Author] = {}
    for key in sorted(surfaces):
        name = said.get(key[1]) or _most_used(names[key])
        made[key] = Author(
            author_id(*key),
            name,
            Kind(key[0]),
            identified=True,
            aliases=sorted(surfaces[key] - {name}),
            roles=sorted(roles[key]),
            identity=[
                {"name": _most_used(names[other]), "why": merge.why, "by": merge.by}
                for other, merge in sorted(merges.items())
                if root[other] == key
            ]
            + [
                {"name": alias, "why": "alias table", "by": name}
                for alias in sorted(surfaces[key] - {name})
                if aliases.get(canonical(alias)) == name
            ],
        )
    return {place: made[root[key]] for place, key in keys.items()} | anonymous


class _Merge(NamedTuple):
    into: _Key
    why: str
    by: str


def _merges(
    rows: Sequence[HolderRow],
    keys: Mapping[tuple[str, str], _Key],
    names: Mapping[_Key, Counter[str]],
) -> dict[_Key, _Merge]:
    """Return which names merge into which, and why.

    A name merges into the only one it is an alias of in an article. A part of a name (a surname)
    is no reason by itself: a surname merges into the only full name that has a role with the same
    affiliation.
    """
    owners: dict[_Key, dict[_Key, str]] = defaultdict(dict)
    roles: dict[_Key, set[str]] = defaultdict(set)
    for row in rows:
        key = keys[row.article, row.id]
        roles[key] |= {role for role in row.roles if " " in role}
        for alias in row.aliases:
            other = (row.kind, canonical(alias))
            if other in names and other != key and other[1] not in key[1]:
                owners[other].setdefault(key, row.article)
    merged: dict[_Key, _Merge] = {}
    for key in sorted(owners, key=lambda k: (names[k].total(), k)):
        target = min(owners[key])
        if len(owners[key]) == 1 and _end(merged, target) != key:
            merged[key] = _Merge(target, "alias in an article", owners[key][target])
    holders: dict[str, set[_Key]] = defaultdict(set)
    for key, held in roles.items():
        for role in held:
            holders[role].add(key)
    for key in sorted(set(roles) - set(merged)):
        full = {
            (other, role)
            for role in roles[key]
            for other in holders[role]
            if other[0] == key[0] == Kind.PERSON and other[1] != key[1]
            and other[1].startswith(key[1])
        }  # fmt: skip
        if len({other for other, _ in full}) == 1:
            other, role = min(full)
            merged[key] = _Merge(other, "surname and role", role)
    return merged


def _most_used(names: Counter[str]) -> str:
    return min(names, key=lambda name: (-names[name], len(name), name))


def _end(merged: Mapping[_Key, _Merge], key: _Key) -> _Key:
    while key in merged:
        key = merged[key].into
    return key


def _anonymous(row: HolderRow) -> Author:
    # Two unnamed holders of one article stay apart by their ids in it.
    disambiguator = row.article if row.name else f"{row.article}\x1f{row.id}"
    return Author(
        author_id(row.kind, row.name, disambiguator),
        row.name,
        Kind(row.kind),
        identified=False,
        article=row.article,
        aliases=sorted(row.aliases),
        roles=sorted(row.roles),
    )


def _joint(row: HolderRow, members: Sequence[Author]) -> Author:
    identified = all(member.identified for member in members)
    name = "、".join(member.name for member in members)
    return Author(
        author_id(row.kind, name, "" if identified else row.article),
        name,
        Kind(row.kind),
        identified=identified,
        article=None if identified else row.article,
        aliases=sorted({row.name} - {name}),
        members=[(member.name, member.id) for member in members],
    )


def _is_proper(holder: Holder) -> bool:
    proper = getattr(holder, "proper", None)
    if proper is None:
        return bool(holder.name) and holder.kind in IDENTIFIABLE
    return bool(proper)


def _links(annotation: Annotation) -> dict[str, dict[tuple[Label, str], None]]:
    """Return what the names of the holders are linked to as entities, in text order."""
    links: dict[str, dict[tuple[Label, str], None]] = {h.name: {} for h in annotation.holders}
    for entity in annotation.entities:
        surface = annotation.text[slice(*entity.span)]
        if surface in links:
            links[surface][entity.label, entity.entity] = None
    return links


def _linked_name(links: Iterable[tuple[Label, str]], holder: Holder) -> str:
    """Return the canonical name of the entity the holder is, where the article links it to one."""
    labels = _LABELS.get(holder.kind, set())
    for label, name in links:
        # A surname that a name list completes would merge people on the surname alone.
        partial = holder.kind is Kind.PERSON and holder.name in name
        if label in labels and not partial:
            return name
    return holder.name
