"""The pages of the review, as functions from records to HTML."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from jinja2 import ChoiceLoader, FileSystemLoader
from markupsafe import Markup

import ronten
from ronten.corrections import REVIEWED, Correction
from ronten.report import marks
from ronten.report.names import ARTICLES, article_page, at, in_folder, safe_url
from ronten.report.pages import ENVIRONMENT, MENU, Page, letter_of
from ronten.review import decisions, text
from ronten.review.desk import PAGE, Desk, Listed, Opened, PositionEntry, Progress
from ronten.review.texts import ReviewTexts
from ronten.text.brackets import Pair, find_brackets
from ronten.types import Attribution, Claim, ClaimType, Kind

QUEUE = "review.html"
POSITIONS = "positions.html"
REVIEW_MENU = ((QUEUE, "review"), (POSITIONS, "positions"), *MENU)
SHOWN = 30
"""Corrections that the queue lists at most."""

_HERE = Path(__file__).parent
_HOLDER_KINDS = [kind.value for kind in Kind]


def position_page(id_: str) -> str:
    """Return the name of the page of a position."""
    return f"positions/{id_}.html"


class ReviewPages:
    """Makes the pages of the review in a language."""

    def __init__(self, texts: ReviewTexts) -> None:
        self.texts = texts
        loader = ChoiceLoader([FileSystemLoader(_HERE / "templates"), *_loaders()])
        self._environment = ENVIRONMENT.overlay(loader=loader)

    def queue(
        self,
        claims: Sequence[Listed],
        progress: Progress,
        skip: int,
        history: tuple[list[Correction], list[Correction]],
        desk: Desk,
        pages: dict[str, str],
    ) -> Page:
        """Return what to review next, and what was corrected lately."""
        latest, unresolved = history
        return self._page(
            QUEUE,
            self.texts("review"),
            QUEUE,
            "queue",
            claims=claims,
            progress=progress,
            skip=skip,
            size=PAGE,
            latest=latest,
            unresolved=unresolved,
            unwritten=desk.unwritten,
            page_of={id_: name for name, id_ in pages.items()},
        )

    def article(self, opened: Opened, *, unwritten: bool) -> Page:
        """Return an article with its claims, to be decided about."""
        annotation = opened.annotation
        meta = annotation.metadata
        name = article_page(meta.title, annotation.id)
        numbers = marks.colours(annotation)
        letters = {holder: letter_of(number) for holder, number in numbers.items()}
        pairs = find_brackets(annotation.text).pairs
        claims = [
            self._claim(opened, claim, letters[claim.holder], numbers[claim.holder], pairs)
            for claim in annotation.claims
        ]
        targets = [*annotation.targets, *(s.target for c in annotation.claims for s in c.stances)]
        data = {
            "review": True,
            "article": annotation.id,
            "items": claims,
            "holders": [
                {"name": h.name, "kind": h.kind.value, "shown": self._holder(h.name, h.kind)}
                for h in annotation.holders
            ],
            "targets": list(dict.fromkeys(targets)),
            "types": [kind.value for kind in ClaimType],
            "attributions": [kind.value for kind in Attribution],
            "kinds": _HOLDER_KINDS,
        }
        return self._page(
            name,
            meta.title or self.texts("untitled"),
            ARTICLES,
            "claims",
            annotation=annotation,
            meta=meta,
            url=safe_url(meta.url),
            blocks=text.blocks(annotation, [letters[c.holder] for c in annotation.claims]),
            claims=claims,
            done=sum(claim["mark"] is not None for claim in claims),
            rejected=[c for c in opened.corrections if c.kind == "reject"],
            unresolved=opened.unresolved,
            unwritten=unwritten,
            data=data,
        )

    def positions(self, entries: Sequence[PositionEntry], words: str, skip: int) -> Page:
        """Return the list of positions."""
        return self._page(
            POSITIONS,
            self.texts("positions"),
            POSITIONS,
            "positions",
            entries=entries,
            words=words,
            skip=skip,
            size=PAGE,
        )

    def position(self, entry: PositionEntry, claims: Sequence[Listed], *, unwritten: bool) -> Page:
        """Return a position, to be merged with another or split."""
        title = entry.topic or entry.example or entry.id
        return self._page(
            position_page(entry.id),
            title,
            POSITIONS,
            "position",
            entry=entry,
            claims=claims,
            unwritten=unwritten,
            data={"position": entry.id},
        )

    def message(self, title: str, said: str) -> Page:
        """Return a page that says why there is no other."""
        return self._page("", title, "", "message", heading=title, said=said)

    def login(self, wrong: bool) -> str:
        """Return the page that asks for the token."""
        return self.document(self._page("", self.texts("login"), "", "login", wrong=wrong), "")

    def document(self, page: Page, csrf: str) -> str:
        """Return a page as a document; `csrf` is what its requests must carry."""
        return str(self._render("document", in_folder(page.name), page=page, csrf=csrf))

    def _page(self, name: str, title: str, menu: str, template: str, **values: Any) -> Page:
        return Page(name, title, menu, self._render(template, in_folder(name), **values))

    def _render(self, template: str, href: Any, **values: Any) -> Markup:
        found = self._environment.get_template(f"{template}.html.jinja")
        site = SimpleNamespace(version=ronten.__version__)
        return Markup(
            found.render(
                site=site, t=self.texts, href=href, menu=REVIEW_MENU, position_page=position_page,
                at=at, **{"page": None, **values},
            )
        )  # fmt: skip

    def _holder(self, name: str, kind: Kind) -> str:
        if name:
            return name
        return self.texts("unspecified" if kind == Kind.UNSPECIFIED else "unnamed")

    def _claim(
        self, opened: Opened, claim: Claim, letter: str, colour: int, pairs: Sequence[Pair]
    ) -> dict[str, Any]:
        """Return what the script needs of a claim."""
        annotation, texts = opened.annotation, self.texts
        holder = next(h for h in annotation.holders if h.id == claim.holder)
        mark = (claim.model_extra or {}).get(REVIEWED)
        return {
            "id": claim.id,
            "letter": letter,
            "colour": colour % marks.COLOURS,
            "holder": {"name": holder.name, "kind": holder.kind.value},
            "who": self._holder(holder.name, holder.kind),
            "content": [list(span) for span in claim.content],
            "source": claim.source and list(claim.source),
            "cue": claim.cue and list(claim.cue),
            "type": claim.type.value,
            "attribution": claim.attribution.value,
            "stances": {stance.target: stance.label for stance in claim.stances},
            "confidence": claim.confidence,
            "position": claim.position,
            "page": position_page(claim.position) if claim.position else None,
            "why": texts.why(claim.rule) if claim.rule != "review" else [],
            "notes": [texts(note) for note in decisions.notes(annotation.text, claim, pairs)],
            "mark": mark and dict(mark),
        }


def style() -> str:
    """Return the style sheet of the review pages."""
    return (_HERE / "assets" / "review.css").read_text("utf-8")


def script() -> str:
    """Return the script of the review pages."""
    return (_HERE / "assets" / "review.js").read_text("utf-8")


def fragment(page: Page) -> str:
    """Return the content of a page as JSON for a page that is open already."""
    return json.dumps({"main": str(page.main), "title": page.title}, ensure_ascii=False)


def _loaders() -> list[Any]:
    return [ENVIRONMENT.loader] if ENVIRONMENT.loader else []
