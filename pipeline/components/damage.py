"""`pact_damage`: one token for a word that lost letters of a ligature, with the word as it should read for NORM (see
`ligatures`).

The text stays as it is. NORM is what the tagger and parser of the trained pipeline see first, so that "chal enging"
is analysed as "challenging"; LEMMA is set as well, because the lemmatiser goes by the text and keeps a lemma that
is there.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, SpanGroup

from pipeline.ligatures import find_damage, lemma_of


class Damage:
    """Merges the pieces of damaged words; runs before the tagger."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        """Merges every find into one token and sets its NORM and LEMMA."""
        finds = self.find(doc)
        if not finds:
            return doc
        places = _places(doc)
        with doc.retokenize() as retokenizer:
            for start, end, word in finds:
                span = doc.char_span(start, end)
                if span is not None:
                    retokenizer.merge(span, attrs={"NORM": word.lower(), "LEMMA": lemma_of(word)})
        _put_back(doc, places)
        return doc

    def find(self, doc: Doc) -> list[tuple[int, int, str]]:
        """Character offsets and mended words, as `ligatures.find_damage`; those that are whole tokens only."""
        return [find for find in find_damage(doc.text) if doc.char_span(find[0], find[1]) is not None]

    def to_bytes(self, **_: Any) -> bytes:
        """Nothing to save."""
        return b""

    def from_bytes(self, _: bytes, **__: Any) -> Damage:
        """The component as it is."""
        return self

    def to_disk(self, path: str | Path, **_: Any) -> None:
        """Nothing to save."""

    def from_disk(self, path: str | Path, **_: Any) -> Damage:
        """The component as it is."""
        return self


Place = tuple[int, int, str, str, str]  # start and end in characters, label_, id_, kb_id_


def _places(doc: Doc) -> dict[str, tuple[list[Place], dict[str, Any]]]:
    """The span groups by characters: the retokenizer leaves their token indices as they were."""
    return {
        name: ([(s.start_char, s.end_char, s.label_, s.id_, s.kb_id_) for s in group], group.attrs)
        for name, group in doc.spans.items()
    }


def _put_back(doc: Doc, places: dict[str, tuple[list[Place], dict[str, Any]]]) -> None:
    for name, (spans, attrs) in places.items():
        found = [
            doc.char_span(start, end, label=label, span_id=key, kb_id=kb_id, alignment_mode="expand")
            for start, end, label, key, kb_id in spans
        ]
        doc.spans[name] = SpanGroup(doc, name=name, spans=[s for s in found if s is not None], attrs=attrs)


@Language.factory("pact_damage", assigns=["token.norm", "token.lemma"], retokenizes=True)
def make_damage(nlp: Language, name: str) -> Damage:
    """The component; it stands first."""
    return Damage(name)
