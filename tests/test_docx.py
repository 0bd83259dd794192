"""Word files, made here: numbers as a reader sees them, tracked changes, notes, tables, boxes, fields; and files that fail."""

import io
import zipfile
from pathlib import Path

import docx as python_docx
import pytest

from pipeline.errors import ReadError
from pipeline.ingest import docx
from pipeline.ingest.docx_parts import format_number
from pipeline.records import Line, Source

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
STYLES = """
<w:style w:type="paragraph" w:default="1" w:styleId="N"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="T"><w:name w:val="Title"/></w:style>
<w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/>
 <w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="H2"><w:name w:val="heading 2"/><w:basedOn w:val="H1"/>
 <w:pPr><w:numPr><w:ilvl w:val="1"/></w:numPr></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Q"><w:name w:val="Quote"/></w:style>
"""


def level(at: int, kind: str, text: str, start: int = 1, more: str = "") -> str:
    return f'<w:lvl w:ilvl="{at}"><w:start w:val="{start}"/><w:numFmt w:val="{kind}"/>{more}<w:lvlText w:val="{text}"/></w:lvl>'


NUMBERING = f"""
<w:abstractNum w:abstractNumId="0">{level(0, "upperRoman", "%1.")}{level(1, "decimal", "%1.%2", more="<w:isLgl/>")}
</w:abstractNum>
<w:abstractNum w:abstractNumId="1">{level(0, "decimal", "%1.")}{level(1, "lowerLetter", "(%2)")}{level(2, "lowerRoman", "%3.")}
</w:abstractNum>
<w:abstractNum w:abstractNumId="2">{level(0, "bullet", "•")}</w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="2"/></w:num>
<w:num w:numId="4"><w:abstractNumId w:val="1"/>
 <w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride></w:num>
"""


def make(body: str, *, footnotes: str = "", styles: str = STYLES, numbering: str = NUMBERING) -> bytes:
    """A Word file of the given body, with the styles and lists above."""
    roots = {"document": f"<w:body>{body}</w:body>", "styles": styles, "numbering": numbering, "footnotes": footnotes}
    links = "".join(f'<Relationship Id="r{k}" Type="{OFFICE}/{k}" Target="{k}.xml"/>' for k in roots if k != "document")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        main = f'<Relationship Id="r" Type="{OFFICE}/officeDocument" Target="word/document.xml"/>'
        archive.writestr("_rels/.rels", f'<Relationships xmlns="{PACKAGE}">{main}</Relationships>')
        archive.writestr("word/_rels/document.xml.rels", f'<Relationships xmlns="{PACKAGE}">{links}</Relationships>')
        for name, content in roots.items():
            archive.writestr(f"word/{name}.xml", f"<w:{name} {W}>{content}</w:{name}>")
    return buffer.getvalue()


def p(text: str, *, style: str = "", num: int = 0, at: int = 0) -> str:
    properties = f'<w:pStyle w:val="{style}"/>' if style else ""
    properties += f'<w:numPr><w:ilvl w:val="{at}"/><w:numId w:val="{num}"/></w:numPr>' if num else ""
    runs = text if text.startswith("<") else f"<w:r><w:t>{text}</w:t></w:r>"
    return f"<w:p><w:pPr>{properties}</w:pPr>{runs}</w:p>"


def r(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def texts(source: Source) -> list[str]:
    page = source.pages[0]
    return [page.text[line.start : line.end] for line in page.lines]


def read(body: str, **parts: str) -> list[str]:
    return texts(docx.read(make(body, **parts), "pact.docx"))


def lines(body: str) -> tuple[Line, ...]:
    return docx.read(make(body), "pact.docx").pages[0].lines


def test_heading_numbers_come_from_styles_and_restart() -> None:
    body = p("Pact", style="T") + "".join(
        p(t, style=s) for t, s in [("Aims", "H1"), ("Peace", "H2"), ("Sea", "H2"), ("Means", "H1"), ("Talks", "H2")]
    )
    assert read(body) == ["Pact", "I. Aims", "1.1 Peace", "1.2 Sea", "II. Means", "2.1 Talks"]
    assert [(line.kind, line.level, line.number) for line in lines(body)][:3] == [
        ("heading", 1, ""),
        ("heading", 2, "I."),
        ("heading", 3, "1.1"),
    ]


def test_lists_resume_nest_and_start_over() -> None:
    body = p("One.", num=2) + p("first", num=2, at=1) + p("deep", num=2, at=2) + p("second", num=2, at=1)
    body += p("dash", num=3) + p("Two.", num=2) + p("anew", num=2, at=1) + p("Other list.", num=4) + p("On.", num=4)
    got = read(body)
    assert got == ["1. One.", "(a) first", "i. deep", "(b) second", "dash", "2. Two.", "(a) anew", "7. Other list.", "8. On."]
    assert [line.kind for line in lines(body)][:6] == ["paragraph", *["list_item"] * 4, "paragraph"]
    assert [line.level for line in lines(body)][:4] == [0, 1, 2, 1]


def test_figures_under_a_lead_in_are_list_items() -> None:
    body = p("The Parties will:") + p("meet;", num=2) + p("talk.", num=2)
    assert [line.kind for line in lines(body)] == ["paragraph", "list_item", "list_item"]


def test_typed_numbers_and_bullets() -> None:
    tab = "<w:r><w:t>12.</w:t><w:tab/><w:t>The Parties meet.</w:t></w:r>"
    body = p(tab) + p("– exchange of views") + p("2024 was a good year.")
    assert read(body) == ["12. The Parties meet.", "exchange of views", "2024 was a good year."]
    assert [(line.kind, line.number) for line in lines(body)] == [("paragraph", "12."), ("list_item", ""), ("paragraph", "")]


def test_insertions_stay_deletions_go_moves_stand_once() -> None:
    body = p(
        r("The Parties ") + f"<w:ins>{r('shall ')}</w:ins><w:del><w:r><w:delText>may </w:delText></w:r></w:del>" + r("meet.")
    )
    body += f"<w:p><w:moveFrom>{r('Moved.')}</w:moveFrom></w:p>" + p("Kept.") + f"<w:p><w:moveTo>{r('Moved.')}</w:moveTo></w:p>"
    assert read(body) == ["The Parties shall meet.", "Kept.", "Moved."]


def test_a_deleted_paragraph_end_joins_and_is_counted_once() -> None:
    deleted = '<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="2"/></w:numPr><w:rPr><w:del/></w:rPr></w:pPr>'
    body = deleted + r("They meet ") + "</w:p>" + p("yearly.", num=2) + p("They talk.", num=2)
    assert read(body) == ["1. They meet yearly.", "2. They talk."]


def test_footnotes_follow_their_paragraph() -> None:
    notes = '<w:footnote w:type="separator" w:id="0"/><w:footnote w:id="5">' + p("In force since May.") + "</w:footnote>"
    body = p(r("The pact") + '<w:r><w:footnoteReference w:id="5"/></w:r>' + r(" holds.")) + p("Next.")
    source = docx.read(make(body, footnotes=notes), "pact.docx")
    assert texts(source) == ["The pact holds.", "1 In force since May.", "Next."]
    assert (source.pages[0].lines[1].kind, source.pages[0].lines[1].number) == ("footnote", "1")


def test_tables_give_rows_and_merged_cells_once() -> None:
    def row(*cells: str) -> str:
        return "<w:tr>" + "".join(f"<w:tc>{c}</w:tc>" for c in cells) + "</w:tr>"

    merged = '<w:tcPr><w:vMerge w:val="restart"/></w:tcPr>' + p("Sea")
    inner = "<w:tbl>" + row(p("a"), p("b")) + "</w:tbl>"
    body = "<w:tbl>" + row(merged, p("Patrols")) + row("<w:tcPr><w:vMerge/></w:tcPr>" + p(""), p("Ports") + inner) + "</w:tbl>"
    page = docx.read(make(body), "pact.docx").pages[0]
    assert page.text == "Sea | Patrols\nPorts\na | b"
    assert [line.joiner for line in page.lines] == [None, " | ", None, None, " | "]
    assert {line.kind for line in page.lines} == {"table_row"}


def test_text_boxes_once_fields_by_result_and_no_hidden_text() -> None:
    box = f"<w:txbxContent>{p('In the box.')}</w:txbxContent>"
    both = (
        '<w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r>"
    )
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGEREF x</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>12</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r>"
    link = f"<w:hyperlink>{r('the pact')}</w:hyperlink>"
    assert read(p(r("See page ") + field + hidden + r(" of ") + link + both)) == ["See page 12 of the pact", "In the box."]


def test_content_controls_and_tables_of_contents() -> None:
    toc = '<w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
    body = f"<w:sdt>{toc}<w:sdtContent>{p('Aims 3')}</w:sdtContent></w:sdt>"
    body += f"<w:sdt><w:sdtContent>{p('Real text.')}</w:sdtContent></w:sdt>"
    body += f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{p('Click here')}</w:sdtContent></w:sdt>"
    body += p("So they said.", style="Q")
    assert read(body) == ["Aims 3", "Real text.", "So they said."]
    assert [line.kind for line in lines(body)] == ["furniture", "paragraph", "quotation"]


def test_bold_lines_stand_for_headings_where_no_style_does() -> None:
    bold = "<w:r><w:rPr><w:b/></w:rPr><w:t>{}</w:t></w:r>"
    body = p(bold.format("Pact of Arvenia")) + p("They meet.") + p(bold.format("Dialogue")) + p(bold.format("This is loud."))
    assert [(line.kind, line.level) for line in lines(body)] == [
        ("heading", 1),
        ("paragraph", 0),
        ("heading", 2),
        ("paragraph", 0),
    ]


def test_made_by_python_docx() -> None:
    made = python_docx.Document()
    made.core_properties.title = "Partnership of Arvenia and Belmark"
    made.add_heading("Partnership", 0)
    made.add_heading("Aims", 1)
    made.add_paragraph("peace", style="List Bullet")
    made.add_paragraph("dialogue", style="List Number")
    made.sections[0].header.paragraphs[0].text = "RESTRICTED"
    buffer = io.BytesIO()
    made.save(buffer)
    source = docx.read(buffer.getvalue(), "made.docx")
    assert texts(source) == ["Partnership", "Aims", "peace", "1. dialogue"]
    assert [(line.kind, line.level) for line in source.pages[0].lines][:3] == [("heading", 1), ("heading", 2), ("list_item", 1)]
    assert source.metadata.title is not None
    assert (source.metadata.title.value, source.metadata.title.source) == (
        "Partnership of Arvenia and Belmark",
        "docx properties",
    )


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 more", "encrypted"),
        (b"PK\x03\x04 not a zip", "damaged"),
        (make(p("Hello."))[:-200], "damaged"),
        (make("<w:p><w:r>"), "not well-formed"),
        (make(p("")), "has no text"),
    ],
)
def test_files_that_cannot_be_read_say_why(data: bytes, says: str) -> None:
    with pytest.raises(ReadError, match=says) as caught:
        docx.read(data, "pact.docx")
    assert "pact.docx" in str(caught.value)
    assert caught.value.advice


def test_a_zip_that_is_no_word_file() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("hello.txt", "hello")
    with pytest.raises(ReadError, match="not a Word file"):
        docx.read(buffer.getvalue(), "hello.docx")


@pytest.mark.parametrize(
    ("number", "kind", "printed"),
    [
        (3, "lowerLetter", "c"),
        (28, "upperLetter", "BB"),
        (14, "lowerRoman", "xiv"),
        (1999, "upperRoman", "MCMXCIX"),
        (22, "ordinal", "22nd"),
        (12, "ordinal", "12th"),
        (7, "decimalZero", "07"),
        (4, "ordinalText", "Fourth"),
        (5, "somethingNew", "5"),
    ],
)
def test_number_formats(number: int, kind: str, printed: str) -> None:
    assert format_number(number, kind) == printed


@pytest.mark.shared
def test_real_files(shared: Path) -> None:
    folder = shared / "realdocs/docx"
    sources = {f.name: docx.read(f.read_bytes(), f.name) for f in folder.glob("*.docx")}
    resumed = texts(sources["docx_list_resumed_numbering.docx"])
    assert [t.split()[0] for t in resumed[1:]] == ["1.", "2.", "bullet", "bullet", "3."]
    numbered = sources["unit_test_headers_numbered.docx"].pages[0].lines
    assert [line.number for line in numbered if line.kind == "heading"][1:5] == ["1.", "1.1.", "1.2.", "1.2.1."]
    first_page = " ".join(texts(sources["docx_page_header_footer_first_page.docx"]))
    assert "This is body text on page 1." in first_page
    assert "footer text" not in first_page.lower()
