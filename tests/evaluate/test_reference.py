"""The reference scorer and ours, on random perturbations of gold on real text."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import json
import random
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from ronten.evaluate import evaluate
from ronten.evaluate.metrics import METRICS
from ronten.types import Annotation

SHARED = Path(__file__).parents[3] / "shared"
SCORER = SHARED / "tools" / "score.py"
RUNS = 300
TYPES = ["fact", "prediction", "policy", "interpretation"]
ATTRIBUTIONS = ["direct", "indirect", "mixed", "authorial"]
LABELS = ["PERSON", "COMPANY", "ORG", "PLACE"]

pytestmark = pytest.mark.skipif(not SCORER.is_file(), reason="no reference scorer here")


@pytest.fixture(scope="module")
def reference() -> Callable[[Path, Path], dict[str, Any]]:
    spec = importlib.util.spec_from_file_location("reference_scorer", SCORER)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    def run(gold: Path, predicted: Path) -> dict[str, Any]:
        with contextlib.redirect_stdout(io.StringIO()) as out:
            module.main(str(gold), str(predicted), True)
        return json.loads(out.getvalue())

    return run


@pytest.fixture(scope="module")
def gold() -> list[dict[str, Any]]:
    rows = [json.loads((SHARED / "gold" / "amodei.json").read_text("utf-8"))]
    for name in ("dev_real.jsonl", "dev_chips.jsonl"):
        lines = (SHARED / "gold" / name).read_text("utf-8").splitlines()
        rows += [json.loads(line) for line in lines if line.strip()]
    return rows


def test_agrees_with_the_reference(
    reference: Callable[[Path, Path], dict[str, Any]],
    gold: list[dict[str, Any]],
    tmp_path: Path,
) -> None:
    left, right = tmp_path / "gold.jsonl", tmp_path / "predicted.jsonl"
    for seed in range(RUNS):
        chance = random.Random(seed)
        # The first article is the only one with stances and positions.
        wanted = [*gold[: chance.random() < 0.8], *chance.sample(gold[1:], chance.randint(1, 4))]
        said = [perturbed(row, chance) for row in wanted if chance.random() < 0.95]
        chance.shuffle(said)
        for path, rows in ((left, wanted), (right, said)):
            path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
        expected = reference(left, right)
        scores = evaluate(
            [Annotation.model_validate(row) for row in wanted],
            [Annotation.model_validate(row) for row in said],
        )
        found = scores.as_dict()
        assert found["missing"] == expected["missing"]
        for name in METRICS:
            close(found[name], expected.get(name), f"seed {seed}: {name}")


def close(found: Any, expected: Any, where: str) -> None:
    """Equal to the last digit shown; a sum in another order may round the other way."""
    if isinstance(expected, dict):
        for key, value in expected.items():
            close(found[key], value, f"{where} {key}")
    else:
        assert found == pytest.approx(expected, abs=0.00101), where
        if expected is not None and "b3" not in where:
            assert found == expected, where


def perturbed(row: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    row = deepcopy(row)
    rate = chance.choice([0.05, 0.2, 0.5])
    size = len(row["text"])

    def often() -> bool:
        return chance.random() < rate

    def moved(span: list[int]) -> list[int]:
        start = min(max(0, span[0] + chance.randint(-4, 4)), size - 1)
        return [start, min(max(start + 1, span[1] + chance.randint(-4, 4)), size)]

    for holder in row["holders"]:
        if often() and holder["name"]:
            name = holder["name"]
            holder["name"] = chance.choice(
                [name[:2], name[-2:], name[:3], name + "氏", f"{name[:2]} {name[2:]}", "誰か"]
            )
        if often():
            holder["kind"] = chance.choice(["person", "unspecified", "article_author", "group"])
            holder["name"] = chance.choice(["", holder["name"]])
    claims = []
    for claim in row["claims"]:
        if often():
            continue
        if often():
            claim["content"] = [moved(span) for span in claim["content"]]
        if often() and claim["content"][0][1] - claim["content"][0][0] > 6:
            start, end = claim["content"][0]
            cut = chance.randint(start + 2, end - 2)
            claim["content"][:1] = [[start, cut], [min(cut + chance.randint(-1, 3), end - 1), end]]
        if often():
            claim["type"] = chance.choice(TYPES)
        if often():
            claim["attribution"] = chance.choice(ATTRIBUTIONS)
        if often():
            claim["holder"] = chance.choice(row["holders"])["id"]
        for field in ("cue", "source"):
            if often():
                claim[field] = moved(claim[field]) if claim[field] and often() else None
        if often() and row["targets"]:
            target, label = chance.choice(row["targets"]), chance.choice(["favor", "against"])
            claim["stance"] = chance.choice([None, {"target": target, "label": label}])
        if often():
            claim["position"] = chance.choice([None, chance.choice(row["claims"])["position"]])
        claims.append(claim)
        if often():
            claims.append({**claim, "content": [moved(claim["content"][0])]})
    if often():
        chance.shuffle(claims)
    row["claims"] = claims
    row["entities"] = [e for e in row["entities"] if not often()]
    for entity in row["entities"]:
        if often():
            entity["span"] = moved(entity["span"])
        if often():
            entity["label"] = chance.choice(LABELS)
        if often():
            name = entity["entity"]
            entity["entity"] = chance.choice([name.upper(), f"{name[:1]}・{name[1:]}", "別"])
    row["figures"] = [f for f in row["figures"] if not often()]
    for figure in row["figures"]:
        if often():
            figure["span"] = moved(figure["span"])
        if often() and isinstance(figure["low"], int | float):
            figure["low"] *= chance.choice([1.004, 1.02, 0.995])
        if often():
            figure["modifier"] = chance.choice(["about", "over", None])
        if often():
            figure["unit"] = "別"
    return row
