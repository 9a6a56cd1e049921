"""The server: who is let in, what its pages show, what they may change."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from html import unescape
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

import ronten.review
from long_article import long_article
from ronten.corrections import State, Verdict
from ronten.errors import UsageError
from ronten.review import check_address, review, who_is
from ronten.review.app import listen
from ronten.review.desk import Desk, Opened
from ronten.review.guard import Hosts
from ronten.review.pages import ReviewPages
from ronten.review.text import blocks
from ronten.review.texts import ReviewTexts
from ronten.store import Store
from ronten.store.lock import lock
from ronten.types import Annotation, Attribution, ClaimType, Kind

Client = Any
TOKEN = "0123456789abcdef"


def data(page: str) -> dict[str, Any]:
    found = re.search(r'class="page-data">(.*?)</script>', page)
    assert found
    return json.loads(found[1])


# Who is let in


def test_a_page_sets_a_cookie_that_other_sites_cannot_use(client: Client) -> None:
    answer = client.get("/review.html")
    assert answer.status_code == 200
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8430", "127.0.0.1:80", "127.0.0.1", "", "localhost.evil:8430"],
)  # fmt: skip
def test_a_wrong_host_is_refused(client: Client, host: str) -> None:
    assert client.get("/review.html", host=host).status_code == 421


@pytest.mark.parametrize("host", ["localhost:8430", "[::1]:8430", "LOCALHOST:8430"])
def test_other_names_of_this_machine_are_known(client: Client, host: str) -> None:
    assert client.get("/review.html", host=host).status_code == 200


def test_what_an_address_is_known_by() -> None:
    assert Hosts("192.0.2.7", 80).knows("192.0.2.7")
    assert not Hosts("192.0.2.7", 80).knows("localhost")
    assert Hosts("0.0.0.0", 8000).knows("192.0.2.7:8000")
    assert not Hosts("0.0.0.0", 8000).knows("rebound.example:8000")
    assert Hosts("::", 8000).knows("[2001:db8::1]:8000")
    assert Hosts("desk.example", 8000).knows("desk.example:8000")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"x-ronten-csrf": ""}, 403),
        ({"x-ronten-csrf": "0" * 64}, 403),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "https://127.0.0.1:8430"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"content-type": "text/plain"}, 415),
    ],
)
def test_what_does_not_come_from_our_page_changes_nothing(
    client: Client, out: Path, headers: dict[str, str], status: int
) -> None:
    content = {"article": "two", "claim": claims(out)[0], "kind": "reject"}
    assert client.post("/api/decide", content, **headers).status_code == status
    with Store.open(out, read_only=True) as store:
        assert store.corrections.latest(5) == []


def claims(out: Path, article: str = "two") -> list[str]:
    with Store.open(out, read_only=True) as store:
        return [claim.id for claim in store.annotation(article).claims]


def test_nothing_is_changed_without_a_session(client: Client, out: Path) -> None:
    own = {"x-ronten-csrf": client.csrf, "origin": "http://127.0.0.1:8430"}
    client.http.cookies.clear()
    content = {"article": "two", "claim": claims(out)[0], "kind": "reject"}
    assert client.http.post("/api/decide", json=content, headers=own).status_code == 403
    client.http.cookies.set("ronten-review-8430", "made.up")
    assert client.http.post("/api/decide", json=content, headers=own).status_code == 403


def test_pages_of_other_sites_get_no_data(client: Client) -> None:
    script = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}
    assert client.get("/data/claims.js", **script).status_code == 403
    link = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    assert client.get("/review.html", **link).status_code == 200


def test_a_token_is_asked_for(desk: Desk, new_client: Any) -> None:
    client = new_client(desk, token=TOKEN)
    answer = client.get("/review.html")
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    own = {"origin": "http://127.0.0.1:8430"}
    assert client.http.post("/api/write", json={}, headers=own).status_code == 403
    assert "token" in client.get("/login").text
    assert client.http.post("/login", data={"token": TOKEN}).status_code == 403
    assert client.http.post("/login", data={"token": "x" * 16}, headers=own).status_code == 403
    assert client.get("/review.html").status_code == 303
    answer = client.http.post("/login", data={"token": TOKEN}, headers=own)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert client.get("/review.html").status_code == 200


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "::", "2001:db8::1"])
def test_other_machines_are_let_in_with_a_token_alone(out: Path, host: str) -> None:
    with pytest.raises(UsageError, match="give a --token"):
        review(out, host=host)
    check_address(host, TOKEN)
    with pytest.raises(UsageError, match="shorter than 16"):
        check_address(host, "short")


def test_this_machine_needs_no_token() -> None:
    for host in ("127.0.0.1", "::1", "localhost"):
        check_address(host, None)


def test_who_it_is() -> None:
    assert who_is(" 花子 ") == "花子"
    with pytest.raises(UsageError, match="--who"):
        who_is("a\nb")


# What pages show


def test_hostile_text_is_shown_and_never_run(client: Client, desk: Desk) -> None:
    (name,) = [n for n, id_ in desk.article_pages().items() if id_ not in ("two", "three")]
    for path in (f"/{name}", "/review.html", "/positions.html"):
        page = client.get(path).text
        assert "<script>alert" not in page
        assert "<img" not in page
        assert "<b>誠" not in page
        assert "規制は産業を弱める" in page
    shown = data(client.get(f"/{name}").text)
    assert shown["article"] == "../<a>&\"'"
    assert shown["holders"][0]["name"] == "大原<b>誠</b>"


def test_every_piece_of_text_knows_its_offset(client: Client, desk: Desk) -> None:
    for name, id_ in desk.article_pages().items():
        page = client.get(f"/{name}").text
        text = desk.article(id_).annotation.text
        pieces = re.findall(r'<span data-at="(\d+)"[^>]*>([^<]*)</span>', page)
        assert pieces
        for start, shown in pieces:
            found = unescape(shown)
            assert text[int(start) : int(start) + len(found)] == found
        shown_text = "".join(unescape(piece) for _, piece in pieces)
        assert shown_text == text.replace("\n", "")


def test_a_marker_stays_in_its_line() -> None:
    text = "# 見出し\n\n- 一つ。\n二つ。\n---\n三つ。"
    found = Annotation.model_validate({"id": "x", "text": text, "holders": []})
    shown = [re.sub("<[^>]*>", "", str(block.html)) for block in blocks(found, [])]
    assert shown[:2] == ["# 見出し", "- 一つ。"]
    assert "".join(shown) == text.replace("\n", "")


def test_a_long_article_is_quick() -> None:
    opened = Opened(Annotation.model_validate(long_article()), [], [])
    begun = time.perf_counter()
    page = ReviewPages(ReviewTexts("ja")).article(opened, unwritten=False)
    assert time.perf_counter() - begun < 20
    assert str(page.main).count("data-starts=") == 10_000


def test_the_report_is_served_and_leads_to_the_review(client: Client) -> None:
    for page in ("index.html", "authors.html", "topics.html", "articles.html", "search.html"):
        answer = client.get(f"/{page}")
        assert answer.status_code == 200
        assert 'href="review.html"' in answer.text
    listed = client.get("/articles.html").text
    (link,) = re.findall(r'href="(articles/[^"]*)"[^>]*><bdi lang="ja">続報', listed)
    assert "data-text" in client.get(f"/{link}").text
    authors = re.findall(r'href="(authors/[^"]*)"', client.get("/authors.html").text)
    assert client.get(f"/{authors[0]}").status_code == 200
    topics = re.findall(r'href="(topics/[^"]*)"', client.get("/topics.html").text)
    assert all(client.get(f"/{topic}").status_code == 200 for topic in topics)
    for asset in ("style.css", "review.css", "report.js", "review.js", "theme.js"):
        assert client.get(f"/assets/{asset}").status_code == 200
    assert "rontenClaims" in client.get("/data/claims.js").text


@pytest.mark.parametrize(
    "path",
    ["/no.html", "/articles/no.html", "/positions/p-0.html", "/authors/no.html", "/assets/no.js",
     "/articles/%2e%2e%2fno", "/../no"],
)  # fmt: skip
def test_there_is_no_such_page(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_queue_begins_with_what_is_least_sure(client: Client, out: Path) -> None:
    page = client.get("/review.html").text
    assert "0 of 8 reviewed" in page
    first = re.search(r"<ol.*?<blockquote[^>]*><a[^>]*>([^<]*)", page, re.S)
    assert first
    assert first[1] == "おそらく雨だ。"
    content = {"article": "two", "claim": claims(out)[-1], "kind": "accept"}
    assert client.post("/api/decide", content).status_code == 200
    page = client.get("/review.html").text
    assert "1 of 8 reviewed" in page
    assert "The files" not in page
    assert "corrections that the files do not show" in page


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_every_text_is_there(lang: str) -> None:
    folder = Path(ronten.review.__file__).parent
    texts = ReviewTexts(lang)
    known = texts.all()
    assert all(known.values())
    for path in [*folder.rglob("*.jinja"), *folder.rglob("*.js"), *folder.rglob("*.py")]:
        found = re.findall(
            r"""\b(?:t|text|texts|row|labelled)\("(\w+)"[,)]""", path.read_text("utf-8")
        )
        assert [key for key in found if key not in known] == [], path
    for kind in (*Kind, *ClaimType, *Attribution):
        assert texts(kind.value)
    for kind in (*Verdict, *State):
        assert kind == State.ACTIVE or texts(f"state_{kind.value}")


# What they change


def test_deciding_gives_back_the_article(client: Client, out: Path) -> None:
    first = claims(out)[0]
    answer = client.post("/api/decide", {"article": "two", "claim": first, "kind": "accept"})
    assert answer.json()["claim"] == first
    assert data(answer.json()["main"])["items"][0]["mark"]["verdict"] == "accept"
    answer = client.post("/api/decide", {"article": "two", "claim": first, "kind": "reject"})
    assert answer.json()["claim"] is None
    assert len(data(answer.json()["main"])["items"]) == 3


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"content": [[0, 10_000]]}, "span"),
        ({"content": [[5, 5]]}, "span"),
        ({"content": [[-1, 5]]}, "span"),
        ({"content": [[True, 5]]}, "span"),
        ({"content": [[5, 8], [6, 9]]}, "span"),
        ({"content": [[6, 8]]}, "span"),
        ({"content": []}, "span"),
        ({"content": "all"}, "span"),
        ({"type": "opinion"}, "value"),
        ({"attribution": None}, "value"),
        ({"holder": {"name": "", "kind": "person"}}, "holder"),
        ({"holder": {"name": "誰か", "kind": "unspecified"}}, "holder"),
        ({"holder": {"name": "誰か", "kind": "robot"}}, "holder"),
        ({"holder": "h1"}, "holder"),
        ({"stances": {"規制": "maybe"}}, "value"),
        ({"stances": {"": "favor"}}, "value"),
        ({"stances": ["規制"]}, "value"),
        ({"confidence": 1}, "value"),
        ({}, "value"),
    ],
)
def test_wrong_values_are_refused(
    client: Client, out: Path, fields: dict[str, Any], error: str
) -> None:
    content = {"article": "two", "claim": claims(out)[0], "kind": "edit", "fields": fields}
    answer = client.post("/api/decide", content)
    assert (answer.status_code, answer.json()["error"]) == (400, error)
    with Store.open(out, read_only=True) as store:
        assert store.corrections.latest(5) == []


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("decide", {"article": "no", "claim": "no", "kind": "accept"}),
        ("decide", {"article": "two", "claim": "no", "kind": "accept"}),
        ("decide", {"article": 2}),
        ("decide", []),
        ("decide", {"article": "two", "claim": "x", "kind": "edit", "fields": [1]}),
        ("add", {"article": "no", "fields": {}}),
        ("add", {"article": "two", "fields": {"type": "fact"}}),
        ("add", {"article": "two"}),
        ("undo", {"correction": 7}),
        ("undo", {"correction": "1"}),
        ("position", {"op": "paint"}),
        ("position", {"op": "split", "claim": "no"}),
        ("position", {"op": "merge", "from": "p-1", "into": "p-2"}),
        ("position", {"op": "merge", "from": "p-1", "into": "p-1"}),
    ],
)
def test_what_is_not_there_is_refused(client: Client, path: str, content: Any) -> None:
    answer = client.post(f"/api/{path}", content)
    assert answer.status_code == 400
    assert answer.json()["message"]


@pytest.mark.parametrize(
    "body", ["{", "[]", '{"article": "\\ud800", "claim": "", "kind": "reject"}']
)
def test_what_is_no_sound_json_is_refused(client: Client, body: str) -> None:
    own = {"x-ronten-csrf": client.csrf, "origin": "http://127.0.0.1:8430"}
    own |= {"content-type": "application/json"}
    assert client.http.post("/api/decide", content=body, headers=own).status_code == 400


def test_a_folder_that_a_run_writes_to_is_said_to_be_locked(client: Client, out: Path) -> None:
    first = claims(out)[0]
    with lock(out):
        answer = client.post("/api/decide", {"article": "two", "claim": first, "kind": "accept"})
    assert (answer.status_code, answer.json()["error"]) == (423, "locked")
    assert "Try again" in answer.json()["message"]
    answer = client.post("/api/decide", {"article": "two", "claim": first, "kind": "accept"})
    assert answer.status_code == 200


def test_files_are_written_by_the_button(client: Client, out: Path) -> None:
    first = claims(out)[0]
    client.post("/api/decide", {"article": "two", "claim": first, "kind": "reject"})
    before = (out / "annotations.jsonl").read_bytes()
    assert client.post("/api/write", {}).json()["files"] > 0
    assert (out / "annotations.jsonl").read_bytes() != before
    assert client.post("/api/write", {}).json()["files"] == 0


def test_files_are_written_when_the_review_ends(client: Client, out: Path) -> None:
    with client.http:
        first = claims(out)[0]
        client.post("/api/decide", {"article": "two", "claim": first, "kind": "reject"})
        before = (out / "annotations.jsonl").read_bytes()
    assert (out / "annotations.jsonl").read_bytes() != before


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_the_command_prints_its_address_and_ends_when_told(out: Path, ending: int) -> None:
    command = [sys.executable, "-c", "from ronten.cli import main; main()"]
    arguments = ["review", str(out), "--port", "0", "--who", "花子"]
    with subprocess.Popen([*command, *arguments], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        address = process.stdout.readline().strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", address)
        with urlopen(f"{address}review.html", timeout=30) as answer:
            assert "花子" not in answer.read().decode()
        process.send_signal(ending)
        assert process.wait(30) == 0


def test_a_port_that_is_taken_is_said(out: Path) -> None:
    with listen("127.0.0.1", 0) as taken:
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match="give another --port"):
            review(out, port=port)


def test_a_folder_without_a_run_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no finished run here"):
        review(tmp_path, port=0)
