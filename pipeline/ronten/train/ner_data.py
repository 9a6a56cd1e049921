"""Training data of the tagger of names: sentences and articles as arrays."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ronten.components.mentions.features import GRAMS, Alphabet, Encoder, shape
from ronten.components.mentions.lexicon import Lexicon
from ronten.components.mentions.link import find
from ronten.components.mentions.name_table import NameTable
from ronten.components.mentions.view import View
from ronten.components.sequence import Tag, tag_set
from ronten.errors import UsageError
from ronten.evaluate.splits import select
from ronten.gold.files import load_annotations
from ronten.train.marked import read_marked_folder
from ronten.types import Label

if TYPE_CHECKING:
    from spacy.language import Language

LABELS = ("PERSON", "COMPANY", "ORG", "PLACE", "PRODUCT", "POLICY", "FACILITY", "EVENT")
"""What the tagger tells apart; facilities and events keep Wikipedia's places and bodies clean."""

DOMAINS = ("wikipedia", "news")
NAMES = "names.tsv"
SCHOOLS = ("大学", "学校", "病院")
WIKIPEDIA = {
    "人名": "PERSON",
    "法人名": "COMPANY",
    "政治的組織名": "ORG",
    "その他の組織名": "ORG",
    "地名": "PLACE",
    "製品名": "PRODUCT",
    "施設名": "FACILITY",
    "イベント名": "EVENT",
}


class Sample(NamedTuple):
    """A text with its labels."""

    text: str
    title: str
    names: list[tuple[int, int, str]]
    domain: str


class Samples(NamedTuple):
    """All that is learned from."""

    wikipedia: list[Sample]
    gold: list[Sample]
    """The train split of a gold corpus."""
    marked: list[Sample]


class NameData(NamedTuple):
    """Where what is learned from lies."""

    wikipedia: Path
    gold: Path
    names: Path
    """Folder of articles with marked names."""
    marked: Sequence[Path]
    """Folders of articles with marked claims and their names."""

    def read(self) -> Samples:
        """Read all of it; raises UsageError naming the place of what cannot be used."""
        ours = [sample for file in sorted(self.names.glob("*.txt")) for sample in read_marked(file)]
        ours += [sample for folder in self.marked for sample in read_named(folder)]
        return Samples(read_wikipedia(self.wikipedia), read_news(self.gold, "train"), ours)


def read_wikipedia(path: Path) -> list[Sample]:
    """Read the Stockmark data: one `{"text", "entities": [{"span", "label"}]}` per line."""
    samples = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            row = json.loads(line)
            text = row["text"]
            names = [
                (start, end, _wikipedia_label(text[start:end], label))
                for (start, end), label in ((e["span"], e["label"]) for e in row["entities"])
            ]
        except (ValueError, KeyError, TypeError) as error:
            raise UsageError(f"{path}:{number}: not a line of the NER data: {error}") from error
        samples.append(Sample(text, "", names, "wikipedia"))
    return samples


def _wikipedia_label(name: str, label: str) -> str:
    if label == "法人名" and name.endswith(SCHOOLS):
        return "ORG"
    return WIKIPEDIA[label]


def read_news(path: Path, split: str) -> list[Sample]:
    """Read a split of a gold corpus; chips and models are products to the tagger."""
    samples = []
    for article in select(list(load_annotations(path)), path, split):
        names = [(*entity.span, _tagged(entity.label)) for entity in article.entities]
        samples.append(Sample(article.text, article.metadata.title or "", names, "news"))
    return samples


_HEADER = re.compile(r"### (?P<id>[^|]+)\|(?P<title>[^|]*)\|(?P<date>[^|]*)")
_MARK = re.compile(r"\[\[(?P<label>[A-Z]+)\|(?P<name>[^\[\]|]+)\]\]")


def read_marked(path: Path) -> list[Sample]:
    """Read articles with marked names: a line `### id | title | date`, then text in which every
    name stands as `[[LABEL|name]]`.

    Raises UsageError naming file and line of a mark that is none.
    """
    samples: list[Sample] = []
    title = ""
    body: list[str] = []
    lines = path.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate([*lines, "### end | |"], 1):
        if header := _HEADER.fullmatch(line.strip()):
            if text := "\n".join(body).strip("\n"):
                samples.append(_unmarked(text, title))
            title, body = header["title"].strip(), []
            continue
        rest = _MARK.sub("", line)
        labels = [mark["label"] for mark in _MARK.finditer(line)]
        if "[[" in rest or "]]" in rest or any(label not in set(Label) for label in labels):
            raise UsageError(f"{path}:{number}: a mark is not [[LABEL|name]] with a known label")
        body.append(line)
    return samples


def _unmarked(text: str, title: str) -> Sample:
    plain, names, at = "", [], 0
    for mark in _MARK.finditer(text):
        plain += text[at : mark.start()]
        names.append((len(plain), len(plain) + len(mark["name"]), _tagged(mark["label"])))
        plain += mark["name"]
        at = mark.end()
    return Sample(plain + text[at:], title, names, "news")


def _tagged(label: str) -> str:
    """Return a label as the tagger knows it: chips and models are products to it."""
    return label if label in LABELS else "PRODUCT"


def read_named(folder: Path) -> list[Sample]:
    """Read the articles with marked claims of a folder and the names in them, `names.tsv`: lines of
    article, start, end, label and name.

    Raises UsageError naming the line of what is not such a name.
    """
    path = folder / NAMES
    articles = {article.id: article for article in read_marked_folder(folder)}
    names: dict[str, list[tuple[int, int, str]]] = {id_: [] for id_ in articles}
    lines = path.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines[1:], 2):
        try:
            id_, start, end, label, name = line.split("\t")
            span = int(start), int(end)
            if articles[id_].text[slice(*span)] != name:
                raise ValueError(f"'{name}' does not stand there")
            names[id_].append((*span, _tagged(Label(label).value)))
        except (KeyError, ValueError) as error:
            raise UsageError(f"{path}:{number}: not a name of an article here: {error}") from error
    return [
        Sample(article.text, article.metadata.title or "", names[id_], "news")
        for id_, article in articles.items()
    ]


class Part(NamedTuple):
    """A sequence that is read at once: arrays over its words (n)."""

    types: NDArray[np.int64]
    """Rows of `Prepared.types`."""
    rule: NDArray[np.int64]
    names: NDArray[np.uint64]
    tags: NDArray[np.int64]
    silver: NDArray[np.int64]
    """Types that ja_ginza gives; -100 where they do not count."""
    domain: int


@dataclass
class Prepared:
    """Training data as arrays."""

    alphabet: Alphabet
    types: NDArray[np.int64]
    """(distinct words, 4): word, tag, shape, vector."""
    grams: NDArray[np.int64]
    """(distinct words, GRAMS)."""
    parts: list[list[Part]]
    """By sample."""
    silver: int
    """Number of ja_ginza's types."""


def prepare(
    nlp: Language, samples: Sequence[Sample], names: NameTable, lexicon: Lexicon, buckets: int
) -> Prepared:
    """Turn samples into arrays; the alphabet is theirs."""
    views = [View(nlp.make_doc(sample.text)) for sample in samples]
    known = alphabet(views, buckets)
    encoder = Encoder(known, names, nlp.vocab.vectors.key2row)
    tags = tag_set(LABELS)
    silver, kinds = silver_tags(samples, views)
    types: dict[bytes, int] = {}
    rows: list[NDArray[np.int64]] = []
    parts: list[list[Part]] = []
    for sample, view, said in zip(samples, views, silver, strict=True):
        features = encoder.encode(view, find(view, sample.title, lexicon).chosen)
        if not len(features.read):
            parts.append([])
            continue
        ids = np.zeros(len(features.words), np.int64)
        for i, word in enumerate(features.words):
            row = np.array([*word.own, *word.grams, *[0] * (GRAMS - len(word.grams))], np.int64)
            key = row.tobytes()
            if key not in types:
                types[key] = len(rows)
                rows.append(row)
            ids[i] = types[key]
        read = features.read
        gold = gold_tags(view, sample.names, tags)[read]
        domain = DOMAINS.index(sample.domain)
        types_of = ids[features.inverse]
        said = said[read]
        parts.append(
            [
                Part(
                    types_of[at : at + size],
                    features.rule[at : at + size],
                    features.names[at : at + size],
                    gold[at : at + size],
                    said[at : at + size],
                    domain,
                )
                for at, size in features.sequences.tolist()
            ]
        )
    table = np.array(rows)
    return Prepared(known, table[:, :4], table[:, 4:], parts, kinds)


def alphabet(views: Iterable[View], buckets: int) -> Alphabet:
    """Collect the feature values that are frequent enough to be learned."""
    norms: Counter[int] = Counter()
    tags: Counter[str] = Counter()
    shapes: Counter[str] = Counter()
    for view in views:
        norms.update(view.words.norm.tolist())
        tags.update(token.tag for token in view.tokens)
        shapes.update(shape(view.plain[token.start : token.end]) for token in view.tokens)

    def ids(counts: Counter[Any], least: int) -> dict[Any, int]:
        return {v: i for i, v in enumerate(sorted(v for v in counts if counts[v] >= least), 1)}

    return Alphabet(ids(norms, 2), ids(tags, 1), ids(shapes, 3), buckets)


def gold_tags(
    view: View, names: Iterable[tuple[int, int, str]], tags: Sequence[Tag]
) -> NDArray[np.int64]:
    """Write gold names as a tag per word; those that cut a word are the rules' business."""
    gold = np.zeros(len(view.tokens), np.int64)
    for start, end, label in names:
        if start not in view.by_start or end not in view.by_end:
            continue
        inside = [i for i, t in enumerate(view.tokens) if t.start < end and start < t.end]
        for i in inside:
            gold[i] = tags.index(Tag("I", label))
        if len(inside) == 1:
            gold[inside[0]] = tags.index(Tag("S", label))
        elif inside:
            gold[inside[0]] = tags.index(Tag("B", label))
            gold[inside[-1]] = tags.index(Tag("E", label))
    return gold


def silver_tags(
    samples: Sequence[Sample], views: Sequence[View], least: int = 15
) -> tuple[list[NDArray[np.int64]], int]:
    """Return what stock ja_ginza's entity recogniser says of every word, and its number of tags."""
    import spacy
    from thinc.api import NumpyOps

    ginza = spacy.load("ja_ginza", exclude=["parser", "morphologizer", "attribute_ruler"])
    for name in ("compound_splitter", "bunsetu_recognizer"):
        ginza.remove_pipe(name)
    for name in ginza.pipe_names:
        for node in ginza.get_pipe(name).model.walk():
            node.ops = NumpyOps(use_blis=False)
    said: list[list[str]] = []
    docs = ginza.pipe((sample.text for sample in samples), batch_size=32)
    for view, doc in zip(views, docs, strict=True):
        tags = ["O"] * len(view.tokens)
        for ent in doc.ents:
            inside = [
                i
                for i, token in enumerate(view.tokens)
                if token.start < ent.end_char and ent.start_char < token.end
            ]
            for i in inside:
                tags[i] = ("B-" if i == inside[0] else "I-") + ent.label_
        said.append(tags)
    counts = Counter(tag for tags in said for tag in tags)
    ids = {tag: i for i, tag in enumerate(sorted(t for t in counts if counts[t] >= least))}
    return [np.array([ids.get(tag, -100) for tag in tags], np.int64) for tags in said], len(ids)
