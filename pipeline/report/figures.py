"""The charts of the overview: what is drawn for how many documents, each with words and a table for who cannot see it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pandas as pd

from pipeline import charts, compare
from pipeline.charts.style import called
from pipeline.compare.frames import ALL, UNKNOWN
from pipeline.records import OBLIGATIONS
from pipeline.report.documents import in_order

if TYPE_CHECKING:
    from pipeline.charts import Chart
    from pipeline.dataset import Dataset

#: Documents that can have a bar, a column, a point each and be read; more are shown by year or left to the tables.
_BARS, _COLUMNS, _POINTS = 60, 30, 120
#: Charts that are narrowed, to so many pixels, so that two with their labels stand side by side on a laptop.
_NARROWED, _WIDTH = frozenset({"firmness", "firmness-areas", "means"}), 340
#: Documents of a year below which one of them would decide its shares.
_YEARLY = 3
#: Commitments of a document below which a mean of them is an anecdote.
_FEWEST = 5
#: Linked documents below which a map of them would show less than the list of pairs.
_MAPPED = 8
#: What tables say of their figures.
_MEANS = "n commitments: means of obligation (1 possible to 4 binding) and precision (0 to 4), shares with a time, a condition."
_SPLIT = "Rounded; a commitment with n areas counts 1/n in each."
#: Documents further from all others than this share no template and only push the map apart.
_APART = 0.95


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart as the page needs it.

    Attributes:
        spec: Vega-Lite, without title and configuration; empty where the table stands alone.
        says: what stands in for the picture: what it shows and where the figures are.
        columns, rows: the same as a table.
        note: what the table needs said of its figures.
        routes: where in the report the last cell of each row leads to, if anywhere.
    """

    id: str
    title: str
    hint: str
    spec: dict[str, Any]
    says: str
    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    routes: list[str] = field(default_factory=list)
    note: str = ""


def figures(dataset: Dataset, distance: pd.DataFrame, *, areas: dict[str, str]) -> list[Figure]:
    """The charts of a dataset, those that would be empty left out.

    Args:
        distance: `compare.template_distance` of its documents.
        areas: names of the areas by id, in order.
    """
    documents = in_order(dataset)
    called_by = documents[["short_title", "title", "key"]].itertuples(index=False)
    names = {key: short or title or key for short, title, key in called_by}
    made = (
        *_firmness(dataset, names, areas),
        *_template(dataset, distance, names),
        *_over_time(dataset, areas),
        *_mechanisms(dataset, names, areas),
    )
    return list(made)


def _firmness(dataset: Dataset, names: dict[str, str], areas: dict[str, str]) -> Iterator[Figure]:
    if dataset.commitments.empty:
        return
    by = "document" if len(dataset.documents) <= _BARS else "year"
    counts = compare.firmness_counts(dataset, by=by)
    said = names if by == "document" else None
    chart = charts.firmness_bars(counts, names=said, title=f"Firmness by {by}")
    without = len(dataset.documents) - dataset.commitments["key"].nunique()
    hint = f"; {without:,} of {len(dataset.documents):,} documents have none" if without else ""
    yield _figure("firmness", chart, (by, *OBLIGATIONS), _pivot(counts, "group", said or {}), hint=hint)
    chart = charts.firmness_bars(counts, names=areas, rows="area", title="Firmness by area")
    yield replace(_figure("firmness-areas", chart, ("area", *OBLIGATIONS), _pivot(counts, "area", areas)), note=_SPLIT)
    means = compare.firmness(dataset, by=by, n=400)
    overall = means[means["area"] == ALL]
    well = overall[overall["n"] >= _FEWEST]
    well, hint = (well, f"; {by}s of {_FEWEST} commitments or more") if 1 < len(well) < len(overall) else (overall, "")
    firmest = well.sort_values(["mean_level", "group"], ascending=[False, True])["group"]
    order = firmest if by == "document" else sorted(well["group"], key=lambda year: (year == UNKNOWN, year))
    shown = means[means["group"].isin(list(order))]
    chart = charts.firmness_means(shown, names={g: called(g, names) for g in order}, title=f"Mean firmness by {by}")
    columns = (by, "mean", "95 % interval", "n", "precision", "timed", "conditional")
    values = overall[["group", "mean_level", "low", "high", "n", "precision", "with_time", "with_condition"]]
    rows = [_mean(called(row[0], names), *row[1:]) for row in values.itertuples(index=False, name=None)]
    yield replace(_figure("means", chart, columns, rows, hint=hint), note=_MEANS)


def _template(dataset: Dataset, distance: pd.DataFrame, names: dict[str, str]) -> Iterator[Figure]:
    """The template map; of many documents those that share most with another."""
    if len(distance) < 3:
        return
    found = nearest(distance).head(_POINTS)
    keys = sorted(set(found["key"]) | set(found["other"]))
    if len(keys) < 3:
        return
    mutual = pd.Series([frozenset(pair) for pair in zip(found["key"], found["other"], strict=True)], dtype=object)
    kept = found[~mutual.duplicated().to_numpy(dtype=bool)]
    types = dict(zip(dataset.documents["key"], dataset.documents["doc_type"].replace("", "other"), strict=True))
    groups = {key: types[key].replace("_", " ") for key in keys}
    chart = charts.template_map(distance.loc[keys, keys], names=names, groups=groups, title="Who shares a template")
    left = len(distance) - len(keys)
    hint = f". {left:,} documents that share less with any other are left out" if left else ""
    rows = [(names[key], names[other], f"{1 - d:.0%}: compare") for key, other, d in kept.itertuples(index=False)]
    figure = _figure("template", chart, ("document", "nearest document", "words in shared clauses"), rows, hint=hint)
    routes = [f"compare/{quote(a, safe='')}/{quote(b, safe='')}" for a, b in zip(kept["key"], kept["other"], strict=True)]
    if len(keys) < _MAPPED:
        few = f"Only {len(keys)} documents share clauses with another: too few for a map, so the nearest of each{hint}"
        figure = replace(figure, spec={}, hint=few)
    yield replace(figure, routes=routes)


def nearest(distance: pd.DataFrame) -> pd.DataFrame:
    """For each document that shares a template the nearest other one, the nearest pairs first: key, other, distance."""
    import numpy as np

    if len(distance) < 2:
        return pd.DataFrame({"key": [], "other": [], "distance": []})
    values = distance.to_numpy(dtype=float).copy()
    np.fill_diagonal(values, np.inf)
    best = values.argmin(axis=1)
    keys = np.asarray(distance.index)
    found = pd.DataFrame({"key": keys, "other": keys[best], "distance": values[np.arange(len(keys)), best]})
    return found[found["distance"] < _APART].sort_values(["distance", "key"], ignore_index=True)


def _over_time(dataset: Dataset, areas: dict[str, str]) -> Iterator[Figure]:
    shares = compare.areas_over_time(dataset, n=200)
    well = shares[shares["n_documents"] >= _YEARLY]
    shares, hint = (well, f"; years of {_YEARLY} documents or more") if well["year"].nunique() > 2 else (shares, "")
    if shares["year"].nunique() < 3:
        return
    chart = charts.areas_over_time(shares, names=areas, title="Areas over time")
    wide = shares[shares["area"].isin(areas)].pivot_table(index="year", columns="area", values="share", observed=True)
    found = [area for area in areas if area in wide]
    rows = [(year, *(f"{share:.1%}" for share in wide.loc[year, found])) for year in wide.index]
    yield _figure("time", chart, ("year", *(areas[a] for a in found)), rows, hint=hint)


def _mechanisms(dataset: Dataset, names: dict[str, str], areas: dict[str, str]) -> Iterator[Figure]:
    if not 0 < dataset.mechanisms["key"].nunique() <= _COLUMNS:
        return
    grid = compare.mechanism_grid(dataset)
    chart = charts.mechanism_map(grid, names=names | areas, title="Fora by document")
    keys = [str(column) for column in grid.columns[2:]]
    rows = [(row[0].replace("_", " "), called(row[1], areas), *row[2:]) for row in grid.itertuples(index=False, name=None)]
    yield _figure("mechanisms", chart, ("forum", "area", *(names[key] for key in keys)), rows)


def _pivot(counts: pd.DataFrame, column: str, names: dict[str, str]) -> list[tuple[Any, ...]]:
    """A row a group or area, a column an obligation."""
    sums: dict[Any, float] = counts.groupby([column, "obligation"])["n"].sum().to_dict()
    found = set(counts[column])
    groups = [*(g for g in names if g in found), *sorted(found - set(names))]
    return [(called(g, names), *(_whole(sums.get((g, o), 0.0)) for o in OBLIGATIONS)) for g in groups]


def _mean(name: str, mean: float, low: float, high: float, n: float, *shares: float) -> tuple[str, ...]:
    """A row of the table of means; `shares` are the mean precision and the shares with a time and a condition."""
    precision, timed, conditional = shares
    interval = "" if pd.isna(low) else f"{low:.2f}–{high:.2f}"
    formatted = (_given(precision, ".1f"), _given(timed, ".0%"), _given(conditional, ".0%"))
    return (name, _given(mean, ".2f"), interval, _given(n, ",.0f"), *formatted)


def _given(value: float, form: str) -> str:
    """A figure in this format, nothing where there is none."""
    return "" if pd.isna(value) else format(value, form)


def _whole(n: float) -> str:
    """A figure without decimals; what is less than a half is not called nothing."""
    return "<1" if 0 < n < 0.5 else f"{n:,.0f}"


def _figure(name: str, chart: Chart, columns: tuple[str, ...], rows: list[tuple[Any, ...]], *, hint: str = "") -> Figure:
    """Takes title and configuration out of the chart: the page has its own headings, and one theme for all."""
    spec = chart.to_dict()
    title = spec.pop("title", {})
    spec.pop("config", None)
    if name in _NARROWED:
        spec["width"] = _WIDTH
    subtitle = title.get("subtitle", "")
    hint = (subtitle if isinstance(subtitle, str) else ". ".join(subtitle)) + hint
    says = f"Chart: {title['text']}. {hint}. The same figures stand in the table below it."
    return Figure(name, title["text"], hint, spec, says, columns, rows)
