"""Borders of a claim: where the matrix clause ends and the content begins."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ronten.components.claims.cues import Cue, Frame
from ronten.components.claims.lexicon import word_list
from ronten.components.claims.speakers import Speaker, Speakers
from ronten.components.claims.view import SentenceView
from ronten.text.sentences import inner_sentences
from ronten.types import Attribution, Span

# Leading words that are outside of every content.
CONJUNCTIONS = re.compile(
    r"(?:(?:しかしながら|しかし|また(?!は)|ただし|ただ(?=、)|一方で(?:は)?|一方(?!の)|他方|例えば|たとえば|つまり|さらに|そして|そのうえで|その上で|そのため|それでも|"
    r"これに対し(?:て)?|それに対し(?:て)?|なお|加えて|あわせて|併せて|同時に(?=、)|ところが|だが|だから|したがって|従って|すなわち|ちなみに|なぜなら|もっとも(?=、)|"
    r"そこで|すると|それで|ゆえに|よって|とはいえ|ところで|けれども|でも(?=、)|では(?=、)|まず(?=、)|次に(?=、)|最後に|このほか|そのほか|おまけに|しかも|あるいは|または)[、，,\s]*)+"
)
_DATE = re.compile(
    r"(?:(?:[\d０-９]{4}年)?(?:[\d０-９]{1,2}月)?[\d０-９]{1,2}日(?:[（(][^）)]{1,8}[）)])?|[\d０-９]{4}年[\d０-９]{1,2}月|同日|この日|翌日|前日|今週|先週|昨日|本日|今月|先月|[\d０-９数十]{1,3}(?:日|週間|か月|カ月|ヵ月|ヶ月|年)前)"
    r"(?:午前|午後|夜|深夜|夕方|未明|朝|昼|早朝|夜間)?(?:[\d０-９]{1,2}時[^、。]{0,4})?(?:、|，|にも?(?:、|(?=「|は))|までに、?|付で|付けで|の(?=[^、。「」]{0,18}(?:会見|取材|発表|会合|講演|演説|委員会|国会|声明)))"
)
_ABOUT = re.compile(
    r"(?:について|に関して|に関し|に対して|に対し|をめぐって|をめぐり|を巡って|を巡り|を受けて|を受け|を踏まえて|を踏まえ|に先立ち|に触れ|に応じて|に応じ|を前に|に向けて|に向け|に答えて|に答え|"
    r"を交えて|を挙げて|を挙げ|を引き合いに|を念頭に|に関連して|に関連し|とした上で|に言及し|に続き|に続いて|とともに|に加え|に代わり|を通じて|を通じ|を例に)(?:は|も)?(?:、|，|(?=「))"
)
_TIME_TOPICS = frozenset(
    [
        "今回",
        "当初",
        "昨年",
        "今年",
        "現在",
        "最近",
        "当時",
        "一方",
        "今後",
        "将来",
        "以前",
        "これまで",
        "近年",
        "従来",
        "今",
        "同日",
    ]
)
_MATRIX_CONNECTIVE = re.compile(
    r"(?:て|で|し|り|え|け|め|せ|つつ|ながら|が|ず|き|ち|い|び|み|れ)[、，]\Z"
)


@dataclass(frozen=True, slots=True)
class Content:
    """Where a claim's content stands and how it is put."""

    spans: tuple[Span, ...]
    attribution: Attribution


class Segment:
    """The stretch of a sentence that belongs to one cue, with its matrix prefix cut off.

    Attributes:
        begin: first token of the segment.
        start: first token after topic, adverbials and conjunctions of the matrix clause.
        speaker: the speaking topic or subject found in the prefix.
        lead: tokens `[begin, lead)` stand before the speaker's noun phrase.
    """

    def __init__(self, view: SentenceView, speakers: Speakers, begin: int, cue: Cue) -> None:
        self.view = view
        self.speakers = speakers
        self.begin = begin
        self.cue = cue
        self.limit = self._limit()
        self.speaker: Speaker | None = None
        self.lead = begin
        self.start = self._strip()

    def _limit(self) -> int:
        if self.cue.frame in (Frame.QUOTE, Frame.BARE) and self.cue.quotes:
            return self.view.at(self.view.quotes[self.cue.quotes[0]].start)
        return self.cue.stop

    def _strip(self) -> int:
        position = self._conjunctions(self.begin)
        if self.cue.frame != Frame.HEARSAY and not (
            self.cue.passive and self.cue.frame == Frame.CLAUSE
        ):
            topic = self._near(position) or self._topic(position)
            if topic is not None:
                position, self.speaker = topic
                self.lead = self.view.at(self.speaker.span[0])
        if self.speaker is not None or self.cue.frame in (Frame.QUOTE, Frame.BARE):
            position = self._adverbials(position)
        elif self.cue.frame != Frame.HEARSAY:
            position = self._adverbials(position, only_dates=True)
        return min(position, self.limit)

    def _conjunctions(self, position: int) -> int:
        view = self.view
        while position < self.limit and view.is_mark(position) and view.outer(position):
            position += 1
        if position < self.limit:
            match = CONJUNCTIONS.match(view.article, view.start[position], view.end[-1])
            if match and view.at(match.end()) <= self.limit:
                position = view.at(match.end()) if match.end() < view.end[-1] else position
        return position

    def _near(self, position: int) -> tuple[int, Speaker] | None:
        """The subject right before a quotation: Aは「…」と, Aが、「…」と."""
        if self.cue.frame not in (Frame.QUOTE, Frame.BARE) or self.cue.rule.startswith("noun"):
            return None
        k = self.limit - 1
        if k > position and self.view.is_comma(k):
            k -= 1
        if (
            k <= position
            or self.view.text[k] not in ("は", "が", "も")
            or not self.view.is_particle(k)
        ):
            return None
        speaker = self.speakers.before(self.view, k, position) or self.speakers.anyone(
            self.view, k, position
        )
        return (self.limit, speaker) if speaker else None

    def _topic(self, position: int) -> tuple[int, Speaker] | None:
        """The speaking topic of the matrix clause and the token after its particle."""
        view = self.view
        subject: tuple[int, Speaker] | None = None
        for k in range(position + 1, self.limit):
            if (
                not view.outer(k)
                or not view.is_particle(k)
                or view.text[k] not in ("は", "も", "が")
            ):
                continue
            if view.text[k - 1] == "て" and k >= 3 and view.text[k - 3] == "と":
                speaker = self.speakers.before(view, k - 3, position)
            elif view.is_particle(k - 1) and view.text[k - 1] not in ("ら", "など"):
                continue
            else:
                speaker = self.speakers.before(view, k, position)
            if speaker is None and view.text[k] == "は":
                speaker = self._attached(k, position)
            if speaker is None:
                if view.text[k] == "は" and not _passing(view, k - 1):
                    return subject
                continue
            after = k + 1
            comma = after < len(view) and view.is_comma(after)
            quote = after < len(view) and view.opens_quote(after) >= 0
            if view.text[k] in ("は", "も") and (view.text[k] == "は" or comma or quote):
                return (after + 1 if comma else after), speaker
            if view.text[k] == "が" and subject is None:
                near = comma or quote or view.head(view.at(speaker.span[1] - 1)) == self.cue.word
                if near or (self.cue.relative and k < position + 6) or self._only_subject(k):
                    subject = (after + 1 if comma else after), speaker
        return subject

    def _attached(self, k: int, floor: int) -> Speaker | None:
        """An unknown topic that the parse attaches to the reporting word itself."""
        cue = self.cue
        head = k - 1
        while head > floor and self.view.aside[head]:
            head -= 1
        if cue.passive or cue.kind == "think" or k + 1 >= len(self.view):
            return None
        # A date right after the topic (A社は9日、…) belongs to the reporting word as well.
        dated = _DATE.match(self.view.article, self.view.start[k + 1]) is not None
        if not dated and self.view.head(head) != cue.word:
            return None
        speaker = self.speakers.anyone(self.view, k, floor, proper=dated)
        return speaker if speaker and (speaker.names or not self._only_subject(k)) else None

    def _only_subject(self, k: int) -> bool:
        """Whether no other topic or subject stands between token `k` and the end of the content."""
        view = self.view
        return self.cue.kind in ("say", "demand", "warn") and not any(
            view.text[i] in ("は", "が") and view.is_particle(i) and view.outer(i)
            for i in range(k + 1, self.limit)
        )

    def _adverbials(self, position: int, only_dates: bool = False) -> int:
        view, text = self.view, self.view.article
        moved = True
        while moved and position < self.limit:
            moved = False
            position = self._conjunctions(position)
            if position >= self.limit:
                break
            offset = view.start[position]
            if match := _DATE.match(text, offset):
                position, moved = view.at(match.end()), True
                continue
            if only_dates:
                break
            step = self._venue(position) or self._about(position)
            if step:
                position, moved = step, True
        return position

    def _venue(self, position: int) -> int | None:
        """Token after 「…の会見で」「取材に対し」「自身のブログに」 at `position`."""
        view = self.view
        for k in range(position, min(self.limit, position + 16)):
            if view.is_comma(k) or view.text[k] == "を":
                return None
            if not view.outer(k):
                if view.aside[k] or not view.holds_words(view.quotes[view.quote_of[k]]):
                    continue
                return None
            if view.text[k] in ("は", "が") and view.is_particle(k):
                return None
            head = view.norm[k] in _VENUES or view.text[k] in _VENUES
            if (
                head
                and k + 1 < self.limit
                and view.text[k + 1] in ("で", "に", "にて", "では", "後", "後に")
            ):
                end = k + 2
                following = view.article[view.end[k + 1] : view.end[k + 1] + 8]
                if match := re.match(
                    r"(?:は|対して|対し|応じて|応じ|よせて|答えて|答え|おいて|向け)*[、，]?",
                    following,
                ):
                    end = view.at(view.end[k + 1] + match.end())
                return min(max(end, k + 2), self.limit)
        return None

    def _about(self, position: int) -> int | None:
        """Token after 「…について、」「…を受け、」 when nothing of the content stands before it."""
        view = self.view
        start, end = (
            view.start[position],
            view.start[self.limit] if self.limit < len(view) else view.end[-1],
        )
        # One character more, so that the pattern sees the bracket that follows.
        match = _ABOUT.search(view.article, start, min(end + 1, view.end[-1]))
        if match is None:
            return None
        stop = view.at(match.end())
        between = range(position, stop)
        quoted = self.cue.frame in (Frame.QUOTE, Frame.BARE)
        own_subject = any(
            view.text[k] in ("は", "が") and view.is_particle(k) and view.outer(k)
            for k in between[:-3]
        )
        if own_subject and not (quoted and stop == self.limit):
            return None
        if not quoted and len(between) > 16:
            return None
        return min(stop, self.limit)

    # Content ------------------------------------------------------------------------------------

    def contents(self) -> list[Content]:
        """The contents of the segment's cue: one per quoted sentence, else one."""
        view, cue = self.view, self.cue
        if cue.frame in (Frame.QUOTE, Frame.BARE) and not self._mixed():
            words = [view.quotes[q] for q in cue.quotes]
            return [
                Content(((start, end),), Attribution.DIRECT)
                for pair in words
                for start, end in inner_sentences(view.article, pair.inner, view.pairs)
            ]
        if self.start >= cue.stop:
            return []
        start, end = view.start[self.start], view.end[cue.stop - 1]
        if cue.frame == Frame.PHRASE:
            start = view.start[self._phrase_start()]
        end = _rstrip(view.article, start, end)
        if end <= start:
            return []
        inside = [p for p in view.quotes if start <= p.start and p.end <= end]
        held = any(view.holds_words(p) or self._judges(p.end, end) for p in inside)
        return [Content(((start, end),), Attribution.MIXED if held else Attribution.INDIRECT)]

    def _judges(self, quoted: int, end: int) -> bool:
        """Whether a bracketed noun is the predicate of the content: …は「水増し」だと."""
        return end - quoted <= 4 and self.view.article[quoted:end].startswith(_COPULAS)

    def _mixed(self) -> bool:
        """Whether words before the quotation belong to the same content."""
        view, cue = self.view, self.cue
        if cue.frame == Frame.BARE or cue.rule.startswith("noun"):
            return False
        first = self.limit
        if self.start >= first:
            return False
        if not any(view.holds_words(view.quotes[q]) for q in cue.quotes):
            return True
        before = first - 1
        rest = range(self.start, first)
        own_topic = any(
            view.text[k] in ("は", "も", "が")
            and view.is_particle(k)
            and view.outer(k)
            and not view.is_particle(k - 1)
            and self.speakers.before(view, k, self.start) is None
            for k in rest
        )
        if view.is_comma(before):
            text = view.article[view.start[self.start] : view.end[before]]
            if _MATRIX_CONNECTIVE.search(text):
                return False
            return own_topic and self.speaker is not None and not self._long(rest)
        return own_topic or view.text[before] in ("が", "は", "を", "も", "むしろ")

    def _long(self, rest: range) -> bool:
        return len(rest) > 40

    def _phrase_start(self) -> int:
        """Leftmost token of the noun phrase that ends before the cue's を."""
        view = self.view
        k = self.cue.stop - 1
        while k > self.start:
            previous = k - 1
            if view.is_comma(previous) or (
                view.text[previous] in ("は", "が") and view.is_particle(previous)
            ):
                break
            k = previous
        while k < self.cue.stop - 1 and view.tag[k].startswith(("副詞", "接続詞", "補助記号-読点")):
            k += 1
        return k


def _passing(view: SentenceView, i: int) -> bool:
    """Whether a topic only sets the time or points back (今回は, 27日は, 〜のは)."""
    return (
        view.norm[i] in _TIME_TOPICS
        or "副詞可能" in view.tag[i]
        or view.text[i] in ("日", "月", "年", "こと", "の")
    )


_COPULAS = ("だ", "で", "に")
_VENUES = word_list("venues.tsv")


def _rstrip(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1] in "、，, \u3000\n\r":
        end -= 1
    return end
