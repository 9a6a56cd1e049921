"""Score table of README.md: `python -m ronten.evaluate.readme README.md TITLE=GOLD[:SPLIT] …`."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from pathlib import Path

from ronten.config import Config
from ronten.errors import UsageError
from ronten.evaluate.comparison import compare
from ronten.evaluate.report import Report, report
from ronten.evaluate.splits import select
from ronten.evaluate.system import annotate
from ronten.gold.files import load_annotations

BEGIN, END = "<!-- scores: begin -->", "<!-- scores: end -->"
_ROWS = {
    "claims_all": "all claims, F1",
    "claims_all_exact": "all claims, exact borders",
    "attributed": "attributed claims, F1",
    "attributed_exact": "attributed claims, exact borders",
    "attributed_with_holder": "attributed claims with the right holder",
    "attribution_acc": "attribution, accuracy",
    "cue_overlap": "reporting word, overlap",
    "source_exact": "source, exact",
    "type_acc": "type, accuracy",
    "stance_f1": "stance, macro F1",
    "positions_pairs": "positions, pairwise F1",
    "positions_b3": "positions, B³ F1",
    "entities": "entities, span and label F1",
    "entity_link_acc": "canonical names, accuracy",
    "figures_span": "figures, span F1",
    "figures_full": "figures, everything right, F1",
}


def scored(gold: Path, split: str | None) -> Report:
    """Annotate the texts of a gold corpus now and score them.

    Raises `UsageError` where the corpus or the split is not there.
    """
    annotations = list(load_annotations(gold))
    if split:
        annotations = select(annotations, gold, split)
    predicted, _ = annotate(annotations, Config())
    return report(compare(annotations, predicted))


def table(reports: Sequence[tuple[str, int, Report]]) -> str:
    """Markdown table: one column per set of articles, the trivial baseline behind each score.

    Args:
        reports: title of the set, number of articles, scores.
    """
    header = ["", *(f"{title}, {size} articles" for title, size, _ in reports)]
    lines = ["| " + " | ".join(header) + " |", "|---" * len(header) + "|"]
    for name, label in _ROWS.items():
        cells = [_cell(found, name) for _, _, found in reports]
        lines.append("| " + " | ".join([label, *cells]) + " |")
    return "\n".join(lines)


def _cell(found: Report, name: str) -> str:
    value = found.scores.values[name]
    if math.isnan(value):
        return "–"
    text = f"**{value:.3f}**"
    if (interval := found.intervals.get(name)) is not None:
        text += f" ({interval.low:.2f}–{interval.high:.2f})"
    base = found.baseline.get(name, math.nan)
    return text if math.isnan(base) else f"{text}; {base:.3f}"


def write(readme: Path, body: str) -> None:
    """Put the table between the markers of a file.

    Raises `UsageError` where the markers are missing.
    """
    text = readme.read_text(encoding="utf-8")
    if BEGIN not in text or END not in text:
        raise UsageError(f"{readme}: the markers {BEGIN} and {END} are missing")
    before, rest = text.split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    readme.write_text(f"{before}{BEGIN}\n{body}\n{END}{after}", encoding="utf-8")


def main(arguments: Sequence[str]) -> None:
    """Score the sets named on the command line and write the table."""
    if len(arguments) < 2 or not all("=" in argument for argument in arguments[1:]):
        raise UsageError("usage: python -m ronten.evaluate.readme README.md TITLE=GOLD[:SPLIT] …")
    reports = []
    for argument in arguments[1:]:
        title, place = argument.split("=", 1)
        path, _, split = place.partition(":")
        found = scored(Path(path), split or None)
        reports.append((title, len(found.scores.articles), found))
    note = (
        "Score (95 % interval over articles); behind it a trivial baseline: regular expressions "
        "for spans, majority labels for the rest. Written by `make scores`."
    )
    write(Path(arguments[0]), table(reports) + "\n\n" + note)


if __name__ == "__main__":
    main(sys.argv[1:])
