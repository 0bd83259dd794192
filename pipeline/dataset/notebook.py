"""How frames and datasets look in a notebook: the columns that one reads, text in full lines, everything escaped.

Only the look differs: a `TableFrame` is a pandas frame with all its columns, and what is made of it stays one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from pipeline.dataset import schema

if TYPE_CHECKING:
    from pipeline.dataset import Dataset

#: The columns that one reads, in this order; ids, offsets and sources stay in the frame.
READING = {
    "documents": (
        "key", "short_title", "title", "date", "doc_type", "parties", "legal_status", "publisher", "n_passages",
        "n_commitments", "notes",
    ),
    "passages": ("citation", "heading_path", "kind", "text", "areas", "uncertain_areas", "n_commitments"),
    "mentions": ("citation", "text", "label", "actor_id", "role", "rule"),
    "quotations": ("citation", "text", "kind", "speaker", "rule"),
    "commitments": (
        "citation", "text", "actor", "cue", "aim", "object", "obligation", "stage", "time", "condition", "areas",
    ),
    "mechanisms": ("citation", "text", "kind", "action", "level", "frequency", "first", "areas"),
    "instruments": ("citation", "text", "kind", "nature", "cue"),
    "tags": ("citation", "area", "probability", "status", "evidence"),
    "failures": ("key", "source", "stage", "message", "advice"),
}  # fmt: skip
#: Columns of running text besides those named "…text…", which get room for it.
_WIDE = frozenset({"sentence", "title", "message", "advice", "notes", "redline", "evidence"})
#: Columns of lists joined by ";".
_LISTS = frozenset({"areas", "uncertain_areas", "parties", "party_ids", "passage_areas"})
#: Characters of a cell, the rest is in the frame; and of one that is not broken over lines.
_CELL, _SHORT = 800, 12
_SECTION = " > "
_TD = "text-align:left;vertical-align:top;"
_ROOM = {
    "wide": f"{_TD}white-space:pre-line;min-width:12em;max-width:44em",
    "short": f"{_TD}white-space:nowrap",
    "other": f"{_TD}white-space:pre-line;max-width:16em;overflow-wrap:break-word",
}
#: What a redline strikes out and puts in ("will [-consider-]{+hold+} talks").
_STRUCK, _PUT = re.compile(r"\[-(.*?)-\]", re.DOTALL), re.compile(r"\{\+(.*?)\+\}", re.DOTALL)


class TableFrame(pd.DataFrame):
    """A frame that shows in a notebook the columns that one reads; all others are there, as `frame.columns` says.

    A whole table, also filtered, sorted or joined with more, is shown with its `READING` columns and those that were added; a
    choice of columns is shown as chosen. Rows and columns beyond pandas' options `display.max_rows` and `max_columns` are left
    out. What has several levels or columns of one name looks as in pandas.
    """

    @property
    def _constructor(self) -> type[TableFrame]:
        return TableFrame

    def _repr_html_(self) -> str | None:
        if self.columns.nlevels > 1 or self.index.nlevels > 1 or not self.columns.is_unique:
            html: str | None = super()._repr_html_()  # type: ignore[misc]
            return html
        shown = reading(list(self.columns))[: pd.get_option("display.max_columns") or None]
        return _html(self, shown) if pd.get_option("display.notebook_repr_html") else None


def reading(columns: Sequence[str]) -> list[str]:
    """Which columns of a frame are shown: of a whole table its `READING` columns, then those that it does not have."""
    there = set(columns)
    table = next((name for name, names in schema.NAMES.items() if there.issuperset(names)), "")
    if not table:
        return list(columns)
    return [*READING[table], *(name for name in columns if name not in schema.NAMES[table])]


def _html(frame: pd.DataFrame, shown: list[str]) -> str:
    rows, width = len(frame), len(frame.columns)
    places = _places(rows)
    cells = frame[shown].iloc[[i for i in places if i >= 0]]
    body = iter(zip(cells.index, cells.itertuples(index=False, name=None), strict=True))
    lines = [_row(*next(body), shown) if i >= 0 else f'<tr><td colspan="{len(shown) + 1}">⋮</td></tr>' for i in places]
    head = "".join(f'<th style="text-align:left" title="{escape(_says(name))}">{escape(str(name))}</th>' for name in shown)
    size = f"{rows:,} row{'s' * (rows != 1)} × {width} columns"
    more = f"; shown are {len(shown)} of them" if len(shown) < width else ""
    table = f"<table><thead><tr><th></th>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table>"
    return f'<div style="overflow-x:auto">{table}<p>{size}{more}</p></div>'


def _places(rows: int) -> list[int]:
    """Positions of the rows that are shown; -1 where some are left out."""
    most, least = pd.get_option("display.max_rows") or rows, pd.get_option("display.min_rows") or 10
    if rows <= most:
        return list(range(rows))
    half = max(1, min(least, most) // 2)
    return [*range(half), -1, *range(rows - half, rows)]


def _row(label: Any, values: tuple[Any, ...], shown: list[str]) -> str:
    cells = "".join(_td(str(name), _words(str(name), value)) for name, value in zip(shown, values, strict=True))
    return f'<tr><th scope="row" style="vertical-align:top">{escape(str(label))}</th>{cells}</tr>'


def _td(name: str, words: str) -> str:
    wide = name in _WIDE or "text" in name.split("_")
    room = "wide" if wide else "short" if len(words) <= _SHORT else "other"
    safe = escape(words).replace("_", "_<wbr>") if name in _LISTS else escape(words)
    if name == "redline":
        safe = _PUT.sub(r"<ins><b>\1</b></ins>", _STRUCK.sub(r'<del style="opacity:.6">\1</del>', safe))
    return f'<td style="{_ROOM[room]}">{safe}</td>'


def _words(name: str, value: Any) -> str:
    if isinstance(value, str):
        text = value.replace(";", "; ") if name in _LISTS else value
        text = _SECTION.join(text.split(_SECTION)[-2:]) if name == "heading_path" else text
        return text if len(text) <= _CELL else f"{text[:_CELL].rstrip()} …"
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return ""
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _says(name: str) -> str:
    """What a column holds, from any table that has it."""
    found = (schema.column(table, str(name)) for table in schema.TABLES)
    return next((column.description for column in found if column), "")


def overview(data: Dataset) -> str:
    """What is in a dataset, as HTML: documents by type and date, what was found, and what to look at before using it."""
    documents = data.documents
    counts = {table: int(documents[f"n_{table}"].sum()) for table in schema.TABLES if f"n_{table}" in documents}
    found = ", ".join(f"{n:,} {table}" for table, n in counts.items())
    lines = [("documents", _documents(documents)), ("found in them", found), *_warnings(data, documents)]
    rows = "".join(
        f'<tr><th style="{_TD}">{escape(what)}</th><td style="{_TD}">{escape(says)}</td></tr>' for what, says in lines
    )
    return f"<div><p><b>Dataset</b> {escape(str(data.folder))}</p><table>{rows}</table></div>"


def _documents(documents: pd.DataFrame) -> str:
    types = documents["doc_type"].value_counts().sort_index().sort_values(ascending=False, kind="stable")
    kinds = ", ".join(f"{str(kind).replace('_', ' ') or 'unknown type'} {n}" for kind, n in types.items())
    dates = sorted(date for date in documents["date"] if date)
    years = f" of {dates[0]} to {dates[-1]}" if dates else ""
    return f"{len(documents)}{years}" + (f" ({kinds})" if kinds else "")


def _warnings(data: Dataset, documents: pd.DataFrame) -> Iterator[tuple[str, str]]:
    if failed := len(data.failures):
        yield "failures", f"{failed} could not be analysed: see .failures"
    if noted := int((documents["notes"] != "").sum()):
        yield "notes", f"on {noted} documents: see the column notes of .documents"
    if undated := int((documents["date"] == "").sum()):
        yield "without a date", f"{undated} documents"
    if data.corrections:
        yield "corrections", f"{len(data.corrections)} in corrections.csv"
    if data.warnings:
        yield "warnings", f"{len(data.warnings)}: {' '.join(data.warnings)}"
