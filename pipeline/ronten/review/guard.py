"""Who may talk to the review server: the right host, the right page, the right session.

A page of another site can make a browser send requests here, and a name that is made to point here
(DNS rebinding) can make it read answers. So every request must name this server as its host, and
whatever changes anything must come from a page that this server gave out, and prove it.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from hashlib import sha256
from ipaddress import ip_address
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADER = "x-ronten-csrf"
LOGIN = "/login"
MOST = 1_000_000
"""Bytes of a request at most."""

_SAFE = ("GET", "HEAD")
_WAIT = 1.0
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src data:; connect-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Hosts:
    """The names that this server may be called by, with its port."""

    def __init__(self, host: str, port: int) -> None:
        self._port = port
        self._names = {host.strip("[]").lower()}
        self._any_address = False
        try:
            address = ip_address(host.strip("[]"))
        except ValueError:
            return
        if address.is_loopback:
            self._names |= {"localhost", "127.0.0.1", "::1"}
        # A name cannot be rebound to us where only bare addresses are let in.
        self._any_address = address.is_unspecified

    def knows(self, host: str) -> bool:
        """Tell whether a `Host` header means this server."""
        name, mark, port = host.rpartition(":")
        if not mark or "]" in port:
            name, port = host, "80"
        if port != str(self._port):
            return False
        name = name.strip("[]").lower()
        if name in self._names:
            return True
        return self._any_address and (name == "localhost" or _is_address(name))


class Guard:
    """An application that is reached only by those who may.

    With a `token`, visitors have to give it once; `login` makes the page that asks for it, told
    whether a wrong one was given. What the application gets has the token that its pages must send
    back in `scope["state"]["csrf"]`.
    """

    def __init__(
        self, app: ASGIApp, hosts: Hosts, port: int, token: str | None, login: Callable[[bool], str]
    ) -> None:
        self._app = app
        self._hosts = hosts
        self._token = token
        self._login = login
        self._cookie = f"ronten-review-{port}"  # cookies do not keep ports apart
        self._key = secrets.token_bytes(32)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or let the application answer."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        answer = self._refused(request)
        session = self._session(request)
        new = None
        if answer is None and scope["path"] == LOGIN and self._token is not None:
            answer = await self._log_in(request)
        elif answer is None and session is None:
            if self._token is not None:
                answer = _turned_away(request)
            elif request.method in _SAFE:
                session = new = secrets.token_urlsafe(24)
        if answer is None and request.method not in _SAFE:
            answer = self._not_ours(request, session)
        if answer is not None:
            await answer(scope, receive, self._sending(send, None))
            return
        scope.setdefault("state", {})["csrf"] = self._sign("csrf", session or "")
        await self._app(scope, receive, self._sending(send, new))

    def _refused(self, request: Request) -> Response | None:
        """Refuse what calls this server by another name, or comes from a page of another site."""
        if not self._hosts.knows(request.headers.get("host", "")):
            return PlainTextResponse("wrong host; use the address that was printed", 421)
        site = request.headers.get("sec-fetch-site", "none")
        navigates = request.method in _SAFE and request.headers.get("sec-fetch-mode") == "navigate"
        if site not in ("none", "same-origin") and not navigates:
            return PlainTextResponse("not for pages of other sites", 403)
        if request.method not in (*_SAFE, "POST"):
            return PlainTextResponse("no such method", 405)
        if request.method == "POST" and not self._same_origin(request):
            return PlainTextResponse("not from a page of this server", 403)
        return None

    def _same_origin(self, request: Request) -> bool:
        return request.headers.get("origin") == f"http://{request.headers.get('host', '')}"

    def _not_ours(self, request: Request, session: str | None) -> Response | None:
        """Refuse what changes something and does not come from a page of the session."""
        given = request.headers.get(HEADER, "")
        kind = request.headers.get("content-type", "").partition(";")[0].strip()
        if session is None or not hmac.compare_digest(
            given.encode(), self._sign("csrf", session).encode()
        ):
            return JSONResponse({"error": "session"}, 403)
        if kind != "application/json":
            return JSONResponse({"error": "type"}, 415)
        size = request.headers.get("content-length", "")
        if not size.isdigit() or int(size) > MOST:
            return JSONResponse({"error": "size"}, 413)
        return None

    async def _log_in(self, request: Request) -> Response:
        if request.method in _SAFE:
            return Response(self._login(False), media_type="text/html")
        size = request.headers.get("content-length", "")
        if not size.isdigit() or int(size) > MOST:
            return PlainTextResponse("too long", 413)
        given = parse_qs((await request.body()).decode("utf-8", "replace")).get("token", [""])[0]
        if not hmac.compare_digest(given.strip().encode(), str(self._token).encode()):
            await run_in_threadpool(_pause)
            return Response(self._login(True), 403, media_type="text/html")
        answer = RedirectResponse("/", 303)
        answer.headers["set-cookie"] = self._made_cookie(secrets.token_urlsafe(24))
        return answer

    def _session(self, request: Request) -> str | None:
        id_, _, signature = request.cookies.get(self._cookie, "").partition(".")
        sound = hmac.compare_digest(signature.encode(), self._sign("session", id_).encode())
        return id_ if id_ and sound else None

    def _made_cookie(self, session: str) -> str:
        value = f"{session}.{self._sign('session', session)}"
        return f"{self._cookie}={value}; HttpOnly; SameSite=Strict; Path=/"

    def _sign(self, what: str, value: str) -> str:
        return hmac.new(self._key, f"{what}:{value}".encode(), sha256).hexdigest()

    def _sending(self, send: Send, new: str | None) -> Send:
        """Return a `send` that adds what every answer has."""

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
                if new is not None:
                    headers.append("set-cookie", self._made_cookie(new))
            await send(message)

        return sending


def _turned_away(request: Request) -> Response:
    if request.method in _SAFE and not request.url.path.startswith("/api/"):
        return RedirectResponse(LOGIN, 303)
    return JSONResponse({"error": "session"}, 403)


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _pause() -> None:
    """Make guessing slow."""
    import time

    time.sleep(_WAIT)
