"""Charts of two texts about one thing: announced and agreed, drafted and signed."""

from __future__ import annotations

from collections import Counter
from typing import Any

import altair as alt
import pandas as pd

from pipeline.charts.style import Chart, Names, Piece, called, cut, empty, finish, inline, ordered, records
from pipeline.compare.drafts import CHANGED, DROPPED, FIRMER, NEW, SAME, SOFTER
from pipeline.compare.frames import NO_AREA, split

_SIDES = {"press": "passages in the press release", "agreement": "passages in the agreement"}
_WHERE = {"both": "both", "press_only": "press release only", "agreement_only": "agreement only"}
#: From the weaker to the stronger, as in the theme's range `diverging`.
_VERDICTS = (DROPPED, SOFTER, NEW, FIRMER)


def announced(announced_areas: pd.DataFrame, *, names: Names | None = None, title: str = "Announced and agreed") -> Chart:
    """Passages on each area in a press release (left) and in its agreement (right), from `compare.announced_areas`.

    Args:
        names: what to call areas; their order is kept.
    """
    if announced_areas.empty:
        return empty(title, "Neither document speaks of an area.")
    order = ordered(announced_areas["area"], names)
    rows = [
        {"row": called(row["area"], names), "where": _WHERE[row["gap"]]}
        | {f"{side}_{what}": row[f"{side}_{what}"] for side in _SIDES for what in ("passages", "commitments")}
        | {f"{side}_said": cut(row[f"{side}_text"], 300) for side in _SIDES}
        for row in sorted(records(announced_areas), key=lambda row: order.index(row["area"]))
    ]  # fmt: skip
    most = max(1, *(row[f"{side}_passages"] for row in rows for side in _SIDES))
    left = _announced_bars(rows, "press", alt.Axis(orient="right", labels=False), most)
    right = _announced_bars(rows, "agreement", alt.Axis(labelAlign="center", labelPadding=130, minExtent=260), most)
    chart = alt.hconcat(left, right, spacing=4)
    return finish(chart, title, "Passages on each area; the colour says what only one of them has")


def _announced_bars(rows: list[dict[str, Any]], side: str, axis: alt.Axis, most: int) -> Piece:
    """The bars of one side, as long as those of the other for as many passages."""
    order = [row["row"] for row in rows]
    shade = alt.Color("where:N", title=None, legend=alt.Legend(orient="bottom", symbolType="square"))
    x = alt.X(f"{side}_passages:Q", title=_SIDES[side], axis=alt.Axis(format="d", tickMinStep=1, tickCount=4))
    return (
        alt.Chart(inline(rows))
        .mark_bar(height=13)
        .encode(
            x=x.scale(reverse=side == "press", domain=[0, most]),
            y=alt.Y("row:N", sort=order, title=None, axis=axis),
            color=shade.scale(domain=list(_WHERE.values())),
            tooltip=[
                alt.Tooltip("row:N", title="area"),
                alt.Tooltip("where:N", title="in"),
                alt.Tooltip(f"{side}_passages:Q", title="passages"),
                alt.Tooltip(f"{side}_commitments:Q", title="commitments"),
                alt.Tooltip(f"{side}_said:N", title="says"),
            ],
        )
        .properties(width=210, height=alt.Step(24))
    )


def draft_against_final(
    draft_against_final: pd.DataFrame, *, names: Names | None = None, title: str = "From the draft to the final text"
) -> Chart:
    """What became weaker (left) and stronger (right) in each area (`compare.draft_against_final`).

    A commitment with several areas counts in each; those that stay as firm as they were are counted in the subtitle.

    Args:
        names: what to call areas; their order is kept.
    """
    frame = draft_against_final
    moved = frame[frame["verdict"].isin(_VERDICTS)]
    kept = Counter(frame["verdict"])
    says = f"as firm as before: {kept[SAME]} the same and {kept[CHANGED]} with other words, times or conditions"
    if moved.empty:
        return empty(title, f"No commitment became weaker or stronger; {says}.")
    counts = Counter((area, row["verdict"]) for row in records(moved) for area in split(row["areas"]) or [NO_AREA])
    order = ordered({area for area, _ in counts}, names)
    rows = [
        {"row": called(area, names), "verdict": verdict, "n": n, "rank": rank}
        | {"change": -n if verdict in (DROPPED, SOFTER) else n}
        for area in order
        for rank, verdict in enumerate(_VERDICTS)
        if (n := counts[area, verdict])
    ]
    return finish(_changes(rows, [called(area, names) for area in order]), title, f"Number of commitments; {says}")


def _changes(rows: list[dict[str, Any]], order: list[str]) -> Piece:
    side = max(sum(row["n"] for row in rows if row["row"] == one) for one in order)
    axis = alt.Axis(labelExpr="abs(datum.value)", tickMinStep=1, tickCount=6)
    shade = alt.Color("verdict:N", title=None, legend=alt.Legend(orient="top", symbolType="square"))
    bars = (
        alt.Chart(inline(rows))
        .mark_bar(height=14)
        .encode(
            x=alt.X("change:Q", title="weaker ← commitments → stronger", axis=axis).scale(domain=[-side, side]),
            y=alt.Y("row:N", sort=order, title=None),
            color=shade.scale(domain=list(_VERDICTS), range="diverging"),
            order="rank:O",
            tooltip=[alt.Tooltip("row:N", title="area"), "verdict:N", alt.Tooltip("n:Q", title="commitments")],
        )
    )
    zero = alt.Chart(inline([{"at": 0}])).mark_rule().encode(x="at:Q")
    return alt.layer(bars, zero).properties(width=440, height=alt.Step(24))
