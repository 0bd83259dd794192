"""Do probabilities mean what they say? Brier score, expected calibration error and the table of a reliability diagram."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.evaluate.rows import Pair

Array = npt.NDArray[np.float64]
BINS = 10
#: Areas with fewer gold passages say nothing of calibration and are left out of the mean.
FEWEST_POSITIVES = 10
REDRAWS = 200


@dataclass(frozen=True, slots=True)
class Bin:
    """Passages and areas with a probability from `low` to below `high`: how many, what was said, what was so."""

    low: float
    high: float
    count: int
    said: float
    observed: float


@dataclass(frozen=True, slots=True)
class AreaCalibration:
    """Brier score and expected calibration error of one area; `positives` of its passages have it."""

    area: str
    positives: int
    brier: float
    error: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """How well probabilities hold.

    Attributes:
        passages: those judged.
        brier: mean squared distance of probability and truth (Brier 1950), mean over all areas.
        error: expected calibration error, mean over the areas with at least ten positives; NaN if there are none.
        error_by_chance: what `error` would be on as many passages if every probability were exactly right: sampling alone
            makes it larger than 0 (consistency resampling; Bröcker & Smith 2007).
        areas: each area by itself.
        table: bins of equal width over all areas together.
    """

    passages: int
    brier: float
    error: float
    error_by_chance: float
    areas: tuple[AreaCalibration, ...]
    table: tuple[Bin, ...]


def calibrate(pairs: Sequence[Pair], areas: Sequence[str], *, seed: int = 0) -> Calibration | None:
    """Judges the passages that carry a probability of every area; None if there are none."""
    judged = [p for p in pairs if all(a in p.coded.probabilities for a in areas)]
    if not judged or not areas:
        return None
    said = np.array([[p.coded.probabilities[a] for a in areas] for p in judged])
    truth = np.array([[a in p.gold.areas for a in areas] for p in judged], dtype=np.float64)
    each = [
        AreaCalibration(a, int(t.sum()), brier(p, t), calibration_error(p, t))
        for a, p, t in zip(areas, said.T, truth.T, strict=True)
    ]
    frequent = [i for i, a in enumerate(each) if a.positives >= FEWEST_POSITIVES]
    return Calibration(
        passages=len(judged),
        brier=float(np.mean([a.brier for a in each])),
        error=_mean([each[i].error for i in frequent]),
        error_by_chance=_mean([_error_by_chance(said[:, i], seed) for i in frequent]),
        areas=tuple(each),
        table=tuple(reliability(said.ravel(), truth.ravel())),
    )


def _mean(values: list[float]) -> float:
    return float(np.mean(values)) if values else float("nan")


def brier(said: Array, truth: Array) -> float:
    """Mean squared distance of probabilities and outcomes (0 or 1), shapes (n,)."""
    return float(np.mean((said - truth) ** 2))


def calibration_error(said: Array, truth: Array) -> float:
    """Expected calibration error with ten bins of equal count (Naeini et al. 2015; Nguyen & O'Connor 2015), shapes (n,).

    Passages of equal probability share their mean outcome, so that the edge of a bin between them, and with it the order of the
    file, changes nothing.
    """
    _, which, counts = np.unique(said, return_inverse=True, return_counts=True)
    truth = (np.bincount(which, truth) / counts)[which]
    order = np.argsort(said, kind="stable")
    parts = [part for part in np.array_split(order, BINS) if len(part)]
    return float(sum(len(p) * abs(said[p].mean() - truth[p].mean()) for p in parts) / len(said))


def _error_by_chance(said: Array, seed: int) -> float:
    drawn = np.random.default_rng(seed).random((REDRAWS, len(said))) < said
    return float(np.mean([calibration_error(said, truth.astype(np.float64)) for truth in drawn]))


def reliability(said: Array, truth: Array) -> list[Bin]:
    """What was said and what was so, in ten bins of equal width; empty bins are left out."""
    which = np.minimum((said * BINS).astype(int), BINS - 1)
    bins = []
    for i in range(BINS):
        inside = which == i
        if inside.any():
            bins.append(
                Bin(i / BINS, (i + 1) / BINS, int(inside.sum()), float(said[inside].mean()), float(truth[inside].mean()))
            )
    return bins
