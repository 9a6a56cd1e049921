"""What each trained part of the claim step is worth.

`python -m ronten.evaluate.ablation GOLD[:SPLIT] …` prints a Markdown table: everything by rules,
then one trained part more in every row. In the place of a ranker stand hand-set weights (the
nearest reporting word behind, the nearest source, the holder named last); in the place of the
tagger what the rules draft.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ronten.components.claims.features import Hinted
from ronten.components.claims.models import ClaimModels
from ronten.components.claims.tagger import ClaimTagger, Marked, Marks
from ronten.config import Config
from ronten.errors import UsageError
from ronten.evaluate.scores import evaluate
from ronten.evaluate.splits import select
from ronten.extraction import annotate, load
from ronten.gold.files import load_annotations
from ronten.ranking import Ranker
from ronten.types import Annotation, Article, Span

MEASURES = ("claims_all", "attributed", "attributed_exact", "attributed_with_holder")
CUES = Ranker({"": {"after contents=0 cues=0": 3000, "before contents=0": 1000, "none": 500}})
SOURCES = Ranker({"": {"before contents=0": 2000, "before own=True": 1000, "none": 500}})
HOLDERS = Ranker(
    {
        "": {
            "in source": 4000,
            "like=equal": 4000,
            "in role": 3000,
            "like=same": 2000,
            "last": 1500,
            "sort=self": 1000,
            "sort=unspecified": 500,
        }
    }
)


class DraftTagger:
    """Marks what the rules draft, in the place of the trained tagger."""

    def __init__(self, tagger: ClaimTagger) -> None:
        self.encoder = tagger.encoder

    def mark(self, sentences: Sequence[Hinted]) -> list[Marks]:
        """Mark some sentences, in order."""
        return [_marks(sentence) for sentence in sentences]


def _marks(sentence: Hinted) -> Marks:
    drafts = sentence.drafts
    contents = [draft.spans[0] for draft in drafts if len(draft.spans) == 1]
    cues = [cue.span for cue in sentence.cues if cue.span]
    sources = [draft.speaker.span for draft in drafts if draft.speaker is not None]
    return Marks(_marked(contents), _marked(cues), _marked(sources), [])


def _marked(spans: Sequence[Span]) -> list[Marked]:
    return [Marked(span, 0.5) for span in sorted(set(spans))]


def table(sets: Sequence[tuple[str, Sequence[Annotation]]]) -> str:
    """Return the table; one group of columns per set of gold articles."""
    nlp = load(Config())
    component: Any = nlp.get_pipe("ronten_claims")
    trained: Any = ClaimModels.load(component.finder.lexicon, nlp.vocab, encoder=False)
    rules = trained._replace(
        tagger=DraftTagger(trained.tagger), cues=CUES, sources=SOURCES, holders=HOLDERS
    )
    steps = {
        "rules alone": rules,
        "+ tagger": rules._replace(tagger=trained.tagger),
        "+ links": trained._replace(holders=HOLDERS),
        "+ holders": trained,
        "+ encoder": component.models._replace(holders_encoder=None),
        "+ holders encoder": component.models,
    }
    names = [f"{title}: {measure}" for title, _ in sets for measure in MEASURES]
    lines = ["| | " + " | ".join(names) + " |", "|---" * (len(names) + 1) + "|"]
    for label, models in steps.items():
        component.models = models
        cells = []
        for _, gold in sets:
            articles = (
                Article(id=a.id, text=a.text, metadata=a.metadata, given_id=True) for a in gold
            )
            found = [a for a in annotate(nlp, articles) if isinstance(a, Annotation)]
            values = evaluate(gold, found).values
            cells += [f"{values[measure]:.3f}" for measure in MEASURES]
        lines.append(f"| {label} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> None:
    """Print the table for the sets named on the command line."""
    if not arguments:
        raise UsageError("usage: python -m ronten.evaluate.ablation GOLD[:SPLIT] …")
    sets = []
    for argument in arguments:
        name, _, split = argument.partition(":")
        path = Path(name)
        gold = list(load_annotations(path))
        if split:
            gold = list(select(gold, path, split))
        sets.append((split or path.stem, gold))
    sys.stdout.write(table(sets) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
