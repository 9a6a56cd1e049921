"""Annotations as labelled spans with attributes and links: what all annotation tools can show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ronten.types import (
    Annotation,
    Attribution,
    Claim,
    ClaimType,
    Entity,
    Figure,
    FigureKind,
    Kind,
    Label,
    Span,
)

CLAIM = "claim"
SOURCE = "source"
CUE = "cue"
CONTINUED = "continued"
"""Link from a fragment of a content to the next one, where a region is one span."""

ENTITIES = tuple(label.value for label in Label)
FIGURES = tuple(kind.value for kind in FigureKind)
LABELS = (CLAIM, SOURCE, CUE, *ENTITIES, *FIGURES)

CHOICES: Mapping[str, tuple[str, ...]] = {
    "attribution": tuple(value.value for value in Attribution),
    "type": tuple(value.value for value in ClaimType),
    "holder_kind": tuple(value.value for value in Kind),
    "stance_label": ("favor", "against"),
    "modifier": ("about", "over", "under"),
}
"""Attributes with a fixed set of values."""
TEXTS = ("holder", "stance_target", "position", "entity", "low", "high", "unit")
"""Attributes with free values."""
APPLIES: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("attribution", "type", "holder", "holder_kind", "stance_target", "stance_label"), (CLAIM,)
    ),
    "position": (CLAIM,),
    "entity": ENTITIES,
    **dict.fromkeys(("low", "high", "unit", "modifier"), FIGURES),
}
"""Which regions an attribute belongs to."""

ALWAYS_LOST = ("Two holders of one article with the same name and kind come back as one.",)
"""What no format holds, because claims refer to their holder by name and kind."""


@dataclass(frozen=True)
class Region:
    """A labelled span, or several that belong together; `attributes` are JSON values."""

    id: str
    label: str
    spans: tuple[Span, ...]
    attributes: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Link:
    """A labelled arrow between two regions."""

    label: str
    start: str
    end: str


@dataclass(frozen=True)
class Graph:
    """One article; `document` holds what belongs to no region: id, metadata, holders, …"""

    text: str
    document: dict[str, Any]
    regions: tuple[Region, ...]
    links: tuple[Link, ...]


def to_graph(annotation: Annotation) -> Graph:
    """Lay out an annotation as regions and links."""
    known = {"text", "claims", "entities", "figures"}
    document = {key: value for key, value in annotation.dump().items() if key not in known}
    holders = {holder.id: holder for holder in annotation.holders}
    regions: list[Region] = []
    links: list[Link] = []
    mentions: dict[tuple[str, Span], str] = {}
    for number, claim in enumerate(annotation.claims):
        holder = holders[claim.holder]
        attributes: dict[str, Any] = {"holder": holder.name, "holder_kind": holder.kind.value}
        attributes |= _attributes(claim, {"content", "holder", "source", "cue"})
        stance = attributes.pop("stance", None) or {}
        attributes |= {f"stance_{key}": value for key, value in stance.items()}
        name = f"c{number}"
        regions.append(Region(name, CLAIM, tuple(claim.content), attributes))
        for label, span in ((SOURCE, claim.source), (CUE, claim.cue)):
            if span is None:
                continue
            if (label, span) not in mentions:  # several claims may share one
                mentions[label, span] = f"{label[0]}{number}" if label == SOURCE else f"u{number}"
                regions.append(Region(mentions[label, span], label, (span,)))
            links.append(Link(label, name, mentions[label, span]))
    for number, entity in enumerate(annotation.entities):
        attributes = _attributes(entity, {"span", "label"})
        regions.append(Region(f"e{number}", entity.label.value, (entity.span,), attributes))
    for number, figure in enumerate(annotation.figures):
        attributes = _attributes(figure, {"span", "kind"})
        regions.append(Region(f"f{number}", figure.kind.value, (figure.span,), attributes))
    return Graph(annotation.text, document, tuple(regions), tuple(links))


def split_fragments(graph: Graph) -> Graph:
    """Give every fragment a region of its own, linked to the next one."""
    regions: list[Region] = []
    links = list(graph.links)
    for region in graph.regions:
        first, *others = region.spans
        regions.append(replace(region, spans=(first,)))
        before = region.id
        for number, span in enumerate(others, 1):
            name = f"{region.id}-{number}"
            regions.append(Region(name, region.label, (span,)))
            links.append(Link(CONTINUED, before, name))
            before = name
    return replace(graph, regions=tuple(regions), links=tuple(links))


def join_fragments(graph: Graph) -> Graph:
    """Undo `split_fragments`."""
    regions = {region.id: region for region in graph.regions}
    following = {
        link.start: link.end
        for link in graph.links
        if link.label == CONTINUED and link.start in regions and link.end in regions
    }
    inner = set(following.values())
    joined = []
    for region in graph.regions:
        if region.id in inner:
            continue
        spans = list(region.spans)
        seen = {region.id}
        name = following.get(region.id)
        while name is not None and name not in seen:
            seen.add(name)
            spans += regions[name].spans
            name = following.get(name)
        joined.append(replace(region, spans=tuple(spans)))
    links = tuple(link for link in graph.links if link.label != CONTINUED)
    return replace(graph, regions=tuple(joined), links=links)


def _attributes(record: Claim | Entity | Figure, without: set[str]) -> dict[str, Any]:
    fields = type(record).model_fields
    return {
        key: value
        for key, value in record.dump().items()
        if key not in without and not (value is None and key in fields)
    }
