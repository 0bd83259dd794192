"""CSV for programs: one file a table after RFC 4180, UTF-8 without byte order mark, every value as it is.

R, Stata and pandas then read the same words as the Parquet files hold, and no column is named "ï..record_id". It is not for
double-clicking: Excel guesses another encoding and takes a text that begins with "=" for a formula. For spreadsheets there is
`xlsx`, and `pactscope run --format csv` writes CSV with byte order mark and harmless cells.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from pipeline.dataset import Dataset, schema
from pipeline.export.options import Options
from pipeline.export.texts import rows_of


def write(data: Dataset, target: Path, options: Options) -> list[str]:
    """Writes `<table>.csv` for every table; an empty cell is an empty text or a missing number, truth is true or false."""
    for table in schema.TABLES:
        with (target / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            # With this line end the module quotes a cell that holds either of its characters.
            lines = csv.writer(file, lineterminator="\r\n")
            lines.writerow(schema.NAMES[table])
            lines.writerows([_cell(row[name]) for name in schema.NAMES[table]] for row in rows_of(data.table(table)))
    return []


def _cell(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value
