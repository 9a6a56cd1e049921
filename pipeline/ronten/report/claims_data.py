"""All claims as columns, for the search in the browser."""

from __future__ import annotations

from typing import Any

from ronten.report import overview
from ronten.report.data import FAVOR, Site
from ronten.report.texts import Texts


class _Numbers:
    """Values, each once, and their numbers."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self._known: dict[Any, int] = {}

    def __call__(self, value: Any) -> int:
        if value not in self._known:
            self._known[value] = len(self.values)
            self.values.append(value)
        return self._known[value]


def columns(site: Site, texts: Texts) -> dict[str, Any]:
    """Return the claims as columns, with tables of the values that are shared.

    Dates, titles and pages are those of the article; `confidence` is in ten-thousandths, -1 where
    there is none; `sides` are pairs of target and 1 (for) or -1 (against).
    """
    authors, topics, targets, entities, articles, types, ways = (_Numbers() for _ in range(7))
    names = overview.labels(site, texts)
    rows: dict[str, list[Any]] = {
        name: []
        for name in (
            "id", "text", "authors", "topic", "article", "type", "attribution", "confidence",
            "sides", "entities",
        )
    }  # fmt: skip
    for statement in site.claims.values():
        entry = site.articles[statement.article]
        topic = site.topic(statement)
        credited = [
            (names[id_], site.authors[id_].page)
            for id_ in site.credits.get(statement.id, ())
            if id_ in names
        ]
        unnamed = "unnamed" if statement.author else "unspecified"
        name = statement.author_name or statement.holder_name or texts(unnamed)
        rows["id"].append(statement.id)
        rows["text"].append(statement.text)
        rows["authors"].append([authors(one) for one in credited or [(name, None)]])
        rows["topic"].append(topics((topic.label, topic.page)) if topic else -1)
        rows["article"].append(
            articles(
                (entry.id, entry.title, entry.published, entry.source_name, entry.url, entry.page)
            )
        )
        rows["type"].append(types(statement.type))
        rows["attribution"].append(ways(statement.attribution))
        score = statement.confidence
        rows["confidence"].append(-1 if score is None else round(score * 10_000))
        rows["sides"].append(
            [
                [targets(side.target), 1 if side.label == FAVOR else -1]
                for side in site.sides.get(statement.id, ())
            ]
        )
        rows["entities"].append([entities(name) for name in statement.entities])
    return {
        "authors": authors.values,
        "topics": topics.values,
        "targets": targets.values,
        "entities": entities.values,
        "articles": articles.values,
        "types": types.values,
        "attributions": ways.values,
        "claims": rows,
    }
