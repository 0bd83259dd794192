"""One Excel workbook: a sheet that says what it is, a sheet that explains every column, a sheet a table.

Limits of the format, none of which loses anything silently: a cell holds 32,767 characters (longer texts are cut), a sheet
1,048,576 rows (a longer table goes on in "passages 2"), control characters are not allowed (they become "�"). Every such place
is listed on the sheet `notes`. Text that looks like a formula is stored as text and shown as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from pipeline import __version__
from pipeline.dataset import Dataset, schema
from pipeline.export.options import Options
from pipeline.export.texts import Row, about, rows_of

#: Limits of Excel ("Excel specifications and limits", Microsoft).
CELL, ROWS = 32_767, 1_048_576
CUT = " […]"
_HEAD = (
    Font(name="Calibri", size=11, bold=True),
    PatternFill("solid", fgColor="DDE6EF"),
    Alignment(wrap_text=True, vertical="top"),
)
_WRAPPED, _TOP = Alignment(wrap_text=True, vertical="top"), Alignment(vertical="top")
#: Columns wide enough to read a sentence in, in characters; they are wrapped. A row shows eight lines at most, so that a table
#: can be looked over.
_WIDE = {
    "text": 70, "sentence": 60, "lead_in": 40, "title": 50, "message": 60, "advice": 40, "notes": 60, "description": 90,
    "values": 60, "says": 110,
}  # fmt: skip
_MIDDLE = (
    "key", "heading_path", "citation", "object", "condition", "areas", "url", "evidence", "source", "what", "record", "column",
)  # fmt: skip
_IDS = {"record_id": 15, "doc_id": 15, "passage_id": 15}
_LINE, _MOST_LINES = 15.0, 8
_README = (
    ("What this is", "A dataset of Pactscope: who commits to do what, with whom, how firmly, by when, in which area."),
    ("Sheets", "One a table. “columns” says what every column holds, “notes” what could not be written as it is."),
    ("Joining tables", "doc_id and passage_id link the tables; record_id identifies a row for good."),
    ("Lists", "Values of a list are joined by ; and words of the text by |."),
    ("Dates", "Dates are texts (YYYY, YYYY-MM or YYYY-MM-DD), since many documents give no day."),
    ("Offsets", "start and end count characters of the document's text, from 0; end is the first character after."),
    ("Empty cells", "Unknown or absent."),
    ("Corrections", "Those of corrections.csv are applied. Changes made here do not flow back: put them into that file."),
)


@dataclass(slots=True)
class _Book:
    """A workbook being written, and what to say about it."""

    workbook: Workbook
    notes: list[tuple[str, str, str, str]] = field(default_factory=list)
    styles: dict[str, Any] = field(default_factory=dict)

    def sheet(self, name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Writes a sheet with frozen header, filter, widths; `rows` may be longer than a sheet."""
        sheet, part, count = self._begin(name, columns), 1, 1
        for row in rows:
            if count == ROWS:
                self._end(sheet, columns, count)
                part, count = part + 1, 1
                sheet = self._begin(name, columns, part)
                self.notes.append((name, "", "", f"the table is longer than a sheet and goes on in “{name} {part}”"))
            count += 1
            sheet.row_dimensions[count].height = _LINE * _lines(columns, row)
            sheet.append([self._cell(sheet, name, column, value, row[0]) for column, value in zip(columns, row, strict=True)])
            del sheet.row_dimensions[count]
        self._end(sheet, columns, count)

    def _begin(self, name: str, columns: Sequence[str], part: int = 1) -> Any:
        sheet: Any = self.workbook.create_sheet(name if part == 1 else f"{name} {part}")
        sheet.freeze_panes = "D2" if columns[0] == "record_id" else "A2"
        sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        for i, column in enumerate(columns, 1):
            sheet.column_dimensions[get_column_letter(i)].width = _width(column)
        header = [WriteOnlyCell(sheet, column) for column in columns]
        for cell in header:
            cell.font, cell.fill, cell.alignment = _HEAD
        sheet.append(header)
        return sheet

    def _end(self, sheet: Any, columns: Sequence[str], count: int) -> None:
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{count}"

    def _cell(self, sheet: Any, table: str, column: str, value: Any, record: Any) -> Any:
        if value in ("", None):
            return None
        if not isinstance(value, str):
            return self._styled(sheet, value, "top")
        text, problems = _fit(value)
        self.notes += [(table, str(record), column, problem) for problem in problems]
        look = "wrapped" if column in _WIDE else "top"
        if not text.startswith(("=", "+", "-", "@")):
            return self._styled(sheet, text, look)
        # Text for good: as typed with an apostrophe in front, which is not part of the value.
        cell = self._styled(sheet, text, f"{look}, text")
        cell.data_type = "s"
        return cell

    def _styled(self, sheet: Any, value: Any, look: str) -> Any:
        """A cell with a style that is made once: openpyxl looks up every part of a style again whenever it is set."""
        cell = WriteOnlyCell(sheet, value)
        if look not in self.styles:
            cell.alignment = Alignment(wrap_text=look.startswith("wrapped"), vertical="top")
            cell.quotePrefix = look.endswith("text")
            self.styles[look] = cell._style
        cell._style = self.styles[look]
        return cell


def write(data: Dataset, target: Path, options: Options) -> list[str]:
    """Writes the workbook; returns what could not be written as it is."""
    book = _Book(Workbook(write_only=True))
    versions = ", ".join(sorted(set(data.documents["settings_id"]))) or "none"
    facts = [("Made by", f"Pactscope {__version__}, tables version {schema.VERSION}, settings {versions}")]
    sheets = [(f"Sheet {table}", f"{text}: {len(data.table(table))} rows") for table, text in about().items()]
    book.sheet("about", ("what", "says"), [*_README, *facts, *sheets])
    book.sheet("columns", ("table", "column", "type", "description", "values"), list(_columns()))
    for table in schema.TABLES:
        names = schema.NAMES[table]
        book.sheet(table, names, _values(rows_of(data.table(table)), names))
    notes = list(book.notes)
    book.sheet("notes", ("table", "record", "column", "what"), notes or [("", "", "", "Everything is as in the dataset.")])
    book.workbook.save(target)
    return [f"{len(notes)} cells or sheets could not be written as they are; the sheet “notes” lists them."] if notes else []


def _columns() -> Iterator[tuple[str, ...]]:
    for table in schema.TABLES:
        for column in schema.COLUMNS[table]:
            allowed = ", ".join(v for v in schema.ALLOWED.get((table, column.name), ()) if v)
            yield table, column.name, column.type, column.description, allowed


def _values(rows: list[Row], names: Sequence[str]) -> Iterator[list[Any]]:
    return ([row[name] for name in names] for row in rows)


def _fit(text: str) -> tuple[str, list[str]]:
    """The text as a cell can hold it, and what was changed."""
    problems = []
    legal = ILLEGAL_CHARACTERS_RE.sub("�", text)
    if legal != text:
        problems.append("control characters are shown as �")
    # Excel counts UTF-16 units: a character outside the basic plane counts twice.
    if len(legal) > CELL // 2 and len(legal.encode("utf-16-le")) // 2 > CELL:
        problems.append(f"the text has {len(text)} characters; a cell holds {CELL}, so it is cut")
        legal = legal.encode("utf-16-le")[: 2 * (CELL - len(CUT))].decode("utf-16-le", "ignore") + CUT
    return legal, problems


def _lines(columns: Sequence[str], row: Sequence[Any]) -> int:
    """How many lines a row needs in its wrapped columns, as far as they are shown: LibreOffice does not find out on opening."""
    texts = ((str(value), _WIDE[column]) for column, value in zip(columns, row, strict=True) if value and column in _WIDE)
    needed = (sum(1 + len(line) // width for line in text.split("\n")) for text, width in texts)
    return min(max(needed, default=1), _MOST_LINES)


def _width(column: str) -> int:
    if width := _WIDE.get(column) or _IDS.get(column):
        return width
    return 26 if column in _MIDDLE else max(10, len(column) + 3)
