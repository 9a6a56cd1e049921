"""Drafts: annotations in which people write spans as quoted substrings."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ronten.errors import UsageError
from ronten.gold.files import annotation_files, field_name, sources
from ronten.types import Annotation, Span


def resolve(article: dict[str, Any], draft: dict[str, Any]) -> Annotation:
    """Turn the substrings of a draft into offsets.

    A span is a substring of the text, `{"s": substring, "n": 2}` for its second occurrence (from
    1, overlapping ones counted), or `{"s": substring, "context": words around it}`. Contents are
    found at or after the start of the previous claim's, further fragments after the one before,
    sources and cues nearest to the content in its paragraph (cues outside the content), entities
    and figures one after another.

    Args:
        article: `id`, `text` and optionally `metadata`, `targets`.
        draft: `holders`, `claims`, `entities`, `figures` as in an annotation, with substrings for
            spans (entities and figures in `text`); claims without ids.

    Raises:
        UsageError: one line per problem, each with article, field and remedy.
    """
    resolver = _Resolver(str(article.get("id", "")), str(article.get("text", "")))
    record = {
        **{key: value for key, value in article.items() if key in ("metadata", "targets")},
        **draft,
        "id": article.get("id"),
        "text": article.get("text"),
        "claims": resolver.claims(draft.get("claims", [])),
        "entities": resolver.mentions("entities", draft.get("entities", [])),
        "figures": resolver.mentions("figures", draft.get("figures", [])),
    }
    if not resolver.problems:
        try:
            return Annotation.model_validate(record)
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                resolver.report(field_name(detail["loc"]), detail["msg"])
    raise UsageError("\n".join(resolver.problems))


def read_objects(path: Path) -> dict[str, dict[str, Any]]:
    """Read articles or drafts from a .json or .jsonl file or a folder of both, by id.

    Raises `UsageError` for what is no object with an id.
    """
    found: dict[str, dict[str, Any]] = {}
    for source in sources(annotation_files(path)):
        where = f"{source.file}:{source.line}"
        try:
            value = json.loads(source.text)
        except json.JSONDecodeError as error:
            line = source.line + error.lineno - 1
            raise UsageError(f"{source.file}:{line}: not JSON ({error.msg}); repair it") from None
        if not isinstance(value, dict) or not isinstance(value.get("id"), str):
            raise UsageError(f"{where}: no object with an 'id'; give it the id of its article")
        if value["id"] in found:
            raise UsageError(f"{where}: '{value['id']}' is there twice; remove one of them")
        found[value["id"]] = value
    return found


class _Resolver:
    """Finds the substrings of one draft in one text and collects what cannot be found."""

    def __init__(self, article: str, text: str) -> None:
        self.article = article
        self.text = text
        self.problems: list[str] = []

    def report(self, field: str, problem: str) -> None:
        self.problems.append(f"{self.article}: {field}: {problem}")

    def claims(self, drafts: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Resolve the claims; each begins the search where the one before began."""
        resolved = []
        taken: dict[str, int] = {}
        previous = 0
        for number, draft in enumerate(drafts):
            field = f"claims[{number}]"
            content = self._content(draft.get("content"), f"{field}.content", previous)
            if not content:
                continue
            previous = content[0][0]
            key = f"{self.article}:{content[0][0]}-{content[0][1]}"
            taken[key] = taken.get(key, 0) + 1
            place = _Place(self.text, content)
            resolved.append(
                {
                    "stance": None,
                    "position": None,
                    **draft,
                    "id": key if taken[key] == 1 else f"{key}.{taken[key]}",
                    "content": content,
                    "source": self._find(draft.get("source"), f"{field}.source", place.source),
                    "cue": self._find(draft.get("cue"), f"{field}.cue", place.cue),
                }
            )
        return resolved

    def mentions(self, key: str, drafts: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Resolve entities or figures, each after the one before."""
        resolved = []
        position = 0
        for number, draft in enumerate(drafts):
            quote = draft.get("text")
            if isinstance(quote, str):
                quote = {"s": quote, **{k: draft[k] for k in ("n", "context") if k in draft}}
            span = self._find(
                quote, f"{key}[{number}]", _at_or_after(position), "after the one before"
            )
            if span is None:
                if quote is None:
                    self.report(f"{key}[{number}].text", "missing; quote the mention")
                continue
            position = span[1]
            rest = {k: v for k, v in draft.items() if k not in ("text", "n", "context")}
            resolved.append({"span": span, **rest})
        return resolved

    def _content(self, quotes: Any, field: str, position: int) -> list[Span]:
        quotes = quotes if isinstance(quotes, list) else [quotes]
        if not quotes or quotes == [None]:
            self.report(field, "missing; quote the content")
            return []
        spans: list[Span] = []
        for number, quote in enumerate(quotes):
            where = "after the claim or fragment before"
            span = self._find(quote, f"{field}[{number}]", _at_or_after(position), where)
            if span is None:
                return []
            spans.append(span)
            position = span[1]
        return spans

    def _find(
        self,
        quote: Any,
        field: str,
        choose: Callable[[list[Span]], Span | None],
        where: str = "outside the content",
    ) -> Span | None:
        """Resolve one quoted substring; `choose` picks one of several occurrences."""
        if quote is None:
            return None
        parts = {"s": quote} if isinstance(quote, str) else quote
        if not isinstance(parts, dict) or not isinstance(parts.get("s"), str) or not parts["s"]:
            self.report(field, 'write "substring", {"s", "n"} or {"s", "context"}')
            return None
        surface, context, nth = parts["s"], parts.get("context"), parts.get("n")
        found = _occurrences(self.text, surface)
        if not found:
            self.report(field, f"'{_short(surface)}' is not in the text; copy it from there")
            return None
        if context is not None:
            inside = _occurrences(context, surface)
            if len(inside) != 1:
                self.report(
                    field,
                    f"the context must hold '{_short(surface)}' once, not {len(inside)} times",
                )
                return None
            starts = {start + inside[0][0] for start, _ in _occurrences(self.text, context)}
            found = [span for span in found if span[0] in starts]
            if not found:
                self.report(field, f"the context '{_short(context)}' is not in the text")
                return None
        if nth is not None:
            if not isinstance(nth, int) or not 1 <= nth <= len(found):
                self.report(field, f"'{_short(surface)}' occurs {len(found)} times; n is {nth!r}")
                return None
            return found[nth - 1]
        span = choose(found)
        if span is None:
            self.report(
                field,
                f"'{_short(surface)}' does not stand {where}; check the order, or say which "
                'occurrence with {"s", "n"} or {"s", "context"}',
            )
        return span


class _Place:
    """Where a claim's content stands, to find its source and cue near it."""

    def __init__(self, text: str, content: list[Span]) -> None:
        self.content = content
        self.start, self.end = content[0][0], content[-1][1]
        first = text.rfind("\n", 0, self.start) + 1
        last = text.find("\n", self.end)
        last = len(text) if last < 0 else last
        before = text.rfind("\n", 0, len(text[:first].rstrip("\n"))) + 1
        self.windows = ((first, last), (before, last), (0, len(text)))

    def source(self, found: list[Span]) -> Span | None:
        """Choose the nearest: in the paragraph, else from the one before on, else anywhere."""
        for low, high in self.windows:
            inside = [span for span in found if low <= span[0] and span[1] <= high]
            if inside:
                return min(inside, key=self._distance)
        return None

    def cue(self, found: list[Span]) -> Span | None:
        """Choose like a source, but never inside the content."""
        return self.source(
            [span for span in found if not any(a <= span[0] < b for a, b in self.content)]
        )

    def _distance(self, span: Span) -> int:
        return min(abs(edge - end) for edge in span for end in (self.start, self.end))


def _at_or_after(position: int) -> Callable[[list[Span]], Span | None]:
    def choose(found: Iterable[Span]) -> Span | None:
        return next((span for span in found if span[0] >= position), None)

    return choose


def _occurrences(text: str, surface: str) -> list[Span]:
    """Find all occurrences, overlapping ones too."""
    spans = []
    start = text.find(surface)
    while start >= 0:
        spans.append((start, start + len(surface)))
        start = text.find(surface, start + 1)
    return spans


def _short(text: str) -> str:
    return text if len(text) <= 30 else f"{text[:29]}…"
