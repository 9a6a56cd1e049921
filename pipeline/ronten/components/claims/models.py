"""The trained models that find claims, their links and their holders."""

from __future__ import annotations

from typing import NamedTuple

from spacy.vocab import Vocab

from ronten import models
from ronten.components.claims.encoder import ClaimEncoder
from ronten.components.claims.holders_encoder import HoldersEncoder
from ronten.components.claims.lexicon import CueLexicon
from ronten.components.claims.tagger import ClaimTagger
from ronten.ranking import Ranker

CUE_LINKS = "cue_links.json"
SOURCE_LINKS = "source_links.json"
HOLDERS = "holders.json"


class ClaimModels(NamedTuple):
    """The tagger, and the rankers of reporting words, sources and holders."""

    tagger: ClaimTagger
    cues: Ranker
    sources: Ranker
    holders: Ranker
    holders_encoder: HoldersEncoder | None = None
    """Asked about sources and holders where the rankers are in doubt."""

    @classmethod
    def load(cls, lexicon: CueLexicon, vocab: Vocab, *, encoder: bool = True) -> ClaimModels:
        """Find, verify and read the models `claims` and `holders`.

        With `encoder` also those of the pretrained encoder: `encoder` and `holders_encoder`.

        Raises ModelNotFound.
        """
        folder = models.sound("claims")
        second = ClaimEncoder.load(models.sound("encoder")) if encoder else None
        return cls(
            ClaimTagger.load(folder, lexicon, vocab, second),
            Ranker.load(folder / CUE_LINKS),
            Ranker.load(folder / SOURCE_LINKS),
            load_holders(),
            HoldersEncoder.load(models.sound("holders_encoder")) if encoder else None,
        )


def load_holders() -> Ranker:
    """Find, verify and read the model `holders`; raises ModelNotFound."""
    return Ranker.load(models.sound("holders") / HOLDERS)
