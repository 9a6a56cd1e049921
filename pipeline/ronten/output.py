"""Reading an output folder: its authors, its positions, and where a claim comes from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ronten.emit import ANONYMOUS, INDEX
from ronten.errors import UsageError
from ronten.names import canonical
from ronten.store import Store
from ronten.types import Annotation, AuthorPositions, Claim, Holder


@dataclass
class PositionView:
    """A position over all of its authors."""

    id: str
    topic: str
    statement: str
    claims: int = 0
    articles: set[str] = field(default_factory=set)
    authors: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Explanation:
    """A claim with its article and holder: what was found, where, and by which rule."""

    claim: Claim
    holder: Holder
    annotation: Annotation


def index(folder: Path) -> dict[str, Any]:
    """Return index.json of an output folder; raises `UsageError` where there is none to read."""
    path = folder / INDEX
    if not path.is_file():
        raise UsageError(
            f"{folder}: no finished run here yet ({INDEX} is missing); "
            f"run: ronten run PATH --out {folder}"
        )
    with sound(path):
        content: dict[str, Any] = json.loads(path.read_text("utf-8"))
        if not (isinstance(content, dict) and isinstance(content.get("authors"), list)):
            raise ValueError("no list of authors")
    return content


def author(folder: Path, name_or_id: str) -> AuthorPositions:
    """Return the document of an author by id, name, or a part of the name only one author has.

    Raises `UsageError` where nobody or more than one is meant.
    """
    entries = index(folder)["authors"]
    wanted = canonical(name_or_id)
    found = [e for e in entries if e["id"] == name_or_id or canonical(e["name"]) == wanted]
    found = found or [e for e in entries if wanted and wanted in canonical(e["name"])]
    if not found:
        raise UsageError(f"{folder}: no author '{name_or_id}'; `ronten show {folder}` lists all")
    if len(found) > 1:
        choices = ", ".join(f"{e['name']} ({e['id']})" for e in found)
        raise UsageError(f"{folder}: '{name_or_id}' may be {choices}; give the id")
    return document(folder / found[0]["file"])


def positions(folder: Path) -> list[PositionView]:
    """Return all positions that have a holder, most claims first."""
    views: dict[str, PositionView] = {}
    for document in _documents(folder):
        for position in document.positions:
            own = [claim for claim in position.claims if not claim.joint]
            view = views.setdefault(
                position.id, PositionView(position.id, position.topic.label, position.statement)
            )
            view.claims += len(own)
            view.articles |= {claim.article for claim in own}
            if own:
                view.authors.append(document.name or document.kind.value)
    return sorted(views.values(), key=lambda v: (-v.claims, -len(v.articles), v.id))


def explain(folder: Path, claim: str) -> Explanation:
    """Return a claim with its article; raises `UsageError` where there is no such claim."""
    with Store.open(folder, read_only=True) as store:
        annotation = store.annotation(store.article_of(claim))
    found = next(c for c in annotation.claims if c.id == claim)
    holder = next(h for h in annotation.holders if h.id == found.holder)
    return Explanation(found, holder, annotation)


def _documents(folder: Path) -> Iterator[AuthorPositions]:
    for entry in index(folder)["authors"]:
        yield document(folder / entry["file"])
    path = folder / ANONYMOUS
    with sound(path), path.open(encoding="utf-8") as lines:
        for line in lines:
            yield AuthorPositions.model_validate_json(line)


def document(path: Path) -> AuthorPositions:
    """Return an author document; raises `UsageError` where it is missing or damaged."""
    with sound(path):
        return AuthorPositions.model_validate_json(path.read_text("utf-8"))


@contextmanager
def sound(path: Path) -> Iterator[None]:
    """Raise `UsageError` where a file of the folder is missing or not what a run writes."""
    try:
        yield
    except (OSError, ValueError, KeyError) as error:
        said = str(error).partition("\n")[0]
        raise UsageError(
            f"{path}: missing or damaged ({said}); the next `ronten run` into this folder writes it"
        ) from error
