"""What lies beside the tables."""

import json
from pathlib import Path

import fakes
import pytest
from frictionless import Package

from pipeline import dataset
from pipeline.dataset import schema, tables
from pipeline.dataset.datapackage import codebook_of


@pytest.fixture
def rows() -> tables.Tables:
    return tables.tables_of(fakes.analysis_of(fakes.TEXT))


def test_the_data_package_is_valid(rows: tables.Tables, tmp_path: Path) -> None:
    dataset.write_dataset(rows, tmp_path, formats=["csv"])
    report = Package(str(tmp_path / "datapackage.json")).validate()
    assert report.valid, report.flatten(["title", "message"])[:5]


def test_the_descriptor_describes_every_column_in_every_format(rows: tables.Tables, tmp_path: Path) -> None:
    dataset.write_dataset(rows, tmp_path, formats=dataset.FORMATS)
    found = json.loads((tmp_path / "datapackage.json").read_text())
    assert len(found["resources"]) == len(schema.TABLES) * 3 + 1
    fields = [f for r in found["resources"] if "schema" in r for f in r["schema"]["fields"]]
    assert all(f["description"] for f in fields)
    assert len(Package.from_descriptor(found).resources) == len(found["resources"])
    assert (tmp_path / "codebook/areas.toml").is_file()
    assert "corrections.csv" in (tmp_path / "README.md").read_text()


def test_the_codebook_of_a_dataset_is_the_one_that_it_was_made_by(rows: tables.Tables, tmp_path: Path) -> None:
    assert codebook_of(tmp_path) is None
    dataset.write_dataset(rows, tmp_path)
    (tmp_path / "codebook/abbreviations.toml").touch()
    assert codebook_of(tmp_path) == tmp_path / "codebook/areas.toml"
    (tmp_path / "codebook/areas.toml").unlink()
    assert codebook_of(tmp_path) is None
