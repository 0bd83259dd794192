"use strict";
(() => {
// What all views share. Text of documents is only ever put into the page as text (textContent), never as markup.
const data = JSON.parse(document.getElementById("data").textContent);
const by = (id) => document.getElementById(id);
const documents = data.documents.map(([key, title, short, date, type, parties, file]) => ({ key, title, short, date, type, parties, file }));
const known = new Map(documents.map((d) => [d.key, d]));
const here = new Set(data.here);
const areaNames = new Map([...Object.entries(data.areas), ["(rest)", "Other security and defence"]]);
const actorNames = new Map(Object.entries(data.actors));
const templates = new Map([...document.querySelectorAll("template[data-key]")].map((t) => [t.dataset.key, t.content]));

const called = (area) => areaNames.get(area) ?? area;
const words = (id) => id.replaceAll("_", " ");
const list = (cell) => cell.split(";").filter(Boolean);
const actor = (id) => id.startsWith("name:") ? id.slice(5) : actorNames.has(id) ? `${actorNames.get(id)} (${id})` : id;
const plain = (text) => text.replace(/\s+/g, " ").trim();
const named = (d) => d.short || d.title || d.key;
const count = (n, one, many = `${one}s`) => `${n.toLocaleString("en")} ${n === 1 ? one : many}`;
const address = (key, at = "", query = "") => `#doc/${encodeURIComponent(key)}${at && "/" + at}${query && "?" + query}`;

// el("td", { class: "long" }, "text", node)
const el = (name, attributes = {}, ...children) => {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.append(...children);
  return made;
};

// Commitments as objects, in the order of documents and of their texts; n is the number within the document.
const commitments = new Map(Object.entries(data.commitments).map(([key, rows]) => [key, rows.map((row, n) =>
  Object.assign({ key, n }, Object.fromEntries(data.columns.map((column, i) => [column, row[i]]))))]));
const allCommitments = documents.flatMap((d) => commitments.get(d.key) ?? []);

// The text with every place where `sought` (lower case) stands marked.
const withMarks = (text, sought) => {
  if (!sought) return [text];
  const out = [], lower = text.toLowerCase();
  let at = 0;
  for (let found; lower.length === text.length && (found = lower.indexOf(sought, at)) >= 0; at = found + sought.length)
    out.push(text.slice(at, found), el("mark", {}, text.slice(found, found + sought.length)));
  return [...out, text.slice(at)];
};

const copy = async (text) => {
  try { await navigator.clipboard.writeText(text); } catch {  // no permission, or an old browser
    const field = el("textarea", { class: "off" });
    field.value = text;
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
};

// "EU-XAA SDP 2025, para. 12, p. 4: “will hold …”"
const quoted = (citation, text) => {
  const all = plain(text).split(" ");
  return `${citation}: “${all.slice(0, 40).join(" ")}${all.length > 40 ? " …" : ""}”`;
};

// Routes: #view, #view/part/part?name=value. A view says how it is shown; what it returns is focused, else its heading.
// The address and what is shown change in one step: a link within the page is followed by `go`.
const views = new Map([...document.querySelectorAll("[data-view]")].map((view) => [view.dataset.view, view]));
const shown = {};
let begun = false;

// Of a split report the file that a route leads to, if it is another one.
const fileOf = (name, given, query) => {
  const keys = name === "doc" ? given.slice(0, 1) : name === "compare" ? given
    : name === "commitments" && !views.has(name) ? [query.get("document")] : [];
  const files = new Set(keys.filter((key) => !here.has(key)).map((key) => known.get(key)?.file));
  return files.size === 1 ? [...files][0] : "";
};

// Whether a route asks for two documents of different files, which no page can hold.
const isApart = (name, keys) => name === "compare" && new Set(keys.map((key) => known.get(key)?.file ?? "")).size > 1;

const route = () => {
  const [path, query = ""] = location.hash.slice(1).split("?");
  let parts = [];
  try { parts = path.split("/").map(decodeURIComponent); } catch { /* a damaged address leads to the first view */ }
  const [name, ...rest] = parts;
  const elsewhere = fileOf(name, rest, new URLSearchParams(query));
  if (elsewhere) { location.replace(encodeURIComponent(elsewhere) + location.hash); return; }
  const first = views.has("overview") ? ["overview"] : ["doc", data.here[0]];
  const apart = isApart(name, rest), missing = !apart && (!views.has(name) || (name === "doc" && !known.has(rest[0])));
  const [to, ...given] = missing ? first : [apart ? "apart" : name, ...rest];
  for (const [other, view] of views) view.hidden = other !== to;
  for (const link of document.querySelectorAll("nav a[data-to]"))
    link.dataset.to === to ? link.setAttribute("aria-current", "page") : link.removeAttribute("aria-current");
  const target = shown[to]?.(given, new URLSearchParams(missing ? "" : query)) ?? views.get(to).querySelector("h1");
  document.title = `${plain(views.get(to).querySelector("h1")?.textContent ?? "")} · Pactscope report`;
  if (begun || target?.tagName !== "H1") {
    target?.focus({ preventScroll: true });
    if (target?.tagName === "H1") scrollTo({ top: 0, behavior: "instant" });
    else if (!target?.form) target?.scrollIntoView({ block: innerWidth < 1000 ? "start" : "center", behavior: "instant" });  // evidence covers the rest
  }
  begun = true;
};

const go = (hash) => {
  if (hash !== location.hash) history.pushState(null, "", hash);
  route();
};

shown.apart = (keys) => {
  by("a-documents").replaceChildren(...keys.map((key) => el("li", {}, el("a", { href: address(key) }, known.get(key)?.title || key))));
  const word = (key) => /^[\w.-]+$/.test(key) ? key : `'${key.replaceAll("'", "'\\''")}'`;  // as a shell takes it for one word
  by("a-command").textContent = `pactscope report DATASET ${keys.map((key) => `--document ${word(key)}`).join(" ")}`;
};
