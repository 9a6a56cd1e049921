"""The gold corpus keeps what its datasheet promises."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from ronten.evaluate import evaluate
from ronten.gold.check import check
from ronten.gold.describe import describe
from ronten.gold.files import load_annotations
from ronten.types import Annotation

CORPUS = Path(__file__).parents[2] / "corpus" / "gold"
REAL = Path(__file__).parents[3] / "shared" / "gold" / "dev_real.jsonl"
SPLITS = json.loads((CORPUS / "splits.json").read_text(encoding="utf-8"))


@cache
def annotations(version: str) -> list[Annotation]:
    return list(load_annotations(CORPUS / version))


def test_sizes() -> None:
    assert Counter(SPLITS.values()) == {"train": 120, "dev": 40, "test": 40}
    whole = describe(annotations("final"), SPLITS)["all"]
    assert whole.articles == 200
    assert whole.claims >= 2_500
    assert whole.shared_positions >= 150
    assert whole.stance_labels >= 250
    assert whole.targets >= 20
    lengths = sorted(len(annotation.text) for annotation in annotations("final"))
    assert lengths[0] >= 400
    assert lengths[-1] <= 1_200


def test_three_versions_of_every_article() -> None:
    texts = {a.id: a.text for a in annotations("final")}
    assert set(texts) == set(SPLITS)
    for version in ("first", "second"):
        assert {a.id: a.text for a in annotations(version)} == texts


def test_the_files_are_clean() -> None:
    assert [problem for problem in check(CORPUS) if not problem.warning] == []


def test_two_annotators_agree() -> None:
    scores = evaluate(annotations("first"), annotations("second")).values
    assert scores["attributed"] >= 0.90
    assert scores["type_acc"] >= 0.85


def test_debates_have_several_articles_and_both_sides() -> None:
    groups: dict[tuple[str, ...], list[Annotation]] = {}
    for annotation in annotations("final"):
        for target in annotation.targets:
            groups.setdefault((SPLITS[annotation.id], target), []).append(annotation)
    debates = [
        group
        for (_, target), group in groups.items()
        if len(group) >= 3
        and {
            claim.stance.label
            for annotation in group
            for claim in annotation.claims
            if claim.stance and claim.stance.target == target
        }
        == {"favor", "against"}
    ]
    assert len(debates) >= 15


def test_no_two_articles_repeat_each_other() -> None:
    assert describe(annotations("final"))["all"].overlap[0][2] < 0.05


def test_a_quarter_of_the_test_cues_is_new() -> None:
    unseen = describe(annotations("final"), SPLITS)["test"].unseen_cues
    assert unseen is not None
    assert unseen >= 0.25


@pytest.mark.skipif(not REAL.is_file(), reason="the real articles are not here")
def test_the_shape_is_that_of_real_articles() -> None:
    ours = describe(annotations("final"))["all"]
    real = describe(list(load_annotations(REAL)))["all"]
    for kind, share in real.attribution.items():
        assert abs(ours.attribution[kind] - share) <= 0.10
    cues = dict(ours.cues)
    for lemma, share in real.cues[:5]:
        assert abs(cues.get(lemma, 0.0) - share) <= 0.10
