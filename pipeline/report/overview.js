// Overview and fora: the heat map's order and search, and charts in the colours of the page.
const dark = matchMedia("(prefers-color-scheme: dark)");

// On a phone long names are cut and bars shortened, so that a chart of one panel fits; grids and panels scroll.
const NARROW = 720, CUT = 160;
const fitted = (spec, theme, room) => innerWidth > NARROW || typeof spec.width !== "number" ? { ...spec, config: theme }
  : { ...spec, width: Math.max(120, room - CUT - 60), config: { ...theme, axis: { ...theme.axis, labelLimit: CUT } } };

const draw = (view) => {
  const mode = dark.matches ? "dark" : "light";
  for (const place of view.querySelectorAll("[data-chart]")) {
    if (place.dataset.mode === mode) continue;
    place.dataset.mode = mode;
    const inner = el("div", { "aria-hidden": "true" });  // Vega writes its own label, which says less than the outer one
    place.replaceChildren(inner);
    // `ast` evaluates Vega's expressions without eval, which the page's policy forbids.
    vegaEmbed(inner, fitted(data.charts[place.dataset.chart], data.themes[mode], place.clientWidth),
      { actions: false, ast: true, renderer: "svg", mode: "vega-lite", tooltip: { theme: mode } });
  }
};

// Shows the rows of a table that hold all words of a search field, and says how many.
const searchable = (field, table, counter, one, many) => {
  const rows = [...table.tBodies[0].rows].map((row) => ({ row, text: `${row.textContent} ${row.dataset.key ?? ""}`.toLowerCase() }));
  const find = () => {
    const sought = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    for (const { row, text } of rows) {
      row.hidden = !sought.every((word) => text.includes(word));
      found += !row.hidden;
    }
    counter.textContent = sought.length ? `${found.toLocaleString("en")} of ${count(rows.length, one, many)}` : count(rows.length, one, many);
  };
  field.addEventListener("input", find);
  find();
  return (words) => { field.value = words; find(); };
};

const orders = {
  date: (a, b) => (a.dataset.date || "9") < (b.dataset.date || "9") ? -1 : 1,
  new: (a, b) => a.dataset.date > b.dataset.date ? -1 : 1,
  title: (a, b) => a.cells[0].textContent.localeCompare(b.cells[0].textContent, "en"),
  firm: (a, b) => b.dataset.firm - a.dataset.firm,
  passages: (a, b) => b.dataset.passages - a.dataset.passages,
};

const startOverview = () => {
  for (const form of document.querySelectorAll("form")) form.addEventListener("submit", (event) => event.preventDefault());
  if (!views.has("overview")) return;
  const body = by("map").tBodies[0];
  by("m-order").addEventListener("change", () => body.append(...[...body.rows].sort(orders[by("m-order").value])));
  searchable(by("m-search"), by("map"), by("m-count"), "document");
  const findFora = by("fora-list") && searchable(by("f-search"), by("fora-list"), by("f-count"), "forum", "fora");
  shown.overview = () => { draw(views.get("overview")); };
  shown.fora = (_, query) => {
    draw(views.get("fora"));
    if (!findFora || !query.has("find")) return null;
    findFora(query.get("find"));
    by("f-form").scrollIntoView({ behavior: "instant" });
    return by("f-search");
  };
  dark.addEventListener("change", () => { for (const view of views.values()) if (!view.hidden) draw(view); });
};
