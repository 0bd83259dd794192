"""Passages -> tags: which areas a passage belongs to, how surely, and by which words.

With a model (`files.load`), a tag has a calibrated probability and is asserted or uncertain. Without one, the codebook's terms
alone decide: a term in the passage, or in the heading or lead-in that the passage is an instance of (`[headings]` of the
codebook).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from pipeline.classify.passages import Passage, passages
from pipeline.codebook.areas import Area, Codebook
from pipeline.records import Annotations, Block, Document, Extent, Tag, TermHit

if TYPE_CHECKING:
    from pipeline.classify.model import Model


def tag(document: Document, annotations: Annotations, codebook: Codebook, model: Model | None = None) -> list[Tag]:
    """The areas of every passage, by passage and then in the codebook's order; without a model by terms alone."""
    found = list(passages(document, annotations, codebook))
    if model is None:
        return [t for passage in found for t in by_terms(passage, codebook)]
    return list(_by_model(found, codebook, model))


def by_terms(passage: Passage, codebook: Codebook) -> list[Tag]:
    """One asserted tag for each area that has a term."""
    model_id = f"terms-{codebook.version}"
    return [_tag(passage, area, own, model_id=model_id) for area in codebook.areas if (own := _own(passage, area))]


def _by_model(found: Sequence[Passage], codebook: Codebook, model: Model) -> Iterator[Tag]:
    for passage, row in zip(found, model.predict(found), strict=True):
        for index, area in enumerate(codebook.areas):
            probability = float(row[index])
            if status := model.status(probability, index):
                own = _own(passage, area)
                plain = _tag(passage, area, own, model_id=model.model_id)
                evidence = plain.evidence or tuple(model.telling(passage, index) if not own else ())
                yield Tag(plain.start, plain.end, area.id, probability, evidence, model.model_id, status, plain.sub_areas)


def _own(passage: Passage, area: Area) -> list[TermHit]:
    return [h for h in (*passage.hits, *passage.inherited) if h.area == area.id]


def _tag(passage: Passage, area: Area, hits: Sequence[TermHit], *, model_id: str) -> Tag:
    return Tag(
        start=passage.block.start,
        end=passage.block.end,
        area=area.id,
        probability=1.0,
        evidence=tuple(Extent(h.start, h.end) for h in hits if h.end > h.start),
        model_id=model_id,
        sub_areas=tuple(s.id for s in area.sub_areas if any(h.sub_area == s.id for h in hits)),
    )


def residue(document: Document, annotations: Annotations, tags: Sequence[Tag]) -> list[Block]:
    """The passages about security or defence cooperation that carry no area: they have a residue term and no asserted tag."""
    tagged = {t.start for t in tags if t.status == "asserted"}
    places = sorted(h.start for h in annotations.terms if not h.area)
    untagged = [b for b in document.passages() if b.start not in tagged]
    return [b for b in untagged if bisect_left(places, b.start) < bisect_left(places, b.end)]
