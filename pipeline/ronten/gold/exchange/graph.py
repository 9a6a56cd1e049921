"""Annotations as labelled spans with attributes and links: what all annotation tools can show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import ValidationError

from ronten.errors import UsageError
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
        attributes = {"holder": holder.name, "holder_kind": holder.kind.value}
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


def from_graph(graph: Graph, labels: Mapping[str, str] | None = None) -> Annotation:
    """Read an annotation out of regions and links.

    What the guidelines do not know (other labels, sources without a claim) is kept in the key
    `unmapped`. A claim without a holder is the article author's where it is authorial, else of
    an unspecified holder; an entity without a canonical name has that of its surface.

    Args:
        labels: translates labels and link labels that are not ours, such as `Organization` to
            `ORG`.

    Raises:
        UsageError: a value is missing or out of its scheme, or a span lies outside the text.
    """
    document = {"metadata": {}, "targets": [], **graph.document}
    where = str(document.get("id", ""))
    regions = {
        region.id: replace(region, label=(labels or {}).get(region.label, region.label))
        for region in graph.regions
    }
    holders = _Holders(document.get("holders") or [], where)
    claims: list[dict[str, Any]] = []
    entities: list[dict[str, Any]] = []
    figures: list[dict[str, Any]] = []
    unmapped: list[dict[str, Any]] = list(document.pop("unmapped", []))
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
        elif region.label in ENTITIES:
            surface = graph.text[slice(*region.spans[0])]
            entities.append(
                {"span": _one(region, where), "label": region.label, "entity": surface}
                | region.attributes
            )
        elif region.label in FIGURES:
            empty = {"low": None, "high": None, "unit": None, "modifier": None}
            figures.append(
                {"span": _one(region, where), "kind": region.label} | empty | region.attributes
            )
        elif region.id not in linked:
            spans = [list(span) for span in region.spans]
            unmapped.append({"label": region.label, "spans": spans, **region.attributes})
    unmapped += [
        {"link": link.label, "from": _hull(regions[link.start]), "to": _hull(regions[link.end])}
        for link in links
        if not _is_ours(link, regions)
    ]
    if unmapped:
        document["unmapped"] = unmapped
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


def _attributes(record: Claim | Entity | Figure, without: set[str]) -> dict[str, Any]:
    fields = type(record).model_fields
    return {
        key: value
        for key, value in record.dump().items()
        if key not in without and not (value is None and key in fields)
    }


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
        label: _one(regions[ends[label]], where) if label in ends else None
        for label in (SOURCE, CUE)
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


def _one(region: Region, where: str) -> Span:
    if len(region.spans) > 1:
        start, end = _hull(region)
        raise UsageError(
            f"{where}: {region.label} at {start}-{end} has {len(region.spans)} fragments; only "
            "claims may"
        )
    return region.spans[0]


def _hull(region: Region) -> Span:
    return region.spans[0][0], region.spans[-1][1]


def _require_inside(region: Region, text: str, where: str) -> None:
    for start, end in region.spans:
        if not 0 <= start < end <= len(text):
            raise UsageError(
                f"{where}: {region.label} at {start}-{end} lies outside the text of "
                f"{len(text)} characters; was the text changed?"
            )


def unmapped(annotation: Annotation) -> Iterator[str]:
    """Name the labels of what `from_graph` could not place, one per item."""
    for item in (annotation.model_extra or {}).get("unmapped", []):
        yield str(item.get("label") or item.get("link"))
