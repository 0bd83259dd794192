"""Laid-out pages -> rows in reading order: columns, contents pages and footnotes are told apart here.

A *piece* is a `Line` of the reader; pieces side by side in one column make a *row*. Boxes are points from the top left of the
page. What the rows say together (headings, paragraphs, lists) is found in `pipeline.structure.blocks`.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from pipeline.records import Box, Line, Page
from pipeline.structure.furniture import box_of, find_furniture, height_of, is_laid, rules, text_of

#: Footnotes are set this much smaller than the text: from 9.0 against 12.0 to 9.0 against 9.6 in the files looked at.
SMALL = 0.95
#: Smaller than this share of the text's size are the labels of pictures (7.0 against 12.0; footnotes have 0.75 and more).
TINY = 0.65
#: A letterhead takes up so many lines at most.
_HEAD = 12


@dataclass(slots=True)
class Row:
    """What stands on one line of a column.

    Attributes:
        pieces: from left to right.
        text: their words, with a space between pieces.
        box: around all pieces.
        size, bold: of most of its characters.
        column: left and right edge of the column that it stands in.
        note: whether it belongs to a footnote.
        broken: whether the column or page begins with it.
    """

    page: Page
    pieces: list[Line]
    text: str
    box: Box
    size: float
    bold: bool
    column: tuple[float, float] = (0.0, 0.0)
    note: bool = False
    broken: bool = False


def read_rows(pages: Sequence[Page]) -> list[Row]:
    """All rows of text and tables in reading order, without furniture and contents pages."""
    furniture = find_furniture(pages)
    rows = [row for page in pages for row in _page_rows(page, furniture[page.number])]
    body = body_size(rows)
    by_page: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        if row.size >= TINY * body or row.pieces[0].kind:
            by_page[row.page.number].append(row)
    kept = []
    for number in sorted(by_page):
        page_rows = _without_contents(by_page[number])
        _mark_notes(page_rows, body)
        kept += page_rows
    return kept


def body_size(rows: Iterable[Row]) -> float:
    """The font size of most characters, in points."""
    sizes: Counter[float] = Counter()
    for row in rows:
        sizes[round(row.size * 2) / 2] += len(row.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


# --- rows and columns -----------------------------------------------------------------------------------------------------


def _page_rows(page: Page, furniture: set[int]) -> list[Row]:
    pieces = [x for x in page.lines if is_laid(x) and x.start not in furniture and text_of(page, x).strip()]
    width = page.size[0] if page.size else 595.0
    regions = columns(pieces, width)
    tables = [line for line in page.lines if line.kind == "table_row" and line.start not in furniture]
    rows = [row for region in regions for row in _region_rows(page, region)]
    return _with_tables(page, rows, tables=tables)


def _with_tables(page: Page, rows: list[Row], *, tables: list[Line]) -> list[Row]:
    """Puts the rows of ruled tables before the first row that stands below them."""
    for line in tables:
        row = Row(
            page, [line], text_of(page, line), box_of(line), line.font_size, line.bold, (box_of(line)[0], box_of(line)[2])
        )
        place = next((i for i, r in enumerate(rows) if r.pieces[0].kind != "table_row" and r.box[1] >= row.box[1]), len(rows))
        rows.insert(place, row)
    return rows


def columns(pieces: list[Line], width: float) -> list[list[Line]]:
    """Splits the pieces of a page into regions in reading order: one, or bands of full width and columns between them.

    A gutter is an upright strip in the middle half of the page that fewer than half of the pieces cross, with at least four
    pieces on each side whose median width is a fifth of the page (numbers of a contents page and labels of charts are not).
    """
    gutter = _gutter(pieces, width)
    if gutter is None:
        return [pieces] if pieces else []
    regions: list[list[Line]] = []
    left: list[Line] = []
    right: list[Line] = []
    full: list[Line] = []
    for piece in sorted(pieces, key=lambda p: box_of(p)[1]):
        x0, _, x1, _ = box_of(piece)
        if x0 < gutter < x1:
            regions += [r for r in (left, right) if r]
            left, right = [], []
            full.append(piece)
        else:
            regions += [full] if full else []
            full = []
            (left if x1 <= gutter else right).append(piece)
    regions += [r for r in (full, left, right) if r]
    return [part for region in regions for part in (columns(region, width / 2) if len(region) < len(pieces) else [region])]


def _gutter(pieces: list[Line], width: float) -> float | None:
    boxes = [box_of(p) for p in pieces]
    if not boxes:
        return None
    x0, x1 = min(b[0] for b in boxes), max(b[2] for b in boxes)
    middle = (x0 + x1) / 2
    if x1 - x0 < width / 2 or sum(b[0] > middle - 0.2 * width for b in boxes) < 4:
        return None
    candidates = sorted({b[0] - 2 for b in boxes if abs(b[0] - middle) < 0.25 * (x1 - x0)})
    best = min(candidates, key=lambda x: sum(b[0] < x < b[2] for b in boxes), default=None)
    if best is None:
        return None
    left, right = [b for b in boxes if b[2] <= best], [b for b in boxes if b[0] >= best]
    crossing = len(boxes) - len(left) - len(right)
    if min(len(left), len(right)) < 4 or crossing > (len(left) + len(right)) / 2:
        return None
    wide = all(median(b[2] - b[0] for b in side) >= 0.2 * width for side in (left, right))
    beside = min(b[1] for b in left) < max(b[3] for b in right) and min(b[1] for b in right) < max(b[3] for b in left)
    return best if wide and beside else None


def _region_rows(page: Page, region: list[Line]) -> list[Row]:
    edges = (min(box_of(p)[0] for p in region), max(box_of(p)[2] for p in region))
    groups: list[list[Line]] = []
    top = bottom = 0.0
    for piece in sorted(region, key=lambda p: box_of(p)[1] + box_of(p)[3]):
        _, y0, _, y1 = box_of(piece)
        if groups and min(y1, bottom) - max(y0, top) > 0.5 * min(y1 - y0, bottom - top):
            groups[-1].append(piece)
            top, bottom = min(top, y0), max(bottom, y1)
        else:
            groups.append([piece])
            top, bottom = y0, y1
    groups = [sorted(group, key=lambda p: box_of(p)[0]) for group in groups]
    rows = [_row(page, group, edges=edges) for group in (_letterhead(groups) if page.number == 1 else groups)]
    rows[0].broken = True
    return rows


def _letterhead(groups: list[list[Line]]) -> list[list[Line]]:
    """Parts the head of a first page whose left and right are two things: an institution, and place and date.

    Told by at most two lines of two pieces far apart; what stands under the left piece is read with it.
    """
    apart = [i for i, group in enumerate(groups[:_HEAD]) if len(group) == 2 and _distance(*group) > 8 * group[0].font_size]
    if not apart or len(apart) > 2:
        return groups
    first, edge = apart[0], min(box_of(groups[i][1])[0] for i in apart)
    end, last = first, groups[first][0]
    while end < min(_HEAD, len(groups)) and all(box_of(p)[0] >= edge or _goes_on(last, p, edge) for p in groups[end]):
        last = groups[end][0] if box_of(groups[end][0])[2] <= edge else last
        end += 1
    parted = groups[first:end]
    left = [[p for p in group if box_of(p)[2] <= edge] for group in parted]
    right = [[p for p in group if box_of(p)[0] >= edge] for group in parted]
    return groups[:first] + [group for group in left + right if group] + groups[end:]


def _goes_on(last: Line, piece: Line, edge: float) -> bool:
    """Whether a piece on the left is the last one or a line close under it in the same type."""
    close = box_of(piece)[3] - box_of(last)[3] < 1.6 * last.font_size
    return box_of(piece)[2] <= edge and close and (piece.font_size, piece.bold) == (last.font_size, last.bold)


def _distance(left: Line, right: Line) -> float:
    return box_of(right)[0] - box_of(left)[2]


def _row(page: Page, pieces: list[Line], *, edges: tuple[float, float]) -> Row:
    boxes = [box_of(p) for p in pieces]
    longest = max(pieces, key=lambda p: p.end - p.start)
    bold = 2 * sum(p.end - p.start for p in pieces if p.bold) > sum(p.end - p.start for p in pieces)
    box = (boxes[0][0], min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes))
    return Row(page, pieces, " ".join(text_of(page, p) for p in pieces), box, longest.font_size, bold, edges)


# --- contents pages and footnotes -----------------------------------------------------------------------------------------

_LEADER = re.compile(r"(?:\.\s?){4,}\s*\d*$|…{2,}\s*\d*$|_{4,}\s*\d*$")
_NOTE = re.compile(r"(\d{1,3}|[*†‡§]{1,3}|\[\d{1,3}\])(?:[.)]?\s|(?=[A-Z“\"h]))")


def _is_entry(row: Row) -> bool:
    """A line of a table of contents: dots before a page number, or a page number of its own at the right edge."""
    if _LEADER.search(row.text):
        return True
    last = row.pieces[-1]
    apart = len(row.pieces) > 1 and box_of(last)[0] - box_of(row.pieces[-2])[2] > 2 * row.size
    return apart and text_of(row.page, last).isdigit() and box_of(last)[2] > row.column[1] - 2 * row.size


def _without_contents(rows: list[Row]) -> list[Row]:
    """Leaves out a table of contents, from its title or first entry to its last entry, if it is on this page."""
    entries = [i for i, row in enumerate(rows) if _is_entry(row)]
    title = next((i for i, row in enumerate(rows) if row.text.strip(" .:").casefold() in rules().contents), None)
    dotted = sum(1 for i in entries if _LEADER.search(rows[i].text))
    if len(entries) < 4 and not (title is not None and len(entries) >= 2) and dotted < 3:
        return rows
    first = title if title is not None and title < entries[0] else entries[0]
    if title is None and len(entries) < 0.4 * (entries[-1] - first + 1):
        return rows
    while first and title is None and rows[first - 1].size == rows[first].size and rows[first - 1].bold == rows[first].bold:
        first -= 1  # the first lines of an entry that goes over several
    return rows[:first] + rows[entries[-1] + 1 :]


def _mark_notes(rows: list[Row], body: float) -> None:
    """Marks the footnotes at the foot of each column: small rows in the lower part, from the first with a note's number on."""
    ends = [i for i, row in enumerate(rows) if row.broken and i] + [len(rows)]
    start = 0
    for end in ends:
        first = end
        while first > start and _may_be_note(rows[first - 1], body):
            first -= 1
        while first < end and not _NOTE.match(rows[first].text):
            first += 1
        for row in rows[first:end]:
            row.note = True
        start = end


def _may_be_note(row: Row, body: float) -> bool:
    return row.size <= SMALL * body and row.box[1] > 0.25 * height_of(row.page) and row.pieces[0].kind != "table_row"
