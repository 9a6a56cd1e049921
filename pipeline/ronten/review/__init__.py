"""Reviewing an output folder in the browser: claims accepted, rejected and corrected.

Decisions are kept in the dataset as corrections (`ronten.corrections`), applied again whenever an
article is annotated anew, and shown in everything that is written from the dataset.
"""

from __future__ import annotations

import getpass
import signal
import socket
import threading
from collections.abc import Callable
from contextlib import contextmanager, suppress
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

from ronten.errors import Locked, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

LOOPBACK = "127.0.0.1"
PORT = 8430
SHORTEST = 16
"""Characters of a token at least."""


def review(
    folder: Path,
    *,
    host: str = LOOPBACK,
    port: int = PORT,
    token: str | None = None,
    who: str | None = None,
    lang: str = "ja",
    ready: Callable[[str], None] | None = None,
) -> None:
    """Serve the pages of an output folder until interrupted, then write its files.

    Args:
        host: address to listen on; any but this machine's own takes a `token`.
        port: 0 takes a free one.
        token: what visitors have to give once.
        who: name that is noted with every correction; that of the user if None.
        ready: called with the address as soon as it can be opened.

    Raises:
        UsageError: there is no dataset, the address cannot be used, or a token is missing.
        StoreError: another schema wrote the dataset.
    """
    import uvicorn

    from ronten.review.app import listen, make_app
    from ronten.review.desk import Desk
    from ronten.review.texts import ReviewTexts

    texts = ReviewTexts(lang)
    check_address(host, token)
    desk = Desk(folder, who_is(who))
    with suppress(Locked), desk.reading():
        pass  # whatever is wrong with the folder is said here; a run may go on meanwhile
    try:
        listening = listen(host.strip("[]"), port)
    except (OSError, OverflowError) as error:
        said = getattr(error, "strerror", None) or error
        raise UsageError(
            f"{host}, port {port}: cannot be listened on ({said}); give another --port or --host"
        ) from error
    with listening:
        port = listening.getsockname()[1]
        app = make_app(desk, texts, host=host, port=port, token=token)
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=5,
            lifespan="on",
        )
        if ready is not None:
            listening.listen()
            ready(f"http://{_in_url(host)}:{port}/")
        with _ended_by_signals():
            uvicorn.Server(config).run(sockets=[listening])


def check_address(host: str, token: str | None) -> None:
    """Raise `UsageError` where an address that others can reach comes without a good token."""
    if token is not None and len(token) < SHORTEST:
        raise UsageError(f"--token: shorter than {SHORTEST} characters; give a longer one")
    if token is None and not is_loopback(host):
        raise UsageError(
            f"--host {host}: can be reached from other machines; give a --token that visitors have "
            f"to know, or leave --host out"
        )


def is_loopback(host: str) -> bool:
    """Tell whether an address, or all addresses of a name, belong to this machine alone."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        pass
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return False
    return bool(found) and all(ip_address(str(entry[4][0])).is_loopback for entry in found)


def who_is(name: str | None) -> str:
    """Return the name that corrections are noted under. Raises `UsageError` for a strange one."""
    if name is None:
        try:
            name = getpass.getuser()
        except (OSError, KeyError):
            raise UsageError("nobody is logged in here by name; give --who NAME") from None
    name = name.strip()
    if not name or len(name) > 100 or any(ord(char) < 32 for char in name):
        raise UsageError("--who: give a name of 1 to 100 characters")
    return name


def _in_url(host: str) -> str:
    host = host.strip("[]")
    return f"[{host}]" if ":" in host else host


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Take Ctrl-C and SIGTERM, which the server raises again when it has ended, as the end."""
    if threading.current_thread() is not threading.main_thread():
        yield  # signals go to the main thread alone
        return
    before = signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        with suppress(KeyboardInterrupt):
            yield
    finally:
        signal.signal(signal.SIGTERM, before)
