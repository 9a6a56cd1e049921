"""Which reporting word and which source belong to a content: candidates and their features.

Candidates are what the tagger marked near the content, what the rules find and who could speak
there, and nothing at all. Each comes with named features that `ranking.Ranker` weighs;
`ronten.train.claims` learns the weights.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ronten.components.claims.document import Document
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
_OPENERS, _CLOSERS = ("「", "『", "“", "〈"), ("」", "』", "”", "〉")
_HEARSAY = ("という", "とい", "そう", "とされ", "とのこと")
_PASSIVE = ("れ", "れる", "られ", "られる")


class Options(NamedTuple):
    """Candidates (None: nothing) with the features of each, and the contexts of the choice."""

    contexts: tuple[str, ...]
    spans: list[Span | None]
    features: list[list[str]]


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
        self._content_starts = sorted(content[0][0] for content in contents)
        # Only what the tagger marks stands between a content and its cue or source.
        self._marked_cues = [span[0] for span in self.cues if cues[span]]
        self._marked_sources = [span[0] for span in self.sources if sources[span]]

    def cue(self, index: int, previous: Span | None) -> Options:
        """Describe the reporting words that may report content `index`.

        Args:
            previous: the reporting word of the content before.
        """
        document, text = self.document, self.document.text
        content = self.contents[index]
        start, end = content[0][0], content[-1][1]
        sentence = document.sentence(end - 1)
        spans: list[Span | None] = []
        features: list[list[str]] = []
        own = 0
        for span in self._near(self.cues, self._cue_sure, start, end, _CUE_BEFORE):
            apart = document.sentence(span[0]) - sentence
            if span[0] >= end:
                gap = text[end : span[0]]
                contents = _few(self._begin(self._content_starts, end, span[0]))
                cues = _few(self._begin(self._marked_cues, end, span[0]))
                place = "after"
                found = [
                    f"tokens={_bucket(document.tokens_between(end, span[0]))}",
                    f"gap={_short(gap)}",
                    f"sentences={apart}",
                    f"contents={contents}",
                    f"cues={cues}",
                    f"contents={contents} cues={cues}",
                    f"opens={'「' in gap}",
                    f"stops={'。' in gap}",
                ]
                own += apart == 0 and self._cue_sure[span] != _UNMARKED
            elif span[1] <= start:
                gap = text[span[1] : start]
                place = "before"
                found = [
                    f"tokens={_bucket(document.tokens_between(span[1], start))}",
                    f"gap={_short(gap)}",
                    f"sentences={document.sentence(start) - document.sentence(span[0])}",
                    f"contents={_few(self._begin(self._content_starts, span[1], start))}",
                    f"cues={_few(self._begin(self._marked_cues, span[1], start))}",
                    f"opens={'「' in gap}",
                ]
            else:
                place, found = "amid", []
            word = text[slice(*span)]
            found += [
                f"marked={self._cue_sure[span]}",
                f"class={self._class(span)}",
                f"word={word if len(word) < 5 else word[-3:]}",
                f"points={_POINTS.search(text, max(span[0] - _REACH, 0), span[0]) is not None}",
            ]
            if span == previous:
                found.append(f"previous in {self._together(index)}")
            spans.append(span)
            features.append([place, *(f"{place} {feature}" for feature in found)])
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
        first, last = document.sentence(start), document.sentence(end - 1)
        spans: list[Span | None] = []
        features: list[list[str]] = []
        own = 0
        for span in self._near(self.sources, self._source_sure, start, end, _SOURCE_BEFORE):
            at = document.sentence(span[0])
            own += at == first and self._source_sure[span] != _UNMARKED
            particle = document.subject_particle(span) or text[span[1] : span[1] + 1]
            found = [
                f"particle={_plain(particle)}",
                f"next={_plain(text[span[1] : span[1] + 2])}",
                f"own={at == first}",
                f"marked={self._source_sure[span]}",
                f"marked={self._source_sure[span]} own={at == first}",
            ]
            if span[1] <= start:
                place = "before"
                contents = _few(self._begin(self._content_starts, span[1], start))
                found += [
                    f"tokens={_bucket(document.tokens_between(span[1], start))}",
                    f"sources={_few(self._begin(self._marked_sources, span[1], start))}",
                    f"contents={contents}",
                    f"sentences={first - at}",
                    f"contents={contents} sentences={first - at}",
                    f"gap={_short(text[span[1] : start])}",
                ]
                if cue and span[1] <= cue[0] and cue[1] <= start:
                    found.append("cue between")
            elif span[0] >= end:
                place = "after"
                found += [
                    f"tokens={_bucket(document.tokens_between(end, span[0]))}",
                    f"sentences={at - last}",
                    f"gap={_short(text[end : span[0]])}",
                    f"sources={_few(self._begin(self._marked_sources, end, span[0]))}",
                    f"contents={_few(self._begin(self._content_starts, end, span[0]))}",
                ]
                if cue:
                    found.append(f"cue behind={span[0] < cue[0]}")
                    if span[0] >= cue[1]:
                        found.append(f"behind cue={_short(text[cue[1] : span[0]])}")
            else:
                place = "amid"
                found.append(f"held={any(a <= span[0] < b for a, b in content)}")
            if cue and span[1] <= cue[0]:
                found += [
                    f"to cue={_bucket(document.tokens_between(span[1], cue[0]))}",
                    f"before cue={_short(text[span[1] : cue[0]])}",
                    f"nearer={_few(self._begin(self._marked_sources, span[1], cue[0]))}",
                ]
            if span == previous:
                found += ["previous", f"previous in {self._together(index)}"]
            spans.append(span)
            features.append([place, *(f"{place} {feature}" for feature in found)])
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

    @staticmethod
    def _begin(starts: Sequence[int], start: int, end: int) -> int:
        return bisect_left(starts, end) - bisect_left(starts, start)


def _bucket(count: int) -> str:
    return str(count) if count < 5 else "5" if count < 9 else "9" if count < 17 else "17"


def _sure(probability: float) -> str:
    return _UNMARKED if probability == 0 else "little" if probability < _SURE else "yes"


def _few(count: int) -> int:
    return min(count, 3)


def _plain(text: str) -> str:
    return text.replace("\n", "⏎")


def _short(gap: str) -> str:
    gap = _plain(gap)
    return gap if len(gap) < 6 else f"{gap[:2]}~{gap[-2:]}"
