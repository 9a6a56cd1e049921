"""Files of one article: stored text and the metadata that stands in the file."""

from __future__ import annotations

import logging
import socket
from typing import Any

import pytest

from ronten.errors import Reason
from ronten.read.markup import html, markdown, text
from ronten.read.refused import Refused

SENTENCE = "半導体の輸出規制について、山田氏は会見で「効果はある」と述べた。"


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("network access")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def page(head: str = "", body: str = "", charset: str = "") -> str:
    paragraphs = "".join(f"<p>第{number}に、{SENTENCE}</p>\n" for number in "一二三四五")
    return (
        f"<!DOCTYPE html>\n<html lang='ja'><head>{charset}<title>規制の行方</title>{head}</head>"
        f"<body><nav><a href='/'>ホーム</a></nav><article><h1>規制の行方</h1>{paragraphs}{body}"
        "</article><footer>著作権表示</footer></body></html>"
    )


def test_plain_text_is_untouched() -> None:
    assert text(b"---\r\na: b\r\n---\r\n\r\n") == ("---\r\na: b\r\n---\r\n\r\n", {})


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("end", ["---", "...", "---  "])
def test_front_matter(newline: str, end: str) -> None:
    front = ["---", "title: 規制の行方", "authors: [山田太郎, 鈴木花子]", "id: 007", "draft: false"]
    source = newline.join([*front, "source:", "tags: [a]", end, "", "# 見出し", "本文---", ""])
    assert markdown(source.encode()) == (
        newline.join(["", "# 見出し", "本文---", ""]),
        {"title": "規制の行方", "authors": ["山田太郎", "鈴木花子"], "id": "007", "draft": "false"},
    )


@pytest.mark.parametrize(
    ("front", "said"),
    [
        ("", {}),
        ("\n", {}),
        (
            "date: 2025-01-31\nauthor: 山田太郎\n",
            {"published": "2025-01-31", "authors": ["山田太郎"]},
        ),
        ("date: 2025-01-31 10:00:00 +0900\n", {"published": "2025-01-31T10:00:00+09:00"}),
        ("author: null\ntitle: ~\n", {}),
        ("text: 偽の本文\n", {}),
        ("title: |\n  --- 続き\n", {"title": "--- 続き\n"}),
    ],
)
def test_front_matter_values(front: str, said: dict[str, Any]) -> None:
    assert markdown(f"---\n{front}---\n本文".encode()) == ("本文", said)


@pytest.mark.parametrize(
    "source",
    [
        "---\n本文である。\n---\n続き",
        "----\na: b\n---\n",
        "---\n閉じない\n",
        " ---\na: b\n---\n",
        "本文\n---\na: b\n---",
    ],
)
def test_rules_are_no_front_matter(source: str) -> None:
    assert markdown(source.encode()) == (source, {})


@pytest.mark.parametrize(
    "front",
    [
        "title: [閉じない",
        "a: b: c",
        "\tx: 1",
        "published: 昨日",
        "authors: {a: b}",
        "a: \0",
        "&a [*a]: x",
    ],
)
def test_bad_front_matter(front: str) -> None:
    with pytest.raises(Refused, match=r"^front matter: ") as refusal:
        markdown(f"---\n{front}\n---\n本文".encode())
    assert refusal.value.reason == Reason.INVALID_ROW


def test_html_gives_paragraphs_and_no_navigation() -> None:
    stored, said = html(page(body="<ul><li>項目である</li></ul>").encode())
    lines = stored.split("\n")
    assert f"第三に、{SENTENCE}" in lines
    assert "- 項目である" in lines
    assert "ホーム" not in stored
    assert "著作権" not in stored
    assert said == {"title": "規制の行方"}


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("<meta name='author' content='山田太郎'>", {"authors": ["山田太郎"]}),
        (
            "<meta name='author' content='山田太郎、鈴木花子'>",
            {"authors": ["山田太郎", "鈴木花子"]},
        ),
        ("<meta property='og:site_name' content='例新聞'>", {"source": "例新聞"}),
        (
            "<meta property='article:published_time' content='2025-01-31T10:00:00+09:00'>",
            {"published": "2025-01-31"},
        ),
        (
            "<script type='application/ld+json'>"
            '{"@context":"https://schema.org","@type":"NewsArticle","headline":"規制の行方",'
            '"datePublished":"2025-02-03","author":{"@type":"Person","name":"鈴木花子"}}</script>',
            {"published": "2025-02-03", "authors": ["鈴木花子"]},
        ),
        (
            "<link rel='canonical' href='https://example.com/a'>",
            {"url": "https://example.com/a", "source": "example.com"},
        ),
    ],
)
def test_html_metadata(head: str, said: dict[str, Any]) -> None:
    assert html(page(head).encode())[1] == {"title": "規制の行方"} | said


def test_html_dates_in_prose_and_in_the_future() -> None:
    body = "<p>2019-03-05に法律が成立した。</p><ul><li>2018-01-02</li></ul>"
    assert "published" not in html(page(body=body).encode())[1]
    marked = "<meta property='article:published_time' content='2099-01-31'>"
    assert html(page(marked, body).encode())[1]["published"] == "2099-01-31"


@pytest.mark.parametrize("codec", ["utf-8", "cp932", "euc_jp", "iso2022_jp", "utf-16"])
@pytest.mark.parametrize(
    "charset",
    [
        "",
        "<meta charset='utf-8'>",
        "<meta charset=Shift_JIS>",
        '<meta http-equiv="Content-Type" content="text/html; charset=EUC-JP">',
        "<meta charset='iso-8859-1'>",
    ],
)
def test_html_encoding_declared_rightly_wrongly_or_not(codec: str, charset: str) -> None:
    plain, _ = html(page().encode())
    assert html(page(charset=charset).encode(codec))[0] == plain


def test_xhtml_with_xml_declaration() -> None:
    plain, _ = html(page().encode())
    source = '<?xml version="1.0" encoding="EUC-JP"?>\n' + page()
    assert html(source.encode("euc_jp"))[0] == plain


def test_html_fragment_without_html_tag() -> None:
    assert html(f"<p>{SENTENCE}</p>".encode())[0] == SENTENCE


@pytest.mark.parametrize("source", ["<html><body></body></html>", "<!-- -->", "<p></p>"])
def test_html_without_text_is_refused_quietly(
    source: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(logging.root, "handlers", [])
    with pytest.raises(Refused) as refusal:
        html(source.encode())
    assert refusal.value.reason == Reason.NO_TEXT
    assert capfd.readouterr() == ("", "")


def test_html_with_nul_and_deep_nesting() -> None:
    assert SENTENCE in html(page(body="<p>\0続き</p>").encode())[0]
    nested = "<div>" * 5000 + f"<p>奥に、{SENTENCE}</p>" + "</div>" * 5000
    assert f"第一に、{SENTENCE}" in html(page(body=nested).encode())[0]
