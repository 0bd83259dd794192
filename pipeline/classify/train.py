"""Coded passages -> a model: first the words, then the words and terms together, thresholds last; all checked by documents.

Stacking after Wolpert (1992): the second step learns from first-step logits of passages that the first step has not seen, so it
knows how far to trust them. Its logistic regression is also the calibration (Platt, 1999). Folds never split a document.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import scipy.sparse as sp
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from pipeline.classify.features import Array, TermCounts, Weights, ngrams, singles, term_features
from pipeline.classify.model import Model, stacked
from pipeline.classify.passages import Example, Headings, Passage, of_example
from pipeline.classify.scores import Bools, Floats, best_threshold, summary
from pipeline.codebook.areas import Codebook
from pipeline.errors import CatalogueError

FOLDS = 5
#: Fewer passages with (or without) an area teach nothing that could be checked in five folds.
FEWEST = 10
#: What a passage counts in both steps: one that the coder doubted half; a written one less than a real one, because it does not
#: sound quite like a document. Written at 0.1: macro-F1 0.876 and 4.7 % false alarms on real passages out of fold, 0.60 on
#: written ones; at 0.3: 0.872, 5.3 % and 0.645.
UNSURE, WRITTEN = 0.5, 0.3
#: The first step: 20,000 n-grams do as well as 40,000 (micro-F1 out of fold 0.877 and 0.875).
MOST_GRAMS, TEXT_C = 20_000, 10.0
#: The second step is fitted to all areas at once, so that rare areas borrow from common ones (partial pooling): weights that
#: all share and each area's deviations from them, which cost `1 / OWN ** 2` times as much; an intercept an area, nearly free.
#: One regression an area has macro-F1 0.899 on real passages out of fold, 0.80 for climate security; this 0.903 and 0.84.
#: `OWN` from 0.1 to 0.3 and `STACK_C` from 0.03 to 0.3 lie within 0.003 of it.
STACK_C, OWN, FREE = 0.1, 0.2, 3.0
#: Weight of the words of heading and lead-in beside those of the passage.
CONTEXT_SHARE = 0.5
#: Thresholds are the best ones out of fold, moved half-way to this, since the best of few positives is partly luck.
CANDIDATES, TYPICAL = np.arange(0.25, 0.70, 0.025), 0.5
#: Thresholds are raised together, by at most 0.2, until no more than this share of passages without an area gets one out of
#: fold: a false alarm goes into counts, a miss still goes to the list of uncertain tags. Costs 0.004 of micro-F1 out of fold.
MOST_FALSE_ALARMS, RAISES = 0.05, np.arange(0.0, 0.21, 0.01)
#: From this share of its threshold on, a probability is uncertain rather than a no.
BAND = 0.5


@dataclass(frozen=True)
class Data:
    """Training passages as arrays, in the order of `examples`.

    Attributes:
        truth: (passages, areas).
        weight: (passages,) what each counts.
        counted: (passages,) those by which thresholds are set and scores stated: real ones, or all if there are none.
    """

    examples: tuple[Example, ...]
    passages: tuple[Passage, ...]
    truth: Bools
    groups: tuple[str, ...]
    weight: Floats
    counted: Bools

    def take(self, rows: Sequence[int]) -> Data:
        """The passages of these rows."""
        keep = list(rows)
        return Data(
            examples=tuple(self.examples[i] for i in keep),
            passages=tuple(self.passages[i] for i in keep),
            truth=self.truth[keep],
            groups=tuple(self.groups[i] for i in keep),
            weight=self.weight[keep],
            counted=self.counted[keep],
        )


@dataclass(frozen=True)
class Trained:
    """A model with the out-of-fold probabilities (passages, areas) of the data that it was trained on."""

    model: Model
    data: Data
    out_of_fold: Floats


def train(examples: Sequence[Example], codebook: Codebook, *, info: dict[str, Any] | None = None) -> Trained:
    """Trains a model on coded passages.

    Args:
        info: whatever else the model's card should say, plain JSON.

    Raises:
        CatalogueError: a passage has an area that the codebook does not know, an area has fewer than ten passages with or
            without it, or the passages come from fewer than five documents.
    """
    data = prepare(examples, codebook)
    _enough(data, codebook)
    logits = np.zeros(data.truth.shape, dtype=np.float32)
    for known, unknown in folds(data):
        logits[unknown] = text_logits(fit_text(data.take(known)), data.take(unknown).passages)
    features = stacked(_own_terms(data, codebook), logits)
    out_of_fold = np.zeros(data.truth.shape)
    for known, unknown in folds(data):
        stack, intercept = fit_stack(features[known], data.take(known))
        out_of_fold[unknown] = _sigmoid(np.einsum("nac,ac->na", features[unknown], stack) + intercept)
    stack, intercept = fit_stack(features, data)
    upper = thresholds(data, out_of_fold)
    text, context, bias = fit_text(data)
    areas = tuple(a.id for a in codebook.areas)
    trust = TermCounts(data.passages, [frozenset(e.areas) for e in data.examples], data.groups).trust()
    model = Model(areas, text, context, bias, trust, stack, intercept, upper, upper * np.float32(BAND), info or {})
    return Trained(replace(model, info=_identified(model, codebook, data)), data, out_of_fold)


def prepare(examples: Sequence[Example], codebook: Codebook) -> Data:
    """Examples as passages and arrays.

    Raises:
        CatalogueError: a passage has an area that the codebook does not know.
    """
    areas = [a.id for a in codebook.areas]
    for example in examples:
        if unknown := sorted(set(example.areas) - set(areas)):
            advice = f"The areas of the codebook are {', '.join(areas)}."
            raise CatalogueError(f"A passage of {example.group} has the unknown area {unknown[0]!r}.", advice=advice)
    headings = Headings(codebook)
    weight = np.array([(UNSURE if e.unsure else 1.0) * (WRITTEN if e.origin == "written" else 1.0) for e in examples])
    real = np.array([e.origin != "written" for e in examples], dtype=np.bool_)
    return Data(
        examples=tuple(examples),
        passages=tuple(of_example(e, headings) for e in examples),
        truth=np.array([[a in e.areas for a in areas] for e in examples], dtype=np.bool_).reshape(len(examples), len(areas)),
        groups=tuple(e.group for e in examples),
        weight=weight,
        counted=real if real.any() else ~real,
    )


def _enough(data: Data, codebook: Codebook) -> None:
    if len(set(data.groups)) < FOLDS:
        advice = "Give each passage the `group` of its document."
        raise CatalogueError(f"The passages come from fewer than {FOLDS} documents, so nothing can be checked.", advice=advice)
    for area, count in zip(codebook.areas, data.truth.sum(0), strict=True):
        if min(count, len(data.truth) - count) < FEWEST:
            advice = "Code more, or use the codebook's terms alone, which need no training."
            message = f"Area '{area.id}' has {count} of {len(data.truth)} passages; {FEWEST} with and without it are needed."
            raise CatalogueError(message, advice=advice)


def folds(data: Data) -> Iterator[tuple[list[int], list[int]]]:
    """Row numbers to learn from and to be judged, five times; no group is on both sides."""
    for known, unknown in GroupKFold(FOLDS).split(data.passages, groups=data.groups):
        yield known.tolist(), unknown.tolist()


def fit_text(data: Data) -> tuple[Weights, Weights, Array]:
    """The first step: weights of the words of passages and of their contexts, and intercepts; one regression an area."""
    least = 2 if len(data.passages) >= 500 else 1
    text = TfidfVectorizer(analyzer=ngrams, sublinear_tf=True, min_df=least, max_features=MOST_GRAMS, dtype=np.float32)
    context = TfidfVectorizer(analyzer=singles, sublinear_tf=True, min_df=least, dtype=np.float32)
    parts = [text.fit_transform([p.text for p in data.passages])]
    if any(p.context.strip() for p in data.passages):
        parts.append(context.fit_transform([p.context for p in data.passages]) * np.float32(CONTEXT_SHARE))
    together = sp.hstack(parts).tocsr()
    weights, bias = [], []
    for truth in data.truth.T:
        linear = LogisticRegression(C=TEXT_C, class_weight="balanced", solver="liblinear", max_iter=300, random_state=0)
        if truth.any() and not truth.all():
            linear.fit(together, truth, sample_weight=data.weight)
            weights.append(linear.coef_[0])
            bias.append(float(linear.intercept_[0]))
        else:  # a fold may lack a rare area: its words say nothing then
            weights.append(np.zeros(together.shape[1]))
            bias.append(0.0)
    coefficients, split = np.stack(weights, axis=1).astype(np.float32), parts[0].shape[1]
    own = _weights(text, coefficients[:split])
    if len(parts) == 1:
        return own, Weights({}, np.zeros(0, np.float32), np.zeros((0, len(bias)), np.float32)), np.array(bias, np.float32)
    return own, _weights(context, coefficients[split:] * np.float32(CONTEXT_SHARE)), np.array(bias, np.float32)


def _weights(vectorizer: TfidfVectorizer, coefficients: Array) -> Weights:
    vocabulary = {str(gram): int(i) for gram, i in sorted(vectorizer.vocabulary_.items(), key=lambda item: item[1])}
    return Weights(vocabulary, vectorizer.idf_.astype(np.float32), coefficients)


def text_logits(fitted: tuple[Weights, Weights, Array], passages: Sequence[Passage]) -> Array:
    """(passages, areas) logits of the first step."""
    text, context, bias = fitted
    return np.stack([text.logits(ngrams(p.text)) + context.logits(singles(p.context)) + bias for p in passages])


def _own_terms(data: Data, codebook: Codebook) -> Array:
    """Term features, the trust of each passage's terms measured without its own group."""
    counts = TermCounts(data.passages, [frozenset(e.areas) for e in data.examples], data.groups)
    trusts = {group: counts.trust(group) for group in set(data.groups)}
    areas = [a.id for a in codebook.areas]
    return np.stack([term_features(p, areas, trusts[g]) for p, g in zip(data.passages, data.groups, strict=True)])


def fit_stack(features: Array, data: Data) -> tuple[Array, Array]:
    """The second step: weights (areas, columns) and intercepts (areas,), by one logistic regression over all areas."""
    areas, columns = features.shape[1:]
    if data.truth.all() or not data.truth.any():  # a fold of very few documents: nothing to tell apart
        return np.zeros((areas, columns), np.float32), np.full(areas, 20.0 if data.truth.any() else -20.0, np.float32)
    scale = features.reshape(-1, columns).std(0) + np.float32(1e-6)
    logistic = LogisticRegression(C=STACK_C, max_iter=2000, random_state=0)
    logistic.fit(_pooled(features / scale), data.truth.ravel(), sample_weight=np.repeat(data.weight, areas))
    shared, own = logistic.coef_[0, :columns], logistic.coef_[0, columns:].reshape(areas, columns + 1)
    intercepts = logistic.intercept_[0] + FREE * own[:, -1]
    return ((shared + OWN * own[:, :-1]) / scale).astype(np.float32), intercepts.astype(np.float32)


def _pooled(features: Array) -> Array:
    """(passages times areas, columns): the features once for all areas, and again, with a 1, in the place of their own area."""
    count, areas, columns = features.shape
    own = np.zeros((count, areas, areas, columns + 1), dtype=np.float32)
    for area in range(areas):
        own[:, area, area, :-1] = OWN * features[:, area]
        own[:, area, area, -1] = FREE
    return np.concatenate([features, own.reshape(count, areas, -1)], axis=2).reshape(count * areas, -1)


def thresholds(data: Data, probability: Floats) -> Array:
    """(areas,) thresholds from out-of-fold probabilities of the passages that count.

    The best F1 of each area, half-way to a typical threshold, then all raised until false alarms are rare.
    """
    real = data.counted
    sure = np.where([e.unsure for e in data.examples], UNSURE, 1.0)[real]
    truth, known = data.truth[real], probability[real]
    best = [best_threshold(truth[:, j], known[:, j], sure, CANDIDATES) for j in range(truth.shape[1])]
    found = (np.array(best) + TYPICAL) / 2
    few = (r for r in RAISES if summary(truth, known >= found + r)["false_alarms"] <= MOST_FALSE_ALARMS)
    out: Array = (found + next(few, RAISES[-1])).astype(np.float32)
    return out


def _sigmoid(logits: Floats) -> Floats:
    out: Floats = 1.0 / (1.0 + np.exp(-logits))
    return out


def _identified(model: Model, codebook: Codebook, data: Data) -> dict[str, Any]:
    """What a model says of itself, with an id computed from all that decides a tag."""
    arrays = (
        *(a for w in (model.text, model.context) for a in (w.idf, w.weights)),
        *(model.bias, model.stack, model.intercept, model.upper, model.lower),
    )
    total = hashlib.sha256(codebook.hash.encode())
    for array in arrays:
        total.update(np.ascontiguousarray(array).tobytes())
    total.update("\n".join(model.text.vocabulary).encode())
    origins = sorted({e.origin for e in data.examples})
    passages = {o: sum(e.origin == o for e in data.examples) for o in origins}
    return {
        **model.info,
        "model_id": f"areas-{total.hexdigest()[:12]}",
        "codebook": {"name": codebook.name, "version": codebook.version, "hash": codebook.hash},
        "passages": {"all": len(data.examples), **passages},
        "data_hash": data_hash(data.examples),
    }


def data_hash(examples: Sequence[Example]) -> str:
    """First 12 hex digits of the SHA-256 over the passages with their contexts and labels, in any order."""
    rows = sorted(json.dumps([e.text, e.heading, e.lead, e.kind, sorted(e.areas)]) for e in examples)
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()[:12]
