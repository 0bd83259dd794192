// What must be struck out of one text and put in to get another, word by word: [["same" | "deleted" | "inserted", text], …].
const PIECES = /\s+|[\p{L}\p{N}]+(?:[’'][\p{L}\p{N}]+)*|./gsu;
// Cells of the table below; two passages of 2,000 pieces each. What is larger is shown as wholly changed.
const LARGEST = 4e6;

const redline = (a, b) => {
  const left = a.match(PIECES) ?? [], right = b.match(PIECES) ?? [];
  let head = 0, tail = 0;
  while (head < left.length && left[head] === right[head]) head++;
  while (tail < Math.min(left.length, right.length) - head && left[left.length - 1 - tail] === right[right.length - 1 - tail]) tail++;
  const middle = changes(left.slice(head, left.length - tail), right.slice(head, right.length - tail));
  const pieces = joined([[left.slice(0, head).join(""), "", ""], ...middle, [left.slice(left.length - tail).join(""), "", ""]]);
  return pieces.flatMap((piece) => ["same", "deleted", "inserted"].map((op, i) => [op, piece[i]])).filter(([, text]) => text);
};

// Stretches [same, deleted, inserted] by the longest common subsequence of words, spaces and signs.
const changes = (a, b) => {
  const width = b.length + 1;
  if (!a.length || !b.length || (a.length + 1) * width > LARGEST) return [["", a.join(""), b.join("")]];
  const longest = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      longest[i * width + j] = a[i] === b[j] ? longest[(i + 1) * width + j + 1] + 1
        : Math.max(longest[(i + 1) * width + j], longest[i * width + j + 1]);
  const out = [["", "", ""]];
  for (let i = 0, j = 0; i < a.length || j < b.length;) {
    const last = out.at(-1);
    if (i < a.length && j < b.length && a[i] === b[j]) {
      if (last[1] || last[2]) out.push([a[i], "", ""]); else last[0] += a[i];
      i++, j++;
    } else if (j >= b.length || (i < a.length && longest[(i + 1) * width + j] >= longest[i * width + j + 1])) last[1] += a[i++];
    else last[2] += b[j++];
  }
  return out;
};

// Changes with less in common between them than either changes become one, so that changed phrases stay whole (Fraser 2012).
const joined = (pieces) => {
  const out = [];
  for (const [same, deleted, inserted] of pieces) {
    const last = out.at(-1);
    const before = last ? Math.max(last[1].length, last[2].length) : 0, after = Math.max(deleted.length, inserted.length);
    if (last && before === 0) { last[0] += same; last[1] = deleted; last[2] = inserted; }
    else if (last && after > 0 && same.length <= Math.min(before, after)) { last[1] += same + deleted; last[2] += same + inserted; }
    else out.push([same, deleted, inserted]);
  }
  return out;
};
