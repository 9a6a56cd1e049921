"""How good annotations are against others: the scoring rules of the guidelines, section 5.

Every article is compared once (`comparison`), which gives counts; counts are summed over articles
and ratios taken last, so intervals, breakdowns and significance all come from the same numbers.
"""

from __future__ import annotations

from ronten.evaluate.scores import Scores, evaluate

__all__ = ["Scores", "evaluate"]
