"""A researcher's corrections of a dataset: `corrections.csv` with the columns record_id, field, value, who, why."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.dataset import schema
from pipeline.errors import CatalogueError
from pipeline.records import OBLIGATIONS

if TYPE_CHECKING:
    import pandas as pd

FILE = "corrections.csv"
COLUMNS = ("record_id", "field", "value", "who", "why")
_TRUTH = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


@dataclass(frozen=True, slots=True)
class Correction:
    """One row of the file.

    Attributes:
        row: its line in the file as a spreadsheet counts, the header being 1.
        table: the table that the record belongs to.
        value: as written; `typed` is what goes into the column.
    """

    row: int
    table: str
    record_id: str
    field: str
    value: str
    typed: Any
    who: str
    why: str


def read(path: Path) -> list[Correction]:
    """The corrections in a file, in its order; empty if there is no file.

    Raises:
        CatalogueError: a column is missing, or a row names a field that its table lacks or that is fixed, or has a value that
            the field cannot hold; the message names file and row.
    """
    if not path.is_file():
        return []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            if missing := [c for c in COLUMNS if c not in (rows.fieldnames or ())]:
                advice = f"Its first line must be {','.join(COLUMNS)}."
                raise CatalogueError(f"{path} lacks the column {missing[0]}.", advice=advice)
            return [_correction(path, i, row) for i, row in enumerate(rows, 2) if any(row.values())]
    except UnicodeDecodeError as error:
        raise CatalogueError(f"{path} is not in UTF-8.", advice="Save it as 'CSV UTF-8'.") from error


def _correction(path: Path, number: int, row: dict[str, Any]) -> Correction:
    found = {name: (row[name] or "").strip() for name in COLUMNS}
    where = f"{path}, row {number}"
    table = schema.table_of(found["record_id"])
    if not table or not found["record_id"]:
        advice = "Copy the record_id from the table as it stands."
        raise CatalogueError(f"{where}: {found['record_id']!r} is not a record id.", advice=advice)
    column = schema.column(table, found["field"])
    if column is None or column.name in schema.FIXED:
        names = ", ".join(n for n in schema.NAMES[table] if n not in schema.FIXED)
        what = "cannot be changed" if column else f"is not a column of {table}"
        raise CatalogueError(f"{where}: {found['field']!r} {what}.", advice=f"It can be one of {names}.")
    typed = _typed(where, table, column, found["value"])
    return Correction(row=number, table=table, typed=typed, **found)


def _typed(where: str, table: str, column: schema.Column, value: str) -> Any:
    allowed = schema.ALLOWED.get((table, column.name))
    if allowed and value not in allowed:
        advice = f"It can be {', '.join(allowed)}."
        raise CatalogueError(f"{where}: {column.name} cannot be {value!r}.", advice=advice)
    try:
        if column.type == "boolean":
            return _TRUTH[value.lower()]
        if column.type == "integer":
            return int(value) if value else None
        if column.type == "number":
            return float(value) if value else None
    except (KeyError, ValueError) as error:
        raise CatalogueError(f"{where}: {column.name} is a {column.type} and cannot be {value!r}.") from error
    return value


def apply(frame: pd.DataFrame, table: str, corrections: list[Correction]) -> tuple[pd.DataFrame, list[str]]:
    """A table with its own corrections, the last one of a field winning, and a warning for each that finds no record.

    A corrected obligation takes its level along.
    """
    mine = [c for c in corrections if c.table == table]
    if not mine:
        return frame, []
    frame = frame.copy()
    at = dict(zip(frame["record_id"], frame.index, strict=True))
    warnings = []
    for correction in mine:
        if (i := at.get(correction.record_id)) is None:
            warnings.append(f"{FILE}, row {correction.row}: there is no record {correction.record_id}; it was not applied.")
            continue
        frame.loc[i, correction.field] = correction.typed
        if correction.field == "obligation":
            frame.loc[i, "obligation_level"] = OBLIGATIONS.index(correction.value) + 1
    return frame, warnings


def settle_tags(tags: pd.DataFrame, corrections: list[Correction]) -> tuple[pd.DataFrame, dict[str, str]]:
    """Brings corrected tags and corrected areas of passages together, so that all tables say the same.

    Where the areas of a passage are corrected, its tags in them are asserted and its others rejected; where only the status of
    a tag is, the passage's areas follow from its tags.

    Returns:
        The tags, and the areas (joined by ";") of every passage that was touched, by `record_id`.
    """
    given = {c.record_id: c.value for c in corrections if (c.table, c.field) == ("passages", "areas")}
    judged = {c.record_id for c in corrections if (c.table, c.field) == ("tags", "status")}
    if not given and not judged:
        return tags, {}
    tags = tags.copy()
    for i in tags.index[tags["passage_id"].isin(list(given))]:
        areas = given[tags.loc[i, "passage_id"]].split(";")
        tags.loc[i, "status"] = "asserted" if tags.loc[i, "area"] in areas else "rejected"
    touched = set(tags.loc[tags["record_id"].isin(list(judged)), "passage_id"])
    asserted = tags[tags["status"] == "asserted"].groupby("passage_id")["area"].agg(";".join)
    return tags, {p: asserted.get(p, "") for p in touched} | given


def carry_areas(frame: pd.DataFrame, table: str, areas: dict[str, str]) -> pd.DataFrame:
    """Writes the areas of touched passages into `passages`; a commitment keeps those it had, else gets all (CODEBOOK E)."""
    if table not in ("passages", "commitments") or not areas:
        return frame
    frame, column = frame.copy(), "record_id" if table == "passages" else "passage_id"
    for i in frame.index[frame[column].isin(list(areas))]:
        new = [a for a in areas[frame.loc[i, column]].split(";") if a]
        if table == "commitments":
            new = [a for a in new if a in frame.loc[i, "areas"].split(";")] or new
            frame.loc[i, "area_weight"] = 1 / len(new) if new else float("nan")
        else:
            left = [a for a in frame.loc[i, "uncertain_areas"].split(";") if a not in new]
            frame.loc[i, "uncertain_areas"] = ";".join(left)
        frame.loc[i, "areas"] = ";".join(new)
    return frame
