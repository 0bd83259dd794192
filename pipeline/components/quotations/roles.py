"""Which person holds which office, by what the text says beside the name."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from spacy.tokens import Span

from pipeline.codebook.speech import Cues


def roles(mentions: Sequence[Span], attrs: Mapping[str, Any], cues: Cues, text: str) -> Iterator[tuple[int, str, str]]:
    """Offset, office in lower case, and actor id of every person who is named with an office.

    Args:
        mentions: the actors of the text, by place.
        attrs: the attributes of their group, with a `role` by the offset of the mention.
        text: the text of the Doc.
    """
    for m in mentions:
        role = str((attrs.get(str(m.start_char)) or {}).get("role", ""))
        if m.label_ == "person" and (role or (role := _titles_before(m.start_char, cues, text))):
            yield m.start_char, role.lower(), m.id_
    for m, person in itertools.pairwise(mentions):  # an office that is an actor itself: "the High Representative, Ada Varn"
        beside = person.label_ == "person" != m.label_ and text[m.end_char : person.start_char] in (", ", " ")
        if beside and cues.offices.search(m.text):
            yield person.start_char, m.text.lower(), person.id_


def _titles_before(name: int, cues: Cues, text: str) -> str:
    """The run of titles right before a name: "First Lady" of "First Lady Ada Varn"."""
    words = re.findall(r"\S+", text[max(name - 40, 0) : name])
    run = list(itertools.takewhile(lambda w: w.strip(".") in cues.titles, reversed(words)))
    return " ".join(reversed(run))
