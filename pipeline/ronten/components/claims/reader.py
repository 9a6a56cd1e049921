"""Reads one document: marks its claims, links them, and finds out who holds them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from spacy.tokens import Doc

from ronten.components.claims import source_spans
from ronten.components.claims.asked import Asked
from ronten.components.claims.authorial import asks, claim_span, is_claim, trailing
from ronten.components.claims.candidates import Candidate, History
from ronten.components.claims.choosing import Chooser
from ronten.components.claims.confidence import OWN
from ronten.components.claims.cues import FORWARD, CueFinder, Frame
from ronten.components.claims.dialogue import Turn
from ronten.components.claims.document import Document
from ronten.components.claims.drafts import Draft
from ronten.components.claims.features import Hinted, word_range
from ronten.components.claims.hints import NO_CLAIMS, hinted
from ronten.components.claims.holders import Holders, writers
from ronten.components.claims.links import Linker, Options
from ronten.components.claims.models import ClaimModels
from ronten.components.claims.predicates import is_prescribed
from ronten.components.claims.questions import Asker, Question
from ronten.components.claims.reports import Found, Report
from ronten.components.claims.speakers import ANAPHORS, Speakers, first_person, role_kind
from ronten.components.claims.tagger import Marks
from ronten.components.claims.view import SentenceView, views
from ronten.components.claims.voices import settle, take_in_topics
from ronten.components.structure import pairs as read_pairs
from ronten.ranking import Choice
from ronten.text.blocks import BlockKind
from ronten.text.brackets import CLOSERS, PAIRS, find_brackets
from ronten.text.sentences import inner_sentences
from ronten.types import Attribution, Holder, Kind, Span

_EDITOR = re.compile(r"[\[［(（]([A-Z]{2,4}|編注|訳注|編集部|編集部注)[:：]\s*")
_TITLED = re.compile("と(?:題[しさす]|銘打[ちっつ]|名[付づ]け)")
_PASSIVE = ("れ", "られ")
_COPULAS = ("だ", "で", "に")
TURN = "turn"
"""Rule of what somebody says in a turn of his."""
TAGGER = "tagger"
"""Rule of a claim whose content the tagger marked; a rule that agrees stands behind a `+`."""
_HEARSAY = frozenset(["という", "とい", "いう", "そう", "そうだ", "とのこと"])
_INFERENCE = re.compile(r"(?:考えられ|思われ)(?:る|ます)")
# Below this probability the rules' earlier beginning of a content counts.
_UNSURE = 0.1
# What stands for the tagger's probability where only a rule finds a content, and where a sentence
# is the writer's as a whole, which no model judges.
_DRAFTED, _WHOLE = 0.1, 0.5
# A clause that tells how things are, before another subject: 県庁は対応に追われており、.
_GOES_ON = re.compile(
    r"[^、。「」『』（）\s]{1,30}[はが][^、。「」『』（）]{1,30}て(?:おり|おらず)、"
)
_CASES = ("が", "を")
# Who does not exist, behind a reporting word: (提案)する人はいない, (訴え)る電話は一本もなかった.
_NOBODY = re.compile(
    r"[ぁ-ん]{0,4}[うくすつぬむぶぐるた](?:人|者|声|意見|議員|委員|学者|電話|手紙|文書|記録|記述|証言)(?:は|も|さえ)、?"
    r"(?:[一1ひ](?:つ|人|とり|[本通件行])|誰|だれ|ほとんど|どこに)?も?"
    r"(?:(?:い|おら|見当たら|聞かれ)?な(?:い(?!わけ|で|こと|とは|のか|か)|かった(?!わけ|か)|く、)|いません|おらず)"
)
# Who says it, as a topic, with brackets behind him.
_TOPIC = re.compile(rf"[」』]?{source_spans.ASIDE}は")
_SUBJECT = re.compile(rf"(?:氏|さん|君)?[」』]?{source_spans.ASIDE}[はがも]")
# What somebody else may say of a topic as well: 紙によると、市は撤去するとしている.
_HELD = "to.suru"
# All that follows words in a content that only reports them.
_SAYING = re.compile(r"と(?!い[うっ])[^、。「」がをに]{1,8}")
# Characters between an authority (Aによると、) and the content it covers.
_ADJACENT = 2


class Reader:
    """Collects the claims and holders of one document."""

    def __init__(self, doc: Doc, finder: CueFinder, models: ClaimModels) -> None:
        self.document = document = Document(doc)
        self.text = document.text
        self.finder = finder
        self.models = models
        self.views = views(doc, document.tokens)
        self.pairs = read_pairs(doc)
        self.speakers = Speakers(document.entities)
        authors = writers(doc, document)
        self.holders = Holders(document, authors)
        self.asker = Asker(document, authors)
        self._chooser = Chooser(document, models)
        self.torn = self._torn_sentences() if doc._.ronten_unbalanced else frozenset[int]()

    def read(self) -> tuple[list[Holder], list[dict[str, Any]]]:
        """Holders in order of first use and claims, not judged yet, in text order."""
        found = self._found()
        self._link(found)
        reports = self._theirs(found)
        claims = [self._claim(report) for report in self._held(reports)]
        lent = sorted(r.cue[0] for r in reports if r.cue and not r.view.holds(r.cue[0]))
        claims += [
            _record(
                view, [span], self.holders.author(), Attribution.AUTHORIAL, OWN, confidence=sure
            )
            for view, span, sure in found.own
            # A sentence that only tells who says the words beside it claims nothing.
            if bisect_left(lent, span[0]) == bisect_left(lent, span[1])
        ]
        claims.sort(key=lambda claim: (claim["content"][0], claim["content"][-1]))
        return self._used_holders(claims), claims

    def _used_holders(self, claims: Sequence[dict[str, Any]]) -> list[Holder]:
        everyone = self.holders.all()
        used = {claim["holder"] for claim in claims}
        used.update(member for holder in everyone if holder.id in used for member in holder.members)
        return [holder for holder in everyone if holder.id in used]

    # Contents -----------------------------------------------------------------------------------

    def _found(self) -> Found:
        """Go through the sentences; those that no other rule reads go to the tagger."""
        found = Found()
        for number, view in enumerate(self.views):
            if not len(view) or view.sentence.kind in NO_CLAIMS:
                continue
            turn = self._turn(view)
            if turn is not None and turn.asks:
                continue
            if reports := [*self._editor(view), *self._torn(view)]:
                found.reports += reports
            else:
                found.sentences[number] = hinted(view, self.speakers, self.finder)
        open_sentences = list(found.sentences.values())
        for sentence, marks in zip(
            open_sentences, self.models.tagger.mark(open_sentences), strict=True
        ):
            turn = self._turn(sentence.view)
            if turn is None:
                self._take(found, sentence, marks)
            else:
                self._take_turn(found, sentence, marks, turn)
        found.reports.sort(key=lambda report: report.content)
        return found

    def _take(self, found: Found, sentence: Hinted, marks: Marks) -> None:
        """Add what the tagger marks in a sentence."""
        view = sentence.view
        kept = [mark for mark in marks.contents if not self._titles(view, mark.span)]
        marks = marks._replace(contents=kept)
        found.cues |= {cue.span: 0.0 for cue in sentence.cues if cue.span}
        found.cues |= {_with_passive(sentence, mark.span): mark.probability for mark in marks.cues}
        for mark in marks.sources:
            span = source_spans.mended(self.document, _balanced(view, mark.span))
            if source_spans.speaks(self.document, span):
                found.sources[span] = mark.probability
        taken: set[Span] = set()
        for mark in marks.contents:
            span = _unquoted(view, _balanced(view, mark.span))
            span = self._whole(sentence, span, mark.probability)
            inside = self._held_inside(sentence, span, marks)
            span = inside.spans[0] if inside else self._quoted_report(view, span)
            attribution = self._attribution(view, span)
            if attribution == Attribution.DIRECT:
                span = self._quoted_sentence(view, span)
            if span in taken:
                continue
            taken.add(span)
            if attribution == Attribution.DIRECT and asks(self.text[slice(*span)]):
                continue
            report = Report(view, [span], attribution, _rule(sentence, span), mark.probability)
            if inside and inside.speaker:
                report.said_by = source_spans.mended(self.document, inside.speaker.span)
            found.reports.append(report)
        passed = self._passed_over(sentence, taken)
        for draft in passed:
            report = Report(view, list(draft.spans), draft.attribution, draft.cue.rule, _DRAFTED)
            found.reports.append(report)
        rest = None if taken or passed else self._unmarked(view)
        if rest is not None:
            span, rule = rest
            if not asks(self.text[slice(*span)]):
                found.reports.append(Report(view, [span], Attribution.INDIRECT, rule, _DRAFTED))
            return
        # A sentence that only leads in to a quotation claims nothing.
        if marks.contents or all(cue.frame != Frame.LEAD_IN for cue in sentence.cues):
            inner = bool(passed) and not all(draft.cue.relative for draft in passed)
            if marks.contents or inner:
                found.own += [
                    (view, mark.span, mark.probability)
                    for mark in marks.own
                    if mark.span not in taken
                ]
                if (clause := self._clause_before(view, marks)) is not None:
                    found.own.append((view, clause, _WHOLE))
            else:
                found.own += self._own_sentence(view)

    def _clause_before(self, view: SentenceView, marks: Marks) -> Span | None:
        """Return the writer's own clause before whoever reports: 道は混んでおり、|市は…とした."""
        if not marks.sources:
            return None
        start = self._start(view)
        clause = _GOES_ON.match(self.text, start, view.sentence.end)
        marked = (*marks.contents, *marks.sources, *marks.own)
        if clause is None or any(m.span[0] < clause.end() for m in marked):
            return None
        if self._reports(view, clause.span()):
            return None
        return claim_span(self.text, start, clause.end())

    def _reports(self, view: SentenceView, span: Span) -> bool:
        """Whether a clause tells that somebody says something: 被告は否認しており."""
        classes = self.models.tagger.encoder.classes
        return any(
            classes.of(view.norm[k], view.text[k], view.tag[k]).startswith(("predicate", "noun"))
            for k in range(*word_range(view, span))
        )

    def _titles(self, view: SentenceView, span: Span) -> bool:
        """Whether a content is what something is called: 「…」と題する論文."""
        start, end = span
        return any(
            pair.start <= start and end <= pair.end and _TITLED.match(self.text, pair.end)
            for pair in view.quotes
        )

    @staticmethod
    def _passed_over(sentence: Hinted, taken: Collection[Span]) -> list[Draft]:
        """The reports of the rules that name a speaker and touch nothing that is taken."""
        return [
            draft
            for draft in sentence.drafts
            if draft.speaker is not None
            and not first_person(draft.speaker)
            and draft.cue.frame != Frame.BARE
            and not any(
                start < other[1] and other[0] < end for start, end in draft.spans for other in taken
            )
        ]

    def _whole(self, sentence: Hinted, span: Span, sure: float) -> Span:
        """Begin where the rules begin, if that is earlier and the tagger is not sure.

        Nor can quoted words inside a content begin it behind their subject (Aが「…」だと).
        """
        start, end = span
        torn = self.text[start : start + 1] in PAIRS and self.text[start - 1 : start] in _CASES
        if sure >= _UNSURE and not torn:
            return span
        drafted = [
            draft.spans[0][0]
            for draft in sentence.drafts
            if len(draft.spans) == 1 and abs(draft.spans[0][1] - end) < _ADJACENT
        ]
        return min([start, *drafted]), end

    def _held_inside(self, sentence: Hinted, span: Span, marks: Marks) -> Draft | None:
        """Return the rules' report of a content that holds who says it.

        停電が起き、会社は復旧を急ぐ(と述べた): nobody else in the sentence may be its source.
        """
        view, (start, end) = sentence.view, span
        outside = (m.span[1] for m in marks.sources if m.span[1] <= start or end <= m.span[0])
        if any(_SUBJECT.match(self.text, behind) for behind in outside):
            return None
        for draft in sentence.drafts:
            (begin, stop), speaker = draft.spans[0], draft.speaker
            if (
                speaker is not None
                and len(draft.spans) == 1
                and abs(stop - end) < _ADJACENT
                and start <= speaker.span[0]
                and speaker.span[1] <= begin
                and _TOPIC.match(self.text, speaker.span[1])
                and view.outer(view.at(speaker.span[0]))
                and not first_person(speaker)
                and (speaker.names or role_kind(speaker.surface))
                and not (outside and draft.cue.rule == _HELD)
            ):
                return draft
        return None

    def _quoted_report(self, view: SentenceView, span: Span) -> Span:
        """Return the words that a content only reports: Aが「…」と漏らしていた(と紙は伝えた)."""
        start, end = span
        for pair in view.quotes:
            if start <= pair.start and pair.end < end and view.holds_words(pair):
                verb = view.at(pair.end + 1)
                if (
                    _SAYING.fullmatch(self.text, pair.end, end)
                    and view.norm[verb] in self.finder.lexicon.predicates
                ):
                    return pair.inner
        return span

    def _quoted_sentence(self, view: SentenceView, span: Span) -> Span:
        """Return the whole sentence of a quotation, where a content is cut inside a name in it."""
        start, end = span
        around = next(pair for pair in view.quotes if pair.start < start and end < pair.end)
        cut = any(
            around.start < pair.start < edge < pair.end < around.end
            for pair in view.pairs
            for edge in span
        )
        if not cut:
            return span
        parts = [
            part
            for part in inner_sentences(self.text, around.inner, self.pairs)
            if part[0] < end and start < part[1]
        ]
        return parts[0] if len(parts) == 1 else span

    def _own_sentence(self, view: SentenceView) -> list[tuple[SentenceView, Span, float]]:
        """What is claimed in a sentence that reports nothing: all of it, or nothing."""
        turn = self._turn(view)
        start, end = self._start(view), view.sentence.end
        kind = BlockKind.PARAGRAPH if turn else view.sentence.kind  # ○ is taken for a bullet
        whole = claim_span(self.text, start, end)
        if whole is None or not is_claim(self.text[start:end], kind):
            return []
        # What is said keeps its conjunction.
        return [(view, (start, whole[1]) if turn else whole, _WHOLE)]

    def _unmarked(self, view: SentenceView) -> tuple[Span, str] | None:
        """Return what a sentence reports where nothing in it is marked, and the rule for it."""
        if (trailed := self._trailing(view)) is not None:
            return trailed, "to.open"
        led = self._led_to(view)
        return (led, "lead_in") if led is not None else None

    def _trailing(self, view: SentenceView) -> Span | None:
        """Return what a sentence reports that ends with と alone (…のだ、とも。)."""
        start = self._start(view)
        end = trailing(self.text[start : view.sentence.end])
        return claim_span(self.text, start, start + end) if end is not None else None

    def _led_to(self, view: SentenceView) -> Span | None:
        """Return a sentence that the one before leads in to: Aは次のように主張している。"""
        number = self.document.sentence(view.sentence.start)
        if number == 0 or view.quotes:
            return None
        before = self.views[number - 1]
        lead = self.finder.lead_in(before)
        if lead is None or before.text[lead.stop] not in FORWARD:
            return None
        span = claim_span(self.text, view.sentence.start, view.sentence.end)
        return (span[0], _content_end(self.text, *span)) if span else None

    def _turn(self, view: SentenceView) -> Turn | None:
        """Return the turn that a sentence belongs to."""
        return self.document.turns.get(view.sentence.block)

    def _start(self, view: SentenceView) -> int:
        """Return where the words of a sentence begin: behind the label of a turn."""
        turn = self._turn(view)
        return max(view.sentence.start, turn.start if turn else 0)

    def _attribution(self, view: SentenceView, span: Span) -> Attribution:
        """Tell by the brackets how a content is put."""
        start, end = span
        if any(pair.start < start and end < pair.end for pair in view.quotes):
            return Attribution.DIRECT
        inside = [pair for pair in view.quotes if start <= pair.start and pair.end <= end]
        # A bracketed noun that is the predicate of the content is the holder's word as well.
        held = any(
            view.holds_words(pair)
            or (end - pair.end <= 4 and self.text[pair.end : end].startswith(_COPULAS))
            for pair in inside
        )
        return Attribution.MIXED if held else Attribution.INDIRECT

    def _take_turn(self, found: Found, sentence: Hinted, marks: Marks, turn: Turn) -> None:
        """Add what a sentence of a turn says: whose words it is takes the writer's place.

        Without any word that reports, a seeming report is the speaker's own claim.
        """
        said = Found()
        inner = _behind(turn.start, sentence, marks)
        self._take(said, *inner)
        if not (inner[1].cues or inner[0].drafts):
            said.reports.clear()
            said.own = self._own_sentence(sentence.view)
        found.reports += said.reports
        found.reports += [self._said(view, span, turn) for view, span, _ in said.own]
        found.cues |= said.cues
        found.sources |= said.sources

    def _said(self, view: SentenceView, span: Span, turn: Turn) -> Report:
        end = _content_end(self.text, *span)
        content = [(span[0], end)]
        return Report(view, content, Attribution.DIRECT, TURN, linked=True, source=turn.label)

    def _editor(self, view: SentenceView) -> Iterator[Report]:
        """An insertion [XX: …] belongs to the editor XX."""
        match = _EDITOR.match(self.text, view.sentence.start)
        if match is None:
            return
        span = match.end(), _content_end(self.text, match.end(), view.sentence.end)
        holder = self.holders.named(match.group(1), Kind.PERSON)
        for content in inner_sentences(self.text, span, self.pairs):
            yield Report(view, [content], Attribution.DIRECT, "editor", linked=True, holder=holder)

    def _torn(self, view: SentenceView) -> Iterator[Report]:
        """A sentence that an unmatched closer shows to be quoted as well: 「…。」 …。…。」"""
        if view.sentence.start in self.torn:
            start, end = view.sentence.start, view.sentence.end
            span = start, _content_end(self.text, start, end)
            yield Report(view, [span], Attribution.DIRECT, "quote.torn", linked=True)

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

    # Links and holders --------------------------------------------------------------------------

    def _link(self, found: Found) -> None:
        """Give every content of the tagger its reporting word and its source."""
        reports = found.reports
        self._name_sources(found)
        for report in reports:
            if report.cue:
                found.cues[report.cue] = 1.0
            if report.source:
                found.sources[report.source] = 1.0
        linker = Linker(
            self.document,
            self.models.tagger.encoder.classes,
            [report.content for report in reports],
            found.cues,
            found.sources,
        )
        everybody = sorted(found.sources)
        previous: Span | None = None
        word: Span | None = None
        for index, report in enumerate(reports):
            if not report.linked:
                report.cue = self.choose_cue(report, linker.cue(index, word))
                report.cue = self._authority(report, linker.cues)
                options = linker.source(index, report.cue, previous)
                source = report.said_by or self.choose_source(report, options)
                report.source = self._near(report, source)
                settle(report, everybody, self.speakers)
            previous, word = report.source, report.cue
        take_in_topics(reports)

    def _name_sources(self, found: Found) -> None:
        """Add those who could speak in the sentences of the reports and beside quotations."""
        wanted: set[int] = set()
        for report in found.reports:
            if not report.linked:
                at = self.document.sentence(report.content[0][0])
                beside = 1 if report.attribution == Attribution.DIRECT else 0
                wanted.update(range(at - beside, at + 1 + beside))
        for number in sorted(wanted & found.sentences.keys()):
            for span in source_spans.mentions(
                self.document, self.speakers, found.sentences[number]
            ):
                found.sources.setdefault(span, 0.0)

    def choose_cue(self, report: Report, options: Options) -> Span | None:
        """Choose the reporting word of a content."""
        cue = _taken(report, options, self._chooser.cue(options))
        return self._word_beside(report) if cue is None else cue

    def _word_beside(self, report: Report) -> Span | None:
        """Return the word of the sentence before or behind words that stand by themselves.

        絵師が言う。|「…」。 or 「…」。|絵師がつぶやいた。
        """
        view = report.view
        if report.attribution != Attribution.DIRECT or not view.is_quotation():
            return None
        number = self.document.sentence(view.sentence.start)
        beside = (*self.views[max(number - 1, 0) : number], *self.views[number + 1 : number + 2])
        near = (other for other in beside if other.sentence.block == view.sentence.block)
        return next(filter(None, map(self.finder.alone, near)), None)

    def choose_source(self, report: Report, options: Options) -> Span | None:
        """Choose the source of a content."""
        return _taken(report, options, self._chooser.source(report, options))

    def choose_holder(self, report: Report, question: Question) -> Choice:
        """Choose the holder of a content."""
        return self._chooser.holder(report, question)

    def _theirs(self, found: Found) -> list[Report]:
        """Return the reports of others and what turns say.

        A sentence that is left without any is the writer's as a whole, or the speaker's.
        """
        kept = [
            report
            for report in found.reports
            if not (
                self._denied(report)
                or self._inferred(report)
                or self._spoken(report)
                or _called_for(report)
                or self._by_nobody(report)
            )
        ]
        others = {report.view.sentence.start for report in kept if report.rule != TURN}
        spoken = {r.view.sentence.start for r in found.reports if self._spoken(r)} - others
        kept = [report for report in kept if report.view.sentence.start not in spoken]
        reporting = {report.view.sentence.start for report in kept}
        bare = {
            report.view.sentence.start: report.view
            for report in found.reports
            if report.view.sentence.start not in reporting
        }
        found.own = [own for own in found.own if own[0].sentence.start not in bare]
        for view in bare.values():
            own = self._own_sentence(view)
            turn = self._turn(view)
            if turn is None:
                found.own += own
            else:
                kept += [self._said(view, span, turn) for _, span, _ in own]
        return sorted(kept, key=lambda report: report.content)

    def _denied(self, report: Report) -> bool:
        """Whether somebody only denies a content (…ことを否定した): then it is not theirs."""
        if report.cue is None or not self.text.startswith("こと", report.content[-1][1]):
            return False
        tokens = self.document.tokens
        predicate = self.finder.lexicon.predicates.get(
            tokens.norm[self.document.token(report.cue[0])]
        )
        return predicate is not None and predicate.kind == "deny"

    def _by_nobody(self, report: Report) -> bool:
        """Whether there is nobody who says it: 廃止を提案する人はいない."""
        return report.cue is not None and _NOBODY.match(self.text, report.cue[1]) is not None

    def _spoken(self, report: Report) -> bool:
        """Whether a report in a turn is the speaker's own: nobody else is said to say it."""
        turn = self._turn(report.view)
        if turn is None or report.linked:
            return False
        if report.source is None:
            return report.cue is None or not self.text[slice(*report.cue)].endswith(_PASSIVE)
        mine = ANAPHORS.get(self.text[slice(*report.source)]) == "writer"
        return mine or report.source == turn.label

    def _near(self, report: Report, source: Span | None) -> Span | None:
        """Leave out a source in another sentence, unless the reporting word stands there too."""
        if source is None or report.cue is None:
            return source
        near = {self.document.sentence(report.cue[0])}
        near.update(self.document.sentence(start) for start, _ in report.content)
        return source if self.document.sentence(source[0]) in near else None

    def _inferred(self, report: Report) -> bool:
        """Whether a passive without a source is the writer's inference (…と考えられる)."""
        return (
            report.cue is not None
            and report.source is None
            and report.attribution == Attribution.INDIRECT
            and _INFERENCE.match(self.text, report.cue[0]) is not None
        )

    def _authority(self, report: Report, cues: Sequence[Span]) -> Span | None:
        """Return the reporting word: Aによると、…という is told by によると, not by という."""
        cue = report.cue
        if cue is None or self.text[slice(*cue)] not in _HEARSAY:
            return cue
        end = report.content[0][0]
        index = bisect_right(cues, (end, 0)) - 1
        if index < 0 or cues[index][0] < report.view.sentence.start:
            return cue
        return cues[index] if 0 <= end - cues[index][1] <= _ADJACENT else cue

    def _held(self, reports: Sequence[Report]) -> Iterator[Report]:
        """Yield the reports in order, each with its holder."""
        history = History()
        voices: dict[str, Candidate] = {}
        self.asker.hear(span for report in reports for span in report.content)
        for report in reports:
            if report.unheld:
                report.holder = self.holders.named("", Kind.UNSPECIFIED, proper=False)
            if report.holder is None:
                candidate = self._candidate(report, history, voices)
                report.holder = self.holders.of(candidate)
            yield report

    def _candidate(
        self, report: Report, history: History, voices: dict[str, Candidate]
    ) -> Candidate:
        """Return who holds a content; in a text, a label of turns always means the same."""
        turn = self._turn(report.view)
        asked = Asked(
            (report.content[0][0], report.content[-1][1]),
            report.cue,
            report.source,
            report.attribution,
            turn is not None,
        )
        question = self.asker.ask(asked, history)
        choice = self.choose_holder(report, question)
        candidate = question.candidates[choice.best]
        if turn is not None and report.rule == TURN:
            label = self.text[slice(*turn.label)] if turn.label else ""
            if label not in voices:
                voices[label] = self._voice(turn, question, candidate)
            candidate = voices[label]
            report.source = report.source or turn.mark
        history.add(self.document, asked, candidate)
        report.sure *= choice.probability
        return candidate

    def _voice(self, turn: Turn, question: Question, chosen: Candidate) -> Candidate:
        """Return who speaks in a turn; a label that is neither a role nor known is a name."""
        if turn.label is None or self.document.within(turn.label):
            return chosen
        label = self.text[slice(*turn.label)]
        if role_kind(label) is not None:
            return chosen
        like = any(name.name.startswith(label) for name in self.document.people)
        itself = (c for c in question.candidates if c.sort == "self")
        return chosen if like else next(itself, chosen)

    def _claim(self, report: Report) -> dict[str, Any]:
        assert report.holder is not None
        return _record(
            report.view,
            report.content,
            report.holder,
            report.attribution,
            report.rule,
            confidence=report.sure,
            cue=report.cue,
            source=report.source,
        )


def _taken(report: Report, options: Options, choice: Choice) -> Span | None:
    """Return the span that is chosen; the claim is as sure as the choice."""
    report.sure *= choice.probability
    return options.spans[choice.best]


def _called_for(report: Report) -> bool:
    """Whether the writer only wishes that somebody said it (…と説明すべきだ)."""
    return report.cue is not None and is_prescribed(report.view, report.view.at(report.cue[1] - 1))


def _behind(start: int, sentence: Hinted, marks: Marks) -> tuple[Hinted, Marks]:
    """Return what stands behind the label of a turn, which nobody says."""
    drafts = [
        draft
        for draft in sentence.drafts
        if draft.spans[0][0] >= start and (not draft.speaker or draft.speaker.span[0] >= start)
    ]
    cut = [
        [mark._replace(span=(max(start, mark.span[0]), mark.span[1])) for mark in each
         if mark.span[1] > start]
        for each in marks
    ]  # fmt: skip
    return sentence._replace(drafts=drafts), Marks(*cut)


def _rule(sentence: Hinted, span: Span) -> str:
    """Name who found a content: the tagger, and the rule that drafts the same one, if any does."""
    for draft in sentence.drafts:
        if draft.spans == (span,):
            return f"{TAGGER}+{draft.cue.rule}"
    return TAGGER


def _balanced(view: SentenceView, span: Span) -> Span:
    """Take in the bracket that would be left alone at an end of a content, or cut at it."""
    start, end = span
    for pair in view.quotes:
        if start <= pair.start < end < pair.end <= end + _ADJACENT:
            end = pair.end
        elif start - _ADJACENT <= pair.start < start < pair.end <= end:
            start = pair.start
    for pair in view.pairs:
        if pair.start < start < pair.end - 1 < end - 1:
            # Words end with their brackets; what is only explained or named is a part.
            if pair.quotes and view.holds_words(pair):
                end = pair.end - 1
            else:
                start = _noun_start(view, pair.start)
    return start, end


def _unquoted(view: SentenceView, span: Span) -> Span:
    """Return the words without the brackets round all of them."""
    pairs = (pair for pair in view.quotes if (pair.start, pair.end) == span)
    return next((pair.inner for pair in pairs), span)


def _noun_start(view: SentenceView, offset: int) -> int:
    """Return where the nouns before an offset begin."""
    k = view.at(offset)
    while k > 0 and view.is_noun(k - 1):
        k -= 1
    return view.start[k] if k < len(view) else offset


def _with_passive(sentence: Hinted, span: Span) -> Span:
    """Return a reporting word with the passive that a rule has found behind it: 報じ|られ."""
    ends = [
        cue.span[1] for cue in sentence.cues if cue.passive and cue.span and cue.span[0] == span[0]
    ]
    return span[0], max([span[1], *ends])


def _record(
    view: SentenceView,
    content: Sequence[Span],
    holder: Holder,
    attribution: Attribution,
    rule: str,
    *,
    confidence: float,
    cue: Span | None = None,
    source: Span | None = None,
) -> dict[str, Any]:
    """Return a claim as plain values."""
    return {
        "content": [list(span) for span in content],
        "holder": holder.id,
        "source": list(source) if source else None,
        "cue": list(cue) if cue else None,
        "attribution": str(attribution),
        "confidence": round(confidence, 4),
        "sentence": [view.sentence.start, view.sentence.end],
        "rule": rule,
    }


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
