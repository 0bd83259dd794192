"""How much of a template documents share: distances, a tree of them, text reused, novelty against all earlier documents."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.cluster import hierarchy
from scipy.spatial.distance import squareform

from pipeline.compare.alignment import align
from pipeline.compare.frames import Data, result
from pipeline.compare.linking import NEAR, NEW, REWORDED, SAME

NOVELTY = (
    "key", "date", "n_passages", "n_words", SAME, NEAR, REWORDED, NEW, "reused", "novelty", "nearest", "nearest_share",
)  # fmt: skip
TREE = ("node", "left", "right", "distance", "documents")


def template_distance(
    data: Data, documents: Iterable[str] | None = None, *, aligned: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Distance between every two documents: 1 less the share of their words that stand in clauses which both have.

    Method: Dice's coefficient (1945) over the clauses of `align`, counted in words of both documents: 0 where every clause
    has its counterpart in the other document, 1 where none has.

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
    shape = (len(keys), int(clauses.max()) + 1)
    words = sparse.csr_array((aligned["n_words"].to_numpy(dtype=float), (rows, clauses)), shape=shape)
    return pd.DataFrame(_dice(words), index=pd.Index(keys, name="key"), columns=keys)


def _dice(words: Any) -> Any:
    there = words.copy()
    there.data = np.ones_like(there.data)
    shared = (words @ there.T).toarray()
    total = words.sum(axis=1)
    both = total[:, None] + total[None, :]
    distance = 1 - np.divide(shared + shared.T, both, out=np.zeros_like(both), where=both > 0)
    np.fill_diagonal(distance, 0.0)
    return np.round(np.clip(distance, 0, 1), 12)


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

    Method: each passage with its best counterpart in any earlier document (`align`); novelty is the mean of 1 - score
    weighted by words, reused the share of words in passages that are the same or near. The first document is new by
    definition. The comparison with all that came before follows Barron et al. (2018, PNAS).

    Returns:
        A row a document in order of date: shares of its words by relation, reused, novelty (0 to 1; NaN without words), the
        earlier document that most of its words come from, with their share.
    """
    aligned = align(data, documents) if aligned is None else aligned
    rows = [_novelty(part) for _, part in aligned.groupby(["date", "key"], sort=True)]
    return result(rows, NOVELTY)


def _novelty(part: pd.DataFrame) -> tuple[object, ...]:
    words = part["n_words"].to_numpy(dtype=float)
    total = float(words.sum())
    if not total:
        nothing = [float("nan")] * 6
        return (part["key"].iat[0], part["date"].iat[0], len(part), 0, *nothing, "", float("nan"))
    shares = [float(words[(part["relation"] == r).to_numpy()].sum()) / total for r in (SAME, NEAR, REWORDED, NEW)]
    new = float((words * (1 - part["score"].to_numpy(dtype=float))).sum()) / total
    sources = part[part["counterpart_key"] != ""].groupby("counterpart_key", sort=True)["n_words"].sum()
    nearest = str(sources.idxmax()) if len(sources) else ""
    share = float(sources.max()) / total if len(sources) else 0.0
    return (part["key"].iat[0], part["date"].iat[0], len(part), int(total), *shares, shares[0] + shares[1], new, nearest, share)
