"""Type, certainty, polarity and check-worthiness of claims whose borders are known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc
from spacy.vocab import Vocab

from ronten.components.claims import checkworthiness, types_model
from ronten.components.claims.lexicon import CueLexicon, load_cues
from ronten.components.claims.signs import Said, SignReader, Signs, word_rows
from ronten.components.columns import Columns, columns
from ronten.components.pair_encoder import PairEncoder
from ronten.linear import LinearModel
from ronten.types import Annotation, Attribution, Holder, Kind


class Judge:
    """Judges claims with the models that ship; `encoder`: whether the pretrained one is asked.

    Words are looked up in the vectors of `vocab`; a vocabulary with other vectors than those the
    models were trained with knows no words.
    """

    def __init__(self, vocab: Vocab, *, encoder: bool = True) -> None:
        self.types = LinearModel.load(types_model.MODEL)
        self.second = PairEncoder.load(types_model.SECOND) if encoder else None
        self.worth = LinearModel.load(checkworthiness.MODEL)
        vectors = vocab.vectors
        fits = (len(vectors.data), len(vectors.key2row)) == self.types.vectors
        self.rows = word_rows(vocab if fits else Vocab())

    def __call__(self, signs: Signs) -> dict[str, Any]:
        """Return the keys `type`, `check_worthiness`, `certainty` and `negated` of a claim."""
        return {
            "certainty": signs.certainty,
            "negated": signs.negated,
            "type": str(types_model.claim_type(self.types, signs, self.rows, self.second)),
            "check_worthiness": checkworthiness.check_worthiness(self.worth, signs, self.rows),
        }


def judged(
    doc: Doc,
    tokens: Columns,
    claims: Sequence[Mapping[str, Any]],
    holders: Sequence[Holder],
    judge: Judge,
    lexicon: CueLexicon,
) -> list[dict[str, Any]]:
    """Add type, check-worthiness, certainty and polarity to claims.

    Args:
        doc: a Doc with figures (`ronten_figures`).
        tokens: its columns.
        claims: claims as plain values: `content`, `cue`, `attribution`, `holder`.
        holders: the holders they refer to.
        judge: the models.
        lexicon: the reporting lexicon.
    """
    reader = SignReader(
        tokens, doc._.ronten_figures, doc._.ronten_metadata.get("published"), lexicon
    )
    kinds = {holder.id: holder.kind for holder in holders}
    result = []
    for claim in claims:
        said = Said(
            claim["content"],
            claim["cue"],
            Attribution(claim["attribution"]),
            kinds[claim["holder"]],
        )
        result.append({**claim, **judge(reader.read(said))})
    return result


def signs_of(
    nlp: Language, article: Annotation, lexicon: CueLexicon | None = None
) -> Iterator[Signs]:
    """Read the signs of claims that are given, in order.

    `nlp` runs at least `ronten_text`, `ronten_mentions` and `ronten_figures`.
    """
    doc = nlp.make_doc(article.text)
    doc._.ronten_metadata = article.metadata.dump()
    doc = nlp(doc)
    reader = SignReader(
        columns(doc), doc._.ronten_figures, article.metadata.published, lexicon or load_cues()
    )
    kinds: dict[str, Kind] = {holder.id: holder.kind for holder in article.holders}
    for claim in article.claims:
        yield reader.read(Said(claim.content, claim.cue, claim.attribution, kinds[claim.holder]))
