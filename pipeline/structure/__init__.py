"""`Source` -> `Document`: blocks with heading paths, lead-ins and languages, made of verbatim slices of page text.

Marked-up sources (HTML, DOCX, Markdown, text) say what their lines are; those of laid-out pages (PDF) are found out by
`pipeline.structure.blocks`. `locate` leads back from the document's text to pages and boxes.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from pipeline import language, ligatures
from pipeline.errors import ReadError
from pipeline.records import Block, Box, Document, Line, Note, Page, Segment, Source
from pipeline.structure import blocks as laid_out
from pipeline.structure.blocks import Part, Slice
from pipeline.structure.relations import heading_paths, lead_ins, merge_titles


@dataclass(frozen=True, slots=True)
class Place:
    """Where a stretch of the document's text stands.

    Attributes:
        page: number of the page, from 1.
        start, end: half-open, offsets in *page text*.
        boxes: of the lines that it touches, cut to its part of the line by the share of characters; empty if unknown.
    """

    page: int
    start: int
    end: int
    boxes: tuple[Box, ...] = ()


def build(source: Source, *, key: str = "") -> Document:
    """Makes a document of a source.

    Args:
        source: a file as read.
        key: readable and unique in a run; made of the file's name if empty.

    Raises:
        ReadError: if no block is left, for instance because the pages hold furniture only.
    """
    parts, pages = _parts(source.pages)
    texts = {page.number: page.text for page in pages}
    text, segments, bare = _assemble(merge_titles(parts, lambda part: _words(part, texts)), texts)
    if not bare:
        raise ReadError(f"{source.name}: no text was found in it.", advice="Open the file and check that it has running text.")
    languages = language.mark([text[b.start : b.end] for b in bare])
    marked = [replace(b, language=code) for b, code in zip(bare, languages, strict=True)]
    found = lead_ins(heading_paths(marked, text), text)
    return Document(
        doc_id=source.sha256[:12],
        key=key or slug(source.name),
        source=source.name,
        metadata=source.metadata,
        pages=pages,
        text=text,
        segments=tuple(segments),
        blocks=tuple(found),
        notes=(*source.notes, *_notes(found, text, media_type=source.media_type)),
        media_type=source.media_type,
    )


def slug(name: str) -> str:
    """A file name as a key: "EU–UK Pact (final).pdf" gives "eu-uk-pact-final"."""
    words = re.sub(r"[\W_]+", "-", unicodedata.normalize("NFKC", PurePath(name).stem))
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode()
    return re.sub(r"-+", "-", plain.lower()).strip("-") or "document"


def locate(document: Document, start: int, end: int) -> list[Place]:
    """The places on the pages of `document.text[start:end]`; joiners stand on no page and are left out."""
    pages = {page.number: page for page in document.pages}
    places = []
    first = max(0, bisect_right(document.segments, start, key=lambda s: s.start) - 1)
    for segment in document.segments[first:]:
        if segment.start >= end:
            break
        a, b = max(start, segment.start), min(end, segment.end)
        if a < b:
            shift = segment.source_start - segment.start
            places.append(Place(segment.page, a + shift, b + shift, _boxes(pages[segment.page], a + shift, end=b + shift)))
    return places


def _boxes(page: Page, start: int, *, end: int) -> tuple[Box, ...]:
    return tuple(
        _cut(line, line.box, start=start, end=end) for line in page.lines if line.box and line.start < end and start < line.end
    )


def _cut(line: Line, box: Box, *, start: int, end: int) -> Box:
    """The part of a line's box that its characters from `start` to `end` take up, as if all were equally wide."""
    width = (box[2] - box[0]) / max(1, line.end - line.start)
    x0 = box[0] + max(0, start - line.start) * width
    x1 = box[2] - max(0, line.end - end) * width
    return (round(x0, 2), box[1], round(x1, 2), box[3])


# --- parts ----------------------------------------------------------------------------------------------------------------


def _parts(pages: tuple[Page, ...]) -> tuple[list[Part], tuple[Page, ...]]:
    """The parts of a source, and its pages with furniture marked as such."""
    if any(line.box and not line.kind for page in pages for line in page.lines):
        parts = laid_out.read_parts(pages)
        return parts, _mark_furniture(pages, parts)
    return list(_marked_up(pages)), pages


def _mark_furniture(pages: Iterable[Page], parts: Iterable[Part]) -> tuple[Page, ...]:
    used: dict[int, list[Slice]] = {}
    for part in parts:
        for piece in part.slices:
            used.setdefault(piece.page, []).append(piece)
    ends = {number: {piece.start for piece in pieces} | {piece.end for piece in pieces} for number, pieces in used.items()}
    marked = []
    for page in pages:
        known = ends.get(page.number, set())
        lines = (line if line.start in known or line.end in known else replace(line, kind="furniture") for line in page.lines)
        marked.append(replace(page, lines=tuple(lines)))
    return tuple(marked)


def _marked_up(pages: Iterable[Page]) -> Iterator[Part]:
    """A block is a line with joiner None and the lines with a joiner that follow it."""
    part: Part | None = None
    for page in pages:
        for line in page.lines:
            if line.kind == "furniture" or line.start >= line.end:
                continue
            if part is None or line.joiner is None:
                if part:
                    yield part
                part = Part(line.kind or "paragraph", [], line.number, line.level)
            part.slices.append(Slice(page.number, line.start, line.end, (line.joiner or "") if part.slices else ""))
    if part:
        yield part


def _words(part: Part, texts: dict[int, str]) -> str:
    return "".join(f"{piece.joiner}{texts[piece.page][piece.start : piece.end]}" for piece in part.slices)


def _assemble(parts: Iterable[Part], texts: dict[int, str]) -> tuple[str, list[Segment], list[Block]]:
    """Text, segments and blocks; a part without a printed character is left out."""
    written: list[str] = []
    segments: list[Segment] = []
    found: list[Block] = []
    length = 0
    for part in parts:
        pieces = [s for s in part.slices if s.start < s.end]
        if not any(texts[s.page][s.start : s.end].strip() for s in pieces):
            continue
        if found:
            written.append("\n")
            length += 1
        begin = length
        for i, piece in enumerate(pieces):
            joiner = piece.joiner if i else ""
            words = texts[piece.page][piece.start : piece.end]
            written += [joiner, words]
            segments.append(Segment(length + len(joiner), length + len(joiner) + len(words), piece.page, piece.start))
            length += len(joiner) + len(words)
        found.append(Block(begin, length, part.kind, part.number, part.level))
    return "".join(written), segments, found


# --- notes ---------------------------------------------------------------------------------------------------------------


def _notes(blocks: Sequence[Block], text: str, *, media_type: str) -> Iterator[Note]:
    foreign = Counter(b.language for b in blocks if b.language not in ("", "en"))
    if foreign:
        counts = ", ".join(f"{count} in {code}" for code, count in foreign.most_common())
        yield Note("other_language", f"Blocks in other languages are kept but not analysed: {counts} of {len(blocks)}.")
    damage = ligatures.find_damage(text) if media_type == "application/pdf" else []
    if damage:
        examples = ", ".join(f"“{text[a:b]}” for {word}" for a, b, word in damage[:3])
        yield Note("damaged_ligatures", f"The fonts of the file lose letters in {len(damage)} words, for instance {examples}.")
