from __future__ import annotations

import re
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest

from ronten.evaluate.comparison import compare
from ronten.evaluate.errors_page import errors_page, mistakes

ATTACK = '<script>alert("x")</script>'


class Page(HTMLParser):
    """The elements of a page with their attributes, and the text of all articles."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.depth = 0
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.depth += tag == "article"

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag == "article"

    def handle_data(self, data: str) -> None:
        self.words += data if self.depth else ""

    def articles(self) -> list[dict[str, str | None]]:
        return [attrs for tag, attrs in self.tags if tag == "article"]


def test_every_mistake_once_and_nothing_else(make: SimpleNamespace) -> None:
    gold = make.article(
        make.claim((0, 10)),
        make.claim((20, 30), cue=(30, 32), source=(32, 34)),
        make.claim((40, 50)),
    )
    said = make.article(
        make.claim((0, 10)),
        make.claim((20, 29), type="policy", holder="k", cue=(35, 36), source=(32, 33)),
        make.claim((60, 70)),
    )
    found = list(mistakes(compare([gold], [said])))
    assert [(m.state, list(m.fields)) for m in found] == [
        ("wrong", ["content", "holder", "type", "cue"]),
        ("missed", []),
        ("spurious", []),
    ]
    page = Page(errors_page(compare([gold], [said])))
    assert [a["data-state"] for a in page.articles()] == ["wrong", "missed", "spurious"]


def test_sentence_and_marks(make: SimpleNamespace) -> None:
    text = "前の文だ。谷口氏は工期が延びると述べた。後の文だ。"
    gold = make.article(make.claim((9, 15), source=(5, 8), cue=(16, 18)), text=text)
    html = errors_page(compare([gold], [make.article(text=text)]))
    assert '<mark class="source">谷口氏</mark>は<mark class="content">工期が延びる</mark>' in html
    assert '<mark class="cue">述べ</mark>た。</p>' in html
    words = Page(html).words
    assert "前の文" not in words
    assert "後の文" not in words


def test_marks_may_overlap(make: SimpleNamespace) -> None:
    claim = make.claim((0, 6), source=(4, 8))
    html = errors_page(compare([make.article(claim)], [make.article()]))
    assert '<mark class="content">あいうえ</mark><mark class="content source">おか</mark>' in html
    assert '<mark class="source">きく</mark>' in html


@pytest.mark.parametrize("field", ["text", "id", "title", "genre", "name", "target"])
def test_everything_is_escaped(make: SimpleNamespace, field: str) -> None:
    text = ATTACK + "と述べた。" if field == "text" else "工期が延びると述べた。" + "あ" * 30
    name = ATTACK if field == "name" else "谷口"
    target = ATTACK if field == "target" else "増税"
    gold = make.article(
        make.claim((0, 6), stance={"target": target, "label": "favor"}),
        text=text,
        id=ATTACK if field == "id" else "one",
        targets=[target],
        metadata={key: ATTACK for key in ("title", "genre") if key == field},
        holders=[{"id": "t", "name": name, "kind": "person"}],
    )
    html = errors_page(compare([gold], []))
    assert ATTACK not in html
    assert ATTACK in Page(html).words or field == "genre"
    assert sum(tag == "script" for tag, _ in Page(html).tags) == 1


def test_control_characters_do_not_reach_the_page(make: SimpleNamespace) -> None:
    text = "工期が\x00延び\x1bる。"
    html = errors_page(compare([make.article(make.claim((0, 8)), text=text)], []))
    assert "\x00" not in html
    assert "\x1b" not in html


def test_page_needs_nothing_from_elsewhere(make: SimpleNamespace) -> None:
    gold = make.article(make.claim((0, 10)), metadata={"url": "https://example.org/a"})
    html = errors_page(compare([gold], [make.article()]))
    assert not re.search(r"(?:https?:)?//\w|@import|url\(", html)
    tags = Page(html).tags
    assert not [a for _, a in tags if {"src", "href"} & set(a)]
    assert "default-src 'none'" in str(tags)


def test_filters_offer_what_there_is(make: SimpleNamespace) -> None:
    gold = make.article(make.claim((0, 10)), metadata={"genre": "報道"})
    said = make.article(make.claim((0, 10), type="policy"))
    html = errors_page(compare([gold], [said]))
    options = [a["value"] for tag, a in Page(html).tags if tag == "option"]
    assert options == ["", "wrong", "", "type", "", "報道"]


def test_a_page_without_mistakes(make: SimpleNamespace) -> None:
    gold = make.article(make.claim((0, 10)))
    html = errors_page(compare([gold], [gold]))
    assert "0 of 1 claims in 1 articles" in html
    assert not Page(html).articles()
