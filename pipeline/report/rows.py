"""Data in the page: commitments with all that is known of them, times in words, JSON that is safe in a script."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

#: Columns of a commitment in the page; aim_at is the offset of the aim in its text.
COMMITMENTS = (
    "citation", "text", "actor", "party_ids", "joint", "cue", "obligation", "aim", "object", "recipient", "stage",
    "time", "time_value", "condition", "condition_kind", "negated", "precision", "precision_evidence", "delegation",
    "delegation_evidence", "speaker", "rule", "confidence", "areas", "record_id", "aim_at",
)  # fmt: skip


def commitments(frame: pd.DataFrame) -> dict[str, list[list[Any]]]:
    """By key of the document its commitments in order: values of `COMMITMENTS`, true and false as 1 and 0, null as empty."""
    import pandas as pd

    frame = frame.sort_values(["key", "start"], kind="stable")
    frame = frame.assign(aim_at=frame["aim_start"] - frame["start"])
    values = frame[list(COMMITMENTS)].astype(object)
    for name in ("joint", "negated"):
        values[name] = frame[name].astype(int)
    rows = values.where(pd.notna(values), "").to_numpy().tolist()
    out: dict[str, list[list[Any]]] = {}
    for key, row in zip(frame["key"], rows, strict=True):
        out.setdefault(key, []).append(row)
    return out


def when(value: str) -> str:
    """A normalised time in words: "R/P6M" as "every 6 months", "../2026" as "by 2026"; anything else as it is."""
    if repeat := re.fullmatch(r"R\d*/P(\d+)([YMWD])", value):
        n, unit = int(repeat[1]), {"Y": "year", "M": "month", "W": "week", "D": "day"}[repeat[2]]
        return f"every {unit}" if n == 1 else f"every {n} {unit}s"
    first, slash, last = value.partition("/")
    if not slash or not all(re.fullmatch(r"\d{4}(-\d\d){0,2}|\.\.|", part) for part in (first, last)):
        return value
    return f"by {last}" if first in ("", "..") else f"from {first}" if last in ("", "..") else f"{first} to {last}"


def embed(data: Any) -> Any:
    """JSON that is safe inside a script element: no `<`, `>` or `&`, and no line separators of JavaScript."""
    from markupsafe import Markup

    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=_plain)
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return Markup(text)


def _plain(value: Any) -> Any:
    """The Python value of a NumPy scalar."""
    return value.item()
