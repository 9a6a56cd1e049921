// An article: choosing claims with pointer or keys, and what is known of the chosen one.
(() => {
  "use strict";
  const { make, ja, text } = ronten;
  let article = null;

  function details(claim) {
    const rows = [];
    for (const [name, value, href] of claim.rows) {
      rows.push(make("div", {}, make("dt", {}, name), make("dd", {}, ja(value, href))));
    }
    const parts = [
      make("p", { class: "who" },
        make("span", { class: `letter h${claim.colour}` }, claim.letter), " ", ja(claim.holder, claim.href)),
      make("blockquote", { lang: "ja" }, claim.text),
      make("dl", {}, rows),
      make("h3", {}, text("why")),
      make("ul", {}, claim.why.map((line) => make("li", {}, line))),
    ];
    if (claim.confidence !== null) {
      parts.push(make("p", { class: "confidence" }, `${text("confidence")} `,
        make("meter", { min: 0, max: 1, value: claim.confidence, "aria-label": text("confidence") }),
        ` ${claim.confidence.toFixed(2)}`));
    }
    const more = claim.more.map(([name, value]) =>
      make("div", {}, make("dt", {}, name), make("dd", {}, make("code", {}, value))));
    more.push(make("div", {}, make("dt", {}, text("id")), make("dd", {}, make("code", {}, claim.id))));
    parts.push(make("dl", { class: "small" }, more));
    return parts;
  }

  class Article {
    constructor(root, claims) {
      this.root = root;
      this.claims = claims;
      this.text = root.querySelector("article.text");
      this.panel = root.querySelector("[data-panel]");
      this.body = this.panel.querySelector(".panel-body");
      this.hint = [...this.body.childNodes];
      this.chosen = -1;
      const buttons = [...this.text.querySelectorAll("[data-starts]")];
      this.buttons = new Map();
      for (const button of buttons) {
        for (const number of button.dataset.starts.split(" ")) this.buttons.set(+number, button);
      }
      this.order = buttons.flatMap((button) => button.dataset.starts.split(" ").map(Number));
      buttons.forEach((button) => {
        const own = +button.dataset.starts.split(" ")[0];
        claims[own].colour = [...button.classList].find((name) => /^h\d/.test(name))?.slice(1) ?? 0;
      });
      const colours = new Map(claims.filter((c) => "colour" in c).map((c) => [c.letter, c.colour]));
      for (const claim of claims) claim.colour = colours.get(claim.letter) ?? 0;
      this.rove(buttons[0]);
      this.text.addEventListener("click", (event) => this.click(event));
      this.text.addEventListener("keydown", (event) => this.key(event));
      root.addEventListener("click", (event) => {
        const step = event.target.closest("[data-step]");
        if (step) this.step(+step.dataset.step, false);
        if (event.target.closest("[data-close]")) this.close();
      });
      for (const box of root.querySelectorAll("[data-layer]")) {
        box.addEventListener("change", () =>
          this.text.classList.toggle(`without-${box.dataset.layer}`, !box.checked));
      }
      this.state();
    }

    state() {
      const id = ronten.place().values.get("c");
      const number = this.claims.findIndex((claim) => claim.id === id);
      if (number >= 0 && number !== this.chosen) this.choose(number, { focus: true });
    }

    click(event) {
      const run = event.target.closest("[data-claims]");
      if (!run || !getSelection().isCollapsed) return;
      const numbers = run.dataset.claims.split(" ").map(Number).reverse(); // innermost first
      const next = numbers[(numbers.indexOf(this.chosen) + 1) % numbers.length];
      this.choose(next, { focus: true, scroll: false });
    }

    key(event) {
      const moves = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      if (event.key in moves) {
        event.preventDefault();
        this.step(moves[event.key], true);
      } else if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        event.target.click();
      }
    }

    step(by, focus) {
      if (!this.order.length) return;
      const at = this.order.indexOf(this.chosen);
      const next = at < 0 && by < 0 ? this.order.length - 1 : at + by;
      const number = this.order[(next + this.order.length) % this.order.length];
      this.choose(number, { focus });
    }

    rove(button) {
      if (!button) return;
      this.text.querySelector('[data-starts][tabindex="0"]')?.setAttribute("tabindex", "-1");
      button.setAttribute("tabindex", "0");
    }

    mark(number, on) {
      const found = this.text.querySelectorAll(`[data-claims~="${number}"], [data-of~="${number}"]`);
      for (const element of found) element.classList.toggle("on", on);
      const button = this.buttons.get(number);
      if (on) button?.setAttribute("aria-current", "true");
      else button?.removeAttribute("aria-current");
    }

    choose(number, { focus = false, scroll = true } = {}) {
      if (this.chosen >= 0) this.mark(this.chosen, false);
      this.chosen = number;
      this.mark(number, true);
      this.body.replaceChildren(...details(this.claims[number]));
      this.body.scrollTop = 0;
      this.panel.classList.add("open");
      const at = this.order.indexOf(number);
      this.panel.querySelector("output").textContent =
        text("claim_of", { i: at + 1, n: this.order.length });
      const button = this.buttons.get(number);
      this.rove(button);
      if (scroll) button?.scrollIntoView({ block: "center" });
      if (focus) button?.focus({ preventScroll: true });
      ronten.keep(new URLSearchParams({ c: this.claims[number].id }));
    }

    close() {
      if (this.chosen < 0) return;
      const button = this.buttons.get(this.chosen);
      this.mark(this.chosen, false);
      this.chosen = -1;
      this.body.replaceChildren(...this.hint);
      this.panel.classList.remove("open");
      this.panel.querySelector("output").textContent = "";
      ronten.keep(new URLSearchParams());
      button?.focus({ preventScroll: true });
    }
  }

  document.addEventListener("keydown", (event) => {
    if (!article || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.target.closest?.("input, select, textarea")) return;
    if (event.key === "j" || event.key === "J") article.step(1, true);
    else if (event.key === "k" || event.key === "K") article.step(-1, true);
    else if (event.key === "Escape") article.close();
    else return;
    event.preventDefault();
  });
  document.addEventListener("ronten:state", () => article?.state());
  document.addEventListener("ronten:leave", () => { article = null; });
  ronten.mounts.push((root, data) => {
    const found = data.claims?.length && root.querySelector("article.text");
    article = found ? new Article(root, data.claims) : null;
  });
})();
