"""What groups of rows are: headings and their levels, numbered paragraphs, list items and their depth.

Decided by font (size, weight), position (indent, gap, room left on a line) and printed numbers; sizes are points.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.numbering import division, number_of
from pipeline.structure.furniture import rules
from pipeline.structure.layout import Row

#: Indents that differ by less than this many font sizes are the same.
INDENT = 0.6
#: Text this many times larger than the usual is a heading; words on a cover this much larger are its title.
LARGE, TITLE = 1.12, 1.4
#: The longest heading of the files looked at has 108 characters; bold paragraphs begin at 150.
LONGEST_HEADING = 140
BULLET = re.compile(r"(?:[•●○▪■□◦‣·\uf0b7\uf0a7\uf02d\uf0d8►➢✓]|[–—*-](?=\s)|o(?=\s[A-Za-z]))\s*")
ENDS = re.compile(r"[.:;!?…][”’\"')\]]*$")
STOPS = re.compile(r"[.!?…][”’\"')\]]*$")
_ROMAN = re.compile(r"[IVX]+\.")
_INITIAL = re.compile(r"[A-Z]\.")
_TITLE_LIKE = re.compile(r"(?:\d+(?:\.\d+)*\.?\s)?[A-Z][^\d@©|]*[^\d@©|,;]$")


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual in a document: the font size of its text, and the distance of lines by font size."""

    size: float
    leading: dict[float, float]

    def distance(self, size: float) -> float:
        """The usual distance of lines of font size `size`, in points."""
        return self.leading.get(size, 1.2 * size)


@dataclass(slots=True)
class Group:
    """Rows that belong together."""

    rows: list[Row]
    kind: str = ""
    number: str = ""
    skip: int = 0
    level: int = 0

    @property
    def text(self) -> str:
        """The words of all rows."""
        return " ".join(row.text for row in self.rows)

    @property
    def left(self) -> float:
        """Where its first row begins."""
        return self.rows[0].box[0]


def has_room(last: Row, row: Row) -> bool:
    """Whether the first word of `row` would have fitted on the line before it, so that the line was ended on purpose."""
    first = row.text.split(maxsplit=1)[0]
    width = (row.box[2] - row.box[0]) * (len(first) + 1) / max(1, len(row.text))
    return last.box[2] + width + row.size < last.column[1]


def classify(group: Group, usual: Usual, *, before: Group | None, following: Group | None) -> None:
    """Tells heading, list item and paragraph, and finds the printed number."""
    if group.kind:
        return
    text = group.text
    bullet = BULLET.match(text)
    if bullet and len(text) > bullet.end():
        group.kind, group.skip = "list_item", bullet.end()
        return
    part = division(text)
    label = rules().labels.match(text)
    group.number = part or (label.group() if label else number_of(text))
    if _is_heading(group, usual.size) or (
        _is_set_off(group, before, usual=usual) and _stands_out(group, following, usual=usual)
    ):
        group.kind = "heading"
        group.number = "" if _INITIAL.fullmatch(group.number) and not _ROMAN.fullmatch(group.number) else group.number
    elif group.number and not group.number[0].isdigit() and not part and not label and not _INITIAL.fullmatch(group.number):
        group.kind = "list_item"
    else:
        group.kind = "paragraph"
        group.number = group.number if group.number[:1].isdigit() else ""


def _is_heading(group: Group, body: float) -> bool:
    """Larger or bolder than the text, or a division ("Article 4"), and no sentence."""
    text = group.text
    if len(text) > LONGEST_HEADING or rules().captions.match(text) or not any(c.isalpha() for c in text):
        return False
    part = division(text)
    if re.search(r"[;,]$", text) or (STOPS.search(text[-8:]) and len(text) > 30 and not part):
        return False
    if min(row.size for row in group.rows) >= LARGE * body or (rules().labels.match(text) and not STOPS.search(text[-8:])):
        return True
    if part and (group.rows[0].bold or len(text) <= len(part) + 1 or text[len(part) :].istitle()):
        return True
    if max(row.size for row in group.rows) < 0.95 * body or not text[:1].isalnum() or text[:1].islower():
        return False
    return all(row.bold for row in group.rows) or _in_capitals(text)


def _in_capitals(text: str) -> bool:
    """Two words or more, all in capitals, that are no code ("ISBN: 978-1")."""
    return (
        text.isupper()
        and not text.endswith(":")
        and len(re.findall(r"[^\W\d_]{2,}", text)) > 1
        and not any(c.isdigit() for c in text)
    )


def _is_set_off(group: Group, before: Group | None, *, usual: Usual) -> bool:
    """Whether more room than between lines is left above the group."""
    row, last = group.rows[0], before.rows[-1] if before else None
    return last is None or row.broken or row.page is not last.page or row.box[3] - last.box[3] > 1.2 * usual.distance(row.size)


def _stands_out(group: Group, following: Group | None, *, usual: Usual) -> bool:
    """A short line without full stop over a paragraph not larger: a heading in italics or colour."""
    row, text = group.rows[0], group.text
    if len(group.rows) > 1 or len(text) > 70 or ENDS.search(text[-8:]) or not _TITLE_LIKE.match(text):
        return False
    if following is None or following.kind or following.rows[0].page is not row.page:
        return False
    under = following.rows[0]
    larger = row.size > under.size + 0.5
    if (len(following.rows) < 2 and not larger) or under.size > row.size + 0.1 or under.broken or under.text[:1].islower():
        return False
    if BULLET.match(under.text) or rules().captions.match(under.text) or under.box[0] > row.box[0] + row.size:
        return False
    close = under.box[3] - row.box[3] <= 2.2 * usual.distance(row.size)
    return close and row.box[2] < row.column[0] + 0.7 * (row.column[1] - row.column[0])


def merge_headings(groups: Iterable[Group], usual: Usual) -> list[Group]:
    """Joins the lines of a heading that are set wider apart than text, where the next word found no room."""
    kept: list[Group] = []
    for group in groups:
        if kept and kept[-1].kind == "heading" and _goes_on(kept[-1], group, usual=usual):
            kept[-1].rows += group.rows
        else:
            kept.append(group)
    return kept


def _goes_on(above: Group, group: Group, *, usual: Usual) -> bool:
    last, row = above.rows[-1], group.rows[0]
    if row.page is not last.page or not 0 < row.box[3] - last.box[3] < 2.2 * usual.distance(row.size) or group.number:
        return False
    if group.kind == "heading":
        alike = _style(above)[1::2] == _style(group)[1::2] and abs(last.size - row.size) < 0.1
        return alike and not has_room(last, row)
    # "AGREEMENT" over "between Arvenia and Belmark on ..."
    strong = all(r.bold or r.size >= LARGE * usual.size for r in group.rows)
    return group.kind == "paragraph" and strong and row.text[:1].islower() and len(group.text) < 2 * LONGEST_HEADING


def _covers(groups: Sequence[Group], usual: Usual) -> set[int]:
    """Which of the first three pages are covers: nothing on them is a paragraph of three lines in the usual size."""
    full = {row.page.number for g in groups if len(g.rows) > 2 and abs(g.rows[0].size - usual.size) < 1 for row in g.rows}
    listed = {
        g.rows[0].page.number for g in groups if g.kind in ("list_item", "table_row") or (g.number and g.kind == "paragraph")
    }
    return {g.rows[0].page.number for g in groups} & ({1, 2, 3} - full - listed)


def demote_letterheads(groups: Sequence[Group]) -> None:
    """Makes the letterheads above the title paragraphs; the title stands on the first pages."""
    head = [g for g in groups if g.rows[0].page.number <= 3]
    titles = [i for i, g in enumerate(head) if g.kind == "heading" and not rules().letterheads.fullmatch(g.text)]
    for group in head[: titles[0]] if titles else ():
        if group.kind == "heading":
            group.kind, group.number = "paragraph", ""


def level_headings(groups: Sequence[Group], usual: Usual) -> None:
    """Levels by style: larger above smaller, then divisions and capitals, bold, plain; a number's depth goes below its style.

    Of a cover only its largest words are a heading: the title, level 1.
    """
    covers = _covers(groups, usual)
    if len({row.page.number for g in groups for row in g.rows}) == len(covers):
        covers = set()
    titles = False
    for page in covers:
        lines = [g for g in groups if g.kind == "heading" and g.rows[0].page.number == page]
        largest = max((g.rows[0].size for g in lines), default=0.0)
        for group in lines if largest >= TITLE * usual.size else ():
            group.kind, group.level = ("heading", 1) if group.rows[0].size == largest else ("paragraph", 0)
            titles = True
    headings = [g for g in groups if g.kind == "heading" and not g.level]
    styles = sorted({_style(g) for g in headings}, reverse=True)
    for group in headings:
        depth = group.number.strip(".").count(".") if group.number[:1].isdigit() else 0
        group.level = min(6, styles.index(_style(group)) + 1 + titles + depth)


def _style(group: Group) -> tuple[int, bool, bool, bool]:
    row, text = group.rows[0], group.text
    named = text.isupper() or bool(division(text) or rules().labels.match(text))
    return round(row.size), named, bool(_ROMAN.fullmatch(group.number)), row.bold


def letter_items(groups: Sequence[Group]) -> None:
    """ "A." begins an item after a colon, and "B." after "A."; elsewhere it is an initial."""
    last = ""
    for before, group in itertools.pairwise(groups):
        found = re.match(r"([A-Z])\.\s", group.text) if group.kind == "paragraph" else None
        if found and (ord(found.group(1)) == ord(last or "@") + 1 and (last or before.text.endswith(":"))):
            group.kind, group.number, last = "list_item", found.group().strip(), found.group(1)
        elif group.kind not in ("footnote", "table_row"):
            last = ""


def level_items(groups: Sequence[Group]) -> None:
    """Depth of list items by their indent; numbered lines right under a colon are items too."""
    indents: list[float] = []
    before: Group | None = None
    for group in groups:
        play = INDENT * group.rows[0].size
        if before is not None and _is_numbered_item(group, before, play=play):
            group.kind = "list_item"
        if group.kind == "list_item":
            # Left and right pages may have different margins.
            turned = before is not None and before.rows[-1].page is not group.rows[0].page
            indents = [x for x in indents if x < group.left - (3 * play if turned else play)]
            indents.append(group.left)
            group.level = len(indents)
        elif group.kind != "table_row":
            indents = []
        before = group


def _is_numbered_item(group: Group, before: Group, *, play: float) -> bool:
    if group.kind != "paragraph" or not re.fullmatch(r"\d{1,2}[.)]", group.number):
        return False
    if before.kind == "list_item":
        return before.number[:1].isdigit() and abs(group.left - before.left) < play
    return before.text.endswith(":") and group.left > before.left + play
