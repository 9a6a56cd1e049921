"""What the words of a claim say about its sort: sparse features that a reader can check."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any, NamedTuple

from ronten.components.claims.lexicon import CueLexicon, word_lists
from ronten.components.claims.modality import certainty, negated, plan_of, read_form
from ronten.components.columns import Columns
from ronten.types import Attribution, Kind, Span

_LISTS = word_lists("words.tsv")
_LIGHT = _LISTS["light"]
_FORMAL = _LISTS["formal"]
_CLOSERS = "。．.!！?？、 \u3000\n」』）)"
_MARKS = ("補助記号", "空白")
_NOUNS = frozenset(["名詞", "接尾辞", "代名詞"])
_CONTENT = _NOUNS | {"動詞", "形容詞", "形状詞"}
_OPEN = _CONTENT | {"副詞", "連体詞"}
_INFLECTED = frozenset(["動詞", "形容詞", "助動詞"])
_SELF = ("私", "思", "考え")
_ASKS = ("か。", "？", "でしょうか")
# Words whose rows are kept.
_KEPT = 50_000
# Characters before and behind a content.
_NEAR = 24
# A reporting word stands at most this far behind the content it reports.
_GAP = 14


class Said(NamedTuple):
    """What is known about a claim before it is judged."""

    content: Sequence[Span]
    cue: Span | None
    attribution: Attribution
    kind: Kind


@dataclass(slots=True)
class Signs:
    """Features of a claim.

    `form` is read off the content alone, `counts` tells what it holds how often, `context` who
    reports it how; `words` are the normal forms of all its words. The other lists hold words in
    roles: the last predicate, the open words, the nouns before は and が, the reporting word.
    `said` is the content as it stands there, `around` what is before and behind it.
    """

    form: list[str] = field(default_factory=list)
    counts: list[str] = field(default_factory=list)
    context: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    predicate: str = ""
    tense: str = ""
    open: list[str] = field(default_factory=list)
    subjects: list[str] = field(default_factory=list)
    cue: str = ""
    certainty: str = "certain"
    negated: bool = False
    said: str = ""
    around: str = ""


class _Words(NamedTuple):
    """The words of a claim, without marks at the end; a value of each."""

    text: list[str]
    tag: list[str]
    pos: list[str]
    norm: list[str]
    form: list[str]


def beside(article: str, content: Sequence[Span]) -> tuple[str, str]:
    """Return what is said, and what stands before and behind it, as an encoder reads them."""
    start, end = content[0][0], content[-1][1]
    said = "…".join(article[first:last] for first, last in content)
    before, after = article[max(0, start - _NEAR) : start], article[end : end + _NEAR]
    return said, f"{before}＿{after}".replace("\n", " ")


class SignReader:
    """Reads the signs of the claims of one document."""

    def __init__(
        self,
        tokens: Columns,
        figures: Sequence[Mapping[str, Any]],
        published: str | None,
        lexicon: CueLexicon,
    ) -> None:
        self.tokens = tokens
        pos = [_part_of_speech(tag) for tag in tokens.tag]
        self._columns = tokens.text, tokens.tag, pos, tokens.norm, tokens.form
        self.figures = sorted(figures, key=_start)
        self.starts = [figure["span"][0] for figure in self.figures]
        self.published = published or ""
        self.lexicon = lexicon

    def read(self, claim: Said) -> Signs:
        """Return the signs of a claim; none where no token stands in its content."""
        signs = Signs()
        words = self._words(claim.content)
        if not words.norm:
            return signs
        text = "".join([self.tokens.article[start:end] for start, end in claim.content])
        signs.said, signs.around = beside(self.tokens.article, claim.content)
        signs.words = words.norm
        self._ending(signs, words, text.rstrip(_CLOSERS))
        self._anywhere(signs, words)
        self._quantities(signs, claim.content)
        self._counts(signs, words, text)
        signs.form.append(f"length={min(len(text) // 12, 5)}")
        self._reported(signs, claim, text)
        return signs

    def _words(self, content: Sequence[Span]) -> _Words:
        words = _Words([], [], [], [], [])
        for span in content:
            part = self._between(*span)
            for values, column in zip(words, self._columns, strict=True):
                values += column[part.start : part.stop]
        while words.tag and words.tag[-1].startswith(_MARKS):
            for column in words:
                column.pop()
        return words

    def _between(self, start: int, end: int) -> range:
        """Tokens that touch the characters `[start, end)`."""
        return range(bisect_left(self.tokens.end, start + 1), bisect_left(self.tokens.start, end))

    @staticmethod
    def _ending(signs: Signs, words: _Words, text: str) -> None:
        form, pos, norm = signs.form, words.pos, words.norm
        count = len(norm)
        form.extend([f"end={text[-size:]}" for size in range(1, 5)])
        last = range(max(0, count - 4), count)
        tail = [
            norm[k] + "/" + inflection(words.form[k])[:2] if pos[k] in _INFLECTED else norm[k]
            for k in last
        ]
        shape = [pos[k] if pos[k] in _CONTENT else norm[k] for k in last]
        for size in range(1, len(tail)):
            form.append("tail=" + "|".join(tail[-size:]))
            if size > 1:
                form.append("shape=" + "|".join(shape[-size:]))
        k = count - 1
        while k >= 0 and (
            pos[k] in ("助動詞", "助詞")
            or (pos[k] == "動詞" and norm[k] in _LIGHT)
            or norm[k] in _FORMAL
            or pos[k].startswith(_MARKS)
        ):
            k -= 1
        chain = norm[k + 1 :]
        signs.predicate = norm[k] if k >= 0 else ""
        if k > 0 and pos[k] == "接尾辞":
            signs.predicate = norm[k - 1] + norm[k]
        signs.tense = tense = _tense(pos, norm, chain)
        sort = pos[k] if k >= 0 else ""
        form += [f"predicate={signs.predicate}", f"sort={sort}", "chain=" + "|".join(chain)]
        form.extend(f"chains={word}" for word in dict.fromkeys(chain))
        form += [f"tense={tense}", f"tense={tense}&sort={sort}"]

    @staticmethod
    def _anywhere(signs: Signs, words: _Words) -> None:
        found = dict.fromkeys(signs.form)
        topic = False
        before: str | None = None
        inflected = ""
        for surface, tag, sort, word, form in zip(*words, strict=True):
            if sort in _OPEN:
                if not word.isdigit():
                    signs.open.append(word)
            elif sort == "助動詞":
                found[f"auxiliary={word}"] = None
            elif sort == "助詞":
                if tag.startswith("助詞-接続助詞"):
                    found[f"joint={word}/{inflection(inflected)[:2]}"] = None
                elif tag.startswith(("助詞-副助詞", "助詞-係助詞")):
                    found[f"particle={word}"] = None
                if before is not None and (
                    surface in ("が", "も") or (surface == "は" and not topic)
                ):
                    signs.subjects.append(before)
                    topic = topic or surface == "は"
            if "仮定形" in form:
                found["condition"] = None
            before, inflected = word, form
        cases = [
            surface
            for surface, tag in zip(words.text[-10:], words.tag[-10:], strict=True)
            if tag.startswith(("助詞-格助詞", "助詞-係助詞", "助詞-副助詞"))
        ]
        found["cases=" + "|".join(cases[-2:])] = None
        found["case=" + "|".join(cases[-1:])] = None
        signs.open = list(dict.fromkeys(signs.open))
        signs.form = list(found)

    def _quantities(self, signs: Signs, content: Sequence[Span]) -> None:
        kinds: dict[str, None] = {}
        times: dict[str, None] = {}
        for start, end in content:
            for k in range(bisect_left(self.starts, start), bisect_right(self.starts, end)):
                figure = self.figures[k]
                if figure["span"][1] > end:
                    continue
                kinds[figure["kind"]] = None
                date = figure["low"] or figure["high"]
                if figure["kind"] == "date" and date and self.published:
                    times[_relative(date, self.published)] = None
        tense = signs.tense
        signs.form.extend(f"figure={kind}" for kind in kinds or ("none",))
        for time in times:
            signs.form += [f"time={time}", f"time={time}&tense={tense}"]
        counted = bool(kinds.keys() - {"date", "duration"})
        signs.form.append(f"counted={counted}&tense={tense}")

    @staticmethod
    def _counts(signs: Signs, words: _Words, text: str) -> None:
        # No tag holds either twice.
        tags = " ".join(words.tag)
        signs.counts = [
            f"names={min(tags.count('固有名詞'), 5)}",
            f"numerals={min(tags.count('数詞'), 6)}",
            f"self={any(word in text for word in _SELF)}",
            f"asks={any(word in text for word in _ASKS)}",
            f"quotes={'「' in text}",
            f"size={min(len(text) // 15, 12)}",
        ]

    def _reported(self, signs: Signs, claim: Said, text: str) -> None:
        context, tense = signs.context, signs.tense
        attribution = str(claim.attribution)
        reported = claim.attribution != Attribution.AUTHORIAL
        context += [
            f"attribution={attribution}",
            f"holder={claim.kind}",
            f"tense={tense}&reported={reported}",
        ]
        kind = tail = ""
        if claim.cue is not None:
            kind = self._cue(signs, claim.content[-1][1], claim.cue)
            surface = self.tokens.article[slice(*claim.cue)]
            tail = "demand" if kind == "demand" else plan_of(surface)
        context += [f"kind={kind}", f"kind={kind}&tense={tense}"]
        reading = read_form(text, kind or None, tail)
        context.append(f"rule={reading.type}")
        context.extend(f"trait={name}" for name in reading.traits)
        signs.certainty, signs.negated = certainty(text), negated(text)
        context += [f"certainty={signs.certainty}", f"negated={signs.negated}"]

    def _cue(self, signs: Signs, end: int, cue: Span) -> str:
        """Add the signs of the reporting word and return its kind."""
        tokens, context = self.tokens, signs.context
        within = self._between(*cue)
        content = [i for i in within if not tokens.tag[i].startswith(("助", *_MARKS))]
        signs.cue = "".join(tokens.norm[i] for i in content) or tokens.article[slice(*cue)]
        predicates, nouns = self.lexicon.predicates, self.lexicon.nouns
        known = (
            predicates.get(word) or nouns.get(word)
            for word in (signs.cue, *(tokens.norm[i] for i in within))
        )
        entry = next((found for found in known if found), None)
        between: list[str] = []
        if 0 <= cue[0] - end <= _GAP:
            between = [
                tokens.norm[i]
                for i in self._between(end, cue[0])
                if not tokens.tag[i].startswith("補助記号")
            ]
            context.append("between=" + "|".join(between))
            context.extend(f"link={word}" for word in dict.fromkeys(between))
            context.extend(f"first={word}" for word in between[:1])
        after = tokens.norm[within.stop : within.stop + 2]
        context.extend(f"after={word}" for word in dict.fromkeys(after))
        context.append(f"links={'|'.join(between[:2])}&tense={signs.tense}")
        return entry.kind if entry else "unknown"


def word_rows(vocab: Any) -> Callable[[Iterable[str]], list[int]]:
    """Return a function from words to the rows of those that the vectors of `vocab` know."""
    rows, strings = vocab.vectors.key2row, vocab.strings

    @lru_cache(_KEPT)
    def row(word: str) -> int | None:
        return rows.get(strings[word]) if word else None

    def find(words: Iterable[str]) -> list[int]:
        return [found for found in map(row, words) if found is not None]

    return find


@cache
def _part_of_speech(tag: str) -> str:
    return tag.partition("-")[0]


@cache
def inflection(features: str) -> str:
    """Return the inflected form in morphological features: 終止形, 連用形 …"""
    for feature in features.split("|"):
        if feature.startswith("Inflection="):
            return feature.rpartition(";")[2].partition("-")[0]
    return ""


def _tense(pos: list[str], norm: list[str], chain: list[str]) -> str:
    """Coarse form of the last predicate."""
    last = pos[-1]
    if any(p == "助動詞" and n == "た" for p, n in zip(pos[-4:], norm[-4:], strict=True)):
        return "past"
    if last in _NOUNS:
        return "noun"
    if "居る" in chain:
        return "progress"
    if not {"ない", "ず", "ぬ"}.isdisjoint(chain):
        return "negative"
    if last == "助動詞" and not {"だ", "です"}.isdisjoint(chain):
        return "copula"
    return {"形容詞": "adjective", "動詞": "verb"}.get(last, "other")


def _relative(date: str, published: str) -> str:
    size = min(len(date), len(published), 10)
    if date[:size] == published[:size]:
        return "same"
    return "past" if date[:size] < published[:size] else "future"


def _start(figure: Mapping[str, Any]) -> int:
    return int(figure["span"][0])
