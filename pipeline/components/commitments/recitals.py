"""Where a text only says why it was made: paragraphs and sentences that open with "Recalling", "Whereas", "Considering"."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from spacy.strings import get_string_id
from spacy.tokens import Doc, Token

from pipeline.components import clauses


def in_preamble(head: Token, words: frozenset[str]) -> bool:
    """Whether a cue stands under a participle that opens the sentence: "Considering that the Parties undertake to …".

    Args:
        head: the cue word.
        words: openers in lower case.
    """
    token = head
    for _ in range(12):
        joined = token.dep_ == "conj" and clauses.own_subject(token) is not None and token.tag_ != "VBG"
        if token.head == token or joined:
            break
        token = token.head
        if token.i < head.i and token.lower_ in words and opens(token):
            return True
    return False


def opens(token: Token) -> bool:
    """Whether only numbers, marks and adverbs stand before a token in its sentence."""
    before = token.doc[token.sent.start : token.i]
    if len(before) and before[-1].text in (";", ":"):
        return True
    return len(before) < 6 and all(not t.is_alpha or t.pos_ in ("ADV", "CCONJ", "X") for t in before)


def recitals(doc: Doc, words: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Token ranges of recitals: blocks that open with one of `words` and do not end as a sentence ("Recalling their …;"), and

    what follows such a word in capitals inside a sentence ("The Government of Arvenia, Considering that …").

    Args:
        words: openers in lower case ("whereas").
    """
    for block in doc.spans.get("blocks", []):
        first = next((t for t in block[:4] if t.is_alpha and len(t) > 1), None)
        if first is None or first.lower_ not in words:
            continue
        last = next((t for t in reversed(block[-3:]) if not t.is_space), first)
        if last.text in (",", ";", ":") or last.lower_ == "and":
            yield block.start, block.end
    titles = np.array([get_string_id(word.title()) for word in words], dtype="uint64")
    for i in np.flatnonzero(np.isin(doc.to_array("ORTH"), titles)).tolist():
        if i and doc[i - 1].text in (",", ";"):
            yield i, doc[i].sent.end
