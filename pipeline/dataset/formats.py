"""Tables as files: Parquet, CSV that is safe in spreadsheets, JSON Lines; each written row by row and read back the same."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from pipeline.dataset import schema

if TYPE_CHECKING:
    import pandas as pd

Row = dict[str, Any]
_ARROW = {"string": pa.string(), "integer": pa.int32(), "number": pa.float64(), "boolean": pa.bool_()}
#: A spreadsheet reads a cell that begins with one of these as a formula (OWASP, CSV Injection), some after leading blanks and
#: some in full width.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
#: Rows held in memory for each table until they are written as one row group.
_ROW_GROUP = 10_000


class TableWriter(Protocol):
    """Takes a table's rows in order."""

    def write(self, rows: Sequence[Row]) -> None:
        """Appends rows."""

    def close(self) -> None:
        """Writes what is held back."""


def arrow_schema(table: str) -> pa.Schema:
    """The Arrow schema of a table; every field carries its description."""
    fields = [pa.field(c.name, _ARROW[c.type], metadata={"description": c.description}) for c in schema.COLUMNS[table]]
    return pa.schema(fields)


def frame(table: str, rows: Sequence[Row]) -> pd.DataFrame:
    """Rows as a pandas frame: text as str, integers as Int32 (may be missing), numbers as float64, booleans as bool."""
    return _to_pandas(pa.Table.from_pylist(list(rows), arrow_schema(table)))


def escape(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: one that looks like it, or begins with an apostrophe, gets one in front.

    >>> escape("=1+1"), escape("'tis"), escape("plain")
    ("'=1+1", "''tis", 'plain')
    """
    return f"'{cell}" if cell.startswith(("'", *_FORMULA)) or cell.lstrip().startswith(_FORMULA) else cell


def unescape(cell: str) -> str:
    """The text that `escape` was given."""
    return cell.removeprefix("'")


class ParquetWriter:
    """Parquet with one row group per ten thousand rows."""

    def __init__(self, table: str, path: Path) -> None:
        self.schema = arrow_schema(table)
        self.writer = pq.ParquetWriter(path, self.schema, compression="zstd")
        self.rows: list[Row] = []

    def write(self, rows: Sequence[Row]) -> None:
        """Appends rows."""
        self.rows += rows
        if len(self.rows) >= _ROW_GROUP:
            self._flush()

    def close(self) -> None:
        """Writes the last row group; a table without rows has its columns all the same."""
        self._flush()
        self.writer.close()

    def _flush(self) -> None:
        self.writer.write_table(pa.Table.from_pylist(self.rows, self.schema))
        self.rows = []


class CsvWriter:
    """CSV after RFC 4180 in UTF-8 with a byte order mark, without which Excel misreads accents."""

    def __init__(self, table: str, path: Path) -> None:
        self.names = schema.NAMES[table]
        self.file = path.open("w", encoding="utf-8-sig", newline="")
        # With this line end the module quotes a cell that holds either of its characters.
        self.csv = csv.writer(self.file, lineterminator="\r\n")
        self.csv.writerow(self.names)

    def write(self, rows: Sequence[Row]) -> None:
        """Appends rows."""
        self.csv.writerows([_cell(row[name]) for name in self.names] for row in rows)

    def close(self) -> None:
        """Closes the file."""
        self.file.close()


class JsonlWriter:
    """One JSON object a line, in UTF-8."""

    def __init__(self, table: str, path: Path) -> None:
        self.file = path.open("w", encoding="utf-8", newline="\n")

    def write(self, rows: Sequence[Row]) -> None:
        """Appends rows."""
        self.file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)

    def close(self) -> None:
        """Closes the file."""
        self.file.close()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return escape(value) if isinstance(value, str) else repr(value)


def _read_parquet(table: str, path: Path) -> pa.Table:
    return pq.read_table(path)


def _read_csv(table: str, path: Path) -> pa.Table:
    wanted = arrow_schema(table)
    # One block: a cell may hold line breaks, and a row may not cross two blocks.
    found = pyarrow.csv.read_csv(
        path,
        read_options=pyarrow.csv.ReadOptions(block_size=path.stat().st_size + 1, use_threads=False),
        parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
        convert_options=pyarrow.csv.ConvertOptions(column_types=wanted, null_values=[""], strings_can_be_null=False),
    )
    for i, field in enumerate(wanted):
        if field.type == pa.string():
            cells = [unescape(cell) for cell in found.column(field.name).to_pylist()]
            found = found.set_column(i, field, pa.array(cells, pa.string()))
    return found


def _read_jsonl(table: str, path: Path) -> pa.Table:
    with path.open(encoding="utf-8", newline="\n") as file:
        return pa.Table.from_pylist([json.loads(line) for line in file], arrow_schema(table))


def read(table: str, path: Path) -> pd.DataFrame:
    """A table from a file in one of `FORMATS`, told by its suffix; the types are those of `frame`."""
    return _to_pandas(READERS[path.suffix[1:]](table, path))


def _to_pandas(table: pa.Table) -> pd.DataFrame:
    import pandas as pd

    from pipeline.dataset.notebook import TableFrame

    return TableFrame(table.to_pandas(types_mapper={pa.int32(): pd.Int32Dtype()}.get))


#: In the order in which a dataset is read if it has several.
FORMATS: dict[str, Callable[[str, Path], TableWriter]] = {"parquet": ParquetWriter, "csv": CsvWriter, "jsonl": JsonlWriter}
READERS: dict[str, Callable[[str, Path], pa.Table]] = {"parquet": _read_parquet, "csv": _read_csv, "jsonl": _read_jsonl}


class DatasetWriter:
    """All tables in all formats at once, under temporary names until they are whole; a context manager."""

    def __init__(self, folder: Path, formats: Iterable[str]) -> None:
        self.folder = folder
        self.names = [(table, form) for table in schema.TABLES for form in formats]
        self.files = {(t, f): folder / f".{t}.{f}.tmp" for t, f in self.names}
        self.writers = {(t, f): FORMATS[f](t, path) for (t, f), path in self.files.items()}

    def write(self, tables: dict[str, list[Row]]) -> None:
        """Appends the rows of one document to every table."""
        for (table, _), writer in self.writers.items():
            if rows := tables.get(table):
                writer.write(rows)

    def __enter__(self) -> DatasetWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        for writer in self.writers.values():
            writer.close()
        for (table, form), path in self.files.items():
            if kind is None:
                path.replace(self.folder / f"{table}.{form}")
            else:
                path.unlink(missing_ok=True)
