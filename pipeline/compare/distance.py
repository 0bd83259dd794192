"""How much of a template documents share: distances, a tree of them, text reused, novelty against all earlier documents."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.cluster import hierarchy
from scipy.spatial.distance import squareform

from pipeline.compare import wording
from pipeline.compare.alignment import align
from pipeline.compare.frames import Data, in_time, result
from pipeline.compare.intervals import Array
from pipeline.compare.linking import NEAR, NEW, REWORDED, SAME

NOVELTY = (
    "key", "date", "n_passages", "n_words", SAME, NEAR, REWORDED, NEW, "reused", "novelty", "nearest", "nearest_share",
)  # fmt: skip
#: Words in a run that counts as reused. Of 6 many are names ("the United Nations Convention on the Law of the Sea"); from 8 to
#: 12 the shares of 14 statements change by 0.04 at most.
RUN = 8
TREE = ("node", "left", "right", "distance", "documents")


def template_distance(
    data: Data, documents: Iterable[str] | None = None, *, aligned: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Distance between every two documents: 1 less the share of their words that stand in clauses which both have.

    Method: Dice's coefficient (1945) over the clauses of `align`, counted in words of both documents, each clause weighted by
    how like its versions are: the scores along the chain of counterparts multiplied, the smaller of the two documents'. 0 where
    every clause is the same in both, 1 where none has a counterpart in the other.

    Args:
        documents: keys; all for None.
        aligned: the result of `align` for them, if it is at hand.

    Returns:
        A square frame, keys in order as index and columns.
    """
    aligned = align(data, documents) if aligned is None else aligned
    keys = sorted(set(aligned["key"]))
    if not keys:
        return pd.DataFrame(index=pd.Index([], name="key"))
    rows = pd.Categorical(aligned["key"], categories=keys).codes
    clauses, _ = pd.factorize(aligned["clause"], sort=True)
    sizes, shape = aligned["n_words"].to_numpy(dtype=float), (len(keys), int(clauses.max()) + 1)
    words, kept = (sparse.csc_array((values, (rows, clauses)), shape=shape) for values in (sizes, sizes * _likeness(aligned)))
    return pd.DataFrame(_dice(words, kept), index=pd.Index(keys, name="key"), columns=keys)


def _likeness(aligned: pd.DataFrame) -> Array:
    """How like each passage is the first version of its clause: the scores of its chain multiplied."""
    found: dict[str, float] = {}
    ordered = in_time(aligned, "passage")[["record_id", "counterpart", "score"]]
    for record, counterpart, score in ordered.itertuples(index=False):  # a counterpart stands in an earlier document
        found[record] = found[counterpart] * score if counterpart else 1.0
    return np.array([found[record] for record in aligned["record_id"]])


def _dice(words: Any, kept: Any) -> Array:
    """Distances from words by document and clause, and the same words weighted by likeness."""
    shared = np.zeros((words.shape[0],) * 2)
    several = np.flatnonzero(np.diff(words.indptr) > 1)
    for start, end in zip(words.indptr[several], words.indptr[several + 1], strict=True):
        documents, sizes = words.indices[start:end], words.data[start:end]
        like = kept.data[start:end] / np.maximum(sizes, 1)
        shared[np.ix_(documents, documents)] += sizes[:, None] * np.minimum.outer(like, like)
    total = words.sum(axis=1)
    both = total[:, None] + total[None, :]
    distance: Array = 1 - np.divide(shared + shared.T, both, out=np.zeros_like(both), where=both > 0)
    np.fill_diagonal(distance, 0.0)
    return np.asarray(np.round(np.clip(distance, 0, 1), 12))


def template_tree(distances: pd.DataFrame) -> pd.DataFrame:
    """The documents joined step by step, most alike first.

    Method: agglomerative clustering with average linkage (UPGMA; Sokal & Michener 1958) by SciPy.

    Args:
        distances: as `template_distance` gives them.

    Returns:
        A row a join: node (its name, "n0", "n1", …), left and right (a key or an earlier node), distance, documents below it.
    """
    distances = distances.sort_index(axis=0).sort_index(axis=1)
    names = [str(key) for key in distances.index]
    if len(names) < 2:
        return result([], TREE)
    rows = []
    joins = hierarchy.linkage(squareform(distances.to_numpy(dtype=float), checks=False), method="average")
    for i, (left, right, distance, count) in enumerate(joins):
        names.append(f"n{i}")
        rows.append((names[-1], names[int(left)], names[int(right)], float(distance), int(count)))
    return result(rows, TREE)


def newick(tree: pd.DataFrame) -> str:
    """The tree in Newick format, branch lengths as in an ultrametric tree (half the distance), for any tree viewer.

    Returns an empty text for an empty tree; names are quoted.
    """
    text: dict[str, str] = {}
    height: dict[str, float] = {}
    last = ""
    for node, left, right, distance, _ in tree.itertuples(index=False):
        sides = [f"{_newick_name(side, text)}:{distance / 2 - height.get(side, 0.0):.6f}" for side in (left, right)]
        text[node], height[node], last = f"({sides[0]},{sides[1]})", distance / 2, node
        for side in (left, right):
            text.pop(side, None)
    return f"{text[last]};" if last else ""


def _newick_name(name: str, text: dict[str, str]) -> str:
    quoted = name.replace("'", "''")
    return text.get(name, f"'{quoted}'")


def novelty(data: Data, documents: Iterable[str] | None = None, *, aligned: pd.DataFrame | None = None) -> pd.DataFrame:
    """How much of each document is new against all earlier ones, and how much of its text is reused.

    Method: each passage with its best counterpart in any earlier document (`align`); novelty is the mean of 1 - score weighted
    by words. The comparison with all that came before follows Barron et al. (2018, PNAS). Reused are words that stand in a run
    of eight or more which an earlier document has (names of parties masked), so that a sentence carried over counts also
    where its passage was written anew; such runs as a measure of text reuse: Wilkerson, Smith & Stramp (2015, AJPS). The first
    document is new by definition.

    Returns:
        A row a document in order of date, undated last: shares of its words in passages that are `same`, `near`, `reworded`
        and `new`, share of its words reused, novelty (0 to 1; NaN without words), the earlier document in which most of its
        words have their counterpart, with their share.
    """
    aligned = align(data, documents) if aligned is None else aligned
    reused = _reused(wording.clauses(data, set(aligned["key"])))
    rows = [_novelty(part, reused[str(key)]) for key, part in in_time(aligned, "passage").groupby("key", sort=False)]
    return result(rows, NOVELTY)


def _reused(clauses: pd.DataFrame) -> dict[str, int]:
    """Words of each document in runs that an earlier document has."""
    known: set[int] = set()
    out = {}
    for key, passages in clauses.groupby("key", sort=False)["masked"]:  # earlier documents come first
        out[str(key)] = sum(wording.repeated(words, RUN, known) for words in passages)
        known.update(run for words in passages for run in wording.runs(words, RUN))
    return out


def _novelty(part: pd.DataFrame, reused: int) -> tuple[object, ...]:
    place, words = (part["key"].iat[0], part["date"].iat[0], len(part)), part["n_words"].to_numpy(dtype=float)
    total = float(words.sum())
    if not total:
        return (*place, 0, *[float("nan")] * 6, "", float("nan"))
    shares = [float(words[(part["relation"] == r).to_numpy()].sum()) / total for r in (SAME, NEAR, REWORDED, NEW)]
    new = float((words * (1 - part["score"].to_numpy(dtype=float))).sum()) / total
    sources = part[part["counterpart_key"] != ""].groupby("counterpart_key", sort=True)["n_words"].sum()
    nearest = str(sources.idxmax()) if len(sources) else ""
    share = float(sources.max()) / total if len(sources) else 0.0
    return (*place, int(total), *shares, reused / total, new, nearest, share)
