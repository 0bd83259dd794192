"""The methods that were weighed against each other, in one table: same passages, same folds, best threshold an area each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import scipy.sparse as sp
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import ComplementNB
from sklearn.svm import LinearSVC

from pipeline.classify.features import TermCounts, ngrams, singles, term_features
from pipeline.classify.passages import Example, Passage
from pipeline.classify.scores import Bools, Floats, best_threshold, summary
from pipeline.classify.train import CONTEXT_SHARE, MOST_GRAMS, TEXT_C, Data, Trained, folds, prepare
from pipeline.classify.transformer import vector
from pipeline.codebook.areas import Codebook

Maker: TypeAlias = Callable[[], Any]


def _logistic() -> LogisticRegression:
    return LogisticRegression(C=TEXT_C, class_weight="balanced", solver="liblinear", max_iter=300, random_state=0)


def _support() -> LinearSVC:
    return LinearSVC(C=0.3, class_weight="balanced", random_state=0)


@dataclass(frozen=True)
class Method:
    """One method: what it sees and what learns.

    Attributes:
        sees: of `words`, `characters`, `context` (heading and lead-in), `terms` (of the codebook) and `embeddings`.
        chain: an area's classifier sees the verdicts on the areas before it (classifier chain; Read et al., 2009).
        written: learn from written passages too.
    """

    name: str
    sees: tuple[str, ...]
    maker: Maker
    chain: bool = False
    written: bool = True


METHODS = (
    Method("words, complement naive Bayes", ("words",), lambda: ComplementNB(alpha=0.3)),
    Method("words, linear SVM", ("words",), _support),
    Method("words, logistic regression", ("words",), _logistic),
    Method("words and characters", ("words", "characters"), _logistic),
    Method("words, heading and lead-in", ("words", "context"), _logistic),
    Method("words, context and terms in one step", ("words", "context", "terms"), _logistic),
    Method("the same as a classifier chain", ("words", "context", "terms"), _logistic, chain=True),
    Method("the same without written passages", ("words", "context", "terms"), _logistic, written=False),
)


#: Only where the extra `transformer` is installed.
TRANSFORMER = (
    Method("a small transformer's embeddings", ("embeddings",), _logistic),
    Method("words, context, terms and embeddings in one step", ("words", "context", "terms", "embeddings"), _logistic),
)


def table(trained: Trained, codebook: Codebook, gold: Sequence[Example], *, transformer: bool = False) -> list[dict[str, Any]]:
    """One row a method: terms alone, `METHODS`, and the two steps that are used; columns as `_row` names them.

    Args:
        transformer: with the rows of `TRANSFORMER` as well.

    Raises:
        PipelineError: a transformer is wanted and the extra of that name is not installed.
    """
    data, held = trained.data, prepare(gold, codebook) if gold else None
    rows = [_row("terms alone", data, _by_terms(data, codebook), held, _by_terms(held, codebook) if held else None)]
    for method in (*METHODS, *(TRANSFORMER if transformer else ())):
        known = np.zeros(data.truth.shape)
        for learn, judge in folds(data):
            known[judge] = _scores(method, data.take(learn), data.take(judge).passages, codebook)
        new = _scores(method, data, held.passages, codebook) if held else None
        rows.append(_row(method.name, data, known, held, new))
    two_steps = trained.model.predict(held.passages) if held else None
    rows.append(_row("two steps: context, then terms and words (kept)", data, trained.out_of_fold, held, two_steps))
    return rows


def _by_terms(data: Data, codebook: Codebook) -> Floats:
    """1 where a term stands in the passage, or in a heading or lead-in that counts for it."""
    found = [{h.area for h in (*p.hits, *p.inherited)} for p in data.passages]
    return np.array([[float(a.id in f) for a in codebook.areas] for f in found])


def _row(name: str, data: Data, known: Floats, held: Data | None, new: Floats | None) -> dict[str, Any]:
    """Scores on real and written passages out of fold, and on the gold passages."""
    limits = _thresholds(data.truth[data.counted], known[data.counted])
    row: dict[str, Any] = {"method": name}
    parts: list[tuple[str, Bools, Floats]] = [("real", data.truth[data.counted], known[data.counted])]
    if not data.counted.all():
        parts.append(("written", data.truth[~data.counted], known[~data.counted]))
    if held is not None and new is not None:
        parts.append(("gold", held.truth, new))
    for part, truth, value in parts:
        for key, score in summary(truth, value >= limits).items():
            row[f"{part} {key}"] = round(score, 3)
    return row


def _thresholds(truth: Bools, value: Floats) -> Floats:
    weight = np.ones(len(truth))
    quantiles = np.linspace(0.7, 0.999, 100)
    out = [
        best_threshold(t, v, weight, np.unique(np.append(np.quantile(v, quantiles), v.max())))
        for t, v in zip(truth.T, value.T, strict=True)
    ]
    return np.array(out)


def _scores(method: Method, data: Data, judged: Sequence[Passage], codebook: Codebook) -> Floats:
    """(judged, areas) scores of a method that has learnt from `data`; higher means more likely."""
    if not method.written:
        data = data.take([i for i, real in enumerate(data.counted) if real])
    learn, judge = _views(method.sees, data, judged, codebook)
    out = np.zeros((len(judged), data.truth.shape[1]))
    for area, truth in enumerate(data.truth.T):
        if truth.all() or not truth.any():
            continue
        learner = method.maker().fit(learn, truth)
        out[:, area] = _decision(learner, judge)
        if method.chain:
            verdict = (out[:, area] > 0).astype(np.float32)[:, None]
            learn = sp.hstack([learn, truth.astype(np.float32)[:, None]]).tocsr()
            judge = sp.hstack([judge, verdict]).tocsr()
    return out


def _decision(learner: Any, judge: Any) -> Floats:
    if hasattr(learner, "decision_function"):
        scores: Floats = learner.decision_function(judge)
        return scores
    likely: Floats = learner.predict_proba(judge)[:, 1]
    return likely


def _views(sees: Sequence[str], data: Data, judged: Sequence[Passage], codebook: Codebook) -> tuple[Any, Any]:
    pairs = list(_parts(sees, data, judged, codebook))
    return sp.hstack([a for a, _ in pairs]).tocsr(), sp.hstack([b for _, b in pairs]).tocsr()


def _parts(sees: Sequence[str], data: Data, judged: Sequence[Passage], codebook: Codebook) -> Iterator[tuple[Any, Any]]:
    texts, others = [p.text for p in data.passages], [p.text for p in judged]
    if "words" in sees:
        words = TfidfVectorizer(analyzer=ngrams, sublinear_tf=True, min_df=2, max_features=MOST_GRAMS)
        yield words.fit_transform(texts), words.transform(others)
    if "characters" in sees:
        letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, min_df=4, max_features=60_000)
        yield letters.fit_transform(texts) * 0.7, letters.transform(others) * 0.7
    if "context" in sees and any(p.context for p in data.passages):
        above = TfidfVectorizer(analyzer=singles, sublinear_tf=True, min_df=2)
        fitted = above.fit_transform([p.context for p in data.passages]) * CONTEXT_SHARE
        yield fitted, above.transform([p.context for p in judged]) * CONTEXT_SHARE
    if "embeddings" in sees:
        yield tuple(sp.csr_matrix(np.stack([vector(t) for t in part])) for part in (texts, others))
    if "terms" in sees:
        areas = [a.id for a in codebook.areas]
        trust = TermCounts(data.passages, [frozenset(e.areas) for e in data.examples], data.groups).trust()
        known, new = (np.stack([term_features(p, areas, trust).ravel() for p in part]) for part in (data.passages, judged))
        yield sp.csr_matrix(known), sp.csr_matrix(new)
