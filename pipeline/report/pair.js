// Two documents side by side. Passages with the same clause number are versions of one another (computed when the report was
// written); what is left between such pairs is paired if it shares this much of its words. On nine pairs of the sample corpus 100
// of the 103 pairs found are also those of `compare.align_pair`, which finds 110; at 1/3 it is 108 of 132, at 0.45 93 of 96.
const SHARED = 0.4, PAIRS = 60;
// Comparisons within one gap; where two long texts have nothing in common, every passage would be tried with every other.
const LARGEST_GAP = 2500;
let pairsShown = PAIRS, pairs = [];

const passagesOf = (key) => [...templates.get(key).querySelectorAll(".p")].map((p) => {
  const text = plain(p.querySelector(".t").textContent.slice(p.querySelector(".num")?.textContent.length ?? 0));
  const found = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return { id: p.id, clause: p.dataset.clause, cite: p.dataset.cite, text, words: found, exact: found.join(" ") };
});

// Share of words in common (Dice 1945, on bags of words).
const alike = (a, b) => {
  const bag = new Map();
  for (const word of a.words) bag.set(word, (bag.get(word) ?? 0) + 1);
  let both = 0;
  for (const word of b.words) if (bag.get(word) > 0) { bag.set(word, bag.get(word) - 1); both++; }
  return 2 * both / (a.words.length + b.words.length || 1);
};

// For each passage of `right` the index of its counterpart in `left`; of several the one nearest in place.
const counterparts = (left, right) => {
  const found = new Map(), taken = new Set();
  for (const id of ["exact", "clause"]) {
    const groups = new Map();
    left.forEach((a, i) => groups.has(a[id]) ? groups.get(a[id]).push(i) : groups.set(a[id], [i]));
    right.forEach((b, j) => {
      if (!b[id] || found.has(j)) return;
      const apart = (i) => Math.abs(i / left.length - j / right.length);
      const free = (groups.get(b[id]) ?? []).filter((i) => !taken.has(i));
      const i = free.reduce((best, i) => best === undefined || apart(i) < apart(best) ? i : best, undefined);
      if (i !== undefined) { found.set(j, i); taken.add(i); }
    });
  }
  for (const pair of between(left, right, found, taken)) found.set(...pair);
  return found;
};

// Pairs what stands between the same two neighbours on both sides, the most alike first.
const between = (left, right, found, taken) => {
  const out = [];
  let from = -1, run = [];
  for (let j = 0; j <= right.length; j++) {
    if (j < right.length && !found.has(j)) { run.push(j); continue; }
    const to = j < right.length ? found.get(j) : left.length;
    const free = [];
    for (let i = from + 1; i < to; i++) if (!taken.has(i)) free.push(i);
    if (free.length * run.length <= LARGEST_GAP) out.push(...bestOf(left, right, free, run));
    [from, run] = [to, []];
  }
  return out;
};

const bestOf = (left, right, free, run) => {
  const scored = run.flatMap((j) => free.map((i) => [alike(left[i], right[j]), j, i])).filter(([score]) => score >= SHARED);
  const used = new Set(), out = [];
  for (const [, j, i] of scored.sort((a, b) => b[0] - a[0])) {
    if (used.has(`r${j}`) || used.has(`l${i}`)) continue;
    used.add(`r${j}`).add(`l${i}`);
    out.push([j, i]);
  }
  return out;
};

// Rows in the order of the right document; what only the left one has stands where it would.
const align = (left, right) => {
  const found = counterparts(left, right), place = new Map([...found].map(([j, i]) => [i, j]));
  const rows = right.map((b, j) => {
    const a = left[found.get(j)];
    return { a, b, at: [j, 0], relation: !a ? "b" : a.exact === b.exact ? "same" : "reworded" };
  });
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

const drawPairs = () => {
  const [a, b] = [by("p-a").value, by("p-b").value], only = by("p-show").value;
  const rows = pairs.filter((row) => !only || row.relation === only);
  by("p-rows").replaceChildren(...rows.slice(0, pairsShown).map((row) => {
    const changed = row.relation === "reworded" ? redline(row.a.text, row.b.text) : null;
    const shownAs = (passage, op, tag) => !passage ? [] : !changed ? [passage.text]
      : changed.filter(([o]) => o === "same" || o === op).map(([o, text]) => o === "same" ? text : el(tag, {}, text));
    return el("div", { class: `pair ${row.relation}` }, el("h2", {}, NAMES[row.relation]),
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
  const follow = () => { location.hash = `#compare/${encodeURIComponent(by("p-a").value)}/${encodeURIComponent(by("p-b").value)}`; };
  for (const id of ["p-a", "p-b"]) by(id).addEventListener("change", follow);
  by("p-swap").addEventListener("click", () => { [by("p-a").value, by("p-b").value] = [by("p-b").value, by("p-a").value]; follow(); });
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
