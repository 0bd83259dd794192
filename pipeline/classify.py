"""Passages -> tags: which areas a passage belongs to, and by which words.

This version tags by the codebook's terms alone: a term in the passage, or in the heading or lead-in that the passage is an
instance of (`[headings]` of the codebook). A trained classifier joins here: it replaces `by_terms` and keeps the evidence.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.codebook.areas import Codebook
from pipeline.records import PASSAGE_KINDS, Annotations, Block, Document, Extent, Tag, TermHit


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage with what is known of its areas before any decision.

    Attributes:
        hits: the terms in the passage, by start.
        inherited: the terms of its heading and lead-in that count for it.
    """

    block: Block
    hits: tuple[TermHit, ...]
    inherited: tuple[TermHit, ...] = ()


def tag(document: Document, annotations: Annotations, codebook: Codebook) -> list[Tag]:
    """The areas of every passage, by passage and then in the codebook's order."""
    return [t for passage in passages(document, annotations, codebook) for t in by_terms(passage, codebook)]


def passages(document: Document, annotations: Annotations, codebook: Codebook) -> Iterator[Passage]:
    """The passages of a document with their terms, in order."""
    hits = sorted(annotations.terms, key=lambda h: (h.start, h.end))
    starts = [h.start for h in hits]

    def inside(block: Block) -> tuple[TermHit, ...]:
        return tuple(hits[bisect_left(starts, block.start) : bisect_left(starts, block.end)])

    headings = _Headings(document, codebook)
    for block in document.blocks:
        if block.kind == "heading":
            headings.places[document.slice(block)] = block.start
        elif block.kind in PASSAGE_KINDS:
            shares = codebook.headings.get(block.kind, {})
            inherited = headings.terms(block, shares["heading"]) if "heading" in shares else []
            if block.lead_in is not None and "lead_in" in shares:
                lead_in = document.blocks[block.lead_in]
                inherited += naming(inside(lead_in), lead_in.end - lead_in.start, share=shares["lead_in"])
            yield Passage(block, inside(block), tuple(inherited))


class _Headings:
    """The terms of headings, looked for by their words, because a ready-made passage names headings that stand in no block."""

    def __init__(self, document: Document, codebook: Codebook) -> None:
        self.title = document.metadata.text_of("title")
        self.codebook = codebook
        self.places: dict[str, int] = {}
        self._known: dict[str, list[TermHit]] = {}

    def terms(self, block: Block, share: float) -> list[TermHit]:
        """Those of the heading right above the block; the title is none, it says little of a single passage.

        On the 5,600 coded real passages 127 of 361 tags from titles alone are right. A heading that stands nowhere in the text
        gives hits of no extent.
        """
        heading = block.heading_path[-1] if block.heading_path else ""
        if not heading or heading == self.title:
            return []
        if heading not in self._known:
            found = [TermHit(h.start, h.end, h.area, h.term.text, h.term.sub_area) for h in self.codebook.find(heading)]
            self._known[heading] = naming(found, len(heading), share=share)
        place = self.places.get(heading)
        if place is None:
            return [replace(h, start=0, end=0) for h in self._known[heading]]
        return [replace(h, start=h.start + place, end=h.end + place) for h in self._known[heading]]


def naming(hits: Sequence[TermHit], length: int, share: float) -> list[TermHit]:
    """Those hits whose area's terms make up at least `share` of the `length` characters in which they stand."""
    letters: dict[str, int] = {}
    for hit in hits:
        letters[hit.area] = letters.get(hit.area, 0) + hit.end - hit.start
    return [h for h in hits if letters[h.area] >= share * length]


def by_terms(passage: Passage, codebook: Codebook) -> list[Tag]:
    """One asserted tag for each area that has a term."""
    tags = []
    hits = (*passage.hits, *passage.inherited)
    for area in codebook.areas:
        own = [h for h in hits if h.area == area.id]
        if own:
            tags.append(
                Tag(
                    start=passage.block.start,
                    end=passage.block.end,
                    area=area.id,
                    probability=1.0,
                    evidence=tuple(Extent(h.start, h.end) for h in own if h.end > h.start),
                    model_id=f"terms-{codebook.version}",
                    sub_areas=tuple(s.id for s in area.sub_areas if any(h.sub_area == s.id for h in own)),
                )
            )
    return tags


def residue(document: Document, annotations: Annotations, tags: Sequence[Tag]) -> list[Block]:
    """The passages about security or defence cooperation that carry no area: they have a residue term and no asserted tag."""
    tagged = {t.start for t in tags if t.status == "asserted"}
    places = sorted(h.start for h in annotations.terms if not h.area)
    untagged = [b for b in document.passages() if b.start not in tagged]
    return [b for b in untagged if bisect_left(places, b.start) < bisect_left(places, b.end)]
