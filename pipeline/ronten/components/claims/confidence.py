"""How likely a claim is right: the steps' own probabilities, calibrated on held-out articles."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from ronten import models
from ronten.linear import sigmoid

MODEL = "confidence"
CALIBRATION = "calibration.json"
REPORTED, OWN = "reported", "own"
_FLOOR = 1e-4


class Curve(NamedTuple):
    """confidence = sigmoid(`slope` * log-odds of the raw probability + `offset`)."""

    slope: float
    offset: float

    def __call__(self, raw: float) -> float:
        return sigmoid(self.slope * log_odds(raw) + self.offset)


def log_odds(raw: float) -> float:
    """Return the log-odds of a probability, which is kept away from 0 and 1."""
    raw = min(max(raw, _FLOOR), 1 - _FLOOR)
    return math.log(raw / (1 - raw))


def load() -> Mapping[str, Curve]:
    """Find, verify and read the model; raises ModelNotFound."""
    folder = models.sound(MODEL)
    return read(folder / CALIBRATION)


def read(path: Path) -> Mapping[str, Curve]:
    """Read the curve of reported claims and that of the writer's own."""
    data = json.loads(path.read_text(encoding="utf-8"))
    return {name: Curve(*data[name]) for name in (REPORTED, OWN)}
