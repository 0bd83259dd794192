"""Plain text to lines: units (paragraphs, headings, items) first, then what each is.

Some files hold one paragraph a line, others are wrapped with blank lines between paragraphs, and some have lost the line ends
between paragraphs ("HAVE AGREED AS FOLLOWS:Article 1PurposeThe Parties"). All three are told by the file as a whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import quantiles

from pipeline.ingest.decoding import lines_of
from pipeline.numbering import BULLET, Levels, division, number_of, rank_of, style_of
from pipeline.records import Line

#: Head lines of the Official Journal and of its web pages.
_FURNITURE = re.compile(
    r"\d{1,2}\.\d{1,2}\.\d{4}|[A-Z]{2}|[LC]I?\s?\d{1,3}/\d{1,4}|Official Journal (?:of the European|L\b|C\b).{0,60}|\|"
    r"|EUR-Lex - .{0,40}|Avis juridique important|Important legal notice|\d{5}[A-Z]\d{4}(?:\(\d\d\))?|\d{8}|Top|[<>]"
    r"|TRANSLATION|-?\s?\d{1,4}\s?-?|Page \d+(?: of \d+)?"
)
#: Marks of paragraphs in text that has lost its line ends: a new sentence, heading, number or dash right behind a word.
_SEAM = re.compile(
    r"(?:(?<=[a-zà-ÿ\d)”’.;:,])|(?<=[a-z.,;]['\"]))(?=[A-ZÀ-Þ“‘](?:[a-zà-ÿ]|\s))(?<![A-Z]\.)(?<!Mc)(?<!Mac)"
    # "(s)" after a word is its plural, "(1)" before a small letter the sign of a footnote.
    r"|(?<=[a-z;:.,])(?=\((?!e?s\)|ies\))(?:[a-z]|[ivx]{1,4}|\d{1,2}(?=\)\s[A-Z]))\)\s)"
    r"|(?<=[a-z;:.,A-Z])(?=\d{1,2}\.(?:\d+\.?)?\s)"
    r"|(?<=[a-z;:.,])(?=[-—–]\s)"
    r"|(?<=[A-Z]{4})(?=(?:on|between|for|in|of|establishing|concerning|extending|amending)\s)"
    r"|(?<=[a-z:;.,>])(?=[A-Z]{3,}\b)|(?<=[a-z)]\.)(?=[IVX]{1,4}\.\s)"
    r"|(?<=\S)(?=  (?:Article \d|[A-Z]{3,}|[-(]|[A-Z]\. |\d{1,2}\.))|(?<=Article \d)(?=  )|(?<=Article \d\d)(?=  )"
)
#: Signs of the Official Journal's text files for what they leave out, alone or in the midst of a line.
_LEFT_OUT = re.compile(
    r">\s?(?:PIC FILE\b[^<>\n]*|TABLE(?: POSITION)?|REFERENCE TO A (?:GRAPHIC|FILM)|(?:START|END) OF GRAPHIC)>"
    r"|\+{5}[+ A-Z]*\+{5}|[-_=*]{10,}"
)
#: A footnote of the Official Journal: "(1) OJ L 59, 4.3.2003, p. 24."
_REFERENCE = re.compile(r"(?:\(\d{1,3}\)|\[\d{1,3}\])\s+OJ (?:No )?(?:[LC]I?|EC|P) ?\d")
_ENDS = re.compile(r"[.:;,!?…][”’\"')\]]*$")
#: A line this long has lost its line ends if it has seams at all: paragraphs of 53 agreements reach 1,600 characters.
_LONGEST_PARAGRAPH = 3000
_LONGEST_HEADING = 120
#: Words that no heading ends with.
_UNENDING = re.compile(r" (?:and|or|of|the|to|that|will|shall|should|may|must|are|is)$")
#: At most so many notices stand above a title.
_NOTICES = 2
_BULLETS = frozenset("-–—•·▪●◦*")
#: This many lines in a row of at most so many characters are the cells of a table that has lost its rows (tariff schedules).
_CELLS, _CELL_WIDTH, _ROW = 8, 24, 16


@dataclass
class _Unit:
    """A paragraph, heading or item, `[start, end)` in the text.

    Attributes:
        gap: whether a blank line stands before it.
        seams: offsets where words of it stand together without white space that belong apart.
    """

    start: int
    end: int
    gap: bool = False
    kind: str = ""
    level: int = 0
    number: str = ""
    seams: list[int] = field(default_factory=list)

    def words(self, text: str) -> str:
        """The words as a reader sees them, with single spaces."""
        return " ".join(" ".join(text[a:b].split()) for a, b in self.parts())

    def parts(self) -> list[tuple[int, int]]:
        """The stretches between its seams."""
        cuts = [self.start, *(s for s in self.seams if self.start < s < self.end), self.end]
        return list(pairwise(cuts))

    def join(self, other: _Unit) -> None:
        """Takes in the unit that follows."""
        self.seams += [other.start, *other.seams]
        self.end = other.end


def read_lines(text: str, start: int) -> tuple[Line, ...]:
    """The lines of a plain text from offset `start` on, each with its kind."""
    units = _units(text, start)
    _mark_cells(units, text)
    units = _merge(units, text)
    _classify(units, text)
    return tuple(line for unit in units for line in _lines(unit, text))


def _lines(unit: _Unit, text: str) -> list[Line]:
    lines: list[Line] = []
    between = " | " if unit.kind == "table_row" else " "
    for start, end in unit.parts():
        more = lines_of(text, start, end, kind=unit.kind, level=unit.level, number="" if lines else unit.number)
        lines += [replace(x, joiner=between) if lines and x.joiner is None else x for x in more]
    return lines


def _units(text: str, start: int) -> list[_Unit]:
    lines: list[_Unit] = []
    gap = True
    for m in re.finditer(r"[^\n]*", text[start:]):
        words = m.group().strip()
        if not words:
            gap = gap or m.end() > m.start() or text[start + m.end() - 1 : start + m.end()] == "\n"
            continue
        begin = start + m.start() + len(m.group()) - len(m.group().lstrip())
        for part in _around(_LEFT_OUT, text, begin, end=begin + len(words)):
            part = replace(part, gap=gap)
            lines += _split_seams(text, part) if len(words) >= _LONGEST_PARAGRAPH else [part]
            gap = False
    width = wrap_width([u.end - u.start for u in lines], sum(u.gap for u in lines))
    return _unwrap(lines, text, width) if width else lines


def _around(pattern: re.Pattern[str], text: str, start: int, *, end: int) -> list[_Unit]:
    """What stands between the matches of a pattern."""
    cuts = [start, *(at for m in pattern.finditer(text, start, end) for at in m.span()), end]
    return [unit for a, b in zip(cuts[::2], cuts[1::2], strict=True) if (unit := _stripped(text, a, b))]


def _stripped(text: str, start: int, end: int) -> _Unit | None:
    words = text[start:end]
    start, end = start + len(words) - len(words.lstrip()), end - len(words) + len(words.rstrip())
    return _Unit(start, end) if start < end else None


def wrap_width(lengths: list[int], gaps: int) -> int:
    """The width at which the lines of a file are wrapped, 0 if each line is a paragraph.

    A file is wrapped if hardly a line is longer than 120 characters, the longer lines end near a common width, and blank lines
    separate paragraphs (or there is just one).
    """
    if len(lengths) < 3:
        return 0
    width = int(quantiles(lengths, n=20)[-1])
    near = sum(length > 0.75 * width for length in lengths)
    wrapped = 40 <= width <= 120 and near >= (0.25 if gaps > 1 else 0.6) * len(lengths) and gaps < 0.7 * len(lengths)
    return width if wrapped else 0


def _unwrap(lines: list[_Unit], text: str, width: int) -> list[_Unit]:
    out: list[_Unit] = []
    for line in lines:
        if out and not line.gap and not _opens(text[line.start : line.end], text[out[-1].start : out[-1].end], width):
            out[-1].end = line.end
        else:
            out.append(line)
    return out


def _opens(words: str, before: str, width: int) -> bool:
    """Whether a line opens a paragraph though no blank line stands before it."""
    last = before.rpartition("\n")[2].strip()
    if BULLET.match(words) and words[0] not in "–—-":
        return True
    marked = bool(BULLET.match(words) or number_of(words) or division(words))
    ended = bool(_ENDS.search(last))
    return (marked and ended) or (len(last) < 0.6 * width and words[:1].isupper() and (ended or len(before) < width))


def _split_seams(text: str, unit: _Unit) -> list[_Unit]:
    cuts = [unit.start, *(m.start() for m in _SEAM.finditer(text, unit.start + 1, unit.end)), unit.end]
    out = []
    for a, b in pairwise(cuts):
        part = _stripped(text, a, b)
        out += [replace(part, gap=unit.gap and part.start == unit.start)] if part else []
    return out


def _mark_cells(units: list[_Unit], text: str) -> None:
    """Folds runs of very short lines into table rows; where a row ended is lost, so each holds at most 16 cells."""
    start = 0
    while start < len(units):
        stop = start
        while stop < len(units) and _is_cell(units[stop].words(text)) and (stop == start or not units[stop].gap):
            stop += 1
        if stop - start >= _CELLS:
            for first in range(start, stop, _ROW):
                for cell in units[first + 1 : min(first + _ROW, stop)]:
                    units[first].join(cell)
                    cell.kind = "joined"
                units[first].kind = "table_row"
        start = max(stop, start + 1)
    units[:] = [u for u in units if u.kind != "joined"]


def _is_cell(words: str) -> bool:
    lone = words in _BULLETS or number_of(words) == words
    return len(words) <= _CELL_WIDTH and not lone and not words.endswith((",", ";", ":")) and not division(words)


def _merge(units: list[_Unit], text: str) -> list[_Unit]:
    """Joins a dash or number that stands alone with what follows, and an article's number with its heading."""
    out: list[_Unit] = []
    for i, unit in enumerate(units):
        words = unit.words(text)
        before = out[-1].words(text) if out else ""
        if (
            not before
            or unit.kind
            or out[-1].kind
            or _FURNITURE.fullmatch(words)
            or _FURNITURE.fullmatch(before)
            or len(before) > _LONGEST_HEADING
        ):
            out.append(unit)
        elif _is_lone(before, words) or (i + 1 < len(units) and _is_title_of(before, words)):
            out[-1].join(unit)
        else:
            out.append(unit)
    return out


def _is_lone(before: str, words: str) -> bool:
    alone = before in _BULLETS or number_of(before) == before
    return alone and not division(words)


def _is_title_of(before: str, words: str) -> bool:
    """Whether `words` is the second line of a heading: "Article 4" | "Exchange of personnel", "AGREEMENT" | "on ..."."""
    if len(words) > 3 * _LONGEST_HEADING or number_of(words) or division(words) or BULLET.match(words):
        return False
    if division(before) == before:
        return len(words) <= _LONGEST_HEADING and not _ENDS.search(words) and words[:1].isupper()
    return before.isupper() and not _ENDS.search(before) and len(before) < 60 and words[:1].islower() and words != "and"


def _classify(units: list[_Unit], text: str) -> None:
    levels = Levels()
    lead = before = ""
    titled, top = False, 0
    legal = sum(bool(division(u.words(text))) for u in units) > 2
    for i, unit in enumerate(units):
        if unit.kind:
            levels.reset()
            continue
        words = unit.words(text)
        follows = units[i + 1].words(text) if i + 1 < len(units) else ""
        if _FURNITURE.fullmatch(words):
            unit.kind = "furniture"
            continue
        # A notice of one sentence may stand above the title.
        first = not titled and (not top or (top <= _NOTICES and before.endswith(".") and words[0].isupper()))
        if level := _heading_level(words, follows, before, first=first, legal=legal):
            unit.kind, unit.level, unit.number = "heading", level, division(words) or number_of(words)
            titled = True
            levels.reset()
        elif (
            unit.seams and words.split()[0].isupper() and not _ENDS.search(words) and not number_of(words) and len(words) < 400
        ):
            unit.kind, unit.level = "heading", 2  # "COOPERATION AGREEMENT" | "between ...", after another title
            levels.reset()
        else:
            _mark(unit, words, lead, levels)
        if unit.kind != "list_item":
            lead = words
        before, top = words, top + 1


def _heading_level(words: str, follows: str, before: str, *, first: bool, legal: bool) -> int:
    """The level of a heading, 0 if it is none; the first heading of a file is its title.

    Args:
        follows: the words of the next unit.
        before: the words of the last unit.
        first: whether nothing but furniture and perhaps a notice came before.
        legal: whether the file is divided into articles; then short lines without number or capitals are headings more rarely.
    """
    number = division(words)
    if number and (
        words == number or (re.match(r"\s?[:.–—-]?\s+[^\W\d_a-z]", words[len(number) :]) and not _ENDS.search(words))
    ):
        if len(words) > len(number) + (2 if words.isupper() else 1) * _LONGEST_HEADING:
            return 0
        return rank_of(number)
    if BULLET.match(words) or _ENDS.search(words) or not re.match(r"[\W\d]*[^\W\d_]", words) or not words[0].isupper():
        return 1 if first and len(words) <= 300 and not words.endswith((".", ",", ":")) and follows else 0
    if first and len(words) <= 400 and follows:
        return 1
    if style_of(number_of(words)) in ("A", "I") and len(words.split()) > 3 and len(words) <= _LONGEST_HEADING:
        return 4
    if len(words) > _LONGEST_HEADING or number_of(words) or _UNENDING.search(words):
        return 0
    if words.isupper() and len(words) > 3:
        # "THE KINGDOM OF BELGIUM" | "THE REPUBLIC OF BULGARIA,": the last comma of a list of parties may be lost.
        return 0 if follows.isupper() and follows.endswith(",") else 2
    prose = len(follows) > 80 or bool(not legal and _ENDS.search(follows) and len(follows) > len(words))
    ended = before.endswith(".") if legal else not before.endswith((",", "and", ":"))
    return 2 if prose and ended else 0


def _mark(unit: _Unit, words: str, lead: str, levels: Levels) -> None:
    """Kind, number and level of what is no heading."""
    unit.kind = "paragraph"
    if bullet := BULLET.match(words):
        unit.kind, unit.level = "list_item", levels.of("")
        unit.start += len(words[: bullet.end()].rstrip())
        return
    unit.number = number_of(words)
    if _REFERENCE.match(words):
        unit.kind, unit.number = "footnote", words.split(maxsplit=1)[0]
    elif unit.number:
        unit.kind, unit.level = levels.place(unit.number, words, lead)
    elif not lead.endswith(":"):
        levels.reset()
