"""Keyness: the words that set documents or groups apart from the rest."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer

from pipeline.compare.frames import Data, chosen, result, table
from pipeline.compare.frames import groups as grouped

COLUMNS = ("group", "term", "log_odds", "z", "n", "n_rest", "per_1000", "per_1000_rest", "n_documents")
_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")


def keyness(
    data: Data,
    groups: str | Mapping[str, Sequence[str]] = "document",
    *,
    ngram: int = 1,
    top: int = 50,
    least: int = 3,
    prior: float = 1000.0,
) -> pd.DataFrame:
    """Terms that each group uses more than all other groups together, by weighted log-odds; any number of groups.

    Method: log-odds ratio with informative Dirichlet prior, its z-score from the estimated variance (Monroe, Colaresi & Quinn
    2008, Fightin' Words, eq. 16, 20-22). The prior is the frequency of each term in the whole dataset, as if `prior` further
    words of it had been seen in the group and in the rest: it draws rare terms to 0, so no list of stop words is needed.

    Args:
        groups: `document`, `partner`, `year`, `publisher`, or a mapping from names to keys of documents. A document that is
            in two groups counts in both.
        ngram: words in a term (2: runs of two in one passage).
        top: terms shown for each group, those with the highest z; 0 for all, also those that the rest uses more.
        least: times a term must occur in the dataset.
        prior: size of the prior in words.

    Returns:
        A row a group and term: log_odds and z (1.96: 95 %), occurrences in group and rest, also per 1,000 terms, documents of
        the group that have it. Only English passages and those too short to tell are counted.

    Raises:
        SettingsError: a grouping or a key is unknown.
    """
    members = _members(data, groups)
    counts, terms, keys = _counts(data, ngram, least)
    if not len(terms):
        return result([], COLUMNS)
    background = np.asarray(counts.sum(axis=0), dtype=float)
    alpha = background * (prior / background.sum())
    rows_of = {key: i for i, key in enumerate(keys)}
    sums = {name: [rows_of[k] for k in found if k in rows_of] for name, found in sorted(members.items())}
    anyone = sorted({row for found in sums.values() for row in found})
    rows: list[tuple[object, ...]] = []
    for name, found in sums.items():
        rest = counts[[r for r in anyone if r not in set(found)]]
        rows += _group(name, counts[found], rest, alpha=alpha, terms=terms, top=top)
    return result(rows, COLUMNS)


def _members(data: Data, by: str | Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    if isinstance(by, str):
        found = grouped(data, by)
        return {str(name): sorted(set(part["key"])) for name, part in found.groupby("group", sort=True)}
    return {name: sorted(set(chosen(data, keys)["key"])) for name, keys in by.items()}


def _counts(data: Data, ngram: int, least: int) -> tuple[Any, Any, list[str]]:
    """Documents × terms, with the terms and the keys."""
    passages = table(data, "passages")
    passages = passages[passages["language"].isin(["", "en"])]
    keys, rows = np.unique(passages["key"].to_numpy(dtype=object), return_inverse=True)
    counter = CountVectorizer(analyzer=lambda text: _terms(text, ngram))
    if not passages["text"].map(lambda text: bool(_terms(text, ngram))).any():
        return None, [], []
    found = sparse.csr_array(counter.fit_transform(passages["text"]))
    sums = sparse.csr_array((np.ones(len(rows)), (rows, np.arange(len(rows)))), shape=(len(keys), len(rows))) @ found
    kept = np.flatnonzero(np.asarray(sums.sum(axis=0)) >= least)
    return sums[:, kept], counter.get_feature_names_out()[kept], list(keys)


def _terms(text: str, ngram: int) -> list[str]:
    words = _WORD.findall(text.casefold())
    return words if ngram == 1 else [" ".join(words[i : i + ngram]) for i in range(len(words) - ngram + 1)]


def _group(name: str, own: Any, rest: Any, *, alpha: Any, terms: Any, top: int) -> list[tuple[object, ...]]:
    n, m = (np.asarray(part.sum(axis=0), dtype=float) for part in (own, rest))
    if not n.sum() or not m.sum():
        return []
    log_odds = _logit(n, alpha) - _logit(m, alpha)
    z = np.round(log_odds / np.sqrt(1 / (n + alpha) + 1 / (m + alpha)), 9)
    documents = np.bincount(own.indices, minlength=len(terms))
    ranked = np.lexsort((terms.astype(str), -z))
    shown = [i for i in ranked if z[i] > 0][:top] if top else ranked
    thousand = 1000 / n.sum(), 1000 / m.sum()
    return [
        (name, terms[i], log_odds[i], z[i], int(n[i]), int(m[i]), n[i] * thousand[0], m[i] * thousand[1], int(documents[i]))
        for i in shown
    ]


def _logit(n: Any, alpha: Any) -> Any:
    return np.log((n + alpha) / (n.sum() + alpha.sum() - n - alpha))
