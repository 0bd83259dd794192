"""Working on a codebook: how well each term does on coded passages, and what a change of the codebook changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipeline.codebook.areas import Codebook


@dataclass(frozen=True, slots=True)
class TermScore:
    """How a term does for an area on coded passages.

    Attributes:
        passages: how many passages it stands in and counts for.
        right: how many of them are coded with the area.
        alone: how many get the area by this term only and are not coded with it: what dropping it would mend.
        positives: passages coded with the area.
    """

    area: str
    term: str
    passages: int
    right: int
    alone: int
    positives: int

    @property
    def precision(self) -> float:
        """Share of its passages that are coded with the area."""
        return self.right / self.passages

    @property
    def recall(self) -> float:
        """Share of the area's passages that it stands in."""
        return self.right / self.positives if self.positives else 0.0


@dataclass(frozen=True, slots=True)
class Change:
    """A passage whose areas by terms differ between two codebooks."""

    record_id: str
    citation: str
    lost: tuple[str, ...]
    gained: tuple[str, ...]
    text: str


def score_terms(codebook: Codebook, coded: Iterable[tuple[str, Iterable[str]]]) -> list[TermScore]:
    """Every term that occurs, by area, the least precise first.

    Args:
        coded: text of a passage and the ids of its areas.
    """
    counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    positives: dict[str, int] = defaultdict(int)
    for text, areas in coded:
        truth = set(areas)
        for area in truth:
            positives[area] += 1
        for area, terms in terms_by_area(codebook, text).items():
            for term in terms:
                count = counts[area, term]
                count[0] += 1
                count[1] += area in truth
                count[2] += len(terms) == 1 and area not in truth
    scores = [TermScore(area, term, n, right, alone, positives[area]) for (area, term), (n, right, alone) in counts.items()]
    return sorted(scores, key=lambda s: (s.area, s.precision, -s.passages, s.term))


def terms_by_area(codebook: Codebook, text: str) -> dict[str, set[str]]:
    """The terms in a passage that count, by area."""
    found: dict[str, set[str]] = defaultdict(set)
    for hit in codebook.find(text):
        if hit.area:
            found[hit.area].add(hit.term.text)
    return found


def changes(old: Codebook, new: Codebook, passages: Iterable[tuple[str, str, str]]) -> Iterator[Change]:
    """The passages whose areas by their own terms differ.

    Args:
        passages: record id, citation and text.
    """
    for record_id, citation, text in passages:
        before, after = set(terms_by_area(old, text)), set(terms_by_area(new, text))
        if before != after:
            yield Change(record_id, citation, tuple(sorted(before - after)), tuple(sorted(after - before)), text)
