"""The workbook as Excel gets it: read back with openpyxl and looked into as XML."""

import zipfile
from pathlib import Path

import exports
import fakes
import pytest
from openpyxl import load_workbook

from pipeline.dataset import Dataset, load_dataset, schema
from pipeline.export import export, xlsx


@pytest.fixture
def data(tmp_path: Path) -> Dataset:
    return exports.make(tmp_path / "data", fakes.TEXT, exports.ODD)


def test_a_sheet_a_table_with_its_values(data: Dataset, tmp_path: Path) -> None:
    export(data, "xlsx", tmp_path / "d.xlsx")
    book = load_workbook(tmp_path / "d.xlsx")
    assert book.sheetnames == ["about", "columns", *schema.TABLES, "notes"]
    for table in schema.TABLES:
        rows = list(book[table].values)
        assert rows[0] == schema.NAMES[table] and len(rows) == len(data.table(table)) + 1
    commitments = book["commitments"]
    assert commitments.freeze_panes == "D2" and commitments.auto_filter.ref.endswith(str(len(data.commitments) + 1))
    text = dict(zip(schema.NAMES["passages"], list(book["passages"].values)[1], strict=True))
    assert text["text"] == data.passages["text"][0] and text["start"] == data.passages["start"][0]
    assert text["residue"] is False and text["page"] is None
    assert {row[1] for row in book["columns"].values} >= set(schema.NAMES["commitments"])


def test_no_text_is_a_formula(data: Dataset, tmp_path: Path) -> None:
    export(data, "xlsx", tmp_path / "d.xlsx")
    cells = [c for row in load_workbook(tmp_path / "d.xlsx")["passages"].rows for c in row if str(c.value).startswith("=")]
    assert cells and all(c.data_type == "s" and c.quotePrefix for c in cells)
    with zipfile.ZipFile(tmp_path / "d.xlsx") as archive:
        assert not any(b"<f>" in archive.read(n) for n in archive.namelist() if n.startswith("xl/worksheets/"))


def test_what_a_cell_cannot_hold_is_noted(data: Dataset, tmp_path: Path) -> None:
    frame = data.documents.copy()
    frame.loc[0, "title"] = "🎉" * 20_000
    frame.loc[1, "title"] = "bell\x07 rings"
    frame.to_parquet(data.folder / "documents.parquet")
    done = export(load_dataset(data.folder), "xlsx", tmp_path / "d.xlsx")
    book = load_workbook(tmp_path / "d.xlsx")
    titles = [row[schema.NAMES["documents"].index("title")] for row in book["documents"].values][1:]
    assert titles[0].endswith(xlsx.CUT) and len(titles[0].encode("utf-16-le")) // 2 <= xlsx.CELL
    assert titles[1] == "bell� rings"
    notes = list(book["notes"].values)[1:]
    assert [n[:3] for n in notes] == [("documents", r, "title") for r in frame["record_id"]]
    assert "20000 characters" in notes[0][3] and "2 cells" in done.notes[0]


def test_a_table_longer_than_a_sheet_goes_on(data: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "ROWS", 20)  # the header and nineteen rows
    long = exports.make(tmp_path / "long", "Arvenia. " * 30)
    export(long, "xlsx", tmp_path / "d.xlsx")
    book = load_workbook(tmp_path / "d.xlsx")
    assert (book["mentions"].max_row, book["mentions 2"].max_row) == (20, 12)
    assert any("mentions 2" in str(row[3]) for row in book["notes"].values)
