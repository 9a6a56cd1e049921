"""The second reader of claims: the pretrained encoder; `tagger` averages both.

Trained by `ronten train encoder`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from numpy.typing import NDArray
from safetensors.numpy import load_file

from ronten.components.adapted import WEIGHTS
from ronten.components.claims.view import SentenceView
from ronten.components.e5 import BaseEncoder
from ronten.components.sequence import FloatArray
from ronten.components.word_encoder import WordEncoder, Words

REPORTED = ("content", "cue", "source")
"""What one head of the tagger marks; the other marks the writer's own claims (`OWN`)."""
OWN = ("own",)
HEADS = {"reported": REPORTED, "own": OWN}


class ClaimEncoder:
    """A `WordEncoder` with the heads of the tagger."""

    def __init__(self, base: BaseEncoder, adapter: Mapping[str, NDArray[Any]]) -> None:
        self._encoder = WordEncoder(base, adapter, HEADS)
        self.heads = self._encoder.heads

    @classmethod
    def load(cls, folder: Path) -> ClaimEncoder:
        """Read a model folder; raises ModelNotFound where the pretrained encoder is missing."""
        return cls(BaseEncoder.find(), load_file(folder / WEIGHTS))

    def scores(self, views: Sequence[SentenceView]) -> dict[str, FloatArray]:
        """Return what each head says of every word of some sentences, a score per tag (n, t)."""
        return self._encoder.scores([words(view) for view in views])


def words(view: SentenceView) -> Words:
    """Return a sentence as the encoder reads it."""
    first = view.start[0]
    return Words(
        view.article[first : view.end[-1]],
        [start - first for start in view.start],
        [end - first for end in view.end],
    )
