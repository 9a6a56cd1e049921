"""Counts of a corpus and of its splits."""

from __future__ import annotations

import pytest

from ronten.gold.describe import cue_lemma, describe
from ronten.types import Annotation


def annotation(key: str, text: str, cue: str, position: str) -> Annotation:
    start = text.index(cue)
    claim = {
        "id": f"{key}:0-4",
        "content": [[0, 4]],
        "holder": "h",
        "source": None,
        "cue": [start, start + len(cue)],
        "attribution": "indirect",
        "type": "fact",
        "stance": {"target": "増産", "label": "favor"},
        "position": position,
    }
    holder = {"id": "h", "name": "", "kind": "unspecified"}
    values = {"id": key, "text": text, "targets": ["増産"], "holders": [holder], "claims": [claim]}
    return Annotation.model_validate(values)


CORPUS = [
    annotation("a", "増産するとだれもが同じように大きな声で述べた。", "述べ", "p"),
    annotation("b", "増産すると釘を刺した。", "釘を刺し", "p"),
    annotation("c", "減産するとだれもが同じように大きな声で述べていた。", "述べ", "q"),
]


def test_counts_and_shares() -> None:
    parts = describe(CORPUS, {"a": "train", "b": "test", "c": "train"})
    whole = parts["all"]
    assert (whole.articles, whole.claims, whole.stance_labels, whole.targets) == (3, 3, 3, 1)
    assert whole.shared_positions == 2
    assert whole.cues == [("述べる", pytest.approx(2 / 3)), ("釘刺す", pytest.approx(1 / 3))]
    assert (parts["test"].unseen_cues, parts["train"].unseen_cues) == (1.0, 1.0)
    assert whole.unseen_cues is None


def test_repeated_wording_is_found() -> None:
    first, second, share = describe(CORPUS)["all"].overlap[0]
    assert (first, second) == ("a", "c")
    assert 0.5 < share <= 1


@pytest.mark.parametrize(
    ("cue", "lemma"),
    [("述べ", "述べる"), ("語っ", "語る"), ("指摘", "指摘"), ("釘を刺し", "釘刺す")],
)
def test_cue_lemmas(cue: str, lemma: str) -> None:
    assert cue_lemma(cue, (0, len(cue))) == lemma
