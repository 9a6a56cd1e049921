"""The report in a real browser: nothing is fetched, nothing of the data runs, everything works."""

from __future__ import annotations

import csv
import io
import json
import time
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest

from ronten.report import report

SERIOUS = ("serious", "critical")
KINDS = ["index.html", "authors.html", "topics.html", "articles.html", "search.html"]


def find(pages: Path, pattern: str) -> Path:
    (found,) = pages.glob(pattern)
    return found


def kinds(pages: Path) -> list[Path]:
    """One page of every kind."""
    return [
        *(pages / name for name in KINDS),
        find(pages, "authors/大原誠-a-*"),
        find(pages, "topics/規制-s-*"),
        find(pages, "articles/需要の見通し-*"),
        find(pages, "articles/script-alert-1-*"),
    ]


def wait_for_charts(page: Any) -> None:
    count = page.locator("[data-chart]").count()
    page.locator("[data-chart][data-drawn]").nth(count - 1).wait_for()


def overflow(page: Any) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))


def test_overview_draws_its_charts_and_leads_on(tab: Any, pages: Path) -> None:
    page = tab.open(pages / "index.html")
    wait_for_charts(page)
    assert page.locator("[data-chart] canvas").count() == page.locator("[data-chart]").count() >= 4
    page.locator('section[aria-labelledby="h-matrix_targets"] summary').click()
    page.locator('section[aria-labelledby="h-matrix_targets"] td a').first.click()
    page.locator(".results li").first.wait_for()
    assert page.locator("#author").input_value()
    assert page.locator("#target").input_value() == "規制"


def test_a_cell_of_the_matrix_leads_to_its_claims(tab: Any, pages: Path) -> None:
    page = tab.open(pages / "index.html")
    wait_for_charts(page)
    box = page.locator('[data-chart="matrix_targets"] canvas').bounding_box()
    for x in range(20, int(box["width"]), 20):
        page.mouse.click(box["x"] + x, box["y"] + box["height"] - 20)
        page.wait_for_timeout(150)
        if "search.html#" in page.url:
            break
    page.locator(".results li").first.wait_for()


def test_author_topic_and_article_hang_together(tab: Any, pages: Path) -> None:
    page = tab.open(pages / "authors.html")
    page.get_by_role("link", name="大原誠", exact=True).click()
    assert page.locator("h1").inner_text() == "大原誠"
    page.locator(".tally a", has_text="規制").click()
    page.locator(".face.against").wait_for()
    page.locator(".face.favor blockquote a", has_text="規制は安全を守る").first.click()
    page.locator(".panel.open blockquote", has_text="規制は安全を守る").wait_for()
    assert page.locator(".claim.on").inner_text() == "規制は安全を守る"


def test_claims_of_an_article_by_keyboard(tab: Any, pages: Path) -> None:
    page = tab.open(find(pages, "articles/需要の見通し-*"))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("j")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.innerText") == "規制は安全を守る"
    panel = page.locator("[data-panel]")
    assert panel.locator("output").inner_text() == "2 / 4"
    said = panel.inner_text()
    for words in ("リタ・モーガン", "○ 賛成: 規制 (0.90)", "直接引用", "quote", "0.90"):
        assert words in said
    assert "#c=two%3A" in page.url
    page.keyboard.press("k")
    assert panel.locator("output").inner_text() == "1 / 4"
    page.keyboard.press("Escape")
    assert page.locator(".claim.on").count() == 0
    page.locator("[data-layer=claims]").uncheck()
    colour = "getComputedStyle(document.querySelector('.claim')).backgroundColor"
    assert page.evaluate(colour) == "rgba(0, 0, 0, 0)"


def test_a_claim_leads_to_its_position(tab: Any, pages: Path, single: Path) -> None:
    for path in (find(pages, "articles/需要の見通し-*"), single):
        page = tab.open(path, "#articles.html" if path == single else "")
        if path == single:
            page.get_by_role("link", name="需要の見通し").click()
        page.locator(".panel").wait_for()
        page.keyboard.press("j")
        page.locator(".panel dd a", has_text="規制は産業を弱める").click()
        page.locator("h1", has_text="大原誠").wait_for()
        card = page.locator("main " + page.url[page.url.rindex("#") :])
        assert "規制は産業を弱める" in card.inner_text()
        assert card.bounding_box()["y"] < 900


def test_the_skip_link_leaves_the_state_alone(tab: Any, pages: Path, single: Path) -> None:
    for path in (pages / "search.html", single):
        page = tab.open(path, "#q=規制" if path != single else "#search.html#q=規制")
        page.locator(".results li").first.wait_for()
        kept = page.url
        page.locator(".skip").focus()
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
        assert (page.url, page.locator("#q").input_value()) == (kept, "規制")
        page.reload()
        page.locator(".results li").first.wait_for()
        assert page.locator("#q").input_value() == "規制"


def test_one_file_goes_back_to_where_one_was(tab: Any, single: Path) -> None:
    page = tab.open(single)
    page.locator('a[href$="#rejected"]').click()
    page.locator("#rejected:focus").wait_for()
    page.get_by_role("link", name="Authors", exact=True).click()
    page.locator("h1", has_text="Authors").wait_for()
    page.go_back()
    page.locator("h1", has_text="Overview").wait_for()
    page.goto("about:blank")
    page = tab.open(single, "#search.html")
    page.locator(".results li").nth(40).scroll_into_view_if_needed()
    page.wait_for_timeout(400)  # a place is noted once scrolling has ended
    page.locator(".results blockquote a").nth(40).click()
    page.locator(".panel.open").wait_for()
    page.go_back()
    page.locator(".results li").first.wait_for()
    page.wait_for_timeout(400)
    assert page.evaluate("scrollY") > 1000


def test_japanese_words_are_marked_as_such(tab: Any, folder: Path, tmp_path: Path) -> None:
    report(folder, tmp_path / "report", lang="en")
    for path in kinds(tmp_path / "report"):
        page = tab.open(path)
        page.wait_for_load_state()
        page.keyboard.press("j")
        unmarked = page.evaluate(
            r"""() => {
              const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
              const found = [];
              for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                const element = node.parentElement;
                if (element.closest("script, noscript, option, dt, dd code")) continue;
                if (/[\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Han}]/u.test(node.data)
                    && element.closest("[lang]").lang !== "ja") found.push(node.data.trim());
              }
              return found;
            }"""
        )
        assert unmarked == [], path


def test_headings_cues_sources_and_figures_are_marked(tab: Any, pages: Path) -> None:
    page = tab.open(find(pages, "articles/script-alert-1-*"))
    assert page.locator(".text h2").first.inner_text().startswith("# 見出し<script>")
    page = tab.open(find(pages, "articles/需要の見通し-*"))
    assert page.locator(".text .figure").all_inner_texts() == ["30%", "50%"]
    assert page.locator(".text .cue").first.inner_text() == "述べ"
    assert page.locator(".text .source").first.inner_text() == "大原誠"
    assert page.locator(".text .entity").first.get_attribute("title") == "企業名: DeepStar"


def test_search_filters_and_keeps_its_state(tab: Any, pages: Path) -> None:
    page = tab.open(pages / "search.html")
    rows = page.locator(".results li")
    rows.first.wait_for()
    assert rows.count() == 50
    page.locator("[data-turn='1']").click()
    assert page.locator(".paging span").inner_text() == "2 / 2"
    page.locator("#q").fill("データ")  # the article has half-width letters
    assert rows.all_inner_texts()[0].startswith("ﾃﾞｰﾀは深星に足りる")
    page.locator("#q").fill("2ai")
    assert rows.count() == 1
    page.locator("#q").fill("規制は 守る")
    page.locator("#author").fill("大原 誠")
    page.locator("#stance").select_option("favor")
    page.locator("#since, #from").first.fill("2025-05-01")
    assert rows.count() == 1
    page.wait_for_url("**#q=*from=2025-05-01*")
    kept = page.url
    page.reload()
    rows.first.wait_for()
    assert (rows.count(), page.url) == (1, kept)
    page.locator("#until").fill("2025-05-31")
    assert rows.count() == 0
    assert "条件に合う主張はありません" in page.locator(".status").inner_text()
    page.get_by_role("button", name="条件を消す").click()
    page.wait_for_url("**/search.html#")
    assert rows.count() == 50
    page.locator("#confidence").fill("0.95")
    assert rows.count() == 0


def test_dates_without_a_day_are_found_where_they_may_lie(tab: Any, pages: Path) -> None:
    page = tab.open(pages / "search.html", "#q=論点7は&from=2025-05-01&until=2025-05-31")
    page.locator(".results li").first.wait_for()  # that article is of 2025, no more is known
    page.locator("#from").fill("2026-01-01")
    page.locator(".results:empty").wait_for(state="attached")


def test_back_and_forth_between_searches(tab: Any, pages: Path) -> None:
    page = tab.open(pages / "search.html", "#entity=DeepStar")
    page.locator(".results li").first.wait_for()
    page.evaluate("location.hash = '#type=policy'")
    page.locator(".results:empty").wait_for(state="attached")
    page.go_back()
    page.locator(".results li").first.wait_for(timeout=5000)


def test_an_address_that_is_noted_late_spares_the_one_gone_back_to(tab: Any, pages: Path) -> None:
    page = tab.open(pages / "search.html", "#entity=DeepStar")
    page.locator(".results li").first.wait_for()
    page.wait_for_timeout(300)  # its own address has been noted
    count = page.evaluate("""() => new Promise((done) => {
        const late = [];
        window.setTimeout = (note) => late.push(note);
        addEventListener("hashchange", () => {
            addEventListener("popstate", () => late.forEach((note) => note()), { once: true });
            history.back();
            addEventListener("hashchange", () => done(late.length), { once: true });
        }, { once: true });
        location.hash = "#type=policy";
    })""")
    assert count >= 1
    assert page.url.endswith("#entity=DeepStar")
    assert page.locator(".results li").count() > 0


@pytest.mark.parametrize("form", ["csv", "json"])
def test_filtered_rows_are_saved(tab: Any, pages: Path, form: str) -> None:
    page = tab.open(pages / "search.html", "#q=AIだ")
    page.locator(".results li").first.wait_for()
    with page.expect_download() as waiting:
        page.locator(f"[data-save={form}]").click()
    content = Path(waiting.value.path()).read_bytes()
    if form == "json":
        (row,) = json.loads(content)
        assert (row["text"], row["author"], row["stances"]) == ("=1+1は２ＡＩだ", "大原誠", "")
        return
    assert content.startswith(b"\xef\xbb\xbfid,author,text,")
    (row,) = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    assert row["text"] == "'=1+1は２ＡＩだ"
    assert row["title"] == '\'=HYPERLINK("x")'


def test_hostile_texts_stay_texts(tab: Any, pages: Path, single: Path) -> None:
    for path in kinds(pages):
        page = tab.open(path)
        page.wait_for_load_state()
        assert page.locator("main img, main script:not([type])").count() == 0
    page = tab.open(find(pages, "articles/script-alert-1-*"))
    page.keyboard.press("j")
    page.locator(".panel.open").wait_for()
    assert "<img src=x onerror=alert(3)>" in page.locator(".panel").inner_text()
    assert "逆\u202e順\ufffdと\ufffd" in page.locator(".text").inner_text()
    assert page.get_by_role("link", name="元の記事").count() == 0
    page = tab.open(pages / "search.html", "#q=<script>&author=<img src=x onerror=alert(6)>")
    page.locator(".status", has_text="条件に合う").wait_for()
    page.locator("#author").fill("")
    page.locator(".results li", has_text="alert(1)").first.wait_for()
    page = tab.open(single, "#<img src=x onerror=alert(7)>#c=<script>")
    page.locator("h1", has_text="Overview").wait_for()
    # tab itself fails on any dialog, error or blocked script


def test_injected_scripts_would_not_run(tab: Any, pages: Path, single: Path) -> None:
    for path in (pages / "topics.html", single):
        page = tab.open(path)
        page.evaluate(
            "() => { const s = document.createElement('script'); s.textContent = 'window.ran = 1';"
            " document.body.append(s);"
            " const d = document.createElement('div'); d.innerHTML = "
            "'<img src=x onerror=\"window.ran = 1\">'; document.body.append(d); }"
        )
        page.wait_for_timeout(200)
        assert page.evaluate("window.ran") is None
    blocked = [said for said in tab.trouble if "Content Security Policy" in said]
    assert len(blocked) >= 4
    tab.trouble.clear()


def test_one_file_holds_everything(tab: Any, single: Path) -> None:
    page = tab.open(single)
    wait_for_charts(page)
    assert page.locator("[data-chart] canvas").count() == page.locator("[data-chart]").count() >= 4
    page.get_by_role("link", name="Authors", exact=True).click()
    page.get_by_role("link", name="大原誠", exact=True).click()
    page.locator("h1", has_text="大原誠").wait_for()
    assert page.title() == "大原誠 — Ronten report"
    page.locator(".said blockquote a, .statement a").first.click()
    page.locator(".panel.open").wait_for()
    there = page.url
    page.go_back()
    page.locator("h1", has_text="大原誠").wait_for()
    page.locator("a.button").click()
    page.locator(".results li").first.wait_for()
    assert page.locator("#author").input_value() == "大原誠"
    page.goto("about:blank")
    page.goto(there)
    page.locator(".panel.open").wait_for()


def test_colour_scheme_is_chosen_and_remembered(tab: Any, dark: Any, pages: Path) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    page = tab.open(pages / "topics.html")
    light = page.evaluate(ground)
    page.locator("#theme").select_option("dark")
    chosen = page.evaluate(ground)
    assert chosen != light
    page = tab.open(pages / "authors.html")
    assert page.evaluate(ground) == chosen
    page = dark.open(pages / "index.html")
    wait_for_charts(page)
    assert page.evaluate(ground) == chosen
    page.locator("#theme").select_option("light")
    assert page.evaluate(ground) == light


def test_nothing_is_wider_than_a_phone(phone: Any, pages: Path) -> None:
    for path in kinds(pages):
        page = phone.open(path)
        page.wait_for_load_state()
        if path.name == "index.html":
            wait_for_charts(page)
        assert overflow(page) <= 0, path
    page.keyboard.press("j")
    page.locator(".panel.open").wait_for()
    assert overflow(page) <= 0


@pytest.mark.parametrize("scheme", ["tab", "dark"])
def test_no_serious_barriers(pages: Path, scheme: str, request: pytest.FixtureRequest) -> None:
    tab = request.getfixturevalue(scheme)
    options: dict[str, Any] = {"resultTypes": ["violations"], "preload": False}
    if scheme == "dark":
        options["runOnly"] = ["color-contrast"]
    axe = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
    for path in kinds(pages):
        page = tab.open(path)
        if path.name == "index.html":
            wait_for_charts(page)
        if path.name == "search.html":
            page.locator(".results li").first.wait_for()
        if path.parent.name == "articles":
            page.keyboard.press("j")
        page.evaluate(axe)
        found = page.evaluate("axe.run(" + json.dumps(options) + ")")["violations"]
        bad = [
            (v["id"], node["html"][:120], node["failureSummary"][:200])
            for v in found
            if v["impact"] in SERIOUS
            for node in v["nodes"][:3]
        ]
        assert bad == [], path


def test_a_key_is_answered_at_once(tab: Any, pages: Path, tmp_path: Path) -> None:
    """Fifty thousand claims: each key has 150 ms, drawing included."""
    script = (pages / "data" / "claims.js").read_text("utf-8")
    content = json.loads(json.loads(script[script.index("(") + 1 : script.rindex(")")]))
    rows = content["claims"]
    size = len(rows["id"])
    for key, column in rows.items():
        rows[key] = [
            f"{column[i % size]}、その{i}" if key == "text" else column[i % size]
            for i in range(50_000)
        ]
    big = tmp_path / "report"
    (big / "data").mkdir(parents=True)
    (big / "assets").symlink_to(pages / "assets")
    (big / "search.html").write_bytes((pages / "search.html").read_bytes())
    text = json.dumps(json.dumps(content, ensure_ascii=False), ensure_ascii=False)
    (big / "data" / "claims.js").write_text(f"window.rontenClaims = JSON.parse({text});", "utf-8")
    begun = time.perf_counter()
    page = tab.open(big / "search.html")
    page.locator(".results li").first.wait_for()
    assert time.perf_counter() - begun < 10
    took = page.evaluate(
        """async () => {
          const field = document.getElementById("q"), took = [];
          for (const word of ["産", "産業", "産業を", "産業を 規", "産業を 規制", "その499", ""]) {
            const begun = performance.now();
            field.value = word;
            field.dispatchEvent(new Event("input", { bubbles: true }));
            await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
            took.push(performance.now() - begun);
          }
          return took.sort((a, b) => a - b);
        }"""
    )
    assert page.locator(".results li").count() == 50
    assert took[len(took) // 2] < 150
