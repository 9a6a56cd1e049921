"""Predicates of a sentence: where they stand, where they end, and what their endings mean."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ronten.components.claims.lexicon import word_lists
from ronten.components.claims.view import SentenceView
from ronten.types import Span

_WORDS = word_lists("words.tsv")
_LINKING = _WORDS["linking"]
_SUBORDINATING = _WORDS["subordinating"]
_CONTINUES = _WORDS["continues"]
_PRESCRIBED = re.compile(
    r"(?:[しっいえけめ])?(?:す|する|る)?(?:べき|たい|なければ|なくては|ねば|ください|必要|にくい|がたい|づらい|難い)"
    r"|[しっいえけめ]?て(?:ほしい|欲しい|もらいたい|頂きたい|いただきたい)"
)


def text_at(view: SentenceView, i: int) -> str:
    return view.text[i] if 0 <= i < len(view) else ""


def char_span(view: SentenceView, first: int, last: int) -> Span:
    return view.start[max(first, 0)], view.end[min(last, len(view) - 1)]


def is_prescribed(view: SentenceView, word: int) -> bool:
    """Whether the reporting itself is only called for (…と認識すべきだ, …と述べたい)."""
    end = predicate_end(view, word)[0]
    following = "".join(view.text[word + 1 : end + 2])
    return _PRESCRIBED.match(following) is not None


def skip_marks(view: SentenceView, i: int) -> int:
    while i < len(view) and view.is_mark(i) and view.outer(i):
        i += 1
    return i


def is_passive(view: SentenceView, word: int) -> bool:
    """Whether れる／られる follows (also after the する of a verbal noun)."""
    return any(
        view.norm[k] in ("れる", "られる")
        for k in range(word + 1, min(word + 3, len(view)))
        if view.is_auxiliary(k) and (k == word + 1 or view.norm[k - 1] in ("為る", "に"))
    ) or view.norm[word] in ("言われる", "見られる")


def modifies_noun(view: SentenceView, word: int) -> bool:
    """Whether the predicate at `word` modifies a noun."""
    return predicate_end(view, word)[1]


def predicate_end(view: SentenceView, word: int) -> tuple[int, bool]:
    """First token after a predicate with its endings, and whether it modifies a noun there."""
    j = word + 1
    while (
        j < len(view)
        and view.outer(j)
        and (
            view.is_auxiliary(j)
            or (view.is_verb(j) and view.norm[j] in _CONTINUES)
            or view.tag[j].startswith(
                ("助詞-接続助詞", "接尾辞-動詞的", "助詞-副助詞", "助詞-終助詞")
            )
            or (view.text[j] in ("も", "は") and view.is_particle(j) and view.is_particle(j - 1))
        )
    ):
        j += 1
    relative = False
    if (
        j < len(view)
        and view.outer(j)
        and view.text[j] in ("よう", "様", "ほど")
        and view.is_finite(j - 1)
    ):
        relative = True
    elif j < len(view) and view.outer(j) and view.is_noun(j) and view.is_finite(j - 1):
        if view.norm[j] in _SUBORDINATING or view.text[j] in _SUBORDINATING:
            relative = True
        elif view.norm[j] in _LINKING or view.text[j] in _LINKING or "副詞可能" in view.tag[j]:
            j += 1
            while j < len(view) and view.is_particle(j):
                j += 1
        elif view.text[j] not in ("こと", "の"):
            relative = True
    elif (
        j < len(view)
        and view.outer(j)
        and view.text[j] in ("の", "もの")
        and text_at(view, j + 1) in ("の", "は", "が", "に", "で")
    ):
        j += 2
    return skip_marks(view, j), relative


def predicates(view: SentenceView, j: int) -> Iterator[int]:
    """Predicate tokens from `j` to the end of the clause, at most 30 tokens on."""
    for k in range(j, min(len(view), j + 30)):
        if view.quote_of[k] >= 0:
            if view.holds_words(view.quotes[view.quote_of[k]]):
                break
            continue
        if view.aside[k]:
            continue
        following = text_at(view, k + 1)
        sahen = view.is_sahen(k) and (
            k + 1 >= len(view)
            or (view.is_mark(k + 1) and following != "・")
            or view.norm[k + 1] in ("為る", "出来る", "致す", "為さる", "頂く")
        )
        adjective = view.tag[k].startswith(("形容詞", "形状詞")) and not view.tag[k].startswith(
            "形状詞-助動詞語幹"
        )
        verb = view.is_verb(k) and not (
            view.norm[k] in _CONTINUES
            and k
            and (view.text[k - 1] in ("て", "で") or view.is_sahen(k - 1))
        )
        suffix = view.tag[k].startswith("接尾辞") and view.norm[k] == "視"
        if verb or sahen or adjective or suffix:
            yield k
            end, relative = predicate_end(view, k)
            ends = (
                end >= len(view)
                or (end > k + 1 and view.is_comma(end - 1))
                or view.is_comma(min(k + 1, len(view) - 1))
            )
            te = (end > k + 1 and view.text[end - 1] in ("て", "で")) or (
                "連用形" in view.form[k]
                and end == k + 1
                and not view.is_mark(min(k + 1, len(view) - 1))
            )
            if ends and not relative and not te:
                break
        elif view.text[k] == "。":
            break
