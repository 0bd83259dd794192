"""A folder ready for Zenodo or any repository: tables as CSV and Parquet, data package, codebook, model card, README, citation
file, metadata, licence note and checksums.

Texts of documents may be under others' copyright. With `without_text` the columns of `WORDS` are empty; offsets stay, and
`text_hashes.csv` holds the SHA-256 of every passage, quotation and statement, so that whoever has the documents can check that
they are the same and put the words back.

Who publishes is told by a `CITATION.cff` in the dataset's folder; without one, placeholders stand in the files.
"""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.dataset import Dataset, corrections, schema, write_dataset
from pipeline.dataset.datapackage import CODEBOOK, DESCRIPTOR, codebook_of
from pipeline.dataset.views import file_name
from pipeline.export import deposit
from pipeline.export.options import Options
from pipeline.export.target import MARKER
from pipeline.export.texts import Row, rows_of
from pipeline.settings import PACKAGE, shipped_models

SUMS, HASHES = "SHA256SUMS", "text_hashes.csv"
#: Columns that hold running text of a document. Names, cues, verbs, dates and headings stay: without them nothing can be read.
WORDS: dict[str, tuple[str, ...]] = {
    "documents": ("legal_status_evidence", "announced_status_evidence"),
    "passages": ("text", "lead_in"),
    "quotations": ("text",),
    "commitments": ("text", "sentence", "object", "condition", "precision_evidence", "delegation_evidence"),
    "mechanisms": ("sentence",),
}
_HASH_COLUMNS = {
    "record_id": "The record whose text it is",
    "start": "Offset of the first character in the document's text",
    "end": "Offset after the last character",
    "sha256": "SHA-256 of those characters in UTF-8",
}


def write(data: Dataset, target: Path, options: Options) -> list[str]:
    """Writes the folder; returns what is to be filled in before it is uploaded."""
    tables = {name: rows_of(data.table(name)) for name in schema.TABLES}
    for row in tables["failures"]:
        row["source"] = file_name(row["source"])
    hashes = list(_hashes(tables)) if options.without_text else []
    if options.without_text:
        _blank(tables)
    write_dataset(tables, target, formats=("csv", "parquet"), codebook=codebook_of(data.folder))
    _copy_codebook(target / CODEBOOK)
    if options.without_text:
        _write_hashes(target / HASHES, hashes)
    if data.corrections:
        shutil.copyfile(data.folder / corrections.FILE, target / deposit.APPLIED)
    card = _copy_card(target, {row["model_id"] for row in tables["tags"]})
    citation = deposit.citation(data.folder)
    _describe(target / DESCRIPTOR, citation, without_text=options.without_text)
    deposit.write(target, tables, citation, card, without_text=options.without_text)
    (target / SUMS).write_text("".join(_sums(target)), "utf-8", newline="\n")
    return deposit.to_do(citation)


def _hashes(tables: dict[str, list[Row]]) -> Iterator[tuple[Any, ...]]:
    for table, columns in WORDS.items():
        if "text" in columns:
            for row in tables[table]:
                digest = hashlib.sha256(row["text"].encode()).hexdigest()
                yield row["record_id"], row["start"], row["end"], digest


def _blank(tables: dict[str, list[Row]]) -> None:
    for table, columns in WORDS.items():
        for row in tables[table]:
            row.update(dict.fromkeys(columns, ""))


def _write_hashes(path: Path, rows: list[tuple[Any, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, lineterminator="\r\n")
        lines.writerow(_HASH_COLUMNS)
        lines.writerows(rows)


def _copy_codebook(folder: Path) -> None:
    """Cues, fora, instruments and actors beside the areas; what the folder has already is the dataset's own."""
    for path in sorted((PACKAGE / "codebook").iterdir()):
        if path.suffix in (".toml", ".csv") and not (folder / path.name).exists():
            shutil.copyfile(path, folder / path.name)


def _copy_card(target: Path, models: set[str]) -> Row | None:
    """The card of the model that gave the tags, if it is the one that comes with Pactscope."""
    folder = shipped_models()
    try:
        card: Row = json.loads((folder / "card.json").read_text("utf-8"))
    except OSError:
        return None
    if card["model_id"] not in models:
        return None
    (target / "model").mkdir()
    for name in ("card.md", "card.json"):
        shutil.copyfile(folder / name, target / "model" / name)
    return card


def _describe(path: Path, citation: Row, *, without_text: bool) -> None:
    """Adds to the data package who made it, under which licence, the other files and what was left out."""
    package = json.loads(path.read_text("utf-8"))
    package |= {"title": citation["title"], "licenses": [{"name": citation.get("license", deposit.LICENCE)}]}
    package["contributors"] = [{"title": name, "role": "author"} for name in deposit.names(citation)]
    for resource in package["resources"]:
        if resource.get("format") == "parquet":
            # The same tables once more: as a table Frictionless reads a missing integer in Parquet as NaN and refuses it.
            resource["type"] = "file"
            del resource["schema"], resource["encoding"]
        elif without_text:
            _note_left_out(resource)
    if without_text:
        package["resources"].append(_hash_resource())
    known = {resource["path"] for resource in package["resources"]}
    others = [f"{CODEBOOK}/{other.name}" for other in sorted((path.parent / CODEBOOK).iterdir())]
    new = [other for other in others if other not in known]
    package["resources"] += [{"name": f"codebook-more-{i}", "type": "file", "path": new[i]} for i in range(len(new))]
    path.write_text(json.dumps(package, indent=1, ensure_ascii=False) + "\n", "utf-8")


def _note_left_out(resource: Row) -> None:
    left = WORDS.get(Path(resource["path"]).stem, ())
    for field in resource.get("schema", {}).get("fields", ()):
        field["description"] += " (left out of this copy)" if field["name"] in left else ""


def _hash_resource() -> Row:
    types = {"start": "integer", "end": "integer"}
    fields = [{"name": n, "type": types.get(n, "string"), "description": text} for n, text in _HASH_COLUMNS.items()]
    return {
        "name": "text-hashes",
        "type": "table",
        "path": HASHES,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "description": "Hash of every text that was left out",
        "schema": {"fields": fields, "primaryKey": ["record_id"]},
    }


def _sums(folder: Path) -> Iterator[str]:
    """Lines for `sha256sum -c SHA256SUMS`."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name not in (SUMS, MARKER):
            yield f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {name}\n"
