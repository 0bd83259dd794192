"""From files to `Source` records: the format is told by the content, then one reader per format."""

from __future__ import annotations

import dataclasses
import importlib
import io
import re
import zipfile
from collections.abc import Iterable
from pathlib import Path, PurePath

from pipeline.errors import ReadError
from pipeline.ingest.decoding import decode, looks_binary
from pipeline.records import Source

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
HTML = "text/html"
MARKDOWN = "text/markdown"
PLAIN = "text/plain"

#: The reader of each media type; loaded when first needed, because some load heavy libraries.
READERS = {
    PDF: "pipeline.ingest.pdf",
    DOCX: "pipeline.ingest.docx",
    HTML: "pipeline.ingest.html",
    MARKDOWN: "pipeline.ingest.text",
    PLAIN: "pipeline.ingest.text",
}
_SUPPORTED = "Supported are HTML, PDF, DOCX, Markdown and plain text."
#: First bytes of formats that people pass by mistake, what they are, and what to do.
_OTHERS = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Word, Excel or PowerPoint file", "Save it as DOCX or PDF."),
    (b"{\\rtf", "a rich text file", "Save it as DOCX or PDF."),
    (b"\x89PNG", "a PNG image", "Run text recognition (OCR) and save the result as PDF."),
    (b"\xff\xd8\xff", "a JPEG image", "Run text recognition (OCR) and save the result as PDF."),
    (b"GIF8", "a GIF image", "Run text recognition (OCR) and save the result as PDF."),
    (b"II*\x00", "a TIFF image", "Run text recognition (OCR) and save the result as PDF."),
    (b"MM\x00*", "a TIFF image", "Run text recognition (OCR) and save the result as PDF."),
    (b"RIFF", "an image, sound or film", _SUPPORTED),
    (b"\x1f\x8b", "a gzip archive", "Unpack it first."),
    (b"BZh", "a bzip2 archive", "Unpack it first."),
    (b"7z\xbc\xaf", "a 7-Zip archive", "Unpack it first."),
    (b"Rar!", "a RAR archive", "Unpack it first."),
    (b"%!PS", "a PostScript file", "Convert it to PDF."),
    (b"SQLite format 3", "a database", _SUPPORTED),
    (b"PAR1", "a Parquet table", _SUPPORTED),
)
_HTML_SIGNS = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*(?:<!doctype\s+html|<(?:html|head|body|title|script|style|article|main|section|div|"
    r"h1|p|table|link)\b[^>]*>)",
    re.I | re.S,
)
_HTML_TAGS = re.compile(r"</(?:p|div|h[1-6]|li|ul|body|html|a|table|span)\s*>", re.I)


def detect(data: bytes, name: str) -> str:
    """The media type of a file, one of the keys of `READERS`, told by its content; the name decides only between text formats.

    Raises:
        ReadError: if the file is empty or of a format that cannot be read; the message says what it looks like.
    """
    if not data.strip(b"\x00\t\n\r\x0b\x0c \xef\xbb\xbf"):
        raise ReadError(f"{name} is empty.", advice="Check that it was downloaded or saved completely.")
    if b"%PDF-" in data[:1024] and (data.startswith(b"%PDF-") or not _text_before_pdf(data)):
        return PDF
    if data.startswith(b"PK\x03\x04"):
        return _zip_type(data, name)
    for magic, what, advice in _OTHERS:
        if data.startswith(magic):
            raise ReadError(f"{name} is {what}.", advice=advice)
    if looks_binary(data):
        raise ReadError(f"{name} is a binary file of an unknown format.", advice=_SUPPORTED)
    return _text_type(data, name)


def read(path: Path | str) -> Source:
    """Reads one file.

    Raises:
        ReadError: if it is missing, a folder, not allowed to be read, empty, or of a format or state that cannot be read.
    """
    path = Path(path)
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise ReadError(f"There is no file {path}.", advice="Check the path.") from error
    except IsADirectoryError as error:
        advice = "Name one document; 'pactscope run FOLDER --out DIR' reads all that are in it."
        raise ReadError(f"{path} is a folder.", advice=advice) from error
    except OSError as error:
        raise ReadError(f"{path} cannot be read: {error.strerror or error}.", advice="Check its permissions.") from error
    return dataclasses.replace(read_bytes(data, path.name), path=str(path))


def read_bytes(data: bytes, name: str) -> Source:
    """Reads a file's bytes; `name` is its file name, for messages and to tell text from Markdown.

    Raises:
        ReadError: if it is empty, or of a format or state that cannot be read.
    """
    reader = importlib.import_module(READERS[detect(data, name)])
    source: Source = reader.read(data, name)
    return source


def find_files(paths: Iterable[Path | str]) -> list[Path]:
    """The files to read: the files named, and those in the folders named, at any depth.

    Within folders, hidden files and folders (a leading dot) and files named README are skipped; nothing else is, so that a file
    of an unknown format shows up as a failure instead of being lost. Sorted within each folder; nothing twice.

    Raises:
        ReadError: if a path does not exist.
    """
    found: dict[Path, None] = {}
    for path in map(Path, paths):
        if not path.exists():
            raise ReadError(f"There is no file or folder {path}.", advice="Check the path.")
        if not path.is_dir():
            found[path] = None
            continue
        inside = (p for p in sorted(path.rglob("*")) if p.is_file() and not _skipped(p.relative_to(path)))
        found.update(dict.fromkeys(inside))
    return list(found)


def _skipped(relative: Path) -> bool:
    return any(part.startswith(".") for part in relative.parts) or relative.stem.upper() == "README"


def _text_before_pdf(data: bytes) -> bool:
    """Whether the words before `%PDF-` are those of a text that only speaks of the format."""
    before = data[: data.index(b"%PDF-")]
    return not looks_binary(data) and b"%%EOF" not in data[-2048:] and bool(before.strip())


def _zip_type(data: bytes, name: str) -> str:
    try:
        names = set(zipfile.ZipFile(io.BytesIO(data)).namelist())
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise ReadError(f"{name} is a damaged or truncated Word file or archive.", advice="Get it again.") from error
    if "word/document.xml" in names or (any(n.startswith("word/document") for n in names) and "[Content_Types].xml" in names):
        return DOCX
    kinds = {
        "xl/workbook.xml": "an Excel workbook",
        "ppt/presentation.xml": "a PowerPoint file",
        "content.xml": "an OpenDocument file",
    }
    what = next((kind for part, kind in kinds.items() if part in names), "a zip archive")
    advice = "Unpack it first." if what == "a zip archive" else "Save it as DOCX or PDF."
    raise ReadError(f"{name} is {what}.", advice=advice)


def _text_type(data: bytes, name: str) -> str:
    from pipeline.ingest.text import is_markdown

    head, _ = decode(data[:60000] if b"\x00" in data[:4] else _whole_characters(data))
    if PurePath(name).suffix.lower() not in (".md", ".markdown") and _is_html(head, name):
        return HTML
    return MARKDOWN if is_markdown(head, name) else PLAIN


def _whole_characters(data: bytes) -> bytes:
    """The first 60 kB, cut at a line end so that no character is cut in two."""
    return data if len(data) <= 60000 else data[: data.rfind(b"\n", 0, 60000) + 1] or data


def _is_html(head: str, name: str) -> bool:
    if _HTML_SIGNS.match(head):
        return True
    tags = len(_HTML_TAGS.findall(head))
    named = PurePath(name).suffix.lower() in (".html", ".htm", ".xhtml")
    opened = bool(re.search(r"<(?:html|body)\b", head[:2000], re.I))
    return tags > (0 if named or opened else 20)
