"""Area profiles: how much of a document, partnership, year or publisher goes to each cooperation area."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.compare import intervals
from pipeline.compare.frames import NO_AREA, RESIDUE, Data, explode_areas, groups, numbered, result, table
from pipeline.errors import SettingsError

UNITS = ("words", "passages", "commitments")
COLUMNS = ("group", "area", "share", "low", "high", "amount", "total", "unit", "n_documents", "resampled")


def area_profile(
    data: Data, *, by: str = "document", unit: str = "words", n: int = 1000, seed: int = 0, home: str = ""
) -> pd.DataFrame:
    """Share of words, passages or commitments in each area, for each group of documents.

    What has n areas counts 1/n in each, so the shares of a group sum to 1 with `(residue)` (security or defence cooperation
    in none of the areas) and `(none)`. Method: ratio of sums; 95 % percentile bootstrap over documents, or over passages where
    there are fewer than five (Efron & Tibshirani 1993; over documents because passages of one text are not independent).

    Args:
        by: `document`, `partner`, `year` or `publisher`; a document with several partners counts for each.
        unit: `words`, `passages` or `commitments`.
        n: draws of the bootstrap; 0 leaves the intervals out.
        seed: of the draws.
        home: party that is no partner (default: the one in most documents).

    Returns:
        A row a group and area, every area found anywhere in every group: share (0 to 1) with low and high (NaN with fewer than
        two units), amount and total in `unit`, `resampled` what was drawn.

    Raises:
        SettingsError: `by` or `unit` is unknown.
    """
    units = _units(data, unit).merge(groups(data, by, home), on="key")
    parts = numbered(explode_areas(units, "size"))
    areas = [*sorted(set(parts["area"]) - {RESIDUE, NO_AREA}), RESIDUE, NO_AREA]
    counted = parts[["document", "place", "weight"]].assign(area=parts["area"].map({area: i for i, area in enumerate(areas)}))
    rows: list[tuple[object, ...]] = []
    for group, part in counted.groupby(parts["group"], sort=True):
        rows += _shares(part, str(group), areas, n=n, seed=seed, unit=unit)
    return result(rows, COLUMNS)


def areas_over_time(data: Data, *, unit: str = "words", n: int = 1000, seed: int = 0) -> pd.DataFrame:
    """`area_profile` by year of the document, years in order, undated documents left out. Method: as there."""
    profile = area_profile(data, by="year", unit=unit, n=n, seed=seed).rename(columns={"group": "year"})
    return profile[profile["year"].str.fullmatch(r"\d{4}")].reset_index(drop=True)


def _units(data: Data, unit: str) -> pd.DataFrame:
    """What is counted: key, place (the passage drawn in a bootstrap), size, areas, residue."""
    if unit not in UNITS:
        raise SettingsError(f"Shares cannot be counted in {unit!r}.", advice=f"Give one of {', '.join(UNITS)}.")
    passages = table(data, "passages")[["key", "record_id", "areas", "residue", "text"]]
    if unit != "commitments":
        sizes = [len(text.split()) if unit == "words" else 1 for text in passages["text"]]
        return passages.assign(size=sizes).rename(columns={"record_id": "place"}).drop(columns="text")
    commitments = table(data, "commitments")
    residue = commitments["passage_id"].isin(set(passages.loc[passages["residue"], "record_id"]))
    places = commitments["passage_id"].where(commitments["passage_id"] != "", commitments["record_id"])
    return commitments[["key", "areas"]].assign(place=places, size=1, residue=residue)


def _shares(part: pd.DataFrame, group: str, areas: list[str], *, n: int, seed: int, unit: str) -> list[tuple[object, ...]]:
    drawn = intervals.sample(part["document"].to_numpy(), part["place"].to_numpy())
    amounts = np.zeros((len(part), len(areas)))
    amounts[np.arange(len(part)), part["area"].to_numpy(dtype=int)] = part["weight"].to_numpy()
    top = drawn.sums(amounts)
    low, high = intervals.ratios(top, top.sum(axis=1, keepdims=True), n=n, seed=seed, name=group)
    sums, total, about = top.sum(axis=0), float(top.sum()), (unit, drawn.documents, drawn.resampled)
    return [
        (group, area, intervals.ratio(sums[i], total), low[i], high[i], sums[i], total, *about) for i, area in enumerate(areas)
    ]
