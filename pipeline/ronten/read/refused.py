"""How the readers say no: one exception, turned into a `Rejected` record in one place."""

from __future__ import annotations

from ronten.errors import Reason, RontenError


class Refused(RontenError):
    """A file or a row that cannot become an article; `reason` and `detail` go to the record."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail
