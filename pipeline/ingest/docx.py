"""Reads Word files (.docx): the words as a reader sees them, automatic numbers included, on one page.

Insertions count as accepted and deletions as done; text that was moved stands once, at its new place. Comments, headers,
footers, hidden text, field codes and unfilled placeholders are left out. Footnotes follow the paragraph that refers to them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from pipeline.errors import ReadError
from pipeline.ingest.docx_parts import (
    Element,
    Numbering,
    Package,
    Styles,
    attribute,
    child,
    format_number,
    local,
    switched_on,
    value,
)
from pipeline.records import Line, Metadata, Page, Source, Value

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_DELETED = frozenset({"del", "moveFrom", "delText", "delInstrText"})
_LEFT_OUT = _DELETED | {"instrText", "pPr", "rPr", "sdtPr", "rt", "annotationRef", "docPr", "Fallback"}
_AS_SPACE = frozenset({"tab", "br", "cr", "ptab"})
_HYPHENS = {"noBreakHyphen": "-", "softHyphen": ""}
_WRAPPERS = frozenset({"sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag", "Choice"})
_SPACE = re.compile(r"[ \t\r\n\f\v]+")
_TYPED_NUMBER = re.compile(r"(\d{1,3}(?:\.\d{1,3})*[.)]|\d{1,3}(?:\.\d{1,3})+|\((?:\d{1,3}|[a-z]{1,5})\)|[a-z]{1,2}[.)])\s")
_TYPED_BULLET = re.compile(r"[•·▪●○■□◦‣➢–—\-*]\s")
_PLAIN = re.compile(r"[(]?\d+[.)]{0,2}")
_OUTLINE = re.compile(r"\d+(\.\d+)+\.?")
# Headings longer than this that end as a sentence are numbered paragraphs in a heading style; a habit of official templates.
_LONGEST_HEADING = 25
# Bold paragraphs up to this many words, without a full stop, stand for headings where a document uses no heading style.
_LONGEST_BOLD_HEADING = 14


def read(data: bytes, name: str) -> Source:
    """The text, structure and properties of a Word file.

    Args:
        data: the bytes of the file.
        name: its name, for messages.

    Returns:
        A source of one page. Titles are headings of level 1, where there is one headings begin at level 2.

    Raises:
        ReadError: the file is empty, encrypted, damaged, no Word file, or has no text.
    """
    package = Package(data, name)
    text, lines = _Reader(package).read()
    if not any(line.kind != "furniture" for line in lines):
        raise ReadError(f"{name} has no text.", advice="If it holds scanned pages, run OCR on them first.")
    sha256 = hashlib.sha256(data).hexdigest()
    return Source(name, MEDIA_TYPE, sha256, (Page(1, text, tuple(lines)),), _properties(package.core))


def _properties(core: Element | None) -> Metadata:
    """Title and date from the file's properties: weak, as templates and copies leave them behind."""

    def text(name: str) -> str:
        found = child(core, name)
        return " ".join((found.text or "").split()) if found is not None else ""

    title, day = text("title"), (text("created") or text("modified"))[:10]
    dated = re.fullmatch(r"\d{4}-\d\d-\d\d", day)
    return Metadata(
        title=Value(title, "docx properties") if title else None,
        date=Value(day, "docx properties") if dated else None,
    )


@dataclass(slots=True)
class _Words:
    """What one paragraph shows.

    Attributes:
        notes: part ("footnotes", "endnotes") and id of each note that it refers to.
        boxes: contents of text boxes anchored in it.
        plain: whether any of its letters are not bold.
    """

    pieces: list[str] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)
    plain: bool = False

    @property
    def text(self) -> str:
        return _SPACE.sub(" ", "".join(self.pieces)).strip()


@dataclass(slots=True)
class _Numbered:
    """The place of a paragraph in an automatic list: its number as printed ("" for a bullet), its level from 0."""

    number: str
    level: int
    list_id: str


class _Writer:
    """Page text as it grows, with its lines."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.lines: list[Line] = []
        self._length = 0

    def write(
        self, text: str, kind: str, *, level: int = 0, number: str = "", joiner: str | None = None, bold: bool = False
    ) -> None:
        """Adds a block, or with `joiner` a further part of the one before."""
        before = "" if not self.parts else "\n" if joiner is None else joiner
        start = self._length + len(before)
        self._length = start + len(text)
        self.parts += [before, text]
        self.lines.append(Line(start, self._length, kind, level, number, joiner, bold=bold))


class _Reader:
    """Walks the body in order; fields, numbers and notes carry over from paragraph to paragraph."""

    def __init__(self, package: Package) -> None:
        self._styles = Styles(package.parts["styles"])
        self._numbering = Numbering(package.parts["numbering"], self._styles)
        self._notes = {kind: _notes(package.parts[kind]) for kind in ("footnotes", "endnotes")}
        self._counted = {"footnotes": 0, "endnotes": 0}
        self._body = package.document
        self._out = _Writer()
        self._fields: list[bool] = []
        self._carried: _Words | None = None
        self._furniture = False
        self._list_kinds: dict[str, str] = {}
        self._open_levels: list[int] = []
        used = {value(p, "pPr", "pStyle") for p in self._body.iter("{*}p")}
        self._has_title = any(self._is_title(style) for style in used)
        self._has_headings = any(self._outline(None, style) for style in used)

    def read(self) -> tuple[str, list[Line]]:
        """The page text and its lines."""
        self._blocks(child(self._body, "body"))
        if self._carried and self._carried.text:
            self._out.write(self._carried.text, "paragraph")
        return "".join(self._out.parts), self._out.lines

    def _blocks(self, container: Element | None) -> None:
        for e in container if container is not None else ():
            name = local(e)
            if name == "p":
                self._paragraph(e)
            elif name == "tbl":
                self._table(e)
            elif name == "AlternateContent":
                self._blocks(child(e, "Choice"))
            elif name in _WRAPPERS and not switched_on(e, "sdtPr", "showingPlcHdr"):
                outer = self._furniture
                gallery = value(e, "sdtPr", "docPartObj", "docPartGallery")
                self._furniture = outer or gallery == "Table of Contents"
                self._blocks(e)
                self._furniture = outer

    def _paragraph(self, p: Element) -> None:
        words = self._words(p, self._carried)
        self._carried = words if self._merged_away(p) else None
        if self._carried:
            return
        place = self._place(p)
        if words.text:
            self._write(p, words.text, place, not words.plain)
        self._after(words)

    def _write(self, p: Element, text: str, place: _Numbered | None, bold: bool) -> None:
        style = value(p, "pPr", "pStyle")
        if self._furniture or any(name.startswith("toc ") for name in self._styles.names(style)):
            self._out.write(text, "furniture")
            return
        heading = self._heading(p, text, place, bold)
        number, text = _with_number(text, place)
        if heading:
            self._out.write(text, "heading", level=heading, number=number, bold=bold)
            return
        typed_bullet = _TYPED_BULLET.match(text) if place is None else None
        bullet = bool(typed_bullet) or (place is not None and not place.number)
        kind = self._kind(number, place, bullet, style)
        level = self._depth(place) if kind == "list_item" else 0
        self._out.write(text[typed_bullet.end() :] if typed_bullet else text, kind, level=level, number=number, bold=bold)

    def _depth(self, place: _Numbered | None) -> int:
        """Depth from 1 among the list items since the last paragraph: "(a)" under "2.1" is 1, whatever its level in Word."""
        at = place.level if place else 0
        if not self._out.lines or self._out.lines[-1].kind != "list_item":
            self._open_levels = []
        self._open_levels = [level for level in self._open_levels if level < at] + [at]
        return len(self._open_levels)

    def _kind(self, number: str, place: _Numbered | None, bullet: bool, style: str) -> str:
        """Bullets and letters make list items; figures make numbered paragraphs, unless a lead-in with a colon stands above."""
        if bullet:
            return "list_item"
        if not number:
            quoted = any(name in {"quote", "intense quote"} for name in self._styles.names(style))
            return "quotation" if quoted else "paragraph"
        if _OUTLINE.fullmatch(number) or number[0].isupper():
            return "paragraph"
        if not _PLAIN.fullmatch(number):
            return "list_item"
        led_in = bool(self._out.parts) and self._out.parts[-1].endswith(":")
        key = f"{place.list_id} {place.level}" if place else "typed"
        first = number.strip("(.)") == "1"
        if first or key not in self._list_kinds:
            self._list_kinds[key] = "list_item" if led_in else "paragraph"
        return self._list_kinds[key]

    def _after(self, words: _Words) -> None:
        """Notes and text boxes, which stand after their paragraph."""
        for kind, identity in words.notes:
            note = self._notes[kind].get(identity)
            if note is None:
                continue
            self._counted[kind] += 1
            number = format_number(self._counted[kind], "decimal" if kind == "footnotes" else "lowerRoman")
            if text := " ".join(t for t in (self._words(p).text for p in note.iter("{*}p")) if t):
                self._out.write(f"{number} {text}", "footnote", number=number)
        for box in words.boxes:
            self._blocks(box)

    def _table(self, table: Element) -> None:
        rows = list(_inside(table, "tr"))
        one_column = all(len(list(_inside(row, "tc"))) == 1 for row in rows)
        for row in rows:
            if child(row, "trPr", "del") is not None:
                continue
            if one_column:
                # A frame around paragraphs, not a table.
                for cell in _inside(row, "tc"):
                    self._blocks(cell)
            else:
                self._row(row)

    def _row(self, row: Element) -> None:
        cells, after = [], _Words()
        nested: list[Element] = []
        for cell in _inside(row, "tc"):
            merge = child(cell, "tcPr", "vMerge")
            if (merge is not None and attribute(merge, "val") != "restart") or child(cell, "tcPr", "cellDel") is not None:
                continue
            cells.append(self._cell(cell, after))
            nested += _inside(cell, "tbl")
        joiner: str | None = None
        for text in filter(None, cells):
            self._out.write(text, "table_row", joiner=joiner)
            joiner = " | "
        self._after(after)
        for table in nested:
            self._table(table)

    def _cell(self, cell: Element, after: _Words) -> str:
        texts = []
        for p in _inside(cell, "p"):
            words = self._words(p)
            place = self._place(p)
            texts.append(_with_number(words.text, place)[1] if words.text else "")
            after.notes += words.notes
            after.boxes += words.boxes
        return " ".join(filter(None, texts))

    def _words(self, p: Element, before: _Words | None = None) -> _Words:
        words = before or _Words()
        style_bold = self._inherits_bold(value(p, "pPr", "pStyle"))
        self._inline(p, words, style_bold)
        return words

    def _inline(self, element: Element, words: _Words, bold: bool) -> None:
        for e in element:
            name = local(e)
            if name == "fldChar":
                self._field(attribute(e, "fldCharType"))
            elif name in _LEFT_OUT or (name == "sdt" and switched_on(e, "sdtPr", "showingPlcHdr")):
                continue
            elif name == "txbxContent":
                words.boxes.append(e)
            elif name in {"footnoteReference", "endnoteReference"}:
                words.notes.append((name.removesuffix("Reference") + "s", attribute(e, "id")))
            elif name == "r":
                if not switched_on(e, "rPr", "vanish"):
                    self._inline(e, words, switched_on(e, "rPr", "b") or (bold and child(e, "rPr", "b") is None))
            elif all(self._fields):
                self._letters(e, name, words, bold)

    def _letters(self, e: Element, name: str, words: _Words, bold: bool) -> None:
        if name == "t":
            words.pieces.append(e.text or "")
            words.plain |= not bold and any(c.isalpha() for c in e.text or "")
        elif name in _AS_SPACE:
            words.pieces.append(" ")
        elif name in _HYPHENS:
            words.pieces.append(_HYPHENS[name])
        else:
            self._inline(e, words, bold)

    def _field(self, kind: str) -> None:
        """A field's code stands between `begin` and `separate`, its result between `separate` and `end`."""
        if kind == "begin":
            self._fields.append(False)
        elif kind == "separate" and self._fields:
            self._fields[-1] = True
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _merged_away(self, p: Element) -> bool:
        """Whether the end of the paragraph was deleted or moved, so that it runs on into the next one."""
        mark = child(p, "pPr", "rPr")
        return child(mark, "del") is not None or child(mark, "moveFrom") is not None

    def _place(self, p: Element) -> _Numbered | None:
        """Counts the paragraph in its list, own or inherited from its style."""
        style = value(p, "pPr", "pStyle")
        own = child(p, "pPr", "numPr")
        list_id, level_text, giver = value(own, "numId"), value(own, "ilvl"), ""
        for style_id, element in self._styles.chain(style):
            if list_id:
                break
            list_id, giver = value(element, "pPr", "numPr", "numId"), style_id
            level_text = level_text or value(element, "pPr", "numPr", "ilvl")
        if not list_id or list_id == "0":
            return None
        tied = [self._numbering.level_of_style(list_id, s) for s in (style, giver) if s] if giver else []
        level = int(level_text) if level_text.isdigit() else next((t for t in tied if t is not None), 0)
        number = self._numbering.count(list_id, level)
        if not number and self._numbering.format_of(list_id, level) in {"", "none"}:
            return None
        return _Numbered(number, level, list_id)

    def _heading(self, p: Element, text: str, place: _Numbered | None, bold: bool) -> int:
        """The heading level of a paragraph from 1, 0 if it is no heading."""
        style = value(p, "pPr", "pStyle")
        words = len(text.split())
        if self._is_title(style):
            return 1
        level = self._outline(p, style)
        if level:
            sentence = words > _LONGEST_HEADING and text.endswith((".", ";"))
            return 0 if sentence else level + self._has_title
        short = words <= _LONGEST_BOLD_HEADING and text[-1] not in ".,;:!?" and any(c.isalpha() for c in text)
        if self._has_headings or not (bold and short) or (place is not None and not place.number):
            return 0
        return 2 if self._has_title or self._out.lines else 1

    def _outline(self, p: Element | None, style: str) -> int:
        levels = [value(p, "pPr", "outlineLvl")] if p is not None else []
        for _, element in self._styles.chain(style):
            levels.append(value(element, "pPr", "outlineLvl"))
            named = re.fullmatch(r"heading ([1-9])", value(element, "name").lower())
            levels.append(str(int(named[1]) - 1) if named else "")
        first = next((level for level in levels if level), "9")
        return int(first) + 1 if first.isdigit() and int(first) < 9 else 0

    def _is_title(self, style: str) -> bool:
        return "title" in self._styles.names(style)

    def _inherits_bold(self, style: str) -> bool:
        marked = (e for _, e in self._styles.chain(style) if child(e, "rPr", "b") is not None)
        nearest = next(marked, None)
        return nearest is not None and switched_on(nearest, "rPr", "b")


def _with_number(text: str, place: _Numbered | None) -> tuple[str, str]:
    """The number as a reader sees it, automatic or typed, and the text that begins with it."""
    if place and place.number:
        return place.number, f"{place.number} {text}"
    typed = _TYPED_NUMBER.match(text)
    return (typed[1], text) if typed and place is None else ("", text)


def _notes(root: Element | None) -> dict[str, Element]:
    """Notes by id, without the separators."""
    found = list(root) if root is not None else []
    return {attribute(e, "id"): e for e in found if attribute(e, "type") in {"", "normal"}}


def _inside(element: Element, name: str) -> Iterator[Element]:
    """The nearest elements called `name`, through content controls and the like; of a table its own rows only."""
    for e in element:
        if local(e) == name:
            yield e
        elif local(e) in _WRAPPERS:
            yield from _inside(e, name)
