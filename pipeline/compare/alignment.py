"""Clause alignment: which passages of documents are the same, near, reworded, or without a counterpart."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import replace
from typing import TypeAlias

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

from pipeline.compare import linking, wording
from pipeline.compare.frames import Data, result
from pipeline.compare.linking import NEAR, NEAR_FROM, NEW, REWORDED, SAME

_PLACE = ("record_id", "key", "date", "passage", "number", "heading_path", "citation", "n_words", "text")
ALIGNED = ("clause", *_PLACE, "relation", "score", "counterpart", "counterpart_key", "counterpart_citation", "counterpart_text")
_SIDE = ("record_id", "passage", "number", "citation", "text")
PAIRED = ("relation", "score", *(f"{c}_a" for c in _SIDE), *(f"{c}_b" for c in _SIDE), "redline")
Links: TypeAlias = dict[tuple[int, int], linking.Link]
#: Score that is enough between two neighbours that are counterparts, where little else could be meant.
_BETWEEN_FROM, _BETWEEN_COSINE = 0.3, 0.15
#: What a neighbour in place is worth between two counterparts of the same score; only breaks ties.
_PLACE_WORTH = 0.01


def align(data: Data, documents: Iterable[str] | None = None) -> pd.DataFrame:
    """Every passage of two or more documents with its best counterpart in an earlier one.

    Method: equal words by hash; near matches by MinHash and locality-sensitive hashing (Broder 1997), Jaccard of three-word
    runs 0.5 or more; rewording by TF-IDF cosine and word order (Salton & Buckley 1988; Ratcliff & Metzener 1988), or half of
    the shorter passage's runs in the longer one. Names of each document's own parties are masked except for *same*, so a
    template shows whoever signs it. Of 52 rewordings read by hand in 980 documents 46 are right. Cost near linear: 0.35, 0.39
    and 0.42 ms a passage for 500, 1,000 and 2,000 documents (`tests/benchmarks/bench_compare.py`). The more passages, the
    higher the score that a rewording needs (`linking.reworded_from`): align the documents of a series by themselves.

    Args:
        documents: keys; all for None. Their order does not matter: earlier is earlier by date, then by key; undated are last.

    Returns:
        A row a passage: relation `same`, `near`, `reworded` or `new` (without counterpart), score 0 to 1, the counterpart
        with its text, and `clause`: record_id of the first passage that the chain of counterparts leads to, shared by all its
        versions.

    Raises:
        SettingsError: there is no document with one of the keys.
    """
    frame = wording.clauses(data, documents)
    links = linking.link(frame)
    columns: list[list[str]] = [frame[name].to_list() for name in ("record_id", "key", "citation", "text")]
    roots = _roots(links)
    rows = []
    for place, one, root in zip(frame[list(_PLACE)].itertuples(index=False), links, roots, strict=True):
        other = [column[one.row] if one.row >= 0 else "" for column in columns]
        rows.append((columns[0][root], *place, one.relation, one.score, *other))
    return result(rows, ALIGNED)


def _roots(links: list[linking.Link]) -> list[int]:
    """For each row the row that its chain of counterparts ends at."""
    roots: list[int] = []
    for i, one in enumerate(links):  # a counterpart stands in an earlier document, so its root is known
        roots.append(roots[one.row] if one.row >= 0 else i)
    return roots


def align_pair(data: Data, a: str, b: str) -> pd.DataFrame:
    """Two documents side by side, each passage with its counterpart, with a word-level redline.

    Method: scores as in `align`; the pairs with the largest sum of scores, found by the Hungarian method (Kuhn 1955; Crouse
    2016), so that a formula repeated within a document is paired once and in place. What is left over stands beside the
    passage that it rewords all the same: one that was split or merged has a row for each part. Of 123 pairs in eight pairs of
    consecutive statements (Quad, TTC, G7), read by hand, about 105 are right, and 49 of 67 true rewordings are found. For
    documents, not corpora: the cost grows with the product of their passages.

    Args:
        a, b: keys; `a` is the older side of the redline.

    Returns:
        In the order of `b`, passages of `a` without counterpart where they would stand: relation (`same`, `near`, `reworded`,
        `only_a`, `only_b`), score, place and text on both sides, redline "[-struck out-]{+put in+}" where the texts differ.

    Raises:
        SettingsError: there is no such document.
    """
    frame = wording.clauses(data, [a, b])
    left, right = (frame[frame["key"] == key].reset_index(drop=True) for key in (a, b))
    pairs = _pairs(left, right)
    rows = [(_at(pairs, i, j), _pair_row(left, right, i, j, one)) for i, j, one in pairs]
    taken_a, taken_b = {i for i, _, _ in pairs}, {j for _, j, _ in pairs}
    missing = [(i, -1) for i in range(len(left)) if i not in taken_a] + [(-1, j) for j in range(len(right)) if j not in taken_b]
    rows += [(_at(pairs, i, j), _pair_row(left, right, i, j, linking.Link())) for i, j in missing]
    return result([row for _, row in sorted(rows, key=lambda r: r[0])], PAIRED)


def _at(pairs: list[tuple[int, int, linking.Link]], i: int, j: int) -> tuple[float, int]:
    """Where a row stands: at its passage of b, or after the counterpart of the nearest passage of a before it."""
    if j >= 0:
        return float(j), 0
    before = [other for mine, other, _ in pairs if mine < i]
    return (before[-1] + 0.5 if before else -0.5), i


def _pairs(left: pd.DataFrame, right: pd.DataFrame) -> list[tuple[int, int, linking.Link]]:
    """Best one-to-one pairs in the order of `left`, and the further parts of what was split or merged."""
    if left.empty or right.empty:
        return []
    links = _scores(left, right)
    worth = np.zeros((len(left), len(right)))
    for (i, j), one in links.items():
        if one.relation != NEW:
            apart = abs((i + 1) / len(left) - (j + 1) / len(right))
            worth[i, j] = one.score + {SAME: 0.5, NEAR: 0.25}.get(one.relation, 0.0) + _PLACE_WORTH * (1 - apart)
    best = zip(*linear_sum_assignment(worth, maximize=True), strict=True)
    sure = {int(i): int(j) for i, j in best if worth[i, j] > 0}
    found = sure | _between(sure, links)
    pairs = sorted([*found.items(), *_parts(found, links)])
    return [(i, j, replace(links[i, j], relation=links[i, j].relation.replace(NEW, REWORDED))) for i, j in pairs]


def _parts(found: dict[int, int], links: Links) -> list[tuple[int, int]]:
    """For each passage that is left over the best rewording of it that has its counterpart already.

    A repeated formula (*same*, *near*) is no part of another. Read by hand, 20 of 25 such pairs in three series of statements
    are right: one passage on two matters became two, or the reverse.
    """
    taken = set(found.values())
    out: dict[tuple[str, int], tuple[int, int]] = {}
    for (i, j), one in sorted(links.items(), key=lambda item: (-item[1].score, item[0])):
        if (i in found) != (j in taken) and one.relation == REWORDED:
            out.setdefault(("b", j) if i in found else ("a", i), (i, j))
    return list(out.values())


def _between(sure: dict[int, int], links: Links) -> dict[int, int]:
    """Further pairs of what is left, best first, where the nearest counterparts before and after are the same on both sides."""
    before, taken = sorted(sure), set(sure.values())
    behind = sorted(taken)
    out: dict[int, int] = {}
    for i, j in sorted(links, key=lambda at: (-links[at].score, at)):
        free = i not in sure and i not in out and j not in taken
        above, below = bisect_left(before, i), bisect_left(behind, j)
        if free and above == below and {sure[k] for k in before[:above]} == set(behind[:below]):
            out[i] = j
            taken.add(j)
    return out


def _scores(left: pd.DataFrame, right: pd.DataFrame) -> Links:
    """Every pair that could be counterparts; `new` are those whose score is enough between counterparts only."""
    a, b = (linking.texts(side["masked"]) for side in (left, right))
    exact_a, exact_b = left["exact"].to_list(), right["exact"].to_list()
    weights = linking.vectors([one.words for one in (*a, *b)])
    cosines = (weights[: len(a)] @ weights[len(a) :].T).toarray()
    out: Links = {}
    for i, j in np.argwhere(cosines >= _BETWEEN_COSINE).tolist():
        near = linking.jaccard(a[i].runs, b[j].runs)
        if exact_a[i] == exact_b[j]:
            out[i, j] = linking.Link(j, SAME, 1.0)
        elif near >= NEAR_FROM:
            out[i, j] = linking.Link(j, NEAR, near)
        elif value := linking.reworded(cosines[i, j], a[i], b[j], passages=len(a) + len(b)):
            out[i, j] = linking.Link(j, REWORDED, value)
        elif (value := linking.score(cosines[i, j], a[i].words, b[j].words)) >= _BETWEEN_FROM:
            out[i, j] = linking.Link(j, NEW, value)
    return out


def _pair_row(left: pd.DataFrame, right: pd.DataFrame, i: int, j: int, one: linking.Link) -> tuple[object, ...]:
    sides = [_side(left, i), _side(right, j)]
    relation = one.relation if one.relation != NEW else ("only_a" if j < 0 else "only_b")
    texts = str(sides[0][-1]), str(sides[1][-1])
    shown = wording.marked(*texts) if i >= 0 and j >= 0 and texts[0] != texts[1] else ""
    return (relation, one.score, *sides[0], *sides[1], shown)


def _side(frame: pd.DataFrame, i: int) -> tuple[object, ...]:
    return tuple(frame[name].iat[i] for name in _SIDE) if i >= 0 else ("", None, "", "", "")
