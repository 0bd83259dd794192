"""Finds what stands between quotation marks, on plain text: typographic, straight, angular; over paragraphs; unbalanced.

Offsets are half-open, in characters of the text given. The marks themselves lie outside.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

#: opening mark -> its closing mark
PAIRS = {"“": "”", "‘": "’", "«": "»", "„": "“", '"': '"', "'": "'"}
_OPENING = re.compile(r"[“„](?=\S)|«(?=\s?\S)|(?<![\w.,;!?’”%)])[‘\"'](?=[^\s\d'’\"])")
#: A sentence ends here unless the point belongs to an initial or a title.
SENTENCE_END = re.compile(
    r"(?<!\b[A-Z])(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)(?<!\bSt)(?<!\bGen)(?<!\bSen)[.!?;][”\"’)*]*\s+(?=\W*[A-Z])"
)


@dataclass(frozen=True, slots=True)
class Marked:
    """Words between marks.

    Attributes:
        start, end: the words without the marks and without white space at their ends.
        outer_start, outer_end: with the marks.
        closed: whether the closing mark was found.
    """

    start: int
    end: int
    outer_start: int
    outer_end: int
    closed: bool = True


def scan(text: str, blocks: Sequence[tuple[int, int]]) -> list[Marked]:
    """All marked stretches, in order; one that goes on in the next block, where its opening mark is repeated, is one."""
    found: list[Marked] = []
    pending: tuple[int, int] | None = None
    for start, end in blocks:
        place = start
        if pending is not None:
            goes_on = text[start:end][:1] == text[pending[0]]
            close = closing(text, start, end) if goes_on else None
            if goes_on and close is None:
                pending = (pending[0], end)
                continue
            found.append(_marked(text, pending[0], close if close is not None else pending[1], close is not None))
            place = close + 1 if close is not None else start
            pending = None
        pending = _in_block(text, (place, end), found)
    if pending is not None:
        found.append(_marked(text, *pending, False))
    return found


def _in_block(text: str, block: tuple[int, int], found: list[Marked]) -> tuple[int, int] | None:
    """Adds the closed stretches of a block to `found`; returns the opening of one that stays open, with the block's end."""
    place, end = block
    while mark := _OPENING.search(text, place, end):
        close = closing(text, mark.start(), end)
        if close is None and text[mark.start()] in "‘'":
            place = mark.end()  # an apostrophe at the start of a word
            continue
        if close is None:
            return mark.start(), end
        found.append(_marked(text, mark.start(), close, True))
        place = close + 1
    return None


def _marked(text: str, opening: int, close: int, closed: bool) -> Marked:
    start, end = opening + 1, close
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Marked(start, end, opening, close + closed, closed)


def closing(text: str, opening: int, end: int) -> int | None:
    """The offset of the mark that closes the one at `opening`, before `end`."""
    mark = text[opening]
    close = PAIRS[mark]
    if mark in "‘'":
        return _closing_single(text, opening + 1, end, close)
    if mark == close:
        return _closing_straight(text, opening + 1, end)
    depth, found = 1, []
    for i in range(opening + 1, end):
        if text[i] == close:
            found.append(i)
            depth -= 1
            if not depth:
                return i
        elif text[i] == mark:
            depth += 1
    # A mark is missing inside: the last one closes the whole if nothing follows it, else the first.
    return found[-1] if found and not any(c.isalnum() for c in text[found[-1] + 1 : end]) else next(iter(found), None)


def _closing_straight(text: str, start: int, end: int) -> int | None:
    for i in range(start, end):
        if text[i] == '"' and not text[i - 1].isspace():
            return i
    return None


def _closing_single(text: str, start: int, end: int, close: str) -> int | None:
    """An apostrophe looks the same: inside a word it is none, and after a plural ("the parties' aims") the last choice."""
    doubtful = None
    for i in range(start, end):
        if text[i] != close or text[i - 1].isspace() or text[i + 1 : i + 2].isalnum():
            continue
        if text[i - 1] == "s" and re.match(r" [a-z]", text[i + 1 : i + 3]):
            doubtful = i if doubtful is None else doubtful
            continue
        return i
    return doubtful


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Without commas, spaces and the half of a pair of marks at the ends."""
    while start < end and text[start] in " ,\n":
        start += 1
    while end > start and text[end - 1] in " ,.;\n":
        end -= 1
    if text[start:end].count("“") > text[start:end].count("”") and text[end : end + 2].strip(".,")[:1] == "”":
        end += text[end : end + 2].index("”") + 1
    return start, end


def last_of(matches: Iterable[re.Match[str]]) -> re.Match[str] | None:
    """The last match, None if there is none."""
    found = None
    for found in matches:  # noqa: B007
        pass
    return found


def sentence_start(text: str, start: int, end: int) -> int:
    """Where the last sentence of `text[start:end]` begins."""
    mark = last_of(SENTENCE_END.finditer(text, start, end))
    if mark is None and re.search(r"[.!?][”\"’)]*\s+$", text[start:end]):
        return end
    begin = mark.end() if mark else start
    return end if re.search(r"[.!?]\s+$", text[begin:end]) and text[end - 3 : end - 1][-1:] in ".!?" else begin
