"""Rows of laid-out pages -> parts: headings, paragraphs, list items, table rows and footnotes, each as slices of page text.

A part becomes a block of the document in `pipeline.structure`. What is decided here rests on position (indent, gap, room left
on a line), font (size, weight) and printed numbers; sizes and distances are points.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from pipeline.numbering import division, number_of
from pipeline.records import Line, Page
from pipeline.structure.aligned import is_tabular, mark_tables
from pipeline.structure.furniture import box_of, rules
from pipeline.structure.hyphens import Hyphens
from pipeline.structure.kinds import (
    BULLET,
    ENDS,
    INDENT,
    LARGE,
    LONGEST_HEADING,
    STOPS,
    Group,
    Usual,
    classify,
    demote_letterheads,
    has_room,
    letter_items,
    level_headings,
    level_items,
    merge_headings,
)
from pipeline.structure.layout import Row, body_size, read_rows

#: A distance between lines over this many times the usual one begins a paragraph (usual 1.0; between paragraphs 1.4 and more).
GAP = 1.25
_BEFORE_ITEM = re.compile(r"(?:[.:;!?,…—][”’\"')\]]*|\b(?:and|or|to|and/or))$")
_NOTE = re.compile(r"\[?(\d{1,3}|[*†‡§]{1,3})\]?[.)]?\s*")


@dataclass(frozen=True, slots=True)
class Slice:
    """A stretch of page text, with what joins it to the slice before in the same part."""

    page: int
    start: int
    end: int
    joiner: str


@dataclass(slots=True)
class Part:
    """A block before it has its place in the document's text; fields as in `records.Block`."""

    kind: str
    slices: list[Slice] = field(default_factory=list)
    number: str = ""
    level: int = 0


def read_parts(pages: Sequence[Page]) -> list[Part]:
    """The blocks of laid-out pages in reading order; footnotes follow the block in which their page ends."""
    rows = [
        row for _, page in itertools.groupby(read_rows(pages), lambda row: row.page.number) for row in mark_tables(list(page))
    ]
    text = [row for row in rows if not row.note]
    usual = Usual(body_size(text), _leading(rows))
    groups = _groups(text, usual)
    for before, group, following in zip([None, *groups], groups, [*groups[1:], None], strict=False):
        classify(group, usual, before=before, following=following)
    groups = [g for g in _reunite(merge_headings(groups, usual)) if g.kind == "table_row" or any(c.isalpha() for c in g.text)]
    demote_letterheads(groups)
    level_headings(groups, usual)
    letter_items(groups)
    level_items(groups)
    groups = _with_notes(groups, _notes([row for row in rows if row.note]))
    hyphens = Hyphens(page.text[line.start : line.end] for page in pages for line in page.lines)
    return [Part(g.kind, _slices(g, hyphens), g.number, g.level) for g in groups]


def _leading(rows: Sequence[Row]) -> dict[float, float]:
    """The usual distance of lines by font size."""
    found: dict[float, list[float]] = defaultdict(list)
    for a, b in itertools.pairwise(rows):
        distance = b.box[3] - a.box[3]
        if a.size == b.size and 0.8 * b.size < distance < 2 * b.size and not b.broken:
            found[b.size].append(round(distance, 1))
    # The lower quartile: documents of one-line paragraphs have more gaps than lines.
    return {size: sorted(distances)[len(distances) // 4] for size, distances in found.items()}


# --- rows to groups -------------------------------------------------------------------------------------------------------


def _groups(rows: Sequence[Row], usual: Usual) -> list[Group]:
    groups: list[Group] = []
    for row in rows:
        if row.pieces[0].kind == "table_row":
            if row.pieces[0].joiner is None or not groups or groups[-1].kind != "table_row":
                groups.append(Group([], "table_row"))
        elif not groups or groups[-1].kind or not _continues(groups[-1].rows, row, usual=usual):
            groups.append(Group([]))
        groups[-1].rows.append(row)
    return groups


def _continues(rows: list[Row], row: Row, *, usual: Usual) -> bool:
    """Whether `row` goes on with the paragraph of `rows`."""
    last = rows[-1]
    if abs(last.size - row.size) > 0.08 * row.size or _begins(rows, row):
        return False
    if row.broken or row.page is not last.page:
        return row.size < LARGE * usual.size and _goes_on(rows, row)
    distance = row.box[3] - last.box[3]
    if not 0 < distance <= GAP * usual.distance(row.size) + 0.3:
        return False
    if BULLET.match(rows[0].text) and row.box[0] > rows[0].box[0] + INDENT * row.size:  # hangs under the bullet
        return last.bold or not _stopped_short(rows, row, usual=usual)
    ended = ENDS.search(last.text[-8:]) is not None
    if last.bold != row.bold and (ended or (last.bold and has_room(last, row)) or (row.bold and row.text[:1].isupper())):
        return False
    if _shifted(rows, row, ended=ended):
        return False
    return not (has_room(last, row) and (ended or _stopped_short(rows, row, usual=usual)))


def _stopped_short(rows: list[Row], row: Row, *, usual: Usual) -> bool:
    """Whether the last line ends so early, beside the lines around it, that a capital after it begins a paragraph."""
    last = rows[-1]
    if not row.text[:1].isupper() or row.bold or row.size >= LARGE * usual.size or _centred(last, row):
        return False
    if row.box[0] > last.box[0] + INDENT * row.size or any(map(is_tabular, rows)):
        return False
    right = max(r.box[2] for r in (*rows, row))
    return last.box[2] < right - 0.25 * (right - last.box[0])


def _begins(rows: list[Row], row: Row) -> bool:
    """Whether a bullet or number begins the row; "(a)" or "12." in a sentence broken over lines does not."""
    text = row.text
    if not (BULLET.match(text) or number_of(text) or (division(text) and len(text) < LONGEST_HEADING)):
        return False
    last = rows[-1]
    aligned = abs(row.box[0] - last.box[0]) < INDENT * row.size and row.page is last.page
    return bool(_BEFORE_ITEM.search(last.text[-8:])) or not aligned or has_room(last, row)


def _goes_on(rows: list[Row], row: Row) -> bool:
    """Whether a paragraph goes on over the end of a column or page."""
    last = rows[-1]
    if row.text[:1].islower():
        return not STOPS.search(last.text[-8:])
    return len(rows) > 1 and not (ENDS.search(last.text[-8:]) or has_room(last, row) or last.bold != row.bold)


def _shifted(rows: list[Row], row: Row, *, ended: bool) -> bool:
    """Whether the indent says that `row` begins something new."""
    last, play = rows[-1], INDENT * row.size
    if len(rows) > 1:
        return abs(row.box[0] - last.box[0]) > play and not _centred(last, row)
    if BULLET.match(last.text) or number_of(last.text):
        return ended and row.box[0] < last.box[0] - play
    if row.box[0] < last.box[0] - play:  # behind the first line of a paragraph, or back from an indented line
        return has_room(last, row)
    return ended and row.box[0] > last.box[0] + play


def _centred(last: Row, row: Row) -> bool:
    return abs((last.box[0] + last.box[2]) - (row.box[0] + row.box[2])) < 2 * INDENT * row.size


def _reunite(groups: list[Group]) -> list[Group]:
    """Joins the halves of a paragraph that a figure, table or caption at the end of a page came between."""
    kept: list[Group] = []
    for group in groups:
        if group.kind == "paragraph" and group.text[:1].islower():
            page = group.rows[0].page.number
            near = [g for g in kept[-6:] if g.kind in ("paragraph", "list_item") and page - g.rows[-1].page.number in (0, 1)]
            open_ = [
                g for g in near if not ENDS.search(g.text[-8:]) and len(g.text) > 60 and g.rows[-1].size == group.rows[0].size
            ]
            if open_ and not rules().captions.match(open_[-1].text):
                open_[-1].rows += group.rows
                continue
        kept.append(group)
    return kept


# --- footnotes ------------------------------------------------------------------------------------------------------------


def _notes(rows: Sequence[Row]) -> dict[int, list[Group]]:
    """Footnotes by the page that they begin on; numbers count up, so that a line that begins with a date begins no note."""
    notes: list[Group] = []
    for row in rows:
        found = _NOTE.match(row.text)
        number = found.group(1) if found else ""
        if number and (not notes or not notes[-1].number or _follows(notes[-1], number, row=row)):
            notes.append(Group([], "footnote", number))
        elif not notes:
            notes.append(Group([], "footnote"))
        notes[-1].rows.append(row)
    by_page: dict[int, list[Group]] = defaultdict(list)
    for note in notes:
        by_page[note.rows[0].page.number].append(note)
    return by_page


def _follows(note: Group, number: str, *, row: Row) -> bool:
    if not number.isdigit() or not note.number.isdigit():
        return True
    return 0 < int(number) - int(note.number) <= 3 or (number == "1" and row.page is not note.rows[-1].page)


def _with_notes(groups: list[Group], notes: dict[int, list[Group]]) -> list[Group]:
    """Puts the notes of a page behind the block in which that page ends."""
    placed: list[Group] = []
    waiting = sorted(notes)
    for group in groups:
        first, last = group.rows[0].page.number, group.rows[-1].page.number
        while waiting and waiting[0] < first:
            placed += notes[waiting.pop(0)]
        placed.append(group)
        while waiting and waiting[0] < last:
            placed += notes[waiting.pop(0)]
    return placed + [note for page in waiting for note in notes[page]]


# --- slices ---------------------------------------------------------------------------------------------------------------


def _slices(group: Group, hyphens: Hyphens) -> list[Slice]:
    """The pieces of a group with their joiners, without its bullet and without the hyphens that line ends made."""
    found: list[Slice] = []
    before, edge = "", 0.0
    for page, line, beside in _pieces(group):
        joiner = ""
        if found and line.joiner == " | ":
            joiner = line.joiner
        elif found and beside and found[-1].end <= line.start:
            apart = box_of(line)[0] - edge > 0.1 * line.font_size
            joiner = " " if apart and re.search(r"\s", page.text[found[-1].end : line.start]) else ""
        elif found:
            cut, joiner = hyphens.join(before, page.text[line.start : line.end])
            found[-1] = replace(found[-1], end=found[-1].end - cut)
        found.append(Slice(page.number, line.start, line.end, joiner))
        before, edge = page.text[line.start : line.end], box_of(line)[2]
    return found


def _pieces(group: Group) -> Iterator[tuple[Page, Line, bool]]:
    """Page and piece, and whether the piece stands beside the one before; what the bullet takes up is left out."""
    skip = group.skip
    for row in group.rows:
        for i, line in enumerate(row.pieces):
            length = line.end - line.start
            if skip < length:
                yield row.page, replace(line, start=line.start + skip) if skip else line, i > 0
            # The row's text, in which the bullet was found, has a space between pieces.
            skip = max(0, skip - length - 1)
