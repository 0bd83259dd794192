// The table of commitments: search, filters, order, and the visible rows as CSV.
const columns = [
  { name: "Where", sort: (c) => documents.indexOf(known.get(c.key)) * 1e5 + c.n },
  { name: "Statement", sort: (c) => plain(c.text).toLowerCase() },
  { name: "Who is bound", sort: (c) => c.party_ids },
  { name: "Obligation", sort: (c) => levels.indexOf(c.obligation) + c.stage },
  { name: "When", sort: (c) => c.time_value || (c.time ? "~" : "~~") },
  { name: "Condition", sort: (c) => c.condition.toLowerCase() || "~" },
  { name: "Precision", sort: (c) => c.precision === "" ? -1 : c.precision },
  { name: "Areas", sort: (c) => list(c.areas).map(called).join() || "~" },
];
const levels = ["possible", "intended", "committed", "binding"];
const filters = ["search", "area", "obligation", "stage", "party", "document"];
const PAGE = 100;
let rowsShown = PAGE, order = { column: 0, down: false };

const value = (id) => by(`c-${id}`).value;

const matching = () => {
  const sought = value("search").trim().toLowerCase(), area = value("area");
  const tests = [["obligation", "obligation"], ["stage", "stage"], ["document", "key"]].map(([id, column]) => [value(id), column]);
  const found = allCommitments.filter((c) =>
    tests.every(([wanted, column]) => !wanted || c[column] === wanted) &&
    (!area || (area === "(none)" ? !c.areas : list(c.areas).includes(area))) &&
    (!value("party") || list(c.party_ids).includes(value("party"))) &&
    (!sought || `${c.text} ${c.actor} ${c.party_ids} ${c.citation} ${c.time} ${c.condition}`.toLowerCase().includes(sought)));
  const by_ = columns[order.column].sort;
  const keyed = found.map((c, i) => [by_(c), i, c]);
  keyed.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0) * (order.down ? -1 : 1) || a[1] - b[1]);
  return keyed.map(([, , c]) => c);
};

const exported = data.columns.filter((column) => column !== "aim_at");

// The words before the aim or after it, as many as a cell can hold; all of them where something is sought.
const BEFORE = 140, AFTER = 200;
const lastWords = (text) => text.length <= BEFORE * 1.5 ? text : `… ${text.slice(-BEFORE).replace(/^\S*\s/, "")}`;
const firstWords = (text) => text.length <= AFTER * 1.5 ? text : `${text.slice(0, AFTER).replace(/\s\S*$/, "")} …`;

// The statement with its aim set off.
const statement = (c, sought) => {
  const end = c.aim_at + c.aim.length, before = c.text.slice(0, c.aim_at), after = c.text.slice(end);
  return [...withMarks(sought ? before : lastWords(before), sought), el("b", {}, ...withMarks(c.text.slice(c.aim_at, end), sought)),
    ...withMarks(sought ? after : firstWords(after), sought)];
};

const rowOf = (c, sought) => {
  const cells = [
    [el("a", { href: address(c.key, `c${c.n}`) }, c.citation)],
    statement(c, sought),
    [plain(c.actor), el("small", {}, list(c.party_ids).map((id) => id.replace("name:", "")).join("; "))],
    [el("span", { class: `cue ${c.obligation}` }, c.obligation), el("small", {}, c.stage)],
    [plain(c.time), ...(c.time_value ? [el("small", {}, c.time_value)] : [])],
    [plain(c.condition)],
    [c.precision === "" ? "" : String(c.precision)],
    [list(c.areas).map(called).join("; ")],
  ];
  return el("tr", {}, ...cells.map((cell, i) => i ? el("td", { "data-label": columns[i].name }, ...cell) : el("th", { scope: "row" }, ...cell)));
};

const drawTable = () => {
  const found = matching();
  by("c-table").tBodies[0].replaceChildren(...found.slice(0, rowsShown).map((c) => rowOf(c, value("search").trim().toLowerCase())));
  const all = allCommitments.length, shownNow = Math.min(rowsShown, found.length);
  by("c-count").textContent = count(found.length, "commitment") + (found.length < all ? ` of ${all.toLocaleString("en")}` : "") +
    (shownNow < found.length ? `, the first ${shownNow} shown` : "");
  by("c-more").hidden = found.length <= rowsShown;
  by("c-save").disabled = !found.length;
  [...by("c-table").tHead.rows[0].cells].forEach((th, i) =>
    th.setAttribute("aria-sort", i !== order.column ? "none" : order.down ? "descending" : "ascending"));
};

const wantedRows = () => new URLSearchParams(filters.map((id) => [id, value(id)]).filter(([, wanted]) => wanted)).toString();

const redrawTable = () => {
  const query = wantedRows();
  history.replaceState(null, "", `#commitments${query && "?" + query}`);
  rowsShown = PAGE;
  drawTable();
};

// A cell that begins like a formula is kept from being one when a spreadsheet opens the file, as in the dataset's CSV.
const quote = (cell) => `"${(/^'|^\s*[=+\-@\t\r\n＝＋－＠]/.test(cell) ? "'" + cell : String(cell)).replaceAll('"', '""')}"`;

const save = () => {
  const lines = [["key", ...exported], ...matching().map((c) => [c.key, ...exported.map((column) => c[column])])];
  const text = "\ufeff" + lines.map((line) => line.map(quote).join(",")).join("\r\n") + "\r\n";
  const link = el("a", { download: "commitments.csv" });
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
};

const startCommitments = () => {
  if (!by("c-table")) return;
  by("c-table").tHead.rows[0].append(...columns.map(({ name }, i) => {
    const button = el("button", { type: "button" }, name);
    button.addEventListener("click", () => { order = { column: i, down: order.column === i && !order.down }; redrawTable(); });
    return el("th", { scope: "col" }, button);
  }));
  const bound = new Map();
  for (const c of allCommitments) for (const id of list(c.party_ids)) bound.set(id, (bound.get(id) ?? 0) + 1);
  by("c-party").append(...[...bound].sort((a, b) => b[1] - a[1]).map(([id, n]) => el("option", { value: id }, `${actor(id)}: ${n}`)));
  for (const id of filters) by(`c-${id}`).addEventListener(id === "search" ? "input" : "change", redrawTable);
  by("c-form").addEventListener("reset", (event) => {
    event.preventDefault();
    for (const id of filters) by(`c-${id}`).value = "";
    redrawTable();
  });
  by("c-more").addEventListener("click", () => { rowsShown += PAGE * 2; drawTable(); });
  by("c-save").addEventListener("click", save);
  let drawn = false;
  shown.commitments = (_, query) => {
    if (query.size) for (const id of filters) by(`c-${id}`).value = query.get(id) ?? "";
    if (!drawn || query.size) redrawTable();
    drawn = true;
  };
};
