"""Ready-made passages in, codes out: for people who have their text already split (`pactscope code`).

Input columns are `id, text`, optionally `title, heading, lead, kind, date, parties, doc_type`; anything else, labels
included, is ignored. Output is one JSON object a passage, in the CODED format of the gold passages' scorer; offsets count in
`text`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator
from pathlib import Path
from typing import Any

from pipeline.errors import CatalogueError
from pipeline.records import Analysis, Commitment, Tag
from pipeline.tabular import doubts, is_date, records

COLUMNS = ("id", "text", "title", "heading", "lead", "kind", "date", "parties", "doc_type")
#: The codebook codes at most the first six commitments of a sentence (CODEBOOK E): long lists must not swamp a passage.
MOST_PER_SENTENCE = 6
ADVICE = "Give a CSV or JSONL file in UTF-8 with the columns id and text."


def read_passages(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV (comma, semicolon or tab) or JSONL file, with the known columns only.

    Raises:
        CatalogueError: the file cannot be read, or a row lacks `id` or `text` or repeats an id; file and row are named.
    """
    rows, seen = [], set()
    columns, found = records(path, advice=ADVICE)
    if missing := [name for name in ("id", "text") if columns and name not in columns]:
        raise CatalogueError(f"{path} lacks the column {missing[0]}.", advice=ADVICE)
    for number, (_, values) in enumerate(found, 1):
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


def settle(rows: list[dict[str, str]], path: Path, known: Container[str]) -> list[str]:
    """Empties dates that are none; returns a line for each of them, and for each party that is not among the ids `known`."""
    told = doubts(((f"{path}, passage {r['id']!r}", r["date"], r["parties"]) for r in rows), known)
    for row in rows:
        row["date"] = row["date"] if is_date(row["date"]) else ""
    return told


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
