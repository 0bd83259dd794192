"""JSON Lines: one file a table, one object a row with all columns, `null` for a missing number, UTF-8."""

from __future__ import annotations

from pathlib import Path

from pipeline.dataset import Dataset, schema
from pipeline.dataset.formats import JsonlWriter
from pipeline.export.options import Options
from pipeline.export.texts import rows_of


def write(data: Dataset, target: Path, options: Options) -> list[str]:
    """Writes `<table>.jsonl` for every table."""
    for table in schema.TABLES:
        writer = JsonlWriter(table, target / f"{table}.jsonl")
        writer.write(rows_of(data.table(table)))
        writer.close()
    return []
