"""The documents as bibliographies."""

import json
import re
from pathlib import Path
from typing import Any

import exports
import fakes
import pytest

from pipeline.dataset import Dataset, load_dataset
from pipeline.export import bibtex, export
from pipeline.export.sources import sources

#: Types and names of the CSL-JSON schema (citation-style-language/schema, csl-data.json) that a source may use.
TYPES = {"document", "treaty", "speech", "webpage"}
NAMES = {
    "id", "type", "genre", "title", "title-short", "author", "publisher", "issued", "URL", "language", "status", "custom",
}  # fmt: skip
KINDS = {
    "press_release": "document",
    "treaty": "treaty",
    "speech": "speech",
    "web_page": "webpage",
    "agreement_draft": "document",
}


def dataset(folder: Path, **changes: Any) -> Dataset:
    """One document whose row of `documents` is changed."""
    data = exports.make(folder, fakes.TEXT)
    frame = data.documents.copy()
    for name, value in changes.items():
        frame.loc[0, name] = value
    frame.to_parquet(data.folder / "documents.parquet")
    return load_dataset(data.folder)


@pytest.mark.parametrize(("doc_type", "kind"), KINDS.items())
def test_csl_items_have_known_types_and_names(doc_type: str, kind: str, tmp_path: Path) -> None:
    data = dataset(tmp_path, doc_type=doc_type, publisher="Ministry of Arvenia", url="https://example.org/a", date="2025-05")
    (item,) = json.loads(export(data, "csl").path.read_text("utf-8"))
    assert set(item) <= NAMES and item["type"] == kind and kind in TYPES
    assert item["id"] == "text-1" and item["issued"] == {"date-parts": [[2025, 5]]}
    who = item["publisher"] if doc_type == "treaty" else item["author"][0]["literal"]
    assert who == "Ministry of Arvenia"
    assert item.get("status") == ("draft" if doc_type == "agreement_draft" else None)


def test_a_bibtex_entry(tmp_path: Path) -> None:
    data = dataset(tmp_path, doc_type="press_release", publisher="Foreign & Home Office", url="https://example.org/a_b%20{c}")
    entry = export(data, "bibtex").path.read_text("utf-8")
    assert entry.startswith("% Sources of a Pactscope dataset\n\n@misc{text-1,\n") and entry.endswith("}\n")
    assert r"author = {{Foreign \& Home Office}}" in entry and "howpublished = {Press release}" in entry
    assert "date = {2025-05-19}" in entry and "year = {2025}" in entry and "month = may" in entry
    assert "url = {https://example.org/a_b%20%7Bc%7D}" in entry


def test_what_is_unknown_is_left_out(tmp_path: Path) -> None:
    data = dataset(tmp_path, doc_type="other", title="", date="", publisher="", url="", short_title="")
    entry = export(data, "bibtex").path.read_text("utf-8")
    assert re.findall(r"^  (\w+) =", entry, re.M) == ["title", "langid"] and "{{text-1}}" in entry
    (item,) = json.loads(export(data, "csl").path.read_text("utf-8"))
    assert set(item) == {"id", "type", "title", "language", "custom"}


def test_signs_that_tex_would_act_on() -> None:
    assert bibtex.escape(r"100% of $5 & a_b #1 ~x ^y \z") == (
        r"100\% of \$5 \& a\_b \#1 \textasciitilde{}x \textasciicircum{}y \textbackslash{}z"
    )
    escaped = bibtex.escape("an unmatched } brace {{")
    assert escaped.count("{") == escaped.count("}") and "brace \\textbraceleft{}" in escaped


def test_keys_are_plain_and_never_shared(tmp_path: Path) -> None:
    data = exports.make(tmp_path, fakes.TEXT, exports.ODD)
    frame = data.documents.copy()
    frame["key"] = ["Défense, 2025", "defense-2025"]
    frame.to_parquet(data.folder / "documents.parquet")
    assert [s.citekey for s in sources(load_dataset(data.folder))] == ["Defense-2025", "defense-2025-2"]
