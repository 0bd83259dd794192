"""Passages -> numbers: how far the codebook's terms in a passage have proved true, and its words and pairs of words.

A term's trust is measured on the training passages and shrunk towards that of all terms. For a training passage it is measured
without the passage's own document: the terms were worked over on the same passages, and would else look better than they are.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from pipeline.classify.passages import Passage

Array: TypeAlias = npt.NDArray[np.float32]
Key: TypeAlias = tuple[str, str]

#: The columns of `term_features`; the classifier adds the logit of the words, and that logit where a term stands.
COLUMNS = ("term", "trust", "more_terms", "unproved", "inherited", "near", "other_areas", "titled")
#: A term counts as if it had been seen this many times more with the trust of all terms. Not tuned: one of `2, 4, 8`.
PRIOR = 4.0
WORD = re.compile(r"[^\W_](?:[\w'’-]*\w)?")


def words(text: str) -> list[tuple[str, int, int]]:
    """Words in lower case with their extents; a hyphenated word is one.

    >>> words("Co-operate, now.")
    [('co-operate', 0, 10), ('now', 12, 15)]
    """
    return [(m.group().lower(), m.start(), m.end()) for m in WORD.finditer(text)]


def ngrams(text: str) -> list[str]:
    """Words and pairs of neighbouring words."""
    single = [w for w, _, _ in words(text)]
    return single + [f"{a} {b}" for a, b in pairwise(single)]


def singles(text: str) -> list[str]:
    """Words without pairs, for headings and lead-ins, which are short and varied."""
    return [w for w, _, _ in words(text)]


@dataclass(frozen=True)
class Trust:
    """How far each term is to be trusted.

    Attributes:
        logits: (area, term) -> log-odds that a passage with the term has the area.
        prior: the log-odds of a term that has not been seen.
    """

    logits: Mapping[Key, float]
    prior: float

    def of(self, keys: Iterable[Key]) -> tuple[float, bool]:
        """Log-odds of the best of these terms, and whether none of them has been seen before."""
        known = [k for k in keys if k in self.logits]
        best = max((self.logits[k] for k in known), default=self.prior)
        return best, not known


class TermCounts:
    """Counts how often a term's area was right, in all documents and in each."""

    def __init__(self, passages: Sequence[Passage], areas: Sequence[frozenset[str]], groups: Sequence[str]) -> None:
        self.by_group: dict[str, Counter[tuple[Key, bool]]] = defaultdict(Counter)
        for passage, given, group in zip(passages, areas, groups, strict=True):
            for key in {(h.area, h.term) for h in passage.hits if h.area}:
                self.by_group[group][key, key[0] in given] += 1
        self.total: Counter[tuple[Key, bool]] = Counter()
        for counts in self.by_group.values():
            self.total.update(counts)
        right = sum(n for (_, yes), n in self.total.items() if yes)
        self.rate = (right + 1) / (self.total.total() + 2)

    def trust(self, without: str | None = None) -> Trust:
        """The trust of all terms, measured without the documents of one group if one is named."""
        own = self.by_group.get(without, Counter[tuple[Key, bool]]()) if without is not None else None
        if own is None:
            return Trust({k: t for k in {k for k, _ in self.total} if (t := self._logit(k, {})) is not None}, self._prior())
        # Only this group's terms differ from the whole, so only they are worked out: the others are never asked for.
        return Trust({k: t for k in {k for k, _ in own} if (t := self._logit(k, own)) is not None}, self._prior())

    def _prior(self) -> float:
        return math.log(self.rate / (1 - self.rate))

    def _logit(self, key: Key, less: Mapping[tuple[Key, bool], int]) -> float | None:
        right = self.total[key, True] - less.get((key, True), 0)
        wrong = self.total[key, False] - less.get((key, False), 0)
        if right + wrong == 0:
            return None
        return math.log((right + PRIOR * self.rate) / (wrong + PRIOR * (1 - self.rate)))


def term_features(passage: Passage, areas: Sequence[str], trust: Trust) -> Array:
    """One row an area, columns as in `COLUMNS`."""
    terms: dict[str, set[str]] = defaultdict(set)
    for hit in passage.hits:
        if hit.area:
            terms[hit.area].add(hit.term)
    inherited = {h.area for h in passage.inherited}
    out = np.zeros((len(areas), len(COLUMNS)), dtype=np.float32)
    for row, area in zip(out, areas, strict=True):
        own = terms.get(area)
        if own:
            best, unproved = trust.of((area, t) for t in own)
            row[:4] = 1, best, min(len(own) - 1, 3), unproved
            row[6] = min(len(terms) - 1, 3)
        row[4] = area in inherited
        row[5] = area in passage.near and area not in inherited
        row[7] = area in passage.titled
    return out


@dataclass(frozen=True)
class Weights:
    """A linear model of n-grams: TF-IDF (1 + log of the count, unit length), then one weight an n-gram and area.

    Attributes:
        vocabulary: n-gram -> row.
        idf: (n-grams,) inverse document frequencies.
        weights: (n-grams, areas).
    """

    vocabulary: dict[str, int]
    idf: Array
    weights: Array

    def rows(self, grams: Iterable[str]) -> tuple[npt.NDArray[np.intp], Array]:
        """The rows of the known n-grams and their TF-IDF values, of unit length together."""
        counts = Counter(i for g in grams if (i := self.vocabulary.get(g)) is not None)
        rows = np.fromiter(counts.keys(), dtype=np.intp, count=len(counts))
        values = (1 + np.log(np.fromiter(counts.values(), dtype=np.float32, count=len(counts)))) * self.idf[rows]
        length = float(np.sqrt((values**2).sum()))
        return rows, values / length if length else values

    def logits(self, grams: Iterable[str]) -> Array:
        """One logit an area, without intercept."""
        rows, values = self.rows(grams)
        out: Array = values @ self.weights[rows]
        return out
