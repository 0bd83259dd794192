"""The folder to publish: whole, checked, described, with and without the documents' words."""

import hashlib
import json
from pathlib import Path

import exports
import fakes
import pytest
import yaml
from frictionless import Package

from pipeline.dataset import Dataset, load_dataset, schema
from pipeline.errors import CatalogueError
from pipeline.export import Options, export
from pipeline.export.zenodo import SUMS, WORDS

CITATION = """cff-version: 1.2.0
message: Please cite.
title: Promises of Arvenia
abstract: What Arvenia & Belmark promised.
version: "2.0"
license: CC0-1.0
authors:
  - family-names: Harrowby
    given-names: Signe
    orcid: https://orcid.org/0000-0002-1825-0097
    affiliation: University of Karsund
  - name: Belmark Archive
"""


@pytest.fixture
def data(tmp_path: Path) -> Dataset:
    return exports.make(tmp_path / "data", fakes.TEXT, exports.ODD)


@pytest.mark.parametrize("without_text", [False, True])
def test_the_package_is_valid_and_its_checksums_hold(data: Dataset, without_text: bool, tmp_path: Path) -> None:
    folder = export(data, "zenodo", tmp_path / "z", options=Options(without_text=without_text)).path
    report = Package(str(folder / "datapackage.json")).validate()
    assert report.valid, report.flatten(["title", "message"])[:5]
    sums = dict(reversed(line.split("  ")) for line in (folder / SUMS).read_text("utf-8").splitlines())
    files = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert set(sums) == files - {SUMS, ".pactscope-export"}
    assert all(hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest for name, digest in sums.items())
    assert {
        "README.md",
        "LICENSE.md",
        "CITATION.cff",
        ".zenodo.json",
        "codebook/areas.toml",
        "tags.csv",
        "tags.parquet",
    } < files
    described = {r["path"] for r in json.loads((folder / "datapackage.json").read_text("utf-8"))["resources"]}
    assert {n for n in files if n.endswith((".csv", ".parquet", ".toml"))} == described


def test_a_dataset_in_parquet_is_a_valid_package(data: Dataset) -> None:
    report = Package(str(data.folder / "datapackage.json")).validate()
    assert report.valid, report.flatten(["title", "message"])[:5]


def test_the_published_dataset_loads(data: Dataset, tmp_path: Path) -> None:
    published = load_dataset(export(data, "zenodo", tmp_path / "z").path)
    for table in schema.TABLES:
        assert published.table(table).equals(data.table(table))


def test_without_text_hashes_prove_the_words(data: Dataset, tmp_path: Path) -> None:
    folder = export(data, "zenodo", tmp_path / "z", options=Options(without_text=True)).path
    published = load_dataset(folder)
    for table, columns in WORDS.items():
        assert not published.table(table)[list(columns)].to_numpy().any()
    assert list(published.commitments["aim"]) == list(data.commitments["aim"])
    lines = (folder / "text_hashes.csv").read_text("utf-8").splitlines()[1:]
    hashes = {line.split(",")[0]: line.split(",")[3] for line in lines}
    words = dict(zip(data.passages["record_id"], data.passages["text"], strict=True))
    assert all(hashes[record] == hashlib.sha256(text.encode()).hexdigest() for record, text in words.items())
    for path in folder.rglob("*"):
        if path.is_file():
            assert b"dialogue on maritime security by 2030" not in path.read_bytes()
    assert "Texts are left out" in (folder / "README.md").read_text("utf-8")


def test_readme_says_what_it_is_and_who_is_missing(data: Dataset, tmp_path: Path) -> None:
    done = export(data, "zenodo", tmp_path / "z")
    readme = (done.path / "README.md").read_text("utf-8")
    assert "2 documents" in readme and f"`{fakes.SETTINGS}`" in readme and "| commitments | 5 |" in readme
    assert "not corrected by hand" in readme and not (done.path / "model").exists()
    assert "names" in done.notes[0] and "Put your names here" in (done.path / "CITATION.cff").read_text("utf-8")


def test_a_citation_file_fills_all_in(data: Dataset, tmp_path: Path) -> None:
    (data.folder / "CITATION.cff").write_text(CITATION, "utf-8")
    done = export(data, "zenodo", tmp_path / "z")
    assert not done.notes
    cff = yaml.safe_load((done.path / "CITATION.cff").read_text("utf-8"))
    assert cff["title"] == "Promises of Arvenia" and cff["type"] == "dataset" and cff["license"] == "CC0-1.0"
    zenodo = json.loads((done.path / ".zenodo.json").read_text("utf-8"))
    assert zenodo["creators"] == [
        {"name": "Harrowby, Signe", "affiliation": "University of Karsund", "orcid": "0000-0002-1825-0097"},
        {"name": "Belmark Archive"},
    ]
    assert zenodo["description"] == "<p>What Arvenia &amp; Belmark promised.</p>"
    assert (zenodo["upload_type"], zenodo["license"], zenodo["version"]) == ("dataset", "cc0-1.0", "2.0")
    package = json.loads((done.path / "datapackage.json").read_text("utf-8"))
    assert package["title"] == "Promises of Arvenia" and package["contributors"][1]["title"] == "Belmark Archive"


@pytest.mark.parametrize("content", ["title: [", "title: only", "- a list"])
def test_a_bad_citation_file_is_an_error(data: Dataset, content: str, tmp_path: Path) -> None:
    (data.folder / "CITATION.cff").write_text(content, "utf-8")
    with pytest.raises(CatalogueError, match=r"CITATION\.cff"):
        export(data, "zenodo", tmp_path / "z")
    assert not (tmp_path / "z").exists()


def test_corrections_are_told(tmp_path: Path) -> None:
    record = exports.make(tmp_path / "data", fakes.TEXT).commitments["record_id"][0]
    data = exports.make(tmp_path / "data", fakes.TEXT, corrections=f"{record},obligation,binding,me,x\n")
    folder = export(data, "zenodo", tmp_path / "z").path
    assert (folder / "applied_corrections.csv").is_file() and not (folder / "corrections.csv").exists()
    assert load_dataset(folder).commitments["obligation"][0] == "binding"
    assert "applied_corrections.csv" in (folder / "README.md").read_text("utf-8")
