"""Entry points of the spaCy components; importing this module imports nothing heavy.

spaCy loads every `spacy_factories` entry point of an environment whenever any pipeline is built.
"""

from __future__ import annotations

from collections.abc import Callable

from spacy.language import Language
from spacy.tokens import Doc

Component = Callable[[Doc], Doc]


@Language.factory(
    "ronten_text",
    assigns=["doc._.ronten_sentences", "doc._.ronten_pairs", "doc._.ronten_unbalanced"],
)
def make_text(nlp: Language, name: str) -> Component:
    """Sentences and bracket pairs."""
    from ronten.components.extensions import register
    from ronten.components.structure import TextComponent

    register()
    return TextComponent()


@Language.factory(
    "ronten_mentions",
    default_config={"lexicon": [], "aliases": [], "encoder": True},
    assigns=["doc._.ronten_entities", "doc._.ronten_aliases", "doc._.ronten_roles"],
)
def make_mentions(
    nlp: Language, name: str, lexicon: list[str], aliases: list[str], encoder: bool
) -> Component:
    """Entities with canonical names, in-text aliases and roles."""
    from ronten.components.extensions import register
    from ronten.components.records import MentionsComponent

    register()
    return MentionsComponent(nlp.vocab.vectors, lexicon, aliases, encoder=encoder)


@Language.factory(
    "ronten_figures", requires=["doc._.ronten_entities"], assigns=["doc._.ronten_figures"]
)
def make_figures(nlp: Language, name: str) -> Component:
    """Quantities and time expressions with their values."""
    from ronten.components.extensions import register
    from ronten.components.records import FiguresComponent

    register()
    return FiguresComponent()


@Language.factory(
    "ronten_cues",
    default_config={"reporting_verbs": []},
    requires=["doc._.ronten_sentences"],
    assigns=["doc._.ronten_cues"],
)
def make_cues(nlp: Language, name: str, reporting_verbs: list[str]) -> Component:
    """Reporting markers and words; they choose the sentences that are worth a parse."""
    from ronten.components.claims.component import CuesComponent
    from ronten.components.extensions import register

    register()
    return CuesComponent(reporting_verbs)


@Language.factory(
    "ronten_parse",
    default_config={"all_sentences": False},
    requires=["doc._.ronten_sentences", "doc._.ronten_cues"],
    assigns=["token.head", "token.dep", "token.is_sent_start"],
)
def make_parse(nlp: Language, name: str, all_sentences: bool) -> Component:
    """Dependency trees for chosen sentences."""
    from ronten.components.parse import SelectiveParser

    return SelectiveParser(nlp.vocab, all_sentences=all_sentences)


@Language.factory(
    "ronten_measures",
    requires=["doc._.ronten_figures", "token.head", "token.dep"],
    assigns=["doc._.ronten_figures"],
)
def make_measures(nlp: Language, name: str) -> Component:
    """The noun that each figure of a parsed sentence quantifies."""
    from ronten.components.extensions import register
    from ronten.components.records import MeasuresComponent

    register()
    return MeasuresComponent()


@Language.factory(
    "ronten_claims",
    default_config={"reporting_verbs": [], "encoder": True},
    requires=[
        "doc._.ronten_sentences",
        "doc._.ronten_cues",
        "doc._.ronten_entities",
        "doc._.ronten_figures",
    ],
    assigns=["doc._.ronten_claims", "doc._.ronten_holders"],
)
def make_claims(nlp: Language, name: str, reporting_verbs: list[str], encoder: bool) -> Component:
    """Claims with holder, source, cue, attribution, type and check-worthiness."""
    from ronten.components.claims.component import ClaimsComponent
    from ronten.components.extensions import register

    register()
    return ClaimsComponent(nlp.vocab, reporting_verbs, encoder=encoder)
