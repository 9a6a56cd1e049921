"""spaCy: Docs with span groups in a DocBin (.spacy), as `spacy train` reads them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from spacy.tokens import Doc, DocBin, Span, SpanGroup
from spacy.util import filter_spans
from spacy.vocab import Vocab

from ronten.components.tokenizer import AnyLengthTokenizer
from ronten.errors import UsageError
from ronten.gold.exchange.assemble import from_graph
from ronten.gold.exchange.graph import (
    ALWAYS_LOST,
    CLAIM,
    CUE,
    ENTITIES,
    FIGURES,
    SOURCE,
    Graph,
    Link,
    Region,
    join_fragments,
    split_fragments,
    to_graph,
)
from ronten.types import Annotation

HOLDS = (
    "FILE.spacy. doc.spans has the groups claims (a span per fragment, labelled with its "
    "attribution), sources, cues, entities (kb_id: canonical name) and figures; doc.ents has the "
    "entities too; everything else stands as JSON in doc.user_data['ronten']. Tokens are those of "
    "GiNZA, cut where a span begins or ends inside one."
)
LOSES = ALWAYS_LOST

_OURS = "ronten"
_GROUPS = {
    CLAIM: "claims",
    SOURCE: "sources",
    CUE: "cues",
    **dict.fromkeys(ENTITIES, "entities"),
    **dict.fromkeys(FIGURES, "figures"),
}


def write(path: Path, annotations: Iterable[Annotation]) -> int:
    """Write a DocBin with span groups and user data."""
    tokenizer = AnyLengthTokenizer(Vocab())
    bin_ = DocBin(store_user_data=True)
    for annotation in annotations:
        bin_.add(to_doc(annotation, tokenizer))
    path.parent.mkdir(parents=True, exist_ok=True)
    bin_.to_disk(path)
    return len(bin_)


def read(path: Path, labels: Mapping[str, str] | None = None) -> Iterator[Annotation]:
    """Read a DocBin; of other people's Docs, the entities."""
    try:
        bin_ = DocBin().from_disk(path)
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: no DocBin of spaCy ({error})") from None
    for number, doc in enumerate(bin_.get_docs(Vocab())):
        try:
            yield from_doc(doc, f"{path.stem}-{number}", labels)
        except UsageError as error:
            raise UsageError(f"{path}: document {number}: {error}") from None


def to_doc(annotation: Annotation, tokenizer: AnyLengthTokenizer) -> Doc:
    """Lay out an annotation as a Doc whose tokens fit all its spans."""
    graph = split_fragments(to_graph(annotation))
    base = tokenizer(graph.text)
    edges = {0, len(graph.text), *(token.idx for token in base)}
    edges |= {token.idx + len(token) for token in base}
    edges |= {edge for region in graph.regions for span in region.spans for edge in span}
    borders = sorted(edges)
    words = [graph.text[start:end] for start, end in pairwise(borders)]
    doc = Doc(tokenizer.vocab, words=words, spaces=[False] * len(words))
    index = {offset: number for number, offset in enumerate(borders)}
    groups: dict[str, list[Span]] = {name: [] for name in _GROUPS.values()}
    hidden: dict[str, dict[str, Any]] = {}
    for region in graph.regions:
        rest = dict(region.attributes)
        start, end = (index[offset] for offset in region.spans[0])
        label = rest.pop("attribution", CLAIM) if region.label == CLAIM else region.label
        name = rest.pop("entity") if region.label in ENTITIES and rest["entity"] else ""
        span = Span(doc, start, end, label=label, kb_id=name, span_id=region.id)
        groups[_GROUPS[region.label]].append(span)
        if rest:
            hidden[region.id] = rest
    for key, spans in groups.items():
        doc.spans[key] = SpanGroup(doc, name=key, spans=spans)
    doc.set_ents(filter_spans(groups["entities"]))
    links = [(link.label, link.start, link.end) for link in graph.links]
    ours = {"document": graph.document, "attributes": hidden, "links": links}
    doc.user_data[_OURS] = json.dumps(ours, ensure_ascii=False)
    return doc


def from_doc(doc: Doc, name: str = "", labels: Mapping[str, str] | None = None) -> Annotation:
    """Read the annotation of a Doc; `name` is its id where it has none."""
    ours = json.loads(doc.user_data.get(_OURS, "{}"))
    hidden = ours.get("attributes", {})
    groups = {key: list(doc.spans[key]) for key in _GROUPS.values() if key in doc.spans}
    groups.setdefault("entities", list(doc.ents))
    regions = []
    for key, spans in groups.items():
        for number, span in enumerate(spans):
            region = span.id_ or f"{key}-{number}"
            attributes = dict(hidden.get(region, {}))
            label = {"claims": CLAIM, "sources": SOURCE, "cues": CUE}.get(key, span.label_)
            if label == CLAIM and span.label_ != CLAIM:
                attributes["attribution"] = span.label_
            if span.kb_id_:
                attributes["entity"] = span.kb_id_
            regions.append(Region(region, label, ((span.start_char, span.end_char),), attributes))
    links = tuple(Link(*link) for link in ours.get("links", ()))
    graph = Graph(doc.text, ours.get("document") or {"id": name}, tuple(regions), links)
    return from_graph(join_fragments(graph), labels)
