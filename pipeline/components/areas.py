"""`pact_areas`: finds the terms of the codebook and writes them to `doc.spans["areas"]`.

A span has the area's id as `label_`, the term as the codebook spells it as `id_` and the sub-area's id, or nothing, as
`kb_id_`; a term of two areas gives two spans, a term of the residue gives one without a label. Terms are looked for block by
block, so that a condition such as "in the same sentence" never looks across a paragraph.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc, Span

from pipeline.codebook.areas import Codebook, Hit, load_codebook

GROUP = "areas"


class AreaTerms:
    """Finds terms of a codebook. Holds nothing but the codebook, so it is the same after `to_disk`, `to_bytes` and pickling."""

    def __init__(self, codebook: Codebook) -> None:
        self.codebook = codebook

    def __call__(self, doc: Doc) -> Doc:
        """Finds and writes."""
        doc.spans[GROUP] = self.find(doc)
        return doc

    def find(self, doc: Doc) -> list[Span]:
        """The term spans by start; a term that ends inside a token takes the whole token."""
        text = doc.text
        hits = [h for start, end in _blocks(doc) for h in self.codebook.find(text, start, end)]
        spans = [_span(doc, hit) for hit in hits]
        return [s for s in spans if s is not None]


def _span(doc: Doc, hit: Hit) -> Span | None:
    sub_area = hit.term.sub_area if hit.area and hit.area == hit.term.areas[0] else ""
    return doc.char_span(hit.start, hit.end, label=hit.area, kb_id=sub_area, span_id=hit.term.text, alignment_mode="expand")


def _blocks(doc: Doc) -> Iterator[tuple[int, int]]:
    if "blocks" not in doc.spans or not len(doc.spans["blocks"]):
        yield 0, len(doc.text)
        return
    for block in doc.spans["blocks"]:
        yield block.start_char, block.end_char


@Language.factory("pact_areas", assigns=["doc.spans"], default_config={"codebook": None})
def make_area_terms(nlp: Language, name: str, codebook: str | None) -> AreaTerms:
    """Makes the component; `codebook` is the path of a codebook in TOML, None for the one that comes with the package."""
    return AreaTerms(load_codebook(Path(codebook) if codebook else None))
