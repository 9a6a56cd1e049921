"""Builds the whole pipeline from ja_ginza."""

from __future__ import annotations

from typing import Any

import spacy
from spacy.language import Language

from ronten.components.extensions import register
from ronten.components.tokenizer import AnyLengthTokenizer
from ronten.config import Config
from ronten.errors import ModelNotFound

# `strings` are 480 000 words whose vectors are found by hash; they cost 0.6 s and 115 MB.
_UNUSED = [
    "strings",
    "tokenizer",
    "tok2vec",
    "parser",
    "ner",
    "morphologizer",
    "attribute_ruler",
    "compound_splitter",
    "bunsetu_recognizer",
]


def base() -> Language:
    """Load of ja_ginza what ronten uses: its words and their vectors, with our tokenizer."""
    try:
        nlp = spacy.load("ja_ginza", exclude=_UNUSED)
    except OSError as error:
        raise ModelNotFound(
            "the spaCy model ja_ginza is not installed; run: pip install ja_ginza"
        ) from error
    nlp.tokenizer = AnyLengthTokenizer(nlp.vocab)
    nlp.max_length = 10**9
    return nlp


def build(config: Config, last: str = "ronten_claims") -> Language:
    """Load ja_ginza without what is not needed and add the components of ronten up to `last`."""
    # Factories register on import, so that a checkout works before it is installed.
    import ronten.components.factories  # noqa: F401

    register()
    nlp = base()
    lexicon = [str(path) for path in config.lexicon]
    verbs = [str(path) for path in config.reporting_verbs]
    aliases = [str(path) for path in config.aliases]
    components: dict[str, dict[str, Any]] = {
        "ronten_text": {},
        "ronten_mentions": {"lexicon": lexicon, "aliases": aliases, "encoder": config.encoder},
        "ronten_figures": {},
        "ronten_cues": {"reporting_verbs": verbs},
        "ronten_parse": {"all_sentences": config.parse == "all"},
        "ronten_measures": {},
        "ronten_claims": {"reporting_verbs": verbs, "encoder": config.encoder},
    }
    for name, settings in components.items():
        nlp.add_pipe(name, config=settings)
        if name == last:
            break
    return nlp
