"""Names of pages, addresses between them, and which addresses may be links at all."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from typing import Protocol
from urllib.parse import quote, urlsplit

from ronten.emit import slug

OVERVIEW = "index.html"
SEARCH = "search.html"
AUTHORS = "authors.html"
TOPICS = "topics.html"
ARTICLES = "articles.html"

_KEPT = 2**16


class Links(Protocol):
    """Turns the name of a page into the address that leads there from the page being written."""

    def __call__(self, page: str, at: str = "") -> str: ...


def in_folder(here: str) -> Links:
    """Return addresses relative to the page named `here`, for pages that are files of a folder."""
    up = "../" * here.count("/")

    def href(page: str, at: str = "") -> str:
        return up + _quoted(page) + (f"#{at}" if at else "")

    return href


def in_one_file(page: str, at: str = "") -> str:
    """Return the address of a page that lies in the same file."""
    return f"#{_quoted(page)}" + (f"#{at}" if at else "")


@lru_cache(_KEPT)
def _quoted(page: str) -> str:
    return quote(page)


@lru_cache(_KEPT)
def author_page(name: str, id_: str) -> str:
    """Return the name of the page of an identified author."""
    return f"authors/{slug(name, id_)}.html"


@lru_cache(_KEPT)
def topic_page(label: str, id_: str) -> str:
    """Return the name of the page of a topic or target."""
    return f"topics/{slug(label, id_)}.html"


@lru_cache(_KEPT)
def article_page(title: str | None, id_: str) -> str:
    """Return the name of the page of an article, whose id may hold anything."""
    return f"articles/{slug(title or '', short(id_))}.html"


def target_id(target: str) -> str:
    """Return the id of a target, as which nothing else goes."""
    return f"s-{short(target)}"


def short(text: str) -> str:
    """Return 12 hex digits that stand for a text."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def at(**values: str) -> str:
    """Return the part of an address behind `#` that carries values."""
    return "&".join(f"{key}={quote(value, safe='')}" for key, value in values.items() if value)


def safe_url(url: str | None) -> str | None:
    """Return an address that may be a link: http or https with a host, nothing else."""
    if not url or any(char.isspace() or ord(char) < 32 for char in url):
        return None
    try:
        parts = urlsplit(url)
        sound = parts.scheme.lower() in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return None
    return url if sound else None
