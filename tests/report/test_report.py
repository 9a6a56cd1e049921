from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import pytest

import ronten
from long_article import long_article
from ronten.errors import UsageError
from ronten.report import charts, data, marks, overview, report
from ronten.report.charts import SIDES
from ronten.report.names import article_page, at, in_folder, safe_url
from ronten.report.pages import Pages, script_json
from ronten.report.texts import _TEXTS, Texts
from ronten.report.views import Views
from ronten.types import Annotation

Make = Callable[[Path, list[dict[str, Any]]], Path]


class Reader(HTMLParser):
    """Notes the elements, ids, addresses and text of a page."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(page.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def addresses(self) -> list[str]:
        keys = ("href", "src")
        return [
            v for _, attrs in self.tags for k, v in attrs.items() if k in keys and v is not None
        ]


def files(folder: Path) -> dict[str, bytes]:
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def html(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.html"))


def annotation(text: str, **more: object) -> Annotation:
    return Annotation.model_validate({"id": "x", "text": text, "holders": [], **more})


def test_every_page_is_there(folder: Path, pages: Path) -> None:
    index = json.loads((folder / "index.json").read_text("utf-8"))
    assert len(list((pages / "authors").iterdir())) == len(index["authors"])
    assert len(list((pages / "articles").iterdir())) == 4
    names = {path.name for path in pages.glob("*.html")}
    assert names == {
        "index.html", "authors.html", "topics.html", "articles.html", "search.html"
    }  # fmt: skip


def test_the_overview_says_what_was_processed_and_rejected(pages: Path) -> None:
    said = "".join(Reader(pages / "index.html").text)
    assert "4 本の記事" in said
    assert "日本語ではない" in said
    assert "文章がない" in said
    assert "rows.jsonl" in said


def test_an_author_page_has_shifts_opponents_and_disputes(pages: Path) -> None:
    (page,) = (p for p in html(pages / "authors") if p.name.startswith("大原誠-"))
    said = "".join(Reader(page).text)
    assert "立場の変化" in said
    assert "2025-04-10" in said
    (page,) = (p for p in html(pages / "authors") if p.name.startswith("リタ"))
    said = "".join(Reader(page).text)
    assert "反対の立場の人" in said
    assert "食い違う数値" in said
    assert "30%" in said
    assert "論点59は大切だ" in said


def test_links_lead_to_pages_that_exist(pages: Path) -> None:
    found = 0
    for page in html(pages):
        base = page.as_uri()
        for address in Reader(page).addresses():
            parts = urlsplit(urljoin(base, address))
            if parts.scheme == "file":
                assert Path(unquote(parts.path)).exists(), (page, address)
                found += 1
            else:
                assert parts.scheme in ("https", "data"), address
    assert found > 100


def test_links_lead_to_pages_of_the_one_file(single: Path) -> None:
    reader = Reader(single)
    names = {a["data-page"] for tag, a in reader.tags if tag == "template"}
    ids = {attrs.get("id") for _, attrs in reader.tags}
    for address in reader.addresses():
        parts = urlsplit(address)
        if not parts.scheme:
            assert address.startswith("#"), address
            name = unquote(address[1:].split("#")[0])
            assert name in names or name in ids, address


def test_nothing_of_the_data_becomes_markup(pages: Path, single: Path) -> None:
    for page in [*html(pages), single]:
        reader = Reader(page)
        assert not [tag for tag, _ in reader.tags if tag in ("img", "iframe", "object", "b>")]
        handlers = [k for _, attrs in reader.tags for k in attrs if k.startswith("on")]
        assert handlers == []
        scripts = [a for tag, a in reader.tags if tag == "script"]
        assert all(a.get("src") or a.get("type") or page == single for a in scripts)
        assert not any("javascript:" in address for address in reader.addresses())
        text = page.read_text("utf-8")
        assert not re.search("[\0\x07]", text)
        assert not re.search(
            "[\u2028\u2029]", "".join(re.findall("<script.*?</script>", text, re.S))
        )


def test_script_json_ends_no_element() -> None:
    text = script_json({"<!--": "</script>\u2028\u2029&"})
    assert not re.search("[<>&\u2028\u2029]", text)
    assert json.loads(text) == {"<!--": "</script>\u2028\u2029&"}


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://example.com/a?b=1", True),
        ("HTTP://例え.jp/", True),
        ("javascript:alert(1)", False),
        ("java\nscript:alert(1)", False),
        (" javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//example.com", False),
        ("https:", False),
        ("http://[", False),
        ("", False),
        (None, False),
    ],
)
def test_only_web_addresses_are_links(url: str | None, safe: bool) -> None:
    assert (safe_url(url) == url and url is not None) is safe


def test_page_names_are_safe() -> None:
    name = article_page('a/../b\\c:d*?"<>|\0', "../../etc/passwd")
    assert re.fullmatch(r"articles/a-b-c-d-[0-9a-f]{12}\.html", name)
    assert article_page(None, "x") != article_page(None, "X")
    assert at(author="甲 乙&c", topic="") == "author=%E7%94%B2%20%E4%B9%99%26c"


def test_the_same_folder_gives_the_same_bytes(folder: Path, pages: Path, tmp_path: Path) -> None:
    report(folder, tmp_path / "again")
    assert files(tmp_path / "again") == files(pages)


def test_old_pages_disappear_and_foreign_folders_stay(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "report"
    report(folder, out)
    manifest = json.loads((out / "report.json").read_text("utf-8"))
    (out / "authors" / "gone.html").write_text("x", "utf-8")
    manifest["files"].append("authors/gone.html")
    (out / "report.json").write_text(json.dumps(manifest), "utf-8")
    report(folder, out)
    assert not (out / "authors" / "gone.html").exists()
    (out / "mine.txt").write_text("x", "utf-8")
    with pytest.raises(UsageError, match=r"holds what no report wrote \(mine.txt\)"):
        report(folder, out)
    assert (out / "index.html").exists()
    assert not list(tmp_path.glob(".*"))


def test_a_foreign_file_stays(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "page.html"
    out.write_text("<p>mine", "utf-8")
    with pytest.raises(UsageError, match="no report wrote"):
        report(folder, out, single=True)
    with pytest.raises(UsageError, match="is a folder"):
        report(folder, tmp_path, single=True)
    with pytest.raises(UsageError, match="is a file"):
        report(folder, out)
    assert out.read_text("utf-8") == "<p>mine"


def test_a_report_that_fails_leaves_the_old_one(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "report"
    report(folder, out)
    before = files(out)

    def broken(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Pages, "overview", broken)
    with pytest.raises(KeyboardInterrupt):
        report(folder, out)
    assert files(out) == before
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


def test_a_folder_without_a_finished_run_is_named(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="ronten run"):
        report(tmp_path)
    with pytest.raises(UsageError, match="unknown language 'fr'"):
        report(folder, tmp_path / "x", lang="fr")


def test_english(folder: Path, tmp_path: Path) -> None:
    report(folder, tmp_path / "report", lang="en")
    for name in ("index.html", "search.html", "authors.html", "topics.html", "articles.html"):
        page = Reader(tmp_path / "report" / name)
        assert ("html", {"lang": "en"}) in page.tags
        said = "".join(page.text)
        assert "検索" not in said
        assert "記事" not in said


def test_one_file_says_that_it_needs_scripts(pages: Path, single: Path) -> None:
    assert "本文はこのまま読めます" in (pages / "index.html").read_text("utf-8")
    said = re.findall(r"<noscript>(.*?)</noscript>", single.read_text("utf-8"))
    assert said == ["<p>The pages in this file are shown by JavaScript.</p>"]


def test_texts_exist_in_both_languages() -> None:
    for key, (japanese, english) in _TEXTS.items():
        assert japanese, key
        assert english, key
        places = [sorted(re.findall(r"\{\w+\}", text)) for text in (japanese, english)]
        assert places[0] == places[1], key


def test_rules_are_explained() -> None:
    texts = Texts("ja")
    assert len(texts.why("tagger+to.say")) == 2
    assert texts.why("quote.torn") == texts.why("quote.bare")
    assert "strange" in texts.why("strange.rule")[0]
    assert texts.why(None) == []


def test_an_empty_dataset(tmp_path: Path, make_dataset: Make) -> None:
    folder = make_dataset(tmp_path, [])
    done = report(folder)
    assert done.pages == 5
    assert "まだ主張がありません" in done.start.read_text("utf-8")


def test_only_rejected_inputs(tmp_path: Path, make_dataset: Make) -> None:
    rows = [{"id": str(n), "text": " "} for n in range(250)]
    folder = make_dataset(tmp_path, rows)
    report(folder, single=True)
    said = (folder / "report.html").read_text("utf-8")
    assert "ほか 50 件は rejected.jsonl にあります" in said


def test_no_text_is_lost_and_marks_nest() -> None:
    text = "## 題\n\n● 甲「乙は丙だ」と述べた。\n---\n　二行目\r\n> 引用\u2028三"
    claim = {"holder": "h1", "attribution": "direct", "type": "fact"}
    start = text.index("乙")
    found = annotation(
        text,
        holders=[{"id": "h1", "name": "甲", "kind": "person"}],
        claims=[
            {**claim, "id": "x:1", "content": [[start, start + 4]]},
            {**claim, "id": "x:2", "content": [[start, start + 2], [start + 3, start + 4]]},
        ],
    )
    spans = [
        marks.Mark(span, "claim", number)
        for number, one in enumerate(found.claims)
        for span in one.content
    ]
    spans.append(marks.Mark((start + 1, start + 3), "entity", None, "人名: <乙>"))
    blocks = list(marks.blocks(found, spans, ["A", "A"]))
    shown = "".join(block.marker + str(block.html) for block in blocks)
    plain = re.sub(r"<[^>]*>", "", shown)
    assert re.sub(r"\s", "", plain) == re.sub(r"\s", "", text)
    assert blocks[0].kind == "heading"
    assert 'data-claims="0 1" data-starts="0 1" data-letter="A" role="button"' in shown
    assert 'title="人名: &lt;乙&gt;"' in shown
    assert shown.count("<span") == shown.count("</span>")


def test_a_long_article_is_quick(folder: Path) -> None:
    long = Annotation.model_validate(long_article())
    with ronten.open(folder) as dataset:
        site = data.read(dataset, "1")
    begun = time.perf_counter()
    page = Pages(site, Texts("ja")).article(long)
    assert time.perf_counter() - begun < 20
    assert str(page.main).count("data-starts=") == 10_000


def test_figures_are_written_as_each_language_does(folder: Path) -> None:
    with ronten.open(folder) as dataset:
        site = data.read(dataset, "1")
    japanese, english = (Views(site, Texts(lang), in_folder("")) for lang in ("ja", "en"))
    assert japanese.range(1.2e9, 1.2e9, "money", "JPY") == "12億円"
    assert english.range(1.2e9, 1.2e9, "money", "JPY") == "1,200,000,000 yen"
    assert japanese.range(None, 2, "duration", "year") == "–2年"
    assert japanese.range(9.5, 9.5, "percent", None) == "9.5%"
    assert japanese.range(-12345.5, None, "count", "人") == "-1.2346万–人"
    assert japanese.range(None, None, "count", "人") == ""


def test_charts_take_nothing_of_the_data_for_code() -> None:
    hostile = "\u2028'\"\\];alert(1)//"
    row = {"author": hostile, "topic": hostile, "side": "favor", "n": 1, "mark": "○1", "href": "#"}
    spec = charts.matrix([row], [hostile], [hostile], Texts("ja"))
    values = spec.pop("data", None) or spec["layer"][0].pop("data")
    assert hostile in str(values["values"][0]["author"])
    for layer in spec["layer"]:
        layer.pop("data", None)
    assert "alert" not in json.dumps(spec)


def test_sides_are_told_without_colour() -> None:
    texts = Texts("ja")
    rows = [
        {"target": "規制", "side": side, "n": 2, "signed": 2, "href": "#"} for side in SIDES[:2]
    ]
    spec = charts.contested(rows, ["規制"], texts)
    legend = spec["layer"][0]["encoding"]["color"]["scale"]["domain"]
    assert legend == ["○ 賛成", "× 反対"]
    (values,) = (part["values"] for part in (spec.get("data"), *spec.get("datasets", ())) if part)
    assert [row["mark"] for row in values] == ["○2", "×2"]
    assert {layer["mark"].get("style") for layer in spec["layer"][1:]} == {"beside"}
    assert spec["usermeta"]["palette"] == ["favor", "against"]
    axis = spec["layer"][0]["encoding"]["x"]["axis"]
    assert "% 1" in axis["labelExpr"]  # no half claims


@pytest.mark.parametrize(
    ("dates", "unit", "left_out"),
    [
        (["2025-03-01", "2025-03-04"], "day", 0),
        (["2025-03-01", "2025-04", "2025-04", "2025-04", None], "month", 1),
        (["2025-03-01", "2025", "2025"], "year", 0),
        (["2025-03-01", "2025-04"], "day", 1),
        ([None], "day", 1),
    ],
)
def test_the_timeline_shows_most_claims(dates: list[str | None], unit: str, left_out: int) -> None:
    known: Any = SimpleNamespace(
        articles={n: SimpleNamespace(published=date) for n, date in enumerate(dates)},
        claims={n: SimpleNamespace(article=n, type="fact") for n in range(len(dates))},
    )
    found = overview.timeline(known)
    assert (found.unit, found.left_out) == (unit, left_out)


def test_files_older_than_the_dataset_are_named(folder: Path, tmp_path: Path) -> None:
    stale = tmp_path / "out"
    shutil.copytree(folder, stale)
    lines = (stale / "annotations.jsonl").read_text("utf-8")
    (stale / "annotations.jsonl").write_text(lines.replace('{"id":"two"', '{"id":"gone"'), "utf-8")
    with pytest.raises(UsageError, match=r"annotations.jsonl: older than the dataset"):
        report(stale, tmp_path / "report")
    assert not (tmp_path / "report").exists()
