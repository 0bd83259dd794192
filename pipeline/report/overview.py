"""The overview: totals, what went wrong, areas and firmness by document, fora and instruments across documents."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from pipeline import compare
from pipeline.compare.frames import NO_AREA
from pipeline.dataset.views import file_name
from pipeline.records import OBLIGATIONS
from pipeline.report.documents import REST, Row, notes, records, with_places

if TYPE_CHECKING:
    from pipeline.dataset import Dataset

#: Instruments listed, the most named first, and documents named beside each.
_INSTRUMENTS, _NAMED = 200, 3
#: Share of a document's passages that has the darkest cell.
DARKEST = 0.6


def context(dataset: Dataset, documents: list[Row], *, areas: dict[str, str], fora: dict[str, list[Row]]) -> dict[str, Any]:
    """What the template of the overview shows.

    Args:
        documents: rows in the order in which they are listed.
        fora: rows of `Dataset.mechanism_table` by key of their document.
    """
    listed = [row for document in documents for row in fora.get(document["key"], [])]
    return {
        "obligations": OBLIGATIONS,
        "failures": [row | {"source": file_name(row["source"])} for row in dataset.failures.to_dict("records")],
        "warnings": warnings(documents),
        "stale": dataset.warnings,
        "rows": heat_map(dataset, documents, list(areas)),
        "shades": [(f"{share:.0%}", heat(share)) for share in (0.05, 0.2, DARKEST)],
        "grid": mechanism_grid(dataset, list(areas)),
        "fora": listed,
        "instruments": instruments(dataset),
        "totals": totals(dataset, len(listed)),
    }


def totals(dataset: Dataset, fora: int) -> list[tuple[int, str, str]]:
    """The figures at the head: (count, what it counts, remark)."""
    passages, commitments, documents = dataset.passages, dataset.commitments, dataset.documents
    tagged = int((passages["areas"] != "").sum())
    firm = int(commitments["obligation"].isin(OBLIGATIONS[2:]).sum())
    years = sorted({date[:4] for date in documents["date"] if date})
    span = f"{years[0]}–{years[-1]}" if len(years) > 1 else "".join(years)
    return [
        (len(documents), "documents", span),
        (len(passages), "passages", f"{tagged:,} with an area"),
        (len(commitments), "commitments", f"{firm:,} committed or binding"),
        (fora, "fora", "dialogues, committees, exercises"),
        (len(dataset.instruments), "references", "to treaties, strategies, programmes"),
        (len(dataset.quotations), "quotations", "direct and indirect"),
    ]


def warnings(documents: list[Row]) -> list[Row]:
    """Notes on documents by their code, the commonest first: code, and its documents with the message."""
    found: dict[str, list[Row]] = {}
    for document in documents:
        for code, message in notes(document):
            found.setdefault(code, []).append({"document": document, "message": message})
    return [
        {"code": code.replace("_", " "), "documents": rows} for code, rows in sorted(found.items(), key=lambda f: -len(f[1]))
    ]


def heat_map(dataset: Dataset, documents: list[Row], areas: list[str]) -> list[Row]:
    """A row a document: its passages per area, the last for other security and defence, its commitments per obligation."""
    tags, commitments, passages = dataset.tags, dataset.commitments, dataset.passages
    counts = tags[tags["status"] == "asserted"].groupby(["key", "area"]).size().to_dict()
    counts |= {(key, REST): n for key, n in passages[passages["residue"]].groupby("key").size().items()}
    firm = commitments.groupby(["key", "obligation"]).size().to_dict()
    rows = []
    for document in documents:
        key, size = document["key"], max(1, int(document["n_passages"]))
        cells = [(area, int(counts.get((key, area), 0))) for area in (*areas, REST)]
        levels = [(o, int(firm.get((key, o), 0))) for o in OBLIGATIONS]
        total = sum(n for _, n in levels)
        rows.append(
            {
                "document": document,
                "cells": [{"area": area, "n": n, "heat": heat(n / size), "share": f"{n / size:.0%}"} for area, n in cells],
                "bars": [{"name": o, "n": n, "share": round(100 * n / total, 1) if total else 0} for o, n in levels],
                "total": total,
            }
        )
    return rows


def heat(share: float) -> float:
    """How dark the cell of a share is, 0 to 1; less than proportional, since most shares are small."""
    return float(round(min(1.0, share / DARKEST) ** 0.5, 2))


def mechanism_grid(dataset: Dataset, areas: list[str]) -> dict[str, Any]:
    """Kinds of forum × areas: in how many documents, and in none (a gap); from `compare.mechanism_table`."""
    table = compare.mechanism_table(dataset)
    found = table[~table["gap"].astype(bool)]
    counts = found.groupby(["forum", "area"])["key"].nunique().to_dict()
    kinds = Counter(found.drop_duplicates(["forum", "key"])["forum"])
    return {
        "kinds": [kind for kind, _ in kinds.most_common()],
        "areas": [*areas, NO_AREA],
        "counts": counts,
        "documents": dict(kinds),
        "most": max(counts.values(), default=1),
    }


def instruments(dataset: Dataset) -> list[Row]:
    """Instruments by how many documents name them: name, kind, nature, documents, times named, handed over to, where."""
    frame = dataset.instruments
    if frame.empty:
        return []
    named = frame.assign(
        name=[" ".join(text.split()) for text in frame["text"]], handed=(frame["commitment_ids"] != "").astype(int)
    )
    named["folded"] = named["name"].str.casefold()
    grouped = named.groupby("folded", sort=True).agg(
        name=("name", "first"), kind=("kind", "first"), nature=("nature", "first"),
        documents=("key", "nunique"), n=("name", "size"), handed=("handed", "sum"),
    )  # fmt: skip
    best = grouped.sort_values(["documents", "n", "name"], ascending=[False, False, True]).head(_INSTRUMENTS)
    first = named[named["folded"].isin(best.index)].drop_duplicates(["folded", "key"])
    where = {name: records(rows.head(_NAMED)) for name, rows in with_places(first, dataset.passages).groupby("folded")}
    return [row | {"where": where[name]} for name, row in zip(best.index, records(best), strict=True)]
