"""Which reporting word and which source belong to a content: candidates and their features.

Candidates are what the tagger marked near the content, what the rules find and who could speak
there, and nothing at all. Each comes with named features that `ranking.Ranker` weighs;
`ronten.train.claims` learns the weights.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from ronten.components.claims.document import Document, holding
from ronten.components.claims.features import WordClasses
from ronten.types import Span

# Sentences before and after the content that are looked at.
_CUE_BEFORE, _SOURCE_BEFORE, _AFTER = 3, 4, 2
# Candidates on each side of a content, those that nobody marked, and how far off marked ones are.
_MOST, _LOOKED_AT = 12, 40
_QUOTATION = 600  # characters of a quotation that are looked back over
_UNMARKED, _SURE = "no", 0.6
# What points from a reporting word to a content in another sentence (次のように、こう).
_POINTS = re.compile(r"(?:次|以下|下記)のよう|こう|そう")
_REACH = 8
# How a reporting word goes on before whom it tells of: 訴えてきた|組合, 訴えたのは、|組合.
_ATTRIBUTIVE = re.compile(r"[ぁ-ん]{0,10}[たるうくすつぬむぶぐ](?P<cleft>のは、?)?")
_OPENERS, _CLOSERS = ("「", "『", "“", "〈"), ("」", "』", "”", "〉")
_HEARSAY = ("という", "とい", "そう", "とされ", "とのこと")
_PASSIVE = ("れ", "れる", "られ", "られる")
# Distances whose features are kept; few different ones occur.
_KEPT = 4_096


class Options(NamedTuple):
    """Candidates (None: nothing) with the features of each, and the contexts of the choice."""

    contexts: tuple[str, ...]
    spans: list[Span | None]
    features: list[list[str]]


class _Place(NamedTuple):
    """Where an offset stands: its sentence, and how many of each sort begin before it."""

    sentence: int
    tokens: int
    contents: int
    cues: int
    """Only what the tagger marks stands between a content and its cue or source."""
    sources: int


class Linker:
    """Describes the links of one document.

    Args:
        document: the document.
        classes: what the reporting lexicon says of words.
        contents: fragments of every reported content, in text order.
        cues: spans that may be reporting words, with the tagger's probability (1: they are
            known, 0: only a rule or a name stands for them).
        sources: spans that may be sources, likewise.
    """

    def __init__(
        self,
        document: Document,
        classes: WordClasses,
        contents: Sequence[Sequence[Span]],
        cues: Mapping[Span, float],
        sources: Mapping[Span, float],
    ) -> None:
        self.document = document
        self.classes = classes
        self.contents = contents
        self.cues = sorted(cues)
        self.sources = sorted(sources)
        self._cue_sure = {span: _sure(probability) for span, probability in cues.items()}
        self._source_sure = {span: _sure(probability) for span, probability in sources.items()}
        self._held = sorted(fragment for content in contents for fragment in content)
        self._content_starts = sorted(content[0][0] for content in contents)
        self._marked_cues = [span[0] for span in self.cues if cues[span]]
        self._marked_sources = [span[0] for span in self.sources if sources[span]]
        # What many contents ask about the same candidates.
        self._places: dict[int, _Place] = {}
        self._words: dict[tuple[str, Span], list[str]] = {}
        self._mentions: dict[tuple[str, Span, bool], list[str]] = {}

    def cue(self, index: int, previous: Span | None) -> Options:
        """Describe the reporting words that may report content `index`.

        Args:
            previous: the reporting word of the content before.
        """
        document, text = self.document, self.document.text
        content = self.contents[index]
        start, end = content[0][0], content[-1][1]
        here, behind = self._place(start), self._place(end)
        sentence = document.sentence(end - 1)
        spans: list[Span | None] = []
        features: list[list[str]] = []
        own = 0
        for span in self._near(self.cues, self._cue_sure, start, end, _CUE_BEFORE):
            if span[0] >= end:
                place, gap, at = "after", text[end : span[0]], self._place(span[0])
                apart = at.sentence - sentence
                found = [
                    place,
                    f"after tokens={_bucket(at.tokens - behind.tokens)}",
                    f"after gap={_short(gap)}",
                    *_cue_after(
                        apart,
                        _few(at.contents - behind.contents),
                        _few(at.cues - behind.cues),
                        "「" in gap,
                        "。" in gap,
                    ),
                ]
                own += apart == 0 and self._cue_sure[span] != _UNMARKED
            elif span[1] <= start:
                place, gap, at = "before", text[span[1] : start], self._place(span[1])
                found = [
                    place,
                    f"before tokens={_bucket(here.tokens - at.tokens)}",
                    f"before gap={_short(gap)}",
                    *_cue_before(
                        here.sentence - self._place(span[0]).sentence,
                        _few(here.contents - at.contents),
                        _few(here.cues - at.cues),
                        "「" in gap,
                    ),
                ]
            else:
                place, found = "amid", ["amid"]
            found += self._word(place, span)
            if span == previous:
                found.append(f"{place} previous in {self._together(index)}")
            spans.append(span)
            features.append(found)
        quoted = self._quoted(start, end)
        spans.append(None)
        features.append(
            [
                "none",
                f"none of {_few(len(spans) - 1)}",
                f"none own={own > 0}",
                f"none next={_plain(text[end : end + 2])}",
                f"none previous={_plain(text[max(start - 2, 0) : start])}",
            ]
        )
        return Options(("", quoted), spans, features)

    def source(self, index: int, cue: Span | None, previous: Span | None) -> Options:
        """Describe the mentions that content `index` may be built on.

        Args:
            cue: its reporting word.
            previous: the source of the content before.
        """
        document, text = self.document, self.document.text
        content = self.contents[index]
        start, end = content[0][0], content[-1][1]
        here, behind = self._place(start), self._place(end)
        first, last = here.sentence, document.sentence(end - 1)
        to = self._place(cue[0]) if cue else here
        spans: list[Span | None] = []
        features: list[list[str]] = []
        own = 0
        for span in self._near(self.sources, self._source_sure, start, end, _SOURCE_BEFORE):
            if self._told(span, start, end):
                continue
            begin, close = self._place(span[0]), self._place(span[1])
            same = begin.sentence == first
            own += same and self._source_sure[span] != _UNMARKED
            if span[1] <= start:
                place = "before"
                found = [
                    place,
                    *self._mention(place, span, same),
                    *_source_before(
                        _bucket(here.tokens - close.tokens),
                        _few(here.sources - close.sources),
                        _few(here.contents - close.contents),
                        first - begin.sentence,
                    ),
                    f"before gap={_short(text[span[1] : start])}",
                ]
                if cue and span[1] <= cue[0] and cue[1] <= start:
                    found.append("before cue between")
            elif span[0] >= end:
                place = "after"
                found = [
                    place,
                    *self._mention(place, span, same),
                    f"after tokens={_bucket(begin.tokens - behind.tokens)}",
                    f"after sentences={begin.sentence - last}",
                    f"after gap={_short(text[end : span[0]])}",
                    f"after sources={_few(begin.sources - behind.sources)}",
                    f"after contents={_few(begin.contents - behind.contents)}",
                ]
                if cue:
                    found.append(f"after cue behind={span[0] < cue[0]}")
                    if span[0] >= cue[1]:
                        between = text[cue[1] : span[0]]
                        found.append(f"after behind cue={_short(between)}")
                        if shape := _ATTRIBUTIVE.fullmatch(between):
                            found.append(f"after attributive={shape.lastgroup or 'clause'}")
            else:
                place = "amid"
                held = any(a <= span[0] < b for a, b in content)
                found = [place, *self._mention(place, span, same), f"amid held={held}"]
            if cue and span[1] <= cue[0]:
                found += [
                    f"{place} to cue={_bucket(to.tokens - close.tokens)}",
                    f"{place} before cue={_short(text[span[1] : cue[0]])}",
                    f"{place} nearer={_few(to.sources - close.sources)}",
                ]
            if span == previous:
                found += [f"{place} previous", f"{place} previous in {self._together(index)}"]
            spans.append(span)
            features.append(found)
        word = text[slice(*cue)] if cue else ""
        kind = self._class(cue) if cue else "no cue"
        quoted = self._quoted(start, end)
        near = min(own, 2)
        norm = document.tokens.norm[document.token(cue[0])] if cue else ""
        features.append(
            [
                "none",
                f"none of {_few(len(spans))}",
                f"none own={near}",
                f"none cue={norm}",
                f"none ending={word[-2:]}",
                f"none previous={previous is not None}",
            ]
        )
        spans.append(None)
        contexts = ["", quoted, f"cue {kind}", f"{quoted} {bool(cue)}"]
        if word in _HEARSAY or word.endswith(_PASSIVE):
            contexts.append("hearsay")
        return Options(tuple(contexts), spans, features)

    def _told(self, span: Span, start: int, end: int) -> bool:
        """Whether a mention is a part of what others say, and what it may report is not."""
        held = holding(self._held, span[0])
        return held is not None and span[1] <= held[1] and not (held[0] <= start and end <= held[1])

    def _place(self, offset: int) -> _Place:
        """Return where an offset stands."""
        found = self._places.get(offset)
        if found is None:
            found = self._places[offset] = _Place(
                self.document.sentence(offset),
                bisect_left(self.document.tokens.start, offset),
                bisect_left(self._content_starts, offset),
                bisect_left(self._marked_cues, offset),
                bisect_left(self._marked_sources, offset),
            )
        return found

    def _word(self, place: str, span: Span) -> list[str]:
        """Return what a reporting word tells by itself, in some place beside a content."""
        found = self._words.get((place, span))
        if found is None:
            text = self.document.text
            word = text[slice(*span)]
            points = _POINTS.search(text, max(span[0] - _REACH, 0), span[0]) is not None
            found = self._words[place, span] = [
                f"{place} marked={self._cue_sure[span]}",
                f"{place} class={self._class(span)}",
                f"{place} word={word if len(word) < 5 else word[-3:]}",
                f"{place} points={points}",
            ]
        return found

    def _mention(self, place: str, span: Span, own: bool) -> list[str]:
        """Return what a source tells by itself; `own`: in the sentence of the content."""
        found = self._mentions.get((place, span, own))
        if found is None:
            text, sure = self.document.text, self._source_sure[span]
            particle = self.document.subject_particle(span) or text[span[1] : span[1] + 1]
            found = self._mentions[place, span, own] = [
                f"{place} particle={_plain(particle)}",
                f"{place} next={_plain(text[span[1] : span[1] + 2])}",
                f"{place} own={own}",
                f"{place} marked={sure}",
                f"{place} marked={sure} own={own}",
            ]
        return found

    def _near(
        self, spans: Sequence[Span], sure: Mapping[Span, str], start: int, end: int, before: int
    ) -> list[Span]:
        """Return the spans near a content: of those that nobody marked the nearest."""
        sentences = self.document.sentences
        first = sentences[max(self.document.sentence(start) - before, 0)].start
        last = sentences[min(self.document.sentence(end - 1) + _AFTER, len(sentences) - 1)].end
        # In a sentence of any length only the nearest are looked at.
        at, behind = bisect_left(spans, (start, 0)), bisect_left(spans, (end, 0))
        low = max(bisect_left(spans, (first, 0)), at - _LOOKED_AT)
        high = min(bisect_left(spans, (last, 0)), behind + _LOOKED_AT)
        return [
            span
            for number, span in enumerate(spans[low:high], low)
            if at - _MOST <= number < behind + _MOST or sure[span] != _UNMARKED
        ]

    def _together(self, index: int) -> str:
        """Whether a content stands in the quotation or in the clause of the one before."""
        text, start = self.document.text, self.contents[index][0][0]
        before = self.contents[index - 1][-1][1]
        if any(mark in text[before:start] for mark in (*_OPENERS, *_CLOSERS)):
            return "apart"
        opened, closed = (
            max(text.rfind(mark, max(0, start - _QUOTATION), start) for mark in marks)
            for marks in (_OPENERS, _CLOSERS)
        )
        return "quotation" if opened > closed else "clause"

    def _quoted(self, start: int, end: int) -> str:
        text = self.document.text
        inside = text[max(start - 1, 0) : start] in _OPENERS or text[end : end + 1] in _CLOSERS
        return "quoted" if inside else "plain"

    def _class(self, span: Span) -> str:
        tokens = self.document.tokens
        k = self.document.token(span[0])
        return self.classes.of(tokens.norm[k], tokens.text[k], tokens.tag[k])


@lru_cache(_KEPT)
def _cue_after(apart: int, contents: int, cues: int, opens: bool, stops: bool) -> tuple[str, ...]:
    return (
        f"after sentences={apart}",
        f"after contents={contents}",
        f"after cues={cues}",
        f"after contents={contents} cues={cues}",
        f"after opens={opens}",
        f"after stops={stops}",
    )


@lru_cache(_KEPT)
def _cue_before(apart: int, contents: int, cues: int, opens: bool) -> tuple[str, ...]:
    return (
        f"before sentences={apart}",
        f"before contents={contents}",
        f"before cues={cues}",
        f"before opens={opens}",
    )


@lru_cache(_KEPT)
def _source_before(tokens: str, sources: int, contents: int, apart: int) -> tuple[str, ...]:
    return (
        f"before tokens={tokens}",
        f"before sources={sources}",
        f"before contents={contents}",
        f"before sentences={apart}",
        f"before contents={contents} sentences={apart}",
    )


def _bucket(count: int) -> str:
    return str(count) if count < 5 else "5" if count < 9 else "9" if count < 17 else "17"


def _sure(probability: float) -> str:
    return _UNMARKED if probability == 0 else "little" if probability < _SURE else "yes"


def _few(count: int) -> int:
    return count if count < 3 else 3


def _plain(text: str) -> str:
    return text.replace("\n", "⏎")


def _short(gap: str) -> str:
    return _plain(gap if len(gap) < 6 else f"{gap[:2]}~{gap[-2:]}")
