"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const heads = {
    commitments: ["Where", "Sentence", "Who", "Bound", "Cue", "Aim", "Obligation", "Stage", "When", "Areas"],
    passages: ["Where", "Passage", "Areas"],
  };
  const columns = {
    commitments: ["citation", "sentence", "actor", "party_ids", "cue", "aim", "obligation", "stage", "time", "areas"],
    passages: ["citation", "text", "areas"],
  };
  const by = (id) => document.getElementById(id);
  const names = Object.fromEntries([...by("area").options].map((o) => [o.value, o.textContent]));
  const shownAs = (column, text) =>
    column === "areas" ? text.split(";").map((a) => a && names[a] || a).join("; ") :
    column === "party_ids" ? text.replaceAll("name:", "").replaceAll(";", "; ") : text;
  const PAGE = 100;
  let shown = PAGE;

  // A row is [key, ...columns]; the second column holds the words.
  const rows = () => {
    const what = by("what").value, key = by("key").value, area = by("area").value, firm = by("obligation").value;
    const words = by("search").value.trim().toLowerCase();
    const at = (name) => 1 + columns[what].indexOf(name);
    return data[what].filter((r) =>
      (!key || r[0] === key) &&
      (!area || r[at("areas")].split(";").includes(area)) &&
      (what === "passages" || !firm || r[at("obligation")] === firm) &&
      (!words || r.slice(1).join(" ").toLowerCase().includes(words)));
  };

  const cell = (text, long, words) => {
    const td = document.createElement("td");
    if (long) td.className = "long";
    const found = words ? text.toLowerCase().indexOf(words) : -1;
    if (found < 0) { td.textContent = text; return td; }
    const mark = document.createElement("mark");
    mark.textContent = text.slice(found, found + words.length);
    td.append(text.slice(0, found), mark, text.slice(found + words.length));
    return td;
  };

  const draw = () => {
    const what = by("what").value, found = rows(), words = by("search").value.trim().toLowerCase();
    by("obligation").disabled = what === "passages";
    const head = document.createElement("tr");
    for (const name of heads[what]) {
      const th = document.createElement("th");
      th.scope = "col"; th.textContent = name; head.append(th);
    }
    by("list").tHead.replaceChildren(head);
    by("list").tBodies[0].replaceChildren(...found.slice(0, shown).map((r) => {
      const tr = document.createElement("tr");
      tr.append(...r.slice(1).map((text, i) => cell(shownAs(columns[what][i], text), i === 1, words)));
      return tr;
    }));
    by("count").textContent = `${found.length.toLocaleString("en")} ${what}`;
    by("more").hidden = found.length <= shown;
  };

  const redraw = () => { shown = PAGE; draw(); };
  for (const id of ["what", "area", "obligation", "key"]) by(id).addEventListener("change", redraw);
  by("search").addEventListener("input", redraw);
  by("more").addEventListener("click", () => { shown += PAGE; draw(); });

  const follow = (what, key, area) => {
    by("what").value = what; by("key").value = key; by("area").value = area; by("obligation").value = ""; by("search").value = "";
    redraw(); by("find").scrollIntoView({ behavior: "smooth" });
  };
  for (const b of document.querySelectorAll(".cell")) b.addEventListener("click", () => follow("passages", b.dataset.key, b.dataset.area));
  for (const b of document.querySelectorAll(".bar")) b.addEventListener("click", () => follow("commitments", b.dataset.key, ""));

  // A cell that begins like a formula is kept from being one when a spreadsheet opens the file.
  const quote = (text) => '"' + (/^[=+\-@\t\r]/.test(text) ? "'" + text : text).replaceAll('"', '""') + '"';
  by("save").addEventListener("click", () => {
    const what = by("what").value;
    const lines = [["key", ...columns[what]], ...rows()].map((r) => r.map(quote).join(","));
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(["\ufeff" + lines.join("\r\n")], { type: "text/csv" }));
    link.download = `${what}.csv`; link.click();
    URL.revokeObjectURL(link.href);
  });
  draw();
})();
