"""A dataset with hostile texts, its reports, and tabs to look at them in."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest

import fake_extraction
from ronten import embed
from ronten.report import report
from ronten.run import run
from ronten.types import Annotation, Article, Figure, Stance

ATTACK = "<script>alert(1)</script></script><img src=x onerror=alert(2)>&amp;\u2028\"'"
NAME = "大原<img src=x onerror=alert(3)>誠"
ROWS: list[dict[str, Any]] = [
    {
        "id": "../../<id>&\"'",
        "title": ATTACK,
        "published": "2025-03-01",
        "source": "<b>新聞</b>",
        "url": "javascript:alert(4)",
        "authors": ["</script><script>alert(5)</script>"],
        "text": f"# 見出し{ATTACK}\n\n{NAME}「規制は産業を弱める{ATTACK}」と述べた。\n"
        "- 逆\u202e順\u0000と\u0007。",
    },
    {
        "id": "two",
        "title": "需要の見通し",
        "published": "2025-04-10",
        "source": "潮路新聞",
        "url": "https://example.com/2?a=1&b=<2>",
        "text": "大原誠「規制は産業を弱める」と述べた。\n\n"
        "リタ・モーガン「規制は安全を守る」と述べた。\n\n"
        "深星「来年の需要は30%増える」と述べた。\n"
        "リタ・モーガン「来年の需要は50%増える」と述べた。",
    },
    {
        "id": "three",
        "title": '=HYPERLINK("x")',
        "published": "2025-06-20",
        "text": "大原誠「規制は安全を守る」と述べた。\n大原誠「=1+1は２ＡＩだ」と述べた。\n"
        "専門家「ﾃﾞｰﾀは深星に足りる」と述べた。",
    },
    {
        "id": "many",
        "published": "2025",
        "text": "\n".join(f"リタ・モーガン「論点{i}は大切だ」と述べた。" for i in range(60)),
    },
    {"id": "english", "text": "Nobody said anything in Japanese here. " * 10},
    {"id": "blank", "text": " "},
]
_annotation = fake_extraction.annotation


def _rich(article: Article) -> Annotation:
    """The stand-in's annotation with sources, cues, sides and figures."""
    found = _annotation(article)
    claims, figures = [], []
    for claim in found.claims:
        (start, end), (line, _) = claim.content[0], claim.sentence or claim.content[0]
        said, content = claim.attribution == "direct", article.text[start:end]
        label = "against" if "弱める" in content else "favor" if "守る" in content else "none"
        more = {
            "source": (line, start - 1) if said else None,
            "cue": (end + 2, end + 4) if said else None,
            "stances": [Stance(target="規制", label=label, score=0.9)],
            "check_worthiness": 0.25,
        }
        claims.append(claim.model_copy(update=more))
        for match in re.finditer(r"(\d+)%", content):
            value = int(match[1])
            span = (start + match.start(), start + match.end())
            figure = Figure(span=span, kind="percent", low=value, high=value, measures="需要")
            figures.append(figure.model_copy(update={"claim": claim.id}))
    return found.model_copy(update={"claims": claims, "figures": figures})


def _vectors(texts: list[str]) -> np.ndarray:
    """Return the letters of texts as vectors: alike where texts are."""
    counts = np.zeros((len(texts), 64), dtype=np.float32)
    for row, text in enumerate(texts):
        for char in text:
            counts[row, ord(char) % 64] += 1
    return counts / np.linalg.norm(counts, axis=1, keepdims=True)


LETTERS = embed.Embedder(fingerprint="letters", dim=64, run=_vectors)


def dataset(folder: Path, rows: list[dict[str, Any]]) -> Path:
    """Run over rows with the stand-in extraction; return the output folder."""
    (folder / "in").mkdir(parents=True)
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    (folder / "in" / "rows.jsonl").write_text(lines, "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "ronten.extraction", fake_extraction)
        patch.setattr(embed, "load_embedder", lambda *_, **__: LETTERS)
        patch.setattr(fake_extraction, "annotation", _rich)
        run([folder / "in"], folder / "out")
    return folder / "out"


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return dataset(tmp_path_factory.mktemp("report"), ROWS)


@pytest.fixture
def make_dataset() -> Callable[[Path, list[dict[str, Any]]], Path]:
    """What makes an output folder of rows."""
    return dataset


@pytest.fixture(scope="session")
def pages(folder: Path) -> Path:
    """The report as a folder."""
    report(folder)
    return folder / "report"


@pytest.fixture(scope="session")
def single(folder: Path) -> Path:
    """The report as one file, in English."""
    report(folder, single=True, lang="en")
    return folder / "report.html"


@dataclass
class Tab:
    """A tab that notes whatever should never happen: dialogs, errors, blocked scripts, requests."""

    page: Any
    trouble: list[str] = field(default_factory=list)

    def open(self, path: Path, fragment: str = "") -> Any:
        """Go to a file and return the page."""
        self.page.goto(f"file://{quote(str(path))}{fragment}")
        return self.page


@pytest.fixture
def tab(browser: Any) -> Iterator[Tab]:
    yield from _tab(browser, width=1280, height=900)


@pytest.fixture
def phone(browser: Any) -> Iterator[Tab]:
    yield from _tab(browser, width=360, height=740)


@pytest.fixture
def dark(browser: Any) -> Iterator[Tab]:
    yield from _tab(browser, width=1280, height=900, scheme="dark")


def _tab(browser: Any, *, width: int, height: int, scheme: str = "light") -> Iterator[Tab]:
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, accept_downloads=True
    )
    context.set_default_timeout(20_000)
    tab = Tab(context.new_page())

    def dialog(shown: Any) -> None:
        tab.trouble.append(f"dialog: {shown.message}")
        shown.dismiss()

    tab.page.on("dialog", dialog)
    tab.page.on("pageerror", lambda error: tab.trouble.append(f"error: {error}"))
    tab.page.on("console", lambda said: tab.trouble.append(f"console: {said.text}"))

    def request(sent: Any) -> None:
        if not sent.url.startswith(("file:", "blob:", "data:")):
            tab.trouble.append(f"request: {sent.url}")

    tab.page.on("request", request)
    yield tab
    context.close()
    assert tab.trouble == []
