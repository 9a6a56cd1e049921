"""What stands round a claim, and what it is worth."""

import numpy as np
import pytest

from ronten.stance_context import FEATURES, ContextModel, features
from ronten.types import Annotation


def article(*claims: tuple[str, str, str]) -> Annotation:
    """Claims of holder, attribution and type, five characters each."""
    holders = sorted({holder for holder, *_ in claims})
    kinds = {"g": "government", "w": "article_author"}
    return Annotation.model_validate(
        {
            "id": "a",
            "text": "あいうえお" * len(claims),
            "holders": [{"id": h, "name": h, "kind": kinds.get(h, "person")} for h in holders],
            "claims": [
                {"id": f"c{n}", "content": [[5 * n, 5 * n + 5]], "holder": holder,
                 "attribution": attribution, "type": type_}
                for n, (holder, attribution, type_) in enumerate(claims)
            ],
        }
    )  # fmt: skip


def seen(annotation: Annotation, chances: list[list[tuple[float, float]]]) -> dict[str, np.ndarray]:
    """Every feature (targets, claims) for chances of favor and against by target and claim."""
    alone = np.array([[(1 - f - a, f, a) for f, a in target] for target in chances])
    return dict(zip(FEATURES, np.moveaxis(features(annotation, alone), 2, 0), strict=True))


def test_what_the_holder_says_elsewhere_and_what_others_say() -> None:
    annotation = article(*[("x", "direct", "fact")] * 2, ("y", "indirect", "policy"))
    found = seen(annotation, [[(0.8, 0.1), (0.2, 0.6), (0.1, 0.1)]])
    assert found["holder favor"][0] == pytest.approx([0.2, 0.8, 0])
    assert found["holder against"][0] == pytest.approx([0.6, 0.1, 0])
    assert found["others favor"][0] == pytest.approx([0.1, 0.1, 0.5])
    assert found["holder claims"][0] == pytest.approx([0.2, 0.2, 0])
    assert found["after"][0] == pytest.approx([-0.4, 0, 0])
    assert found["before"][0] == pytest.approx([0, 0.7, 0])
    assert found["answered"][0] == pytest.approx([0, 0, -0.4])


def test_another_target_that_fits_better() -> None:
    found = seen(article(("x", "direct", "fact")), [[(0.1, 0.1)], [(0.7, 0.2)]])
    assert found["other target"][:, 0] == pytest.approx([0.9, 0.2])
    assert found["other targets"][:, 0] == pytest.approx([1, 1])
    alone = seen(article(("x", "direct", "fact")), [[(0.1, 0.1)]])
    assert alone["other targets"][0] == pytest.approx([0])


def test_sorts_of_claims_and_holders() -> None:
    annotation = article(("g", "direct", "policy"), ("w", "authorial", "fact"))
    found = seen(annotation, [[(0.5, 0.1), (0.3, 0.1)]])
    assert found["government"][0].tolist() == [1, 0]
    assert found["own"][0].tolist() == [0, 1]
    assert found["type policy"][0].tolist() == [1, 0]
    assert found["policy leaning"][0] == pytest.approx([0.4, 0])
    assert found["own side"][0] == pytest.approx([0, 0.4])


def test_the_order_of_the_list_changes_nothing() -> None:
    annotation = article(*[(h, "direct", "fact") for h in "xxyxyy"])
    chances = np.random.default_rng(0).dirichlet([1, 1, 1], (2, 6))
    turned = annotation.model_copy(update={"claims": annotation.claims[::-1]})
    found = features(annotation, chances)
    assert np.allclose(features(turned, chances[:, ::-1])[:, ::-1], found)


def test_a_model_is_read_as_it_was_written(tmp_path) -> None:
    rng = np.random.default_rng(1)
    model = ContextModel(rng.normal(size=(len(FEATURES), 3)).round(4), rng.normal(size=3).round(4))
    model.save(tmp_path)
    again = ContextModel.read(tmp_path)
    annotation = article(("x", "direct", "fact"), ("y", "direct", "policy"))
    alone = rng.dirichlet([1, 1, 1], (1, 2))
    chances = model.chances(annotation, alone)
    assert np.array_equal(again.chances(annotation, alone), chances)
    assert np.allclose(chances.sum(axis=2), 1, atol=1e-3)
