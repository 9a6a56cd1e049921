"""The type of a claim: a linear model over its signs, the verb-form rules among them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ronten.components.claims.signs import Signs
from ronten.linear import LinearModel
from ronten.types import ClaimType

MODEL = "types"
PARTS = 4
"""Roles of words that the model tells apart."""


def type_features(signs: Signs) -> list[str]:
    """Return the features of a claim, each once."""
    return signs.form + signs.context


def type_words(signs: Signs, rows: Callable[[Iterable[str]], list[int]]) -> list[list[int]]:
    """Return the rows of the words in each of the `PARTS` roles."""
    return [rows(words) for words in ([signs.predicate], signs.open, signs.subjects, [signs.cue])]


def claim_type(
    model: LinearModel, signs: Signs, rows: Callable[[Iterable[str]], list[int]]
) -> ClaimType:
    """Return the type with the highest score; `rows` looks words up (`signs.word_rows`)."""
    scores = model.scores(type_features(signs), type_words(signs, rows))
    return ClaimType(model.labels[scores.index(max(scores))])
