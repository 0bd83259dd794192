"""Tells whether a file is an earlier export, by what only an export of its format holds: nothing else is ever written over."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

#: First line of a bibliography; BibTeX and its like pass over what stands between entries.
BIBTEX = "% Sources of a Pactscope dataset"
#: By suffix, bytes that every export of the format holds; of a workbook its list of sheets, of a DocBin the unpacked bytes.
_MARKS = {
    ".bib": (BIBTEX.encode(),),
    ".conllu": (b"# newdoc id = ", b"# settings_id = "),
    ".json": (b'"custom"', b'"doc_id"', b'"legal_status"'),
    ".spacy": (b"span_groups", b"settings_id", b"legal_status"),
    ".xlsx": (b'name="about"', b'name="columns"', b'name="commitments"', b'name="failures"'),
}


def is_export(path: Path, suffix: str) -> bool:
    """Whether the file at `path` was exported in the format of `suffix`; an empty file or list counts, having nothing to lose.

    Raises:
        OSError: it cannot be read.
    """
    content = _content(path)
    if path.suffix != suffix or content is None:
        return False
    return content.strip() in (b"", b"[]") or all(mark in content for mark in _MARKS[suffix])


def _content(path: Path) -> bytes | None:
    """What tells the format; None if the file is not of its form."""
    try:
        if path.suffix == ".xlsx" and path.stat().st_size:
            with zipfile.ZipFile(path) as book:
                return book.read("xl/workbook.xml")
        content = path.read_bytes()
        return zlib.decompress(content) if path.suffix == ".spacy" and content else content
    except (zipfile.BadZipFile, zlib.error, KeyError):
        return None
