"""Reads a catalogue: a CSV file with one row per document, which overrides what is detected in the documents themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import CatalogueError
from pipeline.records import DOC_TYPES, LEGAL_STATUSES
from pipeline.tabular import csv_rows, is_date, text_of

COLUMNS = ("key", "file", "url", "title", "date", "publisher", "doc_type", "parties", "legal_status", "note")
_ALLOWED = {"doc_type": DOC_TYPES, "legal_status": LEGAL_STATUSES}


@dataclass(frozen=True, slots=True)
class Entry:
    """One row; empty where the catalogue is silent.

    Attributes:
        key: readable and unique in the catalogue; empty if the row gives none.
        file: path of the document, absolute or from the working directory; empty if there is an address only.
        date: YYYY, YYYY-MM or YYYY-MM-DD.
        doc_type: one of `DOC_TYPES`.
        parties: ids joined by ";" ("EU;GBR").
        legal_status: one of `LEGAL_STATUSES`.
    """

    key: str = ""
    file: str = ""
    url: str = ""
    title: str = ""
    date: str = ""
    publisher: str = ""
    doc_type: str = ""
    parties: str = ""
    legal_status: str = ""
    note: str = ""


def read_catalogue(path: str | Path) -> list[Entry]:
    """The rows of a catalogue, in order.

    UTF-8 with or without byte order mark; comma, semicolon or tab between cells, as the first line shows. Empty rows are
    skipped. Files count from the catalogue's folder.

    Raises:
        CatalogueError: the file is missing, unreadable or empty; a column is unknown or doubled; a row has neither file nor
            address, a key that stood before, or a wrong date, doc_type or legal_status. The message gives row (the header is
            row 1) and column. A file that is not there is no error here: it fails alone when it is read.
    """
    path = Path(path)
    rows = _rows(path)
    header = _header(path, next(rows, (1, []))[1])
    entries: list[Entry] = []
    seen: dict[str, int] = {}
    for number, cells in rows:
        if not any(cells):
            continue
        if len(cells) > len(header) and any(cells[len(header) :]):
            advice = 'Put "…" around cells that hold the separator.'
            raise CatalogueError(f"{path}, row {number}: {len(cells)} cells under {len(header)} columns.", advice=advice)
        entry = _entry(path, number, dict(zip(header, cells, strict=False)))
        if entry.key and entry.key in seen:
            raise _wrong(
                path, number, "key", f"'{entry.key}' stands in row {seen[entry.key]} already", "Give each row its own key."
            )
        seen[entry.key] = number
        entries.append(entry)
    return entries


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Row numbers as a spreadsheet shows them, and stripped cells."""
    text = text_of(path, what="The catalogue", advice="Check the path.")
    for number, cells in enumerate(csv_rows(text, f"The catalogue {path}"), 1):
        yield number, [cell.strip() for cell in cells]


def _header(path: Path, cells: list[str]) -> list[str]:
    header = [cell.lower() for cell in cells]
    if not any(header):
        raise CatalogueError(f"The catalogue {path} is empty.", advice=f"Its first row names columns of {', '.join(COLUMNS)}.")
    for name in header:
        if name and name not in COLUMNS:
            raise _wrong(path, 1, name, "is no column of a catalogue", f"Columns are {', '.join(COLUMNS)}.")
        if name and header.count(name) > 1:
            raise _wrong(path, 1, name, "stands twice", "Keep one of them.")
    if not {"file", "url"} & set(header):
        raise CatalogueError(f"The catalogue {path} has neither a column file nor url.", advice="Add one of them.")
    return header


def _entry(path: Path, number: int, row: dict[str, str]) -> Entry:
    row.pop("", None)
    for column, allowed in _ALLOWED.items():
        if row.get(column) and row[column] not in allowed:
            raise _wrong(path, number, column, f"'{row[column]}' is not known", f"Write one of {', '.join(allowed)}.")
    if row.get("date") and not is_date(row["date"]):
        raise _wrong(path, number, "date", f"'{row['date']}' is no date", "Write YYYY, YYYY-MM or YYYY-MM-DD.")
    if row.get("file"):
        row["file"] = str(path.parent / row["file"])
    elif not row.get("url"):
        raise _wrong(path, number, "file", "is empty, and so is url", "Give a file or an address.")
    row["parties"] = ";".join(part.strip() for part in row.get("parties", "").split(";") if part.strip())
    return Entry(**row)


def _wrong(path: Path, row: int, column: str, what: str, advice: str) -> CatalogueError:
    return CatalogueError(f"{path}, row {row}, column {column}: {what}.", advice=advice)
