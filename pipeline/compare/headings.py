"""The areas that a press release lists beside the headings of agreements."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

import pandas as pd

from pipeline.compare import wording
from pipeline.compare.frames import Data, chosen, of, result, split, table

_UNDER = ("n_paragraphs", "n_passages", "n_commitments")
HEADINGS = ("agreement", "heading", "areas", "announced", "press_areas", "press_text", *_UNDER)
LISTED, MENTIONED = "listed", "mentioned"
#: What a paragraph shares with its items: "3.2" of "3.2(a)".
_PRINTED = re.compile(r"[\d.]*\d")
#: Share of the words of the shorter of heading and item that stand in the longer one if both name the same, and the letters
#: from which a word counts: "non-proliferation" is "Non-proliferation and arms control", not "climate and security" "security".
_NAMED_FROM, _LETTERS = 0.75, 4
#: A heading, its areas, and its paragraphs, passages and commitments.
_Section: TypeAlias = tuple[str, list[str], tuple[int, int, int]]


@dataclass(frozen=True, slots=True)
class _Told:
    """A passage of the press release: whether it is an item of a list and its list one of areas, its areas, its text."""

    listed: bool
    areas: tuple[str, ...]
    text: str
    of_areas: bool = False


def announced_headings(data: Data, press: str, agreements: Iterable[str]) -> pd.DataFrame:
    """The headings of agreements beside the areas that a press release lists, with what stands under each heading.

    Method: a heading has the areas that more than half of its paragraphs have; it is announced if the press release `listed`
    one of them or three quarters of the heading's or the item's words (so that matters beside the areas are found, such as
    "defence industry"), or if it `mentioned` one of its areas elsewhere.

    Args:
        press: key of the press release.
        agreements: keys of one agreement or more.

    Returns:
        Per agreement in order of the text: heading, its areas, announced (`listed`, `mentioned` or empty), the words of the
        press release, numbered paragraphs (or, without numbers, passages), passages, commitments. Then a row without heading
        for each announced area that no heading has, and for each item of a list of areas that is in none and that no heading
        names.

    Raises:
        SettingsError: there is no such document.
    """
    told = _told(data, press)
    rows: list[tuple[object, ...]] = []
    for key in chosen(data, agreements)["key"]:
        sections = _sections(data, key)
        rows += [
            (key, heading, ";".join(areas), *_announced(heading, areas, told), *counts) for heading, areas, counts in sections
        ]
        rows += [(key, "", *cells, 0, 0, 0) for cells in _nowhere(sections, told)]
    return result(rows, HEADINGS)


def _told(data: Data, press: str) -> list[_Told]:
    """What the press release says of areas, and the items of its lists."""
    chosen(data, [press])
    frame = of(table(data, "passages"), press)
    inside = frame["kind"] == "list_item"
    lists = (~inside).cumsum()[inside]  # items in a row make a list
    mostly = (frame["areas"] != "")[inside].groupby(lists).transform("mean") > 0.5
    return [
        _Told(listed, tuple(split(areas)), wording.without_number(text, number), bool(mostly.get(i, False)))
        for i, listed, areas, text, number in zip(
            frame.index, inside, frame["areas"], frame["text"], frame["number"], strict=True
        )
        if listed or areas
    ]


def _announced(heading: str, areas: list[str], told: list[_Told]) -> tuple[str, str, str]:
    """How the press release announces what stands under a heading, by which areas, in which words."""
    found = [one for one in told if one.listed and (set(areas) & set(one.areas) or _named(heading, one.text))]
    how = LISTED if found else MENTIONED
    first = {area: one for one in reversed(told) for area in one.areas}
    found = found or [first[area] for area in areas if area in first]
    shared = [area for area in areas if any(area in one.areas for one in found)]
    return how if found else "", ";".join(shared), " | ".join(dict.fromkeys(one.text for one in found))


def _named(heading: str, item: str) -> bool:
    """Whether heading and item are much the same words; a heading of one word ("Cooperation") names only an item of one."""
    a, b = ({word for word in wording.words(text) if len(word) >= _LETTERS} for text in (heading, item))
    least = 1 if len(b) == 1 else 2
    return min(len(a), len(b)) >= least and len(a & b) >= _NAMED_FROM * min(len(a), len(b))


def _nowhere(sections: list[_Section], told: list[_Told]) -> list[tuple[str, str, str, str]]:
    """Areas, announced, press_areas and press_text of what the press release announces and no heading has."""
    covered = {area for _, areas, _ in sections for area in areas}
    areas = sorted({area for one in told for area in one.areas} - covered)
    rest = [
        one.text
        for one in told
        if one.of_areas and not one.areas and not any(_named(heading, one.text) for heading, _, _ in sections)
    ]
    return [(area, *_announced("", [area], told)) for area in areas] + [("", LISTED, "", text) for text in rest]


def _sections(data: Data, key: str) -> list[_Section]:
    """Heading, its areas, and counts of paragraphs, passages and commitments, in the order of the text."""
    passages, commitments = of(table(data, "passages"), key), of(table(data, "commitments"), key)
    promised = Counter(commitments["heading_path"])
    out = []
    for path, part in passages[passages["heading_path"] != ""].groupby("heading_path", sort=False):
        paragraphs = _by_paragraph(part)
        counts = Counter(area for areas in paragraphs for area in areas)
        main = sorted(area for area, n in counts.items() if 2 * n > len(paragraphs))
        out.append((str(path).rpartition(" > ")[2], main, (len(paragraphs), len(part), promised[path])))
    return out


def _by_paragraph(part: pd.DataFrame) -> list[set[str]]:
    """The areas of each numbered paragraph with its list items; of each passage where nothing is numbered."""
    out: dict[str, set[str]] = {}
    current = ""
    for i, (number, kind, cell) in enumerate(part[["paragraph", "kind", "areas"]].itertuples(index=False)):
        printed = _PRINTED.match(number)
        inner = kind in ("list_item", "table_row") and current
        current = printed.group().rstrip(".") if printed else current if inner else f"passage {i}"
        out.setdefault(current, set()).update(split(cell))
    return list(out.values())
