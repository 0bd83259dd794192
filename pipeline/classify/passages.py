"""What a decision about a passage rests on: its words, the words it stands under, and the codebook's terms in both."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.codebook.areas import Codebook
from pipeline.records import PASSAGE_KINDS, Annotations, Block, Document, TermHit


@dataclass(frozen=True, slots=True)
class Example:
    """A coded passage with its context, to train on.

    Attributes:
        areas: ids; empty for a passage with no area.
        group: what must not be split between training and testing, as a rule the document.
        origin: `official`, `written` or `own`.
        unsure: the coder's own doubt.
        source: hash of the document's file, or its name; empty if unknown.
        key: fingerprint of the passage's words, by which an override names it; empty if it has none.
    """

    text: str
    areas: tuple[str, ...]
    group: str
    heading: str = ""
    lead: str = ""
    title: str = ""
    kind: str = "paragraph"
    origin: str = "own"
    unsure: bool = False
    source: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage with what is known of its areas before any decision.

    Attributes:
        text: the words of the block.
        hits: the terms in the passage, by start.
        inherited: the terms of its heading and lead-in that count for it.
        context: heading and lead-in, one after the other.
        near: areas that the heading or the lead-in names at all, whether the passage is an instance of it or not.
        titled: areas that the document's title names.
    """

    block: Block
    text: str
    hits: tuple[TermHit, ...]
    inherited: tuple[TermHit, ...] = ()
    context: str = ""
    near: frozenset[str] = frozenset()
    titled: frozenset[str] = frozenset()


def passages(document: Document, annotations: Annotations, codebook: Codebook) -> Iterator[Passage]:
    """The passages of a document with their terms, in order."""
    hits = sorted(annotations.terms, key=lambda h: (h.start, h.end))
    starts = [h.start for h in hits]

    def inside(block: Block) -> tuple[TermHit, ...]:
        return tuple(hits[bisect_left(starts, block.start) : bisect_left(starts, block.end)])

    headings = Headings(codebook, document.metadata.text_of("title"))
    for block in document.blocks:
        if block.kind == "heading":
            headings.places[document.slice(block)] = block.start
        elif block.kind in PASSAGE_KINDS:
            heading = headings.above(block)
            lead_in = document.blocks[block.lead_in] if block.lead_in is not None else None
            lead = document.slice(lead_in) if lead_in else ""
            lead_hits = inside(lead_in) if lead_in else ()
            yield _passage(block, (document.slice(block), heading, lead), (inside(block), lead_hits), headings)


def of_example(example: Example, headings: Headings) -> Passage:
    """The passage of a training example, the same as if it were met in a document; offsets count in its text.

    Args:
        headings: of the codebook, shared by the examples so that a heading is searched once.
    """
    find = headings.codebook.find
    path = (example.heading,) if example.heading and example.heading != example.title else ()
    block = Block(0, len(example.text), example.kind, heading_path=path)
    own, of_lead = (
        tuple(TermHit(h.start, h.end, h.area, h.term.text, h.term.sub_area) for h in find(text))
        for text in (example.text, example.lead)
    )
    made = _passage(block, (example.text, headings.above(block), example.lead), (own, of_lead), headings)
    return replace(made, titled=headings.named(example.title))


def _passage(
    block: Block, words: tuple[str, str, str], terms: tuple[tuple[TermHit, ...], tuple[TermHit, ...]], headings: Headings
) -> Passage:
    """A passage from its text, heading and lead-in, and the terms of the text and of the lead-in."""
    text, heading, lead = words
    own, of_lead = terms
    shares = headings.codebook.headings.get(block.kind, {})
    inherited = headings.terms(heading, shares["heading"]) if heading and "heading" in shares else []
    if lead and "lead_in" in shares:
        inherited += naming(of_lead, len(lead), share=shares["lead_in"])
    near = headings.named(heading) | {h.area for h in of_lead if h.area}
    context = " \n ".join(part for part in (heading, lead) if part)
    return Passage(block, text, own, tuple(inherited), context, near, headings.named(headings.title))


class Headings:
    """The terms of headings, looked for by their words, because a ready-made passage names headings that stand in no block.

    Attributes:
        places: heading -> offset of where it was met last.
    """

    def __init__(self, codebook: Codebook, title: str = "") -> None:
        self.codebook = codebook
        self.title = title
        self.places: dict[str, int] = {}
        self._known: dict[str, list[TermHit]] = {}

    def above(self, block: Block) -> str:
        """The heading right above the block; the title is none, it says little of a single passage.

        On the 5,600 coded real passages 127 of 361 tags from titles alone are right: the classifier is told, terms are not.
        """
        heading = block.heading_path[-1] if block.heading_path else ""
        return "" if heading == self.title else heading

    def named(self, heading: str) -> frozenset[str]:
        """The areas that a heading or title names at all."""
        return frozenset(h.area for h in self.terms(heading, 0.0) if h.area)

    def terms(self, heading: str, share: float) -> list[TermHit]:
        """The terms of areas that make up at least `share` of a heading.

        A heading that stands nowhere in the text gives hits of no extent.
        """
        if heading not in self._known:
            found = self.codebook.find(heading)
            self._known[heading] = [TermHit(h.start, h.end, h.area, h.term.text, h.term.sub_area) for h in found]
        place = self.places.get(heading)
        hits = naming(self._known[heading], len(heading), share=share)
        if place is None:
            return [replace(h, start=0, end=0) for h in hits]
        return [replace(h, start=h.start + place, end=h.end + place) for h in hits]


def naming(hits: Sequence[TermHit], length: int, share: float) -> list[TermHit]:
    """Those hits whose area's terms make up at least `share` of the `length` characters in which they stand."""
    letters: Mapping[str, int] = {a: sum(h.end - h.start for h in hits if h.area == a) for a in {h.area for h in hits}}
    return [h for h in hits if letters[h.area] >= share * length]
