"""A dataset as a researcher loads it."""

from pathlib import Path

import fakes
import pandas as pd
import pytest

from pipeline import batch, dataset
from pipeline.dataset import schema, tables
from pipeline.errors import StoreError


@pytest.fixture
def rows() -> tables.Tables:
    return tables.tables_of(fakes.analysis_of(fakes.TEXT))


@pytest.fixture
def folder(tmp_path: Path, rows: tables.Tables) -> Path:
    dataset.write_dataset(rows, tmp_path / "data")
    return tmp_path / "data"


def test_a_folder_without_dataset_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no dataset"):
        dataset.load_dataset(tmp_path)


def test_a_damaged_table_is_an_error(folder: Path) -> None:
    (folder / "passages.parquet").write_bytes(b"damaged")
    with pytest.raises(StoreError, match=r"passages\.parquet"):
        assert dataset.load_dataset(folder).passages is not None


def test_joins_keep_every_row(folder: Path) -> None:
    data = dataset.load_dataset(folder)
    commitments = data.commitments_with_context()
    assert len(commitments) == len(data.commitments)
    assert commitments["passage_text"][0].startswith("1. Arvenia")
    assert commitments["passage_lead_in"][2] == "2. The Parties:"
    assert set(commitments["date"]) == {"2025-05-19"}
    passages = data.passages_with_tags()
    assert len(passages) == len(data.passages) + 1  # one passage has two areas
    assert list(passages["area"][:3]) == ["maritime", "peacebuilding", ""]


def test_an_analysis_has_the_frames_of_a_dataset(folder: Path) -> None:
    frames = dataset.frames_of(fakes.analysis_of(fakes.TEXT))
    pd.testing.assert_frame_equal(frames["commitments"], dataset.load_dataset(folder).commitments)


def test_a_run_is_written_once_and_again_in_other_formats(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(fakes.TEXT)
    out = tmp_path / "out"
    batch.run([batch.Job(tmp_path / "a.txt")], out, make_analyser=fakes.make, settings_id=fakes.SETTINGS)
    assert dataset.build(out, formats=["csv", "jsonl"])
    assert not dataset.build(out, formats=["csv", "jsonl"])
    assert dataset.build(out, formats=["parquet"])
    assert sorted(p.stem for p in out.glob("*.parquet")) == sorted(schema.TABLES)
    assert not list(out.glob("*.csv")) and not list(out.glob("*.jsonl"))
    (out / "tags.parquet").unlink()
    assert dataset.build(out)


def test_a_folder_without_run_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no run"):
        dataset.build(tmp_path / "none")


def test_other_programs_read_the_tables(folder: Path) -> None:
    assert list(pd.read_parquet(folder / "commitments.parquet").columns) == list(schema.NAMES["commitments"])


def test_fora_and_conditions_of_a_dataset(folder: Path) -> None:
    data = dataset.load_dataset(folder)
    assert data.mechanism_table()["forum"].tolist() == data.mechanisms["text"].tolist() == ["dialogue on maritime security"]
    assert data.instruments.empty and data.condition_table().empty and data.condition_counts().empty
