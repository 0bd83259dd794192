"""How good tags and probabilities are: F1, false alarms, calibration, and intervals over documents.

Truth and decisions are boolean arrays (passages, areas), probabilities float arrays of the same shape.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Bools: TypeAlias = npt.NDArray[np.bool_]
Floats: TypeAlias = npt.NDArray[np.float64]
BINS = 10
#: Areas with fewer positives than this say nothing about calibration.
FEWEST = 10


def f1(truth: Bools, decided: Bools) -> Floats:
    """(areas,) F1 of each area; 0 where nothing is right."""
    right = (truth & decided).sum(0)
    out: Floats = 2 * right / np.maximum(1, truth.sum(0) + decided.sum(0))
    return out


def summary(truth: Bools, decided: Bools) -> dict[str, float]:
    """Macro-F1 over the areas that occur, micro-F1, and the share of passages without an area that got one."""
    right, none = int((truth & decided).sum()), ~truth.any(1)
    given = truth.any(0)
    return {
        "macro_f1": float(f1(truth, decided)[given].mean()) if given.any() else 0.0,
        "micro_f1": 2 * right / max(1, int(truth.sum() + decided.sum())),
        "false_alarms": float(decided[none].any(1).mean()) if none.any() else 0.0,
    }


def intervals(
    truth: Bools, decided: Bools, groups: Sequence[str], *, draws: int = 200, seed: int = 0
) -> dict[str, tuple[float, float]]:
    """95 % intervals of `summary` by drawing whole documents with replacement (bootstrap; Efron, 1979)."""
    rows: dict[str, list[int]] = defaultdict(list)
    for index, group in enumerate(groups):
        rows[group].append(index)
    keys, rng = sorted(rows), np.random.default_rng(seed)
    drawn: dict[str, list[float]] = defaultdict(list)
    for _ in range(draws):
        picked = np.array([i for k in rng.integers(len(keys), size=len(keys)) for i in rows[keys[k]]])
        for name, value in summary(truth[picked], decided[picked]).items():
            drawn[name].append(value)
    return {name: (float(np.quantile(v, 0.025)), float(np.quantile(v, 0.975))) for name, v in drawn.items()}


def brier(truth: Bools, probability: Floats) -> float:
    """Mean squared difference of probability and truth over all passages and areas (Brier, 1950)."""
    return float(((probability - truth) ** 2).mean())


def reliability(truth: npt.NDArray[np.bool_], probability: Floats) -> list[tuple[float, float, int]]:
    """Of one area: mean probability, share that is true and size of ten bins of equal count, by rising probability."""
    order = np.argsort(probability, kind="stable")
    bins = [b for b in np.array_split(order, BINS) if len(b)]
    return [(float(probability[b].mean()), float(truth[b].mean()), len(b)) for b in bins]


def calibration_error(truth: Bools, probability: Floats) -> float:
    """Expected calibration error: mean gap of the bins of `reliability`, averaged over areas with at least ten positives."""
    gaps = [
        np.average([abs(p - t) for p, t, _ in bins], weights=[n for _, _, n in bins])
        for j in range(truth.shape[1])
        if truth[:, j].sum() >= FEWEST
        for bins in [reliability(truth[:, j], probability[:, j])]
    ]
    return float(np.mean(gaps)) if gaps else 0.0


def best_threshold(truth: npt.NDArray[np.bool_], value: Floats, weight: Floats, candidates: Floats) -> float:
    """The candidate with the best weighted F1, the lowest of equals."""

    def score(threshold: float) -> float:
        decided = value >= threshold
        right = float(weight[decided & truth].sum())
        return 2 * right / max(1e-9, float(weight[decided].sum() + weight[truth].sum()))

    return max((float(c) for c in candidates), key=score)


def per_area(truth: Bools, decided: Bools, areas: Sequence[str]) -> list[dict[str, float | str]]:
    """Positives, precision, recall and F1 of each area."""
    values, right = f1(truth, decided), (truth & decided).sum(0)
    return [
        {
            "area": area,
            "positives": int(truth[:, j].sum()),
            "precision": float(right[j] / max(1, decided[:, j].sum())),
            "recall": float(right[j] / max(1, truth[:, j].sum())),
            "f1": float(values[j]),
        }
        for j, area in enumerate(areas)
    ]
