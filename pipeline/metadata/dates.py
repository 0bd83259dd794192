"""The date of a document: of its signature, its dateline, its file name; day, month and year as far as they are given."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

from pipeline.records import Document, Value


def _words(text: str) -> list[str]:
    return re.findall("[a-z]+", text)


_MONTHS = _words("january february march april may june july august september october november december")
_NAMES = "|".join([*_MONTHS, *(m[:3] for m in _MONTHS), "sept"])
_DAY = r"(?:[0-3]?\d)(?:st|nd|rd|th)?"
_DATE = re.compile(
    r"(?:\b|(?<=(?-i:[a-z]))(?=(?-i:[A-Z])))(?:"
    rf"(?P<d1>{_DAY})(?: day)?(?: of)? (?P<m1>{_NAMES})\.?,? (?:in the year )?(?P<y1>(?:19|20)\d\d)"
    # In exports of the web a month may stick to the word before ("ItalyApril 29, 1986").
    rf"|(?P<m2>{_NAMES})\.? (?P<d2>{_DAY}),? (?P<y2>(?:19|20)\d\d)"
    r"|(?P<y3>(?:19|20)\d\d)-(?P<m3>\d\d)-(?P<d3>\d\d)"
    r"|(?P<d4>[0-3]?\d)[./](?P<m4>[01]?\d)[./](?P<y4>(?:19|20)\d\d)"
    rf"|(?P<m5>{_NAMES}) (?P<y5>(?:19|20)\d\d))(?!\d)",
    re.IGNORECASE,
)
_IN_WORDS = re.compile(
    rf"\b(?P<day>(?:(?:twenty|thirty)[ -])?[a-z]+|{_DAY})(?: day)?(?: of)? (?P<month>{_NAMES})\b"
    r"(?:,? (?P<figures>\d{4})\b|(?P<year>[a-z ,-]*))",
    re.IGNORECASE,
)
_DONE = re.compile(r"\b(?:done|signed|adopted|concluded|given)(?: in duplicate)?,? (?:at|in|on|this)\b", re.IGNORECASE)
_ALONE = re.compile(r"(?:[\w’' .,/()-]{0,40}[,:–—-])?\s*$", re.UNICODE)
_DAY_AND_MONTH = re.compile(rf"\b(?:{_DAY} (?P<m1>{_NAMES})|(?P<m2>{_NAMES}) {_DAY})\b", re.IGNORECASE)
_IN_NAME = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_](0[1-9]|1[0-2])(?:[-_](0[1-9]|[12]\d|3[01]))?(?!\d)")
_IN_URL = re.compile(r"/((?:19|20)\d\d)/(0[1-9]|1[0-2])(?:/(0[1-9]|[12]\d|3[01]))?/")
_GAZETTE = re.compile(r"(?:^|, )([0-3]?\d)[./]([01]?\d)[./]((?:19|20)\d\d)(?=\s|$)", re.MULTILINE)
_UNITS = _words(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
) + _words("seventeen eighteen nineteen")
_ORDINALS = _words(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth"
) + _words("fifteenth sixteenth seventeenth eighteenth nineteenth")
_TENS = _words("twenty thirty forty fifty sixty seventy eighty ninety")
_NUMBERS = {
    **{word: i for i, word in enumerate(_UNITS)},
    **{word: i for i, word in enumerate(_ORDINALS, 1)},
    **{word: 10 * i for i, word in enumerate(_TENS, 2)},
    "twentieth": 20,
    "thirtieth": 30,
}
# Smaller numbers in words after a month are no year.
_EARLIEST = 1800
# Blocks at the head and at the end among which a dateline can stand.
_HEAD, _TAIL = 12, 6


def find_date(document: Document, url: str = "") -> Value | None:
    """The best date that text, file name and address give, or None.

    In this order: the formula of signature ("Done at Brussels, 14 December 2012"), a dateline, the file name, the address, the
    running head of a gazette.
    """
    return (
        _done(document)
        or _dateline(document)
        or _named(document, document.source.rsplit("/", 1)[-1], _IN_NAME, "file name")
        or _named(document, url, _IN_URL, "address")
        or _gazette(document)
    )


def _done(document: Document) -> Value | None:
    """The first formula of signature with a date; annexes and other languages come after it."""
    for formula in _DONE.finditer(document.text):
        stretch = document.text[formula.start() : formula.start() + 220].split("\n\n")[0]
        dates = [*_dates(stretch), *_in_words(stretch)]
        # Treaties cite the dates of other treaties: only a formula that opens its block signs this one.
        if dates and _opens_block(document, formula.start()):
            value, _, end = max(dates, key=lambda date: (len(date[0]), -date[1]))
            return Value(value, "rule signature", stretch[:end])
    return None


def _opens_block(document: Document, start: int) -> bool:
    before = document.text[max(0, start - 3) : start]
    return start == 0 or "\n" in before or before.rstrip().endswith((".", ";", ":", "”", '"')) or before.isspace()


def _dateline(document: Document) -> Value | None:
    """A short block at the head or the end with a date alone or behind a place ("Brussels, 19 May 2025")."""
    for block in [*document.blocks[:_HEAD], *document.blocks[_HEAD:][-_TAIL:]]:
        text = document.slice(block)
        for value, start, end in _dates(text[:90]):
            if _ALONE.match(text[:start]) and not text[end:].strip(" .,()–—-") and len(value) > 7:
                return Value(value, "rule dateline", text[start:end])
    return None


def _named(document: Document, name: str, pattern: re.Pattern[str], source: str) -> Value | None:
    """A date in a file name or address; a day and month in the first paragraphs that agree are its evidence."""
    found = pattern.search(name)
    if not found or not (value := _iso(*found.groups())):
        return None
    head = _head(document)
    words = next((m[0] for m in _DAY_AND_MONTH.finditer(head) if _same_day(m[0], value)), "")
    return Value(value, source, words)


def _same_day(words: str, value: str) -> bool:
    return any(date == value for date, _, _ in _dates(f"{words} {value[:4]}"))


def _gazette(document: Document) -> Value | None:
    """The date in the running head of a gazette, which is no part of the text: "24.3.1986", "L 304 , 30/09/2004"."""
    head = document.pages[0].text[:500] if document.pages else ""
    for found in _GAZETTE.finditer(head):
        if value := _iso(found[3], found[2], found[1]):
            return Value(value, "rule gazette", found[0].strip())
    return None


def mentioned_date(document: Document) -> Value | None:
    """A date in the title or the first paragraphs, which may be that of an event."""
    for value, start, end in _dates(_head(document)[:800]):
        return Value(value, "rule first paragraph", _head(document)[start:end])
    return None


def _head(document: Document) -> str:
    blocks = document.blocks[:_HEAD]
    return document.text[: min(blocks[-1].end, 3000)] if blocks else ""


def _dates(text: str) -> Iterator[tuple[str, int, int]]:
    """Dates in figures: ISO value and offsets in `text`."""
    for m in _DATE.finditer(text):
        day, month, year = (next((m[f"{k}{i}"] for i in range(1, 6) if _has(m, f"{k}{i}")), None) for k in "dmy")
        if value := _iso(year, month, day):
            yield value, m.start(), m.end()


def _has(m: re.Match[str], group: str) -> bool:
    return group in m.re.groupindex and m[group] is not None


def _in_words(text: str) -> Iterator[tuple[str, int, int]]:
    """Dates in words: "the nineteenth day of May in the year two thousand and twenty-five"."""
    for m in _IN_WORDS.finditer(text):
        day = _number(m["day"]) or int(re.sub(r"\D", "", m["day"]) or 0)
        year = int(m["figures"] or _number(m["year"]))
        if year >= _EARLIEST and (value := _iso(str(year), m["month"], str(day))):
            yield value, m.start(), m.end()


def _number(words: str) -> int:
    """The value of a number in words, 0 if there is none: "one thousand nine hundred and ninety-four"."""
    total = current = 0
    for word in re.findall(r"[a-z]+", words.lower()):
        if word == "thousand":
            total, current = total + max(current, 1) * 1000, 0
        elif word == "hundred":
            current = max(current, 1) * 100
        elif word in _NUMBERS:
            # "nineteen ninety-four", "twenty twenty-five"
            century = 10 < current < 100 and _NUMBERS[word] >= 10
            current = current * (100 if century else 1) + _NUMBERS[word]
        elif word != "and" and total + current:
            break
    return total + current


def _iso(year: str | None, month: str | None, day: str | None) -> str:
    """YYYY-MM-DD, or YYYY-MM without day; empty if it is not on the calendar."""
    if not year or not month:
        return ""
    number = int(month) if month.isdigit() else [m[:3] for m in _MONTHS].index(month[:3].lower()) + 1
    digits = re.sub(r"\D", "", day or "")
    try:
        found = datetime.date(int(year), number, int(digits or 1))
    except ValueError:
        return ""
    return found.isoformat() if digits else found.isoformat()[:7]
