"""The pages, as functions from records to HTML; whoever serves or writes them calls these."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ronten.report import charts, marks, overview
from ronten.report.data import Site, Topic
from ronten.report.marks import Mark, clean
from ronten.report.names import (
    ARTICLES,
    AUTHORS,
    OVERVIEW,
    SEARCH,
    TOPICS,
    Links,
    at,
    author_page,
    in_folder,
    safe_url,
)
from ronten.report.texts import Texts
from ronten.report.views import Link, Views
from ronten.types import Annotation, AuthorPositions, Claim, Figure, Holder, Kind

LISTED = 200
"""Rejected inputs that the overview lists at most."""

_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Page:
    """A page: file name, title, which entry of the menu it belongs to, and its content."""

    name: str
    title: str
    menu: str
    main: Markup
    charts: bool = False


class Pages:
    """Makes the pages of a site in a language, with the addresses that `links` gives.

    `links` takes the name of the page that is being written; `menu` has names of pages and keys of
    their texts, the entries of `MENU` unless given.
    """

    def __init__(
        self,
        site: Site,
        texts: Texts,
        links: Callable[[str], Links] = in_folder,
        menu: Sequence[tuple[str, str]] = (),
    ) -> None:
        self.site = site
        self.texts = texts
        self._links = links
        self._menu = menu or MENU

    @cached_property
    def names(self) -> dict[str, str]:
        """Names of the identified authors by id, told apart where two share one."""
        return overview.labels(self.site, self.texts)

    def overview(self) -> Page:
        """Return the first page; what is in dispute is known once all documents were read."""
        site, texts, href = self.site, self.texts, self._links(OVERVIEW)
        views = Views(site, texts, href)
        targets = overview.by_target(site, self.names, href)
        topics = overview.by_topic(site, self.names, href)
        contested = overview.contested(site)
        entities = overview.entities(site, texts, href)
        times = overview.timeline(site)
        specs: dict[str, Any] = {}
        if targets.rows:
            specs["matrix_targets"] = charts.matrix(
                targets.rows, targets.authors, targets.topics, texts
            )
        if topics.rows:
            specs["matrix_topics"] = charts.matrix(
                topics.rows, topics.authors, topics.topics, texts
            )
        if times.rows:
            specs["timeline"] = charts.timeline(times.rows, times.unit, texts)
        if contested:
            rows = overview.contested_rows(contested, href)
            order = [one.topic.label for one in contested]
            specs["contested"] = charts.contested(rows, order, texts)
        if entities:
            specs["entities"] = charts.entities(entities, texts)
        main = self._render(
            "overview",
            href,
            views=views,
            specs=specs,
            matrices={"matrix_targets": targets, "matrix_topics": topics},
            timeline=times,
            contested=contested,
            entities=entities,
            disputes=overview.disputes(site),
            period=overview.period(site),
            reasons=sorted(Counter(r.reason for r in site.rejected).items()),
            listed=LISTED,
        )
        return Page(OVERVIEW, texts("overview"), OVERVIEW, main, charts=bool(specs))

    def authors(self) -> Page:
        """Return the list of the identified authors."""
        known = [author for author in self.site.authors.values() if author.identified]
        sides: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for id_, found in self.site.sides.items():
            for author in self.site.credits.get(id_, ()):
                sides[author] += [(side.target, side.label) for side in found]
        return self._page(AUTHORS, self.texts("authors"), AUTHORS, authors=known, sides=sides)

    def topics(self) -> Page:
        """Return the list of targets and coarse topics."""
        return self._page(
            TOPICS,
            self.texts("topics"),
            TOPICS,
            targets=self.site.ranked(targets=True),
            topics=self.site.ranked(targets=False),
        )

    def articles(self) -> Page:
        """Return the list of articles."""
        listed = list(self.site.articles.values())
        return self._page(ARTICLES, self.texts("articles"), ARTICLES, articles=listed)

    def search(self) -> Page:
        """Return the page that searches all claims."""
        return self._page(SEARCH, self.texts("search"), SEARCH)

    def author(self, document: AuthorPositions) -> Page:
        """Return the page of an identified author."""
        name = author_page(document.name, document.id)
        sides = [
            (stance.target, stance.label)
            for position in document.positions
            for claim in position.claims
            for stance in claim.stances
            if stance.label != "none"
        ]
        places = {c.id: c.article for p in document.positions for c in p.claims}
        return self._page(
            name,
            self.names.get(document.id, document.name),
            AUTHORS,
            template="author",
            author=document,
            query=at(author=self.names.get(document.id, document.name)),
            sides=sides,
            places=places,
        )

    def topic(self, topic: Topic) -> Page:
        """Return the page of a coarse topic or a target."""
        statements = [self.site.claims[id_] for id_ in topic.claims]
        rest = [] if topic.is_target else [s for s in statements if s.id not in self.site.sides]
        key = "target" if topic.is_target else "topic"
        return self._page(
            topic.page,
            topic.label,
            TOPICS,
            template="topic",
            topic=topic,
            query=at(**{key: topic.label}),
            statements=statements,
            rest=rest,
        )

    def article(self, annotation: Annotation) -> Page:
        """Return the page of an article with everything that was found in it."""
        entry = self.site.articles[annotation.id]
        href = self._links(entry.page)
        views = Views(self.site, self.texts, href)
        holders = {holder.id: holder for holder in annotation.holders}
        numbers = marks.colours(annotation)
        letters = {holder: letter_of(number) for holder, number in numbers.items()}
        known = {holder: self._holder(annotation, holders[holder], views) for holder in numbers}
        inside = _Inside(annotation)
        data = [
            self._claim(
                annotation, claim, known[claim.holder], letters[claim.holder], views, inside
            )
            for claim in annotation.claims
        ]
        found = Counter(claim.holder for claim in annotation.claims)
        main = self._render(
            "article",
            href,
            entry=entry,
            url=safe_url(entry.url),
            blocks=marks.blocks(
                annotation,
                self._marks(annotation),
                [letters[claim.holder] for claim in annotation.claims],
            ),
            holders=[
                (letters[id_], number % marks.COLOURS, known[id_], holders[id_], found[id_])
                for id_, number in numbers.items()
            ],
            data={"claims": data},
        )
        return Page(entry.page, entry.title or self.texts("untitled"), ARTICLES, main)

    def document(self, page: Page) -> str:
        """Return a page as a document of its own, which finds assets beside it."""
        href = self._links(page.name)
        return str(self._render("layout", href, page=page))

    def head(self, **values: Markup) -> str:
        """Return the beginning of the one file that holds all pages."""
        return str(self._render("single", self._links(""), page=None, **values))

    def _page(self, name: str, title: str, menu: str, template: str = "", **values: Any) -> Page:
        href = self._links(name)
        template = template or name.removesuffix(".html")
        views = Views(self.site, self.texts, href)
        return Page(name, title, menu, self._render(template, href, views=views, **values))

    def _render(self, template: str, href: Links, **values: Any) -> Markup:
        found = ENVIRONMENT.get_template(f"{template}.html.jinja")
        return Markup(
            found.render(site=self.site, t=self.texts, href=href, menu=self._menu, **values)
        )

    def _holder(self, annotation: Annotation, holder: Holder, views: Views) -> Link:
        """Return a holder by the name it has in the article, with the page of its author."""
        claim = next(c for c in annotation.claims if c.holder == holder.id)
        statement = self.site.claims.get(claim.id)
        unnamed = "unspecified" if holder.kind == Kind.UNSPECIFIED else "unnamed"
        name = holder.name or self.texts(unnamed)
        return Link(name, views.author_href(statement.author) if statement else None)

    def _claim(
        self,
        annotation: Annotation,
        claim: Claim,
        holder: Link,
        letter: str,
        views: Views,
        inside: _Inside,
    ) -> dict[str, Any]:
        """Return what the panel of an article says of a claim: names and values in words."""
        texts, text = self.texts, annotation.text
        rows: list[tuple[str, str, str | None]] = [
            (texts("type"), texts(claim.type.value), None),
            (texts("attribution"), texts(claim.attribution.value), None),
            (texts("certainty"), texts.name(claim.certainty), None),
            (texts("negated"), texts("yes") if claim.negated else "", None),
            (texts("source"), text[slice(*claim.source)] if claim.source else "", None),
            (texts("cue"), text[slice(*claim.cue)] if claim.cue else "", None),
        ]
        for stance in claim.stances:
            if stance.label != "none":
                side = views.side(stance.label, stance.target)
                score = "" if stance.score is None else f" ({stance.score:.2f})"
                value = f"{side.sign} {side.word}: {stance.target}{score}"
                rows.append((texts("stance"), value, side.target.href))
        topic = views.topic(self.site.group_of.get(claim.position or ""))
        rows.append((texts("topic"), topic.name, topic.href))
        rows.append((texts("position"), *views.position(claim.position, claim.id)))
        for name in inside.names(claim):
            rows.append((texts("entity"), name, views.href(SEARCH, at(entity=name))))
        for figure in inside.figures.get(claim.id, ()):
            rows.append((texts("figure"), text[slice(*figure.span)], None))
        why = [(texts("rule"), claim.rule or ""), (texts("position_id"), claim.position or "")]
        if claim.check_worthiness is not None:
            why.append((texts("check_worthiness"), f"{claim.check_worthiness:.2f}"))
        if claim.id not in self.site.claims:
            why.append(("", texts("repeats")))
        return {
            "id": claim.id,
            "letter": letter,
            "holder": holder.name,
            "href": holder.href,
            "text": " … ".join(text[slice(*span)] for span in claim.content),
            "rows": [row for row in rows if row[1]],
            "confidence": claim.confidence,
            "why": texts.why(claim.rule),
            "more": [pair for pair in why if pair[1]],
        }

    def _marks(self, annotation: Annotation) -> Iterable[Mark]:
        for number, claim in enumerate(annotation.claims):
            for span in claim.content:
                yield Mark(span, "claim", number)
            if claim.source:
                yield Mark(claim.source, "source", number)
            if claim.cue:
                yield Mark(claim.cue, "cue", number)
        for entity in annotation.entities:
            title = f"{self.texts(entity.label.value)}: {entity.entity}"
            yield Mark(entity.span, "entity", None, title)
        views = Views(self.site, self.texts, in_folder(""))
        for figure in annotation.figures:
            value = views.value(figure)
            parts = (self.texts.name(figure.kind.value), figure.measures or "", value)
            yield Mark(figure.span, "figure", None, " ".join(part for part in parts if part))


class _Inside:
    """Which names and figures of an article stand inside which claim."""

    def __init__(self, annotation: Annotation) -> None:
        self.figures: dict[str, list[Figure]] = defaultdict(list)
        for figure in annotation.figures:
            if figure.claim:
                self.figures[figure.claim].append(figure)
        self._entities = sorted(annotation.entities, key=lambda entity: entity.span)
        self._starts = [entity.span[0] for entity in self._entities]

    def names(self, claim: Claim) -> Iterable[str]:
        """Return the canonical names inside the content of a claim, each once."""
        return dict.fromkeys(
            entity.entity
            for start, end in claim.content
            for entity in self._entities[
                bisect_left(self._starts, start) : bisect_left(self._starts, end)
            ]
            if entity.span[1] <= end
        )


MENU = (
    (OVERVIEW, "overview"),
    (AUTHORS, "authors"),
    (TOPICS, "topics"),
    (ARTICLES, "articles"),
    (SEARCH, "search_menu"),
)


def script_json(value: Any) -> Markup:
    """Return JSON that may stand inside a script element, whatever it holds."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for char, safe in _UNSAFE.items():
        text = text.replace(char, safe)
    return Markup(text)


_UNSAFE: Mapping[str, str] = {
    "<": "\\u003c",
    ">": "\\u003e",
    "&": "\\u0026",
    "\u2028": "\\u2028",
    "\u2029": "\\u2029",
}


def letter_of(number: int) -> str:
    """Return A to Z, then AA and so on."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _shown(value: Any) -> Any:
    """Return a value for the page: text without what no page can show."""
    return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    environment.filters["json"] = script_json
    environment.globals["pages"] = {
        "overview": OVERVIEW, "authors": AUTHORS, "topics": TOPICS, "articles": ARTICLES,
        "search": SEARCH,
    }  # fmt: skip
    environment.globals["at"] = at
    return environment


ENVIRONMENT = _environment()
