"""The stored text of documents through spaCy again, for the formats that need tokens.

Only what spaCy itself says is made anew: tokens, sentences, tags, lemmas, dependencies, with Pactscope's tokenizer rules,
sentence boundaries and mended words. Everything that Pactscope found comes from the tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.annotate import load_parser, stretches
from pipeline.records import Document
from pipeline.settings import Settings

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a document as a Doc.

    Attributes:
        start: offset of its first character in the document's text.
        analysed: False where it was only cut into tokens: other languages, and the line feeds between.
    """

    start: int
    doc: Doc
    analysed: bool


def parser(settings: Settings | None = None) -> Language:
    """The spaCy pipeline of the settings without the components whose finds the tables hold.

    Raises:
        SettingsError: the named spaCy pipeline is not installed.
    """
    return load_parser(settings or Settings())


def pieces(nlp: Language, document: Document, *, stretch_chars: int = 50_000) -> list[Piece]:
    """The whole text of a document as Docs, in order; `"".join(p.doc.text for p in pieces) == document.text`.

    Args:
        stretch_chars: longest text given to spaCy at once, in characters.
    """
    found: list[Piece] = []
    at = 0
    runs = stretches(document, stretch_chars)
    docs = nlp.pipe((_with_blocks(nlp, document, run) for run in runs), batch_size=2)
    for run, doc in zip(runs, docs, strict=True):
        found += _gap(nlp, document, at, run[0][0])
        found.append(Piece(run[0][0], doc, analysed=True))
        at = run[-1][1]
    return found + _gap(nlp, document, at, len(document.text))


def _with_blocks(nlp: Language, document: Document, run: list[tuple[int, int, int]]) -> Doc:
    """The stretch with its blocks, at which sentences begin."""
    from spacy.tokens import SpanGroup

    offset = run[0][0]
    doc = nlp.make_doc(document.text[offset : run[-1][1]])
    spans = [doc.char_span(start - offset, end - offset, alignment_mode="expand") for start, end, _ in run]
    doc.spans["blocks"] = SpanGroup(doc, name="blocks", spans=[span for span in spans if span is not None])
    return doc


def _gap(nlp: Language, document: Document, start: int, end: int) -> list[Piece]:
    """What lies between two stretches, one piece a block, so that no block shares a sentence with another."""
    edges = sorted({start, end} | {b.start for b in document.blocks if start < b.start < end})
    return [Piece(a, _one_sentence(nlp, document.text[a:b]), analysed=False) for a, b in pairwise(edges)]


def _one_sentence(nlp: Language, text: str) -> Doc:
    """Tokens alone; all hang on the first, since a Doc joined from parsed and unparsed ones has heads everywhere."""
    from spacy.tokens import Doc

    doc = nlp.make_doc(text)
    words, spaces = [token.text for token in doc], [bool(token.whitespace_) for token in doc]
    deps = ["ROOT"] + ["dep"] * (len(doc) - 1)
    return Doc(nlp.vocab, words=words, spaces=spaces, heads=[0] * len(doc), deps=deps)
