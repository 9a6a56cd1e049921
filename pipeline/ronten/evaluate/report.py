"""Everything `ronten evaluate` shows, as one record."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ronten.config import Config
from ronten.evaluate.agreement import Agreement, agreement
from ronten.evaluate.baseline import baseline
from ronten.evaluate.bootstrap import Difference, Interval, differences, intervals
from ronten.evaluate.breakdown import by
from ronten.evaluate.comparison import Comparison
from ronten.evaluate.metrics import rounded
from ronten.evaluate.scores import Scores, evaluate, score
from ronten.evaluate.system import STEPS
from ronten.types import Annotation


@dataclass(frozen=True)
class Report:
    """Scores with what helps to judge them; parts that were not asked for are empty."""

    scores: Scores
    intervals: Mapping[str, Interval]
    baseline: Mapping[str, float] = field(default_factory=dict)
    gold_input: Mapping[str, float] = field(default_factory=dict)
    """Measures of single steps that were given gold instead of what earlier steps found."""
    agreement: Mapping[str, Agreement] = field(default_factory=dict)
    by: Mapping[str, Scores] = field(default_factory=dict)
    against: Mapping[str, Difference] = field(default_factory=dict)
    other: Scores | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the report as JSON-ready data: the measures by name, the rest beside them."""
        result = self.scores.as_dict()
        result["intervals"] = {name: _rounded(i) for name, i in self.intervals.items()}
        for part in ("baseline", "gold_input"):
            if values := getattr(self, part):
                result[part] = {name: rounded(value) for name, value in values.items()}
        if self.agreement:
            result["agreement"] = {
                name: {
                    "n": found.n,
                    "share": None if found.share is None else rounded(found.share),
                    "kappa": None if found.kappa is None else rounded(found.kappa),
                }
                for name, found in self.agreement.items()
            }
        if self.by:
            result["by"] = {value: scores.as_dict() for value, scores in self.by.items()}
        if self.other is not None:
            result["against"] = {
                name: {
                    "other": rounded(self.other.values[name]),
                    "difference": rounded(found.value),
                    "interval": _rounded(found.interval),
                    "p": rounded(found.p),
                }
                for name, found in self.against.items()
            }
        return result

    def misses(self, minimums: Mapping[str, float]) -> list[str]:
        """Return a line for each measure that is below its minimum, or was not scored at all."""
        lines: list[str] = []
        for name, least in minimums.items():
            value = self.scores.values[name]
            if math.isnan(value):
                lines.append(f"{name} was not scored, {least} is asked for")
            elif value < least:
                lines.append(f"{name} {value:.4f} is below {least}")
        return lines


def report(
    comparison: Comparison,
    *,
    annotators: bool = False,
    key: str | None = None,
    other: Comparison | None = None,
    system: Config | None = None,
) -> Report:
    """Score a comparison.

    Args:
        annotators: both sides are annotators: agreement instead of a baseline.
        key: what to break the scores down by (`breakdown.KEYS`).
        other: another system on the same gold.
        system: the present system's configuration, if that is what was compared; its steps are
            then scored on gold input as well.

    Raises:
        UsageError: an unknown key, or fewer than 2 articles for two systems.
    """
    scores = score(comparison)
    gold = [article.gold for article in comparison.articles]
    other_scores = score(other) if other else None
    return Report(
        scores,
        intervals(scores),
        baseline={} if annotators else baseline(gold),
        gold_input=_on_gold_input(gold, system) if system else {},
        agreement=agreement(comparison) if annotators else {},
        by=by(comparison, key) if key else {},
        against=differences(scores, other_scores) if other_scores else {},
        other=other_scores,
    )


def _on_gold_input(gold: Sequence[Annotation], config: Config) -> dict[str, float]:
    found: dict[str, float] = {}
    for step in STEPS.values():
        values = evaluate(gold, step.run(gold, config)).values
        found |= {name: value for name, value in values.items() if name in step.metrics}
    return found


def _rounded(interval: Interval) -> list[float | None]:
    return [rounded(interval.low), rounded(interval.high)]
