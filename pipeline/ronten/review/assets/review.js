// Reviewing: claims of an article decided about, positions merged and split, corrections taken back.
(() => {
  "use strict";
  const { make, ja, text, clean } = ronten;
  let article = null;

  // What is sent, and what is said about it

  function toast(said, trouble = false) {
    const place = document.querySelector("[data-toast]");
    place.classList.toggle("trouble", trouble);
    place.textContent = clean(said);
  }

  async function send(path, content) {
    let answer;
    try {
      answer = await fetch(`/api/${path}`, {
        method: "POST",
        headers: { "content-type": "application/json", "x-ronten-csrf": document.body.dataset.csrf },
        body: JSON.stringify(content),
      });
    } catch {
      toast(text("error_network"), true);
      return null;
    }
    const found = await answer.json().catch(() => ({}));
    if (answer.ok) return found;
    toast(found.message ?? text(found.error === "session" ? "error_session" : "error"), true);
    return null;
  }

  function unwritten() {
    for (const place of document.querySelectorAll("[data-unwritten]")) {
      place.textContent = text("write_needed");
    }
  }

  async function write(button) {
    button.disabled = true;
    toast(text("write_busy"));
    const done = await send("write", {});
    button.disabled = false;
    if (!done) return;
    toast(text("write_done", { n: done.files }));
    for (const place of document.querySelectorAll("[data-unwritten]")) {
      place.textContent = text("write_none");
    }
  }

  async function undo(id) {
    const content = { correction: id };
    if (article) content.article = article.data.article;
    const done = await send("undo", content);
    if (!done) return;
    if (article) article.changed(done, text("undone"));
    else location.reload();
  }

  // Offsets count code points, the DOM counts UTF-16 units

  const points = (value) => [...value].length;

  function units(value, count) {
    let at = 0;
    for (const char of value) {
      if (count-- <= 0) break;
      at += char.length;
    }
    return at;
  }

  class Places {
    constructor(root) {
      this.root = root;
      this.pieces = [...root.querySelectorAll("[data-at]")].filter((piece) => piece.firstChild);
      this.starts = this.pieces.map((piece) => +piece.dataset.at);
      this.ends = this.pieces.map((piece, n) => this.starts[n] + points(piece.textContent));
    }

    slice(start, end) {
      let found = "";
      this.pieces.forEach((piece, n) => {
        if (this.ends[n] <= start || this.starts[n] >= end) return;
        const chars = [...piece.textContent];
        found += chars.slice(Math.max(0, start - this.starts[n]), end - this.starts[n]).join("");
      });
      return found;
    }

    // The next place from which text is shown, in a direction: blank lines are passed over.
    nearest(place, by) {
      const inside = this.pieces.some((_, n) => this.starts[n] <= place && place <= this.ends[n]);
      if (inside) return place;
      if (by > 0) return this.starts.find((start) => start >= place) ?? null;
      return this.ends.filter((end) => end <= place).pop() ?? null;
    }

    range(start, end) {
      const first = this.pieces.findIndex((_, n) => this.ends[n] > start);
      let last = this.pieces.length - 1;
      while (last >= 0 && this.starts[last] >= end) last -= 1;
      if (first < 0 || last < first) return null;
      const range = document.createRange();
      const node = (n) => this.pieces[n].firstChild;
      range.setStart(node(first), units(node(first).data, start - this.starts[first]));
      range.setEnd(node(last), units(node(last).data, end - this.starts[last]));
      return range;
    }

    selected() {
      const selection = getSelection();
      if (!selection.rangeCount || selection.isCollapsed) return null;
      const range = selection.getRangeAt(0);
      let start = null;
      let end = null;
      this.pieces.forEach((piece, n) => {
        if (!range.intersectsNode(piece)) return;
        const node = piece.firstChild;
        const from = range.startContainer === node ? points(node.data.slice(0, range.startOffset)) : 0;
        const to = range.endContainer === node ? points(node.data.slice(0, range.endOffset)) : points(node.data);
        if (from >= to) return;
        start ??= this.starts[n] + from;
        end = this.starts[n] + to;
      });
      return start === null ? null : this.trimmed(start, end);
    }

    trimmed(start, end) {
      const chars = [...this.slice(start, end)];
      // Lines that are not shown lie between pieces; only blanks at the ends are taken off.
      const blank = (char) => /\s/.test(char);
      while (chars.length && blank(chars[0])) { chars.shift(); start += 1; }
      while (chars.length && blank(chars[chars.length - 1])) { chars.pop(); end -= 1; }
      return start < end ? [start, end] : null;
    }
  }

  // What is being corrected

  const SIDES = ["none", "favor", "against"];

  function select(values, chosen, shown = text) {
    const options = values.map((value) => {
      const option = make("option", { value }, shown(value));
      option.selected = value === chosen;
      return option;
    });
    return make("select", {}, options);
  }

  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
  const button = (label, attributes) => make("button", { type: "button", ...attributes }, label);
  const labelled = (key, field) => make("label", {}, text(key), field);

  class Editor {
    constructor(owner, claim) {
      this.owner = owner;
      this.claim = claim;
      const { data } = owner;
      this.draft = claim
        ? structuredClone({ content: claim.content, source: claim.source, cue: claim.cue, stances: claim.stances })
        : { content: [], source: null, cue: null, stances: {} };
      this.active = 0;
      this.picking = null; // source or cue, where the next selection is to be that
      const same_ = (h) => claim && h.name === claim.holder.name && h.kind === claim.holder.kind;
      const chosen = Math.max(0, data.holders.findIndex(same_));
      this.holder = make("select", { "data-field": "holder" },
        data.holders.map((holder, n) => make("option", { value: n, lang: "ja" }, holder.shown)),
        make("option", { value: "new" }, text("holder_new")));
      this.holder.value = data.holders.length ? String(chosen) : "new";
      this.name = make("input", { lang: "ja", "data-field": "name" });
      this.kind = select(data.kinds, "person");
      this.proper = make("input", { type: "checkbox", checked: "" });
      this.fresh = make("fieldset", {}, make("legend", {}, text("holder_new")), labelled("holder_name", this.name),
        labelled("holder_kind", this.kind), make("label", { class: "line" }, this.proper, text("holder_proper")));
      this.type = select(data.types, claim?.type ?? "fact");
      this.type.dataset.field = "type";
      this.attribution = select(data.attributions, claim?.attribution ?? "authorial");
      this.attribution.dataset.field = "attribution";
      this.sides = make("div", { class: "sides" });
      this.target = make("input", { lang: "ja", "aria-label": text("target_new"), placeholder: text("target_new") });
      this.spans = make("fieldset", {});
      this.extra = make("fieldset", {});
      this.form = make("form", {}, this.spans, labelled("holder", this.holder), this.fresh,
        labelled("type", this.type), labelled("attribution", this.attribution),
        make("fieldset", {}, make("legend", {}, text("stance")), this.sides, this.target), this.extra,
        make("div", { class: "buttons" }, make("button", { "data-save": "" }, text("save")),
          button(text("cancel"), { "data-cancel": "" })));
      this.form.addEventListener("submit", (event) => { event.preventDefault(); this.save(); });
      this.form.addEventListener("click", (event) => this.click(event));
      this.holder.addEventListener("change", () => this.shown());
      this.target.addEventListener("change", () => {
        const target = this.target.value.trim();
        if (target) this.draft.stances[target] ??= "none";
        this.target.value = "";
        this.showSides();
      });
      for (const target of data.targets) this.draft.stances[target] ??= "none";
      this.first = structuredClone(this.draft.stances);
      this.showSides();
      this.shown();
    }

    shown() {
      this.fresh.hidden = this.holder.value !== "new";
      const { places } = this.owner;
      const fragments = this.draft.content.map(([start, end], n) =>
        make("p", { class: `fragment${n === this.active ? " on" : ""}` },
          make("span", { lang: "ja" }, places.slice(start, end)),
          this.draft.content.length > 1
            ? button("×", { "data-drop": n, "aria-label": text("fragment_remove") }) : ""));
      const waiting = this.active >= this.draft.content.length;
      this.spans.replaceChildren(make("legend", {}, text("span")), ...fragments,
        make("p", { class: "hint" }, text(waiting ? "fragment_next" : "span_hint")),
        make("div", { class: "buttons" },
          button("⇤", { "data-move": "0,-1", "aria-label": text("start_left") }),
          button("⇥", { "data-move": "0,1", "aria-label": text("start_right") }),
          button("←", { "data-move": "1,-1", "aria-label": text("end_left") }),
          button("→", { "data-move": "1,1", "aria-label": text("end_right") }),
          button(text("fragment_add"), { "data-fragment": "" })));
      this.extra.replaceChildren(make("legend", {}, `${text("source")}・${text("cue")}`),
        ...["source", "cue"].map((key) => make("p", { class: "fragment" }, `${text(key)}: `,
          this.draft[key] ? make("span", { lang: "ja" }, places.slice(...this.draft[key])) : "–",
          button(text("selection_use"), { "data-use": key, "aria-pressed": String(this.picking === key) }),
          this.draft[key] ? button(text("selection_clear"), { "data-clear": key }) : "")));
      this.owner.highlight(this.draft.content);
    }

    showSides() {
      this.sides.replaceChildren(...Object.entries(this.draft.stances).map(([target, side]) => {
        const field = select(SIDES, side);
        field.addEventListener("change", () => { this.draft.stances[target] = field.value; });
        return make("label", {}, make("bdi", { lang: "ja" }, target), field);
      }));
    }

    click(event) {
      const found = event.target.closest("button");
      if (!found) return;
      const { move, use, clear, drop } = found.dataset;
      if (move) this.move(...move.split(",").map(Number));
      if (use) { this.picking = this.picking === use ? null : use; this.shown(); }
      if (clear) { this.draft[clear] = null; this.shown(); }
      if (drop) { this.draft.content.splice(+drop, 1); this.active = 0; this.shown(); }
      if ("fragment" in found.dataset) { this.active = this.draft.content.length; this.shown(); }
      if ("cancel" in found.dataset) this.owner.stop();
    }

    select(span) {
      if (this.picking) {
        this.draft[this.picking] = span;
        this.picking = null;
        this.shown();
        return;
      }
      this.draft.content[Math.min(this.active, this.draft.content.length)] = span;
      this.draft.content.sort((a, b) => a[0] - b[0]);
      this.active = this.draft.content.findIndex((one) => one === span);
      this.shown();
    }

    move(edge, by) {
      const span = this.draft.content[this.active];
      if (!span) return;
      const place = this.owner.places.nearest(span[edge] + by, by);
      if (place === null) return;
      const next = [...span];
      next[edge] = place;
      if (next[0] >= next[1]) return;
      this.draft.content[this.active] = next;
      this.shown();
    }

    fields() {
      const { claim, draft } = this;
      const fields = {};
      const { holders } = this.owner.data;
      const holder = this.holder.value === "new"
        ? { name: this.name.value.trim(), kind: this.kind.value, proper: this.proper.checked }
        : { name: holders[+this.holder.value].name, kind: holders[+this.holder.value].kind };
      const put = (key, value, old) => { if (!claim || !same(value, old)) fields[key] = value; };
      put("content", draft.content, claim?.content);
      put("holder", holder, claim?.holder);
      put("type", this.type.value, claim?.type);
      put("attribution", this.attribution.value, claim?.attribution);
      for (const key of ["source", "cue"]) {
        if (!same(draft[key], claim?.[key] ?? null)) fields[key] = draft[key];
      }
      const sides = Object.entries(draft.stances).filter(([target, side]) => this.first[target] !== side);
      if (sides.length) fields.stances = Object.fromEntries(sides);
      return fields;
    }

    save() {
      const fields = this.fields();
      if (this.claim && !Object.keys(fields).length) return this.owner.stop();
      return this.claim ? this.owner.decide("edit", fields) : this.owner.add(fields);
    }
  }

  // An article

  class Article {
    constructor(root, data) {
      this.root = root;
      this.data = data;
      this.text = root.querySelector("[data-text]");
      this.panel = root.querySelector("[data-panel]");
      this.body = this.panel.querySelector(".panel-body");
      this.hint = [...this.body.childNodes];
      this.places = new Places(this.text);
      this.chosen = -1;
      this.editor = null;
      this.pressed = false;
      this.waiting = 0;
      this.text.addEventListener("click", (event) => this.click(event));
      root.querySelector(".reading").addEventListener("click", (event) => this.act(event));
    }

    get claim() { return this.data.items[this.chosen]; }

    act(event) {
      const found = event.target.closest("button");
      if (!found) return;
      const { step, choose, decide } = found.dataset;
      if (step) this.step(+step);
      if (choose) this.choose(+choose);
      if (decide) this.decide(decide);
      if ("next" in found.dataset) this.unreviewed(this.chosen);
      if ("add" in found.dataset) this.start(null);
      if ("edit" in found.dataset) this.start(this.claim);
    }

    click(event) {
      if (this.editor || !getSelection().isCollapsed) return;
      const piece = event.target.closest("[data-claims]");
      if (!piece) return;
      const numbers = piece.dataset.claims.split(" ").map(Number).reverse();
      this.choose(numbers[(numbers.indexOf(this.chosen) + 1) % numbers.length], { scroll: false });
    }

    step(by) {
      const n = this.data.items.length;
      if (n) this.choose(this.chosen < 0 && by < 0 ? n - 1 : (this.chosen + by + n) % n);
    }

    // Goes on to the next claim that nobody has looked at.
    unreviewed(from) {
      const claims = this.data.items;
      for (let by = 1; by <= claims.length; by += 1) {
        const number = (from + by + claims.length) % claims.length;
        if (!claims[number].mark) return this.choose(number);
      }
      return toast(text("nothing_left"));
    }

    mark(on) {
      const n = this.chosen;
      for (const piece of this.text.querySelectorAll(`[data-claims~="${n}"], [data-of~="${n}"]`)) {
        piece.classList.toggle("on", on);
      }
      const entry = this.root.querySelector(`[data-choose="${n}"]`);
      if (on) entry?.setAttribute("aria-current", "true");
      else entry?.removeAttribute("aria-current");
      if (on) entry?.scrollIntoView({ block: "nearest" });
    }

    choose(number, { scroll = true } = {}) {
      if (this.editor) this.stop();
      if (this.chosen >= 0) this.mark(false);
      this.chosen = number;
      this.mark(true);
      this.details();
      if (scroll) this.text.querySelector(`[data-claims~="${number}"]`)?.scrollIntoView({ block: "center" });
      ronten.keep(new URLSearchParams({ c: this.claim.id }));
    }

    details() {
      const { claim } = this;
      if (!claim) { this.body.replaceChildren(...this.hint); return; }
      this.panel.querySelector("output").textContent =
        text("claim_of", { i: this.chosen + 1, n: this.data.items.length });
      const row = (key, ...value) => make("div", {}, make("dt", {}, text(key)), make("dd", {}, value));
      const shown = (span) => make("bdi", { lang: "ja" }, this.places.slice(...span));
      const state = claim.mark?.verdict ?? "open";
      const sides = Object.entries(claim.stances).filter(([, side]) => side !== "none");
      this.body.replaceChildren(
        make("p", { class: "who" }, make("span", { class: `letter h${claim.colour}` }, claim.letter), " ",
          ja(claim.who), " ", make("span", { class: `state ${state}` }, text(`state_${state}`))),
        make("blockquote", { lang: "ja" }, claim.content.map((span) => this.places.slice(...span)).join(" … ")),
        make("div", { class: "buttons" },
          button(`${text("accept")} (A)`, { "data-decide": "accept" }),
          button(`${text("reject")} (X)`, { "data-decide": "reject" }),
          button(`${text("edit")} (E)`, { "data-edit": "" }),
          claim.mark ? button(`${text("undo")} (U)`, { "data-undo": claim.mark.correction }) : ""),
        claim.notes.length ? make("ul", { class: "notes" }, claim.notes.map((note) => make("li", {}, note))) : "",
        make("dl", {},
          row("type", text(claim.type)), row("attribution", text(claim.attribution)),
          claim.source ? row("source", shown(claim.source)) : "",
          claim.cue ? row("cue", shown(claim.cue)) : "",
          sides.map(([target, side]) => row("stance", `${text(side)}: `, ja(target))),
          claim.confidence === null ? "" : row("confidence", claim.confidence.toFixed(2)),
          claim.page ? row("position", make("a", { href: ronten.href(claim.page) }, claim.position)) : "",
          claim.mark ? row("review", text("by", claim.mark)) : "",
          claim.mark?.was ? row("was", make("code", {}, claim.mark.was)) : ""),
        make("ul", {}, claim.why.map((line) => make("li", {}, line))));
    }

    start(claim) {
      if (claim === undefined) return;
      this.stop();
      this.editor = new Editor(this, claim);
      this.root.classList.add("editing");
      const span = this.places.selected();
      if (!claim && span) this.editor.select(span);
      this.body.replaceChildren(this.editor.form);
    }

    stop() {
      if (!this.editor) return;
      this.editor = null;
      clearTimeout(this.waiting);
      this.root.classList.remove("editing");
      this.highlight([]);
      this.details();
    }

    // Takes what is selected once the pointer is let go, or nothing has changed for a moment.
    selection() {
      clearTimeout(this.waiting);
      if (this.editor && !this.pressed) this.waiting = setTimeout(() => this.selected(), 200);
    }

    press(event) {
      this.pressed = this.editor && event.target.closest?.("[data-text]") !== null;
    }

    release() {
      if (!this.pressed) return;
      this.pressed = false;
      clearTimeout(this.waiting);
      this.waiting = setTimeout(() => this.selected()); // the selection itself comes after the event
    }

    selected() {
      const span = this.editor && this.places.selected();
      if (span) this.editor.select(span);
    }

    highlight(spans) {
      if (!globalThis.Highlight || !CSS.highlights) return;
      const ranges = spans.map((span) => this.places.range(...span)).filter(Boolean);
      CSS.highlights.set("draft", new Highlight(...ranges));
    }

    async decide(kind, fields = {}) {
      const { claim } = this;
      if (!claim) return;
      const from = this.chosen;
      const done = await send("decide", { article: this.data.article, claim: claim.id, kind, fields });
      if (!done) return;
      const next = this.changed(done, text("saved"));
      if (kind === "accept") next.unreviewed(next.chosen);
      if (kind === "reject") next.unreviewed(from - 1);
    }

    async add(fields) {
      const done = await send("add", { article: this.data.article, fields });
      if (done) this.changed(done, text("saved"));
    }

    // Shows the article as the server says it is now.
    changed(done, said) {
      if (this.editor) this.stop();
      const place = scrollY;
      const held = this.root.contains(document.activeElement);
      const made = new DOMParser().parseFromString(done.main, "text/html");
      this.root.replaceChildren(...made.body.childNodes);
      toast(said);
      const next = mount(this.root);
      unwritten();
      const number = next.data.items.findIndex((claim) => claim.id === done.claim);
      if (number >= 0) next.choose(number, { scroll: false });
      scrollTo(0, place);
      if (held) next.body.focus({ preventScroll: true }); // what had the focus is gone
      return next;
    }

    state() {
      const id = ronten.place().values.get("c");
      const number = this.data.items.findIndex((claim) => claim.id === id);
      if (number >= 0 && number !== this.chosen) this.choose(number);
    }
  }

  function mount(root) {
    const block = root.querySelector("script.page-data");
    article = new Article(root, JSON.parse(block.textContent));
    return article;
  }

  const KEYS = {
    a: () => article.decide("accept"),
    x: () => article.decide("reject"),
    e: () => article.start(article.claim),
    i: () => article.start(null),
    j: () => article.step(1),
    k: () => article.step(-1),
    n: () => article.unreviewed(article.chosen),
    u: () => article.claim?.mark && undo(article.claim.mark.correction),
  };

  function editing(event) {
    if (event.key === "Escape") article.stop();
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) article.editor.save();
    else if (event.target.closest?.("input, select, textarea")) return;
    else if (event.key === "ArrowLeft") article.editor.move(event.shiftKey ? 0 : 1, -1);
    else if (event.key === "ArrowRight") article.editor.move(event.shiftKey ? 0 : 1, 1);
    else return;
    event.preventDefault();
  }

  document.addEventListener("keydown", (event) => {
    if (!article || event.isComposing) return;
    if (article.editor) { editing(event); return; }
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.target.closest?.("input, select, textarea")) return;
    const act = KEYS[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  });
  document.addEventListener("selectionchange", () => article?.selection());
  document.addEventListener("pointerdown", (event) => article?.press(event));
  document.addEventListener("pointerup", () => article?.release());
  document.addEventListener("ronten:state", () => article?.state());

  // Positions

  async function arrange(content, said) {
    const done = await send("position", content);
    if (!done) return;
    toast(said);
    location.reload();
  }

  async function find(form, data) {
    const words = form.querySelector("input").value.trim();
    const answer = await fetch(`/positions.html?q=${encodeURIComponent(words)}`).catch(() => null);
    if (!answer?.ok) { toast(text("error_network"), true); return; }
    const found = new DOMParser().parseFromString(await answer.text(), "text/html");
    const entries = [...found.querySelectorAll("ul.claims > li")].map((entry) => {
      const id = entry.querySelector("a").getAttribute("href").match(/(p-[0-9a-f]+)\.html$/)[1];
      entry.querySelector("a").href = ronten.href(`positions/${id}.html`);
      entry.querySelector(".meta").append(button(text("merge_this"), { "data-merge": id }));
      return [id, entry];
    });
    const others = entries.filter(([id]) => id !== data.position).map(([, entry]) => entry);
    document.querySelector(".found").replaceChildren(...(others.length ? others : [make("li", {}, text("nothing"))]));
  }

  ronten.mounts.push((root, data) => {
    if (data.review) {
      mount(root).state();
    } else if (data.position) {
      root.querySelector("[data-find]").addEventListener("submit", (event) => {
        event.preventDefault();
        find(event.target, data);
      });
    }
    document.addEventListener("click", (event) => {
      const found = event.target.closest?.("button");
      if (!found) return;
      const { split, merge, undo: id } = found.dataset;
      if ("write" in found.dataset) write(found);
      if (split) arrange({ op: "split", claim: split }, text("split_done"));
      if (merge) arrange({ op: "merge", from: merge, into: data.position }, text("merged"));
      if (id) undo(+id);
    });
  });
})();
