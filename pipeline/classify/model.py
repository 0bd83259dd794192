"""A trained classifier: passages -> probabilities of areas, thresholds, and the words that spoke for an area."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.classify.features import COLUMNS, Array, Trust, Weights, ngrams, singles, term_features, words
from pipeline.classify.passages import Passage
from pipeline.records import Extent

#: Columns of the last step: those of `term_features`, the logit of the words, and that logit where a term stands.
STACK_COLUMNS = (*COLUMNS, "words", "words_with_term")
#: The words that carried a tag without a term: at most so many stretches, each at least this share of the heaviest.
MOST_STRETCHES, LEAST_SHARE = 3, 0.4


@dataclass(frozen=True)
class Model:
    """Two steps: a linear model of the passage's words, and for each area a logistic regression over that and the terms.

    Attributes:
        areas: ids, in the order of the codebook; the order of all arrays.
        text, context: weights of the words of the passage, and of its heading and lead-in.
        bias: (areas,) intercepts of the first step.
        trust: of the codebook's terms.
        stack: (areas, columns) weights of the second step, columns as in `STACK_COLUMNS`.
        intercept: (areas,) intercepts of the second step.
        upper, lower: (areas,) thresholds: from `upper` a tag is asserted, from `lower` it is uncertain.
        info: what it was made from: `model_id`, `codebook`, `versions`, `trained_on` and more, plain JSON.
    """

    areas: tuple[str, ...]
    text: Weights
    context: Weights
    bias: Array
    trust: Trust
    stack: Array
    intercept: Array
    upper: Array
    lower: Array
    info: Mapping[str, Any]

    @property
    def model_id(self) -> str:
        """Short id computed from all that decides a tag."""
        return str(self.info["model_id"])

    def text_logits(self, passage: Passage) -> Array:
        """(areas,) logits of the words alone."""
        out: Array = self.text.logits(ngrams(passage.text)) + self.context.logits(singles(passage.context)) + self.bias
        return out

    def predict(self, passages: Sequence[Passage]) -> npt.NDArray[np.float64]:
        """(passages, areas) calibrated probabilities."""
        if not passages:
            return np.zeros((0, len(self.areas)))
        terms = np.stack([term_features(p, self.areas, self.trust) for p in passages])
        features = stacked(terms, np.stack([self.text_logits(p) for p in passages]))
        logits = np.einsum("nac,ac->na", features, self.stack).astype(np.float64) + self.intercept
        out: npt.NDArray[np.float64] = 1.0 / (1.0 + np.exp(-logits))
        return out

    def status(self, probability: float, area: int) -> str:
        """`asserted`, `uncertain`, or nothing where the passage does not get the area."""
        if probability >= self.upper[area]:
            return "asserted"
        return "uncertain" if probability >= self.lower[area] else ""

    def telling(self, passage: Passage, area: int) -> list[Extent]:
        """The words of the passage that spoke most for an area, as stretches in order; pairs that overlap are one stretch."""
        found = words(passage.text)
        single = [(w, s, e) for w, s, e in found]
        pairs = [(f"{a} {b}", s, e) for (a, s, _), (b, _, e) in pairwise(found)]
        known = [(self.text.vocabulary[g], s, e) for g, s, e in single + pairs if g in self.text.vocabulary]
        weighed = [(float(self.text.weights[i, area] * self.text.idf[i]), s, e) for i, s, e in known]
        heaviest = sorted((w for w in weighed if w[0] > 0), key=lambda w: (-w[0], w[1]))
        kept = [(s, e) for weight, s, e in heaviest[: 2 * MOST_STRETCHES] if weight >= LEAST_SHARE * heaviest[0][0]]
        offset = passage.block.start
        return [Extent(offset + s, offset + e) for s, e in _joined(kept)[:MOST_STRETCHES]]


def stacked(terms: Array, logits: Array) -> Array:
    """(passages, areas, columns) features of the second step from those of the terms and the logits of the words."""
    named = (terms[:, :, 0] > 0) | (terms[:, :, 4] > 0)
    out: Array = np.concatenate([terms, logits[:, :, None], (logits * named)[:, :, None]], axis=2)
    return out


def _joined(stretches: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Stretches in order, those that overlap as one."""
    out: list[tuple[int, int]] = []
    for start, end in sorted(stretches):
        if out and start < out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return out
