"""Regions and links as annotations: the way back from `graph.to_graph`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from ronten.errors import UsageError
from ronten.gold.exchange.graph import (
    CHOICES,
    CLAIM,
    CUE,
    ENTITIES,
    FIGURES,
    SOURCE,
    Graph,
    Link,
    Region,
)
from ronten.types import Annotation, Attribution, Kind, Span


def from_graph(graph: Graph, labels: Mapping[str, str] | None = None) -> Annotation:
    """Read an annotation out of regions and links.

    What the guidelines do not know (other labels, entities of several fragments, sources without a
    claim) is kept in the key `unmapped`. A claim without a holder is the article author's where it
    is authorial, else of an unspecified holder; an entity without a canonical name has that of its
    surface.

    Args:
        labels: translates labels and link labels that are not ours, such as `Organization` to
            `ORG`.

    Raises:
        UsageError: a value is missing or out of its scheme, or a span lies outside the text.
    """
    document = dict(graph.document)
    where = str(document.get("id", ""))
    regions = {
        region.id: replace(region, label=(labels or {}).get(region.label, region.label))
        for region in graph.regions
    }
    holders = _Holders(document.get("holders") or [], where)
    claims: list[dict[str, Any]] = []
    entities: list[dict[str, Any]] = []
    figures: list[dict[str, Any]] = []
    others: list[dict[str, Any]] = list(document.pop("unmapped", []))
    links = [
        replace(link, label=(labels or {}).get(link.label, link.label))
        for link in graph.links
        if link.start in regions and link.end in regions
    ]
    ends = _ends(links, regions)
    linked = {end for by_label in ends.values() for end in by_label.values()}
    for region in regions.values():
        _require_inside(region, graph.text, where)
        if region.label == CLAIM:
            claims.append(_claim(region, ends.get(region.id, {}), regions, holders, where))
        elif region.label in ENTITIES and len(region.spans) == 1:
            surface = graph.text[slice(*region.spans[0])]
            entity = {"span": region.spans[0], "label": region.label, "entity": surface}
            entities.append(entity | region.attributes)
        elif region.label in FIGURES and len(region.spans) == 1:
            empty = {"low": None, "high": None, "unit": None, "modifier": None}
            figure = {"span": region.spans[0], "kind": region.label, **empty}
            figures.append(figure | region.attributes)
        elif region.id not in linked:
            spans = [list(span) for span in region.spans]
            others.append({"label": region.label, "spans": spans, **region.attributes})
    for link in links:
        if not _is_ours(link, regions):
            start, end = (list(_hull(regions[name])) for name in (link.start, link.end))
            others.append({"link": link.label, "from": start, "to": end})
    if others:
        document["unmapped"] = others
    _name_claims(where, claims)
    record = {
        **document,
        "text": graph.text,
        "holders": holders.records,
        "claims": claims,
        "entities": entities,
        "figures": figures,
    }
    try:
        return Annotation.model_validate(record)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(key) for key in first["loc"])
        raise UsageError(f"{where}: {place}: {first['msg']}; correct it in the tool") from None


def unmapped(annotation: Annotation) -> Iterator[str]:
    """Name the labels of what `from_graph` could not place, one per item."""
    for item in (annotation.model_extra or {}).get("unmapped", []):
        yield str(item.get("label") or item.get("link"))


class _Holders:
    """The holders of an article by name and kind; claims may bring new ones."""

    def __init__(self, records: Iterable[Any], where: str) -> None:
        self.records = [dict(record) for record in records]
        self.where = where
        self.ids: dict[tuple[str, str], str] = {}
        for record in self.records:
            self.ids.setdefault((record["name"], record["kind"]), record["id"])

    def id_of(self, name: str, kind: str | None, claim: str) -> str:
        """Return the id of a holder, listing it where it is new."""
        if kind is None:
            kinds = [known for known_name, known in self.ids if known_name == name]
            if len(kinds) != 1:
                raise UsageError(
                    f"{self.where}: {claim}: holder '{name}' has no kind; choose its holder_kind "
                    f"({', '.join(CHOICES['holder_kind'])})"
                )
            kind = kinds[0]
        if (name, kind) not in self.ids:
            taken = {record["id"] for record in self.records}
            number = len(self.records) + 1
            while f"h{number}" in taken:
                number += 1
            self.ids[name, kind] = f"h{number}"
            self.records.append({"id": f"h{number}", "name": name, "kind": kind})
        return self.ids[name, kind]


def _claim(
    region: Region,
    ends: Mapping[str, str],
    regions: Mapping[str, Region],
    holders: _Holders,
    where: str,
) -> dict[str, Any]:
    start, end = _hull(region)
    name = f"claim at {start}-{end}"
    attributes = dict(region.attributes)
    for key in ("attribution", "type"):
        if key not in attributes:
            raise UsageError(
                f"{where}: {name}: no {key}; choose one of {', '.join(CHOICES[key])} in the tool"
            )
    said, kind = attributes.pop("holder", ""), attributes.pop("holder_kind", None)
    if not said and kind is None:
        authorial = attributes["attribution"] == Attribution.AUTHORIAL
        kind = (Kind.ARTICLE_AUTHOR if authorial else Kind.UNSPECIFIED).value
    stance = {
        key.removeprefix("stance_"): attributes.pop(key)
        for key in list(attributes)
        if key.startswith("stance_")
    }
    mentions = {
        label: _hull(regions[ends[label]]) if label in ends else None for label in (SOURCE, CUE)
    }
    return {
        "id": "",
        "content": region.spans,
        "holder": holders.id_of(said, kind, name),
        **mentions,
        "stance": stance or None,
        "position": None,
        **attributes,
    }


def _name_claims(article: str, claims: list[dict[str, Any]]) -> None:
    """Give claims without an id that of their place."""
    taken = {claim["id"] for claim in claims}
    for claim in claims:
        if claim["id"]:
            continue
        start, end = claim["content"][0]
        name = base = f"{article}:{start}-{end}"
        number = 1
        while name in taken:
            number += 1
            name = f"{base}.{number}"
        taken.add(name)
        claim["id"] = name


def _ends(links: Iterable[Link], regions: Mapping[str, Region]) -> dict[str, dict[str, str]]:
    """Map claims to their sources and cues."""
    ends: dict[str, dict[str, str]] = {}
    for link in links:
        if _is_ours(link, regions):
            ends.setdefault(link.start, {})[link.label] = link.end
    return ends


def _is_ours(link: Link, regions: Mapping[str, Region]) -> bool:
    """Whether a link ties a source or a cue to a claim; an entity may be the source as well."""
    return link.label in (SOURCE, CUE) and regions[link.start].label == CLAIM


def _hull(region: Region) -> Span:
    return region.spans[0][0], region.spans[-1][1]


def _require_inside(region: Region, text: str, where: str) -> None:
    for start, end in region.spans:
        if not 0 <= start < end <= len(text):
            raise UsageError(
                f"{where}: {region.label} at {start}-{end} lies outside the text of "
                f"{len(text)} characters; was the text changed?"
            )
