// What all pages share: texts, the state behind "#", the colour scheme, the pages of a single file.
const ronten = (() => {
  "use strict";
  const mounts = [];
  const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;

  function text(key, values = {}) {
    return (TEXTS[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  }

  function clean(value) {
    return String(value).replace(CONTROL, "\ufffd");
  }

  // Elements are made from text alone, never from markup.
  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value);
    }
    for (const child of children.flat()) {
      if (child === null || child === undefined || child === "") continue;
      element.append(child instanceof Node ? child : clean(child));
    }
    return element;
  }

  function ja(value, href) {
    const name = make("bdi", { lang: "ja" }, value);
    return href ? make("a", { href }, name) : name;
  }

  const templates = new Map();
  const single = () => templates.size > 0;

  // "#authors/x.html#c=1" in a single file, "#c=1" in a folder; what follows may be an id as well.
  function place() {
    const hash = location.hash.slice(1);
    if (!single()) return { page: null, values: new URLSearchParams(hash), id: hash };
    const [name, rest = ""] = hash.split("#");
    let page = name;
    try { page = decodeURIComponent(name); } catch { /* not ours */ }
    return { page, values: new URLSearchParams(rest), id: rest };
  }

  let shown = null;
  let shownHash = "";

  function keep(values) {
    const query = values.toString();
    const hash = single() ? `#${shownHash}${query ? `#${query}` : ""}` : query ? `#${query}` : "#";
    try { history.replaceState(history.state, "", hash); } catch { location.replace(hash); }
  }

  function href(page, values = {}) {
    const pairs = Object.entries(values).filter(([, value]) => value);
    const query = pairs.map(([key, value]) => `${key}=${encodeURIComponent(value)}`).join("&");
    const path = page.split("/").map(encodeURIComponent).join("/");
    const root = single() ? "#" : document.body.dataset.root;
    return root + path + (query ? `#${query}` : "");
  }

  function pageData(root) {
    const block = root.querySelector("script.page-data");
    return block ? JSON.parse(block.textContent) : {};
  }

  const main = () => document.getElementById("main");

  function mount() {
    const data = pageData(main());
    for (const start of mounts) start(main(), data);
  }

  function show() {
    const { page } = place();
    const wanted = page === "" || page === null ? "index.html" : page;
    if (!templates.has(wanted)) {
      if (shown === null) open("index.html", "index.html");
      return;
    }
    if (wanted === shown) {
      document.dispatchEvent(new Event("ronten:state"));
      reveal();
      return;
    }
    open(wanted, location.hash.slice(1).split("#")[0] || "index.html");
  }

  // Goes to the part of the page that the address names, as browsers do between files.
  function reveal() {
    const part = document.getElementById(place().id);
    part?.scrollIntoView();
    part?.focus({ preventScroll: true });
  }

  // Browsers know where each page of a folder was left; a single file has to note it itself.
  function noteScroll() {
    let timer = 0;
    addEventListener("scroll", () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        try { history.replaceState({ y: scrollY }, ""); } catch { /* forgotten, then */ }
      }, 150);
    });
  }

  function open(page, hash) {
    const first = shown === null;
    const template = templates.get(page);
    shown = page;
    shownHash = hash;
    document.dispatchEvent(new Event("ronten:leave"));
    main().replaceChildren(template.content.cloneNode(true));
    document.title = template.dataset.title;
    for (const entry of document.querySelectorAll("[data-menu]")) {
      if (entry.dataset.menu === template.dataset.menu) entry.setAttribute("aria-current", "page");
      else entry.removeAttribute("aria-current");
    }
    scrollTo(0, 0);
    if (!first) main().focus({ preventScroll: true });
    const y = history.state?.y;
    mount();
    if (y === undefined) reveal();
    else scrollTo(0, y);
  }

  function theme() {
    const choice = document.getElementById("theme");
    choice.value = document.documentElement.dataset.theme ?? "";
    const tell = () => document.dispatchEvent(new Event("ronten:theme"));
    choice.addEventListener("change", () => {
      if (choice.value) document.documentElement.dataset.theme = choice.value;
      else delete document.documentElement.dataset.theme;
      try { localStorage.setItem("ronten-theme", choice.value); } catch { /* kept for this page */ }
      tell();
    });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", tell);
  }

  function start() {
    for (const template of document.querySelectorAll("template[data-page]")) {
      templates.set(template.dataset.page, template);
    }
    theme();
    // As a link it would put its own name in the place of the state behind "#".
    document.querySelector(".skip")?.addEventListener("click", (event) => {
      event.preventDefault();
      main().focus();
    });
    if (single()) {
      noteScroll();
      addEventListener("hashchange", show);
      show();
    } else {
      addEventListener("hashchange", () => document.dispatchEvent(new Event("ronten:state")));
      mount();
    }
  }

  document.addEventListener("DOMContentLoaded", start);
  return { mounts, text, clean, make, ja, place, keep, href };
})();
