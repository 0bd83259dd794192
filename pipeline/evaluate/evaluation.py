"""One coded file judged against gold: every figure, and every mistake to read."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from pipeline.codebook import Codebook
from pipeline.evaluate.calibration import Calibration, calibrate
from pipeline.evaluate.mistakes import Confusion, Group, confuse, mistakes
from pipeline.evaluate.rows import Pair, read_pairs
from pipeline.evaluate.scores import RESAMPLES, AreaScore, Figure, score
from pipeline.evaluate.units import area_names, linked_actors


@dataclass(frozen=True, slots=True)
class Point:
    """A score of a model that was trained on so many documents and passages, with its 95 % interval over documents."""

    documents: int
    passages: int
    score: str
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Curve:
    """How a model's scores grew with what it was trained on; `judged` says on what passages they were made."""

    judged: str
    points: tuple[Point, ...]

    @staticmethod
    def of_card(card: Mapping[str, Any]) -> Curve | None:
        """The learning curve in a model's card, if it has one."""
        curve = card.get("learning_curve")
        return Curve(curve["judged"], tuple(Point(**p) for p in curve["points"])) if curve else None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How a coded file fares against gold.

    Attributes:
        passages, documents: how many of gold were judged.
        missing: ids that the coded file lacks; they count as coded with nothing.
        failed: id to message of passages that could not be coded; they count as coded with nothing.
        names: area to its name, in the codebook's order.
        figures: name to figure with its 95 % interval over documents; the names are those of the gold passages' scorer.
        areas: precision, recall and F1 of each area.
        confusion: which area was given where another was missed.
        calibration: None where the coded file gives no probabilities of all areas.
        groups: the mistakes by kind, commonest first; they quote the gold texts.
        curve: the learning curve of the model that coded, if its card has one.
    """

    passages: int
    documents: int
    missing: tuple[str, ...]
    failed: dict[str, str]
    names: dict[str, str]
    figures: dict[str, Figure]
    areas: tuple[AreaScore, ...]
    confusion: Confusion
    calibration: Calibration | None
    groups: tuple[Group, ...]
    curve: Curve | None = None

    def as_dict(self) -> dict[str, Any]:
        """All figures and counts as JSON values, without any text of the passages; what is not defined is None."""
        kinds = [{"part": g.part, "kind": g.kind, "what": g.what, "count": g.count} for g in self.groups]
        given = [{"missed": m, "given": g, "passages": n} for (m, g), n in sorted(self.confusion.given.items())]
        whole = {
            "passages": self.passages,
            "documents": self.documents,
            "missing": list(self.missing),
            "failed": sorted(self.failed),
            "figures": {name: asdict(figure) for name, figure in self.figures.items()},
            "areas": [asdict(a) for a in self.areas],
            "confusion": given,
            "calibration": asdict(self.calibration) if self.calibration else None,
            "learning_curve": asdict(self.curve) if self.curve else None,
            "mistakes": kinds,
        }
        found: dict[str, Any] = _plain(whole)
        return found


def _plain(value: Any) -> Any:
    """NaN as None, tuples as lists, all the way down."""
    if isinstance(value, dict):
        return {key: _plain(v) for key, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return None if isinstance(value, float) and math.isnan(value) else value


def evaluate(
    gold: Path,
    coded: Path,
    *,
    codebook: Codebook | None = None,
    card: Mapping[str, Any] | None = None,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Evaluation:
    """Judges a file of `pactscope code` against gold passages.

    Args:
        gold: JSON lines with texts and labels.
        coded: JSON lines joined by `id`.
        codebook: by which both were coded; the package's own by default.
        card: of the model that coded, for its learning curve.
        resamples: draws of documents behind each interval.
        seed: of the draws.

    Raises:
        CatalogueError: a file cannot be read, a row has the wrong form, or an area is not in the codebook.
    """
    found = judge(read_pairs(gold, coded), codebook=codebook, resamples=resamples, seed=seed)
    return replace(found, curve=Curve.of_card(card or {}))


def judge(pairs: list[Pair], *, codebook: Codebook | None = None, resamples: int = RESAMPLES, seed: int = 0) -> Evaluation:
    """As `evaluate`, for passages that are already paired."""
    names = area_names(pairs, codebook)
    figures, areas = score(pairs, list(names), linked_actors(), resamples=resamples, seed=seed)
    return Evaluation(
        passages=len(pairs),
        documents=len({p.passage.document for p in pairs}),
        missing=tuple(p.passage.id for p in pairs if p.missing),
        failed={p.passage.id: p.coded.failed for p in pairs if p.coded.failed},
        names=names,
        figures=figures,
        areas=areas,
        confusion=confuse(pairs),
        calibration=calibrate(pairs, list(names), seed=seed),
        groups=tuple(mistakes(pairs)),
    )
