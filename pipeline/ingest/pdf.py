"""PDF -> `Source`: the verbatim text of each page, cut into lines with their boxes, font size and weight.

Page text is what pdfium gives, character for character (ligature codepoints and line ends included), so that an offset in it is
also the index of a character in pdfium. One replacement is made, one for one: pdfium reports a hyphen at the end of a line as
U+FFFE or U+0002, without a line end behind it; the page shows a hyphen, so the text has one, and a `Line` ends there.

What is on one line of pdfium's text is split where a gap is wider than a space (columns, cells, header and page number) and
around raised footnote references, which become `furniture`. Position and font are asked for once a line, not once a character:
on 210 pages that costs a third of asking for each.
"""

from __future__ import annotations

import ctypes
import hashlib
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from pipeline.errors import ReadError
from pipeline.ingest import pdf_tables
from pipeline.records import Box, Line, Metadata, Note, Page, Source, Value

MEDIA_TYPE = "application/pdf"
#: A gap this wide, in multiples of the font size, is no space between words. Justified lines of the 210 pages looked at stay
#: under 0.9; the narrowest gutter between columns was 1.2.
GAP = 1.0
_HYPHENS = str.maketrans({"\ufffe": "-", "\x02": "-"})
_SPACE = re.compile(r"(?<=[^\W\d_]) (?=[^\W\d_])")
_LINE = re.compile(r"[^\r\n\ufffe\x02]+[\ufffe\x02]?")
_BOLD = re.compile(rb"bold|black|heavy|semibold|demi", re.I)
_RAISED = frozenset("0123456789*†‡§,")
_REFERENCE = re.compile(r"[\d*†‡§]+(?:[\s,]+\d+)*")
_UNIT = re.compile(r"(?:\d|\b[kcmd]?m)$")
_FILE_TITLE = re.compile(r"^(microsoft \w+ - |untitled|document ?\d*$|slide 1$|\W*$)|\.(docx?|pdf|indd|odt|rtf|pptx?)$", re.I)
_DATE = re.compile(r"(?:D:)?((?:19|20)\d\d)(?:(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])?)?")


def read(data: bytes, name: str) -> Source:
    """Reads a PDF.

    Args:
        data: the bytes of the file.
        name: its name, for messages.

    Raises:
        ReadError: if the file is empty, damaged, truncated, locked by a password, or has no text on any page.
    """
    document = _open(data, name)
    try:
        read_pages = [_read_page(document, index) for index in range(len(document))]
        metadata = _metadata(document.get_metadata_dict())
    except pypdfium2.PdfiumError as error:
        raise _damaged(name, str(error)) from error
    finally:
        document.close()
    pages = tuple(page for page, _ in read_pages)
    if not any(page.lines for page in pages):
        raise ReadError(
            f"{name}: none of its {len(pages)} pages has a text layer.",
            advice="The pages are pictures: run OCR (for instance `ocrmypdf in.pdf out.pdf`) and read the result.",
        )
    notes = tuple(
        Note("no_text_layer", f"Page {page.number} is a picture without text; OCR is needed to read it.", page.number)
        for page, drawn in read_pages
        if drawn and not page.lines
    )
    return Source(name, MEDIA_TYPE, hashlib.sha256(data).hexdigest(), pages, metadata, notes)


def _open(data: bytes, name: str) -> Any:
    if not data.strip(b"\0\t\r\n "):
        raise ReadError(f"{name}: the file is empty.", advice="Download or copy it again.")
    # Readers look for the end mark in the last 1024 bytes (PDF 1.7 reference, appendix H, note 18); pdfium opens a file without
    # it and silently leaves out the pages that are missing.
    if b"%%EOF" not in data.rstrip(b"\0\t\r\n ")[-1024:]:
        raise ReadError(f"{name}: the PDF is truncated (no end mark).", advice="Download or copy it again.")
    try:
        document = pypdfium2.PdfDocument(data)
        if len(document):
            return document
        reason = "it has no pages"
    except pypdfium2.PdfiumError as error:
        reason = str(error)
    if "password" in reason.lower() or "security" in reason.lower():
        raise ReadError(f"{name}: the PDF is encrypted.", advice="Save a copy without password and read that.")
    raise _damaged(name, reason)


def _damaged(name: str, reason: str) -> ReadError:
    return ReadError(f"{name}: the PDF is damaged ({reason}).", advice="Download it again or export it anew.")


def _metadata(info: dict[str, str]) -> Metadata:
    title, created = " ".join(info.get("Title", "").split()), _DATE.match(info.get("CreationDate", ""))
    return Metadata(
        title=Value(title, "pdf info") if not _FILE_TITLE.search(title) else None,
        date=Value("-".join(part for part in created.groups() if part), "pdf info") if created else None,
    )


def _read_page(document: Any, index: int) -> tuple[Page, bool]:
    """The page, and whether anything is drawn on it."""
    page = document[index]
    textpage = page.get_textpage()
    try:
        frame = Frame(page.get_bbox(), page.get_rotation())
        raw = _text(textpage)
        text = raw.translate(_HYPHENS)
        cells = pdf_tables.cells(textpage, raw, drawn=pdf_tables.rulings(page))
        reader = _PageReader(textpage, text, frame=frame)
        lines = tuple(_in_cells(reader, cells)) + tuple(reader.lines(_outside(raw, cells)))
        drawn = bool(text.strip()) or any(o.type != pdfium.FPDF_PAGEOBJ_PATH for o in page.get_objects(max_depth=1))
        return Page(index + 1, text, lines, page.get_size()), drawn
    finally:
        textpage.close()
        page.close()


def _text(textpage: Any) -> str:
    """What pdfium reads, one character for each that it counts."""
    count = pdfium.FPDFText_CountChars(textpage)
    text: str = textpage.get_text_range(0, count) if count > 0 else ""
    if len(text) != count:  # characters beyond U+FFFF or unmapped: one by one, so that offsets stay indices
        codes = [pdfium.FPDFText_GetUnicode(textpage, i) for i in range(count)]
        text = "".join(chr(c) if c and not 0xD800 <= c < 0xE000 and c <= 0x10FFFF else "\ufffd" for c in codes)
    return text


def _outside(text: str, cells: list[pdf_tables.Run]) -> Iterator[tuple[int, int]]:
    """Start and end of the printed lines of `text`, without white space at their ends and without what stands in cells."""
    taken = sorted((run.start, run.end) for run in cells)
    for found in _LINE.finditer(text):
        start = found.start()
        for a, b in [t for t in taken if t[0] < found.end() and t[1] > found.start()]:
            yield from _stripped(text, start, end=a)
            start = b
        yield from _stripped(text, start, end=found.end())


def _stripped(text: str, start: int, *, end: int) -> Iterator[tuple[int, int]]:
    part = text[start:end]
    if part.strip():
        yield start + len(part) - len(part.lstrip()), start + len(part.rstrip())


def _in_cells(reader: _PageReader, cells: list[pdf_tables.Run]) -> Iterator[Line]:
    for run in cells:
        line = next(reader.lines([(run.start, run.end)], split=False))
        yield replace(line, kind="table_row", joiner=run.joiner)


@dataclass(frozen=True, slots=True)
class Frame:
    """Turns pdfium's coordinates (origin bottom left of the unrotated sheet) into those of the page as seen."""

    bounds: tuple[float, float, float, float]
    rotation: int

    def box(self, rect: Box) -> Box:
        """Left, bottom, right and top in pdfium's coordinates as a box with the origin at the top left of the page as seen."""
        left, bottom, right, top = rect
        x0, y0, x1, y1 = self.bounds
        if self.rotation == 90:
            return (bottom - y0, left - x0, top - y0, right - x0)
        if self.rotation == 180:
            return (x1 - right, bottom - y0, x1 - left, top - y0)
        if self.rotation == 270:
            return (y1 - top, x1 - right, y1 - bottom, x1 - left)
        return (left - x0, y1 - top, right - x0, y1 - bottom)


#: `FPDFText_GetCharBox` taking plain addresses: half the time of a call that converts typed pointers.
_char_box = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, *[ctypes.c_void_p] * 4)(
    ctypes.cast(pdfium.FPDFText_GetCharBox, ctypes.c_void_p).value or 0
)


class _PageReader:
    """Asks pdfium for the position and font of stretches of one page."""

    def __init__(self, textpage: Any, text: str, *, frame: Frame) -> None:
        self.handle = textpage.raw
        self.text = text
        self.frame = frame
        self._x0, self._x1, self._y0, self._y1 = (ctypes.c_double() for _ in range(4))
        self._edges = [ctypes.addressof(edge) for edge in (self._x0, self._x1, self._y0, self._y1)]
        self._address = ctypes.cast(self.handle, ctypes.c_void_p).value
        self._matrix, self._loose, self._name = pdfium.FS_MATRIX(), pdfium.FS_RECTF(), ctypes.create_string_buffer(128)

    def lines(self, spans: Any, *, split: bool = True) -> Iterator[Line]:
        """Lines for the half-open `spans` of page text, cut at gaps and references if `split`."""
        for start, end in (part for span in spans for part in self._visible(*span)):
            rects = self._rects(start, end)
            size, bold = self._font(start, end, objects=len(rects))
            if split and len(rects) > 1 and _untidy(rects, size):
                yield from self._pieces(start, end, size=size)
            else:
                yield Line(start, end, box=self._box(rects, (start + end - 1) // 2, size=size), font_size=size, bold=bold)

    def _visible(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The parts of a stretch between spaces that are not seen.

        Some layout programs put a space and then move back over it: "Seve ral" in the text is "Several" on the page.
        """
        for found in _SPACE.finditer(self.text, start, end):
            at = found.start()
            _, right, _ = self._ink(at - 1)
            left, _, _ = self._ink(at + 1)
            if 0 <= left - right + 0.5 < 1.0:
                yield start, at
                start = at + 1
        yield start, end

    def _rects(self, start: int, end: int) -> list[Box]:
        """Left, bottom, right and top of each text object of the stretch."""
        x0, x1, y0, y1, get = self._x0, self._x1, self._y0, self._y1, pdfium.FPDFText_GetRect
        found = []
        for i in range(pdfium.FPDFText_CountRects(self.handle, start, end - start)):
            get(self.handle, i, x0, y1, x1, y0)
            found.append((x0.value, y0.value, x1.value, y1.value))
        return found

    def _size(self, index: int) -> float:
        matrix = self._matrix
        pdfium.FPDFText_GetMatrix(self.handle, index, matrix)
        scale = (matrix.c**2 + matrix.d**2) ** 0.5
        return float(round(pdfium.FPDFText_GetFontSize(self.handle, index) * scale, 1))

    def _bold(self, index: int) -> bool:
        if pdfium.FPDFText_GetFontWeight(self.handle, index) >= 600:
            return True
        length = pdfium.FPDFText_GetFontInfo(self.handle, index, self._name, 128, None)
        return _BOLD.search(self._name.raw[:length]) is not None

    def _font(self, start: int, end: int, *, objects: int) -> tuple[float, bool]:
        """Font size and boldness: of the first character of one text object, of three samples of several."""
        last = end - 1
        samples = (start,) if objects < 2 else (start + (last - start) // 4, (start + last) // 2, last - (last - start) // 4)
        printed = [i for i in samples if not self.text[i].isspace()] or [start]
        sizes = [self._size(i) for i in printed]
        # The larger of two sizes: the smaller is a reference or small capital.
        return max(sizes, key=lambda size: (sizes.count(size), size)), sum(map(self._bold, printed)) * 2 > len(printed)

    def _box(self, rects: list[Box], middle: int, *, size: float) -> Box:
        """Left and right of the ink; top and bottom of the font, which unlike the ink are the same on every line."""
        if not rects:
            return self.frame.box((0.0, 0.0, 0.0, 0.0))
        x0, y0, x1, y1 = (pick(side) for pick, side in zip((min, min, max, max), zip(*rects, strict=True), strict=True))
        loose = self._loose
        if y1 - y0 < 2 * size:
            middle -= self.text[middle].isspace()
            pdfium.FPDFText_GetLooseCharBox(self.handle, middle, loose)
            if 0.5 * size < loose.top - loose.bottom < 2 * size:
                y0, y1 = loose.bottom, loose.top
        x0, y0, x1, y1 = self.frame.box((x0, y0, x1, y1))
        return (round(x0, 2), round(y0, 2), round(x1, 2), round(y1, 2))

    def _pieces(self, start: int, end: int, *, size: float) -> Iterator[Line]:
        for a, b, raised in self._cut(start, end, size=size):
            rects = self._rects(a, b)
            own, bold = self._font(a, b, objects=len(rects))
            before = self.text[start:a]
            reference = raised and before and _REFERENCE.fullmatch(self.text[a:b]) and not _UNIT.search(before)
            kind = "furniture" if reference else ""
            yield Line(a, b, kind=kind, box=self._box(rects, (a + b - 1) // 2, size=own), font_size=own, bold=bold)

    def _cut(self, start: int, end: int, *, size: float) -> Iterator[tuple[int, int, bool]]:
        """Start, end and "is raised" of the pieces of a line between wide gaps and around raised small characters."""
        begin, stop, raised, right, floor = start, start, False, None, 0.0
        for i in range(start, end):
            char = self.text[i]
            if char.isspace():
                continue
            x0, x1, bottom = self._ink(i)
            small = char in _RAISED and self._size(i) < 0.8 * size and (right is None or bottom > floor + 0.15 * size)
            if right is not None and (small != raised or x0 - right > GAP * size or x0 < right - 3 * size):
                yield begin, stop, raised
                begin = i
            if not small and (right is None or char.isalnum()):
                floor = bottom
            raised, right, stop = small, x1, i + 1
        yield begin, stop, raised

    def _ink(self, index: int) -> tuple[float, float, float]:
        """Left, right and bottom of one character."""
        _char_box(self._address, index, *self._edges)
        return self._x0.value, self._x1.value, self._y0.value


def _untidy(rects: list[Box], size: float) -> bool:
    """Whether a line of several text objects may hold a wide gap or a raised reference."""
    floor = min(r[1] for r in rects)
    gaps = (b[0] - a[2] for a, b in itertools.pairwise(rects))
    return any(gap > GAP * size or gap < -3 * size for gap in gaps) or any(r[1] > floor + 0.2 * size for r in rects)
