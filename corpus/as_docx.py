"""A source as a Word file, from the parts in `sources/templates/word`, so that nothing in it depends on a library's version.

What a reader sees and the text does not hold: the numbers of headings ("3."), paragraphs ("3.2") and items ("(b)") come from
`numbering.xml`. The file also has a table, footnotes, tracked changes, a comment, a header and a footer.
"""

from __future__ import annotations

import io
import re
import zipfile
from itertools import groupby
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from build import Part, Written

TEMPLATES = Path(__file__).resolve().parent / "sources" / "templates" / "word"
#: The file of each part in the package, first the one that readers of the format look for first.
PARTS = {
    "[Content_Types].xml": "content-types.xml",
    "_rels/.rels": "package.rels",
    "docProps/core.xml": "core.xml",
    "word/_rels/document.xml.rels": "document.rels",
    **{f"word/{name}": name for name in ("document.xml", "styles.xml", "numbering.xml", "settings.xml")},
    **{f"word/{name}": name for name in ("footnotes.xml", "comments.xml", "header1.xml", "footer1.xml")},
}
#: Who changed the text, and when: fixed, as the date of the files in the package is.
CHANGE = 'w:author="Secretariat" w:date="2025-09-22T10:00:00Z"'
PACKED = (2025, 9, 30, 0, 0, 0)
MARKS = re.compile(r"(\{\+.*?\+\}|\{-.*?-\}|\[\^\d+\])")
RAISED = '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
BOLD = "<w:rPr><w:b/></w:rPr>"


def run(text: str, *, look: str = "", tag: str = "t") -> str:
    return f'<w:r>{look}<w:{tag} xml:space="preserve">{escape(text)}</w:{tag}></w:r>'


def runs(text: str) -> str:
    """The runs of one paragraph, with insertions, deletions and footnote references."""
    out = []
    for piece in MARKS.split(text):
        mark = f'w:id="{900 + len(text) + len(out)}" {CHANGE}'
        if piece.startswith("{+"):
            out.append(f"<w:ins {mark}>{run(piece[2:-2])}</w:ins>")
        elif piece.startswith("{-"):
            out.append(f"<w:del {mark}>{run(piece[2:-2], tag='delText')}</w:del>")
        elif piece.startswith("[^"):
            out.append(f'<w:r>{RAISED}<w:footnoteReference w:id="{piece[2:-1]}"/></w:r>')
        elif piece:
            out.append(run(piece))
    return "".join(out)


def paragraph(text: str, *, style: str = "Normal", level: int | None = None, comment: bool = False) -> str:
    numbering = "" if level is None else f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>'
    inside = runs(text)
    if comment:
        reference = '<w:r><w:commentReference w:id="0"/></w:r>'
        inside = f'<w:commentRangeStart w:id="0"/>{inside}<w:commentRangeEnd w:id="0"/>{reference}'
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{numbering}</w:pPr>{inside}</w:p>'


def table(rows: list[Part]) -> str:
    sides = "".join(f'<w:{side} w:val="single" w:sz="4" w:color="808080"/>' for side in ("top", "bottom", "insideH"))
    width = '<w:tcPr><w:tcW w:w="2268" w:type="dxa"/></w:tcPr>'
    lines = []
    for n, row in enumerate(rows):
        cells = (run(cell.strip(), look="" if n else BOLD) for cell in row.text.split("|"))
        lines.append("<w:tr>" + "".join(f"<w:tc>{width}<w:p>{cell}</w:p></w:tc>" for cell in cells) + "</w:tr>")
    grid = "<w:tblGrid>" + '<w:gridCol w:w="2268"/>' * len(rows[0].text.split("|")) + "</w:tblGrid>"
    return f"<w:tbl><w:tblPr><w:tblBorders>{sides}</w:tblBorders></w:tblPr>{grid}{''.join(lines)}</w:tbl><w:p/>"


def block(part: Part) -> str:
    """A heading or paragraph; what Word numbers itself loses its number here."""
    if part.kind == "heading" and part.level == 1:
        return paragraph(part.text, style="Title")
    if part.kind == "heading":
        return paragraph(re.sub(r"^\d+\. ", "", part.text), style="Heading1")
    level = {"paragraph": 1 if part.number else None, "item": 2}[part.kind]
    return paragraph(part.text, level=level, comment=part.number == "5.2")


def body(written: Written) -> str:
    out = [paragraph(written.parts[0].text, style="Notice")]
    for kind, group in groupby(written.parts[1:], key=lambda part: part.kind):
        parts = list(group)
        out += [table(parts)] if kind == "row" else [block(part) for part in parts]
    return "\n".join([*out, paragraph(written.meta["place"])])


def notes(written: Written) -> str:
    head = f'<w:p><w:pPr><w:pStyle w:val="Small"/></w:pPr><w:r>{RAISED}<w:footnoteRef/></w:r>'
    return "\n".join(f'<w:footnote w:id="{n}">{head}{run(" " + text)}</w:p></w:footnote>' for n, text in written.notes.items())


def docx(written: Written) -> bytes:
    values = {key: escape(value) for key, value in written.meta.items()} | {"body": body(written), "notes": notes(written)}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, file in PARTS.items():
            text = Template((TEMPLATES / file).read_text("utf-8")).substitute(values)
            archive.writestr(zipfile.ZipInfo(name, PACKED), text)
    return buffer.getvalue()
