"""Files of one article each: plain text, Markdown with front matter, HTML."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import yaml

from ronten.errors import Reason
from ronten.read import fields
from ronten.read.decode import decode
from ronten.read.refused import Refused

Document = tuple[str, dict[str, Any]]
"""The stored text and what the file itself says about it."""

_FRONT_MATTER = re.compile(
    r"---[ \t]*(?:\r\n?|\n)(?P<yaml>.*?)(?<![^\r\n])(?:---|\.\.\.)[ \t]*(?:\r\n?|\n|\Z)", re.DOTALL
)
_USUAL_NAMES = {"author": "authors", "date": "published"}
_CHARSET = re.compile(
    rb"""<(?:\?xml[^>]{0,200}\sencoding|meta\s[^>]{0,200}charset)\s*=\s*["']?([\w.:-]+)""", re.I
)
_HEAD = 4096
_DATES: dict[str, Any] = {
    "original_date": True,
    "extensive_search": False,
    "max_date": "2199-12-31",
}
"""How htmldate looks for dates; the bound is fixed, or the result would depend on today."""


def text(data: bytes) -> Document:
    """Read plain text."""
    return decode(data), {}


def markdown(data: bytes) -> Document:
    """Read Markdown: front matter becomes metadata, all after it is the text, markup kept.

    Raises `Refused` (invalid_row) for front matter that is no YAML or says something impossible.
    """
    whole = decode(data)
    match = _FRONT_MATTER.match(whole)
    if match is None:
        return whole, {}
    try:
        said = yaml.load(match["yaml"], _AsWritten)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        problem = " ".join(str(error).split())
        raise Refused(
            Reason.INVALID_ROW, f"front matter: {problem}; mend it or remove the '---' above it"
        ) from error
    if said is None:
        return whole[match.end() :], {}
    if not isinstance(said, dict):  # prose between two rules
        return whole, {}
    named = {_USUAL_NAMES.get(str(key), str(key)): value for key, value in said.items()}
    return whole[match.end() :], fields.parse(named, "front matter: ")


def html(data: bytes) -> Document:
    """Read HTML: the main text, one paragraph per line, and the metadata the page marks."""
    declared = _CHARSET.search(data[:_HEAD])
    page = decode(data, declared[1].decode() if declared else None)
    if "<html" not in page[:_HEAD].lower():
        page = f"<html><body>{page}</body></html>"  # trafilatura refuses fragments
    try:
        stored, said = _main_text(page)
    except Exception as error:  # whatever a parser finds to object to in a stranger's page
        raise Refused(Reason.UNREADABLE, f"HTML that cannot be parsed: {error!r}") from error
    if not stored:
        raise Refused(Reason.NO_TEXT, "no main text found in the page")
    return stored, fields.parse(said, "page: ")


def _main_text(page: str) -> Document:
    import trafilatura
    from htmldate import find_date

    tree: Any = trafilatura.load_html(page)
    found: Any = tree is not None and trafilatura.bare_extraction(
        tree, include_comments=False, with_metadata=True, date_extraction_params=_DATES
    )
    if not found:
        return "", {}
    # trafilatura takes a name without a space, as Japanese names are, for no name.
    names = ";".join(tree.xpath("//meta[@name='author']/@content")).replace("、", ";")
    for prose in tree.xpath("//p | //li | //td | //blockquote"):
        prose.drop_tree()  # a date that the article talks about is not its own
    return found.text, {
        "title": found.title,
        "authors": found.author or names,
        "published": find_date(tree, **_DATES),
        "source": found.sitename,
        "url": found.url,
    }


class _AsWritten(yaml.SafeLoader):
    """Leaves values as written: `id: 007` is "007", not 7; only null is special."""

    yaml_implicit_resolvers = {
        first: [pair for pair in pairs if pair[0] == "tag:yaml.org,2002:null"]
        for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


READERS: dict[str, Callable[[bytes], Document]] = {
    ".txt": text,
    ".md": markdown,
    ".html": html,
    ".htm": html,
}
"""How files of one article are read, by file name ending."""
