// Search over all claims: folded once when the page opens, filtered anew at every key.
(() => {
  "use strict";
  const { make, ja, text } = ronten;
  const ROWS = 50;
  const LISTED = 100;
  const KEYS = ["q", "author", "topic", "target", "entity", "stance", "type", "from", "until", "confidence", "sort"];
  const COLUMNS = [
    "id", "author", "text", "type", "attribution", "stances", "topic", "entities", "confidence",
    "article", "title", "published", "source_name", "url",
  ];
  const SIGNS = { "1": "○", "-1": "×" };
  const DANGEROUS = new Set("=+-@\t\r\n'＝＋－＠");
  let data = null;
  let search = null;

  // Upper case first: ß, ﬃ and their like have no single small letter in common otherwise.
  const fold = (value) => value.normalize("NFKC").toUpperCase().toLowerCase();
  const squeeze = (value) => fold(value).replace(/\s+/g, "");

  function load() {
    const block = document.getElementById("data-claims");
    const found = block ? JSON.parse(block.textContent) : window.rontenClaims;
    const { claims, articles } = found;
    const names = found.authors.map(([name]) => fold(name));
    const topics = found.topics.map(([label]) => fold(label));
    found.size = claims.id.length;
    found.folded = claims.text.map((value, i) =>
      `${fold(value)}\n${claims.authors[i].map((n) => names[n]).join("\n")}\n${topics[claims.topic[i]] ?? ""}`);
    found.tables = {
      author: found.authors.map(([name]) => squeeze(name)),
      topic: found.topics.map(([label]) => squeeze(label)),
      target: found.targets.map(squeeze),
      entity: found.entities.map(squeeze),
    };
    found.dates = claims.article.map((n) => articles[n][2] ?? "");
    const old = Array.from({ length: found.size }, (_, i) => i); // undated come last as they are
    const dated = old.filter((i) => found.dates[i]).reverse();
    // Newest articles first, but claims of one article in the order of its text.
    const newest = [];
    for (let i = 0; i < dated.length;) {
      let j = i;
      while (j < dated.length && claims.article[dated[j]] === claims.article[dated[i]]) j += 1;
      newest.push(...dated.slice(i, j).reverse());
      i = j;
    }
    found.orders = {
      old,
      "": newest.concat(old.filter((i) => !found.dates[i])),
      confidence: [...old].sort((a, b) => claims.confidence[b] - claims.confidence[a]),
    };
    return found;
  }

  // Which entries of a table are meant: the one with the name, else all that hold it.
  function meant(table, value) {
    const wanted = squeeze(value);
    if (!wanted) return null;
    const exact = table.map((name) => name === wanted);
    const found = exact.includes(true) ? exact : table.map((name) => name.includes(wanted));
    return Uint8Array.from(found, Number);
  }

  function filter(values) {
    const { claims, folded, dates } = data;
    const words = fold(values.q).split(/\s+/).filter(Boolean);
    const sets = {};
    for (const key of Object.keys(data.tables)) sets[key] = meant(data.tables[key], values[key]);
    const type = values.type ? data.types.indexOf(values.type) : null;
    const least = Math.round(Number(values.confidence || 0) * 10000);
    const side = { favor: 1, against: -1 }[values.stance] ?? 0;
    const { from, until } = values;
    const found = [];
    for (const i of data.orders[values.sort] ?? data.orders[""]) {
      if (type !== null && claims.type[i] !== type) continue;
      if (least > 0 && claims.confidence[i] < least) continue;
      // A date without day or month is kept where a part of it lies inside.
      if (from && !(dates[i] && dates[i] >= from.slice(0, dates[i].length))) continue;
      if (until && !(dates[i] && dates[i].slice(0, until.length) <= until)) continue;
      if (sets.author && !claims.authors[i].some((n) => sets.author[n])) continue;
      if (sets.topic && !sets.topic[claims.topic[i]]) continue;
      if (sets.entity && !claims.entities[i].some((n) => sets.entity[n])) continue;
      if (sets.target || values.stance) {
        const taken = claims.sides[i].filter(([n]) => !sets.target || sets.target[n]);
        if (values.stance === "none" ? taken.length : !taken.some(([, s]) => !side || s === side)) continue;
      }
      if (words.length && !words.every((word) => folded[i].includes(word))) continue;
      found.push(i);
    }
    return { found, words };
  }

  // The words marked in a text, where folding has left its length alone.
  function marked(value, words) {
    const folded = fold(value);
    if (!words.length || folded.length !== value.length) return [value];
    const spans = [];
    for (const word of words) {
      for (let at = folded.indexOf(word); at >= 0; at = folded.indexOf(word, at + word.length)) {
        spans.push([at, at + word.length]);
      }
    }
    spans.sort((a, b) => a[0] - b[0]);
    const parts = [];
    let end = 0;
    for (const [from, to] of spans) {
      if (from < end) continue;
      parts.push(value.slice(end, from), make("mark", {}, value.slice(from, to)));
      end = to;
    }
    return [...parts, value.slice(end)];
  }

  function row(i, words) {
    const { claims } = data;
    const [, title, published, , , page] = data.articles[claims.article[i]];
    const topic = data.topics[claims.topic[i]];
    const kind = (value) => make("span", { class: "kind" }, value);
    const authors = claims.authors[i].map((n) => data.authors[n])
      .map(([name, place]) => make("span", { class: "who" }, ja(name, place && ronten.href(place)), " "));
    const sides = claims.sides[i].map(([n, side]) => {
      const word = side > 0 ? "favor" : "against";
      return make("span", { class: "pair" },
        make("span", { class: `side ${word}` }, make("span", { "aria-hidden": "true" }, SIGNS[side]), ` ${text(word)}`),
        " ", make("bdi", { lang: "ja", class: "on" }, data.targets[n]));
    });
    return make("li", { class: "said" },
      make("blockquote", { lang: "ja" },
        make("a", { href: ronten.href(page, { c: claims.id[i] }) }, marked(claims.text[i], words))),
      make("p", { class: "meta" }, authors,
        published ? make("time", { datetime: published }, published) : make("span", { class: "faint" }, text("undated")), " ",
        make("cite", { lang: "ja" }, make("bdi", {}, title || text("untitled"))), " ",
        kind(text(data.types[claims.type[i]])), " ", kind(text(data.attributions[claims.attribution[i]])), " ",
        claims.confidence[i] >= 0 ? kind(`${text("confidence")} ${(claims.confidence[i] / 10000).toFixed(2)}`) : "",
        topic ? ja(topic[0], ronten.href(topic[1])) : "", sides));
  }

  function record(i) {
    const { claims } = data;
    const [article, title, published, source, url] = data.articles[claims.article[i]];
    const score = claims.confidence[i];
    return {
      id: claims.id[i],
      author: claims.authors[i].map((n) => data.authors[n][0]).join("; "),
      text: claims.text[i],
      type: data.types[claims.type[i]],
      attribution: data.attributions[claims.attribution[i]],
      stances: claims.sides[i].map(([n, side]) => `${data.targets[n]}: ${side > 0 ? "favor" : "against"}`).join("; "),
      topic: data.topics[claims.topic[i]]?.[0] ?? null,
      entities: claims.entities[i].map((n) => data.entities[n]).join("; "),
      confidence: score < 0 ? null : score / 10000,
      article, title, published, source_name: source, url,
    };
  }

  // As in the CSV export: what a spreadsheet would run gets an apostrophe in front.
  function cell(value) {
    if (value === null || value === undefined) return "";
    let shown = String(value);
    if (typeof value === "string" && DANGEROUS.has(shown.slice(0, 1))) shown = `'${shown}`;
    return /[",\r\n]/.test(shown) ? `"${shown.replaceAll('"', '""')}"` : shown;
  }

  function csv(rows) {
    const lines = rows.map((one) => COLUMNS.map((name) => cell(one[name])).join(","));
    lines.unshift(COLUMNS.join(","));
    return `\ufeff${lines.join("\r\n")}\r\n`;
  }

  function save(name, type, content) {
    const url = URL.createObjectURL(new Blob([content], { type }));
    make("a", { href: url, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
  }

  class Search {
    constructor(root) {
      data ??= load();
      this.root = root;
      this.form = root.querySelector("[data-search]");
      this.list = root.querySelector(".results");
      this.status = root.querySelector(".status");
      this.paging = root.querySelector(".paging");
      this.fields = Object.fromEntries(KEYS.map((key) => [key, root.querySelector(`#${key}`)]));
      this.page = 0;
      this.suggest();
      this.form.addEventListener("input", () => this.changed());
      this.form.addEventListener("change", () => this.changed());
      this.form.addEventListener("submit", (event) => event.preventDefault());
      this.form.addEventListener("reset", () => setTimeout(() => this.changed()));
      this.form.addEventListener("click", (event) => this.save(event.target.closest("[data-save]")));
      this.paging.addEventListener("click", (event) => this.turn(event.target.closest("[data-turn]")));
      this.state();
    }

    suggest() {
      const { claims } = data;
      const columns = {
        author: [data.authors.map(([name]) => name), claims.authors],
        topic: [data.topics.map(([label]) => label), claims.topic],
        target: [data.targets, claims.sides.map((sides) => sides.map(([n]) => n))],
        entity: [data.entities, claims.entities],
      };
      for (const [key, [names, numbers]] of Object.entries(columns)) {
        const counts = new Float64Array(names.length);
        for (const found of numbers) for (const n of [found].flat()) if (n >= 0) counts[n] += 1;
        const order = [...counts.keys()].sort((a, b) => counts[b] - counts[a] || a - b).slice(0, LISTED);
        const options = order.map((n) => make("option", { value: ronten.clean(names[n]) }));
        this.root.querySelector(`#${key}-list`).replaceChildren(...options);
      }
    }

    state() {
      const { values } = ronten.place();
      if (this.last && values.toString() === this.query().toString()) return;
      for (const key of KEYS) {
        const field = this.fields[key];
        field.value = values.get(key) ?? (key === "confidence" ? "0" : "");
      }
      this.page = Math.max(0, Number.parseInt(values.get("page") ?? "1", 10) - 1 || 0);
      this.run();
    }

    changed() {
      this.page = 0;
      this.run();
    }

    run() {
      const values = Object.fromEntries(KEYS.map((key) => [key, this.fields[key].value]));
      this.form.querySelector("output").value = Number(values.confidence).toFixed(2);
      // A change of a field comes twice, as input and as change.
      const key = JSON.stringify([values, this.page]);
      if (key === this.last) return;
      this.last = key;
      const { found, words } = filter(values);
      this.found = found;
      this.words = words;
      this.page = Math.min(this.page, Math.max(0, Math.ceil(found.length / ROWS) - 1));
      this.render();
      clearTimeout(this.timer);
      const { href } = location;
      // Browsers allow few changes of the address a second; one that has been left by then is not ours to write.
      this.timer = setTimeout(() => { if (location.href === href) ronten.keep(this.query()); }, 150);
    }

    query() {
      const query = new URLSearchParams();
      for (const key of KEYS) {
        const { value } = this.fields[key];
        if (value && !(key === "confidence" && Number(value) === 0)) query.set(key, value);
      }
      if (this.page) query.set("page", this.page + 1);
      return query;
    }

    render() {
      const { found, page } = this;
      const rows = found.slice(page * ROWS, (page + 1) * ROWS);
      const number = (n) => n.toLocaleString("en-US");
      const values = { n: number(found.length), from: number(page * ROWS + 1), to: number(page * ROWS + rows.length) };
      this.status.textContent = found.length ? text("results", values) : text("no_results");
      this.list.start = page * ROWS + 1;
      this.list.replaceChildren(...rows.map((i) => row(i, this.words)));
      this.paging.hidden = found.length <= ROWS;
      const pages = Math.ceil(found.length / ROWS);
      this.paging.querySelector("span").textContent = `${number(page + 1)} / ${number(pages)}`;
      const [before, after] = this.paging.querySelectorAll("button");
      before.disabled = page === 0;
      after.disabled = page + 1 >= pages;
    }

    turn(button) {
      if (!button) return;
      this.page += Number(button.dataset.turn);
      this.run();
      this.status.scrollIntoView({ block: "start" });
    }

    save(button) {
      if (!button) return;
      const rows = this.found.map(record);
      if (button.dataset.save === "csv") save("claims.csv", "text/csv;charset=utf-8", csv(rows));
      else save("claims.json", "application/json", `${JSON.stringify(rows, null, 1)}\n`);
    }

    leave() {
      clearTimeout(this.timer);
    }
  }

  document.addEventListener("ronten:state", () => search?.state());
  document.addEventListener("ronten:leave", () => { search?.leave(); search = null; });
  ronten.mounts.push((root) => {
    search = root.querySelector("[data-search]") ? new Search(root) : null;
  });
})();
