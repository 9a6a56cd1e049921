"""What a position is about, in words: the nouns that set its claims apart from the others."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from math import log
from typing import TYPE_CHECKING
from unicodedata import normalize

from ronten.store import TopicRow
from ronten.sudachi import dictionary
from ronten.types import Entity, Topic

if TYPE_CHECKING:
    from sudachipy import Morpheme, Tokenizer

KEYWORDS = 5
# Sudachi refuses more than 65 535 bytes after normalisation, in which a character may become 33.
_MAX_CHARS = 1_000
_HONORIFICS = frozenset({"氏", "さん", "様", "さま", "君", "殿"})


def terms(text: str, entities: Sequence[Entity] = (), offset: int = 0) -> list[str]:
    """Return the noun compounds and names of a text, in order, whole words only.

    `entities` are spans of the article; `offset` is where `text` begins in it. A name that is more
    than one compound stands for all of them, under its canonical form.
    """
    names = [(e.span[0] - offset, e.span[1] - offset, e.entity) for e in entities]
    compounds = list(_compounds(text[:_MAX_CHARS]))
    found = [
        (start, normalize("NFKC", text[start:end]))
        for start, end in compounds
        if not any(s <= start and end <= e for s, e, _ in names)
    ]
    for start, end, name in names:
        in_longer = any(s <= start and end <= e and e - s > end - start for s, e in compounds)
        if start >= 0 and end <= len(text) and not in_longer:
            found.append((start, name))
    return [term for _, term in sorted(found)]


def topics(counts: Iterable[tuple[str, str, int]], groups: Mapping[str, str]) -> dict[str, Topic]:
    """Return the topic of every position from (position, term, claims that hold it).

    `groups` says which coarse topic a position is part of; it gets a label in the same way.
    """
    counted = list(counts)
    coarse: Counter[tuple[str, str]] = Counter()
    for position, term, count in counted:
        coarse[groups[position], term] += count
    labels = {
        group: topic.label
        for group, topic in _labelled((g, t, n) for (g, t), n in coarse.items()).items()
    }
    return {
        position: topic.model_copy(
            update={"group": groups[position], "group_label": labels[groups[position]]}
        )
        for position, topic in _labelled(counted).items()
    }


def topic_row(position: str, topic: Topic) -> TopicRow:
    """Return the topic of a position as the dataset keeps it."""
    return TopicRow(position, topic.label, topic.keywords, topic.group, topic.group_label)


def _labelled(counts: Iterable[tuple[str, str, int]]) -> dict[str, Topic]:
    """Return the topic of every class from (class, term, number of its claims that hold it).

    A term weighs its count in the class times log(1 + A / f): f its count everywhere, A the
    mean number of terms of a class (class-based TF-IDF).
    """
    by_position: dict[str, list[tuple[str, int]]] = defaultdict(list)
    total: Counter[str] = Counter()
    for position, term, count in counts:
        by_position[position].append((term, count))
        total[term] += count
    mean = total.total() / len(by_position) if by_position else 0.0
    return {
        position: _topic({t: round(n * log(1 + mean / total[t]), 6) for t, n in held})
        for position, held in by_position.items()
    }


def _topic(weights: dict[str, float]) -> Topic:
    keywords: list[str] = []
    for term in sorted(weights, key=lambda t: (-weights[t], -len(t), t)):
        if not any(term in kept or kept in term for kept in keywords):
            keywords.append(term)
    return Topic(label="・".join(keywords[:2]), keywords=keywords[:KEYWORDS])


def _compounds(text: str) -> Iterable[tuple[int, int]]:
    """Yield the spans of maximal runs of nouns with their affixes."""
    run: list[Morpheme] = []
    for morpheme in _tokenizer().tokenize(text):
        if _continues(morpheme, run):
            run.append(morpheme)
        else:
            yield from _closed(run)
            run = [morpheme] if _starts(morpheme) else []
    yield from _closed(run)


def _starts(morpheme: Morpheme) -> bool:
    pos = morpheme.part_of_speech()
    if pos[0] == "名詞":
        return pos[1] in ("普通名詞", "固有名詞") and pos[2] not in ("副詞可能", "助数詞可能")
    return bool(pos[0] == "接頭辞")


def _continues(morpheme: Morpheme, run: list[Morpheme]) -> bool:
    if not run:
        return False
    pos = morpheme.part_of_speech()
    if pos[0] == "接尾辞":
        return pos[1] == "名詞的" and morpheme.surface() not in _HONORIFICS
    return bool(pos[0] == "名詞" and pos[2] != "副詞可能")


def _closed(run: list[Morpheme]) -> Iterable[tuple[int, int]]:
    if not any(m.part_of_speech()[0] == "名詞" for m in run):
        return
    start, end = run[0].begin(), run[-1].end()
    surface = "".join(m.surface() for m in run)
    if end - start > 1 and not all("ぁ" <= char <= "ゖ" for char in surface):
        yield start, end


@cache
def _tokenizer() -> Tokenizer:
    from sudachipy import SplitMode

    return dictionary().create(mode=SplitMode.C)
