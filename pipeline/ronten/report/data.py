"""What the pages are made of, read from the dataset and the author documents of a folder."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from ronten import output
from ronten.dataset import Dataset
from ronten.emit import ANNOTATIONS, REJECTED
from ronten.errors import UsageError
from ronten.report.names import article_page, author_page, target_id, topic_page
from ronten.types import Annotation, AuthorPositions

FAVOR, AGAINST, BOTH, NONE = "favor", "against", "both", "none"


class Side(NamedTuple):
    """The side that a claim takes on a target."""

    target: str
    label: str
    score: float | None


class Value(NamedTuple):
    """A figure inside a claim."""

    text: str
    kind: str
    low: float | None
    high: float | None
    date_from: str | None
    date_to: str | None
    unit: str | None
    measures: str | None


class Statement(NamedTuple):
    """A claim as lists and charts need it; repeats in near duplicates are no statements."""

    id: str
    author: str | None
    author_name: str | None
    author_kind: str | None
    identified: bool | None
    holder: str
    holder_name: str | None
    text: str
    type: str
    attribution: str
    certainty: str | None
    negated: bool | None
    confidence: float | None
    position: str | None
    group: str | None
    entities: list[str]
    article: str
    start: int
    end: int


class ArticleEntry(NamedTuple):
    """An article without its text."""

    id: str
    title: str | None
    published: str | None
    source_name: str | None
    url: str | None
    genre: str | None
    origin: str | None
    row: int | None
    claims: int

    @property
    def page(self) -> str:
        """Name of its page."""
        return article_page(self.title, self.id)


class AuthorEntry(NamedTuple):
    """An author; only identified ones have a page and a document."""

    id: str
    name: str
    kind: str
    identified: bool
    claims: int
    positions: int
    articles: int
    first: str | None
    last: str | None

    @property
    def page(self) -> str | None:
        """Name of the page; None for those who live in one article."""
        return author_page(self.name, self.id) if self.identified else None


@dataclass
class Topic:
    """A coarse topic, or a target that claims take sides on, with its claims."""

    id: str
    label: str
    is_target: bool
    claims: list[str] = field(default_factory=list)
    favor: int = 0
    against: int = 0
    authors: set[str] = field(default_factory=set)

    @cached_property
    def page(self) -> str:
        """Name of its page."""
        return topic_page(self.label, self.id)


class Rejection(NamedTuple):
    """An input that could not be used."""

    origin: str
    row: int | None
    reason: str
    detail: str


class Said(NamedTuple):
    """A value that an author gives for a quantity."""

    author: str
    claim: str
    low: Any
    high: Any


class Quantity(NamedTuple):
    """What different authors give different values for."""

    group: str
    measures: str
    kind: str
    unit: str


@dataclass
class Site:
    """Everything that more than one page needs; texts and documents are read page by page."""

    folder: Path
    version: str
    articles: dict[str, ArticleEntry]
    authors: dict[str, AuthorEntry]
    claims: dict[str, Statement]
    sides: dict[str, list[Side]]
    credits: dict[str, list[str]]
    """Ids of the authors a claim is credited to, by claim."""
    figures: dict[str, list[Value]]
    topics: dict[str, Topic]
    """Coarse topics and targets, by id."""
    group_of: dict[str, str]
    """Coarse topic by position."""
    examples: dict[str, str]
    """The claim that stands for a position, in its words, by position."""
    labels: dict[str, str]
    """The label that most mentions of a name have, by name."""
    rejected: list[Rejection]
    disputes: dict[Quantity, set[Said]] = field(default_factory=dict)
    """Filled by `documents`."""

    @cached_property
    def target_ids(self) -> dict[str, str]:
        """Id of a target by the target."""
        return {topic.label: id_ for id_, topic in self.topics.items() if topic.is_target}

    def topic(self, statement: Statement) -> Topic | None:
        """Return the coarse topic of a claim."""
        return self.topics.get(statement.group or "")

    def ranked(self, *, targets: bool) -> list[Topic]:
        """Return targets, or coarse topics, with most claims first."""
        found = [topic for topic in self.topics.values() if topic.is_target == targets]
        return sorted(found, key=lambda t: (-len(t.claims), -len(t.authors), t.id))

    def documents(self) -> Iterator[AuthorPositions]:
        """Yield the document of every identified author, most claims first.

        Raises `UsageError` where one is missing, damaged, or older than the dataset.
        """
        for entry in output.index(self.folder)["authors"]:
            path = self.folder / entry["file"]
            document = output.document(path)
            self._check(path, (c.article for p in document.positions for c in p.claims))
            self._note_disputes(document)
            yield document

    def annotations(self) -> Iterator[Annotation]:
        """Yield every article with all that was found in it. Raises `UsageError` as `documents`."""
        path = self.folder / ANNOTATIONS
        with output.sound(path), path.open(encoding="utf-8") as lines:
            for line in lines:
                annotation = Annotation.model_validate_json(line)
                self._check(path, [annotation.id])
                yield annotation

    def _check(self, path: Path, articles: Iterable[str]) -> None:
        """Raise `UsageError` where a file speaks of articles that are not in the dataset."""
        if not self.articles.keys() >= set(articles):
            raise UsageError(
                f"{path}: older than the dataset; the next `ronten run` into {self.folder} "
                "writes it"
            )

    def _note_disputes(self, document: AuthorPositions) -> None:
        for dispute in document.disputes:
            own = self.claims.get(dispute["claim"])
            if own is None:
                continue
            key = Quantity(
                own.group or "", dispute["measures"], dispute["kind"], dispute["unit"] or ""
            )
            said = self.disputes.setdefault(key, set())
            said.add(Said(document.id, dispute["claim"], dispute["low"], dispute["high"]))
            for other in dispute["others"]:
                said.add(Said(other["author"], other["claim"], other["low"], other["high"]))


def read(dataset: Dataset, version: str) -> Site:
    """Read what all pages share from an open dataset.

    Raises `UsageError` where the folder has no finished run.
    """
    output.index(dataset.folder)
    site = Site(
        folder=dataset.folder,
        version=version,
        articles={row[0]: ArticleEntry(*row) for row in dataset.select(_ARTICLES).rows},
        authors={row[0]: AuthorEntry(*row) for row in dataset.select(_AUTHORS).rows},
        claims={row[0]: Statement(*row) for row in dataset.select(_CLAIMS).rows},
        sides=_by_first(dataset, _SIDES, Side),
        credits=_by_first(dataset, _CREDITS, lambda author: author),
        figures=_by_first(dataset, _FIGURES, Value),
        topics={},
        group_of=dict(dataset.select(_GROUPS).rows),
        examples=dict(dataset.select(_EXAMPLES).rows),
        labels=dict(dataset.select(_ENTITY_LABELS).rows),
        rejected=list(_rejected(dataset.folder / REJECTED)),
    )
    labels = dict(dataset.select(_LABELS).rows)
    for statement in site.claims.values():
        _note_topics(site, statement, labels)
    return site


def side_of(labels: Sequence[str]) -> str:
    """Return the side that labels take together."""
    counts = Counter(labels)
    if counts[FAVOR] and counts[AGAINST]:
        return BOTH
    return FAVOR if counts[FAVOR] else AGAINST if counts[AGAINST] else NONE


def _note_topics(site: Site, statement: Statement, labels: dict[str, str]) -> None:
    """Put a claim under its coarse topic and under the targets it takes a side on."""
    sides = site.sides.get(statement.id, ())
    authors = site.credits.get(statement.id, ())
    about = [(statement.group, labels[statement.group], False)] if statement.group in labels else []
    about += [(target_id(side.target), side.target, True) for side in sides]
    for id_, label, is_target in about:
        topic = site.topics.setdefault(id_, Topic(id_, label, is_target))
        topic.claims.append(statement.id)
        topic.authors.update(authors)
        taken = [s.label for s in sides if not is_target or s.target == label]
        topic.favor += FAVOR in taken
        topic.against += AGAINST in taken


def _by_first(dataset: Dataset, query: str, make: Any) -> dict[str, list[Any]]:
    """Return rows by their first column."""
    found: dict[str, list[Any]] = defaultdict(list)
    for first, *rest in dataset.select(query).rows:
        found[first].append(make(*rest))
    return dict(found)


def _rejected(path: Path) -> Iterator[Rejection]:
    if not path.is_file():
        return
    with output.sound(path), path.open(encoding="utf-8") as lines:
        for line in lines:
            found = json.loads(line)
            yield Rejection(found["origin"], found["row"], found["reason"], found["detail"])


_ARTICLES = """
SELECT id, title, published, source_name, url, genre, origin, "row", claims
FROM articles ORDER BY published DESC NULLS LAST, id
"""
_AUTHORS = """
SELECT id, name, kind, identified, claims, positions, articles, first, last
FROM authors ORDER BY claims DESC, id
"""
_CLAIMS = """
SELECT c.id, c.author, c.author_name, c.author_kind, c.identified, c.holder, c.holder_name, c.text,
    c.type, c.attribution, c.certainty, c.negated, c.confidence, c.position, p.group_id, c.entities,
    c.article, c."start", c."end"
FROM claims c LEFT JOIN positions p ON p.id = c.position
WHERE c.original IS NULL ORDER BY c.published NULLS LAST, c.article, c."start", c.id
"""
_SIDES = """
SELECT claim, target, label, score FROM stances WHERE label <> 'none' ORDER BY claim, target
"""
_CREDITS = "SELECT claim, author FROM claim_authors ORDER BY claim, joint, author"
_FIGURES = """
SELECT claim, text, kind, low, high, date_from, date_to, unit, measures FROM figures
WHERE claim IS NOT NULL ORDER BY article, "start", "end", kind, low, date_from
"""
_ENTITY_LABELS = """
SELECT entity, label FROM (SELECT entity, label, count(*) AS n FROM entities GROUP BY ALL)
ORDER BY n, label DESC
"""
_GROUPS = "SELECT id, group_id FROM positions WHERE group_id IS NOT NULL ORDER BY id"
_EXAMPLES = "SELECT id, example FROM positions WHERE example IS NOT NULL ORDER BY id"
_LABELS = """
SELECT DISTINCT group_id, group_label FROM positions
WHERE group_id IS NOT NULL AND group_label IS NOT NULL AND group_label <> '' ORDER BY ALL
"""
