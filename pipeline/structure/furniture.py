"""Furniture of laid-out pages: running headers and footers, page numbers, document numbers and distribution marks.

Found by repetition and position: what stands at the same height in the margins of several pages and reads the same, or counts
the pages. Boxes are points from the top left of the page.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files

from pipeline.records import Box, Line, Page

#: Running headers and footers stand in the outer eighth of a page (on the 210 pages looked at: within 9 % of the edge).
MARGIN = 0.125
#: Small print in the outer fourteenth, with an empty line between it and the text, is furniture on any page.
EDGE = 0.07
#: A band of a page is furniture if its words come back there on this many pages.
REPEATS = 3
#: Vertical play, in points, of a running header from page to page.
PLAY = 5.0
_DIGITS = re.compile(r"\d{1,6}")


@dataclass(frozen=True, slots=True)
class Rules:
    """`codebook/layout.toml` as patterns."""

    marks: re.Pattern[str]
    page_numbers: re.Pattern[str]
    contents: frozenset[str]
    captions: re.Pattern[str]
    labels: re.Pattern[str]
    letterheads: re.Pattern[str]


@functools.cache
def rules() -> Rules:
    """The patterns of furniture, read once."""
    raw = tomllib.loads(files("pipeline").joinpath("codebook/layout.toml").read_text("utf-8"))
    marks = re.compile("|".join(f"(?:{p})" for p in raw["marks"] + raw["document_numbers"]))
    numbers = re.compile("|".join(f"(?:{p})" for p in raw["page_numbers"]))
    captions = re.compile(rf"(?:{'|'.join(raw['captions'])})\b[^.]{{0,12}}[:.—–]")
    labels = re.compile(rf"(?:{'|'.join(raw['labels'])}) \d{{1,3}}\b(?=[:.–—-]|$)", re.I)
    letterheads = re.compile("|".join(f"(?:{p})" for p in raw["offices"] + raw["letterheads"]), re.I)
    return Rules(marks, numbers, frozenset(raw["contents"]), captions, labels, letterheads)


def find_furniture(pages: Sequence[Page]) -> dict[int, set[int]]:
    """By page number, the starts (page text) of the pieces that are running headers, footers, page numbers and marks."""
    edge = {page.number: [line for line in page.lines if is_laid(line) and _in_margin(line, page)] for page in pages}
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
    running = [text_of(page, x) for page in pages for x in edge[page.number] if x.start in found[page.number]]
    words = {word for text in running for word in text.split()}
    for page in pages:
        for line in page.lines:
            if is_laid(line) and (
                _is_page_number(line, page, furniture=found[page.number]) or _is_mark(line, page, words=words)
            ):
                found[page.number].add(line.start)
        found[page.number] |= _far_out(page, edge[page.number])
    return found


def _far_out(page: Page, edge: list[Line]) -> set[int]:
    """Small print by itself at the very edge, which the header of a document of one page is."""
    laid = [x for x in page.lines if is_laid(x)]
    sizes = Counter(x.font_size for x in laid for _ in range(x.start, x.end, 10))
    usual = sizes.most_common(1)[0][0] if sizes else 0.0
    found = set()
    for line in edge:
        _, top, _, bottom = box_of(line)
        outer = bottom < EDGE * height_of(page) or top > (1 - EDGE) * height_of(page)
        if outer and line.font_size < 0.95 * usual:
            gaps = [max(box_of(x)[1] - bottom, top - box_of(x)[3]) for x in laid]
            if all(gap > 1.5 * line.font_size or gap < -0.5 * line.font_size for gap in gaps):
                found.add(line.start)
    return found


def _worded(item: tuple[Page, Line]) -> bool:
    return any(c.isalpha() for c in text_of(*item))


def _stands_alone(line: Line, page: Page, *, furniture: set[int]) -> bool:
    """Whether nothing but furniture stands on the same line of the page."""
    _, top, _, bottom = box_of(line)
    middle = (top + bottom) / 2
    mates = (x for x in page.lines if x is not line and x.box and x.box[1] < middle < x.box[3])
    return all(x.start in furniture for x in mates)


def text_of(page: Page, line: Line) -> str:
    """The words of a line."""
    return page.text[line.start : line.end]


def is_laid(line: Line) -> bool:
    """Whether a line has a place on the page and its kind is not known yet."""
    return line.box is not None and not line.kind


def box_of(line: Line) -> Box:
    """The box of a line, all zeros if it has none."""
    return line.box or (0.0, 0.0, 0.0, 0.0)


def height_of(page: Page) -> float:
    """The height of a page in points, of A4 where it is unknown."""
    return page.size[1] if page.size else 842.0


def _in_margin(line: Line, page: Page) -> bool:
    return box_of(line)[1] < MARGIN * height_of(page) or box_of(line)[3] > (1 - MARGIN) * height_of(page)


def _band(line: Line) -> tuple[int, float]:
    return round((box_of(line)[1] + box_of(line)[3]) / 2 / PLAY), line.font_size


def _is_upright(line: Line, page: Page) -> bool:
    """Text that runs up or down the page: a stamp in the margin."""
    if not is_laid(line):
        return False
    x0, top, x1, bottom = box_of(line)
    return line.end - line.start > 3 and bottom - top > 3 * max(x1 - x0, line.font_size)


def _alike(pages: Sequence[Page], edge: dict[int, list[Line]]) -> list[list[tuple[Page, Line]]]:
    """Groups of pieces in the margins at about the same height that read the same, or differ by a number that counts pages."""
    by_words: dict[str, list[tuple[Page, Line]]] = defaultdict(list)
    for page in pages:
        for line in edge[page.number]:
            by_words[_DIGITS.sub("#", text_of(page, line)).casefold()].append((page, line))
    groups: list[list[tuple[Page, Line]]] = []
    for alike in by_words.values():
        alike.sort(key=lambda item: box_of(item[1])[1])
        begin = 0
        for i in range(1, len(alike) + 1):
            if i == len(alike) or box_of(alike[i][1])[1] - box_of(alike[i - 1][1])[1] > PLAY:
                groups += _in_step(alike[begin:i])
                begin = i
    return groups


def _in_step(alike: list[tuple[Page, Line]]) -> Iterable[list[tuple[Page, Line]]]:
    """Parts pieces that differ by a number ("Recommendation 8") from those whose number counts with the page."""
    by_text: dict[object, list[tuple[Page, Line]]] = defaultdict(list)
    steps: Counter[int] = Counter()
    for page, line in alike:
        steps.update({int(n) - page.number for n in _DIGITS.findall(text_of(page, line))[:4]})
    common, count = steps.most_common(1)[0] if steps else (0, 0)
    for page, line in alike:
        numbers = _DIGITS.findall(text_of(page, line))[:4]
        counts = count > 1 and any(int(n) - page.number == common for n in numbers)
        by_text[common if counts else text_of(page, line)].append((page, line))
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
    if not _in_margin(line, page) or not rules().page_numbers.fullmatch(text_of(page, line)):
        return False
    top, bottom = box_of(line)[1], box_of(line)[3]
    laid = [box_of(x) for x in page.lines if is_laid(x) and x.start not in furniture]
    outermost = all(b[3] > top for b in laid) if top < height_of(page) / 2 else all(b[1] < bottom for b in laid)
    return outermost and _stands_alone(line, page, furniture=furniture)


def _is_mark(line: Line, page: Page, *, words: set[str]) -> bool:
    """A document number or distribution mark: near an edge, or on the first page one that comes back in the margins."""
    text = text_of(page, line)
    if not 1 < len(text) <= 60 or (page.number > 1 and not _in_margin(line, page)):
        return False
    if rules().marks.fullmatch(text):
        return True
    known = all(word in words and (word.isupper() or word[0].isdigit()) for word in text.split())
    return page.number == 1 and len(text) > 4 and any(map(str.isdigit, text)) and known
