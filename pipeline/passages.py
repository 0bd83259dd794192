"""Ready-made passages in, codes out: for people who have their text already split (`pactscope code`).

Input columns are `id, text`, optionally `title, heading, lead, kind, date, parties, doc_type`; anything else, labels
included, is ignored. Output is one JSON object a passage, in the CODED format of the gold passages' scorer; offsets count in
`text`.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pipeline.errors import CatalogueError
from pipeline.records import Analysis, Commitment, Tag

COLUMNS = ("id", "text", "title", "heading", "lead", "kind", "date", "parties", "doc_type")
#: The codebook codes at most the first six commitments of a sentence (CODEBOOK E): long lists must not swamp a passage.
MOST_PER_SENTENCE = 6


def read_passages(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV or JSONL file, with the known columns only.

    Raises:
        CatalogueError: the file cannot be read, or a row lacks `id` or `text` or repeats an id; file and row are named.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            raw = (
                [row for _, row in objects(lines, path)]
                if path.suffix in (".jsonl", ".ndjson")
                else list(csv.DictReader(lines))
            )
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{path} cannot be read: {error}.", advice="Give a CSV or JSONL file in UTF-8.") from error
    rows, seen = [], set()
    for number, values in enumerate(raw, 1):
        row = {name: str(values.get(name) or "") for name in COLUMNS}
        if not row["id"] or not row["text"].strip():
            raise CatalogueError(f"{path}, passage {number} has no id or no text.", advice="Give every passage both.")
        if row["id"] in seen:
            raise CatalogueError(
                f"{path}, passage {number} repeats the id {row['id']!r}.", advice="Give every passage its own."
            )
        seen.add(row["id"])
        rows.append(row)
    return rows


def objects(lines: Iterable[str], path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a JSON Lines file with the numbers of their lines, from 1; empty lines are skipped.

    Raises:
        CatalogueError: a line is not a JSON object; file and line are named.
    """
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise CatalogueError(f"{path}, line {number} is not JSON: {error}.", advice="Write one object a line.") from error
        if not isinstance(row, dict):
            raise CatalogueError(f"{path}, line {number} is not an object.", advice='Write {"id": …, "text": …}.')
        yield number, row


def coded(analysis: Analysis, name: str, probabilities: dict[str, float] | None = None) -> dict[str, Any]:
    """The codes of a passage's analysis (see `analyse.Analyser.passage`) in offsets of the passage.

    Args:
        probabilities: of every area, asserted or not, where a model gave them.
    """
    document = analysis.document
    block = document.blocks[-1]
    text = document.slice(block)
    actors: dict[str, str] = {}
    for m in analysis.annotations.mentions:
        if m.start >= block.start:
            actors.setdefault(document.slice(m), m.actor_id)
    tags = [t for t in analysis.area_tags if t.start == block.start]
    return {
        "id": name,
        "areas": [_area(t, block.start) for t in tags if t.status == "asserted"],
        "uncertain": [_area(t, block.start) for t in tags if t.status == "uncertain"],
        "probabilities": {area: round(p, 4) for area, p in (probabilities or {}).items()},
        "commitments": [_commitment(analysis, c) for c in _first(analysis, block.start)],
        "actors": [{"text": words, "actor_id": actor} for words, actor in actors.items() if words in text],
    }


def _area(tag: Tag, start: int) -> dict[str, Any]:
    """A tag with its evidence in the passage; what stands in its heading or lead-in lies before the passage."""
    evidence = [[e.start - start, e.end - start] for e in tag.evidence if e.start >= start]
    return {"area": tag.area, "probability": round(tag.probability, 4), "evidence": evidence}


def _first(analysis: Analysis, start: int) -> Iterator[Commitment]:
    """The commitments of the passage, the first six of each sentence."""
    count: Counter[int] = Counter()
    for c in sorted(analysis.annotations.commitments, key=lambda c: c.aim.start):
        if c.aim.start < start:
            continue
        count[c.start] += 1
        if count[c.start] <= MOST_PER_SENTENCE:
            yield c


def _commitment(analysis: Analysis, c: Commitment) -> dict[str, Any]:
    document = analysis.document
    start = document.blocks[-1].start
    cue = c.cue if c.cue.start >= start else c.aim

    def words(part: Any) -> str | None:
        return document.slice(part) if part else None

    return {
        "actor": c.actor,
        "party_ids": list(c.party_ids),
        "joint": c.joint,
        "cue": document.slice(cue),
        "obligation": c.obligation,
        "aim": document.slice(c.aim),
        "aim_start": c.aim.start - start,
        "aim_lemma": c.aim_lemma,
        "object": words(c.object),
        "recipient": words(c.recipient),
        "stage": c.stage,
        "time": words(c.time),
        "time_value": c.time_value,
        "condition": words(c.condition),
        "negated": c.negated,
        "speaker": c.speaker,
        "rule": c.rule,
        "confidence": round(c.confidence, 4),
    }
