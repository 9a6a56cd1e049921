"""The pages of the report, made when they are asked for."""

from __future__ import annotations

import ronten
from ronten import output, report
from ronten.report import data
from ronten.report.names import ARTICLES, AUTHORS, OVERVIEW, SEARCH, TOPICS, author_page
from ronten.report.pages import Page, Pages
from ronten.review.desk import Desk
from ronten.review.texts import ReviewTexts


class ReportPages:
    """The report of a dataset; what all of its pages share is read again when that changes."""

    def __init__(self, desk: Desk, texts: ReviewTexts, menu: tuple[tuple[str, str], ...]) -> None:
        self._desk = desk
        self._texts = texts
        self._menu = menu
        self._known: tuple[object, Pages | None] = (None, None)
        self._assets: dict[str, str] = {}
        self._overview: tuple[object, Page | None] = (None, None)

    def asset(self, name: str) -> str | None:
        """Return a file that pages share, None where there is none of that name."""
        if not self._assets:
            self._assets = report.assets(self._texts)
        return self._assets.get(name)

    def claims(self) -> str:
        """Return the script with all claims, for the search."""
        return report.claims_script(self._pages().site, self._texts)

    def document(self, name: str) -> str | None:
        """Return a page by its name, None where there is none."""
        pages = self._pages()
        page = self._first(pages) if name == OVERVIEW else _page(pages, name)
        return None if page is None else pages.document(page)

    def _first(self, pages: Pages) -> Page:
        """Return the overview, for which all author documents are read."""
        known, page = self._overview
        if page is None or known is not pages:
            for _ in pages.site.documents():
                pass  # what is in dispute is known once all of them were read
            page = pages.overview()
            self._overview = (pages, page)
        return page

    def _pages(self) -> Pages:
        version = self._desk.version
        known, pages = self._known
        if pages is None or known != version:
            with self._desk.tables() as dataset:
                site = data.read(dataset, ronten.__version__)
            pages = Pages(site, self._texts, menu=self._menu)
            self._known = (version, pages)
        return pages


def _page(pages: Pages, name: str) -> Page | None:
    site = pages.site
    plain = {
        AUTHORS: pages.authors,
        TOPICS: pages.topics,
        ARTICLES: pages.articles,
        SEARCH: pages.search,
    }
    if name in plain:
        return plain[name]()
    if name.startswith("authors/"):
        for entry in output.index(site.folder)["authors"]:
            if author_page(entry["name"], entry["id"]) == name:
                return pages.author(output.document(site.folder / entry["file"]))
    if name.startswith("topics/"):
        for topic in site.topics.values():
            if topic.page == name:
                return pages.topic(topic)
    return None
