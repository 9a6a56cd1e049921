// The charts of the overview, in the colours of the page.
(() => {
  "use strict";
  let views = [];
  let redraw = null;

  function colour(name) {
    const probe = ronten.make("span", { class: `probe-${name}` });
    document.body.append(probe);
    const found = getComputedStyle(probe).color;
    probe.remove();
    return found;
  }

  function config(spec) {
    const ink = colour("ink");
    const faint = colour("faint");
    const line = colour("line");
    return {
      background: null,
      font: getComputedStyle(document.body).fontFamily,
      view: { stroke: null },
      axis: {
        labelColor: ink, titleColor: faint, gridColor: line, domainColor: line, tickColor: line,
        labelFontSize: 12, titleFontSize: 12, titleFontWeight: "normal",
      },
      axisBand: { grid: false },
      legend: { labelColor: ink, titleColor: faint, titleFontWeight: "normal", labelFontSize: 12 },
      text: { color: colour("on-side"), fontSize: 12 },
      style: { beside: { color: ink } },
      bar: { color: colour("accent") },
      range: { category: (spec.usermeta?.palette ?? []).map((name) => colour(`chart-${name}`)) },
    };
  }

  async function draw(element, spec) {
    element.replaceChildren();
    try {
      const made = await vegaEmbed(element, spec, {
        actions: false,
        ast: true, // without it Vega makes code out of strings, which the page forbids
        config: config(spec),
        defaultStyle: false,
        logLevel: 1, // errors only
        renderer: "canvas",
        tooltip: { disableDefaultStyle: true },
      });
      made.view.addEventListener("click", (_, item) => {
        if (item?.datum?.href) location.href = item.datum.href;
      });
      views.push(made);
    } catch (error) {
      element.textContent = String(error);
    }
    element.dataset.drawn = "yes";
  }

  function leave() {
    for (const made of views) made.finalize();
    views = [];
    redraw = null;
  }

  ronten.mounts.push((root, data) => {
    leave();
    if (!data.charts || typeof vegaEmbed === "undefined") return;
    redraw = () => {
      for (const made of views) made.finalize();
      views = [];
      for (const element of root.querySelectorAll("[data-chart]")) {
        if (data.charts[element.dataset.chart]) draw(element, data.charts[element.dataset.chart]);
      }
    };
    redraw();
  });
  document.addEventListener("ronten:leave", leave);
  document.addEventListener("ronten:theme", () => redraw?.());
})();
