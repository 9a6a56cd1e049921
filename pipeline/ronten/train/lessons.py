"""What the rankers learn from: claims as a tagger finds them that never saw the article.

Told gold spans alone, a ranker would trust every reporting word and source it is given. So each
half of the articles is read by a tagger of the other half, and its errors are learned with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from safetensors import SafetensorError
from spacy.tokens import Doc
from spacy.vocab import Vocab

from ronten.components.claims.candidates import Candidate
from ronten.components.claims.cues import CueFinder
from ronten.components.claims.lexicon import CueLexicon
from ronten.components.claims.links import Options
from ronten.components.claims.models import ClaimModels
from ronten.components.claims.questions import Question
from ronten.components.claims.reader import Reader
from ronten.components.claims.reports import Found, Report
from ronten.components.claims.tagger import WEIGHTS, ClaimTagger
from ronten.errors import UsageError
from ronten.evaluate.matching import match_contents
from ronten.evaluate.sameness import same_holder
from ronten.evaluate.spans import shared
from ronten.ranking import Choice, Ranker
from ronten.train.claims_data import Sample
from ronten.train.ranking import Example
from ronten.types import Annotation, Attribution, Claim, Holder, Span

HALVES = 2
_ARTICLES = "articles.txt"


class Lesson(Reader):
    """Reads one article, is told what is right, and keeps its choices as examples.

    Args:
        gold: the labels of the article.
        choosing: whether the models choose reporting words and sources; otherwise those of the
            labels are taken, where they are offered.
    """

    def __init__(
        self, doc: Doc, finder: CueFinder, models: ClaimModels, gold: Annotation, *, choosing: bool
    ) -> None:
        super().__init__(doc, finder, models)
        self.gold = [c for c in gold.claims if c.attribution != Attribution.AUTHORIAL]
        self.named = {holder.id: holder for holder in gold.holders}
        self.choosing = choosing
        self.cues: list[Example] = []
        self.sources: list[Example] = []
        self.asked: list[Example] = []
        self._claims: dict[int, Claim] = {}

    def _link(self, found: Found) -> None:
        matches = match_contents(
            [claim.content for claim in self.gold], [report.content for report in found.reports]
        )
        for match in matches:
            report, claim = found.reports[match.predicted], self.gold[match.gold]
            # Who reports others in a turn of his is no holder of what they say.
            if not report.linked or list(claim.content) == report.content:
                self._claims[id(report)] = claim
        super()._link(found)

    def choose_cue(self, report: Report, options: Options) -> Span | None:
        if self.choosing:
            return super().choose_cue(report, options)
        claim = self._claims.get(id(report))
        return _told(options, claim.cue, self.cues) if claim else None

    def choose_source(self, report: Report, options: Options) -> Span | None:
        if self.choosing:
            return super().choose_source(report, options)
        claim = self._claims.get(id(report))
        return _told(options, claim.source, self.sources) if claim else None

    def choose_holder(self, report: Report, question: Question) -> Choice:
        sorts = [candidate.sort for candidate in question.candidates]
        # What nobody in particular holds is not followed up by the claims behind it.
        best = sorts.index("unspecified") if "unspecified" in sorts else 0
        claim = self._claims.get(id(report))
        if claim is not None:
            right = right_holders(self.named[claim.holder], question.candidates)
            self.asked.append(Example(question.contexts, question.features, right))
            best = right.index(True) if any(right) else best
        return Choice(best, 1.0)


def lessons(
    articles: Sequence[Sample],
    halves: Sequence[ClaimTagger],
    finder: CueFinder,
    links: tuple[Ranker, Ranker] | None = None,
) -> Iterator[tuple[Lesson, int]]:
    """Yield the lesson of every article, read to its end, and how often the article counts.

    Args:
        halves: see `half_taggers`.
        links: rankers of reporting words and of sources that choose; without them the labels do.
    """
    nothing = Ranker({})
    for number, sample in enumerate(articles):
        models = ClaimModels(halves[number % HALVES], *(links or (nothing, nothing)), nothing)
        lesson = Lesson(sample.doc, finder, models, sample.annotation, choosing=links is not None)
        lesson.read()
        yield lesson, sample.weight


def half_taggers(
    folder: Path | None,
    articles: Sequence[Sample],
    train: Callable[[Sequence[Sample]], ClaimTagger],
    lexicon: CueLexicon,
    vocab: Vocab,
) -> list[ClaimTagger]:
    """Return two taggers; number h learned from all articles but `articles[h::2]`.

    Those that `folder` holds are read, all others trained and kept there. Raises UsageError if
    `folder` holds taggers of other articles.
    """
    if folder is None:
        return [train(_others(articles, half)) for half in range(HALVES)]
    names = "".join(f"{sample.annotation.id}\n" for sample in articles)
    told = folder / _ARTICLES
    if not told.exists():
        folder.mkdir(parents=True, exist_ok=True)
        told.write_text(names, encoding="utf-8")
    elif told.read_text(encoding="utf-8") != names:
        raise UsageError(f"{folder}: holds taggers of other articles; name another folder")
    taggers = []
    for half in range(HALVES):
        kept = folder / str(half)
        if not (kept / WEIGHTS).exists():
            train(_others(articles, half)).save(kept)
        taggers.append(read_tagger(kept, lexicon, vocab))
    return taggers


def read_tagger(folder: Path, lexicon: CueLexicon, vocab: Vocab) -> ClaimTagger:
    """Read a tagger that training learns from; UsageError if it cannot be used."""
    try:
        return ClaimTagger.load(folder, lexicon, vocab)
    except (OSError, ValueError, KeyError, SafetensorError) as error:
        raise UsageError(f"{folder}: no model of claims to learn from: {error}") from error


def _others(articles: Sequence[Sample], half: int) -> list[Sample]:
    return [sample for number, sample in enumerate(articles) if number % HALVES != half]


def _told(options: Options, right: Span | None, examples: list[Example]) -> Span | None:
    """Keep a choice; where no option is right, the one that shares most characters with it is.

    Where the right one is not offered at all, nothing is the right choice.
    """
    best = right
    if right not in options.spans:
        common = [shared([span], [right]) if span and right else 0 for span in options.spans]
        best = options.spans[common.index(max(common))] if max(common) > 0 else None
    examples.append(
        Example(options.contexts, options.features, [span == best for span in options.spans])
    )
    return best


def right_holders(gold: Holder, candidates: Sequence[Candidate]) -> list[bool]:
    """Tell which candidates are the holder: its name in the text, where it has one.

    A surname is a part of the full name, but as a holder of its own it would be a second person.
    """
    full = [c.mentions.fullest if c.mentions else c.name for c in candidates]
    right = [
        same_holder(gold, Holder(id="", name=name, kind=c.kind))
        for name, c in zip(full, candidates, strict=True)
    ]
    named = [good and c.sort == "entity" for good, c in zip(right, candidates, strict=True)]
    return named if any(named) else right
