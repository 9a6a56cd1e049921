"""Reads one document front to back, following who is speaking."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from spacy.tokens import Doc

from ronten.components.claims.authorial import asks, claim_span, is_claim
from ronten.components.claims.clauses import own_clauses
from ronten.components.claims.contents import Segment
from ronten.components.claims.cues import Cue, CueFinder, Frame
from ronten.components.claims.dialogue import Turn, find_turns
from ronten.components.claims.drafts import Draft, draft_claims
from ronten.components.claims.holders import document_holders
from ronten.components.claims.speakers import Speaker, Speakers, first_person, role_kind
from ronten.components.claims.view import SentenceView
from ronten.components.columns import Columns, columns
from ronten.components.structure import pairs as read_pairs
from ronten.components.structure import sentences as read_sentences
from ronten.text.blocks import BlockKind
from ronten.text.brackets import CLOSERS, Pair, find_brackets
from ronten.text.sentences import Sentence, inner_sentences
from ronten.types import Attribution, Entity, Holder, Kind, Label, Span

_NO_CLAIMS = frozenset({BlockKind.HEADING, BlockKind.CAPTION, BlockKind.QUESTION, BlockKind.CODE})
_COMMENT = re.compile(r"コメント|談話|の話|語る|聞く|メッセージ")
_EDITOR = re.compile(r"[\[［(（]([A-Z]{2,4}|編注|訳注|編集部|編集部注)[:：]\s*")
# In the plain passive these put forward the writer's own inference (…と考えられる).
_INFERENCES = frozenset(["考える", "思う", "言う"])
# A constant for each family of rules, until it is calibrated on the gold corpus.
_CONFIDENCE = {
    "to": 0.85,
    "koto": 0.8,
    "you": 0.8,
    "according": 0.85,
    "authorial": 0.85,
    "quote": 0.7,
    "noun": 0.65,
    "phrase": 0.6,
    "nominal": 0.8,
    "hearsay": 0.7,
    "lead_in": 0.8,
    "editor": 0.9,
    "turn": 0.9,
}


@dataclass(frozen=True, slots=True)
class LeadIn:
    """A sentence that announces a quotation: it lends source, cue and holder to what follows."""

    cue: Cue
    speaker: Speaker | None
    holder: Holder


def views(doc: Doc, tokens: Columns) -> list[SentenceView]:
    """The sentences of a Doc as token lists, in order."""
    pairs = read_pairs(doc)
    result = []
    last = 0
    for sentence in read_sentences(doc):
        first = bisect_right(tokens.end, sentence.start, last)
        last = bisect_left(tokens.start, sentence.end, first)
        left = bisect_left(pairs, sentence.start, key=_pair_start)
        right = bisect_left(pairs, sentence.end, key=_pair_start)
        result.append(SentenceView(doc, tokens, sentence, first, last, pairs[left:right]))
    return result


def _pair_start(pair: Pair) -> int:
    return pair.start


class Reader:
    """Collects the claims and holders of one document."""

    def __init__(self, doc: Doc, finder: CueFinder) -> None:
        self.doc = doc
        self.tokens = tokens = columns(doc)
        self.text = tokens.article
        self.finder = finder
        self.views = views(doc, tokens)
        self.pairs = read_pairs(doc)
        entities = [Entity.model_validate(values) for values in doc._.ronten_entities]
        self.speakers = Speakers(entities)
        self.holders = document_holders(doc, entities, self.text)
        people = [e.span for e in entities if e.label == Label.PERSON]
        self.turns = find_turns(self.text, [view.sentence for view in self.views], people)
        self.current: Holder | None = None
        self.before: Sentence | None = None
        self.torn = self._torn_sentences() if doc._.ronten_unbalanced else frozenset[int]()
        self.claims: list[dict[str, Any]] = []

    def read(self) -> tuple[list[Holder], list[dict[str, Any]]]:
        """Holders in order of first use and claims, not judged yet, in text order."""
        lead: LeadIn | None = None
        previous: Sentence | None = None
        for view in self.views:
            self.before, previous = previous, view.sentence
            if not len(view) or view.sentence.kind in _NO_CLAIMS:
                self._heading(view)
                continue
            if (turn := self.turns.get(view.sentence.block)) is not None:
                self._turn(view, turn)
            elif not self._editor(view) and not self._torn(view):
                lead = self._sentence(view, lead)
        self.claims.sort(key=lambda claim: (claim["content"][0], claim["content"][-1]))
        return self._used_holders(), self.claims

    def _used_holders(self) -> list[Holder]:
        everyone = self.holders.all()
        used = {claim["holder"] for claim in self.claims}
        used.update(member for holder in everyone if holder.id in used for member in holder.members)
        return [holder for holder in everyone if holder.id in used]

    # Sentences ----------------------------------------------------------------------------------

    def _sentence(self, view: SentenceView, lead: LeadIn | None) -> LeadIn | None:
        """Read one sentence; returns the lead-in that is still waiting for its quotation."""
        cue = self.finder.lead_in(view)
        if cue is not None:
            found, used = self._lead_in(view, cue)
            if used:
                return found
        cues = self.finder.find(view)
        drafts = draft_claims(view, self.speakers, cues)
        if lead is not None and not drafts and self._in_brackets(view):
            span = (view.sentence.start, view.sentence.end)
            self._add(
                view, [span], lead.holder, Attribution.INDIRECT, "lead_in", lead.cue, lead.speaker
            )
            return None
        reported = [draft for draft in drafts if self._report(view, draft, lead)]
        for span in own_clauses(view, self.speakers, cues if reported else []):
            self._add(view, [span], self.holders.author(), Attribution.AUTHORIAL, "authorial")
        if not reported:
            self._follow_topic(view)
            return None
        return lead if all(cue.frame == Frame.BARE for cue in cues) else None

    def _lead_in(self, view: SentenceView, cue: Cue) -> tuple[LeadIn | None, bool]:
        """The lead-in to what follows, and whether the sentence was one at all."""
        speaker = Segment(view, self.speakers, 0, cue).speaker
        holder = self.holders.of(speaker) if speaker else self.current
        if holder is None:
            return None, False
        self.current = holder
        if speaker is not None and self._lends_back(view, cue, speaker, holder):
            return None, True
        return LeadIn(cue, speaker, holder), True

    def _lends_back(self, view: SentenceView, cue: Cue, speaker: Speaker, holder: Holder) -> bool:
        """Give the bare quotations right before to who こう述べた names: 「…」。Aはこう述べた。"""
        if view.text[cue.stop] not in ("こう", "そう"):
            return False
        before = self.before
        if before is None or before.block != view.sentence.block:
            return False
        start, end = before.start, before.end
        found = False
        for claim in reversed(self.claims):
            if claim["sentence"] != [start, end]:
                break
            if claim["rule"] == "quote.bare" and claim["source"] is None:
                claim["holder"] = holder.id
                claim["source"] = list(speaker.span)
                claim["cue"] = list(cue.span) if cue.span else None
                found = True
        return found

    def _in_brackets(self, view: SentenceView) -> bool:
        """Whether the sentence shares an aside with the one before: (Aはこう言う。…。)"""
        start = view.sentence.start
        return any(
            p.start < start - 1 and view.sentence.end <= p.end for p in self.pairs if not p.quotes
        )

    def _report(self, view: SentenceView, draft: Draft, lead: LeadIn | None) -> bool:
        """Resolve the holder of a draft and add the claim; False if it is the writer's own."""
        cue, speaker = draft.cue, draft.speaker
        indirect = draft.attribution == Attribution.INDIRECT
        source_cue = cue
        if cue.relative and speaker is None and not cue.quotes and not cue.passive:
            return False
        if speaker is not None:
            if (
                speaker.kind != Kind.COMPANY
                and first_person(speaker)
                and draft.attribution != Attribution.DIRECT
            ):
                return False
            holder = self.holders.of(speaker)
        elif cue.frame == Frame.BARE and lead is not None:
            holder, speaker, source_cue = lead.holder, lead.speaker, lead.cue
        elif cue.passive or cue.frame in (Frame.HEARSAY, Frame.ACCORDING):
            inference = cue.passive and view.norm[cue.word] in _INFERENCES
            if indirect and inference and not _standing(view, cue):
                return False
            holder = self.holders.unspecified()
        elif self.current is not None and not (self.holders.authors and cue.kind == "think"):
            holder = self.current
        elif indirect and (self.holders.authors or cue.kind in ("think", "say", "evaluate")):
            return False
        else:
            holder = self.holders.unspecified()
        if holder.kind != Kind.UNSPECIFIED and not cue.passive:
            self.current = holder
        self._add(view, list(draft.spans), holder, draft.attribution, cue.rule, source_cue, speaker)
        return True

    def _follow_topic(self, view: SentenceView) -> None:
        """A person who is the topic of an authorial sentence may speak next."""
        for k in range(1, len(view)):
            if not (view.outer(k) and view.text[k] in ("は", "が") and view.is_particle(k)):
                continue
            speaker = self.speakers.before(view, k)
            if speaker is None or speaker.kind != Kind.PERSON or first_person(speaker):
                continue
            if speaker.names or speaker.anaphoric:
                self.current = self.holders.of(speaker)
            return

    def _heading(self, view: SentenceView) -> None:
        """A heading that names a person (B社長のコメント) says who speaks below it."""
        start, end = view.sentence.start, view.sentence.end
        if view.sentence.kind == BlockKind.HEADING and _COMMENT.search(self.text, start, end):
            people = [e for e in self.speakers.within(start, end) if e.label == Label.PERSON]
            if people:
                self.current = self.holders.named(people[-1].entity, Kind.PERSON)

    def _turn(self, view: SentenceView, turn: Turn) -> None:
        """A sentence of a labelled turn: the speaker's claim, and the quotations in it."""
        if turn.asks:
            return
        speaker = self._labelled(turn.label) if turn.label else None
        holder = self.holders.of(speaker) if speaker else self._interviewee()
        if holder is None:
            return
        start, end = max(turn.start, view.sentence.start), view.sentence.end
        own = claim_span(self.text, start, end)
        if own and is_claim(self.text[start:end], BlockKind.PARAGRAPH):
            self._add(view, [(start, own[1])], holder, Attribution.DIRECT, "turn", None, speaker)
        for draft in draft_claims(view, self.speakers, self.finder.find(view)):
            if draft.attribution == Attribution.DIRECT and draft.speaker is not None:
                self._report(view, draft, None)
        self.current = holder

    def _labelled(self, label: Span) -> Speaker:
        """The participant that a label names."""
        surface = self.text[slice(*label)]
        person = next((e for e in self.speakers.within(*label) if e.label == Label.PERSON), None)
        if person is not None:
            return Speaker(label, surface, Kind.PERSON, ((person.entity, Kind.PERSON),))
        if role_kind(surface) is not None:
            return Speaker(label, surface, Kind.PERSON)
        known = self.speakers.named_like(surface)
        return Speaker(label, surface, Kind.PERSON, ((known or surface, Kind.PERSON),))

    def _interviewee(self) -> Holder | None:
        """Who answers where no label says it: the last speaker, else the first person named."""
        if self.current is not None:
            return self.current
        people = (e for e in self.speakers.entities if e.label == Label.PERSON)
        first = next(people, None)
        return self.holders.named(first.entity, Kind.PERSON) if first else None

    # Quotations that brackets do not show -------------------------------------------------------

    def _editor(self, view: SentenceView) -> bool:
        """An insertion [XX: …] belongs to the editor XX."""
        match = _EDITOR.match(self.text, view.sentence.start)
        if match is None:
            return False
        span = match.end(), _content_end(self.text, match.end(), view.sentence.end)
        holder = self.holders.named(match.group(1), Kind.PERSON)
        inner = inner_sentences(self.text, span, self.pairs)
        for content in inner:
            self._add(view, [content], holder, Attribution.DIRECT, "editor")
        return bool(inner)

    def _torn(self, view: SentenceView) -> bool:
        """A sentence that an unmatched closer shows to be quoted as well: 「…。」 …。…。」"""
        if self.current is None or view.sentence.start not in self.torn:
            return False
        span = (view.sentence.start, view.sentence.end)
        self._add(view, [span], self.current, Attribution.DIRECT, "quote.torn")
        return True

    def _torn_sentences(self) -> frozenset[int]:
        """Starts of the sentences between a closed quotation and an unmatched closer after it."""
        result: set[int] = set()
        ends = sorted(pair.end for pair in self.pairs if pair.quotes)
        starts = [view.sentence.start for view in self.views]
        for offset in find_brackets(self.text).unbalanced:
            position = bisect_right(ends, offset)
            if self.text[offset] not in "」』”" or not position:
                continue
            closed = ends[position - 1]
            first, last = bisect_left(starts, closed), bisect_right(starts, offset)
            if first == last or self.text[closed : starts[first]].strip("。 \u3000"):
                continue
            # Sentences are in order of their blocks.
            if self.views[first].sentence.block == self.views[last - 1].sentence.block:
                result.update(starts[first:last])
        return frozenset(result)

    # Records ------------------------------------------------------------------------------------

    def _add(
        self,
        view: SentenceView,
        spans: Sequence[Span],
        holder: Holder,
        attribution: Attribution,
        rule: str,
        cue: Cue | None = None,
        speaker: Speaker | None = None,
    ) -> None:
        content = [
            [start, end]
            for start, last in spans
            if (end := _content_end(self.text, start, last)) > start
        ]
        if attribution == Attribution.DIRECT and asks(self.text[slice(*spans[-1])]):
            return
        same = (c for c in self.claims[-8:] if c["content"] == content and c["holder"] == holder.id)
        if not content or next(same, None) is not None:
            return
        known = holder.kind != Kind.UNSPECIFIED
        self.claims.append(
            {
                "content": content,
                "holder": holder.id,
                "source": list(speaker.span) if speaker else None,
                "cue": list(cue.span) if cue and cue.span else None,
                "attribution": str(attribution),
                "confidence": _CONFIDENCE.get(rule.split(".")[0], 0.7) if known else 0.6,
                "sentence": [view.sentence.start, view.sentence.end],
                "rule": rule,
            }
        )


def _content_end(text: str, start: int, end: int) -> int:
    """End of a content without final stops and without closers whose opener stands outside."""
    while end > start:
        last = text[end - 1]
        opener = CLOSERS.get(last)
        if last in "。｡ \u3000\r\n" or (
            opener and text.count(last, start, end) > text.count(opener, start, end)
        ):
            end -= 1
        else:
            break
    return end


def _standing(view: SentenceView, cue: Cue) -> bool:
    """Whether a passive reports a standing view (考えられている) rather than an inference."""
    return any(
        view.norm[k] in ("居る", "来る") for k in range(cue.word, min(cue.word + 5, len(view)))
    )
