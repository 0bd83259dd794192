"""The records that travel through the pipeline: frozen and slotted; `roundtrip.py` takes them to JSON and back.

What is found in a document stands in `findings.py` and is imported from here like all others.

Conventions, for every record:

- Offsets are half-open, `start <= i < end`, and count characters (Python `str` indices). They count in `Document.text`, except
  where a docstring says *page text*.
- Pages count from 1. Boxes are PDF points, `(x0, top, x1, bottom)`, origin at the top left of the page.
- `Document.text` is made only of verbatim slices of page text and of the joiners in `JOINERS`; nothing is rewritten. For every
  segment `document.text[s.start:s.end] == page.text[s.source_start : s.source_start + s.end - s.start]`.
- An id is computed from the bytes or from (doc_id, start, end, label), never from a text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pipeline.findings import (
    ACTIONS,
    LEVELS,
    NATURES,
    Commitment,
    Extent,
    Instrument,
    Mechanism,
    Mention,
    Quotation,
    Tag,
    TermHit,
)

__all__ = [
    "ACTIONS", "BLOCK_KINDS", "DOC_TYPES", "JOINERS", "LEGAL_STATUSES", "LEVELS", "NATURES", "OBLIGATIONS",
    "PASSAGE_KINDS", "STAGES", "Analysis", "Annotations", "Block", "Box", "Commitment", "Document", "Extent", "Failure",
    "Instrument", "Line", "Mechanism", "Mention", "Metadata", "Note", "Page", "Quotation", "Segment", "Source", "Tag",
    "TermHit", "Value",
]  # fmt: skip

Box = tuple[float, float, float, float]

#: The only characters of `Document.text` that stand on no page: nothing (a word joined over a line break), a space (lines of
#: one block), a bar (cells of a table row) and a line feed (between blocks).
JOINERS = ("", " ", " | ", "\n")
BLOCK_KINDS = ("heading", "paragraph", "list_item", "table_row", "footnote", "quotation")
#: The units that are tagged and coded. A quotation set apart (`<blockquote>`, `>`) is a paragraph to its reader, so it counts.
PASSAGE_KINDS = frozenset({"paragraph", "list_item", "table_row", "quotation"})
DOC_TYPES = (
    "press_release", "joint_statement", "agreement", "agreement_draft", "treaty", "readout", "speech", "web_page", "other",
)  # fmt: skip
LEGAL_STATUSES = ("binding", "non_binding", "unstated")
#: Obligation after Abbott et al. (2000), from weakest to firmest; the index is the ordinal value less one.
OBLIGATIONS = ("possible", "intended", "committed", "binding")
STAGES = ("new", "continuing", "reaffirmed")


@dataclass(frozen=True, slots=True)
class Line:
    """A stretch of page text as the reader found it: a line of a laid-out page or (part of) an element of a marked-up one.

    Attributes:
        start, end: offsets in *page text*; markup, bullets and the white space around the words lie outside.
        kind: one of `BLOCK_KINDS` or `furniture` where the format says so (HTML, DOCX, Markdown); empty where it must be found
            out from position and font (PDF) or from the words (plain text).
        level: heading level from 1 (document title) or list depth from 1; 0 where neither applies.
        number: the number or letter as a reader sees it at the start of the line ("12.", "3.2", "(b)"); the text holds it too.
        joiner: None where the line begins a block; otherwise what joins it to the line before in the block (see `JOINERS`).
        box: position on the page, or None where the format has no pages.
        font_size: in points, 0.0 where unknown.
        bold: whether most of its letters are bold.
    """

    start: int
    end: int
    kind: str = ""
    level: int = 0
    number: str = ""
    joiner: str | None = None
    box: Box | None = None
    font_size: float = 0.0
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """One page of verbatim text; formats without pages have one page, number 1.

    Attributes:
        size: width and height in points, or None.
    """

    number: int
    text: str
    lines: tuple[Line, ...] = ()
    size: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """Something a user should know about a document that did not stop its analysis.

    Attributes:
        code: short and stable, for filtering ("no_text_layer", "damaged_ligatures", "other_language").
        message: one sentence for people.
        page: the page it is about, 0 where it is about the whole document.
    """

    code: str
    message: str
    page: int = 0


@dataclass(frozen=True, slots=True)
class Value:
    """A metadata value with its reason.

    Attributes:
        value: the value itself; dates as YYYY, YYYY-MM or YYYY-MM-DD; parties as ids joined by ";".
        source: where it comes from: `catalogue`, `front matter`, `meta og:title`, `json-ld datePublished`, `heading`, `rule …`.
        evidence: the words of the document that say so, verbatim; empty where the source is not the text.
    """

    value: str
    source: str
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of a document as a whole; None where nothing was found.

    Attributes:
        doc_type: one of `DOC_TYPES`.
        parties: ids joined by ";" (`EU;GBR`), see `party_ids`.
        legal_status: one of `LEGAL_STATUSES`, of the document itself.
        announced_status: the same of the instrument that the document announces.
    """

    title: Value | None = None
    date: Value | None = None
    publisher: Value | None = None
    doc_type: Value | None = None
    parties: Value | None = None
    url: Value | None = None
    legal_status: Value | None = None
    announced_status: Value | None = None
    note: Value | None = None

    @property
    def party_ids(self) -> tuple[str, ...]:
        """The parties' ids in the order given, empty if unknown."""
        return tuple(p.strip() for p in self.parties.value.split(";") if p.strip()) if self.parties else ()

    def text_of(self, name: str) -> str:
        """The plain value of field `name`, empty if unknown."""
        found: Value | None = getattr(self, name)
        return found.value if found else ""


@dataclass(frozen=True, slots=True)
class Source:
    """A file as read: verbatim pages and what its own metadata say, before any interpretation.

    Attributes:
        name: file name without folder, for people and messages.
        media_type: `text/html`, `application/pdf`, … as told by the content.
        sha256: hex digest of the bytes.
        path: where it was read from, as given; empty for text passed in.
    """

    name: str
    media_type: str
    sha256: str
    pages: tuple[Page, ...]
    metadata: Metadata = Metadata()
    notes: tuple[Note, ...] = ()
    path: str = ""


@dataclass(frozen=True, slots=True)
class Segment:
    """A verbatim slice of a page in the document's text; see the invariant at the head of this module.

    Attributes:
        start, end: offsets in `Document.text`.
        page: number of the page.
        source_start: offset in *page text* of the first character.
    """

    start: int
    end: int
    page: int
    source_start: int


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph, list item, table row, footnote or quotation.

    Attributes:
        start, end: offsets; a printed number belongs to the block, a bullet does not.
        kind: one of `BLOCK_KINDS`.
        number: the number as printed ("12.", "(b)", "Article 4"), empty if it has none.
        level: heading level or list depth, from 1; 0 otherwise.
        heading_path: the texts of the headings above, outermost first; of a heading: those above itself.
        lead_in: index in `Document.blocks` of the block that introduces a list item, or None.
        language: ISO 639-1 code ("en"); empty where too short to tell (such blocks go with their neighbours).
    """

    start: int
    end: int
    kind: str
    number: str = ""
    level: int = 0
    heading_path: tuple[str, ...] = ()
    lead_in: int | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A source with its structure.

    Attributes:
        doc_id: first 12 hex digits of the SHA-256 of the source bytes.
        key: readable and unique in a run (`eu-uk-sdp-2025`).
        source: file name or address it came from.
    """

    doc_id: str
    key: str
    source: str
    metadata: Metadata
    pages: tuple[Page, ...]
    text: str
    segments: tuple[Segment, ...]
    blocks: tuple[Block, ...]
    notes: tuple[Note, ...] = ()
    media_type: str = ""

    def passages(self) -> list[Block]:
        """The blocks that are coded: paragraphs, list items, table rows and quotations, in order."""
        return [b for b in self.blocks if b.kind in PASSAGE_KINDS]

    def slice(self, item: Any) -> str:
        """The text of anything with `start` and `end`."""
        return self.text[item.start : item.end]


@dataclass(frozen=True, slots=True)
class Annotations:
    """What the spaCy pipeline found, in document offsets."""

    mentions: tuple[Mention, ...] = ()
    quotations: tuple[Quotation, ...] = ()
    commitments: tuple[Commitment, ...] = ()
    mechanisms: tuple[Mechanism, ...] = ()
    instruments: tuple[Instrument, ...] = ()
    terms: tuple[TermHit, ...] = ()


@dataclass(frozen=True, slots=True)
class Analysis:
    """All that is known of one document: one part of a dataset."""

    document: Document
    annotations: Annotations = Annotations()
    area_tags: tuple[Tag, ...] = ()
    settings_id: str = ""
    codebook: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """A document that could not be analysed.

    Attributes:
        source: path or address.
        stage: `read`, `structure`, `annotate`, `classify` or `store`.
        error: class of the error.
        message: what and where.
        advice: what to do.
    """

    source: str
    stage: str
    error: str
    message: str
    advice: str = ""
    key: str = ""
