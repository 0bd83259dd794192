"""Infix rules that make every actor whole tokens: as it comes, spaCy keeps "U.S.-Norway" as one token."""

from __future__ import annotations

from typing import Any, cast

from spacy.language import Language
from spacy.util import compile_infix_regex

#: A hyphen, dash or slash beside an abbreviation with points, and a slash between capitalised words ("ISIL/Da'esh").
#: Then signs with no space after them, as bad layout leaves them ("the Community.2", "the Union;RECALLING", 'the "Union",of',
#: "as follows:“In").
INFIXES = (
    r"(?<=[A-Z]\.)[-‐–—/](?=[A-Za-z])",
    r"(?<=[A-Za-z)])[-‐–—/](?=(?:[A-Z]\.){2})",
    r"(?<=[a-zA-Z])/(?=[A-Z])",
    r"(?<=[a-z])[.;](?=[A-Z\d(])",
    r"(?<=[A-Za-z])[\"”»)]+[,;.:](?=[A-Za-z\d(])",
    r"(?<=[A-Za-z])[,;:][“\"‘«(]+(?=[A-Za-z])",
)


def add_infixes(nlp: Language) -> Language:
    """Adds `INFIXES` to the tokenizer of `nlp` and gives `nlp` back; twice is once."""
    own = list(nlp.Defaults.infixes or ())
    tokenizer = cast(Any, nlp.tokenizer)
    tokenizer.infix_finditer = compile_infix_regex([*own, *INFIXES]).finditer
    return nlp
