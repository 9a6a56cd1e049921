"""Which article is which: ids, and what happens when two inputs are the same."""

from __future__ import annotations

from hashlib import sha256

from ronten.errors import Reason
from ronten.types import Article, Rejected


def article_id(text: str) -> str:
    """Return the id of a text that has none of its own: 16 hex digits of its SHA-256."""
    return sha256(text.encode()).hexdigest()[:16]


class Seen:
    """The articles admitted so far; keeps ids, hashes and origins, never texts."""

    def __init__(self) -> None:
        self._by_text: dict[str, str] = {}
        self._by_given_id: dict[str, tuple[str, str]] = {}

    def admit(self, article: Article) -> Article | Rejected:
        """Return `article`, or its rejection where an earlier one stands in its way."""
        text = article_id(article.text) if article.given_id else article.id
        place = article.origin if article.row is None else f"{article.origin} row {article.row}"
        first = self._by_given_id.get(article.id)
        if first is None and article.id in self._by_text:
            first = (article.id, self._by_text[article.id])
        if first is None:
            self._by_text.setdefault(text, place)
            if article.given_id:
                self._by_given_id[article.id] = (text, place)
            return article
        reason, detail = Reason.DUPLICATE, f"same text as '{first[1]}'"
        if first[0] != text:
            reason = Reason.ID_CONFLICT
            detail = f"'{first[1]}' has this id and another text; give each text its own id"
        return Rejected(
            origin=article.origin, row=article.row, id=article.id, reason=reason, detail=detail
        )
