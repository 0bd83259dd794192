"""PDFs as they come: errors, metadata, lines, columns, tables, furniture and footnotes."""

import io
from pathlib import Path

import pytest
from fpdf import FPDF

from pipeline import structure
from pipeline.errors import ReadError
from pipeline.ingest import pdf
from pipeline.records import Document

SENTENCE = "The Parties will hold regular consultations on matters of common concern and exchange views before each meeting. "


class Sheet(FPDF):
    """A4 in points, 11 point text in a column of 450 points, with a running header and footer if asked for."""

    def __init__(self, header: str = "", footer: str = "") -> None:
        super().__init__(unit="pt", format="A4")
        self.running = (header, footer)
        self.set_auto_page_break(True, 90)
        self.set_margins(72, 90)
        self.add_page()

    def header(self) -> None:
        self.set_font("Helvetica", size=9)
        if self.running[0]:
            right = self.page_no() % 2 == 0
            self.text(400 if right else 72, 40, self.running[0])
        self.set_xy(72, 90)

    def footer(self) -> None:
        self.set_font("Helvetica", size=9)
        if self.running[1]:
            self.text(72, 810, self.running[1])
            self.text(510, 810, str(self.page_no()))

    def say(self, words: str, *, size: float = 11, style: str = "", x: float = 72, width: float = 450, gap: float = 8) -> None:
        self.set_font("Helvetica", style=style, size=size)
        self.set_x(x)
        self.multi_cell(width, size * 1.25, words, align="L")
        self.ln(gap)

    def bytes(self) -> bytes:
        return bytes(self.output())


def document(sheet: FPDF, name: str = "a.pdf") -> Document:
    return structure.build(pdf.read(bytes(sheet.output()), name))


def kinds(doc: Document) -> list[tuple[str, str]]:
    return [(b.kind, doc.slice(b)) for b in doc.blocks]


def texts(doc: Document, kind: str) -> list[str]:
    return [text for found, text in kinds(doc) if found == kind]


# --- what cannot be read --------------------------------------------------------------------------------------------------


def test_an_empty_file_says_so() -> None:
    with pytest.raises(ReadError, match=r"a\.pdf: the file is empty\. Download or copy it again"):
        pdf.read(b"", "a.pdf")


def test_a_truncated_file_says_so() -> None:
    sheet = Sheet()
    sheet.say(SENTENCE * 5)
    with pytest.raises(ReadError, match="truncated"):
        pdf.read(sheet.bytes()[:-200], "a.pdf")


def test_a_damaged_file_says_so() -> None:
    with pytest.raises(ReadError, match="damaged"):
        pdf.read(b"%PDF-1.7 nothing of use %%EOF", "a.pdf")


def test_an_encrypted_file_says_so() -> None:
    sheet = Sheet()
    sheet.set_encryption("owner", "user")
    sheet.say(SENTENCE)
    with pytest.raises(ReadError, match="encrypted") as caught:
        pdf.read(sheet.bytes(), "a.pdf")
    assert "without password" in caught.value.advice


def test_a_file_locked_against_changes_only_can_be_read() -> None:
    sheet = Sheet()
    sheet.set_encryption("owner", "")
    sheet.say(SENTENCE)
    assert texts(document(sheet), "paragraph") == [SENTENCE.strip()]


def picture_page(sheet: FPDF) -> None:
    from PIL import Image

    image = io.BytesIO()
    Image.new("L", (60, 80), 128).save(image, "PNG")
    sheet.add_page()
    sheet.image(image, 72, 100, 300, 400)


def test_a_page_that_is_a_picture_is_named_in_a_note() -> None:
    sheet = Sheet()
    sheet.say(SENTENCE)
    picture_page(sheet)
    notes = pdf.read(sheet.bytes(), "a.pdf").notes
    assert [(n.code, n.page) for n in notes] == [("no_text_layer", 2)]


def test_a_blank_page_needs_no_note() -> None:
    sheet = Sheet()
    sheet.say(SENTENCE)
    sheet.add_page()
    assert pdf.read(sheet.bytes(), "a.pdf").notes == ()


def test_pictures_alone_need_ocr() -> None:
    sheet = FPDF(unit="pt")
    picture_page(sheet)
    with pytest.raises(ReadError, match="OCR"):
        pdf.read(bytes(sheet.output()), "a.pdf")


# --- metadata and lines ---------------------------------------------------------------------------------------------------


def test_title_and_date_come_from_the_document_information() -> None:
    sheet = Sheet()
    sheet.set_title("Security Pact of Arvenia")
    sheet.say(SENTENCE)
    metadata = pdf.read(sheet.bytes(), "a.pdf").metadata
    assert metadata.title is not None and (metadata.title.value, metadata.title.source) == (
        "Security Pact of Arvenia",
        "pdf info",
    )
    assert metadata.date is not None and len(metadata.date.value) == 10


@pytest.mark.parametrize("title", ["Microsoft Word - pact.docx", "pact_final.indd", "Untitled", "Document1", ""])
def test_titles_that_name_a_file_are_none(title: str) -> None:
    sheet = Sheet()
    sheet.set_title(title)
    sheet.say(SENTENCE)
    assert pdf.read(sheet.bytes(), "a.pdf").metadata.title is None


def test_lines_have_box_size_and_weight() -> None:
    sheet = Sheet()
    sheet.say("Arvenia", size=20, style="B")
    line = pdf.read(sheet.bytes(), "a.pdf").pages[0].lines[0]
    assert line.font_size == 20 and line.bold and line.box is not None
    assert line.box[0] == pytest.approx(74, abs=2) and 85 < line.box[1] < 95 < line.box[3] < 120


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_boxes_are_those_of_the_page_as_seen(rotation: int) -> None:
    frame = pdf.Frame((0, 0, 600, 800), rotation)
    assert frame.box((0, 0, 10, 20)) == {90: (0, 0, 20, 10), 180: (590, 0, 600, 20), 270: (780, 590, 800, 600)}[rotation]


def test_a_raised_reference_is_left_out_of_the_text() -> None:
    sheet = Sheet()
    sheet.set_font("Helvetica", size=11)
    sheet.write(14, "The Parties will share assessments")
    sheet.char_vpos = "SUP"
    sheet.write(14, "12")
    sheet.char_vpos = "LINE"
    sheet.write(14, " of threats at sea.")
    assert texts(document(sheet), "paragraph") == ["The Parties will share assessments of threats at sea."]


# --- pages ----------------------------------------------------------------------------------------------------------------


def test_headers_footers_and_page_numbers_are_furniture() -> None:
    sheet = Sheet("Pact between Arvenia and Belmark", "9941/24  ABC/de  LIMITE EN")
    for _ in range(12):
        sheet.say(SENTENCE * 6)
    doc = document(sheet)
    assert len(doc.pages) >= 3
    assert not any(words in doc.text for words in ("Pact between", "9941", "LIMITE"))
    assert {doc.slice(b) for b in doc.blocks} == {(SENTENCE * 6).strip()}
    furniture = [page.text[x.start : x.end] for page in doc.pages for x in page.lines if x.kind == "furniture"]
    assert [furniture.count(str(n)) for n in (1, 2, 3)] == [1, 1, 1]


def test_document_number_and_mark_of_a_cover_are_furniture() -> None:
    sheet = Sheet("", "9941/24 ABC/de LIMITE EN")
    sheet.set_font("Helvetica", size=11)
    for y, words in ((120, "9941/24"), (140, "LIMITE"), (160, "CSDP/PSDC 382")):
        sheet.text(400, y, words)
    sheet.set_y(300)
    sheet.say("Pact between Arvenia and Belmark", size=18, style="B")
    for _ in range(14):
        sheet.say(SENTENCE * 6)
    doc = document(sheet)
    assert "9941" not in doc.text and "LIMITE" not in doc.text
    assert texts(doc, "heading") == ["Pact between Arvenia and Belmark"]


def test_numbered_headings_at_the_top_of_pages_are_no_running_header() -> None:
    sheet = Sheet()
    for number in (1, 4, 9, 16):
        if number > 1:
            sheet.add_page()
        sheet.say(f"Recommendation {number}", style="B")
        sheet.say(SENTENCE * 4)
    assert len(texts(document(sheet), "heading")) == 4


def test_a_paragraph_goes_on_over_the_page() -> None:
    sheet = Sheet("Pact", "")
    for _ in range(9):
        sheet.say(SENTENCE * 7)
    doc = document(sheet)
    assert {doc.slice(b) for b in doc.blocks} == {(SENTENCE * 7).strip()}
    assert any({p.page for p in structure.locate(doc, b.start, b.end)} == {1, 2} for b in doc.blocks)


def two_columns(sheet: Sheet) -> None:
    words = ["alpha", "beta", "gamma", "delta"]
    top = sheet.get_y()
    for x, pair in ((72, words[:2]), (312, words[2:])):
        sheet.set_y(top)
        for word in pair:
            sheet.say(f"Paragraph {word} begins. " + SENTENCE * 2, x=x, width=210)


def test_two_columns_under_a_title_are_read_one_after_the_other() -> None:
    sheet = Sheet()
    sheet.say("Joint Declaration of Arvenia and Belmark on Space", size=18, style="B")
    two_columns(sheet)
    found = texts(document(sheet), "paragraph")
    assert [text.split()[1] for text in found] == ["alpha", "beta", "gamma", "delta"]
    assert texts(document(sheet), "heading") == ["Joint Declaration of Arvenia and Belmark on Space"]


def test_columns_written_line_by_line_are_told_apart() -> None:
    sheet = Sheet()
    sheet.set_font("Helvetica", size=11)
    for i in range(8):
        sheet.text(72, 120 + 14 * i, f"left line {i} of words that fill a column")
        sheet.text(312, 120 + 14 * i, f"right line {i} of words that fill a column")
    text = document(sheet).text
    assert text.index("left line 7") < text.index("right line 0")


def test_footnotes_stand_apart() -> None:
    sheet = Sheet()
    sheet.say(SENTENCE * 4)
    sheet.set_y(700)
    sheet.say("1 Arvenia and Belmark, Exchange of letters, 2023.", size=8, gap=0)
    sheet.say("2 Not yet in force.", size=8, gap=0)
    doc = document(sheet)
    assert [(b.number, doc.slice(b)[:9]) for b in doc.blocks if b.kind == "footnote"] == [
        ("1", "1 Arvenia"),
        ("2", "2 Not yet"),
    ]
    assert texts(doc, "paragraph") == [(SENTENCE * 4).strip()]


def test_contents_pages_are_left_out() -> None:
    sheet = Sheet()
    sheet.say("Contents", size=14)
    for number, title in enumerate(("Space security", "Maritime security", "Cyber issues", "Review"), 2):
        sheet.say(f"{title} {'.' * 60} {number}", gap=2)
    sheet.add_page()
    sheet.say("Space security", size=14, style="B")
    sheet.say(SENTENCE * 4)
    assert kinds(document(sheet)) == [("heading", "Space security"), ("paragraph", (SENTENCE * 4).strip())]


def test_a_ruled_table_becomes_rows_of_cells() -> None:
    sheet = Sheet()
    sheet.say(SENTENCE)
    rows = [("Area", "Lead", "Meeting"), ("Space security", "Arvenia", "every year"), ("Maritime", "Belmark", "twice a year")]
    sheet.set_font("Helvetica", size=10)
    with sheet.table(width=400) as table:
        for row in rows:
            table.row(row)
    sheet.say("After the table. " + SENTENCE)
    doc = document(sheet)
    assert texts(doc, "table_row") == [" | ".join(row) for row in rows]
    assert [kind for kind, _ in kinds(doc)] == ["paragraph", "table_row", "table_row", "table_row", "paragraph"]


def test_a_table_without_lines_becomes_rows_of_cells() -> None:
    sheet = Sheet()
    sheet.say("The witnesses were:")
    rows = [
        ("Ministry of Trade of Arvenia", "12 May"),
        ("Office for Ports, Belmark", "13 May"),
        ("Coast Guard of Corvia", "2 June"),
    ]
    for i, (left, right) in enumerate(rows):
        sheet.text(72, 130 + 16 * i, left)
        sheet.text(320, 130 + 16 * i, right)
    sheet.set_y(200)
    sheet.say("After the table. " + SENTENCE)
    doc = document(sheet)
    assert texts(doc, "table_row") == [" | ".join(row) for row in rows]
    assert len(texts(doc, "paragraph")) == 2


def test_numbers_far_from_their_paragraphs_are_no_table() -> None:
    sheet = Sheet()
    for i in range(6):
        sheet.set_font("Helvetica", size=11)
        sheet.text(72, sheet.get_y() + 11, f"{i + 1}.")
        sheet.say(SENTENCE * 2, x=110, width=410)
    assert [b.number for b in document(sheet).blocks if b.kind == "paragraph"] == [f"{n}." for n in range(1, 7)]


def test_a_frame_around_text_is_no_table() -> None:
    sheet = Sheet()
    sheet.rect(65, 85, 470, 120)
    sheet.say(SENTENCE * 3)
    assert texts(document(sheet), "table_row") == []


# --- blocks ---------------------------------------------------------------------------------------------------------------


def agreement() -> Document:
    sheet = Sheet()
    sheet.say("Partnership of Arvenia and Corvia", size=20, style="B")
    sheet.say("Space", size=14, style="B")
    sheet.say("1. " + SENTENCE * 2)
    sheet.say("2. The Parties intend to:", gap=2)
    sheet.say("(a) share warnings of debris;", x=92, width=430, gap=2)
    sheet.say("(b) hold exercises, in particular:", x=92, width=430, gap=2)
    sheet.say("- on the loss of a satellite;", x=112, width=410, gap=2)
    sheet.say("- on interference with signals.", x=112, width=410)
    sheet.say("Review", size=14, style="B")
    sheet.say("3. " + SENTENCE * 2)
    return document(sheet)


def test_headings_numbers_and_lists_of_an_agreement() -> None:
    doc = agreement()
    assert [(b.kind, b.level, b.number) for b in doc.blocks] == [
        ("heading", 1, ""),
        ("heading", 2, ""),
        ("paragraph", 0, "1."),
        ("paragraph", 0, "2."),
        ("list_item", 1, "(a)"),
        ("list_item", 1, "(b)"),
        ("list_item", 2, ""),
        ("list_item", 2, ""),
        ("heading", 2, ""),
        ("paragraph", 0, "3."),
    ]
    assert [b.lead_in for b in doc.blocks] == [None, None, None, None, 3, 3, 5, 5, None, None]
    assert doc.blocks[6].heading_path == ("Partnership of Arvenia and Corvia", "Space")
    assert doc.slice(doc.blocks[6]) == "on the loss of a satellite;"


def test_words_broken_over_lines_are_joined() -> None:
    sheet = Sheet()
    sheet.say("Arvenia shares infor-\nmation on cross-\nborder crime and on the\nsafety of cross-border routes.")
    doc = document(sheet)
    assert doc.text == "Arvenia shares information on cross-border crime and on the safety of cross-border routes."
    assert "infor-mation on cross-border" in doc.pages[0].text


# --- real files -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real(shared: Path) -> dict[str, Document]:
    files = sorted((shared / "realdocs" / "pdf").glob("*.pdf"))
    return {f.name: structure.build(pdf.read(f.read_bytes(), f.name)) for f in files}


@pytest.mark.shared
@pytest.mark.slow
def test_a_committee_report_has_all_its_paragraphs_and_footnotes(real: dict[str, Document]) -> None:
    doc = real["TheSpaceEconomyRecomm.pdf"]
    paragraphs = {b.number for b in doc.blocks if b.kind == "paragraph"}
    assert paragraphs >= {f"{n}." for n in range(1, 335)}
    assert [b.number for b in doc.blocks if b.kind == "footnote"] == [str(n) for n in range(1, 679)]
    chapters = [b.number for b in doc.blocks if b.kind == "heading" and b.number.startswith("Chapter")]
    assert chapters == [f"Chapter {n}" for n in range(1, 6)]


@pytest.mark.shared
@pytest.mark.slow
def test_a_response_has_all_its_recommendations(real: dict[str, Document]) -> None:
    for name, count in (("UK-Covid-19_Inquiry_Module_1_Response.pdf", 10), ("TheSpaceEconomyResponse.pdf", 33)):
        doc = real[name]
        numbers = [b.number for b in doc.blocks if b.kind == "heading" and b.number.startswith("Recommendation")]
        assert numbers[:count] == [f"Recommendation {n}" for n in range(1, count + 1)]


@pytest.mark.shared
@pytest.mark.slow
def test_no_paragraph_of_a_real_file_begins_or_breaks_off_in_a_sentence(real: dict[str, Document]) -> None:
    for doc in real.values():
        assert not [text for text in texts(doc, "paragraph") if text[0].islower()]


@pytest.mark.shared
@pytest.mark.slow
def test_no_running_header_is_left_in_the_text(real: dict[str, Document]) -> None:
    doc = real["TheSpaceEconomyRecomm.pdf"]
    title = "The Space Economy: Act Now or Lose Out"
    # Once on the cover, once over the first chapter; the response of the government is cited elsewhere.
    assert sum(doc.slice(b) == title for b in doc.blocks) == 2
    assert not [b for b in doc.blocks if b.kind == "paragraph" and doc.slice(b).isdigit()]


# --- the head of a first page ---------------------------------------------------------------------------------------------


def test_a_letterhead_is_no_heading_and_its_two_sides_are_two_things() -> None:
    sheet = Sheet()
    sheet.set_font("Helvetica", style="B", size=17)
    sheet.text(72, 90, "Council of the")
    sheet.text(72, 110, "European Union")
    sheet.set_font("Helvetica", size=11)
    sheet.text(390, 90, "Brussels, 14 January 2025")
    sheet.set_xy(72, 150)
    sheet.say("Pact between the Union and Arvenia", size=15, style="B")
    sheet.say(SENTENCE * 5)
    doc = document(sheet)
    assert kinds(doc)[:3] == [
        ("paragraph", "Council of the European Union"),
        ("paragraph", "Brussels, 14 January 2025"),
        ("heading", "Pact between the Union and Arvenia"),
    ]
    assert doc.blocks[2].level == 1
