"""One HTML file with every claim that is not right: gold and system side by side.

Nothing in it comes from elsewhere, and nothing of the articles reaches it unescaped.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise
from typing import NamedTuple

from ronten.evaluate.comparison import (
    ClaimPair,
    Compared,
    Comparison,
    Verdict,
    holder_of,
    wrong_fields,
)
from ronten.text.sentences import Sentence, analyze
from ronten.types import Annotation, Claim, Span

MISSED, SPURIOUS, WRONG = "missed", "spurious", "wrong"

_FIELDS = tuple(name for name in Verdict._fields if name != "source_exact")
_CONTROL = {c: "\N{REPLACEMENT CHARACTER}" for c in range(32) if c not in (9, 10, 13)}
_GENRE_UNKNOWN = "-"


class Mistake(NamedTuple):
    """A claim that is not right; `fields` are the wrong ones where both sides have it."""

    article: Compared
    pair: ClaimPair
    state: str
    fields: Sequence[str]


def mistakes(comparison: Comparison) -> Iterator[Mistake]:
    """Yield every missed, spurious and wrong-field claim, article by article, in text order."""
    for article in comparison.articles:
        for pair in sorted(article.claims, key=_place):
            if pair.predicted is None:
                yield Mistake(article, pair, MISSED, ())
            elif pair.verdict is None:
                yield Mistake(article, pair, SPURIOUS, ())
            elif fields := wrong_fields(pair.verdict):
                yield Mistake(article, pair, WRONG, fields)


def errors_page(comparison: Comparison) -> str:
    """Return the page: UTF-8, self-contained, to be opened in any browser."""
    found = list(mistakes(comparison))
    states = Counter(mistake.state for mistake in found)
    fields = Counter(field for mistake in found for field in mistake.fields)
    genres = Counter(_genre(mistake.article) for mistake in found)
    rows: list[str] = []
    current: Compared | None = None
    sentences: Sequence[Sentence] = ()
    for mistake in found:
        if mistake.article is not current:
            current = mistake.article
            sentences = analyze(current.gold.text).sentences
        rows.append(_row(mistake, sentences))
    claims = sum(len(article.claims) for article in comparison.articles)
    return _PAGE.format(
        style=_STYLE,
        script=_SCRIPT,
        summary=f"{len(found)} of {claims} claims in {len(comparison.articles)} articles",
        state=_select("state", "all mistakes", states, (MISSED, SPURIOUS, WRONG)),
        field=_select("field", "any field", fields, _FIELDS),
        genre=_select("genre", "any genre", genres, sorted(genres)),
        rows="\n".join(rows),
    )


def _place(pair: ClaimPair) -> Span:
    return pair.some.content[0]


def _genre(article: Compared) -> str:
    return article.gold.metadata.genre or _GENRE_UNKNOWN


def _select(name: str, every: str, counts: Counter[str], values: Sequence[str]) -> str:
    options = "".join(
        f'<option value="{_text(value)}">{_text(value)} ({counts[value]})</option>'
        for value in values
        if counts[value]
    )
    return f'<select id="{name}"><option value="">{every}</option>{options}</select>'


def _row(mistake: Mistake, sentences: Sequence[Sentence]) -> str:
    article, pair = mistake.article, mistake.pair
    sides = [claim for claim in (pair.gold, pair.predicted) if claim is not None]
    window = _window(sides, sentences)
    title = article.gold.metadata.title
    return (
        f'<article data-state="{mistake.state}" data-fields="{" ".join(mistake.fields)}" '
        f'data-genre="{_text(_genre(article))}">'
        f"<header><b class={mistake.state}>{mistake.state}</b> {_text(', '.join(mistake.fields))} "
        f"<span>{_text(article.gold.id)}{f' · {_text(title)}' if title else ''} "
        f"· {window[0]}–{window[1]}</span></header>"
        f"<div>{_side('gold', article.gold, pair.gold, window, mistake.fields)}"
        f"{_side('system', article.predicted, pair.predicted, window, mistake.fields)}</div>"
        "</article>"
    )


def _window(claims: Sequence[Claim], sentences: Sequence[Sentence]) -> Span:
    """Return the stretch of text to show: the sentences that hold the contents."""
    start = min(span[0] for claim in claims for span in claim.content)
    end = max(span[1] for claim in claims for span in claim.content)
    first = max(bisect_left(sentences, start + 1, key=lambda s: s.start) - 1, 0)
    touched = [s for s in sentences[first:] if s.start < end and start < s.end]
    return min([start, *(s.start for s in touched)]), max([end, *(s.end for s in touched)])


def _side(
    name: str, annotation: Annotation, claim: Claim | None, window: Span, wrong: Sequence[str]
) -> str:
    if claim is None:
        return f"<section><h2>{name}</h2><p class=none>–</p></section>"
    holder = holder_of(annotation, claim)
    stance = f"{claim.stance.label}: {claim.stance.target}" if claim.stance else "–"
    values = {
        "holder": f"{holder.name or '–'} ({holder.kind.value})",
        "attribution": claim.attribution.value,
        "type": claim.type.value,
        "source": _cut(annotation.text, claim.source),
        "cue": _cut(annotation.text, claim.cue),
        "stance": stance,
    }
    fields = "".join(
        f"<dt>{field}</dt><dd{' class=bad' if field in wrong else ''}>{_text(value)}</dd>"
        for field, value in values.items()
    )
    quoted = _marked(annotation.text, claim, window)
    bad = " class=bad" if "content" in wrong else ""
    return f"<section><h2>{name}</h2><p{bad}>{quoted}</p><dl>{fields}</dl></section>"


def _cut(text: str, span: Span | None) -> str:
    return "–" if span is None else text[slice(*span)]


def _marked(text: str, claim: Claim, window: Span) -> str:
    """Return the text of the window with content, source and cue marked; marks may overlap."""
    marks = [("content", span) for span in claim.content]
    marks += [(name, s) for name, s in (("source", claim.source), ("cue", claim.cue)) if s]
    borders = {min(max(offset, window[0]), window[1]) for _, span in marks for offset in span}
    cuts = sorted(borders | set(window))
    parts: list[str] = []
    for start, end in pairwise(cuts):
        classes = dict.fromkeys(n for n, span in marks if span[0] <= start and end <= span[1])
        piece = _text(text[start:end])
        parts.append(f'<mark class="{" ".join(classes)}">{piece}</mark>' if classes else piece)
    return "".join(parts)


def _text(value: str) -> str:
    return escape(value.translate(_CONTROL))


_STYLE = """
:root { color-scheme: light dark }
body { font: 15px/1.7 system-ui, sans-serif; margin: 0 auto; max-width: 84rem; padding: 1rem }
nav { position: sticky; top: 0; padding: .6rem 0; background: Canvas; display: flex; gap: .6rem;
  flex-wrap: wrap; align-items: center }
nav * { font: inherit }
article { border-top: 1px solid #8886; padding: .6rem 0 }
article > div { display: grid; grid-template-columns: 1fr 1fr; gap: 1.5rem }
header span { color: GrayText }
header b { padding: 0 .5em; border-radius: .3em; color: #fff; background: #57606a }
header b.missed { background: #a40e26 } header b.spurious { background: #8a4600 }
h2 { font-size: .8rem; margin: .3rem 0 0; color: GrayText; font-weight: normal }
p { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere }
mark { color: inherit; background: none }
mark.content { background: #ffd54a66 }
mark.source { text-decoration: underline solid 2px #0969da }
mark.cue { text-decoration: underline dotted 3px #1a7f37 }
dl { margin: .3rem 0; display: flex; flex-wrap: wrap; gap: 0 1rem; font-size: .85rem }
dt { color: GrayText } dd { margin: 0 0 0 -.6rem }
.bad { box-shadow: inset 0 -2px #cf222e }
[hidden] { display: none }
@media (max-width: 50rem) { article > div { grid-template-columns: 1fr } }
"""

_SCRIPT = """
const rows = [...document.querySelectorAll("article")];
const controls = ["state", "field", "genre", "words"].map(id => document.getElementById(id));
function filter() {
  const [state, field, genre, words] = controls.map(control => control.value.trim());
  let shown = 0;
  for (const row of rows) {
    const data = row.dataset;
    row.hidden = !((!state || data.state === state)
      && (!field || data.fields.split(" ").includes(field))
      && (!genre || data.genre === genre)
      && (!words || row.textContent.includes(words)));
    shown += !row.hidden;
  }
  document.getElementById("shown").textContent = shown + " shown";
}
controls.forEach(control => control.addEventListener("input", filter));
filter();
"""

_PAGE = """<!doctype html>
<html lang="ja">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>ronten: mistakes</title>
<style>{style}</style>
</head>
<body>
<nav><b>{summary}</b> {state} {field} {genre}
<input id="words" type="search" placeholder="words" aria-label="words">
<span id="shown"></span></nav>
<main>
{rows}
</main>
<script>{script}</script>
</body>
</html>
"""
