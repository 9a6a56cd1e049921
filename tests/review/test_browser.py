"""A review in a browser: claims accepted, rejected, corrected, taken back, with keys alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ronten.corrections import REVIEWED
from ronten.store import Store


@pytest.fixture
def page(browser: Any) -> Any:
    """A tab in which nothing may go wrong."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(20_000)
    tab = context.new_page()
    trouble: list[str] = []
    tab.on("pageerror", lambda error: trouble.append(f"error: {error}"))
    # The browser itself says when a request is refused.
    tab.on("console", lambda said: "(Forbidden)" in said.text or trouble.append(said.text))
    tab.on("dialog", lambda shown: (trouble.append(shown.message), shown.dismiss()))
    yield tab
    context.close()
    assert trouble == []


def stored(out: Path, article: str = "two") -> dict[str, tuple[str | None, str]]:
    """Verdict and type of every claim by its words."""
    with Store.open(out, read_only=True) as store:
        found = store.annotation(article)
    return {
        found.text[slice(*c.content[0])]: (
            ((c.model_extra or {}).get(REVIEWED) or {}).get("verdict"),
            c.type.value,
        )
        for c in found.claims
    }


def toast(page: Any, said: str) -> None:
    page.locator("[data-toast]", has_text=said).wait_for()
    page.evaluate("document.querySelector('[data-toast]').textContent = ''")


def address(running: Any, article: str) -> str:
    (name,) = [n for n, id_ in running.desk.article_pages().items() if id_ == article]
    return f"{running.url}/{name}"


def test_a_round_trip_with_the_keyboard(running: Any, page: Any, out: Path) -> None:
    page.goto(running.url)
    page.get_by_role("link", name="おそらく雨だ。").click()
    quote = page.locator("[data-panel] blockquote")
    assert quote.inner_text() == "おそらく雨だ。"
    page.keyboard.press("x")
    toast(page, "保存しました")
    assert "おそらく雨だ。" not in stored(out)
    assert quote.inner_text() == "規制は産業を弱める"
    page.keyboard.press("a")
    toast(page, "保存しました")
    assert stored(out)["規制は産業を弱める"] == ("accept", "interpretation")
    assert quote.inner_text() == "規制は安全を守る"
    # Correct the span and the type.
    page.keyboard.press("e")
    for _ in range(3):
        page.keyboard.press("Shift+ArrowRight")
    page.locator('[data-field="type"]').select_option("policy")
    page.keyboard.press("Control+Enter")
    toast(page, "保存しました")
    assert stored(out)["安全を守る"] == ("edit", "policy")
    assert quote.inner_text() == "安全を守る"
    page.keyboard.press("u")
    toast(page, "取り消しました")
    assert stored(out)["規制は安全を守る"] == (None, "interpretation")
    # The rejected claim comes back from its list.
    page.locator(".rejected [data-undo]").click()
    toast(page, "取り消しました")
    assert stored(out)["おそらく雨だ。"] == (None, "interpretation")
    page.locator("[data-write]").click()
    toast(page, "書き出しました")
    assert '"verdict":"accept"' in (out / "annotations.jsonl").read_text("utf-8").replace(" ", "")


def test_the_focus_stays_with_the_claim(running: Any, page: Any, out: Path) -> None:
    page.goto(address(running, "two"))
    page.keyboard.press("j")
    page.locator('[data-decide="accept"]').focus()
    page.keyboard.press("Enter")
    toast(page, "保存しました")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.decide") == "accept"
    page.keyboard.press("Enter")
    toast(page, "保存しました")
    assert [verdict for verdict, _ in stored(out).values()].count("accept") == 2


def test_a_span_is_selected_in_the_text(running: Any, page: Any, out: Path) -> None:
    (article,) = [i for i in running.desk.article_pages().values() if i not in ("two", "three")]
    page.goto(address(running, article))
    page.get_by_role("button", name="雨が𠮷野で降る。").click()
    page.keyboard.press("e")
    piece = page.locator("[data-text] span", has_text="雨が𠮷野で降る。")
    left, right, middle = piece.evaluate(
        """(element) => { const range = document.createRange(); const node = element.firstChild;
        range.setStart(node, 2); range.setEnd(node, 5); const r = range.getBoundingClientRect();
        return [r.left, r.right, r.top + r.height / 2]; }"""
    )
    page.mouse.move(left + 1, middle)
    page.mouse.down()
    page.mouse.move(right - 1, middle, steps=5)
    page.mouse.up()
    page.locator(".fragment.on").get_by_text("𠮷野", exact=True).wait_for()
    page.locator('[data-field="holder"]').select_option("new")
    page.locator('[data-field="name"]').fill("<b>吉野</b>")
    page.locator("[data-save]").click()
    toast(page, "保存しました")
    assert stored(out, article)["𠮷野"] == ("edit", "interpretation")
    assert page.locator("b").filter(has_text="吉野").count() == 0
    # Add what was not extracted.
    page.keyboard.press("i")
    page.evaluate(
        """() => { const span = [...document.querySelectorAll('[data-text] [data-at]')]
        .find((piece) => piece.textContent.includes('大原'));
        const range = document.createRange(); range.selectNodeContents(span);
        getSelection().removeAllRanges(); getSelection().addRange(range); }"""
    )
    page.locator(".fragment", has_text="大原").wait_for()
    page.keyboard.press("Control+Enter")
    toast(page, "保存しました")
    assert ("add", "fact") in stored(out, article).values()


def test_positions_are_merged_and_split(running: Any, page: Any) -> None:
    page.goto(f"{running.url}/positions.html")
    page.get_by_role("link", name="規制は産業を弱める").first.click()
    page.locator(".members li").nth(1).wait_for()
    first = page.locator(".members li").count()
    with page.expect_navigation():
        page.locator(".members [data-split]").last.click()
    assert page.locator(".members li").count() == first - 1
    page.locator("[data-find] input").fill("電力")
    page.locator("[data-find] button").click()
    page.locator(".found [data-merge]").first.wait_for()
    with page.expect_navigation():
        page.locator(".found [data-merge]").first.click()
    assert page.locator(".members", has_text="電力は足りる").count() == 1
    page.goto(f"{running.url}/review.html")
    with page.expect_navigation():
        page.locator(".history [data-undo]").first.click()
    assert page.locator(".history .meta", has_text="取り消し済み").count() == 1


def test_a_stale_page_says_so(running: Any, page: Any, out: Path) -> None:
    page.goto(address(running, "two"))
    page.keyboard.press("j")
    page.evaluate("document.body.dataset.csrf = 'old'")
    with page.expect_response("**/api/decide") as answer:
        page.keyboard.press("a")
    assert answer.value.status == 403
    page.locator("[data-toast].trouble", has_text="読み込み直して").wait_for()
    assert all(verdict is None for verdict, _ in stored(out).values())


def test_the_report_is_reached_from_the_review(running: Any, page: Any) -> None:
    page.goto(f"{running.url}/review.html")
    page.get_by_role("link", name="発言者").click()
    page.get_by_role("link", name="大原誠").first.click()
    page.locator(".statement a, .said a").first.click()
    page.locator("[data-panel] blockquote").wait_for()
    assert page.url.startswith(f"{running.url}/articles/")
