// Two documents side by side, their passages paired by `pairUp`.
const PAIRS = 60;
// Share of the longer text that stays below which a redline would be harder to read than the two texts.
const KEPT = 0.3;
let pairsShown = PAIRS, pairs = [];

const passagesOf = (key) => [...templates.get(key).querySelectorAll(".p")].map((p) => {
  const text = plain(p.querySelector(".t").textContent.slice(p.querySelector(".num")?.textContent.length ?? 0));
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+(?:[’'][\p{L}\p{N}]+)*/gu) ?? [];
  return { id: p.id, cite: p.dataset.cite, text, words, exact: words.join(" ") };
});

// Rows in the order of the right document; what only the left one has stands where it would.
const align = (left, right) => {
  const found = pairUp(left, right).sort((x, y) => x.i - y.i || x.j - y.j);
  const place = new Map(found.map(({ i, j }) => [i, j])), other = new Set(found.map(({ j }) => j));
  const rows = found.map(({ i, j }) => ({ a: left[i], b: right[j], at: [j, i], relation: left[i].exact === right[j].exact ? "same" : "reworded" }));
  right.forEach((b, j) => { if (!other.has(j)) rows.push({ b, at: [j, -1], relation: "b" }); });
  let after = -0.5;
  left.forEach((a, i) => {
    if (place.has(i)) after = place.get(i) + 0.5;
    else rows.push({ a, at: [after, i], relation: "a" });
  });
  return rows.sort((x, y) => x.at[0] - y.at[0] || x.at[1] - y.at[1]);
};

const NAMES = { same: "the same", reworded: "changed", a: "only left", b: "only right" };

const side = (passage, key, parts) => {
  if (!passage) return el("div", { class: "side none" }, "—");
  const link = el("a", { href: address(key, passage.id), title: passage.cite }, passage.cite.replace(`${known.get(key).short}, `, ""));
  return el("div", { class: "side" }, el("p", { class: "cite" }, link), el("p", {}, ...parts));
};

// What is struck out and put in; null where too little stays.
const changedIn = (a, b) => {
  const pieces = redline(a, b);
  const kept = pieces.filter(([op]) => op === "same").reduce((sum, [, text]) => sum + text.length, 0);
  return kept >= KEPT * Math.max(a.length, b.length) ? pieces : null;
};

const drawPairs = () => {
  const [a, b] = [by("p-a").value, by("p-b").value], only = by("p-show").value;
  const rows = pairs.filter((row) => !only || row.relation === only);
  by("p-rows").replaceChildren(...rows.slice(0, pairsShown).map((row) => {
    const changed = row.relation === "reworded" ? changedIn(row.a.text, row.b.text) : null;
    const shownAs = (passage, op, tag) => !passage ? [] : !changed ? [passage.text]
      : changed.filter(([o]) => o === "same" || o === op).map(([o, text]) => o === "same" ? text : el(tag, {}, text));
    const name = row.relation === "reworded" && !changed ? "in other words" : NAMES[row.relation];
    return el("div", { class: `pair ${row.relation}` }, el("h2", {}, name),
      side(row.a, a, shownAs(row.a, "deleted", "del")), side(row.b, b, shownAs(row.b, "inserted", "ins")));
  }));
  by("p-more").hidden = rows.length <= pairsShown;
};

const compare = () => {
  const [a, b] = [by("p-a").value, by("p-b").value];
  pairs = align(passagesOf(a), passagesOf(b));
  const counts = Object.keys(NAMES).map((relation) => [relation, pairs.filter((row) => row.relation === relation).length]);
  by("p-count").replaceChildren(...counts.flatMap(([relation, n], i) => [i ? ", " : "", el("i", { class: `swatch ${relation}` }), ` ${n} ${NAMES[relation]}`]));
  by("p-names").replaceChildren(el("span"), ...[a, b].map((key) => el("a", { href: address(key) }, known.get(key).title || key)));
  by("p-share").replaceChildren(...counts.filter(([, n]) => n).map(([relation, n]) => {
    const part = el("i", { class: relation, title: `${n} ${NAMES[relation]}` });
    part.style.flexGrow = n;
    return part;
  }));
  pairsShown = PAIRS;
  drawPairs();
};

const startPair = () => {
  if (here.size < 2) return;
  by("p-b").append(...[...by("p-a").options].map((option) => option.cloneNode(true)));
  const follow = (a, b) => go(`#compare/${encodeURIComponent(a)}/${encodeURIComponent(b)}`);
  for (const id of ["p-a", "p-b"]) by(id).addEventListener("change", () => follow(by("p-a").value, by("p-b").value));
  by("p-swap").addEventListener("click", () => follow(by("p-b").value, by("p-a").value));
  by("p-show").addEventListener("change", () => { pairsShown = PAIRS; drawPairs(); });
  by("p-more").addEventListener("click", () => { pairsShown += PAIRS; drawPairs(); });
  let last = "";
  shown.compare = ([a, b]) => {
    const [one, other] = here.has(a) && here.has(b) ? [a, b] : data.pair;
    const again = begun && last !== "" && document.activeElement?.closest("#p-form") ? document.activeElement : null;
    if (last !== `${one}\n${other}`) {
      [by("p-a").value, by("p-b").value] = [one, other];
      compare();
      last = `${one}\n${other}`;
    }
    return again;
  };
};
