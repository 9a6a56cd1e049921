"""Articles with marked claims, read as training reads them."""

from pathlib import Path

from spacy.language import Language

from ronten.components.language import build
from ronten.config import Config
from ronten.train.claims_data import Sample, samples
from ronten.train.marked import read_marked


def marked_samples(folder: Path, text: str) -> tuple[Language, list[Sample]]:
    """Return the pipeline that training uses, and the articles of a text."""
    path = folder / "part.txt"
    path.write_text(text, encoding="utf-8")
    nlp = build(Config(), last="ronten_measures")
    return nlp, list(samples(nlp, read_marked(path)))
