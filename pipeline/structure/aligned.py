"""Tables without lines: rows whose words stand far apart, under one another, become rows of cells.

The pieces of such rows are given the kind `table_row` and the joiners of cells, as the reader gives them to ruled tables.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from pipeline.records import Line
from pipeline.structure.furniture import box_of
from pipeline.structure.layout import Row

#: Words this many font sizes apart stand in different cells; the widest gap between a printed number and its text was 1.7.
APART = 2.5
#: Cells of one column begin within so many points.
PLAY = 4.0
#: Fewer rows than this with cells side by side are no table (signatures stand side by side too).
FEWEST = 3


def is_tabular(row: Row) -> bool:
    """Whether a row has words set far apart, the first of which are words and no printed number."""
    gaps = (box_of(b)[0] - box_of(a)[2] for a, b in itertools.pairwise(row.pieces))
    return any(gap > APART * row.size for gap in gaps) and any(
        c.isalpha() for c in row.text[: row.pieces[0].end - row.pieces[0].start]
    )


def mark_tables(rows: list[Row]) -> list[Row]:
    """The rows of a page with tables without lines marked, one row for each piece of a cell."""
    marked: list[Row] = []
    begin = 0
    while begin < len(rows):
        end = begin
        if _may_begin(rows[begin]):
            starts = _columns(rows[begin:])
            while end < len(rows) and _fits(rows[end], rows[max(begin, end - 1)], columns=starts):
                end += 1
        run = rows[begin:end]
        if sum(map(is_tabular, run)) >= FEWEST:
            marked += [row for entry in _entries(run, starts) for row in _cells(entry, starts)]
            begin = end
        else:
            marked.append(rows[begin])
            begin += 1
    return marked


def _may_begin(row: Row) -> bool:
    return not row.note and not row.pieces[0].kind and is_tabular(row)


def _columns(rows: list[Row]) -> list[float]:
    """Where cells begin in the tabular rows that follow one another but for at most three rows between."""
    found: Counter[float] = Counter()
    since = 0
    for row in rows:
        since = 0 if _may_begin(row) else since + 1
        if since > 3:
            break
        if not since:
            found.update(_column_of(x, found) for x in _beginnings(row))
    return sorted(x for x, count in found.items() if count >= 2)


def _beginnings(row: Row) -> list[float]:
    """The left edges of what stands apart from what is before it."""
    boxes = [box_of(piece) for piece in row.pieces]
    return [boxes[0][0]] + [b[0] for a, b in itertools.pairwise(boxes) if b[0] - a[2] > row.size]


def _column_of(x: float, columns: Iterable[float]) -> float:
    return next((known for known in columns if abs(known - x) <= PLAY), x)


def _fits(row: Row, last: Row, *, columns: list[float]) -> bool:
    """Whether all of a row begins at columns: cells side by side, or close under the row before a cell that goes on."""
    if row.note or row.pieces[0].kind or len(columns) < 2 or abs(row.size - last.size) > 0.5:
        return False
    places = [_column_of(x, columns) for x in _beginnings(row)]
    if any(x not in columns for x in places):
        return False
    if len(places) > 1:
        return True
    inside = places[0] == columns[-1] or row.box[2] < columns[columns.index(places[0]) + 1]
    return inside and row.box[3] - last.box[3] < 1.6 * row.size


def _entries(run: list[Row], columns: list[float]) -> list[list[Row]]:
    """Groups the lines of each entry: entries are set wider apart than lines, or else begin where the first column does."""
    distances = [b.box[3] - a.box[3] for a, b in itertools.pairwise(run)]
    spaced = max(distances) > 1.25 * min(distances)
    entries = [[run[0]]]
    for row, distance in zip(run[1:], distances, strict=True):
        first = len(_beginnings(row)) > 1 and _column_of(row.box[0], columns) == columns[0]
        if distance > 1.25 * min(distances) if spaced else first:
            entries.append([row])
        else:
            entries[-1].append(row)
    return entries


def _cells(entry: list[Row], columns: list[float]) -> Iterable[Row]:
    """One row for each piece, column by column, with the joiners of cells."""
    cells: dict[float, list[tuple[Row, Line]]] = {}
    for row in entry:
        column = columns[0]
        for piece in row.pieces:
            place = _column_of(box_of(piece)[0], columns)
            column = place if place in columns else column
            cells.setdefault(column, []).append((row, piece))
    joiner: str | None = None
    for column in sorted(cells):
        for row, piece in cells[column]:
            line = replace(piece, kind="table_row", joiner=joiner)
            yield replace(row, pieces=[line], text=row.page.text[piece.start : piece.end], box=box_of(piece))
            joiner = " "
        joiner = " | "
