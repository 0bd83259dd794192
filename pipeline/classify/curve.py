"""Would more labels help? How scores grow with the share of the documents that a model is trained on (learning curve).

A curve that still rises at its right end says that more documents would help; a flat one that better terms or clearer rules are
wanted instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from pipeline.classify.passages import Example
from pipeline.classify.scores import Bools, intervals, summary
from pipeline.classify.train import folds, prepare, train
from pipeline.codebook.areas import Codebook
from pipeline.errors import CatalogueError

SHARES = (0.1, 0.25, 0.5, 0.75, 1.0)
#: Other documents are drawn so many times for each share, because a single draw of few says little.
DRAWS = 3


def learning_curve(
    examples: Sequence[Example],
    codebook: Codebook,
    *,
    gold: Sequence[Example] = (),
    shares: Sequence[float] = SHARES,
    draws: int = DRAWS,
) -> list[dict[str, Any]]:
    """Scores of models trained on growing shares of the documents.

    Each share is judged on the gold passages or, if there are none, on the examples themselves: five times on a fifth of their
    documents that is kept out. The draws of one seed grow: a larger share holds the documents of a smaller one. Shares that are
    too small to train on are left out.

    Args:
        gold: coded passages of other documents, see `leave_out.leave_out`.
        draws: how many times the documents of a share are drawn; all of them once.

    Returns:
        One row a share and score: `documents` and `passages` trained on (means over draws and folds), `score` (`macro_f1`,
        `micro_f1`, `false_alarms`), its `value`, and `low` and `high`, the 95 % interval over the judged documents; values and
        limits are means over the draws.

    Raises:
        CatalogueError: an example has an area that the codebook does not know.
    """
    rounds = list(_rounds(examples, gold, codebook))
    rows = []
    for share in shares:
        drawn = range(draws if share < 1 else 1)
        found = [f for seed in drawn if (f := _share(rounds, codebook, share, seed)) is not None]
        if found:
            sizes = {name: round(float(np.mean([f[name] for f in found]))) for name in ("documents", "passages")}
            for score in ("macro_f1", "micro_f1", "false_alarms"):
                value, low, high = np.mean([f[score] for f in found], axis=0).round(4).tolist()
                rows.append({**sizes, "score": score, "value": value, "low": low, "high": high})
    return rows


def _rounds(
    examples: Sequence[Example], gold: Sequence[Example], codebook: Codebook
) -> Iterator[tuple[list[Example], list[Example]]]:
    """What is learnt from and what is judged: the gold passages once, or each fifth of the examples that count."""
    if gold:
        yield list(examples), list(gold)
        return
    data = prepare(examples, codebook)
    for known, unknown in folds(data):
        yield [examples[i] for i in known], [examples[i] for i in unknown if data.counted[i]]


def _share(
    rounds: Sequence[tuple[list[Example], list[Example]]], codebook: Codebook, share: float, seed: int
) -> dict[str, Any] | None:
    """Sizes and scores of one draw; None if a round has too few passages to train on."""
    truths: list[Bools] = []
    decisions: list[Bools] = []
    groups: list[str] = []
    sizes = []
    for known, unknown in rounds:
        drawn = _draw(known, share, seed)
        try:
            model = train(drawn, codebook).model
        except CatalogueError:
            return None
        data = prepare(unknown, codebook)
        truths.append(data.truth)
        decisions.append(model.predict(data.passages) >= model.upper)
        groups += data.groups
        sizes.append((len({e.group for e in drawn}), len(drawn)))
    truth, decided = np.concatenate(truths), np.concatenate(decisions)
    limits = intervals(truth, decided, groups)
    scores = {name: (value, *limits[name]) for name, value in summary(truth, decided).items()}
    documents, passages = np.mean(sizes, axis=0)
    return {"documents": documents, "passages": passages, **scores}


def _draw(examples: Sequence[Example], share: float, seed: int) -> list[Example]:
    """The passages of a share of the documents, at least one."""
    groups = sorted({e.group for e in examples})
    order = np.random.default_rng(seed).permutation(len(groups))
    kept = {groups[i] for i in order[: max(1, round(share * len(groups)))]}
    return [e for e in examples if e.group in kept]
