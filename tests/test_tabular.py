"""Tables that people hand in, and the forms of dates and ids."""

from pathlib import Path

import pytest

from pipeline import tabular
from pipeline.errors import CatalogueError


def test_rows_count_as_in_a_spreadsheet_and_cells_keep_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes('\ufeffid;text\r\n\r\n1;"one\r\ntwo\u2028three"\r\n'.encode())
    assert tabular.records(path) == (["id", "text"], [(3, {"id": "1", "text": "one\r\ntwo\u2028three"})])


def test_json_lines_have_no_columns(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"id": 1}\r\n\n', "utf-8")
    assert tabular.records(tmp_path / "a.jsonl") == ([], [(1, {"id": 1})])


@pytest.mark.parametrize(
    ("content", "message"), [(b"\xff\xfe", "not UTF-8"), (b"\n", "is empty"), (b'a,b\n"x', "unclosed quotation mark")]
)
def test_what_cannot_be_read_is_named(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(CatalogueError) as caught:
        tabular.records(tmp_path / "a.csv")
    assert message in str(caught.value) and "a.csv" in str(caught.value)


@pytest.mark.parametrize(("text", "fits"), [("2025", True), ("2025-02-28", True), ("2025-02-30", False), ("yesterday", False)])
def test_dates(text: str, fits: bool) -> None:
    assert tabular.is_date(text) is fits


@pytest.mark.parametrize("text", ["EU", "3GPP", "EU_COUNCIL", "AFRICA_CDC", "name:Ada Varn"])
def test_ids_of_actors(text: str) -> None:
    assert tabular.is_actor_id(text)
    assert not tabular.is_actor_id(text.lower()) or text.startswith("name:")
