"""Makes the sample documents of `documents/` and `catalogue.csv` from the written texts in `sources/`.

    python corpus/build.py            # writes into corpus/
    python corpus/build.py FOLDER     # writes elsewhere, to compare

The bytes depend on the sources alone: dates and ids are fixed and nothing is compressed, so that the hashes of the documents,
and with them all record ids, stay the same from one build to the next.

A source is Markdown of a small kind: front matter; `#` headings; numbered paragraphs ("12. ", "3.2 "); items ("- ", "(a) ");
table rows ("| "); quotations ("> "); footnotes ("[^1]"); tracked changes ("{+added+}", "{-deleted-}"); and a line "=== fr"
where another language begins.
"""

from __future__ import annotations

import csv
import re
import sys
import textwrap
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
COLUMNS = ("key", "file", "url", "title", "date", "publisher", "doc_type", "parties", "legal_status", "note")
#: The kinds of lines in a source: name and pattern with the groups `number` and `text`.
LINES = (
    ("heading", re.compile(r"(?P<number>#{1,3}) (?P<text>.*)")),
    ("paragraph", re.compile(r"(?P<number>\d+\.\d+|\d+\.) (?P<text>.*)")),
    ("item", re.compile(r"(?P<number>-|\([a-z]\)| +\d+\.) (?P<text>.*)")),
    ("row", re.compile(r"(?P<number>\|) (?P<text>.*) \|")),
    ("quote", re.compile(r"(?P<number>>) (?P<text>.*)")),
    ("note", re.compile(r"\[\^(?P<number>\d+)\]: (?P<text>.*)")),
    ("language", re.compile(r"(?P<number>===) (?P<text>\w+)")),
)


@dataclass(frozen=True)
class Part:
    """One line of a source: its kind (see `LINES`), text, number or mark as written, and heading level."""

    kind: str
    text: str
    number: str = ""
    level: int = 0


@dataclass(frozen=True)
class Written:
    """A source: its front matter, its parts in order, its footnotes by number, and the body as written."""

    meta: dict[str, str]
    parts: list[Part]
    notes: dict[str, str] = field(default_factory=dict)
    body: str = ""


def load(path: Path) -> Written:
    _, front, body = path.read_text("utf-8").split("---\n", 2)
    meta = {name: value.strip().strip('"') for name, value in (line.split(":", 1) for line in front.splitlines())}
    parts = [part_of(line) for line in body.splitlines() if line.strip()]
    notes = {part.number: part.text for part in parts if part.kind == "note"}
    return Written(meta, [part for part in parts if part.kind != "note"], notes, body.lstrip())


def part_of(line: str) -> Part:
    for kind, pattern in LINES:
        if found := pattern.fullmatch(line):
            number = found["number"].strip()
            return Part(kind, found["text"], number, len(number) if kind == "heading" else 0)
    return Part("paragraph", line)


def as_text(written: Written) -> str:
    """The body without marks of Markdown, headings as lines of their own."""
    return re.sub(r"^#+ |^\*|\*$", "", written.body, flags=re.M)


def text_cp1252(written: Written) -> bytes:
    return as_text(written).replace("\n", "\r\n").encode("cp1252")


def text_wrapped(written: Written) -> bytes:
    paragraphs = as_text(written).split("\n\n")
    return "\n\n".join(textwrap.fill(p, 78, break_on_hyphens=False) for p in paragraphs).encode() + b"\n"


def markdown(written: Written) -> bytes:
    names = ("title", "date", "publisher", "url")
    front = "".join(f'{name}: "{written.meta[name]}"\n' for name in names)
    return f"---\n{front}---\n\n{written.body}".encode()


def document(written: Written) -> bytes:
    """The bytes of one sample document in the layout that its front matter names."""
    layout = written.meta["layout"]
    if layout.startswith("pdf-"):
        from as_pdf import pdf

        return pdf(written)
    if layout.startswith("html-"):
        from as_html import html

        return html(written)
    if layout == "docx":
        from as_docx import docx

        return docx(written)
    return {"text": text_wrapped, "text-cp1252": text_cp1252, "markdown": markdown}[layout](written)


def sources() -> list[Written]:
    return [load(path) for path in sorted((HERE / "sources").glob("*.md"))]


def write_catalogue(path: Path, all_written: list[Written]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        for written in all_written:
            writer.writerow({**written.meta, "file": f"documents/{written.meta['file']}"})


def build(folder: Path) -> list[Path]:
    """Writes all documents and the catalogue into `folder`; returns the documents' paths."""
    (folder / "documents").mkdir(parents=True, exist_ok=True)
    all_written, made = sources(), []
    for written in all_written:
        made.append(folder / "documents" / written.meta["file"])
        made[-1].write_bytes(document(written))
    write_catalogue(folder / "catalogue.csv", all_written)
    return made


if __name__ == "__main__":
    for made in build(Path(sys.argv[1]) if sys.argv[1:] else HERE):
        print(f"{made.stat().st_size:>9,}  {made.name}")
