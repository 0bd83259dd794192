"""The rows of a dataset's tables as plain values; the documents with their text, their rows and what these mark in the text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pipeline import store
from pipeline.dataset import Dataset, datapackage, schema
from pipeline.errors import StoreError
from pipeline.export.target import safe_name
from pipeline.records import Document

if TYPE_CHECKING:
    import pandas as pd

Row = dict[str, Any]
#: Tables whose rows mark words of the text, with the parts that a row has beside its own extent.
PARTS: dict[str, tuple[str, ...]] = {
    "mentions": (),
    "quotations": ("cue", "source"),
    "commitments": ("actor", "cue", "aim", "object", "recipient", "time", "condition"),
    "mechanisms": ("cue", "frequency", "first"),
    "instruments": ("cue",),
}


@dataclass(frozen=True, slots=True)
class Text:
    """A document of the dataset: its text and structure as analysed, its rows as corrected.

    Attributes:
        name: its key as a file name, unique in the dataset.
        row: its row of `documents`.
        rows: its rows of every other table, in order of offset.
    """

    document: Document
    name: str
    row: Row
    rows: dict[str, list[Row]] = field(default_factory=dict)


def rows_of(frame: pd.DataFrame) -> list[Row]:
    """The rows of a table with plain Python values, None where a number is missing."""
    columns = [
        [None if gone else value for value, gone in zip(frame[name].tolist(), frame[name].isna(), strict=True)]
        for name in frame.columns
    ]
    return [dict(zip(frame.columns, values, strict=True)) for values in zip(*columns, strict=True)]


def about() -> dict[str, str]:
    """What a row of each table is, in the order of the tables."""
    return {r["name"]: r["description"] for r in datapackage.descriptor(("csv",), (), "")["resources"]}


def texts(data: Dataset) -> Iterator[Text]:
    """Every document by key, one in memory at a time.

    Raises:
        StoreError: the folder holds tables without texts, or texts that are not those of the tables.
    """
    entries = {e.doc_id: e for e in store.read_ledger(data.folder) if e.status == "done"}
    documents = rows_of(data.documents)
    missing = [row["key"] for row in documents if row["doc_id"] not in entries]
    if missing:
        advice = "Export from the folder that 'pactscope run' wrote, with its ledger and parts."
        raise StoreError(f"The text of {missing[0]} is not in {data.folder}.", advice=advice)
    tables = {name: _by_document(data.table(name)) for name in schema.TABLES if name not in ("documents", "failures")}
    taken: set[str] = set()
    for row in documents:
        doc_id = row["doc_id"]
        document = store.read_part(data.folder / store.PARTS / entries[doc_id].part, layout=False).document
        rows = {name: found.get(doc_id, []) for name, found in tables.items()}
        _check(document, rows)
        yield Text(document, _unique(safe_name(row["key"]), taken), row, rows)


def extents(table: str, row: Row) -> Iterator[tuple[str, int, int]]:
    """The parts of a record that stand in the text: name, start, end; first the record itself (`name` or `statement`)."""
    own = {"quotations": "content", "commitments": "statement"}.get(table, "name")
    yield own, row["start"], row["end"]
    for part in PARTS[table]:
        start, end = row[f"{part}_start"], row[f"{part}_end"]
        if start is not None and end is not None and start < end:
            yield part, start, end


def facts(text: Text) -> dict[str, Any]:
    """What a reader of an export wants to know of the document itself."""
    names = ("doc_id", "key", "title", "date", "publisher", "doc_type", "parties", "legal_status", "url", "settings_id")
    return {name: text.row[name] for name in names}


def _by_document(frame: pd.DataFrame) -> dict[str, list[Row]]:
    out: dict[str, list[Row]] = defaultdict(list)
    for row in rows_of(frame):
        out[row["doc_id"]].append(row)
    return out


def _check(document: Document, rows: dict[str, list[Row]]) -> None:
    """The tables may be of another run than the texts: then their offsets point past the end or at other passages."""
    starts = {block.start for block in document.passages()}
    if any(row["start"] not in starts or row["end"] > len(document.text) for row in rows["passages"]):
        advice = "Run 'pactscope run' again with the same --out: tables and texts are then brought together."
        raise StoreError(f"The tables and the text of {document.key} do not belong together.", advice=advice)


def _unique(name: str, taken: set[str]) -> str:
    """The name, with a number if another document has it already (also in other case: some systems ignore it)."""
    found, n = name, 1
    while found.lower() in taken:
        n += 1
        found = f"{name}-{n}"
    taken.add(found.lower())
    return found
