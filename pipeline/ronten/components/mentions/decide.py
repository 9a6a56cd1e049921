"""What counts where the tagger and the rules disagree.

Lexicon, grammar and titles are sure of what they find, and of where it ends; other rules are not.
The tagger decides between the unsure ones and adds what no rule knows; a longer name of another
label beats the known name inside it (日本 in 日本創作者同盟).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ronten.components.mentions.discourse import OF_TITLE, Span, consistent, mended, short_again
from ronten.components.mentions.orgs import suffix_of
from ronten.components.mentions.repairs import repaired
from ronten.components.mentions.view import READING, USER, Candidate, View, is_katakana
from ronten.types import Label

LABEL_OF = {**{label.value: label for label in Label}, "FACILITY": Label.PLACE}
"""The tagger's labels as ours; events are no names of ours."""

# Bodies that every town, court or state has: no names, unless a list or a rule knows better.
_BARE = re.compile(
    r"[都道府県市町村区]議会|[都道府県]庁|[市町村区]役[所場]|[地高区]検|運輸局|両院(?:議員総会)?"
)
# How products alone are spelt (TateDB, KPM-40), and what is done with works and goods alone.
_CODED = re.compile(
    r"[A-Z]+[a-z]+[A-Z][A-Za-z]*(?:[ -]?\d[\w.]*)?|[A-Z]{2,}[a-z]{2,}[A-Za-z]*"
    r"|[A-Z]{2,4}-\d{1,4}[A-Z]{0,2}"
)
_MADE = re.compile(
    r"[」』]を(?:演奏|熱唱|独唱|合唱|歌う|歌っ|上演|上映|初演|発売|刊行|出版|連載|放送|放映|開発|試作|配信|増刷|再演|収録|執筆|作曲|作詞)"
)
_GRAMMAR = frozenset((Label.CHIP, Label.MODEL))
_GUESSED = frozenset((Label.PRODUCT, Label.POLICY))
# Rank of people with a title behind their name.
_TITLED = 5


def believed(label: str) -> Label | None:
    """Return the label by which a tagged name counts that no rule finds; None if it does not."""
    found = LABEL_OF.get(label)
    return None if found in _GUESSED else found


def decide(
    view: View,
    found: Sequence[Candidate],
    chosen: Sequence[Candidate],
    known: Sequence[Candidate],
    told: Sequence[Candidate],
    spans: Sequence[Span],
) -> list[Candidate]:
    """Return the mentions that count, without overlap.

    `found` is all that the rules found, `chosen` what is left of it without overlap, `known` what
    the lexicon found, `told` what stands behind its type, `spans` the tagger's names.
    """
    evident = {*known, *told}
    by_span: dict[tuple[int, int], list[Candidate]] = {}
    for candidate in found:
        by_span.setdefault((candidate.start, candidate.end), []).append(candidate)
    sure = [c for c in chosen if _sure(c, evident) or _cuts(view, c)]
    owner: dict[int, Candidate] = {at: c for c in sure for at in range(c.start, c.end)}
    decided = []
    taken: set[int] = set()
    better = list(repaired(view, spans))
    told = [*told, *_told_in_front(view, spans, better)]
    ours = list(short_again(view, sorted(mended(view, better))))
    for span in consistent(view, ours, told):
        inside = list(dict.fromkeys(owner[at] for at in range(*span[:2]) if at in owner))
        label = LABEL_OF.get(span.label)
        known_behind = bool(inside) and span.start < inside[-1].start
        if label is Label.PERSON and known_behind and inside[-1].label is not Label.PERSON:
            # シューマン|ソ連外相: a known name behind a person's is none of its parts.
            span, inside = span._replace(end=inside[-1].start), inside[:-1]
        country = _country(view, chosen, span) if label is Label.PERSON else None
        if country is not None:
            span = span._replace(end=country.start)
        if not inside and (_BARE.fullmatch(view.plain, *span[:2]) or _points(view, span)):
            continue
        overlaps = not taken.isdisjoint(range(*span[:2]))  # a mended border may reach into the next
        rules = by_span.get((span.start, span.end), ())
        if (
            overlaps
            or not _credible(view, span, label, rules)
            or not _wins(view, span, label, inside)
        ):
            continue
        taken.update(range(span.start, span.end))
        for beaten in inside:
            sure.remove(beaten)
        if label:
            decided.append(_named(view, span, label, rules))
        if country is not None:
            taken.add(country.start)
            decided.append(country)
    decided += sure
    taken.update(owner)
    for candidate in chosen:
        if candidate.rank >= 2 and taken.isdisjoint(range(candidate.start, candidate.end)):
            decided.append(candidate)
    return list(_branches(view, sorted(decided)))


def _told_in_front(
    view: View, tagged: Sequence[Span], better: Sequence[Span]
) -> Iterator[Candidate]:
    """Yield what a word in front gave another label (新興企業、X): it counts everywhere."""
    labels = {(span.start, span.end): span.label for span in tagged}
    for start, end, label in better:
        if label != labels.get((start, end), label):
            yield Candidate(start, end, Label(label), view.text[start:end])


def _points(view: View, span: Span) -> bool:
    """Tell whether 同 in front makes of a name a word that points back: 同電鉄."""
    name = view.text[span.start : span.end]
    return view.plain[span.start - 1 : span.start] == "同" and suffix_of(name) == name


def _country(view: View, chosen: Sequence[Candidate], person: Span) -> Candidate | None:
    """Return the country at the end of what seems a foreign name: シューマン|仏|外相."""
    start, end, _ = person
    if end - start < 3 or not all(map(is_katakana, view.plain[start : end - 1])):
        return None
    found = (c for c in chosen if (c.start, c.end, c.label) == (end - 1, end, Label.PLACE))
    return next(found, None)


def _branches(view: View, mentions: Sequence[Candidate]) -> Iterator[Candidate]:
    """Join a firm and the place directly behind it, which tells its branch: サンミライ|名古屋."""
    left: Candidate | None = None
    for mention in mentions:
        if left is not None and _branch_of(view, left, mention):
            end = mention.end
            left = left._replace(end=end, entity=view.text[left.start : end])
            continue
        if left is not None:
            yield left
        left = mention
    if left is not None:
        yield left


def _branch_of(view: View, firm: Candidate, place: Candidate) -> bool:
    after = view.by_end.get(place.end)
    if after is None or (view.noun(after + 1) and view.tokens[after + 1].start == place.end):
        return False  # グーグル|日本|法人
    return (
        (firm.label, place.label) == (Label.COMPANY, Label.PLACE)
        and firm.end == place.start
        and place.end - place.start > 1  # トヨタ|米工場
        and max(firm.rank, place.rank) < USER
    )


def _sure(candidate: Candidate, evident: set[Candidate]) -> bool:
    if candidate.label in _GRAMMAR or candidate.rank >= _TITLED:
        return True
    return candidate in evident and candidate.label != Label.PERSON


def _credible(view: View, span: Span, label: Label | None, rules: Sequence[Candidate]) -> bool:
    """Tell whether to believe the tagger: not on products and policies that nothing else tells.

    Anything can be the name of one; on real text nine in ten of these guesses were wrong.
    """
    if label not in _GUESSED or any(rule.label == label for rule in rules):
        return True
    made = _MADE.match(view.plain, span.end) or _CODED.fullmatch(view.plain, *span[:2])
    return label is Label.PRODUCT and made is not None


def _wins(view: View, span: Span, label: Label | None, inside: Sequence[Candidate]) -> bool:
    """Tell whether a tagged name beats the sure mentions that it overlaps."""
    if _branch(span, label, inside) or _whole_person(view, span, label, inside):
        return True
    for mention in inside:
        if mention.start < span.start or mention.end > span.end:
            return False
        if (mention.start, mention.end) == (span.start, span.end):
            return False
        if mention.rank >= USER or mention.label in (Label.PERSON, *_GRAMMAR):
            return False
        # 城ヶ瀬|労働基準監督署: a body is whole with what its end belongs to.
        if mention.label == label and (label is not Label.ORG or mention.end < span.end):
            return False
    return len(inside) < 2


def _whole_person(view: View, span: Span, label: Label | None, inside: Sequence[Candidate]) -> bool:
    """Tell whether a name is the whole of one that a title told the end of: 有栖川|原徹部長."""
    return (
        label is Label.PERSON
        and bool(inside)
        and all(mention.label == label and mention.rank < USER for mention in inside)
        and span.start <= inside[0].start
        and inside[-1].end <= span.end
        and view.plain[inside[-1].end : span.end][:1] not in OF_TITLE
    )


def _branch(span: Span, label: Label | None, inside: Sequence[Candidate]) -> bool:
    """Tell whether a name is that of a firm or body and a place: サンミライ名古屋."""
    if len(inside) != 2 or label not in (Label.COMPANY, Label.ORG):
        return False
    whole, place = inside
    return (
        (whole.label, place.label) == (label, Label.PLACE)
        and max(whole.rank, place.rank) < USER
        and (whole.start, place.start, place.end) == (span.start, whole.end, span.end)
    )


def _cuts(view: View, candidate: Candidate) -> bool:
    """Tell whether a name ends inside a word (米大統領), where the tagger cannot."""
    return candidate.start not in view.by_start or candidate.end not in view.by_end


def _named(view: View, span: Span, label: Label, rules: Sequence[Candidate]) -> Candidate:
    """Give a tagged name its canonical name: that of the rule that found the same."""
    same = [rule for rule in rules if rule.label == label]
    name = max(same, key=_rank).entity if same else view.text[span.start : span.end]
    if label is Label.PERSON:
        name = READING.sub("", name)
    return Candidate(span.start, span.end, label, name, 3)


def _rank(candidate: Candidate) -> int:
    return candidate.rank
