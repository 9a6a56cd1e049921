"""What the overview shows: who stands where, when, about what, and which figures differ."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, NamedTuple

from ronten.report import charts
from ronten.report.data import AGAINST, BOTH, FAVOR, Quantity, Said, Site, Topic, side_of
from ronten.report.names import SEARCH, Links, at
from ronten.report.texts import Texts

AUTHORS, TOPICS, TARGETS, ENTITIES, DISPUTES = 20, 10, 15, 20, 20
"""How many of each the overview shows."""
VALUES, NAMED = 6, 4
"""How many values of a quantity, and authors of a value."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_LONGEST = {"day": 92, "month": 3 * 366, "year": 9999 * 366}
"""Days of a period at most that is shown in a unit."""
_SIZE = {"day": 10, "month": 7, "year": 4}


class Matrix(NamedTuple):
    """Authors by topics; the rows are those of `charts.matrix`."""

    authors: list[str]
    topics: list[str]
    rows: list[dict[str, Any]]

    def cell(self, author: str, topic: str) -> dict[str, Any] | None:
        """Return what an author says on a topic."""
        found = (r for r in self.rows if r["author"] == author and r["topic"] == topic)
        return next(found, None)


class Timeline(NamedTuple):
    """Claims by date; `left_out` have none that is fine enough."""

    unit: str
    rows: list[dict[str, Any]]
    left_out: int


class Contested(NamedTuple):
    """A target with both sides: claims and authors for and against."""

    topic: Topic
    favor: int
    against: int
    for_: int
    opposed: int


class Dispute(NamedTuple):
    """A quantity with the values that are given for it, and by whom."""

    quantity: Quantity
    values: list[tuple[Said, list[Said]]]
    """One who gives a value, and all who do, each author once."""
    left_out: int


def labels(site: Site, texts: Texts) -> dict[str, str]:
    """Return by id under which name identified authors go, told apart where two share one."""
    known = [author for author in site.authors.values() if author.identified]
    by_name = Counter(author.name for author in known)
    by_kind = Counter((author.name, author.kind) for author in known)
    found = {}
    for author in known:
        label = author.name
        if by_name[label] > 1:
            label += f"（{texts.name(author.kind)}）"
        if by_kind[author.name, author.kind] > 1:
            label += f" {author.id}"
        found[author.id] = label
    return found


def by_target(site: Site, names: dict[str, str], href: Links) -> Matrix:
    """Return who takes which side on which target."""
    taken: dict[tuple[str, str], list[str]] = defaultdict(list)
    for id_, sides in site.sides.items():
        for author in site.credits.get(id_, ()) if id_ in site.claims else ():
            for side in sides:
                taken[author, side.target].append(side.label)
    return _matrix(taken, names, AUTHORS, TARGETS, lambda a, t: at(author=a, target=t), href)


def by_topic(site: Site, names: dict[str, str], href: Links) -> Matrix:
    """Return who makes claims under which coarse topic, and the sides that these take."""
    taken: dict[tuple[str, str], list[str]] = defaultdict(list)
    for topic in site.ranked(targets=False)[: TOPICS * 3]:
        for id_ in topic.claims:
            label = side_of([side.label for side in site.sides.get(id_, ())])
            for author in site.credits.get(id_, ()):
                taken[author, topic.label].append(label)
    return _matrix(taken, names, AUTHORS, TOPICS, lambda a, t: at(author=a, topic=t), href)


def _matrix(
    taken: dict[tuple[str, str], list[str]],
    names: dict[str, str],
    rows: int,
    columns: int,
    query: Callable[[str, str], str],
    href: Links,
) -> Matrix:
    """Return the part of a matrix where most is said."""
    known = {pair: found for pair, found in taken.items() if pair[0] in names}
    by_topic: Counter[str] = Counter()
    for (_, topic), found in known.items():
        by_topic[topic] += len(found)
    topics = _first(by_topic, columns)
    by_author: Counter[str] = Counter()
    for (author, topic), found in known.items():
        if topic in topics:
            by_author[author] += len(found)
    authors = _first(by_author, rows)
    cells = []
    for (author, topic), found in sorted(known.items()):
        if author in authors and topic in topics:
            side = BOTH if BOTH in found else side_of(found)
            count = len(found)
            cells.append(
                {
                    "author": names[author],
                    "topic": topic,
                    "side": side,
                    "n": count,
                    "mark": f"{charts.SIGNS[side]}{count}",
                    "href": href(SEARCH, query(names[author], topic)),
                }
            )
    return Matrix([names[author] for author in authors], topics, cells)


def timeline(site: Site) -> Timeline:
    """Return the number of claims by day, month or year, whichever suits the period."""
    dated = [(site.articles[s.article].published or "", s.type) for s in site.claims.values()]
    days = [_day(text) for text, _ in dated]
    known = [day for day in days if day]
    span = (max(known) - min(known)).days if known else 0
    fitting = [unit for unit, longest in _LONGEST.items() if span <= longest]
    unit = next(u for u in fitting if _known_by(u, dated) * 2 >= len(known))
    size = _SIZE[unit]
    counts = Counter(
        (text[:size], type_)
        for (text, type_), day in zip(dated, days, strict=True)
        if day and len(text) >= size
    )
    rows = [
        {
            "date": label + "-01-01"[size - 4 :],
            "label": label,
            "type": type_,
            "order": charts.TYPES.index(type_),
            "n": n,
        }
        for (label, type_), n in sorted(counts.items())
    ]
    return Timeline(unit, rows, len(dated) - sum(counts.values()))


def _known_by(unit: str, dated: Iterable[tuple[str, str]]) -> int:
    """Return how many claims have a date as fine as a unit."""
    return sum(_day(text) is not None and len(text) >= _SIZE[unit] for text, _ in dated)


def contested(site: Site) -> list[Contested]:
    """Return the targets that are argued for and against, most evenly held first."""
    found = []
    for topic in site.ranked(targets=True):
        if topic.favor and topic.against:
            held: dict[str, set[str]] = {FAVOR: set(), AGAINST: set()}
            for id_ in topic.claims:
                for side in site.sides[id_]:
                    if side.target == topic.label:
                        held[side.label].update(site.credits.get(id_, ()))
            found.append(
                Contested(topic, topic.favor, topic.against, len(held[FAVOR]), len(held[AGAINST]))
            )
    found.sort(key=lambda c: (-min(c.for_, c.opposed), -c.favor - c.against, c.topic.id))
    return found[:TARGETS]


def contested_rows(found: Iterable[Contested], href: Links) -> list[dict[str, Any]]:
    """Return the rows of `charts.contested`."""
    return [
        {
            "target": one.topic.label,
            "side": side,
            "n": n,
            "signed": n if side == FAVOR else -n,
            "href": href(one.topic.page),
        }
        for one in found
        for side, n in ((FAVOR, one.favor), (AGAINST, one.against))
    ]


def entities(site: Site, texts: Texts, href: Links) -> list[dict[str, Any]]:
    """Return the names that most claims hold, as rows of `charts.entities`."""
    counts = Counter(entity for claim in site.claims.values() for entity in claim.entities)
    order = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [
        {
            "entity": name,
            "label": texts.name(site.labels.get(name)),
            "n": n,
            "href": href(SEARCH, at(entity=name)),
        }
        for name, n in order[:ENTITIES]
    ]


def disputes(site: Site) -> list[Dispute]:
    """Return the quantities in dispute, those that most authors speak of first."""
    found = []
    for key, said in site.disputes.items():
        by_value: dict[tuple[Any, Any], dict[str, Said]] = defaultdict(dict)
        for one in sorted(said, key=lambda s: (s.author, s.claim)):
            if one.claim in site.claims:
                by_value[one.low, one.high].setdefault(one.author, one)
        values = [list(authors.values()) for authors in by_value.values()]
        values.sort(key=lambda v: (-len(v), str(v[0].low), str(v[0].high)))
        if len(values) > 1:
            count = len({one.author for value in values for one in value})
            shown = [(value[0], value[:NAMED]) for value in values[:VALUES]]
            found.append((-count, Dispute(key, shown, len(values) - len(shown))))
    found.sort(key=lambda item: (item[0], item[1].quantity))
    return [dispute for _, dispute in found[:DISPUTES]]


def period(site: Site) -> tuple[str, str] | None:
    """Return the first and last date of the articles."""
    dates = [entry.published for entry in site.articles.values() if entry.published]
    return (min(dates), max(dates)) if dates else None


def _first(counts: Counter[str], size: int) -> list[str]:
    return [key for key, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:size]]


def _day(text: str) -> date | None:
    """Return a date as a day, the first one of a month or year; None for what is none."""
    full = (text + "-01-01"[max(0, len(text) - 4) :])[:10]
    if not _DAY.fullmatch(full):
        return None
    try:
        return date.fromisoformat(full)
    except ValueError:
        return None
