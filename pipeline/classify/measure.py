"""A model's figures: on passages that it has not seen, and out of fold on those that it was trained on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipeline.classify.model import Model
from pipeline.classify.passages import Example
from pipeline.classify.scores import Bools, Floats, brier, calibration_error, intervals, per_area, reliability, summary
from pipeline.classify.train import Trained, prepare
from pipeline.codebook.areas import Codebook


def measure(model: Model, examples: Sequence[Example], codebook: Codebook) -> dict[str, Any]:
    """Figures on coded passages that the model was not trained on."""
    data = prepare(examples, codebook)
    return figures(model, data.truth, model.predict(data.passages), data.groups)


def out_of_fold(trained: Trained) -> dict[str, dict[str, Any]]:
    """Figures on the training passages, each judged by a model that has not seen its document: real and written apart."""
    data, out = trained.data, {}
    for origin in sorted({e.origin for e in data.examples}):
        rows = [i for i, e in enumerate(data.examples) if e.origin == origin]
        groups = [data.groups[i] for i in rows]
        out[origin] = figures(trained.model, data.truth[rows], trained.out_of_fold[rows], groups)
    return out


def figures(model: Model, truth: Bools, probability: Floats, groups: Sequence[str]) -> dict[str, Any]:
    """Scores with 95 % intervals over documents, calibration, and how many tags are uncertain; plain JSON."""
    decided = probability >= model.upper
    band = (probability >= model.lower) & ~decided
    limits = intervals(truth, decided, groups)
    bins = reliability(truth.ravel(), probability.ravel())
    return {
        "passages": len(truth),
        "documents": len(set(groups)),
        "without_area": int((~truth.any(1)).sum()),
        **{name: _rounded([value, *limits[name]]) for name, value in summary(truth, decided).items()},
        "calibration_error": round(calibration_error(truth, probability), 4),
        "brier": round(brier(truth, probability), 4),
        "reliability": [_rounded(b) for b in bins],
        "uncertain": {"passages": int(band.any(1).sum()), "tags": int(band.sum()), "true": int(truth[band].sum())},
        "areas": [{k: _round(v) for k, v in row.items()} for row in per_area(truth, decided, model.areas)],
    }


def _round(value: Any) -> Any:
    return round(value, 3) if isinstance(value, float) else value


def _rounded(values: Sequence[float]) -> list[float]:
    return [_round(v) for v in values]
