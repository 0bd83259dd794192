"""Charts of how good the codes are: scores by area, calibration, confusion, learning curve."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from pipeline.charts.style import (
    COLUMN,
    Chart,
    Names,
    called,
    empty,
    finish,
    inline,
    lines_above,
    numbers,
    ordered,
    records,
    step,
    wrapped,
)

_SCORES = {"macro_f1": "macro-F1", "micro_f1": "micro-F1", "false_alarms": "false alarms"}
_SIDE = 320
_FIGURE = tuple(alt.Tooltip(f"{column}:Q", format=".2f") for column in ("value", "low", "high"))


def area_scores(areas: pd.DataFrame, *, names: Names | None = None, title: str = "How well areas are found") -> Chart:
    """F1 of each area with its 95 % interval, precision and recall beside it.

    Args:
        areas: columns area, support and precision, recall, f1, each a figure with value, low, high:
            `pd.DataFrame(evaluation.as_dict()["areas"])`.
        names: what to call areas; their order is kept.
    """
    areas = areas[areas["support"] > 0] if len(areas) else areas
    if areas.empty:
        return empty(title, "No passages with areas were judged.")
    order = ordered(areas["area"], names)
    rows = [
        {"row": f"{called(row['area'], names)} ({row['support']})", "score": what, **row[field]}
        for row in sorted(records(areas), key=lambda row: order.index(row["area"]))
        for field, what in (("f1", "F1"), ("precision", "precision"), ("recall", "recall"))
    ]
    base = alt.Chart(inline(rows)).encode(
        y=alt.Y("row:N", sort=[*dict.fromkeys(row["row"] for row in rows)], title=None, axis=alt.Axis(grid=True)),
        tooltip=[alt.Tooltip("row:N", title="area"), "score:N", *_FIGURE],
    )
    axis = alt.Axis(tickCount=5)
    value, low = (alt.X(f"{one}:Q", title=None, axis=axis).scale(domain=[0, 1]) for one in ("value", "low"))
    spread = base.transform_filter("datum.score == 'F1'").mark_rule(strokeWidth=2).encode(x=low, x2="high:Q")
    kinds = ["F1", "precision", "recall"]
    shape = alt.Shape("score:N", title=None).scale(domain=kinds, range=["circle", "triangle-up", "triangle-down"])
    dots = base.mark_point(filled=True, size=80, opacity=0.9).encode(
        x=value, shape=shape, color=alt.Color("score:N", title=None).scale(domain=kinds)
    )
    chart = alt.layer(spread, dots).properties(width=420, height=step(len(order)))
    return finish(chart, title, "In brackets passages with the area; lines: 95 % interval of F1 over documents")


def reliability(table: pd.DataFrame, *, title: str = "Do probabilities mean what they say?") -> Chart:
    """Observed frequency against stated probability; a model that means what it says lies on the diagonal.

    Method: reliability diagram (DeGroot & Fienberg 1983), bins of equal width.

    Args:
        table: columns said, observed, count: `pd.DataFrame(evaluation.calibration.table)`.
    """
    if table.empty:
        return empty(title, "No probabilities were judged.")
    rows = records(table.sort_values("said"))
    line = alt.Chart(inline([{"at": 0}, {"at": 1}])).mark_line(style="gap", strokeDash=[4, 4]).encode(x="at:Q", y="at:Q")
    axis = alt.Axis(format="%", tickCount=5)
    dots = alt.Chart(inline(rows)).mark_circle(opacity=1).encode(
        x=alt.X("said:Q", title="probability stated", axis=axis).scale(domain=[0, 1]),
        y=alt.Y("observed:Q", title="share that is so", axis=axis).scale(domain=[0, 1]),
        size=alt.Size("count:Q", title="cases", legend=alt.Legend(format=",")).scale(type="log", range=[30, 320]),
        tooltip=[alt.Tooltip("said:Q", format=".0%"), alt.Tooltip("observed:Q", format=".0%"),
            alt.Tooltip("count:Q", title="cases", format=","),
        ],
    )  # fmt: skip
    return finish(
        alt.layer(line, dots).properties(width=_SIDE, height=_SIDE), title, "On the dashed line stated and observed agree"
    )


def confusion(confusion: pd.DataFrame, *, names: Names | None = None, title: str = "Which areas are taken for which") -> Chart:
    """Passages in which an area (rows) was missed and another one (columns) given instead.

    Args:
        confusion: columns missed, given, passages: `pd.DataFrame(evaluation.as_dict()["confusion"])`.
        names: what to call areas; their order is kept.
    """
    if confusion.empty:
        return empty(title, "No area was taken for another.")
    none = {"": "none of the areas"} | dict(names or {})
    missed, given = (ordered(confusion[column], names) for column in ("missed", "given"))
    column_of = {area: wrapped(called(area, names)) for area in given}
    most = int(confusion["passages"].max())
    rows = [
        {"row": none.get(row["missed"]) or called(row["missed"]), "column": column_of[row["given"]], "n": row["passages"]}
        for row in records(confusion.sort_values(["missed", "given"]))
    ]
    order = [none.get(area) or called(area) for area in missed]
    columns = list(column_of.values())
    base = alt.Chart(inline(rows)).encode(
        x=alt.X("column:N", sort=columns, title="given instead", axis=lines_above()),
        y=alt.Y("row:N", sort=order, title="right by gold"),
        tooltip=[
            alt.Tooltip("row:N", title="missed"),
            alt.Tooltip("column:N", title="given"),
            alt.Tooltip("n:Q", title="passages"),
        ],
    )
    texts = numbers(base, "n:Q", f"datum.n > {most / 2}")
    shade = alt.Color("n:Q", legend=None).scale(domainMin=0)
    chart = alt.layer(base.mark_rect().encode(color=shade), *texts).properties(width=alt.Step(COLUMN), height=alt.Step(24))
    return finish(chart, title, "Number of passages")


def learning_curve(points: pd.DataFrame, *, title: str = "Would more labels help?") -> Chart:
    """Scores of models trained on growing numbers of documents, with 95 % intervals over the judged documents.

    Args:
        points: columns documents, passages, score, value, low, high: `pd.DataFrame(curve.points)`.
    """
    if points.empty:
        return empty(title, "No learning curve: it needs models trained on several shares of the documents.")
    rows: list[dict[str, Any]] = [
        row | {"what": _SCORES.get(row["score"], row["score"].replace("_", " "))}
        for row in records(points.sort_values(["score", "documents"]))
    ]
    base = alt.Chart(inline(rows)).encode(
        x=alt.X("documents:Q", title="documents trained on").scale(nice=False, padding=10),
        color=alt.Color("what:N", title=None, sort=list(_SCORES.values()), legend=alt.Legend(symbolOpacity=1)),
        tooltip=[alt.Tooltip("what:N", title="score"), "documents:Q", "passages:Q", *_FIGURE],
    )
    score = alt.Y("value:Q", title="score", axis=alt.Axis(tickCount=5)).scale(domain=[0, 1])
    band = base.mark_area(opacity=0.15).encode(y=alt.Y("low:Q", title="score").scale(domain=[0, 1]), y2="high:Q")
    line = base.mark_line(point={"size": 60}, strokeWidth=2).encode(y=score)
    chart = alt.layer(band, line).properties(width=440, height=280)
    return finish(chart, title, "A curve that still rises says yes; bands: 95 % interval over documents")
