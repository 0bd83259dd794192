"""A dataset in the formats of other tools, always from its corrected tables; one format a module.

>>> from pipeline import load_dataset
>>> from pipeline.export import export
>>> export(load_dataset("mydata"), "xlsx")      # doctest: +SKIP

The module of a format has one function `write(data, target, options)`, which returns what the user should be told. Shared by
formats are `target` and `earlier` (where it is written, and over what), `options`, `texts` (rows, documents with their text),
`parsed` (the text through spaCy again), `standoff` (labelled spans and relations), `sources` (documents to cite) and `deposit`
(what a deposit says of itself). Formats that need the text of the documents (`brat`, `inception`, `webannotation`, `spacy`,
`conllu`) read it from the analyses that `pactscope run` keeps beside the tables, never from the source files.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from pathlib import Path

from pipeline.dataset import Dataset
from pipeline.errors import SettingsError
from pipeline.export import target
from pipeline.export.options import Options

__all__ = ["FORMATS", "Exported", "Format", "Options", "export"]


@dataclass(frozen=True, slots=True)
class Format:
    """One format: the module that writes it, the name of its file or folder (no suffix), and what it is."""

    module: str
    name: str
    summary: str

    @property
    def is_file(self) -> bool:
        """Whether it is one file, not a folder."""
        return "." in self.name


FORMATS = {
    "csv": Format("csvs", "csv", "one CSV a table, for programs (R, Stata, pandas)"),
    "jsonl": Format("jsonl", "jsonl", "one JSON Lines file a table"),
    "xlsx": Format("xlsx", "dataset.xlsx", "a workbook for Excel and LibreOffice with every column explained"),
    "spacy": Format("docbin", "dataset.spacy", "spaCy DocBin with span groups"),
    "conllu": Format("conllu", "dataset.conllu", "CoNLL-U with actors, commitments and areas"),
    "brat": Format("brat", "brat", "brat standoff with its configuration"),
    "inception": Format("inception", "inception", "brat archives that INCEpTION imports"),
    "webannotation": Format("webannotation", "webannotation", "W3C Web Annotations (JSON-LD)"),
    "bibtex": Format("bibtex", "sources.bib", "the documents as BibTeX entries"),
    "csl": Format("csl", "sources.json", "the documents as CSL-JSON (Zotero, Pandoc)"),
    "zenodo": Format("zenodo", "zenodo", "a folder ready to publish"),
}


@dataclass(frozen=True, slots=True)
class Exported:
    """Where an export is and what its user should be told."""

    path: Path
    notes: tuple[str, ...] = ()


def export(
    data: Dataset, to: str, out: Path | None = None, *, replace: bool = False, options: Options | None = None
) -> Exported:
    """Writes a dataset in another format, under a temporary name until it is whole.

    Args:
        to: one of `FORMATS`.
        out: file or folder to write; `export/` in the dataset's folder if left out.
        replace: write over an earlier export of this format, and over nothing else.

    Raises:
        SettingsError: the format is unknown or does not go with an option.
        StoreError: the output is in the way or cannot be written, or the dataset lacks what the format needs.
    """
    options = options or Options()
    if to not in FORMATS:
        raise SettingsError(f"There is no format {to!r} to export to.", advice=f"Give one of {', '.join(FORMATS)}.")
    if options.without_text and to != "zenodo":
        raise SettingsError(f"Texts cannot be left out of {to}.", advice="--without-text goes with --to zenodo.")
    chosen = FORMATS[to]
    path = out or data.folder / "export" / chosen.name
    write = importlib.import_module(f"pipeline.export.{chosen.module}").write
    if chosen.is_file:
        place = target.new_file(path, Path(chosen.name).suffix, replace=replace)
    else:
        place = target.new_folder(path, to, replace=replace)
    with place as temporary:
        notes = write(data, temporary, options)
    return Exported(path, (*data.warnings, *notes))
