"""Commitments by due date: a ledger that can be followed up."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from pipeline.compare.frames import Data, table

COLUMNS = (
    "due", "begins", "every", "time_kind", "status", "time", "time_value", "key", "date", "actor", "party_ids", "obligation",
    "areas", "text", "condition", "citation", "record_id",
)  # fmt: skip
#: First and last month of ISO 8601-2 seasons (northern): 21 spring to 24 winter, which ends in the next year.
_SEASONS = {21: (3, 5), 22: (6, 8), 23: (9, 11), 24: (12, 14)}
_POINT = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_FROM = re.compile(r"(?:from|as of|as from|beginning|starting|since)\b", re.IGNORECASE)
#: Years, months, weeks, days, hours of a duration.
PERIOD = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(\d+)H)?")


@dataclass(frozen=True, slots=True)
class Due:
    """A normalised time as dates.

    Attributes:
        kind: `date`, `deadline` (by), `start` (from), `interval`, `repeat`, `duration` (without a beginning), `earlier` (than
        the document) or empty (not normalised).
        begins, due: first and last day, None where open or unknown.
        every: period of a repeat ("P1Y").
    """

    kind: str = ""
    begins: date | None = None
    due: date | None = None
    every: str = ""


def due_ledger(data: Data, *, as_of: str = "") -> pd.DataFrame:
    """Commitments that have a time, by due date: what should be done by when, by whom.

    Method: `time_value` (ISO 8601-1 and -2) taken to days. A year, month or season is due on its last day; an interval at its
    end ("2025-03-18/P6M" on 2025-09-18); "../2026" is a deadline; "from 2027" has a beginning only, and so has what lies before
    the document's own date ("the group launched in May"), which tells when something was done and not when it is due (in 980
    documents 53 of 612 days). Repeats have a period and no due date; durations without a known beginning and times that could
    not be normalised stand at the end, to be followed up by hand.

    Args:
        as_of: date (YYYY-MM-DD) that `status` is told at; empty leaves it empty.

    Returns:
        A row a commitment with a time, sorted by due date (YYYY-MM-DD, empty if none), begins, every; status `past`, `ahead`,
        `recurring` or `open`, whether it was done is not known.
    """
    frame = table(data, "commitments")
    frame = frame[(frame["time"] != "") | (frame["time_value"] != "")]
    frame = frame.merge(table(data, "documents")[["key", "date"]], on="key", how="left")
    due = [_when(*cells) for cells in zip(frame["time"], frame["time_value"], frame["date"], strict=True)]
    frame = frame.assign(
        due=[one.due.isoformat() if one.due else "" for one in due],
        begins=[one.begins.isoformat() if one.begins else "" for one in due],
        every=[one.every for one in due],
        time_kind=[one.kind for one in due],
        status=[_status(one, as_of) for one in due],
    )
    rank = [0 if one.due else 1 if one.begins else 2 if one.every else 3 for one in due]
    frame = frame.assign(rank=rank).sort_values(["rank", "due", "begins", "key", "start", "record_id"], kind="stable")
    return frame[list(COLUMNS)].reset_index(drop=True)


def _when(time: str, value: str, document: str) -> Due:
    """The dates of a time; "from September 2025" and a day before the document's own say when it begins, not when it is due."""
    one = parse(value)
    if one.due and one.due.isoformat() < document:
        return Due("earlier", one.begins or one.due)
    return Due("start", one.begins) if one.kind == "date" and _FROM.match(time) else one


def _status(one: Due, as_of: str) -> str:
    if not as_of:
        return ""
    if one.every:
        return "recurring"
    return "open" if one.due is None else ("past" if one.due.isoformat() < as_of else "ahead")


def parse(value: str) -> Due:
    """A value of `time_value` as dates.

    >>> parse("../2026").due, parse("2025-03-18/P6M").due, parse("R/P1Y").every
    (datetime.date(2026, 12, 31), datetime.date(2025, 9, 18), 'P1Y')
    """
    if value.startswith("R/"):
        return Due("repeat", every=value.removeprefix("R/"))
    first, _, last = value.partition("/")
    if not last:
        days = _days(first)
        return Due("date", *days) if days else Due("duration" if PERIOD.fullmatch(first) and first else "")
    begins, ends = _days(first), _days(last)
    if begins and (period := PERIOD.fullmatch(last)):
        ends = (begins[0], end) if (end := _after(begins[0], period)) else None
    if first == ".." and ends:
        return Due("deadline", None, ends[1])
    return Due("interval", begins[0] if begins else None, ends[1] if ends else None) if begins or ends else Due()


def _days(text: str) -> tuple[date, date] | None:
    """First and last day of a date, month, season or year; None if the text is none."""
    match = _POINT.fullmatch(text)
    if not match:
        return None
    year, month, day = (int(part) if part else 0 for part in match.groups())
    try:
        if day:
            return date(year, month, day), date(year, month, day)
        first, last = _SEASONS.get(month) or ((month, month) if month else (1, 12))
        return date(year, first, 1), _month_end(year, last)
    except ValueError:  # no such day, as in a misread date
        return None


def _month_end(year: int, month: int) -> date:
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, calendar.monthrange(year, month)[1])


def _after(start: date, period: re.Match[str]) -> date | None:
    years, months, weeks, days, hours = (int(part or 0) for part in period.groups())
    try:
        end = _month_end(start.year + years, start.month + months)
        return end.replace(day=min(start.day, end.day)) + timedelta(weeks=weeks, days=days, hours=hours)
    except (ValueError, OverflowError):  # beyond the calendar
        return None
