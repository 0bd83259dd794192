"""Ruled tables of a PDF page: which stretches of page text stand in which cell.

Lines and rectangles come from pdfium; pdfplumber's table geometry (after A. Nurminen, "Algorithmic extraction of data in tables
in PDF documents", 2013) makes cells of them. It is loaded only for pages whose rulings can make a grid, and never parses the
page itself: that alone would take longer than all the rest.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium

#: Points. Shorter strokes are parts of drawings, thicker ones are areas.
MIN_EDGE, MAX_STROKE = 8.0, 3.0
#: A page with more paths is a drawing (the maps and diagrams looked at have thousands, the largest table had 400).
MAX_PATHS = 1500
Cell = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of page text in a cell, with what joins it to the run before in the same row (None: it begins a row)."""

    start: int
    end: int
    joiner: str | None


def rulings(page: Any) -> list[Cell]:
    """Left, bottom, right, top of the strokes and rectangles drawn on `page`, in points, origin bottom left."""
    handle, found = page.raw, []
    bounds = [ctypes.c_float() for _ in range(4)]
    for i in range(pdfium.FPDFPage_CountObjects(handle)):
        item = pdfium.FPDFPage_GetObject(handle, i)
        if pdfium.FPDFPageObj_GetType(item) == pdfium.FPDF_PAGEOBJ_PATH and pdfium.FPDFPageObj_GetBounds(item, *bounds):
            found.append((bounds[0].value, bounds[1].value, bounds[2].value, bounds[3].value))
    return found if len(found) <= MAX_PATHS else []


def cells(textpage: Any, text: str, *, drawn: list[Cell]) -> list[Run]:
    """The text of all ruled tables, row by row; none where nothing on the page makes a table of two rows and two columns."""
    edges = [edge for box in drawn for edge in _edges(box)]
    if len({round(x0) for x0, _, x1, _ in edges if x0 == x1}) < 3 or len({round(y0) for _, y0, _, y1 in edges if y0 == y1}) < 3:
        return []
    found, boxes = [], None
    for rows in _tables(edges):
        if len(rows) < 2 or max(map(len, rows)) < 2:
            continue
        boxes = boxes or list(_char_boxes(textpage, text))
        content = [[_inside(cell, boxes, text=text) for cell in row] for row in rows]
        if _is_table(content, text):
            found += [run for row in content for run in _runs(row)]
    return found


def _edges(box: Cell) -> Iterator[Cell]:
    """The long straight sides of what was drawn: one of a stroke, four of a rectangle."""
    x0, y0, x1, y1 = box
    wide, high = x1 - x0, y1 - y0
    if high <= MAX_STROKE < MIN_EDGE <= wide:
        yield (x0, (y0 + y1) / 2, x1, (y0 + y1) / 2)
    elif wide <= MAX_STROKE < MIN_EDGE <= high:
        yield ((x0 + x1) / 2, y0, (x0 + x1) / 2, y1)
    elif wide >= MIN_EDGE and high >= MIN_EDGE:
        yield from ((x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1))


def _tables(edges: list[Cell]) -> Iterator[list[list[Cell]]]:
    """Rows of cells of each table, from top to bottom, in pdfium's coordinates."""
    from pdfplumber import table as geometry

    plain: list[dict[str, Any]] = [
        {"x0": x0, "x1": x1, "top": -y1, "bottom": -y0, "orientation": "v" if x0 == x1 else "h", "object_type": "line"}
        for x0, y0, x1, y1 in edges
    ]
    for edge in plain:
        edge.update(width=edge["x1"] - edge["x0"], height=edge["bottom"] - edge["top"])
    merged = geometry.merge_edges(plain, 3, 3, 3, 3)
    for found in geometry.cells_to_tables(geometry.intersections_to_cells(geometry.edges_to_intersections(merged, 3, 3))):
        rows: dict[float, list[Cell]] = {}
        for x0, top, x1, bottom in found:
            rows.setdefault(top, []).append((x0, -bottom, x1, -top))
        yield [sorted(rows[top]) for top in sorted(rows)]


def _char_boxes(textpage: Any, text: str) -> Iterator[tuple[int, float, float]]:
    """Index and centre of every printed character."""
    x0, x1, y0, y1 = (ctypes.c_double() for _ in range(4))
    for i, char in enumerate(text):
        if not char.isspace() and pdfium.FPDFText_GetCharBox(textpage.raw, i, x0, x1, y0, y1):
            yield i, (x0.value + x1.value) / 2, (y0.value + y1.value) / 2


def _inside(cell: Cell, boxes: list[tuple[int, float, float]], *, text: str) -> list[tuple[int, int]]:
    """Start and end of the stretches of text in `cell`, cut at line ends."""
    x0, y0, x1, y1 = cell
    found: list[tuple[int, int]] = []
    for i, x, y in boxes:
        if x0 <= x <= x1 and y0 <= y <= y1:
            if found and text[found[-1][1] : i].strip(" \t") == "" and text[found[-1][1] - 1] not in "\ufffe\x02":
                found[-1] = (found[-1][0], i + 1)
            else:
                found.append((i, i + 1))
    return found


def _is_table(content: list[list[list[tuple[int, int]]]], text: str) -> bool:
    """Whether cells hold a table: not a frame around text, nor the bars and grid of a chart.

    A table has two rows with text in two columns, at most half of its cells empty, and words in half of its rows.
    """
    filled = [[cell for cell in row if cell] for row in content]
    worded = [row for row in filled if any(text[a:b].upper() != text[a:b].lower() for cell in row for a, b in cell)]
    full = sum(map(len, filled)) * 2 >= sum(map(len, content)) and len(worded) * 2 >= len(content)
    return full and sum(len(row) >= 2 for row in filled) >= 2


def _runs(row: list[list[tuple[int, int]]]) -> Iterator[Run]:
    joiner = None
    for cell in row:
        for start, end in cell:
            yield Run(start, end, joiner)
            joiner = " "
        joiner = joiner and " | "
