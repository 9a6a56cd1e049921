"""Reporting markers of a sentence: which words report a claim, and where its content ends.

Only tokens are read, so that cues can choose the sentences that are worth a parse.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from ronten.components.claims.lexicon import CueLexicon, Predicate, word_list, word_lists
from ronten.components.claims.predicates import (
    char_span,
    is_passive,
    is_prescribed,
    modifies_noun,
    predicate_end,
    predicates,
    skip_marks,
    text_at,
)
from ronten.components.claims.view import SentenceView
from ronten.types import Span


class Frame(StrEnum):
    """The construction that links a content to its reporting word."""

    QUOTE = "quote"
    CLAUSE = "clause"
    KOTO = "koto"
    DEMAND = "demand"
    NOUN = "noun"
    PHRASE = "phrase"
    HEARSAY = "hearsay"
    ACCORDING = "according"
    NOMINAL = "nominal"
    BARE = "bare"
    LEAD_IN = "lead_in"


@dataclass(frozen=True, slots=True)
class Cue:
    """One reporting marker.

    Positions are tokens of the sentence. The content ends before `stop`; `word` is the reporting
    word the source depends on; the next segment of the sentence begins at `resume`. `relative`:
    the reporting clause modifies a noun. `quotes`: quotations that end right before `stop`.
    """

    frame: Frame
    kind: str
    span: Span | None
    stop: int
    word: int
    resume: int
    passive: bool = False
    relative: bool = False
    quotes: tuple[int, ...] = ()
    rule: str = ""


_WORDS = word_lists("words.tsv")
_EXISTS = _WORDS["exists"]
_ANSWERED = _WORDS["answered"]
_TELLS = _WORDS["tells"]
_STATEMENT = _WORDS["statement"]
_POSTPOSED = _WORDS["postposed"]
_TERM = _WORDS["term"]
# Words that `_at` looks at, beside the reporting nouns.
_MARKS = frozenset("と って こと の 点 旨 よう 様 そう に いわく 曰く では で を".split())
FORWARD = ("次", "以下", "下記")
"""Demonstratives that can only point at what follows."""
_DEMONSTRATIVES = frozenset(["こう", "そう", "次", "以下", "下記"])
_COPULA = frozenset(["だ", "です"])


PERSON_ONLY = "to.person"
"""Rule of a cue that no lexicon holds: it counts only where somebody is there to say it."""


class CueFinder:
    """Finds the reporting markers of sentences with a reporting lexicon."""

    def __init__(self, lexicon: CueLexicon) -> None:
        self.lexicon = lexicon
        self.stop_verbs = word_list("stopverbs.tsv")
        self._marks = _MARKS | lexicon.nouns.keys()

    def find(self, view: SentenceView) -> list[Cue]:
        """All cues of a sentence in text order; each reporting word is used once."""
        # Both components ask for the same sentence; what a parse says of it changes no cue.
        found = view.cues.get(self.lexicon)
        if found is None:
            found = view.cues[self.lexicon] = self._find(view)
        return list(found)

    def _find(self, view: SentenceView) -> list[Cue]:
        found: list[Cue] = []
        used: set[int] = set()
        for i, text in enumerate(view.text):
            if text not in self._marks or not view.outer(i):
                continue
            cue = self._at(view, i)
            if cue is not None and cue.word not in used:
                used.add(cue.word)
                found.append(cue)
        claimed = {quote for cue in found for quote in cue.quotes}
        found.extend(self._bare(view, claimed))
        return sorted(found, key=lambda cue: (cue.stop, cue.word))

    def _at(self, view: SentenceView, i: int) -> Cue | None:
        text = view.text[i]
        if text == "と" and view.is_particle(i):
            return self._quotative(view, i)
        if text == "って" and view.is_particle(i):
            return self._verb(view, i, i + 1)
        if text in ("こと", "の", "点", "旨") and i:
            return self._koto(view, i)
        if text in ("よう", "様") and i:
            return self._demand(view, i)
        if text == "そう" and "助動詞語幹" in view.tag[i] and view.tag[i].startswith("名詞"):
            return self._reported(view, i, i, "hearsay.soda")
        if text == "に":
            return self._according(view, i)
        if text in ("いわく", "曰く"):
            return Cue(
                Frame.ACCORDING,
                "say",
                char_span(view, i, i),
                i,
                i,
                skip_marks(view, i + 1),
                rule="according.iwaku",
            )
        if text == "では" or (text == "で" and text_at(view, i + 1) == "は"):
            return self._statement(view, i)
        noun = self.lexicon.nouns.get(text) if view.is_noun(i) else None
        if noun is not None and noun.use != "any":
            return self._clause_noun(view, i, noun.kind, noun.use)
        if text == "を":
            return self._phrase(view, i)
        return None

    # と -----------------------------------------------------------------------------------------

    def _quotative(self, view: SentenceView, i: int) -> Cue | None:
        vague = i and view.text[i - 1] in ("など", "なんて", "等") and view.outer(i - 1)
        stop = i - 1 if vague else i
        quotes = self._quotes_before(view, stop)
        if (
            not quotes
            and (stop == 0 or not view.outer(stop - 1))
            and not (stop and view.aside[stop - 1])
        ):
            return None
        j = i + 1
        if text_at(view, j) in ("も", "は") and not view.is_comma(j):
            j += 1
        if j >= len(view):
            return None
        if view.norm[j] in _POSTPOSED and not quotes:
            return None
        if view.text[j] == "の" and j == i + 1:
            if text_at(view, j + 1) in ("こと", "事"):
                return self._reported(view, stop, j + 1, "hearsay.tonokoto", quotes)
            return self._noun(view, stop, j + 1, quotes)
        if view.norm[j] == "言う" and view.text[j].startswith("い"):
            return self._iu(view, stop, j, quotes)
        if view.norm[j] == "為る":
            return self._suru(view, stop, j, quotes)
        return self._verb(view, stop, j, quotes)

    def _iu(self, view: SentenceView, stop: int, j: int, quotes: tuple[int, ...]) -> Cue | None:
        after = j + 1
        if text_at(view, after) == "た" and view.text[j] == "いっ":
            after += 1
        if (
            view.text[j] in ("いう", "いっ")
            and after < len(view)
            and (view.is_noun(after) or view.text[after] in ("の", "もの", "こと"))
        ):
            if view.text[after] == "の" and text_at(view, after + 1) in ("が", "は"):
                return self._nominal(view, stop, after + 2, quotes)
            return self._noun(view, stop, after, quotes)
        if view.text[j] in ("いえ", "いえる"):
            return None
        if not self._closes_clause(view, stop, quotes):
            return None
        passive = is_passive(view, j)
        if (
            view.text[j] == "いう"
            and after < len(view)
            and view.norm[after] in ("よう", "様", "物")
        ):
            return None
        rule = "hearsay.iu" if not passive else "passive.iu"
        frame = Frame.QUOTE if quotes else Frame.HEARSAY
        span = char_span(view, j - 1, j) if not passive else char_span(view, j, j + 1)
        return self._cue(view, frame, "hearsay", span, stop, j, passive, quotes, rule)

    def _suru(self, view: SentenceView, stop: int, j: int, quotes: tuple[int, ...]) -> Cue | None:
        before = stop - 1
        as_role = text_at(view, j + 1) == "て" and view.text[j] == "し"
        words = self._says(view, quotes)
        finite = not quotes and view.is_finite(before)
        passive = is_passive(view, j)
        if not words and not finite:
            if quotes and as_role:
                return None
            said = (not as_role and view.text[j] != "し") or (
                as_role and text_at(view, j + 2) in ("いる", "おり", "い")
            )
            if not (passive or (said and view.norm[before] not in _TERM)) or view.text[j] == "すれ":
                return None
            if not self._has_argument(view, stop):
                return None
        if (view.text[j] == "する" and text_at(view, j + 1) in ("と", "ば")) or view.text[j] in (
            "すれ",
            "しよう",
            "しろ",
        ):
            return None
        if as_role and text_at(view, j + 2) in ("も", "は") and not words:
            return None
        span = char_span(view, j - 1, j + 1 if passive else j)
        frame = Frame.QUOTE if quotes else Frame.CLAUSE
        return self._cue(
            view, frame, "hearsay" if passive else "say", span, stop, j, passive, quotes, "to.suru"
        )

    def _verb(
        self, view: SentenceView, stop: int, j: int, quotes: tuple[int, ...] = ()
    ) -> Cue | None:
        closes = self._closes_clause(view, stop, quotes)
        comma = j < len(view) and view.is_comma(j)
        conditional = (
            comma and not quotes and view.is_verb(stop - 1) and "終止形" in view.form[stop - 1]
        )
        if conditional or not (closes or self._has_argument(view, stop)):
            return None
        candidates = list(predicates(view, j))
        if candidates and candidates[0] == j and view.norm[j] in self.stop_verbs:
            return None
        for word in candidates:
            kind, first, last = self._match(view, word, "to")
            if kind is None:
                continue
            if not closes and first - j > 2:
                return None
            if quotes and not self._says(view, quotes) and kind in ("think", "evaluate", "predict"):
                return None
            if kind == "think" and comma and not quotes:
                return None
            frame = Frame.QUOTE if quotes else Frame.CLAUSE
            passive = is_passive(view, last)
            end = last + 1 if passive and view.is_verb(last) else last
            cue_span = char_span(view, first, end)
            return self._cue(view, frame, kind, cue_span, stop, last, passive, quotes, f"to.{kind}")
        words = self._says(view, quotes)
        # A plain verb before と may be conditional (訪れると); an ending makes it a quotation.
        said = closes and not quotes and not view.is_verb(stop - 1)
        if candidates and (words or said):
            word = candidates[-1]
            if view.norm[word] not in self.stop_verbs and not modifies_noun(view, word):
                frame, rule = (Frame.QUOTE, "to.unknown") if words else (Frame.CLAUSE, PERSON_ONLY)
                span = char_span(view, word, word)
                passive = is_passive(view, word)
                return self._cue(view, frame, "say", span, stop, word, passive, quotes, rule)
        if words and not candidates and (view.closes_quote(stop - 1) >= 0) and self._ends(view, j):
            return self._cue(
                view, Frame.QUOTE, "say", None, stop, stop, False, quotes, "to.elliptical"
            )
        return None

    def _closes_clause(self, view: SentenceView, stop: int, quotes: tuple[int, ...]) -> bool:
        if quotes:
            return True
        before = stop - 1
        while before > 0 and view.aside[before]:
            before -= 1
        return before >= 0 and (
            view.is_finite(before) or view.text[before] in ("か", "ね", "よ", "べき", "よう")
        )

    def _has_argument(self, view: SentenceView, stop: int) -> bool:
        """Whether an elliptical clause (…が必要と) has a predicate noun with its own argument."""
        if not (view.is_noun(stop - 1) or view.tag[stop - 1].startswith("形状詞")):
            return False
        first = stop - 1
        while first > 0 and view.is_noun(first - 1):
            first -= 1
        if first and view.text[first - 1] == "を":
            return False  # AをBとする makes something, it reports nothing
        return any(
            view.text[k] in ("が", "は", "も") and view.is_particle(k) and view.outer(k)
            for k in range(max(0, stop - 30), stop - 1)
        )

    def _match(self, view: SentenceView, word: int, frame: str) -> tuple[str | None, int, int]:
        """Kind of a reporting predicate at `word`, with the first and last token of the cue."""
        norm = view.norm[word]
        for back in (1, 2):
            noun = word - back
            kind = self.lexicon.idioms.get((view.norm[noun], norm)) if noun >= 0 else None
            if kind is not None and (back == 1 or view.is_particle(word - 1)):
                # 懸念を示す is told by the verb; 釘を刺す only by both words.
                return kind, word if view.text[noun] in self.lexicon.nouns else noun, word
        predicate: Predicate | None = self.lexicon.predicates.get(norm)
        if predicate is not None and frame in predicate.frames:
            return predicate.kind, word, word
        return None, word, word

    def _says(self, view: SentenceView, quotes: tuple[int, ...]) -> bool:
        return any(view.holds_words(view.quotes[quote]) for quote in quotes)

    def _quotes_before(self, view: SentenceView, stop: int) -> tuple[int, ...]:
        """Quotations that end right before `stop`: 「A」「B」と, 「A」、「B」と."""
        result: list[int] = []
        position = stop - 1
        while position >= 0:
            if view.is_comma(position) and result and view.outer(position):
                position -= 1
                continue
            quote = view.closes_quote(position)
            if quote < 0:
                break
            result.insert(0, quote)
            position = view.at(view.quotes[quote].start) - 1
        return tuple(result)

    # Other frames -------------------------------------------------------------------------------

    def _koto(self, view: SentenceView, i: int) -> Cue | None:
        if not view.outer(i - 1) or not (
            view.is_finite(i - 1) or view.text[i - 1] in ("との", "という", "いう")
        ):
            return None
        stop = i
        if view.norm[i - 1] == "言う" and i >= 2 and view.text[i - 2] == "と":
            stop = i - 2
        j = i + 1
        if text_at(view, j) == "など":
            j += 1
        particle = text_at(view, j)
        if particle not in ("を", "も", "が", "に", "は") or (
            view.text[i] != "こと" and particle != "を"
        ):
            return None
        for word in predicates(view, j + 1):
            kind, first, last = self._match(view, word, "koto")
            if kind is None:
                if view.is_comma(min(word + 1, len(view) - 1)):
                    return None
                continue
            if kind == "deny":
                return None  # what is denied is no claim of the one who denies it
            passive = is_passive(view, last)
            if particle == "が" and not passive:
                return None
            return self._cue(
                view,
                Frame.KOTO,
                kind,
                char_span(view, first, last),
                stop,
                last,
                passive,
                (),
                f"koto.{kind}",
            )
        return None

    def _demand(self, view: SentenceView, i: int) -> Cue | None:
        if not view.outer(i - 1) or not view.is_predicate(i - 1):
            return None
        j = i + 1
        if text_at(view, j) == "に":
            j += 1
        if text_at(view, j) in ("と", "だ", "な", "で"):
            return None
        for word in predicates(view, j):
            kind, first, last = self._match(view, word, "you")
            if kind is not None:
                return self._cue(
                    view,
                    Frame.DEMAND,
                    kind,
                    char_span(view, first, last),
                    i,
                    last,
                    is_passive(view, last),
                    (),
                    f"you.{kind}",
                )
        return None

    def _noun(self, view: SentenceView, stop: int, j: int, quotes: tuple[int, ...]) -> Cue | None:
        """Clause or quotation + という／との + reporting noun."""
        noun = j
        while (
            noun < len(view)
            and (
                view.is_noun(noun)
                or view.text[noun] in ("の", "や", "・", "など")
                or view.tag[noun].startswith(("形状詞", "形容詞", "連体詞", "助動詞"))
            )
            and noun - j < 8
        ):
            if self.lexicon.nouns.get(view.text[noun]) and not (
                noun + 1 < len(view) and view.is_noun(noun + 1)
            ):
                break
            noun += 1
        entry = self.lexicon.nouns.get(text_at(view, noun))
        if entry is None or not (
            self._says(view, quotes)
            or self._closes_clause(view, stop, quotes)
            or view.is_noun(stop - 1)
        ):
            return None
        if quotes and not self._says(view, quotes):
            return None
        frame = Frame.QUOTE if quotes else Frame.NOUN
        span = char_span(view, noun, noun)
        k = noun + 1
        if text_at(view, k) in ("など", "等"):
            k += 1
        particle = text_at(view, k)
        if (
            particle in _COPULA
            or particle in ("。", "")
            or (view.is_mark(min(k, len(view) - 1)) and k < len(view) and not view.is_comma(k))
        ):
            return self._cue(
                view, frame, entry.kind, span, stop, noun, False, quotes, "noun.predicate"
            )
        if text_at(view, k) == "に" and text_at(view, k + 1) in ("つい", "関し", "関する"):
            return None
        words = self._says(view, quotes)
        for word in predicates(view, k + 1):
            norm = view.norm[word]
            if (denying := self.lexicon.predicates.get(norm)) and denying.kind == "deny":
                return None
            if particle in ("を", "も") and (norm in _TELLS or self.lexicon.predicates.get(norm)):
                kind, first, last = self._match(view, word, "to")
                return self._cue(
                    view,
                    frame,
                    kind or entry.kind,
                    char_span(view, first, last),
                    stop,
                    last,
                    is_passive(view, last),
                    quotes,
                    "noun.told",
                )
            told = (
                particle in ("が", "も")
                and self.lexicon.predicates.get(norm) is not None
                and is_passive(view, word)
            )
            if told:
                return self._cue(
                    view,
                    frame,
                    entry.kind,
                    char_span(view, word, word),
                    stop,
                    noun,
                    True,
                    quotes,
                    "noun.exists",
                    word,
                )
            if particle in ("が", "も", "は") and norm in _EXISTS:
                return self._cue(
                    view, frame, entry.kind, span, stop, noun, True, quotes, "noun.exists", word
                )
            if norm in _ANSWERED:
                return self._cue(
                    view, frame, entry.kind, span, stop, noun, True, quotes, "noun.answered", word
                )
        if words:
            return self._cue(
                view,
                frame,
                entry.kind,
                span,
                stop,
                noun,
                True,
                quotes,
                "noun.quoted",
                embedded=True,
            )
        if particle in ("から", "に", "で", "を", "が", "も"):
            return self._cue(
                view, frame, entry.kind, span, stop, noun, True, quotes, "noun.other", embedded=True
            )
        return None

    def _clause_noun(self, view: SentenceView, i: int, kind: str, use: str) -> Cue | None:
        """Clause + 考え／方針 + を示す (no という); noun phrase + への懸念 + を示す."""
        if not i or not view.outer(i - 1) or text_at(view, i + 1) not in ("を", "も", "で", "だ"):
            return None
        attributive = view.is_predicate(i - 1) and view.is_finite(i - 1)
        if view.norm[i - 1] == "言う":
            return None
        if attributive and use == "clause":
            for word in predicates(view, i + 2):
                if view.norm[word] in _TELLS or self._match(view, word, "to")[0]:
                    found, first, last = self._match(view, word, "to")
                    return self._cue(
                        view,
                        Frame.NOUN,
                        found or kind,
                        char_span(view, first, last),
                        i,
                        last,
                        is_passive(view, last),
                        (),
                        "noun.clause",
                    )
                break
            return None
        if use == "phrase" and view.text[i - 1] == "の" and text_at(view, i + 1) in ("を", "も"):
            for word in predicates(view, i + 2):
                if view.norm[word] in _TELLS:
                    return self._cue(
                        view,
                        Frame.PHRASE,
                        kind,
                        char_span(view, word, word),
                        i + 1,
                        word,
                        is_passive(view, word),
                        (),
                        "phrase.noun",
                    )
                break
        return None

    def _phrase(self, view: SentenceView, i: int) -> Cue | None:
        """Noun phrase + を + demand／emphasis verb: 〜の重要性を強調した."""
        if not i or not view.is_noun(i - 1) or view.text[i - 1] in ("こと", "の", "もの"):
            return None
        for word in islice(predicates(view, i + 1), 1):
            predicate = self.lexicon.predicates.get(view.norm[word])
            if (
                predicate is None
                or "np" not in predicate.frames
                or (modifies_noun(view, word) and predicate.kind != "demand")
            ):
                continue
            if self._modified(view, i - 1) and not is_passive(view, word):
                return self._cue(
                    view,
                    Frame.PHRASE,
                    predicate.kind,
                    char_span(view, word, word),
                    i,
                    word,
                    is_passive(view, word),
                    (),
                    f"phrase.{predicate.kind}",
                )
        return None

    def _modified(self, view: SentenceView, i: int) -> bool:
        """Whether a noun has a modifier: の before its compound or an attributive clause."""
        k = i
        while k > 0 and view.is_noun(k) and view.outer(k):
            k -= 1
        return (view.text[k] == "の" and view.is_particle(k) and k > 0) or (
            view.is_predicate(k) and view.is_finite(k)
        )

    def _according(self, view: SentenceView, i: int) -> Cue | None:
        j = i + 1
        if not i or j >= len(view) or view.norm[j] not in ("よる", "因る", "依る", "拠る"):
            return None
        k = j + 1
        if text_at(view, k) == "ます":
            k += 1
        if not (text_at(view, k) == "と" or text_at(view, k) == "ば" or view.text[j] == "よれば"):
            return None
        if view.norm[min(k + 1, len(view) - 1)] in ("見る", "思う", "考える", "為る", "言う"):
            return None
        return Cue(
            Frame.ACCORDING,
            "say",
            char_span(view, i, k),
            i,
            i,
            skip_marks(view, k + 1),
            rule="according.niyoruto",
        )

    def _statement(self, view: SentenceView, i: int) -> Cue | None:
        """Aの話では、…: a noun of saying that belongs to somebody."""
        if i < 2 or view.text[i - 1] not in _STATEMENT or view.text[i - 2] != "の":
            return None
        after = i + 1 if view.text[i] == "では" else i + 2
        if not (after < len(view) and view.is_comma(after)):
            return None
        return Cue(
            Frame.ACCORDING,
            "say",
            char_span(view, i - 1, i - 1),
            i,
            i,
            after + 1,
            rule="according.statement",
        )

    def _nominal(
        self, view: SentenceView, stop: int, j: int, quotes: tuple[int, ...]
    ) -> Cue | None:
        """Clause + というのが + A の主張だ."""
        for k in range(j, min(len(view), j + 15)):
            entry = self.lexicon.nouns.get(view.text[k])
            if entry and (k + 1 >= len(view) or view.norm[k + 1] in _COPULA or view.is_mark(k + 1)):
                frame = Frame.QUOTE if quotes else Frame.NOMINAL
                return self._cue(
                    view,
                    frame,
                    entry.kind,
                    char_span(view, k, k),
                    stop,
                    k,
                    False,
                    quotes,
                    "nominal",
                )
        return None

    def _reported(
        self, view: SentenceView, stop: int, j: int, rule: str, quotes: tuple[int, ...] = ()
    ) -> Cue | None:
        if not (quotes or self._closes_clause(view, stop, quotes) or view.is_noun(stop - 1)):
            return None
        first = j - 2 if rule == "hearsay.tonokoto" else j
        return self._cue(
            view, Frame.HEARSAY, "hearsay", char_span(view, first, j), stop, j, False, quotes, rule
        )

    def _bare(self, view: SentenceView, claimed: set[int]) -> list[Cue]:
        """Quotations without a reporting word: 「…」。 and Aは、「…」。"""
        result: list[Cue] = []
        for index, pair in enumerate(view.quotes):
            last = view.at(pair.end - 1)
            if index in claimed or last >= len(view) or not view.holds_words(pair):
                continue
            following = last + 1
            while following < len(view) and (
                view.opens_quote(following) >= 0 or view.quote_of[following] >= 0
            ):
                following += 1
            if self._ends(view, following):
                result.append(
                    Cue(
                        Frame.BARE,
                        "say",
                        None,
                        last + 1,
                        last + 1,
                        len(view),
                        quotes=(index,),
                        rule="quote.bare",
                    )
                )
        return result

    def _ends(self, view: SentenceView, j: int) -> bool:
        return all(view.is_mark(k) or view.aside[k] for k in range(j, len(view)))

    def _cue(
        self,
        view: SentenceView,
        frame: Frame,
        kind: str,
        span: Span | None,
        stop: int,
        word: int,
        passive: bool,
        quotes: tuple[int, ...],
        rule: str,
        last: int | None = None,
        *,
        embedded: bool = False,
    ) -> Cue | None:
        if frame != Frame.QUOTE and is_prescribed(view, word):
            return None
        resume, relative = predicate_end(view, word if last is None else last)
        if relative and frame in (Frame.PHRASE, Frame.KOTO, Frame.DEMAND):
            noun = self.lexicon.nouns.get(text_at(view, resume))
            if noun is not None and noun.use == "clause":
                return None  # part of another content: …を求めない方針を示した
        relative = relative or embedded
        return Cue(frame, kind, span, stop, word, resume, passive, relative, quotes, rule)

    def lead_in(self, view: SentenceView) -> Cue | None:
        """次のように述べた。／こう話す。: a sentence whose content stands in other sentences."""
        if _DEMONSTRATIVES.isdisjoint(view.text) and _DEMONSTRATIVES.isdisjoint(view.norm):
            return None
        for i, words in enumerate(zip(view.text, view.norm, strict=True)):
            if _DEMONSTRATIVES.isdisjoint(words) or not view.outer(i):
                continue
            j = i + 1
            if view.text[i] in FORWARD:
                if text_at(view, j) != "の" or text_at(view, j + 1) not in ("よう", "様"):
                    continue
                j += 2
            for word in islice(predicates(view, j), 1):
                kind, first, last = self._match(view, word, "to")
                if kind is not None and predicate_end(view, last)[0] >= len(view) - 1:
                    return Cue(
                        Frame.LEAD_IN,
                        kind,
                        char_span(view, first, last),
                        i,
                        last,
                        len(view),
                        rule="lead_in",
                    )
        return None

    def alone(self, view: SentenceView) -> Span | None:
        """Return the word that ends a sentence which reports nothing itself: 絵師が言う。"""
        if self.find(view):
            return None
        for word in reversed(range(len(view))):
            kind, first, last = self._match(view, word, "to")
            if kind is not None and view.outer(word):
                end, relative = predicate_end(view, last)
                return None if relative or end < len(view) - 1 else char_span(view, first, last)
        return None
