"""The measures: which counts each is a ratio of.

A measure takes counts as arrays of one shape (one total, or one per resample) and gives an array of
that shape, NaN where nothing was scored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ronten.evaluate.counts import ANY
from ronten.types import ClaimType, Label

Array = NDArray[np.float64]
Counts = Mapping[str, Array]
"""Counts by name; a name that never occurred gives 0."""

DIGITS = 3


class Metric(Protocol):
    """A measure: one number to compare, and all it consists of."""

    def value(self, counts: Counts) -> Array:
        """Return the number (0 to 1) that stands for the measure."""
        ...

    def details(self, counts: Counts) -> Any:
        """Return what `--json` shows of single totals, None where nothing was scored."""
        ...


@dataclass(frozen=True)
class F1:
    """Precision, recall and F1: 0 where nothing is right, no value where there is nothing."""

    both: str
    predicted: str
    gold: str
    layer: str = "claims"

    def value(self, counts: Counts) -> Array:
        return np.where(self.seen(counts), self.f1(counts), np.nan)

    def details(self, counts: Counts) -> dict[str, Any] | None:
        if not counts[f"layer.{self.layer}"] > 0:
            return None
        p, r, f1 = (rounded(x) for x in self._prf(counts))
        return {"p": p, "r": r, "f1": f1, "n": int(counts[self.gold])}

    def f1(self, counts: Counts) -> Array:
        """Return F1, 0 where there is nothing."""
        return self._prf(counts)[2]

    def seen(self, counts: Counts) -> NDArray[np.bool_]:
        """Tell where either side has anything."""
        return np.asarray(counts[self.gold] + counts[self.predicted] > 0)

    def _prf(self, counts: Counts) -> tuple[Array, Array, Array]:
        both = counts[self.both]
        p = _ratio(both, counts[self.predicted], 0.0)
        r = _ratio(both, counts[self.gold], 0.0)
        return p, r, _ratio(2 * p * r, p + r, 0.0)


@dataclass(frozen=True)
class Share:
    """The share of what was scored that is right."""

    right: str
    scored: str

    def value(self, counts: Counts) -> Array:
        return _ratio(counts[self.right], counts[self.scored], np.nan)

    def details(self, counts: Counts) -> float | None:
        return rounded(self.value(counts))


@dataclass(frozen=True)
class MacroF1:
    """F1 by label, and their mean over the labels that occur; `fixed` shows the others too."""

    labels: Mapping[str, F1]
    fixed: bool = False

    def value(self, counts: Counts) -> Array:
        scores = np.stack([f1.f1(counts) for f1 in self.labels.values()])
        seen = np.stack([f1.seen(counts) for f1 in self.labels.values()])
        return _ratio(np.where(seen, scores, 0).sum(axis=0), seen.sum(axis=0), np.nan)

    def details(self, counts: Counts) -> dict[str, float | None] | None:
        if np.isnan(value := self.value(counts)):
            return None
        by_label = {
            label: rounded(f1.f1(counts))
            for label, f1 in sorted(self.labels.items())
            if self.fixed or f1.seen(counts)
        }
        return {"macro": rounded(value), **by_label}


@dataclass(frozen=True)
class ByLabel:
    """Precision, recall and F1 by label; the value is that of all labels together."""

    labels: Mapping[str, F1]

    def value(self, counts: Counts) -> Array:
        return self.labels[ANY].value(counts)

    def details(self, counts: Counts) -> dict[str, Any] | None:
        if self.labels[ANY].details(counts) is None:
            return None
        return {
            label: f1.details(counts)
            for label, f1 in sorted(self.labels.items())
            if f1.seen(counts) or label == ANY
        }


@dataclass(frozen=True)
class Grouped:
    """Precision, recall and F1 of a grouping, which `grouping` works out beforehand."""

    precision: str
    recall: str
    n: str

    def value(self, counts: Counts) -> Array:
        p, r = counts[self.precision], counts[self.recall]
        return np.where(counts["grouped.claims"] > 0, _ratio(2 * p * r, p + r, 0.0), np.nan)

    def details(self, counts: Counts) -> dict[str, Any] | None:
        if not counts["grouped.claims"] > 0:
            return None
        p, r = counts[self.precision], counts[self.recall]
        f1 = rounded(self.value(counts))
        return {"p": rounded(p), "r": rounded(r), "f1": f1, "n": int(counts[self.n])}


def _label_f1(name: str, labels: list[str], layer: str) -> dict[str, F1]:
    return {
        label: F1(
            f"{name}.{label}.both", f"{name}.{label}.predicted", f"{name}.{label}.gold", layer
        )
        for label in labels
    }


def _figures(what: str) -> F1:
    return F1(f"figures.{what}", "figures.predicted", "figures.gold", "figures")


METRICS: Mapping[str, Metric] = {
    "claims_all": F1("claims.both", "claims.predicted", "claims.gold"),
    "claims_all_exact": F1("claims.exact", "claims.predicted", "claims.gold"),
    "attributed": F1("attributed.both", "attributed.predicted", "attributed.gold"),
    "attributed_exact": F1("attributed.exact", "attributed.predicted", "attributed.gold"),
    "attributed_with_holder": F1("attributed.holder", "attributed.predicted", "attributed.gold"),
    "attributed_chars": F1("characters.both", "characters.predicted", "characters.gold"),
    "holder_acc": Share("holder.right", "claims.both"),
    "cue_overlap": Share("cue.right", "cue.scored"),
    "source_exact": Share("source.right", "source.scored"),
    "attribution_acc": Share("attribution.right", "attributed.both"),
    "type_acc": Share("type.right", "claims.both"),
    "type_f1": MacroF1(_label_f1("type", [t.value for t in ClaimType], "claims")),
    "stance_f1": MacroF1(_label_f1("stance", ["favor", "against", "none"], "stance"), fixed=True),
    "positions_pairs": Grouped("pairs.precision", "pairs.recall", "pairs.gold"),
    "positions_b3": Grouped("b3.precision", "b3.recall", "grouped.claims"),
    "entities": ByLabel(
        _label_f1("entities", [ANY, *(label.value for label in Label)], "entities")
    ),
    "entity_link_acc": Share("link.right", f"entities.{ANY}.both"),
    "figures_found": _figures("both"),
    "figures_span": _figures("span"),
    "figures_value": _figures("value"),
    "figures_full": _figures("full"),
}
"""Every measure by its name in `--json` and `--min`, in the order shown."""


def rounded(value: Any) -> float | None:
    """Return a number as it is shown, None for NaN."""
    return None if np.isnan(value) else round(float(value), DIGITS)


def _ratio(above: Any, below: Any, otherwise: float) -> Array:
    above, below = np.broadcast_arrays(np.asarray(above, float), np.asarray(below, float))
    result: Array = np.full(above.shape, otherwise)
    np.divide(above, below, out=result, where=below > 0)
    return result
