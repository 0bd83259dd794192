"""What lies beside the tables: `datapackage.json` (Frictionless), a README and the codebook."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipeline import __version__
from pipeline.dataset import schema

DESCRIPTOR = "datapackage.json"
CODEBOOK = "codebook"
_BOOK = "codebook-{}"
_MEDIA = {"parquet": "application/vnd.apache.parquet", "csv": "text/csv", "jsonl": "application/jsonl"}
_TABLES = {
    "documents": "One row a document, every metadata value with its source",
    "passages": "One row a paragraph, list item, table row or set-apart quotation",
    "mentions": "One row a mention of an actor",
    "quotations": "One row a quotation",
    "commitments": "One row a commitment: who will do what, with whom, how firmly, by when",
    "mechanisms": "One row each time that the text sets up or continues a forum",
    "instruments": "One row each time that the text names a treaty, agreement, decision, strategy, programme or resolution",
    "tags": "One row for each cooperation area given to a passage",
    "failures": "One row a source that could not be analysed or is a copy of another",
}
_README = """# A Pactscope dataset

Written by Pactscope {version}. Every column is described in `datapackage.json`; what is coded, and by which rule, in
`codebook/`.

| table | holds |
|---|---|
{tables}

In Python: `from pipeline import load_dataset; data = load_dataset("path of this folder"); data.commitments`. Any program
that reads {formats} will do as well.

- `record_id` identifies a row for good (`doc_id:start-end:label`); `doc_id` and `passage_id` link the tables.
- Offsets are half-open and count characters of a document's text. Lists are joined by `;`.
- CSV: a text that a spreadsheet would take for a formula, or that begins with an apostrophe, has one apostrophe in front;
  `load_dataset` takes it off again. An empty cell is an empty text or a missing number.
- To correct a value, put a file `corrections.csv` here with the columns `record_id,field,value,who,why`. It is applied whenever
  the dataset is loaded, never changes the tables themselves, and is kept when the tables are written again. A passage's
  `areas` are corrected as a whole (`maritime;space`, or empty), a tag's `status` as asserted or rejected; the other tables
  follow.
"""


def write(folder: Path, formats: Sequence[str], *, codebook: Path | None, state: str) -> None:
    """Writes README, codebook and, last of all, the descriptor, whose `state` says that the folder is complete.

    Args:
        codebook: the file to copy, or None.
        state: hash of what the tables were made from, see `read_state`.
    """
    files = _copy_codebook(folder, codebook)
    lines = "\n".join(f"| {table} | {text} |" for table, text in _TABLES.items())
    text = _README.format(version=__version__, tables=lines, formats=" or ".join(f.upper() for f in formats))
    (folder / "README.md").write_text(text, "utf-8")
    content = json.dumps(descriptor(formats, files, state), indent=1, ensure_ascii=False)
    temporary = folder / f".{DESCRIPTOR}.tmp"
    temporary.write_text(content + "\n", "utf-8")
    temporary.replace(folder / DESCRIPTOR)


def descriptor(formats: Sequence[str], codebook: Sequence[str], state: str) -> dict[str, Any]:
    """The Frictionless descriptor: a resource for every table in every format, one for every codebook file."""
    tables = [_resource(table, form, formats[0]) for form in formats for table in schema.TABLES]
    books = [
        {
            "name": _BOOK.format(i),
            "type": "file",
            "path": path,
            "description": "The codebook that the tags and commitments follow",
        }
        for i, path in enumerate(codebook, 1)
    ]
    return {
        "name": "pactscope-dataset",
        "title": "Commitments, actors and cooperation areas in documents of security cooperation",
        "version": schema.VERSION,
        "resources": tables + books,
        "pactscope": {"version": __version__, "schema": schema.VERSION, "state": state, "formats": list(formats)},
    }


def read_state(folder: Path) -> dict[str, Any]:
    """What `write` noted last (`state`, `formats`); empty if there is no complete dataset."""
    found = _read(folder).get("pactscope")
    return found if isinstance(found, dict) else {}


def codebook_of(folder: Path) -> Path | None:
    """The codebook of areas that the dataset in a folder follows; None if it does not say or the file is gone.

    What else lies in the folder `codebook` (of an earlier run; cues and actors, in a folder to publish) is not meant.
    """
    described = (r.get("path", "") for r in _read(folder).get("resources", ()) if r.get("name") == _BOOK.format(1))
    found = folder / CODEBOOK / Path(next(described, "")).name
    return found if found.is_file() else None


def _read(folder: Path) -> dict[str, Any]:
    """The descriptor; empty if there is none that can be read."""
    try:
        found = json.loads((folder / DESCRIPTOR).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _resource(table: str, form: str, first: str) -> dict[str, Any]:
    def name(of: str) -> str:
        return of if form == first else f"{of}-{form}"

    described: dict[str, Any] = {"fields": [_field(table, c, form) for c in schema.COLUMNS[table]], "primaryKey": ["record_id"]}
    if table not in ("documents", "failures"):
        link = {"resource": name("documents"), "fields": ["doc_id"]}
        described["foreignKeys"] = [{"fields": ["doc_id"], "reference": link}]
    return {
        "name": name(table),
        "type": "table",
        "path": f"{table}.{form}",
        "format": form,
        "mediatype": _MEDIA[form],
        "encoding": "utf-8-sig" if form == "csv" else "utf-8",
        "description": _TABLES[table],
        "schema": described,
    }


def _field(table: str, column: schema.Column, form: str) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.name, "type": column.type, "description": column.description}
    if column.name == "record_id":
        field["constraints"] = {"required": True, "unique": True}
    elif allowed := schema.ALLOWED.get((table, column.name)):
        field["constraints"] = {"enum": list(allowed)}
    if form == "parquet" and column.type in ("integer", "number"):
        field["missingValues"] = ["", "nan"]  # as which Frictionless reads a missing number in Parquet
    return field


def _copy_codebook(folder: Path, codebook: Path | None) -> list[str]:
    if codebook is None:
        return []
    (folder / CODEBOOK).mkdir(exist_ok=True)
    shutil.copyfile(codebook, folder / CODEBOOK / codebook.name)
    return [f"{CODEBOOK}/{codebook.name}"]
