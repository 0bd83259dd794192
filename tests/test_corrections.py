"""Corrections beside a dataset."""

import csv
from pathlib import Path

import fakes
import pandas as pd
import pytest

from pipeline import dataset
from pipeline.dataset import tables
from pipeline.dataset.formats import frame
from pipeline.errors import CatalogueError


@pytest.fixture
def rows() -> tables.Tables:
    return tables.tables_of(fakes.analysis_of(fakes.TEXT))


@pytest.fixture
def folder(tmp_path: Path, rows: tables.Tables) -> Path:
    dataset.write_dataset(rows, tmp_path / "data")
    return tmp_path / "data"


def correct(folder: Path, *rows: tuple[str, ...]) -> dataset.Dataset:
    with (folder / "corrections.csv").open("w", newline="") as file:
        csv.writer(file).writerows(
            [("record_id", "field", "value", "who", "why"), *((*r, "A. Coder", "read it") for r in rows)]
        )
    return dataset.load_dataset(folder)


def test_corrections_apply_and_survive(folder: Path, rows: tables.Tables) -> None:
    commitment, document = rows["commitments"][0]["record_id"], rows["documents"][0]["record_id"]
    data = correct(
        folder,
        (commitment, "obligation", "binding"),
        (commitment, "negated", "true"),
        (commitment, "confidence", "0.5"),
        (document, "title", "Right title"),
    )
    row = data.commitments.iloc[0]
    assert (row["obligation"], row["obligation_level"], row["negated"], row["confidence"]) == ("binding", 4, True, 0.5)
    assert data.commitments_with_context()["title"][0] == "Right title"
    assert data.warnings == []
    dataset.write_dataset(rows, folder)
    assert dataset.load_dataset(folder).documents["title"][0] == "Right title"
    assert dataset.load_dataset(folder).commitments.dtypes.equals(frame("commitments", rows["commitments"]).dtypes)


def test_corrected_areas_reach_tags_and_commitments(folder: Path, rows: tables.Tables) -> None:
    data = correct(folder, (rows["passages"][0]["record_id"], "areas", "maritime;space"))
    assert data.passages["areas"][0] == "maritime;space"
    assert list(data.commitments["areas"][:2]) == ["maritime", "maritime"]
    assert list(data.commitments["area_weight"][:2]) == [1.0, 1.0]
    assert list(data.tags["status"]) == ["asserted", "rejected"]


def test_a_rejected_tag_reaches_passages_and_commitments(folder: Path, rows: tables.Tables) -> None:
    data = correct(folder, *((t["record_id"], "status", "rejected") for t in rows["tags"]))
    assert data.passages["areas"][0] == ""
    assert data.commitments["areas"][0] == ""
    assert pd.isna(data.commitments["area_weight"][0])


def test_corrections_become_labels(folder: Path, rows: tables.Tables) -> None:
    passage = rows["passages"][0]
    labels = correct(folder, (passage["record_id"], "areas", "space"), ("0:1-2:passage", "areas", "space")).labels()
    assert len(labels) == 1
    found = labels.iloc[0].to_dict()
    assert (found["text"], found["before"], found["value"]) == (passage["text"], "maritime;peacebuilding", "space")
    assert (found["who"], found["why"], found["table"]) == ("A. Coder", "read it", "passages")


def test_a_correction_without_record_is_a_warning(folder: Path) -> None:
    data = correct(folder, ("0123456789ab:1-2:commitment", "stage", "new"))
    assert data.warnings == ["corrections.csv, row 2: there is no record 0123456789ab:1-2:commitment; it was not applied."]


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("colour", "red", "'colour' is not a column of commitments"),
        ("start", "5", "'start' cannot be changed"),
        ("obligation", "strong", "obligation cannot be 'strong'"),
        ("negated", "maybe", "negated is a boolean"),
        ("confidence", "high", "confidence is a number"),
        ("confidence", "1.5", "confidence cannot be '1.5'"),
        ("obligation_level", "9", "obligation_level cannot be '9'"),
        ("obligation_level", "", "obligation_level cannot be ''"),
        ("actor", "", "actor cannot be ''"),
        ("party_ids", "XAA;Belmark", "party_ids cannot be 'XAA;Belmark'"),
        ("areas", "martime;foo", "the codebook has no area 'martime'"),
    ],
)
def test_a_wrong_correction_is_an_error_with_its_row(folder: Path, field: str, value: str, message: str) -> None:
    with pytest.raises(CatalogueError, match=f"corrections.csv, row 2: {message}") as caught:
        correct(folder, ("0123456789ab:1-2:commitment", field, value))
    assert caught.value.advice


def test_a_date_of_a_document_is_one(folder: Path, rows: tables.Tables) -> None:
    document = rows["documents"][0]["record_id"]
    with pytest.raises(CatalogueError, match="date cannot be 'yesterday'"):
        correct(folder, (document, "date", "yesterday"))
    assert correct(folder, (document, "date", "2026-03")).documents["date"][0] == "2026-03"


def test_a_corrected_level_takes_its_obligation_along(folder: Path, rows: tables.Tables) -> None:
    record = rows["commitments"][0]["record_id"]
    row = correct(folder, (record, "obligation_level", "4")).commitments.iloc[0]
    assert (row["obligation"], row["obligation_level"]) == ("binding", 4)


def test_areas_are_those_of_the_datasets_own_codebook(tmp_path: Path, rows: tables.Tables) -> None:
    book = Path(dataset.__file__).parent.parent / "codebook" / "areas.toml"
    (tmp_path / "own.toml").write_text(book.read_text("utf-8").replace('"maritime"', '"rivers"'), "utf-8")
    dataset.write_dataset(rows, tmp_path / "data", codebook=tmp_path / "own.toml")
    passage = rows["passages"][0]["record_id"]
    assert correct(tmp_path / "data", (passage, "areas", "rivers")).passages["areas"][0] == "rivers"
    with pytest.raises(CatalogueError, match="no area 'maritime'"):
        correct(tmp_path / "data", (passage, "areas", "maritime"))


def test_an_actor_that_nobody_knows_is_applied_with_a_warning(folder: Path, rows: tables.Tables) -> None:
    record = rows["commitments"][0]["record_id"]
    data = correct(folder, (record, "party_ids", "NOPE;EU"), (record, "speaker", "name:Ada Varn"))
    assert data.commitments["party_ids"][0] == "NOPE;EU"
    assert data.warnings == ["corrections.csv, row 2: nobody else has the actor id NOPE; it was applied all the same."]
    assert "1 warnings" in repr(data) and "NOPE" in data._repr_html_()


def test_semicolons_may_stand_between_the_cells(folder: Path, rows: tables.Tables) -> None:
    record = rows["commitments"][0]["record_id"]
    (folder / "corrections.csv").write_text(f"record_id;field;value;who;why\n{record};stage;reaffirmed;me;read it\n", "utf-8")
    assert dataset.load_dataset(folder).commitments["stage"][0] == "reaffirmed"


def test_corrections_need_their_columns(folder: Path) -> None:
    (folder / "corrections.csv").write_text("record_id,field\n")
    with pytest.raises(CatalogueError, match="lacks the column value"):
        dataset.load_dataset(folder)
    (folder / "corrections.csv").write_text("record_id,field,value,who,why\nnonsense:x,stage,new,,\n")
    with pytest.raises(CatalogueError, match="row 2: 'nonsense:x' is not a record id"):
        dataset.load_dataset(folder)
