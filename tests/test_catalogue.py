"""Catalogues: what is read, and that every error says where it is and what to do."""

from pathlib import Path

import pytest

from pipeline.errors import CatalogueError
from pipeline.ingest.catalogue import Entry, read_catalogue


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/pact.txt").write_text("Pact")
    return tmp_path


def write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "catalogue.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_rows_become_entries(folder: Path) -> None:
    path = write(
        folder,
        "key,file,url,title,date,publisher,doc_type,parties,legal_status,note\n"
        'xaa-eu,docs/pact.txt,https://example.org/pact,"Pact, signed",2025-05,Arvenia,agreement, XAA ; EU,non_binding,\n'
        "\n,,https://example.org/later,,,,,,,\n",
    )
    first, second = read_catalogue(path)
    assert first == Entry(
        key="xaa-eu",
        file=str(folder / "docs/pact.txt"),
        url="https://example.org/pact",
        title="Pact, signed",
        date="2025-05",
        publisher="Arvenia",
        doc_type="agreement",
        parties="XAA;EU",
        legal_status="non_binding",
    )
    assert second == Entry(url="https://example.org/later")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_separators_and_byte_order_marks(folder: Path, separator: str, encoding: str) -> None:
    text = f"key{separator}FILE\r\na{separator}docs/pact.txt\r\n"
    assert [e.key for e in read_catalogue(write(folder, text, encoding))] == ["a"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is empty"),
        ("key,title\na,b\n", "neither a column file nor url"),
        ("file,colour\ndocs/pact.txt,red\n", "row 1, column colour"),
        ("file,file\ndocs/pact.txt,x\n", "stands twice"),
        ("key,file,url\na,docs/pact.txt,\nb,,\n", "row 3, column file: is empty"),
        ("key,file\na,docs/pact.txt\n\na,docs/pact.txt\n", "row 4, column key: 'a' stands in row 2"),
        ("file,date\ndocs/pact.txt,19 May 2025\n", "row 2, column date"),
        ("file,date\ndocs/pact.txt,2025-02-30\n", "row 2, column date"),
        ("file,doc_type\ndocs/pact.txt,memo\n", "row 2, column doc_type.*press_release"),
        ("file,legal_status\ndocs/pact.txt,soft\n", "row 2, column legal_status.*non_binding"),
        ("file,title\ndocs/pact.txt,Pact, signed\n", "row 2: 3 cells under 2 columns"),
        ('file,title\ndocs/pact.txt,"Pact\n', "not valid CSV"),
    ],
)
def test_errors_say_where_and_what_to_do(folder: Path, text: str, says: str) -> None:
    with pytest.raises(CatalogueError, match=says) as caught:
        read_catalogue(write(folder, text))
    assert "catalogue.csv" in caught.value.message
    assert caught.value.advice


def test_files_that_cannot_be_read(folder: Path) -> None:
    with pytest.raises(CatalogueError, match="cannot be read"):
        read_catalogue(folder / "nowhere.csv")
    with pytest.raises(CatalogueError, match="not UTF-8"):
        read_catalogue(write(folder, "file\ndocs/pact.txt\n# é", "latin-1"))
