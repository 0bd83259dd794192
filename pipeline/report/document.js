// A document: its text, filters over its passages, and the evidence for what is chosen in it.
let current = "", chosen = null;

const showDocument = ([key, at = ""], query) => {
  if (current !== key) fill(key);
  by("d-area").value = query.get("area") ?? "";
  by("d-obligation").value = query.get("obligation") ?? "";
  filter();
  chosen = null;
  by("d-evidence").hidden = true;
  mark([]);
  const target = /^[pc]\d+$/.test(at) && by(at);
  if (!target) return by("doc-h");
  const passage = target.closest(".p");
  if (passage.hidden) { unfilter(); filter(); }
  at[0] === "c" ? showCommitment(Number(at.slice(1))) : showPassage(passage);
  passage.tabIndex = -1;
  return at[0] === "c" && target.tagName === "A" ? target : passage;
};

const fill = (key) => {
  current = key;
  const page = templates.get(key).cloneNode(true);
  by("d-head").replaceChildren(page.querySelector(".head"));
  by("d-text").replaceChildren(...page.querySelector(".text").children);
  by("d-tables").replaceChildren(...page.querySelector(".tables").children);
  const contents = page.querySelector("ol.contents");
  by("d-contents").hidden = contents.children.length < 2;
  by("d-contents").querySelector("nav").replaceChildren(contents);
  for (const link of contents.querySelectorAll("a")) link.href = address(key);
  for (const link of by("d-text").querySelectorAll("a.aim")) link.href = address(key, `c${link.dataset.c}`);
  for (const p of by("d-text").querySelectorAll(".p"))
    p.prepend(el("a", { class: "pin", href: address(key, p.id), title: "Cite this passage" }, "¶", el("span", { class: "off" }, " Cite this passage")));
  neighbours(key);
  areasOf();
};

const neighbours = (key) => {
  const place = documents.findIndex((d) => d.key === key);
  by("d-place").textContent = `${(place + 1).toLocaleString("en")} of ${documents.length.toLocaleString("en")}`;
  for (const [id, d] of [["d-before", documents[place - 1]], ["d-after", documents[place + 1]]]) {
    by(id).hidden = !d;
    if (!d) continue;
    by(id).href = address(d.key);
    by(id).querySelector("span").textContent = named(d);
  }
};

// The areas of this document, with how many passages have each.
const areasOf = () => {
  const counts = new Map();
  for (const p of by("d-text").querySelectorAll(".p[data-areas]"))
    for (const area of p.dataset.areas.split(" ")) counts.set(area, (counts.get(area) ?? 0) + 1);
  const options = [...areaNames.keys()].filter((area) => counts.has(area))
    .map((area) => el("option", { value: area }, `${called(area)} (${counts.get(area)})`));
  by("d-area").replaceChildren(el("option", { value: "" }, "whole text"), ...options);
};

const unfilter = () => { for (const id of ["d-area", "d-obligation"]) by(id).value = ""; };

const filter = () => {
  const area = by("d-area").value, level = by("d-obligation").value;
  const has = (cell, value) => !value || (cell ?? "").split(" ").includes(value);
  const passages = [...by("d-text").querySelectorAll(".p")];
  for (const p of passages) p.hidden = !(has(p.dataset.areas, area) && has(p.dataset.levels, level));
  for (const word of by("d-text").querySelectorAll(".ev")) word.classList.toggle("on", area !== "" && has(word.dataset.a, area));
  headings();
  const left = passages.filter((p) => !p.hidden).length;
  const what = [area && `on ${called(area)}`, level && `with a ${level} commitment`].filter(Boolean).join(" and ");
  by("d-count").textContent = what ? `${left} of ${count(passages.length, "passage")} ${what}` : count(passages.length, "passage");
};

// A heading is shown if a passage or a deeper heading below it is; looked at from the end of the text.
const headings = () => {
  const below = new Set();  // levels of what is shown since the last heading of a higher level; a passage is the deepest
  for (const child of [...by("d-text").children].reverse()) {
    const level = Number(child.dataset.level);
    if (!level) { if (!child.hidden) below.add(Infinity); continue; }
    const deeper = [...below].filter((other) => other > level);
    child.hidden = !deeper.length;
    for (const other of deeper) below.delete(other);
    if (!child.hidden) below.add(level);
  }
};

const mark = (parts) => {
  for (const part of by("d-text").querySelectorAll(".on-c")) part.classList.remove("on-c");
  for (const part of parts) part.classList.add("on-c");
};

const facts = (pairs) => by("e-facts").replaceChildren(...pairs.filter(([, value]) => value)
  .flatMap(([name, value, detail]) => [el("dt", {}, name), el("dd", {}, String(value), ...(detail ? [el("small", {}, detail)] : []))]));

const evidence = (title, text, citation, pairs) => {
  by("e-h").textContent = title;
  by("e-text").textContent = plain(text);
  facts(pairs);
  by("e-cite").textContent = citation;
  by("e-copied").textContent = "";
  by("e-copy").onclick = () => copy(quoted(citation, text)).then(() => { by("e-copied").textContent = "Copied"; });
  by("d-evidence").hidden = false;
};

const showCommitment = (n) => {
  const c = commitments.get(current)?.[n];
  if (!c) return;
  chosen = n;
  mark(by("d-text").querySelectorAll(`[data-c~="${n}"]`));
  evidence(`${c.obligation}: ${c.negated ? "not " : ""}${c.aim}`, c.text, c.citation, [
    ["Who is bound", c.actor, [list(c.party_ids).map(actor).join("; "), c.joint ? "jointly" : ""].filter(Boolean).join(", ")],
    ["Cue", c.cue, `carries the obligation: ${c.obligation}`],
    ["Stage", c.stage],
    ["Object", c.object],
    ["With or for", c.recipient],
    ["Time", c.time, c.time_value],
    ["Condition", c.condition, words(c.condition_kind)],
    ["Precision", c.precision === "" ? "" : `${c.precision} of 4`, c.precision_evidence.replaceAll("_", " ")],
    ["Delegation", c.delegation === "none" ? "" : c.delegation, c.delegation_evidence],
    ["Areas", list(c.areas).map(called).join("; ")],
    ["Said by", c.speaker && actor(c.speaker)],
    ["Found by", words(c.rule), `confidence ${Number(c.confidence).toFixed(2)}`],
  ]);
  const total = commitments.get(current).length;
  by("e-before").disabled = n === 0;
  by("e-after").disabled = n === total - 1;
};

const showPassage = (passage) => {
  const chips = [...passage.querySelectorAll(".chip[data-a]")];
  const about = chips.map((chip) => [called(chip.dataset.a) + (chip.classList.contains("unsure") ? " (to be reviewed)" : ""),
    `probability ${chip.dataset.p}`, chip.dataset.e && `words: ${chip.dataset.e.replaceAll(" | ", "; ")}`]);
  const titles = [...passage.querySelectorAll(".actor")].map((actor) => actor.title);
  const found = [...passage.querySelectorAll(".quote, .forum, .instrument")].filter((part) => !part.classList.contains("cont"))
    .map((part) => [{ quote: "Quotation", forum: "Forum", instrument: "Instrument" }[part.classList[0]], plain(part.textContent), part.title]);
  mark([passage]);
  by("e-before").disabled = by("e-after").disabled = true;
  evidence("Passage", passage.querySelector(".t").textContent, passage.dataset.cite, [
    ...(about.length ? about : [["Areas", "none"]]),
    ["Actors", [...new Set(titles)].join("; ")],
    ...found,
  ]);
};

const closeEvidence = () => {
  const back = chosen === null ? by("d-text").querySelector(".p.on-c .pin") : by(`c${chosen}`);
  by("d-evidence").hidden = true;
  mark([]);
  history.replaceState(null, "", address(current, "", queryOf()));
  back?.focus();
};

const queryOf = () => new URLSearchParams([["area", by("d-area").value], ["obligation", by("d-obligation").value]]
  .filter(([, value]) => value)).toString();

const startDocument = () => {
  shown.doc = showDocument;
  const refilter = () => { filter(); history.replaceState(null, "", address(current, "", queryOf())); };
  for (const id of ["d-area", "d-obligation"]) by(id).addEventListener("change", refilter);
  const boxes = by("d-form").querySelectorAll("input");
  const show = () => { for (const box of boxes) by("d-text").classList.toggle(`show-${box.name}`, box.checked); };
  for (const box of boxes) box.addEventListener("change", show);
  by("d-form").addEventListener("reset", (event) => {
    event.preventDefault();
    unfilter();
    for (const box of boxes) box.checked = box.defaultChecked;
    show();
    refilter();
  });
  show();
  by("d-text").addEventListener("click", (event) => {  // what is chosen keeps the filter
    const link = event.target.closest("a.aim, a.pin");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go(address(current, link.id || link.closest(".p").id, queryOf()));
  });
  by("d-contents").addEventListener("click", (event) => {
    const heading = event.target.dataset?.at && by(event.target.dataset.at);
    if (!heading) return;
    event.preventDefault();
    heading.tabIndex = -1;
    heading.focus();
    heading.scrollIntoView();
  });
  by("e-close").addEventListener("click", closeEvidence);
  for (const [id, step] of [["e-before", -1], ["e-after", 1]])
    by(id).addEventListener("click", () => go(address(current, `c${chosen + step}`, queryOf())));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !by("d-evidence").hidden && !views.get("doc").hidden) closeEvidence();
  });
  by("d-contents").open = innerWidth > 1200;
  addEventListener("beforeprint", () => { for (const part of by("d-head").querySelectorAll("details")) part.open = true; });
};
