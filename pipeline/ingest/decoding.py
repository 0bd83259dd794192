"""Bytes to text, and what is shared by the readers that cut verbatim slices out of it."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from pipeline.errors import ReadError
from pipeline.records import Line, Note

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Bytes that no text in a one-byte encoding of the Windows or ISO families has.
_CONTROL = frozenset(range(32)) - {9, 10, 12, 13, 26, 27}
# Characters of Windows-1252 that stand beside letters in English, French, German, Spanish ... prose: quotation marks, dashes,
# signs and the Latin letters with accents. Where all high bytes are these, no guess is needed.
_WESTERN = frozenset("‘’“”–—…€£§°•«»©®™´¨·½¼¾ŠšŽžŒœŸ\xa0") | {chr(i) for i in range(0xC0, 0x100)}
#: What stands in a veiled text where markup was: neither white space nor part of a word.
VEIL = "\x00"
_RUN = re.compile(r"[^\s\x00\u200b\u2060\ufeff]+(?:[^\S\n][^\s\x00\u200b\u2060\ufeff]+)*")
_SPACE = re.compile(r"\s")
#: A sentence that has lost the space before it ("the authorities.The Parties"), as 9 of 13 treaty pages have.
GLUED = re.compile(r"(?<=[^\W\d_]{3}[.;:])(?=[A-Z][a-z]+[ ,])")
_ENDED = re.compile(r"[^\W\d_]{3}[.;:]$")
_OPENS = re.compile(r"[A-Z][a-z]+(?:[ ,]|$)")


def decode(data: bytes, declared: str = "") -> tuple[str, tuple[Note, ...]]:
    """The text of `data` with line ends as line feeds, and a note where the encoding had to be guessed.

    Tried in this order: byte order mark, UTF-16 without a mark (told by its zero bytes), the encoding `declared` by the file,
    UTF-8, Windows-1252 where it gives only letters and signs of western prose, and last what charset-normalizer finds.

    Raises:
        ReadError: if the bytes are not text in any encoding.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _unix(data[len(mark) :].decode(encoding, errors="replace")), ()
    zeros = _utf16_without_mark(data)
    for encoding in filter(None, (zeros, _known(declared), "utf-8")):
        try:
            return _unix(data.decode(encoding)), ()
        except UnicodeDecodeError:
            continue
    return _guess(data)


def looks_binary(data: bytes) -> bool:
    """Whether the first 4 kB hold control bytes that no text has (UTF-16 and UTF-32 aside)."""
    head = data[:4096]
    if any(head.startswith(mark) for mark, _ in _BOMS) or _utf16_without_mark(data):
        return False
    return sum(b in _CONTROL for b in head) > len(head) // 500


def cut(text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """The visible stretches of `text[start:end]`, where `text` is veiled (`VEIL` for markup).

    Yields:
        `(start, end, joiner)` in offsets of `text`: stripped, without runs of white space; the joiner to the stretch before is
        a space where white space stands between the two or is missing between sentences, empty where only markup does.
    """
    last = start
    for m in _RUN.finditer(text, start, end):
        apart = _SPACE.search(text, last, m.start()) or (
            _ENDED.search(text, max(start, last - 4), last) and _OPENS.match(m.group())
        )
        joiner = " " if apart else ""
        at = m.start()
        for glued in GLUED.finditer(text, m.start() + 1, m.end()):
            yield at, glued.start(), joiner
            at, joiner = glued.start(), " "
        yield at, m.end(), joiner
        last = m.end()


def lines_of(text: str, start: int, end: int, *, kind: str, level: int = 0, number: str = "") -> list[Line]:
    """The lines of one block, from the stretches of `cut`; empty if nothing is visible.

    A number that stands at the head without a space behind it ("a.Logistic") becomes a line of its own.
    """
    stretches = list(cut(text, start, end))
    if number and stretches:
        first, stop, _ = stretches[0]
        behind = first + len(number)
        if behind < stop and text[first:stop].startswith(number) and not text[behind].isspace():
            stretches[:1] = [(first, behind, ""), (behind, stop, " ")]
    lines = [Line(a, b, kind, level, "", joiner) for a, b, joiner in stretches]
    if lines:
        lines[0] = Line(lines[0].start, lines[0].end, kind, level, number, None)
    return lines


def _unix(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace(VEIL, "�")


def _known(name: str) -> str:
    """The codec of a declared name; web pages that declare Latin-1 mean Windows-1252 (WHATWG Encoding Standard)."""
    try:
        found = codecs.lookup(name.strip()).name if name.strip() else ""
    except LookupError:
        return ""
    return "cp1252" if found in ("iso8859-1", "ascii") else found


def _utf16_without_mark(data: bytes) -> str:
    head = data[:2000]
    if len(head) < 4:
        return ""
    half = len(head) // 2
    if head[1::2].count(0) > 0.7 * half and head[::2].count(0) < 0.1 * half:
        return "utf-16-le"
    if head[::2].count(0) > 0.7 * half and head[1::2].count(0) < 0.1 * half:
        return "utf-16-be"
    return ""


def _guess(data: bytes) -> tuple[str, tuple[Note, ...]]:
    try:
        western = data.decode("cp1252")
    except UnicodeDecodeError:
        western = ""
    high = [c for c in western if ord(c) > 127]
    # Of the letters of Polish or French prose at most one in six has an accent; of Cyrillic read as Windows-1252 all have.
    if western and set(high) <= _WESTERN and sum(map(str.isalpha, high)) <= 0.25 * sum(map(str.isalpha, western)):
        return _unix(western), ()
    import charset_normalizer  # slow to load and rarely needed

    best = charset_normalizer.from_bytes(data).best()
    if best is None:
        raise ReadError("The bytes are not text in any known encoding.", advice="Save the file again as UTF-8.")
    note = Note("encoding_guessed", f"The encoding is not stated and was guessed as {best.encoding}; check accented letters.")
    return _unix(str(best)), (note,)
