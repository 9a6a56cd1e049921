"""Names in a text: found by lexicon, grammar and context, linked to canonical names."""

from __future__ import annotations

from ronten.components.mentions.encoder import NamesEncoder
from ronten.components.mentions.lexicon import Lexicon
from ronten.components.mentions.link import Mentions, latest_before, predict, resolve_person
from ronten.components.mentions.roles import Role
from ronten.components.mentions.tagger import Tagger

__all__ = [
    "Lexicon",
    "Mentions",
    "NamesEncoder",
    "Role",
    "Tagger",
    "latest_before",
    "predict",
    "resolve_person",
]
