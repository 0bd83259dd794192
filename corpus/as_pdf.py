"""A source as a PDF, set line by line with the core fonts, in five layouts.

- `pdf-council`: a cover as on a document of the Council, its number and distribution mark in every header and footer.
- `pdf-agreement`: a running title, page numbers, footnotes.
- `pdf-damaged`: as `pdf-council` without the cover, and the text layer has lost letters. Real files lose them where the font
  holds a pair of letters as one sign that has no entry in its table of characters. Here the damaged words are drawn as they are
  read ("chal enging", "at empts", "wel as"), so that page and text layer agree.
- `pdf-gazette`: two columns, words broken over lines.
- `pdf-press`: a letterhead.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from fpdf import FPDF

if TYPE_CHECKING:
    from build import Part, Written

WIDTH, HEIGHT = 595.28, 841.89
NOTE = re.compile(r"\[\^(\d+)\]")
#: Where a typesetter breaks these words.
BREAKS = """
    ac-cept Ar-ve-nia arrange-ment au-thor-i-ties cli-mate co-er-cion com-mit-ment com-pa-nies con-di-tions con-tin-gents
    con-tribut-ing co-op-er-a-tion coun-tries cyber-attack de-cided de-fence de-ter-mined eco-nomic en-cour-age Eu-ro-pean
    Es-tmere ex-change ex-er-cise fi-nanc-ing for-eign found-ing gov-ern-ment hos-pi-tals in-fra-struc-ture in-for-ma-tion
    in-tel-li-gence in-ten-tion in-ter-fer-ence in-ter-na-tional ma-nip-u-la-tion mar-itime mil-i-tary min-is-ters
    mon-i-tor-ing nav-i-ga-tion op-er-a-tions part-ner-ships peace-keep-ing pos-si-ble pro-tec-tion ran-somware
    re-com-men-da-tions re-cog-nise sat-is-fac-tion se-cu-rity set-tle-ment sol-diers strate-gic tech-nol-ogy ter-ror-ism
    un-der-sea uni-lat-eral ves-sels
"""
HYPHENS = {word.replace("-", ""): word.split("-") for word in BREAKS.split()}


@dataclass(frozen=True)
class Look:
    """Sizes of a layout in points; `columns` have `gap` between them; `hang` is the indent of numbered paragraphs."""

    font: str = "Times"
    size: float = 12
    leading: float = 18
    left: float = 78
    top: float = 96
    bottom: float = 770
    columns: int = 1
    gap: float = 22
    hang: float = 34
    after: float = 9


LOOKS = {
    "council": Look(),
    "damaged": Look(leading=20.5),
    "agreement": Look(size=11.5, leading=17.5, left=84),
    "gazette": Look(size=9.6, leading=12.2, left=52, top=92, bottom=782, columns=2, hang=20, after=5),
    "press": Look(font="Helvetica", size=10.5, leading=15, left=80, top=130),
}


@dataclass
class Sheet:
    """A PDF in the making: where the next line goes, and the footnotes that the column's foot must hold."""

    written: Written
    name: str
    total: int = 0
    column: int = 0
    y: float = 0
    notes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.look = LOOKS[self.name]
        self.width = (WIDTH - 2 * self.look.left - self.look.gap * (self.look.columns - 1)) / self.look.columns
        self.pdf = FPDF(unit="pt", format="A4")
        self.pdf.core_fonts_encoding = "cp1252"
        self.pdf.set_compression(False)
        self.pdf.set_auto_page_break(False)
        year, month, day = (written_date(self.written) + "-01")[:10].split("-")
        self.pdf.set_creation_date(datetime(int(year), int(month), int(day), 9, tzinfo=UTC))
        self.pdf.set_title(self.written.meta["title"])
        self.pdf.set_producer("Pactscope sample documents")
        self.new_page()

    def new_page(self) -> None:
        self.pdf.add_page()
        self.column, self.y = 0, self.look.top
        FURNITURE[self.name](self)

    def next_column(self) -> None:
        self.draw_notes()
        if self.column + 1 < self.look.columns:
            self.column, self.y = self.column + 1, self.look.top
        else:
            self.new_page()

    @property
    def x(self) -> float:
        return self.look.left + self.column * (self.width + self.look.gap)

    def put(self, text: str, *, x: float, y: float, size: float = 0, style: str = "", align: str = "L", font: str = "") -> None:
        """Draws one line of text; `x` is its left end, its middle (`C`) or its right end (`R`)."""
        self.pdf.set_font(font or self.look.font, style, size or self.look.size)
        width = self.pdf.get_string_width(text)
        self.pdf.text(x - width * {"L": 0, "C": 0.5, "R": 1}[align], y, text)

    def draw(self, line: str, *, x: float, size: float, style: str) -> None:
        """Draws a line at the current height, note marks small and raised."""
        for n, piece in enumerate(NOTE.split(line)):
            raised = n % 2
            drawn = damaged(piece) if self.name == "damaged" and style != "I" and not raised else piece
            self.put(drawn, x=x, y=self.y - 4 * raised, size=size * (0.62 if raised else 1), style=style)
            x += self.pdf.get_string_width(drawn)

    def room(self) -> float:
        return self.look.bottom - self.y - sum(self.note_height(n) for n in self.notes)

    def note_height(self, number: str) -> float:
        return 11 * len(self.wrap(self.written.notes[number], width=self.width - 14, size=9)) + 5

    def draw_notes(self) -> None:
        y = self.look.bottom - sum(self.note_height(n) for n in self.notes) + 4
        if self.notes:
            self.pdf.line(self.x, y - 10, self.x + 110, y - 10)
        for number in self.notes:
            self.put(number, x=self.x, y=y - 3, size=6)
            for line in self.wrap(self.written.notes[number], width=self.width - 14, size=9):
                drawn = damaged(line) if self.name == "damaged" else line
                self.put(drawn, x=self.x + 14, y=y, size=9)
                y += 11
            y += 5
        self.notes = []

    def wrap(self, text: str, *, width: float, size: float, style: str = "") -> list[str]:
        """The lines of a paragraph; in columns, words of `HYPHENS` are broken where that fills the line."""
        self.pdf.set_font(self.look.font, style, size)
        lines, line = [], ""
        for word in text.split(" "):
            longer = f"{line} {word}" if line else word
            if self.fits(longer, width):
                line = longer
                continue
            head, tail = self.broken(line, word, width) if self.look.columns > 1 and not style else ("", word)
            lines.append(f"{line} {head}" if head else line)
            line = tail
        return [*lines, line]

    def fits(self, text: str, width: float) -> bool:
        return self.pdf.get_string_width(NOTE.sub("", text)) <= width

    def broken(self, line: str, word: str, width: float) -> tuple[str, str]:
        core = word.rstrip(".,;:)")
        pieces = HYPHENS.get(core, [])
        for n in range(len(pieces) - 1, 0, -1):
            head = "".join(pieces[:n]) + "-"
            if self.fits(f"{line} {head}", width):
                return head, word[len(head) - 1 :]
        return "", word

    def paragraph(
        self, text: str, *, number: str = "", indent: float = 0, style: str = "", size: float = 0, gap: float = -1
    ) -> None:
        """Sets a paragraph; its number or dash hangs in the margin of its first line."""
        size = size or self.look.size
        hang = self.look.hang if number else 0
        leading = self.look.leading * size / self.look.size
        for n, line in enumerate(self.wrap(text, width=self.width - indent - hang, size=size, style=style)):
            marks = NOTE.findall(line)
            if self.room() < leading + sum(self.note_height(m) for m in marks):
                self.next_column()
            if number and n == 0:
                self.put(number, x=self.x + indent, y=self.y, size=size, style=style)
            self.draw(line, x=self.x + indent + hang, size=size, style=style)
            self.notes += marks
            self.y += leading
        self.y += self.look.after if gap < 0 else gap

    def heading(self, text: str, *, level: int) -> None:
        if self.room() < 5 * self.look.leading:
            self.next_column()
        self.y += self.look.leading * (0.8 if self.y > self.look.top else 0)
        size = self.look.size * {1: 1.4, 2: 1.12, 3: 1.0}[level]
        self.paragraph(text, style="BI" if level == 3 else "B", size=size, gap=self.look.after)


def damaged(text: str) -> str:
    """Loses the second of two l or t, as fonts with faulty tables do: a space stands in its place.

    >>> damaged("challenging attempts as well as small bills")
    'chal enging at empts as wel as smal bil s'
    """
    return re.sub(r"([lt])\1(?= )", r"\1", re.sub(r"([lt])\1(?! )", r"\1 ", text)).rstrip()


def written_date(written: Written) -> str:
    return written.meta["date"]


def council_marks(sheet: Sheet) -> None:
    """Header and footer of a Council document; the first page of a draft has no header but a cover."""
    meta, look, page = sheet.written.meta, sheet.look, sheet.pdf.page
    right = WIDTH - look.left
    if page > 1 or sheet.name == "damaged":
        sheet.put(meta["number"], x=look.left, y=52, size=9)
        sheet.put(meta["mark"], x=right, y=52, size=11, style="B", align="R")
    sheet.pdf.line(look.left, 788, right, 788)
    sheet.put(meta["number"], x=look.left, y=802, size=10)
    sheet.put(meta.get("initials", ""), x=WIDTH / 2, y=802, size=10, align="C")
    sheet.put(str(page), x=right - 60, y=802, size=10, align="R")
    sheet.put("RELEX.5", x=look.left, y=817, size=10)
    sheet.put(meta["mark"], x=WIDTH / 2, y=817, size=12, style="B", align="C")
    sheet.put("EN", x=right, y=819, size=22, style="B", align="R", font="Helvetica")


def agreement_marks(sheet: Sheet) -> None:
    look, right = sheet.look, WIDTH - sheet.look.left
    if sheet.pdf.page > 1:
        sheet.put(sheet.written.meta["running"], x=look.left, y=56, size=9, style="I")
        sheet.pdf.line(look.left, 62, right, 62)
    sheet.put(sheet.written.meta["place"], x=look.left, y=806, size=9)
    sheet.put(f"Page {sheet.pdf.page} of {sheet.total}", x=right, y=806, size=9, align="R")


def gazette_marks(sheet: Sheet) -> None:
    meta, look, right = sheet.written.meta, sheet.look, WIDTH - sheet.look.left
    sheet.put(meta["number"], x=look.left, y=50, size=9)
    sheet.put(meta["running"].upper(), x=WIDTH / 2, y=50, size=11, style="B", align="C")
    sheet.put(meta["place"].split(", ")[1], x=right, y=50, size=9, align="R")
    sheet.pdf.line(look.left, 58, right, 58)
    sheet.put(f"– {210 + sheet.pdf.page} –", x=WIDTH / 2, y=814, size=9, align="C")


def press_marks(sheet: Sheet) -> None:
    meta, look, right = sheet.written.meta, sheet.look, WIDTH - sheet.look.left
    sheet.put("MINISTRY OF DEFENCE OF ESTMERE", x=look.left, y=60, size=15, style="B")
    sheet.put(meta["running"].split(" – ")[1], x=look.left, y=78, size=10)
    sheet.put(meta["place"], x=right, y=78, size=10, align="R")
    sheet.pdf.line(look.left, 88, right, 88)
    sheet.put("Press office · Harbour Street 1 · Eastholm · press@example.org", x=look.left, y=806, size=8)
    sheet.put(f"{sheet.pdf.page}/{sheet.total}", x=right, y=806, size=8, align="R")


FURNITURE = {
    "council": council_marks,
    "damaged": council_marks,
    "agreement": agreement_marks,
    "gazette": gazette_marks,
    "press": press_marks,
}


def cover(sheet: Sheet) -> None:
    meta, look, right = sheet.written.meta, sheet.look, WIDTH - sheet.look.left
    sheet.put("Council of the", x=look.left, y=92, size=17, style="B", font="Helvetica")
    sheet.put("European Union", x=look.left, y=112, size=17, style="B", font="Helvetica")
    y = 92.0
    for line in (meta["place"], "(OR. en)", "", meta["number"], meta["mark"], "", *meta["classes"].split("; ")):
        sheet.put(line, x=right, y=y, style="B" if line in (meta["number"], meta["mark"]) else "", align="R")
        y += 16
    sheet.put("NOTE", x=look.left, y=300, style="B")
    rows = (("From:", meta["from"]), ("To:", meta["to"]), ("Subject:", meta["title"]))
    sheet.y = 330
    for label, text in rows:
        sheet.pdf.line(look.left, sheet.y - 14, right, sheet.y - 14)
        sheet.put(label, x=look.left, y=sheet.y)
        sheet.paragraph(text, indent=110)
    sheet.y += 30
    sheet.paragraph(
        "Delegations will find in the annex the first draft of the above partnership. Text in square brackets is still open."
    )
    sheet.paragraph(sheet.written.parts[0].text, style="I")
    sheet.new_page()
    sheet.put("ANNEX", x=right, y=sheet.y, style="B", align="R")
    sheet.y += 40


def set_part(sheet: Sheet, part: Part) -> None:
    if part.kind == "heading":
        sheet.heading(part.text, level=part.level)
    elif part.kind == "item":
        mark = "–" if part.number == "-" else part.number
        sheet.paragraph(part.text, number=mark, indent=sheet.look.hang, gap=sheet.look.after / 2)
    else:
        sheet.paragraph(part.text.replace("*", ""), number=part.number)


def typeset(written: Written, *, total: int) -> Sheet:
    name = written.meta["layout"].removeprefix("pdf-")
    sheet = Sheet(written, name, total)
    parts = written.parts
    if name == "council":
        cover(sheet)
    else:
        sheet.paragraph(parts[0].text, style="I", size=sheet.look.size * 0.85, gap=18)
    for before, part in pairwise(parts):
        if before.kind == "item" and part.kind == "paragraph":
            sheet.y += sheet.look.after / 2
        set_part(sheet, part)
    if name in ("agreement", "damaged"):
        sheet.paragraph(f"Done at {written.meta['place'].replace(', ', ' on ' if name == 'agreement' else ' in ')}.")
    sheet.draw_notes()
    return sheet


def pdf(written: Written) -> bytes:
    pages = typeset(written, total=0).pdf.pages_count
    return bytes(typeset(written, total=pages).pdf.output())
