"""Makes official.csv from coded real passages and the documents they stand in: `make_official.py CODED.jsonl... DOCUMENTS`.

A passage that stands in two of the files keeps the labels of the first.
"""

import csv
import hashlib
import json
import re
import sys
from collections import defaultdict
from pathlib import Path

from pipeline import ingest, structure
from pipeline.training import OFFICIAL_COLUMNS, fingerprint, words_of

HERE = Path(__file__).parent


def main(coded: list[Path], documents: Path) -> None:
    by_file = defaultdict(list)
    for line in (line for path in coded for line in path.read_text("utf-8").splitlines()):
        row = json.loads(line)
        by_file[row["file"]].append(row)
    out, known, lost = [], set(), 0
    for name in sorted(by_file):
        path = documents / name
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        text = " ".join(w for w, _, _ in words_of(structure.build(ingest.read(path)).text))
        for row in by_file[name]:
            words = [w for w, _, _ in words_of(re.sub(r"<[^>]+>", "", row["text"]))]
            at = f" {text} ".find(f" {' '.join(words)} ")
            if at < 0 or not words:
                lost += 1
                continue
            start = text[:at].count(" ")
            if (digest, start, len(words)) in known:
                continue
            known.add((digest, start, len(words)))
            areas, unsure = ";".join(row["areas"]), str(bool(row["unsure"])).lower()
            out.append((row["source_url"], digest, start, len(words), fingerprint(words), areas, unsure))
    out.sort(key=lambda r: (r[1], r[2], r[3]))
    with (HERE / "official.csv").open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(OFFICIAL_COLUMNS)
        writer.writerows(out)
    print(f"{len(out)} passages pointed at, {lost} not found in their documents")


if __name__ == "__main__":
    main([Path(p) for p in sys.argv[1:-1]], Path(sys.argv[-1]))
