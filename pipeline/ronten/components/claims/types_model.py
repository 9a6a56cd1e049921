"""The type of a claim: a linear model over its signs, the verb-form rules among them.

Where it is in doubt, a pretrained encoder that reads the claim with what stands round it is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from ronten.components.claims.signs import Signs
from ronten.components.pair_encoder import PairEncoder
from ronten.components.sequence import softmax
from ronten.linear import LinearModel
from ronten.types import ClaimType

MODEL = "types"
SECOND = "types_encoder"
"""The encoder; its labels are those of the linear model."""
DOUBT = 0.5
"""Chance of the likeliest type below which the encoder is asked: one claim in twenty-five."""
PARTS = 4
"""Roles of words that the model tells apart."""


def type_features(signs: Signs) -> list[str]:
    """Return the features of a claim, each once."""
    return signs.form + signs.context


def type_words(signs: Signs, rows: Callable[[Iterable[str]], list[int]]) -> list[list[int]]:
    """Return the rows of the words in each of the `PARTS` roles."""
    return [rows(words) for words in ([signs.predicate], signs.open, signs.subjects, [signs.cue])]


def claim_type(
    model: LinearModel,
    signs: Signs,
    rows: Callable[[Iterable[str]], list[int]],
    encoder: PairEncoder | None = None,
) -> ClaimType:
    """Return the likeliest type; `rows` looks words up (`signs.word_rows`)."""
    shares = softmax(np.array(model.scores(type_features(signs), type_words(signs, rows))))
    if encoder is not None and signs.said and shares.max() < DOUBT:
        shares = shares * encoder.shares([(signs.around, signs.said)])[0]
    return ClaimType(model.labels[int(shares.argmax())])
