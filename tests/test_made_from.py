"""Whether a page still shows what the tables hold."""

from pathlib import Path

from reports import AREAS, three

from pipeline.dataset import load_dataset
from pipeline.dataset.made_from import is_current, mark
from pipeline.report import write_report


def test_a_report_is_current_until_tables_or_corrections_change(tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    data = three(tmp_path)
    assert not is_current(page, tmp_path)
    write_report(data, page, area_names=AREAS)
    assert is_current(page, tmp_path)
    (tmp_path / "corrections.csv").write_text("record_id,field,value,who,why\n", "utf-8")
    assert not is_current(page, tmp_path)
    write_report(load_dataset(tmp_path), page, area_names=AREAS)
    assert is_current(page, tmp_path)
    (tmp_path / "datapackage.json").write_text("{}", "utf-8")
    assert not is_current(page, tmp_path)


def test_a_report_of_some_documents_is_never_taken_for_the_whole(tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    write_report(three(tmp_path), page, area_names=AREAS, only=["draft"])
    assert not is_current(page, tmp_path)


def test_an_empty_folder_has_a_mark(tmp_path: Path) -> None:
    assert mark(tmp_path) == mark(tmp_path) != ""
