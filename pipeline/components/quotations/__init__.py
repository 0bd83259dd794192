"""`pact_quotations`: who said what. Direct quotations by their marks, indirect ones by the verb and its clause.

A stretch between quotation marks is a quotation only if somebody says it: a verb of speech, a name and a colon, a line with a
name above or below, or a sentence about a person right before; else only a paragraph that is nothing but spoken words is one,
without a source. Scare quotes, titles and defined terms have none of these. The source is linked to the actors of
`doc.spans["actors"]`, or is a person whom no list knows; without that group and a parse the speaker stays empty.

Writes `doc.spans["quotations"]`: spans `content`, `cue` and `source` that share an `id_`; the group's `attrs[id_]` holds
`kind`, `speaker` and `rule`.
"""

from __future__ import annotations

from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.codebook.speech import DEFAULT, Cues
from pipeline.components.quotations.direct import direct, set_apart, unmarked
from pipeline.components.quotations.indirect import indirect
from pipeline.components.quotations.page import Found, Page, overlaps

GROUP = "quotations"
#: Fewer words in marks inside a clause of reported speech are no quotation of their own.
SHORT = 6


class Quotations:
    """Finds quotations. Holds only word lists, so it is the same after `to_disk`, `to_bytes` and pickling."""

    def __init__(self, cues: Cues) -> None:
        self.cues = cues

    def __call__(self, doc: Doc) -> Doc:
        """Finds and writes."""
        spans, attrs = [], {}
        for number, quotation in enumerate(self.find(doc)):
            name = f"q{number}"
            parts = {"content": (quotation.start, quotation.end), "cue": quotation.cue, "source": quotation.source}
            for label, extent in parts.items():
                span = extent and doc.char_span(*extent, label=label, span_id=name, alignment_mode="expand")
                if span:
                    spans.append(span)
            attrs[name] = {"kind": quotation.kind, "speaker": quotation.speaker, "rule": quotation.rule}
        doc.spans[GROUP] = spans
        doc.spans[GROUP].attrs.update(attrs)
        return doc

    def find(self, doc: Doc) -> list[Found]:
        """The quotations by start; the parts of an interrupted one are one each, with the same cue and source."""
        page = Page.of(doc, self.cues)
        for quotation in direct(page):
            page.found.append(quotation)
        page.found += list(set_apart(page))
        page.found += list(unmarked(page))
        # A clause may be cut to nothing: "…, noting that" at the end of a block.
        clauses = sorted((q for q in indirect(page) if q.start < q.end), key=lambda q: (q.start, -q.end))
        found = [q for q in page.found if not any(_is_part(page.text, q, whole) for whole in clauses)]
        for quotation in clauses:
            if not overlaps(quotation, found):
                found.append(quotation)
        return sorted(found, key=lambda q: (q.start, q.end))


def _is_part(text: str, quotation: Found, clause: Found) -> bool:
    """Whether a few words in marks only colour a clause that is quoted as a whole ("warned that it was “a back door”")."""
    around = any(c.isalnum() for c in text[clause.start : quotation.start])
    inside = quotation.cue == clause.cue and around and quotation.end <= clause.end
    return inside and clause.rule in ("clause", "participle") and len(text[quotation.start : quotation.end].split()) < SHORT


@Language.factory("pact_quotations", assigns=["doc.spans"], default_config={"cues": None})
def make_quotations(nlp: Language, name: str, cues: str | None) -> Quotations:
    """Makes the component; `cues` is the path of a file like `quotations.toml`, None for the one of the package."""
    return Quotations(Cues.load(Path(cues) if cues else DEFAULT))
