"""Time expressions of official prose: as written, and normalised to ISO 8601 with the document's date as anchor.

Values: a date (`2030-12-31`, `2030-06`, `2030`; `2030-21` to `-24` for spring to winter), an interval (`2025/2028`,
`../2030` for "by 2030", `2025-05-19/P5Y` for "over the next five years"), a duration (`P5Y`) or a repeat (`R/P1Y` for
"annually"); a week is `2025-W21`, a decade `203X`; open ends, seasons and decades after ISO 8601-2:2019. "Early", "mid" and
"late" stand for the first, second and last four months of a year (`2026-05/2026-08`), "by mid-2026" for `../2026-06`; a fiscal
year begins at another time in each state and has no value. An expression that cannot be put into one ("as soon as possible")
has the empty value. The patterns stand in `codebook/times.toml`. Offsets are half-open characters of the text given.
"""

from __future__ import annotations

import datetime
import functools
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import CodebookError

PATH = Path(__file__).parent / "codebook" / "times.toml"
MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
NUMBERS = {word: n for n, word in enumerate(_WORDS)} | {
    "a": 1,
    "an": 1,
    "once": 1,
    "twice": 2,
    "fifteen": 15,
    "forty": 40,
    "fifty": 50,
    "eighteen": 18,
    "twenty": 20,
    "thirty": 30,
    "sixty": 60,
    "ninety": 90,
}
#: Unit -> ISO designator with its factor.
UNITS = {
    "hour": (1, "H"),
    "day": (1, "D"),
    "week": (1, "W"),
    "month": (1, "M"),
    "quarter": (3, "M"),
    "year": (1, "Y"),
    "decade": (10, "Y"),
}
SEASONS = {"spring": "21", "summer": "22", "autumn": "23", "fall": "23", "winter": "24"}
_ADVERBS = (
    ("semi", "P6M"),
    ("biann", "P6M"),
    ("bi-ann", "P6M"),
    ("half", "P6M"),
    ("bienn", "P2Y"),
    ("dai", "P1D"),
    ("week", "P1W"),
    ("month", "P1M"),
    ("quarter", "P3M"),
    ("ann", "P1Y"),
    ("year", "P1Y"),
)
#: First and last month of a part of a year, for which ISO 8601 has no sign; a deadline takes the last, "by mid-2026" June.
_PARTS = {
    "early": ("01", "04"),
    "mid": ("05", "08"),
    "middle": ("05", "08"),
    "late": ("09", "12"),
    "beginning": ("01", "01"),
    "start": ("01", "01"),
}
_PART = re.compile(r"(first|second) half|(first|second|third|fourth|last) quarter", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """A time expression.

    Attributes:
        start, end: offsets.
        kind: `deadline`, `date`, `duration`, `frequency` or `indefinite`.
        value: ISO 8601, empty if it cannot be normalised.
    """

    start: int
    end: int
    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern of `times.toml`, compiled, with its examples (expression -> value).

    Attributes:
        needs: without one of these in it a text is passed over (half of the search's time).
    """

    kind: str
    value: str
    regex: re.Pattern[str]
    examples: dict[str, str]
    needs: tuple[str, ...] = ()


def find(text: str, *, anchor: str = "") -> list[TimeExpression]:
    """All time expressions of `text` in order, the earlier and longer where two overlap.

    Args:
        text: a sentence or passage.
        anchor: date of the document, `YYYY-MM-DD` or shorter; relative expressions have no value without it.
    """
    lowered = text.lower()
    hits = [
        TimeExpression(match.start(), match.end(), pattern.kind, _VALUES[pattern.value](match[0], anchor))
        for pattern in patterns()
        if not pattern.needs or any(word in lowered for word in pattern.needs)
        for match in pattern.regex.finditer(text)
    ]
    hits.sort(key=lambda t: (t.start, -t.end))
    out: list[TimeExpression] = []
    for hit in hits:
        if not out or hit.start >= out[-1].end:
            out.append(hit)
    return out


@functools.cache
def patterns(path: Path = PATH) -> tuple[Pattern, ...]:
    """The patterns of the codebook.

    Raises:
        CodebookError: if the file cannot be read or a pattern names an unknown value, part or is no regular expression.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        return tuple(_compile(entry, data["parts"]) for entry in data["pattern"])
    except (OSError, tomllib.TOMLDecodeError, KeyError, re.error) as error:
        raise CodebookError(f"{path.name} cannot be used: {error!r}.", advice="Restore or correct the file.") from error


def _compile(entry: dict[str, object], parts: dict[str, str]) -> Pattern:
    value, options = str(entry["value"]), entry["any"]
    examples = entry["examples"]
    if value not in _VALUES or not isinstance(options, list) or not isinstance(examples, dict):
        raise KeyError(f"value, any or examples of a pattern: {value}")
    text = "|".join(options)
    for _ in range(4):  # parts are made of parts
        text = re.sub(r"\{([a-z]+)\}", lambda m: parts[m[1]], text)
    text = text.replace(" ", r"\s+")
    flags = re.NOFLAG if entry.get("case") else re.IGNORECASE
    regex = re.compile(rf"\b(?:{text})(?!\w)", flags)
    needs = entry.get("needs", [])
    words = tuple(str(word) for word in needs) if isinstance(needs, list) else ()
    return Pattern(str(entry["kind"]), value, regex, {str(k): str(v) for k, v in examples.items()}, words)


def _none(text: str, anchor: str) -> str:
    return ""


def _point(text: str, anchor: str) -> str:
    """A written date, month, season, year or part of a year; without a year that of the document."""
    years = _YEAR.findall(text)
    year = years[-1] if years else anchor[:4]
    if not year:
        return ""
    part = _PART.search(text)
    if part:
        return _part_of_year(year, part)
    season = next((code for word, code in SEASONS.items() if re.search(rf"\b{word}\b", text, re.IGNORECASE)), "")
    month = next((n for n, m in enumerate(MONTHS, 1) if re.search(rf"\b{m}\b", text, re.IGNORECASE)), 0)
    if not month:
        return f"{year}-{season}" if season else _third(year, text)
    day = re.search(r"\b(\d{1,2})(?:st|nd|rd|th)?\b", text)
    return f"{year}-{month:02d}-{int(day[1]):02d}" if day and 0 < int(day[1]) <= 31 else f"{year}-{month:02d}"


def _third(year: str, text: str) -> str:
    """A year, or the part of it that "early", "mid", "late" or "beginning" names."""
    word = re.search(r"\b(early|mid|middle|late|beginning|start)\b", text, re.IGNORECASE)
    if word is None or re.search(r"\b(?:beginning|starting) in\b", text, re.IGNORECASE):
        return year
    first, last = _PARTS[word[1].lower()]
    return f"{year}-{first}/{year}-{last}" if first != last else f"{year}-{first}"


def _part_of_year(year: str, part: re.Match[str]) -> str:
    word, months = (part[1] or part[2]).lower(), 6 if part[1] else 3
    index = {"first": 0, "second": 1, "third": 2, "fourth": 3, "last": 3}[word]
    return f"{year}-{index * months + 1:02d}/{year}-{index * months + months:02d}"


def _by(text: str, anchor: str) -> str:
    """The end of a point; one without a year that would lie before the document is the next year's."""
    point = _point(text, anchor).split("/")[-1]
    if point and not _YEAR.search(text) and point[5:7] < "13" and point < anchor[: len(point)]:
        point = f"{int(point[:4]) + 1}{point[4:]}"
    half = re.search(r"\bmid(?:dle)?\b", text, re.IGNORECASE) is not None and point.endswith("-08")
    return f"../{point[:4]}-06" if half else f"../{point}" if point else ""


def _on(text: str, anchor: str) -> str:
    years = _YEAR.findall(text)
    return f"{years[0]}/{years[1]}" if len(years) == 2 else _point(text, anchor)


def _relative(text: str, anchor: str) -> str:
    """ "This year", "next month", "this autumn", "next March"."""
    words = text.lower()
    if not anchor[:4].isdigit():
        return ""
    year, following = int(anchor[:4]), "next" in words
    part = _PART.search(text)
    if part:
        return _part_of_year(str(year + following), part)
    if "year" in words:
        return f"{anchor}/{year}-12-31" if "later" in words else str(year + following)
    if "month" in words:
        month = int(anchor[5:7] or 0) + following
        return f"{year + month // 13}-{(month - 1) % 12 + 1:02d}" if anchor[5:7] else ""
    if "week" in words:
        return _week(anchor, following or "coming" in words)
    if "decade" in words:
        return f"{year - year % 10}/{year - year % 10 + 9}"
    point = _point(words, str(year + following))
    return point if "-" in point else ""


def _week(anchor: str, following: bool) -> str:
    if len(anchor) != 10:
        return ""
    iso = (datetime.date.fromisoformat(anchor) + datetime.timedelta(weeks=int(following))).isocalendar()
    return f"{iso.year}-W{iso.week:02d}"


def _by_relative(text: str, anchor: str) -> str:
    words = text.lower()
    if not anchor[:4].isdigit():
        return ""
    year = int(anchor[:4])
    if "year" in words:
        return f"../{year + ('next' in words)}"
    if "decade" in words:
        return f"../{year - year % 10 + 9}"
    point = _relative(words if re.search(r"\b(?:this|next)\b", words) else f"this {words}", anchor)
    return f"../{point}" if point else ""


def _period(text: str) -> str:
    """ISO duration of "six months"; "every month" is one, "coming months" is none."""
    text = re.sub(r"\s*\(\d+\)", "", text)  # "sixty (60) days"
    unit = re.search(
        r"\b(?:([\w]+)[\s-]+)?(?:other\s+|more\s+|further\s+)?(hour|day|week|month|quarter|year|decade)(s?)\b",
        text,
        re.IGNORECASE,
    )
    if unit is None:
        return ""
    number = _number(unit[1] or "")
    if number is None and unit[3]:
        return ""
    factor, letter = UNITS[unit[2].lower()]
    return f"{'PT' if letter == 'H' else 'P'}{(number or 1) * factor}{letter}"


def _number(word: str) -> int | None:
    return int(word) if word.isdigit() else NUMBERS.get(word.lower())


def _duration(text: str, anchor: str) -> str:
    return _period(text)


def _from_anchor(text: str, anchor: str) -> str:
    """A period that begins with the document, or with another event that the text names."""
    period = _period(text)
    rest = re.sub(r"\bperiod\s+of\b", "", text)
    own = re.search(
        r"\bof\s+(?:the\s+date\s+of\s+)?this\s+(?:order|memorandum|statement|proclamation|directive)\b", rest, re.IGNORECASE
    )
    if not period or (own is None and re.search(r"\b(?:of|after|from|following)\b", rest)):
        return period
    return f"{anchor}/{period}" if len(anchor) == 10 else period


def _decade(text: str, anchor: str) -> str:
    year = _YEAR.search(text.replace("s", " "))
    return f"{year[0][:3]}X" if year else ""


def _century(text: str, anchor: str) -> str:
    return f"../{anchor[:2]}50" if anchor else ""


def _past(text: str, anchor: str) -> str:
    return f"../{anchor}" if anchor else ""


def _adverb(text: str, anchor: str) -> str:
    words = text.lower()
    return next((f"R/{period}" for stem, period in _ADVERBS if re.search(rf"\b{stem}", words)), "")


def _times(text: str, anchor: str) -> str:
    """ "Twice a year" is every six months; what does not divide into whole months has no value."""
    words = re.findall(r"\w+", text.lower())
    times = next((n for n in map(_number, words) if n), 1)
    factor, letter = UNITS[words[-1]]
    if times == 1:
        return f"R/P{factor}{letter}"
    months = factor * {"Y": 12, "M": 1}.get(letter, 0)
    return f"R/P{months // times}M" if months and months % times == 0 else ""


def _every(text: str, anchor: str) -> str:
    period = _period(text)
    if period and re.search(r"\bother\b", text, re.IGNORECASE):
        period = f"P2{period[-1]}"
    return f"R/{period}" if period else ""


_VALUES: dict[str, Callable[[str, str], str]] = {
    "none": _none,
    "by": _by,
    "by_relative": _by_relative,
    "within": _from_anchor,
    "on": _on,
    "relative": _relative,
    "decade": _decade,
    "past": _past,
    "century": _century,
    "over": _from_anchor,
    "for": _duration,
    "adverb": _adverb,
    "times": _times,
    "every": _every,
}
