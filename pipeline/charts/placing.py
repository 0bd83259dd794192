"""Where the names of points go, so that none lies on another."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

FONT = 10
#: Width of a letter and height of a line in pixels at that size, on the large side.
_LETTER, _LINE, _GAP = 5.6, 12.0, 8.0
#: How Vega-Lite sets a text on each side of its point.
OPTIONS: dict[str, dict[str, Any]] = {
    "right": {"align": "left", "dx": _GAP},
    "left": {"align": "right", "dx": -_GAP},
    "above": {"align": "center", "dy": -_GAP - 3},
    "below": {"align": "center", "dy": _GAP + 3},
}
Box = tuple[float, float, float, float]


def sides(points: npt.NDArray[np.float64], labels: list[str]) -> dict[int, str]:
    """The side on which each label can stand without covering a point or another label; those that cannot are left out.

    Args:
        points: in pixels, shape (n, 2), y upwards.
        labels: one a point; the first come first.
    """
    dots = [(x - 5, y - 5, x + 5, y + 5) for x, y in points.tolist()]
    taken: list[Box] = []
    out: dict[int, str] = {}
    for i, ((x, y), label) in enumerate(zip(points.tolist(), labels, strict=True)):
        others = taken + dots[:i] + dots[i + 1 :]
        for side in OPTIONS:
            box = _box(x, y, len(label) * _LETTER, side)
            if not any(_meet(box, other) for other in others):
                out[i] = side
                taken.append(box)
                break
    return out


def _box(x: float, y: float, width: float, side: str) -> Box:
    if side in ("right", "left"):
        left = x + _GAP if side == "right" else x - _GAP - width
        return (left, y - _LINE / 2, left + width, y + _LINE / 2)
    middle = y + _GAP + 3 if side == "above" else y - _GAP - 3
    return (x - width / 2, middle - _LINE / 2, x + width / 2, middle + _LINE / 2)


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
