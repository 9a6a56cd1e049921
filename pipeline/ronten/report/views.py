"""What templates show of claims, authors and topics: names, addresses and values in words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from ronten.report.charts import SIGNS
from ronten.report.data import AGAINST, FAVOR, Site, Statement, Topic, Value
from ronten.report.names import Links, at
from ronten.report.texts import Texts
from ronten.types import AuthorClaim, Figure, Stance


class Link(NamedTuple):
    """A name, and the address it leads to, if any."""

    name: str
    href: str | None = None


class SideView(NamedTuple):
    """A side in words, with its sign and its target."""

    label: str
    word: str
    sign: str
    target: Link


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A claim in a list."""

    text: str
    href: str
    published: str | None
    article: str
    author: Link
    type: str
    attribution: str
    confidence: float | None
    sides: Sequence[SideView]
    joint: bool = False
    also_in: Sequence[str] = ()


class FigureView(NamedTuple):
    """A figure in a table."""

    text: str
    measures: str | None
    value: str
    author: Link
    claim: Link
    published: str | None


class SideColumn(NamedTuple):
    """The claims of one side, by author."""

    label: str
    word: str
    sign: str
    claims: int
    authors: Sequence[tuple[Link, Sequence[ClaimView]]]


class Views:
    """Makes views of the records of a site, for pages that reach each other by `href`."""

    def __init__(self, site: Site, texts: Texts, href: Links) -> None:
        self.site = site
        self.texts = texts
        self.href = href

    def author(self, statement: Statement) -> Link:
        """Return who puts a claim forward; the unnamed lead to their article."""
        name = statement.author_name or statement.holder_name
        if not name:
            unnamed = statement.author is not None
            name = self.texts("unnamed" if unnamed else "unspecified")
        return Link(name, self.author_href(statement.author))

    def author_href(self, id_: str | None) -> str | None:
        """Return the address of an author's page, if there is one."""
        entry = self.site.authors.get(id_ or "")
        return self.href(entry.page) if entry and entry.page else None

    def position(self, id_: str | None, claim: str) -> Link:
        """Return a position, in the words of its example, where the author of a claim holds it."""
        statement = self.site.claims.get(claim)
        entry = self.site.authors.get((statement and statement.author) or "")
        page = entry.page if entry else None
        return Link(
            self.site.examples.get(id_ or "", id_ or ""),
            self.href(page, id_) if page and id_ else None,
        )

    def topic(self, group: str | None) -> Link:
        """Return a coarse topic."""
        topic = self.site.topics.get(group or "")
        return Link(topic.label, self.href(topic.page)) if topic else Link(self.texts("no_topic"))

    def target(self, target: str) -> Link:
        """Return a target; those that no claim takes a side on have no page."""
        id_ = self.site.target_ids.get(target)
        return Link(target, self.href(self.site.topics[id_].page) if id_ else None)

    def side(self, label: str, target: str) -> SideView:
        """Return a side on a target."""
        return SideView(label, self.texts(label), SIGNS[label], self.target(target))

    def sides(self, stances: Iterable[Stance]) -> list[SideView]:
        """Return the sides that are taken."""
        return [self.side(s.label, s.target) for s in stances if s.label != "none"]

    def claim_href(self, claim: str, article: str) -> str:
        """Return the address of a claim in its article."""
        return self.href(self.site.articles[article].page, at(c=claim))

    def claim(self, statement: Statement) -> ClaimView:
        """Return a claim of the dataset."""
        article = self.site.articles[statement.article]
        return ClaimView(
            text=statement.text,
            href=self.claim_href(statement.id, statement.article),
            published=article.published,
            article=article.title or self.texts("untitled"),
            author=self.author(statement),
            type=statement.type,
            attribution=statement.attribution,
            confidence=statement.confidence,
            sides=[self.side(s.label, s.target) for s in self.site.sides.get(statement.id, ())],
        )

    def document_claim(self, claim: AuthorClaim) -> ClaimView:
        """Return a claim of an author document."""
        known = self.site.articles.get(claim.article)
        return ClaimView(
            text=claim.text,
            href=self.claim_href(claim.id, claim.article) if known else "",
            published=claim.published,
            article=claim.title or self.texts("untitled"),
            author=Link(""),
            type=claim.type.value,
            attribution=claim.attribution.value,
            confidence=claim.confidence,
            sides=self.sides(claim.stances),
            joint=claim.joint,
            also_in=claim.also_in,
        )

    def columns(self, topic: Topic) -> list[tuple[Link, list[SideColumn]]]:
        """Return by target the two sides that the claims of a topic take, most claims first."""
        taken: dict[str, dict[str, list[Statement]]] = defaultdict(lambda: defaultdict(list))
        for id_ in topic.claims:
            for side in self.site.sides.get(id_, ()):
                if not topic.is_target or side.target == topic.label:
                    taken[side.target][side.label].append(self.site.claims[id_])
        order = sorted(taken, key=lambda t: (-sum(map(len, taken[t].values())), t))
        return [
            (self.target(t), [self._column(side, taken[t][side]) for side in (FAVOR, AGAINST)])
            for t in order
        ]

    def _column(self, side: str, statements: Sequence[Statement]) -> SideColumn:
        by_author: dict[Link, list[ClaimView]] = defaultdict(list)
        for statement in statements:
            by_author[self.author(statement)].append(self.claim(statement))
        authors = sorted(by_author.items(), key=lambda item: -len(item[1]))
        return SideColumn(side, self.texts(side), SIGNS[side], len(statements), authors)

    def figures(self, statements: Iterable[Statement]) -> list[FigureView]:
        """Return the figures in some claims but dates, what they measure first."""
        found = [
            FigureView(
                value.text,
                value.measures,
                self.value(value),
                self.author(statement),
                Link(statement.text, self.claim_href(statement.id, statement.article)),
                self.site.articles[statement.article].published,
            )
            for statement in statements
            for value in self.site.figures.get(statement.id, ())
            if value.kind != "date"
        ]
        return sorted(found, key=lambda f: (f.measures is None, f.measures or ""))

    def value(self, figure: Value | Figure) -> str:
        """Return what a figure says in numbers."""
        low, high = figure.low, figure.high
        if figure.kind == "date" and isinstance(figure, Value):
            low, high = figure.date_from, figure.date_to  # type: ignore[assignment]
        return self.range(low, high, str(figure.kind), figure.unit)

    def range(self, low: Any, high: Any, kind: str, unit: str | None) -> str:
        """Return a range of values, open ends shown by a dash alone."""
        ends = [
            "" if end is None else end if isinstance(end, str) else self.texts.amount(end)
            for end in (low, high)
        ]
        sign = {"percent": "%", "multiplier": "×"}.get(kind) or self.texts.unit(unit)
        if not any(ends):
            return ""
        return (ends[0] if ends[0] == ends[1] else "–".join(ends)) + sign

    def tally(self, statements: Iterable[tuple[str, str]]) -> list[tuple[Link, int, int]]:
        """Return from (target, label) how many are for and against, by target."""
        counts = Counter(statements)
        targets = sorted(
            {t for t, _ in counts}, key=lambda t: (-counts[t, FAVOR] - counts[t, AGAINST], t)
        )
        return [(self.target(t), counts[t, FAVOR], counts[t, AGAINST]) for t in targets]
