"""Charts of areas: heat map, profile with intervals, change over time."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from pipeline.charts.style import (
    COLUMN,
    MANY,
    SPLIT,
    Chart,
    Names,
    called,
    columns,
    empty,
    finish,
    inline,
    labels,
    lines_above,
    numbers,
    ordered,
    paged,
    panels,
    records,
    small,
    step,
    wrapped,
)
from pipeline.compare.frames import NO_AREA, RESIDUE

_NOTHING = "No passages in these documents."
#: A darkest cell; short documents with one passage would else make all others pale.
_MOST = 0.6
#: A share below this is shown as nothing, as it would be rounded to 0 %.
_SHOWN = 0.005
_CELL = ("group", "area", "share", "low", "high", "amount", "total", "n_documents")
_BANDS = "Bands: 95 % interval, over documents in years of five or more, else over passages, which is too narrow"
#: Years whose numbers of documents fit a line.
_FEW_YEARS = 8
_SHARE: dict[str, Any] = {"format": "%", "tickCount": 3}


def area_heat_map(area_profile: pd.DataFrame, *, names: Names | None = None, title: str = "Areas by document") -> Chart:
    """Share of each area (columns) in each group (rows) of `compare.area_profile`, in per cent.

    Args:
        names: what to call groups and areas; their order is kept.
    """
    if area_profile.empty:
        return empty(title, _NOTHING)
    unit = str(area_profile["unit"].iat[0])
    rows, groups, areas = _grid(area_profile, names)
    base = alt.Chart(inline(rows)).encode(
        x=alt.X("column:N", sort=areas, title=None, axis=lines_above()),
        y=alt.Y("row:N", sort=groups, title=None, axis=alt.Axis(**small(len(groups)))),
        tooltip=_tooltip(unit),
    )
    legend = alt.Legend(format="%", orient="bottom", direction="horizontal", gradientLength=180, tickCount=4)
    shade = alt.Color("share:Q", title=f"Share of {unit}", legend=legend).scale(domain=[0, _most(area_profile)], clamp=True)
    dark = f"datum.area !== '{NO_AREA}' && datum.share > {_most(area_profile) / 2}"
    cells = base.transform_filter(alt.datum.area != NO_AREA).mark_rect().encode(color=shade)
    chart = alt.layer(cells, *(numbers(base, "percent:N", dark) if len(groups) <= MANY else []))
    chart = chart.properties(width=alt.Step(COLUMN), height=step(len(groups)))
    return finish(chart, title, f"Share of {unit} in per cent, blank below 0.5; what has n areas counts 1/n in each")


def _grid(profile: pd.DataFrame, names: Names | None) -> tuple[list[dict[str, Any]], list[str], list[str]]:
    """A row a cell, the labels of rows and of columns in order."""
    groups, areas = (ordered(profile[column], names) for column in ("group", "area"))
    row_of, column_of = labels(groups, names), {area: wrapped(called(area, names)) for area in areas}
    rows = [
        {name: cell[name] for name in _CELL}
        | {"row": row_of[cell["group"]], "column": column_of[cell["area"]], "name": called(cell["group"], names)}
        | {"words": called(cell["area"], names), "percent": f"{100 * cell['share']:.0f}" if cell["share"] >= _SHOWN else ""}
        for cell in _in_order(profile, groups, areas)
    ]
    return rows, [row_of[group] for group in groups], [column_of[area] for area in areas]


def _most(profile: pd.DataFrame) -> float:
    """The share that has the darkest cell."""
    return min(_MOST, float(profile.loc[profile["area"] != NO_AREA, "share"].max()))


def _in_order(frame: pd.DataFrame, groups: list[str], areas: list[str]) -> list[dict[str, Any]]:
    """Rows by group and area in the given order, whatever theirs was."""
    first, second = ({one: i for i, one in enumerate(ids)} for ids in (groups, areas))
    return sorted(records(frame), key=lambda row: (first[row["group"]], second[row["area"]]))


def _tooltip(unit: str) -> list[alt.Tooltip]:
    return [
        alt.Tooltip("name:N", title="group"),
        alt.Tooltip("words:N", title="area"),
        alt.Tooltip("share:Q", title="share", format=".1%"),
        alt.Tooltip("low:Q", title="from", format=".1%"),
        alt.Tooltip("high:Q", title="to", format=".1%"),
        alt.Tooltip("amount:Q", title=unit, format=",.4~r"),
        alt.Tooltip("total:Q", title="of", format=",.4~r"),
    ]


def area_profile_bars(area_profile: pd.DataFrame, *, names: Names | None = None, title: str = "Areas") -> Chart:
    """Share of each area with its 95 % interval, a panel a group of `compare.area_profile`; for up to about nine groups.

    Args:
        names: what to call groups and areas; their order is kept.
    """
    if area_profile.empty:
        return empty(title, _NOTHING)
    unit = str(area_profile["unit"].iat[0])
    shown, more = paged(ordered(area_profile["group"], names))
    rows, groups, _ = _grid(area_profile[(area_profile["area"] != NO_AREA) & area_profile["group"].isin(shown)], names)
    panel_of = {row["row"]: f"{row['row']} ({row['total']:,.0f})" for row in rows}
    rows = [row | {"panel": panel_of[row["row"]]} for row in rows]
    areas = [*dict.fromkeys(row["words"] for row in rows)]
    base = alt.Chart().encode(y=alt.Y("words:N", sort=areas, title=None), tooltip=_tooltip(unit))
    bars = base.mark_bar(height=11, opacity=0.75).encode(x=alt.X("share:Q", title=f"share of {unit}", axis=alt.Axis(**_SHARE)))
    spread = base.mark_rule(style="spread").encode(x="low:Q", x2="high:Q")
    panel = alt.layer(bars, spread, data=inline(rows)).properties(width=190 if len(groups) > 1 else 420, height=alt.Step(22))
    order = [panel_of[group] for group in groups if group in panel_of]
    facets = panel.facet(panels(order, width=190), columns=columns(groups))
    return finish(facets, title, f"Share of {unit}, the rest is on no area; in brackets all {unit}; lines: 95 % interval{more}")


def areas_over_time(areas_over_time: pd.DataFrame, *, names: Names | None = None, title: str = "Areas over time") -> Chart:
    """Share of each area by year (`compare.areas_over_time`), a panel an area, with its 95 % interval.

    Args:
        names: what to call areas; their order is kept.
    """
    frame = areas_over_time.rename(columns={"year": "group"})
    frame = frame[~frame["area"].isin([NO_AREA, RESIDUE])]
    if frame.empty:
        return empty(title, "No dated documents with areas.")
    unit = str(frame["unit"].iat[0])
    stretch = _stretches(sorted({int(year) for year in frame["group"]}))
    rows = [
        row
        | {"panel": wrapped(row["words"], 26), "year": (year := int(row["group"])), "known": row["low"] == row["low"]}
        | {"stretch": stretch[year]}
        for row in _grid(frame, names)[0]
    ]
    x = alt.X("year:Q", title=None, axis=_years(rows)).scale(zero=False, nice=False, padding=10)
    base = alt.Chart().encode(x=x, detail="stretch:N")
    share = alt.Y("share:Q", title=None, axis=alt.Axis(**_SHARE))
    band = base.transform_filter("datum.known").mark_area(opacity=0.2).encode(y=alt.Y("low:Q", title=None), y2="high:Q")
    documents = alt.Tooltip("n_documents:Q", title="documents")
    line = base.mark_line(point=True, strokeWidth=2).encode(y=share, tooltip=["year:Q", *_tooltip(unit)[1:], documents])
    header = alt.Header(title=None, labelExpr=SPLIT, labelLimit=200, labelAnchor="start")
    panel = alt.layer(band, line, data=inline(rows)).properties(width=165, height=105)
    facets = panel.facet(alt.Facet("panel:N", sort=[*dict.fromkeys(row["panel"] for row in rows)], header=header), columns=5)
    return finish(facets, title, [f"Share of {unit} by year of the documents{_sizes(frame)}", _BANDS])


def _stretches(years: list[int]) -> dict[int, int]:
    """A number for each run of years without a gap: no line leads over years without documents."""
    out: dict[int, int] = {}
    for i, year in enumerate(years):
        out[year] = out[years[i - 1]] + (year - years[i - 1] > 1) if i else 0
    return out


def _sizes(frame: pd.DataFrame) -> str:
    """How many documents each year has, if there are few years."""
    years = frame.drop_duplicates("group").sort_values("group")[["group", "n_documents"]]
    said = ", ".join(f"{n} of {year}" for year, n in years.itertuples(index=False))
    return f"; documents: {said}" if len(years) <= _FEW_YEARS else ""


def _years(rows: list[dict[str, Any]]) -> alt.Axis:
    """About four years, the first and the last among them if they are few."""
    years = sorted({row["year"] for row in rows})
    apart = max(1, -(-(years[-1] - years[0]) // 4))
    return alt.Axis(format="d", values=[*range(years[0], years[-1] + 1, apart)])
