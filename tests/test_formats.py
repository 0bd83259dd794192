"""Tables as Parquet, CSV and JSON Lines, and back."""

import csv
from pathlib import Path

import fakes
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import dataset
from pipeline.dataset import schema, tables
from pipeline.dataset.formats import escape, frame, unescape
from pipeline.errors import SettingsError

NASTY = [
    "=1+1",
    "+49 30",
    "-dash",
    "@home",
    "\ttab",
    "\r\nline",
    " =HYPERLINK(1)",
    "'quoted'",
    "''",
    'say "so", then; go',
    "a\nb\rc\r\nd",
    "é ✓ 漢 🛰 \u2028",
    "nul \x00 inside",
    "",
    "NA",
    "null",
    "1",
    "true",
]


@pytest.fixture
def rows() -> tables.Tables:
    return tables.tables_of(fakes.analysis_of(fakes.TEXT))


@pytest.mark.parametrize("form", dataset.FORMATS)
def test_every_format_comes_back_the_same(rows: tables.Tables, tmp_path: Path, form: str) -> None:
    dataset.write_dataset(rows, tmp_path, formats=[form])
    data = dataset.load_dataset(tmp_path)
    for table in schema.TABLES:
        pd.testing.assert_frame_equal(data.table(table), frame(table, rows[table]))


@pytest.mark.parametrize("form", dataset.FORMATS)
def test_nasty_text_comes_back_the_same(rows: tables.Tables, tmp_path: Path, form: str) -> None:
    passage = rows["passages"][0]
    rows["passages"] = [passage | {"record_id": f"x:{i}-{i}:passage", "text": text} for i, text in enumerate(NASTY)]
    rows["passages"][0]["lead_in"] = "long " * 60_000
    dataset.write_dataset(rows, tmp_path, formats=[form])
    assert list(dataset.load_dataset(tmp_path).passages["text"]) == NASTY
    assert dataset.load_dataset(tmp_path).passages["lead_in"][0] == "long " * 60_000


def test_no_cell_of_a_csv_starts_a_formula(rows: tables.Tables, tmp_path: Path) -> None:
    rows["passages"] = [rows["passages"][0] | {"text": text} for text in NASTY]
    dataset.write_dataset(rows, tmp_path, formats=["csv"])
    with (tmp_path / "passages.csv").open(encoding="utf-8-sig", newline="") as file:
        assert not [cell for row in csv.reader(file) for cell in row if cell.lstrip().startswith(("=", "+", "-", "@"))]


@given(st.text())
def test_escape_can_be_undone(text: str) -> None:
    assert unescape(escape(text)) == text
    assert not escape(text).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_an_unknown_format_is_wrong_use(rows: tables.Tables, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="xlsx"):
        dataset.write_dataset(rows, tmp_path, formats=["xlsx"])
