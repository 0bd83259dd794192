"""Charts that are grids: mechanisms by document, actors who commit together or to one another."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import altair as alt
import pandas as pd

from pipeline.charts.style import (
    MANY,
    Chart,
    Names,
    Piece,
    called,
    empty,
    finish,
    inline,
    labels,
    numbers,
    ordered,
    records,
    small,
    step,
)
from pipeline.compare.frames import NO_AREA
from pipeline.compare.mechanisms import GAP

#: Rows of a matrix of actors that a page can hold.
_ACTORS = 25
_DETAILS = re.compile(r" \([^()]*\)$")


def mechanism_map(mechanism_grid: pd.DataFrame, *, names: Names | None = None, title: str = "Mechanisms") -> Chart:
    """Which fora documents set up or continue, by kind and area, gaps visible (`compare.mechanism_grid`).

    Documents without any are left out; they stand in columns, or in rows if they are more than the kinds of fora.

    Args:
        names: what to call documents and areas; their order is kept.
    """
    keys = [str(column) for column in mechanism_grid.columns if column not in ("forum", "area")]
    keys = [key for key in ordered(keys, names) if (mechanism_grid[key] != GAP).any()]
    if not keys:
        return empty(title, "No mechanisms in these documents.")
    label = labels(keys, names)
    rows = [
        {"forum": _forum(row, names), "label": label[key], "names": row[key], "document": called(key, names)}
        | {"n": _count(row[key])}
        for row in records(mechanism_grid.sort_values(["forum", "area"]))
        for key in keys
        if row[key] != GAP or len(keys) <= MANY
    ]
    fora, documents = sorted({row["forum"] for row in rows}), list(label.values())
    sides = [("label", documents), ("forum", fora)]
    chart = _dots(rows, *(sides if len(documents) <= max(len(fora), 20) else sides[::-1]))
    gap = "a dash is a gap" if len(keys) <= MANY else "an empty cell is a gap"
    return finish(chart, title, f"Fora that a document sets up or continues, by kind and area; {gap}")


def _dots(rows: list[dict[str, Any]], columns: tuple[str, list[str]], lines: tuple[str, list[str]]) -> Piece:
    x = alt.X(f"{columns[0]}:N", sort=columns[1], title=None)
    base = alt.Chart(inline(rows)).encode(
        x=x.axis(orient="top", labelAngle=-40, **small(len(columns[1]))),
        y=alt.Y(f"{lines[0]}:N", sort=lines[1], title=None, axis=alt.Axis(labelLimit=400, **small(len(lines[1])))),
        tooltip=["document:N", "forum:N", alt.Tooltip("names:N", title="mechanisms")],
    )
    gaps = base.transform_filter("datum.n == 0").mark_point(shape="stroke", size=20, style="gap")
    counts = sorted({row["n"] for row in rows if row["n"]})
    shown = sorted({counts[0], counts[len(counts) // 2], counts[-1]})
    size = alt.Size("n:Q", title="mechanisms", legend=alt.Legend(values=shown, format="d"))
    there = (
        base.transform_filter("datum.n > 0")
        .mark_circle(opacity=1)
        .encode(size=size.scale(domain=[1, max(2, counts[-1])], range=[60, 260]))
    )
    return alt.layer(gaps, there).properties(width=step(len(columns[1])), height=step(len(lines[1])))


def _count(cell: str) -> int:
    """How many mechanisms a cell names: "Joint Committee | Cyber Dialogue (ministerial | technical, every year)" names two."""
    return 0 if cell == GAP else _DETAILS.sub("", cell).count(" | ") + 1


def _forum(row: dict[str, Any], names: Names | None) -> str:
    kind, area = str(row["forum"]).replace("_", " "), str(row["area"])
    return kind if area == NO_AREA else f"{kind} · {called(area, names)}"


def actor_network(
    actor_network: pd.DataFrame, *, names: Names | None = None, relation: str = "together", title: str = ""
) -> Chart:
    """Commitments between every two actors as a matrix, which stays readable where a drawing of lines does not.

    Args:
        actor_network: as `compare.actor_network` gives it; the 25 actors with most commitments are shown.
        names: what to call actors.
        relation: `together` (who commits with whom) or `to` (who commits to whom).
    """
    title = title or {"together": "Who commits together", "to": "Who commits to whom"}.get(relation, relation)
    edges = actor_network[actor_network["relation"] == relation]
    if edges.empty:
        return empty(title, "No such commitments in these documents.")
    weight: Counter[str] = Counter()
    for source, target, n in edges[["source", "target", "n"]].itertuples(index=False):
        weight.update({source: n, target: n})
    shown = [one for one, _ in sorted(weight.items(), key=lambda item: (-item[1], item[0]))][:_ACTORS]
    label = labels(shown, names, limit=30)
    rows = [row for row in records(edges.sort_values(["source", "target"])) if {row["source"], row["target"]} <= set(shown)]
    cells = [_edge(row, label, ("source", "target")) for row in rows]
    if relation == "together":
        cells += [_edge(row, label, ("target", "source")) for row in rows]
    more = f"; the {_ACTORS} strongest of {len(weight)} actors" if len(weight) > _ACTORS else ""
    return finish(_matrix(cells, list(label.values())), title, f"Number of commitments{more}")


def _edge(row: dict[str, Any], label: dict[str, str], sides: tuple[str, str]) -> dict[str, Any]:
    about = {name: row[name] for name in ("n", "n_documents", "mean_level", "areas", "years")}
    return {"row": label[row[sides[0]]], "column": label[row[sides[1]]], **about, "areas": row["areas"].replace(";", ", ")}


def _matrix(cells: list[dict[str, Any]], order: list[str]) -> Piece:
    most = max(cell["n"] for cell in cells)
    base = alt.Chart(inline(cells)).encode(
        x=alt.X("column:N", sort=order, title=None, axis=alt.Axis(orient="top", labelAngle=-40)).scale(domain=order),
        y=alt.Y("row:N", sort=order, title=None).scale(domain=order),
        tooltip=[
            alt.Tooltip("row:N", title="actor"),
            alt.Tooltip("column:N", title="with or to"),
            alt.Tooltip("n:Q", title="commitments"),
            alt.Tooltip("n_documents:Q", title="documents"),
            alt.Tooltip("mean_level:Q", title="mean obligation", format=".2f"),
            "areas:N",
            "years:N",
        ],
    )
    shade = alt.Color("n:Q", legend=None).scale(type="sqrt", domainMin=0)
    texts = numbers(base, "n:Q", f"datum.n > {most / 3}")
    return alt.layer(base.mark_rect().encode(color=shade), *texts).properties(width=alt.Step(26), height=alt.Step(26))
