"""Charts of commitments: how firm they are, who is bound, when they are due."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from pipeline.charts.style import (
    MANY,
    Chart,
    Names,
    Piece,
    called,
    columns,
    cut,
    empty,
    finish,
    inline,
    labels,
    ordered,
    paged,
    panels,
    records,
    small,
    step,
)
from pipeline.compare.frames import ALL
from pipeline.records import OBLIGATIONS

_NOTHING = "No commitments in these documents."
_WHO = {"joint": "both", "only_a": "only the first", "only_b": "only the second", "neither": "neither"}
_DOTS = "Mean obligation (Abbott et al. 2000) with its 95 % interval, none where there is one passage"
_LEVELS = "datum.value == 1 ? 'possible' : datum.value == 2 ? 'intended' : datum.value == 3 ? 'committed' : 'binding'"


def firmness_bars(
    firmness_counts: pd.DataFrame, *, names: Names | None = None, rows: str = "group", title: str = "Firmness of commitments"
) -> Chart:
    """Shares of possible, intended, committed and binding commitments, a bar a group (`compare.firmness_counts`).

    Args:
        names: what to call groups or areas; their order is kept.
        rows: `group` or `area`: what has a bar.
    """
    if firmness_counts.empty:
        return empty(title, _NOTHING)
    found = _shares(firmness_counts, rows, names)
    order = [*dict.fromkeys(row["row"] for row in found)]
    base = alt.Chart(inline(found)).encode(y=alt.Y("row:N", sort=order, title=None, axis=alt.Axis(**small(len(order)))))
    shade = alt.Color("obligation:O", sort=list(OBLIGATIONS), title=None, legend=alt.Legend(orient="top", symbolType="square"))
    bars = base.mark_bar().encode(
        x=alt.X("low:Q", title="share of commitments", axis=alt.Axis(format="%", tickCount=5)).scale(domain=[0, 1]),
        x2="high:Q",
        color=shade.scale(domain=list(OBLIGATIONS)),
        tooltip=[
            alt.Tooltip("name:N", title=rows),
            alt.Tooltip("obligation:N"),
            alt.Tooltip("n:Q", title="commitments", format=".4~r"),
            alt.Tooltip("share:Q", format=".0%"),
        ],
    )
    totals = base.transform_filter("datum.obligation == 'possible'").mark_text(style="note", align="left", dx=6, fontSize=11)
    chart = alt.layer(bars, totals.encode(x=alt.datum(1), text=alt.Text("total:Q", format=".0f")))
    chart = chart.properties(width=460, height=step(len(order)))
    return finish(chart, title, "Obligation after Abbott et al. (2000); at the right the number of commitments")


def _shares(counts: pd.DataFrame, rows: str, names: Names | None) -> list[dict[str, Any]]:
    """A row a bar's piece: where it begins and ends (0 to 1), in the order of groups and of obligation."""
    sums = counts.groupby([rows, "obligation"])["n"].sum().to_dict()
    order = ordered(counts[rows], names)
    label = labels(order, names)
    out: list[dict[str, Any]] = []
    for one in order:
        pieces = [float(sums.get((one, obligation), 0)) for obligation in OBLIGATIONS]
        total, begin = sum(pieces), 0.0
        for obligation, n in zip(OBLIGATIONS, pieces, strict=True):
            share = n / total if total else 0.0
            where = {"low": begin, "high": begin + share, "share": share, "n": n, "total": total}
            out.append({"row": label[one], "name": called(one, names), "obligation": obligation} | where)
            begin += share
    return out


def firmness_means(
    firmness: pd.DataFrame, *, names: Names | None = None, rows: str = "group", title: str = "Mean firmness"
) -> Chart:
    """Mean obligation, 1 (possible) to 4 (binding), with its 95 % interval (`compare.firmness`).

    Args:
        names: what to call groups and areas; their order is kept.
        rows: `group`: a row a group, over all areas; `area`: a row an area, a panel a group.
    """
    frame = firmness[(firmness["area"] == ALL) if rows == "group" else (firmness["area"] != ALL)]
    if frame.empty:
        return empty(title, _NOTHING)
    groups, areas = (ordered(frame[column], names) for column in ("group", "area"))
    shown, more = paged(groups) if rows == "area" else (groups, "")
    row_of, panel_of = labels(groups if rows == "group" else areas, names), labels(shown, names, limit=30)
    cells = [
        row
        | {"row": row_of[row[rows]], "panel": panel_of[row["group"]]}
        | {"in_group": called(row["group"], names), "in_area": called(row["area"], names)}
        for row in records(frame[frame["group"].isin(shown)].sort_values(["group", "area"]))
    ]
    if rows == "group" or len(groups) == 1:
        chart = _dots(cells, list(row_of.values()), alt.Axis(values=[1, 2, 3, 4], labelExpr=_LEVELS))
        return finish(chart.properties(data=inline(cells), width=420), title, _DOTS)
    chart = _dots(cells, list(row_of.values()), alt.Axis(values=[1, 2, 3, 4]))
    facets = chart.properties(data=inline(cells), width=220).facet(panels(list(panel_of.values())), columns=columns(shown))
    return finish(facets, title, ["1 possible, 2 intended, 3 committed, 4 binding" + more, _DOTS])


def _dots(cells: list[dict[str, Any]], order: list[str], levels: alt.Axis) -> Piece:
    """Dots with lines, a row each of `order`."""
    found = sorted(cell["n"] for cell in cells)
    sizes = sorted({max(1, round(n)) for n in (found[0], found[len(found) // 2], found[-1])})
    base = alt.Chart().encode(
        y=alt.Y("row:N", sort=order, title=None, axis=alt.Axis(grid=True, **small(len(order)))),
        tooltip=[
            alt.Tooltip("in_group:N", title="group"),
            alt.Tooltip("in_area:N", title="area"),
            alt.Tooltip("mean_level:Q", title="mean", format=".2f"),
            alt.Tooltip("low:Q", title="from", format=".2f"),
            alt.Tooltip("high:Q", title="to", format=".2f"),
            alt.Tooltip("n:Q", title="commitments", format=".4~r"),
        ],
    )
    low, mean = (alt.X(f"{one}:Q", title=None, axis=levels).scale(domain=[1, 4]) for one in ("low", "mean_level"))
    spread = base.mark_rule(strokeWidth=2).encode(x=low, x2="high:Q")
    counts = alt.Legend(format=",d", values=sizes, orient="bottom")
    dots = base.mark_circle(opacity=1).encode(
        x=mean, size=alt.Size("n:Q", title="commitments", legend=counts).scale(range=[25, 260])
    )
    return alt.layer(spread, dots).properties(height=step(len(order)))


def who_is_bound(who_is_bound: pd.DataFrame, *, names: Names | None = None, title: str = "Who is bound") -> Chart:
    """Who is bound in each pair of parties, and how one-sided it is (`compare.who_is_bound`).

    Left: commitments that bind both parties, only one of them, or neither. Right: asymmetry, with its 95 % interval.

    Args:
        names: what to call actors; their order is kept.
    """
    if who_is_bound.empty:
        return empty(title, "No commitments of two parties in these documents.")
    frame = who_is_bound.sort_values(["n", "dyad"], ascending=[False, True]).head(MANY)
    rank = {one: i for i, one in enumerate(ordered([*frame["party_a"], *frame["party_b"]], names))}
    found = sorted(records(frame), key=lambda row: (rank[row["party_a"]], rank[row["party_b"]]))
    dyad = {row["dyad"]: f"{called(row['party_a'], names)} – {called(row['party_b'], names)}" for row in found}
    label = labels(list(dyad), dyad)
    order = [label[row["dyad"]] for row in found]
    rows = [row | {"row": label[row["dyad"]]} | _sides(row, names) for row in found]
    chart = alt.hconcat(_bound_bars(rows, order), _asymmetry(rows, order), spacing=24)
    more = f"; the {MANY} of {len(who_is_bound)} pairs with most" if len(who_is_bound) > MANY else ""
    return finish(chart, title, f"Commitments that bind both parties of a pair, one of them, or neither{more}")


def _sides(row: dict[str, Any], names: Names | None) -> dict[str, str]:
    return {"first": called(row["party_a"], names), "second": called(row["party_b"], names)}


def _bound_bars(rows: list[dict[str, Any]], order: list[str]) -> Piece:
    pieces = [
        {"row": row["row"], "who": who, "rank": rank, "n": row[column], "share": row[column] / row["n"] if row["n"] else 0}
        for row in rows
        for rank, (column, who) in enumerate(_WHO.items())
    ]
    who = alt.Color("who:N", sort=list(_WHO.values()), title=None, legend=alt.Legend(orient="top", symbolType="square"))
    return (
        alt.Chart(inline(pieces))
        .mark_bar()
        .encode(
            x=alt.X("n:Q", title="commitments", axis=alt.Axis(tickCount=5)),
            y=alt.Y("row:N", sort=order, title=None, axis=alt.Axis(**small(len(order)))),
            color=who.scale(domain=list(_WHO.values())),
            order="rank:O",
            tooltip=[alt.Tooltip("row:N", title="pair"), "who:N", "n:Q", alt.Tooltip("share:Q", format=".0%")],
        )
        .properties(width=340, height=step(len(order)))
    )


def _asymmetry(rows: list[dict[str, Any]], order: list[str]) -> Piece:
    axis = alt.Axis(values=[-1, 0, 1], labelExpr="datum.value < 0 ? 'only second' : datum.value > 0 ? 'only first' : 'even'")
    base = alt.Chart(inline([row for row in rows if row["asymmetry"] == row["asymmetry"]])).encode(
        y=alt.Y("row:N", sort=order, title=None, axis=alt.Axis(labels=False, grid=True)).scale(domain=order),
        tooltip=[
            alt.Tooltip("row:N", title="pair"),
            alt.Tooltip("only_a:Q", title="only the first"),
            alt.Tooltip("only_b:Q", title="only the second"),
            alt.Tooltip("asymmetry:Q", format="+.2f"),
            alt.Tooltip("low:Q", title="from", format="+.2f"),
            alt.Tooltip("high:Q", title="to", format="+.2f"),
        ],
    )
    title = "one-sided commitments bind"
    spread = base.mark_rule(strokeWidth=2).encode(x=alt.X("low:Q", title=title, axis=axis).scale(domain=[-1, 1]), x2="high:Q")
    dots = base.mark_circle(size=90, opacity=1).encode(x=alt.X("asymmetry:Q", axis=axis).scale(domain=[-1, 1]))
    return alt.layer(spread, dots).properties(width=200, height=step(len(order)))


def due_timeline(due_ledger: pd.DataFrame, *, names: Names | None = None, title: str = "What is due when") -> Chart:
    """Commitments of `compare.due_ledger` at their due dates, a row a document; those with a beginning only as triangles.

    Args:
        names: what to call documents; their order is kept.
    """
    dated = due_ledger[(due_ledger["due"] != "") | (due_ledger["begins"] != "")]
    if dated.empty:
        return empty(title, "No commitments with a date in these documents.")
    keys = ordered(dated["key"], names)
    label = labels(keys, names)
    rows = [
        {name: row[name] for name in ("begins", "due", "time", "actor", "obligation", "citation")}
        | {"row": label[row["key"]], "at": row["due"] or row["begins"], "says": cut(row["text"], 240)}
        | {"when": "due" if row["due"] else "begins"}
        for row in records(dated.sort_values(["due", "begins", "record_id"]))
    ]
    repeats = int((due_ledger["every"] != "").sum())
    rest = len(due_ledger) - len(dated) - repeats
    subtitle = f"Not shown: {repeats} that recur and {rest} with a time that is no date"
    return finish(_timeline(rows, list(label.values())), title, subtitle)


def _timeline(rows: list[dict[str, Any]], order: list[str]) -> Piece:
    base = alt.Chart(inline(rows)).encode(
        y=alt.Y("row:N", sort=order, title=None, axis=alt.Axis(grid=True, **small(len(order)))),
        tooltip=[
            alt.Tooltip("says:N", title="commitment"), "actor:N", "obligation:N", alt.Tooltip("time:N", title="as written"),
            "begins:N", "due:N", "citation:N",
        ],
    )  # fmt: skip
    axis = _dates(rows)
    spans = base.transform_filter("datum.begins != '' && datum.due != '' && datum.begins != datum.due")
    shade = alt.Color("obligation:O", title="obligation", sort=list(OBLIGATIONS)).scale(domain=list(OBLIGATIONS))
    shape = alt.Shape("when:N", title="date").scale(domain=["due", "begins"], range=["circle", "triangle-right"])
    points = base.mark_point(filled=True, size=85, opacity=1, style="outline").encode(
        x=_at("at", axis), color=shade, shape=shape
    )
    lines = spans.mark_rule(style="gap").encode(x=_at("begins", axis), x2="due:T")
    return alt.layer(lines, points).properties(width=520, height=step(len(order)))


def _at(field: str, axis: alt.Axis) -> alt.X:
    return alt.X(f"{field}:T", title=None, axis=axis).scale(type="utc", padding=12)


def _dates(rows: list[dict[str, Any]]) -> alt.Axis:
    """Ticks that name years, months or the one day, as far as the dates lie apart."""
    days = sorted(day for row in rows for day in (row["begins"], row["due"]) if day)
    years = int(days[-1][:4]) - int(days[0][:4])
    if years > 2:
        return alt.Axis(format="%Y", tickCount={"interval": "year", "step": -(-years // 10)})
    return alt.Axis(format="%b %Y" if years or days[0][:7] != days[-1][:7] else "%-d %b %Y", tickCount=3)
