"""A draft against the final text: what became firmer, softer, new, dropped."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from pipeline.compare import alignment, due, matching, wording
from pipeline.compare.frames import Data, chosen, result
from pipeline.compare.intervals import Array

_SIDE = ("level", "obligation", "text", "time", "condition", "citation", "record_id")
COLUMNS = ("verdict", "changes", "areas", "score", *(f"{n}_draft" for n in _SIDE), *(f"{n}_final" for n in _SIDE), "redline")
FIRMER, SOFTER, NEW, DROPPED, CHANGED, SAME = "firmer", "softer", "new", "dropped", "changed", "same"
#: Score from which two commitments are one; passages that are counterparts raise it, since most amendments stay in place.
#: On the draft and the final text of the sample corpus all 15 amended commitments whose draft was coded find their counterpart.
_PAIR_FROM, _IN_PLACE = 0.45, 0.2
_DAYS = {"Y": 365.25, "M": 30.44, "W": 7.0, "D": 1.0, "H": 1 / 24}


def draft_against_final(data: Data, draft: str, final: str) -> pd.DataFrame:
    """Each commitment of a draft beside its version in the final text.

    Method: passages aligned as in `align_pair`; commitments paired one to one by aim, object and statement (TF-IDF cosine,
    Salton & Buckley 1988), the same place counting for a pair, best sum by the Hungarian method (Kuhn 1955). The verdict is
    the obligation's (Abbott et al. 2000); what else became more or less precise stands in `changes`.

    Returns:
        In the order of the final text, then what was dropped: verdict `firmer`, `softer`, `new`, `dropped`, `changed` (same
        obligation, other time, condition or words) or `same`; changes in words ("deadline added | more often"); levels 1 to 4,
        texts, citations on both sides (null or empty where there is none); redline.

    Raises:
        SettingsError: there is no such document.
    """
    chosen(data, [draft, final])
    old, new = matching.commitments_of(data, draft), matching.commitments_of(data, final)
    scores = matching.similarities(old, new)
    worth = scores + _IN_PLACE * _in_place(data, (draft, final), old, new) if scores.size else scores
    found = {j: i for i, j in matching.pairs(worth, _PAIR_FROM)}
    rows = [
        _row(_record(old, found.get(j)), _record(new, j), scores[found[j], j] if j in found else 0.0) for j in range(len(new))
    ]
    kept = set(found.values())
    rows += [_row(_record(old, i), None, 0.0) for i in range(len(old)) if i not in kept]
    return result(rows, COLUMNS)


def _record(frame: pd.DataFrame, i: int | None) -> dict[Any, Any] | None:
    return None if i is None else dict(frame.iloc[i])


def _in_place(data: Data, keys: tuple[str, str], old: pd.DataFrame, new: pd.DataFrame) -> Array:
    """1 where the passages of two commitments are counterparts."""
    aligned = alignment.align_pair(data, *keys)
    both = set(zip(aligned["record_id_a"], aligned["record_id_b"], strict=True))
    return np.array([[float((a, b) in both) for b in new["passage_id"]] for a in old["passage_id"]])


def _row(old: dict[Any, Any] | None, new: dict[Any, Any] | None, score: float) -> tuple[object, ...]:
    changes = _changes(old, new) if old and new else []
    sides = [(side["obligation_level"], *(side[n] for n in _SIDE[1:])) if side else (None, *[""] * 6) for side in (old, new)]
    texts = [wording_of(side) for side in (old, new)]
    shown = wording.marked(*texts) if old and new and texts[0] != texts[1] else ""
    areas = (new or old or {})["areas"]
    return (_verdict(old, new, changes), " | ".join(changes), areas, score, *sides[0], *sides[1], shown)


def wording_of(side: dict[Any, Any] | None) -> str:
    """The statement without the printed number in front of it."""
    if side is None:
        return ""
    number = f"{side['paragraph']}."
    text = str(side["text"])
    return text.removeprefix(number).lstrip() if side["paragraph"] else text


def _verdict(old: dict[Any, Any] | None, new: dict[Any, Any] | None, changes: list[str]) -> str:
    if old is None or new is None:
        return NEW if old is None else DROPPED
    if old["obligation_level"] != new["obligation_level"]:
        return FIRMER if new["obligation_level"] > old["obligation_level"] else SOFTER
    return CHANGED if changes or wording_of(old) != wording_of(new) else SAME


def _changes(old: dict[Any, Any], new: dict[Any, Any]) -> list[str]:
    """What changed in time, condition and who is bound, in words; of an item whose own words stayed, that its lead-in did."""
    out = [_time_change(old, new), _presence(str(old["condition"]), str(new["condition"]), "condition")]
    other_level = old["obligation_level"] != new["obligation_level"]
    out += ["lead-in changed"] if other_level and wording_of(old) == wording_of(new) else []
    out += ["negation changed"] if bool(old["negated"]) != bool(new["negated"]) else []
    out += ["parties changed"] if old["party_ids"] != new["party_ids"] else []
    return [change for change in out if change]


def _presence(old: str, new: str, name: str) -> str:
    if bool(old) != bool(new):
        return f"{name} added" if new else f"{name} dropped"
    return f"other {name}" if old.casefold() != new.casefold() else ""


def _time_change(old: dict[Any, Any], new: dict[Any, Any]) -> str:
    """Frequencies by their period, deadlines by what is left of them from the document's date, else added, dropped or other."""
    plain = _presence(str(old["time"]), str(new["time"]), "time")
    before, after = due.parse(str(old["time_value"])), due.parse(str(new["time_value"]))
    if before.every and after.every:
        return _compare(_days(before.every), _days(after.every), ("more often", "less often"))
    lengths = [_length(str(side["time_value"])) for side in (old, new)]
    if all(lengths):
        return _compare(lengths[0], lengths[1], ("shorter deadline", "longer deadline")) or plain
    if before.due and after.due:
        return _compare(before.due.toordinal(), after.due.toordinal(), ("earlier deadline", "later deadline")) or plain
    return plain


def _compare(old: float, new: float, words: tuple[str, str]) -> str:
    return "" if old == new else words[0] if new < old else words[1]


def _length(value: str) -> float:
    """Days of a duration ("P6M") or an interval that is given by one ("2025-03-18/P6M"), 0 for another time."""
    return 0.0 if value.startswith("R/") else _days(value.rpartition("/")[2])


def _days(period: str) -> float:
    """Length of an ISO 8601 period of whole years, months, weeks, days or hours."""
    match = due.PERIOD.fullmatch(period)
    return sum(int(n or 0) * _DAYS[unit] for n, unit in zip(match.groups(), "YMWDH", strict=True)) if match else 0.0
