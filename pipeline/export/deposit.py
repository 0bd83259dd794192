"""What a deposit says of itself: README, licence note, `CITATION.cff` and `.zenodo.json`.

`CITATION.cff` follows the Citation File Format 1.2.0, `.zenodo.json` the metadata of a Zenodo deposit (upload_type, title,
creators, description, access_right, license, keywords, language, version), as its API and its GitHub integration take them.
"""

from __future__ import annotations

import datetime
import html
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import yaml

from pipeline import __version__
from pipeline.dataset import schema
from pipeline.errors import CatalogueError
from pipeline.export.texts import Row, about

CITATION = "CITATION.cff"
#: The corrections that are in the tables, under a name by which they are not applied again.
APPLIED = "applied_corrections.csv"
LICENCE = "CC-BY-4.0"
_PLACEHOLDER = "Put your names here"
_DEVELOPERS = "The Pactscope developers"
_SCORES = {"macro_f1": "macro-F1", "micro_f1": "micro-F1"}
_KEYWORDS = ["international relations", "security cooperation", "text as data", "content analysis", "commitments"]
Tables = dict[str, list[Row]]


def citation(folder: Path) -> Row:
    """The `CITATION.cff` in a dataset's folder as a dict, or one with placeholders.

    Raises:
        CatalogueError: the file is not YAML or lacks title or authors.
    """
    path = folder / CITATION
    if not path.is_file():
        title = "Commitments, actors and cooperation areas in documents of security cooperation"
        return {"title": title, "authors": [{"name": _PLACEHOLDER}], "license": LICENCE, "keywords": _KEYWORDS}
    try:
        found = yaml.safe_load(path.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{path} is not valid YAML: {error}.", advice="See citation-file-format.github.io.") from error
    if not isinstance(found, dict) or not found.get("title") or not isinstance(found.get("authors"), list):
        raise CatalogueError(f"{path} lacks title or authors.", advice="See citation-file-format.github.io.")
    return found


def names(cited: Row) -> list[str]:
    """The authors as `Family, Given`, or the name of an institution."""
    return [_name(author) for author in cited["authors"]]


def to_do(cited: Row) -> list[str]:
    """What is to be filled in before publishing."""
    if _PLACEHOLDER not in names(cited):
        return []
    advice = f"Better: put a {CITATION} into the dataset's folder and export again; both are then filled in."
    return [f"Put your names into {CITATION} and .zenodo.json before you upload the folder. {advice}"]


def write(target: Path, tables: Tables, cited: Row, card: Row | None, *, without_text: bool) -> None:
    """Writes the four files.

    Args:
        card: the card of the model behind the tags, None if there is none to give.
    """
    made_with = {"type": "software", "title": "Pactscope", "version": __version__, "authors": [{"name": _DEVELOPERS}]}
    cff: Row = {
        "cff-version": "1.2.0",
        "message": "If you use this dataset, please cite it as below.",
        "type": "dataset",
        "date-released": datetime.date.today().isoformat(),
        "license": LICENCE,
        "references": [made_with],
    } | cited
    text = yaml.safe_dump(cff, sort_keys=False, allow_unicode=True)
    (target / CITATION).write_text(text, "utf-8")
    corrected = (target / APPLIED).is_file()
    readme = _readme(tables, cited, card, without_text=without_text, corrected=corrected)
    (target / "README.md").write_text(readme, "utf-8")
    (target / "LICENSE.md").write_text(_licence(str(cff["license"]), without_text=without_text), "utf-8")
    metadata = _zenodo(cff, _what(tables))
    (target / ".zenodo.json").write_text(json.dumps(metadata, indent=1, ensure_ascii=False) + "\n", "utf-8")


def _name(author: Row) -> str:
    if "name" in author:
        return str(author["name"])
    family = " ".join(str(author[k]) for k in ("name-particle", "family-names") if author.get(k))
    return ", ".join(part for part in (family, str(author.get("given-names", ""))) if part)


def _zenodo(cff: Row, what: str) -> Row:
    creators = []
    for author in cff["authors"]:
        orcid = str(author.get("orcid", "")).rpartition("/")[2]
        found = {"name": _name(author), "affiliation": author.get("affiliation", ""), "orcid": orcid}
        creators.append({k: v for k, v in found.items() if v})
    metadata = {
        "upload_type": "dataset",
        "title": cff["title"],
        "creators": creators,
        "description": f"<p>{html.escape(str(cff.get('abstract', what)), quote=False)}</p>",
        "access_right": "open",
        "license": str(cff["license"]).lower(),
        "publication_date": str(cff["date-released"]),
        "keywords": cff.get("keywords", _KEYWORDS),
        "language": "eng",
        "version": str(cff.get("version", "")),
    }
    return {name: value for name, value in metadata.items() if value}


def _what(tables: Tables) -> str:
    documents = tables["documents"]
    dates = sorted(row["date"] for row in documents if row["date"])
    period = f" of {dates[0][:4]} to {dates[-1][:4]}" if dates and dates[0][:4] != dates[-1][:4] else ""
    return (
        f"{len(documents)} documents of security cooperation{period} with {len(tables['passages'])} passages: cooperation "
        f"areas, {len(tables['commitments'])} commitments (who will do what, with whom, how firmly, by when), actors, "
        "quotations, mechanisms and instruments, each with its place in the text."
    )


def _readme(tables: Tables, cited: Row, card: Row | None, *, without_text: bool, corrected: bool) -> str:
    parts = [
        f"# {cited['title']}",
        _what(tables),
        "## Files",
        _table(("file", "holds"), _files(card, without_text=without_text)),
        _table(("table", "rows", "one row"), [(t, str(len(tables[t])), text) for t, text in about().items()]),
        _USE,
        _WITHOUT if without_text else _WITH,
        "## How it was made",
        _made(tables, corrected=corrected),
        "## Documents",
        _table(("type", "documents"), _counts(row["doc_type"] for row in tables["documents"])),
        _table(("publisher", "documents"), _counts(row["publisher"] or "not known" for row in tables["documents"])[:20]),
        _table(("area", "passages"), _counts(row["area"] for row in tables["tags"] if row["status"] == "asserted")),
        "## How good it is, and limits",
        *_limits(card),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


_USE = """`*.csv` and `*.parquet` hold the same tables; `datapackage.json` describes every column (Frictionless). `record_id`
identifies a row, `doc_id` and `passage_id` link the tables; offsets are half-open and count characters of a document's text;
lists are joined by `;`. CSV is UTF-8 with byte order mark; a text that a spreadsheet would take for a formula has an apostrophe
in front. In Python: `from pipeline import load_dataset; load_dataset("this folder").commitments`. Check the files with
`sha256sum -c SHA256SUMS`."""
_WITH = """The tables hold words of the documents; see `LICENSE.md`."""
_WITHOUT = """**Texts are left out**, because they may be under others' copyright: passages, quotations, statements, sentences,
objects, conditions and lead-ins are empty. Names, cues, verbs, dates, terms and headings stay. `text_hashes.csv` gives the
SHA-256 of every passage, quotation and statement: take the document from its address (`documents.url`; `doc_id` is the first 12
digits of the SHA-256 of its bytes), read it with Pactscope, and compare the hash of `text[start:end]` in UTF-8."""


def _files(card: Row | None, *, without_text: bool) -> list[tuple[str, str]]:
    files = [
        ("`datapackage.json`", "the tables and all their columns"),
        ("`codebook/`", "what is coded and by which rule; the areas are the dataset's own"),
        ("`LICENSE.md`", "what may be done with it"),
        ("`CITATION.cff`, `.zenodo.json`", "how to cite it; metadata for Zenodo"),
        ("`SHA256SUMS`", "checksums of all files"),
    ]
    files += (
        [("`model/card.md`", "what the classifier of areas was trained on, how good it is, where it fails")] if card else []
    )
    return files + ([("`text_hashes.csv`", "hashes of the texts that were left out")] if without_text else [])


def _made(tables: Tables, *, corrected: bool) -> str:
    documents = tables["documents"]
    people = (
        "with the corrections in `applied_corrections.csv`, which are in the tables" if corrected else "not corrected by hand"
    )
    lines = [
        f"By Pactscope {__version__}, tables of version {schema.VERSION}, {people}.",
        f"Settings: {_distinct(documents, 'settings_id')}. Codebook: {_distinct(documents, 'codebook')}. "
        f"Areas by: {_distinct(tables['tags'], 'model_id')}.",
        f"Sources that could not be analysed or were copies of others: {len(tables['failures'])}; see `failures`.",
    ]
    return _list(lines)


_LIMITS = (
    "These are codes of a program: read a sample beside the documents before you build on them.",
    "Tags that are `uncertain` are for review and counted nowhere.",
    "Metadata that were detected, not given, say so in the columns that end in `_source`.",
)


def _limits(card: Row | None) -> list[str]:
    if not card:
        return [_list(_LIMITS)]
    parts = [_list(_LIMITS), f"The classifier of areas (`model/card.md`):\n\n{_list(card.get('limits', ()))}"]
    for name, figures in list(card.get("figures", {}).items())[:1]:
        scores = ", ".join(f"{label} {_score(figures[key])}" for key, label in _SCORES.items())
        size = f"{figures['passages']} passages of {figures['documents']} other documents"
        parts.insert(0, f"Areas, on {size} ({name}), with 95 % intervals: {scores}. More figures stand in `model/card.md`.")
    return parts


def _score(values: Sequence[float]) -> str:
    return f"{values[0]:.2f} ({values[1]:.2f}–{values[2]:.2f})"


def _list(lines: Iterable[object]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _licence(licence: str, *, without_text: bool) -> str:
    texts = (
        "The words of the documents are left out. What is quoted of them (names, headings, single words) is quoted as data."
        if without_text
        else "The words of the documents, in the columns of text, belong to those who published them (`documents.publisher`, "
        "`documents.url`) and stand under their terms. Check these before you publish this folder, or export it with "
        "`--without-text`."
    )
    return f"""# Licence

The annotations, the tables as such and their documentation: {licence}.

{texts}

The codebook, from Pactscope: MIT.
"""


def _distinct(rows: list[Row], column: str) -> str:
    return ", ".join(f"`{value}`" for value in sorted({row[column] for row in rows})) or "none"


def _counts(values: Iterable[str]) -> list[tuple[str, str]]:
    return [(value, str(n)) for value, n in sorted(Counter(values).items(), key=lambda item: (-item[1], item[0]))]


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """A Markdown table; empty without rows."""
    lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in (head, *rows)]
    return "\n".join([lines[0], "|" + "---|" * len(head), *lines[1:]]) if rows else ""
