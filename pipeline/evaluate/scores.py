"""Precision, recall, F1 and accuracies with intervals, from counts per document.

Every figure is a function of sums, so a resample of documents is one row of weights times the table of counts: a thousand
resamples cost one matrix product (percentile bootstrap; Efron & Tibshirani, An Introduction to the Bootstrap, 1993, ch. 13).
Names and definitions are those of the gold passages' scorer. A figure that is not defined (nothing to find and nothing found)
is NaN.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from math import nan

import numpy as np
import numpy.typing as npt

from pipeline.evaluate.matching import match, same_actor, same_time, sentences
from pipeline.evaluate.rows import Coding, Pair

Array = npt.NDArray[np.float64]
Counts = Counter[str]
RESAMPLES = 1000


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its 95 % interval over documents; NaN where it is not defined."""

    value: float
    low: float = nan
    high: float = nan


@dataclass(frozen=True, slots=True)
class AreaScore:
    """One area: passages that have it in gold (`support`) and as coded (`given`), and how well they meet."""

    area: str
    support: int
    given: int
    precision: Figure
    recall: Figure
    f1: Figure


def score(
    pairs: Sequence[Pair], areas: Sequence[str], linked: frozenset[str], *, resamples: int = RESAMPLES, seed: int = 0
) -> tuple[dict[str, Figure], tuple[AreaScore, ...]]:
    """All figures over the passages, and those of each area.

    Args:
        linked: actor ids whose linking is judged.
        resamples: how many times documents are drawn; 0 for no intervals.
        seed: of the draws; the same seed gives the same intervals.
    """
    names, table = tabulate(pairs, areas, linked)
    total = _columns(names, table.sum(axis=0, keepdims=True))
    drawn = _columns(names, _resample(table, resamples, seed))
    overall = _with_intervals(figures(total, areas), figures(drawn, areas))
    by_area = []
    for area in areas:
        parts = _with_intervals(_meeting("", area, total), _meeting("", area, drawn))
        support, given = int(total[f"{area}/gold"][0]), int(total[f"{area}/coded"][0])
        by_area.append(AreaScore(area, support, given, parts["p"], parts["r"], parts["f1"]))
    return overall, tuple(by_area)


def tabulate(pairs: Iterable[Pair], areas: Sequence[str], linked: frozenset[str]) -> tuple[list[str], Array]:
    """Names of counts, and a table of them with a row per document."""
    documents: dict[str, Counts] = {}
    for pair in pairs:
        documents.setdefault(pair.passage.document, Counter()).update(count(pair, areas, linked))
    names = sorted(set().union(*documents.values()))
    return names, np.array([[c[name] for name in names] for c in documents.values()], dtype=np.float64)


def _columns(names: list[str], table: Array) -> dict[str, Array]:
    return {name: table[:, column] for column, name in enumerate(names)}


def _resample(table: Array, resamples: int, seed: int) -> Array:
    """Sums of counts over documents drawn with replacement, a row per resample; none from a single document."""
    documents = len(table)
    if documents < 2:
        return table[:0]
    weights = np.random.default_rng(seed).multinomial(documents, np.full(documents, 1 / documents), size=resamples)
    return np.asarray(weights @ table, dtype=np.float64)


def _with_intervals(values: Mapping[str, Array], drawn: Mapping[str, Array]) -> dict[str, Figure]:
    out = {}
    for name, value in values.items():
        known = drawn[name][~np.isnan(drawn[name])]
        low, high = np.percentile(known, (2.5, 97.5)) if len(known) else (nan, nan)
        out[name] = Figure(float(value[0]), float(low), float(high))
    return out


def count(pair: Pair, areas: Sequence[str], linked: frozenset[str]) -> Counts:
    """What one passage adds to the sums; `x/gold`, `x/coded` and `x/both` for whatever both sides can have."""
    gold, coded = pair.gold, pair.coded
    found: Counts = Counter()
    for area in areas:
        _add(found, area, {area} & gold.areas, {area} & coded.areas)
    found["empty/all"] = not gold.areas
    found["empty/given"] = not gold.areas and bool(coded.areas)
    _add(found, "sentence", sentences(gold.statements), sentences(coded.statements))
    found.update(_count_statements(gold, coded))
    _add(found, "actor", gold.actors.keys(), coded.actors.keys())
    shared = [name for name in gold.actors.keys() & coded.actors.keys() if gold.actors[name][1] in linked]
    found["link/all"] = len(shared)
    found["link/right"] = sum(gold.actors[name][1] == coded.actors[name][1] for name in shared)
    return found


def _add(found: Counts, unit: str, gold: Set[object], coded: Set[object]) -> None:
    found[f"{unit}/gold"], found[f"{unit}/coded"] = len(gold), len(coded)
    found[f"{unit}/both"] = len(gold & coded)


def _count_statements(gold: Coding, coded: Coding) -> Counts:
    pairs = match(gold.statements, coded.statements)
    named = [(g, c) for g, c in pairs if not g.implicit]
    return Counter(
        {
            "commitment/gold": len(gold.statements),
            "commitment/coded": len(coded.statements),
            "commitment/both": len(pairs),
            "obligation/right": sum(g.obligation == c.obligation for g, c in pairs),
            "stage/right": sum(g.stage == c.stage for g, c in pairs),
            "negated/right": sum(g.negated == c.negated for g, c in pairs),
            "attribute/all": len(named),
            "attribute/right": sum(same_actor(g.actor, c.actor) for g, c in named),
            "time/gold": sum(bool(g.time) for g, _ in pairs),
            "time/coded": sum(bool(c.time) for _, c in pairs),
            "time/both": sum(same_time(g.time, c.time) for g, c in pairs),
        }
    )


def figures(sums: Mapping[str, Array], areas: Sequence[str]) -> dict[str, Array]:
    """All figures from sums of counts; arrays of shape (samples,)."""
    micro = {f"area/{part}": sum((sums[f"{a}/{part}"] for a in areas), np.zeros(1)) for part in ("both", "gold", "coded")}
    pairs = sums["commitment/both"]
    return {
        "area_macro_f1": _macro(sums, areas),
        **_meeting("area_micro_", "area", micro),
        "area_false_alarm_rate": _ratio(sums["empty/given"], sums["empty/all"]),
        **_meeting("commitment_sentence_", "sentence", sums),
        **_meeting("commitment_", "commitment", sums),
        **{f"{field}_accuracy": _ratio(sums[f"{field}/right"], pairs) for field in ("obligation", "stage", "negated")},
        "attribute_accuracy": _ratio(sums["attribute/right"], sums["attribute/all"]),
        "time_f1": _meeting("", "time", sums)["f1"],
        **_meeting("actor_", "actor", sums),
        "actor_id_accuracy": _ratio(sums["link/right"], sums["link/all"]),
    }


def _macro(sums: Mapping[str, Array], areas: Sequence[str]) -> Array:
    """Mean F1 of the areas that have at least one gold passage in the sample."""
    f1 = np.array([_meeting("", a, sums)["f1"] for a in areas])
    known = np.array([sums[f"{a}/gold"] > 0 for a in areas])
    return _ratio(np.where(known, f1, 0).sum(axis=0), known.sum(axis=0))


def _meeting(prefix: str, unit: str, sums: Mapping[str, Array]) -> dict[str, Array]:
    """Precision, recall and their harmonic mean of one unit."""
    both, gold, coded = (sums[f"{unit}/{part}"] for part in ("both", "gold", "coded"))
    return {
        f"{prefix}p": _ratio(both, coded),
        f"{prefix}r": _ratio(both, gold),
        f"{prefix}f1": _ratio(2 * both, gold + coded),
    }


def _ratio(part: Array, whole: Array | npt.NDArray[np.int_]) -> Array:
    """`part / whole`, NaN where `whole` is 0."""
    return np.divide(part, whole, out=np.full(np.shape(whole), nan), where=np.asarray(whole) > 0)
