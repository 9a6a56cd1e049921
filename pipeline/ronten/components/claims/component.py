"""`ronten_cues` and `ronten_claims`: from sentences to claims with their holders."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from spacy.tokens import Doc

from ronten.components.claims.authorial import claim_span, is_claim
from ronten.components.claims.contents import Segment
from ronten.components.claims.cues import Cue, CueFinder, Frame, modifies_noun
from ronten.components.claims.holders import Holders, introduced_writers
from ronten.components.claims.lexicon import load_cues
from ronten.components.claims.modality import certainty, claim_type, negated
from ronten.components.claims.sources import find_source
from ronten.components.claims.speakers import Speaker, Speakers, first_person
from ronten.components.claims.view import SentenceView
from ronten.components.structure import pairs as read_pairs
from ronten.components.structure import sentences as read_sentences
from ronten.text.blocks import BlockKind
from ronten.text.brackets import Pair
from ronten.text.sentences import Sentence, inner_sentences
from ronten.types import Attribution, Entity, Holder, Kind, Span


@dataclass(frozen=True, slots=True)
class Draft:
    """A claim before its holder is known."""

    spans: tuple[Span, ...]
    attribution: Attribution
    cue: Cue | None
    speaker: Speaker | None
    inherited: bool = False
    """The speaker was named for an earlier predicate of the same sentence."""


class CuesComponent:
    """Writes `doc._.ronten_cues`: indices of the sentences that hold a reporting marker."""

    def __init__(self, reporting_verbs: Sequence[str] = ()) -> None:
        self.finder = CueFinder(load_cues([Path(path) for path in reporting_verbs]))

    def __call__(self, doc: Doc) -> Doc:
        self.set_annotations(doc, self.predict(doc))
        return doc

    def predict(self, doc: Doc) -> list[int]:
        return [
            index
            for index, view in enumerate(views(doc))
            if any(cue.frame != Frame.BARE for cue in self.finder.find(view))
        ]

    def set_annotations(self, doc: Doc, marked: list[int]) -> None:
        doc._.ronten_cues = marked


class ClaimsComponent:
    """Writes `doc._.ronten_claims` and `doc._.ronten_holders` (plain values)."""

    def __init__(self, reporting_verbs: Sequence[str] = ()) -> None:
        self.finder = CueFinder(load_cues([Path(path) for path in reporting_verbs]))

    def __call__(self, doc: Doc) -> Doc:
        self.set_annotations(doc, *self.predict(doc))
        return doc

    def predict(self, doc: Doc) -> tuple[list[Holder], list[dict[str, Any]]]:
        """Holders in order of first use and claims (without ids) in text order."""
        return Reader(doc, self.finder).read()

    def set_annotations(
        self, doc: Doc, holders: list[Holder], claims: list[dict[str, Any]]
    ) -> None:
        doc._.ronten_holders = [holder.dump() for holder in holders]
        doc._.ronten_claims = claims


def views(doc: Doc) -> list[SentenceView]:
    """The sentences of a Doc as token lists, in order."""
    pairs = read_pairs(doc)
    result = []
    position = 0
    for sentence in read_sentences(doc):
        while position < len(doc) and doc[position].idx + len(doc[position]) <= sentence.start:
            position += 1
        last = position
        while last < len(doc) and doc[last].idx < sentence.end:
            last += 1
        inside = _overlapping(pairs, sentence)
        result.append(SentenceView(doc, sentence, position, last, inside))
        position = last
    return result


def _overlapping(pairs: Sequence[Pair], sentence: Sentence) -> list[Pair]:
    from bisect import bisect_left

    left = bisect_left(pairs, sentence.start, key=lambda pair: pair.start)
    right = bisect_left(pairs, sentence.end, key=lambda pair: pair.start)
    return list(pairs[left:right])


_EDITOR = re.compile(r"[\[［(（]([A-Z]{2,4}|編注|訳注|編集部|編集部注)[:：]\s*")
_LABEL = re.compile(
    r"([^\s「」『』、。：:()（）]{1,14})(?:[（(][^）)]{1,20}[）)])?\s*[：:]\s*(?=\S)|\A\Z"
)


class Reader:
    """Reads one document front to back, following who is speaking."""

    def __init__(self, doc: Doc, finder: CueFinder) -> None:
        self.doc = doc
        self.text = doc.text
        self.finder = finder
        self.views = views(doc)
        entities = [Entity.model_validate(values) for values in doc._.ronten_entities]
        self.speakers = Speakers(entities)
        metadata = doc._.ronten_metadata
        authors = [str(a) for a in metadata.get("authors") or []]
        self.signed = bool(authors)
        self.holders = Holders(
            entities, doc._.ronten_roles, authors or introduced_writers(self.text, entities)
        )
        self.current: Holder | None = None
        self.claims: list[dict[str, Any]] = []

    def read(self) -> tuple[list[Holder], list[dict[str, Any]]]:
        """Read all sentences."""
        lead: tuple[Cue, Speaker | None, Holder] | None = None
        for view in self.views:
            if not len(view) or view.sentence.kind in (
                BlockKind.HEADING,
                BlockKind.CAPTION,
                BlockKind.QUESTION,
                BlockKind.CODE,
            ):
                continue
            if self._editor(view):
                continue
            lead = self._sentence(view, lead)
        self.claims.sort(key=lambda claim: (claim["content"][0], claim["content"][-1]))
        used = {claim["holder"] for claim in self.claims}
        holders = [
            h
            for h in self.holders.all()
            if h.id in used
            or any(h.id in other.members for other in self.holders.all() if other.id in used)
        ]
        return holders, self.claims

    # Sentences ----------------------------------------------------------------------------------

    def _sentence(
        self, view: SentenceView, lead: tuple[Cue, Speaker | None, Holder] | None
    ) -> tuple[Cue, Speaker | None, Holder] | None:
        cue = self.finder.lead_in(view)
        if cue is not None and (found := self._lead(view, cue)):
            return found
        cues = self.finder.find(view)
        drafts = self._drafts(view, cues)
        added = 0
        for draft in drafts:
            added += self._attribute(view, draft, lead)
        if lead is not None and not drafts and self._continues(view, lead):
            self._add(
                view,
                [(view.sentence.start, view.sentence.end)],
                lead[2],
                Attribution.INDIRECT,
                lead[0].span,
                lead[1].span if lead[1] else None,
                lead[0].kind,
                "lead_in",
            )
            return None
        for span in self._own(view, cues if added else [], bool(added)):
            self._add(
                view,
                [span],
                self.holders.author(),
                Attribution.AUTHORIAL,
                None,
                None,
                None,
                "authorial",
            )
        if not added:
            self._follow(view)
            return None
        quoted = all(c.frame == Frame.BARE for c in cues)
        return lead if lead is not None and quoted else None

    def _lead(self, view: SentenceView, cue: Cue) -> tuple[Cue, Speaker | None, Holder] | None:
        """A lead-in lends its source and cue to what follows (or to bare quotations before it)."""
        segment = Segment(view, self.speakers, 0, cue)
        speaker = segment.speaker
        if speaker is None and self.current is None:
            return None
        holder = self.holders.of(speaker) if speaker else self.current
        if holder is None:
            return None
        self.current = holder
        return cue, speaker, holder

    def _continues(self, view: SentenceView, lead: tuple[Cue, Speaker | None, Holder]) -> bool:
        """Whether an unquoted sentence is still what the lead-in announced: (Aはこう言う。…。)"""
        return any(
            self.text[max(0, view.sentence.start - 200) : view.sentence.start].rfind(opener)
            > self.text[max(0, view.sentence.start - 200) : view.sentence.start].rfind(closer)
            for opener, closer in (("（", "）"), ("(", ")"))
        )

    def _drafts(self, view: SentenceView, cues: Sequence[Cue]) -> list[Draft]:
        drafts: list[Draft] = []
        begin = 0
        previous: Speaker | None = None
        pending: tuple[Cue, Speaker | None] | None = None
        for cue in cues:
            if cue.frame == Frame.ACCORDING:
                pending = (
                    cue,
                    self.speakers.before(
                        view,
                        cue.stop
                        - (1 if cue.rule.endswith("statement") else 0)
                        - (1 if cue.rule.endswith("statement") else 0),
                        begin,
                    ),
                )
                begin = cue.resume
                continue
            cue = _subordinate(view, cue)
            segment = Segment(view, self.speakers, begin, cue)
            speaker = find_source(view, self.speakers, segment, cue)
            if (
                cue.frame == Frame.HEARSAY
                and drafts
                and drafts[-1].cue
                and _only_endings(view, drafts[-1].cue.word, cue.stop)
            ):
                begin = cue.resume
                continue
            if cue.frame == Frame.BARE and (drafts or pending) and not segment.speaker:
                continue
            inherited = False
            if pending is not None and not cue.relative and not cue.rule.startswith("noun.other"):
                if cue.frame == Frame.HEARSAY and cue.rule in (
                    "hearsay.iu",
                    "hearsay.soda",
                    "hearsay.tonokoto",
                ):
                    cue = replace(cue, span=pending[0].span, kind="say", rule=pending[0].rule)
                    speaker = pending[1]
                elif speaker is None:
                    speaker = pending[1]
                pending = None
            if (
                speaker is None
                and previous is not None
                and not cue.passive
                and cue.frame != Frame.HEARSAY
            ):
                speaker, inherited = previous, True
            contents = segment.contents()
            drafts.extend(Draft(c.spans, c.attribution, cue, speaker, inherited) for c in contents)
            if speaker is not None and not cue.passive:
                previous = speaker
            if not cue.relative:
                begin = cue.resume
        if pending is not None:
            drafts.extend(self._rest(view, pending, begin))
        return _without_inner(drafts)

    def _rest(
        self, view: SentenceView, pending: tuple[Cue, Speaker | None], begin: int
    ) -> list[Draft]:
        """The clause after 〜によると、 up to the end of the sentence."""
        if begin >= len(view):
            return []
        span = claim_span(self.text, view.start[begin], view.sentence.end)
        if span is None:
            return []
        quotes = [
            p
            for p in view.quotes
            if p.start >= span[0] and p.end <= span[1] and view.holds_words(p)
        ]
        if (
            quotes
            and quotes[0].start == span[0]
            and not self.text[quotes[-1].end : span[1]].strip("。、 ")
        ):
            return [
                Draft((inner,), Attribution.DIRECT, pending[0], pending[1])
                for pair in quotes
                for inner in inner_sentences(self.text, pair.inner, view.pairs)
            ]
        attribution = Attribution.MIXED if quotes else Attribution.INDIRECT
        return [Draft((span,), attribution, pending[0], pending[1])]

    def _attribute(
        self, view: SentenceView, draft: Draft, lead: tuple[Cue, Speaker | None, Holder] | None
    ) -> int:
        cue = draft.cue
        if cue is None:
            return 0
        speaker = draft.speaker
        cue_span = cue.span
        if (
            speaker is not None
            and first_person(speaker)
            and draft.attribution != Attribution.DIRECT
        ):
            return 0
        if speaker is not None:
            holder = self.holders.of(speaker)
        elif cue.frame == Frame.BARE and lead is not None:
            holder, speaker, cue_span = lead[2], lead[1], lead[0].span
        elif cue.passive or cue.frame == Frame.HEARSAY or cue.frame == Frame.ACCORDING:
            if (
                view.norm[cue.word] in _INFERENCES
                and draft.attribution == Attribution.INDIRECT
                and not _stative(view, cue)
            ):
                return 0
            holder = self.holders.unspecified()
        elif self.current is not None and not (self.holders.authors and cue.kind == "think"):
            holder = self.current
        elif (
            (cue.kind in ("think", "say", "evaluate")
            and draft.attribution == Attribution.INDIRECT)
            or (self.holders.authors
            and draft.attribution == Attribution.INDIRECT)
        ):
            return 0
        else:
            holder = self.holders.unspecified()
        if holder.kind != Kind.UNSPECIFIED and not cue.passive:
            self.current = holder
        self._add(
            view,
            list(draft.spans),
            holder,
            draft.attribution,
            cue_span,
            speaker.span if speaker else None,
            cue.kind,
            cue.rule,
            cue,
        )
        return 1

    def _own(self, view: SentenceView, cues: Sequence[Cue], reported: bool) -> list[Span]:
        """What the writer asserts in the sentence beside the reported claims."""
        sentence = view.sentence
        whole = self.text[sentence.start : sentence.end]
        if not reported:
            span = claim_span(self.text, sentence.start, sentence.end)
            return [span] if span and is_claim(whole, sentence.kind) else []
        main = [c for c in cues if not c.relative]
        if any(c.frame == Frame.ACCORDING for c in main):
            return []
        if not main:
            span = claim_span(self.text, sentence.start, sentence.end)
            return [span] if span and is_claim(whole, sentence.kind) else []
        result: list[Span] = []
        if leading := self._leading(view, main[0]):
            result.append(leading)
        resume = max(c.resume for c in main)
        if resume < len(view):
            span = claim_span(self.text, view.start[resume], sentence.end)
            if (
                span
                and self._asserts(view, resume, len(view))
                and is_claim(self.text[span[0] : span[1]] + "。", sentence.kind)
            ):
                result.append(span)
        return result

    def _leading(self, view: SentenceView, cue: Cue) -> Span | None:
        """A finite clause before the source of the first reported one: 溝は埋まらず、A氏は「…」と述べた."""
        segment = Segment(view, self.speakers, 0, cue)
        speaker = find_source(view, self.speakers, segment, cue)
        if speaker is None or speaker.span[0] >= view.end[min(cue.stop, len(view) - 1)]:
            return None
        lead = view.at(speaker.span[0])
        commas = [
            k for k in range(1, lead) if view.is_comma(k) and view.outer(k) and view.outer(k - 1)
        ]
        for k in reversed(commas):
            if (
                (view.text[k - 1] in ("が", "ず", "けれど", "けれども", "ものの", "し")
                and view.tag[k - 1].startswith(("助詞-接続助詞", "助動詞")))
                or view.text[k - 1] in ("おり",)
            ):
                span = claim_span(self.text, view.sentence.start, view.start[k])
                if span and self._asserts(view, 0, k):
                    if view.text[k - 1] in ("が", "けれど", "けれども", "し"):
                        span = span[0], view.end[k - 2]
                    return span
        return None

    def _asserts(self, view: SentenceView, first: int, last: int) -> bool:
        """Whether tokens hold a clause with an argument of its own and a predicate."""
        argument = any(
            view.text[k] in ("は", "が", "も") and view.is_particle(k) and view.outer(k)
            for k in range(first, last)
        )
        return argument and any(
            view.is_predicate(k) or view.is_sahen(k) for k in range(first, last)
        )

    def _follow(self, view: SentenceView) -> None:
        """A person who is the topic of an authorial sentence may speak next."""
        for k in range(1, len(view)):
            if view.outer(k) and view.text[k] in ("は", "が") and view.is_particle(k):
                speaker = self.speakers.before(view, k)
                if (
                    speaker is not None
                    and speaker.kind == Kind.PERSON
                    and not first_person(speaker)
                ):
                    if speaker.names or speaker.anaphoric:
                        self.current = self.holders.of(speaker)
                    return

    def _editor(self, view: SentenceView) -> bool:
        """An insertion [XX: …] belongs to the editor XX."""
        match = _EDITOR.match(self.text, view.sentence.start)
        if match is None:
            return False
        end = view.sentence.end
        while end > match.end() and self.text[end - 1] in "]］)） 。":
            end -= 1
        pairs = read_pairs(self.doc)
        spans = inner_sentences(self.text, (match.end(), end), pairs)
        holder = self.holders.named(match.group(1), Kind.PERSON)
        for span in spans:
            self._add(view, [span], holder, Attribution.DIRECT, None, None, None, "editor")
        return bool(spans)

    def _add(
        self,
        view: SentenceView,
        spans: list[Span],
        holder: Holder,
        attribution: Attribution,
        cue: Span | None,
        source: Span | None,
        kind: str | None,
        rule: str,
        marker: Cue | None = None,
    ) -> None:
        trimmed = []
        for start, end in spans:
            while end > start and self.text[end - 1] in "。｡ \u3000\r\n":
                end -= 1
            if end > start:
                trimmed.append((start, end))
        if not trimmed or any(
            claim["content"] == [list(s) for s in trimmed] and claim["holder"] == holder.id
            for claim in self.claims[-6:]
        ):
            return
        content = "".join(self.text[s:e] for s, e in trimmed)
        tail = _tail(self.text, marker) if marker is not None else ""
        self.claims.append(
            {
                "content": [list(span) for span in trimmed],
                "holder": holder.id,
                "source": list(source) if source else None,
                "cue": list(cue) if cue else None,
                "attribution": str(attribution),
                "type": str(claim_type(content, kind, tail)),
                "confidence": _CONFIDENCE.get(rule.split(".")[0], 0.7)
                if holder.kind != Kind.UNSPECIFIED
                else 0.6,
                "certainty": certainty(content),
                "negated": negated(content),
                "sentence": [view.sentence.start, view.sentence.end],
                "rule": rule,
            }
        )


# In the plain passive these put forward the writer's own inference (…と考えられる).
_INFERENCES = frozenset(["考える", "思う", "言う"])
# Reporting words after which a plain verb tells a plan (…すると発表した, …する方針を示した).
_PLANS = re.compile(r"発表|表明|公表|決定|明らか|打ち出|通告|宣言|約束")
_PLAN_NOUNS = re.compile(r"方針|計画|意向|意思|意志|決意|考え|姿勢|構え|予定|意図|見通し")
# Shares of right claims per rule family, to be replaced by a calibrated model.
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
}


def _tail(text: str, cue: Cue) -> str:
    """What the reporting word makes of the content: a demand, a plan or nothing special."""
    if cue.frame == Frame.DEMAND or cue.kind == "demand" and cue.frame == Frame.PHRASE:
        return "demand"
    if cue.span is None:
        return ""
    word = text[cue.span[0] - 12 : cue.span[1]] if cue.rule.startswith("noun") else text[slice(*cue.span)]
    plan = _PLAN_NOUNS if cue.rule.startswith("noun") else _PLANS
    return "plan" if plan.search(word) else ""


def _subordinate(view: SentenceView, cue: Cue) -> Cue:
    """Mark a cue as relative when the predicate it depends on modifies a noun (…とし、Aを求めた訴訟)."""
    head = view.head(cue.word)
    if cue.relative or head is None or head <= cue.word or not modifies_noun(view, head):
        return cue
    return replace(cue, relative=True)


def _only_endings(view: SentenceView, word: int, stop: int) -> bool:
    return stop - word <= 6 and all(
        view.is_auxiliary(k) or view.is_verb(k) or view.is_particle(k)
        for k in range(word + 1, stop)
    )


def _stative(view: SentenceView, cue: Cue) -> bool:
    """Whether a passive cue reports a standing view (考えられている) rather than an inference."""
    return any(
        view.norm[k] in ("居る", "来る") for k in range(cue.word, min(cue.word + 5, len(view)))
    )


def _without_inner(drafts: Sequence[Draft]) -> list[Draft]:
    """Drop unsourced views that only stand inside another holder's content."""
    result = []
    for draft in drafts:
        cue = draft.cue
        inner = (
            cue is not None
            and cue.span is not None
            and cue.passive
            and draft.speaker is None
            and any(
                other is not draft
                and any(s <= cue.span[0] and cue.span[1] <= e for s, e in other.spans)
                for other in drafts
            )
        )
        if not inner and not (
            cue is not None and cue.rule == "noun.other" and draft.speaker is None
        ):
            result.append(draft)
    return result
