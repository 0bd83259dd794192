"""`pact_quotations`: who said what. Direct quotations by their marks, indirect ones by the verb and its clause.

A stretch between quotation marks is a quotation only if somebody says it: a verb of speech, a name and a colon, a line with a
name above or below, or a sentence about a person right before; else only a paragraph that is nothing but spoken words is one,
without a source. Scare quotes, titles and defined terms have none of these. The source is linked to the actors of
`doc.spans["actors"]`, or is a person whom no list knows; without that group and a parse the speaker stays empty.

Writes `doc.spans["quotations"]`: spans `content`, `cue` and `source` that share an `id_`; the group's `attrs[id_]` holds
`kind`, `speaker` and `rule`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.codebook.speech import DEFAULT, Cues
from pipeline.components.quotations.direct import direct, set_apart, unmarked
from pipeline.components.quotations.indirect import indirect
from pipeline.components.quotations.page import Found, Page, overlaps
from pipeline.components.quotations.partial import partial

GROUP = "quotations"
#: So many words around those in marks make a clause of reported speech a quotation of its own.
AROUND = 3
_AND_THAT = re.compile(r"[\s,]*[”\"’»]*[\s,]*(?:and|but)\s+(?:also\s+)?that\s+")


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
        clauses = sorted((q for q in indirect(page) if _says_something(page.text, q)), key=lambda q: (q.start, -q.end))
        page.found += list(partial(page, clauses))
        found = list(page.found)
        for clause in clauses:
            quotation = _after_marks(page, clause)
            if not overlaps(quotation, (q for q in found if not _is_part(page.text, q, quotation))):
                found.append(quotation)
        return sorted(found, key=lambda q: (q.start, q.end))


def _says_something(text: str, clause: Found) -> bool:
    """A clause may be cut to nothing: "…, noting that" at the end of a block, "announced it is:" above a list."""
    words = text[clause.start : clause.end].split()
    return len(words) >= AROUND or (bool(words) and not text.startswith(":", clause.end))


def _after_marks(page: Page, clause: Found) -> Found:
    """A clause whose first words are a quotation starts after it: "said that “it is late,” and that the harbour was open"."""
    first = next((q for q in page.found if clause.start <= q.start <= clause.start + 2 and q.end < clause.end), None)
    more = _AND_THAT.match(page.text, first.end, clause.end) if first else None
    return replace(clause, start=more.end()) if more else clause


def _is_part(text: str, quotation: Found, clause: Found) -> bool:
    """Whether words in marks are only part of a clause that is quoted as a whole ("warned that it was “a back door”")."""
    inside = quotation.kind == "direct" and clause.start <= quotation.start and quotation.end <= clause.end + 1
    rest = text[clause.start : quotation.start] + " " + text[quotation.end : max(clause.end, quotation.end)]
    return inside and len(re.findall(r"\w+", rest)) >= AROUND


@Language.factory("pact_quotations", assigns=["doc.spans"], default_config={"cues": None})
def make_quotations(nlp: Language, name: str, cues: str | None) -> Quotations:
    """Makes the component; `cues` is the path of a file like `quotations.toml`, None for the one of the package."""
    return Quotations(Cues.load(Path(cues) if cues else DEFAULT))
