"""An HTML tree to the blocks that a reader sees, before anything is chosen or left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from pipeline.ingest.decoding import GLUED
from pipeline.ingest.html_lists import list_numbers
from pipeline.numbering import BULLET, Levels, division, number_of, rank_of

_DROPPED = re.compile(
    r"script|style|noscript|template|iframe|svg|button|select|option|input|textarea|canvas|audio|video|object|"
    r"embed|map|head|datalist|progress|meter"
)
_INLINE = re.compile(
    r"a|abbr|acronym|b|bdi|bdo|big|cite|code|data|del|dfn|em|font|i|ins|kbd|label|mark|q|rp|rt|ruby|s|samp|small|"
    r"span|strike|strong|sub|sup|time|tt|u|var|wbr|nobr|img|picture|source"
)
_FURNITURE_TAGS = frozenset(("nav", "aside", "footer", "dialog", "menu"))
_FURNITURE_ROLES = re.compile(r"navigation|banner|contentinfo|complementary|search|dialog|alertdialog|menu|menubar|toolbar")
#: Words in class or id that mark what surrounds a text: navigation, cookies, sharing, advertisements, comments, other texts.
_FURNITURE_NAMES = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navigation|menu|breadcrumbs?|toc|cookies?|consent|gdpr|share|sharing|shares|social|socials|related|"
    r"recommend(?:ed|ations?)?|newsletter|subscribe|subscription|promo|promos|teasers?|sidebar|footer|banner|advert\w*|ads?|"
    r"sponsor(?:ed)?|popup|modal|overlay|comments?|disqus|pagination|pager|toolbar|skip|skiplinks?|tags?|most-?read|trending|"
    r"read-?more|see-?also|login|signup|masthead)(?=$|[\s_-])",
    re.I,
)
#: Classes of titles in the pages of the Official Journal, which have no heading elements.
_HEADING_NAMES = re.compile(r"(?:^|[\s_-])(?:s?ti-(?:art|section|grseq|grbold)|doc-ti)", re.I)
_FOOTNOTE = re.compile(r"(?:^|[\s_-])_?(?:fn|ftn|edn|footnotes?|endnotes?|sdfootnote|sdendnote)(?=$|[\s_\d:-])", re.I)
_NOTE_SIGN = re.compile(r"[\[(]?\s*(?:\d{1,3}|[*†‡]{1,3}|[a-z])\s*[\])]?")
_BACK_SIGN = re.compile(r"[\s\[(]*[↩↑↵^¶#⤴️︎]+[\s\])]*")
_SPACE = re.compile(r"[\s\u200b\u2060\ufeff\xad]+")
_PARAGRAPH_BREAK = re.compile(r"\v[\s\u200b]*\v[\s\v\u200b]*")
_LOST_BREAK = re.compile(r"(?<=[;:.,])(?=\([a-z]{1,4}\)\s?[\w“‘\"])|(?<=[a-z)][.;:])(?=\d{1,2}\.\s?[A-Z])")
_LONGEST_HEADING = 150


@dataclass(slots=True)
class Piece:
    """A block, or a cell of a table row, with what is needed to choose it.

    Attributes:
        text: as a reader sees it, white space collapsed, automatic number included.
        kind, level, number, joiner: as in `records.Line`.
        element: the element that it stands in.
        links: characters of it that are links to elsewhere.
        furniture: whether it stands in a part of the page that its markup declares to be no main text.
        bold: whether all of it is bold or underlined.
        anchor: whether it begins with a link to its own place, as headings of long pages do.
    """

    text: str
    kind: str
    level: int
    number: str
    joiner: str | None
    element: Any
    links: int = 0
    furniture: bool = False
    bold: bool = False
    anchor: bool = False


@dataclass(frozen=True)
class _State:
    kind: str = "paragraph"
    level: int = 0
    depth: int = 0
    furniture: bool = False
    in_main: bool = False
    kept_breaks: bool = False
    element: Any = None


@dataclass
class _Buffer:
    """Inline text of the open block."""

    parts: list[str] = field(default_factory=list)
    links: int = 0
    bold: int = 0
    anchor: bool = False


def read_pieces(body: Any) -> list[Piece]:
    """All blocks of the page in order, those of navigation and the like marked as furniture."""
    walker = _Walker(sum(len(t) for t in body.itertext()))
    walker.visit(body, _State(element=body))
    walker.flush(_State(element=body))
    _number(walker.pieces)
    return walker.pieces


class _Walker:
    def __init__(self, size: int) -> None:
        self.pieces: list[Piece] = []
        self._size = size
        self._buffer = _Buffer()
        self._pending = ""  # number of the list item whose text has not come yet

    def visit(self, element: Any, state: _State) -> None:
        """Takes in an element: its own text and its children's."""
        state = replace(_enter(element, state, self._size), element=element)
        self._text(element.text, state)
        for child in element:
            if isinstance(child.tag, str):
                self._child(child, state)
            self._text(child.tail, state)

    def _child(self, child: Any, state: _State) -> None:
        tag = child.tag
        if _DROPPED.fullmatch(tag) or (tag in ("a", "sup") and self._is_note_sign(child)):
            return
        if tag == "br":
            self._buffer.parts.append("\v")
        elif _INLINE.fullmatch(tag):
            self._inline(child, state)
        else:
            self.flush(state)
            if tag == "table":
                self._table(child, state)
            elif tag in ("ul", "ol"):
                self._list(child, state)
            else:
                self.visit(child, state)
            self.flush(replace(_enter(child, state, self._size), element=child))

    def _inline(self, child: Any, state: _State) -> None:
        before = sum(map(len, self._buffer.parts))
        self.visit(child, state)
        size = sum(map(len, self._buffer.parts)) - before
        if child.tag == "a" and size > 0:
            if _is_own_place(child):
                self._buffer.anchor |= not "".join(self._buffer.parts)[:before].strip()
            elif child.get("href"):
                self._buffer.links += size
        if child.tag in ("b", "strong", "u") and size > 0:
            self._buffer.bold += size

    def _text(self, text: str | None, state: _State) -> None:
        if text:
            self._buffer.parts.append(text.replace("\n", "\v") if state.kept_breaks else text.replace("\v", " "))

    def flush(self, state: _State) -> None:
        """Ends the open block."""
        buffer, self._buffer = self._buffer, _Buffer()
        raw = "".join(buffer.parts)
        bold = buffer.bold >= len(raw.strip()) > 0
        for part in _paragraphs(raw):
            text = GLUED.sub(" ", _SPACE.sub(" ", part).strip())
            if not text:
                continue
            links = min(buffer.links, len(text))
            kind, number = state.kind, self._pending
            if kind == "list_item":
                kind = "list_item" if number or not self._said(state) else "paragraph"
            own = number_of(text) or (bullet.group() if (bullet := BULLET.match(text)) else "")
            number = "" if number == "•" or own else number
            if kind == "list_item" and own and not number_of(text):
                text = text[len(own) :].strip() or text
            shown = f"{number} {text}" if number else text
            self._pending = ""
            piece = Piece(shown, kind, state.level, number, None, state.element, links, state.furniture, bold, buffer.anchor)
            self.pieces.append(piece)

    def _said(self, state: _State) -> bool:
        """Whether the list item has had its first text already."""
        return self._pending == ""

    def _list(self, element: Any, state: _State) -> None:
        state = replace(_enter(element, state, self._size), depth=state.depth + 1)
        items = [child for child in element if child.tag == "li"]
        numbers = list(list_numbers(element, items)) if element.tag == "ol" else ["•"] * len(items)
        by_item = dict(zip(items, numbers, strict=True))
        for child in element:
            if child.tag == "li":
                self._item(child, state, by_item[child])
            elif isinstance(child.tag, str):
                self._child(child, state)
                self.flush(state)

    def _item(self, element: Any, state: _State, number: str) -> None:
        self._pending = number or "•"
        kind = state.kind if state.kind == "footnote" else "list_item"
        state = replace(state, kind=kind, level=state.depth, element=element)
        self.visit(element, state)
        self.flush(replace(_enter(element, state, self._size), element=element))
        self._pending = ""

    def _table(self, table: Any, state: _State) -> None:
        state = _enter(table, state, self._size)
        rows = [row for row in table.iter("tr") if next(row.iterancestors("table"), None) is table]
        grid = [[cell for cell in row if cell.tag in ("td", "th")] for row in rows]
        for caption in table.findall("caption"):
            self.visit(caption, state)
            self.flush(replace(state, element=caption))
        layout = _is_layout(table, grid)
        for cells in grid:
            filled = [c for c in cells if _plain(c)]
            if len(filled) >= 2 and _is_mark(_plain(filled[0])) and not table.findall(".//th"):
                self._marked_row(filled, state)
            elif layout:
                for cell in cells:
                    self.visit(cell, state)
                    self.flush(replace(state, element=cell))
            else:
                self._row(filled, state)

    def _marked_row(self, cells: list[Any], state: _State) -> None:
        """A row whose first cell is "(a)" or a dash is a list item: the Official Journal sets its lists so."""
        mark = _plain(cells[0])
        self._pending = number_of(mark) or "•"
        depth = state.depth + 1
        for cell in cells[1:]:
            inner = replace(state, kind="list_item", level=depth, depth=depth, element=cell)
            self.visit(cell, inner)
            self.flush(inner)
        self._pending = ""

    def _row(self, cells: list[Any], state: _State) -> None:
        kind = "heading" if len(cells) == 1 and state.kind == "heading" else "table_row"
        for i, cell in enumerate(cells):
            links = sum(len(_plain(a)) for a in cell.iter("a"))
            piece = Piece(
                _plain(cell), kind, 0, "", " | " if i else None, cell, links, _enter(cell, state, self._size).furniture
            )
            self.pieces.append(piece)

    def _is_note_sign(self, element: Any) -> bool:
        """Whether a link or raised sign is the mark of a footnote, or the way back from one, and no word of the text."""
        text = _plain(element)
        links = [element] if element.tag == "a" else list(element.iter("a"))
        inside = any((a.get("href") or "").startswith("#") or "#" in (a.get("href") or "") for a in links)
        if not text:
            return False
        if _BACK_SIGN.fullmatch(text):
            return inside or element.tag == "sup"
        raised = element.tag == "sup" or element.find(".//sup") is not None or "noteref" in (element.get("role") or "")
        if not raised and not _FOOTNOTE.search(element.get("class") or ""):
            return False
        if not _NOTE_SIGN.fullmatch(text):
            return False
        unit = re.search(r"(?:\b[kcm]?m|\d|\b[xyzR])$", "".join(self._buffer.parts)[-4:])
        return inside or (text.isdigit() and not unit)


def _paragraphs(raw: str) -> Iterator[str]:
    """Splits at empty lines, and at numbers that have lost their line break ("the Convention:(a) treaty means ...;(b) ...")."""
    for part in _PARAGRAPH_BREAK.split(raw):
        if len(_LOST_BREAK.findall(part)) > 1:
            yield from _LOST_BREAK.split(part)
        else:
            yield part


def _enter(element: Any, state: _State, size: int) -> _State:
    """The state inside an element."""
    tag = element.tag
    if not isinstance(tag, str) or _INLINE.fullmatch(tag):
        return state
    main = state.in_main or tag in ("main", "article") or element.get("role") == "main"
    # The id of a heading is made of its words ("related-figures").
    names = f"{element.get('class') or ''} {'' if re.fullmatch('h[1-6]', tag) else element.get('id') or ''}"
    state = replace(state, in_main=main, furniture=state.furniture or _is_furniture(element, names, state, size))
    if tag == "pre" or re.search(r"white-?space-?:?\s*pre", f"{names} {element.get('style') or ''}"):
        state = replace(state, kept_breaks=True)
    if re.fullmatch(r"h[1-6]", tag):
        return replace(state, kind="heading", level=int(tag[1]))
    if tag == "blockquote":
        return replace(state, kind="quotation", level=0)
    if _FOOTNOTE.search(names) or element.get("role") in ("doc-footnote", "doc-endnote", "doc-endnotes"):
        return replace(state, kind="footnote", level=0)
    return state


def _is_furniture(element: Any, names: str, state: _State, size: int) -> bool:
    tag, role = element.tag, element.get("role") or ""
    if tag in ("html", "body", "main", "article", "li", "table", "tbody", "tr", "td") or _FOOTNOTE.search(names):
        return False
    style = (element.get("style") or "").replace(" ", "").lower()
    if "hidden" in element.attrib or element.get("aria-hidden") == "true" or "display:none" in style:
        return True
    if tag in _FURNITURE_TAGS or _FURNITURE_ROLES.fullmatch(role) or (tag == "header" and not state.in_main):
        return True
    # A wrapper of most of the page ("page-with-sidebar") is none, whatever its name says; comments have no heading of level 1.
    if not _FURNITURE_NAMES.search(names):
        return False
    large = sum(len(t) for t in element.itertext()) >= 0.5 * size
    return not (large and any(element.find(f".//{tag}") is not None for tag in ("h1", "main", "article")))


def _is_own_place(link: Any) -> bool:
    href = link.get("href") or ""
    if not href.startswith("#") or len(href) < 2:
        return False
    near = [link, *link.iterancestors()]
    return any(e.get("id") == href[1:] or e.get("name") == href[1:] for e in near)


def _plain(element: Any) -> str:
    return _SPACE.sub(" ", " ".join(element.itertext() if len(element) else [element.text or ""])).strip()


def _is_mark(text: str) -> bool:
    return number_of(text) == text or text in ("-", "–", "—", "•", "·", "▪", "o")


def _is_layout(table: Any, grid: list[list[Any]]) -> bool:
    """Whether a table only places things: nested tables, one row or column, or whole texts in its cells."""
    if table.get("role") == "presentation" or table.find(".//table") is not None:
        return True
    if max(map(len, grid), default=0) < 2:
        return True
    sizes = [len(_plain(c)) for row in grid for c in row]
    data = table.find(".//th") is not None
    return max(sizes) > (1500 if data else 600) or (len(grid) == 1 and not data and max(sizes) > 200)


def _number(pieces: list[Piece]) -> None:
    """Headings told by emphasis, class or anchor, printed numbers, and which numbered blocks are paragraphs."""
    levels = Levels()
    lead = ""
    above = 1
    before: Piece | None = None
    for piece in pieces:
        if piece.kind == "heading":
            above = piece.level
            piece.number = division(piece.text) or number_of(piece.text)
        elif piece.kind == "paragraph" and _is_heading(piece):
            number = division(piece.text)
            piece.kind, piece.number = "heading", number or number_of(piece.text)
            piece.level = rank_of(number) if number else min(above + 1, 6)
            if not number and before is not None and before.kind == "heading" and before.number == before.text:
                piece.joiner, piece.level, piece.number = " ", before.level, ""  # "Article 4" and its title are one heading
        if piece.kind == "heading":
            levels.reset()
        elif piece.kind in ("paragraph", "list_item") and piece.joiner is None:
            _place(piece, lead, levels)
        lead = lead if piece.kind == "list_item" else piece.text
        before = piece


def _is_heading(piece: Piece) -> bool:
    if len(piece.text) > _LONGEST_HEADING or re.search(r"[.;,!?]$", piece.text) or piece.links >= len(piece.text):
        return False
    if division(piece.text) == piece.text:
        return True
    named = bool(_HEADING_NAMES.search(piece.element.get("class") or ""))
    return (piece.anchor or piece.bold or named) and bool(re.search(r"\w", piece.text))


def _place(piece: Piece, lead: str, levels: Levels) -> None:
    piece.number = piece.number or number_of(piece.text)
    if piece.number and piece.text.startswith(piece.number) and piece.text[len(piece.number) :][:1].strip():
        piece.text = f"{piece.number} {piece.text[len(piece.number) :]}"
    bullet = BULLET.match(piece.text)
    if piece.kind == "list_item":
        if piece.number and piece.level == 1:
            piece.kind, level = levels.place(piece.number, piece.text, lead)
            piece.level = 1 if level else 0
    elif bullet and piece.text[0] in "-–—•·▪●◦":
        piece.kind, piece.level, piece.text = "list_item", levels.of(""), piece.text[bullet.end() :].strip() or piece.text
    elif piece.number:
        piece.kind, piece.level = levels.place(piece.number, piece.text, lead)
    elif not lead.endswith(":"):
        levels.reset()
