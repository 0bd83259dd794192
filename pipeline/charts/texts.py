"""Charts of texts: what documents share (map and tree of a template, alignment), what is new, which words set them apart."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

import altair as alt
import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.charts import placing
from pipeline.charts.style import (
    MANY,
    Chart,
    Names,
    called,
    empty,
    finish,
    inline,
    labels,
    numbers,
    ordered,
    paged,
    panels,
    records,
    row_height,
    small,
    step,
)
from pipeline.compare.frames import in_time
from pipeline.compare.linking import NEAR, NEW, REWORDED, SAME

Array = npt.NDArray[np.float64]
#: Kruskal (1964, p. 3) calls a stress of 0.2 poor, 0.1 fair, 0.05 good.
_POOR, _GOOD = 0.2, 0.05
#: Iterations times documents: 200 documents take a second, 1,000 five.
_STEPS = 100_000
#: A share below this would be rounded to 0 %.
_SHOWN = 0.005
#: Side of the map in pixels, and how much of it stays free on each side.
_SIZE, _MARGIN = 460, 0.06


def template_map(
    template_distance: pd.DataFrame,
    *,
    names: Names | None = None,
    groups: Mapping[str, str] | None = None,
    title: str = "Who shares a template",
) -> Chart:
    """Documents as points, near where they share clauses: two dimensions of `compare.template_distance`.

    Method: metric multidimensional scaling by SMACOF (de Leeuw 1977) from the classical solution (Torgerson 1952), with
    Kruskal's stress-1 (1964) in the subtitle: from 0.2 on, distances on the map say little.

    Args:
        names: what to call documents.
        groups: key of a document to a word (partner, type) that colours its point; at most eight are told apart.
    """
    keys = sorted(str(key) for key in template_distance.index)
    if len(keys) < 2:
        return empty(title, "A map needs two documents or more.")
    points, stress = scaled(template_distance.loc[keys, keys].to_numpy(dtype=float))
    label = labels(keys, names, limit=34)
    shown = placing.sides(points * _SIZE, [label[key] for key in keys]) if len(keys) <= MANY else {}
    rows = [
        {"x": x, "y": y, "name": called(key, names), "key": key, "group": (groups or {}).get(key, "other")}
        | {"label": label[key], "side": shown.get(i, "")}
        for i, (key, (x, y)) in enumerate(zip(keys, points.tolist(), strict=True))
    ]
    verdict = "poor: distances say little" if stress >= _POOR else "good" if stress <= _GOOD else "fair"
    hidden = "" if len(keys) <= MANY else "; names in tooltips"
    says = f"Near each other: clauses in common{hidden}. Stress of the map {stress:.2f} ({verdict})"
    return finish(_map(rows, bool(groups)), title, says)


def scaled(distances: Array) -> tuple[Array, float]:
    """Points (n, 2) within the unit square, the same in every run, and Kruskal's stress-1 of their distances."""
    from sklearn.manifold import smacof

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        points, _ = smacof(
            distances,
            n_components=2,
            init=_classical(distances),
            n_init=1,
            max_iter=max(50, _STEPS // len(distances)),
            eps=1e-7,
        )
    between = np.sqrt(((points[:, None] - points[None]) ** 2).sum(axis=2))
    total = float((between**2).sum())
    stress = float(np.sqrt(((between - distances) ** 2).sum() / total)) if total else 0.0
    return _in_square(points), stress


def _classical(distances: Array) -> Array:
    """Torgerson's solution; the sign of an axis is set by its largest value, so that no map is another's mirror image."""
    n = len(distances)
    centre = np.eye(n) - 1 / n
    values, vectors = np.linalg.eigh(-0.5 * centre @ distances**2 @ centre)
    axes = vectors[:, ::-1][:, :2] * np.sqrt(np.clip(values[::-1][:2], 0, None))
    signs = np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])])
    found: Array = axes * np.where(signs == 0, 1, signs)
    return found


def _in_square(points: Array) -> Array:
    """The points with equal scales in the middle of the unit square."""
    low, high = points.min(axis=0), points.max(axis=0)
    span = float((high - low).max()) or 1.0
    found: Array = 0.5 + (points - (low + high) / 2) / span * (1 - 2 * _MARGIN)
    return found


def _map(rows: list[dict[str, Any]], coloured: bool) -> Chart:
    sides = {"x": alt.X("x:Q", axis=None), "y": alt.Y("y:Q", axis=None)}
    base = alt.Chart(inline(rows)).encode(*(side.scale(domain=[0, 1]) for side in sides.values()))
    dots = base.mark_circle(size=90, opacity=0.85).encode(tooltip=["name:N", "key:N", *(["group:N"] if coloured else [])])
    if coloured:
        dots = dots.encode(color=alt.Color("group:N", title=None, legend=alt.Legend(orient="bottom", columns=4)))
    words = [
        base.transform_filter(alt.datum.side == side).mark_text(fontSize=placing.FONT, **options).encode(text="label:N")
        for side, options in placing.OPTIONS.items()
    ]
    return alt.layer(dots, *words).properties(width=_SIZE, height=_SIZE)


def template_tree(template_tree: pd.DataFrame, *, names: Names | None = None, title: str = "Family tree of documents") -> Chart:
    """The joins of `compare.template_tree` as a dendrogram: the further left two branches meet, the more clauses they share.

    Args:
        names: what to call documents.
    """
    if template_tree.empty:
        return empty(title, "A tree needs two documents or more.")
    place, height = _branches(template_tree)
    leaves = sorted((key for key in place if height[key] == 0 and key not in set(template_tree["node"])), key=place.__getitem__)
    label = labels(leaves, names)
    x = alt.X(
        "from:Q", title="distance: share of words in clauses that only one side has", axis=alt.Axis(format="%", tickCount=5)
    )
    y = alt.Y("low:Q", axis=None).scale(domain=[-0.5, len(leaves) - 0.5], reverse=True, nice=False)
    joins = [alt.Tooltip("distance:Q", format=".0%"), alt.Tooltip("documents:Q", title="documents below")]
    lines = alt.Chart(inline(_lines(template_tree, place, height))).mark_rule(strokeWidth=1.5).encode(
        x=x.scale(domain=[0, 1], nice=False), x2="to:Q", y=y, y2="high:Q", tooltip=joins
    )  # fmt: skip
    words = [{"from": 0, "low": place[key], "label": label[key], "name": called(key, names)} for key in leaves]
    size, row = small(len(leaves))["labelFontSize"], row_height(len(leaves))
    text = alt.Chart(inline(words)).mark_text(align="right", dx=-6, fontSize=size)
    text_chart = text.encode(x="from:Q", y="low:Q", text="label:N", tooltip=[alt.Tooltip("name:N", title="document")])
    chart = alt.layer(lines, text_chart).properties(width=440, height=len(leaves) * row)
    return finish(chart, title, "Average linkage (UPGMA) of the distance between templates")


def _branches(tree: pd.DataFrame) -> tuple[dict[str, float], dict[str, float]]:
    """For each document and join its place from the top, in rows, and its height, the distance at which it joins."""
    below: dict[str, tuple[str, str]] = {}
    height: dict[str, float] = {}
    for row in records(tree):
        below[row["node"]], height[row["node"]] = (row["left"], row["right"]), float(row["distance"])
    place: dict[str, float] = {}
    waiting = [str(tree["node"].iat[-1])]
    while waiting:
        one = waiting.pop()
        if one in below:
            waiting += reversed(below[one])
        else:
            place[one], height[one] = float(len(place)), 0.0
    for node, sides in below.items():
        place[node] = sum(place[side] for side in sides) / 2
    return place, height


def _lines(tree: pd.DataFrame, place: dict[str, float], height: dict[str, float]) -> list[dict[str, Any]]:
    """Each join as a line between its sides and one back to each of them."""
    rows: list[dict[str, Any]] = []
    for node, left, right, distance, documents in tree.itertuples(index=False):
        about = {"distance": distance, "documents": documents}
        rows.append(about | {"from": distance, "to": distance, "low": place[left], "high": place[right]})
        for side in (left, right):
            rows.append(about | {"from": height[side], "to": height[node], "low": place[side], "high": place[side]})
    return rows


def novelty(novelty: pd.DataFrame, *, names: Names | None = None, title: str = "What is new in each document") -> Chart:
    """Share of each document's words that earlier documents have in the same, near or other words (`compare.novelty`).

    Args:
        names: what to call documents; they stand in order of date.
    """
    frame = in_time(novelty[novelty["n_words"] > 0])
    if frame.empty:
        return empty(title, "No words in these documents.")
    label = labels(list(frame["key"]), names)
    kinds = {NEW: "new", REWORDED: "reworded", NEAR: "nearly the same", SAME: "the same"}
    rows = [
        {"row": label[row["key"]], "name": called(row["key"], names), "date": row["date"], "kind": word, "rank": rank}
        | {"share": row[kind], "novelty": row["novelty"], "nearest_share": row["nearest_share"]}
        | {"nearest": called(row["nearest"], names) if row["nearest"] else "none"}
        for row in records(frame)
        for rank, (kind, word) in enumerate(kinds.items())
    ]
    order = list(label.values())
    shade = alt.Color("kind:O", sort=list(kinds.values()), title=None, legend=alt.Legend(orient="top", symbolType="square"))
    bars = alt.Chart(inline(rows)).mark_bar().encode(
        x=alt.X("share:Q", title="share of words", axis=alt.Axis(format="%", tickCount=5)).scale(domain=[0, 1], nice=False),
        y=alt.Y("row:N", sort=order, title=None, axis=alt.Axis(**small(len(order)))),
        color=shade.scale(domain=list(kinds.values())),
        order="rank:O",
        tooltip=[
            alt.Tooltip("name:N", title="document"), "date:N", "kind:N", alt.Tooltip("share:Q", format=".0%"),
            alt.Tooltip("novelty:Q", format=".2f"), alt.Tooltip("nearest:N", title="most from"),
            alt.Tooltip("nearest_share:Q", title="share from it", format=".0%"),
        ],
    )  # fmt: skip
    chart = bars.properties(width=460, height=step(len(order)))
    return finish(chart, title, "Each document against all earlier ones, in order of date; the first has none before it")


def alignment_map(
    align: pd.DataFrame, *, names: Names | None = None, title: str = "Text taken from earlier documents"
) -> Chart:
    """Share of each document's words (rows) whose best counterpart stands in an earlier one (columns), of `compare.align`.

    Args:
        names: what to call documents; they stand in order of date.
    """
    total = align.groupby("key")["n_words"].sum().to_dict()
    taken = align[align["counterpart_key"] != ""].groupby(["key", "counterpart_key"], as_index=False)["n_words"].sum()
    keys = [*in_time(align)["key"].drop_duplicates()]
    if taken.empty:
        return empty(title, "No passage of these documents has a counterpart in an earlier one.")
    label, place = labels(keys, names), {key: i for i, key in enumerate(keys)}
    rows = [
        {"row": label[a], "column": label[b], "later": called(a, names), "earlier": called(b, names), "n": n}
        | {"share": n / total[a], "percent": f"{100 * n / total[a]:.0f}" if n / total[a] >= _SHOWN else ""}
        for a, b, n in sorted(taken.itertuples(index=False, name=None), key=lambda row: (place[row[0]], place[row[1]]))
        if total[a]
    ]
    return finish(
        _matrix(rows, list(label.values())),
        title,
        "Per cent of the words of each document (row) by the earlier one (column) that they come from",
    )


def _matrix(rows: list[dict[str, Any]], order: list[str]) -> Chart:
    few = len(order) <= MANY
    side = alt.Step(28) if few else step(len(order))
    axis = alt.Axis(
        orient="top", labelAngle=-40, labels=few, title=None if few else "earlier documents, in the order of the rows"
    )
    base = alt.Chart(inline(rows)).encode(
        x=alt.X("column:N", sort=order, axis=axis),
        y=alt.Y("row:N", sort=order, title=None, axis=alt.Axis(**small(len(order)))),
        tooltip=["later:N", "earlier:N", alt.Tooltip("n:Q", title="words", format=","), alt.Tooltip("share:Q", format=".0%")],
    )
    cells = base.mark_rect().encode(color=alt.Color("share:Q", legend=None).scale(domain=[0, 1]))
    texts = numbers(base, "percent:N", "datum.share > 0.5") if few else []
    return alt.layer(cells, *texts).properties(width=side, height=side)


def keyness_bars(
    keyness: pd.DataFrame, *, names: Names | None = None, top: int = 10, title: str = "Words that set apart"
) -> Chart:
    """The `top` terms of each group by z-score, a panel a group (`compare.keyness`); the first twelve groups.

    Args:
        names: what to call groups; their order is kept.
    """
    if keyness.empty:
        return empty(title, "Nothing to set apart: keyness needs two groups with words.")
    shown, more = paged(ordered(keyness["group"], names))
    label = labels(shown, names, limit=32)
    best = keyness.sort_values(["group", "z", "term"], ascending=[True, False, True]).groupby("group").head(top)
    rows = [row | {"panel": label[row["group"]]} for row in records(best) if row["group"] in label]
    bars = alt.Chart(inline(rows)).mark_bar(height=11, opacity=0.75).encode(
        x=alt.X("z:Q", title="z", axis=alt.Axis(tickCount=4)),
        y=alt.Y("term:N", sort=alt.EncodingSortField("z", op="max", order="descending"), title=None),
        tooltip=[
            "term:N", alt.Tooltip("z:Q", format=".1f"), alt.Tooltip("log_odds:Q", format=".2f"),
            alt.Tooltip("n:Q", title="here"), alt.Tooltip("n_rest:Q", title="elsewhere"),
            alt.Tooltip("per_1000:Q", title="per 1,000 here", format=".1f"),
            alt.Tooltip("per_1000_rest:Q", title="per 1,000 elsewhere", format=".1f"),
        ],
    ).properties(width=150, height=alt.Step(16))  # fmt: skip
    facets = bars.facet(panels(list(label.values())), columns=4).resolve_scale(y="independent")
    return finish(facets, title, f"z of weighted log-odds with informative prior (Monroe et al. 2008); above 1.96: 95 %{more}")
