"""Which reader a file goes to, and one clear error for each file that cannot be read."""

import io
import zipfile
from pathlib import Path

import pytest

from pipeline import ingest
from pipeline.errors import ReadError
from pipeline.ingest.decoding import decode


def zipped(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "<xml/>")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "media_type"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "a.txt", ingest.PDF),
        (b"\r\n\x00junk before\x01%PDF-1.4\n%\xe2\xe3 1 0 obj", "a", ingest.PDF),
        (zipped("[Content_Types].xml", "word/document.xml"), "a.pdf", ingest.DOCX),
        (b"<!DOCTYPE html><html><body><p>Text</p></body></html>", "a.txt", ingest.HTML),
        (b"\xef\xbb\xbf  <!-- saved --> <HTML><BODY>Text</BODY></HTML>", "a", ingest.HTML),
        (b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><body/></html>", "a.xml", ingest.HTML),
        (b"<script src='x.js'></script>\n<p>Text of a part of a page.</p>", "embed.html", ingest.HTML),
        ("<html><body>Text</body></html>".encode("utf-16"), "a.html", ingest.HTML),
        (b"Title\n\nSome words.", "a.md", ingest.MARKDOWN),
        (b"# Title\n\nSome words.", "a", ingest.MARKDOWN),
        (b"---\ntitle: A\n---\n\nSome **bold** words.", "a", ingest.MARKDOWN),
        (b"The Parties meet.\nThey talk about <html> and %PDF- files.", "a.txt", ingest.PLAIN),
        ("Les Parties décident.".encode("cp1252"), "a.txt", ingest.PLAIN),
        ("The Parties decide.".encode("utf-16"), "a.txt", ingest.PLAIN),
    ],
)
def test_format_is_told_by_the_content(data: bytes, name: str, media_type: str) -> None:
    assert ingest.detect(data, name) == media_type


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b" \n\xef\xbb\xbf\t", "is empty"),
        (b"\x00" * 100, "is empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "an old Word"),
        (b"{\\rtf1 text}", "a rich text file"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "a PNG image"),
        (b"\xff\xd8\xff\xe0" + bytes(50), "a JPEG image"),
        (zipped("xl/workbook.xml"), "an Excel workbook"),
        (zipped("photo.jpg"), "a zip archive"),
        (zipped("word/document.xml")[:60], "damaged or truncated"),
        (bytes(range(256)) * 20, "binary file"),
    ],
)
def test_what_cannot_be_read_is_named(data: bytes, words: str) -> None:
    with pytest.raises(ReadError, match=words) as caught:
        ingest.detect(data, "thing.txt")
    assert caught.value.advice and "thing.txt" in str(caught.value)


def test_missing_files_folders_and_paths(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="no file"):
        ingest.read(tmp_path / "none.txt")
    with pytest.raises(ReadError, match="is a folder"):
        ingest.read(tmp_path)
    with pytest.raises(ReadError, match="no file or folder"):
        ingest.find_files([tmp_path / "none"])


def test_read_keeps_the_path_and_hash(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("The Parties will meet each year.")
    source = ingest.read(path)
    assert (source.name, source.path, source.media_type) == ("a.txt", str(path), ingest.PLAIN)
    assert len(source.sha256) == 64


def test_find_files_skips_hidden_files_and_read_me(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.md", "a/README.md", ".git/config", "a/.hidden", "a/picture.png"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    found = ingest.find_files([tmp_path, tmp_path / "b.txt"])
    assert [str(p.relative_to(tmp_path)) for p in found] == ["a/picture.png", "a/z.md", "b.txt"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_decoding(encoding: str) -> None:
    words = "“Coopération” of Zürich – at 5 € a head, agreed by the Parties.\r\nAnd more.\rEnd."
    text, notes = decode(words.encode(encoding))
    assert text == words.replace("\r\n", "\n").replace("\r", "\n") and not notes


def test_a_guessed_encoding_is_noted() -> None:
    words = "Страны договорились о сотрудничестве в области безопасности и обороны. " * 8
    text, notes = decode(words.encode("koi8-r"))
    assert "Страны" in text and [n.code for n in notes] == ["encoding_guessed"]
