"""Finds what stands between quotation marks, on plain text: typographic, straight, angular; over paragraphs; unbalanced.

Offsets are half-open, in characters of the text given. The marks themselves lie outside.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

#: opening mark -> the marks that close it; where none of the first stands, one of the second (typing errors) is taken.
CLOSING = {
    "“": ("”", '"“'),
    "„": ("“”", '"'),
    "”": ("”", '"'),
    "«": ("»", ""),
    "»": ("«»", ""),
    '"': ('"', "”"),
    "‘": ("’", "'"),
    "‚": ("‘’", "'"),
    "'": ("'", "’"),
}
_SINGLE = "‘‚'"
_CLOSES_FIRST = re.compile(r"[^“„”\n]{20,}?[,.!?]”(?=\s)")
_OPENING = re.compile(
    r"[“„](?=\S)|«(?=\s?\S)|(?<![^\s(])[”»](?=[^\W_])|(?<![^\s(])‚(?=[^\W_])|(?<![\w.,;!?’”%)])(?:[‘\"]|'(?!'))(?=[^\s\d'’\"])"
)
#: A paragraph that goes on with an open quotation may hold its closing mark this many blocks later.
REACH = 6
#: And the one of a letter that is announced and given in full this many.
_LETTER = 40
_POINTED = ",.?!…"
#: A sentence ends here unless the point belongs to an initial or a title.
_TITLES = re.findall(
    r"\w+", "Mr Mrs Ms Dr St Gen Sen Rep Gov Lt Col Maj Capt Cmdr Adm Brig Sgt Prof Amb Hon Rev Fmr Jr Sr vs No"
)
SENTENCE_END = re.compile(r"(?<!\b[A-Z])" + "".join(rf"(?<!\b{t})" for t in _TITLES) + r"[.!?;][”\"’»)*]*\s+(?=\W*[A-Z])")


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


def plain_marks(text: str) -> str:
    """The text with marks that are typed as two (``so'' or ''so'') as one and a space outside, so that offsets stay."""
    if "''" not in text and "``" not in text:
        return text
    return re.sub(r"''(?!')", "” ", re.sub(r"``(?=\S)|(?<![^\s(])''(?=[^\s'])", " “", text))


def scan(text: str, blocks: Sequence[tuple[int, int]]) -> list[Marked]:
    """All marked stretches, in order; one that goes on in the next blocks is one, whether or not they repeat its mark."""
    found: list[Marked] = []
    place = 0
    for i, (start, end) in enumerate(blocks):
        place = max(place, start)
        opening = _in_block(text, (place, end), found) if place < end else None
        if opening is None:
            continue
        marked = _over_blocks(text, opening, blocks[i:])
        if marked.closed or text[opening] not in _SINGLE:  # an apostrophe at the start of a word
            found.append(marked)
            place = marked.outer_end
    return found


def _in_block(text: str, block: tuple[int, int], found: list[Marked]) -> int | None:
    """Adds the closed stretches of a block to `found`; returns the opening mark of one that stays open."""
    place, end = block
    single = None
    lost = None if text[place - 1 : place].strip() else _CLOSES_FIRST.match(text, place, end)
    if lost:  # the opening mark of the paragraph is missing
        found.append(Marked(place, lost.end() - 1, place, lost.end()))
        place = lost.end()
    while mark := _OPENING.search(text, place, end):
        close = closing(text, mark.start(), end)
        if close is None and text[mark.start()] in _SINGLE:
            single, place = mark.start() if text[mark.start()] == "‘" else single, mark.end()
        elif close is None:
            return mark.start()
        else:
            single = None
            found.append(_marked(text, mark.start(), close, True))
            place = close + 1
    return single


def _over_blocks(text: str, opening: int, blocks: Sequence[tuple[int, int]]) -> Marked:
    """The stretch that opens in the first block: a later one closes it, else it ends with the last that repeats its mark."""
    last, mark = blocks[0][1], text[opening]
    repeated = True
    for start, end in blocks[1 : 1 + (REACH if mark not in _SINGLE else 3)]:
        begin = start + len(text[start:end]) - len(text[start:end].lstrip(" *_"))
        if text[begin : begin + 1] == mark:
            if not repeated:
                break
            close = closing(text, begin, end)
            last = end
        else:
            repeated = False
            close = _left_open(text, start, end, mark)
            if close is None and _OPENING.search(text, start, end):
                break
        if close is not None:
            return _marked(text, opening, close, True)
    announced = mark in _SINGLE and text[:opening].rstrip(" *_\n")[-1:] == ":"
    close = _closes_block(text, mark, blocks[1:]) if announced else None
    return _marked(text, opening, last if close is None else close, close is not None)


def _closes_block(text: str, mark: str, blocks: Sequence[tuple[int, int]]) -> int | None:
    """The single closing mark at the end of one of the blocks, for a letter of many paragraphs that is given in full."""
    for start, end in blocks[:_LETTER]:
        closed = re.search(rf"[^\s\w]([{CLOSING[mark][0]}])\W*$", text[start:end])
        if closed:
            return start + closed.start(1)
    return None


def _left_open(text: str, start: int, end: int, mark: str) -> int | None:
    """The closing mark of a quotation that opened in an earlier block: the first without an opening mark in this one."""
    if mark in _SINGLE:
        return None
    place = start
    while place < end:
        opening = _OPENING.search(text, place, end)
        stop = opening.start() if opening else end
        for i in range(place, stop):
            if text[i] in CLOSING[mark][0] and i > start and not text[i - 1].isspace():
                return i
        close = closing(text, stop, end) if opening else None
        if close is None:
            return None
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
    first, second = CLOSING[mark]
    if mark in "‘'":
        return _closing_single(text, opening + 1, end, first)
    if mark in "“«":
        close = _closing_nested(text, opening, end, first)
    else:
        close = _closing_flat(text, opening + 1, end, first)
    return close if close is not None or not second else _closing_flat(text, opening + 1, end, second)


def _closing_nested(text: str, opening: int, end: int, close: str) -> int | None:
    depth, found = 1, []
    for i in range(opening + 1, end):
        if text[i] == close:
            found.append(i)
            depth -= 1
            if not depth:
                return i
        elif text[i] == text[opening] and not _closes(text, i):
            depth += 1
    # A mark is missing inside: the last one closes the whole if nothing follows it, else the first.
    return found[-1] if found and not any(c.isalnum() for c in text[found[-1] + 1 : end]) else next(iter(found), None)


def _closing_flat(text: str, start: int, end: int, close: str) -> int | None:
    return next((i for i in range(start, end) if text[i] in close and _closes(text, i)), None)


def _closes(text: str, i: int) -> bool:
    """Whether a mark stands where a closing one does: after a word or its point, before none; “»” may have space before."""
    after = text[i + 1 : i + 2]
    return (not text[i - 1].isspace() or text[i] in "»«”") and not after.isalnum()


def _closing_single(text: str, start: int, end: int, close: str) -> int | None:
    """An apostrophe looks the same: inside a word it is none, and after a plural ("the parties' aims") the last choice."""
    doubtful = None
    for i in range(start, end):
        if text[i] == "‘" and doubtful is not None:
            return doubtful
        if text[i] != close or text[i - 1].isspace() or text[i + 1 : i + 2].isalnum():
            continue
        if text[i - 1] == "s" and re.match(r" \w", text[i + 1 : i + 3]):
            doubtful = i if doubtful is None else doubtful
            continue
        return i if doubtful is None or text[i - 1] in _POINTED else doubtful
    return doubtful


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Without commas, spaces and the half of a pair of marks at the ends."""
    while start < end and text[start] in " ,\n":
        start += 1
    while end > start and text[end - 1] in " ,.;:\n":
        end -= 1
    if text[start:end].count("“") > text[start:end].count("”") and text[end : end + 2].strip(".,")[:1] == "”":
        end += text[end : end + 2].index("”") + 1
    return start, end


def last_letter(text: str, words: Marked) -> str:
    """The last character of the words but for inner marks: the comma of "“You say ‘I accept it,’” she said"."""
    return text[words.start : words.end].rstrip("’'\"”")[-1:] or text[words.end - 1]


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


def sentence_end(text: str, start: int, end: int) -> int:
    """Where the first sentence of `text[start:end]` ends, after its point; `end` if it goes on to there."""
    stop = SENTENCE_END.search(text, start, end)
    return stop.start() + 1 if stop else end
