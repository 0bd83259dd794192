"""Names that only modify a noun or say where something is: what the parse tells of a name."""

from __future__ import annotations

from typing import cast

from spacy.tokens import Doc, Span

MODIFIERS = frozenset({"compound", "amod", "nmod", "nummod"})
#: Prepositions that make a name a place.
PLACES = frozenset({"in", "throughout", "across", "near", "inside", "within", "at"})


def span_of(doc: Doc, start: int, end: int) -> Span:
    """The tokens that hold the characters `start` to `end`."""
    return cast(Span, doc.char_span(start, end, alignment_mode="expand"))


#: What a format or mission has, not what is named after it: its personnel names the actor.
BELONGINGS = frozenset({"presidency", "personnel", "facilities"})


def is_modifier(span: Span) -> bool:
    """Whether a name modifies a noun after it ("NATO summit", "U.S. and EU companies")."""
    token = span.root
    while token.dep_ == "conj":
        token = token.head
    return token.dep_ in MODIFIERS and token.head.i >= span.end


def is_place(span: Span) -> bool:
    """Whether a name says only where something is ("elections in Arvenia and Belmark")."""
    token = span.root
    while token.dep_ == "conj":
        token = token.head
    return token.dep_ == "pobj" and token.head.lower_ in PLACES


def is_owner(span: Span) -> bool:
    """Whether a name stands right before what it has ("G7 presidency", "EUCAP personnel")."""
    return span.root.head.lower_ in BELONGINGS and span.root.head.i == span.end
