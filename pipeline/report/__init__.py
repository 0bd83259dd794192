"""A dataset as one self-contained HTML file: overview, areas by document, commitments and passages to search.

Works from tables alone. All text from documents passes through Jinja2's autoescape or, as JSON, through `_embed`, so that
nothing in it is ever read as markup.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.dataset import Dataset

FOLDER = Path(__file__).parent
OBLIGATIONS = ("possible", "intended", "committed", "binding")
#: Columns of the two searchable lists, as they stand in the page.
COMMITMENTS = ("citation", "sentence", "actor", "party_ids", "cue", "aim", "obligation", "stage", "time", "areas")
PASSAGES = ("citation", "text", "areas")


def write_report(dataset: Dataset, path: Path, *, area_names: dict[str, str]) -> None:
    """Writes the report of a dataset.

    Args:
        path: HTML file to write.
        area_names: what to call each area id, in the order of the columns.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    env = Environment(loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    rows = _heat_map(dataset, list(area_names))
    data = {"commitments": _records(dataset.commitments, COMMITMENTS), "passages": _records(_tagged(dataset), PASSAGES)}
    page = env.get_template("report.html").render(
        areas=area_names,
        rows=rows,
        most=max([cell["count"] for row in rows for cell in row["cells"]] or [0]),
        obligations=OBLIGATIONS,
        failures=dataset.failures.to_dict("records"),
        totals={
            name: len(getattr(dataset, name)) for name in ("documents", "passages", "commitments", "quotations", "failures")
        },
        data=_embed(data),
        style=(FOLDER / "report.css").read_text("utf-8"),
        script=(FOLDER / "report.js").read_text("utf-8"),
    )
    path.write_text(page, "utf-8")


def _tagged(dataset: Dataset) -> pd.DataFrame:
    passages = dataset.passages
    return passages[passages["areas"] != ""]


def _heat_map(dataset: Dataset, areas: list[str]) -> list[dict[str, Any]]:
    """A row a document: its passages per area, and its commitments per obligation with their shares in per cent."""
    tags, commitments = dataset.tags, dataset.commitments
    counts = tags[tags["status"] == "asserted"].groupby(["key", "area"]).size().to_dict()
    firm = commitments.groupby(["key", "obligation"]).size().to_dict()
    rows = []
    for document in dataset.documents.to_dict("records"):
        key = document["key"]
        bars: list[dict[str, Any]] = [{"name": o, "count": int(firm.get((key, o), 0))} for o in OBLIGATIONS]
        total = sum(b["count"] for b in bars)
        for bar in bars:
            bar["share"] = round(100 * bar["count"] / total, 1) if total else 0
        cells = [{"area": a, "count": int(counts.get((key, a), 0))} for a in areas]
        rows.append({"document": document, "cells": cells, "bars": bars, "total": total})
    return rows


def _records(frame: pd.DataFrame, columns: tuple[str, ...]) -> list[list[str]]:
    chosen = frame[["key", *columns]].astype(str)
    return chosen.values.tolist()


def _embed(data: Any) -> Any:
    """JSON that is safe inside a script element: no `<`, `>` or `&`, and no line separators of JavaScript."""
    from markupsafe import Markup

    text = json.dumps(data, ensure_ascii=False)
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return Markup(text)
