"""Mechanisms side by side: who meets, how often, on what, and where a document has nothing of the kind."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

import pandas as pd

from pipeline.compare.frames import NO_AREA, Data, chosen, result, split, table
from pipeline.dataset.views import forum_names

COLUMNS = ("forum", "area", "key", "short_title", "n", "names", "levels", "frequencies", "actions", "citations", "gap")
GAP = "—"
_SIDES = re.compile(r"\b([A-Z][A-Za-z]*)\s?[-–—/]\s?([A-Z][A-Za-z]*)\b")


def mechanism_table(data: Data, documents: Iterable[str] | None = None) -> pd.DataFrame:
    """The fora that documents set up or continue: kind of forum × area × document, gaps as rows of their own.

    Method: the comparison table that scholars draw by hand, one cell for every forum and area that any of the documents has;
    a forum counts in each of its areas, without any in those of its passage; ways of writing one name ("EU-US", "U.S.-EU Space
    Dialogue") are told as the most frequent. After the design features of Koremenos (2016,
    The Continent of International Law).

    Args:
        documents: keys; all for None.

    Returns:
        A row a forum, area and document, documents in order of date: n mechanisms with their names, levels, frequencies,
        actions and citations, joined by " | " in the order of the text; `gap` where the document has none.
    """
    found = chosen(data, documents)
    cells = _cells(data, set(found["key"]))
    kinds = sorted({(forum, area) for forum, area, _ in cells})
    rows = []
    for forum, area in kinds:
        for key, title in found[["key", "short_title"]].itertuples(index=False):
            rows.append((forum, area, key, title, *_cell(cells.get((forum, area, key), []))))
    return result(rows, COLUMNS)


def mechanism_grid(data: Data, documents: Iterable[str] | None = None) -> pd.DataFrame:
    """`mechanism_table` as a grid to read: a row a forum and area, a column a document, "name (level, frequency)" or a dash.

    Method: as there.
    """
    long = mechanism_table(data, documents)
    keys = list(dict.fromkeys(long["key"]))
    cells = {(f, a, k): GAP if gap else text for f, a, k, text, gap in _texts(long)}
    rows = [(f, a, *(cells[f, a, k] for k in keys)) for f, a in dict.fromkeys(zip(long["forum"], long["area"], strict=True))]
    return result(rows, ("forum", "area", *keys))


def _texts(long: pd.DataFrame) -> Iterable[tuple[str, str, str, str, bool]]:
    names = ["forum", "area", "key", "names", "levels", "frequencies", "gap"]
    for forum, area, key, name, level, frequency, gap in long[names].itertuples(index=False):
        level = level.replace("_", " ")
        details = ", ".join(part for part in ("" if level in name else level, frequency) if part)
        yield forum, area, key, f"{name} ({details})" if details else name, bool(gap)


def _cells(data: Data, keys: set[str]) -> dict[tuple[str, str, str], list[tuple[str, ...]]]:
    """The mechanisms of each forum, area and document: (name, level, frequency, action, citation)."""
    frame = table(data, "mechanisms")
    passages = table(data, "passages")
    of_passage = dict(zip(passages["record_id"], passages["areas"], strict=True))
    out: dict[tuple[str, str, str], list[tuple[str, ...]]] = {}
    frame = frame[frame["key"].isin(list(keys))]
    for name, row in zip(_usual(forum_names(frame)), frame.to_dict("records"), strict=True):
        areas = split(row["areas"]) or split(of_passage.get(row["passage_id"], "")) or [NO_AREA]
        frequency = row["frequency"] or row["frequency_value"]
        cell = (name, row["level"], frequency, row["action"], row["citation"])
        for area in areas:
            out.setdefault((row["kind"] or NO_AREA, area, row["key"]), []).append(cell)
    return out


def _usual(names: list[str]) -> list[str]:
    """Every name in its most frequent writing, of equals the first; case, dots and the order of two sides do not count."""
    writings: dict[str, Counter[str]] = {}
    for name in names:
        writings.setdefault(_key(name), Counter())[name] += 1
    return [writings[_key(name)].most_common(1)[0][0] for name in names]


def _key(name: str) -> str:
    sorted_sides = _SIDES.sub(lambda sides: "-".join(sorted(sides.groups())), name.replace(".", ""))
    return sorted_sides.lower().replace("’", "'").replace("task force", "taskforce")


def _cell(found: list[tuple[str, ...]]) -> tuple[object, ...]:
    columns = [" | ".join(dict.fromkeys(part for part in column if part)) for column in zip(*found, strict=True)] or [""] * 5
    return (len(found), *columns, not found)
