"""The review server: pages of the report, pages to review on, and what these send back."""

from __future__ import annotations

import json
import logging
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from ronten.errors import Locked, RontenError
from ronten.report.pages import Page
from ronten.review import pages
from ronten.review.decisions import Refused
from ronten.review.desk import Desk
from ronten.review.guard import Guard, Hosts
from ronten.review.pages import POSITIONS, QUEUE, REVIEW_MENU, ReviewPages
from ronten.review.site import ReportPages
from ronten.review.texts import ReviewTexts

log = logging.getLogger(__name__)

_TYPES = {"css": "text/css", "js": "text/javascript"}


def make_app(desk: Desk, texts: ReviewTexts, *, host: str, port: int, token: str | None) -> Guard:
    """Return the application that answers at an address."""
    server = _Server(desk, texts)
    return Guard(server.app(), Hosts(host, port), port, token, server.pages.login)


class _Server:
    def __init__(self, desk: Desk, texts: ReviewTexts) -> None:
        self.desk = desk
        self.texts = texts
        self.pages = ReviewPages(texts)
        self.report = ReportPages(desk, texts, REVIEW_MENU)

    def app(self) -> Starlette:
        routes = [
            Route("/", lambda request: RedirectResponse(f"/{QUEUE}", 303)),
            Route("/assets/review.css", self.page(lambda _: pages.style(), "css")),
            Route("/assets/review.js", self.page(lambda _: pages.script(), "js")),
            Route("/assets/{name}", self.page(self.asset, "")),
            Route("/data/claims.js", self.page(lambda _: self.report.claims(), "js")),
            Route(f"/{QUEUE}", self.page(self.queue)),
            Route(f"/{POSITIONS}", self.page(self.positions)),
            Route("/positions/{name}.html", self.page(self.position)),
            Route("/articles/{name}", self.page(self.article)),
            Route("/{name:path}", self.page(self.reported)),
            Route("/api/decide", self.api(self.decide), methods=["POST"]),
            Route("/api/add", self.api(self.add), methods=["POST"]),
            Route("/api/undo", self.api(self.undo), methods=["POST"]),
            Route("/api/position", self.api(self.arrange), methods=["POST"]),
            Route("/api/write", self.api(self.write), methods=["POST"]),
        ]
        return Starlette(routes=routes, lifespan=self.lifespan)

    @asynccontextmanager
    async def lifespan(self, app: Starlette) -> AsyncIterator[None]:
        """Write the files when the review ends."""
        yield
        if self.desk.unwritten:
            try:
                await run_in_threadpool(self.desk.write)
            except RontenError as error:
                log.warning("files not written, the next run does that: %s", error)

    # Pages

    def page(self, make: Callable[[Request], Any], kind: str = "html") -> Callable[..., Any]:
        """Return what answers with a page or file; None is one that does not exist."""

        def answer(request: Request) -> Response:
            try:
                made = make(request)
            except RontenError as error:
                return self.trouble(request, error)
            if made is None:
                return self.shown(request, self.texts("error"), self.texts("no_page"), 404)
            if isinstance(made, Page):
                return HTMLResponse(self.pages.document(made, request.state.csrf))
            suffix = kind or str(request.path_params["name"]).rpartition(".")[2]
            return Response(made, media_type=_TYPES.get(suffix, "text/html"))

        return answer

    def trouble(self, request: Request, error: RontenError) -> Response:
        status, said = self.said(error)
        return self.shown(request, self.texts("error"), said["message"], status)

    def shown(self, request: Request, title: str, said: str, status: int) -> Response:
        page = self.pages.message(title, said)
        return HTMLResponse(self.pages.document(page, request.state.csrf), status)

    def asset(self, request: Request) -> str | None:
        return self.report.asset(f"assets/{request.path_params['name']}")

    def reported(self, request: Request) -> str | None:
        return self.report.document(request.path_params["name"])

    def queue(self, request: Request) -> Page:
        skip = _skip(request)
        claims, progress = self.desk.queue(skip), self.desk.progress()
        history = self.desk.history(pages.SHOWN)
        return self.pages.queue(
            claims, progress, skip, history, self.desk, self.desk.article_pages()
        )

    def positions(self, request: Request) -> Page:
        words, skip = request.query_params.get("q", "").strip(), _skip(request)
        return self.pages.positions(self.desk.positions(words, skip), words, skip)

    def position(self, request: Request) -> Page | None:
        entry, claims = self.desk.position(request.path_params["name"])
        if entry is None:
            return None
        return self.pages.position(entry, claims, unwritten=self.desk.unwritten)

    def article(self, request: Request) -> Page | None:
        id_ = self.desk.article_pages().get(f"articles/{request.path_params['name']}")
        return None if id_ is None else self.article_page(id_)

    def article_page(self, id_: str) -> Page:
        return self.pages.article(self.desk.article(id_), unwritten=self.desk.unwritten)

    # What pages send back

    def api(
        self, act: Callable[[dict[str, Any]], dict[str, Any]]
    ) -> Callable[[Request], Awaitable[Response]]:
        """Return what does something with a JSON object and answers with another."""

        async def answer(request: Request) -> Response:
            try:
                given = await request.json()
                if not isinstance(given, dict):
                    raise ValueError
                json.dumps(given, ensure_ascii=False).encode()  # lone surrogates cannot be stored
            except ValueError:
                return JSONResponse({"error": "json", "message": self.texts("error")}, 400)
            try:
                return JSONResponse(await run_in_threadpool(act, given))
            except RontenError as error:
                status, said = self.said(error)
                return JSONResponse(said, status)

        return answer

    def said(self, error: RontenError) -> tuple[int, dict[str, str]]:
        """Return status and words for something that went wrong."""
        if isinstance(error, Locked):
            return 423, {"error": "locked", "message": self.texts("error_locked", by=error.by)}
        if isinstance(error, Refused):
            message = self.texts(f"error_{error.code}", name=error.name)
            return 400, {"error": error.code, "message": message, "detail": str(error)}
        return 400, {"error": "refused", "message": str(error)}

    def decide(self, given: dict[str, Any]) -> dict[str, Any]:
        article = _string(given, "article")
        fields = given.get("fields") or {}
        if not isinstance(fields, dict):
            raise Refused("value", "fields: give an object", "fields")
        kind, claim = _string(given, "kind"), _string(given, "claim")
        return self.changed(article, self.desk.decide(article, claim, kind, fields))

    def add(self, given: dict[str, Any]) -> dict[str, Any]:
        article, fields = _string(given, "article"), given.get("fields")
        if not isinstance(fields, dict):
            raise Refused("value", "fields: give an object", "fields")
        return self.changed(article, self.desk.add(article, fields))

    def undo(self, given: dict[str, Any]) -> dict[str, Any]:
        id_ = given.get("correction")
        if type(id_) is not int:
            raise Refused("value", "correction: give its number", "correction")
        claim = self.desk.undo(id_)
        article = given.get("article")
        return self.changed(article, claim) if isinstance(article, str) else {"claim": claim}

    def arrange(self, given: dict[str, Any]) -> dict[str, Any]:
        if given.get("op") == "split":
            self.desk.split(_string(given, "claim"))
        elif given.get("op") == "merge":
            self.desk.merge(_string(given, "from"), _string(given, "into"))
        else:
            raise Refused("value", "op: give merge or split", "op")
        return {}

    def write(self, given: dict[str, Any]) -> dict[str, Any]:
        done = self.desk.write()
        return {"files": done.files_written + done.files_removed}

    def changed(self, article: str, claim: str | None) -> dict[str, Any]:
        """Return the page of an article as it is now, and the claim that is meant."""
        page = self.article_page(article)
        return {"claim": claim, "main": str(page.main)}


def listen(host: str, port: int) -> socket.socket:
    """Return a socket bound to an address; port 0 takes a free one. Raises `OSError`."""
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    found = socket.socket(family, kind, protocol)
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind(address)
    except OSError:
        found.close()
        raise
    return found


def _skip(request: Request) -> int:
    value = request.query_params.get("skip", "0")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else 0


def _string(given: dict[str, Any], name: str) -> str:
    value = given.get(name)
    if not isinstance(value, str):
        raise Refused("value", f"{name}: give a text", name)
    return value
