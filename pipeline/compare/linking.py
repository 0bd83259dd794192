"""Finds for every passage its counterpart in earlier documents, at a cost near linear in the number of passages.

1. *same*: equal words (hash). 2. *near*: MinHash over runs of three words and locality-sensitive hashing (Broder 1997;
Leskovec, Rajaraman & Ullman 2020, ch. 3, by datasketch), checked by the exact Jaccard coefficient. 3. *reworded*: TF-IDF
vectors (Salton & Buckley 1988); candidates are those that share one of the passage's rarest words, checked by cosine and word
order, or by how much of the shorter one the longer one holds. A passage that repeats an indexed one is not indexed again, and
a word is looked up in a fixed number of passages, so formulas that stand in every document do not make the search slower.

Static embeddings (wordllama 0.4, 256 dimensions, weighted by inverse document frequency) did not earn their place. Of 357 pairs
judged by hand (eight pairs of consecutive Quad, TTC and G7 statements; 67 the same matter carried on), average precision is
0.83 for the cosine of TF-IDF, 0.82 for its mean with word order, 0.66 for embeddings, 0.77 for embeddings sentence by sentence
and 0.81 to 0.83 for TF-IDF with either. At a precision of 0.8 they find 47, 48, 20, 42 and 40 to 48 of the 67. Stems, prefixes,
letter n-grams and pairs of words as features lie between 0.79 and 0.84.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from datasketch import MinHash, MinHashLSH
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize

from pipeline.compare import wording

Matrix: TypeAlias = Any  # scipy.sparse.csr_array: scipy ships no types
SAME, NEAR, REWORDED, NEW = "same", "near", "reworded", "new"
#: Jaccard coefficient of three-word runs from which a passage is the same clause with small changes.
NEAR_FROM = 0.5
#: Score from which a passage is another wording (see `score`), by the number of passages looked through, since the best of more
#: candidates is higher by chance: 0.26 for 100, 0.055 more for ten times as many. Read by hand, four of five pairs are right
#: from 0.26 in pairs of consecutive statements (20 of 24 up to 0.3), from 0.35 among 2,600 passages of 144 joint statements (10
#: of 11 up to 0.4) and, of 25 words or more, from 0.4 among 47,000 of 980 documents (23 of 28 up to 0.5).
_FEW, _FROM_FEW, _FROM_MORE, _MANY = 100, 0.26, 0.055, 50_000
#: What passages with fewer words need in addition. Among 47,000, of seven pairs of 15 to 24 words 3 are right at 0.4 to 0.45
#: and 6 at 0.5 to 0.6; of 10 to 14 words 3 and 6; of 5 to 9 words 1 and 3.
_SHORT = ((10, 0.2), (25, 0.1))
#: Share of the shorter passage's three-word runs that stand in the longer one from which it is a part of it, and the words that
#: it must have. In 980 documents 26 of 26 such pairs are right, and so are 6 of 7 that the score alone would leave out.
_PART_FROM, _PART_WORDS = 0.5, 10
_PERMUTATIONS = 64
#: Above this a passage adds nothing to the index that the one it repeats does not hold.
_REPEATS_FROM = 0.9
#: Nor does one that has so many versions there: the index of a template used by all stays small.
_CROWD = 20
#: Fewer words say too little for anything but equality ("Washington, DC").
_FEWEST = 5
#: Rarest words of a passage by which candidates for rewording are found, and passages, the earliest, looked up by each.
_RARE, _POSTINGS = 8, 200
#: Cosine below which word order is not looked at.
_COSINE_FROM = 0.2
_TRIED = 6
_ROWS = 2000


@dataclass(frozen=True, slots=True)
class Link:
    """The counterpart of a passage: its row among the passages, what it is (`SAME`, …) and how like, 0 to 1."""

    row: int = -1
    relation: str = NEW
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Text:
    """The words of a passage and the hashes of its runs of three."""

    words: list[str]
    runs: frozenset[int]


def texts(masked: Iterable[list[str]]) -> list[Text]:
    """The passages with their runs."""
    return [Text(words, wording.shingles(words)) for words in masked]


def link(frame: pd.DataFrame) -> list[Link]:
    """The best counterpart of every passage in an earlier document; the earliest of equals.

    Args:
        frame: as `wording.clauses` gives it, earlier documents first.
    """
    hashes = _Hashes(frame)
    found = hashes.links()
    long = frame["n_words"].to_numpy(dtype=int) >= _FEWEST
    rest = [i for i, one in enumerate(found) if one.relation == NEW and long[i]]
    for i, one in _reworded(frame, hashes.texts, rest):
        found[i] = one
    return found


class _Hashes:
    """Exact and near matches, found in one pass from the first passage to the last."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self.keys: list[str] = frame["key"].to_list()
        self.exact: list[str] = frame["exact"].to_list()
        self.texts = texts(frame["masked"])
        self.index = MinHashLSH(threshold=NEAR_FROM, num_perm=_PERMUTATIONS)
        self.blank = MinHash(num_perm=_PERMUTATIONS, hashfunc=int)
        self.first: dict[str, int] = {}
        self.first_masked: dict[tuple[str, ...], int] = {}

    def links(self) -> list[Link]:
        return [self.link(i) for i in range(len(self.keys))]

    def link(self, i: int) -> Link:
        words = tuple(self.texts[i].words)
        same = self.first.setdefault(self.exact[i], i)
        like = self.first_masked.setdefault(words, i)
        if self.exact[i] and self.keys[same] != self.keys[i]:
            return Link(same, SAME, 1.0)
        if len(words) < _FEWEST:
            return Link()
        if like != i:
            return Link(like, NEAR, 1.0) if self.keys[like] != self.keys[i] else Link()
        return self.near(i)

    def near(self, i: int) -> Link:
        """Asks the index and adds the passage to it, unless it says nothing that is not there."""
        runs, sketch = self.texts[i].runs, self.blank.copy()
        sketch.update_batch(list(runs))
        scored = [(jaccard(runs, self.texts[j].runs), -j) for j in self.index.query(sketch)]
        if max(scored, default=(0.0, 0))[0] < _REPEATS_FROM and sum(s >= NEAR_FROM for s, _ in scored) < _CROWD:
            self.index.insert(i, sketch)
        score, minus = max((s for s in scored if self.keys[-s[1]] != self.keys[i]), default=(0.0, 0))
        return Link(-minus, NEAR, score) if score >= NEAR_FROM else Link()


def jaccard(a: frozenset[int], b: frozenset[int]) -> float:
    """Share of what either holds that both hold (Jaccard 1912)."""
    both = len(a & b)
    return both / (len(a) + len(b) - both) if both else 0.0


def score(cosine: float, a: Sequence[str], b: Sequence[str]) -> float:
    """How far two texts say the same in other words: mean of the cosine of their TF-IDF vectors and of their word order."""
    return (cosine + wording.order(a, b)) / 2


def reworded_from(words: int, passages: int) -> float:
    """Score from which a passage is another wording of one of `passages`, the shorter of the two having so many words."""
    many = min(max(passages, _FEW), _MANY)
    short = next((more for below, more in _SHORT if words < below), 0.0)
    return _FROM_FEW + _FROM_MORE * math.log10(many / _FEW) + short


def part(a: Text, b: Text) -> float:
    """Share of `b` that stands in `a` where the shorter of them is a part of the longer, else 0."""
    both = len(a.runs & b.runs)
    enough = min(len(a.words), len(b.words)) >= _PART_WORDS and both >= _PART_FROM * min(len(a.runs), len(b.runs))
    return both / len(b.runs) if enough else 0.0


def reworded(cosine: float, a: Text, b: Text, *, passages: int, known: float = 0.0) -> float:
    """Score of `b` as a rewording of `a`, 0 if it is none or certain to be below `known`.

    Where one is a part of the other, as when a passage was split, the score is at least the share of `b` that stands in `a`.

    Args:
        cosine: of their TF-IDF vectors.
        passages: how many were looked through.
    """
    short, both = min(len(a.words), len(b.words)), len(a.words) + len(b.words)
    least, inside = reworded_from(short, passages), part(a, b)
    needed = max(least, known) * both - cosine * both / 2
    if not inside and (short < needed or (Counter(a.words) & Counter(b.words)).total() < needed):
        return 0.0  # not even if all words of the shorter, or all that both have, stood in the same order
    value = max(score(cosine, a.words, b.words), inside)
    return round(value, 9) if short and (inside or value >= least) else 0.0


def vectors(texts: Sequence[Sequence[str]], *, emphasis: bool = False) -> Matrix:
    """TF-IDF vectors of length 1, one row a text; an empty matrix where no text has a word.

    Args:
        emphasis: weighs each word by its inverse document frequency once more, for short texts of a small collection, where
            common words would otherwise outweigh the few that matter.
    """
    if not any(texts):
        return sparse.csr_array((len(texts), 1))
    weighter = TfidfVectorizer(analyzer=list, sublinear_tf=True)
    weights = sparse.csr_array(weighter.fit_transform(texts))
    return normalize(weights @ sparse.diags_array(weighter.idf_)) if emphasis else weights


def _reworded(frame: pd.DataFrame, passages: list[Text], rest: list[int]) -> list[tuple[int, Link]]:
    """Links of those among the rows `rest` that say in other words what an earlier document says."""
    if not rest:
        return []
    document = pd.factorize(frame["key"])[0]  # goes up with the rows, as earlier documents come first
    asked = np.asarray(rest)
    leaders = asked[~frame["masked"].iloc[rest].map(tuple).duplicated().to_numpy(dtype=bool)]
    weights = vectors([one.words for one in passages])
    pool = _earliest(weights[leaders])
    rare = _rarest(weights[leaders], weights[asked])
    out: list[tuple[int, Link]] = []
    for start in range(0, len(asked), _ROWS):
        rows = asked[start : start + _ROWS]
        pairs = _candidates(sparse.csr_array(rare[start : start + _ROWS] @ pool.T), rows, leaders, document)
        cosines = weights[pairs[:, 0]].multiply(weights[pairs[:, 1]]).sum(axis=1)
        out += _best(pairs, np.round(np.asarray(cosines).ravel(), 9), passages)
    return out


def _earliest(pool: Matrix) -> Matrix:
    """`pool` with the first `_POSTINGS` passages of every word only, which bounds the cost of looking a word up."""
    columns = sparse.csc_array(pool)
    columns.sort_indices()
    starts = np.repeat(columns.indptr[:-1], np.diff(columns.indptr))
    kept = np.flatnonzero(np.arange(columns.nnz) - starts < _POSTINGS)
    ends = np.searchsorted(kept, columns.indptr)
    return sparse.csr_array(sparse.csc_array((columns.data[kept], columns.indices[kept], ends), shape=pool.shape))


def _rarest(pool: Matrix, asked: Matrix) -> Matrix:
    """`asked` with the rarest words of each row only, of those that two or more passages of the pool have."""
    shared = np.bincount(pool.indices, minlength=pool.shape[1])
    keep = shared >= 2
    columns, values, ends = [], [], [0]
    for start, end in zip(asked.indptr[:-1], asked.indptr[1:], strict=True):
        own = np.arange(start, end)[keep[asked.indices[start:end]]]
        own = own[np.lexsort((asked.indices[own], shared[asked.indices[own]]))[:_RARE]]
        columns.append(asked.indices[own])
        values.append(asked.data[own])
        ends.append(ends[-1] + len(own))
    return sparse.csr_array((np.concatenate(values), np.concatenate(columns), ends), shape=asked.shape)


def _candidates(shared: Matrix, rows: Any, leaders: Any, document: Any) -> Any:
    """For each row the passages of earlier documents whose rare words weigh most, the earlier of equals: (n, 2)."""
    out = [np.empty((0, 2), dtype=np.int64)]
    for i, start, end in zip(rows, shared.indptr[:-1], shared.indptr[1:], strict=True):
        others, weight = leaders[shared.indices[start:end]], shared.data[start:end]
        earlier = document[others] < document[i]
        others, weight = others[earlier], np.round(weight[earlier], 9)
        others = others[np.lexsort((others, -weight))[:_TRIED]]
        out.append(np.column_stack((np.full(len(others), i), others)))
    return np.concatenate(out)


def _best(pairs: Any, cosines: Any, passages: list[Text]) -> list[tuple[int, Link]]:
    """The best pair of each row that is good enough."""
    best: dict[int, Link] = {}
    for (i, j), cosine in zip(pairs.tolist(), cosines.tolist(), strict=True):
        known = best.get(i, Link())
        if cosine < _COSINE_FROM:
            continue
        value = reworded(cosine, passages[j], passages[i], passages=len(passages), known=known.score)
        if value > 0 and (value, -j) > (known.score, -known.row):
            best[i] = Link(j, REWORDED, value)
    return list(best.items())
