"""Calibrate the confidence of claims on held-out articles: `ronten train confidence`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ronten.components.claims.confidence import CALIBRATION, OWN, REPORTED, Curve, log_odds
from ronten.config import Config
from ronten.errors import UsageError
from ronten.evaluate.comparison import compare, is_attributed
from ronten.evaluate.confidence import judged, worth
from ronten.evaluate.splits import select
from ronten.extraction import read, to_annotation
from ronten.gold.files import load_annotations
from ronten.train.folder import name_and_version, write_meta
from ronten.types import Article


def build(out: Path, *, gold: Path, split: str = "dev") -> dict[str, float]:
    """Fit the curves on a split that the models have not seen; write the folder `out`.

    Returns the calibration error before and after on that split, as `SPLIT_raw_ece` and
    `SPLIT_ece`. Raises UsageError where an input cannot be used.
    """
    from ronten.components.claims.component import ClaimsComponent
    from ronten.components.language import build as pipeline

    name_and_version(out)
    nlp = pipeline(Config(), last="ronten_measures")
    component = ClaimsComponent(nlp.vocab, calibrated=False)
    wanted = list(select(list(load_annotations(gold)), gold, split))
    articles = [Article(id=a.id, text=a.text, metadata=a.metadata) for a in wanted]
    annotated = [
        to_annotation(a, ((start, component(doc)) for start, doc in read(nlp, a))) for a in articles
    ]
    comparison = compare(wanted, annotated)
    reported = judged(comparison)
    own = [
        (pair.predicted.confidence or 0.0, pair.gold is not None)
        for article in comparison.articles
        for pair in article.claims
        if pair.predicted is not None and not is_attributed(pair.predicted)
    ]
    curves = {REPORTED: _fit(reported[0]), OWN: _fit(own)}
    out.mkdir(parents=True, exist_ok=True)
    (out / CALIBRATION).write_text(json.dumps(curves, indent=1) + "\n", encoding="utf-8")
    slope, offset = curves[REPORTED]
    after = [
        claim._replace(confidence=Curve(slope, offset)(claim.confidence)) for claim in reported[0]
    ]
    scores = {
        f"{split}_raw_ece": round(worth(*reported).error, 4),
        f"{split}_ece": round(worth(after, reported[1]).error, 4),
    }
    write_meta(out, licence="Apache-2.0", scores=scores, files=(CALIBRATION,))
    return scores


def _fit(claims: Sequence[Sequence[float]]) -> tuple[float, float]:
    """Fit right ~ sigmoid(slope * log-odds + offset)."""
    from sklearn.linear_model import LogisticRegression  # seconds of imports, so only here

    raw, right = zip(*claims, strict=True) if claims else ((), ())
    if len(set(right)) < 2:
        raise UsageError("confidence: the split needs both right and wrong claims of each sort")
    inputs = np.array([[log_odds(value)] for value in raw])
    found = LogisticRegression(C=100.0).fit(inputs, np.array(right, bool))
    return round(float(found.coef_[0][0]), 4), round(float(found.intercept_[0]), 4)
