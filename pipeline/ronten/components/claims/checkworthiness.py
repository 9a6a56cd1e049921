"""How much a claim is worth checking: the chance that most readers see a checkable fact in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import pairwise
from zlib import crc32

from ronten.components.claims.signs import Signs
from ronten.linear import LinearModel, sigmoid

MODEL = "checkworthiness"
PARTS = 1


def word_features(signs: Signs) -> list[int]:
    """Return the keys of the words and pairs of words of a claim, each once."""
    words = [_begun(word) for word in signs.words]
    keys = [single for _, single, _ in words]
    keys += [crc32(second[0], first[2]) for first, second in pairwise(words)]
    return list(dict.fromkeys(keys))


@lru_cache(maxsize=50_000)
def _begun(word: str) -> tuple[bytes, int, int]:
    """Return a word as bytes, the hash of 1=word, and that of 2=word|, which goes on."""
    data = word.encode()
    return data, crc32(b"1=" + data), crc32(b"2=" + data + b"|")


def form_features(signs: Signs) -> list[int]:
    """Return the keys of all other features of a claim, each once.

    Who says it how is left out: whether a sentence can be checked does not hang on its speaker.
    """
    names = signs.form + signs.counts
    names += [f"{name}&tense={signs.tense}" for name in signs.counts]
    names.append(f"predicate={signs.predicate}&tense={signs.tense}")
    names += ["last=" + "|".join(signs.words[-size:]) for size in (5, 6)]
    return _keys(names)


def worth_words(signs: Signs, rows: Callable[[Iterable[str]], list[int]]) -> list[list[int]]:
    """Return the rows of the open words."""
    return [rows(signs.open)]


def check_worthiness(
    model: LinearModel, signs: Signs, rows: Callable[[Iterable[str]], list[int]]
) -> float:
    """Return the chance, 0 to 1 with 4 decimals; `rows` looks words up (`signs.word_rows`)."""
    scores = model.scores(word_features(signs) + form_features(signs), worth_words(signs, rows))
    return round(sigmoid(scores[0]), 4)


def _keys(names: list[str]) -> list[int]:
    """Return hashes in the place of words: the text of the votes must not be stored."""
    return [crc32(name.encode()) for name in dict.fromkeys(names)]
