"""Where the components keep their results on a Doc: plain values that survive `to_bytes`."""

from __future__ import annotations

from spacy.tokens import Doc

_DEFAULTS: dict[str, object] = {
    "ronten_metadata": {},
    "ronten_sentences": [],
    "ronten_pairs": [],
    "ronten_unbalanced": 0,
    "ronten_entities": [],
    "ronten_aliases": {},
    "ronten_roles": [],
    "ronten_figures": [],
    "ronten_cues": [],
    "ronten_holders": [],
    "ronten_claims": [],
}


def register() -> None:
    """Register the extensions once per process; a second call changes nothing."""
    for name, default in _DEFAULTS.items():
        if not Doc.has_extension(name):
            Doc.set_extension(name, default=default)
