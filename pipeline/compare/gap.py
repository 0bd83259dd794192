"""What a press release announces beside what its agreement says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from pipeline.compare import matching
from pipeline.compare.frames import Data, chosen, of, result, split, table

BOTH, PRESS_ONLY, AGREEMENT_ONLY = "both", "press_only", "agreement_only"
_SIDE = ("text", "areas", "obligation", "citation", "record_id")
GAP = ("gap", "score", *(f"press_{n}" for n in _SIDE), *(f"agreement_{n}" for n in _SIDE), "areas_missing")
_COUNTED = ("passages", "commitments", "text")
AREAS = ("gap", "area", *(f"press_{n}" for n in _COUNTED), *(f"agreement_{n}" for n in _COUNTED))
_UNDER = ("n_paragraphs", "n_passages", "n_commitments")
HEADINGS = ("agreement", "heading", "areas", "announced", "press_areas", "press_text", *_UNDER)
#: Score from which a press release and an agreement speak of the same commitment; a press release retells, so it is lower
#: than between drafts. In the five pairs of the sample corpus 22 of 48 announced commitments reach it, 19 beside the right
#: text; about 6 of the others have a counterpart in quite other words, so `press_only` must be read beside the nearest text.
_SAME_FROM = 0.25
_TEXTS = 3
#: What a paragraph shares with its items: "3.2" of "3.2(a)".
_PRINTED = re.compile(r"[\d.]*\d")


def announcement_gap(data: Data, press: str, agreement: str) -> pd.DataFrame:
    """Commitments that a press release and its agreement share, and those that only one of them has, side by side.

    Method: TF-IDF cosine of aim, object and statement (Salton & Buckley 1988), each commitment with the nearest of the other
    document; a press release may tell one commitment twice, so this is not one to one. The nearest is shown also where it is
    too far to count, for the reader to judge.

    Returns:
        In the order of the press release, then what it leaves out: gap `both`, `press_only` or `agreement_only`, score 0 to
        1, both texts with areas, obligation, citation; areas_missing: areas of the first text that the whole other document
        lacks.

    Raises:
        SettingsError: there is no such document.
    """
    chosen(data, [press, agreement])
    claims, promises = matching.commitments_of(data, press), matching.commitments_of(data, agreement)
    scores = matching.similarities(claims, promises)
    areas = {key: _areas_of(data, key) for key in (press, agreement)}
    rows = [_gap_row(claims, promises, i, _nearest(scores[i]), PRESS_ONLY, areas[agreement]) for i in range(len(claims))]
    told = {row[-2] for row in rows if row[0] == BOTH}
    for j in range(len(promises)):
        if promises["record_id"].iat[j] not in told:
            rows.append(_gap_row(promises, claims, j, _nearest(scores[:, j]), AGREEMENT_ONLY, areas[press]))
    return result(rows, GAP)


def _nearest(scores: Any) -> tuple[int, float]:
    return (int(np.argmax(scores)), float(scores.max())) if len(scores) and scores.max() > 0 else (-1, 0.0)


def _gap_row(
    own: pd.DataFrame, other: pd.DataFrame, i: int, nearest: tuple[int, float], alone: str, known: set[str]
) -> tuple[object, ...]:
    j, score = nearest
    mine = tuple(own[name].iat[i] for name in _SIDE)
    theirs = tuple(other[name].iat[j] for name in _SIDE) if j >= 0 else ("",) * len(_SIDE)
    missing = ";".join(area for area in split(str(own["areas"].iat[i])) if area not in known)
    sides = (*mine, *theirs) if alone == PRESS_ONLY else (*theirs, *mine)
    return (BOTH if score >= _SAME_FROM else alone, score, *sides, missing)


def _areas_of(data: Data, key: str) -> set[str]:
    return {area for cell in of(table(data, "passages"), key)["areas"] for area in split(cell)}


def announced_areas(data: Data, press: str, agreement: str) -> pd.DataFrame:
    """Areas that a press release and its agreement speak of, with passages, commitments and the first texts of both.

    Method: presence and counts of asserted areas (the project's codebook, A) in both documents; a commitment counts in each
    area.

    Returns:
        A row an area that either has: gap `both`, `press_only` or `agreement_only`, counts, up to three texts joined by " | ".
    """
    chosen(data, [press, agreement])
    sides = [_counted(data, key) for key in (press, agreement)]
    rows = []
    for area in sorted(set(sides[0]) | set(sides[1])):
        found = [side.get(area, (0, 0, "")) for side in sides]
        gap = BOTH if all(f[0] for f in found) else PRESS_ONLY if found[0][0] else AGREEMENT_ONLY
        rows.append((gap, area, *found[0], *found[1]))
    return result(rows, AREAS)


def _counted(data: Data, key: str) -> dict[str, tuple[int, int, str]]:
    """Area -> passages, commitments, first texts."""
    passages, commitments = of(table(data, "passages"), key), of(table(data, "commitments"), key)
    promised = Counter(area for cell in commitments["areas"] for area in split(cell))
    texts: dict[str, list[str]] = {}
    for cell, text in zip(passages["areas"], passages["text"], strict=True):
        for area in split(cell):
            texts.setdefault(area, []).append(text)
    return {area: (len(found), promised[area], " | ".join(found[:_TEXTS])) for area, found in texts.items()}


def announced_headings(data: Data, press: str, agreements: Iterable[str]) -> pd.DataFrame:
    """The headings of agreements beside the areas that a press release lists, with what stands under each heading.

    Method: a heading has the areas that more than half of its paragraphs have; an area is announced if the press release
    `listed` it (in a list item) or `mentioned` it elsewhere.

    Args:
        press: key of the press release.
        agreements: keys of one agreement or more.

    Returns:
        Per agreement in order of the text: heading, its areas, announced (`listed`, `mentioned` or empty), the words of the
        press release, numbered paragraphs (or, without numbers, passages), passages, commitments. Then a row without heading
        for each announced area that no heading has.
    """
    told = _told(data, press)
    rows: list[tuple[object, ...]] = []
    for key in chosen(data, agreements)["key"]:
        sections = _sections(data, key)
        rows += [(key, heading, ";".join(areas), *_announced(areas, told), *counts) for heading, areas, counts in sections]
        covered = {area for _, areas, _ in sections for area in areas}
        rows += [(key, "", area, *_announced([area], told), 0, 0, 0) for area in sorted(set(told) - covered)]
    return result(rows, HEADINGS)


def _told(data: Data, press: str) -> dict[str, tuple[str, str]]:
    """Area -> how the press release speaks of it, and its words; a list says more than a sentence in passing."""
    chosen(data, [press])
    frame = of(table(data, "passages"), press)
    out: dict[str, tuple[str, str]] = {}
    for how, part in (("listed", frame[frame["kind"] == "list_item"]), ("mentioned", frame)):
        for cell, text in zip(part["areas"], part["text"], strict=True):
            for area in split(cell):
                out.setdefault(area, (how, text))
    return out


def _announced(areas: list[str], told: dict[str, tuple[str, str]]) -> tuple[str, str, str]:
    found = [area for area in areas if area in told]
    how = min((told[area][0] for area in found), default="")
    return how, ";".join(found), " | ".join(dict.fromkeys(told[area][1] for area in found))


def _sections(data: Data, key: str) -> list[tuple[str, list[str], tuple[int, int, int]]]:
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
