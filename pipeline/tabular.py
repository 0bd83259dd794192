"""Tables that people hand in: CSV with comma, semicolon or tab, or JSON Lines, in UTF-8; dates and ids as one writes them."""

from __future__ import annotations

import csv
import datetime
import io
import json
import re
from collections.abc import Container, Iterable, Iterator
from pathlib import Path
from typing import Any

from pipeline.errors import CatalogueError

ADVICE = "Give a CSV or JSONL file in UTF-8."
#: Short upper-case ids and ISO codes (EU, GBR, AFRICA_CDC, 3GPP), or the name of who has none (name:Ada Varn).
_ACTOR_ID = re.compile(r"[A-Z0-9]+(?:[-_][A-Z0-9]+)*|name:\S.*")


def text_of(path: Path, *, what: str = "", advice: str = ADVICE) -> str:
    """The text of a file, line ends as they are.

    Args:
        what: what to call it in messages, before its path ("The catalogue").

    Raises:
        CatalogueError: it is missing, a folder, not allowed to be read, or not UTF-8.
    """
    name = f"{what} {path}".strip()
    try:
        return path.read_bytes().decode("utf-8-sig")
    except IsADirectoryError as error:
        raise CatalogueError(f"{name} cannot be read: it is a folder.", advice=advice) from error
    except FileNotFoundError as error:
        raise CatalogueError(f"{name} cannot be read: there is no such file.", advice=advice) from error
    except OSError as error:
        raise CatalogueError(f"{name} cannot be read: {error.strerror}.", advice=advice) from error
    except UnicodeDecodeError as error:
        raise CatalogueError(f"{name} is not UTF-8 text.", advice="Save it as 'CSV UTF-8'.") from error


def csv_rows(text: str, name: str) -> Iterator[list[str]]:
    """The cells of every row; the first line shows whether comma, semicolon or tab stands between them.

    Raises:
        CatalogueError: it is not valid CSV; `name` says which file.
    """
    first = text.split("\n", 1)[0]
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count), strict=True)
    except csv.Error as error:
        advice = "Look for an unclosed quotation mark."
        raise CatalogueError(f"{name} is not valid CSV: {error}.", advice=advice) from error


def records(path: Path, *, advice: str = ADVICE) -> tuple[list[str], list[tuple[int, dict[str, Any]]]]:
    """The columns of a CSV or JSON Lines file (of the latter: none) and its records with the numbers of their rows.

    Rows count as a spreadsheet counts them, a header being row 1; empty ones are skipped. Cells beyond the header are dropped.

    Raises:
        CatalogueError: the file cannot be read, is not of its form, or is a CSV file without a header.
    """
    text = text_of(path, advice=advice)
    if path.suffix.lower() in (".jsonl", ".ndjson"):
        return [], list(objects(text.split("\n"), path))
    rows = csv_rows(text, str(path))
    columns = [cell.strip() for cell in next(rows, [])]
    if not any(columns):
        raise CatalogueError(f"{path} is empty.", advice=advice)
    return columns, [(n, dict(zip(columns, cells, strict=False))) for n, cells in enumerate(rows, 2) if any(cells)]


def objects(lines: Iterable[str], path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a JSON Lines file with the numbers of their lines, from 1; empty lines are skipped.

    Raises:
        CatalogueError: a line is not a JSON object; file and line are named.
    """
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise CatalogueError(f"{path}, line {number} is not JSON: {error}.", advice="Write one object a line.") from error
        if not isinstance(row, dict):
            raise CatalogueError(f"{path}, line {number} is not an object.", advice='Write {"id": …, "text": …}.')
        yield number, row


def is_date(text: str) -> bool:
    """Whether it is YYYY, YYYY-MM or YYYY-MM-DD and on the calendar."""
    if not re.fullmatch(r"\d{4}(-\d\d){0,2}", text):
        return False
    try:
        datetime.date.fromisoformat((text + "-01-01")[:10])
    except ValueError:
        return False
    return True


def doubts(rows: Iterable[tuple[str, str, str]], known: Container[str]) -> list[str]:
    """One line for each date that is none and each party that nobody knows, with the place where it first stands.

    Args:
        rows: place, date, and parties joined by ";".
        known: the ids of all actors.
    """
    places: dict[str, list[str]] = {}
    for place, date, parties in rows:
        if date and not is_date(date):
            what = f"the date {date!r} is not used. Write YYYY, YYYY-MM or YYYY-MM-DD."
            places.setdefault(what, []).append(place)
        for party in filter(None, map(str.strip, parties.split(";"))):
            if party not in known and not party.startswith("name:"):
                what = f"the party {party!r} is in no list of actors. Mend it, or add it with --gazetteer."
                places.setdefault(what, []).append(place)
    return [f"{found[0]}{f' and {len(found) - 1} more' * (len(found) > 1)}: {what}" for what, found in places.items()]


def is_actor_id(text: str) -> bool:
    """Whether it has the form of an actor's id; nothing is said of whether anybody has it.

    >>> is_actor_id("GBR"), is_actor_id("name:Ada Varn"), is_actor_id("Ada Varn")
    (True, True, False)
    """
    return _ACTOR_ID.fullmatch(text) is not None
