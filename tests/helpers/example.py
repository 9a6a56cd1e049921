"""A small dataset with something in every table, made by a run with the stand-in extraction."""

from __future__ import annotations

import atexit
import json
import re
import shutil
import tempfile
from functools import cache
from pathlib import Path

import pytest

import fake_extraction
from ronten.run import run
from ronten.types import Annotation, Article, Figure, Stance

TARGET = "輸出規制"
STORY = (
    "大原誠「輸出規制は産業を弱める」と述べた。\n県は九日、老朽化した橋の架け替えを三年早めて来年度に始める。"
    "通行止めの間は迂回路を設け、バスの便を増やす。費用は四十億円を見込み、国の補助金で半分を賄う。"
)
ROWS = [
    {
        "id": "one",
        "text": STORY,
        "title": "橋の話",
        "published": "2025-03-01",
        "source": "潮路新聞",
        "url": "https://example.com/1",
        "genre": "news",
        "authors": ["記者、甲", "乙"],
    },
    {"id": "two", "text": STORY + "\n写真は完成予想図。", "published": "2025-03-02"},
    {
        "id": "three",
        "text": "大原誠「=1+1は2だ」と述べた。\n深星「輸出規制を急ぐ」と述べた。\n"
        "リタ・モーガン、大原誠「+500人を雇う」と述べた。\n首相「@電力は足りる」と述べた。",
        "published": "2025-04-10",
        "title": "=HYPERLINK(“x”)",
    },
    {
        "id": "four",
        "text": "首相「'電力'は\u0085足りる」と述べた。\n専門家「2025年に😀500人増える」と述べた。",
    },
]
_annotation = fake_extraction.annotation


def make(folder: Path, patch: pytest.MonkeyPatch, rows: list[dict[str, object]] = ROWS) -> Path:
    """Run over some rows; needs the fixture `extraction`. Returns the output folder."""
    patch.setattr(fake_extraction, "annotation", _rich)
    shutil.copytree(
        _made("".join(json.dumps(row) + "\n" for row in rows)), folder, dirs_exist_ok=True
    )
    return folder / "out"


@cache
def _made(lines: str) -> Path:
    """Run once over the same rows; tests get copies."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder)
    (folder / "in").mkdir()
    (folder / "in" / "rows.jsonl").write_text(lines, encoding="utf-8")
    run([folder / "in"], folder / "out")
    return folder


def _rich(article: Article) -> Annotation:
    """The stand-in's annotation with sources, cues, stances and figures."""
    found = _annotation(article)
    text = article.text
    claims = []
    for claim in found.claims:
        (start, end), (line, _) = claim.content[0], claim.sentence or claim.content[0]
        said = claim.attribution == "direct"
        content = text[start:end]
        label = "none" if TARGET not in content else "against" if "弱める" in content else "favor"
        more = {
            "source": (line, start - 1) if said else None,
            "cue": (end + 2, end + 4) if said else None,
            "stances": [Stance(target=TARGET, label=label, score=0.123456)],
        }
        claims.append(claim.model_copy(update=more))
    figures = [
        Figure(span=m.span(), kind="count", low=int(m[1]), high=int(m[1]), unit="人")
        for m in re.finditer(r"(\d+)人", text)
    ]
    figures += [
        Figure(span=m.span(), kind="date", low=f"{m[1]}-01-01", high=f"{m[1]}-12-31")
        for m in re.finditer(r"(\d{4})年", text)
    ]
    held = [
        f.model_copy(update={"claim": c.id})
        for f in figures
        for c in claims
        if c.content[0][0] <= f.span[0] and f.span[1] <= c.content[0][1]
    ]
    return found.model_copy(update={"claims": claims, "figures": held})
