"""What the simplest rules reach: a number to hold beside each measure.

Two baselines, because fields can only be judged on claims that are there. `by_rules` reads the
text: every quotation 「…」と is a claim of whoever stood before は or が last, every other sentence
a fact claim of the author, every run of katakana or Latin letters a company, every number with
the character after it a figure. `by_majority` takes the gold claims and gives each the most
frequent type, attribution and stance of this very gold, and a position of its own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

from ronten.evaluate.comparison import NO_STANCE, is_attributed
from ronten.evaluate.scores import evaluate
from ronten.types import (
    Annotation,
    Attribution,
    Claim,
    ClaimType,
    Entity,
    Figure,
    FigureKind,
    Holder,
    Kind,
    Label,
    Span,
    Stance,
)

LabelT = TypeVar("LabelT", bound=Hashable)

OF_MAJORITY = frozenset(
    {
        "attribution_acc",
        "type_acc",
        "type_f1",
        "stance_f1",
        "positions_pairs",
        "positions_b3",
    }
)
"""Measures whose baseline is `by_majority`; all others have `by_rules`."""

_AUTHOR = "author"
_UNKNOWN = "unknown"
_SENTENCE = re.compile(r"(?:「[^」\n]*」|[^。\n])+。")
_QUOTATION = re.compile(r"「([^「」\n]+)」と[、\s]*([一-龥]{1,4})?")
_INNER = re.compile(r"[^。]+")
_NAMED = re.compile(r"(([一-龥々ァ-ヴーA-Za-z・＝]+?)(?:氏|さん)?)[はが]")
_NAME = re.compile(r"[ァ-ヴー]{3,}|[A-Za-z][A-Za-z0-9-]+")
_NUMBER = re.compile(r"(\d+(?:,\d{3})*(?:\.\d+)?)([^\s\d、。,.「」（）()])?")
_KINDS = {
    "%": FigureKind.PERCENT,
    "％": FigureKind.PERCENT,
    "円": FigureKind.MONEY,
    "年": FigureKind.DATE,
    "月": FigureKind.DATE,
    "日": FigureKind.DATE,
}


def baseline(gold: Sequence[Annotation]) -> dict[str, float]:
    """Return the baseline of every measure, NaN where nothing was scored."""
    rules = evaluate(gold, [by_rules(annotation) for annotation in gold]).values
    majority = evaluate(gold, by_majority(gold)).values
    return {n: majority[n] if n in OF_MAJORITY else value for n, value in rules.items()}


def by_rules(article: Annotation) -> Annotation:
    """Annotate the text of an article by a handful of regular expressions."""
    text = article.text
    holders = _voices(article)
    claims: list[Claim] = []
    speaker: str | None = None
    for sentence in _SENTENCE.finditer(text):
        quotations = list(_QUOTATION.finditer(text, *sentence.span()))
        if not quotations:
            claims.append(_authorial(text, sentence.span()))
        for quotation in quotations:
            source: Span | None = None
            for named in _NAMED.finditer(text, sentence.start(), quotation.start()):
                source, speaker = named.span(1), named.group(2)
            name = speaker or ""
            if name not in holders:
                holders[name] = Holder(id=f"h{len(holders)}", name=name, kind=Kind.PERSON)
            claims += [
                Claim(
                    id="",
                    content=[inner.span()],
                    holder=holders[name].id,
                    source=source,
                    cue=quotation.span(2) if quotation.group(2) else None,
                    attribution=Attribution.DIRECT,
                    type=ClaimType.FACT,
                )
                for inner in _INNER.finditer(text, *quotation.span(1))
            ]
    return Annotation(
        id=article.id,
        text=text,
        holders=list(holders.values()),
        claims=claims,
        entities=[
            Entity(span=name.span(), label=Label.COMPANY, entity=name.group())
            for name in _NAME.finditer(text)
        ],
        figures=[_figure(number) for number in _NUMBER.finditer(text)],
    )


def by_majority(gold: Sequence[Annotation]) -> list[Annotation]:
    """Give all claims the labels that most of them have, and no two of them one position."""
    claims = [claim for article in gold for claim in article.claims]
    type_ = _most(claim.type for claim in claims)
    attribution = _most(claim.attribution for claim in claims if is_attributed(claim))
    stance = _most(
        claim.stance.label if claim.stance else NO_STANCE
        for article in gold
        if article.targets
        for claim in article.claims
    )
    result: list[Annotation] = []
    for article in gold:
        alike = [
            claim.model_copy(
                update={
                    "type": type_,
                    "attribution": attribution if is_attributed(claim) else claim.attribution,
                    "stance": _stance(article, claim, stance),
                    "position": f"{article.id} {number}",
                }
            )
            for number, claim in enumerate(article.claims)
        ]
        result.append(article.model_copy(update={"claims": alike}))
    return result


def _voices(article: Annotation) -> dict[str, Holder]:
    """Return the author, and under "" whoever speaks where nobody was named."""
    authors = "、".join(article.metadata.authors)
    kind = Kind.PERSON if authors else Kind.ARTICLE_AUTHOR
    return {
        _AUTHOR: Holder(id=_AUTHOR, name=authors, kind=kind),
        "": Holder(id=_UNKNOWN, name="", kind=Kind.UNSPECIFIED),
    }


def _authorial(text: str, sentence: Span) -> Claim:
    return Claim(
        id="",
        content=[(sentence[0], sentence[1] - 1)],
        holder=_AUTHOR,
        attribution=Attribution.AUTHORIAL,
        type=ClaimType.FACT,
    )


def _figure(number: re.Match[str]) -> Figure:
    value = float(number.group(1).replace(",", ""))
    unit = number.group(2)
    kind = _KINDS.get(unit or "", FigureKind.COUNT)
    return Figure(
        span=number.span(),
        kind=kind,
        low=value,
        high=value,
        unit={FigureKind.COUNT: unit, FigureKind.MONEY: "JPY"}.get(kind),
    )


def _stance(article: Annotation, claim: Claim, label: str | None) -> Stance | None:
    if not article.targets or label in (None, NO_STANCE):
        return None
    target = claim.stance.target if claim.stance else article.targets[0]
    return Stance.model_validate({"target": target, "label": label})


def _most(labels: Iterable[LabelT]) -> LabelT | None:
    """Return the most frequent label, the one met first of equals."""
    counted = Counter(labels)
    return max(counted, key=lambda label: counted[label]) if counted else None
