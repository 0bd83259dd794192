"""HTML: the main text of a page in reading order, with what its markup says about it.

Trafilatura (Barbaresi 2021, https://aclanthology.org/2021.acl-demo.15) chooses the text; the blocks, numbers and tables are
read from the page itself, so that nothing is lost in its simpler format. Where it leaves out much prose the page's structure
decides.
The page text is made by this reader: one block a line, white space collapsed.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any

import lxml.html

from pipeline.errors import ReadError
from pipeline.ingest.decoding import decode
from pipeline.ingest.html_blocks import Piece, read_pieces
from pipeline.ingest.html_meta import describe
from pipeline.ingest.html_select import as_html, select, trafilatura_body, without_labels
from pipeline.records import Line, Page, Source

_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w.:-]+)|<\?xml[^>]+encoding\s*=\s*[\"']([\w.:-]+)", re.I)


def read(data: bytes, name: str) -> Source:
    """Reads a saved web page.

    Raises:
        ReadError: if the bytes are not text, or the page has no main text.
    """
    stated = _CHARSET.search(data[:4096])
    html, notes = decode(data, (stated.group(1) or stated.group(2)).decode("ascii") if stated else "")
    tree = _parse(html, name)
    pieces = _main_pieces(tree, html)
    if not _has_text(pieces):
        raise ReadError(
            f"{name} has no main text.",
            advice="If the page is filled in by a script, save it from a browser after it has loaded.",
        )
    text, lines = _compose(pieces)
    page = Page(1, text, lines)
    metadata, more = describe(tree, pieces)
    return Source(name, "text/html", hashlib.sha256(data).hexdigest(), (page,), metadata, (*notes, *more))


def _parse(html: str, name: str) -> Any:
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        tree = lxml.html.document_fromstring(html.encode("utf-8", errors="replace"), parser=parser)
    except (lxml.etree.ParserError, ValueError) as error:
        raise ReadError(f"{name} cannot be read as HTML: {error}.", advice="Save the page again.") from error
    for element in tree.iter():
        if isinstance(element.tag, str) and ":" in element.tag:  # XHTML written with prefixes
            element.tag = element.tag.rpartition(":")[2]
    return tree


def _main_pieces(tree: Any, html: str) -> list[Piece]:
    body = tree.find("body")
    pieces = read_pieces(body if body is not None else tree)
    found = trafilatura_body(html)
    chosen = select(pieces, found)
    if chosen is None:
        return read_pieces(as_html(found))
    return without_labels([piece for piece, wanted in zip(pieces, chosen, strict=True) if wanted])


def _has_text(pieces: list[Piece]) -> bool:
    words = [len(p.text.split()) for p in pieces]
    wide = any(sum(ord(c) > 0x2E80 for c in p.text) > 10 for p in pieces)
    return wide or (sum(words) >= 8 and max(words) >= 5)


def _compose(pieces: list[Piece]) -> tuple[str, tuple[Line, ...]]:
    """The page text, one block a line (cells of a row by a tab), and its lines."""
    parts: list[str] = []
    lines: list[Line] = []
    at = 0
    for piece in pieces:
        joiner = piece.joiner if lines and lines[-1].kind == piece.kind else None
        between = "" if not parts else "\n" if joiner is None else "\t"
        start = at + len(between)
        at = start + len(piece.text)
        parts += [between, piece.text]
        lines.append(Line(start, at, piece.kind, piece.level, piece.number, joiner))
    return "".join(parts), tuple(lines)
