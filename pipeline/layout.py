"""Laid-out pages -> rows in reading order: furniture, columns, contents pages and footnotes are told apart here.

A *piece* is a `Line` of the reader; pieces side by side in one column make a *row*. Boxes are points from the top left of the
page. What the rows say together (headings, paragraphs, lists) is found in `pipeline.blocks`.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from statistics import median

from pipeline.records import Box, Line, Page

#: Running headers and footers stand in the outer eighth of a page (on the 210 pages looked at: within 9 % of the edge).
MARGIN = 0.125
#: Small print in the outer fourteenth, with an empty line between it and the text, is furniture on any page.
EDGE = 0.07
#: A band of a page is furniture if its words come back there on this many pages.
REPEATS = 3
#: Vertical play, in points, of a running header from page to page.
PLAY = 5.0
#: Footnotes are set this much smaller than the text: 9.0 against 12.0 and 10.1 against 12.0 in the files looked at.
SMALL = 0.93


_DIGITS = re.compile(r"\d{1,6}")
#: Smaller than this share of the text's size are the labels of pictures (7.0 against 12.0; footnotes have 0.75 and more).
TINY = 0.65


@dataclass(frozen=True, slots=True)
class Rules:
    """`codebook/layout.toml` as patterns."""

    marks: re.Pattern[str]
    page_numbers: re.Pattern[str]
    contents: frozenset[str]
    captions: re.Pattern[str]
    labels: re.Pattern[str]


@functools.cache
def rules() -> Rules:
    """The patterns of furniture, read once."""
    raw = tomllib.loads(files("pipeline").joinpath("codebook/layout.toml").read_text("utf-8"))
    marks = re.compile("|".join(f"(?:{p})" for p in raw["marks"] + raw["document_numbers"]))
    numbers = re.compile("|".join(f"(?:{p})" for p in raw["page_numbers"]))
    captions = re.compile(rf"(?:{'|'.join(raw['captions'])})\b[^.]{{0,12}}[:.—–]")
    labels = re.compile(rf"(?:{'|'.join(raw['labels'])}) \d{{1,3}}\b(?=[:.–—-]|$)", re.I)
    return Rules(marks, numbers, frozenset(raw["contents"]), captions, labels)


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


# --- furniture ------------------------------------------------------------------------------------------------------------


def find_furniture(pages: Sequence[Page]) -> dict[int, set[int]]:
    """By page number, the starts (page text) of the pieces that are running headers, footers, page numbers and marks."""
    edge = {page.number: [line for line in page.lines if _is_laid(line) and _in_margin(line, page)] for page in pages}
    found: dict[int, set[int]] = {page.number: {x.start for x in page.lines if _is_upright(x, page)} for page in pages}
    needed = min(REPEATS, max(2, len(pages)))
    bands: Counter[tuple[int, float]] = Counter()
    groups = _alike(pages, edge)
    # Words first: a number is furniture only if nothing but furniture stands beside it, for paragraphs begin with numbers.
    for group in sorted(groups, key=lambda g: not _worded(g[0])):
        alone = group if _worded(group[0]) else [x for x in group if _stands_alone(x[1], x[0], furniture=found[x[0].number])]
        if len({page.number for page, _ in alone}) >= needed:
            for page, line in alone:
                found[page.number].add(line.start)
                bands[_band(line)] += 1
    _add_bands(edge, found, bands={band for band, count in bands.items() if count >= max(needed, len(pages) / 3)})
    running = [_text(page, x) for page in pages for x in edge[page.number] if x.start in found[page.number]]
    words = {word for text in running for word in text.split()}
    for page in pages:
        for line in page.lines:
            if _is_laid(line) and (
                _is_page_number(line, page, furniture=found[page.number]) or _is_mark(line, page, words=words)
            ):
                found[page.number].add(line.start)
        found[page.number] |= _far_out(page, edge[page.number])
    return found


def _far_out(page: Page, edge: list[Line]) -> set[int]:
    """Small print by itself at the very edge, which the header of a document of one page is."""
    laid = [x for x in page.lines if _is_laid(x)]
    sizes = Counter(x.font_size for x in laid for _ in range(x.start, x.end, 10))
    usual = sizes.most_common(1)[0][0] if sizes else 0.0
    found = set()
    for line in edge:
        _, top, _, bottom = _box(line)
        outer = bottom < EDGE * _height(page) or top > (1 - EDGE) * _height(page)
        if outer and line.font_size < 0.95 * usual:
            gaps = [max(_box(x)[1] - bottom, top - _box(x)[3]) for x in laid]
            if all(gap > 1.5 * line.font_size or gap < -0.5 * line.font_size for gap in gaps):
                found.add(line.start)
    return found


def _worded(item: tuple[Page, Line]) -> bool:
    return any(c.isalpha() for c in _text(*item))


def _stands_alone(line: Line, page: Page, *, furniture: set[int]) -> bool:
    """Whether nothing but furniture stands on the same line of the page."""
    _, top, _, bottom = _box(line)
    middle = (top + bottom) / 2
    mates = (x for x in page.lines if x is not line and x.box and x.box[1] < middle < x.box[3])
    return all(x.start in furniture for x in mates)


def _text(page: Page, line: Line) -> str:
    return page.text[line.start : line.end]


def _is_laid(line: Line) -> bool:
    return line.box is not None and not line.kind


def _box(line: Line) -> Box:
    return line.box or (0.0, 0.0, 0.0, 0.0)


def _height(page: Page) -> float:
    return page.size[1] if page.size else 842.0


def _in_margin(line: Line, page: Page) -> bool:
    return _box(line)[1] < MARGIN * _height(page) or _box(line)[3] > (1 - MARGIN) * _height(page)


def _band(line: Line) -> tuple[int, float]:
    return round((_box(line)[1] + _box(line)[3]) / 2 / PLAY), line.font_size


def _is_upright(line: Line, page: Page) -> bool:
    """Text that runs up or down the page: a stamp in the margin."""
    if not _is_laid(line):
        return False
    x0, top, x1, bottom = _box(line)
    return line.end - line.start > 3 and bottom - top > 3 * max(x1 - x0, line.font_size)


def _alike(pages: Sequence[Page], edge: dict[int, list[Line]]) -> list[list[tuple[Page, Line]]]:
    """Groups of pieces in the margins at about the same height that read the same, or differ by a number that counts pages."""
    by_words: dict[str, list[tuple[Page, Line]]] = defaultdict(list)
    for page in pages:
        for line in edge[page.number]:
            by_words[_DIGITS.sub("#", _text(page, line)).casefold()].append((page, line))
    groups: list[list[tuple[Page, Line]]] = []
    for alike in by_words.values():
        alike.sort(key=lambda item: _box(item[1])[1])
        begin = 0
        for i in range(1, len(alike) + 1):
            if i == len(alike) or _box(alike[i][1])[1] - _box(alike[i - 1][1])[1] > PLAY:
                groups += _in_step(alike[begin:i])
                begin = i
    return groups


def _in_step(alike: list[tuple[Page, Line]]) -> Iterable[list[tuple[Page, Line]]]:
    """Parts pieces that differ by a number ("Recommendation 8") from those whose number counts with the page."""
    by_text: dict[object, list[tuple[Page, Line]]] = defaultdict(list)
    steps: Counter[int] = Counter()
    for page, line in alike:
        steps.update({int(n) - page.number for n in _DIGITS.findall(_text(page, line))[:4]})
    common, count = steps.most_common(1)[0] if steps else (0, 0)
    for page, line in alike:
        numbers = _DIGITS.findall(_text(page, line))[:4]
        counts = count > 1 and any(int(n) - page.number == common for n in numbers)
        by_text[common if counts else _text(page, line)].append((page, line))
    return by_text.values()


def _add_bands(edge: dict[int, list[Line]], found: dict[int, set[int]], *, bands: set[tuple[int, float]]) -> None:
    """Adds what stands in a band of headers or footers on pages where its words differ (a chapter's title, say)."""
    for number, lines in edge.items():
        for line in lines:
            centre, size = _band(line)
            if any((centre + shift, size) in bands for shift in (-1, 0, 1)):
                found[number].add(line.start)


def _is_page_number(line: Line, page: Page, *, furniture: set[int]) -> bool:
    """A number alone on the outermost line of a margin."""
    if not _in_margin(line, page) or not rules().page_numbers.fullmatch(_text(page, line)):
        return False
    top, bottom = _box(line)[1], _box(line)[3]
    laid = [_box(x) for x in page.lines if _is_laid(x) and x.start not in furniture]
    outermost = all(b[3] > top for b in laid) if top < _height(page) / 2 else all(b[1] < bottom for b in laid)
    return outermost and _stands_alone(line, page, furniture=furniture)


def _is_mark(line: Line, page: Page, *, words: set[str]) -> bool:
    """A document number or distribution mark: near an edge, or on the first page one that comes back in the margins."""
    text = _text(page, line)
    if len(text) > 60 or (page.number > 1 and not _in_margin(line, page)):
        return False
    if rules().marks.fullmatch(text):
        return True
    parts = text.split()
    return page.number == 1 and any(c.isdigit() for c in text) and all(w in words and w == w.upper() for w in parts)


# --- rows and columns -----------------------------------------------------------------------------------------------------


def _page_rows(page: Page, furniture: set[int]) -> list[Row]:
    pieces = [line for line in page.lines if _is_laid(line) and line.start not in furniture]
    width = page.size[0] if page.size else 595.0
    regions = columns(pieces, width)
    tables = [line for line in page.lines if line.kind == "table_row" and line.start not in furniture]
    rows = [row for region in regions for row in _region_rows(page, region)]
    return _with_tables(page, rows, tables=tables)


def _with_tables(page: Page, rows: list[Row], *, tables: list[Line]) -> list[Row]:
    """Puts the rows of ruled tables before the first row that stands below them."""
    for line in tables:
        row = Row(page, [line], _text(page, line), _box(line), line.font_size, line.bold, (_box(line)[0], _box(line)[2]))
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
        return [pieces]
    regions: list[list[Line]] = []
    left: list[Line] = []
    right: list[Line] = []
    full: list[Line] = []
    for piece in sorted(pieces, key=lambda p: _box(p)[1]):
        x0, _, x1, _ = _box(piece)
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
    boxes = [_box(p) for p in pieces]
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
    edges = (min(_box(p)[0] for p in region), max(_box(p)[2] for p in region)) if region else (0.0, 0.0)
    groups: list[list[Line]] = []
    top = bottom = 0.0
    for piece in sorted(region, key=lambda p: _box(p)[1] + _box(p)[3]):
        _, y0, _, y1 = _box(piece)
        if groups and min(y1, bottom) - max(y0, top) > 0.5 * min(y1 - y0, bottom - top):
            groups[-1].append(piece)
            top, bottom = min(top, y0), max(bottom, y1)
        else:
            groups.append([piece])
            top, bottom = y0, y1
    rows = [_row(page, sorted(group, key=lambda p: _box(p)[0]), edges=edges) for group in groups]
    for row in rows[:1]:
        row.broken = True
    return rows


def _row(page: Page, pieces: list[Line], *, edges: tuple[float, float]) -> Row:
    boxes = [_box(p) for p in pieces]
    longest = max(pieces, key=lambda p: p.end - p.start)
    bold = 2 * sum(p.end - p.start for p in pieces if p.bold) > sum(p.end - p.start for p in pieces)
    box = (boxes[0][0], min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes))
    return Row(page, pieces, " ".join(_text(page, p) for p in pieces), box, longest.font_size, bold, edges)


# --- contents pages and footnotes -----------------------------------------------------------------------------------------

_LEADER = re.compile(r"(?:\.\s?){4,}\s*\d*$|…{2,}\s*\d*$|_{4,}\s*\d*$")
_NOTE = re.compile(r"(\d{1,3}|[*†‡§]{1,3}|\[\d{1,3}\])(?:[.)]?\s|(?=[A-Z“\"h]))")


def _is_entry(row: Row) -> bool:
    """A line of a table of contents: dots before a page number, or a page number of its own at the right edge."""
    if _LEADER.search(row.text):
        return True
    last = row.pieces[-1]
    apart = len(row.pieces) > 1 and _box(last)[0] - _box(row.pieces[-2])[2] > 2 * row.size
    return apart and _text(row.page, last).isdigit() and _box(last)[2] > row.column[1] - 2 * row.size


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
    return row.size <= SMALL * body and row.box[1] > 0.25 * _height(row.page) and row.pieces[0].kind != "table_row"
