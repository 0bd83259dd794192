"""Passages -> tags: which areas a passage belongs to, and by which words.

This version tags by the codebook's terms alone: a term in the passage, or in the heading or lead-in that the passage is an
instance of (`[headings]` of the codebook). A trained classifier joins here: it replaces `by_terms` and keeps the evidence.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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

    headings: dict[str, Block] = {}
    for block in document.blocks:
        if block.kind == "heading":
            headings[document.slice(block)] = block
        elif block.kind in PASSAGE_KINDS:
            above = _contexts(document, block, headings)
            shares = codebook.headings.get(block.kind, {})
            inherited = [h for name, b in above for h in naming(inside(b), b, share=shares.get(name, 2.0))]
            yield Passage(block, inside(block), tuple(inherited))


def _contexts(document: Document, block: Block, headings: dict[str, Block]) -> Iterator[tuple[str, Block]]:
    if block.heading_path and block.heading_path[-1] in headings:
        yield "heading", headings[block.heading_path[-1]]
    if block.lead_in is not None:
        yield "lead_in", document.blocks[block.lead_in]


def naming(hits: Sequence[TermHit], block: Block, share: float) -> list[TermHit]:
    """Those hits whose area's terms make up at least `share` of the block's characters."""
    letters: dict[str, int] = {}
    for hit in hits:
        letters[hit.area] = letters.get(hit.area, 0) + hit.end - hit.start
    return [h for h in hits if letters[h.area] >= share * (block.end - block.start)]


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
                    evidence=tuple(Extent(h.start, h.end) for h in own),
                    model_id=f"terms-{codebook.version}",
                    sub_areas=tuple(s.id for s in area.sub_areas if any(h.sub_area == s.id for h in own)),
                )
            )
    return tags


def residue(document: Document, codebook: Codebook, tags: Sequence[Tag]) -> list[Block]:
    """The passages about security or defence cooperation that carry no area: they have a residue term and no asserted tag."""
    tagged = {t.start for t in tags if t.status == "asserted"}
    untagged = [b for b in document.passages() if b.start not in tagged]
    return [b for b in untagged if any(not h.area for h in codebook.find(document.text, b.start, b.end))]
