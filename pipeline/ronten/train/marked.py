"""Articles with marked claims: training text for the models of claims (`corpus/claims`).

A line `### id | title | date | authors` opens an article; its text follows, then a line `@@` and a
line `number | holder | kind | type` for every reported claim, and perhaps a line `types | …` with a
letter (f, p, o, i) for each of the writer's own claims. In the text, content, source and
reporting word of claim n stand as `[[Cn|…]]`, `[[Sn|…]]` and `[[Qn|…]]` (several claims may share
one: `[[S1,2|…]]`); `[[A|…]]` is a claim of the writer that fills only part of its sentence,
`[[X|…]]` what is no claim. Every other sentence is a claim of the writer.

`wikipedia.tsv` tells the claims of sentences that lie elsewhere: line, sort (`reported`, `own`, or
`none`: nothing is reported there), then content, source, reporting word, holder, kind and type of a
reported claim; spans are `start-end`, fragments are joined by a comma, what is not there is `-`.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from ronten.components.claims.authorial import claim_span
from ronten.components.claims.hints import NO_CLAIMS
from ronten.errors import UsageError
from ronten.text.brackets import Pair, find_brackets
from ronten.text.sentences import analyze
from ronten.types import Annotation, Attribution, ClaimType, Kind, Metadata, Span

SENTENCES = "wikipedia.tsv"
REAL = 3
"""How often a real sentence counts in training: there are few, and none like them are invented."""
_MARK = re.compile(r"\[\[([CSQAX])([0-9,]*)\|")
_HEADER, _ROW, _COLUMNS = 4, 4, 8
_TYPES = "types"
_LETTERS = {
    "f": ClaimType.FACT,
    "p": ClaimType.PREDICTION,
    "o": ClaimType.POLICY,
    "i": ClaimType.INTERPRETATION,
}


# Holders by name and kind.
_Holders = dict[tuple[str, str], dict[str, str]]


class _Mark(NamedTuple):
    label: str
    numbers: list[int]
    span: Span


def read_marked(path: Path) -> list[Annotation]:
    """Read articles with marked claims.

    Where the types of the writer's claims are not given they are facts and the extra key `typed` is
    False. The extra key `weight` tells how often an article counts in training.

    Raises UsageError naming file and article of what is not of this form.
    """
    articles = path.read_text(encoding="utf-8").split("\n### ")
    articles[0] = articles[0].removeprefix("### ")
    found = []
    for article in articles:
        head, _, rest = article.partition("\n")
        try:
            found.append(_article(head, rest))
        except (ValueError, KeyError, IndexError) as error:
            raise UsageError(f"{path}: article '{head}': {error}") from error
    return found


def read_marked_folder(folder: Path) -> list[Annotation]:
    """Read all `*.txt` of a folder, in the order of their names; see `read_marked`."""
    return [article for file in sorted(folder.glob("*.txt")) for article in read_marked(file)]


def read_sentences(labels: Path, sentences: Path) -> list[Annotation]:
    """Read the labelled ones of some sentences (JSON lines with `text`), in their order.

    Raises UsageError naming the line of what is not of this form.
    """
    texts = list(_texts(sentences))
    rows: dict[int, list[list[str]]] = defaultdict(list)
    for number, line in enumerate(labels.read_text(encoding="utf-8").splitlines(), 1):
        fields = line.split("\t")
        if len(fields) != _COLUMNS or not fields[0].isdigit():
            raise UsageError(f"{labels}:{number}: expected {_COLUMNS} fields, separated by tabs")
        if not 1 <= int(fields[0]) <= len(texts):
            raise UsageError(f"{labels}:{number}: {sentences} has no line {fields[0]}")
        rows[int(fields[0])].append(fields[1:])
    found = []
    for at, claims in sorted(rows.items()):
        try:
            found.append(_sentence(at, texts[at - 1], claims))
        except ValueError as error:
            raise UsageError(f"{labels}: sentence {at}: {error}") from error
    return found


def _texts(sentences: Path) -> Iterator[str]:
    for number, line in enumerate(sentences.read_text(encoding="utf-8").splitlines(), 1):
        try:
            yield json.loads(line)["text"]
        except (ValueError, KeyError, TypeError) as error:
            raise UsageError(
                f"{sentences}:{number}: no JSON object with `text`: {error}"
            ) from error


def _sentence(number: int, text: str, rows: Sequence[Sequence[str]]) -> Annotation:
    """Return one sentence as an article."""
    author = {"id": "h0", "name": "", "kind": Kind.ARTICLE_AUTHOR}
    holders: _Holders = {}
    claims: list[dict[str, Any]] = []
    quotes = _quotes(text)
    for sort, content, source, cue, name, kind, label in rows:
        if sort == "none":
            own = claim_span(text, 0, len(text))
            claims += [_claim([own], author["id"], Attribution.AUTHORIAL)] if own else []
        elif sort == "own":
            claims.append(_claim(_spans(content, text), author["id"], Attribution.AUTHORIAL))
        elif sort == "reported":
            holder = _holder(holders, "" if name == "-" else name, kind)
            parts = _spans(content, text)
            claim = _claim(parts, holder, _attribution(quotes, parts))
            spans = {"source": source, "cue": cue}
            claim |= {key: _spans(span, text)[0] for key, span in spans.items() if span != "-"}
            claims.append(claim | {"type": ClaimType(label)})
        else:
            raise ValueError(f"'{sort}' is not reported, own or none")
    everyone = [author, *holders.values()]
    return _annotation(f"wikipedia-{number}", text, Metadata(), everyone, claims, weight=REAL)


def _spans(field: str, text: str) -> list[Span]:
    spans = [
        (int(start), int(end)) for start, _, end in (p.partition("-") for p in field.split(","))
    ]
    if not all(0 <= start < end <= len(text) for start, end in spans):
        raise ValueError(f"'{field}' is no part of it")
    return spans


def _article(head: str, rest: str) -> Annotation:
    fields = [field.strip() for field in head.split("|")]
    if len(fields) != _HEADER:
        raise ValueError("the first line must be: ### id | title | date | authors")
    name, title, date, authors = fields
    body, mark, table = rest.partition("\n@@\n")
    if not mark:
        raise ValueError("no line @@ before the table of holders")
    text, marks = _unmarked(body.strip("\n"))
    holders: _Holders = {}
    claims = list(_reported(text, marks, table, holders))
    author = {"id": "h0", "name": authors, "kind": Kind.PERSON if authors else Kind.ARTICLE_AUTHOR}
    claims += [_claim([span], author["id"], Attribution.AUTHORIAL) for span in _own(text, marks)]
    claims.sort(key=lambda claim: claim["content"])
    typed = _type(claims, table)
    metadata = Metadata(
        title=title or None,
        published=date or None,
        authors=[one for one in authors.split("、") if one],
    )
    return _annotation(name, text, metadata, [author, *holders.values()], claims, typed=typed)


def _annotation(
    name: str,
    text: str,
    metadata: Metadata,
    holders: Sequence[Mapping[str, str]],
    claims: Sequence[Mapping[str, Any]],
    *,
    typed: bool = False,
    weight: int = 1,
) -> Annotation:
    return Annotation.model_validate(
        {
            "id": name,
            "text": text,
            "metadata": metadata,
            "targets": [],
            "layers": ["claims"],
            "holders": holders,
            "claims": [{**claim, "id": f"{name}:{i}"} for i, claim in enumerate(claims)],
            "entities": [],
            "figures": [],
            "typed": typed,
            "weight": weight,
        }
    )


def _unmarked(body: str) -> tuple[str, list[_Mark]]:
    """Take the marks out of a text."""
    text = ""
    marks: list[_Mark] = []
    open_marks: list[tuple[str, list[int], int]] = []
    at = 0
    while at < len(body):
        if mark := _MARK.match(body, at):
            numbers = [int(number) for number in mark[2].split(",") if number]
            open_marks.append((mark[1], numbers, len(text)))
            at = mark.end()
        elif open_marks and body.startswith("]]", at):
            label, numbers, start = open_marks.pop()
            marks.append(_Mark(label, numbers, (start, len(text))))
            at += 2
        else:
            text += body[at]
            at += 1
    if open_marks or "[[" in text or "]]" in text:
        raise ValueError("a mark is not [[C1|…]], [[S1|…]], [[Q1|…]], [[A|…]] or [[X|…]]")
    return text, marks


def _reported(
    text: str, marks: Sequence[_Mark], table: str, holders: _Holders
) -> Iterator[dict[str, Any]]:
    by_number: dict[int, dict[str, list[Span]]] = defaultdict(lambda: defaultdict(list))
    for label, numbers, span in marks:
        for one in numbers:
            by_number[one][label].append(span)
    quotes = _quotes(text)
    for line in table.strip().splitlines():
        fields = [field.strip() for field in line.split("|")]
        if fields[0] == _TYPES:
            continue
        if len(fields) != _ROW or not fields[0].isdigit():
            raise ValueError(f"'{line}' is not: number | holder | kind | type")
        number, name, kind, sort = fields
        parts = by_number.get(int(number), {})
        if not parts.get("C"):
            raise ValueError(f"claim {number} has no content")
        content = sorted(parts["C"])
        yield {
            **_claim(content, _holder(holders, name, kind), _attribution(quotes, content)),
            "source": next(iter(parts.get("S", [])), None),
            "cue": next(iter(parts.get("Q", [])), None),
            "type": ClaimType(sort),
        }


def _holder(holders: _Holders, name: str, kind: str) -> str:
    """Return the id of a holder; each is listed once."""
    new = {"id": f"h{len(holders) + 1}", "name": name, "kind": Kind(kind)}
    return holders.setdefault((name, kind), new)["id"]


def _quotes(text: str) -> list[Pair]:
    return [pair for pair in find_brackets(text).pairs if pair.quotes]


def _attribution(quotes: Sequence[Pair], content: Sequence[Span]) -> Attribution:
    """Tell by the brackets around it how a content is put."""
    start, end = content[0][0], content[-1][1]
    direct = any(pair.start < start and end < pair.end for pair in quotes)
    return Attribution.DIRECT if direct else Attribution.INDIRECT


def _type(claims: Sequence[dict[str, Any]], table: str) -> bool:
    """Give the writer's claims their types, if the table holds them."""
    rows = [line.partition("|")[2].strip() for line in table.splitlines() if _typed(line)]
    if not rows:
        return False
    own = [claim for claim in claims if claim["attribution"] == Attribution.AUTHORIAL]
    if len(rows[0]) != len(own) or not set(rows[0]) <= _LETTERS.keys():
        raise ValueError(f"'{rows[0]}' is not one of f, p, o, i for each of {len(own)} claims")
    for claim, letter in zip(own, rows[0], strict=True):
        claim["type"] = _LETTERS[letter]
    return True


def _typed(line: str) -> bool:
    return line.partition("|")[0].strip() == _TYPES


def _own(text: str, marks: Sequence[_Mark]) -> Iterator[Span]:
    """Yield the writer's own claims: those that are marked, and sentences without any mark."""
    starts = sorted(mark.span for mark in marks)
    for label, _, span in marks:
        if label == "A":
            yield span
    for sentence in analyze(text).sentences:
        if sentence.kind in NO_CLAIMS:
            continue
        next_mark = bisect_left(starts, (sentence.start, 0))
        inside = next_mark < len(starts) and starts[next_mark][0] < sentence.end
        around = any(start < sentence.end and sentence.start < end for start, end in starts)
        if not inside and not around and (own := claim_span(text, sentence.start, sentence.end)):
            yield own


def _claim(content: Sequence[Span], holder: str, attribution: Attribution) -> dict[str, Any]:
    return {
        "content": list(content),
        "holder": holder,
        "source": None,
        "cue": None,
        "attribution": attribution,
        "type": ClaimType.FACT,
        "stance": None,
        "position": None,
    }
