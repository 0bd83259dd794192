"""A researcher's corrections of a dataset: `corrections.csv` with the columns record_id, field, value, who, why."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.codebook.areas import load_codebook
from pipeline.dataset import schema
from pipeline.dataset.datapackage import codebook_of
from pipeline.errors import CatalogueError
from pipeline.records import OBLIGATIONS
from pipeline.tabular import is_actor_id, is_date, records

if TYPE_CHECKING:
    import pandas as pd

FILE = "corrections.csv"
COLUMNS = ("record_id", "field", "value", "who", "why")
#: Columns of areas and of actors' ids, in any table; several are joined by ";".
_AREAS = frozenset({"area", "areas", "uncertain_areas"})
ACTORS = frozenset({"actor_id", "party_ids", "parties", "speaker"})
#: Columns that hold something in every row.
_REQUIRED = {
    "passages": ("text", "kind"),
    "mentions": ("text", "label", "actor_id"),
    "quotations": ("text",),
    "commitments": ("text", "sentence", "actor", "cue", "obligation_level", "aim", "aim_lemma", "precision", "confidence"),
    "mechanisms": ("text", "cue", "kind", "sentence"),
    "instruments": ("text", "kind"),
    "tags": ("area", "probability"),
}
_RANGES = {"obligation_level": (1, 4), "precision": (0, 4), "confidence": (0, 1), "probability": (0, 1), "area_weight": (0, 1)}
_TYPES = {"boolean": "Write true or false.", "integer": "Write a whole number.", "number": "Write a number as 0.5."}
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
        CatalogueError: the file cannot be read, a column is missing, or a row names a field that its table lacks or that is
            fixed, or has a value that the field cannot hold; the message names file and row.
    """
    if not path.is_file():
        return []
    columns, rows = records(path)
    if missing := [c for c in COLUMNS if c not in columns]:
        advice = f"Its first line must be {','.join(COLUMNS)}."
        raise CatalogueError(f"{path} lacks the column {missing[0]}.", advice=advice)
    found = [_correction(path, number, row) for number, row in rows]
    _check_areas(path, found)
    return found


def _correction(path: Path, number: int, row: dict[str, Any]) -> Correction:
    found = {name: (row.get(name) or "").strip() for name in COLUMNS}
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
    try:
        typed = _typed(column, found["value"])
    except (KeyError, ValueError) as error:
        advice = _TYPES[column.type]
        raise CatalogueError(
            f"{where}: {column.name} is a {column.type} and cannot be {found['value']!r}.", advice=advice
        ) from error
    if advice := _advice(table, column.name, found["value"], typed):
        raise CatalogueError(f"{where}: {column.name} cannot be {found['value']!r}.", advice=advice)
    return Correction(row=number, table=table, typed=typed, **found)


def _typed(column: schema.Column, value: str) -> Any:
    if column.type == "boolean":
        return _TRUTH[value.lower()]
    if column.type == "integer":
        return int(value) if value else None
    if column.type == "number":
        return float(value) if value else None
    return value


def _advice(table: str, name: str, value: str, typed: Any) -> str:
    """What to write instead, where a column cannot hold a value of the right type; empty where it can."""
    if (allowed := schema.ALLOWED.get((table, name))) and value not in allowed:
        return f"It can be {', '.join(filter(None, allowed))}{' or empty' * ('' in allowed)}."
    if name in _REQUIRED.get(table, ()) and not value:
        return "It cannot be empty."
    if name in _RANGES and typed is not None and not _RANGES[name][0] <= typed <= _RANGES[name][1]:
        return f"It can be {_RANGES[name][0]} to {_RANGES[name][1]}."
    if (table, name) == ("documents", "date") and value and not is_date(value):
        return "Write YYYY, YYYY-MM or YYYY-MM-DD."
    if name in ACTORS and not all(map(is_actor_id, parts(value))):
        return "Write ids as GBR or EU, or name: and the full name; several are joined by ';'."
    return ""


def parts(cell: str) -> list[str]:
    """The values of a cell that holds a list."""
    return [part for part in cell.split(";") if part]


def _check_areas(path: Path, corrections: list[Correction]) -> None:
    """Raises CatalogueError at the first area that the dataset's codebook does not have; says nothing if that is gone."""
    mine = [c for c in corrections if c.field in _AREAS]
    book = codebook_of(path.parent) if mine else None
    known = [area.id for area in load_codebook(book).areas] if book else []
    for c in mine if known else ():
        for area in parts(c.value):
            if area not in known:
                advice = f"Join ids by ';'. Areas are {', '.join(known)}."
                raise CatalogueError(f"{path}, row {c.row}: the codebook has no area {area!r}.", advice=advice)


def apply(frame: pd.DataFrame, table: str, corrections: list[Correction]) -> tuple[pd.DataFrame, list[str]]:
    """A table with its own corrections, the last one of a field winning, and a warning for each that finds no record.

    A corrected obligation takes its level along, and a level its obligation.
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
        if correction.field == "obligation_level":
            frame.loc[i, "obligation"] = OBLIGATIONS[correction.typed - 1]
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
