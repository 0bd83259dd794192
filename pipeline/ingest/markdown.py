"""Markdown to lines: what a reader sees of it, as slices of the text as it is.

A small block parser after CommonMark 0.31 and pandoc's dialect, because the usual parsers give no character offsets. Markup is
veiled (`decoding.VEIL`), never removed, so that every offset stays true.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

from pipeline.ingest.decoding import VEIL, lines_of
from pipeline.numbering import BULLET, Levels, division, number_of, style_of
from pipeline.records import Line

_INLINE_TAGS = (
    "a|abbr|b|big|blockquote|body|br|center|cite|code|col|colgroup|dd|del|details|div|dl|dt|em|figcaption|figure|font|h[1-6]|head|"
    "hr|html|i|iframe|img|info|ins|li|link|mark|meta|ol|p|s|section|small|span|strike|strong|style|sub|summary|sup|table|tbody|"
    "td|tfoot|th|thead|tr|u|ul"
)
_TAG = re.compile(rf"</?(?:{_INLINE_TAGS})(?:\s[^<>]*)?/?>", re.I)
_COMMENT = re.compile(r"<!--.*?-->|<(style|script)\b[^>]*>.*?</\1>", re.S | re.I)
_LABEL = r"(?:[^\[\]\\]|\\.|\[[^\[\]]*\])*"
_TARGET = r"\(\s*<?(?:[^()\s<>]|\([^()\s]*\))*>?(?:\s+(?:\"[^\"]*\"|'[^']*'))?\s*\)"
_LINK = re.compile(rf"(?P<bang>!?)\[(?P<label>{_LABEL})\]{_TARGET}", re.S)
_REFERENCE = re.compile(r"\s*(?:\[\^[^\]\s]+\](?!:)|<sup>\s*(?:\[|\\\[)?\d{1,3}(?:\]|\\\])?\s*</sup>)", re.I)
_POWER = re.compile(r"(?:\b[kcm]?m|\d)$")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~]|(?=\s|$))")
_EMPHASIS = re.compile(r"(?<!\\)(?:(?<=\S)\*{1,3}|\*{1,3}(?=\S)|(?<!\w)_{1,3}(?=\S)|(?<=\S)_{1,3}(?!\w)|~~|`+)")
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)?[^\s<>]+[@:./][^\s<>]+)>")
_ATTRIBUTES = re.compile(r"\{[#.:][^{}\n]*\}")
_HEADING = re.compile(r"[ \t]{0,3}(#{1,6})(?!#)[ \t\xa0]*(.*?)[ \t\xa0]*#*[ \t\xa0]*$")
#: Rules, and lines of stars that say where a text begins and ends.
_RULE = re.compile(
    r"[\s\xa0]*(?:\\?\*[\s\xa0]*){3,5}(?:begin|end)\b[\w ]{0,20}(?:\\?\*[\s\xa0]*){3,5}$|"
    r"[\s\xa0]*(?:\\?[#*_=~-][\s\xa0]*){3,}$|[\s\xa0]*\\?#{1,6}[\s\xa0]*$|[\s\xa0]*-?30-?[\s\xa0]*$",
    re.I,
)
_UNDERLINE = re.compile(r"[ \t]*(=+|-+)[ \t]*$")
_DELIMITER = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_FOOTNOTE = re.compile(r"[ \t]{0,3}(?:\[\^([^\]\s]+)\]:|\\?\[\[?(\d{1,3}|\*+)\\?\]?\]\(#[^)]*\)\\?\]?)[ \t]*")
_MARKER = re.compile(rf"([ \t]*)(?:({BULLET.pattern})|((?:\d{{1,3}}|#)[.)])(?:[ \t\xa0]+|$))")
_BOLD = re.compile(r"(?<!\\)(\*{2,3}|__).+?(?<!\\)\1|<(strong|b)>.*?</\2>", re.S)
_UNDERLINED = re.compile(r"<u>.*?</u>|<span[^>]*underline[^>]*>.*?</span>", re.S)
#: "II. Trade and Technology"
_DIVIDES = re.compile(r"[IVX]{1,4}\.\s+[A-Z]\w+ \w+")
#: Longest text of a line in bold that may be a heading: in 740 releases, 99 in 100 of such lines in bold are shorter.
_LONGEST_HEADING = 200


@dataclass
class _Block:
    """A block while it grows: `[start, end)` in the text, and where quotation marks and the like lie in it."""

    start: int
    end: int
    kind: str = "paragraph"
    level: int = 0
    number: str = ""
    cells: list[tuple[int, int]] = field(default_factory=list)
    hidden: list[tuple[int, int]] = field(default_factory=list)


def read_lines(text: str, start: int, literal: frozenset[int]) -> tuple[Line, ...]:
    """The lines of a Markdown text from offset `start` on.

    Args:
        text: with line feeds as line ends.
        start: offset behind the front matter.
        literal: offsets of `<` signs that were written as entities and so open no tag.
    """
    bare = _COMMENT.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), text)
    blocks = _Parser(bare).parse(start)
    shadow = _veil(bare, start, literal)
    shadow = _hide(shadow, [h for b in blocks for h in b.hidden])
    blocks = _finish(blocks, bare, shadow)
    return tuple(line for block in blocks for line in _block_lines(block, shadow))


def _block_lines(block: _Block, shadow: str) -> list[Line]:
    if not block.cells:
        return lines_of(shadow, block.start, block.end, kind=block.kind, level=block.level, number=block.number)
    row: list[Line] = []
    for start, end in block.cells:
        for line in lines_of(shadow, start, end, kind="table_row"):
            joiner = line.joiner if line.joiner is not None else (" | " if row else None)
            row.append(Line(line.start, line.end, "table_row", 0, "", joiner))
    return row


def _hide(text: str, stretches: list[tuple[int, int]]) -> str:
    parts, last = [], 0
    for start, end in sorted(set(stretches)):
        if start >= last:
            parts += [text[last:start], VEIL * (end - start)]
            last = end
    return "".join([*parts, text[last:]])


def _veil(text: str, start: int, literal: frozenset[int]) -> str:
    """The text with inline markup veiled, of the same length; the front matter stays."""
    head, body = text[:start], text[start:]

    def keep_spaces(m: re.Match[str]) -> str:
        return re.sub(r"\S", VEIL, m.group())

    def tag(m: re.Match[str]) -> str:
        return m.group() if start + m.start() in literal else keep_spaces(m)

    def reference(m: re.Match[str]) -> str:
        if "sup" in m.group().lower() and _POWER.search(body[max(0, m.start() - 4) : m.start()]):
            return m.group()
        return VEIL * len(m.group())

    body = _REFERENCE.sub(reference, body)
    for _ in range(2):  # twice, for an image that is itself a link
        body = _LINK.sub(_unlink, body)
    body = _AUTOLINK.sub(lambda m: VEIL + m.group(1) + VEIL, body)
    body = _TAG.sub(tag, body)
    body = _ATTRIBUTES.sub(keep_spaces, body)
    body = _EMPHASIS.sub(lambda m: VEIL * len(m.group()), body)
    return head + _ESCAPE.sub(lambda m: VEIL + m.group(1), body)


def _unlink(m: re.Match[str]) -> str:
    label = m.group("label")
    if m.group("bang") or ("#" in m.group()[len(label) :] and re.fullmatch(r"[\\\[\]\s]*(?:\d{1,3}|[*†↩↑])[\\\[\]\s]*", label)):
        return re.sub(r"\S", VEIL, m.group())
    return VEIL + label + VEIL * (len(m.group()) - len(label) - 1)


class _Parser:
    """Splits lines into blocks; keeps the open block and the open lists."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._blocks: list[_Block] = []
        self._open: _Block | None = None
        self._indents: list[int] = []
        self._after_blank = True

    def parse(self, start: int) -> list[_Block]:
        """All blocks from offset `start` on, in order."""
        at = start
        lines: list[tuple[int, int]] = []
        for line in self._text[start:].splitlines(keepends=True):
            lines.append((at, at + len(line.rstrip("\n"))))
            at += len(line)
        i = 0
        while i < len(lines):
            i += self._table(lines, i) or self._line(*lines[i])
        return self._blocks

    def _line(self, start: int, end: int) -> int:
        """Takes one line and returns 1, the number of lines used."""
        text = self._text[start:end]
        if not text.strip(" \t\xa0\u200b\ufeff\\"):
            self._close(blank=True)
        elif self._open and self._after_blank is False and _UNDERLINE.match(text) and self._open.kind == "paragraph":
            self._open.kind, self._open.level = "heading", 1 if "=" in text else 2
            self._close(blank=True)
        elif _RULE.match(text):
            self._close(blank=True)
        elif (m := _HEADING.match(text)) and m.group(2):
            self._start(_Block(start + m.start(2), start + m.end(2), "heading", len(m.group(1))))
            self._indents.clear()
            self._close(blank=True)
        else:
            self._words(start, end)
        return 1

    def _words(self, start: int, end: int) -> None:
        text = self._text[start:end]
        if (quote := re.match(r"[ \t]*(?:>[ \t]?)+", text)) is not None:
            self._add(start + quote.end(), end, "quotation", (start, start + quote.end()))
        elif note := _FOOTNOTE.match(text):
            number = note.group(1) or note.group(2)
            self._start(_Block(start + note.end(), end, "footnote", 0, number))
        elif (m := _MARKER.match(text)) and self._may_mark(m):
            self._item(m, start, end)
        else:
            self._add(start, end, "paragraph")
        if text.endswith(("  ", "\\", "\xa0 ", "<br>", "<br/>", "<br />")) or re.search(r"  \s*(?:</\w+>)+$", text):
            self._break(end)

    def _may_mark(self, m: re.Match[str]) -> bool:
        """Whether a marker at line start opens an item: a number or dash in the midst of a wrapped paragraph does not."""
        if self._after_blank or (self._indents and len(m.group(1).expandtabs(4)) <= self._indents[-1] + 3):
            return True
        return bool(m.group(2)) and m.group(2)[0] not in "–—"

    def _item(self, m: re.Match[str], start: int, end: int) -> None:
        indent = len(m.group(1).expandtabs(4))
        while self._indents and indent < self._indents[-1]:
            self._indents.pop()
        if not self._indents or indent >= self._indents[-1] + 2:
            self._indents.append(indent)
        content = start + (m.end() if m.group(2) else m.start(3))
        number = m.group(3) or ""
        self._start(_Block(content, end, "list_item", len(self._indents), number))

    def _add(self, start: int, end: int, kind: str, hidden: tuple[int, int] | None = None) -> None:
        """Adds a line to the open block or begins a block with it."""
        if self._open is None or self._after_blank or (kind == "quotation") != (self._open.kind == "quotation"):
            indent = len(self._text[start:end]) - len(self._text[start:end].lstrip())
            while kind == "paragraph" and self._indents and indent <= self._indents[-1]:
                self._indents.pop()
            # A paragraph set in under an item belongs to it.
            self._start(_Block(start, end, kind, len(self._indents) if kind == "paragraph" else 0))
        elif hidden:
            self._open.hidden.append(hidden)
        if self._open:
            self._open.end = end

    def _break(self, end: int) -> None:
        """A hard line break ends the block: official pages use it between a section's heading and its text."""
        self._close(blank=True)

    def _start(self, block: _Block) -> None:
        self._blocks.append(block)
        self._open = block
        self._after_blank = False

    def _close(self, *, blank: bool) -> None:
        self._open = None
        self._after_blank = blank

    def _table(self, lines: list[tuple[int, int]], i: int) -> int:
        """Takes a pipe table that begins at line `i`; returns the number of lines used, 0 if there is none."""
        if i + 1 >= len(lines) or "|" not in self._text[slice(*lines[i])]:
            return 0
        if not any("|" in (row := self._text[slice(*line)]) and _DELIMITER.match(row) for line in lines[i : i + 2]):
            return 0
        used = 0
        while i + used < len(lines) and "|" in (row := self._text[slice(*lines[i + used])]):
            if not _DELIMITER.match(row):
                self._row(*lines[i + used])
            used += 1
        self._close(blank=True)
        return used

    def _row(self, start: int, end: int) -> None:
        bars = [start - 1, *(start + m.start() for m in re.finditer(r"(?<!\\)\|", self._text[start:end])), end]
        cells = [(a + 1, b) for a, b in pairwise(bars)]
        self._blocks.append(_Block(start, end, "table_row", cells=cells))


def _finish(blocks: list[_Block], text: str, shadow: str) -> list[_Block]:
    """Headings in bold, printed numbers, and continuations of a sentence over a hard break."""
    base = max((b.level for b in blocks if b.kind == "heading"), default=1)
    styles: list[str] = []
    levels = Levels()
    out: list[_Block] = []
    lead = ""
    opening = 0
    for block in blocks:
        words = _words_of(block, shadow)
        if not words:
            opening = block.start
            continue
        # Markup that opens on a line of its own ("<u>" and a hard break) belongs to the line below.
        first = opening if text[opening : block.start].count("\n") == 1 else block.start
        style = _heading_style(text[first : block.end], words) if block.kind in ("paragraph", "list_item") else ""
        if style and not (block.kind == "list_item" and block.level > 1):
            # Numbered headings of one series have one level, however they are emphasised.
            series = style_of(division(words) or number_of(words)) or style
            styles += [series] if series not in styles else []
            block.kind, block.level = "heading", min(base + 1 + styles.index(series), 6)
        if out and _continues(out[-1], block, words, shadow):
            out[-1].end = block.end
            continue
        _number(block, words, levels, lead)
        lead = lead if block.kind == "list_item" else words
        out.append(block)
    return out


def _words_of(block: _Block, shadow: str) -> str:
    lines = lines_of(shadow, block.start, block.end, kind="")
    return "".join(f"{line.joiner or ''}{shadow[line.start : line.end]}" for line in lines)


def _heading_style(raw: str, words: str) -> str:
    """The emphasis of a short block that is emphasised as a whole, "I" for a numeral; empty if it is no heading."""
    if _DIVIDES.match(words) and len(words) <= _LONGEST_HEADING // 2 and not re.search(r"[.:;,!?]$", words):
        return "I"
    ended = re.search(r"[;,!]$", words) or (words.endswith(".") and not division(words))
    if len(words) > _LONGEST_HEADING or ended or not re.search(r"[^\W\d_]{2}", words):
        return ""
    bold, lined = _BOLD.sub("", raw), _UNDERLINED.sub("", raw)
    if re.search(r"\w", re.sub(r"<[^<>]*>", "", _UNDERLINED.sub("", bold))):
        return ""
    return ("b" if bold != raw else "") + ("u" if lined != raw else "")


def _continues(before: _Block, block: _Block, words: str, shadow: str) -> bool:
    """Whether a paragraph goes on after a hard break: the same paragraph, no end of sentence, lower case behind."""
    between = shadow[before.end : block.start]
    if block.kind != "paragraph" or before.kind not in ("paragraph", "list_item") or between.count("\n") != 1:
        return False
    last = shadow[before.start : before.end].rstrip(f"{VEIL} \t\n\xa0")
    return last[-1:] not in '.:;!?”"' and (words[:1].islower() or words[:1].isdigit()) and not number_of(words)


def _number(block: _Block, words: str, levels: Levels, lead: str) -> None:
    """Sets number, kind and level of a block that begins with a printed number."""
    if block.kind == "heading":
        block.number = division(words) or number_of(words)
        levels.reset()
        return
    if block.kind not in ("paragraph", "list_item"):
        return
    block.number = number_of(words)
    if block.kind == "list_item":
        if block.number and block.level == 1:
            block.kind, level = levels.place(block.number, words, lead)
            block.level = level and 1
    elif bullet := BULLET.match(words):
        block.kind, block.level = "list_item", levels.of("")
        block.start += bullet.end()
    elif block.number:
        block.kind, block.level = levels.place(block.number, words, lead)
    elif not lead.endswith(":"):
        levels.reset()
