"""How far two coders agree: Krippendorff's alpha for areas, and the same F1 figures as against gold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import nan
from pathlib import Path

from pipeline.codebook import Codebook
from pipeline.evaluate.rows import Pair, read_pairs, read_rows
from pipeline.evaluate.scores import RESAMPLES, AreaScore, Figure, score
from pipeline.evaluate.units import area_names, linked_actors


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two codings of the same passages.

    Attributes:
        passages: those that both coded.
        only_first, only_second: how many only one of them coded; they are left out.
        alpha: area to Krippendorff's alpha, 1 for full agreement and 0 for chance; NaN if neither coder ever gave it or
            both always did.
        figures: the F1 figures of `scores.score`; F1 does not change when the two change places.
        areas: each area's scores, the first coder in the place of gold.
    """

    passages: int
    only_first: int
    only_second: int
    alpha: dict[str, float]
    figures: dict[str, Figure]
    areas: tuple[AreaScore, ...]


def agreement(first: Path, second: Path, *, codebook: Codebook | None = None, resamples: int = RESAMPLES) -> Agreement:
    """Compares two coders' files (GOLD format; the texts are the first's).

    Raises:
        CatalogueError: a file cannot be used; see `rows.read_pairs`.
    """
    pairs = read_pairs(first, second)
    both = [p for p in pairs if not p.missing and not p.coded.failed and not p.gold.failed]
    areas = list(area_names(pairs, codebook))
    overall, each = score(both, areas, linked_actors(), resamples=resamples)
    return Agreement(
        passages=len(both),
        only_first=len(pairs) - len(both),
        only_second=len(read_rows(second).keys() - {p.passage.id for p in pairs}),
        alpha={a: alpha(both, a) for a in areas},
        figures={name: figure for name, figure in overall.items() if name.endswith("_f1")},
        areas=each,
    )


def alpha(pairs: Sequence[Pair], area: str) -> float:
    """Krippendorff's alpha (Content Analysis, 2004, ch. 11), nominal: was the area given to the passage or not?"""
    import krippendorff

    votes = [[int(area in p.gold.areas) for p in pairs], [int(area in p.coded.areas) for p in pairs]]
    if len({vote for coder in votes for vote in coder}) < 2:
        return nan
    return float(krippendorff.alpha(reliability_data=votes, level_of_measurement="nominal"))
