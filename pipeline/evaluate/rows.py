"""Gold and coded passages as the scores need them: read from JSON lines, checked, and paired by id.

GOLD rows: `id, text, areas, commitments, actors`, optionally `doc, title, heading, lead`.
CODED rows (`pactscope code`): `id, areas, commitments, actors`, optionally `uncertain` (areas for the review list),
`probabilities` ({area: 0 to 1} of every area) and, in an area, `evidence` ([[start, end], ...] in the text); or `id, failed`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.errors import CatalogueError
from pipeline.evaluate.matching import Statement, bare, place
from pipeline.tabular import objects, text_of

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Passage:
    """What was coded, with its context; `document` groups passages for the intervals."""

    id: str
    document: str
    text: str
    title: str = ""
    heading: str = ""
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Coding:
    """What one coder says of a passage.

    Attributes:
        areas, uncertain: ids of the areas asserted, and of those left to a person.
        probabilities: area to probability, 0 to 1; empty where the coder gives none.
        evidence: area to extents in the text.
        statements: commitments with the places of their aims.
        actors: name as compared (`matching.bare`) to name as written and actor id.
        failed: why the passage was not coded, or empty.
    """

    areas: frozenset[str] = frozenset()
    uncertain: frozenset[str] = frozenset()
    probabilities: Mapping[str, float] = field(default_factory=dict)
    evidence: Mapping[str, tuple[tuple[int, int], ...]] = field(default_factory=dict)
    statements: tuple[Statement, ...] = ()
    actors: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    failed: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """A passage with the gold coding and the one to be judged; `missing` if there is no row for it."""

    passage: Passage
    gold: Coding
    coded: Coding
    missing: bool = False


def read_rows(path: Path) -> dict[str, Row]:
    """The rows of a JSON-lines file by id, in order.

    Raises:
        CatalogueError: the file cannot be read, or a line is not an object with an id of its own; the line is named.
    """
    rows: dict[str, Row] = {}
    text = text_of(path, advice="Give a JSONL file of coded passages in UTF-8.")
    for number, row in objects(text.split("\n"), path):
        name = str(row.get("id") or "")
        if not name or name in rows:
            wrong = f"repeats the id {name!r}" if name else "has no id"
            raise CatalogueError(f"{path}, line {number} {wrong}.", advice="Give every passage an id of its own.")
        rows[name] = row
    return rows


def read_pairs(gold: Path, coded: Path) -> list[Pair]:
    """Every gold passage with its coding; one that `coded` lacks counts as coded with nothing.

    Raises:
        CatalogueError: as in `read_rows`, or a row lacks a part, the texts differ, or the files have no id in common.
    """
    golds, codes = read_rows(gold), read_rows(coded)
    if not golds.keys() & codes.keys():
        raise CatalogueError(f"{coded} codes no passage of {gold}.", advice="Code the passages of the gold file itself.")
    pairs = []
    for name, row in golds.items():
        if not row.get("text"):
            raise CatalogueError(f"{gold}, passage {name!r} has no text.", advice="Gold passages need their text.")
        passage = _passage(row)
        if codes.get(name, {}).get("text", passage.text) != passage.text:
            raise CatalogueError(f"{coded}, passage {name!r} has another text than {gold}.", advice="Code the same texts.")
        ours, theirs = coding(row, passage.text, gold), coding(codes.get(name, {}), passage.text, coded)
        pairs.append(Pair(passage, ours, theirs, name not in codes))
    return pairs


def _passage(row: Row) -> Passage:
    context = {key: str(row.get(key) or "") for key in ("title", "heading", "lead")}
    return Passage(str(row["id"]), str(row.get("doc") or row["id"]), row["text"], **context)


def coding(row: Row, text: str, path: Path) -> Coding:
    """One row as a coding of `text`.

    Raises:
        CatalogueError: a part has the wrong form; `path` and the passage are named.
    """
    areas: list[Row] = [{"area": a} if isinstance(a, str) else a for a in row.get("areas") or ()]
    try:
        return Coding(
            areas=frozenset(a["area"] for a in areas),
            uncertain=frozenset(a if isinstance(a, str) else a["area"] for a in row.get("uncertain") or ()),
            probabilities={a: _probability(p) for a, p in (row.get("probabilities") or {}).items()},
            evidence={a["area"]: tuple((int(s), int(e)) for s, e in a.get("evidence") or ()) for a in areas},
            statements=tuple(place(row.get("commitments") or (), text)),
            actors={bare(a["text"]): (a["text"], a.get("actor_id") or "") for a in row.get("actors") or ()},
            failed=str(row.get("failed") or ""),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        message = f"{path}, passage {row.get('id')!r} has a part of the wrong form: {error!r}."
        raise CatalogueError(message, advice="Compare it with what `pactscope code` writes.") from error


def _probability(value: Any) -> float:
    if not 0 <= float(value) <= 1:
        raise ValueError(f"{value} is not a probability")
    return float(value)
