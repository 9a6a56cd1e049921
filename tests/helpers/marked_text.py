"""Articles with marked claims, read as training reads them."""

from pathlib import Path

from spacy.language import Language

from ronten.components.language import build
from ronten.config import Config
from ronten.train.claims_data import Sample, samples
from ronten.train.marked import read_marked

TEXT = """### T-1 | 港 | 2025-02-06 |
[[S1,2|戸叶亮介市長]]は[[C1|補修は待てない]][[Q1|とし]]、「[[C2|春に始める]]」と[[Q2|明言]]した。工事は三年かかる。
[[S3|同氏]]は、[[C3|費用は市が持つ]]と[[Q3|述べ]]た。
@@
1 | 戸叶亮介 | person | policy
2 | 戸叶亮介 | person | prediction
3 | 戸叶亮介 | person | fact
"""


def marked_samples(folder: Path, text: str) -> tuple[Language, list[Sample]]:
    """Return the pipeline that training uses, and the articles of a text."""
    path = folder / "part.txt"
    path.write_text(text, encoding="utf-8")
    nlp = build(Config(), last="ronten_measures")
    return nlp, list(samples(nlp, read_marked(path)))
