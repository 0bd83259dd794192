"""What all charts share: colours for light and dark pages, one font, names in words, and a chart that says that it is empty.

Readers with colour blindness can tell the colours apart: one hue from light to dark for what is ordered, for what is not the
eight of Okabe & Ito (2008, Color Universal Design). They stand in the configuration alone and never in a chart's marks, so a
page turns a chart dark by replacing `spec["config"]` with `theme(dark=True)`.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias, cast

import altair as alt
import pandas as pd

from pipeline.compare.frames import ALL, NO_AREA, RESIDUE, UNKNOWN

Chart: TypeAlias = alt.Chart | alt.LayerChart | alt.HConcatChart | alt.FacetChart
#: A part of a chart that is still to be layered, repeated or set beside another; Altair's types do not tell which.
Piece: TypeAlias = Any
#: Ids (areas, keys of documents, actors) and what to call them; their order is the order of rows and columns.
Names: TypeAlias = Mapping[str, str]
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'DejaVu Sans', Arial, sans-serif"
#: Characters of a label; what is longer is cut and stands in full in the tooltip.
LABEL = 44
#: Width of a column with numbers, in pixels: twelve beside the longest labels of rows fit 1,000.
COLUMN = 50
#: Rows from which labels shrink, and from which numbers in cells are left out.
MANY = 40
#: Panels that a page can hold.
PANELS = 12
_SPECIAL = {ALL: "All areas", RESIDUE: "Other security and defence", NO_AREA: "No area", UNKNOWN: "Unknown"}
_LIGHT = {
    "page": "#ffffff", "ink": "#1f2933", "soft": "#52606d", "line": "#d9dfe5",
    "ordinal": ["#b9d3ea", "#6ba3d1", "#2870ae", "#0b3564"],
    "ramp": ["#f2f5f8", "#c9dcec", "#8fb9da", "#4f8cc0", "#215f9b", "#0b3564"],
    "diverging": ["#b35806", "#f1a340", "#6ba3d1", "#1c5a94"],
    "category": ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#8a6d00", "#56b4e9", "#e69f00", "#5b5b5b"],
}  # fmt: skip
_DARK = {
    "page": "#14181d", "ink": "#e8ecf0", "soft": "#a9b4bf", "line": "#39434d",
    "ordinal": ["#3a5674", "#5586b5", "#8dbce6", "#dcedfc"],
    "ramp": ["#1e252d", "#233f5b", "#2f618f", "#5089bd", "#8ab8e0", "#dcedfc"],
    "diverging": ["#f0a04b", "#a4682c", "#3f78ad", "#8dbce6"],
    "category": ["#4aa8e0", "#f08a4b", "#3cc79b", "#e3a1c6", "#c9ab3c", "#9ad4f5", "#f5c04a", "#b9b9b9"],
}  # fmt: skip


def theme(*, dark: bool = False, background: str = "") -> dict[str, Any]:
    """The Vega-Lite configuration of all charts.

    Args:
        dark: for a dark page.
        background: any CSS colour, such as "transparent"; by default the page's.
    """
    colour: dict[str, Any] = _DARK if dark else _LIGHT
    ink, soft, line = colour["ink"], colour["soft"], colour["line"]
    label: dict[str, Any] = {"labelColor": ink, "labelFontSize": 11, "titleColor": soft, "titleFontSize": 11}
    return {
        "background": background or colour["page"],
        "font": FONT,
        "padding": 12,
        "title": {"color": ink, "subtitleColor": soft, "fontSize": 15, "subtitleFontSize": 12, "anchor": "start"}
        | {"fontWeight": 600, "offset": 12, "subtitlePadding": 4, "frame": "bounds"},
        "axis": label
        | {"titleFontWeight": "normal", "titlePadding": 8, "labelLimit": 320, "labelPadding": 5}
        | {"domain": False, "ticks": False, "gridColor": line},
        "axisBand": {"grid": False},
        "legend": label | {"titleFontWeight": "normal", "symbolSize": 110, "labelLimit": 260},
        "header": label | {"titleFontWeight": "normal"},
        "view": {"stroke": None},
        "range": {
            "ordinal": colour["ordinal"],
            "category": colour["category"],
            **dict.fromkeys(("heatmap", "ramp"), colour["ramp"]),
            "diverging": colour["diverging"],
        },
        "mark": {"color": colour["category"][0]},
        "text": {"color": ink, "fontSize": 11},
        "rule": {"color": soft},
        "style": {
            "note": {"color": soft, "fontSize": 12},
            "on-low": {"color": ink},
            "on-high": {"color": colour["page"]},
            "spread": {"color": ink, "opacity": 0.75},
            "gap": {"color": soft, "opacity": 0.6},
            "outline": {"stroke": soft, "strokeWidth": 1.2},
        },
    }


def finish(chart: Piece, title: str, subtitle: str | Sequence[str] = "") -> Chart:
    """The chart with its title, the same in words for screen readers, and the theme.

    Without a title the picture has no heading at all, for articles that set a caption: `chart.description` has the words.
    """
    words = [title, subtitle] if isinstance(subtitle, str) else [title, *subtitle]
    done: Chart = chart.properties(description=". ".join(w for w in words if w), config=theme())
    if not title:
        return done
    headed: Chart = done.properties(title=alt.TitleParams(title, subtitle=subtitle) if subtitle else alt.TitleParams(title))
    return headed


def empty(title: str, says: str) -> Chart:
    """What stands in the place of a chart without data."""
    note = alt.Chart(inline([{"says": says}])).mark_text(style="note", align="left", x=0)
    return finish(note.encode(text="says:N").properties(width=420, height=40), title)


def inline(rows: Iterable[Mapping[str, Any]]) -> alt.InlineData:
    """Rows as data of a chart, whatever their number; NaN becomes null."""
    return alt.InlineData(values=[{name: _plain(value) for name, value in row.items()} for row in rows])


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame as dicts."""
    return cast("list[dict[str, Any]]", frame.to_dict("records"))


def _plain(value: Any) -> Any:
    if isinstance(value, str) or value is None:
        return value
    if pd.isna(value):
        return None
    value = value.item() if hasattr(value, "item") else value
    return round(value, 6) if isinstance(value, float) and math.isfinite(value) else value


def ordered(ids: Iterable[str], names: Names | None = None) -> list[str]:
    """Ids without repetition: first those of `names` in its order, then the others by name; special groups last."""
    rank = {one: i for i, one in enumerate(names or ())}
    return sorted(set(ids), key=lambda one: (one in _SPECIAL, one != RESIDUE, rank.get(one, len(rank)), one))


def labels(ids: Sequence[str], names: Names | None = None, *, limit: int = LABEL) -> dict[str, str]:
    """What to call each id, no two the same: its name, or the id itself without underscores, cut at `limit` characters."""
    out: dict[str, str] = {}
    taken: set[str] = set()
    for one in ids:
        label = base = cut(called(one, names), limit)
        number = 2
        while label in taken:
            label, number = f"{base} ({number})", number + 1
        taken.add(label)
        out[one] = label
    return out


def called(one: str, names: Names | None = None) -> str:
    """The whole name of an id."""
    return (names or {}).get(one) or _SPECIAL.get(one) or one.replace("_", " ")


def cut(text: str, limit: int = LABEL) -> str:
    """The text on one line, words of its middle left out if it is too long: what tells titles apart often stands at the end."""
    text = " ".join(text.split())
    if len(text) <= limit:
        return text
    words = text.split()
    last = words[-1] if len(words[-1]) <= limit // 2 else ""
    room = limit - len(last) - 2
    first = text[:room].rpartition(" ")[0] if " " in text[:room] else text[:room]
    return f"{first.rstrip(',;:')} … {last}" if last else f"{first}…"


def wrapped(text: str, width: int = 22) -> str:
    """Words on lines of about `width` characters, joined by "|", to be split again by `SPLIT`."""
    return "|".join(textwrap.wrap(text.replace("|", "/"), width, break_long_words=False)) or text


#: Expression that shows an axis label on several lines.
SPLIT = "split(datum.label, '|')"


def row_height(rows: int) -> int:
    """Height of a row in pixels, less where there are many."""
    return 22 if rows <= MANY else 14


def step(rows: int) -> alt.Step:
    """The size of an axis with a row (or column) of that height for each of so many values."""
    return alt.Step(row_height(rows))


def small(rows: int) -> dict[str, Any]:
    """Options of an axis with so many labels: smaller ones where there are many, and all of them shown."""
    return {"labelFontSize": 11 if rows <= MANY else 9, "labelOverlap": False}


def numbers(base: alt.Chart, text: str, dark: str) -> list[Piece]:
    """Numbers in cells, in the colour of the page where the expression `dark` is true of a cell, else in that of the ink."""
    return [
        base.transform_filter(where).mark_text(style=style).encode(text=text)
        for style, where in (("on-high", dark), ("on-low", f"!({dark})"))
    ]


def paged(groups: list[str]) -> tuple[list[str], str]:
    """The groups that have a panel, and what the subtitle says of the others."""
    return groups[:PANELS], f"; the first {PANELS} of {len(groups)} groups" if len(groups) > PANELS else ""


def columns(groups: Sequence[str]) -> int:
    """How many panels stand side by side."""
    return 2 if len(groups) == 4 else 3


def panels(order: Sequence[str], *, width: int = 220) -> alt.Facet:
    """A panel for each value of the column `panel`, in this order."""
    header = alt.Header(title=None, labelFontWeight="bold", labelLimit=width, labelAnchor="start")
    return alt.Facet("panel:N", sort=list(order), header=header)


def lines_above() -> alt.Axis:
    """An axis above the columns, whose labels (see `wrapped`) are read upwards: twelve of them fit a page."""
    return alt.Axis(orient="top", labelAngle=-90, labelExpr=SPLIT, labelFontSize=10, labelLineHeight=11, labelOverlap=False)
